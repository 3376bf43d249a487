//! Device management: register, new device key, activation status, delete.

use crate::endpoint::{AfterLoss, Endpoint};
use crate::fields::{Fields, MAX_INTEGER, Member, Problem};
use crate::json::Json;
use crate::operation::{Card, Operation, Output};
use crate::request::Draft;
use crate::types::Secret;

/// The operations of this chapter.
pub const CHAPTER: &[Card] = &[
    Card::of::<RegDirectDevice>(),
    Card::of::<RefreshDeviceKey>(),
    Card::of::<QueryDeviceStatus>(),
    Card::of::<DeleteDirectDevice>(),
];

/// Longest text that the platform's documentation allows, in characters.
const MAX_TEXT: usize = 256;

/// Registers a device, which then has `timeout` seconds to bind with the verification code.
///
/// Without a `verifyCode` of the caller's it must not be sent twice: the second answer would be that
/// the device is registered already.
/// [Reference](https://support.huaweicloud.com/intl/en-us/api-IoT/iot_06_0010.html)
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RegDirectDevice {
    node_id: String,
    key: Key,
    end_user_id: Option<String>,
    product_id: Option<String>,
    imsi: Option<String>,
    is_secure: Option<bool>,
    psk: Option<Secret>,
    device_info: Option<Json>,
}

impl Operation for RegDirectDevice {
    const ENDPOINT: Endpoint =
        Endpoint::post("regDirectDevice", "/iocm/app/reg/v1.1.0/deviceCredentials");
    type Output = RegDirectDeviceOutDto;

    fn read(input: &mut Fields) -> Result<Self, Problem> {
        Ok(Self {
            node_id: input.member("nodeId").text(1..=MAX_TEXT)?,
            key: Key::read(input)?,
            end_user_id: input.member("endUserId").nullable().maybe_text(1..=MAX_TEXT)?,
            product_id: input.member("productId").nullable().maybe_text(1..=MAX_TEXT)?,
            imsi: input.member("imsi").nullable().maybe_text(1..=64)?,
            is_secure: input.member("isSecure").nullable().maybe_boolean()?,
            psk: pre_shared_key(input.member("psk"))?,
            device_info: input.member("deviceInfo").nullable().maybe_object()?,
        })
    }

    fn draft(&self) -> Draft {
        let body = Json::object([
            ("nodeId", Some(self.node_id.as_str().into())),
            ("verifyCode", self.key.verify_code()),
            ("timeout", self.key.timeout.map(Json::from)),
            ("endUserId", self.end_user_id.as_deref().map(Json::from)),
            ("productId", self.product_id.as_deref().map(Json::from)),
            ("imsi", self.imsi.as_deref().map(Json::from)),
            ("isSecure", self.is_secure.map(Json::from)),
            ("psk", self.psk.as_ref().map(|psk| psk.reveal().into())),
            ("deviceInfo", self.device_info.clone()),
        ]);
        // With a code of the caller's the second answer says the same as the lost one.
        let after_loss = match self.key.verify_code {
            Some(_) => AfterLoss::SendAgain,
            None => AfterLoss::Unknown("look for the nodeId among the application's devices"),
        };
        Draft::new(Self::ENDPOINT)
            .json(&body)
            .secret(self.key.verify_code.as_ref())
            .secret(self.psk.as_ref())
            .if_lost(after_loss)
    }
}

/// A pre-shared key: 8 to 32 hexadecimal digits.
fn pre_shared_key(member: Member) -> Result<Option<Secret>, Problem> {
    let not_hex = member.problem("has other characters than hexadecimal digits");
    let psk = member.nullable().maybe_text(8..=32)?;
    match psk {
        Some(psk) if !psk.bytes().all(|byte| byte.is_ascii_hexdigit()) => Err(not_hex),
        psk => Ok(psk.map(Secret::new)),
    }
}

/// A new registration.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RegDirectDeviceOutDto {
    /// The device, as the platform calls it from now on.
    pub device_id: String,
    /// With it the device obtains its ID and password.
    pub verify_code: Secret,
    /// Seconds within which the device must bind; 0: no limit.
    pub timeout: u32,
    /// The pre-shared key, if the platform gave one.
    pub psk: Option<Secret>,
}

impl Output for RegDirectDeviceOutDto {
    const SECRETS: &'static [&'static str] = &["verifyCode", "psk"];

    fn read(answer: &mut Fields) -> Result<Self, Problem> {
        Ok(Self {
            device_id: answer.member("deviceId").text(1..=MAX_TEXT)?,
            verify_code: Secret::new(answer.member("verifyCode").text(0..=MAX_TEXT)?),
            timeout: answer.member("timeout").integer(0..=MAX_INTEGER)?,
            psk: answer.member("psk").nullable().maybe_text(0..=MAX_TEXT)?.map(Secret::new),
        })
    }

    fn into_json(self) -> Json {
        Json::object([
            ("deviceId", Some(self.device_id.into())),
            ("verifyCode", Some(self.verify_code.reveal().into())),
            ("timeout", Some(self.timeout.into())),
            ("psk", self.psk.map(|psk| psk.reveal().into())),
        ])
    }
}

/// Gives a registered device that is offline a new verification code, and a new node ID if one is set.
///
/// [Reference](https://support.huaweicloud.com/intl/en-us/api-IoT/iot_06_0012.html)
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RefreshDeviceKey {
    device_id: String,
    node_id: Option<String>,
    key: Key,
}

impl Operation for RefreshDeviceKey {
    const ENDPOINT: Endpoint =
        Endpoint::put("refreshDeviceKey", "/iocm/app/reg/v1.1.0/deviceCredentials/{deviceId}");
    type Output = RefreshDeviceKeyOutDto;

    fn read(input: &mut Fields) -> Result<Self, Problem> {
        Ok(Self {
            device_id: device_id(input)?,
            key: Key::read(input)?,
            node_id: input.member("nodeId").nullable().maybe_text(1..=MAX_TEXT)?,
        })
    }

    fn draft(&self) -> Draft {
        let body = Json::object([
            ("verifyCode", self.key.verify_code()),
            ("nodeId", self.node_id.as_deref().map(Json::from)),
            ("timeout", self.key.timeout.map(Json::from)),
        ]);
        Draft::new(Self::ENDPOINT)
            .path("deviceId", &self.device_id)
            .json(&body)
            .secret(self.key.verify_code.as_ref())
    }
}

/// A new verification code.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RefreshDeviceKeyOutDto {
    /// With it the device obtains its ID and password.
    pub verify_code: Secret,
    /// Seconds within which the device must connect; 0: no limit.
    pub timeout: u32,
}

impl Output for RefreshDeviceKeyOutDto {
    const SECRETS: &'static [&'static str] = &["verifyCode"];

    fn read(answer: &mut Fields) -> Result<Self, Problem> {
        Ok(Self {
            verify_code: Secret::new(answer.member("verifyCode").text(0..=MAX_TEXT)?),
            timeout: answer.member("timeout").integer(0..=MAX_INTEGER)?,
        })
    }

    fn into_json(self) -> Json {
        Json::object([
            ("verifyCode", Some(self.verify_code.reveal().into())),
            ("timeout", Some(self.timeout.into())),
        ])
    }
}

/// Asks whether a device has ever connected.
///
/// [Reference](https://support.huaweicloud.com/intl/en-us/api-IoT/iot_06_0016.html)
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct QueryDeviceStatus {
    device_id: String,
}

impl Operation for QueryDeviceStatus {
    const ENDPOINT: Endpoint =
        Endpoint::get("queryDeviceStatus", "/iocm/app/reg/v1.1.0/deviceCredentials/{deviceId}");
    type Output = QueryDeviceStatusOutDto;

    fn read(input: &mut Fields) -> Result<Self, Problem> {
        Ok(Self { device_id: device_id(input)? })
    }

    fn draft(&self) -> Draft {
        Draft::new(Self::ENDPOINT).path("deviceId", &self.device_id)
    }
}

/// Whether a device has ever connected.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct QueryDeviceStatusOutDto {
    /// The device.
    pub device_id: String,
    /// False until it connects for the first time, then true for good.
    pub activated: bool,
    /// Its name, if it has one.
    pub name: Option<String>,
}

impl Output for QueryDeviceStatusOutDto {
    fn read(answer: &mut Fields) -> Result<Self, Problem> {
        Ok(Self {
            device_id: answer.member("deviceId").text(0..=MAX_TEXT)?,
            activated: answer.member("activated").boolean()?,
            name: answer.member("name").nullable().maybe_text(0..=usize::MAX)?,
        })
    }

    fn into_json(self) -> Json {
        Json::object([
            ("deviceId", Some(self.device_id.into())),
            ("activated", Some(self.activated.into())),
            ("name", Some(self.name.map_or(Json::Null, Json::from))),
        ])
    }
}

/// Deletes a registration. An unknown device is refused with 404 / 100418, not 100403, as observed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DeleteDirectDevice {
    device_id: String,
    cascade: Option<bool>,
}

impl Operation for DeleteDirectDevice {
    const ENDPOINT: Endpoint =
        Endpoint::delete("deleteDirectDevice", "/iocm/app/dm/v1.4.0/devices/{deviceId}");
    type Output = ();

    fn read(input: &mut Fields) -> Result<Self, Problem> {
        Ok(Self { device_id: device_id(input)?, cascade: input.member("cascade").maybe_boolean()? })
    }

    fn draft(&self) -> Draft {
        Draft::new(Self::ENDPOINT)
            .path("deviceId", &self.device_id)
            .query("cascade", self.cascade.map(|yes| if yes { "true" } else { "false" }))
            .if_lost(AfterLoss::Gone)
    }
}

/// Reads the device that an operation is about.
///
/// `.` and `..` are refused, because every URL parser removes them, encoded or not, and the request
/// would reach another path.
fn device_id(input: &mut Fields) -> Result<String, Problem> {
    let member = input.member("deviceId");
    let dots = member.problem("is a path of dots, which every URL parser removes");
    let device_id = member.text(1..=MAX_TEXT)?;
    if matches!(device_id.as_str(), "." | "..") {
        return Err(dots);
    }
    Ok(device_id)
}

/// What registration and key refresh have in common: the verification code and its life.
#[derive(Clone, Debug)]
struct Key {
    verify_code: Option<Secret>,
    timeout: Option<u32>,
}

impl Key {
    fn read(input: &mut Fields) -> Result<Self, Problem> {
        let verify_code = input.member("verifyCode").nullable().maybe_text(1..=MAX_TEXT)?;
        Ok(Self {
            verify_code: verify_code.map(Secret::new),
            timeout: input.member("timeout").nullable().maybe_integer(0..=MAX_INTEGER)?,
        })
    }

    fn verify_code(&self) -> Option<Json> {
        self.verify_code.as_ref().map(|code| code.reveal().into())
    }
}

#[cfg(target_arch = "wasm32")]
mod js {
    use js_sys::Promise;
    use wasm_bindgen::prelude::*;

    use super::{DeleteDirectDevice, QueryDeviceStatus, RefreshDeviceKey, RegDirectDevice};
    use crate::js::client::NorthApiClient;
    use crate::js::requests::NorthApiRequests;
    use crate::operation::Card;

    #[wasm_bindgen]
    impl NorthApiClient {
        /// Registers a device.
        #[wasm_bindgen(js_name = regDirectDevice)]
        pub fn reg_direct_device(
            &self,
            input: JsValue,
            options: JsValue,
            aborted: Option<Promise>,
        ) -> Promise {
            self.call(Card::of::<RegDirectDevice>(), input, options, aborted)
        }

        /// Gives a registered device that is offline a new verification code.
        #[wasm_bindgen(js_name = refreshDeviceKey)]
        pub fn refresh_device_key(
            &self,
            input: JsValue,
            options: JsValue,
            aborted: Option<Promise>,
        ) -> Promise {
            self.call(Card::of::<RefreshDeviceKey>(), input, options, aborted)
        }

        /// Asks whether a device has ever connected.
        #[wasm_bindgen(js_name = queryDeviceStatus)]
        pub fn query_device_status(
            &self,
            input: JsValue,
            options: JsValue,
            aborted: Option<Promise>,
        ) -> Promise {
            self.call(Card::of::<QueryDeviceStatus>(), input, options, aborted)
        }

        /// Deletes a registration.
        #[wasm_bindgen(js_name = deleteDirectDevice)]
        pub fn delete_direct_device(
            &self,
            input: JsValue,
            options: JsValue,
            aborted: Option<Promise>,
        ) -> Promise {
            self.call(Card::of::<DeleteDirectDevice>(), input, options, aborted)
        }
    }

    #[wasm_bindgen]
    impl NorthApiRequests {
        /// Registers a device.
        #[wasm_bindgen(js_name = regDirectDevice)]
        pub fn reg_direct_device(
            &self,
            input: JsValue,
            options: JsValue,
        ) -> Result<JsValue, JsValue> {
            self.prepare(Card::of::<RegDirectDevice>(), input, options)
        }

        /// Gives a registered device that is offline a new verification code.
        #[wasm_bindgen(js_name = refreshDeviceKey)]
        pub fn refresh_device_key(
            &self,
            input: JsValue,
            options: JsValue,
        ) -> Result<JsValue, JsValue> {
            self.prepare(Card::of::<RefreshDeviceKey>(), input, options)
        }

        /// Asks whether a device has ever connected.
        #[wasm_bindgen(js_name = queryDeviceStatus)]
        pub fn query_device_status(
            &self,
            input: JsValue,
            options: JsValue,
        ) -> Result<JsValue, JsValue> {
            self.prepare(Card::of::<QueryDeviceStatus>(), input, options)
        }

        /// Deletes a registration.
        #[wasm_bindgen(js_name = deleteDirectDevice)]
        pub fn delete_direct_device(
            &self,
            input: JsValue,
            options: JsValue,
        ) -> Result<JsValue, JsValue> {
            self.prepare(Card::of::<DeleteDirectDevice>(), input, options)
        }
    }
}
