//! The datagrams of the `handled` section and the state each one meets.

use std::net::SocketAddr;

use foca::{Header, Incarnation, Member, Message, State};

use super::headers::messages;
use crate::{
    handler::REFUSED,
    identities::Renewable,
    node::{encode_broadcast, encode_header, encode_member, encode_updates, PeerCodec},
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

fn id(last: u8, bump: u64) -> Renewable {
    let addr = SocketAddr::from(([10, 0, 0, last], 7000));
    Renewable { addr, bump }
}

fn us() -> Renewable {
    id(1, 5)
}

/// Builds the cases of one codec.
struct Builder<C> {
    codec: C,
    cases: Vec<Case<Renewable>>,
}

impl<C: PeerCodec<Renewable>> Builder<C> {
    /// Three known members (Alive 2, Suspect 3 at 1, Down 4 at 2) and a node
    /// that is connected.
    fn case(&mut self, name: &str, bytes: Vec<u8>) -> &mut Case<Renewable> {
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

    fn header(
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
    fn from_alive(&self, message: Message<Renewable>, tail: &[u8]) -> Vec<u8> {
        [&self.header(id(2, 10), 0, us(), message)[..], tail].concat()
    }

    fn updates(&self, members: &[(Renewable, Incarnation, State)]) -> Vec<u8> {
        let members: Vec<_> = members
            .iter()
            .map(|(id, incarnation, state)| Member::new(*id, *incarnation, *state))
            .collect();
        encode_updates(self.codec, &members)
    }

    fn gossip(&self, members: &[(Renewable, Incarnation, State)]) -> Vec<u8> {
        self.from_alive(Message::Gossip, &self.updates(members))
    }

    fn sizes_and_headers(&mut self) {
        self.case("empty", vec![]);
        self.case("one zero byte", vec![0]);
        self.case("noise", vec![0xff; 40]);
        let ping = self.from_alive(Message::Ping(1), &[]);
        self.case(
            "header cut short by a byte",
            ping[..ping.len() - 1].to_vec(),
        );
        let size = ping.len() + 20;
        let padded = [&ping[..], &[0, 0], &encode_broadcast(&[1; 16])].concat();
        self.case("as long as the limit", padded.clone())
            .max_packet_size = size;
        self.case("one byte over the limit", [&padded[..], &[0]].concat())
            .max_packet_size = size;
        self.case("noise over the limit", vec![0xff; size + 1])
            .max_packet_size = size;
        for message in messages(&id(3, 10), 7) {
            let name = format!("{} alone", crate::dialect::variant_name(&message));
            let bytes = self.from_alive(message, &[]);
            self.case(&name, bytes);
        }
        for message in messages(&id(3, 10), 7) {
            let name = format!(
                "{} with one trailing byte",
                crate::dialect::variant_name(&message)
            );
            let bytes = self.from_alive(message, &[0]);
            self.case(&name, bytes);
        }
        for message in messages(&id(3, 10), 7) {
            let name = format!(
                "{} with a count of 0",
                crate::dialect::variant_name(&message)
            );
            let bytes = self.from_alive(message, &[0, 0]);
            self.case(&name, bytes);
        }
        let one = self.updates(&[(id(6, 1), 0, Alive)]);
        for message in [
            Message::Announce,
            Message::TurnUndead,
            Message::Broadcast,
            Message::Feed,
        ] {
            let name = format!("{} with an update", crate::dialect::variant_name(&message));
            let bytes = self.from_alive(message, &one);
            self.case(&name, bytes);
        }
        let mut variant = self.from_alive(Message::TurnUndead, &[]);
        *variant.last_mut().expect("a message") = 11;
        self.case("message of unknown variant", variant);
    }

    fn addressing(&mut self) {
        for (name, dst) in [
            ("another bump of ours", id(1, 4)),
            ("somebody else", id(9, 1)),
        ] {
            for message in [
                Message::Ping(1),
                Message::Announce,
                Message::Gossip,
                Message::TurnUndead,
            ] {
                let case = format!(
                    "{} addressed to {name}",
                    crate::dialect::variant_name(&message)
                );
                let bytes = self.header(id(2, 10), 0, dst, message);
                self.case(&case, bytes);
            }
            let ping = self.header(id(2, 10), 0, dst, Message::Ping(1));
            self.case(
                &format!("one trailing byte, addressed to {name}"),
                [&ping[..], &[0]].concat(),
            );
            self.case(
                &format!("updates cut short, addressed to {name}"),
                [&ping[..], &[0, 9, 0]].concat(),
            );
        }
        let future = self.header(id(2, 10), 0, id(1, 6), Message::Announce);
        self.case("Announce addressed to a later bump of ours", future);
        for (name, src) in [
            ("ourselves", us()),
            ("our address, older", id(1, 4)),
            ("our address, newer", id(1, 6)),
        ] {
            let bytes = self.header(src, 0, us(), Message::Ping(1));
            self.case(&format!("Ping from {name}"), bytes.clone());
            self.case(
                &format!("Ping from {name}, one trailing byte"),
                [&bytes[..], &[0]].concat(),
            );
        }
        let announce = self.header(id(1, 4), 0, id(9, 1), Message::Announce);
        self.case("Announce from our address to somebody else", announce);
    }

    fn senders(&mut self) {
        for (name, src, incarnation) in [
            ("a newcomer", id(8, 1), 0),
            ("a newcomer at 65535", id(8, 1), 65535),
            ("an Alive member at a higher incarnation", id(2, 10), 3),
            ("a Suspect at its incarnation", id(3, 10), 1),
            ("a Suspect at a lower incarnation", id(3, 10), 0),
            ("a Suspect at a higher incarnation", id(3, 10), 2),
            ("a member held Down", id(4, 10), 9),
            ("an older identity of a member", id(2, 9), 9),
            ("a newer identity of a member", id(2, 11), 0),
            ("an older identity of a member held Down", id(4, 9), 9),
            ("a newer identity of a member held Down", id(4, 11), 0),
        ] {
            let tail = [
                self.updates(&[(id(6, 1), 0, Alive)]),
                encode_broadcast(&[1, 1]),
            ]
            .concat();
            for notify in [false, true] {
                let suffix = if notify { ", notifying the Down" } else { "" };
                let ping = self.header(src, incarnation, us(), Message::Ping(3));
                let bytes = [&ping[..], &tail].concat();
                self.case(&format!("Ping from {name}{suffix}"), bytes)
                    .notify_down_members = notify;
            }
        }
        for (name, src) in [
            ("a member held Down", id(4, 10)),
            ("an older identity of a member", id(2, 9)),
            ("a newcomer", id(8, 1)),
        ] {
            for notify in [false, true] {
                let suffix = if notify { ", notifying the Down" } else { "" };
                let bytes = self.header(src, 0, us(), Message::TurnUndead);
                self.case(&format!("TurnUndead from {name}{suffix}"), bytes)
                    .notify_down_members = notify;
            }
        }
        let bytes = self.header(id(4, 10), 0, us(), Message::Announce);
        self.case("Announce from a member held Down", bytes);
        let bytes = self.from_alive(Message::Ping(1), &[]);
        self.case("Ping to a node that knows nobody", bytes)
            .members
            .clear();
        let bytes = self.header(id(4, 10), 0, us(), Message::Ping(1));
        self.case("Ping from the only member, held Down", bytes)
            .members
            .retain(|m| m.state() == Down);
    }

    fn updates_about_others(&mut self) {
        for (name, about) in [
            ("unknown", id(6, 1)),
            ("Alive", id(2, 10)),
            ("Suspect", id(3, 10)),
            ("Down", id(4, 10)),
            ("older identity of Suspect", id(3, 9)),
            ("newer identity of Suspect", id(3, 11)),
            ("older identity of Down", id(4, 9)),
            ("newer identity of Down", id(4, 11)),
        ] {
            for state in [Alive, Suspect, Down] {
                for incarnation in [0, 1, 2] {
                    let name = format!("{state:?} at {incarnation} about {name}");
                    let bytes = self.from_third(Message::Gossip, &[(about, incarnation, state)]);
                    self.case_of_third(&name, bytes);
                }
            }
        }
        let twice = self.gossip(&[
            (id(6, 1), 0, Down),
            (id(6, 1), 4, Alive),
            (id(6, 2), 0, Suspect),
        ]);
        self.case("three updates about one address", twice);
        let sender = [(id(2, 10), 0, Down)];
        let bytes = self.from_alive(Message::Ping(1), &self.updates(&sender));
        self.case("Ping whose updates declare its sender Down", bytes);
        let all = [(id(2, 10), 0, Down), (id(3, 10), 0, Down)];
        let bytes = self.from_alive(Message::Ping(1), &self.updates(&all));
        self.case("Ping whose updates declare everybody Down", bytes);
    }

    /// Gossip from a member that no update is about.
    fn from_third(
        &self,
        message: Message<Renewable>,
        members: &[(Renewable, Incarnation, State)],
    ) -> Vec<u8> {
        let header = self.header(id(7, 1), 0, us(), message);
        [header, self.updates(members)].concat()
    }

    fn case_of_third(&mut self, name: &str, bytes: Vec<u8>) {
        let case = self.case(name, bytes);
        case.members.push(Member::new(id(7, 1), 0, Alive));
    }

    fn updates_about_us(&mut self) {
        for incarnation in [0, 7, 65534, 65535] {
            let bytes = self.gossip(&[(us(), incarnation, Suspect)]);
            self.case(&format!("Suspect at {incarnation} about us"), bytes);
        }
        let bytes = self.gossip(&[(us(), 3, Suspect), (us(), 3, Suspect), (us(), 9, Alive)]);
        self.case("Suspect at 3, again, then Alive at 9, about us", bytes);
        let bytes = self.gossip(&[(us(), 0, Suspect), (id(6, 1), 0, Alive)]);
        self.case("Suspect about us, then a newcomer", bytes);
        for incarnation in [0, 65535] {
            let bytes = self.gossip(&[(us(), incarnation, Down)]);
            self.case(&format!("Down at {incarnation} about us"), bytes);
        }
        let bytes = self.gossip(&[(us(), 0, Down), (us(), 0, Down), (id(6, 1), 0, Alive)]);
        self.case("Down about us twice, then a newcomer", bytes);
        let bytes = self.from_alive(Message::Ping(1), &self.updates(&[(us(), 0, Down)]));
        self.case("Ping whose updates declare us Down", bytes);
        let bytes = self.from_alive(Message::TurnUndead, &self.updates(&[(us(), 0, Down)]));
        self.case("TurnUndead whose updates declare us Down", bytes);
        for (name, bump) in [("older", 4), ("newer", 6)] {
            for state in [Alive, Suspect, Down] {
                let bytes = self.gossip(&[(id(1, bump), 3, state)]);
                self.case(
                    &format!("{state:?} about an {name} identity of ours")
                        .replace("an newer", "a newer"),
                    bytes,
                );
            }
        }
    }

    fn counts(&mut self) {
        let two = self.updates(&[(id(6, 1), 0, Alive), (id(7, 1), 0, Alive)]);
        let with_count = |count: u16| [&count.to_be_bytes()[..], &two[2..]].concat();
        let cut = self.from_alive(Message::Ping(1), &two[..two.len() - 1]);
        self.case("second of two updates cut short", cut);
        let more = self.from_alive(Message::Ping(1), &with_count(3));
        self.case("count of 3, two updates", more);
        let most = self.from_alive(Message::Ping(1), &with_count(65535));
        self.case("count of 65535, two updates", most);
        let fewer = self.from_alive(Message::Ping(1), &with_count(1));
        self.case("count of 1, two updates", fewer);
        let none = self.from_alive(Message::Ping(1), &with_count(0));
        self.case("count of 0, two updates", none);
        let mut state = encode_member(self.codec, &Member::new(id(6, 1), 0, Alive));
        *state.last_mut().expect("a state") = 3;
        let bytes = self.from_alive(Message::Ping(1), &[&[0, 1], &state[..]].concat());
        self.case("update of unknown state", bytes);
        let mut family = encode_member(self.codec, &Member::new(id(6, 1), 0, Alive));
        family[0] = 2;
        let bytes = self.from_alive(Message::Ping(1), &[&[0, 1], &family[..]].concat());
        self.case("update of unknown address family", bytes);
    }

    fn broadcasts(&mut self) {
        let (first, second) = (encode_broadcast(&[1, 1, 0xaa]), encode_broadcast(&[2, 1]));
        let refused = encode_broadcast(&[REFUSED]);
        let update = self.updates(&[(id(6, 1), 0, Alive)]);
        let zero = [0, 0];
        let overlong = [0, 9, 1, 1];
        let tails: [(&str, Vec<u8>); 13] = [
            ("a broadcast", first.clone()),
            ("two broadcasts", [&first[..], &second].concat()),
            ("the same broadcast twice", [&first[..], &first].concat()),
            ("a zero-length broadcast", zero.to_vec()),
            (
                "a zero-length broadcast, then a good one",
                [&zero[..], &first].concat(),
            ),
            (
                "a good broadcast, then a zero-length one",
                [&first[..], &zero, &second].concat(),
            ),
            ("an overlong broadcast", overlong.to_vec()),
            (
                "a good broadcast, then an overlong one",
                [&first[..], &overlong].concat(),
            ),
            (
                "a broadcast and one trailing byte",
                [&first[..], &[0]].concat(),
            ),
            (
                "a broadcast and two trailing bytes",
                [&first[..], &zero].concat(),
            ),
            ("a trailing byte in place of a broadcast", vec![1]),
            (
                "a refused broadcast, then a good one",
                [&refused[..], &first].concat(),
            ),
            ("a broadcast of one byte", encode_broadcast(&[7])),
        ];
        for (name, tail) in &tails {
            let bytes = self.from_alive(Message::Ping(1), &[&update[..], tail].concat());
            self.case(&format!("Ping, an update, {name}"), bytes);
            let bytes = self.from_alive(Message::Broadcast, tail);
            self.case(&format!("Broadcast, {name}"), bytes);
        }
        for (name, message) in [
            ("Ping", Message::Ping(1)),
            ("Broadcast", Message::Broadcast),
        ] {
            let count = if name == "Ping" { &update[..] } else { &[] };
            let bytes = self.from_alive(message, &[count, &first].concat());
            self.case(&format!("{name}, no handler, a broadcast"), bytes)
                .no_handler = true;
        }
        let bytes = self.from_alive(Message::Ping(1), &update);
        self.case("Ping, no handler, an update, no broadcast", bytes)
            .no_handler = true;
        let bytes = self.from_alive(Message::TurnUndead, &[&[0, 0], &first[..]].concat());
        self.case("TurnUndead with a broadcast", bytes);
        let target = us();
        let bytes = self.from_alive(
            Message::PingReq {
                target,
                probe_number: 1,
            },
            &[&[0, 0], &zero[..]].concat(),
        );
        self.case("PingReq for ourselves with a zero-length broadcast", bytes);
    }

    fn indirect(&mut self) {
        for (name, named) in [
            ("ourselves", us()),
            ("an older identity of ours", id(1, 4)),
            ("its sender", id(2, 10)),
            ("a member held Down", id(4, 10)),
            ("a stranger", id(77, 1)),
        ] {
            for message in messages(&named, 7).into_iter().skip(2).take(4) {
                let case = format!(
                    "{} that names {name}",
                    crate::dialect::variant_name(&message)
                );
                let tail = self.updates(&[(id(6, 1), 0, Alive)]);
                let bytes = self.from_alive(message, &tail);
                self.case(&case, bytes);
            }
        }
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
