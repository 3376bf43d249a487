//! The small types that the rest trusts: a secret, a moment, an encoded piece of an address.

use std::fmt;
use std::rc::Rc;

use zeroize::Zeroize as _;

use crate::text::{hex_pair, split_where};

/// Text that must never be shown: the app secret, a token, a verification code.
///
/// `Debug` prints a placeholder and there is no `Display`, so that a secret cannot reach a log by
/// accident; [`Secret::reveal`] is the one way to the text. Clones share one copy of it, whose memory is
/// wiped when the last of them is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Rc<Wiped>);

#[derive(PartialEq, Eq)]
struct Wiped(String);

impl Secret {
    /// Takes a text into custody.
    pub fn new(text: String) -> Self {
        Self(Rc::new(Wiped(text)))
    }

    /// The text itself, for the request that has to carry it.
    pub fn reveal(&self) -> &str {
        &self.0.0
    }
}

impl Drop for Wiped {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

/// The present, as the host sees it, in milliseconds.
///
/// Two clocks, because each of them lies in its own way: a monotonic clock may stand still while a
/// computer sleeps, a wall clock may be set. What ends is over as soon as one of them says so.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Now {
    /// Milliseconds of a clock that never goes back; its zero means nothing.
    pub monotonic_ms: f64,
    /// Milliseconds since the Unix epoch, by the host's calendar.
    pub wall_ms: f64,
}

impl Now {
    /// A moment by both clocks.
    pub const fn new(monotonic_ms: f64, wall_ms: f64) -> Self {
        Self { monotonic_ms, wall_ms }
    }

    /// Whole milliseconds gone since `earlier` by the clock that never goes back, never negative: for limits
    /// that a calendar which is set must not use up.
    pub fn steady_since(self, earlier: Self) -> f64 {
        (self.monotonic_ms - earlier.monotonic_ms).max(0.0).round()
    }

    /// Whole milliseconds gone since `earlier`: the larger of what the two clocks say, never negative.
    pub fn since(self, earlier: Self) -> f64 {
        let monotonic = self.monotonic_ms - earlier.monotonic_ms;
        let wall = self.wall_ms - earlier.wall_ms;
        monotonic.max(wall).max(0.0).round()
    }
}

/// Appends `text` percent-encoded: all but the unreserved characters of RFC 3986, in upper-case hex.
pub fn percent_encode(into: &mut String, text: &str) {
    percent_encode_in(into, text, b"0123456789ABCDEF");
}

/// The same, with these digits.
#[inline(never)]
pub fn percent_encode_in(into: &mut String, text: &str, digits: &[u8; 16]) {
    // What stays as it is goes over in one piece: most texts are all of it.
    let mut rest = text;
    loop {
        let (plain, other) = split_where(rest, |byte| !is_unreserved(byte));
        into.push_str(plain);
        let (odd, after) = split_where(other, is_unreserved);
        if odd.is_empty() {
            return;
        }
        for byte in odd.bytes() {
            let [high, low] = hex_pair(byte, digits);
            into.push_str(str::from_utf8(&[b'%', high, low]).unwrap_or_default());
        }
        rest = after;
    }
}

/// Whether RFC 3986 calls it unreserved.
const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(text: &str) -> String {
        let mut out = String::new();
        percent_encode(&mut out, text);
        out
    }

    #[test]
    fn only_unreserved_characters_stay_as_they_are() {
        assert_eq!(encoded("aZ09-._~"), "aZ09-._~");
        assert_eq!(encoded("s+e/c=r&t% *"), "s%2Be%2Fc%3Dr%26t%25%20%2A");
        assert_eq!(encoded("中é"), "%E4%B8%AD%C3%A9");
    }

    #[test]
    fn a_secret_shows_nothing_of_itself() {
        assert_eq!(format!("{:?}", Secret::new("s3cr3t".into())), "Secret(…)");
    }

    #[test]
    fn time_gone_is_what_the_faster_clock_says_and_never_negative() {
        let start = Now::new(1_000.0, 5_000.0);
        for (monotonic, wall, gone) in
            [(1_500.4, 5_100.0, 500), (1_010.0, 9_000.0, 4_000), (1_000.0, 1_000.0, 0)]
        {
            assert_eq!(Now::new(monotonic, wall).since(start).to_string(), gone.to_string());
        }
    }
}
