//! Alibaba Cloud ApsaraMQ for MQTT (OnsMqtt, 2020-04-20): where it is, who calls it, what all calls
//! have in common, and how it says no.

pub mod client_tokens;
pub mod clock;
pub mod device_credentials;
pub mod errors;
pub mod mqtt_login;
pub mod signature;

use std::ops::RangeInclusive;

use crate::address::{BaseUrl, Surroundings, address_problem};
use crate::decode;
use crate::error::{Error, Refusal};
use crate::fields::{Fields, Member, Problem};
use crate::huawei::header_text;
use crate::json::Json;
use crate::operation::Answer;
use crate::redact;
use crate::request::{Draft, FORM, Request, form};
use crate::response::{Body, Response};
use crate::types::Secret;
use signature::{ACS3, acs3, rpc, sha256_hex, timestamp};

/// The version of the product's API.
const VERSION: &str = "2020-04-20";

/// The code of a request whose date is too far from the server's.
pub const TIMESTAMP_EXPIRED: &str = "InvalidTimeStamp.Expired";

/// How requests are signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scheme {
    /// ACS3-HMAC-SHA256, in headers.
    Acs3,
    /// HMAC-SHA1 among the parameters: no header that a browser would ask the server about first.
    Rpc,
}

/// Where the platform is and how it is talked to.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OnsMqttConfig {
    /// Where requests go.
    pub base: BaseUrl,
    /// How they are signed.
    pub scheme: Scheme,
}

impl OnsMqttConfig {
    /// Reads a configuration. The credentials are read before, since they may be a function.
    pub fn read(mut input: Fields, surroundings: &Surroundings) -> Result<Self, Problem> {
        let region = input.member("regionId");
        let region_problem = region.problem("is no region, expected for example cn-hangzhou");
        let missing = region.problem("is missing, expected a region or an endpoint");
        let region = region.maybe_text(1..=64)?;
        let network = choice(input.member("network"), &["public", "vpc"])?;
        let endpoint = input.member("endpoint").maybe_text(1..=2048)?;
        let scheme = choice(input.member("signature"), &[ACS3, "HMAC-SHA1"])?;
        input.close()?;
        let base = match (endpoint, region) {
            (Some(endpoint), _) => BaseUrl::parse(&endpoint, surroundings)
                .map_err(address_problem("config.endpoint"))?,
            (None, Some(region)) => {
                let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
                if !region.bytes().all(plain) {
                    return Err(region_problem);
                }
                let product = if network == Some(1) { "onsmqtt-vpc." } else { "onsmqtt." };
                let url = ["https://", product, &region, ".aliyuncs.com"].concat();
                BaseUrl::parse(&url, surroundings).map_err(address_problem("config.regionId"))?
            }
            (None, None) => return Err(missing),
        };
        let scheme = if scheme == Some(1) { Scheme::Rpc } else { Scheme::Acs3 };
        Ok(Self { base, scheme })
    }

    /// Makes a draft a signed request.
    pub fn request(&self, draft: &Draft, credentials: &Credentials, stamp: &Stamp) -> Request {
        match self.scheme {
            Scheme::Acs3 => self.acs3_request(draft, credentials, stamp),
            Scheme::Rpc => self.rpc_request(draft, credentials, stamp),
        }
    }

    fn acs3_request(&self, draft: &Draft, credentials: &Credentials, stamp: &Stamp) -> Request {
        // A secret among the parameters goes into the body: addresses end up in the logs of proxies.
        let in_body = !draft.secrets().is_empty();
        let parameters = pairs(draft.parameters());
        let body = in_body.then(|| form(parameters.iter().copied()));
        let action = action_of(draft.endpoint().operation);
        let payload = sha256_hex(body.as_deref().unwrap_or_default().as_bytes());
        let mut headers = vec![
            ("accept", "application/json".to_owned()),
            ("host", self.base.host_header()),
            ("x-acs-action", action),
            ("x-acs-content-sha256", payload),
            ("x-acs-date", timestamp(stamp.date_ms)),
            ("x-acs-signature-nonce", stamp.nonce.clone()),
            ("x-acs-version", VERSION.to_owned()),
        ];
        let token = credentials.security_token.as_ref().map(|token| token.reveal().to_owned());
        headers.extend(token.map(|token| ("x-acs-security-token", token)));
        headers.extend(in_body.then(|| ("content-type", FORM.to_owned())));

        let query = if in_body { Vec::new() } else { parameters };
        let named: Vec<(&str, &str)> = pairs(&headers);
        let body_bytes = body.as_deref().unwrap_or_default().as_bytes();
        let signed = acs3("POST", "/", &query, &named, body_bytes, &credentials.access_key_secret);
        let authorization = [
            ACS3,
            " Credential=",
            &credentials.access_key_id,
            ",SignedHeaders=",
            &signed.signed_headers,
            ",Signature=",
            &signed.signature,
        ];
        headers.push(("authorization", authorization.concat()));
        // The sender takes the host from the address.
        headers.retain(|(name, _)| *name != "host");

        let mut url = [self.base.as_str(), "/"].concat();
        if !query.is_empty() {
            url.push('?');
            url.push_str(&form(query.into_iter()));
        }
        let secrets = secrets(draft, credentials, signed.signature);
        Request::new(*draft.endpoint(), url, "/".to_owned(), headers, body, secrets)
    }

    fn rpc_request(&self, draft: &Draft, credentials: &Credentials, stamp: &Stamp) -> Request {
        let action = action_of(draft.endpoint().operation);
        let date = timestamp(stamp.date_ms);
        let mut parameters = vec![
            ("Action", action.as_str()),
            ("Version", VERSION),
            ("Format", "JSON"),
            ("AccessKeyId", credentials.access_key_id.as_str()),
            ("SignatureMethod", "HMAC-SHA1"),
            ("SignatureVersion", "1.0"),
            ("SignatureNonce", stamp.nonce.as_str()),
            ("Timestamp", date.as_str()),
        ];
        let token =
            credentials.security_token.as_ref().map(|token| ("SecurityToken", token.reveal()));
        parameters.extend(token);
        parameters.extend(pairs(draft.parameters()));
        let signed = rpc("POST", &parameters, &credentials.access_key_secret);
        parameters.push(("Signature", &signed.signature));
        // All of it in the body: the key's ID and the signature have no place in an address.
        let body = form(parameters.into_iter());
        let headers = vec![("content-type", FORM.to_owned())];
        let url = [self.base.as_str(), "/"].concat();
        let secrets = secrets(draft, credentials, signed.signature);
        Request::new(*draft.endpoint(), url, "/".to_owned(), headers, Some(body), secrets)
    }
}

/// Who calls: an access key, permanent or temporary.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Credentials {
    /// The key's ID.
    pub access_key_id: String,
    /// The key.
    pub access_key_secret: Secret,
    /// What proves a temporary key.
    pub security_token: Option<Secret>,
}

impl Credentials {
    /// Reads an access key; `place` is where it comes from.
    pub fn read(mut input: Fields) -> Result<Self, Problem> {
        let access_key_id = header_text(input.member("accessKeyId"), 128)?;
        let access_key_secret = header_text(input.member("accessKeySecret"), 256)?;
        let token = input.member("securityToken");
        let security_token =
            if token.is_present() { Some(header_text(token, 8192)?) } else { None };
        input.close()?;
        Ok(Self {
            access_key_id,
            access_key_secret: Secret::new(access_key_secret),
            security_token: security_token.map(Secret::new),
        })
    }
}

/// What makes a signature good once: a number used once, and the date.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Stamp {
    /// Used once.
    pub nonce: String,
    /// Milliseconds since the Unix epoch.
    pub date_ms: f64,
}

impl Stamp {
    /// A stamp.
    pub const fn new(nonce: String, date_ms: f64) -> Self {
        Self { nonce, date_ms }
    }
}

/// The platform's name of an operation: ours with a capital.
fn action_of(operation: &str) -> String {
    let mut letters = operation.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

fn pairs<'a>(owned: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    owned.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

fn secrets(draft: &Draft, credentials: &Credentials, signature: String) -> Vec<Secret> {
    let mut secrets = draft.secrets().to_vec();
    secrets.push(Secret::new(signature));
    secrets.push(credentials.access_key_secret.clone());
    secrets.push(Secret::new(credentials.access_key_id.clone()));
    secrets.extend(credentials.security_token.clone());
    secrets
}

/// Reads one of a few words; answers its place among them.
fn choice(member: Member, words: &[&str]) -> Result<Option<usize>, Problem> {
    let wrong = member.problem(["is none of ", &words.join(" and ")].concat());
    match member.maybe_text(0..=64)? {
        None => Ok(None),
        Some(word) => words.iter().position(|known| *known == word).map(Some).ok_or(wrong),
    }
}

/// Reads a client ID: `<GroupId>@@@<DeviceId>`, at most 64 UTF-16 code units, all of them printable.
fn client_id(input: &mut Fields) -> Result<String, Problem> {
    let member = input.member("clientId");
    let form = member.problem("is no client ID, expected <GroupId>@@@<DeviceId>");
    let long = member.problem("has more than 64 characters, expected 1 to 64");
    let text = visible_text(member, 1..=64)?;
    match text.split_once("@@@") {
        Some((group, device)) if !group.is_empty() && !device.is_empty() => {}
        _ => return Err(form),
    }
    if text.encode_utf16().count() > 64 { Err(long) } else { Ok(text) }
}

fn instance_id(input: &mut Fields) -> Result<String, Problem> {
    visible_text(input.member("instanceId"), 1..=128)
}

/// Reads a text without control characters.
fn visible_text(member: Member, length: RangeInclusive<usize>) -> Result<String, Problem> {
    let odd = member.problem("contains a character that cannot be printed");
    let text = member.text(length)?;
    if text.contains(char::is_control) { Err(odd) } else { Ok(text) }
}

/// How the answer to the operation called `name` is read.
pub fn answer_of(name: &str) -> Option<(&'static str, Answer)> {
    let chapters = [device_credentials::CHAPTER, client_tokens::CHAPTER];
    let mut cards = chapters.into_iter().flatten();
    cards
        .find(|card| card.endpoint.operation == name)
        .map(|card| (card.endpoint.operation, card.answer))
}

/// Reads an answer: the result, the platform's refusal, or why it is neither.
pub fn decode<T>(
    operation: &str,
    response: &Response,
    secrets: &[Secret],
    expected: bool,
    read: impl FnOnce(&mut Fields) -> Result<T, Problem>,
) -> Result<T, Error> {
    decode::decoded(refusal(operation, response, secrets), response, secrets, expected, read)
}

/// The platform's refusal, in JSON or in XML.
fn refusal(operation: &str, response: &Response, secrets: &[Secret]) -> Option<Refusal> {
    let member = |name: &str| match &response.body {
        Body::Json(body, _) => match body.get(name)? {
            Json::Text(text) => Some(text.clone()),
            Json::Number(number) => Some(crate::json::number_text(*number)),
            Json::Null | Json::Bool(_) | Json::List(_) | Json::Object(_) => None,
        },
        Body::Other(text) => xml_element(text, name),
        Body::Empty | Body::TooLarge(_) => None,
    };
    let code = member("Code")?;
    if response.ok() && matches!(code.as_str(), "200" | "OK" | "success") {
        return None;
    }
    let message = member("Message");
    let words = message.as_deref();
    let mut refusal = decode::refusal(errors::ERRORS, operation, response, code, words, secrets);
    let request_id = member("RequestId");
    refusal.request_id = request_id.map(|id| redact::shown(&id, secrets, redact::DESCRIPTION));
    Some(refusal)
}

/// The text of an element of the gateway's XML, which has neither attributes nor nesting in it.
fn xml_element(text: &str, name: &str) -> Option<String> {
    if !text.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
        return None;
    }
    let (_, rest) = text.split_once(&["<", name, ">"].concat())?;
    let (content, _) = rest.split_once(&["</", name, ">"].concat())?;
    let entities =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    let plain = entities
        .into_iter()
        .fold(content.to_owned(), |text, (entity, character)| text.replace(entity, character));
    Some(plain)
}
