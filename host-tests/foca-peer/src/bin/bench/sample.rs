//! Medians of batches.

use std::time::{Duration, Instant};

use crate::counting::{allocated_bytes, allocations};

/// How long one operation at one number of members is warmed up, then measured.
#[derive(Clone, Copy)]
pub struct Budget {
    pub warm_up: Duration,
    pub measured: Duration,
}

const FEWEST_BATCHES: usize = 5;

pub struct Sample {
    pub median_ns: f64,
    pub p90_ns: f64,
    pub allocations: f64,
    pub allocated_bytes: f64,
}

/// What `work` did: how often, for how long, with how many allocations.
pub struct Batch {
    operations: u32,
    elapsed: Duration,
    allocations: u64,
    allocated_bytes: u64,
}

/// Times `operations` calls of `work` as one.
pub fn batch(operations: u32, mut work: impl FnMut(u32)) -> Batch {
    let (before, bytes_before) = (allocations(), allocated_bytes());
    let start = Instant::now();
    for index in 0..operations {
        work(index);
    }
    let elapsed = start.elapsed();
    Batch {
        operations,
        elapsed,
        allocations: allocations() - before,
        allocated_bytes: allocated_bytes() - bytes_before,
    }
}

/// Calls `next` until its time is up; what it does outside of `batch` is not
/// counted.
pub fn measure(budget: Budget, mut next: impl FnMut() -> Batch) -> Sample {
    let start = Instant::now();
    while start.elapsed() < budget.warm_up {
        next();
    }
    let start = Instant::now();
    let mut times = Vec::with_capacity(4096);
    let (mut operations, mut allocations, mut allocated_bytes) = (0, 0, 0);
    while start.elapsed() < budget.measured || times.len() < FEWEST_BATCHES {
        let batch = next();
        times.push(batch.elapsed.as_nanos() as f64 / f64::from(batch.operations));
        operations += u64::from(batch.operations);
        allocations += batch.allocations;
        allocated_bytes += batch.allocated_bytes;
    }
    Sample {
        median_ns: percentile(&mut times, 50),
        p90_ns: percentile(&mut times, 90),
        allocations: allocations as f64 / operations as f64,
        allocated_bytes: allocated_bytes as f64 / operations as f64,
    }
}

pub fn percentile(values: &mut [f64], percent: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    values[(values.len() - 1) * percent / 100]
}
