//! Signing and encoding as others do it: by crates, and by code that shares nothing with the core's.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{KeyInit as _, Mac as _, SimpleHmac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

/// All but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Percent-encoding.
pub(crate) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Percent-decoding; none of what is no text.
pub(crate) fn decoded(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(Into::into)
}

/// HMAC-SHA1 in base64.
pub(crate) fn hmac_sha1(key: &str, message: &str) -> String {
    let mac = SimpleHmac::<Sha1>::new_from_slice(key.as_bytes()).expect("keys of any length");
    STANDARD.encode(mac.chain_update(message).finalize().into_bytes())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

/// SHA-256 in hexadecimal digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Names and values in the order of their names, each name once.
pub(crate) type Pairs = BTreeMap<String, String>;

/// The query that is signed.
fn canonical_query(pairs: &Pairs) -> String {
    let parts = pairs.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
    parts.collect::<Vec<_>>().join("&")
}

/// The signature of the RPC scheme.
pub(crate) fn rpc(method: &str, parameters: &Pairs, key: &str) -> String {
    let signed = format!("{method}&{}&{}", encoded("/"), encoded(&canonical_query(parameters)));
    hmac_sha1(&format!("{key}&"), &signed)
}

/// Names of the signed headers and the signature of ACS3-HMAC-SHA256.
pub(crate) fn acs3(query: &Pairs, headers: &Pairs, body: &[u8], key: &str) -> (String, String) {
    let is_signed =
        |name: &str| name.starts_with("x-acs-") || name == "host" || name == "content-type";
    let signed: Vec<(&String, &String)> =
        headers.iter().filter(|(name, _)| is_signed(name)).collect();
    let names = signed.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(";");
    let mut canonical = format!("POST\n/\n{}\n", canonical_query(query));
    for (name, value) in signed {
        let value = value.trim_matches([' ', '\t', '\n', '\x0c', '\r']);
        canonical = [&canonical, name, ":", value, "\n"].concat();
    }
    canonical = format!("{canonical}\n{names}\n{}", sha256(body));
    let text = format!("ACS3-HMAC-SHA256\n{}", sha256(canonical.as_bytes()));
    let mac = SimpleHmac::<Sha256>::new_from_slice(key.as_bytes()).expect("keys of any length");
    (names, hex(&mac.chain_update(text).finalize().into_bytes()))
}

/// A moment of so many seconds since 1970 as both platforms write it, by counting the years.
pub(crate) fn timestamp(seconds: u64) -> String {
    let (mut days, second) = (seconds / 86_400, seconds % 86_400);
    let is_leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    let mut year = 1970;
    while days >= 365 + u64::from(is_leap(year)) {
        days -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let mut month = 1;
    for length in [31, 28 + u64::from(is_leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year}-{month:02}-{:02}T{hour:02}:{minute:02}:{second:02}Z", days + 1)
}
