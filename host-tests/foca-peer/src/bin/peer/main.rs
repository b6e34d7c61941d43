//! The published foca in four parts: `peer host`, `peer leaver BIND_ADDR SEED`,
//! `peer vectors`, `peer behaviours`. And what is sealed in
//! two: `peer sealed`, `peer seal-times`.

mod behaviours;
mod host;
mod leaver;
mod seal_times;
mod vectors;

use std::{env, process::exit};

const USAGE: &str =
    "usage: peer host | leaver BIND_ADDR SEED | vectors | behaviours | sealed | seal-times";

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["host"] => host::run().expect("both pipes"),
        ["leaver", bind, seed] => leaver::run(address(bind), address(seed)),
        ["vectors"] => vectors::run(),
        ["behaviours"] => behaviours::run(),
        ["sealed"] => vectors::run_sealed(),
        ["seal-times"] => seal_times::run(),
        _ => refuse(USAGE),
    }
}

fn address(text: &str) -> std::net::SocketAddr {
    text.parse()
        .unwrap_or_else(|_| refuse(&format!("{text} is no IP address with a port")))
}

fn refuse(why: &str) -> ! {
    eprintln!("{why}");
    exit(2)
}
