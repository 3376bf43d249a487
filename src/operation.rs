//! What every operation is made of: a [`Card`], a table of what it takes and of what it answers.
//!
//! Tables in the place of types, read by one interpreter for inputs and one for answers, since code
//! for each operation would be most of the WebAssembly.

use std::mem::replace;

use crate::endpoint::{AfterLoss, Endpoint};
use crate::fields::{Fields, Kind, Problem, Row};
use crate::json::{Json, Members};
use crate::request::Draft;
use crate::response::{Body, Response};
use crate::types::Secret;

/// One operation of a platform.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Card {
    /// Name, method and path.
    pub endpoint: Endpoint,
    /// How its answer is read.
    pub answer: Answer,
    inputs: &'static [Input],
    after_loss: AfterLoss,
}

impl Card {
    /// An operation that is sent again after a lost answer.
    pub const fn new(endpoint: Endpoint, inputs: &'static [Input], answer: Answer) -> Self {
        Self { endpoint, answer, inputs, after_loss: AfterLoss::SendAgain }
    }

    /// Says what a lost answer means, where that is not to send again.
    #[must_use]
    pub const fn if_lost(mut self, after_loss: AfterLoss) -> Self {
        self.after_loss = after_loss;
        self
    }

    /// Reads the caller's input and builds the request, as far as it is this operation's own.
    pub fn draft(&self, input: &mut Fields) -> Result<Draft, Problem> {
        let mut ready = Vec::new();
        let mut late = Vec::new();
        let mut has_body = false;
        for row in self.inputs {
            // A body may be empty, if none of its members has to be there.
            has_body |= matches!(row.place, Place::Body);
            if let Some(value) = row.row.read(input)? {
                let list = if row.last { &mut late } else { &mut ready };
                list.push((row, value));
            }
        }
        ready.append(&mut late);
        let mut draft = Draft::new(self.endpoint);
        draft.after_loss = self.after_loss;
        let mut body = Members::default();
        for (row, value) in ready {
            if row.repeatable {
                draft.after_loss = draft.after_loss.repeatable();
            }
            if row.secret {
                draft.secrets.push(Secret::new(plain_text(value.clone())));
            }
            match row.place {
                Place::Body => body.add(row.row.name(), value),
                Place::Path => draft.path(row.row.name(), &plain_text(value)),
                Place::Query(name) => draft.parameters.push((name, plain_text(value))),
            }
        }
        if has_body {
            draft.json(&body.into());
        }
        Ok(draft)
    }
}

/// A value as it stands in an address.
fn plain_text(value: Json) -> String {
    if let Json::Text(text) = value {
        return text;
    }
    let mut text = String::new();
    value.write(&mut text);
    text
}

/// One member of an operation's input, which has to be there unless something else is said.
#[derive(Clone, Copy, Debug)]
pub struct Input {
    row: Row,
    place: Place,
    last: bool,
    repeatable: bool,
    secret: bool,
}

/// Where a member goes.
#[derive(Clone, Copy, Debug)]
enum Place {
    /// Into the body, by its name.
    Body,
    /// Into the path, in the place of its name.
    Path,
    /// Into the query, by this name.
    Query(&'static str),
}

impl Input {
    /// A member of the JSON that is sent.
    pub const fn body(name: &'static str, kind: Kind) -> Self {
        Self::new(name, kind, Place::Body)
    }

    /// A segment of the path.
    pub const fn path(name: &'static str, kind: Kind) -> Self {
        Self::new(name, kind, Place::Path)
    }

    /// A parameter, which the platform calls `wire`.
    pub const fn query(name: &'static str, wire: &'static str, kind: Kind) -> Self {
        Self::new(name, kind, Place::Query(wire))
    }

    const fn new(name: &'static str, kind: Kind, place: Place) -> Self {
        Self { row: Row::new(name, kind), place, last: false, repeatable: false, secret: false }
    }

    /// The same, which may be absent.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.row = self.row.optional();
        self
    }

    /// The same, which may be absent or null.
    #[must_use]
    pub const fn nullable(mut self) -> Self {
        self.row = self.row.nullable();
        self
    }

    /// The same, sent after all others.
    #[must_use]
    pub const fn last(mut self) -> Self {
        self.last = true;
        self
    }

    /// The same, with which the answer to a second request says what the lost one said.
    #[must_use]
    pub const fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }

    /// The same, which must not be shown.
    #[must_use]
    pub const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }
}

/// How an answer is read.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Answer {
    /// Whether it has to have a body.
    pub expected: bool,
    /// Members of the result that are secrets: a host masks them wherever it prints a result.
    pub secrets: &'static [&'static str],
    content: Content,
}

#[derive(Clone, Copy, Debug)]
enum Content {
    Members(&'static [Output]),
    Own(fn(&mut Fields) -> Result<Json, Problem>),
}

impl Answer {
    /// No answer but that it is done.
    pub const NONE: Self =
        Self { expected: false, secrets: &[], content: Content::Own(|_| Ok(Json::Null)) };

    /// An answer of these members.
    pub const fn of(members: &'static [Output]) -> Self {
        Self { expected: true, secrets: &[], content: Content::Members(members) }
    }

    /// An answer that is read in a way of its own.
    pub const fn own(read: fn(&mut Fields) -> Result<Json, Problem>) -> Self {
        Self { expected: true, secrets: &[], content: Content::Own(read) }
    }

    /// The same, with the members of the result that are secrets.
    #[must_use]
    pub const fn with_secrets(mut self, secrets: &'static [&'static str]) -> Self {
        self.secrets = secrets;
        self
    }

    /// Reads its members and gives the result in the caller's terms.
    pub fn read(&self, answer: &mut Fields) -> Result<Json, Problem> {
        match self.content {
            Content::Members(rows) => {
                let mut result = Vec::new();
                read_rows(rows, answer, &mut result)?;
                Ok(Json::Object(result))
            }
            Content::Own(read) => read(answer),
        }
    }
}

/// One member of an answer, which has to be there unless something else is said.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    row: Row,
    name: &'static str,
    inside: &'static [Self],
}

impl Output {
    /// A member that is called the same by platform and caller.
    pub const fn same(name: &'static str, kind: Kind) -> Self {
        Self::new(name, name, kind)
    }

    /// A member that the platform calls `wire` and the caller `name`.
    pub const fn new(wire: &'static str, name: &'static str, kind: Kind) -> Self {
        Self { row: Row::new(wire, kind), name, inside: &[] }
    }

    /// An object of these members. Without a name its members stand among those around it.
    pub const fn object(wire: &'static str, name: &'static str, inside: &'static [Self]) -> Self {
        Self { inside, ..Self::new(wire, name, Kind::Object) }
    }

    /// The same, left out of the result where it is absent or null.
    #[must_use]
    pub const fn nullable(mut self) -> Self {
        self.row = self.row.nullable();
        self
    }

    /// The same, null where it is absent.
    #[must_use]
    pub const fn or_null(mut self) -> Self {
        self.row = self.row.or_null();
        self
    }
}

fn read_rows(
    rows: &'static [Output],
    answer: &mut Fields,
    result: &mut Vec<(String, Json)>,
) -> Result<(), Problem> {
    for row in rows {
        let Some(value) = row.row.read(answer)? else {
            continue;
        };
        if row.inside.is_empty() {
            result.push((row.name.to_owned(), value));
            continue;
        }
        let mut inner = Fields::of(row.row.name(), value)?;
        if row.name.is_empty() {
            read_rows(row.inside, &mut inner, result)?;
        } else {
            let mut members = Vec::new();
            read_rows(row.inside, &mut inner, &mut members)?;
            result.push((row.name.to_owned(), Json::Object(members)));
        }
    }
    Ok(())
}

/// Takes the members out of an answer to an operation that succeeded, or says what is wrong with it.
pub fn answer_fields(response: &mut Response, expected: bool) -> Result<Fields, String> {
    let wrong_kind;
    let problem = match &mut response.body {
        Body::Json(json, _) => match Fields::of("", replace(json, Json::Null)) {
            Ok(fields) => return Ok(fields),
            Err(problem) => {
                wrong_kind = problem;
                wrong_kind.text.as_str()
            }
        },
        Body::Empty if expected => "is empty, expected JSON",
        Body::Empty => return Ok(Fields::none()),
        Body::Other(_) => "is not JSON, or was cut",
        Body::TooLarge(_) => "has more than 1 MiB",
    };
    Err(["the body ", problem].concat())
}
