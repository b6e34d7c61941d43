//! Prints foca's costs as JSON lines.

mod counting;
mod hand;
mod identity;
mod node;
mod operations;
mod sample;

use foca::{BincodeCodec, Codec};
use identity::Renewable;

#[global_allocator]
static ALLOCATOR: counting::Counting = counting::Counting;

const MEMBERS: [u32; 4] = [16, 128, 1024, 8192];

fn main() {
    let codec = BincodeCodec(bincode::config::standard());
    run("bincode", codec);
    run("hand", hand::Hand);
}

fn run<C: Codec<Renewable, Error: std::error::Error> + Copy>(name: &str, codec: C) {
    for members in MEMBERS {
        let print = |operation: &str, fields: String| {
            println!(
                "{{\"peer\":\"foca\",\"codec\":\"{name}\",\"operation\":\"{operation}\",\"members\":{members},{fields}}}"
            );
        };
        let timed = |operation: &str, sample: &sample::Sample, more: String| {
            print(
                operation,
                format!(
                    "\"medianNs\":{:.0},\"p90Ns\":{:.0},\"allocations\":{:.2}{more}",
                    sample.median_ns, sample.p90_ns, sample.allocations
                ),
            );
        };
        timed(
            "handlePing",
            &operations::handle_ping(members, codec),
            String::new(),
        );
        timed(
            "handlePingFullQueue",
            &operations::handle_ping_full_queue(members, codec),
            String::new(),
        );
        let (cycle, worst) = operations::probe_cycle(members, codec);
        timed("probeCycle", &cycle, format!(",\"worstNs\":{worst:.0}"));
        timed(
            "gossip20Known",
            &operations::gossip_known(members, codec),
            String::new(),
        );
        timed(
            "gossip20New",
            &operations::gossip_new(members, codec),
            String::new(),
        );
        let (empty, full) = operations::bytes_per_member(members, codec);
        print("memoryQueueEmpty", format!("\"bytesPerMember\":{empty:.1}"));
        print("memoryQueueFull", format!("\"bytesPerMember\":{full:.1}"));
    }
}
