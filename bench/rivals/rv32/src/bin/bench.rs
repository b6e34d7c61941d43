//! Prints what foca costs, a line of JSON for each figure.
#![no_std]
#![no_main]

use core::{fmt::Write, panic::PanicInfo};

use foca::{Codec, PostcardCodec};
use rivals_rv32::{
    bincode_codec::Bincode,
    board::{self, Line},
    heap::Heap,
    identity::Renewable,
    memory, operations,
};

#[global_allocator]
static HEAP: Heap = Heap::new();

#[panic_handler]
fn panic(info: &PanicInfo) -> ! {
    let _ = writeln!(Line, "{info}");
    board::exit(false)
}

#[no_mangle]
extern "C" fn main() -> ! {
    HEAP.open();
    print_all("postcard", PostcardCodec);
    print_all("bincode", Bincode);
    board::exit(true)
}

fn print_all<C>(codec_name: &str, codec: C)
where
    C: Codec<Renewable, Error: core::error::Error> + Copy,
{
    for members in [16, 1024] {
        for measure in [
            operations::answer_ping,
            operations::probe_cycle,
            operations::gossip_known,
            operations::gossip_new,
            operations::answer_ping_full_queue,
        ] {
            let cost = measure(&HEAP, members, codec);
            let _ = writeln!(
                Line,
                "{{\"codec\":\"{codec_name}\",\"operation\":\"{}\",\"members\":{members},\"instructions\":{},\"allocations\":{},\"allocatedBytes\":{},\"stackBytes\":{}}}",
                cost.name, cost.instructions, cost.allocations, cost.allocated_bytes, cost.stack_bytes
            );
        }
    }
    for members in [0, 32, 1000] {
        for measure in [memory::quiet, memory::joining] {
            let kept = measure(&HEAP, members, codec);
            let _ = writeln!(
                Line,
                "{{\"codec\":\"{codec_name}\",\"memory\":\"{}\",\"members\":{members},\"bytes\":{},\"askedBytes\":{},\"blocks\":{},\"peakBytes\":{}}}",
                kept.name, kept.bytes, kept.asked_bytes, kept.blocks, kept.peak_bytes
            );
        }
    }
}
