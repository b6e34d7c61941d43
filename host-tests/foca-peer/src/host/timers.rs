//! The timers of one node.

use std::{cmp::Ordering, collections::BinaryHeap};

use foca::Timer;

struct Due<T> {
    at_ms: f64,
    timer: Timer<T>,
    turn: u64,
}

impl<T: Eq> Ord for Due<T> {
    /// The largest is the one to fire first: the earliest, of equals by foca's own order, then the first submitted.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at_ms.total_cmp(&self.at_ms))
            .then_with(|| other.timer.cmp(&self.timer))
            .then_with(|| other.turn.cmp(&self.turn))
    }
}

impl<T: Eq> PartialOrd for Due<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T: Eq> PartialEq for Due<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<T: Eq> Eq for Due<T> {}

pub struct Timers<T> {
    heap: BinaryHeap<Due<T>>,
    turn: u64,
}

impl<T: Eq> Default for Timers<T> {
    fn default() -> Self {
        Self {
            heap: BinaryHeap::new(),
            turn: 0,
        }
    }
}

impl<T: Eq> Timers<T> {
    pub fn submit(&mut self, at_ms: f64, timer: Timer<T>) {
        self.turn += 1;
        self.heap.push(Due {
            at_ms,
            timer,
            turn: self.turn,
        });
    }

    /// When the next is due; infinity without any.
    pub fn next_ms(&self) -> f64 {
        self.heap.peek().map_or(f64::INFINITY, |due| due.at_ms)
    }

    /// All that are due, in order.
    pub fn take_due(&mut self, now_ms: f64) -> Vec<Timer<T>> {
        let mut timers = Vec::new();
        while self.next_ms() <= now_ms {
            timers.extend(self.heap.pop().map(|due| due.timer));
        }
        timers
    }
}
