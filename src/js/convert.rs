//! What crosses, in the core's terms and back.

use crate::error::Failure;
use crate::fields::{Fields, Problem};
use crate::js::error::fault;
use crate::js::fetch::read_text;
use crate::json::{Json, write_text};
use crate::request::Request;
use crate::response::{Body, Response};
use crate::text::{integer, joined};
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

    /// The members of what crosses.
    pub fn read(text: &str) -> Self {
        Self::of(crossed(text))
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
        let body = if self.has("tooLarge") { Body::TooLarge(body) } else { Body::read(body) };
        let status = u16::try_from(self.number("status")).unwrap_or_default();
        Response::new(status, headers, body)
    }
}

/// What crosses into here: an object as JSON, and behind it the body of an answer, if there is one, as it
/// came. As one more text in JSON it would be escaped there and read here sign by sign.
fn crossed(text: &str) -> Json {
    let Some((Json::Object(members), body)) = Json::parse_start(text) else {
        return Json::Null;
    };
    with_body(members, body.to_owned())
}

/// The same with the bytes of a body. What of them is no text the engine replaces.
pub fn answered(text: &str, body: Vec<u8>) -> Json {
    let Some(Json::Object(members)) = Json::parse(text) else { return Json::Null };
    let mut body = String::from_utf8(body).unwrap_or_else(|error| read_text(error.as_bytes()));
    if let Some(rest) = body.strip_prefix('\u{feff}') {
        body = String::from(rest);
    }
    with_body(members, body)
}

fn with_body(mut members: Vec<(String, Json)>, body: String) -> Json {
    if !body.is_empty() {
        members.push(("body".to_owned(), body.into()));
    }
    Json::Object(members)
}

/// Something that is done, as JSON for results.js or host.js; written at once and not as a tree, since
/// every call makes some.
#[expect(missing_debug_implementations, reason = "it may have secrets in it")]
pub struct Made(String);

impl Made {
    /// A result; `secrets` are the names of members that printing masks.
    pub fn result(json: &Json, secrets: &[&str]) -> Self {
        let mut out = String::with_capacity(ROOM);
        out.push_str("{\"result\":");
        json.write(&mut out);
        out.push_str(",\"secrets\":");
        write_text(&mut out, &joined(secrets, ","));
        out.push('}');
        Self(out)
    }

    /// The number of a client or of a call.
    pub fn number(number: u32) -> Self {
        Self(integer(number.into()))
    }

    /// A request that the caller sends: the request, and what its answer must not show.
    pub fn request(request: &Request) -> Self {
        let mut out = String::with_capacity(ROOM);
        out.push('[');
        write_request(&mut out, request);
        out.push(',');
        write_secrets(&mut out, &request.secrets);
        out.push(']');
        Self(out)
    }
}

/// Bytes that most requests and results fit in.
const ROOM: usize = 2048;

/// A request as JSON: method, address, body, headers.
pub fn request_text(request: &Request) -> String {
    let mut out = String::with_capacity(ROOM);
    write_request(&mut out, request);
    out
}

fn write_request(out: &mut String, request: &Request) {
    out.push('[');
    write_text(out, request.method.as_str());
    out.push(',');
    write_text(out, &request.url);
    out.push(',');
    match &request.body {
        Some(body) => write_text(out, body),
        None => out.push_str("null"),
    }
    out.push_str(",{");
    let mut sign = "";
    // Names are ours: there is nothing in them to escape.
    for (name, value) in &request.headers {
        for part in [sign, "\"", name, "\":"] {
            out.push_str(part);
        }
        write_text(out, value);
        sign = ",";
    }
    out.push_str("}]");
}

/// What came of something, as host.js reads it.
pub fn outcome(result: Result<Made, Failure>) -> String {
    match result {
        Ok(Made(text)) => text,
        Err(failure) => text(&Json::object([("error", Some(fault(&failure)))])),
    }
}

/// A value as JSON.
pub fn text(json: &Json) -> String {
    let mut text = String::new();
    json.write(&mut text);
    text
}

/// Secrets as a list of texts in JSON.
pub fn secret_texts(secrets: &[Secret]) -> String {
    let mut out = String::new();
    write_secrets(&mut out, secrets);
    out
}

fn write_secrets(out: &mut String, secrets: &[Secret]) {
    out.push('[');
    let mut sign = "";
    for secret in secrets {
        out.push_str(sign);
        write_text(out, secret.reveal());
        sign = ",";
    }
    out.push(']');
}
