//! A queue: who came first goes first, and who leaves holds up nobody.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::task::{Poll, Waker};

/// The queue.
#[derive(Debug, Default)]
pub(super) struct Turns {
    last: Cell<u64>,
    /// Those who wait, and first of all the one whose turn it is.
    waiting: RefCell<VecDeque<(u64, Option<Waker>)>>,
}

/// A place in the queue; dropping it leaves the queue.
#[derive(Debug)]
pub(super) struct Place<'a> {
    turns: &'a Turns,
    number: u64,
}

impl Turns {
    /// Takes the last place.
    pub(super) fn queue(&self) -> Place<'_> {
        let number = self.last.get().wrapping_add(1);
        self.last.set(number);
        self.waiting.borrow_mut().push_back((number, None));
        Place { turns: self, number }
    }

    /// How many are in the queue.
    pub(super) fn len(&self) -> u32 {
        u32::try_from(self.waiting.borrow().len()).unwrap_or(u32::MAX)
    }
}

impl Place<'_> {
    /// Waits until this place is the first.
    pub(super) async fn first(&self) {
        poll_fn(|context| {
            let mut waiting = self.turns.waiting.borrow_mut();
            if waiting.front().is_none_or(|(number, _)| *number == self.number) {
                return Poll::Ready(());
            }
            // Numbers grow along the queue.
            if let Ok(at) = waiting.binary_search_by_key(&self.number, |(number, _)| *number)
                && let Some((_, waker)) = waiting.get_mut(at)
            {
                *waker = Some(context.waker().clone());
            }
            Poll::Pending
        })
        .await;
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut waiting = self.turns.waiting.borrow_mut();
        if let Ok(at) = waiting.binary_search_by_key(&self.number, |(number, _)| *number) {
            waiting.remove(at);
        }
        let next = waiting.front_mut().and_then(|(_, waker)| waker.take());
        drop(waiting);
        if let Some(waker) = next {
            waker.wake();
        }
    }
}
