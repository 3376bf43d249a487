//! The address of a platform: parsed once, checked before anything is sent to it.

use crate::fields::Problem;
use crate::text;

/// What the caller's surroundings say about addresses.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Surroundings {
    /// The origin of the page that runs us, if a page does: what a path alone belongs to.
    pub page_origin: Option<String>,
    /// Whether plain http may leave this machine.
    pub allow_insecure_http: bool,
}

impl Surroundings {
    /// Surroundings as the host finds them.
    pub const fn new(page_origin: Option<String>, allow_insecure_http: bool) -> Self {
        Self { page_origin, allow_insecure_http }
    }
}

/// An address without query, fragment or trailing slash, to which paths are appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl(String);

impl BaseUrl {
    /// As [`BaseUrl::parse`]; `member` is what holds the text.
    #[inline(never)]
    pub fn read(member: &str, text: &str, surroundings: &Surroundings) -> Result<Self, Problem> {
        Self::parse(text, surroundings).map_err(|problem| Problem::new(member, problem))
    }

    /// `https://host:port`, from its two parts.
    pub fn from_host_and_port(host: &str, port: &str) -> Result<Self, &'static str> {
        let host = checked_host(host)?;
        Ok(Self(["https://", &host, ":", port].concat()))
    }

    /// An absolute URL, or a path of the page's own origin.
    pub fn parse(text: &str, surroundings: &Surroundings) -> Result<Self, &'static str> {
        if text.as_bytes().first() == Some(&b'/') {
            let path = checked_path(text)?;
            return match &surroundings.page_origin {
                Some(origin) => Ok(Self([origin, path].concat())),
                None => Err("is a path, which only a page can resolve; expected an absolute URL, \
                    for example https://platform.example:8743"),
            };
        }
        let (scheme, rest) =
            split_scheme(text).ok_or("is no http or https URL, expected https://host:port")?;
        let (authority, path) = split_before(rest, b'/');
        let (host, port) = split_port(authority)?;
        let host = checked_host(host)?;
        if scheme == HTTP && !surroundings.allow_insecure_http && !is_loopback(&host) {
            return Err("is plain http to a host that is not this machine: secrets would travel \
                unencrypted; use https, or set options.allowInsecureHttp");
        }
        let path = checked_path(path)?;
        Ok(Self([scheme, &host, port, path].concat()))
    }

    /// Host and port as the header `host` tells them: the scheme's usual port goes without saying.
    pub fn host_header(&self) -> &str {
        let (scheme, rest) = split_scheme(&self.0).unwrap_or_default();
        let (authority, _) = split_before(rest, b'/');
        let usual = if scheme == HTTP { ":80" } else { ":443" };
        authority.strip_suffix(usual).unwrap_or(authority)
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a text is a port: digits alone, 1 to 65535.
pub fn is_port(text: &str) -> bool {
    text != "0" && is_decimal(text.as_bytes(), 65_535)
}

const HTTP: &str = "http://";

/// The scheme in lower case, and what follows it.
fn split_scheme(text: &str) -> Option<(&'static str, &str)> {
    for scheme in ["https://", HTTP] {
        let (start, rest) = text.split_at_checked(scheme.len()).unwrap_or_default();
        if start.eq_ignore_ascii_case(scheme) {
            return Some((scheme, rest));
        }
    }
    None
}

/// What comes before an ASCII character, and the rest, which begins with it.
fn split_before(text: &str, character: u8) -> (&str, &str) {
    let mut at = 0;
    for byte in text.bytes() {
        if byte == character {
            break;
        }
        at += 1;
    }
    text.split_at_checked(at).unwrap_or((text, ""))
}

/// Host and port, which has its colon or is empty.
fn split_port(authority: &str) -> Result<(&str, &str), &'static str> {
    if has_any(authority, b"@") {
        return Err("carries user name or password, expected host and port alone");
    }
    if has_any(authority, b"?#") {
        return Err(QUERY);
    }
    let mut colon = authority.len();
    let mut closed = false;
    for (at, byte) in authority.bytes().enumerate() {
        if byte == b']' && !closed {
            // The colons up to here are those of an IPv6 address.
            closed = true;
            colon = authority.len();
        } else if byte == b':' && at > 0 {
            colon = at;
        }
    }
    let (host, port) = authority.split_at_checked(colon).unwrap_or_default();
    if !port.is_empty() && !is_port(port.get(1..).unwrap_or_default()) {
        return Err("has a port that is none, expected 1 to 65535");
    }
    Ok((host, port))
}

const QUERY: &str = "carries a query or a fragment, expected none";

/// A host as it stands in a URL: IPv6 in brackets, IPv4 only in its usual form.
fn checked_host(host: &str) -> Result<String, &'static str> {
    if host.is_empty() {
        return Err("has no host, expected an IP address or a host name");
    }
    if has_any(host, b":[]") {
        let bare = host.strip_prefix("[").and_then(|rest| rest.strip_suffix("]")).unwrap_or(host);
        if !is_ipv6(bare) {
            return Err("is no host: expected an IP address (IPv6 in brackets) or a host name, \
                the port apart");
        }
        return Ok(["[", &bare.to_ascii_lowercase(), "]"].concat());
    }
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    if !host.bytes().all(allowed)
        || matches!(host.as_bytes(), [b'.' | b'-', ..])
        || text::split_once(host, "..").is_some()
    {
        return Err(
            "is no host: letters, digits, dots and hyphens only (a name in another script \
            in its xn-- form)",
        );
    }
    let host = host.strip_suffix(".").unwrap_or(host).to_ascii_lowercase();
    let mut last = host.as_str();
    while let Some((_, rest)) = text::split_once(last, ".") {
        last = rest;
    }
    let numeric = last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x");
    if numeric && !is_ipv4(host.as_bytes()) {
        return Err("is no IPv4 address: expected four numbers of 0 to 255");
    }
    Ok(host)
}

/// A path prefix without its trailing slashes.
fn checked_path(mut path: &str) -> Result<&str, &'static str> {
    if has_any(path, b"?#") {
        return Err(QUERY);
    }
    let allowed =
        |byte: u8| byte.is_ascii_alphanumeric() || has_any("-._~%!$&'()*+,;=:@/", &[byte]);
    if !path.bytes().all(allowed) {
        return Err("has a character that no path may have, expected it percent-encoded");
    }
    while let Some(shorter) = path.strip_suffix("/") {
        path = shorter;
    }
    if text::split_once(path, "//").is_some()
        || path.as_bytes().split(|byte| *byte == b'/').any(is_dots)
    {
        return Err("has an empty segment or one of dots, which would reach another path");
    }
    Ok(path)
}

/// Whether a segment is `.` or `..`, encoded or not.
fn is_dots(mut segment: &[u8]) -> bool {
    let mut dots = 0;
    while let [b'.', rest @ ..] | [b'%', b'2', b'e' | b'E', rest @ ..] = segment {
        segment = rest;
        dots += 1;
    }
    segment.is_empty() && matches!(dots, 1 | 2)
}

/// Whether a host, which is good, can only be this machine.
fn is_loopback(host: &str) -> bool {
    // Of IPv6 it is the address whose one bit is the last.
    let bracketed = host.strip_prefix("[").and_then(|rest| rest.strip_suffix("1]"));
    host == "localhost"
        || host.ends_with(".localhost")
        || (host.starts_with("127.") && is_ipv4(host.as_bytes()))
        || bracketed.is_some_and(|rest| rest.bytes().all(|byte| matches!(byte, b'0' | b':' | b'.')))
}

/// Whether it is eight groups of hexadecimal digits, the last two perhaps an IPv4 address, with `::`
/// in the place of some that are zero.
fn is_ipv6(text: &str) -> bool {
    let Some((head, tail)) = text::split_once(text, "::") else {
        return groups(text.as_bytes(), true) == Some(8);
    };
    let (head, tail) = (groups(head.as_bytes(), false), groups(tail.as_bytes(), true));
    matches!((head, tail), (Some(head), Some(tail)) if head + tail < 8)
}

/// How many groups of an IPv6 address a text is, if it is nothing else.
fn groups(text: &[u8], may_end_in_ipv4: bool) -> Option<usize> {
    if text.is_empty() {
        return Some(0);
    }
    let mut count = 0;
    let mut ended = false;
    for group in text.split(|byte| *byte == b':') {
        let is_hex = matches!(group.len(), 1..=4) && group.iter().all(u8::is_ascii_hexdigit);
        if ended || !(is_hex || (may_end_in_ipv4 && is_ipv4(group))) {
            return None;
        }
        ended = !is_hex;
        count += if is_hex { 1 } else { 2 };
    }
    Some(count)
}

/// Whether it is four numbers of 0 to 255 with dots between them.
fn is_ipv4(text: &[u8]) -> bool {
    let mut count = 0;
    text.split(|byte| *byte == b'.').all(|number| {
        count += 1;
        is_decimal(number, 255)
    }) && count == 4
}

/// Whether it is a number of `most` or less, in digits alone, without a zero before them.
fn is_decimal(text: &[u8], most: u32) -> bool {
    let mut value = 0;
    for digit in text {
        if !digit.is_ascii_digit() || value > most {
            return false;
        }
        value = value * 10 + u32::from(digit - b'0');
    }
    value <= most && (text.len() == 1 || !matches!(text, [] | [b'0', ..]))
}

fn has_any(text: &str, characters: &[u8]) -> bool {
    for byte in text.bytes() {
        for character in characters {
            if byte == *character {
                return true;
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outside_a_page(text: &str) -> Result<String, &'static str> {
        BaseUrl::parse(text, &Surroundings::default()).map(|base| base.0)
    }

    #[track_caller]
    fn assert_parsed(text: &str, expected: &str) {
        assert_eq!(outside_a_page(text).as_deref(), Ok(expected));
    }

    #[track_caller]
    fn assert_refused(text: &str, expected: &str) {
        let problem = outside_a_page(text).expect_err(text);
        assert!(problem.starts_with(expected), "{text}: {problem}");
    }

    #[test]
    fn an_absolute_url_keeps_its_path_and_loses_its_trailing_slash() {
        assert_parsed("https://Platform.example:8743/", "https://platform.example:8743");
        assert_parsed("https://h/iot/v1/", "https://h/iot/v1");
        assert_parsed("HTTPS://[2001:DB8::1]:1/a", "https://[2001:db8::1]:1/a");
    }

    #[test]
    fn plain_http_stays_on_this_machine() {
        for host in ["localhost", "app.localhost", "127.0.0.1", "127.9.9.9", "[::1]"] {
            assert_parsed(&format!("http://{host}:8080"), &format!("http://{host}:8080"));
        }
        for host in ["10.0.0.1", "platform.example", "localhost.example", "[::2]", "1.127.0.0"] {
            assert_refused(&format!("http://{host}"), "is plain http");
        }
        let allowed = Surroundings::new(None, true);
        assert!(BaseUrl::parse("http://10.0.0.1", &allowed).is_ok());
    }

    #[test]
    fn what_could_reach_another_place_is_refused() {
        assert_refused("ftp://h", "is no http or https URL");
        assert_refused("h:8743", "is no http or https URL");
        assert_refused("https://user:word@h", "carries user name or password");
        assert_refused("https://h?x=1", "carries a query");
        assert_refused("https://h/a#b", "carries a query or a fragment");
        assert_refused("https://h/a/../b", "has an empty segment or one of dots");
        assert_refused("https://h/a/%2e%2E/b", "has an empty segment or one of dots");
        assert_refused("https://h/a b", "has a character");
        assert_refused("https://h:0", "has a port that is none");
        assert_refused("https://h:65536", "has a port that is none");
        assert_refused("https://h:", "has a port that is none");
        assert_refused("https://", "has no host");
        assert_refused("https://a\\b", "is no host");
        assert_refused("https://中", "is no host");
        assert_refused("https://1.2.3", "is no IPv4 address");
        assert_refused("https://0x7f.1", "is no IPv4 address");
        assert_refused("https://[::1", "is no host");
    }

    #[test]
    fn a_path_belongs_to_the_page_or_to_nobody() {
        let page = Surroundings::new(Some("https://page.example".into()), false);
        let parsed = BaseUrl::parse("/iot/", &page).unwrap();
        assert_eq!(parsed.as_str(), "https://page.example/iot");
        assert!(BaseUrl::parse("//evil.example", &page).is_err());
        assert_refused("/iot", "is a path");
    }

    #[test]
    fn host_and_port_make_an_https_address() {
        let address = |host, port| BaseUrl::from_host_and_port(host, port).map(|base| base.0);
        assert_eq!(address("10.0.0.1", "8743").as_deref(), Ok("https://10.0.0.1:8743"));
        assert_eq!(address("::1", "1").as_deref(), Ok("https://[::1]:1"));
        assert_eq!(address("[::1]", "1").as_deref(), Ok("https://[::1]:1"));
        for host in ["https://h", "h:1", "a b", "h/x", "", "[h]", "::1%eth0"] {
            assert!(address(host, "1").is_err(), "{host}");
        }
    }

    #[test]
    fn a_port_is_digits_alone() {
        for text in ["1", "8743", "65535"] {
            assert!(is_port(text), "{text}");
        }
        for text in ["", "0", "65536", "+1", " 1", "08743", "1.0", "8743x"] {
            assert!(!is_port(text), "{text}");
        }
    }
}
