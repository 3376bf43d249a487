//! A queue: who came first goes first, and who leaves holds up nobody.

use std::cell::RefCell;
use std::future::poll_fn;
use std::task::{Poll, Waker};

/// Those who wait, in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Wakers {
    /// The number of the last place that was taken.
    last: u64,
    /// The places up to that one: numbers grow by one along it.
    queue: Vec<Waiting>,
    /// How many of them, from the front on, were given up.
    gone: usize,
    /// How many of them are taken.
    count: u32,
}

/// Who has not been asked yet has no waker.
#[derive(Debug)]
struct Waiting {
    is_here: bool,
    waker: Option<Waker>,
}

impl Wakers {
    /// Takes the last place.
    fn join(&mut self) -> u64 {
        self.last = self.last.saturating_add(1);
        self.count = self.count.saturating_add(1);
        self.queue.push(Waiting { is_here: true, waker: None });
        self.last
    }

    fn at(&mut self, place: u64) -> Option<&mut Waiting> {
        let behind = usize::try_from(self.last.checked_sub(place)?).ok()?;
        let at = self.queue.len().checked_sub(behind + 1)?;
        self.queue.get_mut(at)
    }

    /// Notes whom to wake at `place`, or at a new one; answers the place.
    pub(super) fn wait(&mut self, place: Option<u64>, waker: &Waker) -> u64 {
        let place = place.unwrap_or_else(|| self.join());
        if let Some(waiting) = self.at(place) {
            waiting.waker = Some(waker.clone());
        }
        place
    }

    /// Gives a place up.
    pub(super) fn leave(&mut self, place: u64) {
        let Some(waiting) = self.at(place).filter(|waiting| waiting.is_here) else { return };
        *waiting = Waiting { is_here: false, waker: None };
        self.count = self.count.saturating_sub(1);
        while self.queue.get(self.gone).is_some_and(|waiting| !waiting.is_here) {
            self.gone += 1;
        }
        while self.queue.len() > self.gone && self.queue.last().is_some_and(|last| !last.is_here) {
            self.queue.pop();
            self.last -= 1;
        }
        // Each place is moved once on average, however long the queue is.
        if self.gone * 2 > self.queue.len() {
            self.queue = self.queue.split_off(self.gone);
            self.gone = 0;
        }
    }

    /// Whether nobody came before `place`.
    fn is_first(&self, place: u64) -> bool {
        let ahead = self.queue.len() - self.gone;
        u64::try_from(ahead).is_ok_and(|ahead| place + ahead <= self.last + 1)
    }

    /// Whom to wake at the first place, once.
    pub(super) fn first(&mut self) -> Option<Waker> {
        self.queue.get_mut(self.gone)?.waker.take()
    }

    /// Wakes everybody.
    pub(super) fn wake_all(self) {
        for waker in self.queue.into_iter().filter_map(|waiting| waiting.waker) {
            waker.wake();
        }
    }
}

/// The queue; the first in it is the one whose turn it is.
#[derive(Debug, Default)]
pub(super) struct Turns(RefCell<Wakers>);

/// A place in the queue; dropping it leaves the queue.
#[derive(Debug)]
pub(super) struct Place<'a> {
    turns: &'a Turns,
    number: u64,
}

impl Turns {
    /// Takes the last place.
    pub(super) fn queue(&self) -> Place<'_> {
        Place { turns: self, number: self.0.borrow_mut().join() }
    }

    /// How many are in the queue.
    pub(super) fn len(&self) -> u32 {
        self.0.borrow().count
    }
}

impl Place<'_> {
    /// Waits until this place is the first.
    pub(super) async fn first(&self) {
        poll_fn(|context| {
            let mut waiting = self.turns.0.borrow_mut();
            if waiting.is_first(self.number) {
                return Poll::Ready(());
            }
            waiting.wait(Some(self.number), context.waker());
            Poll::Pending
        })
        .await;
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut waiting = self.turns.0.borrow_mut();
        waiting.leave(self.number);
        let next = waiting.first();
        drop(waiting);
        if let Some(waker) = next {
            waker.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_first_is_who_came_first_of_those_who_are_left(
            steps in prop::collection::vec((any::<bool>(), any::<prop::sample::Index>()), 1..200),
        ) {
            let mut wakers = Wakers::default();
            let mut here = BTreeSet::new();
            for (comes, who) in steps {
                if comes || here.is_empty() {
                    here.insert(wakers.join());
                } else {
                    let places: Vec<u64> = here.iter().copied().collect();
                    let place = *who.get(&places);
                    here.remove(&place);
                    wakers.leave(place);
                    wakers.leave(place);
                }
                prop_assert_eq!(usize::try_from(wakers.count), Ok(here.len()));
                for place in &here {
                    prop_assert_eq!(wakers.is_first(*place), here.first() == Some(place));
                }
            }
        }
    }
}
