//! Integers at the edges of every length, in both dialects.

use foca::PostcardCodec;
use serde::{de::DeserializeOwned, Serialize};
use serde_json::{json, Value};

use crate::{
    dialect::{Bincode, Dialect},
    json::hex,
};

/// Distances from zero at which a length or a width changes, and the odd one.
const EDGES: [i128; 32] = [
    0,
    1,
    2,
    63,
    64,
    124,
    125,
    126,
    127,
    128,
    129,
    249,
    250,
    251,
    252,
    253,
    254,
    255,
    256,
    8191,
    8192,
    16383,
    16384,
    32767,
    32768,
    65535,
    65536,
    0x1f_ffff,
    0x20_0000,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
];
const WIDE_EDGES: [i128; 11] = [
    1 << 32,
    (1 << 35) - 1,
    1 << 35,
    (1 << 53) - 1,
    1 << 53,
    (1 << 56) - 1,
    1 << 56,
    (1 << 63) - 1,
    1 << 63,
    (1 << 64) - 2,
    (1 << 64) - 1,
];

fn of_type<V>(name: &str) -> Vec<Value>
where
    V: TryFrom<i128> + Serialize + DeserializeOwned + Copy + PartialEq + std::fmt::Debug,
{
    let mut values: Vec<i128> = EDGES.into_iter().chain(WIDE_EDGES).collect();
    values.extend(values.clone().into_iter().map(|value| -value));
    values.sort_unstable();
    values.dedup();
    values
        .into_iter()
        .filter_map(|value| Some((value, V::try_from(value).ok()?)))
        .map(|(decimal, value)| {
            let (postcard, bincode) = (PostcardCodec::write(&value), Bincode::write(&value));
            assert_eq!(Ok((value, postcard.len())), PostcardCodec::read(&postcard));
            assert_eq!(Ok((value, bincode.len())), Bincode::read(&bincode));
            json!({
                "type": name,
                "value": decimal.to_string(),
                "postcard": hex(&postcard),
                "bincode": hex(&bincode),
            })
        })
        .collect()
}

pub fn section() -> Vec<Value> {
    [
        of_type::<u8>("u8"),
        of_type::<u16>("u16"),
        of_type::<u32>("u32"),
        of_type::<u64>("u64"),
        of_type::<i8>("i8"),
        of_type::<i16>("i16"),
        of_type::<i32>("i32"),
        of_type::<i64>("i64"),
    ]
    .concat()
}
