//! login, refreshToken, logout.

use super::{Bench, json, refused, text};

#[test]
fn login_gives_the_five_members_in_the_order_of_the_wire() {
    let answer = Bench::new(&[]).login("appId=app1&secret=s%2Be%2Fc%3Dr%26t%251");
    assert_eq!(answer.status, 200);
    let members = json(&answer);
    let (access, refresh) = (&members["accessToken"], &members["refreshToken"]);
    assert_eq!(
        text(&answer),
        format!(
            r#"{{"accessToken":{access},"tokenType":"bearer","refreshToken":{refresh},"expiresIn":3600,"scope":"default"}}"#
        )
    );
}

#[test]
fn login_reads_a_form_in_each_way_that_clients_write_it() {
    for form in [
        "appId=app1&secret=s%2Be%2Fc%3Dr%26t%251",
        "appId=app1&secret=s+e/c=r&t%1",
        "secret=s+e/c=r&t%1&appId=app1",
        "appId=app1&Secret=s%2be%2fc%3dr%26t%251",
        "appId=app1&secret=s+e%2Fc%3Dr%26t%251",
    ] {
        assert_eq!(Bench::new(&[]).login(form).status, 200, "{form}");
    }
}

#[test]
fn login_tells_a_missing_field_from_a_wrong_one() {
    for form in ["", "appId=app1", "secret=x", "appId=&secret=", "{\"appId\":\"app1\"}"] {
        refused(&Bench::new(&[]).login(form), 400, "102202");
    }
    refused(&Bench::new(&[]).login("appId=app1&secret=wrong"), 401, "100208");
    refused(&Bench::new(&[]).login("appId=nobody&secret=other"), 401, "100208");
}

#[test]
fn a_frozen_application_is_refused_with_the_code_of_the_edition() {
    let form = "appId=app2&secret=other";
    refused(&Bench::new(&["--frozen-app", "app2"]).login(form), 400, "100449");
    let later = ["--frozen-app", "app2", "--frozen-code", "100247"];
    refused(&Bench::new(&later).login(form), 400, "100247");
}

#[test]
fn tokens_are_lower_case_hex_of_27_to_32_characters_and_never_repeat() {
    let mut bench = Bench::new(&[]);
    let mut seen = std::collections::BTreeSet::new();
    let mut lengths = std::collections::BTreeSet::new();
    for _ in 0..500 {
        let answer = bench.sign_in();
        for name in ["accessToken", "refreshToken"] {
            let token = answer[name].as_str().expect("text").to_owned();
            assert!((27..=32).contains(&token.len()), "{token}");
            assert!(token.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')), "{token}");
            lengths.insert(token.len());
            assert!(seen.insert(token));
        }
    }
    assert!(lengths.len() > 3);
}

#[test]
fn a_refresh_gives_a_new_pair_in_its_own_order_and_ends_both_old_tokens() {
    let mut bench = Bench::signed_in(&[]);
    let first = bench.sign_in();
    let body = format!(
        r#"{{"appId":"app1","secret":"s+e\/c=r&t%1","refreshToken":{}}}"#,
        first["refreshToken"]
    );
    let answer = bench.refresh(&body);
    let members = json(&answer);
    assert_eq!(
        text(&answer),
        format!(
            r#"{{"accessToken":{},"tokenType":"bearer","expiresIn":3600,"scope":"default","refreshToken":{}}}"#,
            members["accessToken"], members["refreshToken"]
        )
    );
    assert_ne!(members["refreshToken"], first["refreshToken"]);
    refused(&bench.status("nobody"), 403, "1010005");
    refused(&bench.refresh(&body), 401, "100208");
}

#[test]
fn a_refresh_token_may_stay_valid_or_die_of_age() {
    let request = |token: &serde_json::Value| {
        format!(r#"{{"appId":"app1","secret":"s+e/c=r&t%1","refreshToken":{token}}}"#)
    };
    let mut bench = Bench::new(&["--keep-refresh-token", "--refresh-life-s", "86400"]);
    let body = request(&bench.sign_in()["refreshToken"]);
    assert_eq!(bench.refresh(&body).status, 200);
    bench.now += 86_399_000;
    assert_eq!(bench.refresh(&body).status, 200);
    bench.now += 1_000;
    refused(&bench.refresh(&body), 401, "100208");
}

#[test]
fn a_refresh_checks_its_members() {
    let mut bench = Bench::signed_in(&[]);
    refused(&bench.refresh(""), 400, "102202");
    refused(&bench.refresh(r#"{"appId":"app1","secret":"s","refreshToken":null}"#), 400, "102202");
    refused(&bench.refresh(r#"{"appId":1,"secret":"s","refreshToken":"r"}"#), 400, "50400");
    refused(&bench.refresh("nonsense"), 400, "50400");
    let wrong = r#"{"appId":"app1","secret":"s+e/c=r&t%1","refreshToken":"r"}"#;
    refused(&bench.refresh(wrong), 401, "100208");
}

#[test]
fn logout_answers_empty_and_ends_the_token_unless_told_otherwise() {
    for (flags, status) in [(&[][..], 403), (&["--logout-keeps-token"][..], 404)] {
        let mut bench = Bench::signed_in(flags);
        let body = format!(r#"{{"accessToken":"{}"}}"#, bench.token);
        let answer = bench.send("POST", "/iocm/app/sec/v1.1.0/logout", &body, &[]);
        assert_eq!((answer.status, &*answer.body), (204, &b""[..]));
        assert_eq!(bench.status("nobody").status, status);
    }
}
