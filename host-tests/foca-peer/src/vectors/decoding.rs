//! Bytes that no encoder writes, and what the decoders make of them.

use std::net::SocketAddr;

use foca::{Member, Message, PostcardCodec, State};
use serde::{de::DeserializeOwned, Serialize};
use serde_json::{json, Value};

use crate::{
    dialect::{Bincode, Dialect},
    identities::{Kind, RenewableV4, Tiny},
    json::{plain, unhex},
};

/// Integers are read as their type and shown as decimal strings.
fn integer<D: Dialect, V: DeserializeOwned + ToString>(kind: &str, hexes: &[&str]) -> Vec<Value> {
    each::<D, V>(kind, hexes, |value| json!(value.to_string()))
}

fn value<D: Dialect, V: DeserializeOwned + Serialize>(kind: &str, hexes: &[&str]) -> Vec<Value> {
    each::<D, V>(kind, hexes, |value| plain(value))
}

fn each<D: Dialect, V: DeserializeOwned>(
    kind: &str,
    hexes: &[&str],
    show: impl Fn(&V) -> Value,
) -> Vec<Value> {
    hexes
        .iter()
        .map(|hex| match D::read::<V>(&unhex(hex)) {
            Ok((value, used)) => json!({
                "dialect": D::NAME, "type": kind, "hex": hex, "value": show(&value), "used": used,
            }),
            Err(error) => json!({
                "dialect": D::NAME, "type": kind, "hex": hex, "error": error,
            }),
        })
        .collect()
}

/// What both dialects read the same way, or refuse.
fn shared<D: Dialect>() -> Vec<Value> {
    let tiny_member = ["01020300", "010203", "0102030003", "01020304", ""];
    [
        value::<D, bool>("bool", &["", "00", "01", "02", "80", "ff"]),
        integer::<D, u8>("u8", &["", "00", "80", "fb", "ff"]),
        integer::<D, i8>("i8", &["", "00", "80", "ff"]),
        value::<D, Option<bool>>(
            "option<bool>",
            &["", "00", "01", "0101", "02", "0201", "0102"],
        ),
        value::<D, [u8; 4]>("bytes4", &["01020304", "010203", "0102030405"]),
        value::<D, Tiny>("tiny", &["010203", "0102", "fbfffb", "fffffb"]),
        value::<D, Member<Tiny>>("member<tiny>", &tiny_member),
        value::<D, SocketAddr>(
            "socketAddr",
            &["000a00000101", "000a000001", "010a00000101", "020a00000101"],
        ),
        value::<D, State>("state", &["", "00", "01", "02", "03", "7f", "fa"]),
        value::<D, Kind>("kind", &["00", "0105", "020178", "03"]),
        value::<D, String>(
            "string",
            &[
                "00",
                "0161",
                "0261",
                "01ff",
                "02c080",
                "03eda080",
                "04f09f8ca1",
                "02c3bc",
                "01c3",
            ],
        ),
    ]
    .concat()
}

fn postcard() -> Vec<Value> {
    type D = PostcardCodec;
    let u16s = [
        "", "80", "8000", "808000", "80808000", "ff00", "ffff03", "ffff04", "ffff07", "ffff7f",
        "ffff83", "ffff8300", "ffffff", "ff8000", "8100", "818000",
    ];
    let u32s = [
        "8080808000",
        "808080808000",
        "ffffffff0f",
        "ffffffff10",
        "ffffffff1f",
        "ffffffff7f",
        "ffffffff8f00",
        "ffff04",
        "80808080",
        "8180808000",
    ];
    let u64s = [
        "80808080808080808000",
        "8080808080808080808000",
        "ffffffffffffffffff01",
        "ffffffffffffffffff02",
        "ffffffffffffffffff7f",
        "ffffffffffffffffff8100",
        "ffffffff1f",
        "808080808080808080",
        "81808080808080808000",
    ];
    let states = [
        "8000",
        "8100",
        "8200",
        "8300",
        "828000",
        "80808080808000",
        "8080808000",
    ];
    [
        integer::<D, u16>("u16", &u16s),
        integer::<D, u32>("u32", &u32s),
        integer::<D, u64>("u64", &u64s),
        integer::<D, i16>(
            "i16",
            &["00", "01", "8000", "808000", "feff03", "ffff03", "ffff07"],
        ),
        integer::<D, i32>("i32", &["8080808000", "ffffffff0f", "ffffffff1f"]),
        integer::<D, i64>(
            "i64",
            &[
                "80808080808080808000",
                "ffffffffffffffffff01",
                "ffffffffffffffffff03",
            ],
        ),
        value::<D, State>("state", &states),
        value::<D, String>(
            "string",
            &["810061", "80808080808080808000", "ffffffffffffffffff01"],
        ),
        value::<D, Message<Tiny>>("message<tiny>", &["0005", "8a00", "0a", "0b", "860001"]),
        value::<D, RenewableV4>("renewableV4", &["0a000001818000818000", "0a000001ffff0400"]),
    ]
    .concat()
}

fn bincode() -> Vec<Value> {
    type D = Bincode;
    let u16s = [
        "",
        "fa",
        "fb",
        "fb00",
        "fb0000",
        "fbfa00",
        "fbfb00",
        "fbffff",
        "fc00000000",
        "fd0000000000000000",
        "fe00000000000000000000000000000000",
        "ff",
    ];
    let u32s = [
        "fb0100",
        "fc01000000",
        "fcffff0000",
        "fcffffffff",
        "fc000000",
        "fd0100000000000000",
        "fe",
        "ff",
    ];
    let u64s = [
        "fb0100",
        "fc01000000",
        "fd0100000000000000",
        "fdffffffff00000000",
        "fdffffffffffffffff",
        "fd00000000000000",
        "fe01000000000000000000000000000000",
        "ff",
    ];
    [
        integer::<D, u16>("u16", &u16s),
        integer::<D, u32>("u32", &u32s),
        integer::<D, u64>("u64", &u64s),
        integer::<D, i16>("i16", &["fb0000", "fb0100", "fbffff", "fc01000000"]),
        integer::<D, i32>("i32", &["fb0100", "fc01000000", "fd0100000000000000"]),
        integer::<D, i64>("i64", &["fb0100", "fc01000000", "fd0100000000000000", "fe"]),
        value::<D, State>(
            "state",
            &[
                "fb0000",
                "fb0200",
                "fb0300",
                "fc02000000",
                "fd0200000000000000",
                "fe",
                "ff",
            ],
        ),
        value::<D, String>("string", &["fb010061", "fd010000000000000061", "fb0100"]),
        value::<D, Message<Tiny>>("message<tiny>", &["0005", "fb0a00", "0a", "0b", "fb060001"]),
        value::<D, RenewableV4>(
            "renewableV4",
            &[
                "0a000001fb0100fb0100",
                "0a000001fb0100fc01000000",
                "0a000001fc0100000000",
            ],
        ),
    ]
    .concat()
}

pub fn section() -> Vec<Value> {
    [
        shared::<PostcardCodec>(),
        postcard(),
        shared::<Bincode>(),
        bincode(),
    ]
    .concat()
}
