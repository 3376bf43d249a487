//! Requests of every operation: what stands in them is what was asked for, and it is signed.

use northbound::address::Surroundings;
use northbound::aliyun::{Credentials, OnsMqttConfig, Scheme, Stamp};
use northbound::huawei::authentication::{GetAuthToken, RefreshAuthToken};
use northbound::huawei::{ClientInfo, header_text};
use northbound::request::Request;
use serde_json::{Value, json};
use url::Url;

use super::{fields, secret};
use crate::operations::{Platform, all};
use crate::parts::Parts;
use crate::reference::{self, Pairs, decoded};
use crate::requests::{assert_sendable, pairs, query};

/// `accessKeyId`, `accessKeySecret`, `securityToken` (may be empty), nonce, endpoint, and the members of [`input`].
pub(super) fn aliyun(mut parts: Parts<'_>) {
    let choice = parts.choice();
    let mut key = json!({ "accessKeyId": parts.text(), "accessKeySecret": parts.text() });
    let token = parts.text();
    if !token.is_empty() {
        key["securityToken"] = json!(token);
    }
    let nonce = json!({ "nonce": parts.text() });
    let scheme = if choice & 0x80 == 0 { "ACS3-HMAC-SHA256" } else { "HMAC-SHA1" };
    let config = json!({ "endpoint": parts.text(), "signature": scheme });
    let operations = all();
    let ours: Vec<_> = operations.iter().filter(|it| it.platform == Platform::Aliyun).collect();
    let card = ours[usize::from(choice) % ours.len()].card.expect("it is no login");
    let surroundings = Surroundings::new(None, true);
    let draft = card.draft(&mut fields("input", &input(parts)));
    let nonce = header_text(fields("signing", &nonce).member("nonce"), 256);
    let credentials = Credentials::read(fields("credentials", &key));
    let config = OnsMqttConfig::read(fields("config", &config), &surroundings);
    let (Ok(draft), Ok(nonce), Ok(credentials), Ok(config)) = (draft, nonce, credentials, config)
    else {
        return;
    };
    let date_ms = 1_767_323_045_000.0 + f64::from(choice) * 86_400_000.0;
    let request = config.request(&draft, &credentials, Stamp::new(nonce, date_ms));

    let url = assert_sendable(&request);
    let body = request.body.clone().unwrap_or_default();
    let key = credentials.access_key_secret.reveal();
    if config.scheme == Scheme::Acs3 {
        assert_headers_signed(&request, &url, &credentials);
    } else {
        let mut parameters = pairs(&body);
        let signature = parameters.remove("Signature").expect("it is signed");
        assert_eq!(signature, reference::rpc("POST", &parameters, key));
    }
    let mut told = pairs(&body);
    told.extend(query(&url));
    for (name, value) in draft.parameters() {
        assert_eq!(told.get(*name), Some(value), "{name} is not what was asked for");
    }
}

fn assert_headers_signed(request: &Request, url: &Url, credentials: &Credentials) {
    let body = request.body.as_deref().unwrap_or_default();
    let headers = request.headers.iter();
    let mut sent: Pairs =
        headers.map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    sent.insert("host".to_owned(), format!("{}{port}", url.host_str().expect("a host")));
    let authorization = sent.remove("authorization").expect("it is signed");
    let key = credentials.access_key_secret.reveal();
    let (names, signature) = reference::acs3(&query(url), &sent, body.as_bytes(), key);
    let id = credentials.access_key_id.reveal();
    let expected =
        format!("ACS3-HMAC-SHA256 Credential={id},SignedHeaders={names},Signature={signature}");
    assert_eq!(authorization, expected);
    assert_eq!(sent["x-acs-content-sha256"], reference::sha256(body.as_bytes()));
}

/// Members of an operation: any number of `name=value`; what is to be a number or a list is made one.
fn input(mut parts: Parts<'_>) -> Value {
    let mut input = json!({});
    while !parts.is_empty() {
        let part = parts.text();
        let Some((name, value)) = part.split_once('=') else { continue };
        input[name] = match name {
            "expireTime" | "pageNo" | "pageSize" | "timeout" => {
                value.parse::<u32>().map_or_else(|_| json!(value), |number| json!(number))
            }
            "resources" => json!(value.split(',').collect::<Vec<_>>()),
            "cascade" | "isSecure" => json!(value == "true"),
            "deviceInfo" => json!({ "name": value }),
            _ => json!(value),
        };
    }
    input
}

/// `appId`, `secret`, `baseUrl`, the token, and the members of [`input`].
pub(super) fn huawei(mut parts: Parts<'_>) {
    let choice = parts.choice();
    let info = json!({ "appId": parts.text(), "secret": parts.text(), "baseUrl": parts.text() });
    let token = json!({ "accessToken": parts.text() });
    let surroundings = Surroundings::new(Some("https://page.example".to_owned()), false);
    let info = ClientInfo::read(fields("clientInfo", &info), &surroundings);
    let token = header_text(fields("options", &token).member("accessToken"), 4096);
    let (Ok(info), Ok(token)) = (info, token) else { return };
    let operations = all();
    let ours: Vec<_> = operations.iter().filter(|it| it.platform == Platform::Huawei).collect();
    let operation = ours[usize::from(choice) % ours.len()];
    let input = input(parts);
    let mut given = fields("input", &input);
    let draft = match operation.card {
        Some(card) => card.draft(&mut given),
        None if operation.name == "getAuthToken" => Ok(GetAuthToken::new(&info).draft()),
        None => RefreshAuthToken::read(&info, &mut given).map(|renewal| renewal.draft()),
    };
    let Ok(draft) = draft else { return };
    let request = info.request(&draft, Some(&secret(&token)));

    let signs_in = operation.card.is_none();
    let bearer = format!("Bearer {token}");
    assert_eq!(header(&request, "authorization"), (!signs_in).then_some(bearer.as_str()));
    assert_eq!(header(&request, "app_key"), (!signs_in).then_some(info.app_id.as_str()));
    let url = assert_sendable(&request);
    if draft.endpoint().path.ends_with("{deviceId}") {
        let segment = url.path().rsplit('/').next().expect("a last segment");
        assert_eq!(decoded(segment).as_deref(), input["deviceId"].as_str());
    }
    assert_body(&request, &input, signs_in.then_some(&info));
}

fn header<'a>(request: &'a Request, wanted: &str) -> Option<&'a str> {
    let mut headers = request.headers.iter();
    headers.find(|(name, _)| *name == wanted).map(|(_, value)| value.as_str())
}

/// Whether a body says what was asked for, and who signs in where somebody does.
fn assert_body(request: &Request, input: &Value, signs_in: Option<&ClientInfo>) {
    let content_type = header(request, "content-type");
    let Some(body) = request.body.as_deref() else {
        assert_eq!(content_type, None);
        return;
    };
    let expected = |name: &str| match (name, signs_in) {
        ("appId", Some(info)) => json!(info.app_id),
        ("secret", Some(info)) => json!(info.secret.reveal()),
        _ => input[name].clone(),
    };
    if content_type == Some("application/json") {
        let body: Value = serde_json::from_str(body).expect("JSON, as its header says");
        for (name, value) in body.as_object().expect("an object") {
            assert_eq!(*value, expected(name), "{name}");
        }
    } else {
        for (name, value) in pairs(body) {
            assert_eq!(json!(value), expected(&name), "{name}");
        }
    }
}
