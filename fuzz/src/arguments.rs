//! What callers pass in: any JSON is accepted or refused by the name of a member, and what is accepted is the same
//! request whenever and in whatever order it is given.
//!
//! An input: which reader, then JSON.

use northbound::address::{BaseUrl, Surroundings};
use northbound::aliyun::{Credentials, OnsMqttConfig, Stamp, mqtt_login};
use northbound::fields::{Fields, MAX_INTEGER, Problem};
use northbound::huawei::ClientInfo;
use northbound::huawei::authentication::RefreshAuthToken;
use northbound::json::Json;
use northbound::options::{CallOptions, ClientOptions};
use northbound::request::Request;
use northbound::types::Secret;
use serde_json::{Value, json};
use url::{Host, Url};

use crate::json::written;
use crate::operations::{Platform, all};
use crate::requests::assert_sendable;
use crate::sign::tree;

/// Fails where a reader accepts what it must not, or does not say what it refuses.
pub fn run(data: &[u8]) {
    let Some((choice, text)) = data.split_first() else { return };
    // The engine writes what callers pass in, so nothing else than JSON arrives.
    let Ok(value) = serde_json::from_slice::<Value>(text) else { return };
    let (place, read) = READERS[usize::from(*choice) % READERS.len()];
    let first = outcome(place, read, &value, *choice);
    assert_eq!(first, outcome(place, read, &value, *choice), "read differently the second time");
    if first.is_ok() {
        assert_eq!(
            first,
            outcome(place, read, &turned(&value), *choice),
            "the order of members matters"
        );
    }
}

/// Reads an argument, and gives what came of it in words that can be compared.
type Read = fn(Fields, u8) -> Result<String, Problem>;

const READERS: [(&str, Read); 16] = [
    ("input", operation),
    ("input", operation),
    ("input", operation),
    ("input", operation),
    ("input", operation),
    ("clientInfo", client_info),
    ("clientInfo", client_info),
    ("config", config),
    ("config.credentials", credentials),
    ("options", client_options),
    ("options", client_options_for_mqtt),
    ("options", call_options),
    ("input", renewal),
    ("input", device_login),
    ("input", signature_login),
    ("input", token_login),
];

fn outcome(place: &str, read: Read, value: &Value, choice: u8) -> Result<String, String> {
    let given = Fields::of(place, tree(value)).and_then(|fields| read(fields, choice));
    given.map_err(|problem| {
        let root = place.split('.').next().expect("a first part");
        let (member, text) = (&problem.member, &problem.text);
        assert!(member.starts_with(root), "`{member}` is nowhere in `{place}`");
        assert!(member.chars().count() <= 120, "a name of {} characters", member.len());
        assert!(!text.is_empty() && text.len() < 1_000, "{text}");
        for odd in odd_texts(value) {
            assert!(!problem.sentence().contains(odd), "a value is shown: {}", problem.sentence());
        }
        problem.sentence()
    })
}

/// The members the other way round; what is inside of one is its caller's own.
fn turned(value: &Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(members.clone().into_iter().rev().collect()),
        other => other.clone(),
    }
}

/// Texts that no sentence of ours has in it: a value that is refused may be a secret in a wrong place.
fn odd_texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => {
            let is_odd =
                text.len() > 5 && text.contains(['!', '#', '%', '^', '*', '+', '~', '\\', '"']);
            if is_odd { vec![text] } else { Vec::new() }
        }
        Value::Array(values) => values.iter().flat_map(odd_texts).collect(),
        Value::Object(members) => members.values().flat_map(odd_texts).collect(),
        _ => Vec::new(),
    }
}

fn told(request: &Request) -> String {
    assert_sendable(request);
    format!("{} {} {:?} {:?}", request.method.as_str(), request.url, request.headers, request.body)
}

fn fields(value: &Value) -> Fields {
    Fields::of("config", tree(value)).expect("an object")
}

fn operation(mut input: Fields, choice: u8) -> Result<String, Problem> {
    let operations: Vec<_> =
        all().into_iter().filter(|operation| operation.card.is_some()).collect();
    let operation = operations[usize::from(choice / 16) % operations.len()];
    let draft = operation.card.expect("it has one").draft(&mut input)?;
    input.close()?;
    let request = match operation.platform {
        Platform::Huawei => {
            let info = json!({ "appId": "a", "secret": "s", "baseUrl": "https://h/p" });
            let info = ClientInfo::read(fields(&info), &Surroundings::default())?;
            info.request(&draft, Some(&Secret::new("t".to_owned())))
        }
        Platform::Aliyun => {
            let key = json!({ "accessKeyId": "id", "accessKeySecret": "key" });
            let config =
                OnsMqttConfig::read(fields(&json!({ "regionId": "r" })), &Surroundings::default())?;
            config.request(
                &draft,
                &Credentials::read(fields(&key))?,
                Stamp::new("n".to_owned(), 0.0),
            )
        }
    };
    Ok(told(&request))
}

fn client_info(input: Fields, choice: u8) -> Result<String, Problem> {
    let origin = (choice & 0x40 != 0).then(|| "https://page.example".to_owned());
    let surroundings = Surroundings::new(origin, choice & 0x80 != 0);
    let info = ClientInfo::read(input, &surroundings)?;
    assert!(info.app_id.bytes().all(|byte| byte.is_ascii_graphic()) && !info.app_id.is_empty());
    assert!(!info.secret.reveal().chars().any(char::is_whitespace), "a blank in a secret");
    assert_address(&info.base, &surroundings);
    Ok(format!("{} {} {}", info.base.as_str(), info.app_id, info.secret.reveal()))
}

fn config(input: Fields, choice: u8) -> Result<String, Problem> {
    let surroundings = Surroundings::new(None, choice & 0x80 != 0);
    let config = OnsMqttConfig::read(input, &surroundings)?;
    assert_address(&config.base, &surroundings);
    Ok(format!("{config:?}"))
}

/// Fails where the crate for addresses, which reads as browsers do, finds something else in one that was accepted.
fn assert_address(base: &BaseUrl, surroundings: &Surroundings) {
    let text = base.as_str();
    // Whether a name in another script is one is decided where it is looked up.
    let Ok(url) = Url::parse(text) else {
        assert!(text.contains("xn--"), "no address: {text}");
        return;
    };
    assert!(url.username().is_empty() && url.password().is_none(), "{text}");
    assert!(url.query().is_none() && url.fragment().is_none(), "{text}");
    let (authority, path) = text
        .split_once("://")
        .map(|(_, rest)| rest.split_at(rest.find('/').unwrap_or(rest.len())))
        .expect("a scheme");
    assert_eq!(url.path(), if path.is_empty() { "/" } else { path }, "{text}");
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let host = url.host_str().expect("a host");
    if !authority.starts_with('[') {
        assert_eq!(base.host_header(), format!("{host}{port}"), "{text}");
    }
    let is_here = match url.host().expect("a host") {
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
        Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
    };
    assert!(
        url.scheme() == "https" || is_here || surroundings.allow_insecure_http,
        "plain http: {text}"
    );
}

fn credentials(input: Fields, _: u8) -> Result<String, Problem> {
    let key = Credentials::read(input)?;
    let texts = [key.access_key_id.reveal(), key.access_key_secret.reveal()];
    let token = key.security_token.as_ref().map_or("", Secret::reveal);
    assert!(texts.iter().all(|text| !text.is_empty()));
    assert!(
        [texts[0], texts[1], token]
            .iter()
            .all(|text| text.bytes().all(|byte| byte.is_ascii_graphic()))
    );
    Ok(format!("{texts:?} {token}"))
}

fn client_options(input: Fields, _: u8) -> Result<String, Problem> {
    ClientOptions::read(input, None).map(|options| options_told(&options))
}

fn client_options_for_mqtt(input: Fields, _: u8) -> Result<String, Problem> {
    ClientOptions::read_for_mqtt(input, None).map(|options| options_told(&options))
}

fn options_told(options: &ClientOptions) -> String {
    let most = f64::from(MAX_INTEGER);
    let retry = options.retry;
    assert!(options.timeout_ms <= MAX_INTEGER && (1..=MAX_INTEGER).contains(&retry.attempts));
    for ms in
        [options.refresh_token_lifetime_ms, retry.base_delay_ms, retry.max_delay_ms, retry.total_ms]
    {
        assert!((0.0..=most.max(2_592_000_000.0)).contains(&ms), "{ms}");
    }
    format!("{options:?}")
}

fn call_options(input: Fields, choice: u8) -> Result<String, Problem> {
    let options = match choice >> 6 {
        0 => CallOptions::read(input)?,
        1 => CallOptions::read_for_token(input, true)?,
        2 => CallOptions::read_for_token(input, false)?,
        _ => CallOptions::read_for_request(input)?,
    };
    let token = options.access_token.as_ref().map_or("", Secret::reveal);
    assert!(token.bytes().all(|byte| byte.is_ascii_graphic()), "a token that no header can carry");
    Ok(format!("{options:?} {token}"))
}

fn renewal(mut input: Fields, _: u8) -> Result<String, Problem> {
    let info = json!({ "appId": "a", "secret": "s", "baseUrl": "https://h" });
    let info = ClientInfo::read(fields(&info), &Surroundings::default())?;
    let draft = RefreshAuthToken::read(&info, &mut input)?.draft();
    input.close()?;
    Ok(told(&info.request(&draft, None)))
}

fn device_login(input: Fields, _: u8) -> Result<String, Problem> {
    login(input, mqtt_login::device)
}

fn signature_login(input: Fields, _: u8) -> Result<String, Problem> {
    login(input, mqtt_login::signature)
}

fn token_login(input: Fields, _: u8) -> Result<String, Problem> {
    login(input, mqtt_login::token)
}

fn login(
    mut input: Fields,
    make: fn(&mut Fields) -> Result<Json, Problem>,
) -> Result<String, Problem> {
    let login = make(&mut input)?;
    input.close()?;
    for member in ["clientId", "username", "password"] {
        let Some(Json::Text(text)) = login.get(member) else { panic!("no {member}") };
        assert!(!text.is_empty() && !text.contains(char::is_control), "{member} is {text}");
    }
    Ok(written(&login))
}
