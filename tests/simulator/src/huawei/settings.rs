//! What the reference leaves open, or documents in two ways: one field each.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The settings of the Huawei platform: a flag at the start, a member of `/_sim/settings` later.
#[derive(Debug, Clone, clap::Args, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[command(next_help_heading = "Huawei platform")]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent open question")]
pub(crate) struct Settings {
    /// Milliseconds a superseded access token stays good, or `unlimited`.
    #[arg(long, default_value = "0", value_name = "MS")]
    pub(crate) grace_ms: Grace,
    /// Life of an access token in seconds; it is also the `expiresIn` of the replies.
    #[arg(long, default_value_t = 3600, value_name = "S")]
    pub(crate) token_life_s: u64,
    /// Life of a refresh token in seconds; the later documents say 86400.
    #[arg(long, default_value_t = 2_592_000, value_name = "S")]
    pub(crate) refresh_life_s: u64,
    /// A refresh token stays good after its use.
    #[arg(long)]
    pub(crate) keep_refresh_token: bool,
    /// The `tokenType` of the replies; later documents print `Bearer ` with a blank.
    #[arg(long, default_value = "bearer", value_name = "TEXT")]
    pub(crate) token_type: String,
    /// Seconds a new registration waits for its device if the request names none; 0 = for ever.
    #[arg(long, default_value_t = 180, value_name = "S")]
    pub(crate) register_timeout_s: u32,
    /// The same for refreshDeviceKey.
    #[arg(long, default_value_t = 180, value_name = "S")]
    pub(crate) refresh_timeout_s: u32,
    /// Application that is frozen: its logins are refused. Repeatable.
    #[arg(long = "frozen-app", value_name = "ID")]
    pub(crate) frozen_apps: Vec<String>,
    /// Code of the refusal to a frozen application: 100449 or 100247.
    #[arg(long, default_value = "100449", value_name = "CODE")]
    pub(crate) frozen_code: String,
    /// Message of 1010005; older documents: `App_key or access_token is invalid.`
    #[arg(long, default_value = "Invalid access token or appId.", value_name = "TEXT")]
    pub(crate) invalid_token_message: String,
    /// Content-Type of the gateway's replies; the real one is not known.
    #[arg(long, default_value = "application/json", value_name = "TYPE")]
    pub(crate) gateway_content_type: String,
    /// HTTP status of 100217 on refreshDeviceKey: 403 or 200.
    #[arg(long, default_value_t = 403, value_name = "STATUS")]
    pub(crate) status_100217: u16,
    /// HTTP status of 100203: 403, 500 or 200.
    #[arg(long, default_value_t = 403, value_name = "STATUS")]
    pub(crate) status_100203: u16,
    /// Calls allowed per window and application; 0 or `off` = no limit.
    #[arg(long, default_value = "100", value_parser = limit, value_name = "CALLS")]
    pub(crate) limit: usize,
    /// Length of the throttle's window in milliseconds.
    #[arg(long, default_value_t = 60_000, value_name = "MS")]
    pub(crate) window_ms: u64,
    /// Form of the throttle's window.
    #[arg(long, default_value = "sliding", value_enum)]
    pub(crate) window_form: Window,
    /// Logins and token refreshes count for the throttle too.
    #[arg(long)]
    pub(crate) throttle_login: bool,
    /// Order in which a call is checked: all six names.
    #[arg(
        long,
        value_delimiter = ',',
        value_enum,
        default_value = "token,throttle,parameters,existence,activation,online"
    )]
    pub(crate) check_order: Vec<Check>,
    /// refreshDeviceKey makes the device count as never activated.
    #[arg(long)]
    pub(crate) refresh_deactivates: bool,
    /// After refreshDeviceKey the former verification code still binds.
    #[arg(long)]
    pub(crate) keep_old_code: bool,
    /// What is deleted if the device does not bind in time after refreshDeviceKey.
    #[arg(long, default_value = "code", value_enum)]
    pub(crate) unused_key_deletes: UnusedKey,
    /// A verification code binds whatever the case of its letters.
    #[arg(long)]
    pub(crate) code_ignores_case: bool,
    /// A verification code that another device waits with gives 400/100003.
    #[arg(long)]
    pub(crate) unique_codes: bool,
    /// Delete keeps the devices behind a gateway if the query has no `cascade`.
    #[arg(long)]
    pub(crate) no_cascade: bool,
    /// logout leaves the token alive.
    #[arg(long)]
    pub(crate) logout_keeps_token: bool,
    /// Over plain HTTP `x-app-key` may stand for `app_key`.
    #[arg(long)]
    pub(crate) x_app_key: bool,
    /// Product that exists; any other productId gives 403/600002. Repeatable; without it all exist.
    #[arg(long = "product", value_name = "ID")]
    pub(crate) products: Vec<String>,
    /// OWNER has authorised APP, which may name OWNER in the query's appId. Repeatable.
    #[arg(long = "grant", value_name = "OWNER:APP")]
    pub(crate) grants: Vec<String>,
    /// Seconds without traffic after which an online device is abnormal (25 h).
    #[arg(long, default_value_t = 90_000, value_name = "S")]
    pub(crate) abnormal_after_s: u64,
    /// Seconds without traffic after which it is offline (49 h).
    #[arg(long, default_value_t = 176_400, value_name = "S")]
    pub(crate) offline_after_s: u64,
}

impl Settings {
    /// Refuses what no sensible platform can be made of.
    pub(crate) fn check(&self) -> Result<(), String> {
        let mut order = self.check_order.clone();
        order.sort_unstable();
        order.dedup();
        if order.len() != 6 || self.check_order.len() != 6 {
            return Err("checkOrder has to name each of the six checks once".to_owned());
        }
        for status in [self.status_100217, self.status_100203] {
            if !(200..600).contains(&status) {
                return Err(format!("status {status} is no HTTP status of an answer"));
            }
        }
        if axum::http::HeaderValue::from_str(&self.gateway_content_type).is_err() {
            return Err("gatewayContentType is no header value".to_owned());
        }
        Ok(())
    }
}

fn limit(text: &str) -> Result<usize, String> {
    if text == "off" {
        return Ok(0);
    }
    text.parse().map_err(|_| "expected a number or `off`".to_owned())
}

/// How long a superseded access token stays good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Grace {
    Ms(u64),
    Text(Unlimited),
}

/// The one word that a grace time may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Unlimited {
    Unlimited,
}

impl FromStr for Grace {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "unlimited" {
            return Ok(Self::Text(Unlimited::Unlimited));
        }
        text.parse().map(Self::Ms).map_err(|_| "expected milliseconds or `unlimited`".to_owned())
    }
}

impl fmt::Display for Grace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ms(ms) => write!(f, "{ms}"),
            Self::Text(Unlimited::Unlimited) => f.write_str("unlimited"),
        }
    }
}

/// Form of the throttle's window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Window {
    /// Any stretch of the window's length.
    Sliding,
    /// Stretches that follow each other, counted anew at each start.
    Fixed,
}

/// One check of a call that carries a token.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Check {
    Token,
    Throttle,
    Parameters,
    Existence,
    Activation,
    Online,
}

/// What goes when a refreshed key was not used in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum UnusedKey {
    /// The code alone: the device stays as it was.
    Code,
    /// The whole device.
    Device,
}
