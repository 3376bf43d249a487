//! The platforms with what surrounds them: clock, faults, journal, settings.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;

use crate::clock::Clock;
use crate::exchange::{Millis, Request};
use crate::faults::orders::Faults;
use crate::faults::{Delivery, Kind};
use crate::huawei;
use crate::journal::{Arrival, Journal};
use crate::options::{Common, Options};

/// Everything a request may change.
#[derive(Debug)]
pub(crate) struct World {
    start: Options,
    resets: u64,
    pub(crate) common: Common,
    pub(crate) clock: Clock,
    pub(crate) faults: Faults,
    pub(crate) journal: Journal,
    pub(crate) huawei: huawei::State,
}

impl World {
    pub(crate) fn new(start: Options) -> Result<Self, String> {
        start.huawei.check()?;
        let mut world = Self {
            common: start.common.clone(),
            clock: Clock::new(start.common.speed),
            faults: Faults::default(),
            journal: Journal::default(),
            huawei: huawei::State::new(start.huawei.clone(), start.apps()?, start.seed),
            start,
            resets: 0,
        };
        world.add_demo_devices(0);
        Ok(world)
    }

    /// A fresh platform; time goes on.
    pub(crate) fn reset(&mut self, real: Duration, settings_too: bool) {
        if settings_too {
            self.common = self.start.common.clone();
            self.clock.set_speed(real, self.common.speed);
            self.huawei.settings = self.start.huawei.clone();
        }
        let (settings, apps) = (self.huawei.settings.clone(), self.huawei.apps.clone());
        // Tokens of before the reset must not come again: a client may still hold them.
        self.resets += 1;
        let seed = self.start.seed.wrapping_add(self.resets << 32);
        self.huawei = huawei::State::new(settings, apps, seed);
        self.faults.clear();
        self.journal.clear();
        self.add_demo_devices(self.clock.now(real));
    }

    fn add_demo_devices(&mut self, now: Millis) {
        if self.start.demo_devices {
            huawei::demo::add_devices(&mut self.huawei, now);
        }
    }

    /// All settings as one flat object.
    pub(crate) fn settings(&self) -> Value {
        let mut all = serde_json::to_value(&self.common).unwrap_or_default();
        if let (Value::Object(all), Ok(Value::Object(more))) =
            (&mut all, serde_json::to_value(&self.huawei.settings))
        {
            all.extend(more);
        }
        all
    }

    /// Changes some settings, or none if one of them is wrong.
    pub(crate) fn change_settings(&mut self, real: Duration, patch: Value) -> Result<(), String> {
        let (Value::Object(mut all), Value::Object(patch)) = (self.settings(), patch) else {
            return Err("expected an object of settings".to_owned());
        };
        for (name, value) in patch {
            let off = name == "limit" && value == "off";
            let Some(member) = all.get_mut(&name) else {
                return Err(format!("there is no setting `{name}`"));
            };
            *member = if off { Value::from(0) } else { value };
        }
        let all = Value::Object(all);
        let common: Common = serde_json::from_value(all.clone()).map_err(|e| e.to_string())?;
        let huawei: huawei::settings::Settings =
            serde_json::from_value(all).map_err(|e| e.to_string())?;
        huawei.check()?;
        if common.speed != self.common.speed {
            self.clock.set_speed(real, common.speed);
        }
        self.common = common;
        self.huawei.settings = huawei;
        Ok(())
    }

    /// A call comes in: it gets its number and perhaps a fault.
    pub(crate) fn arrive(
        &mut self,
        real: Duration,
        request: &Request,
        peer: String,
    ) -> (u64, Option<Kind>) {
        let now = self.clock.now(real);
        let route = huawei::route(&request.method, &request.path);
        let operation = route.map_or("unknown", |(operation, _)| operation.name());
        let fault = self.faults.take(operation);
        let arrival = Arrival {
            platform: "huawei",
            operation,
            token_ok: self.huawei.caller(now, request).is_some(),
            peer,
            faulted: fault.as_ref().map(Kind::name),
        };
        let n = self.journal.begin(self.common.journal_max, real_ms(real), request, arrival);
        (n, fault)
    }

    /// The platform acts, unless the fault keeps it from that.
    pub(crate) fn act(
        &mut self,
        real: Duration,
        n: u64,
        request: &Request,
        fault: Option<&Kind>,
    ) -> Delivery {
        let now = self.clock.now(real);
        let delivery = match fault {
            None => Delivery::Whole(huawei::handle(&mut self.huawei, now, request)),
            Some(fault) => {
                let settings = self.huawei.settings.clone();
                fault.deliver(
                    || huawei::handle(&mut self.huawei, now, request),
                    |order| huawei::ordered_error(&settings, order),
                )
            }
        };
        match &delivery {
            Delivery::Whole(answer) | Delivery::Cut(answer) | Delivery::Slow(answer, _) => {
                self.journal.answered(n, answer);
            }
            Delivery::Nothing => {}
        }
        delivery
    }
}

/// Milliseconds with their fractions, as the journal shows times.
pub(crate) fn real_ms(real: Duration) -> f64 {
    real.as_secs_f64() * 1000.0
}

/// A world that many connections share, and the time that really passed since its start.
pub struct Simulator {
    world: Mutex<World>,
    elapsed: Box<dyn Fn() -> Duration + Send + Sync>,
}

impl Simulator {
    /// Makes a world from the command line. `elapsed` is its only clock.
    pub fn new(
        options: Options,
        elapsed: impl Fn() -> Duration + Send + Sync + 'static,
    ) -> Result<Self, String> {
        Ok(Self { world: Mutex::new(World::new(options)?), elapsed: Box::new(elapsed) })
    }

    /// Real time since the start.
    pub(crate) fn real(&self) -> Duration {
        (self.elapsed)()
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator").finish_non_exhaustive()
    }
}
