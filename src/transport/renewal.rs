//! Obtains tokens: one at a time in this client, and one at a time among all that share a store.

use std::cell::RefCell;
use std::future::{pending, ready};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use crate::error::{Error, Failure};
use crate::event::{self, Event};
use crate::huawei::authentication::{ANSWER, AuthOutDto, GetAuthToken, RefreshAuthToken};
use crate::huawei::decode;
use crate::request::Draft;
use crate::session::retry::Retry;
use crate::session::sharing::{Acquired, LOGIN_MS, Next, PATIENCE_MS, Sharing, Terms};
use crate::session::token::{Issued, Renewal, Standing};
use crate::transport::flight::{Flight, WeakFlight};
use crate::transport::north_api::NorthApi;
use crate::transport::store::{Answered, Question, Sharer, tell_refusals};
use crate::transport::{Attempt, Host, Later, StoreFailure, before};
use crate::types::Now;

pub(super) type Renewing = Flight<Result<Obtained, Failure>>;

/// The renewal under way, shared by all that wait for it and owned by none but them.
pub(super) type UnderWay = RefCell<Option<(Renewal, WeakFlight<Result<Obtained, Failure>>)>>;

/// A pair of tokens, and whether the platform has just issued it.
#[derive(Clone, Debug)]
pub(super) struct Obtained {
    pub(super) pair: Rc<AuthOutDto>,
    pub(super) fresh: bool,
}

/// Why no pair came of a login.
enum Interrupted {
    /// There is another way.
    Next(Next),
    Failed(Failure),
}

/// A login or a refresh on its way: what is sent, and how often it was.
struct Exchange {
    cause: &'static str,
    draft: Draft,
    retry: Retry,
}

/// A store's word, on its way.
type Asking = Later<'static, Result<Answered, StoreFailure>>;

impl<H: Host> NorthApi<H> {
    /// Waits for the renewal under way, or begins one.
    ///
    /// The future is shared by those who wait and kept alive by nobody else: it goes on as long as
    /// one of them is there, and dropping it aborts its request.
    pub(super) fn renew(self: &Rc<Self>, renewal: Renewal, call: u32) -> Renewing {
        if let Some((_, flight)) = self.under_way() {
            return flight;
        }
        let client = Rc::clone(self);
        let flight = Flight::new(Box::pin(async move {
            let obtained = client.obtain(renewal, call).await;
            if let (Renewal::Ahead, Err(failure)) = (renewal, &obtained) {
                client.tell_failed_renewal(failure);
            }
            obtained
        }));
        *self.flight.borrow_mut() = Some((renewal, flight.downgrade()));
        flight
    }

    pub(super) fn under_way(&self) -> Option<(Renewal, Renewing)> {
        let flight = self.flight.borrow();
        let (renewal, flight) = flight.as_ref()?;
        Some((*renewal, flight.upgrade()?))
    }

    /// Begins to renew a token that will end soon; nobody waits for it.
    pub(super) fn renew_ahead(self: &Rc<Self>, call: u32) {
        let now = self.line.host.now();
        let tokens = self.tokens.borrow();
        if tokens.standing(now) != Standing::Ageing || !tokens.is_renewal_due(now) {
            return;
        }
        drop(tokens);
        if self.under_way().is_none() {
            let flight = self.renew(Renewal::Ahead, call);
            self.line.host.spawn(Box::pin(async move { drop(flight.await) }));
        }
    }

    fn tell_failed_renewal(&self, failure: &Failure) {
        let delay_ms = self.tokens.borrow_mut().renewal_failed(self.line.host.now());
        let delay = crate::json::number_text((delay_ms / 1000.0).round());
        let told = self.line.host.describe(failure);
        let message = [
            "the token could not be renewed ahead of its end: ",
            &told,
            " It is used on while it lives; the next attempt is made in ",
            &delay,
            " s",
        ];
        self.line.warn("renewal", &message);
    }

    /// Obtains a new pair: from a sharer who has one, or from the platform.
    async fn obtain(self: &Rc<Self>, renewal: Renewal, call: u32) -> Result<Obtained, Failure> {
        let line = &self.line;
        let mut exchange = self.exchange(renewal);
        let sharer = self.sharer.as_ref().filter(|sharer| sharer.is_useful());
        let rejected = self.tokens.borrow().newest().cloned();
        let insists = match renewal {
            Renewal::Ahead | Renewal::Login => false,
            Renewal::Forced => true,
            Renewal::Refresh => rejected.is_none(),
        };
        let terms = sharer.map_or(Terms::RENEWED, Sharer::terms);
        let sharing = RefCell::new(Sharing::new(terms, rejected, insists, line.host.now()));
        let mut next = if sharer.is_some() { Next::Ask } else { Next::Alone };
        loop {
            let lease = match next {
                Next::Ask => {
                    next = self.ask(&sharing, renewal).await;
                    continue;
                }
                Next::Wait(delay_ms) => {
                    line.sleep(delay_ms).await;
                    next = Next::Ask;
                    continue;
                }
                Next::Later(delay_ms) => {
                    let mut tokens = self.tokens.borrow_mut();
                    tokens.put_off(line.host.now(), delay_ms);
                    if let Some(pair) = tokens.live(line.host.now()).cloned() {
                        return Ok(Obtained { pair, fresh: false });
                    }
                    next = Next::Ask;
                    continue;
                }
                Next::Use(issued) => return Ok(self.adopt(*issued)),
                Next::Pass(issued) => {
                    self.adopt(*issued);
                    // Its refresh token is the newest now.
                    exchange = self.exchange(renewal);
                    next = Next::Wait(1.0);
                    continue;
                }
                Next::GiveUp => {
                    let error = Error::Timeout { timeout_ms: PATIENCE_MS };
                    return Err(Failure::new(GetAuthToken::ENDPOINT.operation, 0, error));
                }
                Next::Alone => None,
                Next::Obtain(generation) => {
                    Some(Held { client: Rc::clone(self), generation, ended: false })
                }
            };
            next = match self.log_in(&sharing, &mut exchange, call, lease).await {
                Ok(obtained) => return Ok(obtained),
                Err(Interrupted::Failed(failure)) => return Err(failure),
                Err(Interrupted::Next(next)) => next,
            };
        }
    }

    /// Asks the platform for a new pair; under a lease, it is stored for all sharers.
    async fn log_in(
        self: &Rc<Self>,
        sharing: &RefCell<Sharing>,
        exchange: &mut Exchange,
        call: u32,
        mut lease: Option<Held<H>>,
    ) -> Result<Obtained, Interrupted> {
        let number = lease.as_ref().map(|lease| lease.generation);
        let login = Box::pin(self.complete(exchange, call, number.is_some().then_some(sharing)));
        let keeper = Box::pin(self.keep_lease(number, sharing));
        // The keeper never ends.
        let Some(result) = before(login, keeper).await else {
            return Err(Interrupted::Next(sharing.borrow_mut().lost()));
        };
        let (pair, asked) = result?;
        let alone = || self.tokens.borrow().generation().saturating_add(1);
        let issued = self.issued(pair, asked, number.unwrap_or_else(alone));
        if let Some(lease) = &mut lease {
            // From here on it is the commit that ends the lease.
            lease.ended = true;
            let question = self.put(Question::Commit(issued.clone()));
            let stored = Unfinished { client: Rc::clone(self), question: Some(question) }.await;
            lease.ended = stored.is_ok();
            if let Ok(Answered::Truth(false)) = stored {
                let token = issued.pair.access_token.clone();
                match sharing.borrow_mut().refused(token) {
                    Some(next) => return Err(Interrupted::Next(next)),
                    None => tell_refusals(&self.line),
                }
            }
        }
        Ok(self.keep(exchange.cause, issued))
    }

    /// Puts a question to the store, by whoever polls it.
    fn put(self: &Rc<Self>, question: Question) -> Asking {
        let client = Rc::clone(self);
        Box::pin(async move {
            let Some(sharer) = &client.sharer else { return Err(StoreFailure::default()) };
            sharer.ask(&client.line, question).await
        })
    }

    /// Gives the lease back that a store gave, or will give to a question that nobody waits for.
    fn give_back(self: Rc<Self>, question: Asking) {
        let client = Rc::clone(&self);
        self.line.host.spawn(Box::pin(async move {
            if let Ok(Answered::Acquired(Acquired::Lease(generation))) = question.await {
                drop(client.put(Question::Release(generation)).await);
            }
        }));
    }

    /// Asks the store for the right to log in.
    async fn ask(self: &Rc<Self>, sharing: &RefCell<Sharing>, renewal: Renewal) -> Next {
        let host = &self.line.host;
        let asked = host.now();
        let rejected = sharing.borrow().rejected().cloned();
        let question = self.put(Question::Acquire(rejected));
        let answer = Unfinished { client: Rc::clone(self), question: Some(question) }.await;
        let now = host.now();
        // Who has a token to go on with does not wait for others.
        let tokens = self.tokens.borrow();
        let patient = matches!(renewal, Renewal::Forced | Renewal::Refresh)
            || matches!(tokens.standing(now), Standing::Dead | Standing::Ending);
        let mut sharing = sharing.borrow_mut();
        match answer {
            Ok(Answered::Acquired(Acquired::Token(token)))
                if tokens.is_dead(&token.pair.access_token) =>
            {
                sharing.passed_over(token.pair.access_token.clone())
            }
            Ok(Answered::Acquired(answer)) => sharing.answered(answer, asked, now, patient),
            other => {
                let lasting = other.is_err_and(|failure| failure.lasting);
                let silent = self.sharer.as_ref().map_or(now, |sharer| sharer.silent(now));
                sharing.failed(lasting, silent, now, patient, host.chance())
            }
        }
    }

    /// Renews the lease for as long as it is polled.
    async fn keep_lease(self: &Rc<Self>, generation: Option<u32>, sharing: &RefCell<Sharing>) {
        let every_ms = self.sharer.as_ref().and_then(|sharer| sharer.terms().renew_every_ms);
        let (Some(generation), Some(every_ms)) = (generation, every_ms) else {
            return pending().await;
        };
        loop {
            self.line.sleep(every_ms).await;
            let asked = self.line.host.now();
            if let Ok(Answered::Truth(ours)) = self.put(Question::Renew(generation)).await {
                sharing.borrow_mut().renewed(ours, asked);
            }
        }
    }

    /// The way to a new pair: by the refresh token where that is wanted and possible, else by a login.
    fn exchange(&self, renewal: Renewal) -> Exchange {
        let now = self.line.host.now();
        let refresh_token = match renewal {
            Renewal::Forced | Renewal::Login => None,
            Renewal::Ahead | Renewal::Refresh => self.tokens.borrow().refresh_token(now).cloned(),
        };
        match refresh_token {
            Some(token) => Exchange {
                cause: "refresh",
                draft: RefreshAuthToken::new(&self.info, token).draft(),
                retry: self.line.retry(),
            },
            None => self.login(),
        }
    }

    fn login(&self) -> Exchange {
        let draft = GetAuthToken::new(&self.info).draft();
        Exchange { cause: "login", draft, retry: self.line.retry() }
    }

    /// Asks the platform for a new pair, again where an answer was lost, by a login where the refresh
    /// token is spent; answers when the life of the pair began.
    async fn complete(
        &self,
        exchange: &mut Exchange,
        call: u32,
        fence: Option<&RefCell<Sharing>>,
    ) -> Result<(AuthOutDto, Now), Interrupted> {
        let line = &self.line;
        loop {
            let operation = exchange.draft.endpoint().operation;
            let request = self.info.request(&exchange.draft, None);
            // The life of the pair counts from here: the platform's own count cannot begin earlier.
            let asked = line.host.now();
            if let Some(lease) = fence
                && !lease.borrow().may_send(asked)
            {
                return Err(Interrupted::Next(lease.borrow_mut().lost()));
            }
            let sent = Attempt { call, operation, number: exchange.retry.sent() };
            let mut timeout_ms = exchange.retry.limit(line.timeout_ms, asked);
            if fence.is_some() && (timeout_ms == 0 || timeout_ms > LOGIN_MS) {
                timeout_ms = LOGIN_MS;
            }
            let response = line.attempt(&request, sent, timeout_ms).await;
            let pair = response.and_then(|response| {
                decode(operation, response, &request.secrets, &ANSWER).and_then(AuthOutDto::of)
            });
            let error = match pair {
                Ok(pair) => return Ok((pair, asked)),
                Err(error) => error,
            };
            if exchange.cause == "refresh" && error.asks_for_a_login() {
                *exchange = self.login();
                continue;
            }
            let after_loss = exchange.draft.after_loss();
            if !line.wait_to_retry(&mut exchange.retry, &error, after_loss, &sent).await {
                let failure = Failure::new(operation, sent.number, error);
                return Err(Interrupted::Failed(failure));
            }
        }
    }

    /// A pair that was asked for at `asked`, with what is left of it now.
    fn issued(&self, pair: AuthOutDto, asked: Now, generation: u32) -> Issued {
        let spent_ms = self.line.host.now().since(asked);
        let life_ms = (pair.expires_in * 1000.0 - spent_ms).max(0.0);
        let refresh_life_ms = (self.refresh_lifetime_ms - spent_ms).max(0.0);
        Issued::new(pair, life_ms, refresh_life_ms, generation)
    }

    /// Keeps a pair that the platform has just issued.
    fn keep(&self, cause: &'static str, issued: Issued) -> Obtained {
        let (host, pair, life_ms) = (&self.line.host, issued.pair.clone(), issued.life_ms);
        self.tokens.borrow_mut().renew(issued, host.now(), host.chance());
        self.tell_token(cause, Some(life_ms));
        Obtained { pair, fresh: true }
    }

    /// Keeps a pair that another sharer has obtained.
    fn adopt(&self, issued: Issued) -> Obtained {
        let (host, pair, life_ms) = (&self.line.host, issued.pair.clone(), issued.life_ms);
        self.tokens.borrow_mut().keep(issued, host.now(), host.chance());
        self.tell_token("shared", Some(life_ms));
        Obtained { pair, fresh: false }
    }

    pub(super) fn tell_token(&self, cause: &'static str, life_ms: Option<f64>) {
        let generation = self.tokens.borrow().generation();
        let values = [cause.into(), life_ms.into(), generation.into()];
        self.line.host.emit(&Event::new(event::TOKEN, &values));
    }
}

/// The right to log in. Dropped before a token was stored, it is given back.
struct Held<H: Host> {
    client: Rc<NorthApi<H>>,
    generation: u32,
    ended: bool,
}

impl<H: Host> Drop for Held<H> {
    fn drop(&mut self) {
        if !self.ended {
            let lease = Ok(Answered::Acquired(Acquired::Lease(self.generation)));
            Rc::clone(&self.client).give_back(Box::pin(ready(lease)));
        }
    }
}

/// A question to the store, which is put to its end: where nobody waits for the answer any more, the
/// store has acted on it all the same, and a lease is given back.
struct Unfinished<H: Host> {
    client: Rc<NorthApi<H>>,
    question: Option<Asking>,
}

impl<H: Host> Future for Unfinished<H> {
    type Output = Result<Answered, StoreFailure>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(question) = &mut self.question else { return Poll::Pending };
        let answer = question.as_mut().poll(context);
        if answer.is_ready() {
            self.question = None;
        }
        answer
    }
}

impl<H: Host> Drop for Unfinished<H> {
    fn drop(&mut self) {
        if let Some(question) = self.question.take() {
            Rc::clone(&self.client).give_back(question);
        }
    }
}
