//! What every operation is made of.

use crate::endpoint::Endpoint;
use crate::fields::{Fields, Problem};
use crate::json::Json;
use crate::request::Draft;
use crate::response::{Body, Response};

/// One operation of a platform: how its input is read, its request is built and its answer is read.
pub trait Operation: Sized {
    /// Name, method and path.
    const ENDPOINT: Endpoint;
    /// What the platform answers.
    type Output: Output;

    /// Reads and checks the caller's input.
    fn read(input: &mut Fields) -> Result<Self, Problem>;

    /// Builds the request, as far as it is this operation's own.
    fn draft(&self) -> Draft;
}

/// What an operation answers, as it is read from the platform and given to the caller.
pub trait Output: Sized {
    /// Members that are secrets: a host masks them wherever it prints a result.
    const SECRETS: &'static [&'static str] = &[];
    /// Whether the answer has to have a body.
    const EXPECTED: bool = true;

    /// Reads the answer's members.
    fn read(answer: &mut Fields) -> Result<Self, Problem>;

    /// The result in the caller's terms.
    fn into_json(self) -> Json;
}

/// An operation as a host sees it, whichever it is: functions in the place of types, so that the
/// machinery around them is compiled once.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Card {
    /// Name, method and path.
    pub endpoint: Endpoint,
    /// Reads the caller's input and builds the request.
    pub draft: fn(&mut Fields) -> Result<Draft, Problem>,
    /// How its answer is read.
    pub answer: Answer,
}

impl Card {
    /// The card of an operation.
    pub const fn of<O: Operation>() -> Self {
        Self {
            endpoint: O::ENDPOINT,
            draft: |input| O::read(input).map(|operation| operation.draft()),
            answer: Answer::of::<O::Output>(),
        }
    }
}

/// How an answer is read.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Answer {
    /// Reads its members and gives the result in the caller's terms.
    pub read: fn(&mut Fields) -> Result<Json, Problem>,
    /// Whether it has to have a body.
    pub expected: bool,
    /// Members of the result that are secrets.
    pub secrets: &'static [&'static str],
}

impl Answer {
    /// How an answer of type `T` is read.
    pub const fn of<T: Output>() -> Self {
        Self {
            read: |answer| T::read(answer).map(Output::into_json),
            expected: T::EXPECTED,
            secrets: T::SECRETS,
        }
    }
}

/// No answer but that it is done.
impl Output for () {
    const EXPECTED: bool = false;

    fn read(_answer: &mut Fields) -> Result<Self, Problem> {
        Ok(())
    }

    fn into_json(self) -> Json {
        Json::Null
    }
}

/// The members of an answer to an operation that succeeded, or what is wrong with it.
pub fn answer_fields(response: &Response, expected: bool) -> Result<Fields, String> {
    match &response.body {
        Body::Json(json, _) => Fields::of("", json.clone()).map_err(|problem| problem.text.clone()),
        Body::Empty if expected => Err("is empty, expected JSON".to_owned()),
        Body::Empty => Ok(Fields::none()),
        Body::Other(_) => Err("is not JSON, or was cut".to_owned()),
        Body::TooLarge(_) => Err("has more than 1 MiB".to_owned()),
    }
    .map_err(|problem| ["the body ", &problem].concat())
}
