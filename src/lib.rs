//! Client for the application-side ("northbound") HTTP APIs of IoT platforms.
//!
//! ```text
//!               ┌──────────── session policies ────────────┐
//!               │  token: have one?         refused: heal?  │
//!               └───────┬────────────────────────▲─────────┘
//!                       │ Step::Send             │ outcome
//!                       ▼                        │
//!  operation ──▶ request ──▶ transport ──▶ response ──▶ decode ──▶ output | error
//! ```
//!
//! The core does no I/O, reads no clock and rolls no dice: the host lends it a
//! [`Host`](transport::Host). In scope: the operations of the two platforms, their sessions, their
//! errors. Out of scope: devices themselves, and whatever a platform pushes.
//!
//! From the bottom up, each module using only those above it:
//!
//! - [`text`]: what text is handled with, in little code
//! - [`types`]: secrets, moments, percent-encoding
//! - [`json`], [`fields`]: values as a tree, and members that say what is wrong with them
//! - [`error`]: what can go wrong, by who must act; [`error::catalogue`]: what platforms document
//! - [`redact`]: takes secrets out of foreign text
//! - [`address`]: where a platform is
//! - [`endpoint`], [`request`], [`response`], [`operation`]: what an operation is made of
//! - [`decode`]: what reading an answer means on every platform
//! - [`huawei`]: the northbound platform, a file per chapter of its reference
//! - [`aliyun`]: ApsaraMQ for MQTT, likewise
//! - [`catalogue`]: the errors of both as one list
//! - [`event`]: what a client tells while it works
//! - [`session`]: when to send, with which token
//! - [`options`]: how to call
//! - [`transport`]: the host's part, and the loop that drives a call
//! - `js`: the WebAssembly binding, compiled for that target alone
//!
//! ```
//! use northbound::fields::Fields;
//! use northbound::huawei::registration::REFRESH_DEVICE_KEY;
//! use northbound::json::Json;
//!
//! let input = Json::object([("deviceId", Some("dev-1".into())), ("timeout", Some(3600.into()))]);
//! let draft = REFRESH_DEVICE_KEY.draft(&mut Fields::of("input", input)?)?;
//! let request = draft.request("https://platform.example:8743", Vec::new());
//! assert_eq!(request.path, "/iocm/app/reg/v1.1.0/deviceCredentials/dev-1");
//! assert_eq!(request.body.as_deref(), Some(r#"{"timeout":3600}"#));
//! # Ok::<(), northbound::error::Error>(())
//! ```

pub mod address;
pub mod aliyun;
pub mod catalogue;
pub mod decode;
pub mod endpoint;

pub mod error;
pub mod event;
pub mod fields;
pub mod huawei;
pub mod json;
pub mod operation;
pub mod options;
pub mod redact;
pub mod request;
pub mod response;
pub mod session;
pub mod text;
pub mod transport;
pub mod types;

#[cfg(target_arch = "wasm32")]
pub mod js;
