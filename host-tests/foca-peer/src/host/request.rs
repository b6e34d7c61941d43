//! What the host is asked to do, little endian.

/// Acts on one node. Its payload, where it has one, stands behind it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// A new node in that place: the seed of its random source (u32), its identity, xswim's settings as JSON.
    Start,
    /// The node is gone, without a word.
    Crash,
    /// It knows members from the start, all Alive at incarnation 0: their identities.
    Know,
    /// A datagram reached it: its bytes.
    Datagram,
    /// Its timers that are due fire.
    Wake,
    /// It announces to an identity.
    Announce,
    /// It leaves.
    Leave,
    /// It publishes: the version (u64), and the bytes.
    Publish,
}

/// `Operation`s by their number in a request, from 1 on; 0 begins a new cluster.
const OPERATIONS: [Operation; 8] = [
    Operation::Start,
    Operation::Crash,
    Operation::Know,
    Operation::Datagram,
    Operation::Wake,
    Operation::Announce,
    Operation::Leave,
    Operation::Publish,
];

pub struct Request<'a> {
    pub operation: Operation,
    /// The time, in milliseconds.
    pub now_ms: f64,
    pub node: u32,
    pub payload: &'a [u8],
}

impl<'a> Request<'a> {
    /// Number of the operation (u8), time (f64), node (u32), payload. None for the start of a new cluster.
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        let number = usize::from(bytes[0]);
        if number == 0 {
            return None;
        }
        Some(Self {
            operation: OPERATIONS[number - 1],
            now_ms: f64::from_le_bytes(bytes[1..9].try_into().expect("eight bytes")),
            node: u32::from_le_bytes(bytes[9..13].try_into().expect("four bytes")),
            payload: &bytes[13..],
        })
    }
}
