//! Control of the Aliyun platform: credentials, temporary keys, MQTT connections.

use serde_json::{Value, json};

use crate::aliyun::product::is_group;
use crate::world::Simulator;

fn text<'a>(body: &'a Value, name: &str) -> Option<&'a str> {
    body.get(name).and_then(Value::as_str)
}

pub(crate) fn credentials(
    simulator: &Simulator,
    method: &str,
    body: &Value,
) -> Result<Value, String> {
    let real = simulator.real();
    let mut world = simulator.world();
    let now = world.wall(real);
    let state = &mut world.aliyun;
    let first = state.settings.instances.first().cloned().unwrap_or_default();
    let instance = text(body, "instanceId").map_or(first, str::to_owned);
    let owner = text(body, "clientId").map(|id| (instance, id.to_owned()));
    match (method, owner) {
        ("GET", _) => Ok(json!({ "credentials": state.list_credentials() })),
        ("POST", Some(owner)) => {
            let group = owner.1.split_once("@@@").map_or("", |(group, _)| group);
            if !is_group(group) || !state.settings.instances.contains(&owner.0) {
                return Err("no GROUP@@@DEVICE, or no instance of the account".to_owned());
            }
            let at = body.get("createTime").and_then(Value::as_u64).unwrap_or(now);
            Ok(state.add_credential(owner, at))
        }
        ("DELETE", None) => {
            let owners: Vec<_> = std::mem::take(&mut state.credentials).into_keys().collect();
            let removed = owners.len();
            for owner in owners {
                state.cut(owner);
            }
            world.cut_connections();
            Ok(json!({ "removed": removed }))
        }
        ("DELETE", Some(owner)) => {
            state.credentials.remove(&owner).ok_or("there is no such credential")?;
            state.cut(owner);
            world.cut_connections();
            Ok(json!({ "removed": 1 }))
        }
        _ => Err("credentials take GET, POST {clientId} and DELETE".to_owned()),
    }
}

pub(crate) fn temporary_keys(
    simulator: &Simulator,
    rest: &[&str],
    body: &Value,
) -> Result<Value, String> {
    let real = simulator.real();
    let mut world = simulator.world();
    let now = world.wall(real);
    if rest == ["expire"] {
        return Ok(json!({ "expired": world.aliyun.accounts.expire(now) }));
    }
    let wanted = |name| text(body, name).ok_or_else(|| format!("`{name}` is no text"));
    let life = body.get("lifeS").and_then(Value::as_u64);
    let ends_at = life.map(|seconds| now.saturating_add(seconds.saturating_mul(1000)));
    let id = wanted("accessKeyId")?;
    let (secret, token) = (wanted("accessKeySecret")?, wanted("securityToken")?);
    world.aliyun.accounts.add(id, secret, Some(token), ends_at);
    Ok(json!({ "accessKeyId": id, "endsAt": ends_at }))
}

pub(crate) fn mqtt(simulator: &Simulator, method: &str, body: &Value) -> Result<Value, String> {
    let mut world = simulator.world();
    match method {
        "GET" => Ok(world.broker.show()),
        "DELETE" => Ok(json!({ "cut": world.broker.cut_client(text(body, "clientId")) })),
        _ => Err("mqtt takes GET and DELETE".to_owned()),
    }
}
