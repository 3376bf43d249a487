//! The codes with their statuses and messages, and how an answer looks in JSON and XML.

use serde_json::{Map, Value, json};

use super::Operation;
use super::settings::{FullStop, Hints, Settings};
use crate::exchange::{Format, Response};

/// A row: code, the status it mostly comes with, message.
type Row = (&'static str, u16, &'static str);

#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("ApplyTokenOverFlow", 400, "You have applied for tokens too many times. Please try again later."),
    ("QueryTokenOverFlow", 400, "You have queried tokens too many times. Please try again later."),
    ("RevokeTokenOverFlow", 400, "You have revoked tokens too many times. Please try again later."),
    ("CheckAccountInfoFailed", 400, "An error occurred while checking the account information by the STS token."),
    ("InstancePermissionCheckFailed", 400, "An error occurred while validating the permissions of the instance. Please verify the account that created the instance and its permissions settings."),
    ("ParameterCheckFailed", 400, "An error occurred while validating the parameters. The parameters may be missing or invalid."),
    ("PermissionCheckFailed", 400, "An error occurred while validating the resource permissions. Please check the account that created the instance, topic, and GroupId, and check their permission settings."),
    ("DeviceCredentialNumExceed", 400, "The number of device credentia exceeds the limit. Please revoke unused device certificates"),
    ("DeviceCredentialExsit", 400, "Device Credential Exsit"),
    ("DeviceCredentialNotFound", 400, "Device Credential Not Found. Check if the device certificate is registered"),
    ("ApiNotSupport", 404, "The specified API is not supported."),
    ("InternalError", 500, "An error occurred while processing your request. Try again later."),
    ("SystemOverFlow", 500, "An error occurred while processing your request. Please try again."),
    ("InvalidTimeStamp.Expired", 400, "Specified time stamp or date value is expired."),
    ("InvalidTimeStamp.Format", 400, "Specified time stamp or date value is not well formatted."),
    ("InvalidAccessKeyId.NotFound", 404, "Specified access key is not found."),
    ("SignatureDoesNotMatch", 400, "Specified signature is not matched with our calculation."),
    ("SignatureNonceUsed", 400, "Specified signature nonce was used already."),
    ("InvalidSecurityToken.Expired", 403, "Specified SecurityToken is expired."),
    ("UnsupportedHTTPMethod", 400, "This http method is not supported."),
    ("Throttling", 429, "Request was denied due to request throttling."),
    ("Throttling.User", 429, "Request was denied due to user flow control."),
    ("Throttling.Api", 429, "Request was denied due to api flow control."),
    ("ServiceUnavailable", 503, "The request has failed due to a temporary failure of the server."),
];

const INVALID_PARAMETER: &str = "An error occurred while validating the parameter. \
                                 The parameter may be missing or invalid.";

/// A refusal before it becomes an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: String,
    pub(crate) status: u16,
    pub(crate) message: String,
    pub(crate) retry_after_ms: Option<u64>,
}

impl Refusal {
    /// The code as documented, under these settings.
    pub(crate) fn new(settings: &Settings, operation: Option<Operation>, code: &str) -> Self {
        let row = ROWS.iter().find(|(known, ..)| *known == code);
        let status = match code {
            "SignatureDoesNotMatch" => settings.mismatch_status,
            "SignatureNonceUsed" => settings.nonce_status,
            _ if code.starts_with("Throttling") => settings.throttling_status,
            _ => row.map_or(400, |(_, status, _)| *status),
        };
        let message = match row {
            Some(("DeviceCredentialNotFound", _, message)) => {
                let stop = match settings.not_found_full_stop {
                    FullStop::PerOperation => {
                        operation != Some(Operation::RegisterDeviceCredential)
                    }
                    FullStop::Always => true,
                    FullStop::Never => false,
                };
                if stop { format!("{message}.") } else { (*message).to_owned() }
            }
            Some((_, _, message)) => (*message).to_owned(),
            None if code.starts_with("InvalidParameter.") => INVALID_PARAMETER.to_owned(),
            None => code
                .strip_prefix("Missing")
                .map(|name| format!("{name} is mandatory for this action."))
                .unwrap_or_default(),
        };
        let waits = code.starts_with("Throttling") || code.ends_with("OverFlow");
        let retry_after_ms = waits.then_some(1000);
        Self { code: code.to_owned(), status, message, retry_after_ms }
    }
}

/// What each answer to a call has in common.
#[derive(Debug, Clone)]
pub(crate) struct Envelope {
    pub(crate) request_id: String,
    pub(crate) host: String,
    pub(crate) format: Format,
    pub(crate) operation: Option<Operation>,
}

impl Envelope {
    pub(crate) fn success(&self, members: Map<String, Value>) -> Response {
        let mut body = Map::from_iter([("RequestId".to_owned(), json!(self.request_id))]);
        body.extend(members);
        let root = self.operation.map_or("Response", Operation::action);
        self.answer(200, &format!("{root}Response"), &body)
    }

    pub(crate) fn refusal(&self, hints: Hints, refusal: &Refusal) -> Response {
        let Refusal { code, status, message, retry_after_ms } = refusal;
        let id = &self.request_id;
        let mut body = Map::new();
        body.insert("RequestId".to_owned(), json!(id));
        body.insert("HostId".to_owned(), json!(self.host));
        body.insert("Code".to_owned(), json!(code));
        body.insert("Message".to_owned(), json!(message));
        if self.format == Format::Json {
            let link = format!(
                "https://api.aliyun.com/troubleshoot?q={code}&product=OnsMqtt&requestId={id}"
            );
            body.insert("Recommend".to_owned(), json!(link));
        }
        let mut response = self.answer(*status, "Error", &body);
        if let Some(ms) = retry_after_ms {
            let ratelimit = format!("Limit:1,Remain:0,TimeLeft:{ms},Reset:{ms}");
            for (name, value, wanted) in [
                ("x-acs-retry-after", ms.to_string(), [Hints::Both, Hints::RetryAfter]),
                ("x-ratelimit-user-api", ratelimit, [Hints::Both, Hints::Ratelimit]),
            ] {
                if wanted.contains(&hints) {
                    response.headers.push((name.to_owned(), value));
                }
            }
        }
        response
    }

    fn answer(&self, status: u16, root: &str, body: &Map<String, Value>) -> Response {
        let mut response = match self.format {
            Format::Json => {
                let body = Value::Object(body.clone()).to_string();
                Response::new(status, "application/json;charset=utf-8", body)
            }
            Format::Xml => {
                let body =
                    format!("<?xml version='1.0' encoding='UTF-8'?><{root}>{}</{root}>", xml(body));
                Response::new(status, "text/xml;charset=utf-8", body)
            }
        };
        response.headers.push(("x-acs-request-id".to_owned(), self.request_id.clone()));
        response
    }
}

/// A list is its element repeated.
fn xml(members: &Map<String, Value>) -> String {
    let element = |name: &str, value: &Value| {
        let inner = match value {
            Value::Object(members) => xml(members),
            Value::String(text) => escape(text),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => value.to_string(),
        };
        format!("<{name}>{inner}</{name}>")
    };
    let text = members.iter().map(|(name, value)| match value {
        Value::Array(items) => items.iter().map(|item| element(name, item)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            element(name, value)
        }
    });
    text.collect()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
