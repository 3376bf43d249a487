//! libFuzzer's way into `northbound_fuzz::sign`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| northbound_fuzz::sign::run(data));
