//! When to send, and with which token: policies as plain state machines, which are told the time.
//!
//! - [`token`]: how good the newest token is, and when it is renewed
//! - [`sharing`]: who of those that share a token may log in
//! - [`throttle`]: how many calls may go out
//! - [`retry`]: which failure is sent again
//! - [`Call`]: one call's way through them
//!
//! What holds of a call, each sentence a test in `tests/it/session.rs`:
//!
//! - Calls that need a token while there is none wait for one login together.
//! - A token that the platform refused is given up only while it is still the newest; a call that was
//!   refused an older one uses the newest.
//! - A refused call waits for at most one login and is then sent again once; that is no retry. Where
//!   another sharer's token is there instead, that is tried; a call is sent again three times at most.
//! - A token that the caller brought is never renewed, and its refusal changes nothing here.
//! - A failed login is told to all that wait for it and is not remembered.
//! - A login goes on while anybody waits for it; when the last one leaves, it is given up.
//! - A token is renewed in the background before it ends, while calls go on with it.
//! - A renewal ahead of time that fails is told as a warning and fails no call while the token lives.

pub mod retry;
pub mod sharing;
pub mod throttle;
pub mod token;

use crate::error::Error;
use crate::huawei::TOKEN_REFUSED;
use crate::types::{Now, Secret};
use token::{Renewal, Standing, Tokens};

/// How often a refused call is sent again at most, with the tokens of others or that of a login.
const MOST_HEALS: u32 = 3;

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
    heals: u32,
    /// Whether it was refused and has then waited for a login.
    renewed: bool,
}

impl Call {
    /// A call that brings a token of its own, or uses the session's.
    pub const fn new(own_token: Option<Secret>) -> Self {
        Self { own_token, sent: None, heals: 0, renewed: false }
    }

    /// The first step, and the one after a wait.
    pub fn start(&mut self, tokens: &Tokens, now: Now) -> Step {
        if let Some(own) = &self.own_token {
            return self.send(own.clone());
        }
        match tokens.live(now) {
            Some(_) if tokens.standing(now) == Standing::Ending && tokens.is_renewal_due(now) => {
                Step::Park(Renewal::Ahead)
            }
            Some(live) => self.send(live.access_token.clone()),
            None => Step::Park(Renewal::Login),
        }
    }

    /// The token to send after one was obtained: that one, however short its life. `fresh` says that the
    /// platform has just issued it, to whomever.
    pub fn obtained(&mut self, token: Secret, fresh: bool) -> Secret {
        self.renewed |= fresh && self.heals > 0;
        self.sent = Some(token.clone());
        token
    }

    /// The token to send after a renewal failed: the present one, if it still lives.
    pub fn not_obtained(&mut self, tokens: &Tokens, now: Now) -> Option<Secret> {
        self.sent = Some(tokens.live(now)?.access_token.clone());
        self.sent.clone()
    }

    /// Whether a call is to be started again because its token was refused. It is not if it was not, or
    /// the token is the caller's own, or it was refused in spite of a login.
    pub fn refused(&mut self, error: &Error, tokens: &mut Tokens) -> bool {
        let rejected = self.sent.take().filter(|_| self.own_token.is_none());
        let Some(rejected) = rejected.filter(|_| is_token_refused(error)) else { return false };
        tokens.reject(&rejected);
        if self.renewed || self.heals >= MOST_HEALS {
            return false;
        }
        self.heals += 1;
        true
    }

    /// Whether it would still go out with this token.
    pub fn would_send(&self, token: &Secret, tokens: &Tokens, now: Now) -> bool {
        let newest = tokens.live(now).map(|live| &live.access_token);
        self.own_token.is_some() || newest == Some(token)
    }

    /// Whether it was started again.
    pub const fn was_mended(&self) -> bool {
        self.heals > 0
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
