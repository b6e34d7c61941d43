//! A broadcast handler whose items are `key, version, payload…`.

use std::{cell::RefCell, fmt, rc::Rc};

use foca::{BroadcastHandler, Invalidates};

/// An item that starts with this byte is refused with an error.
pub const REFUSED: u8 = 0xff;

/// Same key and the same or a newer version: the other one is stale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    pub key: u8,
    pub version: u8,
}

impl Invalidates for Key {
    fn invalidates(&self, other: &Self) -> bool {
        self.key == other.key && self.version >= other.version
    }
}

#[derive(Debug)]
pub struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("refused")
    }
}

impl std::error::Error for Refused {}

/// What the handler was given, in order, shared with the test.
pub type Received = Rc<RefCell<Vec<Vec<u8>>>>;

/// Keeps an item when its version is newer than the newest of its key.
#[derive(Default)]
pub struct Versioned {
    pub received: Received,
    newest: Vec<Key>,
}

impl<T> BroadcastHandler<T> for Versioned {
    type Key = Key;
    type Error = Refused;

    fn receive_item(&mut self, data: &[u8], _sender: Option<&T>) -> Result<Option<Key>, Refused> {
        self.received.borrow_mut().push(data.to_vec());
        if data[0] == REFUSED {
            return Err(Refused);
        }
        let item = Key {
            key: data[0],
            version: data.get(1).copied().unwrap_or(0),
        };
        if self.newest.iter().any(|known| known.invalidates(&item)) {
            return Ok(None);
        }
        self.newest.retain(|known| known.key != item.key);
        self.newest.push(item);
        Ok(Some(item))
    }
}
