//! The registrations, and what happens to them besides the API: binding, silence, expiry.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::settings::{Settings, UnusedKey};
use crate::exchange::Millis;

/// A verification code that waits for its device.
#[derive(Debug, Clone)]
pub(crate) struct Code {
    pub(crate) text: String,
    /// `None`: never.
    pub(crate) expires_at: Option<Millis>,
}

impl Code {
    pub(crate) fn new(text: String, now: Millis, timeout_s: u32) -> Self {
        let life = Millis::from(timeout_s).saturating_mul(1000);
        Self { text, expires_at: (timeout_s != 0).then(|| now.saturating_add(life)) }
    }
}

/// One registration.
#[derive(Debug, Clone)]
pub(crate) struct Device {
    pub(crate) id: String,
    pub(crate) owner: String,
    pub(crate) node_id: String,
    pub(crate) name: Option<String>,
    /// The device it is connected through.
    pub(crate) gateway: Option<String>,
    /// The device has connected at least once; unlike `activated` it is never taken back.
    pub(crate) bound: bool,
    pub(crate) activated: bool,
    /// When it last sent something, as long as it holds a connection.
    pub(crate) heard_at: Option<Millis>,
    pub(crate) codes: Vec<Code>,
}

/// What the platform says of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Inactive,
    Online,
    Abnormal,
    Offline,
}

impl Status {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Inactive => "INACTIVE",
            Self::Online => "ONLINE",
            Self::Abnormal => "ABNORMAL",
            Self::Offline => "OFFLINE",
        }
    }
}

impl Device {
    pub(crate) fn status(&self, settings: &Settings, now: Millis) -> Status {
        if !self.activated {
            return Status::Inactive;
        }
        let silent_s = self.heard_at.map(|at| now.saturating_sub(at) / 1000);
        match silent_s {
            None => Status::Offline,
            Some(silent) if silent >= settings.offline_after_s => Status::Offline,
            Some(silent) if silent >= settings.abnormal_after_s => Status::Abnormal,
            Some(_) => Status::Online,
        }
    }

    /// The device connects, for the first time or again; the codes have done their work.
    pub(crate) fn connect(&mut self, now: Millis) {
        self.bound = true;
        self.activated = true;
        self.heard_at = Some(now);
        self.codes.clear();
    }

    pub(crate) const fn disconnect(&mut self) {
        self.heard_at = None;
    }

    /// As `/_sim/devices` shows it.
    pub(crate) fn describe(&self, settings: &Settings, now: Millis) -> Value {
        let codes: Vec<Value> = self
            .codes
            .iter()
            .map(|code| {
                let left = code.expires_at.map(|at| at.saturating_sub(now));
                json!({ "verifyCode": code.text, "expiresInMs": left })
            })
            .collect();
        json!({
            "deviceId": self.id,
            "nodeId": self.node_id,
            "appId": self.owner,
            "name": self.name,
            "gatewayId": self.gateway,
            "state": self.status(settings, now).name(),
            "activated": self.activated,
            "codes": codes,
        })
    }
}

/// All registrations of all applications, by device id.
#[derive(Debug, Default)]
pub(crate) struct Devices {
    by_id: BTreeMap<String, Device>,
}

impl Devices {
    pub(crate) fn insert(&mut self, device: Device) {
        self.by_id.insert(device.id.clone(), device);
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Device> {
        self.by_id.get(id)
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut Device> {
        self.by_id.get_mut(id)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Device> {
        self.by_id.values()
    }

    pub(crate) fn with_node_id(&self, node_id: &str) -> Option<&Device> {
        self.all().find(|device| device.node_id == node_id)
    }

    /// Whether a device other than `id` waits with this code.
    pub(crate) fn code_taken(&self, code: &str, id: &str) -> bool {
        self.all().any(|device| device.id != id && device.codes.iter().any(|own| own.text == code))
    }

    /// Removes a device, and those behind it if `cascade`.
    pub(crate) fn remove(&mut self, id: &str, cascade: bool) {
        self.by_id.remove(id);
        if cascade {
            self.by_id.retain(|_, device| device.gateway.as_deref() != Some(id));
        }
    }

    /// A device shows a code: the one that waits with it connects, and its id is the result.
    pub(crate) fn bind(&mut self, settings: &Settings, now: Millis, code: &str) -> Option<String> {
        let same = |known: &Code| {
            let folded = || known.text.to_lowercase() == code.to_lowercase();
            known.text == code || (settings.code_ignores_case && folded())
        };
        let device = self.by_id.values_mut().find(|device| device.codes.iter().any(same))?;
        device.connect(now);
        Some(device.id.clone())
    }

    /// Drops the codes that nobody used in time, and the registrations that never got a device.
    pub(crate) fn expire(&mut self, settings: &Settings, now: Millis) {
        self.by_id.retain(|_, device| {
            let waiting = device.codes.len();
            device.codes.retain(|code| code.expires_at.is_none_or(|at| now < at));
            let last_went = waiting > 0 && device.codes.is_empty();
            !last_went || (device.bound && settings.unused_key_deletes == UnusedKey::Code)
        });
    }
}

/// A version 4 UUID, as the platform's device ids look.
pub(crate) fn new_id(rng: &mut fastrand::Rng) -> String {
    let digits = format!("{:032x}", rng.u128(..));
    let group = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    [
        group(0, 8),
        group(8, 12),
        &format!("4{}", group(13, 16)),
        &format!("a{}", group(17, 20)),
        group(20, 32),
    ]
    .join("-")
}

/// Random hex digits, for codes and keys that the platform makes.
pub(crate) fn new_hex(rng: &mut fastrand::Rng, digits: usize) -> String {
    (0..digits).map(|_| char::from_digit(rng.u32(..16), 16).unwrap_or('0')).collect()
}
