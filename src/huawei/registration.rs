//! Device management: register, new device key, activation status, delete.

use crate::endpoint::{AfterLoss, Endpoint};
use crate::fields::{Kind, MAX_INTEGER};
use crate::operation::{Answer, Card, Input, Output};

/// The operations of this chapter.
pub const CHAPTER: &[Card] =
    &[REG_DIRECT_DEVICE, REFRESH_DEVICE_KEY, QUERY_DEVICE_STATUS, DELETE_DIRECT_DEVICE];

/// Longest text that the platform's documentation allows, in characters.
const MAX_TEXT: u32 = 256;

const TEXT: Kind = Kind::text(1..=MAX_TEXT);

/// The same in an answer, where it may be empty.
const ANY_TEXT: Kind = Kind::text(0..=MAX_TEXT);

/// Seconds within which a device must bind or connect; 0: no limit.
const SECONDS: Kind = Kind::integer(0..=MAX_INTEGER);

/// The device that an operation is about.
const DEVICE_ID: Input = Input::path("deviceId", Kind::checked(1..=MAX_TEXT, not_dots));

/// With it the device obtains its ID and password.
const VERIFY_CODE: Input = Input::body("verifyCode", TEXT).nullable().secret();

const TIMEOUT: Input = Input::body("timeout", SECONDS).nullable();

/// Registers a device, which then has `timeout` seconds to bind with the verification code.
///
/// Without a `verifyCode` of the caller's it must not be sent twice: the second answer would be that
/// the device is registered already.
/// [Reference](https://support.huaweicloud.com/intl/en-us/api-IoT/iot_06_0010.html)
pub const REG_DIRECT_DEVICE: Card = Card::new(
    Endpoint::post("regDirectDevice", "/iocm/app/reg/v1.1.0/deviceCredentials"),
    &[
        Input::body("nodeId", TEXT),
        VERIFY_CODE.repeatable(),
        TIMEOUT,
        Input::body("endUserId", TEXT).nullable(),
        Input::body("productId", TEXT).nullable(),
        Input::body("imsi", Kind::text(1..=64)).nullable(),
        Input::body("isSecure", Kind::Boolean).nullable(),
        Input::body("psk", Kind::checked(8..=32, hexadecimal)).nullable().secret(),
        Input::body("deviceInfo", Kind::Object).nullable(),
    ],
    Answer::of(&[
        Output::same("deviceId", TEXT),
        Output::same("verifyCode", ANY_TEXT),
        Output::same("timeout", SECONDS),
        Output::same("psk", ANY_TEXT).nullable(),
    ])
    .with_secrets(&["verifyCode", "psk"]),
)
.if_lost(AfterLoss::Unknown("look for the nodeId among the application's devices"));

/// Gives a registered device that is offline a new verification code, and a new node ID if one is set.
///
/// [Reference](https://support.huaweicloud.com/intl/en-us/api-IoT/iot_06_0012.html)
pub const REFRESH_DEVICE_KEY: Card = Card::new(
    Endpoint::put("refreshDeviceKey", "/iocm/app/reg/v1.1.0/deviceCredentials/{deviceId}"),
    &[DEVICE_ID, VERIFY_CODE, TIMEOUT.last(), Input::body("nodeId", TEXT).nullable()],
    Answer::of(&[Output::same("verifyCode", ANY_TEXT), Output::same("timeout", SECONDS)])
        .with_secrets(&["verifyCode"]),
);

/// Asks whether a device has ever connected: `activated` is false until it connects for the first
/// time, then true for good.
///
/// [Reference](https://support.huaweicloud.com/intl/en-us/api-IoT/iot_06_0016.html)
pub const QUERY_DEVICE_STATUS: Card = Card::new(
    Endpoint::get("queryDeviceStatus", "/iocm/app/reg/v1.1.0/deviceCredentials/{deviceId}"),
    &[DEVICE_ID],
    Answer::of(&[
        Output::same("deviceId", ANY_TEXT),
        Output::same("activated", Kind::Boolean),
        Output::same("name", Kind::text(0..=u32::MAX)).or_null(),
    ]),
);

/// Deletes a registration. An unknown device is refused with 404 / 100418, not 100403, as observed.
pub const DELETE_DIRECT_DEVICE: Card = Card::new(
    Endpoint::delete("deleteDirectDevice", "/iocm/app/dm/v1.4.0/devices/{deviceId}"),
    &[DEVICE_ID, Input::query("cascade", "cascade", Kind::Boolean).optional()],
    Answer::NONE,
)
.if_lost(AfterLoss::Gone);

/// `.` and `..` are refused, because every URL parser removes them, encoded or not, and the request
/// would reach another path.
fn not_dots(device_id: &str) -> Option<&'static str> {
    let dots = matches!(device_id, "." | "..");
    dots.then_some("is a path of dots, which every URL parser removes")
}

fn hexadecimal(key: &str) -> Option<&'static str> {
    let digits = key.bytes().all(|byte| byte.is_ascii_hexdigit());
    (!digits).then_some("has other characters than hexadecimal digits")
}
