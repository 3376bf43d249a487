//! How to call: the options of a client and of one call, read and checked.

use crate::address::Surroundings;
use crate::fields::{Fields, MAX_INTEGER, Member, Problem};
use crate::huawei::authentication::MAX_TOKEN;
use crate::huawei::header_text;
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
        let _: Member = options.member("tokenStore");
        let lifetime = options.member("refreshTokenLifetimeMs").maybe_integer(0..=MAX_INTEGER)?;
        let mut read = Self::read_for_mqtt(options, page_origin)?;
        read.refresh_token_lifetime_ms = lifetime.map_or(REFRESH_TOKEN_LIFETIME_MS, f64::from);
        Ok(read)
    }

    /// Reads the options that the clients of both platforms take.
    pub fn read_for_mqtt(
        mut options: Fields,
        page_origin: Option<String>,
    ) -> Result<Self, Problem> {
        // The host has taken these out; they are named so that an error lists them.
        for taken in ["fetch", "onEvent"] {
            let _: Member = options.member(taken);
        }
        let timeout_ms = options.member("timeoutMs").maybe_integer(0..=MAX_INTEGER)?;
        let allow_insecure_http = options.member("allowInsecureHttp").maybe_boolean()?;
        let mut retry = RetryOptions::default();
        let mut no_retry = false;
        let policy = options.member("retry");
        no_retry |= policy.is_false();
        check_policy(policy, |policy| {
            let attempts = policy.member("attempts").maybe_integer(1..=MAX_INTEGER)?;
            let mut time = |name, default: f64| -> Result<f64, Problem> {
                let time = policy.member(name).maybe_integer(0..=MAX_INTEGER)?;
                Ok(time.map_or(default, f64::from))
            };
            retry = RetryOptions::new(
                attempts.unwrap_or(retry.attempts),
                time("baseDelayMs", retry.base_delay_ms)?,
                time("maxDelayMs", retry.max_delay_ms)?,
                time("totalMs", retry.total_ms)?,
            );
            Ok(())
        })?;
        let policy = options.member("throttle");
        let mut throttle = if policy.is_false() { Throttling::Off } else { Throttling::Default };
        check_policy(policy, |policy| {
            let calls = policy.member("calls").integer(1..=MAX_INTEGER)?;
            let per_ms = policy.member("perMs").integer(1..=MAX_INTEGER)?;
            let mut own = ThrottleOptions::new(calls, f64::from(per_ms));
            let slack_ms = policy.member("slackMs").maybe_integer(0..=MAX_INTEGER)?;
            own.slack_ms = slack_ms.map_or(own.slack_ms, f64::from);
            throttle = Throttling::Own(own);
            Ok(())
        })?;
        options.close()?;
        Ok(Self {
            timeout_ms: timeout_ms.unwrap_or(TIMEOUT_MS),
            refresh_token_lifetime_ms: REFRESH_TOKEN_LIFETIME_MS,
            retry: if no_retry { RetryOptions::NONE } else { retry },
            throttle,
            surroundings: Surroundings::new(page_origin, allow_insecure_http.unwrap_or(false)),
        })
    }
}

/// Checks a policy: `false`, or an object whose members `read` reads.
fn check_policy(
    member: Member,
    read: impl FnOnce(&mut Fields) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let path = member.path().to_owned();
    match member.json() {
        None | Some(Json::Bool(false)) => Ok(()),
        Some(Json::Bool(true)) => {
            Err(Problem::new(path, "is true, expected false or an object of options"))
        }
        Some(policy) => {
            let mut fields = Fields::of(&path, policy)?;
            read(&mut fields)?;
            fields.close()
        }
    }
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
        let mut read = Self::read_common(&mut options)?;
        read.app_id = app_id(&mut options)?;
        let token = options.member("accessToken");
        if token.is_present() {
            read.access_token = Some(Secret::new(header_text(token, MAX_TOKEN)?));
        }
        options.close()?;
        Ok(read)
    }

    /// Reads the options of a login, and of a renewal where `force` means nothing.
    pub fn read_for_token(mut options: Fields, forceable: bool) -> Result<Self, Problem> {
        let mut read = Self::read_common(&mut options)?;
        if forceable {
            read.force = options.member("force").maybe_boolean()?.unwrap_or(false);
        }
        options.close()?;
        Ok(read)
    }

    /// Reads the options of a request without I/O: the token that it has to carry.
    pub fn read_for_request(mut options: Fields) -> Result<Self, Problem> {
        let token = header_text(options.member("accessToken"), MAX_TOKEN)?;
        let app_id = app_id(&mut options)?;
        options.close()?;
        Ok(Self { app_id, access_token: Some(Secret::new(token)), ..Self::default() })
    }

    fn read_common(options: &mut Fields) -> Result<Self, Problem> {
        let _: Member = options.member("signal");
        let timeout_ms = options.member("timeoutMs").maybe_integer(0..=MAX_INTEGER)?;
        Ok(Self { timeout_ms, ..Self::default() })
    }
}

fn app_id(options: &mut Fields) -> Result<Option<String>, Problem> {
    options.member("appId").nullable().maybe_text(1..=256)
}
