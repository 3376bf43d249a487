//! regDirectDevice, queryDeviceStatus, deleteDirectDevice.

use super::{Bench, json, refused, text};

#[test]
fn a_registration_answers_with_its_four_members() {
    let mut bench = Bench::signed_in(&[]);
    let body = r#"{"nodeId":"n1","verifyCode":"v1","timeout":60,"psk":"00112233AABBccdd"}"#;
    let answer = bench.register(body);
    let id = json(&answer)["deviceId"].as_str().expect("id").to_owned();
    assert_eq!(id.len(), 36);
    assert_eq!(
        (answer.status, text(&answer)),
        (
            200,
            format!(
                r#"{{"deviceId":"{id}","verifyCode":"v1","timeout":60,"psk":"00112233AABBccdd"}}"#
            )
        )
    );
}

#[test]
fn null_members_count_as_absent_and_the_platform_makes_the_rest() {
    let mut bench = Bench::signed_in(&[]);
    let body = r#"{"nodeId":"n1","verifyCode":null,"timeout":null,"psk":null,"deviceInfo":null,
        "productId":null,"isSecure":null,"imsi":null,"endUserId":null,"account":null}"#;
    let answer = json(&bench.register(body));
    assert_eq!(answer["timeout"], 180);
    assert_eq!(answer["psk"].as_str().map(str::len), Some(32));
    assert!(answer["verifyCode"].as_str().is_some_and(|code| !code.is_empty()));
    let mut bench = Bench::signed_in(&["--register-timeout-s", "0"]);
    assert_eq!(json(&bench.register(r#"{"nodeId":"n1"}"#))["timeout"], 0);
}

#[test]
fn a_taken_node_id_is_refused() {
    let mut bench = Bench::signed_in(&[]);
    bench.add("d1", "app1", true, false);
    bench.add("d2", "app2", true, false);
    refused(&bench.register(r#"{"nodeId":"node-d1"}"#), 400, "100416");
    refused(&bench.register(r#"{"nodeId":"node-d2"}"#), 400, "100426");
}

#[test]
fn each_wrong_member_has_its_code() {
    let long = format!(r#"{{"nodeId":"{}"}}"#, "n".repeat(257));
    for (body, status, code) in [
        ("", 400, "100007"),
        ("nonsense", 400, "100007"),
        ("{}", 400, "100007"),
        (&*long, 400, "50400"),
        (r#"{"nodeId":1}"#, 400, "50400"),
        (r#"{"nodeId":"n","verifyCode":""}"#, 400, "100003"),
        (r#"{"nodeId":"n","timeout":2147483648}"#, 400, "50400"),
        (r#"{"nodeId":"n","timeout":"180"}"#, 400, "50400"),
        (r#"{"nodeId":"n","timeout":1.5}"#, 400, "50400"),
        (r#"{"nodeId":"n","psk":"xyz"}"#, 400, "50400"),
        (r#"{"nodeId":"n","isSecure":"yes"}"#, 400, "50400"),
        (r#"{"nodeId":"n","deviceInfo":[]}"#, 400, "50400"),
        (r#"{"nodeId":"n","productId":"p2"}"#, 403, "600002"),
    ] {
        let answer = Bench::signed_in(&["--product", "p1"]).register(body);
        assert_eq!((answer.status, answer.code().as_deref()), (status, Some(code)), "{body}");
    }
    let good = r#"{"nodeId":"n","productId":"p1","timeout":2147483647}"#;
    assert_eq!(Bench::signed_in(&["--product", "p1"]).register(good).status, 200);
}

#[test]
fn a_registration_that_no_device_binds_to_goes_when_its_time_is_over() {
    let mut bench = Bench::signed_in(&[]);
    let id = json(&bench.register(r#"{"nodeId":"n1","timeout":60}"#))["deviceId"].clone();
    let id = id.as_str().expect("id");
    bench.now += 59_999;
    assert_eq!(bench.status(id).status, 200);
    bench.now += 1;
    refused(&bench.status(id), 404, "100403");
    assert_eq!(bench.register(r#"{"nodeId":"n1","timeout":0}"#).status, 200);
    bench.now += 3_000_000;
    refused(&bench.register(r#"{"nodeId":"n1"}"#), 400, "100416");
}

#[test]
fn a_device_that_shows_its_code_in_time_stays_and_is_activated() {
    let mut bench = Bench::signed_in(&[]);
    let answer = json(&bench.register(r#"{"nodeId":"n1","verifyCode":"Ab","deviceName":"Tür"}"#));
    let id = answer["deviceId"].as_str().expect("id");
    assert_eq!(json(&bench.status(id))["activated"], false);
    let settings = bench.state.settings.clone();
    assert_eq!(bench.state.devices.bind(&settings, bench.now, "aB"), None);
    assert!(bench.state.devices.bind(&settings, bench.now, "Ab").is_some());
    bench.now += 1_000_000;
    assert_eq!(
        text(&bench.status(id)),
        format!(r#"{{"deviceId":"{id}","activated":true,"name":"Tür"}}"#)
    );
}

#[test]
fn a_code_may_bind_whatever_its_case() {
    let mut bench = Bench::signed_in(&["--code-ignores-case"]);
    bench.register(r#"{"nodeId":"n1","verifyCode":"Ab"}"#);
    let settings = bench.state.settings.clone();
    assert!(bench.state.devices.bind(&settings, bench.now, "aB").is_some());
}

#[test]
fn a_delete_answers_empty_and_the_next_one_with_its_own_code() {
    let mut bench = Bench::signed_in(&[]);
    bench.add("d1", "app1", true, true);
    let answer = bench.delete("d1?&cascade=true");
    assert_eq!((answer.status, &*answer.body), (204, &b""[..]));
    refused(&bench.delete("d1"), 404, "100418");
    refused(&bench.status("d1"), 404, "100403");
}

#[test]
fn a_device_of_another_application_is_hidden() {
    let mut bench = Bench::signed_in(&[]);
    bench.add("d2", "app2", true, false);
    refused(&bench.delete("d2"), 404, "100418");
    refused(&bench.status("d2"), 404, "100403");
    refused(&bench.refresh_key("d2", "{}"), 404, "100418");
    assert_eq!(bench.delete("d2?appId=app2").status, 204);
}

#[test]
fn a_delete_takes_the_devices_behind_a_gateway_with_it_unless_told_otherwise() {
    for (flags, query, left) in [
        (&[][..], "", 0),
        (&[][..], "?cascade=false", 1),
        (&["--no-cascade"][..], "", 1),
        (&["--no-cascade"][..], "?cascade=true", 0),
    ] {
        let mut bench = Bench::signed_in(flags);
        bench.add("gate", "app1", true, true);
        bench.add("leaf", "app1", true, true);
        bench.state.devices.get_mut("leaf").expect("leaf").gateway = Some("gate".to_owned());
        bench.delete(&format!("gate{query}"));
        assert_eq!(bench.state.devices.all().count(), left, "{flags:?} {query}");
    }
}
