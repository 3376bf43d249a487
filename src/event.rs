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
    /// A request waits for its turn.
    Throttle {
        /// The call that it belongs to.
        call: u32,
        /// Its operation.
        operation: &'static str,
        /// Milliseconds until it goes out, as far as that is known.
        delay_ms: f64,
        /// Calls of this client in the window that ends now.
        used: u32,
        /// Calls allowed in a window.
        calls: u32,
        /// The window, in milliseconds, without its slack.
        per_ms: f64,
    },
    /// Something is not as it should be, and is dealt with.
    Warning {
        /// `clock`, `renewal`, `throttle` or `token-store`.
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
        /// `login`, `refresh`, `shared` or `rejected`.
        cause: &'static str,
        /// Life left, in milliseconds.
        life_ms: Option<f64>,
        /// The token's number: the store's, or how many this client has had.
        generation: u32,
    },
}

impl Event {
    /// The event in the caller's terms.
    pub fn into_json(self) -> Json {
        match self {
            Self::Request { call, operation, attempt, method, path } => {
                let method = ("method", Some(method.as_str().into()));
                let path = ("path", Some(path.into()));
                of_call("request", call, operation, [attempt_of(attempt), method, path])
            }
            Self::Response { call, operation, attempt, status, duration_ms, request_id } => {
                let status = ("status", Some(f64::from(status).into()));
                let duration = ("durationMs", Some(duration_ms.into()));
                let request_id = ("requestId", request_id.map(Json::from));
                let rest = [attempt_of(attempt), status, duration, request_id];
                of_call("response", call, operation, rest)
            }
            Self::Failure { call, operation, attempt, kind, duration_ms } => {
                let kind = ("kind", Some(kind.into()));
                let duration = ("durationMs", Some(duration_ms.into()));
                of_call("failure", call, operation, [attempt_of(attempt), kind, duration])
            }
            Self::Done { call, operation, attempts, outcome, duration_ms } => {
                let attempts = ("attempts", Some(attempts.into()));
                let outcome = ("outcome", Some(outcome.into()));
                let duration = ("durationMs", Some(duration_ms.into()));
                of_call("done", call, operation, [attempts, outcome, duration])
            }
            Self::Retry { call, operation, attempt, delay_ms, kind, code } => {
                let delay = ("delayMs", Some(delay_ms.into()));
                let kind = ("kind", Some(kind.into()));
                let code = ("code", code.map(Json::from));
                of_call("retry", call, operation, [attempt_of(attempt), delay, kind, code])
            }
            Self::Throttle { call, operation, delay_ms, used, calls, per_ms } => {
                let delay = ("delayMs", Some(delay_ms.into()));
                let used = ("used", Some(used.into()));
                let calls = ("calls", Some(calls.into()));
                let per = ("perMs", Some(per_ms.into()));
                of_call("throttle", call, operation, [delay, used, calls, per])
            }
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

type Part = (&'static str, Option<Json>);

fn attempt_of(attempt: u32) -> Part {
    ("attempt", Some(attempt.into()))
}

/// An event that belongs to a call.
fn of_call<const N: usize>(
    kind: &'static str,
    call: u32,
    operation: &'static str,
    rest: [Part; N],
) -> Json {
    let first: [Part; 3] = [
        ("type", Some(kind.into())),
        ("call", Some(call.into())),
        ("operation", Some(operation.into())),
    ];
    let named = first.into_iter().chain(rest);
    let present = named.filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Json::Object(present.collect())
}
