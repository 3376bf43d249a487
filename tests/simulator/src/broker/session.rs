//! One connected client.

use super::codec::{Publish, Version};
use super::{Mailbox, Out, packets};
use crate::aliyun::credentials::Owner;

#[derive(Debug)]
pub(crate) struct Subscription {
    pub(crate) filter: String,
    pub(crate) qos: u8,
    pub(crate) no_local: bool,
}

#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) owner: Owner,
    pub(crate) username: String,
    pub(crate) version: Version,
    pub(crate) subscriptions: Vec<Subscription>,
    pub(crate) last_packet_id: u16,
    pub(crate) will: Option<Publish>,
    pub(crate) mailbox: Mailbox,
}

impl Session {
    pub(crate) fn send(&self, bytes: Vec<u8>) {
        let _ = self.mailbox.send(Out::Bytes(bytes));
    }

    pub(crate) fn close(&self, reason: u8) {
        if self.version == Version::V5 {
            self.send(packets::disconnect(reason));
        }
        let _ = self.mailbox.send(Out::Close);
    }

    pub(crate) fn deliver(&mut self, publish: &Publish, qos: u8, retain: bool) {
        let qos = qos.min(publish.qos);
        if qos > 0 {
            self.last_packet_id = self.last_packet_id.checked_add(1).unwrap_or(1);
        }
        self.send(packets::publish(self.version, publish, qos, retain, self.last_packet_id));
    }
}
