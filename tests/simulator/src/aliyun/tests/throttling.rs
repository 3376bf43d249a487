//! Limits with their hints, and errors to order.

use super::*;
use crate::aliyun::ordered_error;

#[test]
fn limits_are_off_until_asked_for_and_give_hints() {
    let own = [("InstanceId", INSTANCE), ("Token", "t")];
    let mut bench = Bench::new(&[]);
    assert!((0..20).all(|_| bench.code("RevokeToken", &own).is_empty()));
    for (flags, status, expected, hints) in [
        (&["--documented-limits"][..], 400, "RevokeTokenOverFlow", 2),
        (
            &["--operation-limit", "revokeToken=5", "--overflow", "gateway"],
            429,
            "Throttling.User",
            2,
        ),
        (
            &[
                "--address-limit",
                "5",
                "--throttling-status",
                "400",
                "--throttle-hints",
                "retry-after",
            ],
            400,
            "Throttling",
            1,
        ),
        (&["--documented-limits", "--throttle-hints", "none"], 400, "RevokeTokenOverFlow", 0),
    ] {
        let mut bench = Bench::new(flags);
        assert!((0..5).all(|_| bench.code("RevokeToken", &own).is_empty()));
        let sixth = bench.full("RevokeToken", &own);
        assert_eq!((sixth.status, &*code(&body(&sixth))), (status, expected));
        let hint = |(name, _): &&(String, String)| {
            ["x-acs-retry-after", "x-ratelimit-user-api"].contains(&&**name)
        };
        assert_eq!(sixth.headers.iter().filter(hint).count(), hints);
        bench.now += 1000;
        let blocked = flags.contains(&"--address-limit");
        assert_eq!(bench.code("RevokeToken", &own).is_empty(), !blocked);
    }
}

#[test]
fn any_error_can_be_ordered_with_its_hints_and_form() {
    let mut bench = Bench::new(&[]);
    let request = bench.request("POST", "RefreshDeviceCredential", &[]);
    let mut ordered = |order: Value| {
        let order = serde_json::from_value(order).expect("order");
        ordered_error(&mut bench.state, &request, &order)
    };
    for (code, status) in [
        ("SystemOverFlow", 500),
        ("InternalError", 500),
        ("ServiceUnavailable", 503),
        ("Throttling", 429),
        ("Throttling.Api", 429),
        ("InvalidSecurityToken.Expired", 403),
        ("CheckAccountInfoFailed", 400),
    ] {
        let answer = ordered(json!({ "code": code }));
        assert_eq!((answer.status, answer.code().as_deref()), (status, Some(code)));
        assert!(body(&answer)["Message"].as_str().is_some_and(|text| !text.is_empty()));
    }
    let answer = ordered(
        json!({ "code": "Throttling.User", "retryAfterMs": 250, "status": 400, "format": "xml", "message": "m" }),
    );
    assert_eq!((answer.status, answer.code().as_deref()), (400, Some("Throttling.User")));
    let header =
        |name: &str| answer.headers.iter().find(|(known, _)| known == name).map(|(_, v)| &**v);
    assert_eq!(header("x-acs-retry-after"), Some("250"));
    assert_eq!(header("x-ratelimit-user-api"), Some("Limit:1,Remain:0,TimeLeft:250,Reset:250"));
    assert_eq!(header("content-type"), Some("text/xml;charset=utf-8"));
}
