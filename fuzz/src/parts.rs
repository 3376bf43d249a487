//! Inputs that people can write: a few bytes that choose, then texts with a separator between them.

use std::borrow::Cow;

use arbitrary::{Arbitrary, Result, Unstructured};

/// Up to 24 of something. A list of `arbitrary`'s own is as likely to end as to go on, and so nearly always short.
pub(crate) fn some<'a, T: Arbitrary<'a>>(input: &mut Unstructured<'a>) -> Result<Vec<T>> {
    up_to(24, input)
}

/// Up to 12.
pub(crate) fn few<'a, T: Arbitrary<'a>>(input: &mut Unstructured<'a>) -> Result<Vec<T>> {
    up_to(12, input)
}

fn up_to<'a, T: Arbitrary<'a>>(most: u8, input: &mut Unstructured<'a>) -> Result<Vec<T>> {
    let count = input.int_in_range(0..=most)?;
    (0..count).map(|_| T::arbitrary(input)).collect()
}

/// Between two texts: ASCII's record separator, which JSON has nowhere.
pub(crate) const SEPARATOR: u8 = 0x1e;

/// An input, taken apart from its front.
pub(crate) struct Parts<'a> {
    choices: &'a [u8],
    rest: Option<&'a [u8]>,
}

impl<'a> Parts<'a> {
    /// An input that begins with so many choices.
    pub(crate) fn new(data: &'a [u8], choices: usize) -> Option<Self> {
        let (choices, rest) = data.split_at_checked(choices)?;
        Some(Self { choices, rest: Some(rest) })
    }

    /// The next choice.
    pub(crate) fn choice(&mut self) -> u8 {
        let (first, rest) = self.choices.split_first().expect("as many as were announced");
        self.choices = rest;
        *first
    }

    /// One of these, by the next choice.
    pub(crate) fn one_of<T: Copy>(&mut self, among: &[T]) -> T {
        among[usize::from(self.choice()) % among.len()]
    }

    /// The next text, as lossy as a decoder of UTF-8 is; empty where there is none.
    pub(crate) fn text(&mut self) -> Cow<'a, str> {
        String::from_utf8_lossy(self.bytes())
    }

    /// The next part.
    pub(crate) fn bytes(&mut self) -> &'a [u8] {
        let Some(rest) = self.rest else { return b"" };
        match rest.iter().position(|byte| *byte == SEPARATOR) {
            Some(at) => {
                self.rest = Some(&rest[at + 1..]);
                &rest[..at]
            }
            None => self.rest.take().unwrap_or_default(),
        }
    }

    /// All that is left, separators included.
    pub(crate) fn remainder(&mut self) -> &'a [u8] {
        self.rest.take().unwrap_or_default()
    }

    /// Whether there is no further part.
    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_none()
    }
}
