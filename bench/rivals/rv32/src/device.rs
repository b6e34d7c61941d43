//! The least program of a device that is a member: datagrams come and go on the serial line.

use alloc::{collections::BinaryHeap, vec::Vec};
use core::{cmp::Reverse, hint::black_box, time::Duration};

use foca::{Codec, Config, Foca, Notification, Runtime, Timer};

use crate::{board, heap::Heap, identity::Renewable, random::Small};

struct Device {
    timers: BinaryHeap<Reverse<(u64, Timer<Renewable>)>>,
    active: usize,
}

impl Runtime<Renewable> for Device {
    fn notify(&mut self, notification: Notification<'_, Renewable>) {
        match notification {
            Notification::MemberUp(_) => self.active += 1,
            Notification::MemberDown(_) => self.active -= 1,
            _ => {}
        }
        black_box(self.active);
    }

    fn send_to(&mut self, to: Renewable, data: &[u8]) {
        board::write(&(data.len() as u16).to_be_bytes());
        board::write(&to.addr.ip().octets());
        board::write(&to.addr.port().to_be_bytes());
        board::write(data);
    }

    fn submit_after(&mut self, event: Timer<Renewable>, after: Duration) {
        let due_ms = board::now_ms() + after.as_millis() as u64;
        self.timers.push(Reverse((due_ms, event)));
    }
}

/// Runs until an empty datagram comes.
pub fn run<C>(heap: &Heap, codec: C) -> !
where
    C: Codec<Renewable, Error: core::error::Error>,
{
    heap.open();
    let random = Small::new(board::instructions() as u32);
    let own = black_box(Renewable::nth(1));
    let mut foca = Foca::new(own, Config::simple(), random, codec);
    let mut device = Device {
        timers: BinaryHeap::new(),
        active: 0,
    };
    let mut data = Vec::new();
    let _ = foca.announce(black_box(Renewable::nth(2)), &mut device);
    loop {
        if board::is_readable() {
            board::read_datagram(&mut data);
            if data.is_empty() {
                board::exit(true);
            }
            // What is no datagram of foca's is left aside.
            let _ = foca.handle_data(&data, &mut device);
        }
        while let Some(Reverse((due_ms, _))) = device.timers.peek() {
            if *due_ms > board::now_ms() {
                break;
            }
            if let Some(Reverse((_, timer))) = device.timers.pop() {
                let _ = foca.handle_timer(timer, &mut device);
            }
        }
    }
}
