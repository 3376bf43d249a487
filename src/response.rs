//! An answer, as the host hands it over.

use crate::json::Json;

/// The largest body that is read. The platform's own answers have a few hundred bytes.
pub const MAX_BODY: usize = 1024 * 1024;

/// One answer.
#[derive(Clone)]
#[non_exhaustive]
pub struct Response {
    /// HTTP status; 0 where a browser hides a redirect.
    pub status: u16,
    /// Lower-case names and values of the headers that matter here.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Body,
}

/// What a body turned out to be.
#[derive(Clone)]
#[expect(clippy::exhaustive_enums, reason = "every reader has to deal with each of them")]
pub enum Body {
    /// Nothing, or blanks.
    Empty,
    /// JSON, and the text that it was read from.
    Json(Json, String),
    /// Something else.
    Other(String),
    /// More than [`MAX_BODY`] bytes, and how they begin.
    TooLarge(String),
}

/// Shows the status alone.
impl std::fmt::Debug for Response {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Response").field("status", &self.status).finish_non_exhaustive()
    }
}

/// Shows the kind alone.
impl std::fmt::Debug for Body {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Empty => "Empty",
            Self::Json(..) => "Json(…)",
            Self::Other(_) => "Other(…)",
            Self::TooLarge(_) => "TooLarge(…)",
        })
    }
}

impl Response {
    /// An answer.
    pub const fn new(status: u16, headers: Vec<(String, String)>, body: Body) -> Self {
        Self { status, headers, body }
    }

    /// The value of a header, by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }

    /// Whether the status is one of success.
    pub const fn ok(&self) -> bool {
        matches!(self.status, 200..=299)
    }
}

impl Body {
    /// Sorts a body by what it says.
    pub fn read(text: String) -> Self {
        if text.len() > MAX_BODY {
            return Self::TooLarge(text);
        }
        // A byte order mark is not JSON, and some servers send one all the same.
        let content = text.trim_start_matches('\u{feff}');
        if content.trim().is_empty() {
            return Self::Empty;
        }
        match Json::parse(content) {
            Some(json) => Self::Json(json, text),
            None => Self::Other(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Body {
        Body::read(text.to_owned())
    }

    #[test]
    fn a_byte_order_mark_and_blanks_do_not_matter() {
        assert!(matches!(read("\u{feff} {\"a\":1}\r\n"), Body::Json(..)));
        assert!(matches!(read("\u{feff}\r\n "), Body::Empty));
        assert!(matches!(read("{\"a\":"), Body::Other(_)));
    }

    #[test]
    fn one_byte_over_a_mebibyte_is_too_large() {
        assert!(matches!(read(&" ".repeat(MAX_BODY)), Body::Empty));
        assert!(matches!(read(&" ".repeat(MAX_BODY + 1)), Body::TooLarge(_)));
    }
}
