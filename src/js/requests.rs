//! The class without I/O, and the reader of answers that its requests carry.

use wasm_bindgen::prelude::*;

use crate::address::Surroundings;
use crate::error::{Failure, catalogue::Entry};
use crate::fields::Problem;
use crate::huawei::errors::ERRORS;
use crate::huawei::{self, ClientInfo};
use crate::js::convert::{Answer, fields, optional_fields, response, result, secret_texts, text};
use crate::js::error::to_js;
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
            let mut options = optional_fields("options", options)?;
            let insecure = options.member("allowInsecureHttp").maybe_boolean()?;
            options.close()?;
            let surroundings = Surroundings::new(page_origin, insecure.unwrap_or(false));
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
    let Some((operation, how)) = huawei::answer_of(operation) else {
        return Ok(JsValue::UNDEFINED);
    };
    let secrets: Vec<Secret> = secrets.into_iter().map(Secret::new).collect();
    match huawei::decode(operation, &response(answer), &secrets, how.expected, how.read) {
        Ok(json) => Ok(result(&json, how.secrets)),
        Err(error) => Err(to_js(&Failure::new(operation, 0, error))),
    }
}

/// The catalogue as JSON.
#[wasm_bindgen(js_name = catalogueText)]
pub fn catalogue_text() -> String {
    let entries = ERRORS.iter().map(|entry| entry_json("huawei-northbound", entry)).collect();
    text(&Json::List(entries))
}

fn entry_json(platform: &'static str, entry: &Entry) -> Json {
    let operations = entry.operations.iter().map(|operation| Json::from(*operation)).collect();
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
