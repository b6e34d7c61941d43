//! Prints the golden bytes of foca 1.0.0, and of sealed datagrams, as JSON.

use foca_peer::{
    json,
    vectors::{datagrams, decoding, handled, headers, identities, integers, sealed},
};
use serde_json::{json, Map, Value};

pub fn run() {
    let (setups, handled) = handled::sections();
    print([
        ("foca", json!("1.0.0")),
        ("integers", Value::Array(integers::section())),
        ("decoding", Value::Array(decoding::section())),
        ("identities", Value::Array(identities::section())),
        ("members", Value::Array(headers::members())),
        ("headers", Value::Array(headers::headers())),
        ("datagrams", Value::Array(datagrams::section())),
        ("setups", Value::Array(setups)),
        ("handled", Value::Array(handled)),
    ]);
}

pub fn run_sealed() {
    print([("sealed", Value::Array(sealed::section()))]);
}

fn print<const N: usize>(sections: [(&str, Value); N]) {
    let sections: Map<String, Value> = sections
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    print!("{}", json::print(&sections));
}
