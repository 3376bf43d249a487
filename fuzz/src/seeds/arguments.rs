//! First inputs of the readers of arguments: options, configurations, inputs, addresses.

use serde_json::json;

use super::{argument, card_choice};
use crate::operations;

/// All of them.
pub(super) fn all() -> Vec<(&'static str, Vec<u8>)> {
    let retry = json!({ "attempts": 3, "baseDelayMs": 250, "maxDelayMs": 10000, "totalMs": 60000 });
    let throttle = json!({ "calls": 100, "perMs": 60000, "slackMs": 2000 });
    [
        (5, json!({ "appId": "app1", "secret": "s+e/c=r&t%", "platformIp": "10.0.0.1", "platformPort": 8743 })),
        (5, json!({ "appId": "app1", "secret": "s", "baseUrl": "http://[::1]:8080/a/b/" })),
        (0x46, json!({ "appId": "a", "secret": "s", "baseUrl": "/iot" })),
        (7, json!({ "regionId": "cn-hangzhou", "network": "vpc", "signature": "HMAC-SHA1" })),
        (7, json!({ "endpoint": "https://Platform.example.:443/", "signature": "ACS3-HMAC-SHA256" })),
        (8, json!({ "accessKeyId": "id", "accessKeySecret": "key", "securityToken": "t" })),
        (9, json!({ "timeoutMs": 0, "retry": retry, "throttle": throttle, "refreshTokenLifetimeMs": 1, "allowInsecureHttp": true })),
        (10, json!({ "retry": false, "throttle": false, "fetch": 1, "onEvent": null })),
        (11, json!({ "signal": {}, "timeoutMs": 5, "appId": null, "accessToken": "t" })),
        (0x4b, json!({ "force": true, "timeoutMs": 5 })),
        (12, json!({ "refreshToken": "r" })),
    ]
    .map(|(choice, value)| ("arguments", argument(choice, &value)))
    .to_vec()
    .into_iter()
    .chain(inputs())
    .chain(addresses())
    .collect()
}

/// Addresses that are refused for a reason each.
fn addresses() -> Vec<(&'static str, Vec<u8>)> {
    let addresses = [
        "http://127.0.0.1:1",
        "http://127.0.0.1.example",
        "http://127.1",
        "http://[::2]",
        "http://[::ffff:127.0.0.1]",
        "http://localhost.example",
        "http://app.localhost:80",
        "https://h/a/../b",
        "https://h/a/%2e%2E/b",
        "https://h/.",
        "https://user:word@h",
        "https://h?x=1",
        "https://h/a#b",
        "https://h:0",
        "https://1.2.3",
        "https://0x7f.1",
        "https://a\\b",
        "https://[::1",
        "https://h//b",
        "https://\u{4e2d}",
        "https://-a",
        "https://a..b",
        "https://h./",
        "//evil.example",
        "https://xn--fiqs8s",
    ];
    let given = |address| json!({ "appId": "a", "secret": "s", "baseUrl": address });
    addresses.map(|address| ("arguments", argument(5, &given(address)))).to_vec()
}

/// What the operations of ApsaraMQ take.
fn inputs() -> Vec<(&'static str, Vec<u8>)> {
    let operations = operations::all();
    let inputs = [
        ("registerDeviceCredential", json!({ "clientId": "GID_a@@@1", "instanceId": "i" })),
        (
            "listDeviceCredentialClientId",
            json!({ "groupId": "GID_a", "instanceId": "i", "pageSize": 5, "pageNo": 1, "nextToken": "n" }),
        ),
        (
            "applyToken",
            json!({ "actions": "R,W", "expireTime": 1_767_323_045_000_u64, "instanceId": "i", "resources": ["b/#", "a/+"] }),
        ),
        ("queryToken", json!({ "token": "t", "instanceId": "i" })),
    ];
    let place = |name| operations.iter().position(|it| it.name == name).expect("one of ours");
    inputs
        .map(|(name, input)| ("arguments", argument(card_choice(&operations, place(name)), &input)))
        .to_vec()
}
