//! What the tests share: answers as a host reads them, and the application that asks.

use northbound::address::Surroundings;
use northbound::error::catalogue::Entry;
use northbound::fields::Fields;
use northbound::huawei::ClientInfo;
use northbound::json::Json;
use northbound::response::{Body, Response};
use serde_json::Value;

/// Whether an entry says what a row of the committed table says.
pub(crate) fn is_row(row: &Value, entry: &Entry) -> bool {
    let operations: Vec<&str> =
        row["operations"].as_array().unwrap().iter().map(|o| o.as_str().unwrap()).collect();
    row["status"] == entry.status
        && row["code"] == entry.code
        && row["message"] == entry.texts.message
        && row["meaning"] == entry.texts.meaning
        && row["remedy"] == entry.texts.remedy
        && row["action"] == entry.action.as_str()
        && row["retryable"] == entry.retryable
        && same_operations(&operations, entry)
}

fn same_operations(names: &[&str], entry: &Entry) -> bool {
    let sorted = |mut names: Vec<String>| {
        names.sort_unstable();
        names
    };
    let documented = sorted(names.iter().map(|name| (*name).to_owned()).collect());
    documented == sorted(entry.operations().map(ToOwned::to_owned).collect())
}

pub(crate) fn json(text: &str) -> Json {
    Json::parse(text).unwrap_or_else(|| panic!("no JSON: {text}"))
}

pub(crate) fn fields(text: &str) -> Fields {
    Fields::of("input", json(text)).unwrap()
}

pub(crate) fn text(value: &Json) -> String {
    let mut out = String::new();
    value.write(&mut out);
    out
}

pub(crate) fn answer(status: u16, body: &str) -> Response {
    let body = Body::read(body.to_owned());
    Response::new(status, Vec::new(), body)
}

pub(crate) fn application() -> ClientInfo {
    let input =
        r#"{"appId":"app1","secret":"s+e/c=r&t%","platformIp":"10.0.0.1","platformPort":8743}"#;
    ClientInfo::read(fields(input), &Surroundings::default()).unwrap()
}
