//! The Huawei northbound platform: a function of (state, now, request).

pub(crate) mod authentication;
pub(crate) mod body;
pub(crate) mod demo;
pub(crate) mod devices;
pub(crate) mod errors;
pub(crate) mod registration;
pub(crate) mod settings;
#[cfg(test)]
mod tests;
pub(crate) mod throttle;
pub(crate) mod tokens;

use self::devices::Devices;
use self::settings::Settings;
use self::throttle::Throttle;
use self::tokens::Tokens;
use crate::exchange::{Millis, Request, Response, percent_decode};
use crate::faults::{Dialect, ErrorOrder};

/// Applications that may log in: id and secret.
pub(crate) type Apps = Vec<(String, String)>;

/// All the platform knows.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) settings: Settings,
    pub(crate) apps: Apps,
    pub(crate) tokens: Tokens,
    pub(crate) throttle: Throttle,
    pub(crate) devices: Devices,
    pub(crate) rng: fastrand::Rng,
}

impl State {
    pub(crate) fn new(settings: Settings, apps: Apps, seed: u64) -> Self {
        Self {
            settings,
            apps,
            tokens: Tokens::default(),
            throttle: Throttle::default(),
            devices: Devices::default(),
            rng: fastrand::Rng::with_seed(seed),
        }
    }

    pub(crate) fn knows_app(&self, id: &str) -> bool {
        self.apps.iter().any(|(known, _)| known == id)
    }

    /// The application of the request's access token, if the token is alive and well written.
    pub(crate) fn caller(&self, now: Millis, request: &Request) -> Option<&str> {
        let (scheme, token) = request.header("authorization")?.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        self.tokens.app_of(now, token.trim_start())
    }
}

/// What a path and method ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    Login,
    RefreshToken,
    Logout,
    RegDirectDevice,
    RefreshDeviceKey,
    QueryDeviceStatus,
    DeleteDirectDevice,
}

impl Operation {
    /// The reference's name, as journal and faults use it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::RefreshToken => "refreshToken",
            Self::Logout => "logout",
            Self::RegDirectDevice => "regDirectDevice",
            Self::RefreshDeviceKey => "refreshDeviceKey",
            Self::QueryDeviceStatus => "queryDeviceStatus",
            Self::DeleteDirectDevice => "deleteDirectDevice",
        }
    }
}

const SECURITY: &str = "/iocm/app/sec/v1.1.0/";
const CREDENTIALS: &str = "/iocm/app/reg/v1.1.0/deviceCredentials";
const DEVICES: &str = "/iocm/app/dm/v1.4.0/devices/";

/// Whether a path belongs to this platform, known or not.
pub(crate) fn owns(path: &str) -> bool {
    path.starts_with("/iocm/") || path.starts_with("/iodm/")
}

/// The operation and the decoded device id of its path (empty where it has none).
pub(crate) fn route(method: &str, path: &str) -> Option<(Operation, String)> {
    if let Some(name) = path.strip_prefix(SECURITY) {
        return match (method, name) {
            ("POST", "login") => Some((Operation::Login, String::new())),
            ("POST", "refreshToken") => Some((Operation::RefreshToken, String::new())),
            ("POST", "logout") => Some((Operation::Logout, String::new())),
            _ => None,
        };
    }
    if let Some(rest) = path.strip_prefix(CREDENTIALS) {
        if method == "POST" && (rest.is_empty() || rest == "/") {
            return Some((Operation::RegDirectDevice, String::new()));
        }
        let id = device_id(rest.strip_prefix('/').unwrap_or(rest))?;
        return match method {
            "PUT" => Some((Operation::RefreshDeviceKey, id)),
            "GET" => Some((Operation::QueryDeviceStatus, id)),
            _ => None,
        };
    }
    let id = device_id(path.strip_prefix(DEVICES)?)?;
    (method == "DELETE").then_some((Operation::DeleteDirectDevice, id))
}

fn device_id(segment: &str) -> Option<String> {
    (!segment.contains('/')).then(|| percent_decode(segment, false))
}

/// An error to order; what the order leaves out is as documented for the code.
pub(crate) fn ordered_error(settings: &Settings, error: &ErrorOrder) -> Response {
    let code = &error.code;
    let status = error.status.unwrap_or_else(|| errors::usual_status(code));
    let message = error.message.as_deref().unwrap_or_else(|| errors::message(code));
    match error.dialect.unwrap_or_else(|| errors::dialect(code)) {
        Dialect::Application => errors::application(status, code, message),
        Dialect::Gateway => errors::gateway(status, &settings.gateway_content_type, code, message),
    }
}

/// Answers a request, and changes the state as the platform would.
pub(crate) fn handle(state: &mut State, now: Millis, request: &Request) -> Response {
    state.devices.expire(&state.settings, now);
    let Some((operation, device_id)) = route(&request.method, &request.path) else {
        return Response::unknown_path();
    };
    match operation {
        Operation::Login => authentication::login(state, now, request),
        Operation::RefreshToken => authentication::refresh_token(state, now, request),
        Operation::Logout => authentication::logout(state, request),
        Operation::RegDirectDevice
        | Operation::RefreshDeviceKey
        | Operation::QueryDeviceStatus
        | Operation::DeleteDirectDevice => {
            registration::call(state, now, request, operation, &device_id)
        }
    }
}
