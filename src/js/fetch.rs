//! The host in JavaScript: a fetch, two clocks, a listener. All of it is in `host.js`, where whatever
//! a user's code throws is caught.

use std::cell::Cell;

use wasm_bindgen::prelude::*;

use crate::aliyun::{Credentials, Stamp};
use crate::error::{Cause, Error, Failure};
use crate::event::Event;
use crate::js::convert::{Given, request_text, secret_texts, text};
use crate::js::error::fault;
use crate::js::table::{Ticket, spawn};
use crate::json::Json;
use crate::request::Request;
use crate::response::Response;
use crate::session::sharing::Terms;
use crate::text::hex;
use crate::transport::ons_mqtt::Keyring;
use crate::transport::{Background, Host, StoreFailure, StoreTraits};
use crate::types::Now;

#[wasm_bindgen(module = "/src/js/host.js")]
extern "C" {
    fn send(host: u32, ticket: u32, request: &str, timeout_ms: u32);
    fn sleep(ticket: u32, delay_ms: f64);
    fn ask(host: u32, ticket: u32, question: &str);
    fn emit(host: u32, event: &str);
    fn leave(host: u32);
    fn forget(cause: u32);
    /// Bytes that nobody can guess.
    fn entropy() -> Vec<u8>;
    fn describe(fault: &str) -> String;

    #[wasm_bindgen(js_name = cleanCause)]
    fn clean_cause(cause: u32, secrets: &str);
    /// The text that bytes say, as far as they do.
    #[wasm_bindgen(js_name = readText)]
    pub fn read_text(bytes: &[u8]) -> String;
    /// Milliseconds by the calendar, or by a clock that never goes back.
    fn clock(wall: bool) -> f64;
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Math)]
    fn random() -> f64;
}

/// What a user's function threw, by its number in `host.js`.
#[derive(Debug)]
pub struct Kept(pub(crate) u32);

impl Drop for Kept {
    fn drop(&mut self) {
        forget(self.0);
    }
}

/// The host of a client in JavaScript, by its number in `host.js`.
#[derive(Debug)]
pub struct Fetch {
    number: u32,
    listens: bool,
    /// The store of tokens, if there is one.
    store: Option<StoreTraits>,
}

impl Fetch {
    /// The host that a client is given.
    pub fn new(given: &mut Given) -> Self {
        let prompt = given.has("promptTimers");
        let terms = if prompt { Terms::RENEWED } else { Terms::FIXED };
        let counts_calls = given.take("countsCalls");
        Self {
            number: given.number("host"),
            listens: given.has("listens"),
            store: counts_calls.map(|counts| StoreTraits::new(terms, counts == Json::Bool(true))),
        }
    }

    /// Credentials that this host is asked for.
    pub const fn keys(&self) -> Keys {
        Keys::Asked(self.number)
    }
}

impl Drop for Fetch {
    fn drop(&mut self) {
        leave(self.number);
    }
}

impl Host for Fetch {
    async fn send(&self, request: &Request, timeout_ms: u32) -> Result<Response, Error> {
        let question = request_text(request);
        let ticket = Ticket::new(|ticket| send(self.number, ticket, &question, timeout_ms));
        let mut answer = Given::of(ticket.await);
        if answer.has("late") {
            return Err(Error::Timeout { timeout_ms });
        }
        let thrown = answer.number("thrown");
        if thrown == 0 {
            return Ok(answer.response());
        }
        // Some quote the headers that they were given.
        let cause = Kept(thrown);
        clean_cause(cause.0, &secret_texts(&request.secrets));
        Err(Error::Network(Cause::new(cause)))
    }

    async fn sleep(&self, delay_ms: f64) {
        drop(Ticket::new(|ticket| sleep(ticket, delay_ms)).await);
    }

    fn chance(&self) -> f64 {
        random()
    }

    fn nonce(&self) -> String {
        nonce()
    }

    fn now(&self) -> Now {
        Now::new(clock(false), clock(true))
    }

    fn spawn(&self, work: Background) {
        spawn(work);
    }

    fn store(&self) -> Option<StoreTraits> {
        self.store
    }

    async fn ask_store(&self, question: &Json) -> Result<Json, StoreFailure> {
        let question = text(question);
        let ticket = Ticket::new(|ticket| ask(self.number, ticket, &question));
        let mut outcome = Given::of(ticket.await);
        match outcome.text("failed") {
            Some(reason) => Err(StoreFailure::new(reason, outcome.has("lasting"))),
            None => Ok(outcome.take("answer").unwrap_or(Json::Null)),
        }
    }

    fn describe(&self, failure: &Failure) -> String {
        describe(&text(&fault(failure)))
    }

    fn listens(&self) -> bool {
        self.listens
    }

    fn emit(&self, event: &Event<'_>) {
        if self.listens {
            emit(self.number, &event.text());
        }
    }
}

/// Credentials that never change, or a user's function that is asked for them.
#[derive(Debug)]
#[non_exhaustive]
pub enum Keys {
    /// Asked before each attempt; by this host.
    Asked(u32),
    /// Fixed.
    Fixed(Credentials),
}

impl Keyring for Keys {
    fn is_asked(&self) -> bool {
        matches!(self, Self::Asked(_))
    }

    async fn credentials(&self) -> Result<Credentials, Error> {
        let host = match self {
            Self::Fixed(credentials) => return Ok(credentials.clone()),
            Self::Asked(host) => *host,
        };
        let mut outcome = Given::of(Ticket::new(|ticket| ask(host, ticket, "[]")).await);
        let thrown = outcome.number("thrown");
        if thrown > 0 {
            return Err(Error::Credentials(Cause::new(Kept(thrown))));
        }
        Ok(Credentials::read(outcome.fields("answer", "config.credentials")?)?)
    }
}

/// Bytes of a nonce.
const NONCE: usize = 16;

thread_local! {
    /// What was drawn and is not used up.
    static ENTROPY: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// A text that nobody can guess and that is never given twice.
fn nonce() -> String {
    let mut bytes = ENTROPY.take();
    if bytes.is_empty() {
        bytes = entropy();
    }
    let rest = bytes.len().saturating_sub(NONCE);
    let nonce = hex(bytes.get(rest..).unwrap_or_default());
    bytes.truncate(rest);
    ENTROPY.set(bytes);
    nonce
}

/// A stamp of this moment, with whatever of it a caller has fixed.
pub fn stamp(fixed_nonce: Option<String>, fixed_date_ms: Option<f64>) -> Stamp {
    Stamp::new(fixed_nonce.unwrap_or_else(nonce), fixed_date_ms.unwrap_or_else(|| clock(true)))
}
