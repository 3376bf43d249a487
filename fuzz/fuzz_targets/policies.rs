//! libFuzzer's way into `northbound_fuzz::policies`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| northbound_fuzz::policies::run(data));
