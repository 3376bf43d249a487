//! Huawei Cloud IoT, northbound API: who calls, what all calls have in common, and how the platform
//! says no.

pub mod authentication;
pub mod errors;
pub mod registration;

use crate::address::{BaseUrl, Surroundings, is_port};
use crate::decode;
use crate::error::{Error, Refusal};
use crate::fields::{Fields, Kind, Member, Problem, Row};
use crate::json::{Json, number_text};
use crate::operation::Answer;
use crate::request::{Draft, Request};
use crate::response::{Body, Response};
use crate::types::Secret;

/// The code of a token that is wrong, malformed or outdated.
pub const TOKEN_REFUSED: &str = "1010005";

/// Longest text that the platform's documentation allows, in characters.
const MAX_TEXT: u32 = 256;

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
        const ROWS: &[Row] = &[
            Row::new("appId", Kind::checked(1..=MAX_TEXT, plain_header)),
            Row::new("secret", Kind::checked(1..=MAX_TEXT, unblank)),
            Row::new("baseUrl", Kind::text(1..=2048)).optional(),
            Row::elsewhere("platformIp"),
            Row::elsewhere("platformPort"),
        ];
        const PLATFORM: &[Row] = &[
            Row::new("platformIp", Kind::text(1..=MAX_TEXT)),
            Row::new("platformPort", Kind::Own(platform_port)),
        ];
        let mut values = input.read(ROWS)?;
        let [_, _, url, _] = values.four_texts();
        let base = if url.is_empty() {
            let values = input.read_some(PLATFORM)?;
            let [host, port, ..] = values.four_texts();
            BaseUrl::from_host_and_port(host, port)
                .map_err(|problem| Problem::new("clientInfo.platformIp", problem))?
        } else {
            BaseUrl::read("clientInfo.baseUrl", url, surroundings)?
        };
        Ok(Self { base, app_id: values.text(), secret: values.secret() })
    }

    /// Makes a draft a request of this application, with the token where the operation needs one.
    pub fn request(&self, draft: &Draft, token: Option<&Secret>) -> Request {
        let token = token.filter(|_| draft.endpoint().authenticated);
        let mut headers = Vec::new();
        if let Some(token) = token {
            headers.push(("app_key", self.app_id.clone()));
            headers.push(("authorization", ["Bearer ", token.reveal()].concat()));
        }
        let mut request = draft.request(self.base.as_str(), headers);
        request.secrets.extend(token.cloned());
        request.secrets.push(self.secret.clone());
        request
    }
}

/// Reads a token or an ID that becomes a header.
pub fn header_text(member: Member<'_>, longest: u32) -> Result<String, Problem> {
    member.checked(1..=longest, graphic)
}

/// Finds what no header can carry.
pub(crate) fn graphic(text: &str) -> Option<&'static str> {
    let odd = !text.bytes().all(|byte| byte.is_ascii_graphic());
    odd.then_some("has a character that no header can carry, expected visible ASCII")
}

/// A blank in an appId or a secret is nearly always a stray one, and the vendor's own SDK refuses it
/// as well.
fn unblank(text: &str) -> Option<&'static str> {
    let blank = text.chars().any(|character| is_blank(character) || character == '\u{feff}');
    blank.then_some("contains a blank or a line break; check for stray characters")
}

fn plain_header(text: &str) -> Option<&'static str> {
    unblank(text).or_else(|| graphic(text))
}

/// Whether it is one of Unicode's white space, which std looks up in a larger table.
const fn is_blank(character: char) -> bool {
    matches!(
        character,
        '\t'..='\r'
            | ' '
            | '\u{85}'
            | '\u{a0}'
            | '\u{1680}'
            | '\u{2000}'..='\u{200a}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{202f}'
            | '\u{205f}'
            | '\u{3000}'
    )
}

fn platform_port(member: &mut Member<'_>) -> Result<Option<Json>, Problem> {
    let value = member.take();
    let number = match &value {
        None => return Err(member.problem("is missing, expected a port, for example 8743")),
        Some(Json::Number(number)) => number_text(*number),
        _ => String::new(),
    };
    let (port, found) = match &value {
        Some(Json::Text(text)) => (text, "no number"),
        Some(Json::Number(_)) | None => (&number, number.as_str()),
        Some(other) => (&number, other.kind()),
    };
    if is_port(port) {
        return Ok(Some(port.as_str().into()));
    }
    Err(member.problem(&["is ", found, ", expected 1 to 65535"].concat()))
}

/// Reads an answer: the result, the platform's refusal, or why it is neither.
///
/// An `error_code` or `resultcode` in the body is a refusal whatever the status, 200 included.
pub fn decode(
    operation: &str,
    response: Response,
    secrets: &[Secret],
    answer: &Answer,
) -> Result<Json, Error> {
    decode::decoded(refusal(operation, &response, secrets), response, secrets, answer)
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
    Some(decode::refusal(&errors::ERRORS, operation, response, code, description, secrets))
}
