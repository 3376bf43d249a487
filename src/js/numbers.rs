//! Numbers that are no small integers, as the engine reads and writes them.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The shortest text that reads back as `number`.
    #[wasm_bindgen(js_name = String)]
    pub fn written(number: f64) -> String;

    /// The number that is closest to `text`; not a number where that is none.
    #[wasm_bindgen(js_name = Number)]
    pub fn read(text: &str) -> f64;
}
