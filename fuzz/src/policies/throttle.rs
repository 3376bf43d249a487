//! How many calls go out: never more than allowed in any window, and nobody waits for ever.

use arbitrary::Arbitrary;
use northbound::session::throttle::{Throttle, ThrottleOptions};
use northbound::types::Now;

use super::at;
use crate::parts::some;

/// Calls of one throttle.
#[derive(Arbitrary, Debug)]
pub(super) struct Volley {
    calls: u8,
    per_ms: u16,
    slack_ms: u8,
    #[arbitrary(with = some)]
    steps: Vec<(u16, Push)>,
}

/// What somebody does with a throttle.
#[derive(Arbitrary, Debug)]
enum Push {
    /// Asks, and goes away if it is not its turn.
    Ask,
    /// Asks, and waits as long as it is told.
    Wait,
    /// The same where the clock stands still meanwhile.
    WaitWithoutClock,
    /// The platform refused a call for its limit.
    Refused,
    /// A shared count let one through.
    Counted,
    /// The shared count is away.
    Share,
    /// There is none any more.
    Alone,
    /// The calendar is set.
    Calendar(i32),
    /// Asks how long the queue is.
    Queue(u8),
}

impl Volley {
    pub(super) fn run(self) {
        // Few calls in a short window, so that the limit is met.
        let calls = 1 + u32::from(self.calls % 6);
        let mut options = ThrottleOptions::new(calls, f64::from(1 + self.per_ms % 2_000));
        options.slack_ms = self.slack_ms.into();
        let mut street = Street::new(options);
        for (step, push) in self.steps {
            street.now += f64::from(step % 1_024);
            street.push(&push);
        }
        street.assert_limit();
    }
}

/// A throttle, and what went through it.
struct Street {
    options: ThrottleOptions,
    throttle: Throttle,
    /// Milliseconds of the clock, what passed while it stood still, and how far the calendar was set.
    now: f64,
    stood: f64,
    calendar: f64,
    sent: Vec<f64>,
    /// Whether a shared count let calls through, which are that one's affair.
    counted: bool,
    paused_until: f64,
}

impl Street {
    fn new(options: ThrottleOptions) -> Self {
        let throttle = Throttle::new(options);
        let (sent, paused_until) = (Vec::new(), f64::NEG_INFINITY);
        Self {
            options,
            throttle,
            now: 0.0,
            stood: 0.0,
            calendar: 0.0,
            sent,
            counted: false,
            paused_until,
        }
    }

    fn moment(&self) -> Now {
        at(self.now, self.calendar)
    }

    fn push(&mut self, push: &Push) {
        let moment = self.moment();
        match push {
            Push::Ask | Push::Wait | Push::WaitWithoutClock => self.ask(push),
            Push::Refused => {
                if self.throttle.refused(moment).is_some() && self.stood <= 0.0 {
                    self.paused_until = self.now + self.options.window_ms() / 10.0;
                }
            }
            Push::Counted => {
                self.throttle.note(moment);
                self.counted = true;
            }
            Push::Share => self.throttle.keep_to_a_share(moment),
            Push::Alone => self.throttle.count_alone(),
            Push::Calendar(by) => self.calendar += f64::from(*by),
            Push::Queue(ahead) => {
                let ahead = u32::from(*ahead);
                let sooner = self.throttle.delay_ms(moment, ahead);
                let later = self.throttle.delay_ms(moment, ahead + 1);
                assert!(sooner <= later, "who came later goes first: {sooner} {later}");
            }
        }
    }

    /// Asks to send, and waits as long as it is told.
    fn ask(&mut self, push: &Push) {
        let window = self.options.window_ms();
        let mut delay_ms = self.throttle.take(self.moment());
        assert!(delay_ms.is_finite() && delay_ms >= 0.0, "{delay_ms}");
        assert!(delay_ms <= 2.0 * window + 1.0, "{delay_ms} for nobody ahead");
        let mut waits = 0;
        while delay_ms > 0.0 && !matches!(push, Push::Ask) {
            let start = self.moment();
            match push {
                Push::Wait => self.now += delay_ms,
                _ => self.stood += delay_ms,
            }
            self.throttle.waited(delay_ms, start);
            delay_ms = self.throttle.take(self.moment());
            waits += 1;
            assert!(waits <= 12, "it is told to wait again and again");
        }
        if delay_ms <= 0.0 {
            let now = self.now + self.stood;
            assert!(now >= self.paused_until, "sent within the pause after a refusal");
            self.sent.push(now);
        }
    }

    fn assert_limit(&self) {
        // A clock that stood still is forgiven the rest.
        if self.counted || self.stood > 0.0 {
            return;
        }
        let (window, calls) = (self.options.window_ms(), self.options.calls);
        for (first, start) in self.sent.iter().enumerate() {
            let within = self.sent[first..].iter().take_while(|at| **at - start < window).count();
            assert!(within <= calls as usize, "{within} calls in a window of {calls}");
        }
    }
}
