//! What is computed without I/O: requests to send, the readers of their answers, logins.

use std::rc::Rc;

use crate::address::Surroundings;
use crate::aliyun::{self, Credentials, OnsMqttConfig, mqtt_login};
use crate::catalogue::PLATFORMS;
use crate::error::Failure;
use crate::fields::{Fields, Problem};
use crate::huawei::authentication::{ANSWER, GetAuthToken, RefreshAuthToken};
use crate::huawei::{self, ClientInfo, header_text};
use crate::js::client::{Client, Known, draft, fixed_credentials, kept};
use crate::js::convert::{Given, Made};
use crate::js::fetch::stamp;
use crate::json::{Json, number_text};
use crate::options::CallOptions;
use crate::redact;
use crate::text::joined;

/// Makes what prepares requests of one application.
pub fn north_api_requests(given: &mut Given) -> Result<Made, Problem> {
    let surroundings = surroundings(given)?;
    let info = ClientInfo::read(given.fields("input", "clientInfo")?, &surroundings)?;
    Ok(kept(Rc::new(info)))
}

/// Makes what prepares requests of one account.
pub fn ons_mqtt_requests(given: &mut Given) -> Result<Made, Problem> {
    let surroundings = surroundings(given)?;
    let mut config = given.fields("input", "config")?;
    let credentials = fixed_credentials(&mut config)?;
    let config = OnsMqttConfig::read(config, &surroundings)?;
    Ok(kept(Rc::new((config, credentials))))
}

fn surroundings(given: &mut Given) -> Result<Surroundings, Problem> {
    let mut options = given.optional_fields("options")?;
    let insecure = options.member("allowInsecureHttp").maybe_boolean()?;
    options.close()?;
    Ok(Surroundings::new(given.text("origin"), insecure.unwrap_or(false)))
}

impl Client for ClientInfo {
    fn run(self: Rc<Self>, known: Known, given: &mut Given) -> Result<Made, Problem> {
        let mut token = None;
        let draft = if let Some(card) = known.card {
            let mut draft = draft(card, given)?;
            let options = CallOptions::read_for_request(given.fields("options", "options")?)?;
            token = options.access_token;
            draft.query("appId", options.app_id.as_deref());
            draft
        } else if known.name == GetAuthToken::ENDPOINT.operation {
            GetAuthToken::new(&self).draft()
        } else {
            let mut input = given.fields("input", "input")?;
            let renewal = RefreshAuthToken::read(&self, &mut input)?;
            input.close()?;
            renewal.draft()
        };
        Ok(Made::request(&self.request(&draft, token.as_ref())))
    }
}

/// Requests are signed with the nonce and the date of `signing` or of this moment.
impl Client for (OnsMqttConfig, Credentials) {
    fn run(self: Rc<Self>, known: Known, given: &mut Given) -> Result<Made, Problem> {
        let draft = draft(known.card()?, given)?;
        let mut signing = given.optional_fields("signing")?;
        let nonce = signing.member("nonce");
        let nonce = if nonce.is_present() { Some(header_text(nonce, 256)?) } else { None };
        let date = signing.member("date");
        let no_date = date.problem("is no moment, expected milliseconds since 1970 or a Date");
        let date = match date.json() {
            None => None,
            Some(Json::Number(date)) if date >= 0.0 => Some(date),
            Some(_) => return Err(no_date),
        };
        signing.close()?;
        let (config, credentials) = &*self;
        Ok(Made::request(&config.request(&draft, credentials, stamp(nonce, date))))
    }
}

/// Reads the answer to a prepared request.
pub fn decoded(known: Known, given: &mut Given) -> Result<Made, Failure> {
    let Known { name, card, is_ons_mqtt } = known;
    let answer = card.map_or(ANSWER, |card| card.answer);
    let secrets = given.secrets();
    let response = given.response();
    let decoded = if is_ons_mqtt {
        aliyun::decode(name, response, &secrets, &answer)
    } else {
        huawei::decode(name, response, &secrets, &answer)
    };
    match decoded {
        Ok(json) => Ok(Made::result(&json, answer.secrets)),
        Err(error) => Err(Failure::new(name, 0, error)),
    }
}

/// A text without secrets.
pub fn redacted(given: &mut Given) -> Result<Made, Problem> {
    let text = given.text("text").unwrap_or_default();
    Ok(Made::result(&redact::without(&text, &given.secrets()).into(), &[]))
}

/// What an MQTT client connects with. Further members are ignored, so that a credential may be passed
/// whole.
pub fn mqtt_password(
    given: &mut Given,
    login: fn(&mut Fields) -> Result<Json, Problem>,
) -> Result<Made, Problem> {
    Ok(Made::result(&login(&mut given.fields("input", "input")?)?, mqtt_login::SECRETS))
}

/// What of the catalogue is not in JavaScript, in words: a line for each entry.
pub fn catalogue(_: &mut Given) -> Result<Made, Problem> {
    let mut text = String::new();
    for (platform, catalogue) in PLATFORMS {
        for entry in catalogue.entries() {
            let status = number_text(f64::from(entry.status));
            let retryable = if entry.retryable { "true" } else { "" };
            let words = [platform, &status, entry.code, entry.action.as_str(), retryable];
            text.push_str(&joined(&words, " "));
            for operation in entry.operations() {
                text.push_str(&[" ", operation].concat());
            }
            text.push('\n');
        }
    }
    Ok(Made::result(&text.into(), &[]))
}
