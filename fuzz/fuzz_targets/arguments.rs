//! libFuzzer's way into `northbound_fuzz::arguments`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| northbound_fuzz::arguments::run(data));
