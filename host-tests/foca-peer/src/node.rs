//! A foca instance with the runtime that collects what it wants done.

use std::{error::Error as StdError, time::Duration};

use foca::{
    AccumulatingRuntime, BroadcastHandler, Codec, Config, Error, Foca, Header, Identity, Member,
    OwnedNotification, Timer,
};
use rand::{rngs::SmallRng, SeedableRng};

/// What foca's calls need of a codec, in one word.
pub trait PeerCodec<T>: Codec<T, Error: StdError> + Copy {}
impl<T, C: Codec<T, Error: StdError> + Copy> PeerCodec<T> for C {}

/// A datagram taken apart.
pub struct Parsed<T> {
    pub header: Header<T>,
    pub updates: Vec<Member<T>>,
    pub broadcasts: Vec<Vec<u8>>,
}

pub struct Node<T: Identity, C, B: BroadcastHandler<T>> {
    pub foca: Foca<T, C, SmallRng, B>,
    pub codec: C,
    pub runtime: AccumulatingRuntime<T>,
}

impl<T, C, B> Node<T, C, B>
where
    T: Identity,
    C: PeerCodec<T>,
    B: BroadcastHandler<T>,
{
    /// Makes the same random choices each time.
    pub fn new(identity: T, config: Config, codec: C, handler: B) -> Self {
        Self::seeded(identity, config, codec, handler, 1)
    }

    pub fn seeded(identity: T, config: Config, codec: C, handler: B, seed: u64) -> Self {
        let rng = SmallRng::seed_from_u64(seed);
        Self {
            foca: Foca::with_custom_broadcast(identity, config, rng, codec, handler),
            codec,
            runtime: AccumulatingRuntime::new(),
        }
    }

    /// Applies `members` without spreading them and forgets what that caused.
    pub fn know(&mut self, members: &[Member<T>]) -> Vec<(Duration, Timer<T>)> {
        self.foca
            .apply_many(members.iter().cloned(), false, &mut self.runtime)
            .expect("members that encode");
        self.sent();
        self.notifications();
        self.timers()
    }

    pub fn receive(&mut self, data: &[u8]) -> Result<(), Error> {
        self.foca.handle_data(data, &mut self.runtime)
    }

    pub fn fire(&mut self, timer: Timer<T>) -> Result<(), Error> {
        self.foca.handle_timer(timer, &mut self.runtime)
    }

    pub fn sent(&mut self) -> Vec<(T, Vec<u8>)> {
        std::iter::from_fn(|| self.runtime.to_send())
            .map(|(to, bytes)| (to, bytes.to_vec()))
            .collect()
    }

    pub fn timers(&mut self) -> Vec<(Duration, Timer<T>)> {
        std::iter::from_fn(|| self.runtime.to_schedule()).collect()
    }

    pub fn notifications(&mut self) -> Vec<OwnedNotification<T>> {
        std::iter::from_fn(|| self.runtime.to_notify()).collect()
    }

    pub fn membership(&self) -> Vec<Member<T>> {
        self.foca.iter_membership_state().cloned().collect()
    }
}

pub fn encode_header<T, C: PeerCodec<T>>(mut codec: C, header: &Header<T>) -> Vec<u8> {
    let mut bytes = Vec::new();
    codec.encode_header(header, &mut bytes).expect("room");
    bytes
}

pub fn encode_member<T, C: PeerCodec<T>>(mut codec: C, member: &Member<T>) -> Vec<u8> {
    let mut bytes = Vec::new();
    codec.encode_member(member, &mut bytes).expect("room");
    bytes
}

/// A count and the members: what follows the header of most messages.
pub fn encode_updates<T, C: PeerCodec<T>>(codec: C, members: &[Member<T>]) -> Vec<u8> {
    let count = u16::try_from(members.len()).expect("few members");
    let mut bytes = count.to_be_bytes().to_vec();
    for member in members {
        bytes.extend(encode_member(codec, member));
    }
    bytes
}

pub fn encode_broadcast(item: &[u8]) -> Vec<u8> {
    let length = u16::try_from(item.len()).expect("a short item");
    [&length.to_be_bytes(), item].concat()
}

/// Takes a datagram that foca sent apart; panics on one that it could not send.
pub fn parse<T, C: PeerCodec<T>>(mut codec: C, bytes: &[u8]) -> Parsed<T> {
    let mut rest = bytes;
    let header: Header<T> = codec.decode_header(&mut rest).expect("a header");
    let mut updates = Vec::new();
    if !rest.is_empty() && !matches!(header.message, foca::Message::Broadcast) {
        for _ in 0..take_u16(&mut rest) {
            updates.push(codec.decode_member(&mut rest).expect("a member"));
        }
    }
    let mut broadcasts = Vec::new();
    while !rest.is_empty() {
        let length = take_u16(&mut rest);
        broadcasts.push(rest[..length].to_vec());
        rest = &rest[length..];
    }
    Parsed {
        header,
        updates,
        broadcasts,
    }
}

fn take_u16(rest: &mut &[u8]) -> usize {
    let value = u16::from_be_bytes([rest[0], rest[1]]);
    *rest = &rest[2..];
    usize::from(value)
}
