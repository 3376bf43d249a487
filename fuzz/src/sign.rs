//! What is sent, against an implementation of its own: both signatures, addresses, forms, and what MQTT clients log in
//! with.
//!
//! An input: what is looked at, and which operation; then texts, each of which the functions below name.

use northbound::aliyun::clock::parse_http_date;
use northbound::aliyun::mqtt_login;
use northbound::aliyun::signature::{acs3, rpc, sha256_hex, timestamp};
use northbound::fields::Fields;
use northbound::json::Json;
use northbound::types::{Secret, percent_encode};
use serde_json::{Value, json};

use crate::parts::Parts;
use crate::reference::{self, Pairs, decoded, encoded};
use crate::requests::pairs;

mod requests;

/// Fails where the two implementations differ, or a request could not be sent.
pub fn run(data: &[u8]) {
    let Some(mut parts) = Parts::new(data, 2) else { return };
    let looks: [fn(Parts<'_>); 6] =
        [headers, parameters, requests::aliyun, requests::huawei, logins, encodings];
    parts.one_of(&looks)(parts);
}

/// A tree of the core's, of JSON as engines write it.
pub(crate) fn tree(value: &Value) -> Json {
    Json::parse(&value.to_string()).expect("what is written is JSON")
}

fn fields(place: &str, value: &Value) -> Fields {
    Fields::of(place, tree(value)).expect("an object")
}

/// `key`, `body`, and any number of `?name=value` and `:name=value`: parameters and headers.
fn headers(mut parts: Parts<'_>) {
    let (key, body) = (parts.text(), parts.bytes());
    let (query, headers) = named(parts);
    let (parameters, lines, hash) = (borrowed(&query), borrowed(&headers), sha256_hex(body));
    let ours = acs3("POST", "/", &parameters, &lines, &hash, &secret(&key));
    let (names, signature) = reference::acs3(&query, &headers, body, &key);
    assert_eq!((ours.signed_headers, ours.signature), (names, signature));
}

/// `key`, and any number of `?name=value`.
fn parameters(mut parts: Parts<'_>) {
    let method = parts.one_of(&["GET", "POST"]);
    let key = parts.text();
    let (parameters, _) = named(parts);
    let ours = rpc(method, &borrowed(&parameters), &secret(&key));
    assert_eq!(ours.signature, reference::rpc(method, &parameters, &key));
    assert_eq!(pairs(&ours.canonical), parameters);
}

fn named(mut parts: Parts<'_>) -> (Pairs, Pairs) {
    let (mut query, mut headers) = (Pairs::new(), Pairs::new());
    while !parts.is_empty() {
        let part = parts.text();
        let Some((name, value)) = part.split_once('=') else { continue };
        if let Some(name) = name.strip_prefix('?') {
            query.insert(name.to_owned(), value.to_owned());
        } else if let Some(name) = name.strip_prefix(':') {
            headers.insert(name.to_owned(), value.to_owned());
        }
    }
    (query, headers)
}

/// In an order that is not the one to sign in.
fn borrowed(pairs: &Pairs) -> Vec<(&str, &str)> {
    pairs.iter().rev().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

/// `clientId`, `instanceId`, the key's ID, the key or the tokens, each as `actions=token`.
fn logins(mut parts: Parts<'_>) {
    let mode = parts.choice() % 3;
    let (client_id, instance_id, id) = (parts.text(), parts.text(), parts.text());
    let mut input = json!({ "clientId": client_id, "instanceId": instance_id });
    let (name, password) = if mode == 2 {
        let (mut tokens, mut texts) = (Vec::new(), Vec::new());
        while !parts.is_empty() {
            let part = parts.text();
            let (actions, token) = part.split_once('=').unwrap_or(("RW", &part));
            tokens.push(json!({ "actions": actions, "token": token }));
            texts.push(format!("{actions}|{token}"));
        }
        input["accessKeyId"] = json!(id);
        input["tokens"] = json!(tokens);
        ("Token", texts.join("|"))
    } else {
        let (name, id_name, key_name) = [
            ("DeviceCredential", "deviceAccessKeyId", "deviceAccessKeySecret"),
            ("Signature", "accessKeyId", "accessKeySecret"),
        ][usize::from(mode)];
        let key = parts.text();
        input[id_name] = json!(id);
        input[key_name] = json!(key);
        (name, reference::hmac_sha1(&key, &client_id))
    };
    let mut input = fields("input", &input);
    let login = [mqtt_login::device, mqtt_login::signature, mqtt_login::token][usize::from(mode)](
        &mut input,
    );
    let Ok(login) = login else { return };
    let username = format!("{name}|{id}|{instance_id}");
    assert_eq!(
        username.matches('|').count() - instance_id.matches('|').count(),
        2,
        "the parts cannot be told apart"
    );
    for (member, expected) in
        [("clientId", client_id.as_ref()), ("username", &username), ("password", &password)]
    {
        assert!(login.get(member) == Some(&expected.into()), "{member} is not {expected}");
    }
}

/// A text, and a moment in seconds since 1970.
fn encodings(mut parts: Parts<'_>) {
    let (text, seconds) =
        (parts.text(), parts.text().parse::<u64>().unwrap_or(0) % 253_402_300_800);
    let mut ours = String::new();
    percent_encode(&mut ours, &text);
    assert_eq!(ours, encoded(&text));
    assert_eq!(decoded(&ours).as_deref(), Some(text.as_ref()));
    #[expect(clippy::cast_precision_loss, reason = "twelve digits are exact")]
    let milliseconds = seconds as f64 * 1000.0;
    let written = timestamp(milliseconds);
    assert_eq!(written, reference::timestamp(seconds));
    let (date, time) = written.split_once('T').expect("a time");
    let date: Vec<&str> = date.split('-').collect();
    let months =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = months[date[1].parse::<usize>().expect("a month") - 1];
    let http = format!("Thu, {} {month} {} {} GMT", date[2], date[0], time.trim_end_matches('Z'));
    assert_eq!(parse_http_date(&http), Some(milliseconds), "{http}");
    // What is no date, or one that no calendar has, is read without a fault and is never negative.
    assert!(parse_http_date(&text).is_none_or(|date| date >= 0.0), "{text}");
}
