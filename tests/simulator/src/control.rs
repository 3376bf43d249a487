//! The `/_sim` API: looking into the platform and moving it, from tests and demonstrations.

mod aliyun;

use std::time::Duration;

use serde_json::{Value, json};

use crate::exchange::{Request, Response, percent_decode};
use crate::huawei::{demo, tokens};
use crate::world::{Simulator, real_ms};

/// Answers a request whose path starts with `/_sim`.
pub(crate) fn handle(simulator: &Simulator, request: &Request) -> Response {
    let body = match &request.body[..] {
        [] => Value::Null,
        bytes => match serde_json::from_slice(bytes) {
            Ok(body) => body,
            Err(error) => return failure(400, &format!("the body is no JSON: {error}")),
        },
    };
    let path = request.path.trim_end_matches('/');
    let steps: Vec<String> = path.split('/').skip(2).map(|s| percent_decode(s, false)).collect();
    let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
    let answer = match (&*request.method, &*steps) {
        ("GET", ["journal"]) => Ok(journal(simulator, request)),
        ("DELETE", ["journal"]) => {
            let real = simulator.real();
            let mut world = simulator.world();
            let now = world.clock.now(real);
            world.journal.clear();
            world.huawei.tokens.forget_ended(now);
            Ok(json!({}))
        }
        (_, ["devices" | "bind", ..]) => devices(simulator, &request.method, &steps, &body),
        ("POST", ["tokens", "kill"]) => {
            let real = simulator.real();
            let mut world = simulator.world();
            let now = world.clock.now(real);
            Ok(json!({ "killed": world.huawei.tokens.kill(now) }))
        }
        (method, ["credentials"]) => aliyun::credentials(simulator, method, &body),
        ("POST", ["sts", rest @ ..]) => aliyun::temporary_keys(simulator, rest, &body),
        (method, ["mqtt"]) => aliyun::mqtt(simulator, method, &body),
        ("POST", ["logins"]) => login(simulator, &body),
        ("GET" | "PATCH", ["settings"]) => settings(simulator, &request.method, body),
        ("GET" | "POST", ["clock"]) => clock(simulator, &body),
        (method, ["faults"]) => faults(simulator, method, body),
        ("POST", ["reset"]) => {
            let real = simulator.real();
            simulator.world().reset(real, body.get("settings") == Some(&Value::Bool(true)));
            Ok(json!({}))
        }
        _ => return failure(404, "no such control; --help lists them"),
    };
    match answer {
        Ok(value) => Response::json(200, value.to_string()),
        Err(message) => failure(400, &message),
    }
}

fn failure(status: u16, message: &str) -> Response {
    Response::json(status, json!({ "error": message }).to_string())
}

fn journal(simulator: &Simulator, request: &Request) -> Value {
    let real = simulator.real();
    let mut world = simulator.world();
    if request.query_value("summary").is_none() {
        return world.journal.all();
    }
    // The journal has real times, the throttle's window is in simulated ones.
    let window = Duration::from_millis(world.huawei.settings.window_ms);
    let window_ms = real_ms(window) / real_ms(Duration::from_millis(world.common.speed.max(1)));
    let mut summary = world.journal.summary(window_ms);
    let now = world.clock.now(real);
    if let Value::Object(counts) = &mut summary {
        let ended = world.huawei.tokens.ended_by_clock(now);
        counts.insert("tokensEndedByClock".to_owned(), ended.into());
    }
    summary
}

fn devices(
    simulator: &Simulator,
    method: &str,
    steps: &[&str],
    body: &Value,
) -> Result<Value, String> {
    let real = simulator.real();
    let mut world = simulator.world();
    let now = world.clock.now(real);
    let state = &mut world.huawei;
    match (method, steps) {
        ("GET", ["devices"]) => Ok(json!({ "devices": demo::list(state, now) })),
        ("POST", ["devices"]) => demo::create(state, now, body),
        ("POST", ["devices", id, how]) => demo::turn(state, now, id, how)
            .ok_or_else(|| "no such device, or none of online, offline, activate".to_owned()),
        ("POST", ["bind"]) => {
            let code = body.get("verifyCode").and_then(Value::as_str).unwrap_or_default();
            demo::bind(state, now, code).ok_or_else(|| "no device waits with this code".to_owned())
        }
        _ => Err("no such control of devices; --help lists them".to_owned()),
    }
}

fn login(simulator: &Simulator, body: &Value) -> Result<Value, String> {
    let real = simulator.real();
    let mut world = simulator.world();
    let now = world.clock.now(real);
    let state = &mut world.huawei;
    let first = state.apps.first().map(|(id, _)| id.clone());
    let app = body.get("appId").and_then(Value::as_str).map(str::to_owned).or(first);
    let app = app.filter(|app| state.knows_app(app)).ok_or("there is no such appId")?;
    let tokens::Pair { access, refresh } =
        state.tokens.issue(&state.settings, now, &mut state.rng, &app);
    Ok(json!({ "appId": app, "accessToken": access, "refreshToken": refresh }))
}

fn settings(simulator: &Simulator, method: &str, body: Value) -> Result<Value, String> {
    let real = simulator.real();
    let mut world = simulator.world();
    if method == "PATCH" {
        world.change_settings(real, body)?;
    }
    Ok(world.settings())
}

fn clock(simulator: &Simulator, body: &Value) -> Result<Value, String> {
    let real = simulator.real();
    let mut world = simulator.world();
    match body.get("advanceMs") {
        None => {}
        Some(ms) => world.clock.advance(ms.as_u64().ok_or("advanceMs is no whole number")?),
    }
    Ok(json!({ "nowMs": world.clock.now(real), "speed": world.common.speed }))
}

fn faults(simulator: &Simulator, method: &str, body: Value) -> Result<Value, String> {
    let mut world = simulator.world();
    match method {
        "GET" => {}
        "POST" => world.faults.order(body)?,
        "DELETE" => world.faults.clear(),
        _ => return Err("faults take GET, POST and DELETE".to_owned()),
    }
    Ok(json!({ "faults": world.faults.left() }))
}
