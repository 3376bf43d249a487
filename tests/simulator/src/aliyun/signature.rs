//! Both signatures, from what was received: nothing is assumed of how the caller wrote it.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::{digest, hmac};

use super::parameters::{Parameters, canonical, pe};
use crate::exchange::Request;

/// How a call is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// In the header `Authorization`.
    V3,
    /// In the parameter `Signature`.
    V1,
}

pub(crate) const V3: &str = "ACS3-HMAC-SHA256";

impl Scheme {
    /// The scheme that a call uses, `None` if it is not signed at all.
    pub(crate) fn of(request: &Request, parameters: &Parameters) -> Option<Self> {
        if request.header("authorization").is_some() {
            return Some(Self::V3);
        }
        let named = |name| parameters.get(name).is_some();
        ["Signature", "SignatureMethod", "AccessKeyId"].into_iter().any(named).then_some(Self::V1)
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::V3 => V3,
            Self::V1 => "HMAC-SHA1",
        }
    }
}

/// The parts of `Authorization`.
#[derive(Debug)]
pub(crate) struct Authorization<'a> {
    pub(crate) access_key_id: &'a str,
    signed_headers: Vec<&'a str>,
    signature: &'a str,
}

impl<'a> Authorization<'a> {
    pub(crate) fn of(request: &'a Request) -> Option<Self> {
        let parts = request.header("authorization")?.strip_prefix(V3)?.strip_prefix(' ')?;
        let part = |name: &str| parts.split(',').find_map(|part| part.strip_prefix(name));
        Some(Self {
            access_key_id: part("Credential=")?,
            signed_headers: part("SignedHeaders=")?.split(';').collect(),
            signature: part("Signature=")?,
        })
    }
}

/// A signature that is not the right one: what the server has signed, for the message.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Mismatch(pub(crate) String);

/// Verifies ACS3-HMAC-SHA256.
pub(crate) fn verify_v3(
    request: &Request,
    parameters: &Parameters,
    authorization: &Authorization<'_>,
    secret: &str,
) -> Result<(), Mismatch> {
    let hashed = sha256(&request.body);
    let mut names = authorization.signed_headers.clone();
    names.sort_unstable();
    let mut headers = String::new();
    for name in &names {
        let _ = writeln!(headers, "{name}:{}", header_value(request, name));
    }
    let canonical_request = format!(
        "{}\n/\n{}\n{headers}\n{}\n{hashed}",
        request.method,
        // A form body counts by its hash, not among the parameters of the query.
        canonical(parameters.query.iter()),
        names.join(";")
    );
    let string_to_sign = format!("{V3}\n{}", sha256(canonical_request.as_bytes()));
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let right = hex(hmac::sign(&key, string_to_sign.as_bytes()).as_ref());
    let must = |name: &&String| {
        name.starts_with("x-acs-") || ["host", "content-type"].contains(&name.as_str())
    };
    let unsigned = request.headers.keys().filter(must).any(|name| !names.contains(&name.as_str()));
    let same_body = request.header("x-acs-content-sha256") == Some(&hashed);
    if right == authorization.signature && same_body && !unsigned {
        return Ok(());
    }
    Err(Mismatch(format!(
        "Specified signature does not match our calculation. server StringToSign is \
         [{string_to_sign}] server CanonicalRequest is [{canonical_request}]"
    )))
}

/// Trimmed; values of a repeated header are sorted and joined by a comma.
fn header_value(request: &Request, name: &str) -> String {
    if let Some(values) = request.repeated.get(name) {
        let mut values: Vec<&str> = values.iter().map(|value| value.trim()).collect();
        values.sort_unstable();
        return values.join(",");
    }
    request.header(name).unwrap_or_default().to_owned()
}

/// Verifies the RPC signature over all parameters, those of the form too.
pub(crate) fn verify_v1(
    method: &str,
    parameters: &Parameters,
    secret: &str,
) -> Result<(), Mismatch> {
    let signed = parameters.all().filter(|(name, _)| name != "Signature");
    let string_to_sign = format!("{method}&%2F&{}", pe(&canonical(signed)));
    let right = hmac_sha1(&format!("{secret}&"), &string_to_sign);
    if parameters.get("Signature") == Some(&right) {
        return Ok(());
    }
    Err(Mismatch(format!(
        "Specified signature is not matched with our calculation. \
         server string to sign is:{string_to_sign}"
    )))
}

/// HMAC-SHA1 in base64, as the RPC signature and MQTT passwords have it.
pub(crate) fn hmac_sha1(key: &str, message: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key.as_bytes());
    STANDARD.encode(hmac::sign(&key, message.as_bytes()))
}

fn sha256(bytes: &[u8]) -> String {
    hex(digest::digest(&digest::SHA256, bytes).as_ref())
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
