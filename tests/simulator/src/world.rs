//! The platforms with what surrounds them: clock, faults, journal, settings.

use std::cell::RefCell;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;

use crate::aliyun;
use crate::aliyun::accounts::Accounts;
use crate::broker::Hub;
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
    pub(crate) aliyun: aliyun::State,
    pub(crate) broker: Hub,
}

impl World {
    pub(crate) fn new(start: Options) -> Result<Self, String> {
        start.huawei.check()?;
        start.aliyun.check()?;
        let accounts = start.accounts()?;
        let (epoch, shift) = (start.epoch_ms(), start.aliyun.clock_shift_ms);
        let wall = epoch.saturating_add_signed(shift);
        let mut world = Self {
            common: start.common.clone(),
            clock: Clock::new(start.common.speed),
            faults: Faults::default(),
            journal: Journal::default(),
            huawei: huawei::State::new(start.huawei.clone(), start.apps()?, start.seed),
            aliyun: aliyun::State::new(start.aliyun.clone(), accounts, wall, start.seed),
            broker: Hub::default(),
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
            self.aliyun.settings = self.start.aliyun.clone();
        }
        let (settings, apps) = (self.huawei.settings.clone(), self.huawei.apps.clone());
        // Tokens of before the reset must not come again: a client may still hold them.
        self.resets += 1;
        let seed = self.start.seed.wrapping_add(self.resets << 32);
        self.huawei = huawei::State::new(settings, apps, seed);
        let accounts = self.start.accounts().unwrap_or_else(|_| Accounts::default());
        let wall = self.wall(real);
        self.aliyun = aliyun::State::new(self.aliyun.settings.clone(), accounts, wall, seed);
        self.broker.clear();
        self.faults.clear();
        self.journal.clear();
        self.add_demo_devices(self.clock.now(real));
    }

    /// The calendar time of the platforms, in Unix milliseconds.
    pub(crate) fn wall(&self, real: Duration) -> Millis {
        let true_time = self.start.epoch_ms().saturating_add(self.clock.now(real));
        true_time.saturating_add_signed(self.aliyun.settings.clock_shift_ms)
    }

    /// Ends the MQTT connections whose credentials are void, as far as the settings say so.
    pub(crate) fn cut_connections(&mut self) {
        for owner in std::mem::take(&mut self.aliyun.to_cut) {
            self.broker.cut(&owner);
        }
    }

    fn add_demo_devices(&mut self, now: Millis) {
        if self.start.demo_devices {
            huawei::demo::add_devices(&mut self.huawei, now);
        }
    }

    /// All settings as one flat object.
    pub(crate) fn settings(&self) -> Value {
        let mut all = serde_json::to_value(&self.common).unwrap_or_default();
        let of_platforms = [
            serde_json::to_value(&self.huawei.settings),
            serde_json::to_value(&self.aliyun.settings),
        ];
        if let Value::Object(all) = &mut all {
            let objects = of_platforms.into_iter().flatten();
            all.extend(objects.filter_map(|more| more.as_object().cloned()).flatten());
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
            serde_json::from_value(all.clone()).map_err(|e| e.to_string())?;
        let aliyun: aliyun::settings::Settings =
            serde_json::from_value(all).map_err(|e| e.to_string())?;
        huawei.check()?;
        aliyun.check()?;
        if common.speed != self.common.speed {
            self.clock.set_speed(real, common.speed);
        }
        self.common = common;
        self.huawei.settings = huawei;
        self.aliyun.settings = aliyun;
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
        let of_aliyun = aliyun::owns(&request.path);
        let (operation, signature) = if of_aliyun {
            aliyun::describe(request)
        } else {
            let route = huawei::route(&request.method, &request.path);
            (route.map_or("unknown", |(operation, _)| operation.name()), None)
        };
        let fault = self.faults.take(operation);
        let arrival = Arrival {
            platform: if of_aliyun { "aliyun" } else { "huawei" },
            operation,
            token_ok: !of_aliyun && self.huawei.caller(now, request).is_some(),
            signature,
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
        let mut delivery = if aliyun::owns(&request.path) {
            self.act_as_aliyun(real, request, fault)
        } else {
            match fault {
                None => Delivery::Whole(huawei::handle(&mut self.huawei, now, request)),
                Some(fault) => {
                    let settings = self.huawei.settings.clone();
                    fault.deliver(
                        || huawei::handle(&mut self.huawei, now, request),
                        |order| huawei::ordered_error(&settings, order),
                    )
                }
            }
        };
        if let Some(answer) = delivery.answer() {
            self.journal.answered(n, answer);
        }
        delivery
    }

    fn act_as_aliyun(
        &mut self,
        real: Duration,
        request: &Request,
        fault: Option<&Kind>,
    ) -> Delivery {
        let now = self.wall(real);
        let state = RefCell::new(&mut self.aliyun);
        let act = || aliyun::handle(&mut state.borrow_mut(), now, request);
        let mut delivery = match fault {
            None => Delivery::Whole(act()),
            Some(fault) => fault.deliver(act, |order| {
                aliyun::ordered_error(&mut state.borrow_mut(), request, order)
            }),
        };
        if let Some(answer) = delivery.answer() {
            aliyun::stamp(&self.aliyun, now, request, answer);
        }
        self.cut_connections();
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
