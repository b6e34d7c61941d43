//! Hand-made datagrams, and everything that foca does with each.

mod cases;
mod members;
mod messages;
mod tails;

use std::num::NonZeroUsize;

use foca::{
    BroadcastHandler, Config, Error, Header, Identity, Message, NoCustomBroadcast,
    OwnedNotification,
};
use serde::Serialize;
use serde_json::{json, Map, Value};

use self::cases::{cases, defunct_cases, Case};
use crate::{
    dialect::{variant_name, Dialect, BINCODE, POSTCARD},
    handler::{Received, Versioned},
    json,
    node::{parse, Node, PeerCodec},
};

/// The states that datagrams meet, and the datagrams, which name a state by
/// its place in the list.
pub fn sections() -> (Vec<Value>, Vec<Value>) {
    let mut setups = Vec::new();
    let mut records = Vec::new();
    for case in cases(POSTCARD, false) {
        records.push(run("renewable", POSTCARD, case, &mut setups));
    }
    for case in defunct_cases(POSTCARD) {
        records.push(run("socketAddr", POSTCARD, case, &mut setups));
    }
    for case in cases(BINCODE, true) {
        records.push(run("renewable", BINCODE, case, &mut setups));
    }
    for case in defunct_cases(BINCODE) {
        records.push(run("socketAddr", BINCODE, case, &mut setups));
    }
    (setups, records)
}

/// The error's name, as in foca's `Error`.
pub fn result_name(result: &Result<(), Error>) -> String {
    match result {
        Ok(()) => "Ok".to_owned(),
        Err(error) => variant_name(error),
    }
}

fn run<T, C>(kind: &str, codec: C, case: Case<T>, setups: &mut Vec<Value>) -> Value
where
    T: Identity + Serialize,
    C: PeerCodec<T> + Dialect,
{
    let setup = json!({
        "type": kind,
        "identity": json::plain(&case.identity),
        "members": case.members.iter().map(json::member).collect::<Vec<_>>(),
        "maxPacketSize": case.max_packet_size,
        "notifyDownMembers": case.notify_down_members,
        "broadcastHandler": !case.no_handler,
    });
    let place = setups
        .iter()
        .position(|known| *known == setup)
        .unwrap_or_else(|| {
            setups.push(setup);
            setups.len() - 1
        });
    let mut record = Map::new();
    record.insert("name".to_owned(), json!(case.name));
    record.insert("dialect".to_owned(), json!(C::NAME));
    record.insert("setup".to_owned(), json!(place));
    record.insert("hex".to_owned(), json!(json::hex(&case.bytes)));
    if case.no_handler {
        play(
            codec,
            case,
            NoCustomBroadcast,
            Received::default(),
            &mut record,
        );
    } else {
        let handler = Versioned::default();
        let received = handler.received.clone();
        play(codec, case, handler, received, &mut record);
    }
    Value::Object(record)
}

/// Adds the result, and whatever else is not as it was before.
fn play<T, C, B>(
    codec: C,
    case: Case<T>,
    handler: B,
    received: Received,
    record: &mut Map<String, Value>,
) where
    T: Identity + Serialize,
    C: PeerCodec<T> + Dialect,
    B: BroadcastHandler<T>,
{
    let config = Config {
        notify_down_members: case.notify_down_members,
        max_packet_size: NonZeroUsize::new(case.max_packet_size).expect("some room"),
        ..Config::simple()
    };
    let mut node = Node::new(case.identity.clone(), config, codec, handler);
    node.know(&case.members);
    let before = sorted_members(&node);
    let result = node.receive(&case.bytes);
    record.insert("result".to_owned(), json!(result_name(&result)));

    let mut add = |name: &str, value: Value, unchanged: Value| {
        if value != unchanged {
            record.insert(name.to_owned(), value);
        }
    };
    add("members", json!(sorted_members(&node)), json!(before));
    add("sent", json!(sent(&mut node)), json!([]));
    let notifications: Vec<Value> = node.notifications().iter().map(notification).collect();
    add("notifications", json!(notifications), json!([]));
    let timers: Vec<String> = node
        .timers()
        .iter()
        .map(|(_, timer)| variant_name(timer))
        .collect();
    add("timers", json!(timers), json!([]));
    let received: Vec<String> = received
        .borrow()
        .iter()
        .map(|item| json::hex(item))
        .collect();
    add("received", json!(received), json!([]));
    add(
        "updatesBacklog",
        json!(node.foca.updates_backlog()),
        json!(0),
    );
    add(
        "broadcastBacklog",
        json!(node.foca.custom_broadcast_backlog()),
        json!(0),
    );
    let header = next_header(&mut node, case.outsider);
    add(
        "identity",
        json::plain(&header.src),
        json::plain(&case.identity),
    );
    add("incarnation", json!(header.src_incarnation), json!(0));
}

/// By address, since foca keeps members at random places.
fn sorted_members<T, C, B>(node: &Node<T, C, B>) -> Vec<Value>
where
    T: Identity + Serialize,
    C: PeerCodec<T>,
    B: BroadcastHandler<T>,
{
    let mut members: Vec<Value> = node.membership().iter().map(json::member).collect();
    members.sort_by_key(Value::to_string);
    members
}

/// By destination, since foca picks the targets of gossip in random order.
fn sent<T, C, B>(node: &mut Node<T, C, B>) -> Vec<Value>
where
    T: Identity + Serialize,
    C: PeerCodec<T>,
    B: BroadcastHandler<T>,
{
    let mut sent: Vec<Value> = node
        .sent()
        .iter()
        .map(|(to, bytes)| {
            json!({
                "to": json::plain(to),
                "message": variant_name(&parse(node.codec, bytes).header.message),
                "hex": json::hex(bytes),
            })
        })
        .collect();
    sent.sort_by_key(Value::to_string);
    sent
}

fn notification<T: Serialize>(notification: &OwnedNotification<T>) -> Value {
    match notification {
        OwnedNotification::MemberUp(id) => json!(["memberUp", json::plain(id)]),
        OwnedNotification::MemberDown(id) => json!(["memberDown", json::plain(id)]),
        OwnedNotification::Rename(before, after) => {
            json!(["rename", json::plain(before), json::plain(after)])
        }
        OwnedNotification::Active => json!(["active"]),
        OwnedNotification::Idle => json!(["idle"]),
        OwnedNotification::Defunct => json!(["defunct"]),
        OwnedNotification::Rejoin(id) => json!(["rejoin", json::plain(id)]),
    }
}

/// What a node now says of itself.
fn next_header<T, C, B>(node: &mut Node<T, C, B>, outsider: T) -> Header<T>
where
    T: Identity,
    C: PeerCodec<T>,
    B: BroadcastHandler<T>,
{
    node.foca
        .announce(outsider, &mut node.runtime)
        .expect("room for a header");
    let (_, bytes) = node.sent().pop().expect("an Announce");
    let header = parse(node.codec, &bytes).header;
    assert!(header.message == Message::Announce);
    header
}
