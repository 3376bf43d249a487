//! A simulated world: its clock, the tokens of its platform, and what is known of each client; `host.rs` looks at
//! each request in it.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::task::{Poll, Waker};

use crate::session::Plan;

mod host;
#[path = "../../tests/it/sharers/store.rs"]
mod store;

pub(crate) use host::Process;

/// The application's secret; tokens contain the word as well, so that one search finds them all.
pub(crate) const SECRET: &str = "s3cr3t+/=&%";

/// Everything that is not a client.
pub(crate) struct World {
    pub(crate) plan: Rc<Plan>,
    now: Cell<f64>,
    random: Cell<u64>,
    /// Whom to wake when, by the moment's bits, which are in the order of the moments, and the wait's number.
    timers: RefCell<BTreeMap<(u64, usize), Waker>>,
    waits: Cell<usize>,
    settled: Cell<usize>,
    finished: Cell<usize>,
    logins: Cell<usize>,
    answers: Cell<usize>,
    questions: Cell<usize>,
    issued: Cell<u32>,
    /// The token that is good, and until when.
    good: RefCell<Option<(String, f64)>>,
    /// Tokens that an answer brought to somebody.
    given: RefCell<BTreeSet<String>>,
    /// Refusals of tokens that reached a client.
    refused: RefCell<BTreeSet<(usize, String)>>,
    /// Logins under way, by client.
    under_way: RefCell<BTreeMap<usize, u32>>,
    /// When calls went out, by client.
    sends: RefCell<BTreeMap<usize, Vec<f64>>>,
    /// How often each call was sent, and before when it must not be sent again.
    calls: RefCell<BTreeMap<String, (u32, f64)>>,
    done: Cell<usize>,
    store: RefCell<store::Store>,
}

/// A wait; dropped, it wakes nobody any more.
struct Timer<'a> {
    world: &'a World,
    key: (u64, usize),
}

impl Drop for Timer<'_> {
    fn drop(&mut self) {
        let waker = self.world.timers.borrow_mut().remove(&self.key);
        // What it wakes may hold other waits.
        drop(waker);
    }
}

impl World {
    pub(crate) fn new(plan: Rc<Plan>) -> Self {
        let random = Cell::new(plan.seed);
        Self {
            plan,
            random,
            now: Cell::default(),
            timers: RefCell::default(),
            waits: Cell::default(),
            settled: Cell::default(),
            finished: Cell::default(),
            logins: Cell::default(),
            answers: Cell::default(),
            questions: Cell::default(),
            issued: Cell::default(),
            good: RefCell::default(),
            given: RefCell::default(),
            refused: RefCell::default(),
            under_way: RefCell::default(),
            sends: RefCell::default(),
            calls: RefCell::default(),
            done: Cell::default(),
            store: RefCell::default(),
        }
    }

    fn chance(&self) -> f64 {
        // splitmix64
        let state = self.random.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.random.set(state);
        let mut mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        f64::from(u32::try_from((mixed ^ (mixed >> 31)) >> 32).expect("32 bits")) / 4_294_967_296.0
    }

    /// Waits for a moment.
    pub(crate) async fn until(&self, moment: f64) {
        let timer =
            Timer { world: self, key: (moment.max(0.0).to_bits(), Self::next(&self.waits)) };
        std::future::poll_fn(|context| {
            if self.now.get() >= moment {
                return Poll::Ready(());
            }
            let former = self.timers.borrow_mut().insert(timer.key, context.waker().clone());
            drop(former);
            Poll::Pending
        })
        .await;
    }

    /// Goes to the next moment at which something happens; false if there is none.
    pub(crate) fn advance(&self) -> bool {
        let Some((bits, _)) = self.timers.borrow().keys().next().copied() else { return false };
        self.now.set(self.now.get().max(f64::from_bits(bits)));
        loop {
            let mut timers = self.timers.borrow_mut();
            let Some(first) = timers.first_entry().filter(|first| first.key().0 <= bits) else {
                return true;
            };
            let waker = first.remove();
            drop(timers);
            waker.wake();
        }
    }

    /// Notes that a call is over, by itself or by its caller.
    pub(crate) fn settle(&self, by_itself: bool) {
        self.settled.set(self.settled.get() + 1);
        self.finished.set(self.finished.get() + usize::from(by_itself));
    }

    /// Calls that are over.
    pub(crate) fn settled(&self) -> usize {
        self.settled.get()
    }

    /// Fails where something still goes on, or a call has not told its end.
    pub(crate) fn assert_at_rest(&self, calls: usize) {
        let under_way = self.under_way.borrow();
        assert!(under_way.values().all(|count| *count == 0), "a login goes on for nobody");
        // A call that is aborted before it began tells nothing.
        let done = self.done.get();
        assert!((self.finished.get()..=calls).contains(&done), "{done} ends of {calls} calls");
    }

    fn next(counter: &Cell<usize>) -> usize {
        let number = counter.get();
        counter.set(number + 1);
        number
    }

    fn issue(&self) -> String {
        self.issued.set(self.issued.get() + 1);
        let number = self.issued.get();
        let lives = &self.plan.lives_ms;
        let life = lives.get(number as usize % lives.len().max(1)).copied().unwrap_or(u16::MAX);
        let token = format!("token-{number}-s3cr3t");
        *self.good.borrow_mut() = Some((token.clone(), self.now.get() + f64::from(life)));
        token
    }

    fn is_good(&self, token: &str) -> bool {
        let good = self.good.borrow();
        good.as_ref().is_some_and(|(good, ends)| good == token && *ends > self.now.get())
    }
}
