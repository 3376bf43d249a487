//! What the operations do when nothing is wrong, and the settings that change it.

use super::*;

fn secret(body: &Value) -> String {
    body["DeviceCredential"]["DeviceAccessKeySecret"].as_str().expect("secret").to_owned()
}

fn key(body: &Value) -> String {
    body["DeviceCredential"]["DeviceAccessKeyId"].as_str().expect("key").to_owned()
}

#[test]
fn a_credential_is_registered_shown_refreshed_and_removed() {
    let mut bench = Bench::new(&[]);
    let made = bench.device("RegisterDeviceCredential");
    let credential = &made["DeviceCredential"];
    assert_eq!(
        (&credential["ClientId"], &credential["InstanceId"]),
        (&json!(CLIENT), &json!(INSTANCE))
    );
    assert_eq!(
        (&credential["CreateTime"], &credential["UpdateTime"]),
        (&json!(FROZEN), &json!(FROZEN))
    );
    assert!(key(&made).starts_with("DC.") && key(&made).len() == 25, "{made}");
    let id = made["RequestId"].as_str().expect("id");
    assert!(id.len() == 36 && id == id.to_uppercase(), "{id}");
    assert_eq!(bench.device("GetDeviceCredential")["DeviceCredential"], *credential);
    bench.now += 1000;
    let refreshed = bench.device("RefreshDeviceCredential");
    assert!(secret(&refreshed) != secret(&made) && key(&refreshed) != key(&made));
    assert_eq!(refreshed["DeviceCredential"]["CreateTime"], FROZEN);
    assert_eq!(refreshed["DeviceCredential"]["UpdateTime"], FROZEN + 1000);
    let removed = bench.device("UnRegisterDeviceCredential");
    assert_eq!(removed.as_object().map(serde_json::Map::len), Some(1));
    assert_eq!(code(&bench.device("GetDeviceCredential")), "DeviceCredentialNotFound");
}

#[test]
fn a_second_registration_does_what_the_setting_says() {
    for (how, same) in [("same", true), ("new", false)] {
        let mut bench = Bench::new(&["--second-register", how]);
        let first = bench.device("RegisterDeviceCredential");
        let second = bench.device("RegisterDeviceCredential");
        assert_eq!(first["DeviceCredential"] == second["DeviceCredential"], same, "{how}");
        assert_eq!(
            bench.device("GetDeviceCredential")["DeviceCredential"],
            second["DeviceCredential"]
        );
    }
}

#[test]
fn a_refresh_may_keep_the_key_id() {
    let mut bench = Bench::new(&["--refresh-changes", "secret"]);
    let made = bench.device("RegisterDeviceCredential");
    let refreshed = bench.device("RefreshDeviceCredential");
    assert_eq!(key(&made), key(&refreshed));
    assert_ne!(secret(&made), secret(&refreshed));
}

#[test]
fn the_list_is_paged_by_number_and_by_token() {
    let mut bench = Bench::new(&[]);
    let client = |n: u32| format!("GID_test@@@{n:03}");
    for (instance, id) in (0..25)
        .map(|n| (INSTANCE, client(n)))
        .chain([(INSTANCE, "GID_test2@@@x".to_owned()), ("post-cn-0pp12gl****", client(99))])
    {
        bench.state.add_credential((instance.to_owned(), id), 0);
    }
    let mut list = |own: &[(&str, &str)]| {
        let fixed = [("GroupId", "GID_test"), ("InstanceId", INSTANCE), ("PageSize", "10")];
        let all: Vec<_> = fixed.iter().chain(own).copied().collect();
        bench.call("ListDeviceCredentialClientId", &all)["DeviceCredentialClientIdList"].clone()
    };
    let ids = |page: &Value| page["ClientIdList"].as_array().expect("list").clone();
    let third = list(&[("PageNo", "3")]);
    assert_eq!(
        third,
        json!({
            "Total": "25", "PageNo": "3", "PageSize": "10",
            "ClientIdList": (20..25).map(client).collect::<Vec<_>>(),
        })
    );
    let (mut seen, mut page) = (Vec::new(), list(&[]));
    loop {
        seen.extend(ids(&page));
        let Some(token) = page["NextToken"].as_str().map(str::to_owned) else { break };
        page = list(&[("NextToken", &token)]);
    }
    assert_eq!(seen, (0..25).map(|n| json!(client(n))).collect::<Vec<_>>());
    assert_eq!(ids(&list(&[("PageNo", "4")])), Vec::<Value>::new());
}

#[test]
fn tokens_live_until_they_are_revoked_or_end() {
    let mut bench = Bench::new(&[]);
    let apply = |bench: &mut Bench, ms: Millis| {
        let at = (bench.now + ms).to_string();
        let own = [
            ("InstanceId", INSTANCE),
            ("Actions", "R,W"),
            ("Resources", "a/#,b"),
            ("ExpireTime", &*at),
        ];
        bench.call("ApplyToken", &own)["Token"].as_str().expect("token").to_owned()
    };
    let status = |bench: &mut Bench, token: &str| {
        let own = [("InstanceId", INSTANCE), ("Token", token)];
        bench.call("QueryToken", &own)["TokenStatus"].clone()
    };
    let day = 86_400_000;
    let (short, long) = (apply(&mut bench, 60_000), apply(&mut bench, 90 * day));
    assert_eq!((status(&mut bench, &short), status(&mut bench, "no")), (json!(true), json!(false)));
    bench.now += 60_000;
    assert_eq!(
        (status(&mut bench, &short), status(&mut bench, &long)),
        (json!(false), json!(true))
    );
    bench.now += 30 * day;
    assert_eq!(status(&mut bench, &long), false, "cut to 30 days");
    let again = apply(&mut bench, day);
    bench.call("RevokeToken", &[("InstanceId", INSTANCE), ("Token", &again)]);
    assert_eq!(status(&mut bench, &again), false);
}

#[test]
fn parameters_may_come_in_a_form_and_some_calls_by_get() {
    let mut bench = Bench::new(&[]);
    let own = [
        ("InstanceId", INSTANCE),
        ("ClientId", "GID_test@@@a b*+~'"),
        ("RegionId", "cn-x"),
        ("SignatureType", ""),
    ];
    let mut request = bench.request("POST", "RegisterDeviceCredential", &own);
    // Blanks as plus, stars bare, the empty parameter signed.
    request.body =
        std::mem::take(&mut request.query).replace("%20", "+").replace("%2A", "*").into_bytes();
    let form = "application/x-www-form-urlencoded; charset=utf-8";
    request.headers.insert("content-type".to_owned(), form.to_owned());
    assert_eq!(body(&bench.answer(&request))["DeviceCredential"]["ClientId"], "GID_test@@@a b*+~'");
    let page = [("InstanceId", INSTANCE), ("GroupId", "GID_test"), ("PageSize", "9")];
    let request = bench.request("GET", "ListDeviceCredentialClientId", &page);
    assert_eq!(body(&bench.answer(&request))["DeviceCredentialClientIdList"]["Total"], "1");
    let request = bench.request("GET", "GetDeviceCredential", &own);
    assert_eq!(code(&body(&bench.answer(&request))), "UnsupportedHTTPMethod");
    bench.state.settings.get_for_all = true;
    let request = bench.request("GET", "GetDeviceCredential", &own);
    assert_eq!(bench.answer(&request).status, 200);
}

#[test]
fn without_a_format_the_older_scheme_answers_in_xml() {
    let mut bench = Bench::new(&[]);
    bench.more.clear();
    let own = [("InstanceId", INSTANCE), ("ClientId", "GID_test@@@a&<b")];
    let made = bench.full("RegisterDeviceCredential", &own);
    let text = String::from_utf8(made.body.clone()).expect("UTF-8");
    assert_eq!(made.headers[0].1, "text/xml;charset=utf-8");
    assert!(
        text.contains("<RegisterDeviceCredentialResponse>") && text.contains("<RequestId>"),
        "{text}"
    );
    assert!(text.contains("<ClientId>GID_test@@@a&amp;&lt;b</ClientId>"), "{text}");
    let again = bench.full("RegisterDeviceCredential", &own);
    assert_eq!(again.code().as_deref(), Some("DeviceCredentialExsit"));
    assert!(String::from_utf8_lossy(&again.body).contains("<Error><"));
    let page = [("InstanceId", INSTANCE), ("GroupId", "GID_test"), ("PageSize", "9")];
    let list = bench.full("ListDeviceCredentialClientId", &page);
    assert!(String::from_utf8_lossy(&list.body).contains("<ClientIdList>GID_test@@@a&amp;"));
}

#[test]
fn each_answer_has_its_date_and_id_and_is_open_to_pages() {
    let mut bench = Bench::new(&[]);
    let request = bench.request("POST", "GetDeviceCredential", &[]);
    let mut answer = bench.answer(&request);
    stamp(&bench.state, FROZEN, &request, &mut answer);
    let header =
        |name: &str| answer.headers.iter().find(|(known, _)| known == name).map(|(_, v)| v.clone());
    assert_eq!(header("date").as_deref(), Some("Fri, 02 Jan 2026 03:04:05 GMT"));
    assert_eq!(header("access-control-allow-origin").as_deref(), Some("*"));
    assert_eq!(header("x-acs-request-id"), body(&answer)["RequestId"].as_str().map(str::to_owned));
    bench.state.settings.no_cors_headers = true;
    let mut answer = bench.answer(&request);
    stamp(&bench.state, FROZEN, &request, &mut answer);
    assert!(!answer.headers.iter().any(|(name, _)| name.starts_with("access-control-")));
}

#[test]
fn a_preflight_is_answered_by_the_setting() {
    for (how, lists, open) in [
        ("2022", Some("x-acs-action"), true),
        ("permissive", Some("authorization,x-acs-date"), true),
        ("none", None, false),
    ] {
        let mut bench = Bench::new(&["--preflight", how]);
        let asked = "authorization,x-acs-date".to_owned();
        let headers = [
            ("access-control-request-method".to_owned(), "POST".to_owned()),
            ("access-control-request-headers".to_owned(), asked),
        ];
        let request = Request {
            method: "OPTIONS".to_owned(),
            path: "/".to_owned(),
            headers: headers.into(),
            ..Request::default()
        };
        let mut answer = bench.answer(&request);
        stamp(&bench.state, FROZEN, &request, &mut answer);
        let header =
            |name: &str| answer.headers.iter().find(|(known, _)| known == name).map(|(_, v)| v);
        assert_eq!(
            header("access-control-allow-headers")
                .is_some_and(|v| lists.is_some_and(|l| v.contains(l))),
            lists.is_some(),
            "{how}"
        );
        assert_eq!(header("access-control-allow-origin").is_some(), open, "{how}");
    }
}
