//! Noised panel residents → how many people a device stands for.
//!
//! In: the noised residents of prefectures in a panel, month by month, and the census. Out: a [`Weight`] for each
//! prefecture of origin, behind the trait [`Weigh`], so that finer weights can come. A prefecture with under 100 noised
//! residents shares its weight with all others that have so few. Weights are made of noised counts, so they can
//! be printed, and what is decoded with them is a noised count again.

use kayoi_geography::Register;

use crate::draw::ORIGINS;

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
}

impl Weight {
    /// A device is a person.
    pub const ONE: Self = Self { mean: 1.0, mean_square: 1.0, relative_variance: 0.0 };

    /// How many devices count for one, where weights differ: devices over this are the effective ones
    /// (Kish: (Σw)² / Σw²).
    pub fn spread(&self) -> f64 {
        self.mean_square / (self.mean * self.mean)
    }
}

/// Gives weights to origins.
pub trait Weigh: Sync {
    /// The weight of devices from a prefecture, by its number from 1.
    fn of(&self, prefecture: usize) -> Weight;

    /// The weight of devices from several prefectures: `values[number]` are noised devices of each.
    fn mix(&self, values: &[f64]) -> Weight {
        let (mut devices, mut mean, mut square, mut variance) = (0.0, 0.0, 0.0, 0.0);
        for (prefecture, value) in values.iter().enumerate().skip(1) {
            let (share, weight) = (value.max(0.0), self.of(prefecture));
            devices += share;
            mean += share * weight.mean;
            square += share * weight.mean_square;
            variance += share * weight.relative_variance;
        }
        if devices <= 0.0 {
            return self.national();
        }
        Weight { mean: mean / devices, mean_square: square / devices, relative_variance: variance / devices }
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

/// Each prefecture's residents in the panel stand for its census population.
#[derive(Debug, Clone)]
pub struct PrefectureWeights {
    rows: Vec<WeightRow>,
    national: Weight,
}

/// One row of the table `release_weights`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeightRow {
    /// The prefecture's number, from 1.
    pub prefecture: usize,
    /// Devices that live there, with noise.
    pub panel_residents: f64,
    /// People of the census.
    pub population: f64,
    /// How many prefectures share the weight; 1 where it is its own.
    pub pooled_with: usize,
    /// The weight.
    pub weight: Weight,
}

impl PrefectureWeights {
    /// The weights that follow from noised residents, by number of the prefecture from 1 at index 0, drawn with
    /// a noise of `sigma` devices.
    pub fn new(residents: &[f64], sigma: f64, register: &Register) -> Self {
        let mut population = [0.0; ORIGINS];
        for municipality in register.all() {
            population[usize::from(municipality.code.prefecture().number())] +=
                f64::from(municipality.population_2020);
        }
        let numbers = 1..=residents.len().min(ORIGINS - 1);
        let is_few = |number: &usize| residents[number - 1] < LEAST_RESIDENTS;
        let pool: Vec<usize> = numbers.clone().filter(is_few).collect();
        let weight = |members: &[usize]| {
            let devices: f64 = members.iter().map(|number| residents[number - 1]).sum();
            let people: f64 = members.iter().map(|number| population[*number]).sum();
            // What noise has made of residents cannot be fewer than one for each prefecture.
            let devices = devices.max(members.len() as f64);
            let mean = (people / devices).max(1.0);
            let variance = (sigma * sigma * members.len() as f64 + devices) / (devices * devices);
            Weight { mean, mean_square: mean * mean, relative_variance: variance.min(1.0) }
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
                population: population[number],
                pooled_with: if is_pooled { pool.len().max(1) } else { 1 },
                weight: if is_pooled { pooled } else { weight(&[number]) },
            }
        });
        Self { rows: rows.collect(), national }
    }
}

impl Weigh for PrefectureWeights {
    fn of(&self, prefecture: usize) -> Weight {
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
