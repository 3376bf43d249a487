//! The two error dialects, and the messages of the codes.

use crate::exchange::Response;
use crate::faults::Dialect;

/// A row: code, the status it mostly comes with, message.
type Row = (&'static str, u16, &'static str);

/// What the operations of this simulator answer with, and what a fault may be ordered by code.
pub(crate) const MESSAGES: &[Row] = &[
    ("100001", 500, "Internal server error."),
    ("100002", 401, "Invalid access token"),
    ("100003", 400, "Invalid verify code."),
    ("100007", 400, "Bad request message."),
    ("100025", 401, "AppId for auth not exist."),
    ("100203", 403, "The application is not existed."),
    ("100208", 401, "AppId or secret is not right."),
    ("100217", 403, "The application hasn't been authorized."),
    ("100247", 400, "Operation not allowed. The application has been frozen."),
    ("100403", 404, "The device is not existed."),
    ("100412", 500, "The amount of device has reached the limit."),
    ("100416", 400, "The device has already been binded."),
    ("100418", 404, "The deviceData is not existed."),
    ("100426", 400, "The nodeId is duplicated."),
    ("100428", 200, "The device is not online."),
    ("100431", 200, "The serviceType is not exist."),
    ("100432", 200, "The device command is muted."),
    ("100441", 500, "The amount of nonSecure device has reached the limit."),
    ("100449", 400, "The device is freezed cant operate."),
    ("100610", 400, "Device is not active."),
    ("100611", 400, "Device is online."),
    ("102202", 400, "Required Parameter is null or empty."),
    ("103026", 500, "The license is not exist."),
    ("103027", 200, ""),
    ("103028", 200, "The license pool resources."),
    ("50252", 500, "Internal server error."),
    ("50400", 400, "The input is invalid."),
    ("600002", 403, "The product not existed."),
    ("1010005", 403, "Invalid access token or appId."),
    ("1010009", 403, "app throttle exceed."),
];

fn row(code: &str) -> Option<&'static Row> {
    MESSAGES.iter().find(|(known, ..)| *known == code)
}

/// The message of a code, empty for an unknown one.
pub(crate) fn message(code: &str) -> &'static str {
    row(code).map_or("", |(_, _, message)| message)
}

/// The status a code mostly comes with.
pub(crate) fn usual_status(code: &str) -> u16 {
    row(code).map_or(400, |(_, status, _)| *status)
}

/// The layer that a code belongs to.
pub(crate) fn dialect(code: &str) -> Dialect {
    match code {
        "1010005" | "1010009" => Dialect::Gateway,
        _ => Dialect::Application,
    }
}

/// An application error with the code's usual status.
pub(crate) fn refusal(code: &str) -> Response {
    application(usual_status(code), code, message(code))
}

/// Compact JSON, the code a string.
pub(crate) fn application(status: u16, code: &str, message: &str) -> Response {
    let body = format!(r#"{{"error_code":{},"error_desc":{}}}"#, text(code), text(message));
    Response::json(status, body)
}

/// CRLF line ends and four blanks, the code a string.
pub(crate) fn gateway(status: u16, content_type: &str, code: &str, message: &str) -> Response {
    let body = format!(
        "{{\r\n    \"resultcode\":{},\r\n    \"resultmsg\":{}\r\n}}",
        text(code),
        text(message)
    );
    Response::new(status, content_type, body)
}

/// A JSON string literal.
pub(crate) fn text(value: &str) -> String {
    serde_json::Value::from(value).to_string()
}
