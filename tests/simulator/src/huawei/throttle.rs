//! How many calls an application may make in a window.

use std::collections::{BTreeMap, VecDeque};

use super::settings::{Settings, Window};
use crate::exchange::Millis;

/// The calls that still count, per application.
#[derive(Debug, Default)]
pub(crate) struct Throttle {
    calls: BTreeMap<String, VecDeque<Millis>>,
}

impl Throttle {
    /// Counts a call, or says that it is one too many. A refused call does not count.
    pub(crate) fn admit(&mut self, settings: &Settings, now: Millis, app: &str) -> bool {
        if settings.limit == 0 {
            return true;
        }
        let window = settings.window_ms.max(1);
        let calls = self.calls.entry(app.to_owned()).or_default();
        let counts = |at: Millis| match settings.window_form {
            Window::Sliding => now.saturating_sub(at) < window,
            Window::Fixed => at / window == now / window,
        };
        while calls.front().is_some_and(|at| !counts(*at)) {
            calls.pop_front();
        }
        if calls.len() >= settings.limit {
            return false;
        }
        calls.push_back(now);
        true
    }
}
