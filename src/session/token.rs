//! When a token is good enough, and when the next one is obtained.

use std::rc::Rc;

use crate::huawei::authentication::AuthOutDto;
use crate::types::{Now, Secret};

/// Default life of a refresh token, which no answer tells: 30 days, in milliseconds.
pub const REFRESH_TOKEN_LIFETIME_MS: f64 = 2_592_000_000.0;

/// With so much life left a token is renewed while calls go on with it, in milliseconds; never more
/// than a third of its life.
const AHEAD_MS: f64 = 600_000.0;

/// With so much life left calls wait for the next token; never more than a tenth of its life.
const LAST_MS: f64 = 60_000.0;

/// How many dead tokens are remembered: a store that lost a newer one may give them out again.
const MOST_DEAD: usize = 4;

/// How a new token is obtained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Renewal {
    /// By the refresh token, before the present one ends: that one serves on if this fails.
    Ahead,
    /// By a login, whatever token there is.
    Forced,
    /// By a login, since there is no token that lives.
    Login,
    /// By the refresh token, and by a login where that one is spent.
    Refresh,
}

/// How good the newest token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Standing {
    /// Good, and nothing has to be done.
    Fresh,
    /// Good, and to be renewed in the background.
    Ageing,
    /// Good, but the next one is worth waiting for.
    Ending,
    /// There is none, or its life is over, or the platform refused it.
    Dead,
}

/// A pair of tokens, and what is left of it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Issued {
    /// The pair.
    pub pair: Rc<AuthOutDto>,
    /// Life left of the access token, in milliseconds.
    pub life_ms: f64,
    /// Life left of the refresh token.
    pub refresh_life_ms: f64,
    /// Grows with every pair.
    pub generation: u32,
}

impl Issued {
    /// A pair with so much life left.
    pub fn new(pair: AuthOutDto, life_ms: f64, refresh_life_ms: f64, generation: u32) -> Self {
        Self { pair: Rc::new(pair), life_ms, refresh_life_ms, generation }
    }
}

/// The tokens of one application.
#[derive(Debug, Default)]
pub struct Tokens {
    held: Option<Held>,
    /// The last tokens that the platform refused, or that a login of ours has ended.
    dead: Vec<Secret>,
    /// When a renewal ahead of time may be tried again, if one was put off or failed.
    pause: Option<Pause>,
}

#[derive(Debug)]
struct Held {
    issued: Issued,
    since: Now,
    /// Whether the access token may still be good; the refresh token outlives its refusal.
    usable: bool,
    ahead_ms: f64,
}

#[derive(Clone, Copy, Debug)]
struct Pause {
    since: Now,
    delay_ms: f64,
    failures: u32,
}

impl Tokens {
    /// Keeps a pair that the platform has just issued, which ended the one before.
    pub fn renew(&mut self, issued: Issued, since: Now, chance: f64) {
        if let Some(held) = self.held.take() {
            self.bury(held.issued.pair.access_token.clone());
        }
        self.keep(issued, since, chance);
    }

    /// Keeps a pair that had so much life at `since`. `chance`, of 0 to 1, spreads renewals, so that
    /// sharers do not all begin at once.
    pub fn keep(&mut self, issued: Issued, since: Now, chance: f64) {
        let ahead = AHEAD_MS * (0.9 + chance / 5.0);
        let third = issued.life_ms / 3.0 * (0.8 + chance / 5.0);
        self.held = Some(Held { issued, since, usable: true, ahead_ms: ahead.min(third) });
        self.pause = None;
    }

    /// Whether an access token is known to be dead.
    pub fn is_dead(&self, token: &Secret) -> bool {
        self.dead.contains(token)
    }

    fn bury(&mut self, token: Secret) {
        if self.dead.len() >= MOST_DEAD {
            drop(self.dead.remove(0));
        }
        self.dead.push(token);
    }

    /// Gives an access token up: for good, and for now if it is still the newest.
    pub fn reject(&mut self, token: &Secret) {
        if !self.is_dead(token) {
            self.bury(token.clone());
        }
        if let Some(held) = &mut self.held
            && held.issued.pair.access_token == *token
        {
            held.usable = false;
        }
    }

    /// How good the newest token is.
    pub fn standing(&self, now: Now) -> Standing {
        let Some(held) = self.held.as_ref().filter(|held| held.usable) else {
            return Standing::Dead;
        };
        let left = held.issued.life_ms - now.since(held.since);
        if left <= 0.0 {
            Standing::Dead
        } else if left <= LAST_MS.min(held.issued.life_ms / 10.0) {
            Standing::Ending
        } else if left <= held.ahead_ms {
            Standing::Ageing
        } else {
            Standing::Fresh
        }
    }

    /// Whether it is time to renew the token that lives.
    pub fn is_renewal_due(&self, now: Now) -> bool {
        matches!(self.standing(now), Standing::Ageing | Standing::Ending)
            && self.pause.is_none_or(|pause| now.since(pause.since) >= pause.delay_ms)
    }

    /// Notes that somebody else renews it, who may be asked again after so many milliseconds.
    pub fn put_off(&mut self, now: Now, delay_ms: f64) {
        let failures = self.pause.map_or(0, |pause| pause.failures);
        self.pause = Some(Pause { since: now, delay_ms, failures });
    }

    /// Notes that a renewal failed; answers when the next one may begin, in milliseconds.
    pub fn renewal_failed(&mut self, now: Now) -> f64 {
        let failures = self.pause.map_or(0, |pause| pause.failures).saturating_add(1);
        let ahead = self.held.as_ref().map_or(AHEAD_MS, |held| held.ahead_ms);
        // 30 seconds, then twice as long each time, in proportion for tokens of a short life.
        let doubled = f64::from(1_u32 << failures.saturating_sub(1).min(8));
        let delay_ms = (ahead / 20.0 * doubled).min(ahead / 4.0).round();
        self.pause = Some(Pause { since: now, delay_ms, failures });
        delay_ms
    }

    /// The pair whose access token lives.
    pub fn live(&self, now: Now) -> Option<&Rc<AuthOutDto>> {
        let alive = self.standing(now) != Standing::Dead;
        self.held.as_ref().filter(|_| alive).map(|held| &held.issued.pair)
    }

    /// The newest access token, whether it lives or not.
    pub fn newest(&self) -> Option<&Secret> {
        self.held.as_ref().map(|held| &held.issued.pair.access_token)
    }

    /// The refresh token, if it may still be good.
    pub fn refresh_token(&self, now: Now) -> Option<&Secret> {
        let held = self.held.as_ref()?;
        let lives = now.since(held.since) < held.issued.refresh_life_ms;
        let token = &held.issued.pair.refresh_token;
        (lives && !token.reveal().is_empty()).then_some(token)
    }

    /// The newest pair's number.
    pub fn generation(&self) -> u32 {
        self.held.as_ref().map_or(0, |held| held.issued.generation)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::fields::Fields;
    use crate::json::Json;

    fn at(ms: f64) -> Now {
        Now::new(ms, ms)
    }

    fn tokens(life_ms: f64, chance: f64) -> Tokens {
        let members = Json::object([
            ("accessToken", Some("t".into())),
            ("scope", Some("default".into())),
            ("tokenType", Some("bearer".into())),
        ]);
        let mut fields = Fields::of("token", members).unwrap();
        let pair = AuthOutDto::read_members(&mut fields, life_ms / 1000.0).unwrap();
        let mut tokens = Tokens::default();
        tokens.keep(Issued::new(pair, life_ms, life_ms, 1), at(0.0), chance);
        tokens
    }

    #[test]
    fn a_token_of_an_hour_ages_with_ten_minutes_left_and_ends_with_one() {
        let tokens = tokens(3_600_000.0, 0.5);
        for (left_s, standing) in [
            (600.1, Standing::Fresh),
            (600.0, Standing::Ageing),
            (60.1, Standing::Ageing),
            (60.0, Standing::Ending),
            (0.0, Standing::Dead),
        ] {
            let now = at((3_600.0 - left_s) * 1000.0);
            assert_eq!(tokens.standing(now), standing, "{left_s}");
        }
    }

    #[test]
    fn tokens_that_were_refused_or_replaced_are_known_as_dead() {
        let mut tokens = tokens(60_000.0, 0.5);
        let first = tokens.newest().unwrap().clone();
        assert!(!tokens.is_dead(&first));
        for number in 0..6 {
            tokens.reject(&Secret::new(number.to_string()));
        }
        let known = (0..6).filter(|number| tokens.is_dead(&Secret::new(number.to_string())));
        assert_eq!(known.collect::<Vec<_>>(), [2, 3, 4, 5], "the last four");
        assert!(tokens.live(at(0.0)).is_some(), "another's refusal is not ours");
        let next = tokens.held.as_ref().unwrap().issued.clone();
        tokens.renew(next, at(0.0), 0.5);
        assert!(tokens.is_dead(&first));
    }

    #[test]
    fn either_clock_ends_a_token() {
        let tokens = tokens(60_000.0, 0.5);
        assert_eq!(tokens.standing(Now::new(0.0, 60_000.0)), Standing::Dead, "a laptop slept");
        assert_eq!(
            tokens.standing(Now::new(60_000.0, 0.0)),
            Standing::Dead,
            "a clock was set back"
        );
    }

    #[test]
    fn a_failed_renewal_is_tried_again_after_a_wait_that_doubles_up_to_a_quarter_of_the_margin() {
        let mut tokens = tokens(3_600_000.0, 0.5);
        assert!(tokens.is_renewal_due(at(3_000_000.0)));
        let mut waits = Vec::new();
        for _ in 0..5 {
            waits.push(tokens.renewal_failed(at(3_000_000.0)).to_string());
        }
        assert_eq!(waits, ["30000", "60000", "120000", "150000", "150000"]);
        assert!(!tokens.is_renewal_due(at(3_149_999.0)) && tokens.is_renewal_due(at(3_150_000.0)));
    }

    proptest! {
        #[test]
        fn the_margins_never_eat_the_life(life_ms in 1.0_f64..1e8, chance in 0.0_f64..1.0) {
            let tokens = tokens(life_ms, chance);
            prop_assert_eq!(tokens.standing(at(0.0)), Standing::Fresh);
            prop_assert_eq!(tokens.standing(at((life_ms * 0.66).floor())), Standing::Fresh);
            prop_assert_ne!(tokens.standing(at((life_ms * 0.89).floor())), Standing::Ending);
        }
    }
}
