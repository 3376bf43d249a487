//! The client of ApsaraMQ for MQTT: signs each attempt anew, and finds out what became of a lost one.

use std::cell::Cell;
use std::rc::Rc;

use crate::aliyun::client_tokens::REVOKE_TOKEN;
use crate::aliyun::clock::parse_http_date;
use crate::aliyun::device_credentials::GET_DEVICE_CREDENTIAL;
use crate::aliyun::{Credentials, OnsMqttConfig, Stamp, TIMESTAMP_EXPIRED, decode};
use crate::endpoint::AfterLoss;
use crate::error::{Error, Failure};
use crate::json::Json;
use crate::response::Response;
use crate::session::retry::{Retry, is_gone, is_loss};
use crate::session::throttle::ThrottleOptions;
use crate::transport::gate::{Gate, Passed};
use crate::transport::{Attempt, Host, Line, Running, Task, failure};

/// The code of a number that was used before; the request that used it may be this one's lost twin.
const NONCE_USED: &str = "SignatureNonceUsed";

/// The code of a temporary key whose time is over.
const KEY_EXPIRED: &str = "InvalidSecurityToken.Expired";

/// The code of a second registration.
const EXISTS: &str = "DeviceCredentialExsit";

/// How exact the server's `Date` is, in milliseconds: it tells whole seconds.
const DATE_TOLERANCE_MS: f64 = 1000.0;

/// Where credentials come from: they are asked for before each attempt, since temporary ones change.
pub trait Keyring: 'static {
    /// The credentials of the moment.
    fn credentials(&self) -> impl Future<Output = Result<Credentials, Error>>;

    /// Whether asking again may give others.
    fn is_asked(&self) -> bool;
}

/// A client: one account, and the line to its platform.
#[derive(Debug)]
pub struct OnsMqtt<H, K> {
    line: Line<H>,
    config: OnsMqttConfig,
    keyring: K,
    /// The platform allows fewer calls of `revokeToken` than of all others.
    revoke_gate: Option<Gate>,
    /// What to add to our clock when signing.
    correction_ms: Cell<f64>,
    /// The server's clock less ours, as of its last answer.
    offset_ms: Cell<f64>,
}

impl<H: Host, K: Keyring> OnsMqtt<H, K> {
    /// A client.
    pub const fn new(line: Line<H>, config: OnsMqttConfig, keyring: K) -> Self {
        Self {
            line,
            config,
            keyring,
            revoke_gate: None,
            correction_ms: Cell::new(0.0),
            offset_ms: Cell::new(0.0),
        }
    }

    /// The same client, letting so many calls of `revokeToken` through.
    #[must_use]
    pub fn throttled_revoking(self, options: ThrottleOptions) -> Self {
        Self { revoke_gate: Some(Gate::new(options)), ..self }
    }

    /// The gate that an operation goes through.
    fn gate(&self, operation: &str) -> Option<&Gate> {
        let own = (operation == REVOKE_TOKEN.endpoint.operation).then_some(&self.revoke_gate);
        own.and_then(Option::as_ref).or(self.line.gate.as_ref())
    }

    /// Runs an operation.
    pub async fn run(self: Rc<Self>, task: Task) -> Result<Json, Failure> {
        let running = Running::new(&self.line, task.draft.endpoint().operation);
        let mut retry = self.line.retry();
        let mut call = OnsCall { client: &self, task: &task, running: &running, before: None };
        let result = match task.draft.after_loss() {
            AfterLoss::Compare => call.compared(&mut retry).await,
            AfterLoss::Find => call.found(&mut retry).await,
            AfterLoss::Gone
            | AfterLoss::SendAgain
            | AfterLoss::SendAgainOrLook(_)
            | AfterLoss::Unknown(_) => call.exchanged(&mut retry).await,
        };
        running.finish(result)
    }

    /// Notes what the server's clock says.
    fn note_date(&self, response: &Response) -> Option<f64> {
        let date = parse_http_date(response.header("date")?)?;
        let offset = date - self.line.host.now().wall_ms;
        self.offset_ms.set(offset);
        Some(offset)
    }
}

/// What a removal answers of which a refusal tells that it was done before.
fn removed(refusal: Error) -> Json {
    let Error::Platform(refusal) = refusal else { return Json::Null };
    Json::object([("requestId", Some(refusal.request_id.unwrap_or_default().into()))])
}

/// One call under way.
struct OnsCall<'a, H: Host, K> {
    client: &'a OnsMqtt<H, K>,
    task: &'a Task,
    running: &'a Running<'a, H>,
    /// The credential as it was before the first attempt, for comparing.
    before: Option<Json>,
}

impl<H: Host, K: Keyring> OnsCall<'_, H, K> {
    /// Sends it until there is an answer.
    async fn exchanged(&self, retry: &mut Retry) -> Result<Json, Failure> {
        let line = &self.client.line;
        let after_loss = self.task.draft.after_loss();
        let (mut clock_corrected, mut nonce_renewed, mut key_renewed) = (false, false, false);
        let gate = self.client.gate(self.running.operation);
        loop {
            if let Passed::Go(waited_ms) = line.pass(gate, None, self.running, &|| true).await {
                retry.forgive(waited_ms);
            }
            let credentials = match self.client.keyring.credentials().await {
                Ok(credentials) => credentials,
                Err(error) => return Err(self.running.failed(error)),
            };
            let sent = self.running.next_attempt();
            let timeout_ms =
                retry.limit(self.task.timeout_ms.unwrap_or(line.timeout_ms), line.host.now());
            let answered = self.send_once(sent, &credentials, timeout_ms).await;
            let (error, date_offset) = match answered {
                Ok(result) => return Ok(result),
                Err(failed) => failed,
            };
            line.heed(gate, &error);
            let code = error.code();
            if code == Some(TIMESTAMP_EXPIRED)
                && !clock_corrected
                && let Some(offset) = date_offset
            {
                clock_corrected = true;
                self.client.correct_clock(offset);
                continue;
            }
            if code == Some(KEY_EXPIRED) && !key_renewed && self.client.keyring.is_asked() {
                key_renewed = true;
                continue;
            }
            if code == Some(NONCE_USED) && !nonce_renewed {
                nonce_renewed = true;
                retry.note_loss();
                continue;
            }
            if retry.lost() && after_loss == AfterLoss::Gone && is_gone(&error) {
                return Ok(removed(error));
            }
            retry.sent();
            let mut again = line.wait_to_retry(retry, &error, after_loss, &sent).await;
            if let (true, Some(before)) = (retry.lost(), &self.before) {
                // Read again: a credential that changed is what the lost answer would have told.
                if line.has_time(retry)
                    && let Ok(present) = self.read_credential(retry).await
                    && present.get("deviceCredential") != before.get("deviceCredential")
                {
                    return Ok(present);
                }
                again &= line.has_time(retry);
            }
            if !again {
                let lost = retry.lost();
                return Err(failure(sent.operation, sent.number, error, &self.task.draft, lost));
            }
        }
    }

    /// Sends it once; with an error comes how far the server's clock is from ours.
    async fn send_once(
        &self,
        sent: Attempt,
        credentials: &Credentials,
        timeout_ms: u32,
    ) -> Result<Json, (Error, Option<f64>)> {
        let OnsMqtt { line, config, correction_ms, .. } = self.client;
        let date_ms = line.host.now().wall_ms + correction_ms.get();
        let stamp = Stamp::new(line.host.nonce(), date_ms);
        let request = config.request(&self.task.draft, credentials, stamp);
        let response =
            line.attempt(&request, sent, timeout_ms).await.map_err(|error| (error, None))?;
        let offset = self.client.note_date(&response);
        decode(sent.operation, response, &request.secrets, &self.task.answer)
            .map_err(|error| (error, offset))
    }

    /// Refreshes a credential. What it was before the first attempt is read first, so that a lost
    /// answer leaves no doubt; without retries there is nothing to decide and nothing is read.
    async fn compared(&mut self, retry: &mut Retry) -> Result<Json, Failure> {
        if retry.enabled() {
            // What goes wrong with the first read goes wrong with the refresh.
            let operation = self.running.operation;
            let before = self.read_credential(retry).await;
            self.before = Some(before.map_err(|mut failed| {
                failed.operation = operation;
                failed
            })?);
        }
        self.exchanged(retry).await
    }

    /// Registers a credential. After a lost answer an existing one is ours if it is not older than
    /// our first attempt, by the server's clock.
    async fn found(&self, retry: &mut Retry) -> Result<Json, Failure> {
        let mut failed = match self.exchanged(retry).await {
            Ok(result) => return Ok(result),
            Err(failed) => failed,
        };
        let may_be_ours = failed.error.code() == Some(EXISTS) || is_loss(&failed.error);
        if !retry.lost() || !may_be_ours || !self.client.line.has_time(retry) {
            return Err(failed);
        }
        let earliest = self.running.start.wall_ms + self.client.offset_ms.get() - DATE_TOLERANCE_MS;
        let Ok(present) = self.read_credential(retry).await else { return Err(failed) };
        let created = present.get("deviceCredential").and_then(|it| it.get("createTime"));
        match created {
            Some(Json::Number(created)) if *created >= earliest => Ok(present),
            // One that is older than our attempt was there before: the platform's word stands.
            _ if is_loss(&failed.error) => Err(failed),
            _ => {
                failed.outcome_unknown = None;
                Err(failed)
            }
        }
    }

    /// Reads the credential that this call is about, in the time that the call has.
    async fn read_credential(&self, retry: &mut Retry) -> Result<Json, Failure> {
        let card = GET_DEVICE_CREDENTIAL;
        let mut task = self.task.clone();
        task.draft.redirect(card.endpoint);
        task.answer = card.answer;
        let running = self.running.inner(card.endpoint.operation);
        let call = OnsCall { client: self.client, task: &task, running: &running, before: None };
        let counted = retry.count_anew();
        let result = Box::pin(call.exchanged(retry)).await;
        retry.count_on(counted);
        result
    }
}

impl<H: Host, K: Keyring> OnsMqtt<H, K> {
    fn correct_clock(&self, offset_ms: f64) {
        self.correction_ms.set(offset_ms);
        let seconds = (offset_ms / 1000.0).round();
        let message = [
            "the server's clock differs from this one by ",
            &crate::json::number_text(seconds),
            " s; requests are dated by the server's",
        ];
        self.line.warn("clock", &message);
    }
}
