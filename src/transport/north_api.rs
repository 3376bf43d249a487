//! The client of the northbound API: asks the session what to do, does it, and comes back with what
//! happened.

use std::cell::RefCell;
use std::pin::{Pin, pin};
use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::{Either, Shared, WeakShared, select};

use crate::endpoint::AfterLoss;
use crate::error::catalogue::Action;
use crate::error::{Error, Failure};
use crate::event::Event;
use crate::huawei::authentication::{AuthOutDto, GetAuthToken, RefreshAuthToken};
use crate::huawei::{ClientInfo, decode};
use crate::json::Json;
use crate::operation::{Answer, Output};
use crate::request::Draft;
use crate::session::retry::is_gone;
use crate::session::token::{Renewal, Tokens};
use crate::session::{Call, Step};
use crate::transport::{Attempt, Host, Line, Running, Task, failure};
use crate::types::Secret;

type Flight = Pin<Box<dyn Future<Output = Result<AuthOutDto, Failure>>>>;

/// A client: one application, its session, and the line to its platform.
pub struct NorthApi<H> {
    line: Line<H>,
    info: ClientInfo,
    tokens: RefCell<Tokens>,
    /// The login under way, shared by all that wait for it and owned by none but them.
    flight: RefCell<Option<(Renewal, WeakShared<Flight>)>>,
}

impl<H> std::fmt::Debug for NorthApi<H> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("NorthApi").field("info", &self.info).finish_non_exhaustive()
    }
}

impl<H: Host> NorthApi<H> {
    /// A client without a token. `refresh_lifetime_ms` is how long a refresh token is good for.
    pub const fn new(line: Line<H>, info: ClientInfo, refresh_lifetime_ms: f64) -> Self {
        let tokens = RefCell::new(Tokens::new(refresh_lifetime_ms));
        Self { line, info, tokens, flight: RefCell::new(None) }
    }

    /// The live pair of tokens; logs in where there is none, or where `force` says so.
    pub async fn get_auth_token(
        self: Rc<Self>,
        force: bool,
        timeout_ms: Option<u32>,
    ) -> Result<Json, Failure> {
        let running = Running::new(&self.line, GetAuthToken::ENDPOINT.operation);
        let live = self.tokens.borrow().live(self.line.host.now()).filter(|_| !force).cloned();
        let result = if let Some(pair) = live {
            Ok(pair)
        } else {
            running.attempts.set(1);
            let renewal = async {
                // Who insists on a login is not served by a renewal that somebody else began.
                while let Some((Renewal::Refresh, flight)) = self.under_way().filter(|_| force) {
                    drop(flight.await);
                }
                self.renew(Renewal::Login, running.call).await
            };
            self.within(timeout_ms, running.operation, renewal).await
        };
        running.finish(result).map(Output::into_json)
    }

    /// The next pair of tokens.
    pub async fn refresh_auth_token(
        self: Rc<Self>,
        timeout_ms: Option<u32>,
    ) -> Result<Json, Failure> {
        let running = Running::new(&self.line, RefreshAuthToken::ENDPOINT.operation);
        running.attempts.set(1);
        let renewal = self.renew(Renewal::Refresh, running.call);
        let result = self.within(timeout_ms, running.operation, renewal).await;
        running.finish(result).map(Output::into_json)
    }

    /// Waits no longer than a caller allows for what is shared with others, who may allow more.
    async fn within(
        &self,
        timeout_ms: Option<u32>,
        operation: &'static str,
        renewal: impl Future<Output = Result<AuthOutDto, Failure>>,
    ) -> Result<AuthOutDto, Failure> {
        let Some(timeout_ms) = timeout_ms.filter(|limit| *limit > 0) else { return renewal.await };
        let renewal = pin!(renewal);
        let limit = pin!(self.line.host.sleep(f64::from(timeout_ms)));
        match select(renewal, limit).await {
            Either::Left((result, _)) => result,
            Either::Right(_) => Err(Failure::new(operation, 1, Error::Timeout { timeout_ms })),
        }
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
        let mut step = call.start(&self.tokens.borrow(), line.host.now());
        loop {
            let token = match step {
                Step::Send(token) => token,
                Step::Park(renewal) => {
                    let pair = self.renew(renewal, running.call).await?;
                    step = call.obtained(pair.access_token);
                    continue;
                }
            };
            let sent = running.next_attempt();
            let limit_ms = retry.limit(timeout_ms, line.host.now());
            let error = match self.send_once(&task, &token, sent, limit_ms).await {
                Ok(result) => return Ok(result),
                Err(error) => error,
            };
            let healed = call.refused(&error, &mut self.tokens.borrow_mut(), line.host.now());
            if let Some(next) = healed {
                self.tell_token("rejected", None);
                step = next;
                continue;
            }
            if retry.lost() && after_loss == AfterLoss::Gone && is_gone(&error) {
                return Ok(Json::Null);
            }
            retry.sent();
            if !line.wait_to_retry(&mut retry, &error, after_loss, &sent).await {
                let (lost, attempts) = (retry.lost(), sent.number);
                return Err(failure(sent.operation, attempts, error, &task.draft, lost));
            }
            step = call.start(&self.tokens.borrow(), line.host.now());
        }
    }

    async fn send_once(
        &self,
        task: &Task,
        token: &Secret,
        sent: Attempt,
        timeout_ms: u32,
    ) -> Result<Json, Error> {
        let request = self.info.request(task.draft.clone(), Some(token));
        let response = self.line.attempt(&request, sent, timeout_ms).await?;
        let Answer { read, expected, .. } = task.answer;
        decode(sent.operation, &response, &request.secrets, expected, read)
    }

    /// Waits for the renewal under way, or begins one.
    ///
    /// The future is shared by those who wait and kept alive by nobody else: it goes on as long as
    /// one of them is there, and dropping it aborts its request.
    fn renew(self: &Rc<Self>, renewal: Renewal, call: u32) -> Shared<Flight> {
        if let Some((_, flight)) = self.under_way() {
            return flight;
        }
        let client = Rc::clone(self);
        let flight: Flight = Box::pin(async move { client.obtain(renewal, call).await });
        let flight = flight.shared();
        *self.flight.borrow_mut() = flight.downgrade().map(|flight| (renewal, flight));
        flight
    }

    fn under_way(&self) -> Option<(Renewal, Shared<Flight>)> {
        let flight = self.flight.borrow();
        let (renewal, flight) = flight.as_ref()?;
        // One that has ended may still be held by those who have not looked yet.
        let flight = flight.upgrade().filter(|flight| flight.peek().is_none())?;
        Some((*renewal, flight))
    }

    /// Obtains a new pair: by the refresh token where that is wanted and possible, else by a login.
    async fn obtain(&self, renewal: Renewal, call: u32) -> Result<AuthOutDto, Failure> {
        let now = self.line.host.now();
        let refresh_token = match renewal {
            Renewal::Login => None,
            Renewal::Refresh => self.tokens.borrow().refresh_token(now).cloned(),
        };
        if let Some(refresh_token) = refresh_token {
            let draft = RefreshAuthToken::new(&self.info, refresh_token).draft();
            match self.exchange("refresh", draft, call).await {
                Err(Failure { error: Error::Platform(refusal), .. })
                    if refusal.action() == Action::LoginAgain => {}
                result => return result,
            }
        }
        let draft = GetAuthToken::new(&self.info).draft();
        self.exchange("login", draft, call).await
    }

    /// Asks for a new pair, again where an answer was lost, and keeps what it brings.
    async fn exchange(
        &self,
        cause: &'static str,
        draft: Draft,
        call: u32,
    ) -> Result<AuthOutDto, Failure> {
        let line = &self.line;
        let operation = draft.endpoint().operation;
        let after_loss = draft.after_loss();
        let request = self.info.request(draft, None);
        let mut retry = line.retry();
        loop {
            let sent = Attempt { call, operation, number: retry.sent() };
            // The life of the pair counts from here: the platform's own count cannot begin earlier.
            let asked = line.host.now();
            let timeout_ms = retry.limit(line.timeout_ms, asked);
            let response = line.attempt(&request, sent, timeout_ms).await;
            let pair = response.and_then(|response| {
                decode(operation, &response, &request.secrets, true, AuthOutDto::read)
            });
            match pair {
                Ok(pair) => {
                    self.tokens.borrow_mut().store(pair.clone(), asked);
                    self.tell_token(cause, Some(pair.expires_in * 1000.0));
                    return Ok(pair);
                }
                Err(error) => {
                    if !line.wait_to_retry(&mut retry, &error, after_loss, &sent).await {
                        return Err(Failure::new(operation, sent.number, error));
                    }
                }
            }
        }
    }

    fn tell_token(&self, cause: &'static str, life_ms: Option<f64>) {
        let generation = self.tokens.borrow().generation();
        self.line.host.emit(Event::Token { cause, life_ms, generation });
    }
}
