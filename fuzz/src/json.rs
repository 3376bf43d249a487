//! The core's reader of JSON against `serde_json`: what that calls JSON is read, what it refuses is refused, and the
//! values are the same.

use northbound::json::Json;
use serde::de::IgnoredAny;
use serde_json::Value;

/// Levels that are read; what lies deeper counts as null.
const MAX_DEPTH: usize = 32;

/// Fails where the two disagree, or where what was read is not written again.
pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let ours = Json::parse(&text);
    // Asked for no value, it takes all that is JSON; asked for one, neither halves of surrogate pairs nor numbers
    // beyond all numbers, nor what lies very deep.
    let is_json = serde_json::from_str::<IgnoredAny>(&text).is_ok();
    assert_eq!(ours.is_some(), is_json, "{text}");
    let Some(ours) = ours else { return };
    if let Ok(theirs) = serde_json::from_str::<Value>(&text) {
        assert!(same(&ours, &theirs, 0), "read differently: {text}");
    }
    let written = written(&ours);
    let again = Json::parse(&written).expect("what was written is JSON");
    assert!(again == ours, "{written}");
    let theirs: Value = serde_json::from_str(&written).expect("what was written is JSON");
    assert!(same(&ours, &theirs, 0), "{written}");
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
