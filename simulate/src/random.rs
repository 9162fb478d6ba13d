//! Random numbers by counter: a generator for each (seed, who, day, purpose).
//!
//! In: the four numbers. Out: a small fast generator that starts from their hash. No generator is ever
//! shared, so a person's day is the same whatever thread draws it, and whatever was drawn before.

use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};

/// What the numbers are for; keeps the streams of one person and day apart.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Purpose {
    Person = 1,
    Phone,
    Diary,
    Silence,
    SilentWeek,
    Fixes,
    Delivery,
    Spots,
    DeviceId,
    SyncMarker,
    Party,
    Own,
    Age,
    Panel,
    Ownership,
    Resets,
    Quiet,
    Outage,
    Terminal,
    Ways,
    Rebound,
    Attributes,
}

/// Mixes numbers into one: the finalizer of SplitMix64 (Steele, Lea and Flood 2014) over a running sum.
pub(crate) fn mix(numbers: [u64; 4]) -> u64 {
    numbers.into_iter().fold(0, |state, number| {
        let mut z = (state ^ number).wrapping_add(0x9E37_79B9_7F4A_7C15);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    })
}

/// The generator of a purpose.
pub(crate) fn generator(seed: u64, who: u64, day: i32, purpose: Purpose) -> SmallRng {
    SmallRng::seed_from_u64(mix([seed, who, day as u64, purpose as u64]))
}

/// A number in 0..1 that follows from the four alone.
pub(crate) fn share(seed: u64, who: u64, day: i32, purpose: Purpose) -> f64 {
    (mix([seed, who, day as u64, purpose as u64]) >> 11) as f64 / (1u64 << 53) as f64
}

/// Uniform between two numbers.
pub(crate) fn between(rng: &mut SmallRng, low: f64, high: f64) -> f64 {
    low + (high - low) * rng.random::<f64>()
}

/// True with a probability.
pub(crate) fn chance(rng: &mut SmallRng, probability: f64) -> bool {
    rng.random::<f64>() < probability
}

/// Two independent standard normal numbers (Box and Muller 1958).
pub(crate) fn normal_pair(rng: &mut SmallRng) -> (f64, f64) {
    let radius = (-2.0 * (1.0 - rng.random::<f64>()).ln()).sqrt();
    let (sine, cosine) = (std::f64::consts::TAU * rng.random::<f64>()).sin_cos();
    (radius * cosine, radius * sine)
}

/// A standard normal number.
pub(crate) fn normal(rng: &mut SmallRng) -> f64 {
    normal_pair(rng).0
}

/// A Poisson number: by products of uniforms (Knuth) for small means, by the normal approximation above 30.
pub(crate) fn poisson(rng: &mut SmallRng, mean: f64) -> u32 {
    if mean > 30.0 {
        return (mean + mean.sqrt() * normal(rng)).round().max(0.0) as u32;
    }
    let limit = (-mean).exp();
    let mut product = rng.random::<f64>();
    let mut count = 0;
    while product > limit {
        product *= rng.random::<f64>();
        count += 1;
    }
    count
}

/// Rounds up or down at random, so that the mean is kept.
pub(crate) fn round(rng: &mut SmallRng, number: f64) -> u32 {
    let floor = number.floor();
    floor as u32 + u32::from(chance(rng, number - floor))
}

/// One of a list.
pub(crate) fn one_of<T: Copy>(rng: &mut SmallRng, list: &[T]) -> Option<T> {
    (!list.is_empty()).then(|| list[rng.random_range(0..list.len())])
}

/// Running sums of weights, for [`weighted`].
pub(crate) fn running_sums(weights: impl Iterator<Item = f64>) -> Vec<f64> {
    weights
        .scan(0.0, |sum, weight| {
            *sum += weight;
            Some(*sum)
        })
        .collect()
}

/// The index of a weight, in proportion to it; `None` when all weights are 0.
pub(crate) fn weighted(rng: &mut SmallRng, sums: &[f64]) -> Option<usize> {
    let total = *sums.last()?;
    let at = rng.random::<f64>() * total;
    (total > 0.0).then(|| sums.partition_point(|sum| *sum <= at).min(sums.len() - 1))
}
