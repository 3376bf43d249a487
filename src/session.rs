//! When to send, and with which token: the next [`Step`] of a call, as a plain state machine.
//!
//! What holds, each sentence a test in `tests/it/session.rs`:
//!
//! - Calls that need a token while there is none wait for one login together.
//! - A token that the platform refused is given up only while it is still the newest; a call that was
//!   refused an older one uses the newest.
//! - A refused call logs in again at most once and is sent again at most once; that is no retry.
//! - A token that the caller brought is never renewed, and its refusal changes nothing here.
//! - A failed login is told to all that wait for it and is not remembered.
//! - A login goes on while anybody waits for it; when the last one leaves, it is given up.

pub mod retry;
pub mod token;

use crate::error::Error;
use crate::huawei::TOKEN_REFUSED;
use crate::types::{Now, Secret};
use token::{Renewal, Tokens};

/// What a call does next.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// Send the request with this token.
    Send(Secret),
    /// Wait for a new token, which somebody obtains in this way; then ask again.
    Park(Renewal),
}

/// One call's way to an answer.
#[derive(Debug)]
pub struct Call {
    own_token: Option<Secret>,
    sent: Option<Secret>,
    healed: bool,
}

impl Call {
    /// A call that brings a token of its own, or uses the session's.
    pub const fn new(own_token: Option<Secret>) -> Self {
        Self { own_token, sent: None, healed: false }
    }

    /// The first step, and the one after a wait.
    pub fn start(&mut self, tokens: &Tokens, now: Now) -> Step {
        match (&self.own_token, tokens.live(now)) {
            (Some(own), _) => self.send(own.clone()),
            (None, Some(live)) => self.send(live.access_token.clone()),
            (None, None) => Step::Park(Renewal::Login),
        }
    }

    /// The step after a new token was obtained: it is used, however short its life.
    pub fn obtained(&mut self, token: Secret) -> Step {
        self.send(token)
    }

    /// The step that mends a call whose token was refused; none if it was not, or not for the first
    /// time, or the token is the caller's own.
    pub fn refused(&mut self, error: &Error, tokens: &mut Tokens, now: Now) -> Option<Step> {
        let rejected = self.sent.take().filter(|_| self.own_token.is_none())?;
        if self.healed || !is_token_refused(error) {
            return None;
        }
        self.healed = true;
        tokens.reject(&rejected);
        Some(self.start(tokens, now))
    }

    fn send(&mut self, token: Secret) -> Step {
        self.sent = Some(token.clone());
        Step::Send(token)
    }
}

/// Whether an error says that the token is not, or no longer, good. Both dialects know the code.
pub fn is_token_refused(error: &Error) -> bool {
    error.code() == Some(TOKEN_REFUSED)
}
