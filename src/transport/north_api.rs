//! The client of the northbound API: asks the session what to do, does it, and comes back with what
//! happened.

use std::cell::RefCell;
use std::rc::Rc;

use crate::endpoint::AfterLoss;
use crate::error::{Error, Failure};
use crate::huawei::authentication::{GetAuthToken, RefreshAuthToken};
use crate::huawei::{ClientInfo, decode};
use crate::json::Json;
use crate::session::retry::{Retry, is_gone};
use crate::session::token::{Renewal, Standing, Tokens};
use crate::session::{Call, Step, is_token_refused};
use crate::transport::gate::Passed;
use crate::transport::renewal::{Obtained, UnderWay};
use crate::transport::store::Sharer;
use crate::transport::{Attempt, Host, Line, Running, Task, before, failure};
use crate::types::Secret;

/// What to do about a token that is refused again right after a login.
const ANOTHER_LOGS_IN: &str = "Another system logs in with this appId and ends the token each time: \
    find it, and let all of them share one token store.";

/// How often a call whose token ends while it waits for its turn queues anew, before it goes out with
/// what it has: a token may live shorter than the queue is long.
const MOST_STALE: u32 = 2;

/// A client: one application, its session, and the line to its platform.
pub struct NorthApi<H> {
    pub(super) line: Line<H>,
    pub(super) info: ClientInfo,
    pub(super) tokens: RefCell<Tokens>,
    pub(super) refresh_lifetime_ms: f64,
    pub(super) flight: UnderWay,
    pub(super) sharer: Option<Sharer>,
}

impl<H> std::fmt::Debug for NorthApi<H> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("NorthApi").field("info", &self.info).finish_non_exhaustive()
    }
}

impl<H: Host> NorthApi<H> {
    /// A client without a token. `refresh_lifetime_ms` is how long a refresh token is good for.
    pub fn new(line: Line<H>, info: ClientInfo, refresh_lifetime_ms: f64) -> Self {
        let sharer = line.host.store().map(|traits| {
            // The same application at another address is another platform's.
            let key = [&info.app_id, "@", info.base.as_str()].concat();
            Sharer::new(key, line.host.nonce(), traits)
        });
        let tokens = RefCell::default();
        Self { line, info, tokens, refresh_lifetime_ms, flight: RefCell::new(None), sharer }
    }

    /// The live pair of tokens; logs in where there is none, or where `force` says so.
    pub fn get_auth_token(
        self: Rc<Self>,
        force: bool,
        timeout_ms: Option<u32>,
    ) -> impl Future<Output = Result<Json, Failure>> {
        self.give_token(GetAuthToken::ENDPOINT.operation, force, timeout_ms)
    }

    /// The next pair of tokens.
    pub fn refresh_auth_token(
        self: Rc<Self>,
        timeout_ms: Option<u32>,
    ) -> impl Future<Output = Result<Json, Failure>> {
        self.give_token(RefreshAuthToken::ENDPOINT.operation, true, timeout_ms)
    }

    /// Gives the present pair or, if it is the next one that is wanted, that. Waits no longer than a
    /// caller allows for what is shared with others, who may allow more.
    async fn give_token(
        self: Rc<Self>,
        operation: &'static str,
        next: bool,
        timeout_ms: Option<u32>,
    ) -> Result<Json, Failure> {
        let line = &self.line;
        let running = Running::new(line, operation);
        let now = line.host.now();
        let present = self.tokens.borrow().live(now).filter(|_| !next).cloned();
        let wanted = match (&present, next) {
            (Some(_), _) => Renewal::Ahead,
            (None, false) => Renewal::Login,
            (None, true) if operation == GetAuthToken::ENDPOINT.operation => Renewal::Forced,
            (None, true) => Renewal::Refresh,
        };
        if wanted != Renewal::Refresh {
            self.renew_ahead(running.call);
        }
        let serves = present.is_some() && {
            let tokens = self.tokens.borrow();
            tokens.standing(now) != Standing::Ending || !tokens.is_renewal_due(now)
        };
        let result = if let (Some(pair), true) = (&present, serves) {
            Ok(Rc::clone(pair))
        } else {
            running.attempts.set(1);
            let renewal = Box::pin(self.renewed(wanted, running.call));
            let limit = timeout_ms.filter(|limit| *limit > 0);
            let renewed = match limit {
                None => renewal.await,
                Some(timeout_ms) => {
                    let limit = line.sleep(f64::from(timeout_ms));
                    let timeout = || Failure::new(operation, 1, Error::Timeout { timeout_ms });
                    before(renewal, limit).await.unwrap_or_else(|| Err(timeout()))
                }
            };
            // A token that lives serves where its renewal failed.
            renewed.map(|obtained| obtained.pair).or_else(|failure| present.ok_or(failure))
        };
        running.finish(result).map(|pair| pair.json())
    }

    /// Waits for a pair that was obtained as `wanted`, or in a way that is as good.
    async fn renewed(self: &Rc<Self>, wanted: Renewal, call: u32) -> Result<Obtained, Failure> {
        while let Some((kind, flight)) = self.under_way() {
            let serves = match wanted {
                Renewal::Ahead | Renewal::Login => true,
                // Who insists on a login is not served by another kind of renewal.
                Renewal::Forced => {
                    kind == Renewal::Forced || (kind == Renewal::Login && self.sharer.is_none())
                }
                // One ahead of time may leave it at the present pair.
                Renewal::Refresh => kind != Renewal::Ahead,
            };
            if serves {
                break;
            }
            if let (Ok(obtained), Renewal::Refresh) = (flight.await, wanted)
                && obtained.fresh
            {
                return Ok(obtained);
            }
        }
        self.renew(wanted, call).await
    }

    /// Runs an operation.
    pub async fn run(self: Rc<Self>, task: Task) -> Result<Json, Failure> {
        let running = Running::new(&self.line, task.draft.endpoint().operation);
        let result = self.drive(task, &running).await;
        running.finish(result)
    }

    /// Asks the session what to do, does it, and comes back with what happened.
    async fn drive(self: &Rc<Self>, task: Task, running: &Running<'_, H>) -> Result<Json, Failure> {
        let line = &self.line;
        let after_loss = task.draft.after_loss();
        let timeout_ms = task.timeout_ms.unwrap_or(line.timeout_ms);
        let mut retry = line.retry();
        let mut call = Call::new(task.token.clone());
        loop {
            let token = self.token_in_turn(&mut call, &mut retry, running).await?;
            let sent = running.next_attempt();
            let limit_ms = retry.limit(timeout_ms, line.host.now());
            let mut error = match self.send_once(&task, &token, sent, limit_ms).await {
                Ok(result) => return Ok(result),
                Err(error) => error,
            };
            line.heed(line.gate.as_ref(), &error);
            if task.token.is_none() && is_token_refused(&error) {
                self.tell_token("rejected", None);
            }
            if call.refused(&error, &mut self.tokens.borrow_mut()) {
                continue;
            }
            if call.was_mended()
                && is_token_refused(&error)
                && let Error::Platform(refusal) = &mut error
            {
                refusal.advice = Some(ANOTHER_LOGS_IN);
            }
            if retry.lost() && after_loss == AfterLoss::Gone && is_gone(&error) {
                return Ok(Json::Null);
            }
            retry.sent();
            if !line.wait_to_retry(&mut retry, &error, after_loss, &sent).await {
                let (lost, attempts) = (retry.lost(), sent.number);
                return Err(failure(sent.operation, attempts, error, &task.draft, lost));
            }
        }
    }

    /// Waits for a token and for the call's turn, and answers the token.
    ///
    /// The token comes first, so that all who wait for a login do so together, and is looked at again
    /// when the turn has come, since that may take longer than the token lives.
    async fn token_in_turn(
        self: &Rc<Self>,
        call: &mut Call,
        retry: &mut Retry,
        running: &Running<'_, H>,
    ) -> Result<Secret, Failure> {
        let line = &self.line;
        let mut stale = 0;
        loop {
            let start = line.host.now();
            let token = self.token(call, running).await?;
            retry.forgive(line.host.now().steady_since(start));
            let is_good = || {
                let now = line.host.now();
                stale >= MOST_STALE || call.would_send(&token, &self.tokens.borrow(), now)
            };
            match line.pass(line.gate.as_ref(), self.sharer.as_ref(), running, &is_good).await {
                Passed::Go(waited_ms) => {
                    retry.forgive(waited_ms);
                    return Ok(token);
                }
                Passed::Stale(waited_ms) => {
                    retry.forgive(waited_ms);
                    stale += 1;
                }
            }
        }
    }

    /// The token that a call goes out with.
    async fn token(
        self: &Rc<Self>,
        call: &mut Call,
        running: &Running<'_, H>,
    ) -> Result<Secret, Failure> {
        let step = call.start(&self.tokens.borrow(), self.line.host.now());
        self.renew_ahead(running.call);
        match step {
            Step::Send(token) => Ok(token),
            Step::Park(renewal) => match self.renew(renewal, running.call).await {
                Ok(Obtained { pair, fresh }) => Ok(call.obtained(pair.access_token.clone(), fresh)),
                Err(failure) => {
                    let tokens = self.tokens.borrow();
                    call.not_obtained(&tokens, self.line.host.now()).ok_or(failure)
                }
            },
        }
    }

    async fn send_once(
        &self,
        task: &Task,
        token: &Secret,
        sent: Attempt,
        timeout_ms: u32,
    ) -> Result<Json, Error> {
        let request = self.info.request(&task.draft, Some(token));
        let response = self.line.attempt(&request, sent, timeout_ms).await?;
        decode(sent.operation, response, &request.secrets, &task.answer)
    }
}
