//! Prints what memberlist's codec costs, a line of JSON for each figure, and runs nothing else of memberlist.
#![no_main]

extern crate alloc;

#[path = "../../rv32/src/board.rs"]
#[allow(dead_code)]
mod board;
#[path = "../../rv32/src/heap.rs"]
#[allow(dead_code)]
mod heap;
mod system;

use std::{
    fmt::Write,
    hint::black_box,
    net::{Ipv4Addr, SocketAddrV4},
};

use memberlist_proto::{Ack, Alive, Data, Message, Ping};
use nodecraft::Node;
use smol_str::SmolStr;

use board::{instructions, stack_of, Line};
use heap::Heap;

#[global_allocator]
static HEAP: Heap = Heap::new();

type Told = Message<SmolStr, SocketAddrV4>;

const RUNS: u32 = 200;
const NEWS: u8 = 20;
const SEQUENCE: u32 = 7;

/// A member has a name, and its address is that of `../rv32`.
fn member(number: u8) -> Node<SmolStr, SocketAddrV4> {
    let ip = Ipv4Addr::new(10, 0, 0, number);
    let mut name = String::new();
    write!(name, "{ip}").expect("room");
    Node::new(SmolStr::new(name), SocketAddrV4::new(ip, 7000))
}

fn print(operation: &str, bytes: usize, mut run: impl FnMut()) {
    let stack = stack_of(&mut run);
    let before = HEAP.counts();
    let start = instructions();
    for _ in 0..RUNS {
        run();
    }
    let spent = (instructions() - start) / u64::from(RUNS);
    let after = HEAP.counts();
    let allocations = (after.allocations - before.allocations) / RUNS as usize;
    let allocated = (after.allocated_bytes - before.allocated_bytes) / RUNS as usize;
    let _ = writeln!(
        Line,
        "{{\"codec\":\"memberlist\",\"operation\":\"{operation}\",\"datagramBytes\":{bytes},\"instructions\":{spent},\"allocations\":{allocations},\"allocatedBytes\":{allocated},\"stackBytes\":{stack}}}",
    );
}

fn read(bytes: &[u8]) -> (usize, Told) {
    Told::decode(black_box(bytes)).expect("a good message")
}

#[no_mangle]
extern "C" fn main() -> ! {
    HEAP.open();
    let own = member(1);
    let ping = Told::Ping(Ping::new(SEQUENCE, member(2), own.clone()));
    let bytes = ping.encode_to_vec().expect("room");
    let mut out = [0; 64];
    print("answerPing", bytes.len(), || {
        let (_, Message::Ping(ping)) = read(&bytes) else {
            panic!("not a Ping")
        };
        assert_eq!(ping.target().id(), own.id());
        let ack = Told::Ack(Ack::new(ping.sequence_number()));
        black_box(ack.encode(&mut out).expect("room"));
    });
    let mut gossip = Vec::new();
    for number in 2..2 + NEWS {
        let alive = Told::Alive(Alive::new(0, member(number)));
        gossip.extend(alive.encode_to_vec().expect("room"));
    }
    print("gossip20Known", gossip.len(), || {
        let mut at = 0;
        while at < gossip.len() {
            let (length, told) = read(&gossip[at..]);
            black_box(told);
            at += length;
        }
    });
    board::exit(true)
}
