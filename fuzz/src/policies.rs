//! The session's policies by themselves: throttle, retry, tokens. Each is told any times, and has to keep what its
//! module says.

use arbitrary::{Arbitrary as _, Unstructured};
use northbound::types::Now;

mod retry;
mod throttle;
mod tokens;

/// Fails where a policy breaks its word.
pub fn run(data: &[u8]) {
    let mut input = Unstructured::new(data);
    let look = input.int_in_range(0..=2_u8).unwrap_or_default();
    // Too few bytes are no input.
    match look {
        0 => throttle::Volley::arbitrary_take_rest(input).map_or((), throttle::Volley::run),
        1 => retry::Tries::arbitrary_take_rest(input).map_or((), |tries| tries.run()),
        _ => tokens::Life::arbitrary_take_rest(input).map_or((), tokens::Life::run),
    }
}

/// A moment by both clocks; the calendar may be set to any time.
fn at(ms: f64, calendar_ms: f64) -> Now {
    Now::new(ms, ms + calendar_ms)
}
