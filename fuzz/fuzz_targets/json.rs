//! libFuzzer's way into `northbound_fuzz::json`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| northbound_fuzz::json::run(data));
