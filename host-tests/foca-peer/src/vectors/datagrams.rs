//! Whole datagrams as a running foca sends them.

use std::num::NonZeroUsize;

use foca::{Config, Identity, Incarnation, Member, Message, State, Timer};
use serde::Serialize;
use serde_json::{json, Value};

use crate::{
    dialect::{Dialect, BINCODE, POSTCARD},
    handler::Versioned,
    identities::{Renewable, Tiny},
    json,
    node::{encode_header, parse, Node, PeerCodec},
};

/// Records what a node sends under the name of an identity type.
struct Recorder<T: Identity, C> {
    kind: &'static str,
    max_packet_size: usize,
    node: Node<T, C, Versioned>,
    identity: fn(u8) -> T,
    records: Vec<Value>,
}

impl<T, C> Recorder<T, C>
where
    T: Identity + Serialize,
    C: PeerCodec<T> + Dialect,
{
    fn new(kind: &'static str, identity: fn(u8) -> T, codec: C, max_packet_size: usize) -> Self {
        let config = Config {
            notify_down_members: true,
            max_packet_size: NonZeroUsize::new(max_packet_size).expect("some room"),
            ..Config::simple()
        };
        Self {
            kind,
            max_packet_size,
            node: Node::new(identity(1), config, codec, Versioned::default()),
            identity,
            records: Vec::new(),
        }
    }

    fn know(&mut self, index: u8, incarnation: Incarnation, state: State, spread: bool) {
        let member = Member::new((self.identity)(index), incarnation, state);
        self.node
            .foca
            .apply_many([member].into_iter(), spread, &mut self.node.runtime)
            .expect("a member that encodes");
    }

    fn receive(&mut self, from: u8, message: Message<T>) {
        let header = foca::Header {
            src: (self.identity)(from),
            src_incarnation: 0,
            dst: self.node.foca.identity().clone(),
            message,
        };
        let bytes = encode_header(self.node.codec, &header);
        self.node.receive(&bytes).expect("a good header");
    }

    fn record(&mut self, note: &str) {
        for (to, bytes) in self.node.sent() {
            let parsed = parse(self.node.codec, &bytes);
            assert_eq!(to, parsed.header.dst);
            assert!(bytes.len() <= self.max_packet_size);
            let updates: Vec<Value> = parsed.updates.iter().map(json::member).collect();
            let broadcasts: Vec<String> = parsed.broadcasts.iter().map(|b| json::hex(b)).collect();
            self.records.push(json!({
                "note": note,
                "dialect": C::NAME,
                "type": self.kind,
                "maxPacketSize": self.max_packet_size,
                "header": json::header(&parsed.header),
                "updates": updates,
                "broadcasts": broadcasts,
                "hex": json::hex(&bytes),
            }));
        }
    }

    fn probe(&mut self) {
        let timers = self.node.timers();
        let probe = timers.into_iter().find_map(|(_, timer)| match timer {
            Timer::ProbeRandomMember(token) => Some(Timer::ProbeRandomMember(token)),
            _ => None,
        });
        self.node
            .fire(probe.expect("a probe is due"))
            .expect("connected");
        self.record("probe, direct stage");
        let indirect = self
            .node
            .timers()
            .into_iter()
            .find_map(|(_, timer)| match timer {
                Timer::SendIndirectProbe { .. } => Some(timer),
                _ => None,
            });
        self.node
            .fire(indirect.expect("an indirect stage"))
            .expect("probing");
        self.record("probe, indirect stage");
    }
}

fn every_message<T, C>(kind: &'static str, identity: fn(u8) -> T, codec: C) -> Vec<Value>
where
    T: Identity + Serialize,
    C: PeerCodec<T> + Dialect,
{
    let mut r = Recorder::new(kind, identity, codec, 1400);
    let (target, origin) = (identity(3), identity(4));
    r.node
        .foca
        .announce(identity(2), &mut r.node.runtime)
        .expect("room");
    r.record("announce to a seed");
    r.know(2, 0, State::Alive, false);
    r.know(3, 1, State::Alive, false);
    r.know(4, 251, State::Alive, false);
    r.receive(2, Message::Ping(7));
    r.record("answer, nothing to spread");
    r.know(5, 0, State::Alive, true);
    r.know(6, 250, State::Suspect, true);
    r.know(7, 65535, State::Down, true);
    r.probe();
    for item in [
        &b"\x01\x01first"[..],
        b"\x02\x01the longer second one",
        b"\x03",
    ] {
        assert!(r.node.foca.add_broadcast(item).expect("a good item"));
    }
    r.receive(2, Message::Ping(255));
    r.record("answer to Ping");
    r.receive(
        2,
        Message::PingReq {
            target: target.clone(),
            probe_number: 9,
        },
    );
    r.record("answer to PingReq");
    r.receive(
        3,
        Message::IndirectPing {
            origin: origin.clone(),
            probe_number: 9,
        },
    );
    r.record("answer to IndirectPing");
    r.receive(
        3,
        Message::IndirectAck {
            target: origin,
            probe_number: 9,
        },
    );
    r.record("answer to IndirectAck");
    r.receive(8, Message::Announce);
    r.record("answer to Announce");
    r.receive(7, Message::Ping(1));
    r.record("answer to a member held Down");
    r.node.foca.gossip(&mut r.node.runtime).expect("room");
    r.record("gossip");
    r.node.foca.broadcast(&mut r.node.runtime).expect("room");
    r.record("broadcast");
    r.node
        .foca
        .leave_cluster(&mut r.node.runtime)
        .expect("room");
    r.record("leave");
    r.records
}

/// More members than a datagram holds, at a given limit.
fn crowded<T, C>(kind: &'static str, identity: fn(u8) -> T, codec: C, limit: usize) -> Vec<Value>
where
    T: Identity + Serialize,
    C: PeerCodec<T> + Dialect,
{
    let mut r = Recorder::new(kind, identity, codec, limit);
    for index in 2..200 {
        let state = [State::Alive, State::Suspect][usize::from(index % 2)];
        r.know(index, u16::from(index) * 3, state, true);
    }
    assert!(r
        .node
        .foca
        .add_broadcast(b"\x01\x01in what room is left")
        .expect("a good item"));
    r.receive(2, Message::Ping(1));
    r.record("answer to Ping, updates do not all fit");
    r.receive(3, Message::Announce);
    r.record("answer to Announce, members do not all fit");
    r.node.foca.broadcast(&mut r.node.runtime).expect("room");
    r.record("broadcast");
    r.records
}

fn renewable(index: u8) -> Renewable {
    let addr = if index.is_multiple_of(3) {
        format!("[fe80::{index:x}]:7946")
    } else {
        format!("10.0.0.{index}:7946")
    };
    Renewable {
        addr: addr.parse().expect("an address"),
        bump: u64::from(index) * 100,
    }
}

fn tiny(index: u8) -> Tiny {
    Tiny {
        a: 1,
        b: index,
        extra: u16::from(index) * 2,
    }
}

pub fn section() -> Vec<Value> {
    [
        every_message("renewable", renewable, POSTCARD),
        every_message("renewable", renewable, BINCODE),
        every_message("tiny", tiny, POSTCARD),
        every_message("tiny", tiny, BINCODE),
        crowded("renewable", renewable, POSTCARD, 1400),
        crowded("renewable", renewable, BINCODE, 1400),
        crowded("tiny", tiny, POSTCARD, 128),
        crowded("tiny", tiny, BINCODE, 128),
        crowded("renewable", renewable, BINCODE, 128),
    ]
    .concat()
}
