//! Signing, byte for byte: pure functions of a request, a key, a nonce and a date.
//!
//! Two schemes. ACS3-HMAC-SHA256 puts the signature into a header and is what the vendor's SDKs use;
//! the older RPC signature puts it among the parameters and so needs no header that a browser would
//! ask about first.

use crate::request::form;
use crate::text;
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
    body_sha256: &str,
    key: &Secret,
) -> Signed {
    let mut signed: Vec<(&str, &str)> = Vec::with_capacity(headers.len());
    for header in headers {
        if is_signed(header.0) {
            signed.push(*header);
        }
    }
    text::sort(&mut signed);
    let query = canonical_query(query);
    let mut canonical = String::with_capacity(1024);
    for part in [method, path, &query] {
        canonical.push_str(part);
        canonical.push('\n');
    }
    let mut signed_headers = String::with_capacity(128);
    for (name, value) in signed {
        for part in [name, ":", value.trim_ascii(), "\n"] {
            canonical.push_str(part);
        }
        signed_headers.push_str(if signed_headers.is_empty() { "" } else { ";" });
        signed_headers.push_str(name);
    }
    for part in ["\n", &signed_headers, "\n", body_sha256] {
        canonical.push_str(part);
    }
    let string_to_sign = [ACS3, "\n", &sha256_hex(canonical.as_bytes())].concat();
    let key = key.reveal().as_bytes();
    let signature = text::hex(&SHA256.hmac(key, string_to_sign.as_bytes()));
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
    text::base64(&SHA1.hmac(key, message))
}

/// The SHA-256 of no bytes, as most requests have none.
pub const SHA256_OF_NOTHING: &str =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// SHA-256 in lower-case hexadecimal digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    text::hex(&SHA256.of(&[], bytes))
}

/// A hash function of the kind that takes a text block by block. The crates give what is done with a
/// block; their generic code around it is several times as large as this.
struct Hash {
    /// The state before the first block.
    start: [u32; 8],
    /// Words of the state that count.
    words: usize,
    compress: fn(&mut [u32; 8], &[[u8; BLOCK]]),
}

/// Bytes of a block.
const BLOCK: usize = 64;

const SHA1: Hash = Hash {
    start: [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0, 0, 0, 0],
    words: 5,
    compress: |[a, b, c, d, e, ..], blocks| {
        let mut state = [*a, *b, *c, *d, *e];
        sha1::block_api::compress(&mut state, blocks);
        [*a, *b, *c, *d, *e] = state;
    },
};

const SHA256: Hash = Hash {
    start: [
        0x6a09_e667,
        0xbb67_ae85,
        0x3c6e_f372,
        0xa54f_f53a,
        0x510e_527f,
        0x9b05_688c,
        0x1f83_d9ab,
        0x5be0_cd19,
    ],
    words: 8,
    compress: sha2::block_api::compress256,
};

impl Hash {
    /// The hash of `start` and of `text` behind it.
    fn of(&self, start: &[[u8; BLOCK]], text: &[u8]) -> Vec<u8> {
        let (blocks, rest) = text.as_chunks();
        let length = size_of_val(start) + text.len();
        let bits = u64::try_from(length).unwrap_or_default() * 8;
        // A bit ends the text, and its length in bits the last block.
        let mut end = [0; 2 * BLOCK];
        for (to, from) in end.iter_mut().zip(rest.iter().chain(&[0x80])) {
            *to = *from;
        }
        let is_short = rest.len() + 1 + size_of_val(&bits) <= BLOCK;
        let end = end.get_mut(..if is_short { BLOCK } else { 2 * BLOCK }).unwrap_or_default();
        if let Some(told) = end.last_chunk_mut() {
            *told = bits.to_be_bytes();
        }
        let mut state = self.start;
        for blocks in [start, blocks, end.as_chunks().0] {
            (self.compress)(&mut state, blocks);
        }
        let mut out = Vec::with_capacity(size_of_val(&state));
        for word in state.iter().take(self.words) {
            out.extend_from_slice(&word.to_be_bytes());
        }
        out
    }

    /// HMAC of RFC 2104.
    fn hmac(&self, key: &[u8], message: &[u8]) -> Vec<u8> {
        const INNER: u8 = 0x36;
        const OUTER: u8 = 0x5c;
        let mut block = [INNER; BLOCK];
        let hashed = if key.len() > BLOCK { self.of(&[], key) } else { Vec::new() };
        for (to, from) in block.iter_mut().zip(if hashed.is_empty() { key } else { &hashed }) {
            *to ^= *from;
        }
        let inner = self.of(&[block], message);
        for byte in &mut block {
            *byte ^= INNER ^ OUTER;
        }
        self.of(&[block], &inner)
    }
}

fn is_signed(name: &str) -> bool {
    name.starts_with("x-acs-") || matches!(name, "host" | "content-type")
}

/// Parameters sorted by name, encoded, joined; an empty value stays as `name=`.
fn canonical_query(parameters: &[(&str, &str)]) -> String {
    let mut sorted = parameters.to_vec();
    text::sort(&mut sorted);
    form(&sorted)
}

/// `yyyy-MM-ddTHH:mm:ssZ` of a moment in milliseconds since the Unix epoch.
pub fn timestamp(epoch_ms: f64) -> String {
    /// 9999-12-31T23:59:59Z, the last moment that the form can tell.
    const LAST: f64 = 253_402_300_799_000.0;
    let seconds = (epoch_ms.clamp(0.0, LAST) / 1000.0).floor();
    let days = (seconds / 86_400.0).floor();
    let second = seconds - days * 86_400.0;
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "not negative, and small since the moment is clamped"
    )]
    let (days, second) = (days as u32, second as u32);
    // Days since 0000-03-01, so that the leap day is the last of its year.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + u32::from(month <= 2);
    let mut out = String::with_capacity(20);
    text::push_digits(&mut out, year.into());
    for (sign, number) in &[
        ("-", month),
        ("-", day),
        ("T", second / 3_600),
        (":", second / 60 % 60),
        (":", second % 60),
    ] {
        out.push_str(sign);
        out.push_str(if *number < 10 { "0" } else { "" });
        text::push_digits(&mut out, (*number).into());
    }
    out.push('Z');
    out
}

#[cfg(test)]
mod tests {
    use hmac::{KeyInit as _, Mac as _, SimpleHmac};
    use proptest::prelude::*;
    use sha1::Sha1;
    use sha2::{Digest as _, Sha256};

    use super::*;

    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        prop::collection::vec(any::<u8>(), 0..200)
    }

    proptest! {
        #[test]
        fn text_of_any_length_hashes_as_the_crates_hash_it(text in bytes()) {
            let (start, end) = text.split_at(text.len() / 3 / BLOCK * BLOCK);
            let start = start.as_chunks().0;
            prop_assert_eq!(SHA1.of(start, end), Sha1::digest(&text).to_vec());
            prop_assert_eq!(SHA256.of(start, end), Sha256::digest(&text).to_vec());
        }

        #[test]
        fn a_key_of_any_length_signs_as_the_crate_signs(key in bytes(), message in bytes()) {
            let sha1 = SimpleHmac::<Sha1>::new_from_slice(&key).unwrap().chain_update(&message);
            prop_assert_eq!(SHA1.hmac(&key, &message), sha1.finalize().into_bytes().to_vec());
            let sha256 = SimpleHmac::<Sha256>::new_from_slice(&key).unwrap().chain_update(&message);
            prop_assert_eq!(SHA256.hmac(&key, &message), sha256.finalize().into_bytes().to_vec());
        }
    }

    #[test]
    fn the_hash_of_nothing_is_what_is_written_here() {
        assert_eq!(sha256_hex(b""), SHA256_OF_NOTHING);
    }

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
        let signed = acs3("POST", "/", &[], &headers, "", &Secret::new("k".into()));
        assert_eq!(signed.signed_headers, "host;x-acs-a;x-acs-b");
        assert!(signed.canonical.starts_with("POST\n/\n\nhost:h\nx-acs-a:1\nx-acs-b:2\n\nhost;"));
    }
}
