//! The class without I/O, and the reader of answers that its requests carry.

use wasm_bindgen::prelude::*;

use crate::address::Surroundings;
use crate::aliyun::{self, Credentials, OnsMqttConfig, mqtt_login};
use crate::error::{Failure, catalogue::Entry};
use crate::fields::{Fields, Problem};
use crate::huawei::errors::ERRORS;
use crate::huawei::{self, ClientInfo, header_text};
use crate::js::client::fixed_credentials;
use crate::js::convert::{Answer, fields, optional_fields, response, result, secret_texts, text};
use crate::js::error::to_js;
use crate::js::fetch::stamp;
use crate::json::Json;
use crate::operation::Card;
use crate::options::CallOptions;
use crate::request::{Draft, Request};
use crate::types::Secret;

#[wasm_bindgen(module = "/src/js/host.js")]
extern "C" {
    #[wasm_bindgen(js_name = makePrepared)]
    fn make_prepared(text: &str, secrets: Vec<String>) -> JsValue;
}

/// Prepares requests: `NorthApiRequests` of the public types, behind the checks of `api.js`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct NorthApiRequests {
    info: ClientInfo,
}

#[wasm_bindgen]
impl NorthApiRequests {
    /// Requests of one application.
    #[wasm_bindgen(constructor)]
    pub fn new(
        client_info: JsValue,
        options: JsValue,
        page_origin: Option<String>,
    ) -> Result<Self, JsValue> {
        let read = || -> Result<ClientInfo, Problem> {
            let surroundings = surroundings(options, page_origin)?;
            ClientInfo::read(fields("clientInfo", client_info)?, &surroundings)
        };
        match read() {
            Ok(info) => Ok(Self { info }),
            Err(problem) => Err(refused("NorthApiRequests", problem)),
        }
    }
}

impl NorthApiRequests {
    /// Prepares a request of an operation on a device.
    pub(crate) fn prepare(
        &self,
        card: Card,
        input: JsValue,
        options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let read = || -> Result<(Draft, CallOptions), Problem> {
            let mut input = fields("input", input)?;
            let draft = (card.draft)(&mut input)?;
            input.close()?;
            let options = CallOptions::read_for_request(fields("options", options)?)?;
            Ok((draft.query("appId", options.app_id.as_deref()), options))
        };
        self.prepared(card.endpoint.operation, read())
    }

    /// Prepares a login or a renewal.
    pub(crate) fn prepare_for_token(
        &self,
        operation: &'static str,
        draft: impl FnOnce(&ClientInfo) -> Result<Draft, Problem>,
    ) -> Result<JsValue, JsValue> {
        let draft = draft(&self.info);
        self.prepared(operation, draft.map(|draft| (draft, CallOptions::default())))
    }

    fn prepared(
        &self,
        operation: &'static str,
        draft: Result<(Draft, CallOptions), Problem>,
    ) -> Result<JsValue, JsValue> {
        let (draft, options) = draft.map_err(|problem| refused(operation, problem))?;
        let request = self.info.request(draft, options.access_token.as_ref());
        let secrets = secret_texts(&request.secrets);
        Ok(make_prepared(&text(&members(request)), secrets))
    }
}

/// Prepares requests: `OnsMqttRequests` of the public types, behind the checks of `api.js`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct OnsMqttRequests {
    config: OnsMqttConfig,
    credentials: Credentials,
}

#[wasm_bindgen]
impl OnsMqttRequests {
    /// Requests of one account.
    #[wasm_bindgen(constructor)]
    pub fn new(
        config: JsValue,
        options: JsValue,
        page_origin: Option<String>,
    ) -> Result<Self, JsValue> {
        let read = || -> Result<Self, Problem> {
            let surroundings = surroundings(options, page_origin)?;
            let mut config = fields("config", config)?;
            let credentials = fixed_credentials(&mut config)?;
            Ok(Self { config: OnsMqttConfig::read(config, &surroundings)?, credentials })
        };
        read().map_err(|problem| refused("OnsMqttRequests", problem))
    }
}

impl OnsMqttRequests {
    /// Prepares a request, signed with the nonce and the date of `signing` or of this moment.
    pub(crate) fn prepare(
        &self,
        card: Card,
        input: JsValue,
        signing: JsValue,
    ) -> Result<JsValue, JsValue> {
        let read = || -> Result<Request, Problem> {
            let mut input = fields("input", input)?;
            let draft = (card.draft)(&mut input)?;
            input.close()?;
            let mut signing = optional_fields("signing", signing)?;
            let nonce = signing.member("nonce");
            let nonce = if nonce.is_present() { Some(header_text(nonce, 256)?) } else { None };
            let date = signing.member("date");
            let no_date = date.problem("is no moment, expected milliseconds since 1970 or a Date");
            let date = match date.json() {
                None => None,
                Some(Json::Number(date)) if date >= 0.0 => Some(date),
                Some(_) => return Err(no_date),
            };
            signing.close()?;
            Ok(self.config.request(&draft, &self.credentials, &stamp(nonce, date)))
        };
        let request = read().map_err(|problem| refused(card.endpoint.operation, problem))?;
        let secrets = secret_texts(&request.secrets);
        Ok(make_prepared(&text(&members(request)), secrets))
    }
}

fn surroundings(options: JsValue, page_origin: Option<String>) -> Result<Surroundings, Problem> {
    let mut options = optional_fields("options", options)?;
    let insecure = options.member("allowInsecureHttp").maybe_boolean()?;
    options.close()?;
    Ok(Surroundings::new(page_origin, insecure.unwrap_or(false)))
}

fn refused(operation: &'static str, problem: Problem) -> JsValue {
    to_js(&Failure::new(operation, 0, problem.into()))
}

fn members(request: Request) -> Json {
    let headers: Vec<String> =
        request.headers.into_iter().map(|(name, value)| [name, ": ", &value].concat()).collect();
    Json::object([
        ("operation", Some(request.operation.into())),
        ("method", Some(request.method.as_str().into())),
        ("url", Some(request.url.into())),
        ("headers", Some(headers.join("\n").into())),
        ("body", request.body.map(Json::from)),
    ])
}

/// Reads the answer to a prepared request. A free function: the request holds no WebAssembly memory.
#[wasm_bindgen(js_name = decodeAnswer)]
pub fn decode_answer(
    operation: &str,
    answer: &Answer,
    secrets: Vec<String>,
) -> Result<JsValue, JsValue> {
    let secrets: Vec<Secret> = secrets.into_iter().map(Secret::new).collect();
    let response = response(answer);
    let (operation, masked, result_or_error) =
        if let Some((name, how)) = huawei::answer_of(operation) {
            let result = huawei::decode(name, &response, &secrets, how.expected, how.read);
            (name, how.secrets, result)
        } else if let Some((name, how)) = aliyun::answer_of(operation) {
            let result = aliyun::decode(name, &response, &secrets, how.expected, how.read);
            (name, how.secrets, result)
        } else {
            return Ok(JsValue::UNDEFINED);
        };
    match result_or_error {
        Ok(json) => Ok(result(&json, masked)),
        Err(error) => Err(to_js(&Failure::new(operation, 0, error))),
    }
}

/// The MQTT login of a device with a credential of its own.
#[wasm_bindgen(js_name = mqttDeviceLogin)]
pub fn mqtt_device_login(input: JsValue) -> Result<JsValue, JsValue> {
    mqtt_login("mqttDeviceLogin", input, mqtt_login::device)
}

/// The MQTT login with the account's own key.
#[wasm_bindgen(js_name = mqttSignatureLogin)]
pub fn mqtt_signature_login(input: JsValue) -> Result<JsValue, JsValue> {
    mqtt_login("mqttSignatureLogin", input, mqtt_login::signature)
}

/// The MQTT login with tokens.
#[wasm_bindgen(js_name = mqttTokenLogin)]
pub fn mqtt_token_login(input: JsValue) -> Result<JsValue, JsValue> {
    mqtt_login("mqttTokenLogin", input, mqtt_login::token)
}

/// Further members are ignored, so that a credential may be passed whole.
fn mqtt_login(
    operation: &'static str,
    input: JsValue,
    login: fn(&mut Fields) -> Result<Json, Problem>,
) -> Result<JsValue, JsValue> {
    fields("input", input)
        .and_then(|mut input| login(&mut input))
        .map(|json| result(&json, mqtt_login::SECRETS))
        .map_err(|problem| refused(operation, problem))
}

/// The catalogue as JSON.
#[wasm_bindgen(js_name = catalogueText)]
pub fn catalogue_text() -> String {
    let huawei = ERRORS.iter().map(|entry| entry_json("huawei-northbound", entry));
    let aliyun = aliyun::errors::ERRORS.iter().map(|entry| entry_json("aliyun-onsmqtt", entry));
    text(&Json::List(huawei.chain(aliyun).collect()))
}

fn entry_json(platform: &'static str, entry: &Entry) -> Json {
    let operations = entry.operations().map(Json::from).collect();
    Json::object([
        ("platform", Some(platform.into())),
        ("operations", Some(Json::List(operations))),
        ("status", Some(f64::from(entry.status).into())),
        ("code", Some(entry.code.into())),
        ("message", Some(entry.message.into())),
        ("meaning", Some(entry.meaning.into())),
        ("remedy", Some(entry.remedy.into())),
        ("action", Some(entry.action.as_str().into())),
        ("retryable", Some(entry.retryable.into())),
    ])
}
