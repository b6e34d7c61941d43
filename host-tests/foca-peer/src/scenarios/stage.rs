//! The cast: a renewable node 1 among members 2 to 9, and how to talk to it.

use std::{net::SocketAddr, time::Duration};

use foca::{Config, Header, Incarnation, Member, Message, OwnedNotification, State, Timer};

use crate::{
    dialect::{variant_name, Bincode, BINCODE},
    handler::Versioned,
    identities::Renewable,
    node::{encode_header, encode_updates, parse, Node},
};

pub type Peer = Node<Renewable, Bincode, Versioned>;

/// Lines for people.
#[derive(Default)]
pub struct Log {
    pub lines: Vec<String>,
}

impl Log {
    pub fn say(&mut self, line: impl Into<String>) {
        self.lines.push(line.into());
    }
}

pub fn id(last: u8, bump: u64) -> Renewable {
    let addr = SocketAddr::from(([10, 0, 0, last], 7000));
    Renewable { addr, bump }
}

pub fn us() -> Renewable {
    id(1, 5)
}

pub fn alive(last: u8) -> Member<Renewable> {
    Member::alive(id(last, 10))
}

pub fn notifying() -> Config {
    Config {
        notify_down_members: true,
        ..Config::simple()
    }
}

pub fn peer(config: Config, members: &[Member<Renewable>]) -> (Peer, Vec<Timer<Renewable>>) {
    let mut peer = Node::new(us(), config, BINCODE, Versioned::default());
    let timers = peer.know(members);
    (peer, timers.into_iter().map(|(_, timer)| timer).collect())
}

/// A datagram from a member at incarnation 0, with updates.
pub fn datagram(
    src: Renewable,
    dst: Renewable,
    message: Message<Renewable>,
    updates: &[(Renewable, Incarnation, State)],
) -> Vec<u8> {
    let header = Header {
        src,
        src_incarnation: 0,
        dst,
        message,
    };
    let updates: Vec<_> = updates
        .iter()
        .map(|(id, incarnation, state)| Member::new(*id, *incarnation, *state))
        .collect();
    [
        encode_header(BINCODE, &header),
        encode_updates(BINCODE, &updates),
    ]
    .concat()
}

pub fn gossip(updates: &[(Renewable, Incarnation, State)]) -> Vec<u8> {
    datagram(id(2, 10), us(), Message::Gossip, updates)
}

/// `TurnUndead -> 10.0.0.2 bump 10 (Down 10.0.0.1 bump 5 at 0)`.
pub fn tell_sent(sent: &[(Renewable, Vec<u8>)]) -> Vec<String> {
    sent.iter()
        .map(|(to, bytes)| {
            let parsed = parse(BINCODE, bytes);
            let updates: Vec<String> = parsed.updates.iter().map(tell_member).collect();
            let updates = match updates.len() {
                0 => String::new(),
                _ => format!(" ({})", updates.join(", ")),
            };
            format!(
                "{} -> {}{updates}",
                variant_name(&parsed.header.message),
                tell(to)
            )
        })
        .collect()
}

pub fn tell(id: &Renewable) -> String {
    format!("{} bump {}", id.addr.ip(), id.bump)
}

pub fn tell_member(member: &Member<Renewable>) -> String {
    format!(
        "{:?} {} at {}",
        member.state(),
        tell(member.id()),
        member.incarnation()
    )
}

pub fn tell_members(peer: &Peer) -> Vec<String> {
    let mut members: Vec<String> = peer.membership().iter().map(tell_member).collect();
    members.sort();
    members
}

pub fn names(notifications: &[OwnedNotification<Renewable>]) -> Vec<String> {
    notifications.iter().map(variant_name).collect()
}

pub fn timer_names(timers: &[(Duration, Timer<Renewable>)]) -> Vec<String> {
    timers
        .iter()
        .map(|(_, timer)| variant_name(timer))
        .collect()
}

pub fn probe_timer(timers: &[Timer<Renewable>]) -> Timer<Renewable> {
    timers
        .iter()
        .rev()
        .find(|timer| matches!(timer, Timer::ProbeRandomMember(_)))
        .cloned()
        .expect("a probe is due")
}

/// Runs a whole probe that nobody answers; the events it asked for, and those
/// of the next probe's start.
pub fn failed_probe(peer: &mut Peer, probe: Timer<Renewable>) -> Vec<(Duration, Timer<Renewable>)> {
    peer.fire(probe).expect("connected");
    let first = peer.timers();
    let middle = first
        .iter()
        .find(|(_, timer)| matches!(timer, Timer::SendIndirectProbe { .. }));
    peer.fire(middle.expect("a middle").1.clone())
        .expect("probing");
    let next = first
        .iter()
        .find(|(_, timer)| matches!(timer, Timer::ProbeRandomMember(_)));
    peer.fire(next.expect("a next probe").1.clone())
        .expect("connected");
    peer.timers()
}
