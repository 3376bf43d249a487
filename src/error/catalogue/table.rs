//! How the tables of errors are written down, and what is made of them while compiling.

use super::{Action, Entry, NAMES, Texts};
use crate::text;

/// One documented error as the table of its platform has it. In wasm32, rows exist only while compiling.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    status: u16,
    code: &'static str,
    operations: &'static [&'static str],
    action: Action,
    retryable: bool,
    texts: Texts,
}

impl Row {
    /// Starts a row with what is seen on the wire.
    pub const fn new(status: u16, code: &'static str, message: &'static str) -> Self {
        Self {
            status,
            code,
            operations: &[],
            action: Action::Nothing,
            retryable: false,
            texts: Texts { message, meaning: "", remedy: "" },
        }
    }

    /// The operations that document it.
    #[must_use]
    pub const fn on(mut self, operations: &'static [&'static str]) -> Self {
        self.operations = operations;
        self
    }

    /// Its meaning.
    #[must_use]
    pub const fn means(mut self, meaning: &'static str) -> Self {
        self.texts.meaning = meaning;
        self
    }

    /// The remedy, as a word and as a sentence.
    #[must_use]
    pub const fn remedy(mut self, action: Action, remedy: &'static str) -> Self {
        self.action = action;
        self.texts.remedy = remedy;
        self
    }

    /// Marks it as one that a repeated call can outlive.
    #[must_use]
    pub const fn retryable(mut self) -> Self {
        self.retryable = true;
        self
    }
}

/// The errors of one platform.
///
/// A line of text for each, packed while compiling, since a list of entries would be four times as large:
/// a digit for the status, a letter for the action, which is upper case where the call is worth repeating, a
/// sign for each of the operations, a space and the code.
#[derive(Debug)]
pub struct Catalogue {
    first: u32,
    packed: &'static str,
    #[cfg(not(target_arch = "wasm32"))]
    rows: &'static [Row],
}

impl Catalogue {
    /// The catalogue of `rows`, which `packed` was made of; numbered on from those `before`.
    ///
    /// # Panics
    ///
    /// If it was not; where a catalogue is made while compiling, it does not compile.
    #[cfg_attr(
        target_arch = "wasm32",
        expect(unused_variables, reason = "what is packed suffices")
    )]
    #[expect(clippy::panic, reason = "happens while compiling, or never")]
    pub const fn new(before: &[Row], rows: &'static [Row], packed: &'static [u8]) -> Self {
        let Ok(packed) = str::from_utf8(packed) else { panic!("not packed by `packed`") };
        Self {
            first: count(before),
            packed,
            #[cfg(not(target_arch = "wasm32"))]
            rows,
        }
    }

    /// All of them, in their order.
    pub const fn entries(&'static self) -> Entries {
        Entries { catalogue: self, number: self.first, rest: self.packed }
    }
}

/// The entries of a catalogue.
#[derive(Clone, Debug)]
pub struct Entries {
    #[cfg_attr(target_arch = "wasm32", expect(dead_code, reason = "has the texts elsewhere"))]
    catalogue: &'static Catalogue,
    number: u32,
    rest: &'static str,
}

impl Iterator for Entries {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        let (line, rest) = text::split_once(self.rest, "\n")?;
        let (facts, code) = text::split_once(line, " ")?;
        let [status, action, operations @ ..] = facts.as_bytes() else { return None };
        let number = self.number;
        (self.number, self.rest) = (number + 1, rest);
        Some(Entry {
            number,
            status: *STATUSES.get(usize::from(status - FIRST))?,
            code,
            operations,
            action: *ACTIONS.get(usize::from(action.to_ascii_lowercase() - b'a'))?,
            retryable: action.is_ascii_uppercase(),
            #[cfg(not(target_arch = "wasm32"))]
            texts: {
                let at = usize::try_from(number - self.catalogue.first).ok()?;
                self.catalogue.rows.get(at)?.texts
            },
        })
    }
}

/// The sign for the first of a list.
pub(super) const FIRST: u8 = b'0';

/// The statuses that entries have.
const STATUSES: [u16; 9] = [200, 400, 401, 403, 404, 409, 429, 500, 503];

const ACTIONS: [Action; 7] = [
    Action::ActivateDevice,
    Action::ContactPlatform,
    Action::FixInput,
    Action::LoginAgain,
    Action::Nothing,
    Action::TakeDeviceOffline,
    Action::Wait,
];

/// How long `rows` are when packed.
pub const fn length(mut rows: &[Row]) -> usize {
    let mut length = 0;
    while let [row, following @ ..] = rows {
        length += row.operations.len() + row.code.len() + 4;
        rows = following;
    }
    length
}

/// Packs `rows` into as many bytes as they take.
///
/// # Panics
///
/// Where a status or an operation is none of the known ones; while compiling, it does not compile.
pub const fn packed<const N: usize>(mut rows: &[Row]) -> [u8; N] {
    let mut bytes = [0; N];
    let mut rest: &mut [u8] = &mut bytes;
    while let [row, following @ ..] = rows {
        let action = place_of_action(row.action, &ACTIONS);
        rest = put(rest, FIRST + place_of_status(row.status, &STATUSES));
        rest = put(rest, action + if row.retryable { b'A' } else { b'a' });
        let mut operations = row.operations;
        while let [operation, others @ ..] = operations {
            rest = put(rest, FIRST + place_of_name(operation.as_bytes(), NAMES));
            operations = others;
        }
        rest = put(rest, b' ');
        let mut code = row.code.as_bytes();
        while let [byte, others @ ..] = code {
            rest = put(rest, *byte);
            code = others;
        }
        rest = put(rest, b'\n');
        rows = following;
    }
    bytes
}

#[expect(clippy::panic, reason = "happens while compiling, or never")]
const fn put(bytes: &mut [u8], byte: u8) -> &mut [u8] {
    let [first, rest @ ..] = bytes else { panic!("less room than `length` says") };
    *first = byte;
    rest
}

#[expect(clippy::panic, reason = "happens while compiling, or never")]
const fn place_of_status(status: u16, among: &[u16]) -> u8 {
    match among {
        [first, ..] if *first == status => 0,
        [_, rest @ ..] => 1 + place_of_status(status, rest),
        [] => panic!("a status that STATUSES lacks"),
    }
}

#[expect(clippy::panic, reason = "happens while compiling, or never")]
#[expect(clippy::as_conversions, reason = "compares; `==` is not const")]
const fn place_of_action(action: Action, among: &[Action]) -> u8 {
    match among {
        [first, ..] if *first as u8 == action as u8 => 0,
        [_, rest @ ..] => 1 + place_of_action(action, rest),
        [] => panic!("an action that ACTIONS lacks"),
    }
}

#[expect(clippy::panic, reason = "happens while compiling, or never")]
const fn place_of_name(name: &[u8], among: &[&str]) -> u8 {
    match among {
        [first, ..] if same(first.as_bytes(), name) => 0,
        [_, rest @ ..] => 1 + place_of_name(name, rest),
        [] => panic!("an operation that NAMES lacks"),
    }
}

const fn same(one: &[u8], other: &[u8]) -> bool {
    match (one, other) {
        ([], []) => true,
        ([a, one @ ..], [b, other @ ..]) => *a == *b && same(one, other),
        _ => false,
    }
}

const fn count(rows: &[Row]) -> u32 {
    match rows {
        [_, following @ ..] => 1 + count(following),
        [] => 0,
    }
}

/// A number that changes with any code or text of `rows` and with their order; goes on from `digest`.
///
/// The wasm has it and the module with the texts has it, so that a test can tell that one fits the other.
/// It is FNV-1a of each code and its three texts, each with a line feed behind it.
pub const fn digest(mut digest: u32, mut rows: &[Row]) -> u32 {
    while let [row, following @ ..] = rows {
        let Texts { message, meaning, remedy } = row.texts;
        digest = with_line(with_line(digest, row.code), message);
        digest = with_line(with_line(digest, meaning), remedy);
        rows = following;
    }
    digest
}

/// The digest of no row.
pub const EMPTY: u32 = 0x811c_9dc5;

const fn with_line(mut digest: u32, line: &str) -> u32 {
    let mut bytes = line.as_bytes();
    while let [byte, following @ ..] = bytes {
        digest = with_byte(digest, *byte);
        bytes = following;
    }
    with_byte(digest, b'\n')
}

#[expect(clippy::as_conversions, reason = "widens; `from` is not const")]
const fn with_byte(digest: u32, byte: u8) -> u32 {
    (digest ^ byte as u32).wrapping_mul(0x0100_0193)
}
