//! Headers of every message, and members in every state.

use foca::{Header, Incarnation, Member, Message, PostcardCodec, State};
use serde_json::{json, Value};

use crate::{
    dialect::{Bincode, Dialect, BINCODE, POSTCARD},
    identities::Renewable,
    json,
    node::{encode_header, encode_member},
};

const INCARNATIONS: [Incarnation; 7] = [0, 1, 127, 128, 250, 251, 65535];

pub fn messages<T: Clone>(named: &T, probe_number: u8) -> Vec<Message<T>> {
    vec![
        Message::Ping(probe_number),
        Message::Ack(probe_number),
        Message::PingReq {
            target: named.clone(),
            probe_number,
        },
        Message::IndirectPing {
            origin: named.clone(),
            probe_number,
        },
        Message::IndirectAck {
            target: named.clone(),
            probe_number,
        },
        Message::ForwardedAck {
            origin: named.clone(),
            probe_number,
        },
        Message::Announce,
        Message::Feed,
        Message::Gossip,
        Message::Broadcast,
        Message::TurnUndead,
    ]
}

fn renewable(addr: &str, bump: u64) -> Renewable {
    let addr = addr.parse().expect("an address");
    Renewable { addr, bump }
}

/// Source, destination and the one the message names.
fn families() -> [[Renewable; 3]; 2] {
    [
        [
            renewable("10.0.0.1:7000", 5),
            renewable("10.0.0.2:251", 1_700_000_000),
            renewable("192.168.255.3:65535", u64::MAX),
        ],
        [
            renewable("[fe80::1]:7000", 5),
            renewable("10.0.0.2:127", 251),
            renewable("[2001:db8::fbff]:7946", 1 << 32),
        ],
    ]
}

pub fn headers() -> Vec<Value> {
    let mut records = Vec::new();
    for [src, dst, named] in families() {
        for (index, src_incarnation) in INCARNATIONS.into_iter().enumerate() {
            let probe_number = [0, 1, 127, 128, 250, 251, 255][index];
            for message in messages(&named, probe_number) {
                let header = Header {
                    src,
                    src_incarnation,
                    dst,
                    message,
                };
                records.push(json!({
                    "header": json::header(&header),
                    "postcard": json::hex(&encode_header(POSTCARD, &header)),
                    "bincode": json::hex(&encode_header(BINCODE, &header)),
                }));
            }
        }
    }
    records
}

pub fn members() -> Vec<Value> {
    let mut records = Vec::new();
    for [_, id, _] in families().into_iter().chain([[renewable("[::1]:1", 1); 3]]) {
        for incarnation in INCARNATIONS {
            for state in [State::Alive, State::Suspect, State::Down] {
                let member = Member::new(id, incarnation, state);
                let (postcard, bincode) = (
                    encode_member(POSTCARD, &member),
                    encode_member(BINCODE, &member),
                );
                assert_eq!(
                    Ok((member.clone(), postcard.len())),
                    PostcardCodec::read(&postcard)
                );
                assert_eq!(Ok((member.clone(), bincode.len())), Bincode::read(&bincode));
                records.push(json!({
                    "member": json::member(&member),
                    "postcard": json::hex(&postcard),
                    "bincode": json::hex(&bincode),
                }));
            }
        }
    }
    records
}
