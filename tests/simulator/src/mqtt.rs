//! The broker's sockets: TCP, and WebSocket with the subprotocol `mqtt`.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{
    Callback, ErrorResponse, Request, Response,
};
use tokio_tungstenite::tungstenite::http::HeaderValue;

use crate::aliyun::mqtt_login::may_connect;
use crate::broker::codec::{self, Connect, Packet, Version, Wrong};
use crate::broker::{Mailbox, Out};
use crate::world::Simulator;

/// What carries the packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Carrier {
    Tcp,
    WebSocket,
}

/// Accepts connections until it is dropped; its connections end with it.
pub(crate) async fn accept(listener: TcpListener, simulator: Arc<Simulator>, carrier: Carrier) {
    let mut connections = tokio::task::JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        let Ok((stream, _)) = listener.accept().await else {
            // Mostly too many open files; others may be closed soon.
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        let simulator = Arc::clone(&simulator);
        connections.spawn(async move {
            match carrier {
                Carrier::Tcp => serve(stream, &simulator).await,
                Carrier::WebSocket => over_websocket(stream, &simulator).await,
            }
        });
    }
}

/// Agrees to the subprotocol if the client asks for it.
struct Subprotocol;

impl Callback for Subprotocol {
    fn on_request(
        self,
        request: &Request,
        mut response: Response,
    ) -> Result<Response, ErrorResponse> {
        let asked = request.headers().get("sec-websocket-protocol").and_then(|v| v.to_str().ok());
        if asked.is_some_and(|asked| asked.split(',').any(|name| name.trim() == "mqtt")) {
            let mqtt = HeaderValue::from_static("mqtt");
            response.headers_mut().insert("sec-websocket-protocol", mqtt);
        }
        Ok(response)
    }
}

async fn over_websocket(stream: TcpStream, simulator: &Simulator) {
    let Ok(socket) = tokio_tungstenite::accept_hdr_async(stream, Subprotocol).await else {
        return;
    };
    let (near, far) = tokio::io::duplex(1 << 16);
    tokio::join!(carry(socket, far), serve(near, simulator));
}

/// Packets do not keep to the borders of messages, so both are plain bytes here.
async fn carry(mut socket: WebSocketStream<TcpStream>, mut pipe: DuplexStream) {
    let mut chunk = vec![0; 1 << 14];
    loop {
        tokio::select! {
            message = socket.next() => match message {
                Some(Ok(Message::Binary(bytes))) => {
                    if pipe.write_all(&bytes).await.is_err() {
                        break;
                    }
                }
                // The crate answers pings by itself; MQTT is never text.
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                Some(Ok(Message::Text(_) | Message::Close(_)) | Err(_)) | None => break,
            },
            count = pipe.read(&mut chunk) => {
                let bytes = count.ok().and_then(|count| chunk.get(..count)).unwrap_or_default();
                if bytes.is_empty() || socket.send(Message::binary(bytes.to_vec())).await.is_err() {
                    break;
                }
            }
        }
    }
    let _ = socket.close(None).await;
}

/// A connection whose client has said who it is.
struct Connected {
    number: Option<u64>,
    version: Version,
    keep_alive: Duration,
}

/// Time for the first packet.
const PATIENCE: Duration = Duration::from_secs(10);
/// Time for the client to read what was sent last.
const FAREWELL: Duration = Duration::from_millis(500);

async fn serve(stream: impl AsyncRead + AsyncWrite, simulator: &Simulator) {
    let (mut reader, mut writer) = tokio::io::split(stream);
    let (mailbox, mut letters) = unbounded_channel();
    let mut client: Option<Connected> = None;
    let (mut buffer, mut chunk) = (Vec::new(), vec![0; 1 << 14]);
    loop {
        let patience = client.as_ref().map_or(PATIENCE, |client| client.keep_alive);
        tokio::select! {
            letter = letters.recv() => {
                let Some(Out::Bytes(bytes)) = letter else { break };
                if writer.write_all(&bytes).await.is_err() { break }
            }
            read = tokio::time::timeout(patience, reader.read(&mut chunk)) => {
                let Ok(Ok(count)) = read else { break };
                if count == 0 { break }
                buffer.extend_from_slice(chunk.get(..count).unwrap_or_default());
                if take_packets(simulator, &mut buffer, &mut client, &mailbox).is_err() { break }
            }
        }
    }
    if let Some(number) = client.and_then(|client| client.number) {
        simulator.world().broker.gone(number);
    }
    let _ = tokio::time::timeout(FAREWELL, say_goodbye(&mut letters, &mut writer)).await;
    // Closing with unread bytes might make the client lose the last packet.
    let _ = tokio::time::timeout(FAREWELL, async {
        while reader.read(&mut chunk).await.is_ok_and(|count| count > 0) {}
    })
    .await;
}

async fn say_goodbye(
    letters: &mut UnboundedReceiver<Out>,
    writer: &mut (impl AsyncWrite + Unpin),
) -> std::io::Result<()> {
    while let Ok(Out::Bytes(bytes)) = letters.try_recv() {
        writer.write_all(&bytes).await?;
    }
    writer.shutdown().await
}

/// Acts on each whole packet; an error ends the connection.
fn take_packets(
    simulator: &Simulator,
    buffer: &mut Vec<u8>,
    client: &mut Option<Connected>,
    mailbox: &Mailbox,
) -> Result<(), Wrong> {
    while let Some((first, body)) = codec::split(buffer)? {
        let version = client.as_ref().map_or(Version::V311, |client| client.version);
        let packet = match (codec::read(version, first, &body), &*client) {
            (Ok(packet), _) => packet,
            (Err(Wrong::Version), None) => {
                // 3.1.1: unacceptable protocol version
                let _ = mailbox.send(Out::Bytes(vec![0x20, 2, 0, 1]));
                return Err(Wrong::Version);
            }
            (Err(wrong), _) => {
                break_off(simulator, client.as_ref());
                return Err(wrong);
            }
        };
        match (packet, &*client) {
            (Packet::Connect(connect), None) => {
                *client = Some(admit(simulator, connect, mailbox));
            }
            (packet, Some(Connected { number: Some(number), .. })) => {
                let received = simulator.world().broker.receive(*number, packet);
                if received.is_err() {
                    break_off(simulator, client.as_ref());
                    return Err(Wrong::Malformed);
                }
            }
            // Refused, and only the close is still to come.
            (_, Some(Connected { number: None, .. })) => {}
            (_, None) => return Err(Wrong::Malformed),
        }
    }
    Ok(())
}

fn admit(simulator: &Simulator, connect: Connect, mailbox: &Mailbox) -> Connected {
    let (version, keep_alive) = (connect.version, u64::from(connect.keep_alive));
    let real = simulator.real();
    let mut world = simulator.world();
    let now = world.wall(real);
    let Connect { client_id, username, password, .. } = &connect;
    let verdict = may_connect(&world.aliyun, now, client_id, username, password);
    let settings = world.aliyun.settings.clone();
    let number = world.broker.connect(&settings, verdict, connect, mailbox.clone());
    // One and a half times as long as promised; a day for those who promise nothing.
    let patience = if keep_alive == 0 { 86_400_000 } else { keep_alive * 1500 };
    Connected { number, version, keep_alive: Duration::from_millis(patience) }
}

fn break_off(simulator: &Simulator, client: Option<&Connected>) {
    if let Some(number) = client.and_then(|client| client.number) {
        simulator.world().broker.refuse(number);
    }
}
