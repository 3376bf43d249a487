//! The simulator as a program: command line, real clock, signals.

use std::io::Read;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Parser;
use northbound_simulator::{Options, Running, start};
use tokio::sync::mpsc;

fn main() -> ExitCode {
    let options = Options::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error.to_string()),
    };
    let result = runtime.block_on(run(options));
    // Open connections and a blocked reader must not delay the end.
    runtime.shutdown_timeout(Duration::from_millis(200));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => fail(&message),
    }
}

async fn run(options: Options) -> Result<(), String> {
    let (json, with_stdin) = (options.ready_json(), options.exit_with_stdin());
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    let started = Instant::now();
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    let calendar = std::time::SystemTime::now();
    let unix = calendar.duration_since(std::time::UNIX_EPOCH).map_err(|error| error.to_string())?;
    let unix_ms = u64::try_from(unix.as_millis()).map_err(|error| error.to_string())?;
    let stop = stop_signal(with_stdin)?;
    let running = start(options.with_calendar_time(unix_ms), move || started.elapsed()).await?;
    announce(&running, json);
    stop.await;
    Ok(())
}

/// Ends with Ctrl-C, SIGTERM or, if asked for, the end of standard input.
fn stop_signal(with_stdin: bool) -> Result<impl Future<Output = ()>, String> {
    let (stdin_ended, mut stdin_end) = mpsc::channel::<()>(1);
    if with_stdin {
        std::thread::spawn(move || {
            let mut buffer = [0; 256];
            while std::io::stdin().read(&mut buffer).is_ok_and(|count| count > 0) {}
            drop(stdin_ended);
        });
    } else {
        // A sender that is never dropped keeps the channel silent.
        std::mem::forget(stdin_ended);
    }
    let signals = signals().map_err(|error| error.to_string())?;
    Ok(async move {
        tokio::select! {
            () = signals => {}
            _ = stdin_end.recv() => {}
        }
    })
}

/// Listens from the moment it is called, not only when it is awaited.
#[cfg(unix)]
fn signals() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn signals() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without a handler the system ends the program on Ctrl-C by itself.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

#[expect(clippy::print_stdout, reason = "a program tells where it listens")]
fn announce(running: &Running, json: bool) {
    let http = format!("http://{}", running.http());
    let tls = running.tls().map(|address| format!("https://{address}"));
    let folder = running.certificates().map(|folder| folder.display().to_string());
    let mqtt = running.mqtt().map(|address| address.to_string());
    let mqtt_ws = running.mqtt_ws().map(|address| format!("ws://{address}/mqtt"));
    if json {
        let ready = serde_json::json!({
            "http": http, "tls": tls, "certificates": folder, "mqtt": mqtt, "mqttWs": mqtt_ws,
        });
        println!("{ready}");
        return;
    }
    println!("HTTP  {http}  (API and control)");
    if let (Some(tls), Some(folder)) = (tls, folder) {
        println!("TLS   {tls}  (API; client certificate and CA in {folder})");
    }
    if let (Some(mqtt), Some(mqtt_ws)) = (mqtt, mqtt_ws) {
        println!("MQTT  mqtt://{mqtt}  and  {mqtt_ws}");
    }
    println!("Devices        curl {http}/_sim/devices");
    println!("Go online      curl -X POST {http}/_sim/devices/DEVICE/online   (or /offline)");
    println!("Credentials    curl {http}/_sim/credentials");
    println!("More with --help; Ctrl-C stops.");
}

#[expect(clippy::print_stderr, reason = "a program tells why it ends")]
fn fail(message: &str) -> ExitCode {
    eprintln!("northbound-simulator: {message}");
    ExitCode::from(2)
}
