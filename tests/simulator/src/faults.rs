//! Misbehaviour to order: what becomes of the answer; `orders` says which call it meets.
//!
//! Nothing here knows a platform; an error to order is worded by the platform that is called.

pub(crate) mod orders;

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::exchange::{Format, Response};

/// Which layer of a platform words an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Dialect {
    Application,
    Gateway,
}

/// An error of the platform; what is absent is as documented for the code.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ErrorOrder {
    pub(crate) code: String,
    pub(crate) status: Option<u16>,
    pub(crate) message: Option<String>,
    pub(crate) dialect: Option<Dialect>,
    /// Of a platform that has two.
    pub(crate) format: Option<Format>,
    /// A hint how long to wait, of a platform that gives one.
    #[serde(rename = "retryAfterMs")]
    pub(crate) retry_after_ms: Option<u64>,
}

/// What goes wrong.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(crate) enum Kind {
    /// This answer, whatever was asked.
    Answer {
        #[serde(default = "ok")]
        status: u16,
        #[serde(default)]
        headers: BTreeMap<String, String>,
        #[serde(default)]
        body: String,
        body_base64: Option<String>,
    },
    /// An error of the platform.
    Error(ErrorOrder),
    /// A page of somebody in between.
    Html {
        #[serde(default = "bad_gateway")]
        status: u16,
    },
    /// Sends the caller elsewhere.
    Redirect {
        location: String,
        #[serde(default = "found")]
        status: u16,
    },
    /// Acts; half of the declared body, then the end of the connection.
    Cut,
    /// Acts; a whole HTTP answer with half of the JSON.
    CutJson,
    /// The connection ends without an answer, and nothing was done.
    Reset,
    /// Nothing for a time, then the end of the connection; nothing was done.
    Silence {
        #[serde(default = "ten_minutes")]
        ms: u64,
    },
    /// A pause, then all is as usual.
    Delay { ms: u64 },
    /// Acts; the connection ends without an answer.
    LostAfter,
    /// The same as `reset`, as the pair of `lostAfter`.
    LostBefore,
    /// An endless answer: JSON of this length.
    Huge { bytes: usize },
    /// Acts; a byte order mark before the answer.
    Bom,
    /// An error whose code is a JSON number: the answer's own, or the one of this order.
    NumericCode { code: Option<u64>, status: Option<u16> },
    /// Acts; texts become numbers and the other way round, in one member or in all.
    WrongType { member: Option<String> },
    /// Acts; the answer lacks this member.
    MissingMember { member: String },
    /// Acts; the body comes in pieces, spread over this time.
    SlowBody { ms: u64 },
}

const fn ok() -> u16 {
    200
}

const fn bad_gateway() -> u16 {
    502
}

const fn found() -> u16 {
    302
}

const fn ten_minutes() -> u64 {
    600_000
}

/// How an answer goes out.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    Whole(Response),
    /// With its full length declared, but half of its body.
    Cut(Response),
    /// In pieces, spread over so many milliseconds.
    Slow(Response, u64),
    /// Not at all: the connection ends.
    Nothing,
}

impl Delivery {
    /// What is sent, whole or not.
    pub(crate) const fn answer(&mut self) -> Option<&mut Response> {
        match self {
            Self::Whole(answer) | Self::Cut(answer) | Self::Slow(answer, _) => Some(answer),
            Self::Nothing => None,
        }
    }
}

impl Kind {
    /// The name that orders it.
    pub(crate) fn name(&self) -> String {
        let value = serde_json::to_value(self).unwrap_or_default();
        value.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// Milliseconds of silence before anything happens.
    pub(crate) const fn pause_ms(&self) -> u64 {
        if let Self::Silence { ms } | Self::Delay { ms } = self { *ms } else { 0 }
    }

    /// What goes out. `act` lets the platform act as usual, `error` words an error.
    pub(crate) fn deliver(
        &self,
        act: impl FnOnce() -> Response,
        error: impl FnOnce(&ErrorOrder) -> Response,
    ) -> Delivery {
        match self {
            Self::Answer { status, headers, body, body_base64 } => {
                let decoded = body_base64.as_ref().and_then(|text| STANDARD.decode(text).ok());
                let headers = headers.iter().map(|(name, value)| (name.clone(), value.clone()));
                let body = decoded.unwrap_or_else(|| body.clone().into_bytes());
                Delivery::Whole(Response { status: *status, headers: headers.collect(), body })
            }
            Self::Error(order) => Delivery::Whole(error(order)),
            Self::Html { status } => Delivery::Whole(Response::new(*status, "text/html", PAGE)),
            Self::Redirect { location, status } => {
                let mut response = Response::new(*status, "text/html", "");
                response.headers.push(("location".to_owned(), location.clone()));
                Delivery::Whole(response)
            }
            Self::Cut => Delivery::Cut(act()),
            Self::CutJson => Delivery::Whole(with_body(act(), |body| {
                body.get(..body.len() / 2).unwrap_or_default().to_vec()
            })),
            Self::Reset | Self::LostBefore | Self::Silence { .. } => Delivery::Nothing,
            Self::Delay { .. } => Delivery::Whole(act()),
            Self::LostAfter => {
                act();
                Delivery::Nothing
            }
            Self::Huge { bytes } => Delivery::Whole(Response::json(200, huge(*bytes))),
            Self::Bom => Delivery::Whole(with_body(act(), |body| {
                [b"\xEF\xBB\xBF", body.as_slice()].concat()
            })),
            Self::NumericCode { code: None, .. } => Delivery::Whole(numeric(act())),
            Self::NumericCode { code: Some(code), status } => {
                let order = ErrorOrder {
                    code: code.to_string(),
                    status: *status,
                    message: None,
                    dialect: None,
                    format: None,
                    retry_after_ms: None,
                };
                Delivery::Whole(numeric(error(&order)))
            }
            Self::WrongType { member } => Delivery::Whole(with_members(act(), |name, value| {
                let meant = member.as_deref().is_none_or(|member| member == name);
                Some(if meant { wrong_type(&value) } else { value })
            })),
            Self::MissingMember { member } => {
                Delivery::Whole(with_members(act(), |name, value| {
                    (name != member).then_some(value)
                }))
            }
            Self::SlowBody { ms } => Delivery::Slow(act(), *ms),
        }
    }
}

const PAGE: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
    <center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";

fn huge(bytes: usize) -> Vec<u8> {
    let (start, end) = (&b"{\"filler\":\""[..], &b"\"}"[..]);
    let filler = bytes.saturating_sub(start.len() + end.len());
    [start, &vec![b'x'; filler], end].concat()
}

fn with_body(mut response: Response, change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Response {
    response.body = change(response.body);
    response
}

fn with_members(
    response: Response,
    mut change: impl FnMut(&str, Value) -> Option<Value>,
) -> Response {
    with_body(response, |body| match serde_json::from_slice(&body) {
        Ok(Value::Object(members)) => {
            let changed = members.into_iter().filter_map(|(name, value)| {
                let value = change(&name, value)?;
                Some((name, value))
            });
            Value::Object(changed.collect()).to_string().into_bytes()
        }
        _ => body,
    })
}

fn wrong_type(value: &Value) -> Value {
    match value {
        Value::String(_) => Value::from(12_345),
        Value::Object(_) | Value::Array(_) => Value::from(true),
        Value::Null | Value::Bool(_) | Value::Number(_) => Value::from(value.to_string()),
    }
}

fn numeric(response: Response) -> Response {
    with_members(response, |name, value| {
        let code = value.as_str().and_then(|text| text.parse::<u64>().ok());
        match code {
            Some(code) if name == "error_code" || name == "resultcode" => Some(code.into()),
            _ => Some(value),
        }
    })
}
