//! The listeners, and HTTP on each connection.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use crate::app::{Entrance, HangUp, Mount, Peer, app};
use crate::certificates;
use crate::mqtt::{self, Carrier};
use crate::options::Options;
use crate::world::Simulator;
use crate::zero_length::ZeroLength;

/// A simulator that accepts connections; it stops when this is dropped.
#[derive(Debug)]
pub struct Running {
    http: SocketAddr,
    tls: Option<SocketAddr>,
    mqtt: Option<SocketAddr>,
    mqtt_ws: Option<SocketAddr>,
    certificates: Option<PathBuf>,
    /// Nobody named the folder, so nobody else removes the keys in it.
    folder_is_ours: bool,
    tasks: Vec<JoinHandle<()>>,
}

impl Running {
    /// The plain address in use.
    pub const fn http(&self) -> SocketAddr {
        self.http
    }

    /// The TLS address in use.
    pub const fn tls(&self) -> Option<SocketAddr> {
        self.tls
    }

    /// The MQTT broker's address in use.
    pub const fn mqtt(&self) -> Option<SocketAddr> {
        self.mqtt
    }

    /// The address in use of the MQTT broker over WebSocket.
    pub const fn mqtt_ws(&self) -> Option<SocketAddr> {
        self.mqtt_ws
    }

    /// The folder of the certificates.
    pub const fn certificates(&self) -> Option<&PathBuf> {
        self.certificates.as_ref()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
        if let Some(folder) = self.certificates.as_ref().filter(|_| self.folder_is_ours) {
            // What cannot be removed stays for the system's own cleaning.
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

/// Opens the addresses and serves them in the background.
pub async fn start(
    options: Options,
    elapsed: impl Fn() -> std::time::Duration + Send + Sync + 'static,
) -> Result<Running, String> {
    let mounts = options.mounts.iter().map(|text| mount(text)).collect::<Result<Vec<_>, _>>()?;
    let simulator = Arc::new(Simulator::new(options.clone(), elapsed)?);
    let (http, http_address) = listen(&options.http, "--http").await?;
    let mut running = Running {
        http: http_address,
        tls: None,
        mqtt: None,
        mqtt_ws: None,
        certificates: None,
        folder_is_ours: false,
        tasks: Vec::new(),
    };
    if !options.no_tls {
        let (listener, address) = listen(&options.tls, "--tls").await?;
        let made = certificates::make(options.tls_dir.as_deref(), !options.no_client_cert);
        let (folder, config) =
            made.map_err(|error| format!("the certificates could not be made: {error}"))?;
        let router = app(Arc::clone(&simulator), Entrance::Tls);
        let acceptor = TlsAcceptor::from(Arc::new(config));
        running.tasks.push(tokio::spawn(accept(listener, router, Some(acceptor))));
        running.tls = Some(address);
        running.certificates = Some(folder);
        running.folder_is_ours = options.tls_dir.is_none();
    }
    if !options.no_mqtt {
        for (address, flag, carrier) in [
            (&options.mqtt, "--mqtt", Carrier::Tcp),
            (&options.mqtt_ws, "--mqtt-ws", Carrier::WebSocket),
        ] {
            let (listener, address) = listen(address, flag).await?;
            let task = mqtt::accept(listener, Arc::clone(&simulator), carrier);
            running.tasks.push(tokio::spawn(task));
            match carrier {
                Carrier::Tcp => running.mqtt = Some(address),
                Carrier::WebSocket => running.mqtt_ws = Some(address),
            }
        }
    }
    let router = app(simulator, Entrance::Plain(mounts));
    running.tasks.push(tokio::spawn(accept(http, router, None)));
    Ok(running)
}

fn mount(text: &str) -> Result<Mount, String> {
    let wrong = || format!("--mount `{text}` is not PREFIX=DIR with a prefix that begins with /");
    let (prefix, folder) = text.split_once('=').ok_or_else(wrong)?;
    let folder = PathBuf::from(folder);
    if !prefix.starts_with('/') {
        return Err(wrong());
    }
    if !folder.is_dir() {
        return Err(format!("--mount `{text}`: there is no folder {}", folder.display()));
    }
    Ok(Mount { prefix: prefix.to_owned(), folder })
}

async fn listen(address: &str, flag: &str) -> Result<(TcpListener, SocketAddr), String> {
    let bound = async {
        let listener = TcpListener::bind(address).await?;
        let local = listener.local_addr()?;
        Ok((listener, local))
    };
    bound.await.map_err(|error: io::Error| {
        if error.kind() == io::ErrorKind::AddrInUse {
            return format!(
                "address {address} is in use: stop the program that holds it, or choose another \
                 address with `{flag} 127.0.0.1:0` (any free port)"
            );
        }
        format!("address {address} ({flag}) cannot be opened: {error}")
    })
}

async fn accept(listener: TcpListener, router: Router, acceptor: Option<TlsAcceptor>) {
    // Dropping the set ends its connections, so they stop with the listener.
    let mut connections = tokio::task::JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        let Ok((stream, peer)) = listener.accept().await else {
            // Mostly too many open files; others may be closed soon.
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            continue;
        };
        connections.spawn(connection(stream, peer, router.clone(), acceptor.clone()));
    }
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    acceptor: Option<TlsAcceptor>,
) {
    // Without this a small chunked answer may wait for the caller's acknowledgement.
    let _ = stream.set_nodelay(true);
    match acceptor {
        None => serve(stream, peer, router).await,
        Some(acceptor) => {
            if let Ok(stream) = acceptor.accept(stream).await {
                serve(stream, peer, router).await;
            }
        }
    }
}

async fn serve(stream: impl AsyncRead + AsyncWrite + Unpin, peer: SocketAddr, router: Router) {
    let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        let router = router.clone();
        request.extensions_mut().insert(Peer(peer));
        async move {
            match router.oneshot(request).await {
                Ok(response) if response.extensions().get::<HangUp>().is_some() => {
                    Err(io::Error::other("hung up to order"))
                }
                Ok(response) => Ok(response),
                Err(never) => match never {},
            }
        }
    });
    // An error here is the caller's going away or a fault to order.
    let _ = http1::Builder::new()
        .writev(false)
        .serve_connection(TokioIo::new(ZeroLength::new(stream)), service)
        .await;
}
