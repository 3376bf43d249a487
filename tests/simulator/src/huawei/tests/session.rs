//! What stands before each call with a token: gateway checks and rights.

use super::{Bench, refused, text};

const STATUS: &str = "/iocm/app/reg/v1.1.0/deviceCredentials/nobody";

#[test]
fn the_gateway_words_its_errors_byte_by_byte_as_the_wire_does() {
    let answer = Bench::new(&[]).status("nobody");
    assert_eq!(
        text(&answer),
        "{\r\n    \"resultcode\":\"1010005\",\r\n    \"resultmsg\":\"Invalid access token or appId.\"\r\n}"
    );
    assert_eq!((answer.status, answer.body.len()), (403, 83));
    let mut bench = Bench::signed_in(&["--limit", "1"]);
    bench.status("nobody");
    assert_eq!(
        text(&bench.status("nobody")),
        "{\r\n    \"resultcode\":\"1010009\",\r\n    \"resultmsg\":\"app throttle exceed.\"\r\n}"
    );
}

#[test]
fn the_application_words_its_errors_in_compact_json() {
    let answer = Bench::signed_in(&[]).status("nobody");
    let expected = r#"{"error_code":"100403","error_desc":"The device is not existed."}"#;
    assert_eq!((text(&answer).as_str(), answer.body.len()), (expected, 65));
}

#[test]
fn a_newer_login_ends_the_older_token_at_once() {
    let mut bench = Bench::signed_in(&[]);
    let old = bench.token.clone();
    bench.sign_in();
    refused(&bench.status("nobody"), 404, "100403");
    bench.token = old;
    refused(&bench.status("nobody"), 403, "1010005");
}

#[test]
fn the_grace_time_keeps_the_older_token_for_so_long() {
    let mut bench = Bench::signed_in(&["--grace-ms", "6000"]);
    let old = bench.token.clone();
    bench.sign_in();
    bench.token = old;
    bench.now += 5_999;
    refused(&bench.status("nobody"), 404, "100403");
    bench.now += 1;
    refused(&bench.status("nobody"), 403, "1010005");
}

#[test]
fn unlimited_grace_keeps_the_older_token_for_its_life() {
    let mut bench = Bench::signed_in(&["--grace-ms", "unlimited"]);
    let old = bench.token.clone();
    bench.sign_in();
    bench.token = old;
    bench.now += 3_599_999;
    refused(&bench.status("nobody"), 404, "100403");
}

#[test]
fn a_login_of_one_application_leaves_the_others_alone() {
    let mut bench = Bench::signed_in(&[]);
    bench.login("appId=app2&secret=other");
    refused(&bench.status("nobody"), 404, "100403");
}

#[test]
fn a_token_dies_of_age() {
    let mut bench = Bench::signed_in(&["--token-life-s", "10"]);
    bench.now += 9_999;
    refused(&bench.status("nobody"), 404, "100403");
    bench.now += 1;
    refused(&bench.status("nobody"), 403, "1010005");
}

#[test]
fn the_scheme_word_may_be_in_any_case_but_not_missing_and_the_token_not_quoted() {
    let mut bench = Bench::signed_in(&[]);
    let token = bench.token.clone();
    for (value, code) in [
        (format!("bearer {token}"), "100403"),
        (format!("BEARER {token}"), "100403"),
        (format!("Bearer \"{token}\""), "1010005"),
        (token.clone(), "1010005"),
        (format!("Basic {token}"), "1010005"),
        (format!("Bearer {token}0"), "1010005"),
    ] {
        let headers = [("app_key", "app1"), ("authorization", &*value)];
        let answer = bench.send("GET", STATUS, "", &headers);
        assert_eq!(answer.code().as_deref(), Some(code), "{value}");
    }
}

#[test]
fn the_app_key_has_to_be_there_and_to_be_the_tokens_application() {
    let mut bench = Bench::signed_in(&[]);
    let bearer = format!("Bearer {}", bench.token);
    let auth = ("authorization", &*bearer);
    refused(&bench.send("GET", STATUS, "", &[auth]), 401, "100025");
    refused(&bench.send("GET", STATUS, "", &[auth, ("app_key", "app2")]), 403, "1010005");
    refused(&bench.send("GET", STATUS, "", &[auth, ("x-app-key", "app1")]), 401, "100025");
    bench.state.settings.x_app_key = true;
    refused(&bench.send("GET", STATUS, "", &[auth, ("x-app-key", "app1")]), 404, "100403");
}

#[test]
fn the_throttle_counts_the_calls_of_any_60_seconds_and_no_logins() {
    let mut bench = Bench::signed_in(&[]);
    for _ in 0..100 {
        bench.sign_in();
        refused(&bench.status("nobody"), 404, "100403");
        bench.now += 100;
    }
    refused(&bench.status("nobody"), 403, "1010009");
    bench.now = 1_000 + 59_999;
    refused(&bench.status("nobody"), 403, "1010009");
    bench.now += 1;
    refused(&bench.status("nobody"), 404, "100403");
    refused(&bench.status("nobody"), 403, "1010009");
}

#[test]
fn a_fixed_window_starts_anew_at_its_bounds() {
    let mut bench = Bench::signed_in(&["--limit", "1", "--window-form", "fixed"]);
    bench.now = 59_999;
    refused(&bench.status("nobody"), 404, "100403");
    refused(&bench.status("nobody"), 403, "1010009");
    bench.now = 60_000;
    refused(&bench.status("nobody"), 404, "100403");
}

#[test]
fn the_throttle_can_be_off_or_count_logins() {
    let mut bench = Bench::signed_in(&["--limit", "off"]);
    for _ in 0..500 {
        refused(&bench.status("nobody"), 404, "100403");
    }
    let mut bench = Bench::signed_in(&["--limit", "1", "--throttle-login"]);
    refused(&bench.login("appId=app1&secret=s+e/c=r&t%1"), 403, "1010009");
}

#[test]
fn the_querys_app_id_may_be_ones_own_or_one_that_granted() {
    let mut bench = Bench::signed_in(&[]);
    bench.add("d1", "app1", true, false);
    bench.add("d2", "app2", true, false);
    for (id, status) in [
        ("d1?&appId=app1", 200),
        ("d1?appId=", 200),
        ("d2?&appId=app2", 200),
        ("d2?&cascade=true", 404),
        ("d2?appId=app3", 403),
    ] {
        assert_eq!(bench.status(id).status, status, "{id}");
    }
    refused(&bench.status("d1?appId=app3"), 403, "100217");
    refused(&bench.status("d1?appId=nobody"), 403, "100203");
}

#[test]
fn the_statuses_of_100217_and_100203_follow_the_settings() {
    let mut bench = Bench::signed_in(&["--status-100217", "200", "--status-100203", "500"]);
    bench.add("d1", "app1", true, false);
    refused(&bench.refresh_key("d1?appId=app3", "{}"), 200, "100217");
    refused(&bench.status("d1?appId=app3"), 403, "100217");
    refused(&bench.refresh_key("d1?appId=nobody", "{}"), 500, "100203");
}

#[test]
fn the_order_of_checks_can_be_changed() {
    let mut bench = Bench::signed_in(&[]);
    bench.add("d1", "app1", false, false);
    let wrong = r#"{"timeout":-1}"#;
    refused(&bench.refresh_key("d1", wrong), 400, "50400");
    let order = "token,throttle,existence,activation,online,parameters";
    let mut bench = Bench::signed_in(&["--check-order", order]);
    bench.add("d1", "app1", false, false);
    refused(&bench.refresh_key("d1", wrong), 400, "100610");
}

#[test]
fn an_unknown_path_or_method_is_no_error_of_the_platform() {
    let mut bench = Bench::signed_in(&[]);
    for (method, path) in [("GET", "/iocm/app/none"), ("PATCH", STATUS)] {
        let answer = bench.call(method, path, "");
        assert_eq!((answer.status, answer.code()), (404, None));
    }
}
