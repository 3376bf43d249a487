//! Our errors as JavaScript's.

use wasm_bindgen::prelude::*;

use crate::error::{Error, FailedCall, Failure};
use crate::js::convert::text;
use crate::json::Json;

#[wasm_bindgen(module = "/src/js/errors.js")]
extern "C" {
    #[wasm_bindgen(js_name = makeError)]
    fn make_error(text: &str, cause: &JsValue) -> JsValue;
}

/// A failure as an instance of its JavaScript class.
pub fn to_js(failure: &Failure) -> JsValue {
    let FailedCall { operation, attempts, error, .. } = &**failure;
    let mut members = vec![
        ("kind", Json::from(error.kind())),
        ("message", failure.message().into()),
        ("operation", (*operation).into()),
        ("retryable", failure.retryable().into()),
        ("attempts", (*attempts).into()),
    ];
    let mut cause = JsValue::UNDEFINED;
    match error {
        Error::Credentials(thrown) => {
            members.push(("argument", "config.credentials".into()));
            cause = thrown.get::<JsValue>().cloned().unwrap_or(JsValue::UNDEFINED);
        }
        Error::Decode(unreadable) => {
            members.push(("status", f64::from(unreadable.status).into()));
            members.push(("excerpt", unreadable.excerpt.as_str().into()));
        }
        Error::Internal(_) => {}
        Error::InvalidArgument(problem) => {
            members.push(("argument", problem.member.as_str().into()));
        }
        Error::Network(thrown) => {
            cause = thrown.get::<JsValue>().cloned().unwrap_or(JsValue::UNDEFINED);
        }
        Error::Platform(refusal) => {
            members.push(("status", f64::from(refusal.status).into()));
            members.push(("code", refusal.code.as_str().into()));
            members.push(("description", refusal.description.as_str().into()));
            members.push(("meaning", refusal.meaning().into()));
            members.push(("remedy", refusal.remedy().into()));
            members.push(("action", refusal.action().as_str().into()));
            let request_id = refusal.request_id.as_deref().map(Json::from);
            members.extend(request_id.map(|id| ("requestId", id)));
            members.extend(refusal.retry_after_ms.map(|wait| ("retryAfterMs", wait.into())));
        }
        Error::Timeout { timeout_ms } => members.push(("timeoutMs", (*timeout_ms).into())),
    }
    let members = members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    make_error(&text(&Json::Object(members)), &cause)
}
