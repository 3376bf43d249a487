//! What an MQTT client connects with: username and password of the three login modes.
//!
//! [Reference](https://www.alibabacloud.com/help/en/apsaramq-for-mqtt/)

use crate::aliyun::signature::hmac_sha1_base64;
use crate::aliyun::{client_id, instance_id, visible_text};
use crate::fields::{Fields, Problem};
use crate::json::Json;

/// The members of a login that are secrets.
pub const SECRETS: &[&str] = &["password"];

/// Logs in as a device, with a credential of its own.
pub fn device(input: &mut Fields) -> Result<Json, Problem> {
    let client_id = client_id(input)?;
    let instance_id = instance_id(input)?;
    let id = part(input, "deviceAccessKeyId")?;
    let secret = visible_text(input.member("deviceAccessKeySecret"), 1..=1024)?;
    let password = hmac_sha1_base64(secret.as_bytes(), client_id.as_bytes());
    Ok(login("DeviceCredential", client_id, &id, &instance_id, password))
}

/// Logs in with the account's own key.
pub fn signature(input: &mut Fields) -> Result<Json, Problem> {
    let client_id = client_id(input)?;
    let instance_id = instance_id(input)?;
    let id = part(input, "accessKeyId")?;
    let secret = visible_text(input.member("accessKeySecret"), 1..=1024)?;
    let password = hmac_sha1_base64(secret.as_bytes(), client_id.as_bytes());
    Ok(login("Signature", client_id, &id, &instance_id, password))
}

/// Logs in with tokens, in the order given. If one of them is not good, the platform refuses them all.
pub fn token(input: &mut Fields) -> Result<Json, Problem> {
    let client_id = client_id(input)?;
    let instance_id = instance_id(input)?;
    let id = part(input, "accessKeyId")?;
    let member = input.member("tokens");
    let wrong = member.problem("is no array of 1 to 100 objects with actions and token");
    let tokens = match member.json() {
        Some(Json::List(tokens)) if (1..=100).contains(&tokens.len()) => tokens,
        _ => return Err(wrong),
    };
    let mut parts = Vec::new();
    for (index, token) in tokens.into_iter().enumerate() {
        let place = ["input.tokens[", &index.to_string(), "]"].concat();
        let mut token = Fields::of(&place, token)?;
        let actions = token.member("actions");
        let odd = actions.problem("is none of R, W and RW");
        let actions = actions.text(1..=2)?;
        if !matches!(actions.as_str(), "R" | "W" | "RW") {
            return Err(odd);
        }
        parts.push(actions);
        parts.push(part(&mut token, "token")?);
        token.close()?;
    }
    Ok(login("Token", client_id, &id, &instance_id, parts.join("|")))
}

/// Reads a text that stands between vertical bars, and so may contain none.
fn part(input: &mut Fields, name: &'static str) -> Result<String, Problem> {
    let member = input.member(name);
    let bar = member.problem("contains a vertical bar, which separates the parts of a login");
    let text = visible_text(member, 1..=4096)?;
    if text.contains('|') { Err(bar) } else { Ok(text) }
}

fn login(mode: &str, client_id: String, id: &str, instance_id: &str, password: String) -> Json {
    Json::object([
        ("clientId", Some(client_id.into())),
        ("username", Some([mode, "|", id, "|", instance_id].concat().into())),
        ("password", Some(password.into())),
    ])
}
