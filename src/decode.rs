//! Reads answers: what is the same for every platform.

use crate::error::catalogue::{self, Catalogue};
use crate::error::{Error, Refusal, Unreadable};
use crate::fields::Fields;
use crate::json::Json;
use crate::operation::{Answer, answer_fields};
use crate::redact;
use crate::response::{Body, Response};
use crate::text;
use crate::types::Secret;

/// Reads an answer: the result, the platform's refusal if its dialect found one, or why it is neither.
#[inline(never)]
pub fn decoded(
    refusal: Option<Refusal>,
    mut response: Response,
    secrets: &[Secret],
    answer: &Answer,
) -> Result<Json, Error> {
    let mut fields = members(refusal, &mut response, secrets, answer.expected)?;
    answer.read(&mut fields).map_err(|problem| {
        let problem = without_numbers(&problem.sentence(), secrets);
        unreadable(&response, secrets, problem)
    })
}

/// A sentence of ours without the secrets that are long numbers: of a member's value it tells nothing else, and a
/// shorter secret may be one of our words.
fn without_numbers(sentence: &str, secrets: &[Secret]) -> String {
    let mut numbers = Vec::new();
    for secret in secrets {
        let digits = secret.reveal().as_bytes();
        if digits.len() > 7 && digits.iter().all(u8::is_ascii_digit) {
            numbers.push(secret.clone());
        }
    }
    redact::without(sentence, &numbers)
}

/// What a platform refused, with what its catalogue says of it.
///
/// Its own words are shown without the request's secrets, which servers like to echo; a code that the
/// catalogue has to the letter is no echo, however short a secret may be.
pub fn refusal(
    catalogue: &'static Catalogue,
    operation: &str,
    response: &Response,
    code: String,
    description: Option<&str>,
    secrets: &[Secret],
) -> Refusal {
    let entry = catalogue::lookup(catalogue, operation, response.status, &code);
    let known = entry.is_some_and(|entry| entry.is_exactly(&code));
    let code = if known { code } else { redact::shown(&code, secrets, redact::EXCERPT) };
    let description = description.map(|text| redact::shown(text, secrets, redact::DESCRIPTION));
    let mut refusal = Refusal::new(response.status, code, description.unwrap_or_default());
    refusal.entry = entry;
    refusal.retry_after_ms = retry_after_ms(response);
    refusal
}

/// Takes the members out of an answer that is no refusal.
fn members(
    refusal: Option<Refusal>,
    response: &mut Response,
    secrets: &[Secret],
    expected: bool,
) -> Result<Fields, Error> {
    if let Some(refusal) = refusal {
        return Err(Error::Platform(Box::new(refusal)));
    }
    let fields = if response.ok() {
        answer_fields(response, expected)
    } else {
        Err(odd_status(response.status))
    };
    fields.map_err(|problem| unreadable(response, secrets, problem))
}

fn unreadable(response: &Response, secrets: &[Secret], problem: String) -> Error {
    let excerpt = match &response.body {
        Body::Empty => String::new(),
        Body::Json(_, text) | Body::Other(text) | Body::TooLarge(text) => {
            redact::shown(text, secrets, redact::EXCERPT)
        }
    };
    let mut unreadable = Unreadable::new(response.status, problem, excerpt);
    unreadable.retry_after_ms = retry_after_ms(response);
    Error::Decode(Box::new(unreadable))
}

/// How long the server asks to wait: by the header of HTTP, in seconds, or one of the vendors' own.
fn retry_after_ms(response: &Response) -> Option<f64> {
    if let Some(wait) = response.header("x-acs-retry-after").and_then(number) {
        return Some(wait);
    }
    if let Some(seconds) = response.header("retry-after").and_then(number) {
        return Some(seconds * 1000.0);
    }
    // For example `Limit:1,Remain:0,TimeLeft:2000,Reset:1234`, times in milliseconds.
    ["x-ratelimit-user-api", "x-ratelimit-user"].into_iter().find_map(|name| {
        let limits = response.header(name)?;
        part(limits, "TimeLeft").filter(|_| part(limits, "Remain").is_none_or(|left| left < 1.0))
    })
}

/// The number of a part of `limits`.
fn part(limits: &str, wanted: &str) -> Option<f64> {
    let mut rest = limits;
    while !rest.is_empty() {
        let (first, others) = text::split_once(rest, ",").unwrap_or((rest, ""));
        if let Some((name, value)) = text::split_once(first, ":")
            && name.trim() == wanted
        {
            return number(value);
        }
        rest = others;
    }
    None
}

fn number(text: &str) -> Option<f64> {
    text.trim().parse::<u32>().ok().map(f64::from)
}

fn odd_status(status: u16) -> String {
    match status {
        0 | 300..=399 => "a redirect, which is never followed; check the address",
        407 => "a proxy asks for a password",
        100..=199 => "an interim status in the place of an answer",
        400..=499 => "an error without a code; check address and port, or ask who runs the proxy",
        _ => "an error without a code, as proxies and gateways send it",
    }
    .to_owned()
}
