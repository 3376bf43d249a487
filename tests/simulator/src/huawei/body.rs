//! What a registration or a new key may hold.

use serde_json::{Map, Value};

use super::Operation;
use super::errors::refusal;
use super::settings::Settings;
use crate::exchange::{Request, Response};

/// The members of a body that matter, of both operations that have one.
#[derive(Debug, Default)]
pub(crate) struct Body {
    pub(crate) node_id: Option<String>,
    pub(crate) verify_code: Option<String>,
    pub(crate) timeout: Option<u32>,
    pub(crate) psk: Option<String>,
    pub(crate) name: Option<String>,
}

/// Reads a request's body and checks each member by itself.
pub(crate) fn body(
    operation: Operation,
    settings: &Settings,
    request: &Request,
    device_id: &str,
) -> Result<Body, Response> {
    if operation != Operation::RegDirectDevice && device_id.is_empty() {
        return Err(refusal("100007"));
    }
    match operation {
        Operation::RegDirectDevice => read_registration(settings, &request.body),
        Operation::RefreshDeviceKey => read_key(&request.body),
        Operation::Login
        | Operation::RefreshToken
        | Operation::Logout
        | Operation::QueryDeviceStatus
        | Operation::DeleteDirectDevice => Ok(Body::default()),
    }
}

/// `{}`, nothing at all and `[]` are all the same: existing clients send each of them.
fn read_key(bytes: &[u8]) -> Result<Body, Response> {
    let members = match serde_json::from_slice(bytes) {
        _ if bytes.trim_ascii().is_empty() => Map::new(),
        Ok(Value::Object(members)) => members,
        Ok(Value::Array(items)) if items.is_empty() => Map::new(),
        Ok(Value::Null) => Map::new(),
        _ => return Err(refusal("100007")),
    };
    read_common(&members)
}

fn read_common(members: &Map<String, Value>) -> Result<Body, Response> {
    let verify_code = string(members, "verifyCode", 256)?;
    if verify_code.as_deref() == Some("") {
        return Err(refusal("100003"));
    }
    let node_id = string(members, "nodeId", 256)?;
    if node_id.as_deref() == Some("") {
        return Err(refusal("50400"));
    }
    let timeout = match members.get("timeout") {
        None | Some(Value::Null) => None,
        Some(value) => {
            let seconds = value.as_u64().filter(|seconds| *seconds <= 2_147_483_647);
            Some(seconds.and_then(|s| u32::try_from(s).ok()).ok_or_else(|| refusal("50400"))?)
        }
    };
    Ok(Body { node_id, verify_code, timeout, ..Body::default() })
}

fn read_registration(settings: &Settings, bytes: &[u8]) -> Result<Body, Response> {
    let Ok(Value::Object(members)) = serde_json::from_slice(bytes) else {
        return Err(refusal("100007"));
    };
    let mut body = read_common(&members)?;
    if body.node_id.is_none() {
        return Err(refusal("100007"));
    }
    string(&members, "endUserId", 256)?;
    string(&members, "imsi", 64)?;
    body.psk = string(&members, "psk", 32)?;
    let good = |psk: &String| psk.len() >= 8 && psk.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !body.psk.as_ref().is_none_or(good) {
        return Err(refusal("50400"));
    }
    match members.get("isSecure") {
        None | Some(Value::Null | Value::Bool(_)) => {}
        Some(_) => return Err(refusal("50400")),
    }
    body.name = string(&members, "deviceName", 256)?;
    match members.get("deviceInfo") {
        None | Some(Value::Null) => {}
        Some(Value::Object(info)) => body.name = string(info, "name", 256)?.or(body.name),
        Some(_) => return Err(refusal("50400")),
    }
    let product = string(&members, "productId", 256)?;
    let unknown = |id: String| !settings.products.is_empty() && !settings.products.contains(&id);
    if product.is_some_and(unknown) {
        return Err(refusal("600002"));
    }
    Ok(body)
}

/// A text member of at most `most` characters; `null` counts as absent.
fn string(
    members: &Map<String, Value>,
    name: &str,
    most: usize,
) -> Result<Option<String>, Response> {
    match members.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.chars().count() <= most => Ok(Some(text.clone())),
        Some(_) => Err(refusal("50400")),
    }
}
