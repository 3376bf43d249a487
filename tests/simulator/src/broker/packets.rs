//! The packets that the broker sends.

use super::codec::{Publish, Version};

pub(crate) const PINGRESP: [u8; 2] = [0xD0, 0];

/// CONNACK; 5.0 also says what this broker does not do.
pub(crate) fn connack(version: Version, code: u8) -> Vec<u8> {
    let limits: &[u8] = match (version, code) {
        (Version::V311, _) => return packet(0x20, vec![0, code]),
        // Maximum QoS 1; no subscription identifiers; no shared subscriptions
        (Version::V5, 0) => &[0x24, 1, 0x29, 0, 0x2A, 0],
        (Version::V5, _) => &[],
    };
    let mut body = vec![0, code];
    body.extend(number(limits.len()));
    body.extend(limits);
    packet(0x20, body)
}

/// PUBACK, PUBREC, PUBREL and PUBCOMP have the same form.
pub(crate) fn acknowledgement(kind: u8, id: u16) -> Vec<u8> {
    packet(kind, id.to_be_bytes().to_vec())
}

pub(crate) fn suback(version: Version, id: u16, codes: &[u8]) -> Vec<u8> {
    let mut body = id.to_be_bytes().to_vec();
    if version == Version::V5 {
        body.push(0);
    }
    body.extend(codes);
    packet(0x90, body)
}

pub(crate) fn unsuback(version: Version, id: u16, codes: &[u8]) -> Vec<u8> {
    let mut body = id.to_be_bytes().to_vec();
    if version == Version::V5 {
        body.push(0);
        body.extend(codes);
    }
    packet(0xB0, body)
}

/// Only 5.0 has it in this direction.
pub(crate) fn disconnect(reason: u8) -> Vec<u8> {
    packet(0xE0, vec![reason, 0])
}

pub(crate) fn publish(
    version: Version,
    publish: &Publish,
    qos: u8,
    retain: bool,
    id: u16,
) -> Vec<u8> {
    let length = u16::try_from(publish.topic.len()).unwrap_or(u16::MAX);
    let mut body = length.to_be_bytes().to_vec();
    body.extend(publish.topic.bytes());
    if qos > 0 {
        body.extend(id.to_be_bytes());
    }
    if version == Version::V5 {
        body.extend(number(publish.properties.len()));
        body.extend(&publish.properties);
    }
    body.extend(&publish.payload);
    packet(0x30 | qos << 1 | u8::from(retain), body)
}

fn packet(first: u8, body: Vec<u8>) -> Vec<u8> {
    let mut bytes = vec![first];
    bytes.extend(number(body.len()));
    bytes.extend(body);
    bytes
}

/// Seven bits a byte, the lowest first.
fn number(mut rest: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = u8::try_from(rest & 0x7F).unwrap_or(0);
        rest >>= 7;
        bytes.push(if rest > 0 { low | 0x80 } else { low });
        if rest == 0 {
            return bytes;
        }
    }
}
