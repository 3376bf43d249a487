//! What is sent again: within its attempts and its time, and never where nobody knows what the platform did.

use arbitrary::Arbitrary;
use northbound::endpoint::AfterLoss;
use northbound::error::{Cause, Error, Refusal, Unreadable};
use northbound::session::retry::{Retry, RetryOptions, is_loss};

use super::at;
use crate::parts::some;

/// A call that is tried until it succeeds or is given up.
#[derive(Arbitrary, Debug)]
pub(super) struct Tries {
    most: u8,
    base_delay_ms: u16,
    max_delay_ms: u16,
    total_ms: u16,
    timeout_ms: u16,
    after_loss: u8,
    #[arbitrary(with = some)]
    steps: Vec<Attempt>,
}

/// How one of them goes.
#[derive(Arbitrary, Debug)]
struct Attempt {
    /// How long it takes of what it is allowed, in 255ths.
    takes: u8,
    /// How it fails.
    failure: u8,
    retry_after_ms: Option<u32>,
    chance: u16,
    /// Time that does not count: for a token or a turn.
    queued_ms: u16,
    calendar_ms: i32,
}

impl Attempt {
    fn error(&self) -> Error {
        let wait_ms = self.retry_after_ms.map(f64::from);
        let status = [200, 400, 401, 403, 429, 500, 502, 503][usize::from(self.failure >> 3) % 8];
        match self.failure % 5 {
            0 => Error::Network(Cause::default()),
            1 => Error::Timeout { timeout_ms: 1 },
            2 => {
                let mut unreadable = Unreadable::new(status, "is odd".to_owned(), String::new());
                unreadable.retry_after_ms = wait_ms;
                Error::Decode(Box::new(unreadable))
            }
            3 => Error::Internal("odd"),
            _ => {
                let mut refusal = Refusal::new(status, "x".to_owned(), String::new());
                refusal.retry_after_ms = wait_ms;
                Error::Platform(Box::new(refusal))
            }
        }
    }
}

impl Tries {
    pub(super) fn run(&self) {
        let options = RetryOptions::new(
            u32::from(self.most).max(1),
            self.base_delay_ms.into(),
            self.max_delay_ms.into(),
            self.total_ms.into(),
        );
        let after_loss = [
            AfterLoss::SendAgain,
            AfterLoss::Gone,
            AfterLoss::Find,
            AfterLoss::Compare,
            AfterLoss::Unknown("look"),
            AfterLoss::SendAgainOrLook("look"),
        ][usize::from(self.after_loss) % 6];
        let (mut now, mut calendar, mut counting) = (0.0, 0.0, 0.0);
        let mut retry = Retry::new(options, at(now, calendar));
        let (mut lost, mut sends) = (false, 0);
        for step in &self.steps {
            calendar += f64::from(step.calendar_ms);
            let queued = f64::from(step.queued_ms);
            now += queued;
            retry.forgive(queued);
            let limit = retry.limit(self.timeout_ms.into(), at(now, calendar));
            let left = options.total_ms - counting;
            if retry.enabled() {
                assert!(
                    f64::from(limit) <= left.max(1.0),
                    "{limit} ms allowed where {left} are left"
                );
                assert!(self.timeout_ms == 0 || limit <= self.timeout_ms.into());
            } else {
                assert_eq!(limit, u32::from(self.timeout_ms));
            }
            let took = (f64::from(limit) * f64::from(step.takes) / 255.0).round();
            now += took;
            counting += took;
            sends += 1;
            retry.sent();
            let error = step.error();
            let chance = f64::from(step.chance) / 65_536.0;
            let delay = retry.after(&error, after_loss, at(now, calendar), chance);
            lost |= is_loss(&error);
            assert_eq!(retry.lost(), lost);
            let Some(delay_ms) = delay else { return };
            assert!(sends < options.attempts, "attempt {sends} of {}", options.attempts);
            assert_delay(delay_ms, &error, options, after_loss);
            now += delay_ms;
            counting += delay_ms;
            assert!(counting < options.total_ms, "tried for longer than allowed");
        }
    }
}

/// Whether a failure may be tried again, and not before the server allows.
fn assert_delay(delay_ms: f64, error: &Error, options: RetryOptions, after_loss: AfterLoss) {
    assert!(error.retryable(), "{error:?} is tried again");
    let in_doubt = is_loss(error) && matches!(after_loss, AfterLoss::Unknown(_));
    assert!(!in_doubt, "sent again in spite of doubt");
    let asked = match error {
        Error::Platform(refusal) => refusal.retry_after_ms,
        Error::Decode(unreadable) => unreadable.retry_after_ms,
        _ => None,
    };
    assert!(asked.is_none_or(|asked| delay_ms >= asked), "sooner than the server asked for");
    assert!(asked.is_some() || delay_ms <= options.max_delay_ms, "{delay_ms}");
}
