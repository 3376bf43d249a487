//! The address of a platform: parsed once, checked before anything is sent to it.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::fields::Problem;

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
    /// `https://host:port`, from its two parts.
    pub fn from_host_and_port(host: &str, port: u16) -> Result<Self, String> {
        let host = checked_host(host)?;
        Ok(Self(["https://", &host, ":", &port.to_string()].concat()))
    }

    /// An absolute URL, or a path of the page's own origin.
    pub fn parse(text: &str, surroundings: &Surroundings) -> Result<Self, String> {
        if text.starts_with('/') {
            let path = checked_path(text)?;
            return match &surroundings.page_origin {
                Some(origin) => Ok(Self([origin, path].concat())),
                None => Err("is a path, which only a page can resolve; expected an absolute URL, \
                    for example https://platform.example:8743"
                    .to_owned()),
            };
        }
        let scheme = text.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
        let (secure, rest) = match (scheme.as_deref(), text.split_once("://")) {
            (Some("https"), Some((_, rest))) => (true, rest),
            (Some("http"), Some((_, rest))) => (false, rest),
            _ => return Err("is no http or https URL, expected https://host:port".to_owned()),
        };
        let at = rest.find('/').unwrap_or(rest.len());
        let (authority, path) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let (host, port) = split_port(authority)?;
        let host = checked_host(host)?;
        if !secure && !surroundings.allow_insecure_http && !is_loopback(&host) {
            return Err("is plain http to a host that is not this machine: secrets would travel \
                unencrypted; use https, or set options.allowInsecureHttp"
                .to_owned());
        }
        let path = checked_path(path)?;
        let scheme = if secure { "https://" } else { "http://" };
        Ok(Self([scheme, &host, &port, path].concat()))
    }

    /// Host and port as the header `host` tells them: the scheme's usual port goes without saying.
    pub fn host_header(&self) -> String {
        let (scheme, rest) = self.0.split_once("://").unwrap_or_default();
        let authority = rest.split('/').next().unwrap_or_default();
        let usual = if scheme == "http" { ":80" } else { ":443" };
        authority.strip_suffix(usual).unwrap_or(authority).to_owned()
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Reads a port out of text: digits alone, 1 to 65535.
pub fn parse_port(text: &str) -> Option<u16> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    text.parse().ok().filter(|port| plain && *port > 0)
}

/// A problem of the member that holds an address.
pub fn address_problem(member: &str) -> impl Fn(String) -> Problem + '_ {
    move |text| Problem::new(member, text)
}

fn split_port(authority: &str) -> Result<(&str, String), String> {
    if authority.contains('@') {
        return Err("carries user name or password, expected host and port alone".to_owned());
    }
    if authority.contains(['?', '#']) {
        return Err("carries a query or a fragment, expected none".to_owned());
    }
    let after_bracket = authority.find(']').unwrap_or(0);
    match authority.rfind(':').filter(|colon| *colon > after_bracket) {
        None => Ok((authority, String::new())),
        Some(colon) => {
            let (host, port) = authority.split_at_checked(colon).unwrap_or((authority, ""));
            let number = parse_port(port.strip_prefix(':').unwrap_or(port));
            let number = number.ok_or("has a port that is none, expected 1 to 65535")?;
            Ok((host, [":", &number.to_string()].concat()))
        }
    }
}

/// A host as it stands in a URL: IPv6 in brackets, IPv4 only in its usual form.
fn checked_host(host: &str) -> Result<String, String> {
    if host.is_empty() {
        return Err("has no host, expected an IP address or a host name".to_owned());
    }
    let unbracketed = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    if host.contains([':', '[', ']']) {
        return match unbracketed.unwrap_or(host).parse::<Ipv6Addr>() {
            Ok(_) => Ok(["[", &unbracketed.unwrap_or(host).to_ascii_lowercase(), "]"].concat()),
            Err(_) => Err("is no host: expected an IP address (IPv6 in brackets) or a host name, \
                the port apart"
                .to_owned()),
        };
    }
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    if !host.bytes().all(allowed) || host.starts_with(['.', '-']) || host.contains("..") {
        return Err(
            "is no host: letters, digits, dots and hyphens only (a name in another script \
            in its xn-- form)"
                .to_owned(),
        );
    }
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let last = host.rsplit('.').next().unwrap_or_default();
    let numeric = last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x");
    if numeric && host.parse::<Ipv4Addr>().is_err() {
        return Err("is no IPv4 address: expected four numbers of 0 to 255".to_owned());
    }
    Ok(host)
}

/// A path prefix without its trailing slashes.
fn checked_path(path: &str) -> Result<&str, String> {
    if path.contains(['?', '#']) {
        return Err("carries a query or a fragment, expected none".to_owned());
    }
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=:@/".contains(&byte);
    if !path.bytes().all(allowed) {
        return Err("has a character that no path may have, expected it percent-encoded".to_owned());
    }
    let path = path.trim_end_matches('/');
    let dots = |segment: &str| {
        let plain = segment.replace("%2e", ".").replace("%2E", ".");
        matches!(plain.as_str(), "." | "..")
    };
    if path.contains("//") || path.split('/').any(dots) {
        return Err(
            "has an empty segment or one of dots, which would reach another path".to_owned()
        );
    }
    Ok(path)
}

/// Whether a host can only be this machine.
fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host.ends_with(".localhost")
        || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
        || host
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .and_then(|address| address.parse::<Ipv6Addr>().ok())
            .is_some_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outside_a_page(text: &str) -> Result<String, String> {
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
        assert_eq!(address("10.0.0.1", 8743).as_deref(), Ok("https://10.0.0.1:8743"));
        assert_eq!(address("::1", 1).as_deref(), Ok("https://[::1]:1"));
        assert_eq!(address("[::1]", 1).as_deref(), Ok("https://[::1]:1"));
        for host in ["https://h", "h:1", "a b", "h/x", "", "[h]", "::1%eth0"] {
            assert!(address(host, 1).is_err(), "{host}");
        }
    }

    #[test]
    fn a_port_is_digits_alone() {
        assert_eq!(parse_port("8743"), Some(8743));
        for text in ["", "0", "65536", "+1", " 1", "08743", "1.0", "8743x"] {
            assert_eq!(parse_port(text), None, "{text}");
        }
    }
}
