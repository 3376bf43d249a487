//! The WebAssembly binding: convert, call, convert. It has no opinions.
//!
//! The public classes stand in `js/api.js`: they check `this` and copy arguments to plain data
//! (`js/arguments.js`) before WebAssembly is entered. So reading them runs no code of a user's.
//!
//! What crosses is numbers and JSON text: no value of JavaScript's is held here, and none of Rust's
//! there. Whatever the other side has to name has a number: here those of [`table`], there those of
//! `js/host.js`.

pub mod client;
pub mod convert;
pub mod error;
pub mod fetch;
pub mod numbers;
pub mod requests;
pub mod table;

use talc::wasm::{WasmDynamicTalc, new_wasm_dynamic_allocator};
use wasm_bindgen::prelude::*;
use zeroize::zeroize_stack;
use zeroizing_alloc::ZeroAlloc;

use crate::aliyun::mqtt_login;
use crate::error::{Error, Failure};
use crate::fields::Problem;
use client::{Known, north_api, ons_mqtt};
use convert::{Given, Made};
use requests::{catalogue, mqtt_password, north_api_requests, ons_mqtt_requests, redacted};

/// Half the size of the standard library's allocator. All that it takes back is wiped: texts that crossed,
/// trees of JSON, bodies and keys lie in buffers that are no [`Secret`](crate::types::Secret).
#[global_allocator]
static ALLOCATOR: ZeroAlloc<WasmDynamicTalc> = ZeroAlloc(new_wasm_dynamic_allocator());

/// Bytes of the stack that are wiped after use: what hashing a key leaves there, and more than any call takes.
const STACK: usize = 4096;

/// Does something and wipes the stack below, where it stood: for that it must not become part of its caller.
fn wiped<T>(work: impl FnOnce() -> T) -> T {
    #[inline(never)]
    fn apart<T>(work: impl FnOnce() -> T) -> T {
        work()
    }
    let outcome = apart(work);
    zeroize_stack::<STACK>();
    outcome
}

/// Computes something at once from what is given.
type Computation = fn(&mut Given) -> Result<Made, Problem>;

/// All that needs no client, by name.
const COMPUTATIONS: [(&str, Computation); 9] = [
    ("NorthApiClient", north_api),
    ("NorthApiRequests", north_api_requests),
    ("OnsMqttClient", ons_mqtt),
    ("OnsMqttRequests", ons_mqtt_requests),
    ("errorCatalogue", catalogue),
    ("mqttDeviceLogin", |given| mqtt_password(given, mqtt_login::device)),
    ("mqttSignatureLogin", |given| mqtt_password(given, mqtt_login::signature)),
    ("mqttTokenLogin", |given| mqtt_password(given, mqtt_login::token)),
    ("redact", redacted),
];

/// Does the `operation` that is `given` with all that it takes: makes a client, begins what a client
/// does, prepares a request, reads an answer (where there is no client), computes a login. Answers the
/// outcome.
#[wasm_bindgen]
pub fn compute(client: u32, given: &str) -> String {
    wiped(|| convert::outcome(computed(client, &mut Given::read(given))))
}

fn computed(client: u32, given: &mut Given) -> Result<Made, Failure> {
    let operation = given.text("operation").unwrap_or_default();
    let refused = |name, problem: Problem| Failure::new(name, 0, problem.into());
    for (name, compute) in COMPUTATIONS {
        if name == operation {
            return compute(given).map_err(|problem| refused(name, problem));
        }
    }
    let unknown = || Failure::new("call", 0, Error::Internal("there is no such operation"));
    let known = Known::called(&operation).ok_or_else(unknown)?;
    match table::client(client) {
        Some(client) => client.run(known, given).map_err(|problem| refused(known.name, problem)),
        None => requests::decoded(known, given),
    }
}

/// Goes on with a task; answers the outcome if it is over, and nothing if it is not.
#[wasm_bindgen]
pub fn poll(task: u32) -> String {
    wiped(|| table::poll(task))
}

/// Gives an answer to who waits for it; `body` is that of a platform's answer.
#[wasm_bindgen]
pub fn settle(ticket: u32, answer: &str, body: Vec<u8>) {
    wiped(|| table::settle(ticket, convert::answered(answer, body)));
}

/// Frees a client, or ends a call.
#[wasm_bindgen]
pub fn remove(number: u32) {
    drop(table::remove(number));
}
