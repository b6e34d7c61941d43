//! The identity of foca's example agent: an address and a number that grows.
//! It is not the library's, since what the compiler inlines across crates, and
//! where it puts the code, moves the figures by several percent.

use std::net::{IpAddr, SocketAddr};

use foca::Identity;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renewable {
    pub addr: SocketAddr,
    pub bump: u64,
}

const BUMP: u64 = 1_700_000_000;

impl Renewable {
    /// The `index`-th of as many as a benchmark needs.
    pub fn nth(index: u32) -> Self {
        let [_, high, middle, low] = index.to_be_bytes();
        Self {
            addr: SocketAddr::from(([10, high, middle, low], 7946)),
            bump: BUMP,
        }
    }

    /// What `nth` was given.
    pub fn index(&self) -> usize {
        match self.addr.ip() {
            IpAddr::V4(ip) => (u32::from(ip) & 0x00ff_ffff) as usize,
            IpAddr::V6(_) => unreachable!("the benchmark is all IPv4"),
        }
    }
}

impl Identity for Renewable {
    type Addr = SocketAddr;

    fn renew(&self) -> Option<Self> {
        Some(Self {
            bump: self.bump.wrapping_add(1),
            ..*self
        })
    }

    fn addr(&self) -> SocketAddr {
        self.addr
    }

    fn win_addr_conflict(&self, adversary: &Self) -> bool {
        self.bump > adversary.bump
    }
}
