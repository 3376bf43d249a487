//! The core's reader of JSON against `serde_json`: what that takes is read, and reads the same; what it refuses is
//! refused, but for what `Json::parse` documents that it lets through.

use northbound::json::Json;
use serde_json::Value;

/// Levels that are read; what lies deeper counts as null.
const MAX_DEPTH: usize = 33;

/// Fails where the two disagree, or where what was read is not written again.
pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let ours = Json::parse(&text);
    let theirs = serde_json::from_str::<Value>(&text);
    match (&ours, &theirs) {
        (Some(ours), Ok(theirs)) => assert!(same(ours, theirs, 0), "read differently: {text}"),
        (None, Ok(_)) => panic!("JSON that was not read: {text}"),
        (Some(_), Err(error)) => {
            assert!(is_known_laxity(&text), "no JSON, but read: {text}: {error}");
        }
        (None, Err(_)) => {}
    }
    if let Some(ours) = ours.filter(is_finite) {
        let written = written(&ours);
        let again = Json::parse(&written).expect("what was written is JSON");
        assert!(again == ours, "{written}");
        let theirs: Value = serde_json::from_str(&written).expect("what was written is JSON");
        assert!(same(&ours, &theirs, 0), "{written}");
    }
}

/// A value as text.
pub(crate) fn written(value: &Json) -> String {
    let mut text = String::new();
    value.write(&mut text);
    text
}

/// Whether both are the same value. Of members of one name the last counts, as it does for every engine.
fn same(ours: &Json, theirs: &Value, depth: usize) -> bool {
    match (ours, theirs) {
        (Json::Null, Value::Array(_) | Value::Object(_)) => depth >= MAX_DEPTH,
        (Json::Null, Value::Null) => true,
        (Json::Bool(ours), Value::Bool(theirs)) => ours == theirs,
        (Json::Number(ours), Value::Number(theirs)) => theirs.as_f64() == Some(*ours),
        (Json::Text(ours), Value::String(theirs)) => ours == theirs,
        (Json::List(ours), Value::Array(theirs)) => {
            let mut pairs = ours.iter().zip(theirs);
            ours.len() == theirs.len() && pairs.all(|(ours, theirs)| same(ours, theirs, depth + 1))
        }
        (Json::Object(ours), Value::Object(theirs)) => {
            let last = |name: &String| ours.iter().rev().find(|(member, _)| member == name);
            ours.iter().all(|(name, _)| theirs.contains_key(name))
                && theirs.iter().all(|(name, theirs)| {
                    last(name).is_some_and(|(_, ours)| same(ours, theirs, depth + 1))
                })
        }
        _ => false,
    }
}

/// Numbers beyond what a double holds are read as engines read them, and nobody can write them.
fn is_finite(value: &Json) -> bool {
    match value {
        Json::Number(number) => number.is_finite(),
        Json::List(values) => values.iter().all(is_finite),
        Json::Object(members) => members.iter().all(|(_, value)| is_finite(value)),
        Json::Null | Json::Bool(_) | Json::Text(_) => true,
    }
}

/// Whether a text becomes JSON once its numbers are plain ones and its halves of surrogate pairs are characters, or is
/// deeper than what is looked at.
fn is_known_laxity(text: &str) -> bool {
    let (mut plain, mut depth, mut deepest) = (String::new(), 0_usize, 0);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => {
                let end = string_end(rest);
                plain.push_str(&without_surrogates(&rest[..end]));
                end
            }
            '-' | '0'..='9' => {
                let in_word = |character: char| {
                    character.is_ascii_alphanumeric() || matches!(character, '+' | '-' | '.')
                };
                let end = rest.find(|character| !in_word(character)).unwrap_or(rest.len());
                plain.push_str(if is_lax_number(&rest[..end]) { "0" } else { &rest[..end] });
                end
            }
            _ => {
                match first {
                    '[' | '{' => depth += 1,
                    ']' | '}' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                deepest = deepest.max(depth);
                plain.push(first);
                first.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    deepest > MAX_DEPTH || serde_json::from_str::<Value>(&plain).is_ok()
}

/// Where a string ends that begins a text.
fn string_end(text: &str) -> usize {
    let mut escaped = true;
    for (at, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn without_surrogates(string: &str) -> String {
    let mut out = String::new();
    let mut rest = string;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let is_half = escape.get(2..6).is_some_and(|digits| {
            escape.starts_with("\\u")
                && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
                && u32::from_str_radix(digits, 16)
                    .is_ok_and(|unit| (0xd800..0xe000).contains(&unit))
        });
        // An escape sign and what it escapes stay together.
        let length = if is_half { 6 } else { escape.chars().take(2).map(char::len_utf8).sum() };
        out.push_str(if is_half { "x" } else { &escape[..length] });
        rest = &escape[length..];
    }
    out + rest
}

/// Whether it is a number as programming languages write it: zeros before it, nothing behind its point, or too large.
fn is_lax_number(word: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let word = word.strip_prefix('-').unwrap_or(word);
    let (mantissa, exponent) = word.split_once(['e', 'E']).unwrap_or((word, "0"));
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    !whole.is_empty() && digits(whole) && digits(part) && !exponent.is_empty() && digits(exponent)
}
