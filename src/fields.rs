//! Reads the members of an object one by one and says exactly which of them is wrong.
//!
//! Serves both directions: what a caller passes in, and what a platform answers.

use std::ops::{Deref, RangeInclusive};

use crate::json::{Json, number_text};
use crate::text;
use crate::types::Secret;

/// The largest integer that the platforms accept, and the largest time a JavaScript timer takes.
pub const MAX_INTEGER: u32 = 2_147_483_647;

/// What is wrong with one member.
///
/// Behind a pointer, so that results which hardly ever carry one stay small.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem(Box<WrongMember>);

/// What a [`Problem`] tells.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WrongMember {
    /// The member with its place, for example `input.timeout`.
    pub member: String,
    /// What was there and what was expected, to be read after the member's name.
    pub text: String,
}

impl Deref for Problem {
    type Target = WrongMember;

    fn deref(&self) -> &WrongMember {
        &self.0
    }
}

impl Problem {
    /// A problem of the member at `member`.
    #[inline(never)]
    pub fn new(member: &str, text: &str) -> Self {
        Self(Box::new(WrongMember { member: member.to_owned(), text: text.to_owned() }))
    }

    /// Both parts as one fragment of a sentence.
    pub fn sentence(&self) -> String {
        ["`", &self.member, "` ", &self.text].concat()
    }
}

/// Says what is wrong with a text, beyond its length, in words to be read after the member's name.
pub type Check = fn(&str) -> Option<&'static str>;

/// Finds nothing wrong.
pub const fn anything(_text: &str) -> Option<&'static str> {
    None
}

/// Reads a member in a way of its own: the value, nothing, or what is wrong.
pub type Reader = fn(&mut Member<'_>) -> Result<Option<Json>, Problem>;

/// What a member has to be.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Kind {
    /// `true` or `false`.
    Boolean,
    /// A whole number between two others.
    Integer(u32, u32),
    /// A number of which this function says that it is good; else, or where there is none, this is
    /// what is wrong.
    Number(fn(f64) -> bool, &'static str),
    /// An object, whatever is in it.
    Object,
    /// What this function takes.
    Own(Reader),
    /// A text whose number of characters lies between two others, and that passes a check.
    Text(u32, u32, Check),
    /// One of a few words.
    Word(&'static [&'static str]),
}

impl Kind {
    /// An integer of `range`.
    pub const fn integer(range: RangeInclusive<u32>) -> Self {
        Self::Integer(*range.start(), *range.end())
    }

    /// A text whose number of characters lies in `length`.
    pub const fn text(length: RangeInclusive<u32>) -> Self {
        Self::checked(length, anything)
    }

    /// As [`Kind::text`], if `check` finds nothing wrong with it.
    pub const fn checked(length: RangeInclusive<u32>, check: Check) -> Self {
        Self::Text(*length.start(), *length.end(), check)
    }

    const fn expected(&self) -> &'static str {
        match self {
            Self::Boolean => "a boolean",
            Self::Integer(..) => "an integer",
            Self::Number(..) => "a number",
            Self::Object => "an object",
            Self::Own(_) => "a value",
            Self::Text(..) | Self::Word(_) => "a string",
        }
    }
}

/// One member that an object has, and what it has to be.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    name: &'static str,
    kind: Kind,
    presence: Presence,
}

/// Whether a member has to be there.
#[derive(Clone, Copy, Debug)]
enum Presence {
    /// It is read elsewhere.
    Elsewhere,
    /// It has to.
    Needed,
    /// It may be null or absent.
    Nullable,
    /// It may be absent.
    Optional,
    /// It may be null or absent, and is null then.
    OrNull,
}

impl Row {
    /// A member that has to be there, unless its kind decides that in a way of its own.
    pub const fn new(name: &'static str, kind: Kind) -> Self {
        let presence = match kind {
            Kind::Number(..) | Kind::Own(_) => Presence::Optional,
            Kind::Boolean | Kind::Integer(..) | Kind::Object | Kind::Text(..) | Kind::Word(_) => {
                Presence::Needed
            }
        };
        Self { name, kind, presence }
    }

    /// A member that may be there and is read elsewhere.
    pub const fn elsewhere(name: &'static str) -> Self {
        Self { name, kind: Kind::Object, presence: Presence::Elsewhere }
    }

    /// The same, which may be absent.
    #[must_use]
    pub const fn optional(self) -> Self {
        Self { presence: Presence::Optional, ..self }
    }

    /// The same, which may be null or absent.
    #[must_use]
    pub const fn nullable(self) -> Self {
        Self { presence: Presence::Nullable, ..self }
    }

    /// The same, which may be null or absent, and is null then.
    #[must_use]
    pub const fn or_null(self) -> Self {
        Self { presence: Presence::OrNull, ..self }
    }

    /// Its name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Takes its value out of an object.
    pub fn read(&self, fields: &mut Fields) -> Result<Option<Json>, Problem> {
        if matches!(self.presence, Presence::Elsewhere) {
            fields.asked.push(self.name);
            return Ok(None);
        }
        let mut member = fields.member(self.name);
        if matches!(self.presence, Presence::Nullable | Presence::OrNull) {
            member.drop_null();
        }
        if matches!(self.presence, Presence::Needed) {
            return member.needed(&self.kind);
        }
        let value = member.maybe(&self.kind)?;
        let is_null = value.is_none() && matches!(self.presence, Presence::OrNull);
        Ok(if is_null { Some(Json::Null) } else { value })
    }
}

/// What was read by a table, to be taken in its order; members that are read elsewhere are not in it.
#[derive(Debug)]
pub struct Values(std::vec::IntoIter<Option<Json>>);

impl Values {
    /// The next four values, those that are texts; empty where they are absent.
    #[inline(never)]
    pub fn four_texts(&self) -> [&str; 4] {
        let mut texts = [""; 4];
        for (text, value) in texts.iter_mut().zip(self.0.as_slice()) {
            if let Some(Json::Text(value)) = value {
                *text = value;
            }
        }
        texts
    }

    /// The next value is a text, or absent.
    #[inline(never)]
    pub fn maybe_text(&mut self) -> Option<String> {
        match self.0.next() {
            Some(Some(Json::Text(text))) => Some(text),
            _ => None,
        }
    }

    /// The next value is a text; empty where it is absent.
    #[inline(never)]
    pub fn text(&mut self) -> String {
        self.maybe_text().unwrap_or_default()
    }

    /// The next value is a secret.
    pub fn secret(&mut self) -> Secret {
        Secret::new(self.text())
    }

    /// The next value is a secret, or absent.
    pub fn maybe_secret(&mut self) -> Option<Secret> {
        self.maybe_text().map(Secret::new)
    }

    /// The next value is a number; `default` where it is absent.
    #[inline(never)]
    pub fn number(&mut self, default: f64) -> f64 {
        match self.0.next() {
            Some(Some(Json::Number(number))) => number,
            _ => default,
        }
    }

    /// The next value is an integer of at most [`u32::MAX`]; `default` where it is absent.
    pub fn integer(&mut self, default: u32) -> u32 {
        self.maybe_integer().unwrap_or(default)
    }

    /// As [`Values::integer`], or absent.
    #[inline(never)]
    pub fn maybe_integer(&mut self) -> Option<u32> {
        integer_of(self.0.next()?.as_ref())
    }

    /// The next value is true.
    #[inline(never)]
    pub fn is_true(&mut self) -> bool {
        matches!(self.0.next(), Some(Some(Json::Bool(true))))
    }
}

/// The members of one object.
pub struct Fields {
    place: String,
    members: Vec<(String, Json)>,
    asked: Vec<&'static str>,
}

impl std::fmt::Debug for Fields {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Fields").field("place", &self.place).finish_non_exhaustive()
    }
}

impl Fields {
    /// The members of `value`, which is called `place` where it comes from.
    pub fn of(place: &str, value: Json) -> Result<Self, Problem> {
        if let Json::Object(members) = value {
            return Ok(Self { place: place.to_owned(), members, asked: Vec::new() });
        }
        Err(Problem::new(place, &wrong_kind(&value, "an object")))
    }

    /// As [`Fields::of`], but a value that is absent is an empty object.
    pub fn of_optional(place: &str, value: Option<Json>) -> Result<Self, Problem> {
        Self::of(place, value.unwrap_or(Json::Object(Vec::new())))
    }

    /// The members of an object that is empty.
    pub const fn none() -> Self {
        Self { place: String::new(), members: Vec::new(), asked: Vec::new() }
    }

    /// Takes the member called `name` out, present or not.
    #[inline(never)]
    pub fn member(&mut self, name: &'static str) -> Member<'_> {
        self.asked.push(name);
        // From the end, and in order: of members with the same name, the last counts.
        let at = self.members.iter().rposition(|(member, _)| member == name);
        let value = at.map(|at| self.members.remove(at).1);
        Member { fields: self, name, value }
    }

    /// Reads all members, and refuses those that are in no table.
    pub fn read(&mut self, rows: &'static [Row]) -> Result<Values, Problem> {
        let values = self.read_some(rows)?;
        self.close()?;
        Ok(values)
    }

    /// Reads some members.
    #[inline(never)]
    pub fn read_some(&mut self, rows: &'static [Row]) -> Result<Values, Problem> {
        let mut values = Vec::new();
        for row in rows {
            let value = row.read(self)?;
            if !matches!(row.presence, Presence::Elsewhere) {
                values.push(value);
            }
        }
        Ok(Values(values.into_iter()))
    }

    /// Refuses members that nobody asked for: a misspelt `verifycode` must not vanish.
    pub fn close(&self) -> Result<(), Problem> {
        for (member, _) in &self.members {
            if !self.asked.contains(&member.as_str()) {
                let known = text::joined(&self.asked, ", ");
                let text = ["is not known here; known are: ", &known].concat();
                return Err(Problem::new(&self.path(shown_name(member)), &text));
            }
        }
        Ok(())
    }

    /// A member's name with its place.
    fn path(&self, name: &str) -> String {
        let dot = if self.place.is_empty() { "" } else { "." };
        [&self.place, dot, name].concat()
    }
}

/// What is shown in the place of a name.
const HIDDEN: &str = "•••";

/// A member's name as it may be shown: one that does not look like a name may be a secret in a wrong
/// place.
fn shown_name(name: &str) -> &str {
    let (mut letters, mut digits) = (0, 0);
    for byte in name.bytes() {
        match byte {
            b'0'..=b'9' => digits += 1,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$' if digits == 0 => letters += 1,
            _ => return HIDDEN,
        }
    }
    if letters <= 40 && digits <= 2 { name } else { HIDDEN }
}

/// One member: its name and its value, if it has one.
#[derive(Debug)]
pub struct Member<'a> {
    fields: &'a Fields,
    name: &'static str,
    value: Option<Json>,
}

impl Member<'_> {
    /// A problem of this member.
    #[inline(never)]
    pub fn problem(&self, text: &str) -> Problem {
        Problem::new(&self.path(), text)
    }

    /// The name with its place.
    pub fn path(&self) -> String {
        self.fields.path(self.name)
    }

    /// Whether it has a value, be it null.
    pub const fn is_present(&self) -> bool {
        self.value.is_some()
    }

    /// Lets null stand for absence.
    #[must_use]
    pub fn nullable(mut self) -> Self {
        self.drop_null();
        self
    }

    /// The same, in place.
    pub fn drop_null(&mut self) {
        if matches!(self.value, Some(Json::Null)) {
            self.value = None;
        }
    }

    /// The value as it is.
    pub fn json(self) -> Option<Json> {
        self.value
    }

    /// Takes the value as it is.
    pub const fn take(&mut self) -> Option<Json> {
        self.value.take()
    }

    /// Takes the value, if there is one and nothing is wrong with it.
    #[inline(never)]
    pub fn maybe(&mut self, kind: &Kind) -> Result<Option<Json>, Problem> {
        if let Kind::Own(read) = kind {
            return read(self);
        }
        let value = self.value.take();
        let wrong = match (kind, &value) {
            (Kind::Number(is_good, _), Some(Json::Number(number))) if is_good(*number) => None,
            (Kind::Number(_, wrong), _) => Some((*wrong).to_owned()),
            (_, None)
            | (Kind::Boolean, Some(Json::Bool(_)))
            | (Kind::Object, Some(Json::Object(_))) => None,
            (Kind::Integer(least, most), Some(Json::Number(number))) => {
                wrong_integer(*number, *least, *most)
            }
            (Kind::Text(least, most, check), Some(Json::Text(text))) => {
                wrong_length(text, *least, *most).or_else(|| check(text).map(ToOwned::to_owned))
            }
            (Kind::Word(words), Some(Json::Text(text))) => {
                wrong_length(text, 0, 64).or_else(|| wrong_word(text, words))
            }
            (_, Some(other)) => Some(wrong_kind(other, kind.expected())),
        };
        match wrong {
            None => Ok(value),
            Some(text) => Err(self.problem(&text)),
        }
    }

    /// As [`Member::maybe`], but it has to be there.
    #[inline(never)]
    pub fn needed(&mut self, kind: &Kind) -> Result<Option<Json>, Problem> {
        if self.value.is_some() {
            return self.maybe(kind);
        }
        let members = &self.fields.members;
        let misspelt = members.iter().find(|(name, _)| name.eq_ignore_ascii_case(self.name));
        let text = match misspelt {
            None => ["is missing, expected ", kind.expected()].concat(),
            Some((misspelt, _)) => {
                let expected = kind.expected();
                ["is missing, expected ", expected, "; `", misspelt, "` is not known here"].concat()
            }
        };
        Err(self.problem(&text))
    }

    /// A text whose number of characters lies in `length`, if `check` finds nothing wrong with it.
    pub fn checked(mut self, length: RangeInclusive<u32>, check: Check) -> Result<String, Problem> {
        match self.needed(&Kind::checked(length, check))? {
            Some(Json::Text(text)) => Ok(text),
            _ => Ok(String::new()),
        }
    }

    /// An integer of `range`.
    pub fn integer(mut self, range: RangeInclusive<u32>) -> Result<u32, Problem> {
        let number = self.needed(&Kind::integer(range))?;
        Ok(integer_of(number.as_ref()).unwrap_or_default())
    }

    /// A boolean, or absent.
    pub fn maybe_boolean(mut self) -> Result<Option<bool>, Problem> {
        let value = self.maybe(&Kind::Boolean)?;
        Ok(value.map(|value| matches!(value, Json::Bool(true))))
    }

    /// An object, or absent.
    pub fn maybe_object(mut self) -> Result<Option<Json>, Problem> {
        self.maybe(&Kind::Object)
    }
}

const fn integer_of(value: Option<&Json>) -> Option<u32> {
    match value {
        #[expect(
            clippy::as_conversions,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "checked to be an integer between two u32"
        )]
        Some(Json::Number(number)) => Some(*number as u32),
        _ => None,
    }
}

fn wrong_kind(found: &Json, expected: &str) -> String {
    ["is ", found.kind(), ", expected ", expected].concat()
}

fn wrong_integer(number: f64, least: u32, most: u32) -> Option<String> {
    if number.fract() == 0.0 && number >= f64::from(least) && number <= f64::from(most) {
        return None;
    }
    Some(out_of_range(["is ", &number_text(number), ", expected an integer of "], least, most))
}

fn wrong_length(text: &str, least: u32, most: u32) -> Option<String> {
    let count = u32::try_from(text::characters(text)).unwrap_or(u32::MAX);
    if least <= count && count <= most {
        return None;
    }
    let found = if count == 0 { "no".to_owned() } else { number_text(count.into()) };
    Some(out_of_range(["has ", &found, " characters, expected "], least, most))
}

fn out_of_range([verb, found, expected]: [&str; 3], least: u32, most: u32) -> String {
    let (least, most) = (number_text(least.into()), number_text(most.into()));
    [verb, found, expected, &least, " to ", &most].concat()
}

fn wrong_word(word: &str, words: &[&str]) -> Option<String> {
    let known = words.contains(&word);
    (!known).then(|| ["is none of ", &text::joined(words, " and ")].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(text: &str) -> Fields {
        Fields::of("input", Json::parse(text).unwrap()).unwrap()
    }

    #[track_caller]
    fn assert_problem<T: std::fmt::Debug>(result: Result<T, Problem>, expected: &str) {
        assert_eq!(result.unwrap_err().sentence(), expected);
    }

    const TEXT: Kind = Kind::text(1..=2);

    #[test]
    fn a_wrong_member_is_named_with_what_was_there_and_what_was_expected() {
        let mut fields = input(r#"{"a":1,"b":"","c":1.5,"d":-1,"e":"x","f":null,"g":[]}"#);
        assert_problem(
            Row::new("a", Kind::text(1..=256)).read(&mut fields),
            "`input.a` is a number, expected a string",
        );
        assert_problem(
            Row::new("b", Kind::text(1..=256)).read(&mut fields),
            "`input.b` has no characters, expected 1 to 256",
        );
        assert_problem(
            fields.member("c").integer(0..=MAX_INTEGER),
            "`input.c` is 1.5, expected an integer of 0 to 2147483647",
        );
        assert_problem(
            Row::new("d", Kind::integer(0..=9)).optional().read(&mut fields),
            "`input.d` is -1, expected an integer of 0 to 9",
        );
        assert_problem(
            Row::new("e", Kind::Boolean).read(&mut fields),
            "`input.e` is a string, expected a boolean",
        );
        assert_problem(
            Row::new("f", TEXT).optional().read(&mut fields),
            "`input.f` is null, expected a string",
        );
        assert_problem(
            Row::new("g", Kind::Object).optional().read(&mut fields),
            "`input.g` is an array, expected an object",
        );
        assert_problem(
            Row::new("h", TEXT).read(&mut fields),
            "`input.h` is missing, expected a string",
        );
    }

    #[test]
    fn length_counts_characters_and_not_bytes() {
        const ROWS: &[Row] = &[Row::new("a", Kind::text(1..=256))];
        let text = format!(r#"{{"a":"{}"}}"#, "中".repeat(256));
        let mut values = input(&text).read(ROWS).unwrap();
        assert_eq!(values.text().chars().count(), 256);
    }

    #[test]
    fn a_member_that_nobody_asked_for_is_refused_by_name() {
        const ROWS: &[Row] = &[Row::new("verifyCode", TEXT).optional(), Row::elsewhere("fetch")];
        assert_problem(
            input(r#"{"verifycode":"1","fetch":1}"#).read(ROWS),
            "`input.verifycode` is not known here; known are: verifyCode, fetch",
        );
    }

    #[test]
    fn a_member_that_is_missing_is_told_with_its_misspelling() {
        const ROWS: &[Row] = &[Row::new("deviceId", TEXT)];
        assert_problem(
            input(r#"{"deviceID":"1"}"#).read(ROWS),
            "`input.deviceId` is missing, expected a string; `deviceID` is not known here",
        );
    }

    #[test]
    fn null_is_absence_only_where_it_is_allowed() {
        let row = Row::new("a", Kind::integer(0..=1));
        assert_eq!(row.nullable().read(&mut input(r#"{"a":null}"#)), Ok(None));
        assert_eq!(row.or_null().read(&mut input("{}")), Ok(Some(Json::Null)));
        assert!(row.optional().read(&mut input(r#"{"a":null}"#)).is_err());
    }

    #[test]
    fn what_is_no_object_is_refused() {
        assert_problem(Fields::of("input", Json::Null), "`input` is null, expected an object");
    }
}
