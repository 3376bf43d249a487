//! Fuzz targets of the core, each a function of bytes that panics where a promise is broken.
//!
//! libFuzzer runs them through `fuzz_targets/`; `tests/replay.rs` runs what is kept of it, and all that was ever
//! found, without libFuzzer.

pub mod arguments;
pub mod decode;
pub mod json;
pub mod policies;
pub mod seeds;
pub mod session;
pub mod sign;

mod echo;
mod operations;
mod parts;
mod reference;
mod requests;
mod world;

/// A target by its name.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: [Target; 6] = [
    ("json", json::run),
    ("decode", decode::run),
    ("sign", sign::run),
    ("policies", policies::run),
    ("session", session::run),
    ("arguments", arguments::run),
];
