//! Framing, faults of the connection, folders, CORS.

use super::{LOGIN, control, exchange, login, request, signed_in, simulator};

#[tokio::test]
async fn an_answer_is_chunked_and_has_no_length() {
    let running = simulator(&["--no-tls"]).await;
    let answer = exchange(running.http(), &login()).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("\r\ntransfer-encoding: chunked\r\n"), "{answer}");
    assert!(!answer.contains("content-length"), "{answer}");
    assert!(answer.ends_with("\"scope\":\"default\"}\r\n0\r\n\r\n"), "{answer}");
}

#[tokio::test]
async fn a_204_says_length_0_and_the_connection_goes_on() {
    let running = simulator(&["--no-tls"]).await;
    let headers = signed_in(&running).await;
    let path = "/iocm/app/dm/v1.4.0/devices/00000000-0000-4000-a000-000000000001";
    let first = format!("DELETE {path} HTTP/1.1\r\nHost: x\r\n{headers}\r\n");
    let second = request("DELETE", path, &headers, "");
    let answers = exchange(running.http(), &format!("{first}{second}")).await;
    let (deleted, unknown) = answers.split_once("\r\n\r\n").expect("two answers");
    assert!(deleted.starts_with("HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n"), "{deleted}");
    assert!(unknown.starts_with("HTTP/1.1 404 Not Found\r\n"), "{unknown}");
    assert!(unknown.contains("100418"), "{unknown}");
}

#[tokio::test]
async fn a_chunked_request_and_one_without_body_or_length_are_read() {
    let running = simulator(&["--no-tls"]).await;
    let chunked = format!(
        "POST /iocm/app/sec/v1.1.0/login HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
         Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{LOGIN}\r\n0\r\n\r\n",
        LOGIN.len()
    );
    assert!(exchange(running.http(), &chunked).await.contains("accessToken"));
    let headers = signed_in(&running).await;
    let path =
        "/iocm/app/reg/v1.1.0/deviceCredentials/00000000-0000-4000-a000-000000000001?&appId=app1";
    let bare = format!("PUT {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n");
    assert!(exchange(running.http(), &bare).await.contains("\"timeout\":180}"));
}

#[tokio::test]
async fn a_cut_declares_the_whole_length_and_sends_half() {
    let running = simulator(&["--no-tls"]).await;
    control(&running, "POST", "/_sim/faults", r#"{"kind":"cut"}"#).await;
    let answer = exchange(running.http(), &login()).await;
    let (head, body) = answer.split_once("\r\n\r\n").expect("head");
    let declared = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
    let declared: usize = declared.expect("length").parse().expect("number");
    assert_eq!(body.len(), declared / 2);
}

#[tokio::test]
async fn a_lost_answer_is_no_byte_at_all_and_stands_in_the_journal() {
    for kind in ["reset", "lostBefore", "lostAfter"] {
        let running = simulator(&["--no-tls"]).await;
        control(&running, "POST", "/_sim/faults", &format!(r#"{{"kind":"{kind}"}}"#)).await;
        assert_eq!(exchange(running.http(), &login()).await, "", "{kind}");
        let journal = control(&running, "GET", "/_sim/journal", "").await;
        assert!(journal.contains(&format!("\"faulted\":\"{kind}\"")), "{journal}");
        assert!(!journal.contains("\"end_ms\":null"), "{journal}");
        let answer = control(&running, "POST", "/_sim/tokens/kill", "").await;
        assert_eq!(answer.contains("\"killed\":1"), kind == "lostAfter", "{answer}");
    }
}

#[tokio::test]
async fn silence_and_slowness_take_their_time() {
    let running = simulator(&["--no-tls"]).await;
    for (fault, empty) in [
        (r#"{"kind":"silence","ms":150}"#, true),
        (r#"{"kind":"delay","ms":150}"#, false),
        (r#"{"kind":"slowBody","ms":150}"#, false),
    ] {
        control(&running, "POST", "/_sim/faults", fault).await;
        let started = tokio::time::Instant::now();
        let answer = exchange(running.http(), &login()).await;
        assert!(started.elapsed().as_millis() >= 140, "{fault}");
        assert_eq!(answer.is_empty(), empty, "{fault}");
    }
}

#[tokio::test]
async fn open_logins_are_counted() {
    let running = simulator(&["--no-tls", "--latency-ms", "200"]).await;
    let text = login();
    tokio::join!(exchange(running.http(), &text), exchange(running.http(), &text));
    let summary = control(&running, "GET", "/_sim/journal?summary=1", "").await;
    assert!(summary.contains("\"maxTokenCallsInFlight\":2"), "{summary}");
    control(&running, "DELETE", "/_sim/journal", "").await;
    exchange(running.http(), &text).await;
    exchange(running.http(), &text).await;
    let summary = control(&running, "GET", "/_sim/journal?summary=1", "").await;
    assert!(summary.contains("\"maxTokenCallsInFlight\":1"), "{summary}");
}

#[tokio::test]
async fn cors_headers_come_only_on_request() {
    let running = simulator(&["--no-tls"]).await;
    let preflight = request("OPTIONS", "/iocm/app/sec/v1.1.0/login", "Origin: null\r\n", "");
    let answer = exchange(running.http(), &preflight).await;
    assert!(!answer.contains("access-control"), "{answer}");
    control(&running, "PATCH", "/_sim/settings", r#"{"cors":true}"#).await;
    for text in [preflight, login()] {
        let answer = exchange(running.http(), &text).await;
        assert!(answer.contains("access-control-allow-origin: *"), "{answer}");
    }
}

#[tokio::test]
async fn folders_are_served_under_their_prefix_and_never_stored() {
    let folder = std::env::temp_dir().join(format!("northbound-mount-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("folder");
    for (name, text) in [("index.html", "<p>page"), ("a.wasm", "w"), ("a.js", "j"), ("a.mjs", "m")]
    {
        std::fs::write(folder.join(name), text).expect("file");
    }
    let mounts = [format!("/={}", folder.display()), format!("/pkg={}", folder.display())];
    let flags = ["--no-tls", "--mount", &mounts[0], "--mount", &mounts[1]];
    let running = simulator(&flags).await;
    for (path, kind) in [
        ("/", "text/html"),
        ("/pkg/a.wasm", "application/wasm"),
        ("/a.js", "text/javascript"),
        ("/pkg/a.mjs", "application/javascript"),
        ("/none", "text/plain"),
        ("/../Cargo.toml", "text/plain"),
    ] {
        let answer = control(&running, "GET", path, "").await;
        assert!(answer.contains(&format!("content-type: {kind}")), "{path}: {answer}");
        assert!(answer.contains("cache-control: no-store"), "{path}: {answer}");
        assert_eq!(answer.starts_with("HTTP/1.1 200"), kind != "text/plain", "{path}: {answer}");
    }
    std::fs::remove_dir_all(folder).expect("clean");
}
