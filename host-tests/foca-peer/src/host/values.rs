//! What members publish, in the layout of foca's example agent: address, version, bytes. Nothing is kept but versions.

use std::{
    collections::{hash_map::Entry, HashMap},
    fmt,
    marker::PhantomData,
};

use foca::{BroadcastHandler, Identity, Invalidates};

use super::cluster::Name;
use crate::dialect::Dialect;

/// What a member publishes.
pub fn item<T: Name, C: Dialect>(identity: &T, version: u64, bytes: &[u8]) -> Vec<u8> {
    C::write(&(identity.addr(), version, bytes))
}

/// Whose an item is, and how new.
pub struct Source<A> {
    addr: A,
    version: u64,
}

impl<A: Eq> Invalidates for Source<A> {
    fn invalidates(&self, other: &Self) -> bool {
        self.addr == other.addr && self.version >= other.version
    }
}

#[derive(Debug)]
pub struct Unreadable;

impl fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not address, version and bytes")
    }
}

impl std::error::Error for Unreadable {}

/// Passes on what has a larger version than all before it of that address, with whatever follows the bytes.
pub struct Values<T: Identity, C> {
    versions: HashMap<T::Addr, u64>,
    dialect: PhantomData<C>,
}

impl<T: Identity, C> Default for Values<T, C> {
    fn default() -> Self {
        Self {
            versions: HashMap::new(),
            dialect: PhantomData,
        }
    }
}

impl<T: Name, C: Dialect> BroadcastHandler<T> for Values<T, C> {
    type Key = Source<T::Addr>;
    type Error = Unreadable;

    fn receive_item(
        &mut self,
        data: &[u8],
        _sender: Option<&T>,
    ) -> Result<Option<Self::Key>, Unreadable> {
        let ((addr, version, _), _) =
            C::read::<(T::Addr, u64, Vec<u8>)>(data).map_err(|_| Unreadable)?;
        match self.versions.entry(addr.clone()) {
            Entry::Occupied(known) if *known.get() >= version => return Ok(None),
            Entry::Occupied(mut known) => *known.get_mut() = version,
            Entry::Vacant(unknown) => {
                unknown.insert(version);
            }
        }
        Ok(Some(Source { addr, version }))
    }
}
