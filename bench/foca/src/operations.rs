//! What is timed. Each function builds its own node.

use std::time::Instant;

use foca::{Codec, Message, State, Timer};
use rand::{rngs::SmallRng, Rng, SeedableRng};

use crate::{
    counting::live_bytes,
    identity::Renewable,
    node::Node,
    sample::{batch, measure, percentile, Sample},
};

/// Datagrams from so many different members take turns.
const SENDERS: usize = 64;
const GOSSIP_SIZE: u32 = 20;
/// Rounds of probes of which each place is a median.
const ROUNDS: usize = 21;
/// As `Config::simple()`, and the most that foca takes.
const USUAL_TRANSMISSIONS: u8 = 10;
const MOST_TRANSMISSIONS: u8 = u8::MAX;

/// Enough of a quick operation to be seen by the clock.
const QUICK_BATCH: u32 = 64;

fn pings<C>(node: &mut Node<C>) -> Vec<Vec<u8>>
where
    C: Codec<Renewable, Error: std::error::Error> + Copy,
{
    let mut rng = SmallRng::seed_from_u64(7);
    (0..SENDERS)
        .map(|_| {
            let from = rng.random_range(1..=node.members);
            node.datagram(from, Message::Ping(1), &[])
        })
        .collect()
}

/// A Ping without updates, answered by an Ack without updates.
pub fn handle_ping<C>(members: u32, codec: C) -> Sample
where
    C: Codec<Renewable, Error: std::error::Error> + Copy,
{
    let mut node = Node::new(members, codec, USUAL_TRANSMISSIONS);
    let pings = pings(&mut node);
    measure(|| {
        batch(QUICK_BATCH, |index| {
            node.receive(&pings[index as usize % SENDERS]);
        })
    })
}

/// A Ping without updates, answered by an Ack full of them, while an update
/// about every member waits.
pub fn handle_ping_full_queue<C>(members: u32, codec: C) -> Sample
where
    C: Codec<Renewable, Error: std::error::Error> + Copy,
{
    let mut node = Node::new(members, codec, MOST_TRANSMISSIONS);
    let pings = pings(&mut node);
    let operations = if members > 1000 { 4 } else { QUICK_BATCH };
    let mut left = 0;
    measure(|| {
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
        batch
    })
}

/// foca sends the least-sent first, so all are spent at about the same time.
fn pings_until_one_update_is_spent(members: u32) -> u32 {
    const MOST_UPDATES_IN_A_DATAGRAM: u32 = 1400 / 15;
    let rounds = u32::from(MOST_TRANSMISSIONS) - 2;
    u32::max(rounds, rounds * members / MOST_UPDATES_IN_A_DATAGRAM)
}

/// Ping, its Ack, and the middle of the cycle. Also the slowest place in a
/// round (foca shuffles its members once a round, always at the same place);
/// each place is a median of rounds, which an interruption does not move.
pub fn probe_cycle<C>(members: u32, codec: C) -> (Sample, f64)
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
    let sample = measure(|| batch(QUICK_BATCH, |_| cycle(&mut node)));
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
pub fn gossip_known<C>(members: u32, codec: C) -> Sample
where
    C: Codec<Renewable, Error: std::error::Error> + Copy,
{
    let mut node = Node::new(members, codec, USUAL_TRANSMISSIONS);
    let mut rng = SmallRng::seed_from_u64(7);
    let gossips: Vec<Vec<u8>> = (0..SENDERS)
        .map(|_| {
            let from = rng.random_range(1..=members);
            let about: Vec<u32> = (0..GOSSIP_SIZE)
                .map(|_| rng.random_range(1..=members))
                .collect();
            node.datagram(from, Message::Gossip, &about)
        })
        .collect();
    measure(|| {
        batch(QUICK_BATCH, |index| {
            node.receive(&gossips[index as usize % SENDERS]);
        })
    })
}

/// A Gossip of 20 members that are new, with nothing queued before. They are
/// forgotten again between two measurements.
pub fn gossip_new<C>(members: u32, codec: C) -> Sample
where
    C: Codec<Renewable, Error: std::error::Error> + Copy,
{
    let mut node = Node::new(members, codec, 1);
    let newcomers = members + 1..members + 1 + GOSSIP_SIZE;
    let about: Vec<u32> = newcomers.clone().collect();
    let gossip = node.datagram(1, Message::Gossip, &about);
    measure(|| {
        node.apply(newcomers.clone(), State::Down, false);
        for index in newcomers.clone() {
            node.fire(Timer::RemoveDown(Renewable::nth(index)));
        }
        while node.foca.updates_backlog() > 0 {
            node.foca.gossip(&mut node.sink).expect("room");
        }
        assert_eq!(node.foca.iter_membership_state().len(), members as usize);
        let batch = batch(1, |_| node.receive(&gossip));
        assert_eq!(node.foca.updates_backlog(), GOSSIP_SIZE as usize);
        batch
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
