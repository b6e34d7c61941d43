//! Counts that do not fit, and custom broadcasts.

use foca::{Member, Message, State::Alive};

use super::cases::{id, us, Builder};
use crate::{
    handler::REFUSED,
    identities::Renewable,
    node::{encode_broadcast, encode_member, PeerCodec},
};

impl<C: PeerCodec<Renewable>> Builder<C> {
    pub fn counts(&mut self) {
        let two = self.updates(&[(id(6, 1), 0, Alive), (id(7, 1), 0, Alive)]);
        let with_count = |count: u16| [&count.to_be_bytes()[..], &two[2..]].concat();
        let cut = self.alive_says(Message::Ping(1), &two[..two.len() - 1]);
        self.case("second of two updates cut short", cut);
        let more = self.alive_says(Message::Ping(1), &with_count(3));
        self.case("count of 3, two updates", more);
        let most = self.alive_says(Message::Ping(1), &with_count(65535));
        self.case("count of 65535, two updates", most);
        let fewer = self.alive_says(Message::Ping(1), &with_count(1));
        self.case("count of 1, two updates", fewer);
        let none = self.alive_says(Message::Ping(1), &with_count(0));
        self.case("count of 0, two updates", none);
        let mut state = encode_member(self.codec, &Member::new(id(6, 1), 0, Alive));
        *state.last_mut().expect("a state") = 3;
        let bytes = self.alive_says(Message::Ping(1), &[&[0, 1], &state[..]].concat());
        self.case("update of unknown state", bytes);
        let mut family = encode_member(self.codec, &Member::new(id(6, 1), 0, Alive));
        family[0] = 2;
        let bytes = self.alive_says(Message::Ping(1), &[&[0, 1], &family[..]].concat());
        self.case("update of unknown address family", bytes);
    }

    pub fn broadcasts(&mut self) {
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
            let bytes = self.alive_says(Message::Ping(1), &[&update[..], tail].concat());
            self.case(&format!("Ping, an update, {name}"), bytes);
            let bytes = self.alive_says(Message::Broadcast, tail);
            self.case(&format!("Broadcast, {name}"), bytes);
        }
        for (name, message) in [
            ("Ping", Message::Ping(1)),
            ("Broadcast", Message::Broadcast),
        ] {
            let count = if name == "Ping" { &update[..] } else { &[] };
            let bytes = self.alive_says(message, &[count, &first].concat());
            self.case(&format!("{name}, no handler, a broadcast"), bytes)
                .no_handler = true;
        }
        let bytes = self.alive_says(Message::Ping(1), &update);
        self.case("Ping, no handler, an update, no broadcast", bytes)
            .no_handler = true;
        let bytes = self.alive_says(Message::TurnUndead, &[&[0, 0], &first[..]].concat());
        self.case("TurnUndead with a broadcast", bytes);
        let target = us();
        let bytes = self.alive_says(
            Message::PingReq {
                target,
                probe_number: 1,
            },
            &[&[0, 0], &zero[..]].concat(),
        );
        self.case("PingReq for ourselves with a zero-length broadcast", bytes);
    }
}
