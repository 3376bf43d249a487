//! What JavaScript knows by a number: clients, work under way, and answers that work waits for.
//!
//! It runs the work too: whoever is woken is polled in a microtask of its own, by `wake` in `host.js`.

use std::cell::RefCell;
use std::mem::replace;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use wasm_bindgen::prelude::*;

use crate::error::Failure;
use crate::js::client::Client;
use crate::js::convert::{self, Made};
use crate::json::Json;
use crate::transport::Background;

#[wasm_bindgen(module = "/src/js/host.js")]
extern "C" {
    fn wake(task: u32);
    fn cancel(ticket: u32);

    /// Gives `host.js` the functions that it calls. `api.js` does, and what tests this without it.
    pub fn attach(core: &JsValue);
    /// Keeps the functions of a client; for tests.
    pub fn enter(functions: &JsValue) -> u32;
    /// Waits for a call; for tests.
    pub fn ended(task: u32, aborted: &JsValue, read: &JsValue) -> JsValue;
}

/// What a method runs.
pub type Work = Pin<Box<dyn Future<Output = Result<Json, Failure>>>>;

/// What a number stands for.
enum Entry {
    /// Nothing: the number may be given to another.
    Free,
    /// Work that is being polled.
    Away,
    Client(Rc<dyn Client>),
    /// A call, and the members of its result that printing masks.
    Call(Work, &'static [&'static str]),
    Background(Background),
    /// Nobody has answered; who waits.
    Waiting(Option<Waker>),
    Answered(Json),
}

/// Anything taken out of the table, to be dropped while nobody holds it.
#[expect(missing_debug_implementations, reason = "it holds futures, which have none")]
pub struct Removed(#[expect(dead_code, reason = "kept to be dropped")] Entry);

struct Table {
    entries: Vec<Entry>,
    free: Vec<u32>,
}

thread_local! {
    static TABLE: RefCell<Table> = const {
        RefCell::new(Table { entries: Vec::new(), free: Vec::new() })
    };
}

/// Puts `entry` in the place of what `number` stands for. No entry is dropped while the table is
/// borrowed, since that may run anything.
fn exchange(number: u32, entry: Entry) -> Entry {
    TABLE.with_borrow_mut(|table| {
        let slot = usize::try_from(number).ok().and_then(|at| table.entries.get_mut(at));
        match slot {
            Some(slot) => replace(slot, entry),
            None => entry,
        }
    })
}

fn insert(entry: Entry) -> u32 {
    let number = TABLE.with_borrow_mut(|table| {
        table.free.pop().unwrap_or_else(|| {
            table.entries.push(Entry::Free);
            u32::try_from(table.entries.len() - 1).unwrap_or(u32::MAX)
        })
    });
    drop(exchange(number, entry));
    number
}

/// Takes something out; its number is then free.
pub fn remove(number: u32) -> Removed {
    let entry = exchange(number, Entry::Free);
    if !matches!(entry, Entry::Free) {
        TABLE.with_borrow_mut(|table| table.free.push(number));
    }
    Removed(entry)
}

/// Keeps a client.
pub fn keep(client: Rc<dyn Client>) -> u32 {
    insert(Entry::Client(client))
}

/// The client that a number stands for.
pub fn client(number: u32) -> Option<Rc<dyn Client>> {
    TABLE.with_borrow(|table| {
        let entry = table.entries.get(usize::try_from(number).ok()?);
        if let Some(Entry::Client(client)) = entry { Some(Rc::clone(client)) } else { None }
    })
}

/// Begins a call; `secrets` are the members of its result that printing masks.
pub fn begin(work: Work, secrets: &'static [&'static str]) -> u32 {
    start(Entry::Call(work, secrets))
}

/// Begins work that nobody waits for.
pub fn spawn(work: Background) {
    start(Entry::Background(work));
}

fn start(work: Entry) -> u32 {
    let task = insert(work);
    wake(task);
    task
}

/// Goes on with work; answers its outcome when it is over.
pub fn poll(task: u32) -> String {
    let waker = Waker::from(Arc::new(Task(task)));
    let mut context = Context::from_waker(&waker);
    let mut entry = exchange(task, Entry::Away);
    let outcome = match &mut entry {
        Entry::Call(work, secrets) => match work.as_mut().poll(&mut context) {
            Poll::Ready(result) => {
                Some(convert::outcome(result.map(|json| Made::result(&json, secrets))))
            }
            Poll::Pending => None,
        },
        Entry::Background(work) => work.as_mut().poll(&mut context).is_ready().then(String::new),
        // It was woken for work that is over, whose number is another's now.
        Entry::Free | Entry::Away | Entry::Client(_) | Entry::Waiting(_) | Entry::Answered(_) => {
            None
        }
    };
    if outcome.is_some() {
        drop(remove(task));
    } else {
        drop(exchange(task, entry));
    }
    outcome.unwrap_or_default()
}

/// Wakes work by its number.
struct Task(u32);

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        wake(self.0);
    }
}

/// Waits for JavaScript's answer. Dropping it ends what was begun.
#[derive(Debug)]
pub struct Ticket(u32);

impl Ticket {
    /// A ticket for what `begin` begins, which is told its number.
    pub fn new(begin: impl FnOnce(u32)) -> Self {
        let ticket = Self(insert(Entry::Waiting(None)));
        begin(ticket.0);
        ticket
    }
}

impl Future for Ticket {
    type Output = Json;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Json> {
        let waker = Some(context.waker().clone());
        if let Entry::Answered(answer) = exchange(self.0, Entry::Waiting(waker)) {
            Poll::Ready(answer)
        } else {
            Poll::Pending
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        cancel(self.0);
        drop(remove(self.0));
    }
}

/// Answers a ticket.
pub fn settle(ticket: u32, answer: Json) {
    if let Entry::Waiting(Some(waker)) = exchange(ticket, Entry::Answered(answer)) {
        waker.wake();
    }
}
