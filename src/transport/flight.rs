//! Work that several callers wait for, and that nobody but them keeps alive.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll};

use crate::transport::Later;
use crate::transport::turns::Wakers;

/// One caller's share of the work. The last one to be dropped ends the work with it.
pub(super) struct Flight<T> {
    state: Rc<RefCell<State<T>>>,
    /// This caller's place among those who are told of the end.
    place: Option<u64>,
}

struct State<T> {
    /// Taken out while it is polled: what it runs may come back here.
    work: Option<Later<'static, T>>,
    result: Option<T>,
    waiting: Wakers,
}

/// A way to the work for who does not wait for it.
pub(super) struct WeakFlight<T>(Weak<RefCell<State<T>>>);

impl<T> Flight<T> {
    /// Work that begins with the first who waits.
    pub(super) fn new(work: Later<'static, T>) -> Self {
        let state = State { work: Some(work), result: None, waiting: Wakers::default() };
        Self { state: Rc::new(RefCell::new(state)), place: None }
    }

    pub(super) fn downgrade(&self) -> WeakFlight<T> {
        WeakFlight(Rc::downgrade(&self.state))
    }
}

impl<T> WeakFlight<T> {
    /// The work, if it is still under way.
    pub(super) fn upgrade(&self) -> Option<Flight<T>> {
        let state = self.0.upgrade().filter(|state| state.borrow().result.is_none())?;
        Some(Flight { state, place: None })
    }
}

impl<T: Clone> Future for Flight<T> {
    type Output = T;

    /// Whoever comes by drives the work, and the work wakes who drove it last. All go on in the order in
    /// which they came, so that one does too for whom the work ended.
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let shared = Rc::clone(&self.state);
        let mut state = shared.borrow_mut();
        if let Some(result) = &state.result {
            return Poll::Ready(result.clone());
        }
        self.place = Some(state.waiting.wait(self.place, context.waker()));
        let Some(mut work) = state.work.take() else { return Poll::Pending };
        drop(state);
        let polled = work.as_mut().poll(context);
        let mut state = shared.borrow_mut();
        let Poll::Ready(result) = polled else {
            state.work = Some(work);
            return Poll::Pending;
        };
        state.result = Some(result);
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        waiting.wake_all();
        Poll::Pending
    }
}

impl<T> Drop for Flight<T> {
    fn drop(&mut self) {
        let Some(place) = self.place else { return };
        let mut state = self.state.borrow_mut();
        state.waiting.leave(place);
        // The one who left may have been the one whom the work would wake.
        let next = state.waiting.first();
        drop(state);
        if let Some(waker) = next {
            waker.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::future::poll_fn;

    use futures_executor::LocalPool;
    use futures_util::task::LocalSpawnExt as _;

    use super::*;

    /// Work that is over when it is polled for the fourth time.
    fn work(polls: &Rc<Cell<u32>>) -> Later<'static, u32> {
        let polls = Rc::clone(polls);
        Box::pin(poll_fn(move |_| {
            polls.set(polls.get() + 1);
            if polls.get() < 4 { Poll::Pending } else { Poll::Ready(7) }
        }))
    }

    #[test]
    fn all_who_wait_go_on_in_the_order_in_which_they_came() {
        let (polls, order) = (Rc::default(), Rc::new(RefCell::new(Vec::new())));
        let first = Flight::new(work(&polls));
        let mut pool = LocalPool::new();
        for number in 0..4 {
            let flight = first.downgrade().upgrade().unwrap();
            let order = Rc::clone(&order);
            let wait = async move {
                let result = flight.await;
                order.borrow_mut().push((number, result));
            };
            pool.spawner().spawn_local(wait).unwrap();
        }
        pool.run();
        assert_eq!(*order.borrow(), [(0, 7), (1, 7), (2, 7), (3, 7)]);
        assert!(first.downgrade().upgrade().is_none(), "it is over");
    }

    #[test]
    fn who_leaves_hands_the_work_on_and_the_last_one_ends_it() {
        let polls = Rc::default();
        let first = Flight::new(work(&polls));
        let weak = first.downgrade();
        let mut pool = LocalPool::new();
        let second = weak.upgrade().unwrap();
        let done = Rc::new(Cell::new(0));
        let told = Rc::clone(&done);
        pool.spawner().spawn_local(async move { told.set(second.await) }).unwrap();
        pool.run_until_stalled();
        for _ in 0..2 {
            let mut other = Box::pin(weak.upgrade().unwrap());
            assert!(
                other
                    .as_mut()
                    .poll(&mut Context::from_waker(std::task::Waker::noop()))
                    .is_pending()
            );
            drop(other);
            pool.run_until_stalled();
        }
        assert_eq!(done.get(), 7);

        let alone = Flight::new(work(&Rc::default()));
        let weak = alone.downgrade();
        drop(alone);
        assert!(weak.upgrade().is_none());
    }
}
