//! The Aliyun platform (`OnsMqtt` 2020-04-20): a function of (state, now, request).
//!
//! Here `now` is the platform's calendar time, since dates are part of what is signed.

pub(crate) mod accounts;
pub(crate) mod cors;
pub(crate) mod credentials;
pub(crate) mod errors;
pub(crate) mod gateway;
pub(crate) mod mqtt_login;
pub(crate) mod parameters;
pub(crate) mod product;
pub(crate) mod settings;
pub(crate) mod signature;
#[cfg(test)]
mod tests;
pub(crate) mod tokens;

use std::collections::BTreeMap;

use self::accounts::Accounts;
use self::credentials::{Credential, Owner};
use self::errors::{Envelope, Refusal};
use self::gateway::{Call, Limits, Nonces};
use self::parameters::Parameters;
use self::product::Product;
use self::settings::Settings;
use self::signature::Scheme;
use self::tokens::Token;
use crate::exchange::{Format, Millis, Request, Response};
use crate::faults::ErrorOrder;
use crate::wall_clock::http_date;

/// All the platform knows.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) settings: Settings,
    pub(crate) accounts: Accounts,
    pub(crate) credentials: BTreeMap<Owner, Credential>,
    pub(crate) tokens: Vec<Token>,
    pub(crate) nonces: Nonces,
    pub(crate) limits: Limits,
    pub(crate) started_at: Millis,
    pub(crate) rng: fastrand::Rng,
    /// Whose live connections are to end; the broker empties it.
    pub(crate) to_cut: Vec<Owner>,
}

impl State {
    pub(crate) fn new(settings: Settings, accounts: Accounts, now: Millis, seed: u64) -> Self {
        Self {
            settings,
            accounts,
            credentials: BTreeMap::new(),
            tokens: Vec::new(),
            nonces: Nonces::default(),
            limits: Limits::default(),
            started_at: now,
            rng: fastrand::Rng::with_seed(seed),
            to_cut: Vec::new(),
        }
    }

    /// Notes that a credential is void, if its connections are to notice.
    pub(crate) fn cut(&mut self, owner: Owner) {
        if self.settings.cut_connections {
            self.to_cut.push(owner);
        }
    }
}

/// The operations of the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Operation {
    RegisterDeviceCredential,
    GetDeviceCredential,
    RefreshDeviceCredential,
    UnRegisterDeviceCredential,
    ListDeviceCredentialClientId,
    ApplyToken,
    QueryToken,
    RevokeToken,
}

impl Operation {
    /// Action, name in the journal, documented calls per second (0: none given), and overflow.
    const fn row(self) -> (&'static str, &'static str, usize, &'static str) {
        const APPLY: &str = "ApplyTokenOverFlow";
        match self {
            Self::RegisterDeviceCredential => {
                ("RegisterDeviceCredential", "registerDeviceCredential", 500, APPLY)
            }
            Self::GetDeviceCredential => ("GetDeviceCredential", "getDeviceCredential", 500, APPLY),
            Self::RefreshDeviceCredential => {
                ("RefreshDeviceCredential", "refreshDeviceCredential", 500, APPLY)
            }
            Self::UnRegisterDeviceCredential => {
                ("UnRegisterDeviceCredential", "unRegisterDeviceCredential", 500, APPLY)
            }
            Self::ListDeviceCredentialClientId => {
                ("ListDeviceCredentialClientId", "listDeviceCredentialClientId", 0, APPLY)
            }
            Self::ApplyToken => ("ApplyToken", "applyToken", 100, APPLY),
            Self::QueryToken => ("QueryToken", "queryToken", 100, "QueryTokenOverFlow"),
            Self::RevokeToken => ("RevokeToken", "revokeToken", 5, "RevokeTokenOverFlow"),
        }
    }

    const ALL: [Self; 8] = [
        Self::RegisterDeviceCredential,
        Self::GetDeviceCredential,
        Self::RefreshDeviceCredential,
        Self::UnRegisterDeviceCredential,
        Self::ListDeviceCredentialClientId,
        Self::ApplyToken,
        Self::QueryToken,
        Self::RevokeToken,
    ];

    pub(crate) fn of(request: &Request, parameters: &Parameters) -> Option<Self> {
        let action = action(request, parameters)?;
        Self::ALL.into_iter().find(|operation| operation.action() == action)
    }

    pub(crate) const fn action(self) -> &'static str {
        self.row().0
    }

    pub(crate) const fn name(self) -> &'static str {
        self.row().1
    }

    pub(crate) const fn calls_per_second(self) -> usize {
        self.row().2
    }

    pub(crate) const fn overflow_code(self) -> &'static str {
        self.row().3
    }
}

/// The older scheme signs the parameter; the header then only comes along.
fn action<'a>(request: &'a Request, parameters: &'a Parameters) -> Option<&'a str> {
    parameters.get("Action").or_else(|| request.header("x-acs-action"))
}

const VERSION: &str = "2020-04-20";
const PREFIX: &str = "/aliyun";

/// Whether a path belongs to this platform.
pub(crate) fn owns(path: &str) -> bool {
    path == "/" || path.trim_end_matches('/') == PREFIX
}

/// Whether a request to the root is a call and not for a page that is mounted there.
pub(crate) fn is_call(method: &str, query: &str, has_action: bool, asks_first: bool) -> bool {
    let named = query.split('&').any(|pair| pair.starts_with("Action="));
    match method {
        "POST" => true,
        "GET" => has_action || named,
        "OPTIONS" => asks_first,
        _ => false,
    }
}

/// What the journal calls a request, and how it is signed.
pub(crate) fn describe(request: &Request) -> (&'static str, Option<&'static str>) {
    if cors::is_preflight(request) {
        return ("preflight", None);
    }
    let parameters = Parameters::of(request);
    let scheme = Scheme::of(request, &parameters).map(Scheme::name);
    (Operation::of(request, &parameters).map_or("unknown", Operation::name), scheme)
}

/// Answers a request, and changes the state as the platform would.
pub(crate) fn handle(state: &mut State, now: Millis, request: &Request) -> Response {
    if cors::is_preflight(request) {
        return cors::preflight(&state.settings, request);
    }
    let parameters = Parameters::of(request);
    let envelope = envelope(state, request, &parameters);
    let hints = state.settings.throttle_hints;
    let scheme = Scheme::of(request, &parameters);
    let call = Call { request, parameters: &parameters, scheme, operation: envelope.operation };
    let answer = call.admit(state, now).and_then(|()| {
        let version = parameters.get("Version").or_else(|| request.header("x-acs-version"));
        let refuse = |code| Refusal::new(&state.settings, envelope.operation, code);
        let Some(operation) = envelope.operation.filter(|_| version == Some(VERSION)) else {
            return Err(refuse("ApiNotSupport"));
        };
        let reads =
            matches!(operation, Operation::QueryToken | Operation::ListDeviceCredentialClientId);
        if request.method == "GET" && !reads && !state.settings.get_for_all {
            return Err(refuse("UnsupportedHTTPMethod"));
        }
        Product { state, now, operation, parameters: &parameters }.call()
    });
    match answer {
        Ok(members) => envelope.success(members),
        Err(refusal) => envelope.refusal(hints, &refusal),
    }
}

fn envelope(state: &mut State, request: &Request, parameters: &Parameters) -> Envelope {
    let newer = Scheme::of(request, parameters) == Some(Scheme::V3);
    let format = match parameters.get("Format").map(str::to_lowercase).as_deref() {
        Some("json") => Format::Json,
        Some("xml") => Format::Xml,
        _ if newer => match request.header("accept") {
            Some(accept) if accept.contains("xml") && !accept.contains("json") => Format::Xml,
            _ => Format::Json,
        },
        _ => state.settings.default_format,
    };
    Envelope {
        request_id: request_id(&mut state.rng),
        host: request.header("host").unwrap_or_default().to_owned(),
        format,
        operation: Operation::of(request, parameters),
    }
}

/// A random UUID in upper case.
fn request_id(rng: &mut fastrand::Rng) -> String {
    let hex = signature::hex(&random_bytes::<16>(rng)).to_uppercase();
    let part = |from, to| hex.get(from..to).unwrap_or_default();
    let (a, b, c, d) = (part(0, 8), part(8, 12), part(13, 16), part(17, 20));
    format!("{a}-{b}-4{c}-A{d}-{}", part(20, 32))
}

pub(crate) fn random_bytes<const N: usize>(rng: &mut fastrand::Rng) -> [u8; N] {
    std::array::from_fn(|_| rng.u8(..))
}

/// An error to order; what the order leaves out is as documented for the code.
pub(crate) fn ordered_error(state: &mut State, request: &Request, order: &ErrorOrder) -> Response {
    let parameters = Parameters::of(request);
    let mut envelope = envelope(state, request, &parameters);
    if let Some(format) = order.format {
        envelope.format = format;
    }
    let mut refusal = Refusal::new(&state.settings, envelope.operation, &order.code);
    refusal.status = order.status.unwrap_or(refusal.status);
    refusal.message = order.message.clone().unwrap_or(refusal.message);
    refusal.retry_after_ms = order.retry_after_ms.or(refusal.retry_after_ms);
    envelope.refusal(state.settings.throttle_hints, &refusal)
}

/// What each answer carries, those of faults too: the platform's date, and CORS headers.
pub(crate) fn stamp(state: &State, now: Millis, request: &Request, response: &mut Response) {
    if !response.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("date")) {
        response.headers.push(("date".to_owned(), http_date(now)));
    }
    cors::open(&state.settings, request, response);
}
