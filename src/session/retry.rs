//! Which failure is sent again, and after how long.
//!
//! A retry needs two answers. Can it help? [`Error::retryable`] and the catalogue's action say so. May
//! it be sent again although nobody knows whether the platform acted? [`AfterLoss`] says that, for
//! every operation, in one table:
//!
//! | operation | after a lost answer |
//! | --- | --- |
//! | status, get, list, query, login | it is sent again |
//! | `refreshDeviceKey` | it is sent again: the newest code is the answer |
//! | `deleteDirectDevice`, `unRegisterDeviceCredential` | it is sent again; not found is then success |
//! | `regDirectDevice` | it is sent again with a `verifyCode` of the caller's; without one, or if the device is registered then, the outcome is unknown |
//! | `refreshDeviceCredential` | the credential is compared with the one from before the first attempt |
//! | `registerDeviceCredential` | it is sent again; an existing credential counts if it is not older than the first attempt |
//! | `applyToken`, `revokeToken` | it is sent again: tokens do not exclude each other |

use crate::endpoint::AfterLoss;
use crate::error::Error;
use crate::error::catalogue::Action;
use crate::types::Now;

/// How often and for how long a call is tried.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct RetryOptions {
    /// Sends in all, the first included.
    pub attempts: u32,
    /// The longest first wait, in milliseconds.
    pub base_delay_ms: f64,
    /// The longest wait.
    pub max_delay_ms: f64,
    /// Time for all attempts and waits together.
    pub total_ms: f64,
}

impl Default for RetryOptions {
    fn default() -> Self {
        Self { attempts: 3, base_delay_ms: 250.0, max_delay_ms: 10_000.0, total_ms: 60_000.0 }
    }
}

impl RetryOptions {
    /// No retries.
    pub const NONE: Self =
        Self { attempts: 1, base_delay_ms: 0.0, max_delay_ms: 0.0, total_ms: 0.0 };

    /// The options with these values.
    pub const fn new(attempts: u32, base_delay_ms: f64, max_delay_ms: f64, total_ms: f64) -> Self {
        Self { attempts, base_delay_ms, max_delay_ms, total_ms }
    }
}

/// The retries of one call.
#[derive(Clone, Debug)]
pub struct Retry {
    options: RetryOptions,
    started: Now,
    tried: u32,
    lost: bool,
    /// Time that does not count, in milliseconds.
    forgiven_ms: f64,
}

impl Retry {
    /// The retries of a call that begins at `now`.
    pub const fn new(options: RetryOptions, now: Now) -> Self {
        Self { options, started: now, tried: 0, lost: false, forgiven_ms: 0.0 }
    }

    /// Counts anew for another request of the same call, within the same time; what was counted so far
    /// is for [`Self::count_on`].
    pub const fn count_anew(&mut self) -> (u32, bool) {
        let counted = (self.tried, self.lost);
        (self.tried, self.lost) = (0, false);
        counted
    }

    /// Goes on with the request before that.
    pub const fn count_on(&mut self, counted: (u32, bool)) {
        (self.tried, self.lost) = counted;
    }

    /// Counts a send.
    pub const fn sent(&mut self) -> u32 {
        self.tried = self.tried.saturating_add(1);
        self.tried
    }

    /// Notes that an answer was lost in a way that its error does not tell.
    pub const fn note_loss(&mut self) {
        self.lost = true;
    }

    /// Lets a wait not count that is no consequence of a failure: for the throttle, or for a token.
    pub const fn forgive(&mut self, waited_ms: f64) {
        self.forgiven_ms += waited_ms;
    }

    fn spent_ms(&self, now: Now) -> f64 {
        (now.steady_since(self.started) - self.forgiven_ms).max(0.0)
    }

    /// Whether an answer was lost on the way here.
    pub const fn lost(&self) -> bool {
        self.lost
    }

    /// Whether more than one send is allowed at all.
    pub const fn enabled(&self) -> bool {
        self.options.attempts > 1
    }

    /// Whether there is time for one more request of the call.
    pub fn has_time(&self, now: Now) -> bool {
        !self.enabled() || self.spent_ms(now) < self.options.total_ms
    }

    /// The time that one attempt is allowed: its own, and no more than what is left for all of them.
    pub fn limit(&self, timeout_ms: u32, now: Now) -> u32 {
        if !self.enabled() {
            return timeout_ms;
        }
        let left = (self.options.total_ms - self.spent_ms(now)).clamp(1.0, f64::from(u32::MAX));
        #[expect(
            clippy::as_conversions,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to what a u32 holds"
        )]
        let left = left as u32;
        if timeout_ms == 0 { left } else { timeout_ms.min(left) }
    }

    /// How long to wait before the next send, or that there is none. `chance` is of 0 to 1, without 1:
    /// full jitter, since many clients that failed together would else come back together.
    pub fn after(
        &mut self,
        error: &Error,
        after_loss: AfterLoss,
        now: Now,
        chance: f64,
    ) -> Option<f64> {
        let loss = is_loss(error);
        self.lost |= loss;
        if !may_help(error) || self.tried >= self.options.attempts {
            return None;
        }
        if loss && matches!(after_loss, AfterLoss::Unknown(_)) {
            return None;
        }
        let doublings = self.tried.saturating_sub(1).min(30);
        let longest = self.options.base_delay_ms * f64::from(1_u32 << doublings);
        let jittered = (longest.min(self.options.max_delay_ms) * chance).round();
        let delay = jittered.max(asked_to_wait(error));
        (self.spent_ms(now) + delay < self.options.total_ms).then_some(delay)
    }
}

/// Whether a failure leaves open what the platform did.
pub const fn is_loss(error: &Error) -> bool {
    match error {
        Error::Network(_) | Error::Timeout { .. } | Error::Decode(_) => true,
        Error::Platform(refusal) => refusal.status >= 500,
        Error::Credentials(_) | Error::Internal(_) | Error::InvalidArgument(_) => false,
    }
}

/// Whether the platform says that there is nothing of the kind, which after a lost answer to a removal
/// means that it was done.
pub fn is_gone(error: &Error) -> bool {
    const NOT_FOUND: [&str; 3] = ["100403", "100418", "DeviceCredentialNotFound"];
    error.code().is_some_and(|code| NOT_FOUND.contains(&code))
}

/// Whether the platform says that there is such a device, which after a lost answer to a registration may
/// be that one's own doing.
pub fn is_there(error: &Error) -> bool {
    error.code() == Some("100416")
}

/// Whether the same call, later, may succeed. What needs a new token or a corrected clock is not
/// mended by waiting.
fn may_help(error: &Error) -> bool {
    let waiting_helps = match error {
        Error::Platform(refusal) => {
            !matches!(refusal.action(), Action::LoginAgain | Action::FixInput)
        }
        Error::Decode(_) | Error::Network(_) | Error::Timeout { .. } => true,
        Error::Credentials(_) | Error::Internal(_) | Error::InvalidArgument(_) => false,
    };
    error.retryable() && waiting_helps
}

/// How long the server asks to wait, in milliseconds; 0 if it does not.
fn asked_to_wait(error: &Error) -> f64 {
    match error {
        Error::Platform(refusal) => refusal.retry_after_ms.unwrap_or(0.0),
        Error::Decode(unreadable) => unreadable.retry_after_ms.unwrap_or(0.0),
        Error::Credentials(_)
        | Error::Internal(_)
        | Error::InvalidArgument(_)
        | Error::Network(_)
        | Error::Timeout { .. } => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::error::{Cause, Refusal, Unreadable};

    const AGAIN: AfterLoss = AfterLoss::SendAgain;

    fn at(ms: f64) -> Now {
        Now::new(ms, ms)
    }

    fn lost() -> Error {
        Error::Network(Cause::default())
    }

    fn refused(status: u16, retry_after_ms: Option<f64>) -> Error {
        let mut refusal = Refusal::new(status, "x".into(), String::new());
        refusal.retry_after_ms = retry_after_ms;
        Error::Platform(Box::new(refusal))
    }

    #[test]
    fn waits_double_up_to_the_longest_and_end_with_the_attempts() {
        let mut retry = Retry::new(RetryOptions::new(5, 100.0, 300.0, 60_000.0), at(0.0));
        let mut delays = Vec::new();
        for _ in 0..6 {
            retry.sent();
            delays.push(retry.after(&lost(), AGAIN, at(0.0), 0.999).map(|ms| ms.to_string()));
        }
        let expected = ["100", "200", "300", "300"].map(|ms| Some(ms.to_owned()));
        assert_eq!(delays[..4], expected);
        assert_eq!(delays[4..], [None, None]);
    }

    #[test]
    fn a_server_that_asks_to_wait_is_obeyed_unless_the_budget_is_too_small() {
        let mut retry = Retry::new(RetryOptions::default(), at(0.0));
        retry.sent();
        assert_eq!(retry.after(&refused(503, Some(9_000.0)), AGAIN, at(0.0), 0.0), Some(9_000.0));
        assert_eq!(retry.after(&refused(503, Some(61_000.0)), AGAIN, at(0.0), 0.0), None);
    }

    #[test]
    fn an_attempt_gets_no_more_time_than_is_left_for_all() {
        let retry = Retry::new(RetryOptions::new(3, 0.0, 0.0, 1_000.0), at(0.0));
        assert_eq!(retry.limit(300, at(0.0)), 300);
        assert_eq!(retry.limit(300, at(900.0)), 100);
        assert_eq!(retry.limit(0, at(400.0)), 600);
        assert_eq!(retry.limit(300, at(5_000.0)), 1);
        assert_eq!(Retry::new(RetryOptions::NONE, at(0.0)).limit(300, at(9.0)), 300);
    }

    #[test]
    fn another_request_counts_its_own_sends_and_shares_the_time() {
        let mut retry = Retry::new(RetryOptions::new(2, 0.0, 0.0, 1_000.0), at(0.0));
        for _ in 0..2 {
            retry.sent();
            retry.after(&lost(), AGAIN, at(300.0), 0.0);
        }
        let counted = retry.count_anew();
        assert!(!retry.lost());
        retry.sent();
        assert_eq!(retry.after(&lost(), AGAIN, at(400.0), 0.0), Some(0.0));
        assert_eq!(retry.limit(0, at(400.0)), 600);
        assert!(retry.has_time(at(999.0)) && !retry.has_time(at(1_000.0)));
        retry.count_on(counted);
        assert!(retry.lost());
        assert_eq!(retry.after(&lost(), AGAIN, at(400.0), 0.0), None, "both attempts were made");
        assert!(Retry::new(RetryOptions::NONE, at(0.0)).has_time(at(9.0)), "it has no total");
    }

    #[test]
    fn an_unknown_outcome_is_not_sent_again_but_a_refusal_is() {
        let unknown = AfterLoss::Unknown("look");
        let mut retry = Retry::new(RetryOptions::default(), at(0.0));
        retry.sent();
        assert_eq!(retry.after(&lost(), unknown, at(0.0), 0.0), None);
        assert!(retry.lost());
        assert_eq!(retry.after(&refused(429, None), unknown, at(0.0), 0.0), Some(0.0));
    }

    #[test]
    fn what_waiting_does_not_mend_is_not_sent_again() {
        let mut retry = Retry::new(RetryOptions::default(), at(0.0));
        retry.sent();
        let page = Error::Decode(Box::new(Unreadable::new(404, String::new(), String::new())));
        for error in [refused(400, None), page, Error::Internal("")] {
            assert_eq!(retry.after(&error, AGAIN, at(0.0), 0.0), None, "{error:?}");
        }
    }

    proptest! {
        #[test]
        fn no_wait_ends_beyond_the_budget(
            attempts in 1_u32..50,
            base in 0.0_f64..1e5,
            longest in 0.0_f64..1e5,
            total in 0.0_f64..1e5,
            chance in 0.0_f64..1.0,
            hint in proptest::option::of(0.0_f64..1e5),
        ) {
            let mut retry = Retry::new(RetryOptions::new(attempts, base, longest, total), at(0.0));
            let mut now = 0.0;
            let mut sends = 1;
            retry.sent();
            while let Some(delay) = retry.after(&refused(503, hint), AGAIN, at(now), chance) {
                prop_assert!(delay >= hint.unwrap_or(0.0));
                now += delay + 1.0;
                prop_assert!(now <= total + 1.0);
                sends += 1;
                retry.sent();
            }
            prop_assert!(sends <= attempts);
        }
    }
}
