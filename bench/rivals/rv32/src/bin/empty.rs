//! The program of a device that is no member: what `node-*` has besides foca.
#![no_std]
#![no_main]

extern crate alloc;

use alloc::vec::Vec;
use core::panic::PanicInfo;

use rivals_rv32::{board, heap::Heap};

#[global_allocator]
static HEAP: Heap = Heap::new();

#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    board::exit(false)
}

/// Sends each datagram back, until an empty one comes.
#[no_mangle]
extern "C" fn main() -> ! {
    HEAP.open();
    let mut data = Vec::new();
    loop {
        if !board::is_readable() {
            continue;
        }
        board::read_datagram(&mut data);
        if data.is_empty() {
            board::exit(true);
        }
        board::write(&data);
    }
}
