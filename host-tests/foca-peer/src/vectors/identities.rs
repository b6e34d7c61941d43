//! Identities: value, and bytes in both dialects.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

use foca::PostcardCodec;
use serde::Serialize;
use serde_json::{json, Value};

use crate::{
    dialect::{Bincode, Dialect},
    identities::{Device, Kind, Named, OptionalPort, Renewable, RenewableV4, Signed, Tiny},
    json::{hex, plain},
};

fn record<V: Serialize>(kind: &str, value: V) -> Value {
    json!({
        "type": kind,
        "value": plain(&value),
        "postcard": hex(&PostcardCodec::write(&value)),
        "bincode": hex(&Bincode::write(&value)),
    })
}

const V4: [([u8; 4], u16); 6] = [
    ([0, 0, 0, 0], 0),
    ([127, 0, 0, 1], 127),
    ([10, 0, 0, 1], 250),
    ([192, 168, 1, 10], 7946),
    ([172, 16, 254, 251], 251),
    ([255, 255, 255, 255], 65535),
];

const V6: [([u16; 8], u16); 5] = [
    ([0; 8], 0),
    ([0, 0, 0, 0, 0, 0, 0, 1], 7946),
    ([0xfe80, 0, 0, 0, 0x1234, 0x5678, 0x9abc, 0xdef0], 128),
    ([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0x00fb], 251),
    ([0xffff; 8], 65535),
];

const BUMPS: [u64; 11] = [
    0,
    1,
    127,
    128,
    250,
    251,
    65535,
    65536,
    1_700_000_000,
    1 << 53,
    u64::MAX,
];

fn v4(index: usize) -> SocketAddrV4 {
    let (octets, port) = V4[index % V4.len()];
    SocketAddrV4::new(Ipv4Addr::from(octets), port)
}

fn v6(index: usize) -> SocketAddrV6 {
    let (segments, port) = V6[index % V6.len()];
    SocketAddrV6::new(Ipv6Addr::from(segments), port, 0, 0)
}

pub fn section() -> Vec<Value> {
    let mut records = Vec::new();
    for index in 0..V4.len() {
        records.push(record("socketAddr", SocketAddr::V4(v4(index))));
        records.push(record("socketAddrV4", v4(index)));
    }
    for index in 0..V6.len() {
        records.push(record("socketAddr", SocketAddr::V6(v6(index))));
        records.push(record("socketAddrV6", v6(index)));
    }
    for (index, bump) in BUMPS.into_iter().enumerate() {
        let addr = SocketAddr::V4(v4(index));
        records.push(record("renewable", Renewable { addr, bump }));
        let addr = SocketAddr::V6(v6(index));
        records.push(record("renewable", Renewable { addr, bump }));
        let addr = v4(index);
        records.push(record("renewableV4", RenewableV4 { addr, bump }));
    }
    records.extend(brought_by_users());
    records
}

fn brought_by_users() -> Vec<Value> {
    let mut records = Vec::new();
    for (a, b, extra) in [(0, 0, 0), (1, 250, 250), (251, 127, 251), (255, 255, 65535)] {
        records.push(record("tiny", Tiny { a, b, extra }));
    }
    let long = "n".repeat(251);
    for (name, bump) in [
        ("", 0),
        ("sensor-1", 1),
        ("Küche 🌡", 1 << 53),
        (&long, u64::MAX),
    ] {
        let name = name.to_owned();
        records.push(record("named", Named { name, bump }));
    }
    for port in [None, Some(0), Some(7946), Some(65535)] {
        let host = [10, 0, 0, 251];
        records.push(record("optionalPort", OptionalPort { host, port }));
    }
    for (tiny, small, middle, large) in [
        (0, 0, 0, 0),
        (-1, -1, -1, -1),
        (i8::MIN, i16::MIN, i32::MIN, i64::MIN),
        (i8::MAX, i16::MAX, i32::MAX, i64::MAX),
    ] {
        records.push(record(
            "signed",
            Signed {
                tiny,
                small,
                middle,
                large,
            },
        ));
    }
    for (mains, kind) in [
        (false, Kind::Sensor),
        (true, Kind::Gateway { zone: 300 }),
        (true, Kind::Other("x".to_owned())),
    ] {
        let (serial, at) = (
            [0xde, 0xad, 0xfb, 0xff],
            Tiny {
                a: 1,
                b: 2,
                extra: 3,
            },
        );
        records.push(record(
            "device",
            Device {
                serial,
                mains,
                kind,
                at,
            },
        ));
    }
    records
}
