//! The MQTT side: who is connected, who subscribes to what, and what goes to whom.
//!
//! No sockets here: packets come in, and bytes go to the mailboxes of sessions. No broker crate is
//! used: rumqttd 0.20 closes the connection of a refused client without a CONNACK, never says
//! which free port it took, and cannot be stopped. Sessions end with their connections: nothing
//! is kept for a client that is away.

pub(crate) mod codec;
mod packets;
mod session;
#[cfg(test)]
mod tests;
mod topics;

use std::collections::{BTreeMap, VecDeque};

use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedSender;

use self::codec::{Connect, Packet, Publish, Version};
use self::session::{Session, Subscription};
use crate::aliyun::credentials::Owner;
use crate::aliyun::mqtt_login::Denied;
use crate::aliyun::settings::{Duplicate, Settings};

/// What a connection is to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Out {
    Bytes(Vec<u8>),
    Close,
}

/// Where a session's packets go; a closed one has nobody left to notice.
pub(crate) type Mailbox = UnboundedSender<Out>;

/// A connection that breaks the protocol's rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ProtocolError;

/// All sessions.
#[derive(Debug, Default)]
pub(crate) struct Hub {
    last: u64,
    sessions: BTreeMap<u64, Session>,
    retained: BTreeMap<Owner, Publish>,
    attempts: VecDeque<Value>,
}

/// Attempts that are remembered.
const MOST_ATTEMPTS: usize = 1000;
/// MQTT 5.0: Session taken over; Administrative action.
const TAKEN_OVER: u8 = 0x8E;
const ADMINISTRATIVE: u8 = 0x98;

impl Hub {
    /// Answers a CONNECT; an admitted one gets the number of its session.
    pub(crate) fn connect(
        &mut self,
        settings: &Settings,
        verdict: Result<Owner, Denied>,
        connect: Connect,
        mailbox: Mailbox,
    ) -> Option<u64> {
        let version = connect.version;
        let held: Vec<u64> = match &verdict {
            Ok(owner) => self.numbers(|session| session.owner == *owner),
            Err(_) => Vec::new(),
        };
        let conflict = !held.is_empty() && settings.duplicate_client == Duplicate::Reject;
        // The codes of 3.1.1 and of 5.0, and what the platform's trace would say.
        let (code, trace) = match &verdict {
            Ok(_) if conflict => ((2, 0x85), "clientId conflict"),
            Ok(_) => ((0, 0), "accepted"),
            Err(Denied::WrongPassword) if settings.wrong_password_code == 4 => {
                ((4, 0x86), "not authorized")
            }
            Err(Denied::WrongPassword | Denied::NotAuthorized) => ((5, 0x87), "not authorized"),
        };
        let code = if version == Version::V5 { code.1 } else { code.0 };
        self.note(&connect, code, trace);
        let _ = mailbox.send(Out::Bytes(packets::connack(version, code)));
        let (Ok(owner), 0) = (verdict, code) else {
            let _ = mailbox.send(Out::Close);
            return None;
        };
        for number in held {
            self.end(number, TAKEN_OVER);
        }
        self.last += 1;
        let session = Session {
            owner,
            username: connect.username,
            version,
            subscriptions: Vec::new(),
            last_packet_id: 0,
            will: connect.will,
            mailbox,
        };
        self.sessions.insert(self.last, session);
        Some(self.last)
    }

    /// What a client sends after its CONNECT.
    pub(crate) fn receive(&mut self, number: u64, packet: Packet) -> Result<(), ProtocolError> {
        let Some(session) = self.sessions.get_mut(&number) else {
            return Ok(());
        };
        match packet {
            Packet::Connect(_) => return Err(ProtocolError),
            Packet::Publish(publish) => self.publish_of(number, publish)?,
            Packet::PubAck | Packet::PubComp => {}
            Packet::PubRec(id) => session.send(packets::acknowledgement(0x62, id)),
            Packet::PubRel(id) => session.send(packets::acknowledgement(0x70, id)),
            Packet::Subscribe { id, filters } => self.subscribe(number, id, filters),
            Packet::Unsubscribe { id, filters } => {
                let known = |filter: &String| {
                    session.subscriptions.iter().any(|known| known.filter == *filter)
                };
                // MQTT 5.0: No subscription existed
                let codes: Vec<u8> =
                    filters.iter().map(|filter| if known(filter) { 0 } else { 0x11 }).collect();
                session.subscriptions.retain(|known| !filters.contains(&known.filter));
                session.send(packets::unsuback(session.version, id, &codes));
            }
            Packet::PingReq => session.send(packets::PINGRESP.to_vec()),
            Packet::Disconnect { with_will } => {
                if !with_will {
                    session.will = None;
                }
                let _ = session.mailbox.send(Out::Close);
            }
        }
        Ok(())
    }

    fn publish_of(&mut self, number: u64, publish: Publish) -> Result<(), ProtocolError> {
        if !topics::is_topic(&publish.topic) {
            return Err(ProtocolError);
        }
        let Some(session) = self.sessions.get(&number) else {
            return Ok(());
        };
        match publish.qos {
            0 => {}
            1 => session.send(packets::acknowledgement(0x40, publish.id)),
            _ => session.send(packets::acknowledgement(0x50, publish.id)),
        }
        let instance = session.owner.0.clone();
        self.spread(&instance, Some(number), publish);
        Ok(())
    }

    /// To all of the instance that subscribe, and kept if asked for.
    fn spread(&mut self, instance: &str, from: Option<u64>, publish: Publish) {
        let sessions = self.sessions.iter_mut();
        for (number, session) in sessions.filter(|(_, session)| session.owner.0 == instance) {
            let meant = session.subscriptions.iter().filter(|subscription| {
                let own = subscription.no_local && from == Some(*number);
                !own && topics::matches(&subscription.filter, &publish.topic)
            });
            if let Some(qos) = meant.map(|subscription| subscription.qos).max() {
                session.deliver(&publish, qos, false);
            }
        }
        if publish.retain {
            let place = (instance.to_owned(), publish.topic.clone());
            if publish.payload.is_empty() {
                self.retained.remove(&place);
            } else {
                self.retained.insert(place, publish);
            }
        }
    }

    fn subscribe(&mut self, number: u64, id: u16, filters: Vec<(String, u8)>) {
        let Some(session) = self.sessions.get_mut(&number) else {
            return;
        };
        // MQTT 5.0: Topic filter invalid
        let invalid = if session.version == Version::V5 { 0x8F } else { 0x80 };
        let granted = filters.iter().map(|(filter, options)| {
            if topics::is_filter(filter) { (options & 3).min(1) } else { invalid }
        });
        let codes: Vec<u8> = granted.collect();
        session.send(packets::suback(session.version, id, &codes));
        for ((filter, options), code) in filters.into_iter().zip(codes) {
            if code == invalid {
                continue;
            }
            session.subscriptions.retain(|known| known.filter != filter);
            // MQTT 5.0 may ask not to get what was kept.
            let quiet = options >> 4 & 3 == 2;
            for ((instance, topic), kept) in self.retained.iter().filter(|_| !quiet) {
                if *instance == session.owner.0 && topics::matches(&filter, topic) {
                    session.deliver(kept, code, true);
                }
            }
            let no_local = options & 4 != 0;
            session.subscriptions.push(Subscription { filter, qos: code, no_local });
        }
    }

    /// A connection has ended; its will goes out unless it said goodbye.
    pub(crate) fn gone(&mut self, number: u64) {
        if let Some(session) = self.sessions.remove(&number)
            && let Some(will) = session.will
        {
            self.spread(&session.owner.0, None, will);
        }
    }

    /// Ends a session that broke the rules.
    pub(crate) fn refuse(&mut self, number: u64) {
        const PROTOCOL_ERROR: u8 = 0x82;
        self.end(number, PROTOCOL_ERROR);
    }

    fn end(&mut self, number: u64, reason: u8) {
        if let Some(session) = self.sessions.get(&number) {
            session.close(reason);
        }
        self.gone(number);
    }

    /// Ends the connections of a client id of an instance.
    pub(crate) fn cut(&mut self, owner: &Owner) {
        for number in self.numbers(|session| session.owner == *owner) {
            self.end(number, ADMINISTRATIVE);
        }
    }

    /// Ends the connections of a client id, or all, and says how many.
    pub(crate) fn cut_client(&mut self, client_id: Option<&str>) -> usize {
        let meant = self.numbers(|session| client_id.is_none_or(|id| id == session.owner.1));
        for number in &meant {
            self.end(*number, ADMINISTRATIVE);
        }
        meant.len()
    }

    /// Ends all and forgets all.
    pub(crate) fn clear(&mut self) {
        self.cut_client(None);
        self.retained.clear();
        self.attempts.clear();
    }

    /// Connections and attempts, as `/_sim/mqtt` shows them.
    pub(crate) fn show(&self) -> Value {
        let connections = self.sessions.values().map(|session| {
            let filters = session.subscriptions.iter().map(|subscription| &subscription.filter);
            json!({
                "instanceId": session.owner.0,
                "clientId": session.owner.1,
                "username": session.username,
                "version": session.version.name(),
                "subscriptions": filters.collect::<Vec<_>>(),
            })
        });
        json!({ "connections": connections.collect::<Vec<_>>(), "attempts": self.attempts })
    }

    fn note(&mut self, connect: &Connect, code: u8, trace: &str) {
        if self.attempts.len() >= MOST_ATTEMPTS {
            self.attempts.pop_front();
        }
        self.attempts.push_back(json!({
            "clientId": connect.client_id,
            "username": connect.username,
            "version": connect.version.name(),
            "code": code,
            "trace": trace,
        }));
    }

    fn numbers(&self, meant: impl Fn(&Session) -> bool) -> Vec<u64> {
        let meant = self.sessions.iter().filter(|(_, session)| meant(session));
        meant.map(|(number, _)| *number).collect()
    }
}
