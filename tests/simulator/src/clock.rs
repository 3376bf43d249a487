//! Simulated time: real time, sped up and moved.

use std::time::Duration;

use crate::exchange::Millis;

/// Turns the time that has really passed into the platform's time.
#[derive(Debug)]
pub(crate) struct Clock {
    real_start: Duration,
    start: Millis,
    speed: u64,
}

impl Clock {
    pub(crate) const fn new(speed: u64) -> Self {
        Self { real_start: Duration::ZERO, start: 0, speed }
    }

    pub(crate) fn now(&self, real: Duration) -> Millis {
        let passed = real.saturating_sub(self.real_start).as_millis();
        let passed = Millis::try_from(passed).unwrap_or(Millis::MAX);
        self.start.saturating_add(passed.saturating_mul(self.speed))
    }

    pub(crate) const fn advance(&mut self, ms: Millis) {
        self.start = self.start.saturating_add(ms);
    }

    /// From now on, time runs at another speed.
    pub(crate) fn set_speed(&mut self, real: Duration, speed: u64) {
        self.start = self.now(real);
        self.real_start = real;
        self.speed = speed;
    }
}
