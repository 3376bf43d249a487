//! Clients that share one store, in simulated time: everything that takes time is a timer of the world.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::task::{Poll, Waker};

use futures_executor::{LocalPool, LocalSpawner};
use futures_util::future::{AbortHandle, abortable};
use futures_util::task::LocalSpawnExt as _;
use northbound::error::{Error, Failure};
use northbound::event::Event;
use northbound::huawei::registration::QUERY_DEVICE_STATUS;
use northbound::json::Json;
use northbound::request::Request;
use northbound::response::Response;
use northbound::session::retry::RetryOptions;
use northbound::session::sharing::Terms;
use northbound::transport::north_api::NorthApi;
use northbound::transport::{Background, Host, Line, StoreFailure, StoreTraits, Task};
use northbound::types::Now;

use super::store::Store;
use crate::support::{answer, application, fields};

/// What happens in one run.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) seed: u64,
    pub(super) clients: usize,
    pub(super) terms: Terms,
    /// When calls begin: which client's, at which millisecond, and after how many it is aborted.
    pub(super) calls: Vec<(usize, f64, Option<f64>)>,
    /// How long each token really lives, whatever the clients are told.
    pub(super) lives: Vec<f64>,
    /// When a client is paused, and until when.
    pub(super) pauses: Vec<(usize, f64, f64)>,
    /// When the store does not work, until when, and whether it says so at once.
    pub(super) outages: Vec<(f64, f64, bool)>,
    /// When somebody else logs in.
    pub(super) outsiders: Vec<f64>,
    /// What the clients are told of a token's life, in seconds.
    pub(super) told_life: u32,
    /// How long a login takes at most, there and back again as long.
    pub(super) login_ms: f64,
    /// What is wrong on purpose, so that a test shows what it is good for.
    pub(super) flaw: Option<Flaw>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// Each client has a store of its own.
    Alone,
    /// The store gives leases for a third of the time and takes every token.
    NoFence,
}

#[derive(Debug, Default)]
pub(super) struct World {
    now: Cell<f64>,
    random: Cell<u64>,
    timers: RefCell<Vec<(f64, Waker)>>,
    tokens: RefCell<Tokens>,
    /// One for all, or one for each client that is on its own.
    stores: RefCell<BTreeMap<usize, Store>>,
    in_flight: Cell<u32>,
    issued_at: Cell<f64>,
    pub(super) counts: RefCell<BTreeMap<String, u32>>,
    pub(super) failures: RefCell<Vec<Failure>>,
}

#[derive(Debug, Default)]
struct Tokens {
    issued: u32,
    good: Option<(u32, f64)>,
}

impl World {
    fn chance(&self) -> f64 {
        // splitmix64
        let state = self.random.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.random.set(state);
        let mut mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        f64::from(u32::try_from((mixed ^ (mixed >> 31)) >> 32).unwrap()) / 4_294_967_296.0
    }

    fn count(&self, what: &str) {
        *self.counts.borrow_mut().entry(what.to_owned()).or_default() += 1;
    }

    pub(super) fn counted(&self, what: &str) -> u32 {
        self.counts.borrow().get(what).copied().unwrap_or(0)
    }

    async fn until(&self, moment: f64) {
        std::future::poll_fn(|context| {
            if self.now.get() >= moment {
                return Poll::Ready(());
            }
            self.timers.borrow_mut().push((moment, context.waker().clone()));
            Poll::Pending
        })
        .await;
    }

    /// Goes to the next moment at which something happens; false if there is none.
    fn advance(&self) -> bool {
        let mut timers = self.timers.borrow_mut();
        let Some(next) = timers.iter().map(|(moment, _)| *moment).min_by(f64::total_cmp) else {
            return false;
        };
        self.now.set(self.now.get().max(next));
        let due = timers.extract_if(.., |(moment, _)| *moment <= next).collect::<Vec<_>>();
        drop(timers);
        for (_, waker) in due {
            waker.wake();
        }
        true
    }

    /// Ends the token whose time is over.
    fn end_by_clock(&self) {
        let mut tokens = self.tokens.borrow_mut();
        if tokens.good.is_some_and(|(_, ends)| ends <= self.now.get()) {
            tokens.good = None;
            self.count("ended");
        }
    }

    fn issue(&self, plan: &Plan) -> u32 {
        self.end_by_clock();
        let mut tokens = self.tokens.borrow_mut();
        let number = tokens.issued;
        tokens.issued += 1;
        let life = plan.lives[usize::try_from(number).unwrap() % plan.lives.len()];
        tokens.good = Some((number, self.now.get() + life));
        self.issued_at.set(self.now.get());
        number
    }
}

/// One client's host.
#[derive(Clone)]
struct Process {
    number: usize,
    plan: Rc<Plan>,
    world: Rc<World>,
    spawner: LocalSpawner,
}

/// A login under way, until it is answered or given up.
struct InFlight<'a>(&'a World);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.in_flight.set(self.0.in_flight.get() - 1);
    }
}

impl Process {
    /// Comes back after so long, or when the pause is over that this process is in then.
    async fn after(&self, delay_ms: f64) {
        let mut moment = self.world.now.get() + delay_ms;
        loop {
            self.world.until(moment).await;
            let paused = self.plan.pauses.iter().find(|(number, from, to)| {
                *number == self.number && (*from..*to).contains(&self.world.now.get())
            });
            match paused {
                Some((_, _, end)) => moment = *end,
                None => return,
            }
        }
    }

    async fn latency(&self, most: f64) {
        let delay = (self.world.chance() * most).round() + 1.0;
        self.after(delay).await;
    }

    fn respond(&self, request: &Request) -> Response {
        let world = &self.world;
        if matches!(request.operation, "getAuthToken" | "refreshAuthToken") {
            world.count(if request.operation == "getAuthToken" { "logins" } else { "refreshes" });
            let number = world.issue(&self.plan);
            return answer(
                200,
                &format!(
                    r#"{{"accessToken":"t{number}","refreshToken":"r{number}","tokenType":"bearer","expiresIn":{},"scope":"default"}}"#,
                    self.plan.told_life
                ),
            );
        }
        world.end_by_clock();
        let sent = request.headers.iter().find(|(name, _)| *name == "authorization").unwrap();
        let good = world.tokens.borrow().good;
        if good.map(|(number, _)| format!("Bearer t{number}")).as_ref() == Some(&sent.1) {
            answer(200, r#"{"deviceId":"d","activated":true}"#)
        } else {
            world.count("refused");
            answer(403, r#"{"resultcode":"1010005","resultmsg":"no"}"#)
        }
    }

    fn store_step(&self, question: &Json) -> Json {
        let alone = self.plan.flaw == Some(Flaw::Alone);
        let mut stores = self.world.stores.borrow_mut();
        let store = stores.entry(if alone { self.number } else { 0 }).or_default();
        store.no_fence = self.plan.flaw == Some(Flaw::NoFence);
        store.answer(question, self.world.now.get())
    }
}

impl Host for Process {
    async fn send(&self, request: &Request, timeout_ms: u32) -> Result<Response, Error> {
        let is_login = request.operation != "queryDeviceStatus";
        let in_flight = is_login.then(|| {
            self.world.in_flight.set(self.world.in_flight.get() + 1);
            if self.world.in_flight.get() > 1 {
                self.world.count("together");
            }
            InFlight(&self.world)
        });
        let _: u32 = timeout_ms;
        // What is on the way arrives, whether its sender is paused or not.
        let way = self.world.chance() * if is_login { self.plan.login_ms } else { 50.0 };
        self.world.until(self.world.now.get() + way).await;
        let response = self.respond(request);
        self.world.until(self.world.now.get() + way).await;
        drop(in_flight);
        self.after(0.0).await;
        Ok(response)
    }

    async fn sleep(&self, delay_ms: f64) {
        self.after(delay_ms).await;
    }

    fn now(&self) -> Now {
        Now::new(self.world.now.get(), self.world.now.get())
    }

    fn chance(&self) -> f64 {
        self.world.chance()
    }

    fn nonce(&self) -> String {
        self.number.to_string()
    }

    fn emit(&self, event: &Event<'_>) {
        if let Some(about) = event.get("about") {
            self.world.count(about);
        }
    }

    fn spawn(&self, work: Background) {
        self.spawner.spawn_local(work).unwrap();
    }

    fn store(&self) -> Option<StoreTraits> {
        Some(StoreTraits::new(self.plan.terms, false))
    }

    async fn ask_store(&self, question: &Json) -> Result<Json, StoreFailure> {
        self.latency(10.0).await;
        let now = self.world.now.get();
        let outage = self.plan.outages.iter().find(|(from, to, _)| (*from..*to).contains(&now));
        if let Some((_, to, says_so)) = outage {
            if *says_so {
                return Err(StoreFailure::new("down".to_owned(), false));
            }
            self.world.until(*to).await;
        }
        let answer = self.store_step(question);
        self.latency(10.0).await;
        Ok(answer)
    }
}

fn task() -> Task {
    let card = QUERY_DEVICE_STATUS;
    Task::new(card.draft(&mut fields(r#"{"deviceId":"d"}"#)).unwrap(), card.answer)
}

/// Runs a plan to its end.
pub(super) fn run(plan: Plan) -> Rc<World> {
    let mut pool = LocalPool::new();
    let spawner = pool.spawner();
    let world = Rc::new(World::default());
    world.random.set(plan.seed);
    let plan = Rc::new(plan);
    let clients: Vec<Rc<NorthApi<Process>>> = (0..plan.clients)
        .map(|number| {
            let (plan, world) = (Rc::clone(&plan), Rc::clone(&world));
            let process = Process { number, plan, world, spawner: spawner.clone() };
            let line = Line::new(process, 10_000, RetryOptions::default());
            Rc::new(NorthApi::new(line, application(), 1e9))
        })
        .collect();
    for (client, start, patience) in plan.calls.clone() {
        let client = Rc::clone(&clients[client % clients.len()]);
        let (call, handle) = abortable(one_call(Rc::clone(&world), client, start));
        let ended = Rc::clone(&world);
        let outcome = async move {
            if call.await.is_err() {
                ended.count("aborted");
            }
            ended.count("calls");
        };
        spawner.spawn_local(outcome).unwrap();
        if let Some(patience) = patience {
            let abort = abort_later(Rc::clone(&world), start + patience, handle);
            spawner.spawn_local(abort).unwrap();
        }
    }
    for moment in plan.outsiders.clone() {
        let outsider = log_in_elsewhere(Rc::clone(&world), Rc::clone(&plan), moment);
        spawner.spawn_local(outsider).unwrap();
    }
    let expected = u32::try_from(plan.calls.len()).unwrap();
    pool.run_until_stalled();
    while world.counted("calls") < expected {
        assert!(world.advance(), "a call hangs: {plan:?}");
        assert!(world.now.get() < 600_000.0, "a call does not end: {plan:?}");
        pool.run_until_stalled();
    }
    world
}

async fn one_call(world: Rc<World>, client: Rc<NorthApi<Process>>, start: f64) {
    world.until(start).await;
    match client.run(task()).await {
        Ok(_) => world.count("ok"),
        Err(failure) => {
            world.count("failed");
            world.failures.borrow_mut().push(failure);
        }
    }
}

async fn log_in_elsewhere(world: Rc<World>, plan: Rc<Plan>, moment: f64) {
    world.until(moment).await;
    if world.now.get() - world.issued_at.get() < 200.0 {
        world.count("snatched");
    }
    world.issue(&plan);
}

async fn abort_later(world: Rc<World>, moment: f64, handle: AbortHandle) {
    world.until(moment).await;
    handle.abort();
}
