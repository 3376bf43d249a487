//! What surrounds the platforms: faults, journal, clock, settings, control.

mod counts;

use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use serde_json::{Value, json};

use crate::clock::Clock;
use crate::control;
use crate::exchange::Request;
use crate::faults::Delivery;
use crate::options::Options;
use crate::world::Simulator;

struct Bench(Arc<Simulator>);

impl Bench {
    fn new(flags: &[&str]) -> Self {
        let arguments = ["simulator", "--demo-devices"].iter().chain(flags);
        let options = Options::try_parse_from(arguments).expect("flags");
        Self(Arc::new(Simulator::new(options, || Duration::from_secs(5)).expect("simulator")))
    }

    fn control(&self, method: &str, target: &str, body: &str) -> Value {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let request = Request {
            method: method.to_owned(),
            path: format!("/_sim/{path}"),
            query: query.to_owned(),
            body: body.as_bytes().to_vec(),
            ..Request::default()
        };
        serde_json::from_slice(&control::handle(&self.0, &request).body).expect("JSON")
    }

    fn login(&self) -> Delivery {
        let request = Request {
            method: "POST".to_owned(),
            path: "/iocm/app/sec/v1.1.0/login".to_owned(),
            body: b"appId=app1&secret=s+e/c=r&t%1".to_vec(),
            ..Request::default()
        };
        let real = self.0.real();
        let mut world = self.0.world();
        let (n, fault) = world.arrive(real, &request, "127.0.0.1:1".to_owned());
        world.act(real, n, &request, fault.as_ref())
    }

    fn login_body(&self) -> Value {
        match self.login() {
            Delivery::Whole(answer) => serde_json::from_slice(&answer.body).unwrap_or_default(),
            other @ (Delivery::Cut(_) | Delivery::Slow(..) | Delivery::Nothing) => {
                panic!("{other:?}")
            }
        }
    }
}

#[test]
fn a_fault_meets_its_operation_so_often_and_after_so_many_others() {
    let bench = Bench::new(&[]);
    let orders = json!([
        { "operation": "logout", "kind": "reset" },
        { "operation": "login", "skip": 1, "times": 2, "kind": "error", "code": "100611" },
    ]);
    bench.control("POST", "faults", &orders.to_string());
    let codes: Vec<Value> = (0..4).map(|_| bench.login_body()["error_code"].clone()).collect();
    assert_eq!(codes, [json!(null), json!("100611"), json!("100611"), json!(null)]);
    assert_eq!(bench.control("GET", "faults", "")["faults"][0]["operation"], "logout");
    assert_eq!(bench.control("DELETE", "faults", "")["faults"], json!([]));
}

#[test]
fn each_kind_of_fault_shapes_the_answer() {
    for (fault, expected) in [
        (json!({ "kind": "error", "code": "1010009" }), json!({ "resultcode": "1010009" })),
        (
            json!({ "kind": "error", "code": "7", "status": 503, "message": "m", "dialect": "gateway" }),
            json!({ "resultcode": "7", "resultmsg": "m" }),
        ),
        (json!({ "answer": { "status": 200, "body": "{\"a\":1}" } }), json!({ "a": 1 })),
        (json!({ "answer": { "bodyBase64": "eyJhIjoyfQ==" } }), json!({ "a": 2 })),
        (json!({ "kind": "numericCode", "code": 50252 }), json!({ "error_code": 50252 })),
        (json!({ "kind": "wrongType", "member": "expiresIn" }), json!({ "expiresIn": "3600" })),
        (json!({ "kind": "wrongType" }), json!({ "accessToken": 12345 })),
        (
            json!({ "kind": "missingMember", "member": "scope" }),
            json!({ "scope": null, "expiresIn": 3600 }),
        ),
    ] {
        let bench = Bench::new(&[]);
        bench.control("POST", "faults", &fault.to_string());
        let body = bench.login_body();
        for (name, value) in expected.as_object().expect("object") {
            assert_eq!(&body[name], value, "{fault}");
        }
    }
}

#[test]
fn lost_after_acts_and_the_other_losses_do_not() {
    for (kind, alive) in [("lostAfter", 1), ("lostBefore", 0), ("reset", 0), ("silence", 0)] {
        let bench = Bench::new(&[]);
        bench.control("POST", "faults", &json!({ "kind": kind }).to_string());
        assert_eq!(bench.login(), Delivery::Nothing, "{kind}");
        assert_eq!(bench.control("POST", "tokens/kill", "")["killed"], alive, "{kind}");
    }
}

#[test]
fn a_wrong_order_is_refused_as_a_whole() {
    let bench = Bench::new(&[]);
    let answer = bench.control("POST", "faults", r#"[{"kind":"reset"},{"kind":"no such"}]"#);
    assert!(answer["error"].as_str().is_some_and(|text| text.contains("no such")), "{answer}");
    assert_eq!(bench.control("GET", "faults", "")["faults"], json!([]));
}

#[test]
fn the_journal_keeps_what_was_sent_and_counts_it() {
    let bench = Bench::new(&[]);
    bench.login();
    bench.control("POST", "faults", r#"{"kind":"reset"}"#);
    bench.login();
    let calls = bench.control("GET", "journal", "")["calls"].clone();
    assert_eq!(calls[0]["body"], "appId=app1&secret=s+e/c=r&t%1");
    assert_eq!((&calls[0]["status"], &calls[0]["start_ms"]), (&json!(200), &json!(5000.0)));
    assert_eq!((&calls[1]["status"], &calls[1]["faulted"]), (&json!(null), &json!("reset")));
    let summary = bench.control("GET", "journal?summary=1", "");
    assert_eq!(summary["answers"], json!({ "200": 1, "none": 1 }));
    assert_eq!(summary["maxTokenCallsInFlight"], 2);
    bench.control("DELETE", "journal", "");
    assert_eq!(bench.control("GET", "journal", "")["calls"], json!([]));
}

#[test]
fn settings_change_together_or_not_at_all() {
    let bench = Bench::new(&[]);
    let changed = bench.control("PATCH", "settings", r#"{"graceMs":"unlimited","limit":"off"}"#);
    assert_eq!((&changed["graceMs"], &changed["limit"]), (&json!("unlimited"), &json!(0)));
    for wrong in [r#"{"limit":1,"nothing":2}"#, r#"{"limit":-1}"#, r#"{"checkOrder":["token"]}"#] {
        assert!(bench.control("PATCH", "settings", wrong)["error"].is_string(), "{wrong}");
        assert_eq!(bench.control("GET", "settings", "")["limit"], 0);
    }
    bench.control("POST", "reset", r#"{"settings":true}"#);
    assert_eq!(bench.control("GET", "settings", "")["limit"], 100);
}

#[test]
fn devices_are_made_and_turned_by_either_id() {
    let bench = Bench::new(&[]);
    let made = bench.control("POST", "devices", r#"{"nodeId":"n 1","state":"inactive"}"#);
    assert_eq!((&made["state"], &made["appId"]), (&json!("INACTIVE"), &json!("app1")));
    let id = made["deviceId"].as_str().expect("id");
    let turn = |how: &str| bench.control("POST", how, "")["state"].clone();
    assert_eq!(turn("devices/n%201/activate"), "OFFLINE");
    assert_eq!(turn(&format!("devices/{id}/online")), "ONLINE");
    assert_eq!(turn("devices/n%201/offline"), "OFFLINE");
    assert_eq!(bench.control("GET", "devices", "")["devices"].as_array().map(Vec::len), Some(5));
    bench.control("POST", "reset", "");
    assert_eq!(bench.control("GET", "devices", "")["devices"].as_array().map(Vec::len), Some(4));
}

#[test]
fn a_login_elsewhere_and_a_jump_in_time_end_the_token() {
    let bench = Bench::new(&[]);
    bench.login();
    bench.control("POST", "logins", r#"{"appId":"app1"}"#);
    bench.control("POST", "clock", r#"{"advanceMs":3599999}"#);
    assert_eq!(bench.control("POST", "tokens/kill", "")["killed"], 1);
    bench.login();
    bench.control("POST", "clock", r#"{"advanceMs":3600000}"#);
    assert_eq!(bench.control("POST", "tokens/kill", "")["killed"], 0);
}

#[test]
fn the_clock_runs_faster_and_never_back() {
    let mut clock = Clock::new(1);
    clock.set_speed(Duration::from_secs(10), 100);
    clock.advance(500);
    assert_eq!(clock.now(Duration::from_secs(10)), 10_500);
    assert_eq!(clock.now(Duration::from_secs(11)), 110_500);
    clock.set_speed(Duration::from_secs(11), 1);
    assert_eq!(clock.now(Duration::from_secs(12)), 111_500);
}

#[test]
fn the_same_seed_gives_the_same_tokens() {
    assert_eq!(Bench::new(&[]).login(), Bench::new(&[]).login());
    assert_ne!(Bench::new(&[]).login(), Bench::new(&["--seed", "2"]).login());
}

#[test]
fn a_reset_never_brings_a_token_back() {
    let bench = Bench::new(&[]);
    let before = bench.login();
    bench.control("POST", "reset", "");
    assert_ne!(bench.login(), before);
}

#[test]
fn a_wrong_application_is_refused_without_repeating_its_secret() {
    let options = Options::try_parse_from(["simulator", "--app", "s3cret"]).expect("flags");
    let error = options.apps().expect_err("no colon");
    assert!(!error.contains("s3cret"), "{error}");
}
