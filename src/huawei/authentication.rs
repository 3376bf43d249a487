//! Secure application access: log in, renew.

use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::fields::{Fields, Kind, Problem, Row};
use crate::huawei::{ClientInfo, graphic, is_blank};
use crate::json::{Json, Members};
use crate::operation::Answer;
use crate::request::Draft;
use crate::types::Secret;

/// The operations of this chapter. They need no token, but the application's secret.
pub const OPERATIONS: &[&str] =
    &[GetAuthToken::ENDPOINT.operation, RefreshAuthToken::ENDPOINT.operation];

/// What both of them answer.
pub const ANSWER: Answer = Answer::own(|answer| AuthOutDto::read(answer).map(|pair| pair.json()))
    .with_secrets(&["accessToken", "refreshToken"]);

/// Longest token that is accepted. The platform documents 256 characters and sends 32.
const MAX_TOKEN: u32 = 4096;

/// What calls carry.
pub(crate) const ACCESS_TOKEN: Row = Row::new("accessToken", Kind::checked(1..=MAX_TOKEN, graphic));

/// Logs in: obtains an access token for the application, which ends the one before it.
///
/// [Reference](https://support.huaweicloud.com/intl/en-us/api-IoT/iot_06_0007.html)
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct GetAuthToken<'a> {
    client: &'a ClientInfo,
}

impl<'a> GetAuthToken<'a> {
    /// The login of the application that `client` describes.
    pub const fn new(client: &'a ClientInfo) -> Self {
        Self { client }
    }

    /// Name, method and path.
    pub const ENDPOINT: Endpoint =
        Endpoint::post("getAuthToken", "/iocm/app/sec/v1.1.0/login").without_token();

    /// The request; a form, unlike all others.
    pub fn draft(&self) -> Draft {
        let ClientInfo { app_id, secret, .. } = self.client;
        let mut draft = Draft::new(Self::ENDPOINT);
        draft.form(&[("appId", app_id), ("secret", secret.reveal())]);
        draft.secret(secret);
        draft
    }
}

/// Obtains the next pair of tokens by the refresh token. Both tokens of the answer are new.
///
/// [Reference](https://support.huaweicloud.com/intl/en-us/api-IoT/iot_06_0008.html)
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RefreshAuthToken<'a> {
    client: &'a ClientInfo,
    refresh_token: Secret,
}

impl<'a> RefreshAuthToken<'a> {
    /// The renewal by `refresh_token` for the application that `client` describes.
    pub const fn new(client: &'a ClientInfo, refresh_token: Secret) -> Self {
        Self { client, refresh_token }
    }

    /// Reads the refresh token out of a caller's input.
    pub fn read(client: &'a ClientInfo, input: &mut Fields) -> Result<Self, Problem> {
        const ROWS: &[Row] = &[Row::new("refreshToken", Kind::text(1..=MAX_TOKEN))];
        Ok(Self::new(client, input.read_some(ROWS)?.secret()))
    }

    /// Name, method and path.
    pub const ENDPOINT: Endpoint =
        Endpoint::post("refreshAuthToken", "/iocm/app/sec/v1.1.0/refreshToken").without_token();

    /// The request.
    pub fn draft(&self) -> Draft {
        let ClientInfo { app_id, secret, .. } = self.client;
        let mut body = Members::default();
        body.text("appId", app_id);
        body.text("secret", secret.reveal());
        body.text("refreshToken", self.refresh_token.reveal());
        let mut draft = Draft::new(Self::ENDPOINT);
        draft.json(&body.into());
        draft.secret(secret);
        draft.secret(&self.refresh_token);
        draft
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
        const ROWS: &[Row] = &[
            ACCESS_TOKEN,
            Row::new("refreshToken", Kind::text(0..=MAX_TOKEN)).nullable(),
            Row::new("scope", Kind::text(0..=256)),
            Row::new("tokenType", Kind::text(0..=256)),
        ];
        let mut values = answer.read_some(ROWS)?;
        Ok(Self {
            expires_in,
            access_token: values.secret(),
            refresh_token: values.secret(),
            scope: values.text(),
            token_type: values.text().trim_matches(is_blank).to_ascii_lowercase(),
        })
    }

    /// Reads the answer's members.
    pub fn read(answer: &mut Fields) -> Result<Self, Problem> {
        const LIFE: Kind = Kind::Number(
            |seconds| seconds.is_finite() && seconds >= 0.0,
            "is no number of seconds",
        );
        const ROWS: &[Row] = &[Row::new("expiresIn", LIFE)];
        let life = answer.read_some(ROWS)?.number(0.0);
        Self::read_members(answer, life)
    }

    /// Takes a pair out of what [`ANSWER`] reads.
    pub fn of(answer: Json) -> Result<Self, Error> {
        Ok(Self::read(&mut Fields::of("", answer)?)?)
    }

    /// The result in the caller's terms.
    pub fn json(&self) -> Json {
        let mut pair = Members::default();
        pair.text("scope", &self.scope);
        pair.text("tokenType", &self.token_type);
        pair.number("expiresIn", self.expires_in);
        pair.text("accessToken", self.access_token.reveal());
        pair.text("refreshToken", self.refresh_token.reveal());
        pair.into()
    }
}
