//! JSON as a small tree, read by whatever the host has: `JSON.parse` in JavaScript, `serde_json` in
//! native tests.
//!
//! One tree for all inputs and answers, instead of a derived reader for each, because it keeps the
//! WebAssembly small and lets [`Fields`](crate::fields::Fields) say exactly which member is wrong.

use std::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

/// Levels that are read; what lies deeper counts as null, so that no answer can exhaust the stack.
const MAX_DEPTH: u8 = 32;

/// A JSON value. Objects keep the order of their members.
#[derive(Clone, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "JSON has these six kinds and will get no seventh")]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// Every number; integers are exact up to 2^53.
    Number(f64),
    /// A string
    Text(String),
    /// An array
    List(Vec<Self>),
    /// An object
    Object(Vec<(String, Self)>),
}

impl Json {
    /// An object of the members that are there; `None` is left out.
    pub fn object<const N: usize>(members: [(&'static str, Option<Self>); N]) -> Self {
        Self::Object(
            members
                .into_iter()
                .filter_map(|(name, value)| value.map(|value| (name.to_owned(), value)))
                .collect(),
        )
    }

    /// The member called `name`, if this is an object that has one.
    pub fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|(member, _)| member == name).map(|(_, value)| value)
    }

    /// What kind of value this is, in words that fit behind "is".
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "a string",
            Self::List(_) => "an array",
            Self::Object(_) => "an object",
        }
    }

    /// Appends this value as compact JSON text.
    pub fn write(&self, into: &mut String) {
        match self {
            Self::Null => into.push_str("null"),
            Self::Bool(true) => into.push_str("true"),
            Self::Bool(false) => into.push_str("false"),
            Self::Number(number) => into.push_str(&number_text(*number)),
            Self::Text(text) => write_text(into, text),
            Self::List(values) => {
                into.push('[');
                for (index, value) in values.iter().enumerate() {
                    if index > 0 {
                        into.push(',');
                    }
                    value.write(into);
                }
                into.push(']');
            }
            Self::Object(members) => {
                into.push('{');
                for (index, (name, value)) in members.iter().enumerate() {
                    if index > 0 {
                        into.push(',');
                    }
                    write_text(into, name);
                    into.push(':');
                    value.write(into);
                }
                into.push('}');
            }
        }
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<u32> for Json {
    fn from(number: u32) -> Self {
        Self::Number(f64::from(number))
    }
}

impl From<f64> for Json {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

/// Shows the kind alone: a value may be a secret.
impl fmt::Debug for Json {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.kind())
    }
}

/// A number as JSON and JavaScript write it, but never with an exponent.
pub fn number_text(number: f64) -> String {
    /// From here on, neighbouring integers share a representation.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() < EXACT {
        #[expect(
            clippy::as_conversions,
            clippy::cast_possible_truncation,
            reason = "checked above"
        )]
        let integer = number as i64;
        integer.to_string()
    } else {
        number.to_string()
    }
}

fn write_text(into: &mut String, text: &str) {
    into.push('"');
    for character in text.chars() {
        match character {
            '"' => into.push_str("\\\""),
            '\\' => into.push_str("\\\\"),
            '\n' => into.push_str("\\n"),
            '\r' => into.push_str("\\r"),
            '\t' => into.push_str("\\t"),
            control @ '\0'..='\x1f' => {
                into.push_str("\\u00");
                into.push(if u32::from(control) < 16 { '0' } else { '1' });
                into.extend(char::from_digit(u32::from(control) & 15, 16));
            }
            other => into.push(other),
        }
    }
    into.push('"');
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Reader { depth: 0 }.deserialize(deserializer)
    }
}

/// Reads one value at a given depth.
#[derive(Clone, Copy)]
struct Reader {
    depth: u8,
}

impl Reader {
    /// The reader of what lies one level below, or none at the bottom.
    const fn below(self) -> Self {
        Self { depth: self.depth + 1 }
    }
}

impl<'de> DeserializeSeed<'de> for Reader {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        if self.depth >= MAX_DEPTH {
            return IgnoredAny::deserialize(deserializer).map(|_| Json::Null);
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    #[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "as JavaScript does")]
    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(value as f64))
    }

    #[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "as JavaScript does")]
    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(Json::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Json, E> {
        Ok(Json::Text(value))
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = values.next_element_seed(self.below())? {
            list.push(value);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
        let mut object = Vec::new();
        while let Some(name) = members.next_key()? {
            object.push((name, members.next_value_seed(self.below())?));
        }
        Ok(Json::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(value: &Json) -> String {
        let mut text = String::new();
        value.write(&mut text);
        text
    }

    fn any_json() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::Bool),
            any::<i32>().prop_map(|number| Json::Number(f64::from(number))),
            (-1.0e9..1.0e9).prop_map(Json::Number),
            ".*".prop_map(Json::Text),
        ];
        leaf.prop_recursive(4, 32, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Json::List),
                prop::collection::btree_map(".*", inner, 0..5)
                    .prop_map(|members| Json::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_the_same(value in any_json()) {
            let text = written(&value);
            let back: Json = serde_json::from_str(&text).unwrap();
            prop_assert!(back == value, "{text}");
        }
    }

    #[test]
    fn absent_members_are_left_out() {
        let body = Json::object([("a", Some(Json::from("x"))), ("b", None), ("c", Some(3.into()))]);
        assert_eq!(written(&body), r#"{"a":"x","c":3}"#);
    }

    #[test]
    fn what_lies_too_deep_counts_as_null() {
        let text = format!("{}1{}", "[".repeat(100), "]".repeat(100));
        let mut value: Json = serde_json::from_str(&text).unwrap();
        let mut levels = 0;
        while let Json::List(mut inner) = value {
            value = inner.remove(0);
            levels += 1;
        }
        assert_eq!((levels, value), (MAX_DEPTH, Json::Null));
    }

    #[test]
    fn debug_shows_no_value() {
        assert_eq!(format!("{:?}", Json::from("s3cr3t")), "a string");
    }
}
