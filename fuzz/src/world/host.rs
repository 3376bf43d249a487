//! One client's host: what the platform and the store answer, and what must hold of each request.

use std::rc::Rc;

use futures_executor::LocalSpawner;
use futures_util::task::LocalSpawnExt as _;
use northbound::error::{Cause, Error};
use northbound::event::Event;
use northbound::json::Json;
use northbound::request::Request;
use northbound::response::{Body, Response};
use northbound::session::sharing::Terms;
use northbound::transport::{Background, Host, StoreFailure, StoreTraits};
use northbound::types::Now;

use super::World;
use crate::session::{Answer, How, StoreAnswer};

/// The longest time that a timer of a browser or of Node can take.
const LONGEST_TIMER_MS: f64 = 2_147_483_647.0;

/// One client's host.
pub(crate) struct Process {
    number: usize,
    world: Rc<World>,
    spawner: LocalSpawner,
}

/// A login under way, until it is answered or given up.
struct InFlight<'a>(&'a Process);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        *self.0.world.under_way.borrow_mut().entry(self.0.number).or_default() -= 1;
    }
}

fn is_login(request: &Request) -> bool {
    matches!(request.operation, "getAuthToken" | "refreshAuthToken")
}

/// What tells calls apart: each has a device of its own.
fn call_of(request: &Request) -> String {
    [request.operation, &request.path, request.body.as_deref().unwrap_or_default()].concat()
}

fn response(status: u16, headers: &[(&str, String)], body: String) -> Response {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    Response::new(status, headers, Body::read(body))
}

impl Process {
    /// The host of a client.
    pub(crate) fn new(number: usize, world: Rc<World>, spawner: LocalSpawner) -> Self {
        Self { number, world, spawner }
    }

    fn token_of(request: &Request) -> String {
        let (_, value) =
            request.headers.iter().find(|(name, _)| *name == "authorization").expect("a token");
        value.strip_prefix("Bearer ").expect("a bearer").to_owned()
    }

    fn begin_login(&self) -> InFlight<'_> {
        let mut under_way = self.world.under_way.borrow_mut();
        let count = under_way.entry(self.number).or_default();
        *count += 1;
        assert_eq!(*count, 1, "two logins of one client at a time");
        InFlight(self)
    }

    /// Looks at a call that goes out.
    fn begin_call(&self, request: &Request, timeout_ms: u32) {
        let (world, now) = (&self.world, self.world.now.get());
        let plan = &world.plan;
        let token = Self::token_of(request);
        assert!(world.given.borrow().contains(&token), "a token that nobody issued: {token}");
        if !plan.has_store && plan.throttle().is_none() {
            let refused = world.refused.borrow().contains(&(self.number, token));
            assert!(!refused, "a token is sent again that this client knows to be refused");
        }
        let mut calls = world.calls.borrow_mut();
        let (sends, not_before) = calls.entry(call_of(request)).or_insert((0, 0.0));
        *sends += 1;
        assert!(*sends <= plan.most_sends(), "sent {sends} times");
        assert!(now >= *not_before, "sent {} ms too early", *not_before - now);
        let _: u32 = timeout_ms;
        if let Some(options) = plan.throttle().filter(|_| !(plan.has_store && plan.counts_calls)) {
            let mut sends = world.sends.borrow_mut();
            let sends = sends.entry(self.number).or_default();
            sends.push(now);
            let window = options.window_ms();
            let within = sends.iter().filter(|at| now - **at < window).count();
            assert!(
                within <= options.calls as usize,
                "{within} calls in a window of {}",
                options.calls
            );
        }
    }

    /// What the platform does with a request that arrives.
    fn respond(&self, request: &Request, how: How) -> Response {
        let world = &self.world;
        let odd = || response(200, &[], r#"{"what":"else"}"#.to_owned());
        match how {
            How::Busy { retry_after_s } => {
                response(503, &[("retry-after", retry_after_s.to_string())], "busy".to_owned())
            }
            How::Throttled => {
                response(429, &[], r#"{"error_code":"1010009","error_desc":"too many"}"#.to_owned())
            }
            How::Refused { code } => {
                let codes = ["100208", "100025", "1010005", "50252", "100418", "100416", "999"];
                let code = codes[usize::from(code) % codes.len()];
                let body = format!(
                    r#"{{"error_code":"{code}","error_desc":"no","accessToken":"stolen-s3cr3t","refreshToken":"r","tokenType":"bearer","expiresIn":60,"scope":"default"}}"#
                );
                response(400, &[], body)
            }
            How::Page => response(200, &[], "<html>Sign in</html>".to_owned()),
            How::Odd => odd(),
            How::Good | How::Lost | How::Unreachable | How::Silence if is_login(request) => {
                let token = world.issue();
                let body = format!(
                    r#"{{"accessToken":"{token}","refreshToken":"re{token}","tokenType":"bearer","expiresIn":{},"scope":"default"}}"#,
                    world.plan.told_life_s
                );
                response(200, &[], body)
            }
            _ if !world.is_good(&Self::token_of(request)) => {
                response(403, &[], r#"{"resultcode":"1010005","resultmsg":"no"}"#.to_owned())
            }
            _ => match request.operation {
                "queryDeviceStatus" => {
                    response(200, &[], r#"{"deviceId":"d","activated":true}"#.to_owned())
                }
                "deleteDirectDevice" => response(204, &[], String::new()),
                _ => response(
                    200,
                    &[],
                    r#"{"deviceId":"d","verifyCode":"v","timeout":1}"#.to_owned(),
                ),
            },
        }
    }

    /// Looks at an answer that reaches the client.
    fn deliver(&self, request: &Request, answer: &Response, how: How) {
        let world = &self.world;
        let Body::Json(body, _) = &answer.body else { return };
        if let (true, true, Some(Json::Text(token))) =
            (is_login(request), matches!(how, How::Good), body.get("accessToken"))
        {
            world.given.borrow_mut().insert(token.clone());
        }
        if !is_login(request) && body.get("resultcode").is_some() {
            world.refused.borrow_mut().insert((self.number, Self::token_of(request)));
        }
    }

    fn not_before(&self, request: &Request, answer: &Response) {
        if let (false, Some(seconds)) = (is_login(request), answer.header("retry-after")) {
            let wait_ms = seconds.parse::<f64>().expect("a number") * 1000.0;
            if let Some((_, not_before)) = self.world.calls.borrow_mut().get_mut(&call_of(request))
            {
                *not_before = self.world.now.get() + wait_ms;
            }
        }
    }
}

impl Host for Process {
    async fn send(&self, request: &Request, timeout_ms: u32) -> Result<Response, Error> {
        let world = &self.world;
        let login = is_login(request);
        let (counter, answers) = if login {
            (&world.logins, &world.plan.logins)
        } else {
            (&world.answers, &world.plan.answers)
        };
        let Answer { takes, how } = answers
            .get(World::next(counter) % answers.len().max(1))
            .copied()
            .unwrap_or(Answer { takes: 1, how: How::Good });
        let in_flight = login.then(|| self.begin_login());
        if !login {
            self.begin_call(request, timeout_ms);
        }
        let start = world.now.get();
        let takes_ms = (f64::from(takes) * 62.5).max(1.0);
        // Without a limit a connection that says nothing breaks at last.
        let limit_ms = if timeout_ms == 0 { 100_000.0 } else { f64::from(timeout_ms) };
        let ends = if matches!(how, How::Silence) { limit_ms } else { takes_ms.min(limit_ms) };
        world.until(start + ends / 2.0).await;
        let answer =
            if matches!(how, How::Unreachable) { None } else { Some(self.respond(request, how)) };
        world.until(start + ends).await;
        drop(in_flight);
        match answer {
            _ if ends >= limit_ms && timeout_ms > 0 => Err(Error::Timeout { timeout_ms }),
            Some(answer) if !matches!(how, How::Lost | How::Silence) => {
                self.deliver(request, &answer, how);
                self.not_before(request, &answer);
                Ok(answer)
            }
            _ => Err(Error::Network(Cause::default())),
        }
    }

    async fn sleep(&self, delay_ms: f64) {
        assert!((0.0..=LONGEST_TIMER_MS).contains(&delay_ms), "a timer of {delay_ms} ms");
        self.world.until(self.world.now.get() + delay_ms).await;
    }

    fn now(&self) -> Now {
        let now = self.world.now.get();
        let set = self.world.plan.calendar.iter().filter(|(moment, _)| f64::from(*moment) <= now);
        Now::new(now, now + set.map(|(_, by)| f64::from(*by)).sum::<f64>())
    }

    fn chance(&self) -> f64 {
        self.world.chance()
    }

    fn nonce(&self) -> String {
        self.number.to_string()
    }

    fn emit(&self, event: &Event<'_>) {
        let text = event.text();
        serde_json::from_str::<serde_json::Value>(&text).expect("an event is JSON");
        assert!(!text.contains("s3cr3t"), "an event shows a secret: {text}");
        if event.kind() == "done" {
            self.world.done.set(self.world.done.get() + 1);
        }
    }

    fn spawn(&self, work: Background) {
        self.spawner.spawn_local(work).expect("a pool that runs");
    }

    fn store(&self) -> Option<StoreTraits> {
        let plan = &self.world.plan;
        let terms = if plan.prompt_timers { Terms::RENEWED } else { Terms::FIXED };
        plan.has_store.then(|| StoreTraits::new(terms, plan.counts_calls))
    }

    async fn ask_store(&self, question: &Json) -> Result<Json, StoreFailure> {
        let world = &self.world;
        let answers = &world.plan.store;
        let answer = answers.get(World::next(&world.questions) % answers.len().max(1));
        let wait = |ms: u8| world.until(world.now.get() + f64::from(ms) + 1.0);
        match answer.copied().unwrap_or(StoreAnswer::Good { takes_ms: 1 }) {
            StoreAnswer::Good { takes_ms } => wait(takes_ms).await,
            StoreAnswer::Fails { takes_ms } => {
                wait(takes_ms).await;
                return Err(StoreFailure::new("down".to_owned(), false));
            }
            StoreAnswer::Useless => return Err(StoreFailure::new("never".to_owned(), true)),
            StoreAnswer::Silence => world.until(world.now.get() + 60_000.0).await,
            StoreAnswer::Nonsense => return Ok(Json::from("what?")),
        }
        let answered = world.store.borrow_mut().answer(question, world.now.get());
        Ok(answered)
    }
}
