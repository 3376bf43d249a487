//! Clients in simulated time: calls, aborts, lost answers, tokens that die, a shared store that fails. Whatever
//! happens, the promises of `northbound::session` hold; `world.rs` looks at each request and each event.

use std::rc::Rc;

use arbitrary::{Arbitrary, Unstructured};
use futures_executor::LocalPool;
use futures_util::future::abortable;
use futures_util::task::LocalSpawnExt as _;
use northbound::address::Surroundings;
use northbound::error::Failure;
use northbound::fields::Fields;
use northbound::huawei::ClientInfo;
use northbound::huawei::registration::{
    DELETE_DIRECT_DEVICE, QUERY_DEVICE_STATUS, REFRESH_DEVICE_KEY, REG_DIRECT_DEVICE,
};
use northbound::json::Json;
use northbound::session::retry::RetryOptions;
use northbound::session::throttle::ThrottleOptions;
use northbound::transport::north_api::NorthApi;
use northbound::transport::{Line, Task};
use serde_json::json;

use crate::parts::few;
use crate::sign::tree;
use crate::world::{Process, SECRET, World};

/// Fails where a client breaks a promise.
pub fn run(data: &[u8]) {
    // Too few bytes are no plan.
    let Ok(plan) = Plan::arbitrary_take_rest(Unstructured::new(data)) else { return };
    play(plan);
}

/// What happens in one run.
#[derive(Arbitrary, Debug)]
pub(crate) struct Plan {
    clients: u8,
    pub(crate) has_store: bool,
    pub(crate) prompt_timers: bool,
    pub(crate) counts_calls: bool,
    throttle: Option<(u8, u16)>,
    attempts: u8,
    base_delay_ms: u8,
    max_delay_ms: u16,
    total_ms: u16,
    timeout_ms: u16,
    /// What an answer tells of a token's life, in seconds.
    pub(crate) told_life_s: u8,
    /// How long it really lives.
    #[arbitrary(with = few)]
    pub(crate) lives_ms: Vec<u16>,
    pub(crate) seed: u64,
    #[arbitrary(with = few)]
    calls: Vec<Call>,
    /// How logins and calls are answered, again from the first where there are more.
    #[arbitrary(with = few)]
    pub(crate) logins: Vec<Answer>,
    #[arbitrary(with = few)]
    pub(crate) answers: Vec<Answer>,
    #[arbitrary(with = few)]
    pub(crate) store: Vec<StoreAnswer>,
    /// When the calendar is set, and by how much.
    #[arbitrary(with = few)]
    pub(crate) calendar: Vec<(u16, i32)>,
}

#[derive(Arbitrary, Debug)]
struct Call {
    client: u8,
    /// After the one before it.
    after_ms: u16,
    patience_ms: Option<u16>,
    timeout_ms: Option<u16>,
    kind: Kind,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Kind {
    Query,
    Delete,
    Register,
    RefreshKey,
    Token { force: bool },
    NextToken,
}

/// How a request is answered.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub(crate) struct Answer {
    /// In 1/16 seconds: longer than a login may take, at most.
    pub(crate) takes: u8,
    pub(crate) how: How,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
pub(crate) enum How {
    Good,
    /// As good, but nobody gets to know.
    Lost,
    /// Nobody was reached.
    Unreachable,
    /// There is never an answer.
    Silence,
    Busy {
        retry_after_s: u8,
    },
    Throttled,
    /// A refusal, with a token in it all the same.
    Refused {
        code: u8,
    },
    /// A page of somebody else.
    Page,
    /// JSON that lacks what is needed.
    Odd,
}

/// How the store answers.
#[derive(Arbitrary, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StoreAnswer {
    Good { takes_ms: u8 },
    Fails { takes_ms: u8 },
    Useless,
    Silence,
    Nonsense,
}

impl Plan {
    fn retry(&self) -> RetryOptions {
        let attempts = u32::from(self.attempts % 6).max(1);
        let [base, most, total] = [u16::from(self.base_delay_ms), self.max_delay_ms, self.total_ms];
        RetryOptions::new(attempts, base.into(), most.into(), total.into())
    }

    /// Calls, in a window with its slack.
    pub(crate) fn throttle(&self) -> Option<ThrottleOptions> {
        let (calls, per_ms) = self.throttle?;
        Some(ThrottleOptions::new(1 + u32::from(calls % 6), f64::from(per_ms).max(1.0)))
    }

    /// Sends of one call at most: its attempts, and three that mend a refused token.
    pub(crate) fn most_sends(&self) -> u32 {
        self.retry().attempts + 3
    }

    /// Time for one attempt, if that is limited.
    pub(crate) fn timeout_ms(&self) -> u32 {
        self.timeout_ms.into()
    }
}

fn application() -> ClientInfo {
    let info = json!({ "appId": "app1", "secret": SECRET, "baseUrl": "https://platform.example" });
    let info = Fields::of("clientInfo", tree(&info)).expect("an object");
    ClientInfo::read(info, &Surroundings::default()).expect("an application")
}

fn task(kind: Kind, number: usize, timeout_ms: Option<u32>) -> Task {
    let device = json!({ "deviceId": number.to_string() });
    let (card, input) = match kind {
        Kind::Delete => (DELETE_DIRECT_DEVICE, device),
        Kind::Register => (REG_DIRECT_DEVICE, json!({ "nodeId": number.to_string() })),
        Kind::RefreshKey => (REFRESH_DEVICE_KEY, device),
        Kind::Query | Kind::Token { .. } | Kind::NextToken => (QUERY_DEVICE_STATUS, device),
    };
    let mut input = Fields::of("input", tree(&input)).expect("an object");
    let mut task = Task::new(card.draft(&mut input).expect("a draft"), card.answer);
    task.timeout_ms = timeout_ms;
    task
}

fn play(plan: Plan) {
    let mut pool = LocalPool::new();
    let spawner = pool.spawner();
    let plan = Rc::new(plan);
    let world = Rc::new(World::new(Rc::clone(&plan)));
    let clients: Vec<Rc<NorthApi<Process>>> = (0..=usize::from(plan.clients % 4))
        .map(|number| {
            let process = Process::new(number, Rc::clone(&world), spawner.clone());
            let mut line = Line::new(process, plan.timeout_ms(), plan.retry());
            if let Some(options) = plan.throttle() {
                line = line.throttled(options);
            }
            Rc::new(NorthApi::new(line, application(), 60_000.0))
        })
        .collect();
    let mut begins_ms = 0.0;
    for (number, call) in plan.calls.iter().enumerate() {
        begins_ms += f64::from(call.after_ms);
        let client = Rc::clone(&clients[usize::from(call.client) % clients.len()]);
        let timeout_ms = call.timeout_ms.map(u32::from);
        let (kind, here) = (call.kind, Rc::clone(&world));
        let (work, handle) = abortable(async move {
            here.until(begins_ms).await;
            let result = match kind {
                Kind::Token { force } => client.get_auth_token(force, timeout_ms).await,
                Kind::NextToken => client.refresh_auth_token(timeout_ms).await,
                _ => client.run(task(kind, number, timeout_ms)).await,
            };
            assert_outcome(&result);
        });
        let here = Rc::clone(&world);
        let ended = async move {
            let outcome = work.await;
            here.settle(outcome.is_ok());
        };
        spawner.spawn_local(ended).expect("a pool that runs");
        if let Some(patience_ms) = call.patience_ms {
            let here = Rc::clone(&world);
            let abort = async move {
                here.until(begins_ms + f64::from(patience_ms)).await;
                handle.abort();
            };
            spawner.spawn_local(abort).expect("a pool that runs");
        }
    }
    pool.run_until_stalled();
    let mut steps = 0;
    while world.settled() < plan.calls.len() {
        assert!(world.advance(), "a call waits for nothing");
        steps += 1;
        assert!(steps < 50_000, "a call does not end");
        pool.run_until_stalled();
    }
    drop(clients);
    // What goes on in the background ends as well.
    while world.advance() {
        steps += 1;
        assert!(steps < 100_000, "work in the background does not end");
        pool.run_until_stalled();
    }
    world.assert_at_rest(plan.calls.len());
}

fn assert_outcome(result: &Result<Json, Failure>) {
    if let Err(failure) = result {
        assert!(!failure.message().contains("s3cr3t"), "a token is shown: {}", failure.message());
        assert_ne!(failure.error.kind(), "internal", "{failure:?}");
        assert_ne!(failure.error.kind(), "invalid-argument", "{failure:?}");
        assert!(!failure.message().is_empty());
    }
}
