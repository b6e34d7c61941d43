//! The datagrams of the `handled` section and the state each one meets.

use std::net::SocketAddr;

use foca::{Header, Incarnation, Member, Message, State};

use crate::{
    identities::Renewable,
    node::{encode_header, encode_updates, PeerCodec},
};

/// A node, the members it knows, and the bytes that reach it.
pub struct Case<T> {
    pub name: String,
    pub identity: T,
    pub members: Vec<Member<T>>,
    pub notify_down_members: bool,
    pub max_packet_size: usize,
    pub no_handler: bool,
    pub outsider: T,
    pub bytes: Vec<u8>,
}

use State::{Alive, Down, Suspect};

pub fn id(last: u8, bump: u64) -> Renewable {
    let addr = SocketAddr::from(([10, 0, 0, last], 7000));
    Renewable { addr, bump }
}

pub fn us() -> Renewable {
    id(1, 5)
}

/// Builds the cases of one codec.
pub struct Builder<C> {
    pub codec: C,
    cases: Vec<Case<Renewable>>,
}

impl<C: PeerCodec<Renewable>> Builder<C> {
    /// Three known members (Alive 2, Suspect 3 at 1, Down 4 at 2) and a node
    /// that is connected.
    pub fn case(&mut self, name: &str, bytes: Vec<u8>) -> &mut Case<Renewable> {
        self.cases.push(Case {
            name: name.to_owned(),
            identity: us(),
            members: vec![
                Member::new(id(2, 10), 0, Alive),
                Member::new(id(3, 10), 1, Suspect),
                Member::new(id(4, 10), 2, Down),
            ],
            notify_down_members: false,
            max_packet_size: 1400,
            no_handler: false,
            outsider: id(99, 0),
            bytes,
        });
        self.cases.last_mut().expect("just pushed")
    }

    pub fn header(
        &self,
        src: Renewable,
        incarnation: Incarnation,
        dst: Renewable,
        message: Message<Renewable>,
    ) -> Vec<u8> {
        let header = Header {
            src,
            src_incarnation: incarnation,
            dst,
            message,
        };
        encode_header(self.codec, &header)
    }

    /// To us, from the Alive member, with something behind the header.
    pub fn alive_says(&self, message: Message<Renewable>, tail: &[u8]) -> Vec<u8> {
        [&self.header(id(2, 10), 0, us(), message)[..], tail].concat()
    }

    pub fn updates(&self, members: &[(Renewable, Incarnation, State)]) -> Vec<u8> {
        let members: Vec<_> = members
            .iter()
            .map(|(id, incarnation, state)| Member::new(*id, *incarnation, *state))
            .collect();
        encode_updates(self.codec, &members)
    }

    pub fn gossip(&self, members: &[(Renewable, Incarnation, State)]) -> Vec<u8> {
        self.alive_says(Message::Gossip, &self.updates(members))
    }
}

/// `about_others` adds the table of updates, which is the same in each dialect.
pub fn cases<C: PeerCodec<Renewable>>(codec: C, about_others: bool) -> Vec<Case<Renewable>> {
    let mut builder = Builder {
        codec,
        cases: Vec::new(),
    };
    builder.sizes_and_headers();
    builder.addressing();
    builder.senders();
    if about_others {
        builder.updates_about_others();
    }
    builder.updates_about_us();
    builder.counts();
    builder.broadcasts();
    builder.indirect();
    builder.cases
}

/// What declares a node Down whose identity cannot renew.
pub fn defunct_cases<C: PeerCodec<SocketAddr>>(codec: C) -> Vec<Case<SocketAddr>> {
    let id = |last: u8| SocketAddr::from(([10, 0, 0, last], 7000));
    let bytes = |message: Message<SocketAddr>, updates: &[Member<SocketAddr>]| {
        let header = Header {
            src: id(2),
            src_incarnation: 0,
            dst: id(1),
            message,
        };
        [
            encode_header(codec, &header),
            encode_updates(codec, updates),
        ]
        .concat()
    };
    let about_us = |incarnation, state| [Member::new(id(1), incarnation, state)];
    let newcomer = Member::new(id(6), 0, Alive);
    let [down] = about_us(0, Down);
    [
        ("TurnUndead", bytes(Message::TurnUndead, &[])),
        ("Down about us", bytes(Message::Gossip, &about_us(0, Down))),
        (
            "Suspect at 65535 about us",
            bytes(Message::Gossip, &about_us(65535, Suspect)),
        ),
        (
            "Suspect at 65534 about us",
            bytes(Message::Gossip, &about_us(65534, Suspect)),
        ),
        (
            "Ping whose updates declare us Down",
            bytes(Message::Ping(1), &about_us(0, Down)),
        ),
        (
            "Down about us, then a newcomer",
            bytes(Message::Gossip, &[down, newcomer]),
        ),
    ]
    .into_iter()
    .map(|(name, bytes)| Case {
        name: name.to_owned(),
        identity: id(1),
        members: vec![Member::new(id(2), 0, Alive), Member::new(id(3), 0, Alive)],
        notify_down_members: false,
        max_packet_size: 1400,
        no_handler: false,
        outsider: id(99),
        bytes,
    })
    .collect()
}
