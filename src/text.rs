//! What text is handled with, in less code than the standard library's: its searches, sorts, joins and
//! formatting are made for texts of any size, and would be a fifth of the WebAssembly.

/// An integer in decimal digits.
#[inline(never)]
pub fn integer(number: i64) -> String {
    let mut out = String::from(if number < 0 { "-" } else { "" });
    push_digits(&mut out, number.unsigned_abs());
    out
}

/// A number of things in decimal digits.
pub fn count(number: usize) -> String {
    integer(i64::try_from(number).unwrap_or(i64::MAX))
}

/// Appends an integer in decimal digits.
pub fn push_digits(into: &mut String, number: u64) {
    if number > 9 {
        push_digits(into, number / 10);
    }
    push_one_of(into, b"0123456789", number % 10);
}

/// Appends the sign of `alphabet` at `at`.
fn push_one_of(into: &mut String, alphabet: &[u8], at: u64) {
    let sign = usize::try_from(at).ok().and_then(|at| alphabet.get(at));
    into.push(char::from(sign.copied().unwrap_or_default()));
}

/// The characters of `text`.
pub fn characters(text: &str) -> usize {
    text.bytes().filter(|byte| !is_inside(*byte)).count()
}

/// The first `characters` of `text`.
pub fn first(text: &str, characters: usize) -> &str {
    let mut left = characters;
    let mut starts = |byte: u8| {
        let starts = !is_inside(byte);
        let over = starts && left == 0;
        left -= usize::from(starts && !over);
        over
    };
    let end = text.bytes().position(&mut starts).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// Whether a byte goes on with a character that began before it.
const fn is_inside(byte: u8) -> bool {
    byte & 0xc0 == 0x80
}

/// The parts with `separator` between them.
#[inline(never)]
pub fn joined<T: AsRef<str>>(parts: &[T], separator: &str) -> String {
    let mut out = String::new();
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            out.push_str(separator);
        }
        out.push_str(part.as_ref());
    }
    out
}

/// What stands before and after the first `wanted` of `text`.
pub fn split_once<'a>(text: &'a str, wanted: &str) -> Option<(&'a str, &'a str)> {
    let at = (0..text.len()).find(|at| {
        text.as_bytes().get(*at..).is_some_and(|rest| rest.starts_with(wanted.as_bytes()))
    })?;
    Some((text.get(..at)?, text.get(at + wanted.len()..)?))
}

/// What stands before the first byte that `ends` likes, and the rest from there on. Where that byte is
/// inside of a character, all of the text stands before it.
#[inline]
pub fn split_where(text: &str, ends: impl Fn(u8) -> bool) -> (&str, &str) {
    let at = text.bytes().position(ends).unwrap_or(text.len());
    text.split_at_checked(at).unwrap_or((text, ""))
}

/// `text` with `new` for every `old`.
pub fn replaced(text: &str, old: &str, new: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = split_once(rest, old) {
        out.push_str(before);
        out.push_str(new);
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Sorts; made for the few items that a request has.
pub fn sort<T: PartialOrd>(items: &mut [T]) {
    for end in 1..items.len() {
        for at in (1..=end).rev() {
            let Some([.., before, here]) = items.get_mut(..=at) else { break };
            if *before <= *here {
                break;
            }
            std::mem::swap(before, here);
        }
    }
}

/// Bytes in lower-case hexadecimal digits.
#[inline(never)]
pub fn hex(bytes: &[u8]) -> String {
    let mut out = vec![0; 2 * bytes.len()];
    for (pair, byte) in out.as_chunks_mut().0.iter_mut().zip(bytes) {
        *pair = hex_pair(*byte, b"0123456789abcdef");
    }
    String::from_utf8(out).unwrap_or_default()
}

/// A byte in two of the `digits`.
pub fn hex_pair(byte: u8, digits: &[u8; 16]) -> [u8; 2] {
    let digit = |at: u8| digits.get(usize::from(at)).copied().unwrap_or_default();
    [digit(byte >> 4), digit(byte & 15)]
}

/// Bytes in standard base64, padded.
pub fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u64::from(chunk.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for (index, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            if index <= chunk.len() {
                push_one_of(&mut out, ALPHABET, bits >> shift & 63);
            } else {
                out.push('=');
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn assert_split(text: &str, wanted: &str, expected: Option<(&str, &str)>) {
        assert_eq!(split_once(text, wanted), expected);
    }

    proptest! {
        #[test]
        fn integers_are_written_as_the_standard_library_writes_them(number in any::<i64>()) {
            prop_assert_eq!(integer(number), number.to_string());
        }

        #[test]
        fn characters_are_counted_and_cut_as_the_standard_library_does(
            text in ".{0,20}",
            length in 0_usize..25,
        ) {
            prop_assert_eq!(characters(&text), text.chars().count());
            prop_assert_eq!(first(&text, length), text.chars().take(length).collect::<String>());
        }

        #[test]
        fn searches_find_what_the_standard_library_finds(text in "[ab中]{0,12}", wanted in "[ab中]{1,3}") {
            prop_assert_eq!(split_once(&text, &wanted), text.split_once(&wanted));
            prop_assert_eq!(replaced(&text, &wanted, "x"), text.replace(&wanted, "x"));
        }

        #[test]
        fn sorted_is_sorted_by_the_first_and_then_by_the_second(
            pairs in prop::collection::vec(("[ab]{0,2}", "[ab]{0,2}"), 0..12),
        ) {
            let mut ours = pairs.clone();
            sort(&mut ours);
            let mut theirs = pairs;
            theirs.sort();
            prop_assert_eq!(ours, theirs);
        }

        #[test]
        fn hexadecimal_digits_read_back_the_same(bytes in prop::collection::vec(any::<u8>(), 0..20)) {
            let text = hex(&bytes);
            let pairs = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
            let back: Vec<u8> = pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect();
            prop_assert_eq!(&back, &bytes);
            prop_assert_eq!(text.to_ascii_lowercase(), text);
        }
    }

    #[test]
    fn the_ends_of_the_integers_are_written() {
        for number in [0, i64::MIN, i64::MAX, -1, 10] {
            assert_eq!(integer(number), number.to_string());
        }
        assert_eq!(count(usize::MAX), i64::MAX.to_string());
    }

    #[test]
    fn a_text_is_split_at_the_first_of_what_is_wanted() {
        assert_split("a, b, c", ", ", Some(("a", "b, c")));
        assert_split("a,", ",", Some(("a", "")));
        assert_split(",a", ",", Some(("", "a")));
        assert_split("a", "ab", None);
        assert_split("", ",", None);
    }

    #[test]
    fn texts_are_joined_by_what_stands_between_them() {
        assert_eq!(joined::<&str>(&[], ","), "");
        assert_eq!(joined(&["", "a"], ","), ",a");
        assert_eq!(joined(&["a".to_owned(), "b".to_owned()], ", "), "a, b");
    }

    #[test]
    fn base64_is_that_of_rfc_4648() {
        for (bytes, expected) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(bytes.as_bytes()), expected);
        }
        assert_eq!(base64(&[0xfb, 0xef, 0xff]), "++//");
    }
}
