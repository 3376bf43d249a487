//! The broker over TCP and WebSocket: who gets in, what is delivered.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use rumqttc::mqttbytes::QoS;
use rumqttc::v5::mqttbytes as five;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use super::{control, simulator};

const CLIENT: &str = "GID_test@@@one";

/// Makes a credential and gives its user name and password.
async fn credential(running: &super::Running, client: &str) -> (String, String) {
    let body = json!({ "clientId": client }).to_string();
    let made = json(&control(running, "POST", "/_sim/credentials", &body).await);
    let text = |name: &str| made.get(name).and_then(Value::as_str).expect("text").to_owned();
    let user = format!("DeviceCredential|{}|{}", text("DeviceAccessKeyId"), text("InstanceId"));
    (user, password(&text("DeviceAccessKeySecret"), client))
}

fn password(secret: &str, client: &str) -> String {
    use base64::Engine;
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret.as_bytes());
    base64::engine::general_purpose::STANDARD.encode(ring::hmac::sign(&key, client.as_bytes()))
}

/// The JSON of an answer with one chunk.
fn json(answer: &str) -> Value {
    let (from, to) = (answer.find('{').expect("JSON"), answer.rfind('}').expect("JSON"));
    answer.get(from..=to).and_then(|text| serde_json::from_str(text).ok()).expect("JSON")
}

fn options(running: &super::Running, client: &str) -> (String, String, u16) {
    let address = running.mqtt().expect("mqtt");
    (client.to_owned(), address.ip().to_string(), address.port())
}

/// Connects with MQTT 3.1.1: the code of the CONNACK, and the loop that got it.
async fn connect_4(
    running: &super::Running,
    client: &str,
    user: &str,
    password: &str,
) -> Result<(rumqttc::AsyncClient, rumqttc::EventLoop), rumqttc::ConnectionError> {
    let (id, host, port) = options(running, client);
    let mut options = rumqttc::MqttOptions::new(id, host, port);
    options.set_credentials(user, password);
    let (client, mut events) = rumqttc::AsyncClient::new(options, 9);
    events.poll().await.map(|_| (client, events))
}

/// Connects with MQTT 5.0.
async fn connect_5(
    running: &super::Running,
    client: &str,
    user: &str,
    password: &str,
) -> Result<(rumqttc::v5::AsyncClient, rumqttc::v5::EventLoop), rumqttc::v5::ConnectionError> {
    let (id, host, port) = options(running, client);
    let mut options = rumqttc::v5::MqttOptions::new(id, host, port);
    options.set_credentials(user, password);
    let (client, mut events) = rumqttc::v5::AsyncClient::new(options, 9);
    events.poll().await.map(|_| (client, events))
}

#[tokio::test]
async fn exactly_registered_devices_get_in() {
    let running = simulator(&[]).await;
    let (user, right) = credential(&running, CLIENT).await;
    assert!(connect_4(&running, CLIENT, &user, &right).await.is_ok());
    assert!(connect_5(&running, CLIENT, &user, &right).await.is_ok());
    for (client, user, password) in [
        (CLIENT, &*user, "wrong"),
        ("GID_test@@@two", &*user, &*right),
        (CLIENT, "DeviceCredential|DC.x|post-cn-simulator01", &*right),
        (CLIENT, "nobody", &*right),
    ] {
        let refused = connect_4(&running, client, user, password).await.err();
        let code = rumqttc::ConnectReturnCode::NotAuthorized;
        assert!(
            matches!(refused, Some(rumqttc::ConnectionError::ConnectionRefused(c)) if c == code),
            "{refused:?}"
        );
        let refused = connect_5(&running, client, user, password).await.err();
        let code = five::v5::ConnectReturnCode::NotAuthorized;
        assert!(
            matches!(refused, Some(rumqttc::v5::ConnectionError::ConnectionRefused(c)) if c == code),
            "{refused:?}"
        );
    }
    control(&running, "DELETE", "/_sim/credentials", "").await;
    assert!(connect_4(&running, CLIENT, &user, &right).await.is_err());
    let attempts = json(&control(&running, "GET", "/_sim/mqtt", "").await)["attempts"].clone();
    let codes: Vec<&Value> =
        attempts.as_array().expect("list").iter().map(|a| &a["code"]).collect();
    assert_eq!(codes, [0, 0, 5, 135, 5, 135, 5, 135, 5, 135, 5]);
}

#[tokio::test]
async fn the_account_itself_may_sign() {
    let running = simulator(&[]).await;
    let user = "Signature|LTAI5tSIMULATORONLY0001|post-cn-simulator01";
    let right = password("simulatorSecretNotReal0001", CLIENT);
    assert!(connect_4(&running, CLIENT, user, &right).await.is_ok());
}

#[tokio::test]
async fn versions_4_and_5_send_each_other_messages() {
    let running = simulator(&[]).await;
    let (user, right) = credential(&running, CLIENT).await;
    let (listener, mut heard) = connect_4(&running, CLIENT, &user, &right).await.expect("in");
    listener.subscribe("news/+/x", QoS::AtLeastOnce).await.expect("subscribe");
    while !matches!(heard.poll().await, Ok(rumqttc::Event::Incoming(rumqttc::Packet::SubAck(_)))) {}
    let (user, right) = credential(&running, "GID_test@@@two").await;
    let (sender, mut events) =
        connect_5(&running, "GID_test@@@two", &user, &right).await.expect("in");
    sender.publish("news/a/x", five::QoS::AtLeastOnce, false, "hello").await.expect("publish");
    let acknowledged = async {
        loop {
            let event = events.poll().await.expect("event");
            if matches!(event, rumqttc::v5::Event::Incoming(five::v5::Packet::PubAck(_))) {
                break;
            }
        }
    };
    let arrived = async {
        loop {
            if let Ok(rumqttc::Event::Incoming(rumqttc::Packet::Publish(got))) = heard.poll().await
            {
                break got;
            }
        }
    };
    let ((), got) =
        tokio::time::timeout(Duration::from_secs(5), async { tokio::join!(acknowledged, arrived) })
            .await
            .expect("in time");
    assert_eq!(
        (&*got.topic, &got.payload[..], got.qos),
        ("news/a/x", &b"hello"[..], QoS::AtLeastOnce)
    );
}

/// A CONNECT as bytes, with a clean start and a keep-alive of a minute.
fn connect_packet(level: u8, client: &str, user: &str, password: &str) -> Vec<u8> {
    let mut body = vec![0, 4, b'M', b'Q', b'T', b'T', level, 0xC2, 0, 60];
    if level == 5 {
        body.push(0);
    }
    for text in [client, user, password] {
        body.extend(u16::try_from(text.len()).expect("short").to_be_bytes());
        body.extend(text.bytes());
    }
    [&[0x10, u8::try_from(body.len()).expect("short")][..], &body].concat()
}

#[tokio::test]
async fn over_websocket_it_is_the_same() {
    let running = simulator(&[]).await;
    let (user, right) = credential(&running, CLIENT).await;
    for (level, password, connack) in [
        (4, &*right, &[0x20, 2, 0, 0][..]),
        (4, "wrong", &[0x20, 2, 0, 5]),
        (5, &*right, &[0x20, 9, 0, 0, 6, 0x24, 1, 0x29, 0, 0x2A, 0]),
        (5, "wrong", &[0x20, 3, 0, 0x87, 0]),
    ] {
        let address = running.mqtt_ws().expect("mqttWs");
        let stream = TcpStream::connect(address).await.expect("connect");
        let mut request = format!("ws://{address}/any/path").into_client_request().expect("URL");
        let mqtt = "mqtt".parse().expect("value");
        request.headers_mut().insert("sec-websocket-protocol", mqtt);
        let (mut socket, response) =
            tokio_tungstenite::client_async(request, stream).await.expect("handshake");
        assert_eq!(response.headers()["sec-websocket-protocol"], "mqtt");
        let packet = connect_packet(level, CLIENT, &user, password);
        // Packets may be spread over messages.
        let (start, end) = packet.split_at(20);
        socket.send(Message::binary(start.to_vec())).await.expect("send");
        socket.send(Message::binary(end.to_vec())).await.expect("send");
        let answer = socket.next().await.expect("answer").expect("message");
        assert_eq!(&answer.into_data()[..], connack);
        if password == "wrong" {
            assert!(
                socket.next().await.is_none_or(|m| m.is_err() || m.is_ok_and(|m| m.is_close()))
            );
        }
    }
}

#[tokio::test]
async fn an_open_connection_outlives_its_credential_unless_set_otherwise() {
    for (flags, cut) in [(&[][..], false), (&["--cut-connections"], true)] {
        let running = simulator(flags).await;
        let (user, right) = credential(&running, CLIENT).await;
        let mut stream = TcpStream::connect(running.mqtt().expect("mqtt")).await.expect("connect");
        stream.write_all(&connect_packet(4, CLIENT, &user, &right)).await.expect("write");
        let mut connack = [0; 4];
        stream.read_exact(&mut connack).await.expect("CONNACK");
        control(&running, "DELETE", "/_sim/credentials", r#"{"clientId":"GID_test@@@one"}"#).await;
        let _ = stream.write_all(&[0xC0, 0]).await;
        let mut answer = Vec::new();
        let read = stream.read_buf(&mut answer);
        let read = tokio::time::timeout(Duration::from_secs(5), read).await.expect("in time");
        assert_eq!(read.is_ok_and(|count| count == 2), !cut, "{flags:?}");
    }
}

#[tokio::test]
async fn an_older_protocol_is_told_so() {
    let running = simulator(&[]).await;
    let mut stream = TcpStream::connect(running.mqtt().expect("mqtt")).await.expect("connect");
    stream.write_all(b"\x10\x0E\0\x06MQIsdp\x03\x02\0\x3C\0\0").await.expect("write");
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    assert_eq!(answer, [0x20, 2, 0, 1]);
}
