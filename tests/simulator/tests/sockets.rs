//! What only real connections can show: framing, broken connections, TLS, the process.
#![expect(clippy::expect_used, reason = "a helper of a test ends the test")]

#[path = "sockets/aliyun.rs"]
mod aliyun;
#[path = "sockets/mqtt.rs"]
mod mqtt;
#[path = "sockets/program.rs"]
mod program;
#[path = "sockets/tls.rs"]
mod tls;
#[path = "sockets/wire.rs"]
mod wire;

use std::net::SocketAddr;

use clap::Parser;
use northbound_simulator::{Options, Running, start};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const LOGIN: &str = "appId=app1&secret=s+e/c=r&t%1";

/// A simulator on free ports.
async fn simulator(flags: &[&str]) -> Running {
    let fixed = ["simulator", "--http", "127.0.0.1:0", "--tls", "127.0.0.1:0", "--demo-devices"];
    let options = Options::try_parse_from(fixed.iter().chain(flags)).expect("flags");
    let started = tokio::time::Instant::now();
    start(options, move || started.elapsed()).await.expect("simulator")
}

/// Sends bytes and gives back all that comes until the connection ends.
async fn exchange(address: SocketAddr, bytes: &str) -> String {
    let mut stream = TcpStream::connect(address).await.expect("connect");
    stream.write_all(bytes.as_bytes()).await.expect("write");
    let mut answer = Vec::new();
    // A connection that breaks has still sent what came before.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8(answer).expect("UTF-8")
}

/// A request that asks to close the connection afterwards.
fn request(method: &str, path: &str, headers: &str, body: &str) -> String {
    format!(
        "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn login() -> String {
    request("POST", "/iocm/app/sec/v1.1.0/login", "", LOGIN)
}

async fn control(running: &Running, method: &str, path: &str, body: &str) -> String {
    exchange(running.http(), &request(method, path, "", body)).await
}

/// The headers of a call with a fresh token.
async fn signed_in(running: &Running) -> String {
    let answer = exchange(running.http(), &login()).await;
    let token = answer.split('"').nth(3).expect("token");
    format!("app_key:app1\r\nAuthorization: bearer {token}\r\n")
}
