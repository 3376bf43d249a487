//! What servers make of a secret that they echo: each encoding that redaction promises to know, written anew here.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use std::fmt::Write as _;

/// What became of a secret first.
const INNER: [Layer; 7] =
    [raw, percent_upper, percent_lower, json_string, base64_whole, base64_url, base64_inside];

/// What became of that, in the next system on the way.
const OUTER: [Layer; 8] = [
    raw,
    percent_upper,
    percent_lower,
    form,
    json_escaped,
    html_decimal,
    html_hexadecimal,
    html_named,
];

/// A text as it stands in another one: what is put there, and the part of it that must not be seen.
type Layer = fn(&str) -> (String, String);

/// A secret in two layers of encoding: what stands in the body, and what must not be shown. None where nothing is
/// promised: of base64 in which a short text could be found in ordinary words.
pub(crate) fn echoed(secret: &str, choice: u8) -> Option<(String, String)> {
    let inner = usize::from(choice) % INNER.len();
    if inner > 3 && secret.len() < 9 {
        return None;
    }
    let (text, seen) = INNER[inner](secret);
    let outer = OUTER[usize::from(choice) / INNER.len() % OUTER.len()];
    Some((outer(&text).0, outer(&seen).0))
}

fn same(text: String) -> (String, String) {
    (text.clone(), text)
}

fn raw(text: &str) -> (String, String) {
    same(text.to_owned())
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

fn percent(text: &str, escape: fn(u8) -> String) -> (String, String) {
    let bytes = text.bytes();
    same(
        bytes
            .map(|byte| if is_unreserved(byte) { char::from(byte).into() } else { escape(byte) })
            .collect(),
    )
}

fn percent_upper(text: &str) -> (String, String) {
    percent(text, |byte| format!("%{byte:02X}"))
}

fn percent_lower(text: &str) -> (String, String) {
    percent(text, |byte| format!("%{byte:02x}"))
}

/// As HTML forms are sent: a blank is a plus.
fn form(text: &str) -> (String, String) {
    same(percent_upper(text).0.replace("%20", "+"))
}

/// The inside of a JSON string.
fn json_string(text: &str) -> (String, String) {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if u32::from(control) < 0x20 => {
                write!(out, "\\u{:04x}", u32::from(control)).expect("a text takes everything");
            }
            other => out.push(other),
        }
    }
    same(out)
}

/// All but letters and digits by number, as careful servers write them.
fn json_escaped(text: &str) -> (String, String) {
    let mut out = String::new();
    for character in text.chars() {
        if character.is_ascii_alphanumeric() {
            out.push(character);
            continue;
        }
        let mut buffer = [0; 2];
        for unit in character.encode_utf16(&mut buffer) {
            write!(out, "\\u{unit:04X}").expect("a text takes everything");
        }
    }
    same(out)
}

fn html(text: &str, escape: fn(char) -> String) -> (String, String) {
    let characters = text.chars();
    same(
        characters
            .map(|character| match character {
                'a'..='z' | 'A'..='Z' | '0'..='9' => character.into(),
                other => escape(other),
            })
            .collect(),
    )
}

fn html_decimal(text: &str) -> (String, String) {
    html(text, |character| format!("&#{};", u32::from(character)))
}

fn html_hexadecimal(text: &str) -> (String, String) {
    html(text, |character| format!("&#x{:x};", u32::from(character)))
}

fn html_named(text: &str) -> (String, String) {
    html(text, |character| match character {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        '\'' => "&apos;".to_owned(),
        other => other.to_string(),
    })
}

fn base64_whole(text: &str) -> (String, String) {
    let whole = STANDARD.encode(text);
    // The padding says nothing.
    let seen = whole.trim_end_matches('=').to_owned();
    (whole, seen)
}

fn base64_url(text: &str) -> (String, String) {
    let whole = URL_SAFE.encode(text);
    let seen = whole.trim_end_matches('=').to_owned();
    (whole, seen)
}

/// In the midst of what was encoded with it, as a password is in `Authorization: Basic`.
fn base64_inside(text: &str) -> (String, String) {
    let whole = STANDARD.encode(["app1:", text, "!?"].concat());
    // Signs whose six bits are the secret's own: five bytes stand before it.
    let (first, end) = ((5 * 8_usize).div_ceil(6), (5 + text.len()) * 8 / 6);
    let seen = whole[first..end].to_owned();
    (whole, seen)
}
