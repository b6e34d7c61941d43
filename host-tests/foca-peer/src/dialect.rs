//! The two codecs that foca ships, with their plain serde entry points.

use bincode::config::Configuration;
use foca::{BincodeCodec, PostcardCodec};
use serde::{de::DeserializeOwned, Serialize};

/// foca's codec for `bincode::config::standard()`.
pub type Bincode = BincodeCodec<Configuration>;

pub const BINCODE: Bincode = BincodeCodec(bincode::config::standard());
pub const POSTCARD: PostcardCodec = PostcardCodec;

/// The primitives of a codec, called the way foca's own codec calls them.
pub trait Dialect: Copy {
    const NAME: &'static str;

    fn write<V: Serialize>(value: &V) -> Vec<u8>;

    /// The value and the number of bytes read, or the name of the error.
    fn read<V: DeserializeOwned>(bytes: &[u8]) -> Result<(V, usize), String>;
}

impl Dialect for Bincode {
    const NAME: &'static str = "bincode";

    fn write<V: Serialize>(value: &V) -> Vec<u8> {
        bincode::serde::encode_to_vec(value, BINCODE.0).expect("a vector always has room")
    }

    fn read<V: DeserializeOwned>(bytes: &[u8]) -> Result<(V, usize), String> {
        let mut rest = bytes;
        let value = bincode::serde::decode_from_std_read(&mut rest, BINCODE.0)
            .map_err(|error| variant_name(&error))?;
        Ok((value, bytes.len() - rest.len()))
    }
}

impl Dialect for PostcardCodec {
    const NAME: &'static str = "postcard";

    fn write<V: Serialize>(value: &V) -> Vec<u8> {
        postcard::to_allocvec(value).expect("a vector always has room")
    }

    fn read<V: DeserializeOwned>(bytes: &[u8]) -> Result<(V, usize), String> {
        let (value, rest) =
            postcard::take_from_bytes(bytes).map_err(|error| variant_name(&error))?;
        Ok((value, bytes.len() - rest.len()))
    }
}

/// `UnexpectedEnd` of `UnexpectedEnd { additional: 1 }`.
pub fn variant_name(value: &impl std::fmt::Debug) -> String {
    let text = format!("{value:?}");
    let end = text
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(text.len());
    text[..end].to_owned()
}
