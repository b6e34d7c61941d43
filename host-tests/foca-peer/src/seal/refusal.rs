//! Why a datagram is dropped before anything of it is read.

use std::{error::Error, fmt};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is not sealed, or not in this version of the frame, and must be.
    Plain,
    /// It names a key that is not among ours.
    UnknownKey,
    /// It is one of ours, which came back.
    Reflected,
    /// It was opened before, or is more than 31 older than the newest of its
    /// sender.
    Replayed,
    /// It was changed, or sealed under another key.
    Forged,
}

impl Refusal {
    pub const ALL: [Self; 5] = [
        Self::Plain,
        Self::UnknownKey,
        Self::Reflected,
        Self::Replayed,
        Self::Forged,
    ];

    /// What xswim's nodes count it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "refusedPlain",
            Self::UnknownKey => "unknownKey",
            Self::Reflected => "reflected",
            Self::Replayed => "replayed",
            Self::Forged => "forged",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl Error for Refusal {}

/// How many datagrams were refused, by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Refused([u64; Refusal::ALL.len()]);

impl Refused {
    pub fn of(&self, reason: Refusal) -> u64 {
        self.0[reason as usize]
    }

    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    pub(super) fn count(&mut self, reason: Refusal) {
        self.0[reason as usize] += 1;
    }
}
