//! The host in JavaScript: a fetch, two clocks, a listener.
//!
//! Of gloo-net the method type is used and never its `send()`, `Headers` or `Response`: these panic
//! when a fetch rejects with something that is no Error, yields something that is no Response, or is
//! given a header that cannot be sent. The call itself is in `host.js`, where everything is caught.

use gloo_net::http::Method as HttpMethod;
use js_sys::{Function, Math, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::aliyun::{Credentials, Stamp};
use crate::endpoint::Method;
use crate::error::{Cause, Error};
use crate::event::Event;
use crate::js::convert::{Answer, fields, from_js, response, text};
use crate::json::Json;
use crate::redact;
use crate::request::Request;
use crate::response::Response;
use crate::session::sharing::Terms;
use crate::transport::ons_mqtt::Keyring;
use crate::transport::{Background, Host, StoreFailure, StoreTraits};
use crate::types::{Now, Secret};

#[wasm_bindgen(module = "/src/js/host.js")]
extern "C" {
    /// A request under way.
    type Sending;

    #[wasm_bindgen(method, getter)]
    fn promise(this: &Sending) -> Promise;
    #[wasm_bindgen(method)]
    fn cancel(this: &Sending);

    fn send(
        fetch: Option<&Function>,
        url: &str,
        method: &str,
        headers: &str,
        body: Option<&str>,
        timeout_ms: u32,
    ) -> Sending;

    /// A wait under way.
    type Sleeping;

    #[wasm_bindgen(method, getter, js_name = promise)]
    fn slept(this: &Sleeping) -> Promise;
    #[wasm_bindgen(method)]
    fn wake(this: &Sleeping);

    fn sleep(delay_ms: f64) -> Sleeping;
    fn nonce() -> String;

    #[wasm_bindgen(js_name = timersArePrompt)]
    fn timers_are_prompt() -> bool;

    #[wasm_bindgen(js_name = askStore)]
    fn ask_store(ask: &Function, question: &str) -> Promise;

    /// What a store did.
    type StoreOutcome;

    #[wasm_bindgen(method, getter, js_name = failed)]
    fn failed(this: &StoreOutcome) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    fn lasting(this: &StoreOutcome) -> bool;
    #[wasm_bindgen(method, getter)]
    fn answer(this: &StoreOutcome) -> JsValue;

    fn ask(function: &Function) -> Promise;

    #[wasm_bindgen(js_name = monotonicNow)]
    fn monotonic_now() -> f64;

    #[wasm_bindgen(js_name = wallNow)]
    fn wall_now() -> f64;

    fn emit(listener: &Function, text: &str);

    #[wasm_bindgen(js_name = shownCause)]
    fn shown_cause(cause: &JsValue, redact: &Closure<dyn Fn(String) -> String>) -> JsValue;

    /// How an attempt ended without an answer.
    type Lost;

    #[wasm_bindgen(method, getter)]
    fn failed(this: &Lost) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    fn cause(this: &Lost) -> JsValue;
}

/// The host of a client in JavaScript.
#[derive(Debug)]
pub struct Fetch {
    sender: Option<Function>,
    on_event: Option<Function>,
    /// Asks the store of tokens, and whether that counts calls.
    store: Option<(Function, bool)>,
}

impl Fetch {
    /// A host that sends by `fetch`, or by the global one, and tells `on_event`.
    pub const fn new(fetch: Option<Function>, on_event: Option<Function>) -> Self {
        Self { sender: fetch, on_event, store: None }
    }

    /// The same host, with a store of tokens where there is one.
    #[must_use]
    pub fn sharing(self, ask_store: Option<Function>, counts_calls: bool) -> Self {
        Self { store: ask_store.map(|ask| (ask, counts_calls)), ..self }
    }
}

impl From<Method> for HttpMethod {
    fn from(method: Method) -> Self {
        match method {
            Method::Delete => Self::DELETE,
            Method::Get => Self::GET,
            Method::Post => Self::POST,
            Method::Put => Self::PUT,
        }
    }
}

impl Host for Fetch {
    async fn send(&self, request: &Request, timeout_ms: u32) -> Result<Response, Error> {
        let headers: Vec<String> =
            request.headers.iter().map(|(name, value)| [name, ": ", value].concat()).collect();
        let under_way = UnderWay(send(
            self.sender.as_ref(),
            &request.url,
            HttpMethod::from(request.method).as_str(),
            &headers.join("\n"),
            request.body.as_deref(),
            timeout_ms,
        ));
        // The promise never rejects; if it did, what it rejected with would be the cause.
        let outcome = JsFuture::from(under_way.0.promise())
            .await
            .map_err(|thrown| Error::Network(Cause::new(thrown)))?;
        let lost: &Lost = outcome.unchecked_ref();
        match lost.failed().as_deref() {
            None => Ok(response(outcome.unchecked_ref::<Answer>())),
            Some("timeout") => Err(Error::Timeout { timeout_ms }),
            Some(_) => Err(Error::Network(Cause::new(without_secrets(&lost.cause(), request)))),
        }
    }

    async fn sleep(&self, delay_ms: f64) {
        let waiting = Waiting(sleep(delay_ms));
        // The promise never rejects.
        drop(JsFuture::from(waiting.0.slept()).await);
    }

    fn chance(&self) -> f64 {
        Math::random()
    }

    fn nonce(&self) -> String {
        nonce()
    }

    fn now(&self) -> Now {
        Now::new(monotonic_now(), wall_now())
    }

    fn spawn(&self, work: Background) {
        spawn_local(work);
    }

    fn store(&self) -> Option<StoreTraits> {
        let (_, counts_calls) = self.store.as_ref()?;
        let terms = if timers_are_prompt() { Terms::RENEWED } else { Terms::FIXED };
        Some(StoreTraits::new(terms, *counts_calls))
    }

    async fn ask_store(&self, question: &Json) -> Result<Json, StoreFailure> {
        let Some((ask, _)) = &self.store else {
            return Err(StoreFailure::new("there is none".to_owned(), true));
        };
        // The promise never rejects, and what it yields is plain.
        let Ok(outcome) = JsFuture::from(ask_store(ask, &text(question))).await else {
            return Err(StoreFailure::default());
        };
        let outcome: StoreOutcome = outcome.unchecked_into();
        match outcome.failed() {
            Some(reason) => Err(StoreFailure::new(reason, outcome.lasting())),
            None => Ok(from_js(outcome.answer()).unwrap_or(Json::Null)),
        }
    }

    fn emit(&self, event: Event) {
        if let Some(listener) = &self.on_event {
            emit(listener, &text(&event.into_json()));
        }
    }
}

/// What a fetch threw, as it may be shown: some quote the headers that they were given.
fn without_secrets(cause: &JsValue, request: &Request) -> JsValue {
    let secrets: Vec<Secret> = request.secrets.clone();
    shown_cause(cause, &Closure::new(move |text: String| redact::without(&text, &secrets)))
}

/// Aborts the request when it is dropped before its end; afterwards that does nothing.
struct UnderWay(Sending);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// Ends the wait when it is dropped before its end.
struct Waiting(Sleeping);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.wake();
    }
}

/// Credentials that never change, or a user's function that is asked for them.
#[derive(Debug)]
#[non_exhaustive]
pub enum Keys {
    /// Asked before each attempt.
    Asked(Function),
    /// Fixed.
    Fixed(Credentials),
}

impl Keyring for Keys {
    fn is_asked(&self) -> bool {
        matches!(self, Self::Asked(_))
    }

    async fn credentials(&self) -> Result<Credentials, Error> {
        match self {
            Self::Fixed(credentials) => Ok(credentials.clone()),
            Self::Asked(function) => {
                let given = JsFuture::from(ask(function))
                    .await
                    .map_err(|thrown| Error::Credentials(Cause::new(thrown)))?;
                Ok(Credentials::read(fields("config.credentials", given)?)?)
            }
        }
    }
}

/// A stamp of this moment, with whatever of it a caller has fixed.
pub fn stamp(fixed_nonce: Option<String>, fixed_date_ms: Option<f64>) -> Stamp {
    Stamp::new(fixed_nonce.unwrap_or_else(nonce), fixed_date_ms.unwrap_or_else(wall_now))
}
