//! Values as JSON, bytes as hex, and a printer with one record a line.

use foca::{Header, Member, Message};
use serde::Serialize;
use serde_json::{json, Map, Value};

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn unhex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex digits"))
        .collect()
}

pub fn plain<V: Serialize>(value: &V) -> Value {
    serde_json::to_value(value).expect("plain data")
}

pub fn member<T: Serialize>(member: &Member<T>) -> Value {
    json!({
        "id": plain(member.id()),
        "incarnation": member.incarnation(),
        "state": format!("{:?}", member.state()),
    })
}

pub fn message<T: Serialize>(message: &Message<T>) -> Value {
    let (kind, named, n) = match message {
        Message::Ping(n) => ("Ping", None, Some(n)),
        Message::Ack(n) => ("Ack", None, Some(n)),
        Message::PingReq {
            target,
            probe_number,
        } => ("PingReq", Some(("target", target)), Some(probe_number)),
        Message::IndirectPing {
            origin,
            probe_number,
        } => ("IndirectPing", Some(("origin", origin)), Some(probe_number)),
        Message::IndirectAck {
            target,
            probe_number,
        } => ("IndirectAck", Some(("target", target)), Some(probe_number)),
        Message::ForwardedAck {
            origin,
            probe_number,
        } => ("ForwardedAck", Some(("origin", origin)), Some(probe_number)),
        Message::Announce => ("Announce", None, None),
        Message::Feed => ("Feed", None, None),
        Message::Gossip => ("Gossip", None, None),
        Message::Broadcast => ("Broadcast", None, None),
        Message::TurnUndead => ("TurnUndead", None, None),
    };
    let mut fields = Map::new();
    fields.insert("type".to_owned(), json!(kind));
    if let Some((name, identity)) = named {
        fields.insert(name.to_owned(), plain(identity));
    }
    if let Some(n) = n {
        fields.insert("probeNumber".to_owned(), json!(n));
    }
    Value::Object(fields)
}

pub fn header<T: Serialize>(header: &Header<T>) -> Value {
    json!({
        "src": plain(&header.src),
        "srcIncarnation": header.src_incarnation,
        "dst": plain(&header.dst),
        "message": message(&header.message),
    })
}

/// An object of arrays, each element of an array on a line of its own.
pub fn print(sections: &Map<String, Value>) -> String {
    let mut lines = Vec::new();
    for (name, value) in sections {
        match value {
            Value::Array(records) if !records.is_empty() => {
                let records: Vec<String> = records.iter().map(|r| format!("    {r}")).collect();
                lines.push(format!("  \"{name}\": [\n{}\n  ]", records.join(",\n")));
            }
            other => lines.push(format!("  \"{name}\": {other}")),
        }
    }
    format!("{{\n{}\n}}\n", lines.join(",\n"))
}
