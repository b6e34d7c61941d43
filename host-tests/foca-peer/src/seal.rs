//! Sealed datagrams: what a cluster sends can be read, made and changed only by
//! those who have its key.
//!
//! A [`Seal`] stands between foca and the socket. What foca wants sent goes
//! through [`Seal::seal`], what arrives through [`Seal::open`]:
//!
//! ```ignore
//! let key = Key::from_hex(1, &std::env::var("CLUSTER_KEY")?)?;
//! let lives = StoredLives::new("/var/lib/service/seal");
//! let mut seal = Seal::new(vec![key], Sealing::Require, Box::new(lives))?;
//!
//! // What foca's runtime was given to send:
//! socket.send_to(&seal.seal(&bytes)?, to.addr())?;
//!
//! // What the socket received:
//! if let Ok(plain) = seal.open(&mut buffer[..length]) {
//!     foca.handle_data(plain, &mut runtime)?;
//! }
//! ```
//!
//! foca's `Config::max_packet_size` is then [`OVERHEAD`] less than what may
//! stand on the wire. The frame, its numbers big-endian:
//!
//! | bytes | what |
//! |---|---|
//! | 0 | `0xe0` and the id of the key, 0 to 15 |
//! | 1 to 6 | device: who sends |
//! | 7 to 9 | boot: in which of its lives |
//! | 10 to 12 | sequence: which datagram of that life, from 0 on |
//! | 13 and on | ciphertext, as long as the plaintext |
//! | the last 8 | tag |
//!
//! The 13 bytes before the ciphertext are nonce and associated data at once,
//! for AES-128 in the mode CCM (RFC 3610, M = 8, L = 2).

mod key;
mod lives;
mod refusal;
mod replay;
#[cfg(test)]
mod tests;

use std::{fmt, io, ops::Range};

pub use key::{Key, KeyError};
pub use lives::{Life, Lives, RandomLives, StoredLives};
pub use refusal::{Refusal, Refused};

use key::Keys;
use replay::Senders;

/// How many bytes a sealed datagram is longer than a plain one.
pub const OVERHEAD: usize = HEADER + TAG;

const HEADER: usize = 13;
const TAG: usize = 8;
/// The upper half of the first byte: version 1 of the frame.
const VERSION: u8 = 0xe0;
const VERSION_MASK: u8 = 0xf0;
const SEQUENCES: u32 = 1 << 24;
/// How many senders a seal remembers, unless told otherwise.
const MAX_SENDERS: usize = 65_536;

/// How far a cluster has gone on its way from plain to sealed. Each step is
/// rolled through all members before the next one begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sealing {
    /// Sends and takes plain datagrams, and opens none.
    Off,
    /// Sends plain datagrams and takes both kinds.
    Accept,
    /// Sends sealed datagrams and takes both kinds.
    Send,
    /// Sends and takes sealed datagrams only.
    Require,
}

/// Seals and opens datagrams under the keys of a cluster.
pub struct Seal {
    keys: Keys,
    sealing: Sealing,
    lives: Box<dyn Lives>,
    life: Life,
    /// Of the next datagram.
    sequence: u32,
    senders: Senders,
    refused: Refused,
}

impl Seal {
    /// Begins a life, which `lives` writes down. The first of the keys seals;
    /// all of them open.
    ///
    /// # Errors
    /// When the keys are wrong, or when `lives` cannot keep the new life.
    pub fn new(keys: Vec<Key>, sealing: Sealing, mut lives: Box<dyn Lives>) -> io::Result<Self> {
        let keys = Keys::new(keys, None).map_err(io::Error::other)?;
        let life = lives.next()?;
        Ok(Self {
            keys,
            sealing,
            lives,
            life,
            sequence: 0,
            senders: Senders::new(MAX_SENDERS),
            refused: Refused::default(),
        })
    }

    /// Remembers the newest datagrams of that many senders, at some 50 bytes
    /// each; of 65,536 unless set. Each start without [`StoredLives`] counts as
    /// a sender.
    pub fn set_max_senders(&mut self, max_senders: usize) {
        self.senders = Senders::new(max_senders);
    }

    /// Takes other keys from now on, of which `send_with` seals: the first one
    /// when it is `None`. What is known of senders stays.
    ///
    /// # Errors
    /// When the keys are wrong; the old ones are then still in use.
    pub fn set_keys(&mut self, keys: Vec<Key>, send_with: Option<u8>) -> Result<(), KeyError> {
        self.keys = Keys::new(keys, send_with)?;
        Ok(())
    }

    pub fn set_sealing(&mut self, sealing: Sealing) {
        self.sealing = sealing;
    }

    /// How many datagrams were refused, by reason.
    pub fn refused(&self) -> &Refused {
        &self.refused
    }

    /// What goes on the wire for `plain`: a frame, or under [`Sealing::Off`]
    /// and [`Sealing::Accept`] the same bytes.
    ///
    /// # Errors
    /// Once in 2^24 datagrams a new life begins. When `lives` cannot keep it,
    /// nothing may be sent, since a nonce could come up twice. The next call
    /// tries again. An error also when `plain` is longer than 65,535 bytes.
    pub fn seal(&mut self, plain: &[u8]) -> io::Result<Vec<u8>> {
        if matches!(self.sealing, Sealing::Off | Sealing::Accept) {
            return Ok(plain.to_vec());
        }
        if self.sequence == SEQUENCES {
            self.life = self.lives.next()?;
            self.sequence = 0;
        }
        let sequence = self.sequence;
        self.sequence += 1;
        frame_of(self.keys.sending(), self.life, sequence, plain)
    }

    /// The plaintext of a datagram, decrypted where it stands. Under
    /// [`Sealing::Off`] any datagram is returned as it is. Under
    /// [`Sealing::Accept`] and [`Sealing::Send`] so is one that is not sealed,
    /// or looks so and cannot be opened.
    ///
    /// # Errors
    /// The reason to drop the datagram, whose bytes may have changed. Nothing
    /// but a counter in the seal has.
    pub fn open<'a>(&mut self, datagram: &'a mut [u8]) -> Result<&'a [u8], Refusal> {
        if self.sealing == Sealing::Off {
            return Ok(datagram);
        }
        let takes_plain = self.sealing != Sealing::Require;
        let kept = takes_plain.then(|| datagram.to_vec());
        let refusal = match self.open_sealed(datagram) {
            Ok(plain) => return Ok(&datagram[plain]),
            Err(refusal) => refusal,
        };
        if !takes_plain || refusal != Refusal::Plain {
            self.refused.count(refusal);
        }
        match (kept, refusal) {
            (Some(kept), Refusal::Plain | Refusal::UnknownKey | Refusal::Forged) => {
                datagram.copy_from_slice(&kept);
                Ok(datagram)
            }
            _ => Err(refusal),
        }
    }

    /// Where the plaintext stands in `datagram`. What is cheap is looked at
    /// first.
    fn open_sealed(&mut self, datagram: &mut [u8]) -> Result<Range<usize>, Refusal> {
        if datagram.len() < OVERHEAD || datagram[0] & VERSION_MASK != VERSION {
            return Err(Refusal::Plain);
        }
        let plain = HEADER..datagram.len() - TAG;
        let (header, rest) = datagram.split_at_mut(HEADER);
        let (text, tag) = rest.split_at_mut(plain.len());
        let key = self.keys.get(header[0] & !VERSION_MASK);
        let key = key.ok_or(Refusal::UnknownKey)?;
        let device = header[1..7].try_into().expect("6 bytes");
        let number = header[7..].iter().fold(0, number_with);
        if device == self.life.device {
            return Err(Refusal::Reflected);
        }
        if !self.senders.is_new(&device, number) {
            return Err(Refusal::Replayed);
        }
        if !key.decrypt(header, text, tag) {
            return Err(Refusal::Forged);
        }
        self.senders.heard(device, number);
        Ok(plain)
    }
}

/// The frame of `plain`. No two frames under one key have the same life and the
/// same sequence.
pub(crate) fn frame_of(key: &Key, life: Life, sequence: u32, plain: &[u8]) -> io::Result<Vec<u8>> {
    let mut frame = Vec::with_capacity(plain.len() + OVERHEAD);
    frame.push(VERSION | key.id());
    frame.extend_from_slice(&life.device);
    frame.extend_from_slice(&life.boot.to_be_bytes()[1..]);
    frame.extend_from_slice(&sequence.to_be_bytes()[1..]);
    frame.extend_from_slice(plain);
    let (header, text) = frame.split_at_mut(HEADER);
    let tag = key.encrypt(header, text)?;
    frame.extend_from_slice(&tag);
    Ok(frame)
}

/// Boot and sequence as one number, which only grows.
fn number_with(number: u64, byte: &u8) -> u64 {
    number << 8 | u64::from(*byte)
}

impl fmt::Debug for Seal {
    /// Nothing of the secrets.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Seal")
            .field("keys", &self.keys)
            .field("sealing", &self.sealing)
            .field("life", &self.life)
            .field("sequence", &self.sequence)
            .field("refused", &self.refused)
            .finish_non_exhaustive()
    }
}
