//! When a token is good enough, and how the next one is obtained.

use crate::huawei::authentication::AuthOutDto;
use crate::types::{Now, Secret};

/// Default life of a refresh token, which no answer tells: 30 days, in milliseconds.
pub const REFRESH_TOKEN_LIFETIME_MS: f64 = 2_592_000_000.0;

/// How a new token is obtained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Renewal {
    /// By appId and secret.
    Login,
    /// By the refresh token, and by a login where that one is spent.
    Refresh,
}

/// The tokens of one application.
#[derive(Debug)]
pub struct Tokens {
    refresh_lifetime_ms: f64,
    held: Option<Held>,
    generation: u32,
}

#[derive(Debug)]
struct Held {
    pair: AuthOutDto,
    since: Now,
    /// Whether the access token may still be good; the refresh token outlives its refusal.
    usable: bool,
}

impl Tokens {
    /// No tokens yet.
    pub const fn new(refresh_lifetime_ms: f64) -> Self {
        Self { refresh_lifetime_ms, held: None, generation: 0 }
    }

    /// Keeps a pair that was just issued; answers how many this makes.
    pub fn store(&mut self, pair: AuthOutDto, now: Now) -> u32 {
        self.held = Some(Held { pair, since: now, usable: true });
        self.generation = self.generation.saturating_add(1);
        self.generation
    }

    /// Gives an access token up, if it is still the newest.
    pub fn reject(&mut self, token: &Secret) {
        if let Some(held) = &mut self.held
            && held.pair.access_token == *token
        {
            held.usable = false;
        }
    }

    /// The pair whose access token lives.
    pub fn live(&self, now: Now) -> Option<&AuthOutDto> {
        let held = self.held.as_ref()?;
        let life_ms = held.pair.expires_in * 1000.0;
        (held.usable && now.since(held.since) < life_ms).then_some(&held.pair)
    }

    /// The refresh token, if it may still be good.
    pub fn refresh_token(&self, now: Now) -> Option<&Secret> {
        let held = self.held.as_ref()?;
        let lives = now.since(held.since) < self.refresh_lifetime_ms;
        let token = &held.pair.refresh_token;
        (lives && !token.reveal().is_empty()).then_some(token)
    }

    /// How many pairs there have been.
    pub const fn generation(&self) -> u32 {
        self.generation
    }
}
