//! A foca that knows a number of members, as `host-tests/footprint` has one of ours, and the datagrams that it is handed.

use alloc::vec::Vec;
use core::{hint::black_box, num::NonZeroU8, time::Duration};

use foca::{
    Codec, Config, Foca, Header, Member, Message, NoCustomBroadcast, Notification, Runtime, State,
    Timer,
};

use crate::{identity::Renewable, random::Small};

/// Keeps only what the next step needs; what is sent goes nowhere.
#[derive(Default)]
pub struct Sink {
    pub sent: u32,
    pub sent_to: Option<Renewable>,
    pub sent_length: usize,
    /// The last datagram's kind, number of the probe and how many updates it has.
    pub probe: Option<Timer<Renewable>>,
    pub indirect: Option<Timer<Renewable>>,
}

impl Runtime<Renewable> for Sink {
    fn notify(&mut self, _: Notification<'_, Renewable>) {}

    fn send_to(&mut self, to: Renewable, data: &[u8]) {
        self.sent += 1;
        self.sent_to = Some(to);
        self.sent_length = black_box(data).len();
    }

    fn submit_after(&mut self, event: Timer<Renewable>, _: Duration) {
        match event {
            Timer::ProbeRandomMember(_) => self.probe = Some(event),
            Timer::SendIndirectProbe { .. } => self.indirect = Some(event),
            _ => {}
        }
    }
}

pub struct Node<C> {
    pub foca: Foca<Renewable, C, Small, NoCustomBroadcast>,
    pub sink: Sink,
    pub codec: C,
}

/// Members are 2 and further; a datagram of news has so many.
pub const OURSELVES: u16 = 1;
pub const FIRST: u16 = 2;
pub const NEWS: u16 = 20;

impl<C> Node<C>
where
    C: Codec<Renewable, Error: core::error::Error> + Copy,
{
    /// As `Config::simple()`, but an update is sent as often as foca allows, so that a queue stays full while it is measured.
    pub fn new(members: u16, codec: C) -> Self {
        let config = Config {
            max_transmissions: NonZeroU8::MAX,
            ..Config::simple()
        };
        let own = Renewable::nth(OURSELVES);
        let mut node = Self {
            foca: Foca::new(own, config, Small::new(1), codec),
            sink: Sink::default(),
            codec,
        };
        node.apply(FIRST..FIRST + members, 0, false);
        node
    }

    /// Tells the node of members, and whether it is to spread that.
    pub fn apply(&mut self, numbers: core::ops::Range<u16>, incarnation: u16, spread: bool) {
        for number in numbers {
            let member = Member::new(Renewable::nth(number), incarnation, State::Alive);
            let told = self
                .foca
                .apply_many(core::iter::once(member), spread, &mut self.sink);
            told.expect("a member that encodes");
        }
    }

    pub fn receive(&mut self, datagram: &[u8]) {
        let received = self.foca.handle_data(datagram, &mut self.sink);
        received.expect("a good datagram");
    }

    pub fn fire(&mut self, timer: Option<Timer<Renewable>>) {
        let timer = timer.expect("a connected node");
        let fired = self.foca.handle_timer(timer, &mut self.sink);
        fired.expect("a connected node");
    }

    /// To us from a member, with updates of members that are Alive.
    pub fn datagram(
        &mut self,
        from: u16,
        message: Message<Renewable>,
        about: impl ExactSizeIterator<Item = u16>,
    ) -> Vec<u8> {
        let header = Header {
            src: Renewable::nth(from),
            src_incarnation: 0,
            dst: Renewable::nth(OURSELVES),
            message,
        };
        let mut bytes = Vec::new();
        self.codec.encode_header(&header, &mut bytes).expect("room");
        bytes.extend((about.len() as u16).to_be_bytes());
        for number in about {
            let member = Member::new(Renewable::nth(number), 0, State::Alive);
            self.codec.encode_member(&member, &mut bytes).expect("room");
        }
        bytes
    }
}
