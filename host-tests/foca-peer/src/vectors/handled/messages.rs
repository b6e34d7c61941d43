//! Sizes, headers, addresses, and the messages that name a member.

use foca::{Message, State::Alive};

use super::cases::{id, us, Builder};
use crate::{
    dialect::variant_name,
    identities::Renewable,
    node::{encode_broadcast, PeerCodec},
    vectors::headers::messages,
};

impl<C: PeerCodec<Renewable>> Builder<C> {
    pub fn sizes_and_headers(&mut self) {
        self.case("empty", vec![]);
        self.case("one zero byte", vec![0]);
        self.case("noise", vec![0xff; 40]);
        let ping = self.alive_says(Message::Ping(1), &[]);
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
            let name = format!("{} alone", variant_name(&message));
            let bytes = self.alive_says(message, &[]);
            self.case(&name, bytes);
        }
        for message in messages(&id(3, 10), 7) {
            let name = format!("{} with one trailing byte", variant_name(&message));
            let bytes = self.alive_says(message, &[0]);
            self.case(&name, bytes);
        }
        for message in messages(&id(3, 10), 7) {
            let name = format!("{} with a count of 0", variant_name(&message));
            let bytes = self.alive_says(message, &[0, 0]);
            self.case(&name, bytes);
        }
        let one = self.updates(&[(id(6, 1), 0, Alive)]);
        for message in [
            Message::Announce,
            Message::TurnUndead,
            Message::Broadcast,
            Message::Feed,
        ] {
            let name = format!("{} with an update", variant_name(&message));
            let bytes = self.alive_says(message, &one);
            self.case(&name, bytes);
        }
        let mut variant = self.alive_says(Message::TurnUndead, &[]);
        *variant.last_mut().expect("a message") = 11;
        self.case("message of unknown variant", variant);
    }

    pub fn addressing(&mut self) {
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
                let case = format!("{} addressed to {name}", variant_name(&message));
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

    pub fn indirect(&mut self) {
        for (name, named) in [
            ("ourselves", us()),
            ("an older identity of ours", id(1, 4)),
            ("its sender", id(2, 10)),
            ("a member held Down", id(4, 10)),
            ("a stranger", id(77, 1)),
        ] {
            for message in messages(&named, 7).into_iter().skip(2).take(4) {
                let case = format!("{} that names {name}", variant_name(&message));
                let tail = self.updates(&[(id(6, 1), 0, Alive)]);
                let bytes = self.alive_says(message, &tail);
                self.case(&case, bytes);
            }
        }
    }
}
