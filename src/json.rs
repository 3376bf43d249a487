//! JSON as a small tree, and its text.
//!
//! One tree for all inputs and answers, instead of a derived reader for each, because it keeps the
//! WebAssembly small and lets [`Fields`](crate::fields::Fields) say exactly which member is wrong.

use std::fmt;

#[cfg(target_arch = "wasm32")]
use crate::js::numbers;
use crate::text;

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
    pub fn object<const N: usize>(mut members: [(&'static str, Option<Self>); N]) -> Self {
        let mut present = Members::default();
        present.add_all(&mut members);
        present.into()
    }

    /// The member called `name`, if this is an object that has one.
    pub fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        // From the end: of members with the same name, the last counts.
        members.iter().rev().find(|(member, _)| member == name).map(|(_, value)| value)
    }

    /// Reads JSON text, as strictly as `JSON.parse`: what that refuses is refused.
    ///
    /// Of members with the same name, the last counts. Half of a surrogate pair becomes what stands for
    /// text that is none, and a number beyond all numbers null: as `JSON.stringify` writes them.
    pub fn parse(text: &str) -> Option<Self> {
        let mut reader = Reader { text, at: 0 };
        let value = reader.value(0)?;
        // Not the sign for the end: a NUL may stand there, and anything behind it.
        reader.sign();
        (reader.at >= text.len()).then_some(value)
    }

    /// Reads the value that `text` begins with; beside it, what stands behind.
    pub fn parse_start(text: &str) -> Option<(Self, &str)> {
        let mut reader = Reader { text, at: 0 };
        let value = reader.value(0)?;
        Some((value, text.get(reader.at..)?))
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
            Self::Bool(value) => into.push_str(if *value { "true" } else { "false" }),
            Self::Number(number) => into.push_str(&number_text(*number)),
            Self::Text(text) => write_text(into, text),
            Self::List(values) => {
                let mut sign = "[";
                for value in values {
                    into.push_str(sign);
                    value.write(into);
                    sign = ",";
                }
                into.push_str(if values.is_empty() { "[]" } else { "]" });
            }
            Self::Object(members) => {
                let mut sign = "{";
                for (name, value) in members {
                    into.push_str(sign);
                    write_text(into, name);
                    into.push(':');
                    value.write(into);
                    sign = ",";
                }
                into.push_str(if members.is_empty() { "{}" } else { "}" });
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

/// The members of an object that is being made.
#[derive(Debug, Default)]
pub struct Members(Vec<(String, Json)>);

impl Members {
    /// Adds a member.
    #[inline(never)]
    pub fn add(&mut self, name: &str, value: Json) {
        self.0.push((name.to_owned(), value));
    }

    /// Adds a text.
    #[inline(never)]
    pub fn text(&mut self, name: &str, text: &str) {
        self.add(name, text.into());
    }

    /// Adds a text, if there is one.
    pub fn maybe_text(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(name, text);
        }
    }

    /// Adds a number.
    #[inline(never)]
    pub fn number(&mut self, name: &str, number: f64) {
        self.add(name, Json::Number(number));
    }

    /// Adds a number, if there is one.
    pub fn maybe_number(&mut self, name: &str, number: Option<f64>) {
        if let Some(number) = number {
            self.number(name, number);
        }
    }

    /// Adds those that have a value, which it takes.
    fn add_all(&mut self, members: &mut [(&'static str, Option<Json>)]) {
        for (name, value) in members {
            if let Some(value) = value.take() {
                self.add(name, value);
            }
        }
    }
}

impl From<Members> for Json {
    fn from(members: Members) -> Self {
        Self::Object(members.0)
    }
}

/// Shows the kind alone: a value may be a secret.
impl fmt::Debug for Json {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.kind())
    }
}

/// A number as JSON and JavaScript write it.
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
        text::integer(integer)
    } else {
        numbers::written(number)
    }
}

/// Numbers that are no small integers, which in WebAssembly are left to the engine: the code for them
/// would be larger than all the rest of this file.
#[cfg(not(target_arch = "wasm32"))]
mod numbers {
    pub(super) fn written(number: f64) -> String {
        number.to_string()
    }

    pub(super) fn read(text: &str) -> f64 {
        text.parse().unwrap_or(f64::NAN)
    }
}

/// Appends `text` in quotes, with escapes.
pub fn write_text(into: &mut String, text: &str) {
    into.push('"');
    let mut rest = text;
    loop {
        // Most texts need no escape and go over in one piece.
        let (plain, other) =
            text::split_where(rest, |byte| matches!(byte, b'"' | b'\\' | b'\0'..=b'\x1f'));
        into.push_str(plain);
        let Some((odd, after)) = other.split_at_checked(1) else { break };
        let code;
        let (start, end) = match odd {
            "\n" => ("\\n", ""),
            "\r" => ("\\r", ""),
            "\t" => ("\\t", ""),
            "\"" | "\\" => ("\\", odd),
            _ => {
                code = text::hex(odd.as_bytes());
                ("\\u00", code.as_str())
            }
        };
        into.push_str(start);
        into.push_str(end);
        rest = after;
    }
    into.push('"');
}

/// Reads text from its start to its end, without looking back.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    /// The next byte; NUL, which JSON has nowhere, stands for the end.
    fn byte(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or_default()
    }

    /// Goes on while `wanted` likes what comes, and returns that.
    #[inline]
    fn run(&mut self, wanted: impl Fn(u8) -> bool) -> &str {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let (found, _) = text::split_where(rest, |byte| !wanted(byte));
        self.at += found.len();
        found
    }

    /// The first byte that is no blank.
    fn sign(&mut self) -> u8 {
        while matches!(self.byte(), b' ' | b'\t' | b'\n' | b'\r') {
            self.at += 1;
        }
        self.byte()
    }

    fn value(&mut self, depth: u8) -> Option<Json> {
        match self.sign() {
            b'"' => self.string().map(Json::Text),
            b'[' | b'{' if depth >= MAX_DEPTH => self.skip(),
            b'[' | b'{' => self.list_or_object(depth),
            _ => self.word(),
        }
    }

    fn list_or_object(&mut self, depth: u8) -> Option<Json> {
        let is_object = self.byte() == b'{';
        let mut members = Vec::new();
        self.members(is_object, depth, &mut members)?;
        if is_object {
            return Some(Json::Object(members));
        }
        let mut values = Vec::new();
        for (_, value) in members {
            values.push(value);
        }
        Some(Json::List(values))
    }

    /// Reads what stands between brackets; the names of a list's members are empty.
    fn members(
        &mut self,
        is_object: bool,
        depth: u8,
        members: &mut Vec<(String, Json)>,
    ) -> Option<()> {
        let end = if is_object { b'}' } else { b']' };
        self.at += 1;
        let mut goes_on = self.sign() != end;
        while goes_on {
            let name = if is_object { self.name()? } else { String::new() };
            members.push((name, self.value(depth + 1)?));
            goes_on = self.sign() == b',';
            self.at += usize::from(goes_on);
        }
        if self.byte() != end {
            return None;
        }
        self.at += 1;
        Some(())
    }

    /// Reads a member's name and what parts it from the value.
    fn name(&mut self) -> Option<String> {
        self.sign();
        let name = self.string()?;
        if self.sign() != b':' {
            return None;
        }
        self.at += 1;
        Some(name)
    }

    fn word(&mut self) -> Option<Json> {
        let word =
            self.run(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
        match word {
            "null" => Some(Json::Null),
            "true" => Some(Json::Bool(true)),
            "false" => Some(Json::Bool(false)),
            _ => number(word).map(|it| if it.is_finite() { Json::Number(it) } else { Json::Null }),
        }
    }

    fn string(&mut self) -> Option<String> {
        if self.byte() != b'"' {
            return None;
        }
        let mut out = String::new();
        loop {
            self.at += 1;
            out.push_str(self.run(|byte| byte >= b' ' && byte != b'"' && byte != b'\\'));
            match self.byte() {
                b'"' => {
                    self.at += 1;
                    return Some(out);
                }
                b'\\' => out.push(self.escaped()?),
                _ => return None,
            }
        }
    }

    /// Reads an escape, all but its last byte.
    fn escaped(&mut self) -> Option<char> {
        self.at += 1;
        Some(match self.byte() {
            b'b' => '\x08',
            b'f' => '\x0c',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            byte @ (b'"' | b'\\' | b'/') => char::from(byte),
            _ => return None,
        })
    }

    fn unicode(&mut self) -> Option<char> {
        let first = self.unit()?;
        let start = self.at;
        if first >> 10 == 0xd8 >> 2 && self.text.get(start + 1..start + 3) == Some("\\u") {
            self.at += 2;
            let second = self.unit()?;
            if second >> 10 == 0xdc >> 2 {
                return char::from_u32(0x1_0000 + ((first & 0x3ff) << 10) + (second & 0x3ff));
            }
            self.at = start;
        }
        Some(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    /// Reads four hexadecimal digits, and stays on the last.
    fn unit(&mut self) -> Option<u32> {
        let mut unit = 0;
        for _ in 0..4 {
            self.at += 1;
            unit = unit << 4 | char::from(self.byte()).to_digit(16)?;
        }
        Some(unit)
    }

    /// Passes over an array or an object, however deep, and no less strictly.
    fn skip(&mut self) -> Option<Json> {
        // What ends each of those that are open.
        let mut ends = Vec::new();
        loop {
            let mut is_first = true;
            match self.sign() {
                b'[' => ends.push(b']'),
                b'{' => ends.push(b'}'),
                _ => {
                    self.value(0)?;
                    is_first = false;
                }
            }
            self.at += usize::from(is_first);
            // Whatever ends behind it, and what comes next.
            loop {
                let Some(end) = ends.last().copied() else { return Some(Json::Null) };
                let sign = self.sign();
                if sign == end {
                    self.at += 1;
                    ends.pop();
                    is_first = false;
                    continue;
                }
                if !is_first && sign != b',' {
                    return None;
                }
                self.at += usize::from(!is_first);
                if end == b'}' {
                    self.name()?;
                }
                break;
            }
        }
    }
}

/// Reads a number: digits without a zero before them, a fraction, an exponent.
fn number(word: &str) -> Option<f64> {
    /// Any integer of so many digits is exact.
    const DIGITS: usize = 15;
    let digits = word.strip_prefix('-').unwrap_or(word);
    let (whole, rest) = text::split_where(digits, |byte| !byte.is_ascii_digit());
    if whole.is_empty() || (whole.len() > 1 && whole.starts_with('0')) {
        return None;
    }
    if rest.is_empty() && whole.len() <= DIGITS {
        let sum = whole.bytes().fold(0.0, |sum, byte| sum * 10.0 + f64::from(byte - b'0'));
        return Some(if digits == word { sum } else { -sum });
    }
    // The engine takes more than JSON has: nothing around a point, signs anywhere.
    let after_point = rest.strip_prefix('.').map_or(Some(rest), after_digits)?;
    let exponent = either(after_point, 'e', 'E');
    let end = exponent.map_or(Some(after_point), |power| {
        after_digits(either(power, '+', '-').unwrap_or(power))
    })?;
    end.is_empty().then(|| numbers::read(word))
}

/// What stands behind one of two characters.
fn either(text: &str, one: char, other: char) -> Option<&str> {
    text.strip_prefix(one).or_else(|| text.strip_prefix(other))
}

/// What stands behind at least one digit.
fn after_digits(text: &str) -> Option<&str> {
    let (digits, rest) = text::split_where(text, |byte| !byte.is_ascii_digit());
    (!digits.is_empty()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::de::IgnoredAny;

    use super::*;
    use crate::response::MAX_BODY;

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
            let back = Json::parse(&text).unwrap();
            prop_assert!(back == value, "{text}");
        }

        #[test]
        fn what_others_write_reads_as_they_read_it(value in any_json(), number in any::<f64>()) {
            let text = written(&Json::List(vec![value, Json::Number(number)]));
            let Ok(theirs) = serde_json::from_str::<serde_json::Value>(&text) else { return Ok(()) };
            for text in [theirs.to_string(), serde_json::to_string_pretty(&theirs).unwrap()] {
                let ours = Json::parse(&text).unwrap();
                let back: serde_json::Value = serde_json::from_str(&written(&ours)).unwrap();
                prop_assert!(same(&back, &theirs), "{text}");
            }
        }

        #[test]
        fn cut_text_is_no_json(value in any_json(), cut in any::<prop::sample::Index>()) {
            let text = written(&Json::List(vec![value]));
            let (start, _) = text.split_at(text.floor_char_boundary(cut.index(text.len())));
            prop_assert!(Json::parse(start).is_none(), "{start}");
        }

        #[test]
        fn any_text_is_read_as_strictly_as_others_read_it(text in r#"["\\u0-9a-fA-FnulltrE\[\]{},:+.\- é-]{0,20}"#) {
            // Asked for no value, it takes all that is JSON: halves of surrogate pairs, numbers that are too large.
            let strictly = serde_json::from_str::<IgnoredAny>(&text).is_ok();
            prop_assert_eq!(Json::parse(&text).is_some(), strictly, "{}", text);
        }

        #[test]
        fn a_number_is_written_as_short_as_it_reads_back(number in -1.0e15..1.0e15_f64) {
            prop_assert_eq!(number_text(number), number.to_string());
            prop_assert_eq!(number_text(number.trunc()), number.trunc().abs().to_string().replacen("", if number.trunc() < 0.0 { "-" } else { "" }, 1));
        }
    }

    /// Whether both are the same, numbers by their value: 1 is 1.0.
    fn same(one: &serde_json::Value, other: &serde_json::Value) -> bool {
        use serde_json::Value::{Array, Number, Object};
        match (one, other) {
            (Number(one), Number(other)) => one.as_f64() == other.as_f64(),
            (Array(one), Array(other)) => {
                one.len() == other.len() && one.iter().zip(other).all(|(a, b)| same(a, b))
            }
            (Object(one), Object(other)) => {
                one.len() == other.len()
                    && one.iter().zip(other).all(|((a, x), (b, y))| a == b && same(x, y))
            }
            _ => one == other,
        }
    }

    #[test]
    fn escapes_are_read_and_half_of_a_pair_is_replaced() {
        let text = r#" [ "\"\\\/\b\f\n\r\t\u4e2d" , "\ud83d\ude00" , "\ud83d\u0041" , "\ude00" , "\ud83d" ] "#;
        let read =
            ["\"\\/\u{8}\u{c}\n\r\t中", "😀", "\u{fffd}A", "\u{fffd}", "\u{fffd}"].map(Json::from);
        assert!(Json::parse(text).unwrap() == Json::List(read.to_vec()));
    }

    #[test]
    fn what_stands_behind_a_value_comes_as_it_is() {
        let (value, rest) = Json::parse_start("{\"a\":1} {\"b\": \"中").unwrap();
        assert_eq!((written(&value).as_str(), rest), ("{\"a\":1}", " {\"b\": \"中"));
        assert_eq!(Json::parse_start("1").unwrap().1, "");
        assert!(Json::parse_start("{\"a\"").is_none());
    }

    #[test]
    fn text_that_is_no_json_is_refused() {
        for text in [
            "",
            " ",
            "<html>",
            "{",
            "[1",
            "[1,]",
            "{\"a\"}",
            "{\"a\":}",
            "{a:1}",
            "\"a",
            "nul",
            "1 2",
            "[1}",
            "-",
            "\"\\x\"",
            "\"\n\"",
            "1\0",
            "{}\0{",
            "\0",
            "01",
            "-01",
            "1.",
            ".5",
            "+1",
            "1e",
            "1e+",
            "1.e5",
            "0x10",
            "1_0",
            "--1",
            "1e5.5",
            "\u{a0}1",
            "\"\\u12g4\"",
            "{,}",
            "[,]",
            "{\"a\":1,}",
        ] {
            assert!(Json::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn what_lies_too_deep_is_read_as_strictly() {
        let nested = |inner: &str| {
            Json::parse(&format!("{}{inner}{}", "[".repeat(40), "]".repeat(40))).is_some()
        };
        for inner in ["{}", "[]", "{\"a\":[1,{}],\"b\":null}", " [ [ ] , \"]\" ] ", ""] {
            assert!(nested(inner), "{inner}");
        }
        for inner in
            ["[1 2]", "{\"a\"}", "{a:1}", "[1,]", "{\"a\":1,}", "[}", "01", "[,1]", "{\"a\":}", "]"]
        {
            assert!(!nested(inner), "{inner}");
        }
        assert!(Json::parse(&"[".repeat(MAX_BODY)).is_none());
        assert!(Json::parse(&format!("{}{}", "[".repeat(50_000), "]".repeat(50_000))).is_some());
    }

    #[test]
    fn of_members_with_the_same_name_the_last_counts() {
        let read = Json::parse(r#"{"a":1,"b":2,"a":3}"#).unwrap();
        assert!(read.get("a") == Some(&Json::Number(3.0)));
    }

    #[test]
    fn a_number_beyond_all_numbers_counts_as_null() {
        assert!(Json::parse("[-1e400]").unwrap() == Json::List(vec![Json::Null]));
    }

    #[test]
    fn numbers_of_every_kind_are_read() {
        for (text, number) in [
            ("0", 0.0),
            ("-7", -7.0),
            ("1.5", 1.5),
            ("-2.5E-3", -0.0025),
            ("1e+2", 100.0),
            ("0.0e0", 0.0),
            ("9007199254740993", 9_007_199_254_740_992.0),
            ("999999999999999", 999_999_999_999_999.0),
        ] {
            assert!(Json::parse(text).unwrap() == Json::Number(number), "{text}");
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
        let mut value = Json::parse(&text).unwrap();
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
