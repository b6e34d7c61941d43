//! Medians of batches.

use std::time::{Duration, Instant};

use crate::counting::allocations;

/// How long one operation at one number of members is measured.
const BUDGET: Duration = Duration::from_millis(400);
const WARM_UP: Duration = Duration::from_millis(100);
const FEWEST_BATCHES: usize = 15;

pub struct Sample {
    pub median_ns: f64,
    pub p90_ns: f64,
    pub allocations: f64,
}

/// What `work` did: how often, for how long, with how many allocations.
pub struct Batch {
    operations: u32,
    elapsed: Duration,
    allocations: u64,
}

/// Times `operations` calls of `work` as one.
pub fn batch(operations: u32, mut work: impl FnMut(u32)) -> Batch {
    let before = allocations();
    let start = Instant::now();
    for index in 0..operations {
        work(index);
    }
    let elapsed = start.elapsed();
    Batch {
        operations,
        elapsed,
        allocations: allocations() - before,
    }
}

/// Calls `next` until its time is up; what it does outside of `batch` is not
/// counted.
pub fn measure(mut next: impl FnMut() -> Batch) -> Sample {
    let start = Instant::now();
    while start.elapsed() < WARM_UP {
        next();
    }
    let start = Instant::now();
    let mut times = Vec::with_capacity(4096);
    let (mut operations, mut allocations) = (0, 0);
    while start.elapsed() < BUDGET || times.len() < FEWEST_BATCHES {
        let batch = next();
        times.push(batch.elapsed.as_nanos() as f64 / f64::from(batch.operations));
        operations += u64::from(batch.operations);
        allocations += batch.allocations;
    }
    Sample {
        median_ns: percentile(&mut times, 50),
        p90_ns: percentile(&mut times, 90),
        allocations: allocations as f64 / operations as f64,
    }
}

pub fn percentile(values: &mut [f64], percent: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    values[(values.len() - 1) * percent / 100]
}
