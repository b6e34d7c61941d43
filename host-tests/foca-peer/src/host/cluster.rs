//! Nodes by number, all with one identity type and one codec.

use std::{collections::HashMap, hash::Hash, marker::PhantomData, time::Duration};

use foca::{Error, Foca, Identity, Member, Notification, Runtime, State, Timer};
use rand::{rngs::SmallRng, SeedableRng};
use serde::{de::DeserializeOwned, Serialize};

use super::{
    answer::{Answer, Record},
    request::{Operation, Request},
    settings,
    timers::Timers,
    values::{self, Values},
    view::View,
};
use crate::{
    dialect::{variant_name, Dialect},
    node::PeerCodec,
};

/// An identity that can be read, written and looked up.
pub trait Name:
    Identity<Addr: Eq + Hash + Clone + Serialize + DeserializeOwned> + Serialize + DeserializeOwned
{
}
impl<T> Name for T where
    T: Identity<Addr: Eq + Hash + Clone + Serialize + DeserializeOwned>
        + Serialize
        + DeserializeOwned
{
}

struct Node<T: Name, C: Dialect> {
    foca: Foca<T, C, SmallRng, Values<T, C>>,
    timers: Timers<T>,
    view: View<T>,
}

/// Writes down what a node wants done.
struct Errands<'a, T, C> {
    answer: &'a mut Answer,
    timers: &'a mut Timers<T>,
    now_ms: f64,
    dialect: PhantomData<C>,
}

impl<T: Name, C: Dialect> Runtime<T> for Errands<'_, T, C> {
    fn notify(&mut self, notification: Notification<'_, T>) {
        match notification {
            Notification::Active => self.answer.begin(Record::Active),
            Notification::Idle => self.answer.begin(Record::Idle),
            Notification::Defunct => self.answer.begin(Record::Defunct),
            Notification::Rejoin(identity) => {
                self.answer.begin(Record::Rejoin);
                self.answer.identity::<T, C>(identity);
            }
            // The members are compared one by one instead, which also shows what foca does not notify.
            _ => {}
        }
    }

    fn send_to(&mut self, to: T, data: &[u8]) {
        let length = u32::try_from(data.len()).expect("a datagram");
        self.answer.begin(Record::Sent);
        self.answer.identity::<T, C>(&to);
        self.answer.put(&length.to_le_bytes());
        self.answer.put(data);
    }

    fn submit_after(&mut self, timer: Timer<T>, after: Duration) {
        let at_ms = self.now_ms + after.as_secs_f64() * 1000.0;
        self.timers.submit(at_ms, timer);
    }
}

impl<T, C> Errands<'_, T, C> {
    fn note(&mut self, result: Result<(), Error>) {
        if let Err(error) = result {
            self.answer.begin(Record::Refused);
            self.answer.short(variant_name(&error).as_bytes());
        }
    }
}

pub struct Cluster<T: Name, C: Dialect> {
    codec: C,
    nodes: HashMap<u32, Node<T, C>>,
}

/// A cluster whose types are known to itself only.
pub trait Served {
    /// Does what a request says and writes down what came of it. Panics on a request that makes no sense.
    fn serve(&mut self, request: &Request, answer: &mut Answer);
}

impl<T: Name, C: Dialect + PeerCodec<T>> Cluster<T, C> {
    pub fn new(codec: C) -> Self {
        Self {
            codec,
            nodes: HashMap::new(),
        }
    }

    /// Payload: the seed of its random source (u32), its identity, its settings as JSON.
    fn start(&mut self, request: &Request) {
        let (seed, rest) = request.payload.split_at(4);
        let seed = u32::from_le_bytes(seed.try_into().expect("four bytes"));
        let (identity, used) = C::read::<T>(rest).expect("an identity");
        let rng = SmallRng::seed_from_u64(seed.into());
        let config = settings::config(&rest[used..]);
        let node = Node {
            foca: Foca::with_custom_broadcast(identity, config, rng, self.codec, Values::default()),
            timers: Timers::default(),
            view: View::default(),
        };
        self.nodes.insert(request.node, node);
    }
}

impl<T: Name, C: Dialect + PeerCodec<T>> Served for Cluster<T, C> {
    fn serve(&mut self, request: &Request, answer: &mut Answer) {
        match request.operation {
            Operation::Start => self.start(request),
            Operation::Crash => {
                self.nodes.remove(&request.node);
                return;
            }
            _ => {}
        }
        let node = self.nodes.get_mut(&request.node).expect("a node that runs");
        node.act(request, answer);
        node.tell_changes(answer);
        answer.begin(Record::Due);
        answer.put(&node.timers.next_ms().to_le_bytes());
    }
}

impl<T: Name, C: Dialect + PeerCodec<T>> Node<T, C> {
    fn act(&mut self, request: &Request, answer: &mut Answer) {
        let now_ms = request.now_ms;
        let due = match request.operation {
            Operation::Wake => self.timers.take_due(now_ms),
            _ => Vec::new(),
        };
        let mut errands = Errands {
            answer,
            timers: &mut self.timers,
            now_ms,
            dialect: PhantomData::<C>,
        };
        let foca = &mut self.foca;
        let payload = request.payload;
        let result = match request.operation {
            Operation::Datagram => foca.handle_data(payload, &mut errands),
            Operation::Announce => {
                let (to, _) = C::read::<T>(payload).expect("an identity");
                foca.announce(to, &mut errands)
            }
            Operation::Leave => foca.leave_cluster(&mut errands),
            Operation::Publish => {
                let (version, bytes) = payload.split_at(8);
                let version = u64::from_le_bytes(version.try_into().expect("eight bytes"));
                let item = values::item::<T, C>(foca.identity(), version, bytes);
                foca.add_broadcast(&item).map(|_| ())
            }
            Operation::Know => {
                let members = identities::<T, C>(payload).into_iter().map(Member::alive);
                foca.apply_many(members, false, &mut errands)
            }
            Operation::Wake | Operation::Start | Operation::Crash => Ok(()),
        };
        errands.note(result);
        for timer in due {
            let result = foca.handle_timer(timer, &mut errands);
            errands.note(result);
        }
    }

    fn tell_changes(&mut self, answer: &mut Answer) {
        let members: Vec<&Member<T>> = self.foca.iter_membership_state().collect();
        self.view
            .compare(&members, |(identity, incarnation, state)| {
                answer.begin(Record::Changed);
                answer.put(&[match state {
                    Some(State::Alive) => 0,
                    Some(State::Suspect) => 1,
                    Some(State::Down) => 2,
                    None => 3,
                }]);
                answer.put(&incarnation.to_le_bytes());
                answer.identity::<T, C>(identity);
            });
    }
}

/// One encoded identity after another.
fn identities<T: Name, C: Dialect>(mut bytes: &[u8]) -> Vec<T> {
    let mut all = Vec::new();
    while !bytes.is_empty() {
        let (identity, used) = C::read::<T>(bytes).expect("an identity");
        all.push(identity);
        bytes = &bytes[used..];
    }
    all
}
