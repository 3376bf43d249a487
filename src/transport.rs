//! The host's part, and the loop that drives a call: the only asynchronous code of the core.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::{Shared, WeakShared};

use crate::error::{Error, Failure};
use crate::event::Event;
use crate::huawei::authentication::{AuthOutDto, GetAuthToken, RefreshAuthToken};
use crate::huawei::{ClientInfo, decode};
use crate::json::Json;
use crate::operation::{Answer, Output};
use crate::request::{Draft, Request};
use crate::response::Response;
use crate::session::token::{Renewal, Tokens};
use crate::session::{Call, Step};
use crate::types::{Now, Secret};

/// What a host lends: a way to send, its clocks, and an ear for events.
pub trait Host: 'static {
    /// Sends one request and reads its answer, body included, within `timeout_ms`; 0: no limit.
    /// Fails with [`Error::Network`] or [`Error::Timeout`]. Dropping the future aborts the request.
    fn send(
        &self,
        request: &Request,
        timeout_ms: u32,
    ) -> impl Future<Output = Result<Response, Error>>;

    /// The present.
    fn now(&self) -> Now;

    /// Takes an event.
    fn emit(&self, event: Event);
}

/// One operation of a caller's, ready to be run.
#[derive(Debug)]
#[non_exhaustive]
pub struct Task {
    /// The request, as far as it is the operation's own.
    pub draft: Draft,
    /// How its answer is read.
    pub answer: Answer,
    /// The caller's own token, in the place of the session's.
    pub token: Option<Secret>,
    /// Time allowed for one attempt, in the place of the client's.
    pub timeout_ms: Option<u32>,
}

impl Task {
    /// The task to send `draft` and to read its answer.
    pub const fn new(draft: Draft, answer: Answer) -> Self {
        Self { draft, answer, token: None, timeout_ms: None }
    }
}

type Flight = Pin<Box<dyn Future<Output = Result<AuthOutDto, Failure>>>>;

/// A client: one application, its session, and the host that sends for it.
pub struct Client<H> {
    info: ClientInfo,
    host: H,
    timeout_ms: u32,
    tokens: RefCell<Tokens>,
    /// The login under way, shared by all that wait for it and owned by none but them.
    flight: RefCell<Option<(Renewal, WeakShared<Flight>)>>,
    calls: Cell<u32>,
}

impl<H> std::fmt::Debug for Client<H> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Client").field("info", &self.info).finish_non_exhaustive()
    }
}

impl<H: Host> Client<H> {
    /// A client without a token. `refresh_lifetime_ms` is how long a refresh token is good for.
    pub const fn new(info: ClientInfo, host: H, timeout_ms: u32, refresh_lifetime_ms: f64) -> Self {
        Self {
            info,
            host,
            timeout_ms,
            tokens: RefCell::new(Tokens::new(refresh_lifetime_ms)),
            flight: RefCell::new(None),
            calls: Cell::new(0),
        }
    }

    /// The live pair of tokens; logs in where there is none, or where `force` says so.
    pub async fn get_auth_token(
        self: Rc<Self>,
        force: bool,
        timeout_ms: Option<u32>,
    ) -> Result<Json, Failure> {
        let running = Running::new(&self, GetAuthToken::ENDPOINT.operation);
        let live = self.tokens.borrow().live(self.host.now()).filter(|_| !force).cloned();
        let result = if let Some(pair) = live {
            Ok(pair)
        } else {
            running.attempts.set(1);
            // Who insists on a login is not served by a renewal that somebody else began.
            while let Some((Renewal::Refresh, flight)) = self.under_way().filter(|_| force) {
                drop(flight.await);
            }
            self.renew(Renewal::Login, running.call, timeout_ms).await
        };
        running.finish(result).map(Output::into_json)
    }

    /// The next pair of tokens.
    pub async fn refresh_auth_token(
        self: Rc<Self>,
        timeout_ms: Option<u32>,
    ) -> Result<Json, Failure> {
        let running = Running::new(&self, RefreshAuthToken::ENDPOINT.operation);
        running.attempts.set(1);
        let result = self.renew(Renewal::Refresh, running.call, timeout_ms).await;
        running.finish(result).map(Output::into_json)
    }

    /// Runs an operation.
    pub async fn run(self: Rc<Self>, task: Task) -> Result<Json, Failure> {
        let running = Running::new(&self, task.draft.endpoint().operation);
        let result = self.drive(task, &running).await;
        running.finish(result)
    }

    /// Asks the session what to do, does it, and comes back with what happened.
    async fn drive(self: &Rc<Self>, task: Task, running: &Running<'_, H>) -> Result<Json, Failure> {
        let operation = task.draft.endpoint().operation;
        let timeout_ms = task.timeout_ms.unwrap_or(self.timeout_ms);
        let mut call = Call::new(task.token);
        let mut attempt = 0;
        let mut step = call.start(&self.tokens.borrow(), self.host.now());
        let mut last = Error::Internal("a call ended before it began".to_owned());
        loop {
            step = match step {
                Step::Send(token) => {
                    attempt += 1;
                    running.attempts.set(attempt);
                    let request = self.info.request(task.draft.clone(), Some(&token));
                    let response = self.attempt(&request, running.call, attempt, timeout_ms).await;
                    let error = match response.and_then(|response| {
                        let Answer { read, expected, .. } = task.answer;
                        decode(operation, &response, &request.secrets, expected, read)
                    }) {
                        Ok(result) => return Ok(result),
                        Err(error) => error,
                    };
                    let next = call.failed(&error, &mut self.tokens.borrow_mut(), self.host.now());
                    if next != Step::Done {
                        self.tell_token("rejected", None);
                    }
                    last = error;
                    next
                }
                Step::Park(renewal) => {
                    let pair = self.renew(renewal, running.call, None).await?;
                    call.obtained(pair.access_token)
                }
                Step::Done => return Err(Failure::new(operation, attempt, last)),
            };
        }
    }

    /// Waits for the renewal under way, or begins one.
    ///
    /// The future is shared by those who wait and kept alive by nobody else: it goes on as long as
    /// one of them is there, and dropping it aborts its request.
    fn renew(
        self: &Rc<Self>,
        renewal: Renewal,
        call: u32,
        timeout_ms: Option<u32>,
    ) -> Shared<Flight> {
        if let Some((_, flight)) = self.under_way() {
            return flight;
        }
        let client = Rc::clone(self);
        let timeout_ms = timeout_ms.unwrap_or(self.timeout_ms);
        let flight: Flight =
            Box::pin(async move { client.obtain(renewal, call, timeout_ms).await });
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
    async fn obtain(
        &self,
        renewal: Renewal,
        call: u32,
        timeout_ms: u32,
    ) -> Result<AuthOutDto, Failure> {
        let now = self.host.now();
        let refresh_token = match renewal {
            Renewal::Login => None,
            Renewal::Refresh => self.tokens.borrow().refresh_token(now).cloned(),
        };
        if let Some(refresh_token) = refresh_token {
            let draft = RefreshAuthToken::new(&self.info, refresh_token).draft();
            match self.exchange("refresh", draft, call, timeout_ms).await {
                Err(Failure { error: Error::Platform(refusal), .. })
                    if refusal.action() == crate::error::catalogue::Action::LoginAgain => {}
                result => return result,
            }
        }
        let draft = GetAuthToken::new(&self.info).draft();
        self.exchange("login", draft, call, timeout_ms).await
    }

    /// Sends one request for a new pair and keeps what it brings.
    async fn exchange(
        &self,
        cause: &'static str,
        draft: Draft,
        call: u32,
        timeout_ms: u32,
    ) -> Result<AuthOutDto, Failure> {
        let operation = draft.endpoint().operation;
        let request = self.info.request(draft, None);
        // The life of the pair counts from here: the platform's own count cannot begin earlier.
        let asked = self.host.now();
        let pair = self
            .attempt(&request, call, 1, timeout_ms)
            .await
            .and_then(|response| {
                decode(operation, &response, &request.secrets, true, AuthOutDto::read)
            })
            .map_err(|error| Failure::new(operation, 1, error))?;
        self.tokens.borrow_mut().store(pair.clone(), asked);
        self.tell_token(cause, Some(pair.expires_in * 1000.0));
        Ok(pair)
    }

    /// Sends one request, and tells how it went.
    async fn attempt(
        &self,
        request: &Request,
        call: u32,
        attempt: u32,
        timeout_ms: u32,
    ) -> Result<Response, Error> {
        let Request { operation, method, ref path, .. } = *request;
        self.host.emit(Event::Request { call, operation, attempt, method, path: path.clone() });
        let mut sent = Sent {
            client: self,
            call,
            operation,
            attempt,
            start: self.host.now(),
            kind: "aborted",
        };
        let result = self.host.send(request, timeout_ms).await;
        match &result {
            Ok(response) => sent.answered(response.status),
            Err(error) => sent.kind = error.kind(),
        }
        result
    }

    fn tell_token(&self, cause: &'static str, life_ms: Option<f64>) {
        let generation = self.tokens.borrow().generation();
        self.host.emit(Event::Token { cause, life_ms, generation });
    }
}

/// A request under way. Dropped before it is answered, it tells that it failed or was aborted.
struct Sent<'a, H: Host> {
    client: &'a Client<H>,
    call: u32,
    operation: &'static str,
    attempt: u32,
    start: Now,
    /// Empty once there is nothing more to tell.
    kind: &'static str,
}

impl<H: Host> Sent<'_, H> {
    fn answered(&mut self, status: u16) {
        let &mut Self { client, call, operation, attempt, start, .. } = self;
        let duration_ms = client.host.now().since(start);
        self.kind = "";
        client.host.emit(Event::Response { call, operation, attempt, status, duration_ms });
    }
}

impl<H: Host> Drop for Sent<'_, H> {
    fn drop(&mut self) {
        let &mut Self { client, call, operation, attempt, start, kind } = self;
        if !kind.is_empty() {
            let duration_ms = client.host.now().since(start);
            client.host.emit(Event::Failure { call, operation, attempt, kind, duration_ms });
        }
    }
}

/// A call under way. Dropped before it is finished, it tells that it was aborted.
struct Running<'a, H: Host> {
    client: &'a Client<H>,
    call: u32,
    operation: &'static str,
    attempts: Cell<u32>,
    start: Now,
    outcome: Cell<&'static str>,
}

impl<'a, H: Host> Running<'a, H> {
    fn new(client: &'a Client<H>, operation: &'static str) -> Self {
        let call = client.calls.get().wrapping_add(1);
        client.calls.set(call);
        let start = client.host.now();
        let outcome = Cell::new("aborted");
        Self { client, call, operation, attempts: Cell::new(0), start, outcome }
    }

    fn finish<T>(&self, result: Result<T, Failure>) -> Result<T, Failure> {
        self.outcome.set(match &result {
            Ok(_) => "ok",
            Err(failure) => failure.error.kind(),
        });
        result
    }
}

impl<H: Host> Drop for Running<'_, H> {
    fn drop(&mut self) {
        let duration_ms = self.client.host.now().since(self.start);
        self.client.host.emit(Event::Done {
            call: self.call,
            operation: self.operation,
            attempts: self.attempts.get(),
            outcome: self.outcome.get(),
            duration_ms,
        });
    }
}
