//! Sealed datagrams of every length at which something changes.

use serde_json::{json, Value};

use crate::{
    json::hex,
    seal::{frame_of, Key, Life},
};

/// Nothing, around one block, a short datagram, and the most that fits in 1400 bytes.
const LENGTHS: [usize; 7] = [0, 1, 15, 16, 17, 59, 1379];
const LAST: u32 = (1 << 24) - 1;

pub fn section() -> Vec<Value> {
    let mut records: Vec<Value> = LENGTHS
        .iter()
        .zip(1..)
        .map(|(length, at)| record(at, 0x01_0203 * at, 0x0f_0e0d * at, *length))
        .collect();
    // The smallest and the largest of each number.
    records.push(record(0, 0, 0, 59));
    records.push(record(15, LAST, LAST, 59));
    records
}

fn record(id: u32, boot: u32, sequence: u32, length: usize) -> Value {
    let secret: [u8; 16] = bytes(3 * id, 16).try_into().expect("16 bytes");
    let device: [u8; 6] = bytes(3 * id + 1, 6).try_into().expect("6 bytes");
    let plain = bytes(3 * id + 2, length);
    let key = Key::new(id as u8, &secret).expect("a small id");
    let life = Life { device, boot };
    let frame = frame_of(&key, life, sequence, &plain).expect("a short datagram");
    json!({
        "key": hex(&secret),
        "keyId": id,
        "device": hex(&device),
        "boot": format!("{boot:06x}"),
        "sequence": format!("{sequence:06x}"),
        "plaintext": hex(&plain),
        "frame": hex(&frame),
    })
}

/// Bytes without a pattern, the same on each run.
fn bytes(salt: u32, length: usize) -> Vec<u8> {
    let mut state = (salt + 1).wrapping_mul(0x9e37_79b9);
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_be_bytes()[1]
    };
    (0..length).map(|_| next()).collect()
}
