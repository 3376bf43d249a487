//! Huawei Cloud IoT, northbound API: who calls, what all calls have in common, and how the platform
//! says no.

pub mod authentication;
pub mod errors;
pub mod registration;

use crate::address::{BaseUrl, Surroundings, address_problem, parse_port};
use crate::decode;
use crate::error::{Error, Refusal};
use crate::fields::{Fields, Member, Problem};
use crate::huawei::authentication::AuthOutDto;
use crate::json::{Json, number_text};
use crate::operation::Answer;
use crate::request::{Draft, Request};
use crate::response::{Body, Response};
use crate::types::Secret;

/// The code of a token that is wrong, malformed or outdated.
pub const TOKEN_REFUSED: &str = "1010005";

/// Longest text that the platform's documentation allows, in characters.
const MAX_TEXT: usize = 256;

/// How the answer to the operation called `name` is read.
pub fn answer_of(name: &str) -> Option<(&'static str, Answer)> {
    let of_token =
        authentication::OPERATIONS.iter().map(|name| (*name, Answer::of::<AuthOutDto>()));
    let of_device = registration::CHAPTER.iter().map(|card| (card.endpoint.operation, card.answer));
    of_token.chain(of_device).find(|(operation, _)| *operation == name)
}

/// Where the platform is and who calls it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ClientInfo {
    /// Where requests go.
    pub base: BaseUrl,
    /// The application.
    pub app_id: String,
    /// Its password.
    pub secret: Secret,
}

impl ClientInfo {
    /// Reads what the caller said about platform and application.
    pub fn read(mut input: Fields, surroundings: &Surroundings) -> Result<Self, Problem> {
        let app_id = unblank(input.member("appId"), Carried::InHeader)?;
        let secret = Secret::new(unblank(input.member("secret"), Carried::InBody)?);
        let base_url = input.member("baseUrl").maybe_text(1..=2048)?;
        let (host, port) = (input.member("platformIp"), input.member("platformPort"));
        input.close()?;
        let base = match base_url {
            Some(text) => BaseUrl::parse(&text, surroundings)
                .map_err(address_problem("clientInfo.baseUrl"))?,
            None => BaseUrl::from_host_and_port(&host.text(1..=MAX_TEXT)?, platform_port(port)?)
                .map_err(address_problem("clientInfo.platformIp"))?,
        };
        Ok(Self { base, app_id, secret })
    }

    /// Makes a draft a request of this application, with the token where the operation needs one.
    pub fn request(&self, draft: Draft, token: Option<&Secret>) -> Request {
        let mut headers = Vec::new();
        let draft = match token {
            Some(token) if draft.endpoint().authenticated => {
                headers.push(("app_key", self.app_id.clone()));
                headers.push(("authorization", ["Bearer ", token.reveal()].concat()));
                draft.secret(Some(token))
            }
            _ => draft,
        };
        let mut request = draft.into_request(self.base.as_str(), headers);
        request.secrets.push(self.secret.clone());
        request
    }
}

/// Reads a token or an ID that becomes a header.
pub fn header_text(member: Member, longest: usize) -> Result<String, Problem> {
    let odd = member.problem("has a character that no header can carry, expected visible ASCII");
    let text = member.text(1..=longest)?;
    if text.bytes().all(|byte| byte.is_ascii_graphic()) { Ok(text) } else { Err(odd) }
}

/// How a text travels.
#[derive(Clone, Copy)]
enum Carried {
    InBody,
    InHeader,
}

/// Reads an appId or a secret. A blank in it is nearly always a stray one, and the vendor's own SDK
/// refuses it as well.
fn unblank(member: Member, carried: Carried) -> Result<String, Problem> {
    let blank = member.problem("contains a blank or a line break; check for stray characters");
    let odd = member.problem("has a character that no header can carry, expected visible ASCII");
    let text = member.text(1..=MAX_TEXT)?;
    if text.contains(|c: char| c.is_whitespace() || c == '\u{feff}') {
        return Err(blank);
    }
    match carried {
        Carried::InHeader if !text.bytes().all(|byte| byte.is_ascii_graphic()) => Err(odd),
        Carried::InHeader | Carried::InBody => Ok(text),
    }
}

fn platform_port(member: Member) -> Result<u16, Problem> {
    let missing = member.problem("is missing, expected a port, for example 8743");
    let wrong = |found: &str| {
        Problem::new("clientInfo.platformPort", ["is ", found, ", expected 1 to 65535"].concat())
    };
    match member.json() {
        None => Err(missing),
        Some(Json::Number(number)) => {
            let text = number_text(number);
            parse_port(&text).ok_or_else(|| wrong(&text))
        }
        Some(Json::Text(text)) => parse_port(&text).ok_or_else(|| wrong("no number")),
        Some(other) => Err(wrong(other.kind())),
    }
}

/// Reads an answer: the result, the platform's refusal, or why it is neither.
///
/// An `error_code` or `resultcode` in the body is a refusal whatever the status, 200 included.
pub fn decode<T>(
    operation: &str,
    response: &Response,
    secrets: &[Secret],
    expected: bool,
    read: impl FnOnce(&mut Fields) -> Result<T, Problem>,
) -> Result<T, Error> {
    decode::decoded(refusal(operation, response, secrets), response, secrets, expected, read)
}

/// The platform's refusal, in either dialect: `error_code` of the application layer, `resultcode` of
/// the gateway before it.
fn refusal(operation: &str, response: &Response, secrets: &[Secret]) -> Option<Refusal> {
    let Body::Json(body, _) = &response.body else { return None };
    let code = |member: &str| match body.get(member)? {
        Json::Null => None,
        Json::Text(code) => Some(code.clone()),
        // Numbers come as they are, and whatever else is no success either.
        other @ (Json::Number(_) | Json::Bool(_) | Json::List(_) | Json::Object(_)) => {
            let mut code = String::new();
            other.write(&mut code);
            Some(code)
        }
    };
    let (code, description) = match code("error_code") {
        Some(code) => (code, body.get("error_desc")),
        None => (code("resultcode")?, body.get("resultmsg")),
    };
    let description = match description {
        Some(Json::Text(text)) => Some(text.as_str()),
        _ => None,
    };
    Some(decode::refusal(errors::ERRORS, operation, response, code, description, secrets))
}
