//! Identity types: the ones foca has, the one of its example agent, and a few
//! that a user might bring.

use std::net::{SocketAddr, SocketAddrV4};

use foca::Identity;
use serde::{Deserialize, Serialize, Serializer};

/// Writes 64-bit integers as decimal strings where the format is text.
fn decimal<V, S>(value: &V, serializer: S) -> Result<S::Ok, S::Error>
where
    V: Serialize + std::fmt::Display,
    S: Serializer,
{
    if serializer.is_human_readable() {
        serializer.collect_str(value)
    } else {
        value.serialize(serializer)
    }
}

/// Its address is `addr`; the larger `bump` wins; `renew` adds one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renewable {
    pub addr: SocketAddr,
    #[serde(serialize_with = "decimal")]
    pub bump: u64,
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

/// [`Renewable`] without the address family in front.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenewableV4 {
    pub addr: SocketAddrV4,
    #[serde(serialize_with = "decimal")]
    pub bump: u64,
}

impl Identity for RenewableV4 {
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

/// Four bytes or less for 192.168.`a`.`b`:8080; its address is `(a, b)`; the
/// larger `extra` wins; `renew` adds one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tiny {
    pub a: u8,
    pub b: u8,
    pub extra: u16,
}

impl Identity for Tiny {
    type Addr = (u8, u8);

    fn renew(&self) -> Option<Self> {
        Some(Self {
            extra: self.extra.wrapping_add(1),
            ..*self
        })
    }

    fn addr(&self) -> (u8, u8) {
        (self.a, self.b)
    }

    fn win_addr_conflict(&self, adversary: &Self) -> bool {
        self.extra > adversary.extra
    }
}

/// An address and a tag that settles no conflict: `wins` is every answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undecided {
    pub addr: u8,
    pub tag: u8,
    pub wins: bool,
}

impl Identity for Undecided {
    type Addr = u8;

    fn renew(&self) -> Option<Self> {
        None
    }

    fn addr(&self) -> u8 {
        self.addr
    }

    fn win_addr_conflict(&self, _adversary: &Self) -> bool {
        self.wins
    }
}

/// Known by name; its address is the name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    pub name: String,
    #[serde(serialize_with = "decimal")]
    pub bump: u64,
}

impl Identity for Named {
    type Addr = String;

    fn renew(&self) -> Option<Self> {
        None
    }

    fn addr(&self) -> String {
        self.name.clone()
    }

    fn win_addr_conflict(&self, adversary: &Self) -> bool {
        self.bump > adversary.bump
    }
}

/// An optional port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionalPort {
    pub host: [u8; 4],
    pub port: Option<u16>,
}

/// Signed fields of every width.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    pub tiny: i8,
    pub small: i16,
    pub middle: i32,
    #[serde(serialize_with = "decimal")]
    pub large: i64,
}

/// What a device is: variants without and with fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    Sensor,
    Gateway { zone: u16 },
    Other(String),
}

/// A bool, fixed bytes, an enum and a nested struct in one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    pub serial: [u8; 4],
    pub mains: bool,
    pub kind: Kind,
    pub at: Tiny,
}
