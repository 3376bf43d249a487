//! Our errors as JavaScript's.

use crate::error::{Cause, Error, FailedCall, Failure, Refusal};
use crate::js::fetch::Kept;
use crate::json::{Json, Members};

/// A failure as the members of a JavaScript error, its `kind` among them; `cause` is a number that
/// `host.js` knows.
pub fn fault(failure: &Failure) -> Json {
    let FailedCall { operation, attempts, error, .. } = &**failure;
    let mut members = Members::default();
    members.text("kind", error.kind());
    members.text("message", &failure.message());
    members.text("operation", operation);
    members.add("retryable", failure.retryable().into());
    members.number("attempts", f64::from(*attempts));
    match &**error {
        Error::Credentials(thrown) => {
            caused(&mut members, thrown);
            members.text("argument", "config.credentials");
        }
        Error::Decode(unreadable) => {
            members.number("status", f64::from(unreadable.status));
            members.text("excerpt", &unreadable.excerpt);
        }
        Error::Internal(_) => {}
        Error::InvalidArgument(problem) => members.text("argument", &problem.member),
        Error::Network(thrown) => caused(&mut members, thrown),
        Error::Platform(refusal) => refused(&mut members, refusal),
        Error::Timeout { timeout_ms } => members.number("timeoutMs", f64::from(*timeout_ms)),
    }
    members.into()
}

fn caused(members: &mut Members, thrown: &Cause) {
    if let Some(kept) = thrown.get::<Kept>() {
        members.number("cause", f64::from(kept.0));
    }
}

fn refused(members: &mut Members, refusal: &Refusal) {
    members.number("status", f64::from(refusal.status));
    members.text("code", &refusal.code);
    members.text("description", &refusal.description);
    // JavaScript has the texts: of an entry by its number, else the general ones.
    members.add("meaning", refusal.entry.map_or(Json::Null, |entry| entry.number.into()));
    members.add("remedy", refusal.advice.map_or(Json::Null, Json::from));
    members.text("action", refusal.action().as_str());
    members.maybe_text("requestId", refusal.request_id.as_deref());
    members.maybe_number("retryAfterMs", refusal.retry_after_ms);
}
