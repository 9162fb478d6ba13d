//! Suppressed figures → people: weights, interval, rounding. Takes nothing but [`Suppressed`].
//!
//! In: figures that passed disclosure control, devices per atom and the factor of each atom's origin. Out:
//! [`Weighed`] figures. Weights come after suppression: a single device times 5 is still a single device. The
//! estimate is the sum of factors; the 95 % interval is that of drawing each device with probability
//! 1/factor (variance of the Horvitz-Thompson total, `Σ n w (w - 1)`). Everything is rounded to the
//! definition's base, and a figure whose estimate is below its least number of persons is hidden as well.

use std::collections::BTreeMap;

use kayoi_geography::Register;
use kayoi_schemas::definition::{Count, Thresholds};
use kayoi_schemas::ids::PrefectureCode;
use kayoi_schemas::time::Month;

use crate::counts::PanelResidents;
use crate::options::Expansion;
use crate::suppress::Suppressed;

/// Panel residents below which a prefecture takes the country's factor.
const MIN_PANEL_RESIDENTS: u64 = 30;

/// People per device, by prefecture of residence.
#[derive(Debug, Clone, Default)]
pub struct Factors {
    by_prefecture: BTreeMap<PrefectureCode, f64>,
    country: f64,
}

impl Factors {
    /// The factors of a month.
    pub fn new(expansion: Expansion, month: Month, residents: &PanelResidents, register: &Register) -> Self {
        if expansion == Expansion::None {
            return Self { by_prefecture: BTreeMap::new(), country: 1.0 };
        }
        let mut population: BTreeMap<PrefectureCode, f64> = BTreeMap::new();
        for municipality in register.all() {
            *population.entry(municipality.code.prefecture()).or_default() +=
                f64::from(municipality.population_2020);
        }
        let panel = |prefecture: PrefectureCode| residents.of(month, prefecture);
        let devices: u64 = population.keys().map(|prefecture| panel(*prefecture)).sum();
        let country = population.values().sum::<f64>() / devices.max(1) as f64;
        let by_prefecture = population
            .iter()
            .filter(|(prefecture, _)| panel(**prefecture) >= MIN_PANEL_RESIDENTS)
            .map(|(prefecture, people)| (*prefecture, people / panel(*prefecture) as f64))
            .collect();
        Self { by_prefecture, country }
    }

    /// People that a device from a prefecture stands for, 1 or more.
    pub fn of(&self, prefecture: PrefectureCode) -> f64 {
        self.by_prefecture.get(&prefecture).copied().unwrap_or(self.country).max(1.0)
    }
}

/// A figure in people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Persons {
    /// Estimate, rounded.
    pub estimate: u64,
    /// Lower end of the 95 % interval, rounded.
    pub low: u64,
    /// Upper end, rounded.
    pub high: u64,
}

/// A figure that may be written to a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weighed<K> {
    key: K,
    persons: Option<Persons>,
}

impl<K> Weighed<K> {
    /// What it is.
    pub fn key(&self) -> &K {
        &self.key
    }

    /// The people; `None` when it is hidden.
    pub fn persons(&self) -> Option<Persons> {
        self.persons
    }
}

/// Weighs figures. `atoms` gives, by atom index, the origin and the devices.
pub fn weigh<K>(
    figures: Vec<Suppressed<K>>,
    atoms: &[(PrefectureCode, u64)],
    factors: &Factors,
    thresholds: &Thresholds,
) -> Vec<Weighed<K>>
where
    K: Clone,
{
    let weigh_one = |figure: Suppressed<K>| {
        let persons =
            figure.atoms().map(|indices| persons(indices, atoms, factors, thresholds.rounding_base));
        let persons =
            persons.filter(|persons| persons.estimate >= u64::from(thresholds.disclosure_min_persons.get()));
        Weighed { key: figure.key().clone(), persons }
    };
    figures.into_iter().map(weigh_one).collect()
}

fn persons(indices: &[usize], atoms: &[(PrefectureCode, u64)], factors: &Factors, base: Count) -> Persons {
    let (mut estimate, mut variance) = (0.0, 0.0);
    for index in indices {
        let (origin, devices) = atoms[*index];
        let factor = factors.of(origin);
        estimate += devices as f64 * factor;
        variance += devices as f64 * factor * (factor - 1.0);
    }
    let half_width = 1.96 * variance.sqrt();
    let base = f64::from(base);
    let round = |people: f64| ((people / base).round() * base) as u64;
    Persons {
        estimate: round(estimate),
        low: round((estimate - half_width).max(0.0)),
        high: round(estimate + half_width),
    }
}

#[cfg(test)]
#[path = "weigh_tests.rs"]
mod tests;
