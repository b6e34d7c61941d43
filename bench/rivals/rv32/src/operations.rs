//! The operations of `host-tests/footprint`, done by foca. Each counts the instructions, the allocations and the stack.

use alloc::vec::Vec;
use core::hint::black_box;

use foca::{Codec, Message};

use crate::{
    board::{instructions, stack_of},
    heap::Heap,
    identity::Renewable,
    node::{Node, FIRST, NEWS},
};

/// What one run takes.
pub struct Cost {
    pub name: &'static str,
    pub instructions: u64,
    pub allocations: usize,
    pub allocated_bytes: usize,
    pub stack_bytes: usize,
}

const WARM_UP: u32 = 8;
const RUNS: u32 = 200;
/// For what leaves the node larger, or its queue shorter.
const FEW_RUNS: u32 = 20;

/// The same loop without the operation is taken away.
fn measure(name: &'static str, heap: &Heap, runs: u32, mut run: impl FnMut(u32)) -> Cost {
    let mut stack_bytes = 0;
    for index in 0..WARM_UP {
        stack_bytes = stack_bytes.max(stack_of(|| run(index)));
    }
    let before = heap.counts();
    let start = instructions();
    for index in 0..runs {
        run(black_box(WARM_UP + index));
    }
    let busy = instructions() - start;
    let after = heap.counts();
    let start = instructions();
    for index in 0..runs {
        black_box(WARM_UP + index);
    }
    let idle = instructions() - start;
    Cost {
        name,
        instructions: (busy - idle) / u64::from(runs),
        allocations: (after.allocations - before.allocations).div_ceil(runs as usize),
        allocated_bytes: (after.allocated_bytes - before.allocated_bytes) / runs as usize,
        stack_bytes,
    }
}

const NOBODY: core::ops::Range<u16> = 0..0;
const SENDERS: u16 = 8;

fn pings<C>(node: &mut Node<C>) -> Vec<Vec<u8>>
where
    C: Codec<Renewable, Error: core::error::Error> + Copy,
{
    (FIRST..FIRST + SENDERS)
        .map(|from| node.datagram(from, Message::Ping(7), NOBODY))
        .collect()
}

/// A Ping without updates, answered by an Ack without updates.
pub fn answer_ping<C>(heap: &Heap, members: u16, codec: C) -> Cost
where
    C: Codec<Renewable, Error: core::error::Error> + Copy,
{
    let mut node = Node::new(members, codec);
    let pings = pings(&mut node);
    let cost = measure("answerPing", heap, RUNS, |run| {
        node.receive(&pings[(run & 7) as usize]);
    });
    assert_eq!(node.sink.sent, WARM_UP + RUNS);
    assert_eq!(node.sink.sent_length, pings[0].len());
    cost
}

/// The same while 1,000 updates wait, or one of each member.
pub fn answer_ping_full_queue<C>(heap: &Heap, members: u16, codec: C) -> Cost
where
    C: Codec<Renewable, Error: core::error::Error> + Copy,
{
    let mut node = Node::new(members, codec);
    let pings = pings(&mut node);
    let waiting = members.min(1000);
    node.apply(FIRST..FIRST + waiting, 1, true);
    let cost = measure("answerPingFullQueue", heap, FEW_RUNS, |run| {
        node.receive(&pings[(run & 7) as usize]);
    });
    assert_eq!(node.foca.updates_backlog(), usize::from(waiting));
    assert!(node.sink.sent_length > pings[0].len());
    cost
}

/// A probe from its Ping to its end: two timers, and the Ack between them.
pub fn probe_cycle<C>(heap: &Heap, members: u16, codec: C) -> Cost
where
    C: Codec<Renewable, Error: core::error::Error> + Copy,
{
    let mut node = Node::new(members, codec);
    let mut acks: Vec<Vec<u8>> = (FIRST..FIRST + members)
        .map(|from| node.datagram(from, Message::Ack(0), NOBODY))
        .collect();
    let cost = measure("probeCycle", heap, RUNS, |run| {
        let probe = node.sink.probe.take();
        node.fire(probe);
        let [_, _, high, low] = node.sink.sent_to.expect("a Ping").addr.ip().octets();
        let ack = &mut acks[usize::from(u16::from_be_bytes([high, low]) - FIRST)];
        // The number stands before the two bytes that count the updates. It begins with 1 and is one byte.
        let at = ack.len() - 3;
        ack[at] = (run + 1) as u8;
        node.receive(ack);
        let indirect = node.sink.indirect.take();
        node.fire(indirect);
    });
    assert_eq!(node.sink.sent, WARM_UP + RUNS);
    assert_eq!(node.foca.num_members(), usize::from(members));
    cost
}

/// A gossip with updates that say nothing new.
pub fn gossip_known<C>(heap: &Heap, members: u16, codec: C) -> Cost
where
    C: Codec<Renewable, Error: core::error::Error> + Copy,
{
    let mut node = Node::new(members, codec);
    let about = (0..NEWS).map(|i| FIRST + 1 + (i * 37) % (members - 2));
    let gossip = node.datagram(FIRST, Message::Gossip, about);
    let cost = measure("gossip20Known", heap, RUNS, |_| node.receive(&gossip));
    assert_eq!(node.foca.num_members(), usize::from(members));
    assert_eq!(node.foca.updates_backlog(), 0);
    cost
}

/// A gossip with updates of members that are new, which are queued.
pub fn gossip_new<C>(heap: &Heap, members: u16, codec: C) -> Cost
where
    C: Codec<Renewable, Error: core::error::Error> + Copy,
{
    let mut node = Node::new(members, codec);
    let all = WARM_UP + FEW_RUNS;
    let tidings: Vec<Vec<u8>> = (0..all as u16)
        .map(|run| {
            let first = FIRST + members + run * NEWS;
            node.datagram(FIRST, Message::Gossip, first..first + NEWS)
        })
        .collect();
    let cost = measure("gossip20New", heap, FEW_RUNS, |run| {
        node.receive(&tidings[run as usize]);
    });
    let known = usize::from(members) + all as usize * usize::from(NEWS);
    assert_eq!(node.foca.num_members(), known);
    cost
}
