//! libFuzzer's way into `northbound_fuzz::session`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| northbound_fuzz::session::run(data));
