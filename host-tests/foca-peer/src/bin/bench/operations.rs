//! What is timed. Each function builds its own node.

use std::time::Instant;

use foca::{Codec, Message, State, Timer};

use crate::{
    counting::live_bytes,
    identity::Renewable,
    node::Node,
    sample::{batch, measure, percentile, Budget, Sample},
};

/// Datagrams from so many different members take turns.
const SENDERS: usize = 64;
const GOSSIP_SIZE: u32 = 20;
/// Rounds of probes of which each place is a median.
const ROUNDS: usize = 9;
/// As `Config::simple()`, and the most that foca takes.
const USUAL_TRANSMISSIONS: u8 = 10;
const MOST_TRANSMISSIONS: u8 = u8::MAX;

/// Enough of a quick operation to be seen by the clock.
const QUICK_BATCH: u32 = 64;

/// The `nth` of a sequence of members without order, the same in every language.
fn scattered(nth: usize, members: u32) -> u32 {
    let mixed = (nth as u32).wrapping_mul(0x9e37_79b1);
    1 + ((u64::from(mixed) * u64::from(members)) >> 32) as u32
}

/// Which datagrams are handed to the node, from different members in turn.
#[derive(Clone, Copy)]
pub enum Traffic {
    Pings,
    GossipKnown,
    GossipNew,
    Announces,
}

pub fn datagrams<C>(node: &mut Node<C>, traffic: Traffic) -> Vec<Vec<u8>>
where
    C: Codec<Renewable, Error: std::error::Error> + Copy,
{
    let members = node.members;
    (0..SENDERS)
        .map(|nth| {
            let from = scattered(nth, members);
            match traffic {
                Traffic::Pings => node.datagram(from, Message::Ping(1), &[]),
                Traffic::Announces => node.datagram(from, Message::Announce, &[]),
                Traffic::GossipKnown => {
                    let first = SENDERS + nth * GOSSIP_SIZE as usize;
                    let about: Vec<u32> = (first..first + GOSSIP_SIZE as usize)
                        .map(|place| scattered(place, members))
                        .collect();
                    node.datagram(from, Message::Gossip, &about)
                }
                Traffic::GossipNew => {
                    let about: Vec<u32> = newcomers(members).collect();
                    node.datagram(from, Message::Gossip, &about)
                }
            }
        })
        .collect()
}

fn newcomers(members: u32) -> std::ops::Range<u32> {
    members + 1..members + 1 + GOSSIP_SIZE
}

/// A Ping without updates, answered by an Ack without updates.
pub fn handle_ping<C>(members: u32, codec: C, budget: Budget) -> Sample
where
    C: Codec<Renewable, Error: std::error::Error> + Copy,
{
    let mut node = Node::new(members, codec, USUAL_TRANSMISSIONS);
    let pings = datagrams(&mut node, Traffic::Pings);
    measure(budget, || {
        batch(QUICK_BATCH, |index| {
            node.receive(&pings[index as usize % SENDERS]);
        })
    })
}

/// A Ping without updates, answered by an Ack full of them, while an update
/// about every member waits.
pub fn handle_ping_full_queue<C>(members: u32, codec: C, budget: Budget) -> Sample
where
    C: Codec<Renewable, Error: std::error::Error> + Copy,
{
    let mut node = Node::new(members, codec, MOST_TRANSMISSIONS);
    let pings = datagrams(&mut node, Traffic::Pings);
    let operations = if members > 1000 { 4 } else { QUICK_BATCH };
    let mut left = 0;
    measure(budget, || {
        if left < operations {
            node.fill_queue();
            left = pings_until_one_update_is_spent(members);
        }
        left -= operations;
        let batch = batch(operations, |index| {
            node.receive(&pings[index as usize % SENDERS]);
        });
        assert_eq!(
            node.foca.updates_backlog(),
            members as usize,
            "the queue stays full"
        );
        assert!(node.sink.sent_length >= full_length(members), "a lean Ack");
        batch
    })
}

/// foca sends the least-sent first, so all are spent at about the same time.
fn pings_until_one_update_is_spent(members: u32) -> u32 {
    const MOST_UPDATES_IN_A_DATAGRAM: u32 = 1400 / 15;
    let rounds = u32::from(MOST_TRANSMISSIONS) - 2;
    u32::max(rounds, rounds * members / MOST_UPDATES_IN_A_DATAGRAM)
}

/// The least length of an Ack with all updates that fit: an update takes 15 to
/// 17 bytes.
fn full_length(members: u32) -> usize {
    usize::min(1380, 15 * members as usize)
}

/// Ping, its Ack, and the middle of the cycle. Also the slowest place in a
/// round (foca shuffles its members once a round, always at the same place);
/// each place is a median of rounds, which an interruption does not move.
pub fn probe_cycle<C>(members: u32, codec: C, budget: Budget) -> (Sample, f64)
where
    C: Codec<Renewable, Error: std::error::Error> + Copy,
{
    let mut node = Node::new(members, codec, USUAL_TRANSMISSIONS);
    let mut acks: Vec<Vec<u8>> = (0..=members)
        .map(|from| node.datagram(from, Message::Ack(0), &[]))
        .collect();
    let number_at = acks[0].len() - 3; // then two bytes of count
    let mut number = 0u8;
    let mut cycle = |node: &mut Node<C>| {
        number = number.wrapping_add(1);
        let probe = node.sink.probe.take().expect("a probe is due");
        node.fire(probe);
        let target = node.sink.sent_to.expect("a Ping").index();
        acks[target][number_at] = number;
        node.receive(&acks[target]);
        let Some(middle @ Timer::SendIndirectProbe { .. }) = node.sink.indirect.take() else {
            panic!("a probe has a middle")
        };
        let pings = node.sink.sent_bytes;
        node.fire(middle);
        assert_eq!(node.sink.sent_bytes, pings, "the Ack counted");
    };
    let sample = measure(budget, || batch(QUICK_BATCH, |_| cycle(&mut node)));
    let mut places = vec![Vec::with_capacity(ROUNDS); members as usize];
    for _ in 0..ROUNDS {
        for place in &mut places {
            let start = Instant::now();
            cycle(&mut node);
            place.push(start.elapsed().as_nanos() as f64);
        }
    }
    let worst = places
        .iter_mut()
        .map(|times| percentile(times, 50))
        .fold(0.0, f64::max);
    (sample, worst)
}

/// A Gossip that tells nothing new of 20 members.
pub fn gossip_known<C>(members: u32, codec: C, budget: Budget) -> Sample
where
    C: Codec<Renewable, Error: std::error::Error> + Copy,
{
    let mut node = Node::new(members, codec, USUAL_TRANSMISSIONS);
    let gossips = datagrams(&mut node, Traffic::GossipKnown);
    measure(budget, || {
        batch(QUICK_BATCH, |index| {
            node.receive(&gossips[index as usize % SENDERS]);
        })
    })
}

/// A Gossip of 20 members that are new, with nothing queued before. They are
/// forgotten again between two measurements.
pub fn gossip_new<C>(members: u32, codec: C, budget: Budget) -> Sample
where
    C: Codec<Renewable, Error: std::error::Error> + Copy,
{
    let mut node = Node::new(members, codec, 1);
    let gossips = datagrams(&mut node, Traffic::GossipNew);
    let mut nth = 0;
    measure(budget, || {
        node.apply(newcomers(members), State::Down, false);
        for index in newcomers(members) {
            node.fire(Timer::RemoveDown(Renewable::nth(index)));
        }
        while node.foca.updates_backlog() > 0 {
            node.foca.gossip(&mut node.sink).expect("room");
        }
        assert_eq!(node.foca.iter_membership_state().len(), members as usize);
        nth = (nth + 1) % SENDERS;
        let batch = batch(1, |_| node.receive(&gossips[nth]));
        assert_eq!(node.foca.updates_backlog(), GOSSIP_SIZE as usize);
        batch
    })
}

/// An Announce, answered by a Feed of as many members as fit.
pub fn feed<C>(members: u32, codec: C, budget: Budget) -> Sample
where
    C: Codec<Renewable, Error: std::error::Error> + Copy,
{
    let mut node = Node::new(members, codec, USUAL_TRANSMISSIONS);
    let announces = datagrams(&mut node, Traffic::Announces);
    measure(budget, || {
        batch(QUICK_BATCH, |index| {
            node.receive(&announces[index as usize % SENDERS]);
        })
    })
}

/// All members told to a node that knows nobody, as after a restart.
pub fn apply_many<C>(members: u32, codec: C, budget: Budget) -> Sample
where
    C: Codec<Renewable, Error: std::error::Error> + Copy,
{
    measure(budget, || {
        let mut node = Node::empty(members, codec, USUAL_TRANSMISSIONS);
        batch(1, |_| node.apply(1..members + 1, State::Alive, false))
    })
}

/// Heap bytes a member, with nothing queued and with an update about each.
pub fn bytes_per_member<C>(members: u32, codec: C) -> (f64, f64)
where
    C: Codec<Renewable, Error: std::error::Error> + Copy,
{
    let before = live_bytes();
    let alone = Node::new(0, codec, USUAL_TRANSMISSIONS);
    let fixed = live_bytes() - before;
    drop(alone);
    let before = live_bytes() + fixed;
    let mut node = Node::new(members, codec, USUAL_TRANSMISSIONS);
    let empty = live_bytes() - before;
    node.fill_queue();
    let full = live_bytes() - before;
    drop(node);
    (
        empty as f64 / f64::from(members),
        full as f64 / f64::from(members),
    )
}
