//! libFuzzer's way into `northbound_fuzz::decode`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| northbound_fuzz::decode::run(data));
