//! What lets a page of another origin call, and what keeps it from that.

use super::settings::{Preflight, Settings};
use crate::exchange::{Request, Response};

const METHODS_2022: &str = "POST, GET, OPTIONS, PUT, DELETE";
const HEADERS_2022: &str = "X-Requested-With, X-Sequence, _aop_secret, _aop_signature, \
                            x-acs-action, x-acs-version, x-acs-date, Content-Type";

/// Whether a browser asks before a call.
pub(crate) fn is_preflight(request: &Request) -> bool {
    request.method == "OPTIONS" && request.header("access-control-request-method").is_some()
}

pub(crate) fn preflight(settings: &Settings, request: &Request) -> Response {
    let mut response = Response { status: 200, headers: Vec::new(), body: Vec::new() };
    let asked = request.header("access-control-request-headers").unwrap_or_default();
    let allowed = match settings.preflight {
        Preflight::List2022 => HEADERS_2022,
        Preflight::Permissive => asked,
        Preflight::None => return response,
    };
    for (name, value) in [
        ("access-control-allow-methods", METHODS_2022),
        ("access-control-allow-headers", allowed),
        ("access-control-max-age", "172800"),
    ] {
        response.headers.push((name.to_owned(), value.to_owned()));
    }
    response
}

/// The headers of each answer, those of faults too.
pub(crate) fn open(settings: &Settings, request: &Request, response: &mut Response) {
    let silent = settings.preflight == Preflight::None && is_preflight(request);
    if settings.no_cors_headers || silent {
        return;
    }
    for name in ["access-control-allow-origin", "access-control-expose-headers"] {
        if !response.headers.iter().any(|(known, _)| known == name) {
            response.headers.push((name.to_owned(), "*".to_owned()));
        }
    }
}
