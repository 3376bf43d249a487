//! Which tokens are alive, and what ends them.

use super::settings::{Grace, Settings, Unlimited};
use crate::exchange::Millis;

/// One access or refresh token.
#[derive(Debug)]
struct Token {
    text: String,
    app: String,
    dies_at: Millis,
    /// No later login of the application has taken its place.
    newest: bool,
}

/// The pair that a login or a refresh gives.
#[derive(Debug)]
pub(crate) struct Pair {
    pub(crate) access: String,
    pub(crate) refresh: String,
}

/// The live tokens of all applications.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    access: Vec<Token>,
    refresh: Vec<Token>,
    /// Access tokens whose life ended while they were their application's newest.
    ended_by_clock: usize,
}

impl Tokens {
    /// Makes a new pair. The application's older access tokens end after the grace time.
    pub(crate) fn issue(
        &mut self,
        settings: &Settings,
        now: Millis,
        rng: &mut fastrand::Rng,
        app: &str,
    ) -> Pair {
        let end = match settings.grace_ms {
            Grace::Ms(grace) => now.saturating_add(grace),
            Grace::Text(Unlimited::Unlimited) => Millis::MAX,
        };
        self.bury(now);
        for token in self.access.iter_mut().filter(|token| token.app == app) {
            token.dies_at = token.dies_at.min(end);
            token.newest = false;
        }
        self.bury(now);
        let pair = Pair { access: token_text(rng), refresh: token_text(rng) };
        let token = |text: &str, life_s: u64| Token {
            text: text.to_owned(),
            app: app.to_owned(),
            dies_at: now.saturating_add(life_s.saturating_mul(1000)),
            newest: true,
        };
        self.access.push(token(&pair.access, settings.token_life_s));
        self.refresh.push(token(&pair.refresh, settings.refresh_life_s));
        pair
    }

    /// Ends one access token.
    pub(crate) fn revoke(&mut self, access: &str) {
        self.access.retain(|token| token.text != access);
    }

    /// Ends a refresh token.
    pub(crate) fn use_up(&mut self, refresh: &str) {
        self.refresh.retain(|token| token.text != refresh);
    }

    /// Ends all access tokens that are alive and says how many they were.
    pub(crate) fn kill(&mut self, now: Millis) -> usize {
        self.bury(now);
        let killed = self.access.len();
        self.access.clear();
        killed
    }

    /// How many access tokens ended by their age alone: no login, logout or `kill` was earlier.
    pub(crate) fn ended_by_clock(&mut self, now: Millis) -> usize {
        self.bury(now);
        self.ended_by_clock
    }

    /// Counts anew which tokens end by their age.
    pub(crate) fn forget_ended(&mut self, now: Millis) {
        self.bury(now);
        self.ended_by_clock = 0;
    }

    /// The application that a live access token belongs to.
    pub(crate) fn app_of(&self, now: Millis, access: &str) -> Option<&str> {
        find(&self.access, now, access)
    }

    /// The application that a live refresh token belongs to.
    pub(crate) fn app_of_refresh(&self, now: Millis, refresh: &str) -> Option<&str> {
        find(&self.refresh, now, refresh)
    }

    fn bury(&mut self, now: Millis) {
        let ended = self.access.iter().filter(|token| token.newest && token.dies_at <= now);
        self.ended_by_clock += ended.count();
        self.access.retain(|token| now < token.dies_at);
        self.refresh.retain(|token| now < token.dies_at);
    }
}

fn find<'a>(tokens: &'a [Token], now: Millis, text: &str) -> Option<&'a str> {
    tokens.iter().find(|token| token.text == text && now < token.dies_at).map(|token| &*token.app)
}

/// 16 bytes in hex without padding, as the real tokens look: 27 to 32 characters.
fn token_text(rng: &mut fastrand::Rng) -> String {
    loop {
        let mut text = String::new();
        for _ in 0..16 {
            let byte = rng.u8(..);
            text.extend(
                [byte >> 4, byte & 15]
                    .iter()
                    .skip(usize::from(byte < 16))
                    .filter_map(|half| char::from_digit(u32::from(*half), 16)),
            );
        }
        if text.len() >= 27 {
            return text;
        }
    }
}
