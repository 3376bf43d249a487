//! Alibaba Cloud ApsaraMQ for MQTT (OnsMqtt, 2020-04-20): where it is, who calls it, what all calls
//! have in common, and how it says no.

pub mod client_tokens;
pub mod clock;
pub mod device_credentials;
pub mod errors;
pub mod mqtt_login;
pub mod signature;

use crate::address::{BaseUrl, Surroundings};
use crate::decode;
use crate::error::{Error, Refusal};
use crate::fields::{Fields, Kind, Problem, Row};
use crate::huawei::graphic;
use crate::json::Json;
use crate::operation::Answer;
use crate::redact;
use crate::request::{Draft, FORM, Request, form, pairs};
use crate::response::{Body, Response};
use crate::text;
use crate::types::Secret;
use signature::{ACS3, SHA256_OF_NOTHING, acs3, rpc, sha256_hex, timestamp};

/// The version of the product's API.
const VERSION: &str = "2020-04-20";

/// The name of the older signature.
const HMAC_SHA1: &str = "HMAC-SHA1";

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
        const ROWS: &[Row] = &[
            Row::new("regionId", Kind::text(1..=64)).optional(),
            Row::new("network", Kind::Word(&["public", "vpc"])).optional(),
            Row::new("endpoint", Kind::text(1..=2048)).optional(),
            Row::new("signature", Kind::Word(&[ACS3, HMAC_SHA1])).optional(),
        ];
        let values = input.read(ROWS)?;
        let [region, network, endpoint, signature] = values.four_texts();
        let base = if endpoint.is_empty() {
            let product = if network == "vpc" { "onsmqtt-vpc." } else { "onsmqtt." };
            BaseUrl::read(REGION, &region_url(region, product)?, surroundings)?
        } else {
            BaseUrl::read("config.endpoint", endpoint, surroundings)?
        };
        let scheme = if signature == HMAC_SHA1 { Scheme::Rpc } else { Scheme::Acs3 };
        Ok(Self { base, scheme })
    }

    /// Makes a draft a signed request.
    pub fn request(&self, draft: &Draft, credentials: &Credentials, stamp: Stamp) -> Request {
        let is_acs3 = self.scheme == Scheme::Acs3;
        let endpoint = *draft.endpoint();
        let token = credentials.security_token.as_ref().map_or("", Secret::reveal);
        let secrets = draft.secrets().to_vec();
        let headers = Vec::with_capacity(10);
        let mut request =
            Request::new(endpoint, String::new(), "/".to_owned(), headers, None, secrets);
        // What both schemes tell: the one in headers, the other in parameters.
        let mut tell = |header, parameter, value: String| {
            if !value.is_empty() {
                request.headers.push((if is_acs3 { header } else { parameter }, value));
            }
        };
        tell("x-acs-action", "Action", action_of(endpoint.operation));
        tell("x-acs-version", "Version", VERSION.to_owned());
        let format = if is_acs3 { "application/json" } else { "JSON" };
        tell("accept", "Format", format.to_owned());
        tell("x-acs-signature-nonce", "SignatureNonce", stamp.nonce);
        tell("x-acs-date", "Timestamp", timestamp(stamp.date_ms));
        tell("x-acs-security-token", "SecurityToken", token.to_owned());
        let own = pairs(draft.parameters());
        let signature = if is_acs3 {
            self.sign_headers(&mut request, own, credentials)
        } else {
            self.sign_parameters(&mut request, &own, credentials)
        };
        let Credentials { access_key_id, access_key_secret, security_token } = credentials;
        request.secrets.push(Secret::new(signature));
        request.secrets.push(access_key_secret.clone());
        request.secrets.push(access_key_id.clone());
        request.secrets.extend(security_token.clone());
        request
    }

    /// Signs by ACS3 and answers the signature.
    fn sign_headers(
        &self,
        request: &mut Request,
        mut query: Vec<(&str, &str)>,
        credentials: &Credentials,
    ) -> String {
        let headers = &mut request.headers;
        // A secret among the parameters goes into the body: addresses end up in the logs of proxies.
        if !request.secrets.is_empty() {
            request.body = Some(form(&query));
            query.clear();
            headers.push(("content-type", FORM.to_owned()));
        }
        let hash = match &request.body {
            Some(body) => sha256_hex(body.as_bytes()),
            None => SHA256_OF_NOTHING.to_owned(),
        };
        let mut signed = pairs(headers);
        signed.push(("x-acs-content-sha256", hash.as_str()));
        // The host is signed, but the sender takes it from the address.
        signed.push(("host", self.base.host_header()));
        let key = &credentials.access_key_secret;
        let signed = acs3("POST", "/", &query, &signed, &hash, key);
        headers.push(("x-acs-content-sha256", hash));
        let authorization = [
            ACS3,
            " Credential=",
            credentials.access_key_id.reveal(),
            ",SignedHeaders=",
            &signed.signed_headers,
            ",Signature=",
            &signed.signature,
        ];
        headers.push(("authorization", authorization.concat()));
        let sign = if query.is_empty() { "" } else { "?" };
        request.url = [self.base.as_str(), "/", sign, &form(&query)].concat();
        signed.signature
    }

    /// Signs by the older scheme and answers the signature. All of the request goes into the body: the
    /// key's ID and the signature have no place in an address.
    fn sign_parameters(
        &self,
        request: &mut Request,
        own: &[(&str, &str)],
        credentials: &Credentials,
    ) -> String {
        let told = std::mem::take(&mut request.headers);
        let mut parameters: Vec<(&str, &str)> = pairs(&told);
        parameters.push(("AccessKeyId", credentials.access_key_id.reveal()));
        parameters.push(("SignatureMethod", HMAC_SHA1));
        parameters.push(("SignatureVersion", "1.0"));
        parameters.extend_from_slice(own);
        let signature = rpc("POST", &parameters, &credentials.access_key_secret).signature;
        parameters.push(("Signature", &signature));
        request.body = Some(form(&parameters));
        request.headers.push(("content-type", FORM.to_owned()));
        request.url = [self.base.as_str(), "/"].concat();
        signature
    }
}

/// What holds a region.
const REGION: &str = "config.regionId";

fn region_url(region: &str, product: &str) -> Result<String, Problem> {
    if region.is_empty() {
        return Err(Problem::new(REGION, "is missing, expected a region or an endpoint"));
    }
    if !region.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Err(Problem::new(REGION, "is no region, expected for example cn-hangzhou"));
    }
    Ok(["https://", product, region, ".aliyuncs.com"].concat())
}

/// Who calls: an access key, permanent or temporary.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Credentials {
    /// The key's ID; no secret, but shown no more than one.
    pub access_key_id: Secret,
    /// The key.
    pub access_key_secret: Secret,
    /// What proves a temporary key.
    pub security_token: Option<Secret>,
}

impl Credentials {
    /// Reads an access key; `place` is where it comes from.
    pub fn read(mut input: Fields) -> Result<Self, Problem> {
        const ROWS: &[Row] = &[
            Row::new("accessKeyId", Kind::checked(1..=128, graphic)),
            Row::new("accessKeySecret", Kind::checked(1..=256, graphic)),
            Row::new("securityToken", Kind::checked(1..=8192, graphic)).optional(),
        ];
        let mut values = input.read(ROWS)?;
        Ok(Self {
            access_key_id: values.secret(),
            access_key_secret: values.secret(),
            security_token: values.maybe_secret(),
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
    let mut action = operation.to_owned();
    if let Some(first) = action.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    action
}

/// A client ID: `<GroupId>@@@<DeviceId>`, at most 64 UTF-16 code units, all of them printable.
fn client_id(text: &str) -> Option<&'static str> {
    printable(text).or_else(|| {
        let mark = text.as_bytes().windows(3).position(|window| window == b"@@@");
        if !mark.is_some_and(|mark| mark > 0 && mark + 3 < text.len()) {
            return Some("is no client ID, expected <GroupId>@@@<DeviceId>");
        }
        let is_long = text.len() > 64 && text.chars().map(char::len_utf16).sum::<usize>() > 64;
        is_long.then_some("has more than 64 characters, expected 1 to 64")
    })
}

/// An instance of the product.
const INSTANCE_ID: Kind = Kind::checked(1..=128, printable);

/// Finds control characters.
fn printable(text: &str) -> Option<&'static str> {
    let bytes = text.as_bytes();
    let odd = bytes.iter().any(u8::is_ascii_control)
        // The others, U+0080 to U+009F, in UTF-8.
        || bytes.windows(2).any(|pair| matches!(pair, [0xc2, 0x80..=0x9f]));
    odd.then_some("contains a character that cannot be printed")
}

/// Reads an answer: the result, the platform's refusal, or why it is neither.
pub fn decode(
    operation: &str,
    response: Response,
    secrets: &[Secret],
    answer: &Answer,
) -> Result<Json, Error> {
    decode::decoded(refusal(operation, &response, secrets), response, secrets, answer)
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
    let mut refusal = decode::refusal(&errors::ERRORS, operation, response, code, words, secrets);
    let request_id = member("RequestId");
    refusal.request_id = request_id.map(|id| redact::shown(&id, secrets, redact::DESCRIPTION));
    Some(refusal)
}

/// The text of an element of the gateway's XML, which has neither attributes nor nesting in it.
fn xml_element(text: &str, name: &str) -> Option<String> {
    let mut plain = text;
    while let Some(rest) = plain.strip_prefix('\u{feff}') {
        plain = rest;
    }
    if !plain.trim_ascii_start().starts_with('<') {
        return None;
    }
    let (_, rest) = text::split_once(plain, &["<", name, ">"].concat())?;
    let (content, _) = text::split_once(rest, &["</", name, ">"].concat())?;
    let mut content = content.to_owned();
    for (entity, character) in
        &[("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")]
    {
        content = text::replaced(&content, entity, character);
    }
    Some(content)
}
