//! How to call: the options of a client and of one call, read and checked.

use crate::address::Surroundings;
use crate::fields::{Fields, Kind, MAX_INTEGER, Member, Problem, Row, Values};
use crate::huawei::authentication::ACCESS_TOKEN;
use crate::json::Json;
use crate::session::retry::RetryOptions;
use crate::session::throttle::ThrottleOptions;
use crate::session::token::REFRESH_TOKEN_LIFETIME_MS;
use crate::types::Secret;

/// Default time allowed for one attempt, in milliseconds.
const TIMEOUT_MS: u32 = 10_000;

/// The options of a client.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ClientOptions {
    /// Time allowed for one attempt, body included; 0: no limit.
    pub timeout_ms: u32,
    /// How long a refresh token is good for.
    pub refresh_token_lifetime_ms: f64,
    /// How often and for how long a call is tried.
    pub retry: RetryOptions,
    /// How many calls go out, where the caller says so.
    pub throttle: Throttling,
    /// What the client's surroundings allow.
    pub surroundings: Surroundings,
}

/// What a caller says about the throttle.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "absent, false or an object: there is no fourth")]
pub enum Throttling {
    /// As the platform's documents say.
    Default,
    /// Not at all.
    Off,
    /// So many calls in so long.
    Own(ThrottleOptions),
}

impl Throttling {
    /// What goes out, where the platform's documents say `default`.
    pub const fn or(self, default: ThrottleOptions) -> Option<ThrottleOptions> {
        match self {
            Self::Default => Some(default),
            Self::Off => None,
            Self::Own(own) => Some(own),
        }
    }
}

impl ClientOptions {
    /// Reads the options of a client of the northbound API.
    pub fn read(mut options: Fields, page_origin: Option<String>) -> Result<Self, Problem> {
        const ROWS: &[Row] = &[Row::elsewhere("tokenStore"), time("refreshTokenLifetimeMs")];
        let mut values = options.read_some(ROWS)?;
        let mut read = Self::read_for_mqtt(options, page_origin)?;
        read.refresh_token_lifetime_ms = values.number(REFRESH_TOKEN_LIFETIME_MS);
        Ok(read)
    }

    /// Reads the options that the clients of both platforms take.
    pub fn read_for_mqtt(
        mut options: Fields,
        page_origin: Option<String>,
    ) -> Result<Self, Problem> {
        const ROWS: &[Row] = &[
            // The host has taken these out; they are named so that an error lists them.
            Row::elsewhere("fetch"),
            Row::elsewhere("onEvent"),
            TIMEOUT,
            Row::new("allowInsecureHttp", Kind::Boolean).optional(),
        ];
        let mut values = options.read_some(ROWS)?;
        let retry = read_retry(options.member("retry"))?;
        let throttle = read_throttle(options.member("throttle"))?;
        options.close()?;
        Ok(Self {
            timeout_ms: values.integer(TIMEOUT_MS),
            refresh_token_lifetime_ms: REFRESH_TOKEN_LIFETIME_MS,
            retry,
            throttle,
            surroundings: Surroundings::new(page_origin, values.is_true()),
        })
    }
}

fn read_retry(member: Member<'_>) -> Result<RetryOptions, Problem> {
    const ROWS: &[Row] = &[
        Row::new("attempts", COUNT).optional(),
        time("baseDelayMs"),
        time("maxDelayMs"),
        time("totalMs"),
    ];
    let default = RetryOptions::default();
    Ok(match Policy::read(member, ROWS)? {
        Policy::Default => default,
        Policy::Off => RetryOptions::NONE,
        Policy::Own(mut values) => RetryOptions::new(
            values.integer(default.attempts),
            values.number(default.base_delay_ms),
            values.number(default.max_delay_ms),
            values.number(default.total_ms),
        ),
    })
}

fn read_throttle(member: Member<'_>) -> Result<Throttling, Problem> {
    const ROWS: &[Row] = &[Row::new("calls", COUNT), Row::new("perMs", COUNT), time("slackMs")];
    Ok(match Policy::read(member, ROWS)? {
        Policy::Default => Throttling::Default,
        Policy::Off => Throttling::Off,
        Policy::Own(mut values) => {
            let mut own = ThrottleOptions::new(values.integer(1), values.number(1.0));
            own.slack_ms = values.number(own.slack_ms);
            Throttling::Own(own)
        }
    })
}

/// What a caller says about a policy.
enum Policy {
    Default,
    Off,
    Own(Values),
}

impl Policy {
    /// Reads a policy: absent, `false`, or an object of options.
    fn read(mut member: Member<'_>, rows: &'static [Row]) -> Result<Self, Problem> {
        match member.take() {
            None => Ok(Self::Default),
            Some(Json::Bool(false)) => Ok(Self::Off),
            Some(Json::Bool(true)) => {
                Err(member.problem("is true, expected false or an object of options"))
            }
            Some(policy) => Fields::of(&member.path(), policy)?.read(rows).map(Self::Own),
        }
    }
}

const COUNT: Kind = Kind::integer(1..=MAX_INTEGER);

/// Milliseconds, or absent.
const fn time(name: &'static str) -> Row {
    Row::new(name, Kind::integer(0..=MAX_INTEGER)).optional()
}

/// The options of one call.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct CallOptions {
    /// Time allowed for one attempt, in the place of the client's.
    pub timeout_ms: Option<u32>,
    /// The other application that the device belongs to.
    pub app_id: Option<String>,
    /// The caller's own token.
    pub access_token: Option<Secret>,
    /// Whether to log in although there is a token.
    pub force: bool,
}

impl CallOptions {
    /// Reads the options of an operation on a device.
    pub fn read(mut options: Fields) -> Result<Self, Problem> {
        const ROWS: &[Row] = &[SIGNAL, TIMEOUT, APP_ID, ACCESS_TOKEN.optional()];
        let mut values = options.read(ROWS)?;
        Ok(Self {
            timeout_ms: values.maybe_integer(),
            app_id: values.maybe_text(),
            access_token: values.maybe_secret(),
            force: false,
        })
    }

    /// Reads the options of a login, and of a renewal where `force` means nothing.
    pub fn read_for_token(mut options: Fields, forceable: bool) -> Result<Self, Problem> {
        const ROWS: &[Row] = &[SIGNAL, TIMEOUT, Row::new("force", Kind::Boolean).optional()];
        let mut values = options.read(if forceable { ROWS } else { &[SIGNAL, TIMEOUT] })?;
        let timeout_ms = values.maybe_integer();
        Ok(Self { timeout_ms, force: values.is_true(), ..Self::default() })
    }

    /// Reads the options of a request without I/O: the token that it has to carry.
    pub fn read_for_request(mut options: Fields) -> Result<Self, Problem> {
        let mut values = options.read(&[ACCESS_TOKEN, APP_ID])?;
        let access_token = values.maybe_secret();
        Ok(Self { access_token, app_id: values.maybe_text(), ..Self::default() })
    }
}

const SIGNAL: Row = Row::elsewhere("signal");

const TIMEOUT: Row = time("timeoutMs");

const APP_ID: Row = Row::new("appId", Kind::text(1..=256)).nullable();
