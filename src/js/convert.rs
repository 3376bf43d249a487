//! What crosses, in the core's terms and back.

use crate::error::Failure;
use crate::fields::{Fields, Problem};
use crate::js::error::fault;
use crate::json::Json;
use crate::response::{Body, Response};
use crate::text::joined;
use crate::types::Secret;

/// What api.js or host.js hands over: members that are taken out one by one, those that are missing
/// or of a wrong kind as nothing.
#[derive(Debug)]
pub struct Given(Vec<(String, Json)>);

impl Given {
    /// The members of an object.
    pub fn of(json: Json) -> Self {
        if let Json::Object(members) = json { Self(members) } else { Self(Vec::new()) }
    }

    /// The members of an object in JSON text.
    pub fn read(text: &str) -> Self {
        Self::of(Json::parse(text).unwrap_or(Json::Null))
    }

    /// Takes a member.
    #[inline(never)]
    pub fn take(&mut self, name: &str) -> Option<Json> {
        let at = self.0.iter().position(|(member, _)| member == name)?;
        Some(self.0.swap_remove(at).1)
    }

    /// Takes a member, and says whether it is there.
    #[inline(never)]
    pub fn has(&mut self, name: &str) -> bool {
        self.take(name).is_some()
    }

    /// Takes a text.
    #[inline(never)]
    pub fn text(&mut self, name: &str) -> Option<String> {
        if let Some(Json::Text(text)) = self.take(name) { Some(text) } else { None }
    }

    /// Takes a number; what is no such number becomes one, and names nothing.
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "see above"
    )]
    #[inline(never)]
    pub fn number(&mut self, name: &str) -> u32 {
        if let Some(Json::Number(number)) = self.take(name) { number as u32 } else { 0 }
    }

    /// Takes secrets, a list of texts.
    pub fn secrets(&mut self) -> Vec<Secret> {
        let mut secrets = Vec::new();
        if let Some(Json::List(texts)) = self.take("secrets") {
            for text in texts {
                if let Json::Text(text) = text {
                    secrets.push(Secret::new(text));
                }
            }
        }
        secrets
    }

    /// Takes an argument that has to be there, and that the caller knows as `place`.
    #[inline(never)]
    pub fn fields(&mut self, name: &str, place: &str) -> Result<Fields, Problem> {
        match self.take(name) {
            Some(json) => Fields::of(place, json),
            None => Err(Problem::new(place, "is missing, expected an object")),
        }
    }

    /// Takes an argument that may be absent.
    #[inline(never)]
    pub fn optional_fields(&mut self, name: &str) -> Result<Fields, Problem> {
        Fields::of_optional(name, self.take(name))
    }

    /// Takes the members of an answer.
    pub fn response(&mut self) -> Response {
        let mut headers = Vec::new();
        if let Some(Json::Object(members)) = self.take("headers") {
            for (name, value) in members {
                if let Json::Text(value) = value {
                    headers.push((name, value));
                }
            }
        }
        let body = self.text("body").unwrap_or_default();
        let body = if self.has("tooLarge") {
            Body::TooLarge(body)
        } else {
            Body::read(body, |_| self.take("json"))
        };
        let status = u16::try_from(self.number("status")).unwrap_or_default();
        Response::new(status, headers, body)
    }
}

/// A result; `secrets` are the names of members that printing masks.
pub fn result(json: Json, secrets: &[&str]) -> Json {
    Json::object([("result", Some(json)), ("secrets", Some(joined(secrets, ",").into()))])
}

/// What came of something, as host.js reads it.
pub fn outcome(result: Result<Json, Failure>) -> String {
    let outcome = match result {
        Ok(made) => made,
        Err(failure) => Json::object([("error", Some(fault(&failure)))]),
    };
    text(&outcome)
}

/// A value as JSON.
pub fn text(json: &Json) -> String {
    let mut text = String::new();
    json.write(&mut text);
    text
}

/// Secrets as a list of texts.
pub fn secret_texts(secrets: &[Secret]) -> Json {
    Json::List(secrets.iter().map(|secret| secret.reveal().into()).collect())
}
