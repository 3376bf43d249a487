//! Secure application access: log in, renew.

use crate::endpoint::Endpoint;
use crate::fields::{Fields, Problem};
use crate::huawei::{ClientInfo, header_text};
use crate::json::Json;
use crate::operation::Output;
use crate::request::Draft;
use crate::types::Secret;

/// The operations of this chapter. They need no token, but the application's secret.
pub const OPERATIONS: &[&str] =
    &[GetAuthToken::ENDPOINT.operation, RefreshAuthToken::ENDPOINT.operation];

/// Longest token that is accepted. The platform documents 256 characters and sends 32.
pub const MAX_TOKEN: usize = 4096;

/// Logs in: obtains an access token for the application, which ends the one before it.
///
/// [Reference](https://support.huaweicloud.com/intl/en-us/api-IoT/iot_06_0007.html)
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct GetAuthToken {
    app_id: String,
    secret: Secret,
}

impl GetAuthToken {
    /// The login of the application that `client` describes.
    pub fn new(client: &ClientInfo) -> Self {
        Self { app_id: client.app_id.clone(), secret: client.secret.clone() }
    }

    /// Name, method and path.
    pub const ENDPOINT: Endpoint =
        Endpoint::post("getAuthToken", "/iocm/app/sec/v1.1.0/login").without_token();

    /// The request; a form, unlike all others.
    pub fn draft(&self) -> Draft {
        Draft::new(Self::ENDPOINT)
            .form([("appId", &self.app_id), ("secret", self.secret.reveal())])
            .secret(Some(&self.secret))
    }
}

/// Obtains the next pair of tokens by the refresh token. Both tokens of the answer are new.
///
/// [Reference](https://support.huaweicloud.com/intl/en-us/api-IoT/iot_06_0008.html)
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RefreshAuthToken {
    app_id: String,
    secret: Secret,
    refresh_token: Secret,
}

impl RefreshAuthToken {
    /// The renewal by `refresh_token` for the application that `client` describes.
    pub fn new(client: &ClientInfo, refresh_token: Secret) -> Self {
        Self { app_id: client.app_id.clone(), secret: client.secret.clone(), refresh_token }
    }

    /// Reads the refresh token out of a caller's input.
    pub fn read(client: &ClientInfo, input: &mut Fields) -> Result<Self, Problem> {
        let refresh_token = input.member("refreshToken").text(1..=MAX_TOKEN)?;
        Ok(Self::new(client, Secret::new(refresh_token)))
    }

    /// Name, method and path.
    pub const ENDPOINT: Endpoint =
        Endpoint::post("refreshAuthToken", "/iocm/app/sec/v1.1.0/refreshToken").without_token();

    /// The request.
    pub fn draft(&self) -> Draft {
        let body = Json::object([
            ("appId", Some(self.app_id.as_str().into())),
            ("secret", Some(self.secret.reveal().into())),
            ("refreshToken", Some(self.refresh_token.reveal().into())),
        ]);
        Draft::new(Self::ENDPOINT)
            .json(&body)
            .secret(Some(&self.secret))
            .secret(Some(&self.refresh_token))
    }
}

/// A pair of tokens, as the platform issued it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct AuthOutDto {
    /// Always `default`.
    pub scope: String,
    /// Always `bearer`; some editions of the platform send `Bearer` and a blank.
    pub token_type: String,
    /// Life of the access token when it was issued, in seconds.
    pub expires_in: f64,
    /// What calls carry.
    pub access_token: Secret,
    /// What obtains the next pair; empty if the platform gave none.
    pub refresh_token: Secret,
}

impl AuthOutDto {
    /// Reads all members but the life, which is told in another way where a token is shared.
    pub fn read_members(answer: &mut Fields, expires_in: f64) -> Result<Self, Problem> {
        let token = header_text(answer.member("accessToken"), MAX_TOKEN)?;
        let refresh_token = answer.member("refreshToken").nullable().maybe_text(0..=MAX_TOKEN)?;
        Ok(Self {
            scope: answer.member("scope").text(0..=256)?,
            token_type: answer.member("tokenType").text(0..=256)?.trim().to_ascii_lowercase(),
            expires_in,
            access_token: Secret::new(token),
            refresh_token: Secret::new(refresh_token.unwrap_or_default()),
        })
    }
}

impl Output for AuthOutDto {
    const SECRETS: &'static [&'static str] = &["accessToken", "refreshToken"];

    fn read(answer: &mut Fields) -> Result<Self, Problem> {
        let life = answer.member("expiresIn");
        let too_odd = life.problem("is no number of seconds");
        match life.json() {
            Some(Json::Number(seconds)) if seconds.is_finite() && seconds >= 0.0 => {
                Self::read_members(answer, seconds)
            }
            _ => Err(too_odd),
        }
    }

    fn into_json(self) -> Json {
        Json::object([
            ("scope", Some(self.scope.into())),
            ("tokenType", Some(self.token_type.into())),
            ("expiresIn", Some(self.expires_in.into())),
            ("accessToken", Some(self.access_token.reveal().into())),
            ("refreshToken", Some(self.refresh_token.reveal().into())),
        ])
    }
}

#[cfg(target_arch = "wasm32")]
mod js {
    use js_sys::Promise;
    use wasm_bindgen::prelude::*;

    use super::{GetAuthToken, RefreshAuthToken};
    use crate::js::client::NorthApiClient;
    use crate::js::convert::{fields, optional_fields};
    use crate::js::requests::NorthApiRequests;
    use crate::options::CallOptions;

    #[wasm_bindgen]
    impl NorthApiClient {
        /// The live token; logs in where there is none.
        #[wasm_bindgen(js_name = getAuthToken)]
        pub fn get_auth_token(&self, options: JsValue, aborted: Option<Promise>) -> Promise {
            let options = optional_fields("options", options)
                .and_then(|options| CallOptions::read_for_token(options, true));
            let operation = GetAuthToken::ENDPOINT.operation;
            self.call_for_token(operation, options, aborted, |client, options| {
                Box::pin(client.get_auth_token(options.force, options.timeout_ms))
            })
        }

        /// A new pair by the refresh token, or by a login where that one is spent.
        #[wasm_bindgen(js_name = refreshAuthToken)]
        pub fn refresh_auth_token(&self, options: JsValue, aborted: Option<Promise>) -> Promise {
            let options = optional_fields("options", options)
                .and_then(|options| CallOptions::read_for_token(options, false));
            let operation = RefreshAuthToken::ENDPOINT.operation;
            self.call_for_token(operation, options, aborted, |client, options| {
                Box::pin(client.refresh_auth_token(options.timeout_ms))
            })
        }
    }

    #[wasm_bindgen]
    impl NorthApiRequests {
        /// The login.
        #[wasm_bindgen(js_name = getAuthToken)]
        pub fn get_auth_token(&self) -> Result<JsValue, JsValue> {
            self.prepare_for_token(GetAuthToken::ENDPOINT.operation, |info| {
                Ok(GetAuthToken::new(info).draft())
            })
        }

        /// The renewal by a refresh token.
        #[wasm_bindgen(js_name = refreshAuthToken)]
        pub fn refresh_auth_token(&self, input: JsValue) -> Result<JsValue, JsValue> {
            self.prepare_for_token(RefreshAuthToken::ENDPOINT.operation, |info| {
                let mut input = fields("input", input)?;
                let renewal = RefreshAuthToken::read(info, &mut input)?;
                input.close()?;
                Ok(renewal.draft())
            })
        }
    }
}
