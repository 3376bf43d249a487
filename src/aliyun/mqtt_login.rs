//! What an MQTT client connects with: username and password of the three login modes.
//!
//! [Reference](https://www.alibabacloud.com/help/en/apsaramq-for-mqtt/)

use crate::aliyun::signature::hmac_sha1_base64;
use crate::aliyun::{INSTANCE_ID, client_id, printable};
use crate::fields::{Fields, Kind, Member, Problem, Row};
use crate::json::{Json, Members};
use crate::text;

/// The members of a login that are secrets.
pub const SECRETS: &[&str] = &["password"];

const CLIENT_ID: Row = Row::new("clientId", Kind::checked(1..=64, client_id));
const INSTANCE: Row = Row::new("instanceId", INSTANCE_ID);
const ACCESS_KEY_ID: Row = Row::new("accessKeyId", PART);
const KEY: Kind = Kind::checked(1..=1024, printable);

/// A text that stands between vertical bars, and so may contain none.
const PART: Kind = Kind::checked(1..=4096, barless);

/// Logs in as a device, with a credential of its own.
pub fn device(input: &mut Fields) -> Result<Json, Problem> {
    const ROWS: &[Row] = &[
        CLIENT_ID,
        INSTANCE,
        Row::new("deviceAccessKeyId", PART),
        Row::new("deviceAccessKeySecret", KEY),
    ];
    login("DeviceCredential", ROWS, input)
}

/// Logs in with the account's own key.
pub fn signature(input: &mut Fields) -> Result<Json, Problem> {
    const ROWS: &[Row] = &[CLIENT_ID, INSTANCE, ACCESS_KEY_ID, Row::new("accessKeySecret", KEY)];
    login("Signature", ROWS, input)
}

/// Logs in with tokens, in the order given. If one of them is not good, the platform refuses them all.
pub fn token(input: &mut Fields) -> Result<Json, Problem> {
    const ROWS: &[Row] =
        &[CLIENT_ID, INSTANCE, ACCESS_KEY_ID, Row::new("tokens", Kind::Own(tokens))];
    login(TOKEN, ROWS, input)
}

/// The mode in which the password is not computed.
const TOKEN: &str = "Token";

fn login(mode: &str, rows: &'static [Row], input: &mut Fields) -> Result<Json, Problem> {
    let values = input.read_some(rows)?;
    let [client_id, instance_id, id, key] = values.four_texts();
    let mut login = Members::default();
    login.text("clientId", client_id);
    login.text("username", &[mode, "|", id, "|", instance_id].concat());
    if mode == TOKEN {
        login.text("password", key);
    } else {
        login.text("password", &hmac_sha1_base64(key.as_bytes(), client_id.as_bytes()));
    }
    Ok(login.into())
}

/// Reads tokens as they stand in a password.
fn tokens(member: &mut Member<'_>) -> Result<Option<Json>, Problem> {
    const ROWS: &[Row] =
        &[Row::new("actions", Kind::checked(1..=2, actions)), Row::new("token", PART)];
    let tokens = match member.take() {
        Some(Json::List(tokens)) if matches!(tokens.len(), 1..=100) => tokens,
        _ => {
            return Err(member.problem("is no array of 1 to 100 objects with actions and token"));
        }
    };
    let mut parts = Vec::new();
    for (index, token) in tokens.into_iter().enumerate() {
        let place = ["input.tokens[", &text::count(index), "]"].concat();
        let mut values = Fields::of(&place, token)?.read(ROWS)?;
        parts.push(values.text());
        parts.push(values.text());
    }
    Ok(Some(text::joined(&parts, "|").into()))
}

fn actions(text: &str) -> Option<&'static str> {
    (!matches!(text, "R" | "W" | "RW")).then_some("is none of R, W and RW")
}

fn barless(text: &str) -> Option<&'static str> {
    let bar = "contains a vertical bar, which separates the parts of a login";
    printable(text).or_else(|| text.bytes().any(|byte| byte == b'|').then_some(bar))
}
