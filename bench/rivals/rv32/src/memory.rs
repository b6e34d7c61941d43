//! What a foca node keeps.

use alloc::boxed::Box;

use foca::{Codec, Message};

use crate::{
    heap::Heap,
    identity::Renewable,
    node::{Node, FIRST, NEWS},
};

/// The structure of foca itself included.
pub struct Memory {
    pub name: &'static str,
    /// With what the heap adds to each block.
    pub bytes: usize,
    pub asked_bytes: usize,
    pub blocks: usize,
    /// The most that was asked for on the way there.
    pub peak_bytes: usize,
}

fn keep<T>(name: &'static str, heap: &Heap, make: impl FnOnce() -> T) -> Memory {
    let before = heap.counts();
    heap.forget_peak();
    let kept = Box::new(make());
    let after = heap.counts();
    drop(kept);
    Memory {
        name,
        bytes: after.taken_bytes - before.taken_bytes,
        asked_bytes: after.live_bytes - before.live_bytes,
        blocks: after.live_blocks - before.live_blocks,
        peak_bytes: after.peak_bytes - before.live_bytes,
    }
}

/// Its members known, and nothing to be told of them.
pub fn quiet<C>(heap: &Heap, members: u16, codec: C) -> Memory
where
    C: Codec<Renewable, Error: core::error::Error> + Copy,
{
    keep("quiet", heap, || Node::new(members, codec).foca)
}

/// As it joins: it hears of all its members and has not yet passed that on.
pub fn joining<C>(heap: &Heap, members: u16, codec: C) -> Memory
where
    C: Codec<Renewable, Error: core::error::Error> + Copy,
{
    keep("joining", heap, || {
        let mut node = Node::new(0, codec);
        for first in (FIRST..FIRST + members).step_by(NEWS.into()) {
            let end = (first + NEWS).min(FIRST + members);
            let gossip = node.datagram(FIRST, Message::Gossip, first..end);
            node.receive(&gossip);
        }
        assert_eq!(node.foca.num_members(), usize::from(members));
        node.foca
    })
}
