//! What a client tells while it works, so that a console can draw it and a server can count it.

use crate::json::{number_text, write_text};

/// A request goes out: for which call of this client, at which attempt of its operation, from 1; its
/// method, and its path without query. A login made for another call is named itself.
pub const REQUEST: Names = &["request", "call", "operation", "attempt", "method", "path"];

/// An answer came in, whatever it says: its status, after how many milliseconds, and the platform's name
/// of the request, if it tells one in a header.
pub const RESPONSE: Names =
    &["response", "call", "operation", "attempt", "status", "durationMs", "requestId"];

/// A request got no answer: the error's kind or `aborted`, after how many milliseconds.
pub const FAILURE: Names = &["failure", "call", "operation", "attempt", "kind", "durationMs"];

/// A request will be sent again: the attempt that failed, milliseconds until the next one, the kind of
/// the error, and the platform's code, if it said one.
pub const RETRY: Names = &["retry", "call", "operation", "attempt", "delayMs", "kind", "code"];

/// A request waits for its turn: milliseconds until it goes out, as far as that is known, calls of this
/// client in the window that ends now, calls allowed in one, and the window in milliseconds without its
/// slack.
pub const THROTTLE: Names = &["throttle", "call", "operation", "delayMs", "used", "calls", "perMs"];

/// Something is not as it should be, and is dealt with: `clock`, `renewal`, `throttle` or `token-store`,
/// and what, in a sentence.
pub const WARNING: Names = &["warning", "about", "message"];

/// A call is over: attempts that were made for it (a login it waited for is its own call's); `ok`, an
/// error's kind or `aborted`; after how many milliseconds.
pub const DONE: Names = &["done", "call", "operation", "attempts", "outcome", "durationMs"];

/// The token changed: by `login`, `refresh`, `shared` or `rejected`; its life left in milliseconds; its
/// number, the store's or how many this client has had.
pub const TOKEN: Names = &["token", "cause", "lifeMs", "generation"];

/// The type of an event, and the names of its members in their order.
type Names = &'static [&'static str];

/// The value of a member.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "events have these kinds of members")]
pub enum Value<'a> {
    /// The member is left out.
    None,
    /// Any number
    Number(f64),
    /// A text
    Text(&'a str),
}

impl From<f64> for Value<'_> {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for Value<'_> {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<u16> for Value<'_> {
    fn from(number: u16) -> Self {
        Self::Number(number.into())
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value<'_> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::None, Into::into)
    }
}

/// Something that happened.
#[derive(Clone, Copy, Debug)]
pub struct Event<'a> {
    names: Names,
    values: &'a [Value<'a>],
}

impl<'a> Event<'a> {
    /// An event of this module's, with the values of its members; missing ones are left out.
    pub const fn new(names: Names, values: &'a [Value<'a>]) -> Self {
        Self { names, values }
    }

    /// What kind of event it is.
    pub fn kind(&self) -> &'static str {
        self.names.first().copied().unwrap_or_default()
    }

    /// The text of a member; none if it has no such text.
    pub fn get(&self, name: &str) -> Option<&'a str> {
        let at = self.names.iter().skip(1).position(|member| *member == name)?;
        if let Some(Value::Text(text)) = self.values.get(at) { Some(text) } else { None }
    }

    /// The event in the caller's terms, as JSON.
    pub fn text(&self) -> String {
        let mut text = String::from("{\"type\":");
        write_text(&mut text, self.kind());
        for (name, value) in self.names.iter().skip(1).zip(self.values) {
            if *value == Value::None {
                continue;
            }
            text.push(',');
            write_text(&mut text, name);
            text.push(':');
            match value {
                Value::None => {}
                Value::Number(number) => text.push_str(&number_text(*number)),
                Value::Text(value) => write_text(&mut text, value),
            }
        }
        text.push('}');
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_json_of_the_members_that_it_has() {
        let values = [
            1_u32.into(),
            "o".into(),
            2_u32.into(),
            250.5.into(),
            "a\"b".into(),
            None::<&str>.into(),
        ];
        assert_eq!(
            Event::new(RETRY, &values).text(),
            r#"{"type":"retry","call":1,"operation":"o","attempt":2,"delayMs":250.5,"kind":"a\"b"}"#
        );
    }
}
