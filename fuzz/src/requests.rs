//! What holds of every request, whoever made it of what: it can be sent as it stands.

use northbound::request::Request;
use url::Url;

use crate::reference::{Pairs, decoded};

/// Fails where a sender would refuse a request, or read another address out of it.
pub(crate) fn assert_sendable(request: &Request) -> Url {
    let url = Url::parse(&request.url).expect("an address that is one");
    assert!(request.url.bytes().all(|byte| byte.is_ascii_graphic()), "{}", request.url);
    assert!(url.username().is_empty() && url.password().is_none() && url.fragment().is_none());
    // Senders write the address anew: they must not find anything to change but the usual port.
    let path = request.url.splitn(4, '/').nth(3).expect("a path");
    let path = path.split('?').next().expect("a first part");
    assert_eq!(url.path(), format!("/{path}"), "the path is changed on its way");
    assert!(
        url.path().ends_with(&request.path),
        "{} is told, {} is sent",
        request.path,
        url.path()
    );
    for (name, value) in &request.headers {
        assert!(name.bytes().all(|byte| byte.is_ascii_lowercase()
            || byte.is_ascii_digit()
            || byte == b'-'
            || byte == b'_'));
        assert!(
            value.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()),
            "{name}: {value}"
        );
    }
    url
}

/// The pairs of a query or a form, each name once, read by hand: no blank is sent as a plus.
pub(crate) fn pairs(text: &str) -> Pairs {
    let mut pairs = Pairs::new();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').expect("a value, be it empty");
        assert!(!pair.contains('+'), "{pair}");
        let (name, value) = (decoded(name).expect("text"), decoded(value).expect("text"));
        assert!(pairs.insert(name, value).is_none(), "twice: {text}");
    }
    pairs
}

/// The pairs of an address, which its own crate has to read the same.
pub(crate) fn query(url: &Url) -> Pairs {
    let ours = pairs(url.query().unwrap_or_default());
    let theirs: Pairs = url.query_pairs().into_owned().collect();
    assert_eq!(ours, theirs, "{url}");
    ours
}
