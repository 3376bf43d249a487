//! Register, new device key, activation status, delete: the calls that carry a token.

use super::authentication::throttled;
use super::body::{Body, body};
use super::devices::{Code, Device, Status, new_hex, new_id};
use super::errors::{application, gateway, message, refusal, text};
use super::settings::{Check, Settings};
use super::{Operation, State};
use crate::exchange::{Millis, Request, Response};

/// A call with what can be said of it before any check.
#[derive(Debug)]
struct Call<'a> {
    operation: Operation,
    request: &'a Request,
    device_id: &'a str,
    /// The token's application.
    caller: Option<String>,
    app_key: Option<String>,
    /// The other application that the query names.
    other: Option<String>,
}

/// Runs the checks in the order of the settings, then does what the operation is for.
pub(crate) fn call(
    state: &mut State,
    now: Millis,
    request: &Request,
    operation: Operation,
    device_id: &str,
) -> Response {
    let caller = state.caller(now, request).map(str::to_owned);
    let stand_in = state.settings.x_app_key && !request.tls;
    let app_key = request
        .header("app_key")
        .or_else(|| request.header("x-app-key").filter(|_| stand_in))
        .map(str::to_owned);
    let other = request.query_value("appId").filter(|other| Some(other) != caller.as_ref());
    let call = Call { operation, request, device_id, caller, app_key, other };
    let body = body(operation, &state.settings, request, device_id);
    for check in state.settings.check_order.clone() {
        let verdict = match check {
            Check::Token => call.token(&state.settings),
            Check::Throttle => call.throttle(state, now),
            Check::Parameters => call.rights(state).and_then(|()| match &body {
                Ok(body) => call.code_free(state, body),
                Err(refused) => Err(refused.clone()),
            }),
            Check::Existence => call.existence(state, &body),
            Check::Activation => call.activation(state, now),
            Check::Online => call.online(state, now),
        };
        if let Err(refused) = verdict {
            return refused;
        }
    }
    let body = match body {
        Ok(body) => body,
        Err(refused) => return refused,
    };
    match operation {
        Operation::RegDirectDevice => call.register(state, now, body),
        Operation::RefreshDeviceKey => call.refresh_key(state, now, body),
        Operation::QueryDeviceStatus => call.query_status(state),
        Operation::DeleteDirectDevice => call.delete(state),
        Operation::Login | Operation::RefreshToken | Operation::Logout => Response::unknown_path(),
    }
}

impl Call<'_> {
    fn token(&self, settings: &Settings) -> Result<(), Response> {
        let invalid = || {
            let message = &settings.invalid_token_message;
            gateway(403, &settings.gateway_content_type, "1010005", message)
        };
        let caller = self.caller.as_deref().ok_or_else(invalid)?;
        match self.app_key.as_deref() {
            None => Err(refusal("100025")),
            Some(key) if key == caller => Ok(()),
            Some(_) => Err(invalid()),
        }
    }

    fn throttle(&self, state: &mut State, now: Millis) -> Result<(), Response> {
        let Some(caller) = &self.caller else {
            return Ok(());
        };
        let settings = &state.settings;
        if state.throttle.admit(settings, now, caller) {
            return Ok(());
        }
        Err(throttled(&settings.gateway_content_type))
    }

    /// May the caller act for the application that the query names?
    fn rights(&self, state: &State) -> Result<(), Response> {
        let (Some(other), Some(caller)) = (&self.other, &self.caller) else {
            return Ok(());
        };
        if !state.knows_app(other) {
            return Err(application(state.settings.status_100203, "100203", message("100203")));
        }
        let granted = |grant: &String| grant.split_once(':') == Some((other, caller));
        if state.settings.grants.iter().any(granted) {
            return Ok(());
        }
        let refresh = self.operation == Operation::RefreshDeviceKey;
        let status = if refresh { state.settings.status_100217 } else { 403 };
        Err(application(status, "100217", message("100217")))
    }

    fn code_free(&self, state: &State, body: &Body) -> Result<(), Response> {
        match &body.verify_code {
            Some(code)
                if state.settings.unique_codes
                    && state.devices.code_taken(code, self.device_id) =>
            {
                Err(refusal("100003"))
            }
            _ => Ok(()),
        }
    }

    /// Is the device there, and the node id free?
    fn existence(&self, state: &State, body: &Result<Body, Response>) -> Result<(), Response> {
        let Some(owner) = self.owner() else {
            return Ok(());
        };
        let node_id = body.as_ref().ok().and_then(|body| body.node_id.as_deref());
        let holder = node_id.and_then(|node_id| state.devices.with_node_id(node_id));
        if self.operation == Operation::RegDirectDevice {
            return match holder {
                None => Ok(()),
                Some(holder) if holder.owner == owner => Err(refusal("100416")),
                Some(_) => Err(refusal("100426")),
            };
        }
        let (unknown, foreign) = match self.operation {
            Operation::DeleteDirectDevice => ("100418", "100418"),
            Operation::RefreshDeviceKey => ("100403", "100418"),
            Operation::QueryDeviceStatus
            | Operation::RegDirectDevice
            | Operation::Login
            | Operation::RefreshToken
            | Operation::Logout => ("100403", "100403"),
        };
        match state.devices.get(self.device_id) {
            None => return Err(refusal(unknown)),
            Some(device) if device.owner != owner => return Err(refusal(foreign)),
            Some(_) => {}
        }
        match holder {
            Some(holder) if holder.id != self.device_id => Err(refusal("100426")),
            _ => Ok(()),
        }
    }

    fn activation(&self, state: &State, now: Millis) -> Result<(), Response> {
        match self.status(state, now) {
            Some(Status::Inactive) => Err(refusal("100610")),
            _ => Ok(()),
        }
    }

    /// Only an offline device passes; an abnormal one still holds its connection.
    fn online(&self, state: &State, now: Millis) -> Result<(), Response> {
        match self.status(state, now) {
            Some(Status::Online | Status::Abnormal) => Err(refusal("100611")),
            _ => Ok(()),
        }
    }

    /// The status of the device whose key is to be refreshed; no other operation asks.
    fn status(&self, state: &State, now: Millis) -> Option<Status> {
        if self.operation != Operation::RefreshDeviceKey {
            return None;
        }
        let device = state.devices.get(self.device_id)?;
        Some(device.status(&state.settings, now))
    }

    fn owner(&self) -> Option<&str> {
        self.other.as_deref().or(self.caller.as_deref())
    }

    fn register(&self, state: &mut State, now: Millis, body: Body) -> Response {
        let timeout = body.timeout.unwrap_or(state.settings.register_timeout_s);
        let rng = &mut state.rng;
        let code = body.verify_code.unwrap_or_else(|| new_hex(rng, 20));
        let psk = body.psk.unwrap_or_else(|| new_hex(rng, 32));
        let id = new_id(rng);
        let answer = format!(
            r#"{{"deviceId":"{id}","verifyCode":{},"timeout":{timeout},"psk":{}}}"#,
            text(&code),
            text(&psk)
        );
        state.devices.insert(Device {
            id,
            owner: self.owner().unwrap_or_default().to_owned(),
            node_id: body.node_id.unwrap_or_default(),
            name: body.name,
            gateway: None,
            bound: false,
            activated: false,
            heard_at: None,
            codes: vec![Code::new(code, now, timeout)],
        });
        Response::json(200, answer)
    }

    fn refresh_key(&self, state: &mut State, now: Millis, body: Body) -> Response {
        let timeout = body.timeout.unwrap_or(state.settings.refresh_timeout_s);
        let code = body.verify_code.unwrap_or_else(|| new_hex(&mut state.rng, 20));
        let Some(device) = state.devices.get_mut(self.device_id) else {
            return refusal("100403");
        };
        if let Some(node_id) = body.node_id {
            device.node_id = node_id;
        }
        if !state.settings.keep_old_code {
            device.codes.clear();
        }
        if state.settings.refresh_deactivates {
            device.activated = false;
        }
        let answer = format!(r#"{{"verifyCode":{},"timeout":{timeout}}}"#, text(&code));
        device.codes.push(Code::new(code, now, timeout));
        Response::json(200, answer)
    }

    fn query_status(&self, state: &State) -> Response {
        let Some(device) = state.devices.get(self.device_id) else {
            return refusal("100403");
        };
        let name = device.name.as_deref().map_or_else(|| "null".to_owned(), text);
        let (id, activated) = (text(&device.id), device.activated);
        Response::json(200, format!(r#"{{"deviceId":{id},"activated":{activated},"name":{name}}}"#))
    }

    fn delete(&self, state: &mut State) -> Response {
        let cascade = match self.request.query_value("cascade").as_deref() {
            Some("true") => true,
            Some("false") => false,
            _ => !state.settings.no_cascade,
        };
        state.devices.remove(self.device_id, cascade);
        Response::no_content()
    }
}
