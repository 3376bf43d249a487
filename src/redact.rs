//! Takes secrets out of text that came from outside, before anybody is shown it.
//!
//! Two nets, because either has holes: the request's own secrets are found wherever they stand and
//! however they were encoded, and the values of members that hold secrets are taken out by name, also
//! in JSON that was cut in the middle of one.

use crate::json::Json;
use crate::types::{Secret, percent_encode};

/// What stands where a secret stood.
pub const MASK: &str = "•••";

/// Members whose values are secrets, as the two platforms spell them.
const SECRET_MEMBERS: [&str; 8] = [
    "accessToken",
    "refreshToken",
    "verifyCode",
    "psk",
    "secret",
    "Token",
    "DeviceAccessKeySecret",
    "SecurityToken",
];

/// Characters of the excerpt of a body that could not be read.
pub const EXCERPT: usize = 512;

/// Characters of a platform's own description, which may quote what was signed.
pub const DESCRIPTION: usize = 4096;

/// The first `characters` of `text` without secrets.
///
/// Only as much of the text is looked at as can be shown: a page of a megabyte must not hold up a
/// program for its first lines. What the cut may have split is left out, since it would not be found.
pub fn shown(text: &str, secrets: &[Secret], characters: usize) -> String {
    /// Bytes that one byte of a secret may take, encoded twice.
    const LONGEST_ESCAPE: usize = 12;
    let longest = secrets.iter().map(|secret| secret.reveal().len()).max().unwrap_or(0);
    let split = longest * LONGEST_ESCAPE;
    let enough = characters * 4 + split;
    let end = (0..=enough.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    let head = text.get(..end.unwrap_or(0)).unwrap_or_default();

    let clean = without_members(&without(head, secrets));
    let cut = if head.len() < text.len() { split } else { 0 };
    let sure = clean.chars().count().saturating_sub(cut);
    clean.chars().take(sure.min(characters)).collect()
}

/// `text` without the given secrets, in any encoding that a server may echo them in.
pub fn without(text: &str, secrets: &[Secret]) -> String {
    let mut found: Vec<String> = Vec::new();
    for secret in secrets.iter().map(Secret::reveal).filter(|secret| !secret.is_empty()) {
        let mut encoded = String::new();
        percent_encode(&mut encoded, secret);
        let alone = Some(base64(secret.as_bytes())).filter(|text| text.len() >= 6);
        for base64 in base64_forms(secret.as_bytes()).chain(alone) {
            found.push(base64.replace('+', "-").replace('/', "_"));
            found.push(base64);
        }
        let mut quoted = String::new();
        Json::from(secret).write(&mut quoted);
        found.extend(quoted.strip_prefix('"').and_then(|q| q.strip_suffix('"')).map(str::to_owned));
        // Each of these is looked for encoded once more, which finds what was encoded twice.
        found.push(lower_case_escapes(&encoded));
        found.push(encoded);
        found.push(secret.to_owned());
    }
    let mut out = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        // The shortest rest: of two secrets of which one begins the other, the whole must go.
        let after =
            found.iter().filter_map(|secret| strip_encoded(rest, secret)).min_by_key(|t| t.len());
        if let Some(after) = after {
            out.push_str(MASK);
            rest = after;
            continue;
        }
        let mut characters = rest.chars();
        out.extend(characters.next());
        rest = characters.as_str();
    }
    out
}

/// What follows `secret` in `text`, if `text` begins with it, in whatever mixture of encodings.
fn strip_encoded<'a>(text: &'a str, secret: &str) -> Option<&'a str> {
    if let Some(rest) = text.strip_prefix(secret) {
        return Some(rest);
    }
    secret.chars().try_fold(text, strip_character)
}

/// Strips one character: percent-encoded, as a form's plus, as a JSON or as an HTML escape, or as it
/// is; in this order, since an escape sign stands for itself only where it begins no escape.
fn strip_character(text: &str, character: char) -> Option<&str> {
    let escaped = match text.bytes().next()? {
        b'%' => strip_percent(text, character),
        b'\\' => strip_json_escape(text.strip_prefix('\\')?, character),
        b'&' => strip_html_escape(text.strip_prefix('&')?, character),
        b'+' if character == ' ' => text.strip_prefix('+'),
        _ => None,
    };
    escaped.or_else(|| text.strip_prefix(character))
}

fn strip_percent(text: &str, character: char) -> Option<&str> {
    let mut buffer = [0; 4];
    character
        .encode_utf8(&mut buffer)
        .bytes()
        .try_fold(text, |rest, byte| strip_hex(rest.strip_prefix('%')?, u32::from(byte), 2))
}

/// Percent-encoded text with the digits of its escapes in lower case, as some servers write them.
fn lower_case_escapes(encoded: &str) -> String {
    let mut out = String::new();
    let mut digits = 0;
    for character in encoded.chars() {
        out.push(if digits > 0 { character.to_ascii_lowercase() } else { character });
        digits = if character == '%' { 2_u8 } else { digits.saturating_sub(1) };
    }
    out
}

fn strip_json_escape(text: &str, character: char) -> Option<&str> {
    if let Some(rest) = text.strip_prefix(character)
        && matches!(character, '"' | '\\' | '/')
    {
        return Some(rest);
    }
    let mut buffer = [0; 2];
    let mut rest = text;
    for (index, unit) in character.encode_utf16(&mut buffer).iter().enumerate() {
        if index > 0 {
            rest = rest.strip_prefix('\\')?;
        }
        rest = strip_hex(rest.strip_prefix('u')?, u32::from(*unit), 4)?;
    }
    Some(rest)
}

fn strip_html_escape(text: &str, character: char) -> Option<&str> {
    let name = match character {
        '&' => "amp;",
        '<' => "lt;",
        '>' => "gt;",
        '"' => "quot;",
        '\'' => "apos;",
        _ => "#",
    };
    if name != "#" && text.starts_with(name) {
        return text.strip_prefix(name);
    }
    let number = text.strip_prefix('#')?;
    // No further than the largest character is long, `&#x0010FFFF;`.
    let end = number.bytes().take(10).position(|byte| byte == b';')?;
    let (digits, rest) = (number.get(..end)?, number.get(end + 1..)?);
    let code = match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => digits.parse(),
    };
    (code.ok()? == u32::from(character)).then_some(rest)
}

/// Strips `digits` hexadecimal digits that say `expected`.
fn strip_hex(text: &str, expected: u32, digits: usize) -> Option<&str> {
    let (hex, rest) = text.split_at_checked(digits)?;
    (u32::from_str_radix(hex, 16).ok()? == expected).then_some(rest)
}

/// `text` without the values of members that hold secrets: `"psk":"…"`, `psk=…`, `<Token>…<`.
fn without_members(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    let mut word_goes_on = false;
    while let Some(first) = rest.chars().next() {
        let name = SECRET_MEMBERS
            .iter()
            .filter(|_| !word_goes_on)
            .find_map(|name| rest.strip_prefix(name).map(|after| (*name, after)));
        if let Some((name, after)) = name
            && let Some(value) = Value::after_name(after)
        {
            out.push_str(name);
            out.push_str(value.introduction);
            out.push_str(MASK);
            rest = value.rest;
            word_goes_on = false;
            continue;
        }
        // A slash: the closing tag of XML introduces nothing.
        word_goes_on = first.is_ascii_alphanumeric() || first == '/';
        out.push(first);
        rest = rest.get(first.len_utf8()..).unwrap_or_default();
    }
    out
}

/// A value that follows a member's name.
struct Value<'a> {
    /// What stands between name and value, such as `":"`.
    introduction: &'a str,
    /// What follows the value, its closing quote included; nothing where the text was cut in it.
    rest: &'a str,
}

impl<'a> Value<'a> {
    fn after_name(after: &'a str) -> Option<Self> {
        let (_, rest) = split_quote(after);
        let rest = rest.trim_start();
        let sign = rest.chars().next().filter(|sign| matches!(sign, ':' | '=' | '>'))?;
        let rest = rest.strip_prefix(sign)?.trim_start();
        let (quote, value) = split_quote(rest);
        let (introduction, value) = after.split_at_checked(after.len() - value.len())?;
        let end = match quote {
            Some(quote) => end_of_quoted(value, quote),
            None if value.starts_with(['[', '{']) => end_of_nested(value),
            None if sign == '>' => value.find('<'),
            None => value.find(|c: char| c.is_whitespace() || ",}]<&\"'".contains(c)),
        };
        Some(Self { introduction, rest: end.and_then(|end| value.get(end..)).unwrap_or_default() })
    }
}

/// A quotation mark, and how many backslashes stand before it where JSON stands inside a JSON string.
type Quote = (char, usize);

fn split_quote(text: &str) -> (Option<Quote>, &str) {
    let unescaped = text.trim_start_matches('\\');
    match unescaped.chars().next() {
        Some(mark @ ('"' | '\'')) => {
            let escapes = text.len() - unescaped.len();
            (Some((mark, escapes)), unescaped.strip_prefix(mark).unwrap_or_default())
        }
        _ => (None, text),
    }
}

/// Where a quoted value ends: at a mark of its own kind that is escaped as its opening one was, its
/// escapes included. Each further level of escaping doubles the backslashes and adds one.
fn end_of_quoted(value: &str, (mark, escapes): Quote) -> Option<usize> {
    let mut backslashes = 0;
    for (at, character) in value.char_indices() {
        if character == mark && backslashes % (2 * (escapes + 1)) == escapes {
            return Some(at - escapes);
        }
        backslashes = if character == '\\' { backslashes + 1 } else { 0 };
    }
    None
}

/// Where an array or an object ends.
fn end_of_nested(value: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, character) in value.char_indices() {
        match character {
            '[' | '{' => depth += 1,
            ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return Some(at + character.len_utf8());
        }
    }
    None
}

/// How `bytes` look inside of base64, wherever in the encoded text they begin: what depends on their
/// neighbours is left out. Forms of fewer than six characters would be found in ordinary words.
fn base64_forms(bytes: &[u8]) -> impl Iterator<Item = String> + '_ {
    (0..3_usize).filter_map(move |before| {
        let mut padded = vec![0; before];
        padded.extend(bytes);
        let whole = padded.len() / 3 * 4 + [0, 1, 2].get(padded.len() % 3).copied().unwrap_or(0);
        let skipped = [0, 2, 3].get(before).copied().unwrap_or(0);
        let text: String = base64(&padded).chars().take(whole).skip(skipped).collect();
        (text.len() >= 6).then_some(text)
    })
}

/// Standard base64 without padding; small, because it serves the error path alone.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for (index, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            if index <= chunk.len() {
                let letter = usize::try_from(bits >> shift & 63).unwrap_or_default();
                out.extend(ALPHABET.get(letter).copied().map(char::from));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cleaned(text: &str, secret: &str) -> String {
        without(text, &[Secret::new(secret.into())])
    }

    #[track_caller]
    fn assert_cleaned(text: &str, secret: &str, expected: &str) {
        assert_eq!(cleaned(text, secret), expected);
    }

    #[test]
    fn a_secret_goes_in_every_encoding_that_a_server_may_echo() {
        let secret = r#"s+e/c=r&t% "é"#;
        for echo in [
            r#"s+e/c=r&t% "é"#,
            "s%2Be%2Fc%3Dr%26t%25%20%22%C3%A9",
            "s%2be%2fc%3dr%26t%25+%22%c3%a9",
            "s%252Be%252Fc%253Dr%2526t%2525%2520%2522%25C3%25A9",
            "s%252be%252fc%253dr%2526t%2525%2520%2522%25c3%25a9",
            r#"s+e\/c=r&t% \"é"#,
            r"s+e/c=r\u0026t% \u0022\u00e9",
            "s+e/c=r&amp;t% &quot;&#233;",
            "s&#x2B;e/c=r&#38;t% &#34;&#xE9;",
        ] {
            assert_cleaned(&format!("<{echo}>"), secret, "<•••>");
        }
        assert_cleaned("cysYQ xx cytlL2M9ciZ0JSAiw6k= y", secret, "cysYQ xx •••= y");
        assert_cleaned("<YT8-Yj8_PmN-fn5k>", "a?>b??>c~~~d", "<•••>");
    }

    #[test]
    fn the_longer_of_two_secrets_goes_whole() {
        let secrets = [Secret::new("abc".into()), Secret::new("abcdef".into())];
        assert_eq!(without("abcdef abc", &secrets), "••• •••");
    }

    #[test]
    fn values_of_secret_members_go_by_name_also_where_the_text_is_cut() {
        for (text, expected) in [
            (r#"{"accessToken":"abc","x":1}"#, r#"{"accessToken":"•••","x":1}"#),
            (r#"{"refreshToken" : "ab\"c"}"#, r#"{"refreshToken" : "•••"}"#),
            (r#"{"verifyCode":123456,"x":1}"#, r#"{"verifyCode":•••,"x":1}"#),
            (r#"{"psk":"abcdef"#, r#"{"psk":"•••"#),
            (r#"{\"psk\":\"abc\",\"x\":1}"#, r#"{\"psk\":\"•••\",\"x\":1}"#),
            ("<Token>abc</Token>", "<Token>•••</Token>"),
            ("a=1&Token=abc&b=2", "a=1&Token=•••&b=2"),
            (r#"{"DeviceAccessKeySecret":"DC.abc"}"#, r#"{"DeviceAccessKeySecret":"•••"}"#),
            (r#"{"verifyCode":"o'clock","x":1}"#, r#"{"verifyCode":"•••","x":1}"#),
            (r#"{"verifyCode":"\"o\\c","x":1}"#, r#"{"verifyCode":"•••","x":1}"#),
            (r#"{"verifyCode":"o\\","x":1}"#, r#"{"verifyCode":"•••","x":1}"#),
            (r#"{\"psk\":\"a\\\"b\",\"x\":1}"#, r#"{\"psk\":\"•••\",\"x\":1}"#),
            (r#"{"verifyCode":["a",{"b":1}],"x":1}"#, r#"{"verifyCode":•••,"x":1}"#),
            (r#"{"psk":{"value":"abc"#, r#"{"psk":•••"#),
            ("<Token>a b</Token>", "<Token>•••</Token>"),
        ] {
            assert_eq!(without_members(text), expected);
        }
    }

    #[test]
    fn words_that_only_contain_a_member_name_stay() {
        for text in ["myTokens: 3", "verifyCodes", "the Token is bad", "\"tokenType\":\"bearer\""] {
            assert_eq!(without_members(text), text);
        }
    }

    #[test]
    fn an_excerpt_is_bounded_and_cut_after_the_secrets_went() {
        let body = format!("{}s3cr3t{}", "x".repeat(509), "y".repeat(600));
        let excerpt = shown(&body, &[Secret::new("s3cr3t".into())], EXCERPT);
        assert_eq!(excerpt, format!("{}•••", "x".repeat(509)));
    }

    #[test]
    fn a_page_of_a_mebibyte_is_looked_at_no_longer_than_can_be_shown() {
        let secrets = [Secret::new("s3cr3t".repeat(40))];
        for piece in ["&#", "%", "\\u", "x", "s3cr3t", "psk=", "中"] {
            let page = piece.repeat(1024 * 1024 / piece.len());
            let excerpt = shown(&page, &secrets, EXCERPT);
            assert!(excerpt.chars().count() <= EXCERPT);
        }
    }

    #[test]
    fn a_secret_that_the_cut_splits_is_not_shown_in_part() {
        let secret = "0123456789abcdef".repeat(16);
        let masked = format!("{secret} ").repeat(200);
        let excerpt = shown(&masked, &[Secret::new(secret)], EXCERPT);
        assert!(!excerpt.contains("0123"), "{excerpt}");
    }

    proptest! {
        #[test]
        fn no_secret_survives_as_it_is(
            secret in "[!-~]{4,20}",
            before in ".{0,20}",
            after in ".{0,20}",
        ) {
            prop_assume!(!MASK.contains(&secret));
            let text = [before, secret.clone(), after].concat();
            prop_assert!(!cleaned(&text, &secret).contains(&secret));
        }

        #[test]
        fn text_without_a_secret_stays(text in ".{0,200}") {
            prop_assert_eq!(cleaned(&text, "\u{1}never\u{1}"), text);
        }
    }
}
