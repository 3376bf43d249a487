//! refreshDeviceKey.

use super::{Bench, json, refused, text};

fn with_offline_device(flags: &[&str]) -> Bench {
    let mut bench = Bench::signed_in(flags);
    bench.add("d1", "app1", true, false);
    bench
}

#[test]
fn the_answer_has_the_code_and_the_timeout_and_nothing_else() {
    let mut bench = with_offline_device(&[]);
    let body = r#"{"verifyCode":"864","nodeId":"864","timeout":3600}"#;
    assert_eq!(text(&bench.refresh_key("d1", body)), r#"{"verifyCode":"864","timeout":3600}"#);
    assert_eq!(bench.state.devices.get("d1").expect("d1").node_id, "864");
}

#[test]
fn every_way_of_saying_nothing_is_accepted() {
    for body in [
        "",
        "{}",
        "[]",
        "null",
        r#"{"verifyCode":null,"nodeId":null,"timeout":null,"deviceId":"d1"}"#,
    ] {
        let mut bench = with_offline_device(&[]);
        let answer = bench.refresh_key("d1", body);
        let members = json(&answer);
        assert_eq!((answer.status, &members["timeout"]), (200, &180.into()), "{body}");
        assert!(members["verifyCode"].as_str().is_some_and(|code| !code.is_empty()), "{body}");
        assert_eq!(members.as_object().map(serde_json::Map::len), Some(2), "{body}");
        assert_eq!(bench.state.devices.get("d1").expect("d1").node_id, "node-d1");
    }
}

#[test]
fn the_device_has_to_be_known_activated_and_offline() {
    let mut bench = with_offline_device(&[]);
    bench.add("new", "app1", false, false);
    bench.add("on", "app1", true, true);
    refused(&bench.refresh_key("new", "{}"), 400, "100610");
    refused(&bench.refresh_key("on", "{}"), 400, "100611");
    refused(&bench.refresh_key("nobody", "{}"), 404, "100403");
    refused(&bench.refresh_key("", "{}"), 400, "100007");
}

#[test]
fn a_silent_device_is_offline_after_49_hours_and_not_at_25() {
    let mut bench = Bench::signed_in(&["--token-life-s", "999999"]);
    bench.add("on", "app1", true, true);
    bench.now += 25 * 3_600_000;
    refused(&bench.refresh_key("on", "{}"), 400, "100611");
    bench.now += 24 * 3_600_000;
    assert_eq!(bench.refresh_key("on", "{}").status, 200);
}

#[test]
fn a_node_id_of_another_device_is_refused_and_its_own_is_not() {
    let mut bench = with_offline_device(&[]);
    bench.add("d2", "app1", true, false);
    refused(&bench.refresh_key("d1", r#"{"nodeId":"node-d2"}"#), 400, "100426");
    assert_eq!(bench.refresh_key("d1", r#"{"nodeId":"node-d1"}"#).status, 200);
}

#[test]
fn each_wrong_member_has_its_code() {
    for (body, code) in [
        ("nonsense", "100007"),
        ("[1]", "100007"),
        (r#"{"verifyCode":""}"#, "100003"),
        (r#"{"verifyCode":1}"#, "50400"),
        (r#"{"nodeId":""}"#, "50400"),
        (r#"{"timeout":-1}"#, "50400"),
        (r#"{"timeout":2147483648}"#, "50400"),
    ] {
        let answer = with_offline_device(&[]).refresh_key("d1", body);
        assert_eq!((answer.status, answer.code().as_deref()), (400, Some(code)), "{body}");
    }
}

#[test]
fn an_unused_code_ends_and_the_device_stays_unless_told_otherwise() {
    for (flags, status) in [(&[][..], 200), (&["--unused-key-deletes", "device"][..], 404)] {
        let mut bench = with_offline_device(flags);
        bench.refresh_key("d1", r#"{"verifyCode":"864","timeout":10}"#);
        bench.now += 10_000;
        assert_eq!(bench.status("d1").status, status, "{flags:?}");
        let settings = bench.state.settings.clone();
        assert_eq!(bench.state.devices.bind(&settings, bench.now, "864"), None);
    }
}

#[test]
fn the_former_code_is_void_unless_told_otherwise() {
    for (flags, binds) in [(&[][..], false), (&["--keep-old-code"][..], true)] {
        let mut bench = with_offline_device(flags);
        bench.refresh_key("d1", r#"{"verifyCode":"old"}"#);
        bench.refresh_key("d1", r#"{"verifyCode":"new"}"#);
        let settings = bench.state.settings.clone();
        let bound = bench.state.devices.bind(&settings, bench.now, "old");
        assert_eq!(bound.is_some(), binds, "{flags:?}");
    }
}

#[test]
fn the_device_counts_as_activated_afterwards_unless_told_otherwise() {
    for (flags, activated) in [(&[][..], true), (&["--refresh-deactivates"][..], false)] {
        let mut bench = with_offline_device(flags);
        bench.refresh_key("d1", "{}");
        assert_eq!(json(&bench.status("d1"))["activated"], activated, "{flags:?}");
    }
}

#[test]
fn a_code_that_another_device_waits_with_is_refused_only_on_request() {
    for (flags, status) in [(&[][..], 200), (&["--unique-codes"][..], 400)] {
        let mut bench = with_offline_device(flags);
        bench.add("d2", "app1", true, false);
        bench.refresh_key("d1", r#"{"verifyCode":"864"}"#);
        let answer = bench.refresh_key("d2", r#"{"verifyCode":"864"}"#);
        assert_eq!(answer.status, status, "{flags:?}");
    }
}
