//! Credentials of single devices: register, get, refresh, unregister, list.
//!
//! [Reference](https://www.alibabacloud.com/help/en/apsaramq-for-mqtt/)

use crate::aliyun::{client_id, instance_id, visible_text};
use crate::endpoint::{AfterLoss, Endpoint};
use crate::fields::{Fields, Member, Problem};
use crate::json::Json;
use crate::operation::{Card, Operation, Output};
use crate::request::Draft;
use crate::types::Secret;

/// The operations of this chapter.
pub const CHAPTER: &[Card] = &[
    Card::of::<RegisterDeviceCredential>(),
    Card::of::<GetDeviceCredential>(),
    Card::of::<RefreshDeviceCredential>(),
    Card::of::<UnRegisterDeviceCredential>(),
    Card::of::<ListDeviceCredentialClientId>(),
];

/// A device, as the platform knows it.
#[derive(Clone, Debug)]
struct DeviceRef {
    client_id: String,
    instance_id: String,
}

impl DeviceRef {
    fn read(input: &mut Fields) -> Result<Self, Problem> {
        Ok(Self { client_id: client_id(input)?, instance_id: instance_id(input)? })
    }

    fn draft(&self, endpoint: Endpoint) -> Draft {
        Draft::new(endpoint)
            .query("ClientId", Some(&self.client_id))
            .query("InstanceId", Some(&self.instance_id))
    }
}

/// Registers a credential for a device that has none.
///
/// Documents disagree about registering twice: a newer credential, or `DeviceCredentialExsit`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RegisterDeviceCredential(DeviceRef);

impl Operation for RegisterDeviceCredential {
    const ENDPOINT: Endpoint = Endpoint::post("registerDeviceCredential", "/");
    type Output = DeviceCredentialOutDto;

    fn read(input: &mut Fields) -> Result<Self, Problem> {
        DeviceRef::read(input).map(Self)
    }

    fn draft(&self) -> Draft {
        self.0.draft(Self::ENDPOINT).if_lost(AfterLoss::Find)
    }
}

/// Reads a device's credential, its secret included.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct GetDeviceCredential(DeviceRef);

impl Operation for GetDeviceCredential {
    const ENDPOINT: Endpoint = Endpoint::post("getDeviceCredential", "/");
    type Output = DeviceCredentialOutDto;

    fn read(input: &mut Fields) -> Result<Self, Problem> {
        DeviceRef::read(input).map(Self)
    }

    fn draft(&self) -> Draft {
        self.0.draft(Self::ENDPOINT)
    }
}

/// Gives a device a new credential, which ends the former one for new connections.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RefreshDeviceCredential(DeviceRef);

impl Operation for RefreshDeviceCredential {
    const ENDPOINT: Endpoint = Endpoint::post("refreshDeviceCredential", "/");
    type Output = DeviceCredentialOutDto;

    fn read(input: &mut Fields) -> Result<Self, Problem> {
        DeviceRef::read(input).map(Self)
    }

    fn draft(&self) -> Draft {
        self.0.draft(Self::ENDPOINT).if_lost(AfterLoss::Compare)
    }
}

/// Removes a device's credential. Connections that are up stay up.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct UnRegisterDeviceCredential(DeviceRef);

impl Operation for UnRegisterDeviceCredential {
    const ENDPOINT: Endpoint = Endpoint::post("unRegisterDeviceCredential", "/");
    type Output = RequestIdOutDto;

    fn read(input: &mut Fields) -> Result<Self, Problem> {
        DeviceRef::read(input).map(Self)
    }

    fn draft(&self) -> Draft {
        self.0.draft(Self::ENDPOINT).if_lost(AfterLoss::Gone)
    }
}

/// Lists the client IDs of a group that have a credential, a page at a time; never their secrets.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ListDeviceCredentialClientId {
    group_id: String,
    instance_id: String,
    page_size: u32,
    page_no: Option<u32>,
    next_token: Option<String>,
}

impl Operation for ListDeviceCredentialClientId {
    const ENDPOINT: Endpoint = Endpoint::post("listDeviceCredentialClientId", "/");
    type Output = ClientIdPage;

    fn read(input: &mut Fields) -> Result<Self, Problem> {
        let group_id = visible_text(input.member("groupId"), 1..=64)?;
        let next_token = input.member("nextToken");
        let next_token =
            if next_token.is_present() { Some(visible_text(next_token, 1..=4096)?) } else { None };
        Ok(Self {
            group_id,
            instance_id: instance_id(input)?,
            page_size: input.member("pageSize").maybe_integer(1..=100)?.unwrap_or(100),
            page_no: input.member("pageNo").maybe_integer(1..=u32::MAX)?,
            next_token,
        })
    }

    fn draft(&self) -> Draft {
        Draft::new(Self::ENDPOINT)
            .query("GroupId", Some(&self.group_id))
            .query("InstanceId", Some(&self.instance_id))
            .query("PageSize", Some(&self.page_size.to_string()))
            .query("PageNo", self.page_no.map(|number| number.to_string()).as_deref())
            .query("NextToken", self.next_token.as_deref())
    }
}

/// A device's credential, and the platform's name of the request that brought it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct DeviceCredentialOutDto {
    /// The platform's name of the request.
    pub request_id: String,
    /// The device.
    pub client_id: String,
    /// The instance that it belongs to.
    pub instance_id: String,
    /// The ID of its key.
    pub device_access_key_id: String,
    /// Its key.
    pub device_access_key_secret: Secret,
    /// Milliseconds since the Unix epoch.
    pub create_time: f64,
    /// Milliseconds since the Unix epoch.
    pub update_time: f64,
}

impl Output for DeviceCredentialOutDto {
    const SECRETS: &'static [&'static str] = &["deviceCredential.deviceAccessKeySecret"];

    fn read(answer: &mut Fields) -> Result<Self, Problem> {
        let request_id = answer.member("RequestId").text(0..=256)?;
        let credential = answer.member("DeviceCredential");
        let missing = credential.problem("is missing, expected an object");
        let credential = credential.maybe_object()?.ok_or(missing)?;
        let mut credential = Fields::of("DeviceCredential", credential)?;
        Ok(Self {
            request_id,
            client_id: credential.member("ClientId").text(1..=1024)?,
            instance_id: credential.member("InstanceId").text(1..=1024)?,
            device_access_key_id: credential.member("DeviceAccessKeyId").text(1..=1024)?,
            device_access_key_secret: Secret::new(
                credential.member("DeviceAccessKeySecret").text(1..=1024)?,
            ),
            create_time: number(credential.member("CreateTime"))?,
            update_time: number(credential.member("UpdateTime"))?,
        })
    }

    fn into_json(self) -> Json {
        let credential = Json::object([
            ("clientId", Some(self.client_id.into())),
            ("instanceId", Some(self.instance_id.into())),
            ("deviceAccessKeyId", Some(self.device_access_key_id.into())),
            ("deviceAccessKeySecret", Some(self.device_access_key_secret.reveal().into())),
            ("createTime", Some(self.create_time.into())),
            ("updateTime", Some(self.update_time.into())),
        ]);
        Json::object([
            ("requestId", Some(self.request_id.into())),
            ("deviceCredential", Some(credential)),
        ])
    }
}

/// The platform's name of a request that brought nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestIdOutDto {
    /// The platform's name of the request.
    pub request_id: String,
}

impl Output for RequestIdOutDto {
    fn read(answer: &mut Fields) -> Result<Self, Problem> {
        Ok(Self { request_id: answer.member("RequestId").text(0..=256)? })
    }

    fn into_json(self) -> Json {
        Json::object([("requestId", Some(self.request_id.into()))])
    }
}

/// One page of client IDs.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ClientIdPage {
    /// The platform's name of the request.
    pub request_id: String,
    /// Client IDs of all pages together.
    pub total: f64,
    /// From 1.
    pub page_no: f64,
    /// Client IDs of a full page.
    pub page_size: f64,
    /// What asks for the next page, if the platform pages that way.
    pub next_token: Option<String>,
    /// The client IDs.
    pub client_ids: Vec<String>,
}

impl Output for ClientIdPage {
    fn read(answer: &mut Fields) -> Result<Self, Problem> {
        let request_id = answer.member("RequestId").text(0..=256)?;
        let list = answer.member("DeviceCredentialClientIdList");
        let missing = list.problem("is missing, expected an object");
        let list = list.maybe_object()?.ok_or(missing)?;
        let mut list = Fields::of("DeviceCredentialClientIdList", list)?;
        Ok(Self {
            request_id,
            total: number(list.member("Total"))?,
            page_no: number(list.member("PageNo"))?,
            page_size: number(list.member("PageSize"))?,
            next_token: list
                .member("NextToken")
                .nullable()
                .maybe_text(0..=4096)?
                .filter(|token| !token.is_empty()),
            client_ids: texts(list.member("ClientIdList"))?,
        })
    }

    fn into_json(self) -> Json {
        let client_ids = self.client_ids.into_iter().map(Json::from).collect();
        Json::object([
            ("requestId", Some(self.request_id.into())),
            ("total", Some(self.total.into())),
            ("pageNo", Some(self.page_no.into())),
            ("pageSize", Some(self.page_size.into())),
            ("nextToken", self.next_token.map(Json::from)),
            ("clientIds", Some(Json::List(client_ids))),
        ])
    }
}

/// Reads a number, which the platform writes as one or as text.
fn number(member: Member) -> Result<f64, Problem> {
    let wrong = member.problem("is no whole number");
    let number = match member.json() {
        Some(Json::Number(number)) => Some(number),
        // Counts and page numbers; more than four thousand million of them there cannot be.
        Some(Json::Text(text)) => text.parse::<u32>().ok().map(f64::from),
        _ => None,
    };
    number.filter(|number| number.fract() == 0.0 && *number >= 0.0).ok_or(wrong)
}

fn texts(member: Member) -> Result<Vec<String>, Problem> {
    let wrong = member.problem("is no array of strings");
    let Some(Json::List(values)) = member.json() else { return Err(wrong) };
    let mut texts = Vec::new();
    for value in values {
        let Json::Text(text) = value else { return Err(wrong) };
        texts.push(text);
    }
    Ok(texts)
}

#[cfg(target_arch = "wasm32")]
mod js {
    use js_sys::Promise;
    use wasm_bindgen::prelude::*;

    use super::{
        GetDeviceCredential, ListDeviceCredentialClientId, RefreshDeviceCredential,
        RegisterDeviceCredential, UnRegisterDeviceCredential,
    };
    use crate::js::client::OnsMqttClient;
    use crate::js::requests::OnsMqttRequests;
    use crate::operation::Card;

    #[wasm_bindgen]
    impl OnsMqttClient {
        /// Registers a credential for a device that has none.
        #[wasm_bindgen(js_name = registerDeviceCredential)]
        pub fn register_device_credential(
            &self,
            input: JsValue,
            options: JsValue,
            aborted: Option<Promise>,
        ) -> Promise {
            self.call(Card::of::<RegisterDeviceCredential>(), input, options, aborted)
        }

        /// Reads a device's credential, its secret included.
        #[wasm_bindgen(js_name = getDeviceCredential)]
        pub fn get_device_credential(
            &self,
            input: JsValue,
            options: JsValue,
            aborted: Option<Promise>,
        ) -> Promise {
            self.call(Card::of::<GetDeviceCredential>(), input, options, aborted)
        }

        /// Gives a device a new credential.
        #[wasm_bindgen(js_name = refreshDeviceCredential)]
        pub fn refresh_device_credential(
            &self,
            input: JsValue,
            options: JsValue,
            aborted: Option<Promise>,
        ) -> Promise {
            self.call(Card::of::<RefreshDeviceCredential>(), input, options, aborted)
        }

        /// Removes a device's credential.
        #[wasm_bindgen(js_name = unRegisterDeviceCredential)]
        pub fn un_register_device_credential(
            &self,
            input: JsValue,
            options: JsValue,
            aborted: Option<Promise>,
        ) -> Promise {
            self.call(Card::of::<UnRegisterDeviceCredential>(), input, options, aborted)
        }

        /// Lists the client IDs of a group that have a credential.
        #[wasm_bindgen(js_name = listDeviceCredentialClientId)]
        pub fn list_device_credential_client_id(
            &self,
            input: JsValue,
            options: JsValue,
            aborted: Option<Promise>,
        ) -> Promise {
            self.call(Card::of::<ListDeviceCredentialClientId>(), input, options, aborted)
        }
    }

    #[wasm_bindgen]
    impl OnsMqttRequests {
        /// Registers a credential for a device that has none.
        #[wasm_bindgen(js_name = registerDeviceCredential)]
        pub fn register_device_credential(
            &self,
            input: JsValue,
            signing: JsValue,
        ) -> Result<JsValue, JsValue> {
            self.prepare(Card::of::<RegisterDeviceCredential>(), input, signing)
        }

        /// Reads a device's credential, its secret included.
        #[wasm_bindgen(js_name = getDeviceCredential)]
        pub fn get_device_credential(
            &self,
            input: JsValue,
            signing: JsValue,
        ) -> Result<JsValue, JsValue> {
            self.prepare(Card::of::<GetDeviceCredential>(), input, signing)
        }

        /// Gives a device a new credential.
        #[wasm_bindgen(js_name = refreshDeviceCredential)]
        pub fn refresh_device_credential(
            &self,
            input: JsValue,
            signing: JsValue,
        ) -> Result<JsValue, JsValue> {
            self.prepare(Card::of::<RefreshDeviceCredential>(), input, signing)
        }

        /// Removes a device's credential.
        #[wasm_bindgen(js_name = unRegisterDeviceCredential)]
        pub fn un_register_device_credential(
            &self,
            input: JsValue,
            signing: JsValue,
        ) -> Result<JsValue, JsValue> {
            self.prepare(Card::of::<UnRegisterDeviceCredential>(), input, signing)
        }

        /// Lists the client IDs of a group that have a credential.
        #[wasm_bindgen(js_name = listDeviceCredentialClientId)]
        pub fn list_device_credential_client_id(
            &self,
            input: JsValue,
            signing: JsValue,
        ) -> Result<JsValue, JsValue> {
            self.prepare(Card::of::<ListDeviceCredentialClientId>(), input, signing)
        }
    }
}
