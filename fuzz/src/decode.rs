//! Answers to every operation: whatever comes back is a result or an error, the same each time, and no error shows a
//! secret of the request.
//!
//! An input: operation, status, encoding of the echo and kind of the body; then the secret, the headers (`name: value`,
//! a line each), and the body, in which each unit separator (0x1f) is an echo of the secret.

use northbound::error::{Error, Refusal};
use northbound::json::Json;
use northbound::response::{Body, Response};
use northbound::types::Secret;

use crate::echo::echoed;
use crate::json::written;
use crate::operations::{Operation, Platform, all};
use crate::parts::Parts;

/// Where the secret is echoed.
const ECHO: u8 = 0x1f;

/// Statuses that platforms, gateways and proxies send; 0 is what a browser shows of a redirect.
const STATUSES: [u16; 16] =
    [200, 200, 200, 201, 204, 299, 400, 401, 403, 404, 407, 429, 500, 503, 302, 0];

/// Fails where a promise of `decode` is broken.
pub fn run(data: &[u8]) {
    let Some(mut parts) = Parts::new(data, 4) else { return };
    let operation = parts.one_of(&all());
    let status = parts.one_of(&STATUSES);
    let encoding = parts.choice();
    let is_large = parts.choice() == 0xff;
    let secret = parts.text().into_owned();
    let headers = headers(&parts.text());
    let echo = echoed(&secret, encoding);
    let template = parts.remainder();
    let body = body(template, echo.as_ref().map_or("", |(text, _)| text));
    // The host hands over the beginning of what is too large, and says so.
    let read = if is_large { Body::TooLarge(body.clone()) } else { Body::read(body.clone()) };
    let response = Response::new(status, headers, read);
    let secrets = [Secret::new(secret.clone()), Secret::new("s+e/c=r&t%1".to_owned())];

    let result = operation.decode(&response, &secrets);
    let again = operation.decode(&response, &secrets);
    assert_eq!(told(&result), told(&again), "decoded differently the second time");
    let Err(error) = result else {
        assert!(response.ok(), "success of status {status}");
        assert!(!is_refusal(operation, &response), "a refusal that counts as success: {body}");
        return;
    };
    assert!(matches!(error, Error::Platform(_) | Error::Decode(_)), "{error:?}");
    assert_eq!(matches!(error, Error::Platform(_)), is_refusal(operation, &response), "{body}");
    assert_bounds(&error);
    let mut hidden: Vec<&str> = secrets.iter().map(Secret::reveal).collect();
    hidden.extend(echo.as_ref().map(|(_, seen)| seen.as_str()));
    hidden.retain(|secret| !secret.is_empty() && !"•••".contains(secret) && !secret.contains('•'));
    for secret in hidden {
        assert_hidden(&error, secret);
    }
    assert_no_half(&error, &secret, echo.as_ref().map_or("", |(_, seen)| seen), template);
}

/// Members whose values are hidden by name.
const MEMBERS: [&str; 7] = [
    "accessToken",
    "refreshToken",
    "verifyCode",
    "psk",
    "secret",
    "Token",
    "DeviceAccessKeySecret",
];

/// Nor half of a secret is shown, where the text was cut, or a member's value ended, within it; unless that half stands
/// there by itself. Not promised of a secret with a member's name in it, nor of a long one that repeats its beginning,
/// of which 64 signs are as good as the whole: that it is not shown whole is.
fn assert_no_half(error: &Error, secret: &str, seen: &str, template: &[u8]) {
    let mut rest = secret.chars();
    let first = rest.next().unwrap_or_default();
    let repeats = !first.is_ascii_alphanumeric() || rest.any(|character| character == first);
    if (repeats && secret.len() > 10) || MEMBERS.iter().any(|name| secret.contains(name)) {
        return;
    }
    let apart = String::from_utf8_lossy(template);
    for half in halves(seen).into_iter().flatten() {
        if half.len() > 9 && !apart.contains(half) && !half.contains('•') {
            assert_hidden(error, half);
        }
    }
}

fn halves(text: &str) -> [Option<&str>; 2] {
    let middle = text.len() / 2;
    [text.get(..middle), text.get(middle..)]
}

fn headers(lines: &str) -> Vec<(String, String)> {
    let pairs = lines.lines().filter_map(|line| line.split_once(':'));
    pairs.map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned())).collect()
}

fn body(template: &[u8], echo: &str) -> String {
    let mut bytes = Vec::new();
    for byte in template {
        match *byte {
            ECHO => bytes.extend_from_slice(echo.as_bytes()),
            other => bytes.push(other),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// All that anybody can see of an outcome.
fn told(result: &Result<Json, Error>) -> String {
    match result {
        Ok(json) => written(json),
        Err(error) => format!("{error:?} {error} {:?}", error.code()),
    }
}

/// Whether a body is the platform's refusal, by the rule of its dialect; what is XML is not looked at.
fn is_refusal(operation: Operation, response: &Response) -> bool {
    let Body::Json(body, _) = &response.body else {
        return matches!(operation.decode(response, &[]), Err(Error::Platform(_)));
    };
    let member = |name| body.get(name).filter(|value| !matches!(value, Json::Null));
    match operation.platform {
        Platform::Huawei => member("error_code").or(member("resultcode")).is_some(),
        Platform::Aliyun => match member("Code") {
            Some(Json::Text(code)) => {
                !(response.ok() && ["200", "OK", "success"].contains(&code.as_str()))
            }
            Some(Json::Number(code)) => !(response.ok() && code.to_string() == "200"),
            _ => false,
        },
    }
}

fn assert_bounds(error: &Error) {
    let wait_ms = match error {
        Error::Decode(unreadable) => {
            assert!(unreadable.excerpt.chars().count() <= 512, "the excerpt is too long");
            assert!(!unreadable.problem.is_empty() && unreadable.problem.len() < 300);
            unreadable.retry_after_ms
        }
        Error::Platform(refusal) => {
            for (text, most) in
                [(Some(&refusal.description), 4096), (refusal.request_id.as_ref(), 4096)]
            {
                assert!(text.is_none_or(|text| text.chars().count() <= most), "too long: {text:?}");
            }
            assert!(refusal.code.chars().count() <= 512, "the code is too long");
            refusal.retry_after_ms
        }
        _ => None,
    };
    assert!(wait_ms.is_none_or(|ms| ms.is_finite() && ms >= 0.0), "{wait_ms:?}");
}

/// Whether nothing that came from outside shows a secret. Our own words may contain one that is a word.
fn assert_hidden(error: &Error, secret: &str) {
    for (place, text) in foreign(error) {
        assert!(!text.contains(secret), "`{secret}` is shown in {place}: {text}");
    }
    // Of an answer's values no more than numbers get into our words.
    if secret.len() > 7
        && secret.bytes().all(|byte| byte.is_ascii_digit())
        && secret != "2147483647"
    {
        assert!(!error.to_string().contains(secret), "`{secret}` is shown: {error}");
    }
}

fn foreign(error: &Error) -> Vec<(&'static str, &str)> {
    match error {
        Error::Decode(unreadable) => vec![("excerpt", &unreadable.excerpt)],
        Error::Platform(refusal) => {
            let Refusal { code, description, request_id, entry, .. } = &**refusal;
            let known = entry.is_some_and(|entry| entry.is_exactly(code));
            let mut texts = vec![("description", description.as_str())];
            texts.extend(request_id.as_deref().map(|text| ("requestId", text)));
            texts.extend((!known).then_some(("code", code.as_str())));
            texts
        }
        _ => Vec::new(),
    }
}
