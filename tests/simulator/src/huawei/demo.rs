//! What happens to devices from outside the API: they are made, connect and fall silent.

use serde_json::Value;

use super::State;
use super::devices::{Device, new_id};
use crate::exchange::Millis;

/// Readable devices in each state, for demonstrations.
pub(crate) fn add_devices(state: &mut State, now: Millis) {
    let devices = [
        ("demo-meter-offline", "Meter, offline", "offline"),
        ("demo-valve-offline", "Valve, offline", "offline"),
        ("demo-pump-online", "Pump, online", "online"),
        ("demo-sensor-new", "Sensor, never connected", "inactive"),
    ];
    for (number, (node_id, name, status)) in (1..).zip(devices) {
        let device = NewDevice {
            id: format!("00000000-0000-4000-a000-{number:012}"),
            owner: state.apps.first().map(|(id, _)| id.clone()).unwrap_or_default(),
            node_id: node_id.to_owned(),
            name: Some(name.to_owned()),
            gateway: None,
        };
        device.add(state, now, status);
    }
}

struct NewDevice {
    id: String,
    owner: String,
    node_id: String,
    name: Option<String>,
    gateway: Option<String>,
}

impl NewDevice {
    fn add(self, state: &mut State, now: Millis, status: &str) {
        let mut device = Device {
            id: self.id,
            owner: self.owner,
            node_id: self.node_id,
            name: self.name,
            gateway: self.gateway,
            bound: false,
            activated: false,
            heard_at: None,
            codes: Vec::new(),
        };
        match status {
            "online" => device.connect(now),
            "offline" => {
                device.connect(now);
                device.disconnect();
            }
            _ => {}
        }
        state.devices.insert(device);
    }
}

/// Adds a device as `POST /_sim/devices` describes it and gives back what it became.
pub(crate) fn create(state: &mut State, now: Millis, wish: &Value) -> Result<Value, String> {
    let text = |name: &str| wish.get(name).and_then(Value::as_str).map(str::to_owned);
    let node_id = text("nodeId").filter(|id| !id.is_empty()).ok_or("nodeId is missing")?;
    if state.devices.with_node_id(&node_id).is_some() {
        return Err(format!("there is a device with nodeId `{node_id}`"));
    }
    let status = text("state").unwrap_or_else(|| "offline".to_owned()).to_lowercase();
    if !matches!(&*status, "offline" | "online" | "inactive") {
        return Err("state is none of offline, online, inactive".to_owned());
    }
    let owner = text("appId").or_else(|| state.apps.first().map(|(id, _)| id.clone()));
    let owner = owner.filter(|owner| state.knows_app(owner)).ok_or("there is no such appId")?;
    let id = text("deviceId").unwrap_or_else(|| new_id(&mut state.rng));
    let (name, gateway) = (text("name"), text("gatewayId"));
    NewDevice { id: id.clone(), owner, node_id, name, gateway }.add(state, now, &status);
    describe(state, now, &id).ok_or_else(|| "the device is gone".to_owned())
}

/// The device connects or disconnects; `id` may be its node id.
pub(crate) fn turn(state: &mut State, now: Millis, id: &str, how: &str) -> Option<Value> {
    state.devices.expire(&state.settings, now);
    let id = match state.devices.with_node_id(id) {
        Some(device) => device.id.clone(),
        None => id.to_owned(),
    };
    let device = state.devices.get_mut(&id)?;
    match how {
        "online" => device.connect(now),
        "offline" => device.disconnect(),
        "activate" => {
            device.connect(now);
            device.disconnect();
        }
        _ => return None,
    }
    describe(state, now, &id)
}

/// All devices.
pub(crate) fn list(state: &mut State, now: Millis) -> Value {
    state.devices.expire(&state.settings, now);
    state.devices.all().map(|device| device.describe(&state.settings, now)).collect()
}

/// The device that waits with this code connects.
pub(crate) fn bind(state: &mut State, now: Millis, code: &str) -> Option<Value> {
    state.devices.expire(&state.settings, now);
    let id = state.devices.bind(&state.settings, now, code)?;
    describe(state, now, &id)
}

fn describe(state: &State, now: Millis, id: &str) -> Option<Value> {
    Some(state.devices.get(id)?.describe(&state.settings, now))
}
