//! How long it takes to seal and to open a datagram, as one JSON object a line.

use std::{hint::black_box, time::Instant};

use foca_peer::seal::{Key, RandomLives, Seal, Sealing};

/// A short datagram, one with some updates, and the longest.
const LENGTHS: [usize; 3] = [59, 300, 1379];
const BATCHES: usize = 101;
const BATCH: usize = 1000;

pub fn run() {
    for length in LENGTHS {
        let plain = vec![0x5a; length];
        let (mut sender, mut receiver) = (seal(), seal());
        let mut seal_ns = Vec::new();
        let mut open_ns = Vec::new();
        for _ in 0..BATCHES {
            let mut frames = Vec::with_capacity(BATCH);
            seal_ns.push(batch_ns(|| {
                frames.push(sender.seal(black_box(&plain)).expect("a life"));
            }));
            let mut rest = frames.iter_mut();
            open_ns.push(batch_ns(|| {
                let frame = rest.next().expect("as many as were sealed");
                black_box(receiver.open(frame).expect("a frame of ours"));
            }));
        }
        let (seal_ns, open_ns) = (median(seal_ns), median(open_ns));
        println!("{{\"bytes\":{length},\"sealNs\":{seal_ns:.0},\"openNs\":{open_ns:.0}}}");
    }
}

fn seal() -> Seal {
    let key = Key::new(0, b"0123456789abcdef").expect("a key");
    let lives = Box::<RandomLives>::default();
    Seal::new(vec![key], Sealing::Require, lives).expect("random bytes")
}

/// Nanoseconds of one call, by the time that many take.
fn batch_ns(mut call: impl FnMut()) -> f64 {
    let start = Instant::now();
    for _ in 0..BATCH {
        call();
    }
    start.elapsed().as_nanos() as f64 / BATCH as f64
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
