//! What is checked before the product sees a call: who calls, when, and how often.

use std::collections::{BTreeMap, VecDeque};

use super::errors::Refusal;
use super::parameters::Parameters;
use super::settings::{Check, Overflow};
use super::signature::{Authorization, Mismatch, Scheme, verify_v1, verify_v3};
use super::{Operation, State};
use crate::exchange::{Millis, Request};
use crate::wall_clock::parse_iso;

/// Nonces that were used, and until when they are remembered.
#[derive(Debug, Default)]
pub(crate) struct Nonces {
    seen: BTreeMap<(String, String), Millis>,
}

/// A call as the gateway sees it.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) request: &'a Request,
    pub(crate) parameters: &'a Parameters,
    pub(crate) scheme: Option<Scheme>,
    pub(crate) operation: Option<Operation>,
}

impl<'a> Call<'a> {
    /// A fact of the signature: a parameter of the older scheme, a header of the newer one.
    fn fact(&self, parameter: &str, header: &str) -> Option<&'a str> {
        match self.scheme {
            Some(Scheme::V3) => self.request.header(header),
            Some(Scheme::V1) | None => self.parameters.get(parameter),
        }
    }

    fn refuse(&self, state: &State, code: &str) -> Refusal {
        Refusal::new(&state.settings, self.operation, code)
    }

    /// All that the gateway wants to see; the first absent one is named.
    fn complete(&self, state: &State) -> Result<(), Refusal> {
        let wanted: &[&str] = match self.scheme {
            Some(Scheme::V3) => &[
                "x-acs-action",
                "x-acs-version",
                "x-acs-date",
                "x-acs-signature-nonce",
                "x-acs-content-sha256",
                "host",
            ],
            Some(Scheme::V1) | None => &[
                "Action",
                "Version",
                "AccessKeyId",
                "Timestamp",
                "SignatureNonce",
                "SignatureMethod",
                "SignatureVersion",
                "Signature",
            ],
        };
        let absent = |name: &&&str| self.fact(name, name).is_none();
        let Some(name) = wanted.iter().find(absent) else {
            return Ok(());
        };
        let name = match *name {
            "x-acs-date" => "Timestamp",
            "x-acs-action" => "Action",
            "x-acs-version" => "Version",
            "x-acs-signature-nonce" => "SignatureNonce",
            "x-acs-content-sha256" => "ContentSha256",
            other => other,
        };
        Err(self.refuse(state, &format!("Missing{name}")))
    }

    fn timestamp(&self, state: &State, now: Millis) -> Result<(), Refusal> {
        let text = self.fact("Timestamp", "x-acs-date").unwrap_or_default();
        let Some(at) = parse_iso(text) else {
            return Err(self.refuse(state, "InvalidTimeStamp.Format"));
        };
        if at.abs_diff(now) > state.settings.clock_tolerance_s.saturating_mul(1000) {
            return Err(self.refuse(state, "InvalidTimeStamp.Expired"));
        }
        Ok(())
    }

    fn nonce(&self, state: &mut State, now: Millis) -> Result<(), Refusal> {
        let nonce = self.fact("SignatureNonce", "x-acs-signature-nonce").unwrap_or_default();
        let id = self.access_key_id().unwrap_or_default();
        state.nonces.seen.retain(|_, until| *until > now);
        let seconds = match state.settings.nonce_memory_s {
            0 => state.settings.clock_tolerance_s,
            seconds => seconds,
        };
        let key = (id.to_owned(), nonce.to_owned());
        let until = now.saturating_add(seconds.saturating_mul(1000));
        match state.nonces.seen.insert(key, until) {
            None => Ok(()),
            Some(_) => Err(self.refuse(state, "SignatureNonceUsed")),
        }
    }

    fn access_key_id(&self) -> Option<&'a str> {
        match self.scheme {
            Some(Scheme::V3) => Authorization::of(self.request).map(|found| found.access_key_id),
            Some(Scheme::V1) | None => self.parameters.get("AccessKeyId"),
        }
    }

    fn signature(&self, state: &State, now: Millis) -> Result<(), Refusal> {
        let id = self.access_key_id().unwrap_or_default();
        let Some(key) = state.accounts.get(id) else {
            return Err(self.refuse(state, "InvalidAccessKeyId.NotFound"));
        };
        let verified = match (self.scheme, Authorization::of(self.request)) {
            (Some(Scheme::V3), Some(authorization)) => {
                verify_v3(self.request, self.parameters, &authorization, &key.secret)
            }
            (Some(Scheme::V3), None) => Err(Mismatch(String::new())),
            (Some(Scheme::V1) | None, _) => {
                verify_v1(&self.request.method, self.parameters, &key.secret)
            }
        };
        if let Err(Mismatch(message)) = verified {
            return Err(Refusal { message, ..self.refuse(state, "SignatureDoesNotMatch") });
        }
        let token = self.fact("SecurityToken", "x-acs-security-token");
        let life = state.settings.sts_life_s.saturating_mul(1000);
        let usual_end = (life > 0).then(|| state.started_at.saturating_add(life));
        match (&key.token, token) {
            (None, None) => Ok(()),
            (Some(_), None) => Err(self.refuse(state, "MissingSecurityToken")),
            (Some(right), Some(token)) if right == token => match key.ends_at.or(usual_end) {
                Some(end) if end <= now => Err(self.refuse(state, "InvalidSecurityToken.Expired")),
                _ => Ok(()),
            },
            (_, Some(_)) => Err(self.refuse(state, "CheckAccountInfoFailed")),
        }
    }

    /// The gateway's checks in the order of the settings, then the limits.
    pub(crate) fn admit(&self, state: &mut State, now: Millis) -> Result<(), Refusal> {
        self.complete(state)?;
        for check in state.settings.gateway_checks.clone() {
            match check {
                Check::Timestamp => self.timestamp(state, now)?,
                Check::Nonce => self.nonce(state, now)?,
                Check::Signature => self.signature(state, now)?,
            }
        }
        self.limits(state, now)
    }

    fn limits(&self, state: &mut State, now: Millis) -> Result<(), Refusal> {
        let Some(operation) = self.operation else {
            return Ok(());
        };
        let peer = self.request.peer.as_str();
        if state.limits.blocked.iter().any(|blocked| blocked == peer) {
            return Err(self.refuse(state, "Throttling"));
        }
        let of_address = state.settings.address_limit;
        if !state.limits.count(operation, peer, of_address, now) {
            state.limits.blocked.push(peer.to_owned());
            return Err(self.refuse(state, "Throttling"));
        }
        let own = state.settings.operation_limits.iter().find_map(|limit| {
            let (name, calls) = limit.split_once('=')?;
            (name == operation.name()).then(|| calls.parse().ok())?
        });
        let documented = state.settings.documented_limits;
        let most = own.unwrap_or_else(|| if documented { operation.calls_per_second() } else { 0 });
        if state.limits.count(operation, "", most, now) {
            return Ok(());
        }
        Err(self.refuse(
            state,
            match state.settings.overflow {
                Overflow::Product => operation.overflow_code(),
                Overflow::Gateway => "Throttling.User",
            },
        ))
    }
}

/// The calls of the last second.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    calls: BTreeMap<(Operation, String), VecDeque<Millis>>,
    /// Addresses that were too fast.
    blocked: Vec<String>,
}

impl Limits {
    /// Counts a call, or says that it is one too many.
    fn count(&mut self, operation: Operation, whose: &str, most: usize, now: Millis) -> bool {
        if most == 0 {
            return true;
        }
        let calls = self.calls.entry((operation, whose.to_owned())).or_default();
        while calls.front().is_some_and(|at| now.saturating_sub(*at) >= 1000) {
            calls.pop_front();
        }
        let fits = calls.len() < most;
        if fits {
            calls.push_back(now);
        }
        fits
    }
}
