//! What a client tells while it works, so that a console can draw it and a server can count it.

use crate::endpoint::Method;
use crate::json::Json;

/// Something that happened. `call` numbers the calls of one client.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// A request goes out.
    Request {
        /// The call that it belongs to.
        call: u32,
        /// Its operation; a login made for another call is named itself.
        operation: &'static str,
        /// From 1.
        attempt: u32,
        /// Its method.
        method: Method,
        /// Its path, without query.
        path: String,
    },
    /// An answer came in, whatever it says.
    Response {
        /// The call that it belongs to.
        call: u32,
        /// Its operation.
        operation: &'static str,
        /// From 1.
        attempt: u32,
        /// HTTP status.
        status: u16,
        /// Milliseconds since the request went out.
        duration_ms: f64,
        /// The platform's name of the request, if it tells one in a header.
        request_id: Option<String>,
    },
    /// A request got no answer.
    Failure {
        /// The call that it belongs to.
        call: u32,
        /// Its operation.
        operation: &'static str,
        /// From 1.
        attempt: u32,
        /// The error's kind, or `aborted`.
        kind: &'static str,
        /// Milliseconds since the request went out.
        duration_ms: f64,
    },
    /// A request will be sent again.
    Retry {
        /// The call that it belongs to.
        call: u32,
        /// Its operation.
        operation: &'static str,
        /// The attempt that failed, from 1.
        attempt: u32,
        /// Milliseconds until the next one.
        delay_ms: f64,
        /// The kind of the error.
        kind: &'static str,
        /// The platform's code, if it said one.
        code: Option<String>,
    },
    /// Something is not as it should be, and is dealt with.
    Warning {
        /// `clock`, so far.
        about: &'static str,
        /// What, in a sentence.
        message: String,
    },
    /// A call is over.
    Done {
        /// The call.
        call: u32,
        /// Its operation.
        operation: &'static str,
        /// Attempts that were made for it, the first included; a login it waited for is its own call's.
        attempts: u32,
        /// `ok`, an error's kind, or `aborted`.
        outcome: &'static str,
        /// Milliseconds since the call was made.
        duration_ms: f64,
    },
    /// The token changed.
    Token {
        /// `login`, `refresh` or `rejected`.
        cause: &'static str,
        /// Life left, in milliseconds.
        life_ms: Option<f64>,
        /// How many tokens this client has had.
        generation: u32,
    },
}

impl Event {
    /// The event in the caller's terms.
    pub fn into_json(self) -> Json {
        match self {
            Self::Request { call, operation, attempt, method, path } => Json::object([
                ("type", Some("request".into())),
                ("call", Some(call.into())),
                ("operation", Some(operation.into())),
                ("attempt", Some(attempt.into())),
                ("method", Some(method.as_str().into())),
                ("path", Some(path.into())),
            ]),
            Self::Response { call, operation, attempt, status, duration_ms, request_id } => {
                Json::object([
                    ("requestId", request_id.map(Json::from)),
                    ("type", Some("response".into())),
                    ("call", Some(call.into())),
                    ("operation", Some(operation.into())),
                    ("attempt", Some(attempt.into())),
                    ("status", Some(f64::from(status).into())),
                    ("durationMs", Some(duration_ms.into())),
                ])
            }
            Self::Failure { call, operation, attempt, kind, duration_ms } => Json::object([
                ("type", Some("failure".into())),
                ("call", Some(call.into())),
                ("operation", Some(operation.into())),
                ("attempt", Some(attempt.into())),
                ("kind", Some(kind.into())),
                ("durationMs", Some(duration_ms.into())),
            ]),
            Self::Done { call, operation, attempts, outcome, duration_ms } => Json::object([
                ("type", Some("done".into())),
                ("call", Some(call.into())),
                ("operation", Some(operation.into())),
                ("attempts", Some(attempts.into())),
                ("outcome", Some(outcome.into())),
                ("durationMs", Some(duration_ms.into())),
            ]),
            Self::Retry { call, operation, attempt, delay_ms, kind, code } => Json::object([
                ("type", Some("retry".into())),
                ("call", Some(call.into())),
                ("operation", Some(operation.into())),
                ("attempt", Some(attempt.into())),
                ("delayMs", Some(delay_ms.into())),
                ("kind", Some(kind.into())),
                ("code", code.map(Json::from)),
            ]),
            Self::Warning { about, message } => Json::object([
                ("type", Some("warning".into())),
                ("about", Some(about.into())),
                ("message", Some(message.into())),
            ]),
            Self::Token { cause, life_ms, generation } => Json::object([
                ("type", Some("token".into())),
                ("cause", Some(cause.into())),
                ("lifeMs", life_ms.map(Json::from)),
                ("generation", Some(generation.into())),
            ]),
        }
    }
}
