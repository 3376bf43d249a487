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
        (Some(ours), Err(error)) => assert_known_laxity(ours, &text, error),
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

/// Fails unless a text becomes JSON of the same value once its numbers are plain ones and halves of surrogate pairs are
/// what engines make of them, or is deeper than what is looked at.
fn assert_known_laxity(ours: &Json, text: &str, error: &serde_json::Error) {
    let (mut plain, mut depth, mut deepest) = (String::new(), 0_usize, 0);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = match first {
            '"' => string_end(rest),
            '-' | '0'..='9' => {
                let in_word = |character: char| {
                    character.is_ascii_alphanumeric() || matches!(character, '+' | '-' | '.')
                };
                rest.find(|character| !in_word(character)).unwrap_or(rest.len())
            }
            _ => first.len_utf8(),
        };
        let (piece, after) = rest.split_at(end);
        match first {
            '"' => plain.push_str(&without_halves(piece)),
            '-' | '0'..='9' => plain.push_str(&plain_number(piece)),
            '[' | '{' => depth += 1,
            ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if !matches!(first, '"' | '-' | '0'..='9') {
            plain.push(first);
        }
        deepest = deepest.max(depth);
        rest = after;
    }
    if deepest > MAX_DEPTH {
        return;
    }
    let plain = serde_json::from_str::<Value>(&plain);
    let plain = plain.unwrap_or_else(|_| panic!("no JSON, but read: {text}: {error}"));
    assert!(!is_finite(ours) || same(ours, &plain, 0), "read differently: {text}");
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

/// A string in which halves of pairs are the character for what is none.
fn without_halves(string: &str) -> String {
    let mut out = String::new();
    let mut rest = string;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let is_pair = matches!(
            (unit(escape), escape.get(6..).and_then(unit)),
            (Some(0xd800..0xdc00), Some(0xdc00..0xe000))
        );
        let length = match unit(escape) {
            _ if is_pair => 12,
            Some(0xd800..0xe000) => 6,
            // An escape sign and what it escapes stay together.
            _ => escape.chars().take(2).map(char::len_utf8).sum(),
        };
        let is_half = length == 6;
        out.push_str(if is_half { "\u{fffd}" } else { &escape[..length] });
        rest = &escape[length..];
    }
    out + rest
}

/// The unit that an escape by number begins with.
fn unit(escape: &str) -> Option<u32> {
    let digits = escape.strip_prefix("\\u")?.get(..4)?;
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hex { u32::from_str_radix(digits, 16).ok() } else { None }
}

/// A number as programming languages write it (zeros before it, nothing behind its point, too large) as JSON has it;
/// what is none stays as it is.
fn plain_number(word: &str) -> String {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let positive = word.strip_prefix('-').unwrap_or(word);
    let (mantissa, exponent) = positive.split_once(['e', 'E']).unwrap_or((positive, "0"));
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let is_lax = !whole.is_empty()
        && digits(whole)
        && digits(part)
        && !exponent.is_empty()
        && digits(exponent);
    match word.parse::<f64>() {
        Ok(number) if is_lax && number.is_finite() => format!("{number:e}"),
        Ok(_) if is_lax => "0".to_owned(),
        _ => word.to_owned(),
    }
}
