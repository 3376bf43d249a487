//! Reads the members of an object one by one and says exactly which of them is wrong.
//!
//! Serves both directions: what a caller passes in, and what a platform answers.

use std::ops::{Deref, RangeInclusive};

use crate::json::{Json, number_text};

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
    pub fn new(member: impl Into<String>, text: impl Into<String>) -> Self {
        Self(Box::new(WrongMember { member: member.into(), text: text.into() }))
    }

    /// Both parts as one fragment of a sentence.
    pub fn sentence(&self) -> String {
        ["`", &self.member, "` ", &self.text].concat()
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
        let kind = value.kind();
        let Json::Object(members) = value else {
            return Err(Problem::new(place, ["is ", kind, ", expected an object"].concat()));
        };
        Ok(Self { place: place.to_owned(), members, asked: Vec::new() })
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
    pub fn member(&mut self, name: &'static str) -> Member {
        self.asked.push(name);
        let at = self.members.iter().position(|(member, _)| member == name);
        Member {
            path: if self.place.is_empty() {
                name.to_owned()
            } else {
                [&self.place, ".", name].concat()
            },
            value: at.map(|at| self.members.swap_remove(at).1),
            misspelt: self
                .members
                .iter()
                .find(|(member, _)| at.is_none() && member.eq_ignore_ascii_case(name))
                .map(|(member, _)| member.clone()),
        }
    }

    /// Refuses members that nobody asked for: a misspelt `verifycode` must not vanish.
    pub fn close(self) -> Result<(), Problem> {
        let Some((unknown, _)) = self.members.first() else { return Ok(()) };
        let shown = shown_name(unknown);
        let known = self.asked.join(", ");
        Err(Problem::new(
            [&self.place, ".", shown].concat(),
            ["is not known here; known are: ", &known].concat(),
        ))
    }
}

/// A member's name as it may be shown: one that does not look like a name may be a secret in a wrong
/// place.
fn shown_name(name: &str) -> &str {
    let letters = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let plain = letters.bytes().all(|byte| byte.is_ascii_alphabetic() || b"_$".contains(&byte));
    let looks_like_one = plain && letters.len() <= 40 && name.len() <= letters.len() + 2;
    if looks_like_one { name } else { "•••" }
}

/// One member: its name and its value, if it has one.
#[derive(Debug)]
pub struct Member {
    path: String,
    value: Option<Json>,
    /// What the caller may have meant to be this member.
    misspelt: Option<String>,
}

impl Member {
    /// A problem of this member.
    pub fn problem(&self, text: impl Into<String>) -> Problem {
        Problem::new(self.path.clone(), text)
    }

    /// The name with its place.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether it has a value, be it null.
    pub const fn is_present(&self) -> bool {
        self.value.is_some()
    }

    /// Whether it is false, which switches off what it would else set.
    pub fn is_false(&self) -> bool {
        self.value == Some(Json::Bool(false))
    }

    /// Lets null stand for absence.
    #[must_use]
    pub fn nullable(mut self) -> Self {
        if self.value == Some(Json::Null) {
            self.value = None;
        }
        self
    }

    /// The value as it is.
    pub fn json(self) -> Option<Json> {
        self.value
    }

    /// A text whose number of characters lies in `length`.
    pub fn text(self, length: RangeInclusive<usize>) -> Result<String, Problem> {
        self.needed("a string")?.maybe_text(length).map(Option::unwrap_or_default)
    }

    /// As [`Member::text`], or absent.
    pub fn maybe_text(self, length: RangeInclusive<usize>) -> Result<Option<String>, Problem> {
        let text = match self.value {
            None => return Ok(None),
            Some(Json::Text(text)) => text,
            Some(ref other) => return Err(self.wrong(other, "a string")),
        };
        let count = text.chars().count();
        if length.contains(&count) {
            return Ok(Some(text));
        }
        let limits = [&length.start().to_string(), " to ", &length.end().to_string()].concat();
        let found = if count == 0 { "no".to_owned() } else { count.to_string() };
        Err(Problem::new(self.path, ["has ", &found, " characters, expected ", &limits].concat()))
    }

    /// An integer of `range`.
    pub fn integer(self, range: RangeInclusive<u32>) -> Result<u32, Problem> {
        self.needed("an integer")?.maybe_integer(range).map(Option::unwrap_or_default)
    }

    /// As [`Member::integer`], or absent.
    pub fn maybe_integer(self, range: RangeInclusive<u32>) -> Result<Option<u32>, Problem> {
        let number = match self.value {
            None => return Ok(None),
            Some(Json::Number(number)) => number,
            Some(ref other) => return Err(self.wrong(other, "an integer")),
        };
        let (low, high) = (f64::from(*range.start()), f64::from(*range.end()));
        if number.fract() == 0.0 && number >= low && number <= high {
            #[expect(
                clippy::as_conversions,
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "checked to be an integer between two u32"
            )]
            return Ok(Some(number as u32));
        }
        let limits = [&number_text(low), " to ", &number_text(high)].concat();
        Err(Problem::new(
            self.path,
            ["is ", &number_text(number), ", expected an integer of ", &limits].concat(),
        ))
    }

    /// A boolean.
    pub fn boolean(self) -> Result<bool, Problem> {
        self.needed("a boolean")?.maybe_boolean().map(Option::unwrap_or_default)
    }

    /// As [`Member::boolean`], or absent.
    pub fn maybe_boolean(self) -> Result<Option<bool>, Problem> {
        match self.value {
            None => Ok(None),
            Some(Json::Bool(value)) => Ok(Some(value)),
            Some(ref other) => Err(self.wrong(other, "a boolean")),
        }
    }

    /// An object, or absent.
    pub fn maybe_object(self) -> Result<Option<Json>, Problem> {
        match self.value {
            None => Ok(None),
            Some(value @ Json::Object(_)) => Ok(Some(value)),
            Some(ref other) => Err(self.wrong(other, "an object")),
        }
    }

    fn needed(self, expected: &str) -> Result<Self, Problem> {
        if self.value.is_some() {
            return Ok(self);
        }
        let mut text = ["is missing, expected ", expected].concat();
        if let Some(misspelt) = self.misspelt {
            text.push_str(&["; `", &misspelt, "` is not known here"].concat());
        }
        Err(Problem::new(self.path, text))
    }

    fn wrong(&self, found: &Json, expected: &str) -> Problem {
        self.problem(["is ", found.kind(), ", expected ", expected].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(text: &str) -> Fields {
        Fields::of("input", serde_json::from_str(text).unwrap()).unwrap()
    }

    #[track_caller]
    fn assert_problem<T: std::fmt::Debug>(result: Result<T, Problem>, expected: &str) {
        assert_eq!(result.unwrap_err().sentence(), expected);
    }

    #[test]
    fn a_wrong_member_is_named_with_what_was_there_and_what_was_expected() {
        let mut fields = input(r#"{"a":1,"b":"","c":1.5,"d":-1,"e":"x","f":null,"g":[]}"#);
        assert_problem(
            fields.member("a").text(1..=256),
            "`input.a` is a number, expected a string",
        );
        assert_problem(
            fields.member("b").text(1..=256),
            "`input.b` has no characters, expected 1 to 256",
        );
        assert_problem(
            fields.member("c").integer(0..=MAX_INTEGER),
            "`input.c` is 1.5, expected an integer of 0 to 2147483647",
        );
        assert_problem(
            fields.member("d").maybe_integer(0..=9),
            "`input.d` is -1, expected an integer of 0 to 9",
        );
        assert_problem(fields.member("e").boolean(), "`input.e` is a string, expected a boolean");
        assert_problem(
            fields.member("f").maybe_text(1..=2),
            "`input.f` is null, expected a string",
        );
        assert_problem(
            fields.member("g").maybe_object(),
            "`input.g` is an array, expected an object",
        );
        assert_problem(fields.member("h").text(1..=2), "`input.h` is missing, expected a string");
    }

    #[test]
    fn length_counts_characters_and_not_bytes() {
        let text = format!(r#"{{"a":"{}"}}"#, "中".repeat(256));
        assert_eq!(input(&text).member("a").text(1..=256).unwrap().chars().count(), 256);
    }

    #[test]
    fn a_member_that_nobody_asked_for_is_refused_by_name() {
        let mut fields = input(r#"{"verifycode":"1"}"#);
        assert_eq!(fields.member("verifyCode").maybe_text(1..=2), Ok(None));
        assert_problem(
            fields.close(),
            "`input.verifycode` is not known here; known are: verifyCode",
        );
    }

    #[test]
    fn a_member_that_is_missing_is_told_with_its_misspelling() {
        assert_problem(
            input(r#"{"deviceID":"1"}"#).member("deviceId").text(1..=2),
            "`input.deviceId` is missing, expected a string; `deviceID` is not known here",
        );
    }

    #[test]
    fn null_is_absence_only_where_it_is_allowed() {
        assert_eq!(input(r#"{"a":null}"#).member("a").nullable().maybe_integer(0..=1), Ok(None));
    }

    #[test]
    fn what_is_no_object_is_refused() {
        assert_problem(Fields::of("input", Json::Null), "`input` is null, expected an object");
    }
}
