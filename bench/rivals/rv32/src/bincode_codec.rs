//! The wire that foca's `BincodeCodec` speaks, for programs without `std`, which that codec needs.

use core::fmt;

use bincode::{
    config,
    enc::write::Writer,
    error::{DecodeError, EncodeError},
};
use bytes::{Buf, BufMut};
use foca::{Codec, Header, Member};
use serde::{de::DeserializeOwned, Serialize};

use crate::identity::Renewable;

#[derive(Clone, Copy)]
pub struct Bincode;

#[derive(Debug)]
pub enum Error {
    Encode,
    Decode,
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Encode => "no room",
            Self::Decode => "not a value",
        })
    }
}

impl core::error::Error for Error {}

impl From<EncodeError> for Error {
    fn from(_: EncodeError) -> Self {
        Self::Encode
    }
}

impl From<DecodeError> for Error {
    fn from(_: DecodeError) -> Self {
        Self::Decode
    }
}

struct Into<B>(B);

impl<B: BufMut> Writer for Into<B> {
    fn write(&mut self, bytes: &[u8]) -> Result<(), EncodeError> {
        if self.0.remaining_mut() < bytes.len() {
            return Err(EncodeError::UnexpectedEnd);
        }
        self.0.put_slice(bytes);
        Ok(())
    }
}

fn encode(value: &impl Serialize, buf: impl BufMut) -> Result<(), Error> {
    Ok(bincode::serde::encode_into_writer(
        value,
        Into(buf),
        config::standard(),
    )?)
}

/// foca hands over its bytes in one piece.
fn decode<V: DeserializeOwned>(mut buf: impl Buf) -> Result<V, Error> {
    let (value, length) = bincode::serde::decode_from_slice(buf.chunk(), config::standard())?;
    buf.advance(length);
    Ok(value)
}

impl Codec<Renewable> for Bincode {
    type Error = Error;

    fn encode_header(&mut self, header: &Header<Renewable>, buf: impl BufMut) -> Result<(), Error> {
        encode(header, buf)
    }

    fn decode_header(&mut self, buf: impl Buf) -> Result<Header<Renewable>, Error> {
        decode(buf)
    }

    fn encode_member(&mut self, member: &Member<Renewable>, buf: impl BufMut) -> Result<(), Error> {
        encode(member, buf)
    }

    fn decode_member(&mut self, buf: impl Buf) -> Result<Member<Renewable>, Error> {
        decode(buf)
    }
}
