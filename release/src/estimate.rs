//! A noised count → people, with an interval.
//!
//! In: a [`Rung`], the weight of its devices, and how counts of its kind are spread over the nation. Out: an
//! [`Estimate`]. A figure is shown when noise and sampling happened to leave it above a threshold, so what is
//! shown just above one is too large on average. Where counts have a density that falls like v^-alpha, the
//! mean of what is behind v is v + (tau² f)' / f (Tweedie's formula, for a variance tau² = s v + sigma² that grows
//! with the count: s is the share of sampling, 1 - 1/w), which is v + s - tau² alpha / v, and its variance about
//! tau² (1 + sigma² alpha / v²). alpha is one number for a kind, fitted to the noised counts of the whole nation
//! between K and 4 K. The interval adds the weight's own error.

use kayoi_schemas::figure::Quality;

use crate::decide::{Contain, Rung};
use crate::weights::Weight;

/// The two-sided 95 % point of the normal distribution.
const Z95: f64 = 1.96;

/// Figures in each octave from which an index is fitted: with fewer it is that of all kinds together.
const LEAST_FIGURES: usize = 50;

/// How the counts of a kind are spread: density like v^-alpha near the threshold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread(pub f64);

impl Spread {
    /// Counts whose logarithms are spread evenly: what is taken where too few are known.
    pub const EVEN: Self = Self(1.0);

    /// Fits the index to noised counts: those from K to 2 K and from 2 K to 4 K are in the ratio 2^(1-alpha).
    pub fn fit(values: impl Iterator<Item = f64>, threshold: f64) -> Option<Self> {
        let (mut near, mut far) = (0_usize, 0_usize);
        for value in values {
            near += usize::from((threshold..2.0 * threshold).contains(&value));
            far += usize::from((2.0 * threshold..4.0 * threshold).contains(&value));
        }
        let is_enough = near >= LEAST_FIGURES && far >= LEAST_FIGURES;
        is_enough.then(|| Self((1.0 - libm::log2(far as f64 / near as f64)).clamp(-1.0, 3.0)))
    }
}

/// A figure in people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// Estimate, rounded.
    pub persons: i64,
    /// Lower end of the 95 % interval, rounded.
    pub low: i64,
    /// Upper end, rounded.
    pub high: i64,
    /// How sure it is.
    pub quality: Quality,
}

/// At least as large as a part of it that is shown.
impl Contain for Option<Estimate> {
    fn contain(&mut self, part: &Self) {
        let Some(part) = part else { return };
        let own = self.get_or_insert(*part);
        own.persons = own.persons.max(part.persons);
        own.low = own.low.max(part.low);
        own.high = own.high.max(part.high);
    }

    fn bound(&self, part: &mut Self) {
        if let (Some(own), Some(part)) = (self, part) {
            part.persons = part.persons.min(own.persons);
            part.low = part.low.min(own.low);
            part.high = part.high.min(own.high);
        }
    }
}

/// The people of a figure; `None` when the devices that count are fewer than `least_devices`, because a few of
/// them have most of the weight.
pub fn estimate(
    rung: &Rung,
    weight: &Weight,
    spread: Spread,
    least_devices: u32,
    base: f64,
) -> Option<Estimate> {
    if rung.value / weight.spread() < f64::from(least_devices) {
        return None;
    }
    let variance = rung.value * sampling_share(weight) + rung.sigma * rung.sigma;
    let noise = rung.sigma * rung.sigma;
    let devices = corrected(rung, weight, spread);
    let given = variance * (1.0 + noise * spread.0 / (rung.value * rung.value)).max(0.5);
    let people = devices * weight.mean;
    let variance = weight.mean * weight.mean * given + people * people * weight.relative_variance;
    let (low, high) = interval(people, variance);
    Some(Estimate {
        persons: ((people / base).round() * base) as i64,
        low: outward(low, base, f64::floor),
        high: outward(high, base, f64::ceil),
        quality: Quality::of(variance.sqrt() / people.max(1.0)),
    })
}

/// The devices behind a shown figure, on average (Tweedie). Far from the threshold the correction is nothing; near it it
/// never takes more than half.
pub(crate) fn corrected(rung: &Rung, weight: &Weight, spread: Spread) -> f64 {
    let sampling = sampling_share(weight);
    let variance = rung.value * sampling + rung.sigma * rung.sigma;
    (rung.value + sampling - variance * spread.0 / rung.value).max(0.5 * rung.value)
}

/// The variance that sampling adds to a count, for each device: each was drawn with probability 1 / w, and Σ w (w - 1) is
/// the Horvitz-Thompson variance, in people².
fn sampling_share(weight: &Weight) -> f64 {
    weight.design * (weight.mean_square / weight.mean - 1.0).max(0.0) / weight.mean
}

/// The 95 % interval of an estimate. A score interval, which is not symmetric where events are few, covers less here:
/// figures are shown because noise pushed some of them over a threshold, and the truth of these lies below.
fn interval(estimate: f64, variance: f64) -> (f64, f64) {
    let half = Z95 * variance.max(0.0).sqrt();
    ((estimate - half).max(0.0), estimate + half)
}

/// An end of an interval, rounded away from the estimate.
fn outward(value: f64, base: f64, round: impl Fn(f64) -> f64) -> i64 {
    (round(value / base) * base) as i64
}

/// People that a figure is fewer than, where it is not shown: what a value below the threshold and twice its noise
/// can come from, rounded up.
pub(crate) fn fewer_than(rung: &Rung, weight: &Weight, base: f64) -> i64 {
    let devices = f64::from(rung.threshold) - 1.0 + 2.0 * rung.sigma;
    ((devices * weight.mean / base).ceil() * base) as i64
}

/// A mean over days of sums in which each person is capped: estimate, lower and upper end. It is shown with its count of
/// people, not selected by itself, so nothing is corrected. `sigma` is that of the sum's noise, in days.
pub(crate) fn mean_per_day(
    sum: f64,
    sigma: f64,
    (days, cap): (f64, f64),
    weight: &Weight,
    base: f64,
) -> (i64, i64, i64) {
    let sum = sum.max(0.0);
    // A person's days come together: the variance is at most cap times that of as many persons.
    let sampling = weight.design * sum * cap * (weight.mean_square - weight.mean).max(0.0);
    let noise = sigma * weight.mean;
    let people = sum * weight.mean;
    let error = (sampling + noise * noise + people * people * weight.relative_variance).sqrt();
    let (low, high) = interval(people, error * error);
    let rounded = ((people / days / base).round() * base) as i64;
    (rounded, outward(low / days, base, f64::floor), outward(high / days, base, f64::ceil))
}

/// A sum over people: days, nights, kilometres.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Total {
    pub(crate) value: i64,
    pub(crate) low: i64,
    pub(crate) high: i64,
}

impl Total {
    /// The same in another unit.
    pub(crate) fn times(self, factor: f64, base: f64) -> Self {
        let of = |value: i64| value as f64 * factor;
        Self {
            value: ((of(self.value) / base).round() * base) as i64,
            low: outward(of(self.low), base, f64::floor),
            high: outward(of(self.high), base, f64::ceil),
        }
    }

    /// What is left when a part of it is taken away that is known with a standard error. It may be below 0.
    pub(crate) fn without(self, (part, error): (f64, f64), base: f64) -> Self {
        let (sum, left) = (self.value as f64, 1.0 - part);
        // The lower end stops at 0, so that the upper one tells the error.
        let (of_sum, of_part) = ((self.high as f64 - sum) * left, Z95 * error * sum);
        let half = (of_sum * of_sum + of_part * of_part).sqrt();
        let value = sum * left;
        Self {
            value: ((value / base).round() * base) as i64,
            low: outward(value - half, base, f64::floor),
            high: outward(value + half, base, f64::ceil),
        }
    }
}

/// A sum is shown from so many standard deviations of its noise.
const LEAST_SIGMAS: f64 = 3.0;

/// The estimate of a capped sum with its noise, over so many devices; `None` where it is little more than noise.
/// Shares of devices differ: where they are as unlike as the waiting times of chance (exponential), their mean
/// square is twice the square of their mean, and it is never more than cap times the mean.
pub(crate) fn estimate_total(
    (sum, sigma): (f64, f64),
    devices: f64,
    cap: f64,
    weight: &Weight,
    base: f64,
) -> Option<Total> {
    if sum < LEAST_SIGMAS * sigma || devices <= 0.0 {
        return None;
    }
    let of_one = (2.0 * sum / devices).clamp(1.0, cap.max(1.0));
    let sampling = weight.design * sum * of_one * (weight.mean_square - weight.mean).max(0.0);
    let noise = sigma * weight.mean;
    let value = sum * weight.mean;
    let variance = sampling + noise * noise + value * value * weight.relative_variance;
    let (low, high) = interval(value, variance);
    let rounded = ((value / base).round() * base) as i64;
    let total =
        Total { value: rounded, low: outward(low, base, f64::floor), high: outward(high, base, f64::ceil) };
    (rounded > 0).then_some(total)
}

/// A part of a whole, percent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ratio {
    pub(crate) percent: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

/// The part that one noised number is of another, with a linearized variance: sampling of as many devices as the
/// whole has, and the noise of both, which is `shared` where the whole was added up from the part.
pub(crate) fn ratio(
    (part, part_sigma): (f64, f64),
    (whole, whole_sigma): (f64, f64),
    shared: f64,
    weight: &Weight,
) -> Option<Ratio> {
    if whole < LEAST_SIGMAS * whole_sigma || whole <= 0.0 {
        return None;
    }
    let share = (part / whole).clamp(0.0, 1.0);
    let sampled = (weight.mean_square / (weight.mean * weight.mean)) * (1.0 - 1.0 / weight.mean.max(1.0));
    // Two more on either side, so that a share of nothing or all is not certain (Agresti and Coull).
    let likely = (share * whole + 2.0) / (whole + 4.0);
    let sampling = weight.design * likely * (1.0 - likely) * sampled / whole;
    let noise = part_sigma * part_sigma + share * share * whole_sigma * whole_sigma - 2.0 * share * shared;
    let error = Z95 * (sampling + noise.max(0.0) / (whole * whole)).sqrt();
    let tenth = |value: f64, round: fn(f64) -> f64| round(1000.0 * value.clamp(0.0, 1.0)) / 10.0;
    Some(Ratio {
        percent: tenth(share, f64::round),
        low: tenth(share - error, f64::floor),
        high: tenth(share + error, f64::ceil),
    })
}

#[cfg(test)]
#[path = "estimate_tests.rs"]
mod tests;
