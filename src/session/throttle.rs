//! How many calls may go out.
//!
//! A log of the last calls, which slides: a call goes out when fewer than so many stand in the window
//! that ends now. What holds, each sentence a test below:
//!
//! - No window holds more calls than allowed, wherever it begins.
//! - The window is longer than the platform's by the slack, since the network delays calls unevenly.
//! - When the platform itself refuses a call for its limit, others call with the same application: the
//!   rate is halved, nothing goes out for a tenth of a window, and it grows back in ten windows.
//! - While a shared count is away, a client keeps to its own share of the last window, and to a
//!   tenth of the allowance at least.

use crate::types::Now;

/// How many calls in how long.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct ThrottleOptions {
    /// Calls.
    pub calls: u32,
    /// In so many milliseconds.
    pub per_ms: f64,
    /// Added to that for the network's jitter.
    pub slack_ms: f64,
}

impl ThrottleOptions {
    /// So many calls in so long, with the usual slack: a thirtieth of it, at most 2 seconds.
    pub fn new(calls: u32, per_ms: f64) -> Self {
        Self { calls, per_ms, slack_ms: (per_ms / 30.0).min(2_000.0).round() }
    }

    /// The window that is kept.
    pub const fn window_ms(&self) -> f64 {
        self.per_ms + self.slack_ms
    }
}

/// The log.
#[derive(Debug)]
pub struct Throttle {
    options: ThrottleOptions,
    /// When the last calls went out, by the monotonic clock: one that jumps would let too many through.
    sent: Vec<f64>,
    slowed: Option<Slowed>,
    /// It is this late at least, whatever the clock says.
    earliest: f64,
    /// The allowance while a shared count does not answer.
    share: Option<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Slowed {
    since: f64,
    calls: u32,
}

impl Throttle {
    /// A log without calls.
    pub const fn new(options: ThrottleOptions) -> Self {
        Self { options, sent: Vec::new(), slowed: None, earliest: f64::NEG_INFINITY, share: None }
    }

    /// What is allowed.
    pub const fn options(&self) -> ThrottleOptions {
        self.options
    }

    /// Asks to send now: 0 says yes and logs it, else so many milliseconds are to be waited first.
    pub fn take(&mut self, now: Now) -> f64 {
        let delay_ms = self.delay_ms(now, 0);
        if delay_ms <= 0.0 {
            let time = self.time(now);
            self.sent.push(time);
        }
        delay_ms
    }

    /// Logs a call that a shared count let through.
    pub fn note(&mut self, now: Now) {
        self.share = None;
        self.forget(now);
        let time = self.time(now);
        self.sent.push(time);
    }

    /// Counts alone from now on, without a share.
    pub const fn count_alone(&mut self) {
        self.share = None;
    }

    /// Notes that a wait of so many milliseconds is over that began at `start`: a clock that stands still
    /// must hold up nobody.
    pub fn waited(&mut self, delay_ms: f64, start: Now) {
        self.earliest = self.time(start) + delay_ms;
    }

    const fn time(&self, now: Now) -> f64 {
        now.monotonic_ms.max(self.earliest)
    }

    /// Keeps to a share from now on, until a shared count answers again.
    pub fn keep_to_a_share(&mut self, now: Now) {
        if self.share.is_none() {
            let used = self.used(now);
            self.share = Some(used.max(self.options.calls.div_ceil(10)));
        }
    }

    fn held_back_ms(&self, now: Now) -> f64 {
        let pause = self
            .slowed
            .map_or(0.0, |slowed| slowed.since + self.options.window_ms() / 10.0 - self.time(now));
        pause.ceil().max(0.0)
    }

    /// Calls in the window that ends now.
    pub fn used(&mut self, now: Now) -> u32 {
        self.forget(now);
        u32::try_from(self.sent.len()).unwrap_or(u32::MAX)
    }

    /// How long a call has to wait before which so many others wait, in milliseconds.
    pub fn delay_ms(&mut self, now: Now, ahead: u32) -> f64 {
        let used = self.used(now);
        let allowed = self.allowed(now);
        let held_back = self.held_back_ms(now);
        // The call whose leaving makes room; beyond those sent, they are sent again a window later.
        let Some(place) = (used.saturating_add(ahead)).checked_sub(allowed) else {
            return held_back;
        };
        let (rounds, place) = (place / used.max(1), place % used.max(1));
        let leaves = usize::try_from(place).ok().and_then(|place| self.sent.get(place));
        let window = self.options.window_ms();
        let time = self.time(now);
        let oldest = leaves.copied().unwrap_or(time) + window - time;
        (oldest + window * f64::from(rounds)).ceil().max(held_back)
    }

    /// Notes that the platform refused a call for its limit; answers to how many calls that slows down,
    /// unless it is one of several refused together.
    pub fn refused(&mut self, now: Now) -> Option<u32> {
        if self.held_back_ms(now) > 0.0 {
            return None;
        }
        // Of what did go out: with a shared count that is less than what is allowed.
        let calls = (self.used(now).min(self.allowed(now)) / 2).max(1);
        self.slowed = Some(Slowed { since: self.time(now), calls });
        Some(calls)
    }

    fn allowed(&self, now: Now) -> u32 {
        let ThrottleOptions { calls, .. } = self.options;
        let most = self.share.map_or(calls, |share| share.min(calls));
        let Some(slowed) = self.slowed else { return most };
        let windows = (self.time(now) - slowed.since) / self.options.window_ms();
        let regained = (windows.clamp(0.0, 10.0) * f64::from(calls) / 10.0).floor();
        #[expect(
            clippy::as_conversions,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and the allowance"
        )]
        let regained = regained as u32;
        most.min(slowed.calls.saturating_add(regained))
    }

    fn forget(&mut self, now: Now) {
        let (window, time) = (self.options.window_ms(), self.time(now));
        let ended = self.sent.iter().take_while(|sent| time - **sent >= window).count();
        drop(self.sent.drain(..ended));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(ms: f64) -> Now {
        Now::new(ms, 0.0)
    }

    fn throttle(calls: u32, per_ms: f64, slack_ms: f64) -> Throttle {
        Throttle::new(ThrottleOptions { calls, per_ms, slack_ms })
    }

    fn whole(ms: f64) -> String {
        ms.to_string()
    }

    #[test]
    fn the_usual_slack_is_a_thirtieth_of_the_window_and_at_most_two_seconds() {
        let slack = |per_ms| whole(ThrottleOptions::new(100, per_ms).slack_ms);
        assert_eq!([12_000.0, 60_000.0, 600_000.0].map(slack), ["400", "2000", "2000"]);
    }

    #[test]
    fn a_call_too_many_waits_until_the_oldest_leaves_the_window_and_its_slack() {
        let mut throttle = throttle(2, 1_000.0, 50.0);
        assert_eq!(whole(throttle.take(at(0.0))), "0");
        assert_eq!(whole(throttle.take(at(400.0))), "0");
        assert_eq!(whole(throttle.take(at(500.0))), "550");
        assert_eq!(whole(throttle.take(at(1_050.0))), "0");
        assert_eq!(throttle.used(at(1_050.0)), 2);
    }

    #[test]
    fn who_stands_in_a_queue_is_told_when_its_turn_comes() {
        let mut throttle = throttle(2, 1_000.0, 0.0);
        let (_, _) = (throttle.take(at(0.0)), throttle.take(at(400.0)));
        let waits = [0, 1, 2, 3, 4].map(|ahead| whole(throttle.delay_ms(at(500.0), ahead)));
        assert_eq!(waits, ["500", "900", "1500", "1900", "2500"]);
    }

    #[test]
    fn a_wall_clock_that_jumps_lets_nobody_through() {
        let mut throttle = throttle(1, 1_000.0, 0.0);
        assert_eq!(whole(throttle.take(Now::new(0.0, 0.0))), "0");
        assert_eq!(whole(throttle.take(Now::new(10.0, 7_200_000.0))), "990");
    }

    #[test]
    fn a_clock_that_stands_still_holds_up_nobody() {
        let mut throttle = throttle(1, 1_000.0, 0.0);
        assert_eq!(whole(throttle.take(at(5.0))), "0");
        for _ in 0..3 {
            let delay_ms = throttle.take(at(5.0));
            assert_eq!(whole(delay_ms), "1000");
            throttle.waited(delay_ms, at(5.0));
            assert_eq!(whole(throttle.take(at(5.0))), "0");
        }
        assert_eq!(whole(throttle.take(at(3_500.0))), "505", "a clock that goes again is trusted");
    }

    #[test]
    fn a_refusal_halves_the_rate_pauses_a_tenth_of_a_window_and_is_forgotten_in_ten() {
        let mut throttle = throttle(100, 1_000.0, 0.0);
        for _ in 0..100 {
            assert_eq!(whole(throttle.take(at(0.0))), "0");
        }
        assert_eq!(throttle.refused(at(10.0)), Some(50));
        assert_eq!(throttle.refused(at(20.0)), None, "of the same volley");
        assert_eq!(whole(throttle.delay_ms(at(1_005.0), 0)), "0");
        assert_eq!(throttle.allowed(at(1_010.0)), 60);
        assert_eq!(throttle.allowed(at(9_010.0)), 100);
        let mut idle = Throttle::new(ThrottleOptions::new(100, 1_000.0));
        assert_eq!(idle.refused(at(0.0)), Some(1), "others use all of it");
        assert_eq!(whole(idle.take(at(0.0))), "104");
    }

    #[test]
    fn without_the_shared_count_a_client_keeps_to_its_own_share() {
        let mut throttle = throttle(100, 1_000.0, 0.0);
        for _ in 0..30 {
            throttle.note(at(0.0));
        }
        throttle.keep_to_a_share(at(10.0));
        assert_eq!(whole(throttle.take(at(20.0))), "980", "it had 30 of the last window");
        throttle.note(at(30.0));
        assert_eq!(throttle.allowed(at(30.0)), 100, "the count answers again");
        let mut idle = Throttle::new(ThrottleOptions::new(100, 1_000.0));
        idle.keep_to_a_share(at(0.0));
        assert_eq!(idle.allowed(at(0.0)), 10);
    }

    proptest! {
        #[test]
        fn no_window_holds_more_calls_than_allowed(
            calls in 1_u32..20,
            per_ms in 1.0_f64..5_000.0,
            slack_ms in 0.0_f64..500.0,
            steps in proptest::collection::vec((0.0_f64..800.0, any::<bool>()), 1..300),
        ) {
            let mut throttle = throttle(calls, per_ms, slack_ms);
            let mut now = 0.0;
            let mut sent = Vec::new();
            for (step, obedient) in steps {
                now += step;
                let delay_ms = throttle.take(at(now));
                if delay_ms <= 0.0 {
                    sent.push(now);
                } else if obedient {
                    now += delay_ms;
                    prop_assert!(throttle.take(at(now)) <= 0.0, "the wait that was told is enough");
                    sent.push(now);
                }
            }
            let window = per_ms + slack_ms;
            for (first, start) in sent.iter().enumerate() {
                let within = sent[first..].iter().filter(|at| **at - start < window).count();
                prop_assert!(within <= usize::try_from(calls).unwrap());
            }
        }

        #[test]
        fn a_queue_is_served_in_order(
            calls in 1_u32..20,
            taken in 0_u32..40,
            ahead in 0_u32..100,
        ) {
            let mut throttle = throttle(calls, 1_000.0, 10.0);
            for number in 0..taken {
                throttle.take(at(f64::from(number)));
            }
            let now = at(f64::from(taken));
            prop_assert!(throttle.delay_ms(now, ahead) <= throttle.delay_ms(now, ahead + 1));
        }
    }
}
