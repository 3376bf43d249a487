//! What the methods of the client class share.

use std::pin::Pin;
use std::rc::Rc;

use futures_util::future::{Either, select};
use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

use crate::aliyun::{Credentials, OnsMqttConfig};
use crate::error::Failure;
use crate::fields::{Fields, Problem};
use crate::huawei::ClientInfo;
use crate::huawei::authentication::AuthOutDto;
use crate::js::convert::{fields, optional_fields, result};
use crate::js::error::to_js;
use crate::js::fetch::{Fetch, Keys};
use crate::json::Json;
use crate::operation::{Card, Output};
use crate::options::{CallOptions, ClientOptions, Throttling};
use crate::session::throttle::ThrottleOptions;
use crate::transport::north_api::NorthApi;
use crate::transport::ons_mqtt::OnsMqtt;
use crate::transport::{Line, Task};

/// Calls the northbound API: `NorthApiClient` of the public types, behind the checks of `api.js`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct NorthApiClient {
    client: Rc<NorthApi<Fetch>>,
}

#[wasm_bindgen]
impl NorthApiClient {
    /// A client without a token.
    #[wasm_bindgen(constructor)]
    pub fn new(
        client_info: JsValue,
        options: JsValue,
        page_origin: Option<String>,
        fetch: Option<Function>,
        on_event: Option<Function>,
        ask_store: Option<Function>,
        store_counts: bool,
    ) -> Result<Self, JsValue> {
        let read = || -> Result<_, Problem> {
            let options = optional_fields("options", options)?;
            let options = ClientOptions::read(options, page_origin)?;
            let info = ClientInfo::read(fields("clientInfo", client_info)?, &options.surroundings)?;
            Ok((info, options))
        };
        let (info, options) =
            read().map_err(|problem| to_js(&Failure::new("NorthApiClient", 0, problem.into())))?;
        let host = Fetch::new(fetch, on_event).sharing(ask_store, store_counts);
        let line = line(&options, host, CALLS_OF_NORTH_API);
        let lifetime = options.refresh_token_lifetime_ms;
        Ok(Self { client: Rc::new(NorthApi::new(line, info, lifetime)) })
    }
}

/// Calls ApsaraMQ for MQTT: `OnsMqttClient` of the public types, behind the checks of `api.js`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct OnsMqttClient {
    client: Rc<OnsMqtt<Fetch, Keys>>,
}

#[wasm_bindgen]
impl OnsMqttClient {
    /// A client. `ask` gives credentials where they are not fixed.
    #[wasm_bindgen(constructor)]
    pub fn new(
        config: JsValue,
        options: JsValue,
        page_origin: Option<String>,
        fetch: Option<Function>,
        on_event: Option<Function>,
        ask: Option<Function>,
    ) -> Result<Self, JsValue> {
        let read = || -> Result<_, Problem> {
            let options = optional_fields("options", options)?;
            let options = ClientOptions::read_for_mqtt(options, page_origin)?;
            let mut config = fields("config", config)?;
            let keys = match ask {
                Some(ask) => Keys::Asked(ask),
                None => Keys::Fixed(fixed_credentials(&mut config)?),
            };
            Ok((OnsMqttConfig::read(config, &options.surroundings)?, keys, options))
        };
        let (config, keys, options) =
            read().map_err(|problem| to_js(&Failure::new("OnsMqttClient", 0, problem.into())))?;
        let line = line(&options, Fetch::new(fetch, on_event), CALLS_OF_ONS_MQTT);
        let mut client = OnsMqtt::new(line, config, keys);
        if options.throttle == Throttling::Default {
            client = client.throttled_revoking(ThrottleOptions::new(5, 1_000.0));
        }
        Ok(Self { client: Rc::new(client) })
    }
}

impl OnsMqttClient {
    /// Runs an operation. `aborted` settles when the caller aborts.
    pub(crate) fn call(
        &self,
        card: Card,
        input: JsValue,
        options: JsValue,
        aborted: Option<Promise>,
    ) -> Promise {
        let read = || -> Result<Task, Problem> {
            let mut input = fields("input", input)?;
            let draft = (card.draft)(&mut input)?;
            input.close()?;
            let options = optional_fields("options", options)?;
            let mut task = Task::new(draft, card.answer);
            task.timeout_ms = CallOptions::read_for_token(options, false)?.timeout_ms;
            Ok(task)
        };
        let work = read().map(|task| -> Work { Box::pin(Rc::clone(&self.client).run(task)) });
        promise(card.endpoint.operation, work, aborted, card.answer.secrets)
    }
}

/// Reads credentials that never change out of a configuration.
pub(crate) fn fixed_credentials(config: &mut Fields) -> Result<Credentials, Problem> {
    let member = config.member("credentials");
    let missing = member.problem("is missing, expected an object or a function");
    let credentials = member.maybe_object()?.ok_or(missing)?;
    Credentials::read(Fields::of("config.credentials", credentials)?)
}

/// Calls that the northbound API allows by default, and in how many milliseconds.
const CALLS_OF_NORTH_API: (u32, f64) = (100, 60_000.0);

/// The same of ApsaraMQ for MQTT, but for `revokeToken`: 5.
const CALLS_OF_ONS_MQTT: (u32, f64) = (100, 1_000.0);

fn line(options: &ClientOptions, host: Fetch, (calls, per_ms): (u32, f64)) -> Line<Fetch> {
    let line = Line::new(host, options.timeout_ms, options.retry);
    match options.throttle.or(ThrottleOptions::new(calls, per_ms)) {
        Some(throttle) => line.throttled(throttle),
        None => line,
    }
}

/// What a method runs.
pub(crate) type Work = Pin<Box<dyn Future<Output = Result<Json, Failure>>>>;

impl NorthApiClient {
    /// Runs an operation. `aborted` settles when the caller aborts.
    pub(crate) fn call(
        &self,
        card: Card,
        input: JsValue,
        options: JsValue,
        aborted: Option<Promise>,
    ) -> Promise {
        let work = read_task(card, input, options)
            .map(|task| -> Work { Box::pin(Rc::clone(&self.client).run(task)) });
        promise(card.endpoint.operation, work, aborted, card.answer.secrets)
    }

    /// Runs a login or a renewal.
    pub(crate) fn call_for_token(
        &self,
        operation: &'static str,
        options: Result<CallOptions, Problem>,
        aborted: Option<Promise>,
        work: impl FnOnce(Rc<NorthApi<Fetch>>, CallOptions) -> Work,
    ) -> Promise {
        let work = options.map(|options| work(Rc::clone(&self.client), options));
        promise(operation, work, aborted, AuthOutDto::SECRETS)
    }
}

fn read_task(card: Card, input: JsValue, options: JsValue) -> Result<Task, Problem> {
    let mut input = fields("input", input)?;
    let draft = (card.draft)(&mut input)?;
    input.close()?;
    let options = CallOptions::read(optional_fields("options", options)?)?;
    let mut task = Task::new(draft.query("appId", options.app_id.as_deref()), card.answer);
    task.token = options.access_token;
    task.timeout_ms = options.timeout_ms;
    Ok(task)
}

/// Runs `work` until it ends or the caller aborts, in which case the promise rejects with nothing:
/// `api.js` puts the signal's reason there.
fn promise(
    operation: &'static str,
    work: Result<Work, Problem>,
    aborted: Option<Promise>,
    secrets: &'static [&'static str],
) -> Promise {
    future_to_promise(async move {
        let work = match work {
            Ok(work) => work,
            Err(problem) => return Err(to_js(&Failure::new(operation, 0, problem.into()))),
        };
        let outcome = match aborted {
            None => work.await,
            Some(aborted) => match select(work, JsFuture::from(aborted)).await {
                Either::Left((outcome, _)) => outcome,
                Either::Right(_) => return Err(JsValue::UNDEFINED),
            },
        };
        match outcome {
            Ok(json) => Ok(result(&json, secrets)),
            Err(failure) => Err(to_js(&failure)),
        }
    })
}
