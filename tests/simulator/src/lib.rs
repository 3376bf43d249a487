//! A simulator of IoT platforms, for the tests and the demonstration of `northbound`.
//!
//! It shares no line with the library: both are written from the platform's documents, so that
//! agreement between them means something.
//!
//! ```text
//!  sockets ──▶ app ──▶ world ──▶ huawei::handle(state, now, request) ──▶ response
//!               │        ├── aliyun::handle(state, now, request) ──▶ response
//!  mqtt ───────────────────├── broker    who may connect, and what goes to whom
//!               │        ├── faults    what goes wrong with the answer
//!               │        └── journal   what was called
//!               └──▶ control           the /_sim API
//! ```
//!
//! - `exchange` request and response as plain data
//! - `huawei` the northbound platform: a pure function
//! - `aliyun` the platform of device credentials, `broker` its MQTT side: pure functions too
//! - `faults`, `journal`, `clock`, `wall_clock` what is the same for each platform
//! - `options` the command line; `world` puts all of it together
//! - `control` the API that tests steer it with
//! - `app`, `delivery`, `certificates`, `sockets`, `zero_length` HTTP around it; `mqtt` the broker's sockets

mod aliyun;
mod app;
mod broker;
mod certificates;
mod clock;
mod control;
mod delivery;
mod exchange;
mod faults;
mod huawei;
mod journal;
mod mqtt;
mod options;
mod sockets;
#[cfg(test)]
mod tests;
mod wall_clock;
mod world;
mod zero_length;

pub use app::{Entrance, Mount, app};
pub use options::Options;
pub use sockets::{Running, start};
pub use world::Simulator;
