//! The WebAssembly binding: convert, call, convert. It has no opinions.
//!
//! The public classes stand in `js/api.js`, around the ones exported from here: they check `this` and
//! copy arguments to plain data (`js/arguments.js`) before WebAssembly is entered. So all values that arrive here are
//! plain data or functions, and reading them runs no code of a user's.

pub mod client;
pub mod convert;
pub mod error;
pub mod fetch;
pub mod requests;
