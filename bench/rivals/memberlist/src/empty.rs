//! The same without memberlist: reads a datagram, as `../rv32`'s `empty`, and prints a number.
#![no_main]

extern crate alloc;

#[path = "../../rv32/src/board.rs"]
#[allow(dead_code)]
mod board;
#[path = "../../rv32/src/heap.rs"]
#[allow(dead_code)]
mod heap;
mod system;

use std::fmt::Write;

use heap::Heap;

#[global_allocator]
static HEAP: Heap = Heap::new();

#[no_mangle]
extern "C" fn main() -> ! {
    HEAP.open();
    let mut data = Vec::new();
    board::read_datagram(&mut data);
    let _ = writeln!(board::Line, "{{\"bytes\":{}}}", data.len());
    board::exit(true)
}
