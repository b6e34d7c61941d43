//! A foca that knows a number of members, and a runtime that keeps only what
//! the next step needs.

use std::{num::NonZeroU8, time::Duration};

use foca::{
    Codec, Config, Foca, Header, Member, Message, NoCustomBroadcast, Notification, Runtime, State,
    Timer,
};
use rand::{rngs::SmallRng, SeedableRng};

use crate::identity::Renewable;

/// The latest destination and timers; what is sent goes nowhere.
#[derive(Default)]
pub struct Sink {
    pub sent_to: Option<Renewable>,
    pub probe: Option<Timer<Renewable>>,
    pub indirect: Option<Timer<Renewable>>,
    pub sent_bytes: usize,
    pub sent_length: usize,
}

impl Runtime<Renewable> for Sink {
    fn notify(&mut self, _notification: Notification<'_, Renewable>) {}

    fn send_to(&mut self, to: Renewable, data: &[u8]) {
        self.sent_to = Some(to);
        self.sent_length = std::hint::black_box(data).len();
        self.sent_bytes += self.sent_length;
    }

    fn submit_after(&mut self, event: Timer<Renewable>, _after: Duration) {
        match event {
            Timer::ProbeRandomMember(_) => self.probe = Some(event),
            Timer::SendIndirectProbe { .. } => self.indirect = Some(event),
            _ => {}
        }
    }
}

pub struct Node<C> {
    pub foca: Foca<Renewable, C, SmallRng, NoCustomBroadcast>,
    pub sink: Sink,
    pub codec: C,
    pub members: u32,
    incarnation: u16,
}

/// Our own identity is number 0; the members are 1 to `members`.
const OURSELVES: u32 = 0;

impl<C: Codec<Renewable, Error: std::error::Error> + Copy> Node<C> {
    pub fn new(members: u32, codec: C, max_transmissions: u8) -> Self {
        let mut node = Self::empty(members, codec, max_transmissions);
        node.apply(1..members + 1, State::Alive, false);
        assert_eq!(node.foca.num_members(), members as usize);
        node
    }

    /// A node that knows nobody yet.
    pub fn empty(members: u32, codec: C, max_transmissions: u8) -> Self {
        let config = Config {
            max_transmissions: NonZeroU8::new(max_transmissions).expect("at least once"),
            ..Config::simple()
        };
        let rng = SmallRng::seed_from_u64(u64::from(members));
        Self {
            foca: Foca::new(Renewable::nth(OURSELVES), config, rng, codec),
            sink: Sink::default(),
            codec,
            members,
            incarnation: 0,
        }
    }

    pub fn apply(&mut self, indices: std::ops::Range<u32>, state: State, spread: bool) {
        let incarnation = self.incarnation;
        let updates = indices.map(|index| Member::new(Renewable::nth(index), incarnation, state));
        self.foca
            .apply_many(updates, spread, &mut self.sink)
            .expect("members that encode");
    }

    /// Queues an update about every member.
    pub fn fill_queue(&mut self) {
        self.incarnation += 1;
        self.apply(1..self.members + 1, State::Alive, true);
        assert_eq!(self.foca.updates_backlog(), self.members as usize);
    }

    pub fn receive(&mut self, datagram: &[u8]) {
        self.foca
            .handle_data(datagram, &mut self.sink)
            .expect("a good datagram");
    }

    pub fn fire(&mut self, timer: Timer<Renewable>) {
        self.foca
            .handle_timer(timer, &mut self.sink)
            .expect("a connected node");
    }

    /// A datagram to us from member `from`, with updates about `about`.
    pub fn datagram(&mut self, from: u32, message: Message<Renewable>, about: &[u32]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let header = Header {
            src: Renewable::nth(from),
            src_incarnation: 0,
            dst: Renewable::nth(OURSELVES),
            message,
        };
        let is_announce = matches!(header.message, Message::Announce);
        self.codec.encode_header(&header, &mut bytes).expect("room");
        if is_announce {
            return bytes;
        }
        bytes.extend(u16::try_from(about.len()).expect("few").to_be_bytes());
        for index in about {
            let member = Member::new(Renewable::nth(*index), 0, State::Alive);
            self.codec.encode_member(&member, &mut bytes).expect("room");
        }
        bytes
    }
}
