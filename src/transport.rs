//! The host's part, and what the clients of both platforms do with it: the only asynchronous code of
//! the core.

mod flight;
mod gate;
pub mod north_api;
pub mod ons_mqtt;
mod renewal;
mod store;
mod turns;

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use crate::endpoint::AfterLoss;
use crate::error::{Error, Failure};
use crate::event::{self, Event, Value};
use crate::json::Json;
use crate::operation::Answer;
use crate::request::{Draft, Request};
use crate::response::Response;
use crate::session::retry::{Retry, RetryOptions, is_there};
use crate::session::sharing::Terms;
use crate::session::throttle::ThrottleOptions;
use crate::types::{Now, Secret};
use gate::Gate;

/// Work on its way to a `T`. Behind a pointer, so that who waits for it does not contain it.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Work that nobody waits for.
pub type Background = Later<'static, ()>;

/// The store that shares one token, as far as its host can tell.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct StoreTraits {
    /// How its leases are kept.
    pub terms: Terms,
    /// Whether it counts calls for all sharers.
    pub counts_calls: bool,
}

impl StoreTraits {
    /// A store with these leases.
    pub const fn new(terms: Terms, counts_calls: bool) -> Self {
        Self { terms, counts_calls }
    }
}

/// A store that did not do what it was asked for.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct StoreFailure {
    /// What it threw, by name and code; its words may quote a password.
    pub reason: String,
    /// Whether asking again is useless.
    pub lasting: bool,
}

impl StoreFailure {
    /// A failure for this reason.
    pub const fn new(reason: String, lasting: bool) -> Self {
        Self { reason, lasting }
    }
}

/// What a host lends: a way to send, its clocks, chance, a store, and an ear for events.
pub trait Host: 'static {
    /// Sends one request and reads its answer, body included, within `timeout_ms`; 0: no limit.
    /// Fails with [`Error::Network`] or [`Error::Timeout`]. Dropping the future aborts the request.
    fn send(
        &self,
        request: &Request,
        timeout_ms: u32,
    ) -> impl Future<Output = Result<Response, Error>>;

    /// Waits. Dropping the future ends the wait.
    fn sleep(&self, delay_ms: f64) -> impl Future<Output = ()>;

    /// The present.
    fn now(&self) -> Now;

    /// Chance: from 0 to 1, without 1.
    fn chance(&self) -> f64;

    /// A text that nobody can guess and that is never given twice.
    fn nonce(&self) -> String;

    /// The sentence for the person who has to act on a failure.
    fn describe(&self, failure: &Failure) -> String {
        failure.message()
    }

    /// Whether anybody takes events: for nobody none is made.
    fn listens(&self) -> bool {
        true
    }

    /// Takes an event.
    fn emit(&self, event: &Event<'_>);

    /// Runs work that nobody waits for, to its end.
    fn spawn(&self, work: Background);

    /// The store that shares the token; none: it is this client's alone.
    fn store(&self) -> Option<StoreTraits> {
        None
    }

    /// Asks the store: a method's name and its arguments, and what it answers.
    fn ask_store(&self, question: &Json) -> impl Future<Output = Result<Json, StoreFailure>> {
        let _: &Json = question;
        std::future::ready(Err(StoreFailure::new("there is no store".to_owned(), true)))
    }
}

/// One operation of a caller's, ready to be run.
#[derive(Clone, Debug)]
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

/// What the clients of both platforms have: a host, and how to use it.
#[derive(Debug)]
pub struct Line<H> {
    host: H,
    timeout_ms: u32,
    retry: RetryOptions,
    calls: Cell<u32>,
    gate: Option<Gate>,
}

impl<H: Host> Line<H> {
    /// A line over `host`, which lets all calls through.
    pub const fn new(host: H, timeout_ms: u32, retry: RetryOptions) -> Self {
        Self { host, timeout_ms, retry, calls: Cell::new(0), gate: None }
    }

    /// The same line, letting so many calls through.
    #[must_use]
    pub fn throttled(self, options: ThrottleOptions) -> Self {
        Self { gate: Some(Gate::new(options)), ..self }
    }

    fn retry(&self) -> Retry {
        Retry::new(self.retry, self.host.now())
    }

    fn has_time(&self, retry: &Retry) -> bool {
        retry.has_time(self.host.now())
    }

    fn sleep(&self, delay_ms: f64) -> Later<'_, ()> {
        Box::pin(self.host.sleep(delay_ms))
    }

    /// Sends one request, and tells how it went.
    async fn attempt(
        &self,
        request: &Request,
        sent: Attempt,
        timeout_ms: u32,
    ) -> Result<Response, Error> {
        self.tell(
            event::REQUEST,
            sent,
            &[request.method.as_str().into(), request.path.as_str().into(), Value::None],
        );
        let mut under_way = UnderWay { line: self, sent, start: self.host.now(), kind: "aborted" };
        let result = self.host.send(request, timeout_ms).await;
        match &result {
            Ok(response) => under_way.answered(response),
            Err(error) => under_way.kind = error.kind(),
        }
        result
    }

    /// Emits an event of one attempt; `told` is what it tells beyond that.
    fn tell(&self, names: &'static [&'static str], sent: Attempt, told: &[Value<'_>; 3]) {
        let Attempt { call, operation, number } = sent;
        let [first, second, third] = *told;
        let values = [call.into(), operation.into(), number.into(), first, second, third];
        self.host.emit(&Event::new(names, &values));
    }

    /// Tells that something is not as it should be, and is dealt with.
    fn warn(&self, about: &'static str, message: &[&str]) {
        let message = message.concat();
        self.host.emit(&Event::new(event::WARNING, &[about.into(), message.as_str().into()]));
    }

    /// Waits before a failed request is sent again, or says that it is not.
    async fn wait_to_retry(
        &self,
        retry: &mut Retry,
        error: &Error,
        after_loss: AfterLoss,
        sent: &Attempt,
    ) -> bool {
        let delay = retry.after(error, after_loss, self.host.now(), self.host.chance());
        let Some(delay_ms) = delay else { return false };
        let told = [delay_ms.into(), error.kind().into(), error.code().into()];
        self.tell(event::RETRY, *sent, &told);
        self.sleep(delay_ms).await;
        true
    }
}

/// What `work` yields, if it does so before `limit` is over.
async fn before<T>(mut work: Later<'_, T>, mut limit: Later<'_, ()>) -> Option<T> {
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(result) => Poll::Ready(Some(result)),
        Poll::Pending => limit.as_mut().poll(context).map(|()| None),
    })
    .await
}

/// Which send of which call.
#[derive(Clone, Copy, Debug)]
struct Attempt {
    call: u32,
    operation: &'static str,
    /// From 1.
    number: u32,
}

/// What a call ends with that is not sent again.
fn failure(
    operation: &'static str,
    attempts: u32,
    error: Error,
    draft: &Draft,
    lost: bool,
) -> Failure {
    let mut failure = Failure::new(operation, attempts, error);
    if lost {
        failure.outcome_unknown = match draft.after_loss() {
            AfterLoss::Gone | AfterLoss::SendAgain => None,
            AfterLoss::SendAgainOrLook(look) => is_there(&failure.error).then_some(look),
            AfterLoss::Unknown(look) => Some(look),
            AfterLoss::Find => Some("getDeviceCredential tells whether there is a credential"),
            AfterLoss::Compare => Some("getDeviceCredential tells whether updateTime is newer"),
        };
    }
    failure
}

/// A request under way. Dropped before it is answered, it tells that it failed or was aborted.
struct UnderWay<'a, H: Host> {
    line: &'a Line<H>,
    sent: Attempt,
    start: Now,
    /// Empty once there is nothing more to tell.
    kind: &'static str,
}

impl<H: Host> UnderWay<'_, H> {
    fn answered(&mut self, response: &Response) {
        self.kind = "";
        if !self.line.host.listens() {
            return;
        }
        let duration_ms = self.line.host.now().since(self.start);
        let request_id = response.header("x-acs-request-id");
        let told = [response.status.into(), duration_ms.into(), request_id.into()];
        self.line.tell(event::RESPONSE, self.sent, &told);
    }
}

impl<H: Host> Drop for UnderWay<'_, H> {
    fn drop(&mut self) {
        if self.kind.is_empty() || !self.line.host.listens() {
            return;
        }
        let duration_ms = self.line.host.now().since(self.start);
        let told = [self.kind.into(), duration_ms.into(), Value::None];
        self.line.tell(event::FAILURE, self.sent, &told);
    }
}

/// A call under way. Dropped before it is finished, it tells that it was aborted.
struct Running<'a, H: Host> {
    line: &'a Line<H>,
    call: u32,
    operation: &'static str,
    attempts: Cell<u32>,
    start: Now,
    outcome: Cell<&'static str>,
}

impl<'a, H: Host> Running<'a, H> {
    fn new(line: &'a Line<H>, operation: &'static str) -> Self {
        let call = line.calls.get().wrapping_add(1);
        line.calls.set(call);
        let start = line.host.now();
        let outcome = Cell::new("aborted");
        Self { line, call, operation, attempts: Cell::new(0), start, outcome }
    }

    /// The same call, for a request of another operation that it needs.
    const fn inner(&self, operation: &'static str) -> Running<'_, H> {
        let outcome = Cell::new("");
        Running { operation, attempts: Cell::new(0), outcome, ..*self }
    }

    /// The next send of this call.
    fn next_attempt(&self) -> Attempt {
        let number = self.attempts.get().saturating_add(1);
        self.attempts.set(number);
        Attempt { call: self.call, operation: self.operation, number }
    }

    /// A failure of this call, outside of any attempt.
    fn failed(&self, error: Error) -> Failure {
        Failure::new(self.operation, self.attempts.get(), error)
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
        // Part of another call, which tells its own end.
        if self.outcome.get().is_empty() || !self.line.host.listens() {
            return;
        }
        let duration_ms = self.line.host.now().since(self.start);
        let sent =
            Attempt { call: self.call, operation: self.operation, number: self.attempts.get() };
        let told = [self.outcome.get().into(), duration_ms.into(), Value::None];
        self.line.tell(event::DONE, sent, &told);
    }
}
