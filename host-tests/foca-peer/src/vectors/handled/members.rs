//! Senders, and updates about others and about us.

use foca::{
    Incarnation, Member, Message,
    State::{self, Alive, Down, Suspect},
};

use super::cases::{id, us, Builder};
use crate::{
    identities::Renewable,
    node::{encode_broadcast, PeerCodec},
};

impl<C: PeerCodec<Renewable>> Builder<C> {
    pub fn senders(&mut self) {
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
        let bytes = self.alive_says(Message::Ping(1), &[]);
        self.case("Ping to a node that knows nobody", bytes)
            .members
            .clear();
        let bytes = self.header(id(4, 10), 0, us(), Message::Ping(1));
        self.case("Ping from the only member, held Down", bytes)
            .members
            .retain(|m| m.state() == Down);
    }

    pub fn updates_about_others(&mut self) {
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
                    let bytes = self.third_says(Message::Gossip, &[(about, incarnation, state)]);
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
        let bytes = self.alive_says(Message::Ping(1), &self.updates(&sender));
        self.case("Ping whose updates declare its sender Down", bytes);
        let all = [(id(2, 10), 0, Down), (id(3, 10), 0, Down)];
        let bytes = self.alive_says(Message::Ping(1), &self.updates(&all));
        self.case("Ping whose updates declare everybody Down", bytes);
    }

    /// Gossip from a member that no update is about.
    fn third_says(
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

    pub fn updates_about_us(&mut self) {
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
        let bytes = self.alive_says(Message::Ping(1), &self.updates(&[(us(), 0, Down)]));
        self.case("Ping whose updates declare us Down", bytes);
        let bytes = self.alive_says(Message::TurnUndead, &self.updates(&[(us(), 0, Down)]));
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
}
