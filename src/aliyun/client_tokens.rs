//! Tokens for MQTT clients: apply, query, revoke.
//!
//! [Reference](https://www.alibabacloud.com/help/en/apsaramq-for-mqtt/)

use crate::aliyun::device_credentials::RequestIdOutDto;
use crate::aliyun::{choice, instance_id, visible_text};
use crate::endpoint::Endpoint;
use crate::fields::{Fields, Member, Problem};
use crate::json::{Json, number_text};
use crate::operation::{Card, Operation, Output};
use crate::request::Draft;
use crate::types::Secret;

/// The operations of this chapter.
pub const CHAPTER: &[Card] =
    &[Card::of::<ApplyToken>(), Card::of::<QueryToken>(), Card::of::<RevokeToken>()];

/// What a token may allow, as the platform spells it.
const ACTIONS: [&str; 3] = ["R", "W", "R,W"];

/// Obtains a token for some topics. It ends at least 60 s and at most 30 days from now.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ApplyToken {
    instance_id: String,
    resources: String,
    actions: &'static str,
    expire_time: f64,
}

impl Operation for ApplyToken {
    const ENDPOINT: Endpoint = Endpoint::post("applyToken", "/");
    type Output = ApplyTokenOutDto;

    fn read(input: &mut Fields) -> Result<Self, Problem> {
        let actions = input.member("actions");
        let missing = actions.problem("is missing, expected R, W or R,W");
        let actions = choice(actions, &ACTIONS)?.and_then(|at| ACTIONS.get(at).copied());
        let expire = input.member("expireTime");
        let no_time = expire.problem("is no moment, expected milliseconds since 1970 or a Date");
        let expire_time = match expire.json() {
            Some(Json::Number(time)) if time.fract() == 0.0 && time > 0.0 => time,
            _ => return Err(no_time),
        };
        Ok(Self {
            instance_id: instance_id(input)?,
            resources: resources(input.member("resources"))?,
            actions: actions.ok_or(missing)?,
            expire_time,
        })
    }

    fn draft(&self) -> Draft {
        Draft::new(Self::ENDPOINT)
            .query("Actions", Some(self.actions))
            .query("ExpireTime", Some(&number_text(self.expire_time)))
            .query("InstanceId", Some(&self.instance_id))
            .query("Resources", Some(&self.resources))
    }
}

/// Reads topics: 1 to 100, sent sorted and joined by commas.
fn resources(member: Member) -> Result<String, Problem> {
    let wrong = member.problem("is no array of 1 to 100 topics without commas");
    let Some(Json::List(values)) = member.json() else { return Err(wrong) };
    if !(1..=100).contains(&values.len()) {
        return Err(wrong);
    }
    let mut topics = Vec::new();
    for value in values {
        let Json::Text(topic) = value else { return Err(wrong) };
        if topic.is_empty() || topic.contains(',') || topic.contains(char::is_control) {
            return Err(wrong);
        }
        topics.push(topic);
    }
    topics.sort_unstable();
    Ok(topics.join(","))
}

/// A new token.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ApplyTokenOutDto {
    /// The platform's name of the request.
    pub request_id: String,
    /// The token.
    pub token: Secret,
}

impl Output for ApplyTokenOutDto {
    const SECRETS: &'static [&'static str] = &["token"];

    fn read(answer: &mut Fields) -> Result<Self, Problem> {
        Ok(Self {
            request_id: answer.member("RequestId").text(0..=256)?,
            token: Secret::new(answer.member("Token").text(1..=65_536)?),
        })
    }

    fn into_json(self) -> Json {
        Json::object([
            ("requestId", Some(self.request_id.into())),
            ("token", Some(self.token.reveal().into())),
        ])
    }
}

/// A token that a request is about.
#[derive(Clone, Debug)]
struct TokenRef {
    instance_id: String,
    token: Secret,
}

impl TokenRef {
    fn read(input: &mut Fields) -> Result<Self, Problem> {
        let token = Secret::new(visible_text(input.member("token"), 1..=65_536)?);
        Ok(Self { instance_id: instance_id(input)?, token })
    }

    fn draft(&self, endpoint: Endpoint) -> Draft {
        Draft::new(endpoint)
            .query("InstanceId", Some(&self.instance_id))
            .query("Token", Some(self.token.reveal()))
            .secret(Some(&self.token))
    }
}

/// Asks whether a token is good.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct QueryToken(TokenRef);

impl Operation for QueryToken {
    const ENDPOINT: Endpoint = Endpoint::post("queryToken", "/");
    type Output = QueryTokenOutDto;

    fn read(input: &mut Fields) -> Result<Self, Problem> {
        TokenRef::read(input).map(Self)
    }

    fn draft(&self) -> Draft {
        self.0.draft(Self::ENDPOINT)
    }
}

/// Whether a token is good.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct QueryTokenOutDto {
    /// The platform's name of the request.
    pub request_id: String,
    /// Whether it is good.
    pub token_status: bool,
}

impl Output for QueryTokenOutDto {
    fn read(answer: &mut Fields) -> Result<Self, Problem> {
        Ok(Self {
            request_id: answer.member("RequestId").text(0..=256)?,
            token_status: answer.member("TokenStatus").boolean()?,
        })
    }

    fn into_json(self) -> Json {
        Json::object([
            ("requestId", Some(self.request_id.into())),
            ("tokenStatus", Some(self.token_status.into())),
        ])
    }
}

/// Ends a token. The platform takes only five such calls a second.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RevokeToken(TokenRef);

impl Operation for RevokeToken {
    const ENDPOINT: Endpoint = Endpoint::post("revokeToken", "/");
    type Output = RequestIdOutDto;

    fn read(input: &mut Fields) -> Result<Self, Problem> {
        TokenRef::read(input).map(Self)
    }

    fn draft(&self) -> Draft {
        self.0.draft(Self::ENDPOINT)
    }
}

#[cfg(target_arch = "wasm32")]
mod js {
    use js_sys::Promise;
    use wasm_bindgen::prelude::*;

    use super::{ApplyToken, QueryToken, RevokeToken};
    use crate::js::client::OnsMqttClient;
    use crate::js::requests::OnsMqttRequests;
    use crate::operation::Card;

    #[wasm_bindgen]
    impl OnsMqttClient {
        /// Obtains a token for some topics.
        #[wasm_bindgen(js_name = applyToken)]
        pub fn apply_token(
            &self,
            input: JsValue,
            options: JsValue,
            aborted: Option<Promise>,
        ) -> Promise {
            self.call(Card::of::<ApplyToken>(), input, options, aborted)
        }

        /// Asks whether a token is good.
        #[wasm_bindgen(js_name = queryToken)]
        pub fn query_token(
            &self,
            input: JsValue,
            options: JsValue,
            aborted: Option<Promise>,
        ) -> Promise {
            self.call(Card::of::<QueryToken>(), input, options, aborted)
        }

        /// Ends a token.
        #[wasm_bindgen(js_name = revokeToken)]
        pub fn revoke_token(
            &self,
            input: JsValue,
            options: JsValue,
            aborted: Option<Promise>,
        ) -> Promise {
            self.call(Card::of::<RevokeToken>(), input, options, aborted)
        }
    }

    #[wasm_bindgen]
    impl OnsMqttRequests {
        /// Obtains a token for some topics.
        #[wasm_bindgen(js_name = applyToken)]
        pub fn apply_token(&self, input: JsValue, signing: JsValue) -> Result<JsValue, JsValue> {
            self.prepare(Card::of::<ApplyToken>(), input, signing)
        }

        /// Asks whether a token is good.
        #[wasm_bindgen(js_name = queryToken)]
        pub fn query_token(&self, input: JsValue, signing: JsValue) -> Result<JsValue, JsValue> {
            self.prepare(Card::of::<QueryToken>(), input, signing)
        }

        /// Ends a token.
        #[wasm_bindgen(js_name = revokeToken)]
        pub fn revoke_token(&self, input: JsValue, signing: JsValue) -> Result<JsValue, JsValue> {
            self.prepare(Card::of::<RevokeToken>(), input, signing)
        }
    }
}
