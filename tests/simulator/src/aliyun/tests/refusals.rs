//! Each code with its status and message, and what leads to it.

use super::*;
use crate::aliyun::ordered_error;

const MILLIS_15_MINUTES: Millis = 900_000;

#[test]
fn not_found_ends_with_a_full_stop_for_some_operations() {
    let start = "Device Credential Not Found. Check if the device certificate is registered";
    for (flags, stop) in [(&[][..], true), (&["--not-found-full-stop", "never"], false)] {
        let mut bench = Bench::new(flags);
        for action in
            ["GetDeviceCredential", "UnRegisterDeviceCredential", "RefreshDeviceCredential"]
        {
            let message = if stop { format!("{start}.") } else { start.to_owned() };
            assert_eq!(bench.device(action)["Message"], message, "{action}");
        }
        let request = bench.request("POST", "RegisterDeviceCredential", &[]);
        let order =
            serde_json::from_value(json!({ "code": "DeviceCredentialNotFound" })).expect("order");
        assert_eq!(body(&ordered_error(&mut bench.state, &request, &order))["Message"], start);
    }
    let mut bench = Bench::new(&["--refresh-unknown-code", "ParameterCheckFailed"]);
    assert_eq!(code(&bench.device("RefreshDeviceCredential")), "ParameterCheckFailed");
}

#[test]
fn an_error_has_all_its_members() {
    let mut bench = Bench::new(&[]);
    bench.device("RegisterDeviceCredential");
    let own = [("InstanceId", INSTANCE), ("ClientId", CLIENT)];
    let answer = bench.full("RegisterDeviceCredential", &own);
    let body = body(&answer);
    assert_eq!((answer.status, &*code(&body)), (400, "DeviceCredentialExsit"));
    assert_eq!(
        (&body["Message"], &body["HostId"]),
        (&json!("Device Credential Exsit"), &json!("h:1"))
    );
    let id = body["RequestId"].as_str().expect("id");
    let link = format!(
        "https://api.aliyun.com/troubleshoot?q=DeviceCredentialExsit&product=OnsMqtt&requestId={id}"
    );
    assert_eq!(body["Recommend"], link);
    assert_eq!(answer.headers[0].1, "application/json;charset=utf-8");
}

#[test]
fn wrong_parameters_are_named() {
    let mut bench = Bench::new(&["--denied-resource", "GID_other", "--denied-resource", "secret"]);
    let long = format!("GID_test@@@{}", "x".repeat(54));
    let at = (FROZEN + 59_999).to_string();
    let fine = (FROZEN + 60_000).to_string();
    let i = ("InstanceId", INSTANCE);
    let list = "ListDeviceCredentialClientId";
    let get = "GetDeviceCredential";
    for (action, own, expected) in [
        (get, vec![i], "InvalidParameter.ClientId"),
        (get, vec![i, ("ClientId", "")], "InvalidParameter.ClientId"),
        (get, vec![i, ("ClientId", "GID_test@@@")], "InvalidParameter.ClientId"),
        (get, vec![i, ("ClientId", "GID_test@one")], "InvalidParameter.ClientId"),
        (get, vec![i, ("ClientId", "test@@@one")], "InvalidParameter.ClientId"),
        (get, vec![i, ("ClientId", "GID_test@@@\u{7}")], "InvalidParameter.ClientId"),
        (get, vec![i, ("ClientId", &long)], "InvalidParameter.ClientId"),
        (get, vec![("ClientId", CLIENT)], "InvalidParameter.InstanceId"),
        (get, vec![("ClientId", CLIENT), ("InstanceId", "x")], "InstancePermissionCheckFailed"),
        (get, vec![i, ("ClientId", "GID_other@@@x")], "PermissionCheckFailed"),
        (list, vec![i, ("PageSize", "1")], "InvalidParameter.GroupId"),
        (list, vec![i, ("GroupId", "GID_test")], "InvalidParameter.PageSize"),
        (list, vec![i, ("GroupId", "GID_test"), ("PageSize", "101")], "InvalidParameter.PageSize"),
        (
            list,
            vec![i, ("GroupId", "GID_test"), ("PageSize", "1"), ("PageNo", "0")],
            "InvalidParameter.PageNo",
        ),
        (
            list,
            vec![i, ("GroupId", "GID_test"), ("PageSize", "1"), ("NextToken", "zz")],
            "InvalidParameter.NextToken",
        ),
        (list, vec![i, ("GroupId", "GID_other"), ("PageSize", "1")], "PermissionCheckFailed"),
        (
            "ApplyToken",
            vec![i, ("Actions", "X"), ("Resources", "a"), ("ExpireTime", &fine)],
            "InvalidParameter.Actions",
        ),
        (
            "ApplyToken",
            vec![i, ("Actions", "R"), ("Resources", "b,a"), ("ExpireTime", &fine)],
            "InvalidParameter.Resources",
        ),
        (
            "ApplyToken",
            vec![i, ("Actions", "R"), ("Resources", "secret/x"), ("ExpireTime", &fine)],
            "PermissionCheckFailed",
        ),
        (
            "ApplyToken",
            vec![i, ("Actions", "R"), ("Resources", "a"), ("ExpireTime", &at)],
            "InvalidParameter.ExpireTime",
        ),
        ("QueryToken", vec![i], "InvalidParameter.Token"),
        ("ListDeviceCredential", vec![i], "ApiNotSupport"),
    ] {
        let answer = bench.full(action, &own);
        assert_eq!(code(&body(&answer)), expected, "{action} {own:?}");
        assert_eq!(answer.status, if expected == "ApiNotSupport" { 404 } else { 400 });
    }
}

#[test]
fn a_missing_parameter_is_called_as_the_setting_says() {
    let i = ("InstanceId", INSTANCE);
    for (how, expected) in
        [("own-code", "MissingClientId"), ("parameter-check-failed", "ParameterCheckFailed")]
    {
        let mut bench = Bench::new(&["--missing-parameter", how, "--page-no-mandatory"]);
        assert_eq!(bench.code("GetDeviceCredential", &[i]), expected);
        let page = [i, ("GroupId", "GID_test"), ("PageSize", "1")];
        assert_eq!(
            bench.code("ListDeviceCredentialClientId", &page),
            expected.replace("ClientId", "PageNo")
        );
    }
}

#[test]
fn an_instance_holds_so_many_credentials() {
    let mut bench = Bench::new(&["--max-credentials", "1"]);
    bench.device("RegisterDeviceCredential");
    let own = [("InstanceId", INSTANCE), ("ClientId", "GID_test@@@two")];
    let refused = bench.call("RegisterDeviceCredential", &own);
    assert_eq!(code(&refused), "DeviceCredentialNumExceed");
    assert_eq!(
        refused["Message"],
        "The number of device credentia exceeds the limit. Please revoke unused device certificates"
    );
}

#[test]
fn the_gateway_wants_all_of_a_signature() {
    let names = [
        "Action",
        "Version",
        "AccessKeyId",
        "Timestamp",
        "SignatureNonce",
        "SignatureMethod",
        "SignatureVersion",
        "Signature",
    ];
    for name in names {
        let mut bench = Bench::new(&["--default-format", "json"]);
        let mut request = bench.request("POST", "GetDeviceCredential", &[]);
        let kept = request.query.split('&').filter(|pair| !pair.starts_with(&format!("{name}=")));
        request.query = kept.collect::<Vec<_>>().join("&");
        let body = body(&bench.answer(&request));
        assert_eq!(code(&body), format!("Missing{name}"));
        assert_eq!(body["Message"], format!("{name} is mandatory for this action."));
    }
}

#[test]
fn a_date_is_good_for_fifteen_minutes_both_ways() {
    for (shift, expected) in [
        (0, "DeviceCredentialNotFound"),
        (MILLIS_15_MINUTES, "DeviceCredentialNotFound"),
        (MILLIS_15_MINUTES + 1000, "InvalidTimeStamp.Expired"),
    ] {
        for ahead in [true, false] {
            let mut bench = Bench::new(&[]);
            let own = [("InstanceId", INSTANCE), ("ClientId", CLIENT)];
            let request = bench.request("POST", "GetDeviceCredential", &own);
            let now = if ahead { FROZEN + shift } else { FROZEN - shift };
            assert_eq!(code(&body(&handle(&mut bench.state, now, &request))), expected, "{shift}");
        }
    }
    let mut bench = Bench::new(&["--clock-tolerance-s", "1860"]);
    let request = bench.request("POST", "GetDeviceCredential", &[]);
    let answer = handle(&mut bench.state, FROZEN + 1_860_000, &request);
    assert_eq!(code(&body(&answer)), "InvalidParameter.ClientId");
}

#[test]
fn a_nonce_is_good_once_while_it_is_remembered() {
    let mut bench = Bench::new(&["--nonce-memory-s", "5", "--nonce-status", "409"]);
    let request = bench.request("POST", "GetDeviceCredential", &[]);
    assert_eq!(code(&body(&bench.answer(&request))), "InvalidParameter.ClientId");
    let again = bench.answer(&request);
    assert_eq!((again.status, &*code(&body(&again))), (409, "SignatureNonceUsed"));
    bench.now += 10_000;
    assert_eq!(code(&body(&bench.answer(&request))), "InvalidParameter.ClientId");
}

#[test]
fn the_order_of_checks_is_a_setting() {
    for (order, expected) in [
        ("timestamp,nonce,signature", "InvalidTimeStamp.Expired"),
        ("signature,nonce,timestamp", "SignatureDoesNotMatch"),
        ("nonce,timestamp,signature", "SignatureNonceUsed"),
    ] {
        let mut bench = Bench::new(&["--gateway-checks", order]);
        let mut request = bench.request("POST", "GetDeviceCredential", &[]);
        bench.answer(&request);
        request.query.push_str("&More=1");
        bench.now += MILLIS_15_MINUTES + 1;
        bench.state.settings.nonce_memory_s = 5000;
        if expected == "SignatureNonceUsed" {
            // The first answer remembered it for the tolerance only.
            bench.now -= 2;
        }
        assert_eq!(code(&body(&bench.answer(&request))), expected);
    }
}

#[test]
fn keys_are_known_or_not_and_temporary_ones_end() {
    let mut bench = Bench::new(&["--sts-life-s", "60"]);
    bench.key.0 = "nobody";
    let own = [("InstanceId", INSTANCE), ("ClientId", CLIENT)];
    let unknown = bench.full("GetDeviceCredential", &own);
    assert_eq!((unknown.status, &*code(&body(&unknown))), (404, "InvalidAccessKeyId.NotFound"));
    bench.key = ("STS.SIMULATORONLY0002", "simulatorStsSecret0002");
    assert_eq!(bench.code("GetDeviceCredential", &own), "MissingSecurityToken");
    bench.token = Some("wrong");
    assert_eq!(bench.code("GetDeviceCredential", &own), "CheckAccountInfoFailed");
    bench.token = Some("CAISsimulator+token/with=special&chars==");
    assert_eq!(bench.code("GetDeviceCredential", &own), "DeviceCredentialNotFound");
    bench.now += 60_000;
    let ended = bench.full("GetDeviceCredential", &own);
    assert_eq!((ended.status, &*code(&body(&ended))), (403, "InvalidSecurityToken.Expired"));
}
