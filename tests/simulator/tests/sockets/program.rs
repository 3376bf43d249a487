//! The program: its one line, its end, its exit code.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

fn program(flags: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_northbound-simulator"));
    command.args(["--http", "127.0.0.1:0", "--tls", "127.0.0.1:0"]).args(flags);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn first_line(child: &mut Child) -> String {
    let mut line = String::new();
    let mut reader = BufReader::new(child.stdout.as_mut().expect("stdout"));
    reader.read_line(&mut line).expect("line");
    line
}

/// The exit code, if the program ends within a second.
fn end_of(child: &mut Child) -> Option<i32> {
    for _ in 0..50 {
        if let Some(status) = child.try_wait().expect("wait") {
            return status.code();
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().expect("kill");
    None
}

#[test]
fn it_says_where_it_listens_and_stops_with_standard_input_despite_open_connections() {
    let mut child = program(&["--ready-json", "--exit-with-stdin"]).spawn().expect("spawn");
    let ready: serde_json::Value = serde_json::from_str(&first_line(&mut child)).expect("JSON");
    let address = ready["http"].as_str().and_then(|http| http.strip_prefix("http://"));
    assert!(ready["tls"].as_str().is_some_and(|tls| tls.starts_with("https://127.0.0.1:")));
    assert!(ready["mqtt"].as_str().is_some_and(|mqtt| mqtt.starts_with("127.0.0.1:")));
    let mqtt_ws = ready["mqttWs"].as_str();
    assert!(
        mqtt_ws.is_some_and(|url| url.starts_with("ws://127.0.0.1:") && url.ends_with("/mqtt"))
    );
    let open = std::net::TcpStream::connect(address.expect("address")).expect("connect");
    drop(child.stdin.take());
    assert_eq!(end_of(&mut child), Some(0));
    drop(open);
    assert!(!std::path::Path::new(ready["certificates"].as_str().expect("folder")).exists());
}

#[cfg(unix)]
#[test]
fn it_stops_on_sigterm_and_sigint() {
    for signal in ["-TERM", "-INT"] {
        let mut child = program(&["--no-tls", "--no-mqtt", "--ready-json"]).spawn().expect("spawn");
        let ready: serde_json::Value = serde_json::from_str(&first_line(&mut child)).expect("JSON");
        assert_eq!((&ready["tls"], &ready["certificates"]), (&().into(), &().into()));
        assert_eq!((&ready["mqtt"], &ready["mqttWs"]), (&().into(), &().into()));
        let sent = Command::new("kill").args([signal, &child.id().to_string()]).status();
        assert!(sent.expect("kill").success());
        assert_eq!(end_of(&mut child), Some(0), "{signal}");
    }
}

#[test]
fn an_address_in_use_is_named_with_the_way_out() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("bind");
    let address = taken.local_addr().expect("address").to_string();
    let mut command = Command::new(env!("CARGO_BIN_EXE_northbound-simulator"));
    let output = command.args(["--no-tls", "--http", &address]).output().expect("run");
    let text = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(2));
    assert!(text.contains(&address) && text.contains("--http 127.0.0.1:0"), "{text}");
}
