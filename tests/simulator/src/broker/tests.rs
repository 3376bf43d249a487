//! The broker without sockets: packets in, bytes in mailboxes out.

use clap::Parser;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::codec::{Connect, Packet, Publish, Version, Wrong, read, split};
use super::{Hub, Out, topics};
use crate::aliyun::mqtt_login::Denied;
use crate::aliyun::settings::Settings;
use crate::options::Options;

struct Bench {
    hub: Hub,
    settings: Settings,
}

fn connect(version: Version, client_id: &str) -> Connect {
    let (client_id, username) = (client_id.to_owned(), "u".to_owned());
    Connect { version, keep_alive: 0, client_id, username, password: String::new(), will: None }
}

fn message(topic: &str, qos: u8, retain: bool) -> Publish {
    let (topic, payload) = (topic.to_owned(), b"p".to_vec());
    Publish { topic, qos, retain, id: 7, properties: Vec::new(), payload }
}

impl Bench {
    fn new(flags: &[&str]) -> Self {
        let options = Options::try_parse_from(["simulator"].iter().chain(flags)).expect("flags");
        Self { hub: Hub::default(), settings: options.aliyun }
    }

    fn join(&mut self, connect: Connect, instance: &str) -> (Option<u64>, UnboundedReceiver<Out>) {
        let (mailbox, letters) = unbounded_channel();
        let owner = (instance.to_owned(), connect.client_id.clone());
        (self.hub.connect(&self.settings, Ok(owner), connect, mailbox), letters)
    }

    /// A session that subscribes, its CONNACK and SUBACK already read.
    fn listener(&mut self, id: &str, filter: &str, options: u8) -> (u64, UnboundedReceiver<Out>) {
        let (number, mut letters) = self.join(connect(Version::V311, id), "i");
        let number = number.expect("admitted");
        let filters = vec![(filter.to_owned(), options)];
        self.hub.receive(number, Packet::Subscribe { id: 1, filters }).expect("subscribe");
        assert_eq!(letters.try_recv(), Ok(Out::Bytes(vec![0x20, 2, 0, 0])));
        assert_eq!(letters.try_recv(), Ok(Out::Bytes(vec![0x90, 3, 0, 1, options & 1])));
        (number, letters)
    }
}

#[test]
fn a_refused_client_gets_the_code_of_its_version_and_then_the_end() {
    for (flags, denied, version, connack) in [
        (&[][..], Denied::NotAuthorized, Version::V311, &[0x20, 2, 0, 5][..]),
        (&[], Denied::WrongPassword, Version::V311, &[0x20, 2, 0, 5]),
        (&[], Denied::NotAuthorized, Version::V5, &[0x20, 3, 0, 0x87, 0]),
        (&["--wrong-password-code", "4"], Denied::WrongPassword, Version::V311, &[0x20, 2, 0, 4]),
        (
            &["--wrong-password-code", "4"],
            Denied::WrongPassword,
            Version::V5,
            &[0x20, 3, 0, 0x86, 0],
        ),
        (&["--wrong-password-code", "4"], Denied::NotAuthorized, Version::V311, &[0x20, 2, 0, 5]),
    ] {
        let mut bench = Bench::new(flags);
        let (mailbox, mut letters) = unbounded_channel();
        let connect = connect(version, "c");
        assert_eq!(bench.hub.connect(&bench.settings, Err(denied), connect, mailbox), None);
        assert_eq!(letters.try_recv(), Ok(Out::Bytes(connack.to_vec())));
        assert_eq!(letters.try_recv(), Ok(Out::Close));
    }
}

#[test]
fn a_second_connection_takes_over_or_is_refused() {
    let mut bench = Bench::new(&[]);
    let (_, mut first) = bench.join(connect(Version::V5, "c"), "i");
    let (other, _) = bench.join(connect(Version::V5, "c"), "another instance");
    assert!(other.is_some() && matches!(first.try_recv(), Ok(Out::Bytes(_))));
    assert!(first.try_recv().is_err(), "still connected");
    assert!(bench.join(connect(Version::V311, "c"), "i").0.is_some());
    assert_eq!(first.try_recv(), Ok(Out::Bytes(vec![0xE0, 2, 0x8E, 0])));
    assert_eq!(first.try_recv(), Ok(Out::Close));
    bench.settings.duplicate_client = super::Duplicate::Reject;
    let (number, mut letters) = bench.join(connect(Version::V311, "c"), "i");
    assert_eq!((number, letters.try_recv()), (None, Ok(Out::Bytes(vec![0x20, 2, 0, 2]))));
    assert_eq!(bench.hub.show()["attempts"][3]["trace"], "clientId conflict");
}

#[test]
fn a_message_goes_to_those_of_the_instance_that_subscribe() {
    let mut bench = Bench::new(&[]);
    let (sender, mut own) = bench.listener("s", "a/+", 0);
    let (_, mut deep) = bench.listener("d", "a/#", 1);
    let (stranger, mut far) = bench.join(connect(Version::V311, "x"), "another");
    let filters = vec![("#".to_owned(), 0)];
    let all = Packet::Subscribe { id: 1, filters };
    bench.hub.receive(stranger.expect("admitted"), all).expect("subscribe");
    bench.hub.receive(sender, Packet::Publish(message("a/b", 1, false))).expect("publish");
    assert_eq!(own.try_recv(), Ok(Out::Bytes(vec![0x40, 2, 0, 7])));
    assert_eq!(own.try_recv(), Ok(Out::Bytes(b"\x30\x06\0\x03a/bp".to_vec())));
    assert_eq!(deep.try_recv(), Ok(Out::Bytes(b"\x32\x08\0\x03a/b\0\x01p".to_vec())));
    assert!(far.try_recv().is_ok() && far.try_recv().is_ok() && far.try_recv().is_err());
    bench
        .hub
        .receive(sender, Packet::Unsubscribe { id: 9, filters: vec!["a/+".to_owned()] })
        .expect("ok");
    assert_eq!(own.try_recv(), Ok(Out::Bytes(vec![0xB0, 2, 0, 9])));
    bench.hub.receive(sender, Packet::Publish(message("a/b/c", 0, false))).expect("publish");
    assert!(own.try_recv().is_err());
    assert_eq!(deep.try_recv(), Ok(Out::Bytes(b"\x30\x08\0\x05a/b/cp".to_vec())));
    assert!(bench.hub.receive(sender, Packet::Publish(message("a/+", 0, false))).is_err());
}

#[test]
fn a_kept_message_and_a_will_arrive() {
    let mut bench = Bench::new(&[]);
    let will = Some(message("will", 0, false));
    let (number, _letters) = bench.join(Connect { will, ..connect(Version::V5, "w") }, "i");
    let number = number.expect("admitted");
    bench.hub.receive(number, Packet::Publish(message("kept", 0, true))).expect("publish");
    let (_, mut letters) = bench.listener("l", "#", 0);
    assert_eq!(letters.try_recv(), Ok(Out::Bytes(b"\x31\x07\0\x04keptp".to_vec())));
    bench.hub.gone(number);
    assert_eq!(letters.try_recv(), Ok(Out::Bytes(b"\x30\x07\0\x04willp".to_vec())));
}

#[test]
fn topics_match_filters_by_level() {
    for (filter, topic, expected) in [
        ("a/b", "a/b", true),
        ("a/b", "a", false),
        ("a/+", "a/b", true),
        ("a/+", "a/b/c", false),
        ("a/#", "a", true),
        ("a/#", "a/b/c", true),
        ("#", "$SYS/x", false),
        ("$SYS/#", "$SYS/x", true),
        ("+/b", "a/b", true),
    ] {
        assert_eq!(topics::matches(filter, topic), expected, "{filter} {topic}");
    }
    for (filter, good) in [("a+", false), ("#/a", false), ("", false), ("+/+/#", true)] {
        assert_eq!(topics::is_filter(filter), good, "{filter}");
    }
}

#[test]
fn packets_are_taken_whole_and_wrong_bytes_refused() {
    let whole = b"\x10\x10\0\x04MQTT\x04\x02\0\x3C\0\x04abcd\xC0\0";
    for cut in 0..18 {
        let mut buffer = whole[..cut].to_vec();
        assert_eq!(split(&mut buffer), Ok(None), "{cut}");
    }
    let mut buffer = whole.to_vec();
    let (first, body) = split(&mut buffer).expect("packet").expect("whole");
    let Ok(Packet::Connect(connect)) = read(Version::V311, first, &body) else {
        panic!("no CONNECT")
    };
    assert_eq!((connect.keep_alive, &*connect.client_id), (60, "abcd"));
    assert_eq!(buffer, [0xC0, 0]);
    let old = b"\0\x06MQIsdp\x03\x02\0\x3C\0\0";
    assert_eq!(read(Version::V311, 0x10, old), Err(Wrong::Version));
    for (first, body) in [(0x10, &body[..9]), (0x36, b"\0\x01a\0\x01"), (0x82, b"\0\x01"), (0, b"")]
    {
        assert_eq!(read(Version::V311, first, body), Err(Wrong::Malformed), "{first}");
    }
    assert_eq!(split(&mut vec![0x30, 0xFF, 0xFF, 0xFF, 0xFF, 1]), Err(Wrong::Malformed));
}
