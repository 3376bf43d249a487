//! What the journal's summary counts, so that a load can be judged by it.

use serde_json::{Value, json};

use super::Bench;
use crate::exchange::{Request, Response};
use crate::journal::{Arrival, Journal};

fn ended(bench: &Bench) -> Value {
    bench.control("GET", "journal?summary=1", "")["tokensEndedByClock"].clone()
}

fn pass(bench: &Bench, ms: u64) {
    bench.control("POST", "clock", &json!({ "advanceMs": ms }).to_string());
}

#[test]
fn a_token_that_lives_to_its_end_is_ended_by_the_clock() {
    let bench = Bench::new(&["--token-life-s", "10"]);
    bench.login();
    pass(&bench, 9_999);
    assert_eq!(ended(&bench), 0);
    pass(&bench, 1);
    assert_eq!(ended(&bench), 1, "also before the next login");
    bench.login();
    assert_eq!(ended(&bench), 1, "and the next login counts it no second time");
    pass(&bench, 50_000);
    assert_eq!(ended(&bench), 2);
}

#[test]
fn a_token_that_a_login_or_an_order_ended_is_not_ended_by_the_clock() {
    let bench = Bench::new(&["--token-life-s", "10"]);
    bench.login();
    bench.login();
    assert_eq!(bench.control("POST", "tokens/kill", "")["killed"], 1);
    pass(&bench, 50_000);
    assert_eq!(ended(&bench), 0);
    let bench = Bench::new(&["--token-life-s", "10", "--grace-ms", "20000"]);
    bench.login();
    bench.login();
    pass(&bench, 10_000);
    assert_eq!(ended(&bench), 1, "the newer one alone");
}

#[test]
fn clearing_the_journal_forgets_the_ended_tokens() {
    let bench = Bench::new(&["--token-life-s", "10"]);
    bench.login();
    pass(&bench, 10_000);
    bench.control("DELETE", "journal", "");
    assert_eq!(ended(&bench), 0);
    bench.login();
    pass(&bench, 10_000);
    assert_eq!(ended(&bench), 1);
}

#[test]
fn the_summary_counts_the_token_calls_that_gave_a_token() {
    let bench = Bench::new(&[]);
    let refused = r#"{"operation":"login","kind":"error","code":"100611"}"#;
    bench.login();
    bench.control("POST", "faults", refused);
    bench.login();
    bench.login();
    let summary = bench.control("GET", "journal?summary=1", "");
    assert_eq!((&summary["logins"], &summary["refreshes"]), (&json!(2), &json!(0)));
    assert_eq!(summary["operations"]["login"], 3);
}

/// A journal of calls: when each came, its operation, and whether its token lived.
fn journal(calls: &[(f64, &'static str, bool)]) -> Journal {
    let mut journal = Journal::default();
    for (at, operation, token_ok) in calls {
        let arrival = Arrival {
            platform: "huawei",
            operation,
            token_ok: *token_ok,
            signature: None,
            peer: String::new(),
            faulted: None,
        };
        let n = journal.begin(100, *at, &Request::default(), arrival);
        journal.answered(n, &Response::json(200, "{}".to_owned()));
        journal.end(n, at + 1.0);
    }
    journal
}

#[test]
fn the_fullest_window_slides_and_leaves_out_the_call_a_whole_window_away() {
    let calls = [0.0, 90.0, 99.0, 100.0, 101.0, 250.0].map(|at| (at, "refreshDeviceKey", true));
    let fullest = |window_ms| journal(&calls).summary(window_ms)["maxCallsInWindow"].clone();
    assert_eq!(fullest(100.0), 4, "90 to 101");
    assert_eq!(fullest(1.0), 1, "99 and 100 are a whole window apart");
    assert_eq!(fullest(1_000.0), 6);
}

#[test]
fn a_window_holds_neither_logins_nor_calls_with_a_dead_token() {
    let calls = [
        (0.0, "login", false),
        (1.0, "queryDeviceStatus", true),
        (2.0, "queryDeviceStatus", false),
        (3.0, "refreshToken", true),
        (4.0, "deleteDirectDevice", true),
    ];
    assert_eq!(journal(&calls).summary(100.0)["maxCallsInWindow"], 2);
}
