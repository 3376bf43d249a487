//! The root of the address: calls of the Aliyun platform, preflights, and the mounted page.

use super::{control, exchange, request, simulator};

#[tokio::test]
async fn the_root_is_a_page_or_a_call() {
    let folder = std::env::temp_dir().join(format!("northbound-root-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("folder");
    std::fs::write(folder.join("index.html"), "the page").expect("write");
    let running = simulator(&["--mount", &format!("/={}", folder.display())]).await;
    let page = exchange(running.http(), &request("GET", "/", "", "")).await;
    assert!(page.contains("the page"), "{page}");
    for (method, path, headers) in [
        ("POST", "/?Action=GetDeviceCredential", ""),
        ("GET", "/?Action=GetDeviceCredential", ""),
        ("GET", "/", "x-acs-action: GetDeviceCredential\r\n"),
        ("POST", "/aliyun/?Action=GetDeviceCredential", ""),
        ("GET", "/aliyun?Action=GetDeviceCredential", ""),
    ] {
        let answer = exchange(running.http(), &request(method, path, headers, "")).await;
        let lower = answer.to_lowercase();
        assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("<Code>Missing"), "{answer}");
        assert!(lower.contains("access-control-allow-origin: *"), "{answer}");
        assert_eq!(lower.matches("\r\ndate: ").count(), 1, "{answer}");
        // Without a clock of the machine it is the date of the vectors.
        assert!(answer.contains("Fri, 02 Jan 2026 03:0"), "{answer}");
    }
    let asks = "Origin: http://x\r\nAccess-Control-Request-Method: POST\r\n";
    let answer = exchange(running.http(), &request("OPTIONS", "/", asks, "")).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("_aop_secret"), "{answer}");
    let journal = control(&running, "GET", "/_sim/journal", "").await;
    assert_eq!(journal.matches(r#""platform":"aliyun""#).count(), 6, "{journal}");
    assert_eq!(journal.matches(r#""operation":"getDeviceCredential""#).count(), 5);
    assert_eq!(journal.matches(r#""operation":"preflight""#).count(), 1);
    std::fs::remove_dir_all(folder).expect("remove");
}

#[tokio::test]
async fn faults_meet_these_operations_too() {
    let running = simulator(&[]).await;
    let orders = r#"[{"operation":"applyToken","kind":"error","code":"Throttling.User","format":"json","retryAfterMs":40},
                     {"operation":"applyToken","kind":"lostAfter"}]"#;
    control(&running, "POST", "/_sim/faults", orders).await;
    let call = request("POST", "/?Action=ApplyToken", "", "");
    let answer = exchange(running.http(), &call).await;
    assert!(
        answer.starts_with("HTTP/1.1 429") && answer.contains("x-acs-retry-after: 40"),
        "{answer}"
    );
    assert!(answer.contains(r#""Code":"Throttling.User""#), "{answer}");
    assert!(answer.contains("access-control-allow-origin: *"), "{answer}");
    assert_eq!(exchange(running.http(), &call).await, "");
    let journal = control(&running, "GET", "/_sim/journal", "").await;
    assert!(journal.contains(r#""code":"Throttling.User""#), "{journal}");
}

#[tokio::test]
async fn settings_and_temporary_keys_are_steered_while_it_runs() {
    let running = simulator(&[]).await;
    let patch = r#"{"secondRegister":"same","preflight":"permissive","clockShiftMs":-5000}"#;
    let changed = control(&running, "PATCH", "/_sim/settings", patch).await;
    assert!(changed.contains(r#""preflight":"permissive""#), "{changed}");
    let refused = control(&running, "PATCH", "/_sim/settings", r#"{"wrongPasswordCode":7}"#).await;
    assert!(refused.starts_with("HTTP/1.1 400"), "{refused}");
    let key = r#"{"accessKeyId":"STS.x","accessKeySecret":"s","securityToken":"t","lifeS":60}"#;
    let added = control(&running, "POST", "/_sim/sts", key).await;
    assert!(added.contains("endsAt"), "{added}");
    let expired = control(&running, "POST", "/_sim/sts/expire", "").await;
    assert!(expired.contains(r#""expired":3"#), "{expired}");
}
