//! Prints foca's costs as JSON lines.

mod counting;
mod hand;
mod identity;
mod node;
mod operations;
mod options;
mod sample;

use foca::{BincodeCodec, Codec};
use identity::Renewable;
use node::Node;
use operations::Traffic;
use options::Options;
use sample::Sample;

#[global_allocator]
static ALLOCATOR: counting::Counting = counting::Counting;

fn main() {
    let options = Options::parse(std::env::args().skip(1));
    for members in &options.members {
        if options.datagrams {
            print_datagrams(*members);
            continue;
        }
        if options.has_codec("bincode") {
            let codec = BincodeCodec(bincode::config::standard());
            run("bincode", codec, *members, &options);
        }
        if options.has_codec("hand") {
            run("hand", hand::Hand, *members, &options);
        }
    }
}

fn run<C>(name: &str, codec: C, members: u32, options: &Options)
where
    C: Codec<Renewable, Error: std::error::Error> + Copy,
{
    let budget = options.budget;
    let print = |operation: &str, fields: String| {
        println!(
            "{{\"peer\":\"foca\",\"codec\":\"{name}\",\"operation\":\"{operation}\",\"members\":{members},{fields}}}"
        );
    };
    let timed = |operation: &str, sample: &Sample, more: &str| {
        print(
            operation,
            format!(
                "\"medianNs\":{:.1},\"p90Ns\":{:.1},\"allocations\":{:.2},\"allocatedBytes\":{:.1}{more}",
                sample.median_ns, sample.p90_ns, sample.allocations, sample.allocated_bytes
            ),
        );
    };
    let ping = operations::handle_ping(members, codec, budget);
    timed("handlePing", &ping, "");
    let full = operations::handle_ping_full_queue(members, codec, budget);
    timed("handlePingFullQueue", &full, "");
    let (cycle, worst) = operations::probe_cycle(members, codec, budget);
    timed("probeCycle", &cycle, &format!(",\"worstNs\":{worst:.0}"));
    let known = operations::gossip_known(members, codec, budget);
    timed("gossip20Known", &known, "");
    let new = operations::gossip_new(members, codec, budget);
    timed("gossip20New", &new, "");
    let feed = operations::feed(members, codec, budget);
    timed("feed", &feed, "");
    let apply_many = operations::apply_many(members, codec, budget);
    timed("applyMany", &apply_many, "");
    let (empty, full) = operations::bytes_per_member(members, codec);
    print("memoryQueueEmpty", format!("\"bytesPerMember\":{empty:.1}"));
    print("memoryQueueFull", format!("\"bytesPerMember\":{full:.1}"));
}

/// What the node is handed, in hex digits, for another peer to compare.
fn print_datagrams(members: u32) {
    let mut node = Node::empty(members, BincodeCodec(bincode::config::standard()), 1);
    for (name, traffic) in [
        ("pings", Traffic::Pings),
        ("gossipKnown", Traffic::GossipKnown),
        ("gossipNew", Traffic::GossipNew),
        ("announces", Traffic::Announces),
    ] {
        let hex: String = operations::datagrams(&mut node, traffic)
            .concat()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        println!("{{\"datagrams\":\"{name}\",\"members\":{members},\"hex\":\"{hex}\"}}");
    }
}
