//! Ages and sexes of the panel → how many people a device of a kind stands for.
//!
//! In: noised residents of the year's panel by age and sex, the people of the nation by age and sex, and noised ties by
//! age and sex. Out: for each kind of tie what its weights are multiplied by. Old people have a phone of the panel less
//! often: a kind of tie that is theirs would be counted too few. This is a post-stratification by age and sex, done
//! once for a kind in a prefecture, or in the country where that has few: by municipality there is too much noise, and
//! all of it is computed from noised counts. Of who tells no age, people are taken to be like the others.

use kayoi_schemas::figure::{Area, Dimension};
use kayoi_schemas::person::{AgeClass, Sex};

use crate::draw::{Noised, ORIGINS, area};
use crate::people::{BySegment, People};
use crate::weights::{LEAST_RESIDENTS, Scale};

/// Part of the residents whose age and sex must be known.
const LEAST_KNOWN: f64 = 0.8;
/// Devices of a kind in an area, with noise, from which the area has a factor of its own.
const LEAST_DEVICES: f64 = 1_000.0;
/// The same of the country.
const LEAST_OF_COUNTRY: f64 = 500.0;
/// A device stands for no more or fewer people than this many times the mean.
const FARTHEST: f64 = 5.0;

const KINDS: usize = Dimension::MainKind.words().len();
const AGES: usize = AgeClass::ALL.len();
const SEXES: usize = Sex::ALL.len();
const CLASSES_OF_SEX: usize = Dimension::Sex.words().len();

/// What weights of kinds are multiplied by.
#[derive(Debug, Clone)]
pub(crate) struct Composition {
    /// By number of the prefecture; the country at 0.
    areas: Vec<[Scale; KINDS]>,
    known_percent: Vec<Option<f64>>,
    factors: Option<Factors>,
    /// The design effect of each kind.
    design: [Option<f64>; KINDS],
}

impl Composition {
    /// Nothing is known: nothing is multiplied.
    pub(crate) fn none() -> Self {
        Self {
            areas: vec![[Scale::ONE; KINDS]; ORIGINS],
            known_percent: vec![None; ORIGINS],
            factors: None,
            design: [None; KINDS],
        }
    }

    /// From residents and ties of a month, with noise of a standard deviation, both in parts of a device.
    pub(crate) fn new(residents: &Noised, ties: &Noised, sigma: f64, people: &People) -> Self {
        let mut found = Self::none();
        for (number, known) in found.known_percent.iter_mut().enumerate() {
            let share = area(number).and_then(|area| known_share(&devices(residents, area)));
            *known = share.map(|share| (1_000.0 * share).round() / 10.0);
        }
        let is_known = found.known_percent[0].is_some_and(|percent| percent >= 100.0 * LEAST_KNOWN);
        let Some(people) = people.by_segment().filter(|_| is_known) else { return found };
        let Some(factors) = Factors::of(&devices(residents, Area::Country), people, sigma) else {
            return found;
        };
        for kind in 0..KINDS {
            let of_area = |number: usize, least: f64| {
                let devices = devices(ties, area(number)?);
                let first = kind * AGES_AND_UNKNOWN * CLASSES_OF_SEX;
                factors.scale(devices.get(first..first + AGES_AND_UNKNOWN * CLASSES_OF_SEX)?, sigma, least)
            };
            let of_country = of_area(0, LEAST_OF_COUNTRY).unwrap_or(Scale::ONE);
            for (number, scales) in found.areas.iter_mut().enumerate() {
                let own = if number == 0 { None } else { of_area(number, LEAST_DEVICES) };
                scales[kind] = own.unwrap_or(of_country);
            }
        }
        found.factors = Some(factors);
        found
    }

    /// What the weights of people of an age and sex are multiplied by; of all ages or both sexes without one.
    pub(crate) fn of_segment(&self, age: Option<usize>, sex: Option<usize>) -> Scale {
        self.factors.as_ref().map_or(Scale::ONE, |factors| factors.at(age, sex))
    }

    /// What the weights of a kind in the towns of a prefecture, by its number, are multiplied by.
    pub(crate) fn of(&self, kind: &str, prefecture: usize) -> Scale {
        let place = match kind {
            "dual_resident" | "seasonal_worker" => 2,
            "connected" | "workation" | "satellite_office" | "itinerant" | "business" => 1,
            // Visitors, and who comes again or on so many days among them.
            _ => 0,
        };
        let scale = self.areas.get(prefecture).map_or(Scale::ONE, |scales| scales[place]);
        Scale { design: self.design[place], ..scale }
    }

    /// The same with the design effects of kinds.
    pub(crate) fn with_design(self, effects: [f64; KINDS]) -> Self {
        Self { design: effects.map(Some), ..self }
    }

    /// Part of the residents of a prefecture, or of the country at 0, whose age and sex are known, percent.
    pub(crate) fn known_percent(&self, prefecture: usize) -> Option<f64> {
        self.known_percent.get(prefecture).copied().flatten()
    }
}

const AGES_AND_UNKNOWN: usize = AGES + 1;

/// The noised devices of an area, class by class.
fn devices(noised: &Noised, area: Area) -> Vec<f64> {
    let per_one = f64::from(noised.layout().drawn().per_one());
    let place = noised.layout().place(area);
    let values = place.map(|place| noised.of_area(place)).unwrap_or_default();
    values.iter().map(|value| f64::from(*value) / per_one).collect()
}

/// The part of residents whose age and sex are known; `None` where there are few.
fn known_share(devices: &[f64]) -> Option<f64> {
    let all: f64 = devices.iter().sum();
    let known: f64 = segments().filter_map(|(_, _, class)| devices.get(class)).sum();
    (all >= LEAST_RESIDENTS).then_some((known / all).clamp(0.0, 1.0))
}

/// Each age and sex that is known, with its place among the classes.
fn segments() -> impl Iterator<Item = (usize, usize, usize)> {
    (0..AGES).flat_map(|age| (0..SEXES).map(move |sex| (age, sex, age * CLASSES_OF_SEX + sex)))
}

/// How many people a device of an age and sex stands for, beside the mean.
#[derive(Debug, Clone)]
struct Factors {
    people: BySegment,
    residents: BySegment,
    sigma: f64,
    /// People for each device.
    mean: f64,
}

impl Factors {
    fn of(residents: &[f64], people: &BySegment, sigma: f64) -> Option<Self> {
        let of =
            |age: usize, sex: usize| residents.get(age * CLASSES_OF_SEX + sex).copied().unwrap_or_default();
        let residents: BySegment = std::array::from_fn(|age| std::array::from_fn(|sex| of(age, sex)));
        let all: f64 = residents.iter().flatten().sum();
        let population: f64 = people.iter().flatten().sum();
        let is_known = all >= LEAST_OF_COUNTRY && population > 0.0;
        is_known.then(|| Self { people: *people, residents, sigma, mean: population / all })
    }

    /// The factor of an age and a sex, or of all ages, or of both sexes; one where residents are few.
    fn at(&self, age: Option<usize>, sex: Option<usize>) -> Scale {
        let is_meant = |(of, with, _): &(usize, usize, usize)| {
            age.is_none_or(|age| age == *of) && sex.is_none_or(|sex| sex == *with)
        };
        let meant: Vec<(usize, usize, usize)> = segments().filter(is_meant).collect();
        let sum = |of: &BySegment| meant.iter().map(|(age, sex, _)| of[*age][*sex]).sum::<f64>();
        let (people, devices) = (sum(&self.people), sum(&self.residents));
        if devices < LEAST_RESIDENTS {
            return match (age, sex) {
                // Both sexes together where one of them is few.
                (Some(_), Some(_)) => self.at(age, None),
                _ => Scale::ONE,
            };
        }
        let factor = (people / devices / self.mean).clamp(1.0 / FARTHEST, FARTHEST);
        let noise = self.sigma * self.sigma * meant.len() as f64;
        Scale { factor, relative_variance: (noise + devices) / (devices * devices), design: None }
    }

    /// The mean over ties by age and sex; `None` where they are few, or most are not known.
    fn scale(&self, ties: &[f64], sigma: f64, least: f64) -> Option<Scale> {
        let share = known_share(ties)?;
        let of = |class: usize| ties.get(class).copied().unwrap_or_default();
        let known: f64 = segments().map(|(_, _, class)| of(class)).sum();
        if share < LEAST_KNOWN || known < least {
            return None;
        }
        let factor =
            segments().map(|(age, sex, class)| of(class) * self.at(Some(age), Some(sex)).factor).sum::<f64>()
                / known;
        let variance: f64 = segments()
            .map(|(age, sex, class)| {
                let own = self.at(Some(age), Some(sex));
                let apart = own.factor - factor;
                let part = of(class) / known;
                let of_ties = apart * apart * (sigma * sigma + of(class).max(0.0)) / (known * known);
                of_ties + part * part * own.factor * own.factor * own.relative_variance
            })
            .sum();
        let is_sound = factor.is_finite() && factor > 0.0;
        is_sound.then(|| Scale { factor, relative_variance: variance / (factor * factor), design: None })
    }
}

#[cfg(test)]
#[path = "composition_tests.rs"]
mod tests;
