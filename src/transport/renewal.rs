//! Obtains tokens: one at a time in this client, and one at a time among all that share a store.

use std::cell::RefCell;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll};

use futures_util::FutureExt as _;
use futures_util::future::{Either, Shared, WeakShared, select};

use crate::error::{Error, Failure};
use crate::event::Event;
use crate::huawei::authentication::{AuthOutDto, GetAuthToken, RefreshAuthToken};
use crate::huawei::decode;
use crate::operation::Output as _;
use crate::request::Draft;
use crate::session::retry::Retry;
use crate::session::sharing::{Acquired, LOGIN_MS, Next, PATIENCE_MS, Sharing};
use crate::session::token::{Issued, Renewal, Standing};
use crate::transport::north_api::NorthApi;
use crate::transport::store::{Sharer, tell_refusals};
use crate::transport::{Attempt, Host, StoreFailure};
use crate::types::Now;

pub(super) type Flight = Pin<Box<dyn Future<Output = Result<Obtained, Failure>>>>;

/// The renewal under way, shared by all that wait for it and owned by none but them.
pub(super) type UnderWay = RefCell<Option<(Renewal, WeakShared<Flight>)>>;

/// A pair of tokens, and whether the platform has just issued it.
#[derive(Clone, Debug)]
pub(super) struct Obtained {
    pub(super) pair: AuthOutDto,
    pub(super) fresh: bool,
}

/// Why no pair came of a login.
enum Stopped {
    /// The lease ran out before the login could be sent.
    Fenced,
    Failed(Failure),
}

/// Why a login under a lease brought no pair to use.
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

impl<H: Host> NorthApi<H> {
    /// Waits for the renewal under way, or begins one.
    ///
    /// The future is shared by those who wait and kept alive by nobody else: it goes on as long as
    /// one of them is there, and dropping it aborts its request.
    pub(super) fn renew(self: &Rc<Self>, renewal: Renewal, call: u32) -> Shared<Flight> {
        if let Some((_, flight)) = self.under_way() {
            return flight;
        }
        let client = Rc::clone(self);
        let flight: Flight = Box::pin(async move {
            let obtained = Rc::clone(&client).obtain(renewal, call).await;
            if let (Renewal::Ahead, Err(failure)) = (renewal, &obtained) {
                client.tell_failed_renewal(failure);
            }
            obtained
        });
        let flight = flight.shared();
        *self.flight.borrow_mut() = flight.downgrade().map(|flight| (renewal, flight));
        flight
    }

    pub(super) fn under_way(&self) -> Option<(Renewal, Shared<Flight>)> {
        let flight = self.flight.borrow();
        let (renewal, flight) = flight.as_ref()?;
        // One that has ended may still be held by those who have not looked yet.
        let flight = flight.upgrade().filter(|flight| flight.peek().is_none())?;
        Some((*renewal, flight))
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
            self.line.host.spawn(Box::pin(flight.map(drop)));
        }
    }

    fn tell_failed_renewal(&self, failure: &Failure) {
        let delay_ms = self.tokens.borrow_mut().renewal_failed(self.line.host.now());
        let delay = crate::json::number_text((delay_ms / 1000.0).round());
        let message = [
            "the token could not be renewed ahead of its end: ",
            &failure.message(),
            " It is used on while it lives; the next attempt is made in ",
            &delay,
            " s",
        ];
        self.line.host.emit(Event::Warning { about: "renewal", message: message.concat() });
    }

    /// Obtains a new pair: from a sharer who has one, or from the platform.
    async fn obtain(self: Rc<Self>, renewal: Renewal, call: u32) -> Result<Obtained, Failure> {
        let mut exchange = self.exchange(renewal);
        let Some(sharer) = self.sharer.as_ref().filter(|sharer| sharer.is_useful()) else {
            return self.obtain_alone(&mut exchange, call).await;
        };
        let line = &self.line;
        let rejected = self.tokens.borrow().newest().cloned();
        let insists = match renewal {
            Renewal::Ahead | Renewal::Login => false,
            Renewal::Forced => true,
            Renewal::Refresh => rejected.is_none(),
        };
        let sharing = Sharing::new(sharer.terms(), rejected, insists, line.host.now());
        let sharing = RefCell::new(sharing);
        let mut next = Next::Ask;
        loop {
            next = match next {
                Next::Ask => self.ask(&sharing, renewal).await,
                Next::Wait(delay_ms) => {
                    line.host.sleep(delay_ms).await;
                    Next::Ask
                }
                Next::Later(delay_ms) => {
                    let mut tokens = self.tokens.borrow_mut();
                    tokens.put_off(line.host.now(), delay_ms);
                    match tokens.live(line.host.now()).cloned() {
                        Some(pair) => return Ok(Obtained { pair, fresh: false }),
                        None => Next::Ask,
                    }
                }
                Next::Use(issued) => return Ok(self.adopt(*issued)),
                Next::Pass(issued) => {
                    self.adopt(*issued);
                    // Its refresh token is the newest now.
                    exchange = self.exchange(renewal);
                    Next::Wait(1.0)
                }
                Next::Alone => return self.obtain_alone(&mut exchange, call).await,
                Next::GiveUp => {
                    let error = Error::Timeout { timeout_ms: PATIENCE_MS };
                    return Err(Failure::new(GetAuthToken::ENDPOINT.operation, 0, error));
                }
                Next::Obtain(generation) => {
                    let lease = Held { client: Rc::clone(&self), generation, ended: false };
                    match self.obtain_leased(sharer, &sharing, &mut exchange, call, lease).await {
                        Ok(obtained) => return Ok(obtained),
                        Err(Interrupted::Failed(failure)) => return Err(failure),
                        Err(Interrupted::Next(next)) => next,
                    }
                }
            };
        }
    }

    /// Asks the platform for a new pair under a lease, and stores it for all sharers.
    async fn obtain_leased(
        self: &Rc<Self>,
        sharer: &Sharer,
        sharing: &RefCell<Sharing>,
        exchange: &mut Exchange,
        call: u32,
        mut lease: Held<H>,
    ) -> Result<Obtained, Interrupted> {
        let result = {
            let login = pin!(self.complete(exchange, call, Some(sharing)));
            let keeper = pin!(self.keep_lease(sharer, lease.generation, sharing));
            match select(login, keeper).await {
                Either::Left((result, _)) => result,
                Either::Right((never, _)) => match never {},
            }
        };
        let (pair, asked) = match result {
            Ok(issued) => issued,
            Err(Stopped::Fenced) => return Err(Interrupted::Next(sharing.borrow_mut().lost())),
            Err(Stopped::Failed(failure)) => return Err(Interrupted::Failed(failure)),
        };
        let issued = self.issued(pair, asked, lease.generation);
        // From here on it is the commit that ends the lease.
        lease.ended = true;
        let (client, stored) = (Rc::clone(self), issued.clone());
        let commit = async move {
            let Some(sharer) = &client.sharer else { return Err(StoreFailure::default()) };
            sharer.commit(&client.line, &stored).await
        };
        let stored = Unfinished::new(self, commit, |_, _| {}).await;
        lease.ended = stored.is_ok();
        if matches!(stored, Ok(false)) {
            let token = issued.pair.access_token.clone();
            match sharing.borrow_mut().refused(token) {
                Some(next) => return Err(Interrupted::Next(next)),
                None => tell_refusals(&self.line),
            }
        }
        Ok(self.keep(exchange.cause, issued))
    }

    /// Asks the store for the right to log in.
    async fn ask(self: &Rc<Self>, sharing: &RefCell<Sharing>, renewal: Renewal) -> Next {
        let host = &self.line.host;
        let asked = host.now();
        let rejected = sharing.borrow().rejected().cloned();
        let client = Rc::clone(self);
        let question = async move {
            let Some(sharer) = &client.sharer else { return Err(StoreFailure::default()) };
            sharer.acquire(&client.line, rejected.as_ref()).await
        };
        let unwanted = |client: Rc<Self>, answer| {
            if let Ok(Acquired::Lease(generation)) = answer {
                drop(Held { client, generation, ended: false });
            }
        };
        let answer = Unfinished::new(self, question, unwanted).await;
        let now = host.now();
        // Who has a token to go on with does not wait for others.
        let standing = self.tokens.borrow().standing(now);
        let patient = matches!(renewal, Renewal::Forced | Renewal::Refresh)
            || matches!(standing, Standing::Dead | Standing::Ending);
        let mut sharing = sharing.borrow_mut();
        match answer {
            Ok(Acquired::Token(token))
                if self.tokens.borrow().is_dead(&token.pair.access_token) =>
            {
                sharing.passed_over(token.pair.access_token.clone())
            }
            Ok(answer) => sharing.answered(answer, asked, now, patient),
            Err(failure) => {
                let silent = self.sharer.as_ref().map_or(now, |sharer| sharer.silent(now));
                sharing.failed(failure.lasting, silent, now, patient, host.chance())
            }
        }
    }

    /// Renews the lease for as long as it is polled.
    async fn keep_lease(
        &self,
        sharer: &Sharer,
        generation: u32,
        sharing: &RefCell<Sharing>,
    ) -> std::convert::Infallible {
        let Some(every_ms) = sharer.terms().renew_every_ms else {
            return std::future::pending().await;
        };
        loop {
            self.line.host.sleep(every_ms).await;
            let asked = self.line.host.now();
            if let Ok(still_ours) = sharer.renew(&self.line, generation).await {
                sharing.borrow_mut().renewed(still_ours, asked);
            }
        }
    }

    async fn obtain_alone(&self, exchange: &mut Exchange, call: u32) -> Result<Obtained, Failure> {
        match self.complete(exchange, call, None).await {
            Ok((pair, asked)) => {
                let generation = self.tokens.borrow().generation().saturating_add(1);
                let issued = self.issued(pair, asked, generation);
                Ok(self.keep(exchange.cause, issued))
            }
            Err(Stopped::Failed(failure)) => Err(failure),
            // Without a lease there is no fence.
            Err(Stopped::Fenced) => {
                let error = Error::Internal("a login without a lease was fenced");
                Err(Failure::new(GetAuthToken::ENDPOINT.operation, 0, error))
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

    /// Asks the platform for a new pair, by a login where the refresh token is spent; answers when the
    /// life of the pair began.
    async fn complete(
        &self,
        exchange: &mut Exchange,
        call: u32,
        fence: Option<&RefCell<Sharing>>,
    ) -> Result<(AuthOutDto, Now), Stopped> {
        match self.send_exchange(exchange, call, fence).await {
            Err(Stopped::Failed(failure))
                if exchange.cause == "refresh" && failure.error.asks_for_a_login() =>
            {
                *exchange = self.login();
                self.send_exchange(exchange, call, fence).await
            }
            result => result,
        }
    }

    /// Asks for a new pair, again where an answer was lost.
    async fn send_exchange(
        &self,
        exchange: &mut Exchange,
        call: u32,
        fence: Option<&RefCell<Sharing>>,
    ) -> Result<(AuthOutDto, Now), Stopped> {
        let line = &self.line;
        let operation = exchange.draft.endpoint().operation;
        let after_loss = exchange.draft.after_loss();
        let request = self.info.request(exchange.draft.clone(), None);
        loop {
            // The life of the pair counts from here: the platform's own count cannot begin earlier.
            let asked = line.host.now();
            if fence.is_some_and(|lease| !lease.borrow().may_send(asked)) {
                return Err(Stopped::Fenced);
            }
            let sent = Attempt { call, operation, number: exchange.retry.sent() };
            let mut timeout_ms = exchange.retry.limit(line.timeout_ms, asked);
            if fence.is_some() && (timeout_ms == 0 || timeout_ms > LOGIN_MS) {
                timeout_ms = LOGIN_MS;
            }
            let response = line.attempt(&request, sent, timeout_ms).await;
            let pair = response.and_then(|response| {
                decode(operation, &response, &request.secrets, true, AuthOutDto::read)
            });
            let error = match pair {
                Ok(pair) => return Ok((pair, asked)),
                Err(error) => error,
            };
            if !line.wait_to_retry(&mut exchange.retry, &error, after_loss, &sent).await {
                return Err(Stopped::Failed(Failure::new(operation, sent.number, error)));
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
        self.line.host.emit(Event::Token { cause, life_ms, generation });
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
        if self.ended {
            return;
        }
        let (client, generation) = (Rc::clone(&self.client), self.generation);
        self.client.line.host.spawn(Box::pin(async move {
            if let Some(sharer) = &client.sharer {
                sharer.release(&client.line, generation).await;
            }
        }));
    }
}

/// A question to the store, which is put to its end: where nobody waits for the answer any more,
/// `unwanted` gets it, since the store has acted on it all the same.
struct Unfinished<H: Host, T: 'static> {
    client: Rc<NorthApi<H>>,
    question: Option<Pin<Box<dyn Future<Output = T>>>>,
    unwanted: fn(Rc<NorthApi<H>>, T),
}

impl<H: Host, T> Unfinished<H, T> {
    fn new(
        client: &Rc<NorthApi<H>>,
        question: impl Future<Output = T> + 'static,
        unwanted: fn(Rc<NorthApi<H>>, T),
    ) -> Self {
        Self { client: Rc::clone(client), question: Some(Box::pin(question)), unwanted }
    }
}

impl<H: Host, T> Future for Unfinished<H, T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let Some(question) = &mut self.question else { return Poll::Pending };
        let answer = question.as_mut().poll(context);
        if answer.is_ready() {
            self.question = None;
        }
        answer
    }
}

impl<H: Host, T> Drop for Unfinished<H, T> {
    fn drop(&mut self) {
        let Some(question) = self.question.take() else { return };
        let (client, unwanted) = (Rc::clone(&self.client), self.unwanted);
        self.client.line.host.spawn(Box::pin(async move { unwanted(client, question.await) }));
    }
}
