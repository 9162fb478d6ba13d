//! Noised panel residents → how many people a device stands for.
//!
//! In: the noised residents of prefectures in a panel, month by month, and the people who live there. Out: a [`Weight`] for each
//! prefecture of origin, behind the trait [`Weigh`], so that finer weights can come. A prefecture with under 100 noised
//! residents shares its weight with all others that have so few. Weights are made of noised counts, so they can
//! be printed, and what is decoded with them is a noised count again.

use crate::design::DESIGN_EFFECT;
use crate::draw::ORIGINS;
use crate::people::People;

/// How often two people of a figure live in the same municipality, beside two people of the prefecture, as far as that makes
/// it unlike the prefecture: its other people live as the panel does. Chosen on simulated nations.
const MORE_ALIKE: f64 = 0.3;

/// Noised residents below which a prefecture is pooled with others.
pub(crate) const LEAST_RESIDENTS: f64 = 100.0;

/// People that one device stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weight {
    /// Mean over the devices of a figure.
    pub mean: f64,
    /// Mean of the square: larger than the square of the mean where weights differ within a figure.
    pub mean_square: f64,
    /// Variance of the weight itself, as a share of its square.
    pub relative_variance: f64,
    /// How many times as much counts differ as those of people who come into the panel one by one.
    pub design: f64,
}

impl Weight {
    /// A device is a person.
    pub const ONE: Self = Self { mean: 1.0, mean_square: 1.0, relative_variance: 0.0, design: 1.0 };

    /// How many devices count for one, where weights differ: devices over this are the effective ones
    /// (Kish: (Σw)² / Σw²).
    pub fn spread(&self) -> f64 {
        self.mean_square / (self.mean * self.mean)
    }

    /// The weight of devices that stand for so many times as many people, as far as that is known.
    #[must_use]
    pub(crate) fn scaled(self, by: Scale) -> Self {
        Self {
            mean: self.mean * by.factor,
            mean_square: self.mean_square * by.factor * by.factor,
            relative_variance: self.relative_variance + by.relative_variance,
            design: by.design.unwrap_or(self.design),
        }
    }
}

/// What a weight is multiplied by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Scale {
    pub(crate) factor: f64,
    /// Variance of the factor, as a share of its square.
    pub(crate) relative_variance: f64,
    /// The design effect of a kind, where it is known.
    pub(crate) design: Option<f64>,
}

impl Scale {
    /// Nothing is multiplied.
    pub(crate) const ONE: Self = Self { factor: 1.0, relative_variance: 0.0, design: None };
}

/// The weight of so many devices of each of several weights, whose errors are their own; `None` of nobody.
pub(crate) fn mean_of(parts: &[(f64, Weight)]) -> Option<Weight> {
    let devices: f64 = parts.iter().map(|(value, _)| value).sum();
    let sum =
        |of: &dyn Fn(&Weight) -> f64| parts.iter().map(|(value, weight)| value * of(weight)).sum::<f64>();
    let mean = sum(&|weight| weight.mean);
    let of_error = |(value, weight): &(f64, Weight)| (value * weight.mean).powi(2) * weight.relative_variance;
    (devices > 0.0 && mean > 0.0).then(|| Weight {
        mean: mean / devices,
        mean_square: sum(&|weight| weight.mean_square) / devices,
        relative_variance: parts.iter().map(of_error).sum::<f64>() / (mean * mean),
        design: sum(&|weight| weight.design) / devices,
    })
}

/// Gives weights to origins.
pub trait Weigh: Sync {
    /// The weight of devices from a prefecture, by its number from 1.
    fn of(&self, prefecture: usize) -> Weight;

    /// The same without what is not known of the municipalities within it.
    fn base(&self, prefecture: usize) -> Weight {
        self.of(prefecture)
    }

    /// The weight of devices from several prefectures: `values[number]` are noised devices of each.
    fn mix(&self, values: &[f64]) -> Weight {
        let parts =
            values.iter().enumerate().skip(1).map(|(number, value)| (value.max(0.0), self.of(number)));
        mean_of(&parts.collect::<Vec<_>>()).unwrap_or_else(|| self.national())
    }

    /// The weight where nothing is known of origins.
    fn national(&self) -> Weight;

    /// The weights, as they are printed.
    fn rows(&self) -> &[WeightRow];
}

/// A device is a person: figures describe the panel.
#[derive(Debug, Clone, Copy)]
pub struct Unweighted;

impl Weigh for Unweighted {
    fn of(&self, _: usize) -> Weight {
        Weight::ONE
    }

    fn national(&self) -> Weight {
        Weight::ONE
    }

    fn rows(&self) -> &[WeightRow] {
        &[]
    }
}

/// Each prefecture's residents in the panel stand for the people who live there.
#[derive(Debug, Clone)]
pub struct PrefectureWeights {
    rows: Vec<WeightRow>,
    national: Weight,
    /// By number from 1 at index 0: relative variance of a figure's weight because municipalities are unlike.
    unlike: Vec<f64>,
}

/// One row of the table `release_weights`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeightRow {
    /// The prefecture's number, from 1.
    pub prefecture: usize,
    /// Devices that live there, with noise.
    pub panel_residents: f64,
    /// People who live there.
    pub population: f64,
    /// How many prefectures share the weight; 1 where it is its own.
    pub pooled_with: usize,
    /// The weight.
    pub weight: Weight,
}

impl PrefectureWeights {
    /// The weights that follow from noised residents, by number of the prefecture from 1 at index 0, drawn with
    /// a noise of `sigma` devices.
    pub fn new(residents: &[f64], sigma: f64, people: &People) -> Self {
        let population = |number: usize| people.prefecture(number);
        let numbers = 1..=residents.len().min(ORIGINS - 1);
        let is_few = |number: &usize| residents[number - 1] < LEAST_RESIDENTS;
        let pool: Vec<usize> = numbers.clone().filter(is_few).collect();
        let weight = |members: &[usize]| {
            let devices: f64 = members.iter().map(|number| residents[number - 1]).sum();
            let people: f64 = members.iter().map(|number| population(*number)).sum();
            // What noise has made of residents cannot be fewer than one for each prefecture.
            let devices = devices.max(members.len() as f64);
            let mean = (people / devices).max(1.0);
            let variance = (sigma * sigma * members.len() as f64 + devices) / (devices * devices);
            Weight {
                mean,
                mean_square: mean * mean,
                relative_variance: variance.min(1.0),
                design: DESIGN_EFFECT,
            }
        };
        let everybody: Vec<usize> = numbers.clone().collect();
        let national = weight(&everybody);
        let pooled_devices: f64 = pool.iter().map(|number| residents[number - 1]).sum();
        // A pool that is small itself says no more than the nation does.
        let pooled = if pooled_devices < LEAST_RESIDENTS { national } else { weight(&pool) };
        let rows = numbers.map(|number| {
            let is_pooled = is_few(&number);
            WeightRow {
                prefecture: number,
                panel_residents: residents[number - 1].max(0.0),
                population: population(number),
                pooled_with: if is_pooled { pool.len().max(1) } else { 1 },
                weight: if is_pooled { pooled } else { weight(&[number]) },
            }
        });
        Self { rows: rows.collect(), national, unlike: vec![0.0; residents.len()] }
    }

    /// The same, where the factors of municipalities within a prefecture have a variance: a figure's people come from
    /// some of them more than the panel's, which ones is not known. Of towns chosen by their people the variance of the
    /// mean factor is that times the chance that two people live in the same one.
    pub(crate) fn with_unlike_towns(mut self, spread: f64, people: &People) -> Self {
        for (index, unlike) in self.unlike.iter_mut().enumerate() {
            let all = people.prefecture(index + 1).max(1.0);
            let alike: f64 = people.towns(index + 1).map(|(_, of)| (of / all).powi(2)).sum();
            *unlike = spread * (MORE_ALIKE * alike).min(1.0);
        }
        self
    }
}

impl Weigh for PrefectureWeights {
    fn of(&self, prefecture: usize) -> Weight {
        let unlike = self.unlike.get(prefecture.wrapping_sub(1)).copied().unwrap_or_default();
        self.base(prefecture).scaled(Scale { relative_variance: unlike, ..Scale::ONE })
    }

    fn base(&self, prefecture: usize) -> Weight {
        self.rows.get(prefecture.wrapping_sub(1)).map_or(self.national, |row| row.weight)
    }

    fn national(&self) -> Weight {
        self.national
    }

    fn rows(&self) -> &[WeightRow] {
        &self.rows
    }
}

#[cfg(test)]
#[path = "weights_tests.rs"]
mod tests;
