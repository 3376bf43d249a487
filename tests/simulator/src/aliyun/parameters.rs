//! Parameters of a call: from the query and from a form body, and the platform's encoding.

use std::fmt::Write;

use crate::exchange::{Request, percent_decode};

/// Names and values as received, decoded.
#[derive(Debug, Clone, Default)]
pub(crate) struct Parameters {
    pub(crate) query: Vec<(String, String)>,
    pub(crate) form: Vec<(String, String)>,
}

impl Parameters {
    pub(crate) fn of(request: &Request) -> Self {
        let form = request
            .header("content-type")
            .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
        let body = if form { String::from_utf8_lossy(&request.body) } else { "".into() };
        Self { query: pairs(&request.query), form: pairs(&body) }
    }

    /// A value that is not empty; the query's stands before the form's.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let value = self.all().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        value.filter(|value| !value.is_empty())
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &(String, String)> {
        self.query.iter().chain(&self.form)
    }
}

/// A blank may come as `+`: a literal plus is always `%2B`.
fn pairs(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (percent_decode(name, true), percent_decode(value, true))
        })
        .collect()
}

/// Sorted by name in byte order, encoded anew, joined.
pub(crate) fn canonical<'a>(pairs: impl Iterator<Item = &'a (String, String)>) -> String {
    let mut sorted: Vec<&(String, String)> = pairs.collect();
    sorted.sort();
    let joined: Vec<String> =
        sorted.iter().map(|(name, value)| format!("{}={}", pe(name), pe(value))).collect();
    joined.join("&")
}

/// Keeps letters, digits and `-_.~`; all else becomes `%XX`.
pub(crate) fn pe(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}
