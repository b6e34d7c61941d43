//! What a request is answered with: records in the order in which things happened, little endian.

use serde::Serialize;

use crate::dialect::Dialect;

/// What a record is. Behind it comes what belongs to it; an identity is its length in a byte and its encoding.
#[derive(Clone, Copy)]
#[repr(u8)]
pub enum Record {
    /// When the node is to be woken, in milliseconds (f64); the last record of every answer.
    Due = 0,
    /// A datagram: destination, length (u32), bytes.
    Sent = 1,
    /// Another state of a member: state (0 Alive, 1 Suspect, 2 Down, 3 forgotten), incarnation (u16), identity.
    Changed = 2,
    Active = 3,
    Idle = 4,
    Defunct = 5,
    /// The identity it has now.
    Rejoin = 6,
    /// foca's error: the length of its name in a byte, and the name.
    Refused = 7,
}

/// An answer: its length (u32), which does not count itself, and its records.
pub struct Answer {
    bytes: Vec<u8>,
}

impl Default for Answer {
    fn default() -> Self {
        Self { bytes: vec![0; 4] }
    }
}

impl Answer {
    pub fn clear(&mut self) {
        self.bytes.truncate(4);
    }

    /// The whole answer, to be written.
    pub fn finish(&mut self) -> &[u8] {
        let length = u32::try_from(self.bytes.len() - 4).expect("a short answer");
        self.bytes[..4].copy_from_slice(&length.to_le_bytes());
        &self.bytes
    }

    pub fn begin(&mut self, record: Record) {
        self.bytes.push(record as u8);
    }

    pub fn put(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    pub fn identity<T: Serialize, C: Dialect>(&mut self, identity: &T) {
        self.short(&C::write(identity));
    }

    /// At most 255 bytes, behind their number.
    pub fn short(&mut self, bytes: &[u8]) {
        self.bytes
            .push(u8::try_from(bytes.len()).expect("at most 255 bytes"));
        self.put(bytes);
    }
}
