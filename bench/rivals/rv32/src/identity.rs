//! The identity that a device of ours has: an IPv4 address with a port, and a number that grows.

use core::net::{Ipv4Addr, SocketAddrV4};

use foca::Identity;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renewable {
    pub addr: SocketAddrV4,
    pub bump: u64,
}

/// Seconds since 1970.
const BUMP: u64 = 1_700_000_000;
const PORT: u16 = 7000;

impl Renewable {
    /// The member with this number, as `host-tests/footprint` numbers them.
    pub fn nth(number: u16) -> Self {
        let [high, low] = number.to_be_bytes();
        Self {
            addr: SocketAddrV4::new(Ipv4Addr::new(10, 0, high, low), PORT),
            bump: BUMP,
        }
    }
}

impl Identity for Renewable {
    type Addr = SocketAddrV4;

    fn renew(&self) -> Option<Self> {
        Some(Self {
            bump: self.bump.wrapping_add(1),
            ..*self
        })
    }

    fn addr(&self) -> SocketAddrV4 {
        self.addr
    }

    fn win_addr_conflict(&self, adversary: &Self) -> bool {
        self.bump > adversary.bump
    }
}
