//! Tokens for MQTT clients: apply, query, revoke.
//!
//! [Reference](https://www.alibabacloud.com/help/en/apsaramq-for-mqtt/)

use crate::aliyun::device_credentials::{REQUEST_ID, REQUEST_ID_ALONE};
use crate::aliyun::{INSTANCE_ID, printable};
use crate::endpoint::Endpoint;
use crate::fields::{Kind, Member, Problem};
use crate::json::Json;
use crate::operation::{Answer, Card, Input, Output};
use crate::text;

/// The operations of this chapter.
pub const CHAPTER: &[Card] = &[APPLY_TOKEN, QUERY_TOKEN, REVOKE_TOKEN];

/// Longest token, in characters.
const MAX_TOKEN: u32 = 65_536;

/// Obtains a token for some topics. It ends at least 60 s and at most 30 days from now.
pub const APPLY_TOKEN: Card = Card::new(
    Endpoint::post("applyToken", "/"),
    &[
        Input::query("actions", "Actions", Kind::Own(actions)),
        Input::query("expireTime", "ExpireTime", MOMENT),
        Input::query("instanceId", "InstanceId", INSTANCE_ID),
        Input::query("resources", "Resources", Kind::Own(resources)),
    ],
    Answer::of(&[REQUEST_ID, Output::new("Token", "token", Kind::text(1..=MAX_TOKEN))])
        .with_secrets(&["token"]),
);

fn actions(member: &mut Member<'_>) -> Result<Option<Json>, Problem> {
    match member.maybe(&Kind::Word(&["R", "W", "R,W"]))? {
        None => Err(member.problem("is missing, expected R, W or R,W")),
        actions => Ok(actions),
    }
}

/// A moment, in milliseconds since 1970.
const MOMENT: Kind = Kind::Number(
    |time| time.fract() == 0.0 && time > 0.0,
    "is no moment, expected milliseconds since 1970 or a Date",
);

/// Reads topics: 1 to 100, sent sorted and joined by commas.
fn resources(member: &mut Member<'_>) -> Result<Option<Json>, Problem> {
    let list = member.take();
    let topics = match &list {
        Some(Json::List(values)) if matches!(values.len(), 1..=100) => sorted_topics(values),
        _ => None,
    };
    match topics {
        Some(topics) => Ok(Some(text::joined(&topics, ",").into())),
        None => Err(member.problem("is no array of 1 to 100 topics without commas")),
    }
}

fn sorted_topics(values: &[Json]) -> Option<Vec<&str>> {
    let mut topics = Vec::new();
    for value in values {
        let Json::Text(topic) = value else { return None };
        if topic.is_empty() || topic.bytes().any(|byte| byte == b',') || printable(topic).is_some()
        {
            return None;
        }
        let after = topics.iter().position(|other| *other > topic.as_str());
        topics.insert(after.unwrap_or(topics.len()), topic.as_str());
    }
    Some(topics)
}

/// A token that a request is about.
const TOKEN: &[Input] = &[
    Input::query("token", "Token", Kind::checked(1..=MAX_TOKEN, printable)).secret().last(),
    Input::query("instanceId", "InstanceId", INSTANCE_ID),
];

/// Asks whether a token is good.
pub const QUERY_TOKEN: Card = Card::new(
    Endpoint::post("queryToken", "/"),
    TOKEN,
    Answer::of(&[REQUEST_ID, Output::new("TokenStatus", "tokenStatus", Kind::Boolean)]),
);

/// Ends a token. The platform takes only five such calls a second.
pub const REVOKE_TOKEN: Card =
    Card::new(Endpoint::post("revokeToken", "/"), TOKEN, REQUEST_ID_ALONE);
