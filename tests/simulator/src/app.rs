//! The router: which request goes to a platform, to the control API or to a folder.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use tower::ServiceExt;
use tower_http::services::ServeDir;

use crate::aliyun;
use crate::delivery::Pieces;
use crate::exchange::{Request, Response};
use crate::faults::Delivery;
use crate::huawei;
use crate::world::{Simulator, real_ms};

/// A folder of the disk under a prefix of the address.
#[derive(Debug, Clone)]
pub struct Mount {
    pub(crate) prefix: String,
    pub(crate) folder: PathBuf,
}

/// What listens: the plain address has the control API and folders, the TLS address has not.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Entrance {
    /// The plain address.
    Plain(Vec<Mount>),
    /// The address that asks for client certificates.
    Tls,
}

/// Where a connection comes from; the sockets add it to each request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// In a response's extensions: send nothing and end the connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HangUp;

#[derive(Debug)]
struct Shared {
    simulator: Arc<Simulator>,
    entrance: Entrance,
}

/// All routes of one entrance.
pub fn app(simulator: Arc<Simulator>, entrance: Entrance) -> Router {
    Router::new().fallback(dispatch).with_state(Arc::new(Shared { simulator, entrance }))
}

type HttpRequest = axum::extract::Request;
type HttpResponse = axum::http::Response<Body>;

async fn dispatch(State(shared): State<Arc<Shared>>, request: HttpRequest) -> HttpResponse {
    let path = request.uri().path();
    if huawei::owns(path) || is_aliyun(&request) {
        return platform(&shared, request).await;
    }
    let Entrance::Plain(mounts) = &shared.entrance else {
        return send(Response::unknown_path());
    };
    if path == "/_sim" || path.starts_with("/_sim/") {
        return match read(request, false).await {
            Some((request, _)) => send(crate::control::handle(&shared.simulator, &request)),
            None => hang_up(),
        };
    }
    let mount = mounts
        .iter()
        .filter(|mount| below(path, &mount.prefix).is_some())
        .max_by_key(|mount| mount.prefix.len());
    match mount {
        Some(mount) => file(mount, request).await,
        None => send(Response::unknown_path()),
    }
}

/// Below the prefix each request; at the root only what is no request for a page.
fn is_aliyun(request: &HttpRequest) -> bool {
    let (method, uri, headers) = (request.method(), request.uri(), request.headers());
    let given = |name| headers.contains_key(name);
    let (action, asks) = (given("x-acs-action"), given("access-control-request-method"));
    let is_call =
        || aliyun::is_call(method.as_str(), uri.query().unwrap_or_default(), action, asks);
    aliyun::owns(uri.path()) && (uri.path() != "/" || is_call())
}

/// The rest of a path below a prefix, starting with a slash.
fn below<'a>(path: &'a str, prefix: &str) -> Option<&'a str> {
    let rest = path.strip_prefix(prefix.trim_end_matches('/'))?;
    rest.starts_with('/').then_some(rest)
}

async fn file(mount: &Mount, mut request: HttpRequest) -> HttpResponse {
    let rest = below(request.uri().path(), &mount.prefix).unwrap_or("/");
    let Ok(uri) = rest.parse() else {
        return send(Response::unknown_path());
    };
    *request.uri_mut() = uri;
    let served: Result<_, Infallible> = ServeDir::new(&mount.folder).oneshot(request).await;
    let mut response = match served {
        Ok(response) if response.status() == StatusCode::NOT_FOUND => {
            send(Response::new(404, "text/plain; charset=utf-8", "no such file\n"))
        }
        Ok(response) => response.map(Body::new),
        Err(never) => match never {},
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Most of a request that is read; the API's bodies are far smaller.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// The request as plain data; `None` if the caller went away or sent too much.
async fn read(request: HttpRequest, tls: bool) -> Option<(Request, String)> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MOST_BYTES).await.ok()?.to_vec();
    let address = parts.extensions.get::<Peer>().map(|peer| peer.0);
    let peer = address.map(|address| address.to_string()).unwrap_or_default();
    let mut read = Request {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        body,
        tls,
        peer: address.map(|address| address.ip().to_string()).unwrap_or_default(),
        ..Request::default()
    };
    for (name, value) in &parts.headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        if parts.headers.get_all(name).iter().nth(1).is_some() {
            read.repeated.entry(name.as_str().to_owned()).or_default().push(value.to_string());
        }
        let joined = read.headers.entry(name.as_str().to_owned()).or_default();
        if !joined.is_empty() {
            joined.push_str(", ");
        }
        joined.push_str(&value);
    }
    Some((read, peer))
}

/// Notes the end of a call also if its caller went away meanwhile.
struct OpenCall<'a> {
    simulator: &'a Simulator,
    n: u64,
}

impl Drop for OpenCall<'_> {
    fn drop(&mut self) {
        let end = real_ms(self.simulator.real());
        self.simulator.world().journal.end(self.n, end);
    }
}

async fn platform(shared: &Shared, request: HttpRequest) -> HttpResponse {
    let tls = matches!(shared.entrance, Entrance::Tls);
    let Some((request, peer)) = read(request, tls).await else {
        return hang_up();
    };
    let simulator = &*shared.simulator;
    let of_aliyun = aliyun::owns(&request.path);
    let cors = !of_aliyun && simulator.world().common.cors;
    if cors && request.method == "OPTIONS" {
        return with_cors(send(Response::no_content()));
    }
    let (n, fault) = simulator.world().arrive(simulator.real(), &request, peer);
    let call = OpenCall { simulator, n };
    pause(fault.as_ref().map_or(0, crate::faults::Kind::pause_ms)).await;
    let real = simulator.real();
    let (delivery, latency) = {
        let mut world = simulator.world();
        (world.act(real, n, &request, fault.as_ref()), world.common.latency_ms)
    };
    pause(latency).await;
    drop(call);
    let response = match delivery {
        Delivery::Whole(response) => send(response),
        Delivery::Cut(response) => cut(&response),
        Delivery::Slow(response, ms) => slowly(&response, ms),
        Delivery::Nothing => hang_up(),
    };
    if cors { with_cors(response) } else { response }
}

async fn pause(ms: u64) {
    if ms > 0 {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }
}

fn with_cors(mut response: HttpResponse) -> HttpResponse {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, PUT, DELETE"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "app_key, x-app-key, authorization, content-type"),
        (header::ACCESS_CONTROL_MAX_AGE, "600"),
    ];
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

fn hang_up() -> HttpResponse {
    let mut response = HttpResponse::new(Body::empty());
    response.extensions_mut().insert(HangUp);
    response
}

/// Chunked, as the real platform sends; but a 204 says that its length is 0.
fn send(response: Response) -> HttpResponse {
    if response.status == 204 && response.body.is_empty() {
        let mut sent = head(&response, Body::empty());
        sent.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
        return sent;
    }
    head(&response, Body::empty()).map(|_| Body::new(Pieces::whole(response.body)))
}

fn slowly(response: &Response, ms: u64) -> HttpResponse {
    head(response, Body::empty()).map(|_| Body::new(Pieces::slow(&response.body, ms)))
}

fn cut(response: &Response) -> HttpResponse {
    if response.body.is_empty() {
        return hang_up();
    }
    let mut sent = head(response, Body::new(Pieces::cut(&response.body)));
    sent.headers_mut().insert(header::CONTENT_LENGTH, response.body.len().into());
    sent
}

/// Status and headers; what HTTP does not allow is left out.
fn head(response: &Response, body: Body) -> HttpResponse {
    let mut sent = HttpResponse::new(body);
    *sent.status_mut() = StatusCode::from_u16(response.status).unwrap_or(StatusCode::OK);
    for (name, value) in &response.headers {
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value))
        {
            sent.headers_mut().append(name, value);
        }
    }
    sent
}
