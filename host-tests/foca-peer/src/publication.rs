//! Custom broadcasts in the layout of foca's example agent: one value a member,
//! of which the largest version counts.

use std::{cell::RefCell, collections::HashMap, net::SocketAddr, rc::Rc};

use foca::{BroadcastHandler, Invalidates};
use serde::{Deserialize, Serialize};

use crate::{
    dialect::{Bincode, Dialect},
    identities::Renewable,
};

/// Of how many members a version is remembered.
const MAX_SOURCES: usize = 1024;
/// The first version of a life is its number shifted by so much.
const LIFE_SHIFT: u32 = 20;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    pub from: SocketAddr,
    pub version: u64,
    pub bytes: Vec<u8>,
}

impl Publication {
    /// The `count`th of that life of a member.
    pub fn of(member: &Renewable, count: u64, bytes: Vec<u8>) -> Self {
        Self {
            from: member.addr,
            version: (member.bump << LIFE_SHIFT) + count,
            bytes,
        }
    }

    pub fn encoded(&self) -> Vec<u8> {
        Bincode::write(self)
    }
}

/// Whose it is and how new, without the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    from: SocketAddr,
    version: u64,
}

impl Invalidates for Source {
    fn invalidates(&self, other: &Self) -> bool {
        self.from == other.from && self.version >= other.version
    }
}

/// What was heard and nobody took from here yet, in order.
pub type Heard = Rc<RefCell<Vec<Publication>>>;

/// Hears each value once, and passes it on.
#[derive(Default)]
pub struct Publications {
    pub heard: Heard,
    versions: HashMap<SocketAddr, u64>,
}

#[derive(Debug)]
pub struct Unreadable;

impl std::fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("not a publication")
    }
}

impl std::error::Error for Unreadable {}

impl BroadcastHandler<Renewable> for Publications {
    type Key = Source;
    type Error = Unreadable;

    /// foca gives us our own values too, with no sender: those are not heard.
    fn receive_item(
        &mut self,
        data: &[u8],
        sender: Option<&Renewable>,
    ) -> Result<Option<Source>, Unreadable> {
        let (published, length) = Bincode::read::<Publication>(data).map_err(|_| Unreadable)?;
        if length != data.len() {
            return Err(Unreadable);
        }
        let Publication { from, version, .. } = published;
        let known = self.versions.get(&from);
        if known.is_some_and(|known| *known >= version)
            || (known.is_none() && self.versions.len() >= MAX_SOURCES)
        {
            return Ok(None);
        }
        self.versions.insert(from, version);
        if sender.is_some() {
            self.heard.borrow_mut().push(published);
        }
        Ok(Some(Source { from, version }))
    }
}
