//! Prints the golden bytes of foca 1.0.0 as JSON.

use foca_peer::{
    json,
    vectors::{datagrams, decoding, handled, headers, identities, integers},
};
use serde_json::{json, Map, Value};

pub fn run() {
    let (setups, handled) = handled::sections();
    let sections = [
        ("foca", json!("1.0.0")),
        ("integers", Value::Array(integers::section())),
        ("decoding", Value::Array(decoding::section())),
        ("identities", Value::Array(identities::section())),
        ("members", Value::Array(headers::members())),
        ("headers", Value::Array(headers::headers())),
        ("datagrams", Value::Array(datagrams::section())),
        ("setups", Value::Array(setups)),
        ("handled", Value::Array(handled)),
    ];
    let sections: Map<String, Value> = sections
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    print!("{}", json::print(&sections));
}
