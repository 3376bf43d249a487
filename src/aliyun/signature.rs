//! Signing, byte for byte: pure functions of a request, a key, a nonce and a date.
//!
//! Two schemes. ACS3-HMAC-SHA256 puts the signature into a header and is what the vendor's SDKs use;
//! the older RPC signature puts it among the parameters and so needs no header that a browser would
//! ask about first.

use base64ct::{Base64, Encoding as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use crate::request::form;
use crate::types::{Secret, percent_encode};

/// The name of the scheme, as it stands in the header.
pub const ACS3: &str = "ACS3-HMAC-SHA256";

/// What a signature was made of, and the signature.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Signed {
    /// The canonical request; the sorted parameters in the RPC scheme.
    pub canonical: String,
    /// What was signed.
    pub string_to_sign: String,
    /// The signature: hexadecimal in ACS3, base64 in the RPC scheme.
    pub signature: String,
    /// Names of the signed headers, joined by semicolons; empty in the RPC scheme.
    pub signed_headers: String,
}

/// Signs a request by ACS3-HMAC-SHA256.
///
/// [Reference](https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature)
pub fn acs3(
    method: &str,
    path: &str,
    query: &[(&str, &str)],
    headers: &[(&str, &str)],
    body: &[u8],
    key: &Secret,
) -> Signed {
    let mut signed: Vec<(&str, &str)> =
        headers.iter().filter(|(name, _)| is_signed(name)).copied().collect();
    signed.sort_unstable();
    let names: Vec<&str> = signed.iter().map(|(name, _)| *name).collect();
    let signed_headers = names.join(";");

    let mut canonical = [method, "\n", path, "\n", &canonical_query(query), "\n"].concat();
    for (name, value) in signed {
        canonical.push_str(&[name, ":", value.trim(), "\n"].concat());
    }
    canonical.push_str(&["\n", &signed_headers, "\n", &sha256_hex(body)].concat());

    let string_to_sign = [ACS3, "\n", &sha256_hex(canonical.as_bytes())].concat();
    let signature = hex(&hmac_sha256(key.reveal().as_bytes(), string_to_sign.as_bytes()));
    Signed { canonical, string_to_sign, signature, signed_headers }
}

/// Signs parameters by the RPC signature, HMAC-SHA1.
///
/// Every parameter but `Signature` itself is signed, wherever it is sent: in the query or in a form.
/// [Reference](https://www.alibabacloud.com/help/en/sdk/product-overview/rpc-mechanism)
pub fn rpc(method: &str, parameters: &[(&str, &str)], key: &Secret) -> Signed {
    let canonical = canonical_query(parameters);
    let mut string_to_sign = [method, "&%2F&"].concat();
    percent_encode(&mut string_to_sign, &canonical);
    // The key ends in an ampersand, where other schemes of this family append a second key.
    let key = [key.reveal(), "&"].concat();
    let signature = hmac_sha1_base64(key.as_bytes(), string_to_sign.as_bytes());
    Signed { canonical, string_to_sign, signature, signed_headers: String::new() }
}

/// HMAC-SHA1 in base64: the RPC signature, and the password of an MQTT client.
pub fn hmac_sha1_base64(key: &[u8], message: &[u8]) -> String {
    let mac = Hmac::<Sha1>::new_from_slice(key).map(|mac| mac.chain_update(message).finalize());
    // A key of any length is taken, so there is no error to tell.
    mac.map(|mac| Base64::encode_string(&mac.into_bytes())).unwrap_or_default()
}

/// SHA-256 in lower-case hexadecimal digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hmac_sha256(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mac = Hmac::<Sha256>::new_from_slice(key).map(|mac| mac.chain_update(message).finalize());
    mac.map(|mac| mac.into_bytes().to_vec()).unwrap_or_default()
}

fn is_signed(name: &str) -> bool {
    name.starts_with("x-acs-") || matches!(name, "host" | "content-type")
}

/// Parameters sorted by name, encoded, joined; an empty value stays as `name=`.
fn canonical_query(parameters: &[(&str, &str)]) -> String {
    let mut sorted = parameters.to_vec();
    sorted.sort_unstable();
    form(sorted.into_iter())
}

fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).flatten().collect()
}

/// `yyyy-MM-ddTHH:mm:ssZ` of a moment in milliseconds since the Unix epoch.
pub fn timestamp(epoch_ms: f64) -> String {
    /// 9999-12-31T23:59:59Z, the last moment that the form can tell.
    const LAST: f64 = 253_402_300_799_000.0;
    #[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "clamped")]
    let seconds = (epoch_ms.clamp(0.0, LAST) / 1000.0).floor() as i64;
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // Days since 0000-03-01, so that the leap day is the last of its year.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    [
        &padded(year, 4),
        "-",
        &padded(month, 2),
        "-",
        &padded(day, 2),
        "T",
        &padded(second / 3_600, 2),
        ":",
        &padded(second / 60 % 60, 2),
        ":",
        &padded(second % 60, 2),
        "Z",
    ]
    .concat()
}

fn padded(number: i64, digits: usize) -> String {
    let text = number.to_string();
    ["0".repeat(digits.saturating_sub(text.len())), text].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_in_utc_without_milliseconds() {
        for (epoch_ms, expected) in [
            (0.0, "1970-01-01T00:00:00Z"),
            (951_782_399_999.0, "2000-02-28T23:59:59Z"),
            (951_782_400_000.0, "2000-02-29T00:00:00Z"),
            (1_767_323_045_999.0, "2026-01-02T03:04:05Z"),
            (4_107_542_400_000.0, "2100-03-01T00:00:00Z"),
            (f64::INFINITY, "9999-12-31T23:59:59Z"),
            (-1.0, "1970-01-01T00:00:00Z"),
        ] {
            assert_eq!(timestamp(epoch_ms), expected);
        }
    }

    #[test]
    fn only_what_the_scheme_names_is_signed() {
        let headers = [("accept", "x"), ("x-acs-b", " 2 "), ("host", "h"), ("x-acs-a", "1")];
        let signed = acs3("POST", "/", &[], &headers, b"", &Secret::new("k".into()));
        assert_eq!(signed.signed_headers, "host;x-acs-a;x-acs-b");
        assert!(signed.canonical.starts_with("POST\n/\n\nhost:h\nx-acs-a:1\nx-acs-b:2\n\nhost;"));
    }
}
