//! What was opened of each sender, so that nothing is opened twice.

use std::collections::HashMap;

/// How far behind the newest datagram of its sender another one may come.
const BEHIND: u64 = 31;

/// The newest datagrams of one sender.
struct Window {
    highest: u64,
    /// Bit n stands for `highest - n`.
    opened: u32,
    /// When it was last heard, counted in datagrams.
    at: u64,
}

/// The windows of all senders that are remembered. When there are too many, the
/// one that was silent for longest is forgotten, so that somebody who kept its
/// datagrams could have them opened once more. Only who has the key, or kept
/// datagrams of many senders, can make it come to that.
pub(super) struct Senders {
    windows: HashMap<[u8; 6], Window>,
    limit: usize,
    heard: u64,
}

impl Senders {
    pub fn new(limit: usize) -> Self {
        Self {
            windows: HashMap::new(),
            limit: limit.max(1),
            heard: 0,
        }
    }

    /// Whether that datagram may be opened: it was not before, and is not too
    /// far behind.
    pub fn is_new(&self, device: &[u8; 6], number: u64) -> bool {
        let Some(window) = self.windows.get(device) else {
            return true;
        };
        if number > window.highest {
            return true;
        }
        let behind = window.highest - number;
        behind <= BEHIND && window.opened & 1 << behind == 0
    }

    /// Notes a datagram that is new and whose tag was right.
    pub fn heard(&mut self, device: [u8; 6], number: u64) {
        self.heard += 1;
        if !self.windows.contains_key(&device) && self.windows.len() >= self.limit {
            self.forget_one();
        }
        let window = self.windows.entry(device).or_insert(Window {
            highest: number,
            opened: 0,
            at: 0,
        });
        window.at = self.heard;
        if number > window.highest {
            let ahead = number - window.highest;
            window.opened = if ahead > BEHIND {
                0
            } else {
                window.opened << ahead
            };
            window.highest = number;
        }
        window.opened |= 1 << (window.highest - number);
    }

    fn forget_one(&mut self) {
        let oldest = self.windows.iter().min_by_key(|(_, window)| window.at);
        if let Some(device) = oldest.map(|(device, _)| *device) {
            self.windows.remove(&device);
        }
    }
}
