//! The least program of a member, with the codec postcard.
#![no_std]
#![no_main]

use core::panic::PanicInfo;

use foca::PostcardCodec;
use rivals_rv32::{board, device, heap::Heap};

#[global_allocator]
static HEAP: Heap = Heap::new();

#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    board::exit(false)
}

#[no_mangle]
extern "C" fn main() -> ! {
    device::run(&HEAP, PostcardCodec)
}
