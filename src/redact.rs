//! Takes secrets out of text that came from outside, before anybody is shown it.
//!
//! Two nets, because either has holes: the request's own secrets are found wherever they stand and
//! however they were encoded, and the values of members that hold secrets are taken out by name, also
//! in JSON that was cut in the middle of one.

use crate::json::Json;
use crate::text;
use crate::types::{Secret, percent_encode_in};

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
    let head = text.get(..text.floor_char_boundary(enough)).unwrap_or_default();

    let forms = forms_of(secrets);
    let ways = ways_of(&forms);
    // Members first: a short secret may be one of the signs that they are found by.
    let clean = without_ways(&without_members(head, &ways), &ways);
    // Bytes, as above: a third as many characters of a page in Chinese.
    let cut = if head.len() < text.len() { split } else { 0 };
    let sure = clean.floor_char_boundary(clean.len().saturating_sub(cut));
    text::first(clean.get(..sure).unwrap_or_default(), characters).to_owned()
}

/// `text` without the given secrets, in any encoding that a server may echo them in.
pub fn without(text: &str, secrets: &[Secret]) -> String {
    without_ways(text, &ways_of(&forms_of(secrets)))
}

/// What a secret became, and which [`sign`]s in it stand for themselves.
type Way<'a> = (&'a str, u8);

/// All that the secrets may have become.
fn forms_of(secrets: &[Secret]) -> Vec<String> {
    let mut forms = Vec::new();
    for secret in secrets.iter().map(Secret::reveal).filter(|secret| !secret.is_empty()) {
        add_forms(&mut forms, secret);
    }
    forms
}

fn ways_of(forms: &[String]) -> Vec<Way<'_>> {
    let mut ways = Vec::new();
    for form in forms {
        let has = form.chars().fold(0, |has, character| has | sign(character));
        for plain in 0..8 {
            if plain & !has == 0 {
                ways.push((form.as_str(), plain));
            }
        }
    }
    ways
}

/// The signs that escapes begin with, a bit for each. A secret may have them in it, and not every server escapes
/// them: in HTML a backslash stands for itself, whatever follows it.
const fn sign(character: char) -> u8 {
    match character {
        '%' => 1,
        '\\' => 2,
        '&' => 4,
        _ => 0,
    }
}

fn without_ways(text: &str, ways: &[Way<'_>]) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some(after) = strip_secret(rest, ways) {
            out.push_str(MASK);
            rest = after;
        } else {
            out.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
    }
    out
}

/// What follows the secret that `text` begins with: the shortest rest, since of two secrets of which one begins the
/// other, the whole must go.
#[inline(never)]
fn strip_secret<'a>(text: &'a str, ways: &[Way<'_>]) -> Option<&'a str> {
    let mut shortest = None;
    let first = text.chars().next()?;
    // A sign that begins no encoded character is the secret's own: nearly all of a text is passed over by this.
    let may_encode = sign(first) != 0 || first == '+';
    for (secret, plain) in ways {
        if !may_encode && !secret.starts_with(first) {
            continue;
        }
        if let Some(after) = strip_encoded(text, secret, *plain)
            && shortest.is_none_or(|known: &str| after.len() < known.len())
        {
            shortest = Some(after);
        }
    }
    shortest
}

/// Adds what `secret` may have become; each is looked for encoded once more, which finds what was
/// encoded twice.
fn add_forms(found: &mut Vec<String>, secret: &str) {
    let mut padded = secret.to_owned();
    let whole = text::base64(padded.as_bytes());
    add_base64(found, whole.get(..(padded.len() * 4).div_ceil(3)));
    // Inside of base64 it begins anywhere, and what depends on its neighbours is left out.
    for before in 0..3_usize {
        let inside = (before * 4).div_ceil(3)..padded.len() * 4 / 3;
        add_base64(found, text::base64(padded.as_bytes()).get(inside));
        padded = ["\0", &padded].concat();
    }
    let mut quoted = String::new();
    Json::from(secret).write(&mut quoted);
    found.push(quoted.get(1..quoted.len() - 1).unwrap_or_default().to_owned());

    // Some servers write the digits of escapes in lower case.
    for digits in [b"0123456789abcdef", b"0123456789ABCDEF"] {
        let mut encoded = String::new();
        percent_encode_in(&mut encoded, secret, digits);
        found.push(encoded);
    }
    found.push(secret.to_owned());
}

/// Adds base64, in its alphabet for addresses too; one of fewer than six characters would be found in
/// ordinary words.
fn add_base64(found: &mut Vec<String>, base64: Option<&str>) {
    if let Some(base64) = base64.filter(|base64| base64.len() >= 6) {
        found.push(text::replaced(&text::replaced(base64, "+", "-"), "/", "_"));
        found.push(base64.to_owned());
    }
}

/// What follows `secret` in `text`, if `text` begins with it, in whatever mixture of encodings but those
/// whose signs are `plain`. The beginning of a long one is enough: it is as good as the whole, and a text
/// that repeats it over and over must not be compared with all of it at each character.
fn strip_encoded<'a>(text: &'a str, secret: &str, plain: u8) -> Option<&'a str> {
    const ENOUGH: usize = 64;
    if let Some(rest) = text.strip_prefix(secret) {
        return Some(rest);
    }
    let (mut rest, mut same) = (text, 0);
    for character in secret.chars() {
        let Some(after) = strip_character(rest, character, plain) else {
            return (same >= ENOUGH).then_some(rest);
        };
        rest = after;
        same += 1;
    }
    Some(rest)
}

/// Strips one character: percent-encoded, as a form's plus, as a JSON or as an HTML escape, or as it
/// is; in this order, since an escape sign stands for itself only where it begins no escape.
fn strip_character(text: &str, character: char, plain: u8) -> Option<&str> {
    let mut rest = text.chars();
    let first = rest.next()?;
    let rest = rest.as_str();
    let escaped = match first {
        first if sign(first) & plain != 0 => None,
        '%' => strip_percent(text, character),
        '\\' => strip_json_escape(rest, character),
        '&' => strip_html_escape(rest, character),
        '+' if character == ' ' => Some(rest),
        _ => None,
    };
    escaped.or_else(|| (first == character).then_some(rest))
}

fn strip_percent(text: &str, character: char) -> Option<&str> {
    let mut buffer = [0; 4];
    let bytes = character.encode_utf8(&mut buffer).bytes();
    bytes.into_iter().try_fold(text, |rest, byte| strip_hex(rest, "%", u32::from(byte), 2))
}

fn strip_json_escape(text: &str, character: char) -> Option<&str> {
    let mut rest = text;
    if matches!(character, '"' | '\\' | '/')
        && let Some(rest) = text.strip_prefix(character)
    {
        return Some(rest);
    }
    let mut buffer = [0; 2];
    let mut sign = "u";
    for unit in character.encode_utf16(&mut buffer) {
        rest = strip_hex(rest, sign, u32::from(*unit), 4)?;
        sign = "\\u";
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
    let rest = text.strip_prefix(name);
    if name != "#" && rest.is_some() {
        return rest;
    }
    let number = text.strip_prefix('#')?;
    // No further than the largest character is long, `&#x0010FFFF;`.
    let end = number.bytes().take(10).position(|byte| byte == b';')?;
    let (digits, rest) = (number.get(..end)?, number.get(end + 1..)?);
    let code = match digits.as_bytes().first()? {
        b'x' | b'X' => value_of(digits.get(1..)?, 16),
        _ => value_of(digits, 10),
    };
    (code? == u32::from(character)).then_some(rest)
}

/// Strips `sign` and `digits` hexadecimal digits that say `expected`.
fn strip_hex<'a>(text: &'a str, sign: &str, expected: u32, digits: usize) -> Option<&'a str> {
    let (hex, rest) = text.strip_prefix(sign)?.split_at_checked(digits)?;
    (value_of(hex, 16)? == expected).then_some(rest)
}

/// The number that at most nine digits say.
fn value_of(digits: &str, radix: u32) -> Option<u32> {
    let mut value = 0_u32;
    for digit in digits.chars() {
        value = value.wrapping_mul(radix).wrapping_add(digit.to_digit(radix)?);
    }
    (!digits.is_empty()).then_some(value)
}

/// `text` without the values of members that hold secrets: `"psk":"…"`, `psk=…`, `<Token>…<`.
fn without_members(text: &str, ways: &[Way<'_>]) -> String {
    let mut out = String::new();
    let mut rest = text;
    let mut word_goes_on = false;
    while let Some(first) = rest.chars().next() {
        let name = SECRET_MEMBERS.iter().find(|name| !word_goes_on && rest.starts_with(**name));
        if let Some(name) = name
            && let Some((kept, after)) = split_value(rest, name.len())
        {
            out.push_str(kept);
            out.push_str(MASK);
            rest = past_secrets(rest.get(kept.len()..).unwrap_or_default(), after, ways);
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

/// What follows a member's value, or the secret that begins in it and goes on behind its end: the sign that ends a
/// value may be one of the secret's own.
fn past_secrets<'a>(value: &'a str, after: &'a str, ways: &[Way<'_>]) -> &'a str {
    let (mut rest, mut end) = (value, after);
    while rest.len() > end.len()
        && let Some(first) = rest.chars().next()
    {
        if let Some(behind) = strip_secret(rest, ways)
            && behind.len() < end.len()
        {
            end = behind;
        }
        rest = rest.get(first.len_utf8()..).unwrap_or_default();
    }
    end
}

/// Splits `text`, which begins with a member's name, around the member's value: up to its opening quote
/// and from its closing one on, or nothing where the text was cut in it.
fn split_value(text: &str, name: usize) -> Option<(&str, &str)> {
    let (_, rest) = split_quote(text.get(name..)?);
    let rest = rest.trim_start();
    let sign = rest.chars().next().filter(|sign| matches!(sign, ':' | '=' | '>'))?;
    let (quote, value) = split_quote(rest.get(1..)?.trim_start());
    let kept = text.get(..text.len() - value.len())?;
    let end = value_end(value, quote, sign);
    Some((kept, end.and_then(|end| value.get(end..)).unwrap_or_default()))
}

/// Where the value ends that begins behind `sign` and an opening quote; none where the text was cut in it.
fn value_end(value: &str, quote: Option<Quote>, sign: char) -> Option<usize> {
    let mut depth = 0_usize;
    let mut backslashes = 0;
    let nested = value.starts_with(['[', '{']);
    for (at, character) in value.char_indices() {
        let end = match quote {
            // At a mark of its own kind that is escaped as its opening one was, its escapes included. Each
            // further level of escaping doubles the backslashes and adds one.
            Some((mark, escapes)) => {
                let ends = character == mark && backslashes % (2 * (escapes + 1)) == escapes;
                backslashes = if character == '\\' { backslashes + 1 } else { 0 };
                ends.then(|| at - escapes)
            }
            None if nested => {
                match character {
                    '[' | '{' => depth += 1,
                    ']' | '}' => depth -= 1,
                    _ => {}
                }
                (depth == 0).then_some(at + 1)
            }
            None if sign == '>' => (character == '<').then_some(at),
            None => {
                let ends = matches!(character, ',' | '}' | ']' | '<' | '&' | '"' | '\'')
                    || character.is_whitespace();
                ends.then_some(at)
            }
        };
        if end.is_some() {
            return end;
        }
    }
    None
}

/// A quotation mark, and how many backslashes stand before it where JSON stands inside a JSON string.
type Quote = (char, usize);

fn split_quote(text: &str) -> (Option<Quote>, &str) {
    let escapes = text.bytes().take_while(|byte| *byte == b'\\').count();
    let mut rest = text.get(escapes..).unwrap_or_default().chars();
    match rest.next() {
        Some(mark @ ('"' | '\'')) => (Some((mark, escapes)), rest.as_str()),
        _ => (None, text),
    }
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
    fn the_beginning_of_a_long_secret_goes_too_and_a_shorter_one_stays() {
        let secret = format!("{}b", "a".repeat(100));
        assert_cleaned(&format!("<{}>", "a".repeat(64)), &secret, "<•••>");
        assert_cleaned(&format!("<{}>", "a".repeat(20)), &secret, &format!("<{}>", "a".repeat(20)));
        // Taken as long as it goes on, so that a text is gone through once.
        assert_cleaned(&"a".repeat(1_000), &secret, &"•••".repeat(10));
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
    fn a_sign_of_an_escape_that_nobody_escaped_hides_no_secret() {
        // JSON in a page of HTML, a percent sign there, and what looks like an entity in JSON.
        assert_cleaned(r"<p\\ss\&quot;&lt;>", r#"p\ss"<"#, "<•••>");
        assert_cleaned("<a%25b&lt;>", "a%25b<", "<•••>");
        assert_cleaned(r"<a&amp;b\u0026>", "a&amp;b&", "<•••>");
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
            assert_eq!(without_members(text, &[]), expected);
        }
    }

    #[test]
    fn words_that_only_contain_a_member_name_stay() {
        for text in ["myTokens: 3", "verifyCodes", "the Token is bad", "\"tokenType\":\"bearer\""] {
            assert_eq!(without_members(text, &[]), text);
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
    fn a_secret_that_is_a_sign_of_json_hides_no_member_from_being_found() {
        for sign in ["\"", ":", "accessToken", "{"] {
            let excerpt =
                shown(r#"{"accessToken":"s3cr3t"}"#, &[Secret::new(sign.into())], EXCERPT);
            assert!(!excerpt.contains("s3cr3t"), "{sign}: {excerpt}");
        }
    }

    #[test]
    fn a_secret_that_goes_on_behind_the_end_of_a_members_value_goes_whole() {
        for (secret, body) in [
            ("s+e/c=r&t%1", "a=1&secret=s+e/c=r&t%1&b=2"),
            ("p ss, w0rd", "<p>psk: p ss, w0rd&b=2</p>"),
            (r#"a"b"#, r#"{"psk":"a"b&b=2"}"#),
        ] {
            let excerpt = shown(body, &[Secret::new(secret.into())], EXCERPT);
            assert!(excerpt.contains("•••&b=2"), "{excerpt}");
        }
    }

    #[test]
    fn an_excerpt_is_as_long_whatever_script_the_page_is_in() {
        for sign in ["x", "é", "中", "😀"] {
            let excerpt = shown(&sign.repeat(9_000), &[Secret::new("t0K".repeat(300))], EXCERPT);
            assert_eq!(excerpt, sign.repeat(EXCERPT));
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
