//! The keys of a cluster: up to four, each known by a small number.

use std::{error::Error, fmt, io};

use aes::Aes128;
use ccm::{
    aead::{AeadInOut, KeyInit},
    consts::{U13, U8},
    Ccm,
};

pub(super) type Cipher = Ccm<Aes128, U8, U13>;

const MAX_KEYS: usize = 4;
const MAX_ID: u8 = 15;

/// One key. What is printed of it is its id.
pub struct Key {
    id: u8,
    cipher: Cipher,
}

impl Key {
    /// # Errors
    /// When `id` is larger than 15.
    pub fn new(id: u8, secret: &[u8; 16]) -> Result<Self, KeyError> {
        if id > MAX_ID {
            return Err(KeyError::Id(id));
        }
        let cipher = Cipher::new(secret.into());
        Ok(Self { id, cipher })
    }

    /// Takes 32 hex digits. A passphrase is refused, since it could be guessed.
    ///
    /// # Errors
    /// When `digits` is anything else, or `id` is larger than 15.
    pub fn from_hex(id: u8, digits: &str) -> Result<Self, KeyError> {
        if digits.len() != 32 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(KeyError::Secret);
        }
        let number = u128::from_str_radix(digits, 16).map_err(|_| KeyError::Secret)?;
        Self::new(id, &number.to_be_bytes())
    }

    pub fn id(&self) -> u8 {
        self.id
    }

    /// Encrypts `text` in place and returns its tag. `header` is nonce and
    /// associated data, 13 bytes.
    pub(super) fn encrypt(&self, header: &[u8], text: &mut [u8]) -> io::Result<[u8; 8]> {
        let nonce = header.try_into().expect("13 bytes");
        let tag = self
            .cipher
            .encrypt_inout_detached(nonce, header, text.into())
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidInput, "too long to be sealed"))?;
        Ok(tag.into())
    }

    /// Decrypts `text` in place; whether the tag is right. When it is not,
    /// `text` is zeros.
    pub(super) fn decrypt(&self, header: &[u8], text: &mut [u8], tag: &[u8]) -> bool {
        let nonce = header.try_into().expect("13 bytes");
        let tag = tag.try_into().expect("8 bytes");
        self.cipher
            .decrypt_inout_detached(nonce, header, text.into(), tag)
            .is_ok()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Key {}", self.id)
    }
}

/// All keys, and which of them seals.
#[derive(Debug)]
pub(super) struct Keys {
    all: Vec<Key>,
    sending: usize,
}

impl Keys {
    pub fn new(all: Vec<Key>, send_with: Option<u8>) -> Result<Self, KeyError> {
        if all.is_empty() || all.len() > MAX_KEYS {
            return Err(KeyError::Count(all.len()));
        }
        for (at, key) in all.iter().enumerate() {
            if all[..at].iter().any(|other| other.id == key.id) {
                return Err(KeyError::Twice(key.id));
            }
        }
        let sending = match send_with {
            None => 0,
            Some(id) => all
                .iter()
                .position(|key| key.id == id)
                .ok_or(KeyError::Missing(id))?,
        };
        Ok(Self { all, sending })
    }

    pub fn sending(&self) -> &Key {
        &self.all[self.sending]
    }

    pub fn get(&self, id: u8) -> Option<&Key> {
        self.all.iter().find(|key| key.id == id)
    }
}

/// What is wrong with keys. It never says a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyError {
    Secret,
    Id(u8),
    Count(usize),
    Twice(u8),
    Missing(u8),
}

impl fmt::Display for KeyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Secret => write!(formatter, "a secret is 16 bytes, written as 32 hex digits"),
            Self::Id(id) => write!(formatter, "the id of a key is 0 to 15, not {id}"),
            Self::Count(count) => write!(formatter, "1 to 4 keys are taken, not {count}"),
            Self::Twice(id) => write!(formatter, "two keys have the id {id}"),
            Self::Missing(id) => write!(formatter, "none of the keys to send with has the id {id}"),
        }
    }
}

impl Error for KeyError {}
