//! Credentials of single devices: register, get, refresh, unregister, list.
//!
//! [Reference](https://www.alibabacloud.com/help/en/apsaramq-for-mqtt/)

use crate::aliyun::{INSTANCE_ID, client_id, printable};
use crate::endpoint::{AfterLoss, Endpoint};
use crate::fields::{Kind, Member, Problem};
use crate::json::Json;
use crate::operation::{Answer, Card, Input, Output};

/// The operations of this chapter.
pub const CHAPTER: &[Card] = &[
    REGISTER_DEVICE_CREDENTIAL,
    GET_DEVICE_CREDENTIAL,
    REFRESH_DEVICE_CREDENTIAL,
    UN_REGISTER_DEVICE_CREDENTIAL,
    LIST_DEVICE_CREDENTIAL_CLIENT_ID,
];

/// A device, as the platform knows it.
const DEVICE: &[Input] = &[
    Input::query("clientId", "ClientId", Kind::checked(1..=64, client_id)),
    Input::query("instanceId", "InstanceId", INSTANCE_ID),
];

/// The platform's name of the request.
pub(super) const REQUEST_ID: Output = Output::new("RequestId", "requestId", Kind::text(0..=256));

/// An answer that brings nothing else.
pub(super) const REQUEST_ID_ALONE: Answer = Answer::of(&[REQUEST_ID]);

const TEXT: Kind = Kind::text(1..=1024);

/// A device's credential. Times are milliseconds since the Unix epoch.
const CREDENTIAL: Answer = Answer::of(&[
    REQUEST_ID,
    Output::object(
        "DeviceCredential",
        "deviceCredential",
        &[
            Output::new("ClientId", "clientId", TEXT),
            Output::new("InstanceId", "instanceId", TEXT),
            Output::new("DeviceAccessKeyId", "deviceAccessKeyId", TEXT),
            Output::new("DeviceAccessKeySecret", "deviceAccessKeySecret", TEXT),
            Output::new("CreateTime", "createTime", NUMBER),
            Output::new("UpdateTime", "updateTime", NUMBER),
        ],
    ),
])
.with_secrets(&["deviceCredential.deviceAccessKeySecret"]);

/// Registers a credential for a device that has none.
///
/// Documents disagree about registering twice: a newer credential, or `DeviceCredentialExsit`.
pub const REGISTER_DEVICE_CREDENTIAL: Card =
    Card::new(Endpoint::post("registerDeviceCredential", "/"), DEVICE, CREDENTIAL)
        .if_lost(AfterLoss::Find);

/// Reads a device's credential, its secret included.
pub const GET_DEVICE_CREDENTIAL: Card =
    Card::new(Endpoint::post("getDeviceCredential", "/"), DEVICE, CREDENTIAL);

/// Gives a device a new credential, which ends the former one for new connections.
pub const REFRESH_DEVICE_CREDENTIAL: Card =
    Card::new(Endpoint::post("refreshDeviceCredential", "/"), DEVICE, CREDENTIAL)
        .if_lost(AfterLoss::Compare);

/// Removes a device's credential. Connections that are up stay up.
pub const UN_REGISTER_DEVICE_CREDENTIAL: Card =
    Card::new(Endpoint::post("unRegisterDeviceCredential", "/"), DEVICE, REQUEST_ID_ALONE)
        .if_lost(AfterLoss::Gone);

/// Lists the client IDs of a group that have a credential, a page at a time; never their secrets.
///
/// `total` counts the client IDs of all pages, `pageNo` begins at 1, `pageSize` is that of a full page;
/// `nextToken` asks for the next page, if the platform pages that way.
pub const LIST_DEVICE_CREDENTIAL_CLIENT_ID: Card = Card::new(
    Endpoint::post("listDeviceCredentialClientId", "/"),
    &[
        Input::query("groupId", "GroupId", Kind::checked(1..=64, printable)),
        Input::query("nextToken", "NextToken", Kind::checked(1..=4096, printable))
            .optional()
            .last(),
        Input::query("instanceId", "InstanceId", INSTANCE_ID),
        Input::query("pageSize", "PageSize", Kind::Own(page_size)),
        Input::query("pageNo", "PageNo", Kind::integer(1..=u32::MAX)).optional(),
    ],
    Answer::of(&[
        REQUEST_ID,
        Output::object(
            "DeviceCredentialClientIdList",
            "",
            &[
                Output::new("Total", "total", NUMBER),
                Output::new("PageNo", "pageNo", NUMBER),
                Output::new("PageSize", "pageSize", NUMBER),
                Output::new("NextToken", "nextToken", Kind::Own(next_token)),
                Output::new("ClientIdList", "clientIds", Kind::Own(texts)),
            ],
        ),
    ]),
);

/// Reads how many client IDs a page has: 100 if nothing is said.
fn page_size(member: &mut Member<'_>) -> Result<Option<Json>, Problem> {
    let size = member.maybe(&Kind::integer(1..=100))?;
    Ok(Some(size.unwrap_or(Json::Number(100.0))))
}

/// Reads what asks for the next page; nothing where it is empty.
fn next_token(member: &mut Member<'_>) -> Result<Option<Json>, Problem> {
    member.drop_null();
    let token = member.maybe(&Kind::text(0..=4096))?;
    Ok(token.filter(|token| !matches!(token, Json::Text(text) if text.is_empty())))
}

/// A number, which the platform writes as one or as text.
const NUMBER: Kind = Kind::Own(number);

fn number(member: &mut Member<'_>) -> Result<Option<Json>, Problem> {
    let number = match member.take() {
        Some(Json::Number(number)) => Some(number),
        // Counts and page numbers; more than four thousand million of them there cannot be.
        Some(Json::Text(text)) => text.parse::<u32>().ok().map(f64::from),
        _ => None,
    };
    match number {
        Some(number) if number.fract() == 0.0 && number >= 0.0 => Ok(Some(Json::Number(number))),
        _ => Err(member.problem("is no whole number")),
    }
}

fn texts(member: &mut Member<'_>) -> Result<Option<Json>, Problem> {
    match member.take() {
        Some(Json::List(values)) if values.iter().all(|value| matches!(value, Json::Text(_))) => {
            Ok(Some(Json::List(values)))
        }
        _ => Err(member.problem("is no array of strings")),
    }
}
