//! Log in, refresh, log out.

use serde_json::Value;

use super::State;
use super::errors::{application, gateway, message, refusal, text};
use super::tokens::Pair;
use crate::exchange::{Millis, Request, Response, percent_decode};

/// `POST …/login`: a form, read in every way an existing client may have meant it.
pub(crate) fn login(state: &mut State, now: Millis, request: &Request) -> Response {
    let body = String::from_utf8_lossy(&request.body);
    let readings = readings(body.trim());
    let complete: Vec<_> =
        readings.iter().filter(|(id, secret)| !id.is_empty() && !secret.is_empty()).collect();
    if complete.is_empty() {
        return refusal("102202");
    }
    let known = state.apps.iter().find(|app| complete.contains(app)).map(|(id, _)| id.clone());
    let Some(app) = known else {
        return refusal("100208");
    };
    match issue(state, now, &app) {
        Ok(pair) => Response::json(
            200,
            format!(
                r#"{{"accessToken":"{}","tokenType":{},"refreshToken":"{}","expiresIn":{},"scope":"default"}}"#,
                pair.access,
                text(&state.settings.token_type),
                pair.refresh,
                state.settings.token_life_s,
            ),
        ),
        Err(response) => response,
    }
}

/// The pairs (appId, secret) that a form may stand for: decoded, decoded with `+` as itself, raw.
fn readings(form: &str) -> Vec<(String, String)> {
    let mut readings = Vec::new();
    let decoders: [fn(&str) -> String; 3] =
        [|text| percent_decode(text, true), |text| percent_decode(text, false), str::to_owned];
    for decode in decoders {
        readings.push((field(form, "appid", decode), field(form, "secret", decode)));
    }
    // A raw secret may hold `&`, so the pairs cannot be told apart by it: the secret ends where
    // the appId begins, or with the form.
    let lower = form.to_ascii_lowercase();
    if let (Some(id_at), Some(secret_at)) = (lower.find("appid="), lower.find("secret=")) {
        let end_of_id = if secret_at > id_at { secret_at } else { form.len() };
        let end_of_secret = if id_at > secret_at { id_at } else { form.len() };
        let value = |from: usize, to: usize| {
            let part = form.get(from..to).unwrap_or_default();
            part.strip_suffix('&').unwrap_or(part).to_owned()
        };
        readings.push((value(id_at + 6, end_of_id), value(secret_at + 7, end_of_secret)));
    }
    readings
}

fn field(form: &str, name: &str, decode: fn(&str) -> String) -> String {
    form.split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| percent_decode(key, true).eq_ignore_ascii_case(name))
        .map(|(_, value)| decode(value))
        .unwrap_or_default()
}

/// `POST …/refreshToken`: the five members of a login, in another order.
pub(crate) fn refresh_token(state: &mut State, now: Millis, request: &Request) -> Response {
    let Ok(Value::Object(body)) = serde_json::from_slice(&request.body) else {
        return refusal(if request.body.is_empty() { "102202" } else { "50400" });
    };
    let mut given = Vec::new();
    for name in ["appId", "secret", "refreshToken"] {
        match body.get(name) {
            None | Some(Value::Null) => return refusal("102202"),
            Some(Value::String(value)) if value.is_empty() => return refusal("102202"),
            Some(Value::String(value)) => given.push(value.as_str()),
            Some(_) => return refusal("50400"),
        }
    }
    let [app, secret, token] = given[..] else {
        return refusal("102202");
    };
    let right = state.apps.iter().any(|(id, known)| id == app && known == secret);
    if !right || state.tokens.app_of_refresh(now, token) != Some(app) {
        return refusal("100208");
    }
    match issue(state, now, app) {
        Ok(pair) => {
            if !state.settings.keep_refresh_token {
                state.tokens.use_up(token);
            }
            Response::json(
                200,
                format!(
                    r#"{{"accessToken":"{}","tokenType":{},"expiresIn":{},"scope":"default","refreshToken":"{}"}}"#,
                    pair.access,
                    text(&state.settings.token_type),
                    state.settings.token_life_s,
                    pair.refresh,
                ),
            )
        }
        Err(response) => response,
    }
}

fn issue(state: &mut State, now: Millis, app: &str) -> Result<Pair, Response> {
    let settings = &state.settings;
    if settings.throttle_login && !state.throttle.admit(settings, now, app) {
        return Err(throttled(&settings.gateway_content_type));
    }
    if settings.frozen_apps.iter().any(|frozen| frozen == app) {
        let code = &settings.frozen_code;
        return Err(application(400, code, message(code)));
    }
    Ok(state.tokens.issue(settings, now, &mut state.rng, app))
}

/// The gateway's answer to one call too many.
pub(crate) fn throttled(content_type: &str) -> Response {
    gateway(403, content_type, "1010009", message("1010009"))
}

/// `POST …/logout`: empty, whether or not the token was alive.
pub(crate) fn logout(state: &mut State, request: &Request) -> Response {
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let Some(token) = body.get("accessToken").and_then(Value::as_str) else {
        return refusal("102202");
    };
    if !state.settings.logout_keeps_token {
        state.tokens.revoke(token);
    }
    Response::no_content()
}
