//! What goes in and out of a platform: one request, one response, as plain data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Format of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    Xml,
    Json,
}

/// Milliseconds of simulated time since the start.
pub(crate) type Millis = u64;

/// A request as a platform sees it; the sockets made it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// Without the query, still percent-encoded.
    pub(crate) path: String,
    /// Without the question mark, still percent-encoded.
    pub(crate) query: String,
    /// Names in lower case; repeated headers are joined by `, `.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
    pub(crate) tls: bool,
    /// The values of headers that came more than once.
    pub(crate) repeated: BTreeMap<String, Vec<String>>,
    /// The address of the caller, without its port.
    pub(crate) peer: String,
}

impl Request {
    /// A header's value, `None` also when it is empty.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    /// The first value of a query member, decoded; empty pairs as in `?&a=b` are passed over.
    pub(crate) fn query_value(&self, name: &str) -> Option<String> {
        self.query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find(|(key, _)| percent_decode(key, true) == name)
            .map(|(_, value)| percent_decode(value, true))
            .filter(|value| !value.is_empty())
    }
}

/// A response as a platform gives it; the sockets send it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Response {
    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Self { status, headers, body: body.into() }
    }

    pub(crate) fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::new(status, "application/json", body)
    }

    pub(crate) const fn no_content() -> Self {
        Self { status: 204, headers: Vec::new(), body: Vec::new() }
    }

    pub(crate) fn unknown_path() -> Self {
        Self::new(404, "text/plain; charset=utf-8", "no such path in the simulator\n")
    }

    /// The platform's error code in any dialect, if the body is an error.
    pub(crate) fn code(&self) -> Option<String> {
        let Ok(body) = serde_json::from_slice::<serde_json::Value>(&self.body) else {
            let xml = str::from_utf8(&self.body).ok()?;
            let (_, rest) = xml.split_once("<Code>")?;
            return rest.split_once("</Code>").map(|(code, _)| code.to_owned());
        };
        let code = ["error_code", "resultcode", "Code"].iter().find_map(|name| body.get(name))?;
        Some(code.as_str().map_or_else(|| code.to_string(), str::to_owned))
    }
}

/// Decodes `%XX`; a `%` without two hex digits after it stands for itself.
pub(crate) fn percent_decode(text: &str, plus_is_blank: bool) -> String {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut ahead = rest.clone();
        let pair = (byte == b'%').then(|| Some((hex(ahead.next()?)?, hex(ahead.next()?)?)));
        match pair.flatten() {
            Some((high, low)) => {
                decoded.push(high * 16 + low);
                rest = ahead;
            }
            None if byte == b'+' && plus_is_blank => decoded.push(b' '),
            None => decoded.push(byte),
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
