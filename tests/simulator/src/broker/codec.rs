//! The packets that clients send, MQTT 3.1.1 and 5.0.

/// Version of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    V311,
    V5,
}

impl Version {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::V311 => "3.1.1",
            Self::V5 => "5.0",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Publish {
    pub(crate) topic: String,
    pub(crate) qos: u8,
    pub(crate) retain: bool,
    pub(crate) id: u16,
    /// Of 5.0, as received, without their length.
    pub(crate) properties: Vec<u8>,
    pub(crate) payload: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Connect {
    pub(crate) version: Version,
    /// Seconds; 0: the client may be silent for ever.
    pub(crate) keep_alive: u16,
    pub(crate) client_id: String,
    pub(crate) username: String,
    pub(crate) password: String,
    pub(crate) will: Option<Publish>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Packet {
    Connect(Connect),
    Publish(Publish),
    PubAck,
    PubRec(u16),
    PubRel(u16),
    PubComp,
    /// Filters with their option bytes.
    Subscribe {
        id: u16,
        filters: Vec<(String, u8)>,
    },
    Unsubscribe {
        id: u16,
        filters: Vec<String>,
    },
    PingReq,
    Disconnect {
        with_will: bool,
    },
}

/// Why bytes are no packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrong {
    Malformed,
    /// A CONNECT of another version of the protocol.
    Version,
}

/// Payloads of the platform end at 64 KiB.
const MOST_BYTES: usize = 1 << 20;

/// Takes a whole packet off the front: its first byte and its body; `None`: more bytes must come.
pub(crate) fn split(buffer: &mut Vec<u8>) -> Result<Option<(u8, Vec<u8>)>, Wrong> {
    let mut bytes = buffer.iter().copied();
    let Some(first) = bytes.next() else {
        return Ok(None);
    };
    let mut length = 0;
    for place in 0..4 {
        let Some(byte) = bytes.next() else {
            return Ok(None);
        };
        length |= usize::from(byte & 0x7F) << (7 * place);
        if byte & 0x80 == 0 {
            if length > MOST_BYTES {
                return Err(Wrong::Malformed);
            }
            let (start, end) = (place + 2, place + 2 + length);
            if buffer.len() < end {
                return Ok(None);
            }
            return Ok(Some((first, buffer.drain(..end).skip(start).collect())));
        }
    }
    Err(Wrong::Malformed)
}

/// Reads a packet; the version is the one of the connection's CONNECT.
pub(crate) fn read(version: Version, first: u8, body: &[u8]) -> Result<Packet, Wrong> {
    let mut rest = Reader(body);
    let v5 = version == Version::V5;
    match first >> 4 {
        1 => connect(rest).map(Packet::Connect),
        3 => publish(v5, first, rest).map(Packet::Publish),
        4 => Ok(Packet::PubAck),
        5 => Ok(Packet::PubRec(rest.u16()?)),
        6 => Ok(Packet::PubRel(rest.u16()?)),
        7 => Ok(Packet::PubComp),
        8 | 10 => {
            let id = rest.u16()?;
            if v5 {
                rest.properties()?;
            }
            let (mut with_options, mut filters) = (Vec::new(), Vec::new());
            while !rest.0.is_empty() {
                let filter = rest.text()?;
                if first >> 4 == 8 {
                    with_options.push((filter, rest.u8()?));
                } else {
                    filters.push(filter);
                }
            }
            match (with_options.is_empty(), filters.is_empty()) {
                (false, _) => Ok(Packet::Subscribe { id, filters: with_options }),
                (_, false) => Ok(Packet::Unsubscribe { id, filters }),
                (true, true) => Err(Wrong::Malformed),
            }
        }
        12 => Ok(Packet::PingReq),
        14 => Ok(Packet::Disconnect { with_will: v5 && body.first() == Some(&4) }),
        _ => Err(Wrong::Malformed),
    }
}

fn connect(mut rest: Reader<'_>) -> Result<Connect, Wrong> {
    let protocol = rest.text()?;
    let version = match (&*protocol, rest.u8()?) {
        ("MQTT", 4) => Version::V311,
        ("MQTT", 5) => Version::V5,
        _ => return Err(Wrong::Version),
    };
    let v5 = version == Version::V5;
    let flags = rest.u8()?;
    let keep_alive = rest.u16()?;
    if v5 {
        rest.properties()?;
    }
    let client_id = rest.text()?;
    let will = if flags & 0x04 == 0 {
        None
    } else {
        if v5 {
            rest.properties()?;
        }
        let (topic, payload) = (rest.text()?, rest.bytes()?.to_vec());
        let (qos, retain) = ((flags >> 3 & 3).min(1), flags & 0x20 != 0);
        Some(Publish { topic, qos, retain, id: 0, properties: Vec::new(), payload })
    };
    let username = if flags & 0x80 == 0 { String::new() } else { rest.text()? };
    let password = if flags & 0x40 == 0 { &[] } else { rest.bytes()? };
    let password = String::from_utf8_lossy(password).into_owned();
    Ok(Connect { version, keep_alive, client_id, username, password, will })
}

fn publish(v5: bool, first: u8, mut rest: Reader<'_>) -> Result<Publish, Wrong> {
    let qos = first >> 1 & 3;
    if qos == 3 {
        return Err(Wrong::Malformed);
    }
    let topic = rest.text()?;
    let id = if qos > 0 { rest.u16()? } else { 0 };
    let properties = if v5 { rest.properties()?.to_vec() } else { Vec::new() };
    let payload = rest.0.to_vec();
    Ok(Publish { topic, qos, retain: first & 1 != 0, id, properties, payload })
}

/// Takes values off the front.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], Wrong> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(Wrong::Malformed)?;
        self.0 = rest;
        Ok(taken)
    }

    fn u8(&mut self) -> Result<u8, Wrong> {
        self.take(1)?.first().copied().ok_or(Wrong::Malformed)
    }

    fn u16(&mut self) -> Result<u16, Wrong> {
        Ok(u16::from_be_bytes([self.u8()?, self.u8()?]))
    }

    fn bytes(&mut self) -> Result<&'a [u8], Wrong> {
        let length = self.u16()?;
        self.take(usize::from(length))
    }

    fn text(&mut self) -> Result<String, Wrong> {
        String::from_utf8(self.bytes()?.to_vec()).map_err(|_| Wrong::Malformed)
    }

    fn properties(&mut self) -> Result<&'a [u8], Wrong> {
        let mut length = 0;
        for place in 0..4 {
            let byte = self.u8()?;
            length |= usize::from(byte & 0x7F) << (7 * place);
            if byte & 0x80 == 0 {
                return self.take(length);
            }
        }
        Err(Wrong::Malformed)
    }
}
