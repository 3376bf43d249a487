//! Who of those that share a token may log in: one renewal's way through their store.
//!
//! A store keeps one token and gives the right to log in, a lease, to one of them at a time. What holds,
//! each sentence a test below:
//!
//! - Another token in the store is used as it is; only one that is known to be dead leads to a login.
//! - Before a login is sent the lease is still ours, with time to spare; else it is asked for anew.
//! - Who waits asks once more when 25 seconds are over, and then gives up.
//! - A store that refuses three new tokens in a row is no help: the third is used all the same.
//! - A renewal that can wait does not wait for others.
//! - A store that does not answer is asked again for 6 seconds; then the client goes on alone, unless
//!   its token still lives. One that says that asking again is useless is not asked again.
//! - Neither a calendar that is set nor a clock that stands still shortens or lengthens a wait.

use crate::session::token::Issued;
use crate::types::{Now, Secret};

/// Longest time that a store has for an answer, in milliseconds.
pub const ANSWER_MS: u32 = 2_000;

/// Longest time that a login under a lease may take, in milliseconds.
pub const LOGIN_MS: u32 = 8_000;

/// How long others are waited for, in milliseconds.
pub const PATIENCE_MS: u32 = 25_000;

/// Longest wait before a store is asked again, whatever it says, in milliseconds.
const LONGEST_WAIT_MS: f64 = 1_000.0;

/// How long a store that does not answer is asked again, in milliseconds.
pub const GRACE_MS: f64 = 6_000.0;

/// When a renewal ahead of time asks a store again that does not answer, in milliseconds.
const UNHURRIED_MS: f64 = 2_000.0;

/// How many new tokens in a row a store may refuse.
const MOST_REFUSALS: u32 = 3;

/// How long a lease is, and how it is kept.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Terms {
    /// How long a lease lasts that is not renewed, in milliseconds.
    pub lease_ms: f64,
    /// How often it is renewed while the login is under way; none: never.
    pub renew_every_ms: Option<f64>,
    /// What has to be left of it when a login is sent.
    pub spare_ms: f64,
}

impl Terms {
    /// A short lease, renewed each second: whoever dies with it holds up the others for 3 seconds.
    pub const RENEWED: Self =
        Self { lease_ms: 3_000.0, renew_every_ms: Some(1_000.0), spare_ms: 1_000.0 };

    /// A lease that outlasts a login, for hosts whose timers are held back in the background.
    pub const FIXED: Self = Self { lease_ms: 10_000.0, renew_every_ms: None, spare_ms: 8_000.0 };
}

/// What a store answers to who asks for the right to log in.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Acquired {
    /// A token that lives.
    Token(Box<Issued>),
    /// The right to log in, by its number.
    Lease(u32),
    /// Somebody else has it: ask again after so many milliseconds.
    Wait(f64),
}

/// What a renewal does next.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Next {
    /// Ask the store for the right to log in, telling which token is known to be dead.
    Ask,
    /// Wait so many milliseconds, then ask.
    Wait(f64),
    /// Log in, under this lease.
    Obtain(u32),
    /// Use this token.
    Use(Box<Issued>),
    /// Remember this token, and ask for the next one.
    Pass(Box<Issued>),
    /// Go on with the present token, and come back after so many milliseconds.
    Later(f64),
    /// Log in without the store.
    Alone,
    /// Nobody came back with a token.
    GiveUp,
}

/// One renewal.
#[derive(Debug)]
pub struct Sharing {
    terms: Terms,
    rejected: Option<Secret>,
    insists: bool,
    began: Now,
    /// How long it was told to wait, in milliseconds: clocks may stand still.
    waited_ms: f64,
    /// How often the store has not answered, and how long was waited for it.
    failures: u32,
    failed_ms: f64,
    /// How many new tokens it has refused.
    refusals: u32,
    /// Since when the lease is ours, counted from before it was asked for.
    held_since: Option<Now>,
}

impl Sharing {
    /// A renewal that begins. `rejected` is the newest token that is known, and dead or to be replaced;
    /// who `insists` is not served by a token that was there before.
    pub const fn new(terms: Terms, rejected: Option<Secret>, insists: bool, now: Now) -> Self {
        Self {
            terms,
            rejected,
            insists,
            began: now,
            waited_ms: 0.0,
            failures: 0,
            failed_ms: 0.0,
            refusals: 0,
            held_since: None,
        }
    }

    /// The token that is known to be dead.
    pub const fn rejected(&self) -> Option<&Secret> {
        self.rejected.as_ref()
    }

    /// The step after an answer to a question that was put at `asked`. `patient` is who has no token to
    /// go on with.
    pub fn answered(&mut self, answer: Acquired, asked: Now, now: Now, patient: bool) -> Next {
        (self.failures, self.failed_ms) = (0, 0.0);
        let spent_ms = now.steady_since(self.began).max(self.waited_ms);
        let left_ms = f64::from(PATIENCE_MS) - spent_ms;
        match answer {
            Acquired::Token(_) if self.insists && left_ms <= 0.0 => Next::GiveUp,
            Acquired::Token(token) if self.insists => {
                self.rejected = Some(token.pair.access_token.clone());
                Next::Pass(token)
            }
            Acquired::Token(token) => Next::Use(token),
            Acquired::Lease(generation) => {
                self.held_since = Some(asked);
                Next::Obtain(generation)
            }
            Acquired::Wait(delay_ms) if !patient => Next::Later(delay_ms),
            Acquired::Wait(_) if left_ms <= 0.0 => Next::GiveUp,
            Acquired::Wait(delay_ms) => {
                let delay_ms = delay_ms.clamp(1.0, LONGEST_WAIT_MS).min(left_ms);
                self.waited_ms += delay_ms;
                Next::Wait(delay_ms)
            }
        }
    }

    /// The step after the store gave a token that is known to be dead, but was not told so.
    pub fn passed_over(&mut self, token: Secret) -> Next {
        self.rejected = Some(token);
        self.waited_ms += 1.0;
        Next::Wait(1.0)
    }

    /// The step after a question without an answer; the store has not answered since `silent`. `useless`
    /// says that asking again is; `chance` is of 0 to 1.
    pub fn failed(
        &mut self,
        useless: bool,
        silent: Now,
        now: Now,
        patient: bool,
        chance: f64,
    ) -> Next {
        let failures = self.failures;
        self.failures = failures.saturating_add(1);
        if useless {
            return Next::Alone;
        }
        let spread = 0.5 + chance / 2.0;
        if !patient {
            // There is a token to go on with: no reason to end that of all others.
            return Next::Later((UNHURRIED_MS * spread).round());
        }
        // One failure may be a connection that was idle for long.
        if failures > 0 && now.steady_since(silent).max(self.failed_ms) >= GRACE_MS {
            return Next::Alone;
        }
        // 0.1 to 1 second, and not all at the same time.
        let longest_ms = f64::from(100_u32 << failures.min(4)).min(LONGEST_WAIT_MS);
        let delay_ms = (longest_ms * spread).round();
        self.failed_ms += delay_ms;
        Next::Wait(delay_ms)
    }

    /// Whether a login may be sent now: the lease is ours, with time to spare.
    pub fn may_send(&self, now: Now) -> bool {
        self.held_since
            .is_some_and(|since| now.since(since) + self.terms.spare_ms <= self.terms.lease_ms)
    }

    /// Notes what became of a lease that was asked, at `asked`, to last longer.
    pub fn renewed(&mut self, still_ours: bool, asked: Now) {
        self.held_since = still_ours.then_some(asked);
    }

    /// The step after a lease was lost before the login was sent.
    pub const fn lost(&mut self) -> Next {
        self.held_since = None;
        Next::Ask
    }

    /// The step after the store refused a new token, since somebody else got the right to log in
    /// meanwhile: one of the two has ended the other's. None: it does so each time.
    pub fn refused(&mut self, token: Secret) -> Option<Next> {
        self.refusals = self.refusals.saturating_add(1);
        if self.refusals >= MOST_REFUSALS {
            return None;
        }
        self.rejected = Some(token);
        self.insists = false;
        Some(self.lost())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::huawei::authentication::AuthOutDto;

    fn at(ms: f64) -> Now {
        Now::new(ms, ms)
    }

    fn token(text: &str) -> Issued {
        let mut input = crate::fields::Fields::of(
            "token",
            crate::json::Json::object([
                ("accessToken", Some(text.into())),
                ("refreshToken", Some("r".into())),
                ("scope", Some("default".into())),
                ("tokenType", Some("bearer".into())),
            ]),
        )
        .unwrap();
        let pair = AuthOutDto::read_members(&mut input, 60.0).unwrap();
        Issued::new(pair, 60_000.0, 60_000.0, 1)
    }

    fn renewal(terms: Terms) -> Sharing {
        Sharing::new(terms, Some(Secret::new("old".into())), false, at(0.0))
    }

    #[test]
    fn another_token_in_the_store_is_used_as_it_is() {
        let mut sharing = renewal(Terms::RENEWED);
        let answer = Acquired::Token(Box::new(token("new")));
        assert_eq!(
            sharing.answered(answer, at(0.0), at(1.0), true),
            Next::Use(Box::new(token("new")))
        );
    }

    #[test]
    fn who_insists_passes_over_a_token_that_was_there_and_asks_for_the_next() {
        let mut sharing = Sharing::new(Terms::RENEWED, None, true, at(0.0));
        let answer = Acquired::Token(Box::new(token("there")));
        assert_eq!(
            sharing.answered(answer, at(0.0), at(1.0), true),
            Next::Pass(Box::new(token("there")))
        );
        assert_eq!(sharing.rejected().map(Secret::reveal), Some("there"));
    }

    #[test]
    fn a_login_is_sent_only_under_a_lease_with_time_to_spare() {
        for (terms, good_until) in [(Terms::RENEWED, 2_000.0), (Terms::FIXED, 2_000.0)] {
            let mut sharing = renewal(terms);
            assert!(!sharing.may_send(at(0.0)));
            let next = sharing.answered(Acquired::Lease(7), at(0.0), at(900.0), true);
            assert_eq!(next, Next::Obtain(7));
            assert!(sharing.may_send(at(good_until)), "counted from before it was asked for");
            assert!(!sharing.may_send(at(good_until + 1.0)));
            sharing.renewed(true, at(1_000.0));
            assert!(sharing.may_send(at(good_until + 1_000.0)));
            sharing.renewed(false, at(2_000.0));
            assert!(!sharing.may_send(at(2_000.0)));
            assert_eq!(sharing.lost(), Next::Ask);
        }
    }

    #[test]
    fn a_clock_of_either_kind_that_ran_on_ends_a_lease() {
        let mut sharing = renewal(Terms::RENEWED);
        sharing.answered(Acquired::Lease(1), at(0.0), at(0.0), true);
        assert!(
            !sharing.may_send(Now::new(0.0, 2_001.0)) && !sharing.may_send(Now::new(2_001.0, 0.0))
        );
    }

    #[test]
    fn who_waits_asks_once_more_at_the_end_of_its_patience_and_then_gives_up() {
        let mut sharing = renewal(Terms::RENEWED);
        let mut waits = |now| sharing.answered(Acquired::Wait(50.0), at(now), at(now), true);
        assert_eq!(waits(0.0), Next::Wait(50.0));
        assert_eq!(waits(24_990.0), Next::Wait(10.0));
        assert_eq!(waits(25_000.0), Next::GiveUp);
    }

    #[test]
    fn a_calendar_that_jumps_ends_no_wait_and_a_clock_that_stands_still_makes_none_endless() {
        let mut sharing = renewal(Terms::RENEWED);
        let jumped = Now::new(0.0, 7_200_000.0);
        let mut wait = || sharing.answered(Acquired::Wait(1_000.0), jumped, jumped, true);
        assert_eq!(wait(), Next::Wait(1_000.0));
        assert_eq!((0..25).filter(|_| wait() == Next::GiveUp).count(), 1);
        let mut failing = renewal(Terms::RENEWED);
        let mut asks = 0;
        while failing.failed(false, at(0.0), at(0.0), true, 0.5) != Next::Alone {
            asks += 1;
        }
        assert!((8..20).contains(&asks), "{asks}");
    }

    #[test]
    fn a_renewal_that_can_wait_does_not_wait_for_others() {
        let mut sharing = renewal(Terms::RENEWED);
        let answer = sharing.answered(Acquired::Wait(50.0), at(0.0), at(0.0), false);
        assert_eq!(answer, Next::Later(50.0));
        for now in [0.0, 60_000.0] {
            let next = sharing.failed(false, at(0.0), at(now), false, 0.5);
            assert_eq!(next, Next::Later(1_500.0), "nor goes on alone");
        }
    }

    #[test]
    fn a_store_that_does_not_answer_is_asked_again_for_six_seconds() {
        let mut sharing = renewal(Terms::RENEWED);
        let mut now = 0.0;
        let mut asked = 0;
        while let Next::Wait(delay_ms) = sharing.failed(false, at(0.0), at(now), true, 0.9) {
            assert!((50.0..=1_000.0).contains(&delay_ms));
            now += delay_ms;
            asked += 1;
        }
        assert!((6_000.0..7_000.0).contains(&now) && asked > 5, "{now} {asked}");
        sharing.answered(Acquired::Wait(50.0), at(now), at(now), true);
        let next = sharing.failed(false, at(0.0), at(now), true, 0.0);
        assert_eq!(next, Next::Wait(50.0), "a single failure proves nothing");
        assert_eq!(sharing.failed(true, at(now), at(now), true, 0.0), Next::Alone);
    }

    #[test]
    fn a_token_that_the_store_refused_is_the_one_to_be_replaced() {
        let mut sharing = renewal(Terms::RENEWED);
        assert_eq!(sharing.refused(Secret::new("late".into())), Some(Next::Ask));
        assert_eq!(sharing.rejected().map(Secret::reveal), Some("late"));
    }

    #[test]
    fn the_third_token_that_a_store_refuses_in_a_row_is_used() {
        let mut sharing = renewal(Terms::RENEWED);
        let mut refuse = || sharing.refused(Secret::new("late".into())).is_some();
        assert_eq!([refuse(), refuse(), refuse()], [true, true, false]);
    }

    #[test]
    fn no_wait_is_longer_than_a_second_whatever_the_store_says() {
        let mut sharing = renewal(Terms::RENEWED);
        let next = sharing.answered(Acquired::Wait(1e300), at(0.0), at(0.0), true);
        assert_eq!(next, Next::Wait(1_000.0));
    }
}
