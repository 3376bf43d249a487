//! `JsValue` to Rust and back; no other file looks inside a `JsValue`.

use wasm_bindgen::prelude::*;

use crate::fields::{Fields, Problem};
use crate::json::Json;
use crate::response::{Body, Response};
use crate::types::Secret;

#[wasm_bindgen(module = "/src/js/host.js")]
extern "C" {
    /// An answer, made by `answer` in `host.js`: plain data.
    pub type Answer;

    #[wasm_bindgen(method, getter)]
    fn status(this: &Answer) -> u16;
    #[wasm_bindgen(method, getter)]
    fn headers(this: &Answer) -> String;
    #[wasm_bindgen(method, getter)]
    fn body(this: &Answer) -> String;
    #[wasm_bindgen(method, getter, js_name = tooLarge)]
    fn too_large(this: &Answer) -> bool;
    #[wasm_bindgen(method, getter)]
    fn json(this: &Answer) -> JsValue;

    #[wasm_bindgen(js_name = makeResult)]
    fn make_result(text: &str, secrets: &str) -> JsValue;
}

/// Reads plain data; `None` is undefined.
pub fn from_js(value: JsValue) -> Option<Json> {
    if value.is_undefined() {
        return None;
    }
    // Only data that is none of JSON's fails, and `api.js` lets no such data through.
    serde_wasm_bindgen::from_value(value).ok()
}

/// The members of an argument that has to be there.
pub fn fields(place: &str, value: JsValue) -> Result<Fields, Problem> {
    match from_js(value) {
        Some(json) => Fields::of(place, json),
        None => Err(Problem::new(place, "is missing, expected an object")),
    }
}

/// The members of an argument that may be absent.
pub fn optional_fields(place: &str, value: JsValue) -> Result<Fields, Problem> {
    Fields::of_optional(place, from_js(value))
}

/// An answer in the core's terms.
pub fn response(answer: &Answer) -> Response {
    let headers = answer.headers();
    let headers = headers
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let body = if answer.too_large() {
        Body::TooLarge(answer.body())
    } else {
        Body::read(answer.body(), |_| from_js(answer.json()))
    };
    Response::new(answer.status(), headers, body)
}

/// A result as JavaScript has it; `secrets` are the names of members that printing masks.
pub fn result(json: &Json, secrets: &[&str]) -> JsValue {
    make_result(&text(json), &secrets.join(","))
}

/// A value as JSON.
pub fn text(json: &Json) -> String {
    let mut text = String::new();
    json.write(&mut text);
    text
}

/// Secrets as an array of strings.
pub fn secret_texts(secrets: &[Secret]) -> Vec<String> {
    secrets.iter().map(|secret| secret.reveal().to_owned()).collect()
}
