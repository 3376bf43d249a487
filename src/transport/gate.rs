//! Lets calls through in the order in which they came, as many as the throttle allows.

use std::cell::RefCell;

use crate::error::Error;
use crate::event::{self, Event};
use crate::session::throttle::{Throttle, ThrottleOptions};
use crate::transport::store::{Counted, Sharer};
use crate::transport::turns::Turns;
use crate::transport::{Host, Line, Running};

/// The gate of one client.
#[derive(Debug)]
pub(super) struct Gate {
    throttle: RefCell<Throttle>,
    turns: Turns,
}

impl Gate {
    /// A gate that has let nobody through.
    pub(super) fn new(options: ThrottleOptions) -> Self {
        Self { throttle: RefCell::new(Throttle::new(options)), turns: Turns::default() }
    }
}

/// How a call comes out of the gate.
#[derive(Clone, Copy, Debug)]
pub(super) enum Passed {
    /// It is counted and goes out; it has waited so many milliseconds.
    Go(f64),
    /// What it wanted to send is no longer good; it was not counted.
    Stale(f64),
}

impl<H: Host> Line<H> {
    /// Waits until a call may be sent. `sharer` counts for all who share one application. Who had to wait
    /// is asked by `is_good` whether what is to be sent still is, before the call is counted.
    pub(super) async fn pass(
        &self,
        gate: Option<&Gate>,
        sharer: Option<&Sharer>,
        running: &Running<'_, H>,
        is_good: &dyn Fn() -> bool,
    ) -> Passed {
        let Some(gate) = gate else { return Passed::Go(0.0) };
        let arrived = self.host.now();
        let ahead = gate.turns.len();
        let place = gate.turns.queue();
        // Who stands in a queue is told at once how long that is going to take.
        let expected_ms = gate.throttle.borrow_mut().delay_ms(arrived, ahead);
        let mut waits = ahead > 0 || expected_ms > 0.0;
        let mut told = expected_ms > 0.0;
        if told {
            self.tell_throttle(gate, running, expected_ms);
        }
        place.first().await;
        loop {
            let waited_ms = || self.host.now().steady_since(arrived);
            if waits && !is_good() {
                return Passed::Stale(waited_ms());
            }
            let delay_ms = self.admission(gate, sharer).await;
            if delay_ms <= 0.0 {
                return Passed::Go(if waits { waited_ms() } else { 0.0 });
            }
            waits = true;
            if !told {
                told = true;
                self.tell_throttle(gate, running, delay_ms);
            }
            let start = self.host.now();
            self.sleep(delay_ms).await;
            gate.throttle.borrow_mut().waited(delay_ms, start);
        }
    }

    /// How long the first of the queue has to wait; 0: not at all, and its call is counted.
    async fn admission(&self, gate: &Gate, sharer: Option<&Sharer>) -> f64 {
        let Some(sharer) = sharer.filter(|sharer| sharer.counts_calls()) else {
            let mut throttle = gate.throttle.borrow_mut();
            throttle.count_alone();
            return throttle.take(self.host.now());
        };
        let own_ms = gate.throttle.borrow_mut().delay_ms(self.host.now(), 0);
        if own_ms > 0.0 {
            return own_ms;
        }
        let options = gate.throttle.borrow().options();
        match sharer.take(self, options).await {
            Counted::Wait(delay_ms) => delay_ms,
            Counted::Go => {
                gate.throttle.borrow_mut().note(self.host.now());
                0.0
            }
            Counted::Unknown => {
                let mut throttle = gate.throttle.borrow_mut();
                throttle.keep_to_a_share(self.host.now());
                throttle.take(self.host.now())
            }
        }
    }

    /// Slows down where the platform refused a call for its limit.
    pub(super) fn heed(&self, gate: Option<&Gate>, error: &Error) {
        let (Some(gate), true) = (gate, is_throttled(error)) else { return };
        let slowed = gate.throttle.borrow_mut().refused(self.host.now());
        let Some(calls) = slowed else { return };
        let per_ms = crate::json::number_text(gate.throttle.borrow().options().per_ms);
        let message = [
            "the platform refused a call for its limit (",
            error.code().unwrap_or_default(),
            "): others call with the same account; slowing down to ",
            &crate::text::integer(calls.into()),
            " calls per ",
            &per_ms,
            " ms",
        ];
        self.warn("throttle", &message);
    }

    fn tell_throttle(&self, gate: &Gate, running: &Running<'_, H>, delay_ms: f64) {
        let mut throttle = gate.throttle.borrow_mut();
        let used = throttle.used(self.host.now());
        let ThrottleOptions { calls, per_ms, .. } = throttle.options();
        drop(throttle);
        let Running { call, operation, .. } = *running;
        let (delay, used, calls) = (delay_ms.into(), used.into(), calls.into());
        let values = [call.into(), operation.into(), delay, used, calls, per_ms.into()];
        self.host.emit(&Event::new(event::THROTTLE, &values));
    }
}

/// Whether the platform says that too many calls were made.
fn is_throttled(error: &Error) -> bool {
    // Of the overflows only the system's own is not about the caller.
    error.code().is_some_and(|code| {
        code == "1010009"
            || code.starts_with("Throttling")
            || (code.ends_with("OverFlow") && code != "SystemOverFlow")
    })
}
