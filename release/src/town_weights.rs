//! Noised residents of municipalities → how many people a device from one municipality stands for.
//!
//! In: the noised residents of municipalities in the year's panel, once a year, and of prefectures in the same month; the
//! people who live there. Out: for each municipality by how much its devices stand for more or fewer people than those
//! of its prefecture, and whose residents say so. A figure of people from one municipality weighted by its prefecture
//! is off by as much as its people are in the panel more or less often than their neighbours. Towns with few residents
//! are drawn to the weight of the small towns of their prefecture, and where these are few as well, to the
//! prefecture's: no weight is made of nobody. It is multiplied by the prefecture's weight in the panel of a month, so
//! that a month in which fewer phones are seen is no fall in people.

use std::collections::BTreeMap;

use kayoi_schemas::disclosure::Parameters;
use kayoi_schemas::figure::{Area, Cube};
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::Month;

use crate::draw::{Drawn, MonthNoised, Noised, ORIGINS};
use crate::people::People;
use crate::weights::{LEAST_RESIDENTS, PrefectureWeights, Scale, Weigh, Weight};

/// A weight is no further from that of its prefecture than by this factor.
const FARTHEST: f64 = 5.0;
/// Noised residents from which a municipality says anything by itself.
const LEAST_OWN: f64 = 30.0;
/// Municipalities are never taken to be more alike than this variance of their factors says, 1 %.
const LEAST_SPREAD: f64 = 1e-4;

/// Whose residents a weight was made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WeightOf {
    Municipality,
    SmallMunicipalities,
    Prefecture,
}

impl WeightOf {
    /// The word in `weight_of`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Municipality => "municipality",
            Self::SmallMunicipalities => "small_municipalities",
            Self::Prefecture => "prefecture",
        }
    }
}

/// The weights of municipalities beside those of their prefectures.
#[derive(Debug, Default)]
pub(crate) struct TownWeights {
    towns: BTreeMap<MunicipalityCode, (Scale, WeightOf)>,
    calibrated_in: Option<Month>,
    spread: f64,
}

/// Noised residents of a municipality, and the people who live there.
#[derive(Clone, Copy)]
struct Town {
    code: MunicipalityCode,
    devices: f64,
    people: f64,
}

impl Town {
    /// Its own factor beside a weight. 1 over a noised count is on average too large by the count's relative variance.
    fn own(self, noise: f64, beside: f64) -> Scale {
        let relative_variance = (noise + self.devices) / (self.devices * self.devices);
        let factor = (self.people / self.devices).max(1.0) / beside / (1.0 + relative_variance);
        Scale { factor, relative_variance, design: None }
    }

    fn prefecture(self) -> usize {
        usize::from(self.code.prefecture().number())
    }
}

impl TownWeights {
    /// Weights from residents of a month, with noise of a standard deviation, beside those of the year's panel of
    /// prefectures in the same month.
    pub(crate) fn new(
        month: Month,
        residents: &Noised,
        sigma: f64,
        people: &People,
        prefectures: &dyn Weigh,
    ) -> Self {
        let known = people.towns(0).filter_map(|(code, people)| {
            let place = residents.layout().place(Area::Municipality(code))?;
            let devices = f64::from(*residents.of_area(place).first()?);
            Some(Town { code, devices, people })
        });
        let known: Vec<Town> = known.collect();
        let noise = sigma * sigma;
        let mut small = vec![(0.0, 0.0, 0.0); ORIGINS];
        for town in known.iter().filter(|town| town.devices < LEAST_RESIDENTS) {
            let pool = &mut small[town.prefecture()];
            *pool = (pool.0 + town.devices, pool.1 + town.people, pool.2 + 1.0);
        }
        let mean = |number: usize| prefectures.base(number).mean;
        let spread = spread(&known, noise, &mean);
        let towns = known.into_iter().filter_map(|town| {
            let (pooled, of_pool, count) = small[town.prefecture()];
            let beside = mean(town.prefecture());
            let is_pooled = town.devices < LEAST_RESIDENTS && pooled >= LEAST_RESIDENTS;
            let (group, of) = if is_pooled {
                let all = Town { devices: pooled, people: of_pool, ..town };
                (all.own(noise * count, beside), WeightOf::SmallMunicipalities)
            } else {
                (Scale::ONE, WeightOf::Prefecture)
            };
            let group = Scale { relative_variance: group.relative_variance + spread, ..group };
            let own = (town.devices >= LEAST_OWN).then(|| (town.own(noise, beside), WeightOf::Municipality));
            let (scale, of) = own.map_or((group, of), |(own, own_of)| {
                let is_own = own.relative_variance <= group.relative_variance;
                (between(own, group), if is_own { own_of } else { of })
            });
            let is_near = (1.0 / FARTHEST..=FARTHEST).contains(&scale.factor);
            is_near.then_some((town.code, (scale, of)))
        });
        Self { towns: towns.collect(), calibrated_in: Some(month), spread }
    }

    /// Weights from the newest month of a window that has residents; none where no month has.
    pub(crate) fn of_window(window: &[&MonthNoised], parameters: &Parameters, people: &People) -> Self {
        let cube = Drawn::Classed(Cube::ResidentsYearly);
        let found = window.iter().rev().find_map(|month| {
            let (towns, prefectures) = (month.get(cube)?, month.get(Drawn::YearPanel)?);
            let residents: Vec<f64> = prefectures.values().iter().map(|value| f64::from(*value)).collect();
            let weights = PrefectureWeights::new(&residents, f64::from(parameters.wide.sigma), people);
            let sigma = f64::from(cube.strength().noise(parameters).sigma);
            Some(Self::new(month.month(), towns, sigma, people, &weights))
        });
        found.unwrap_or_default()
    }

    /// Variance of the factors of municipalities within their prefecture, beyond what noise and chance make.
    pub(crate) fn spread(&self) -> f64 {
        self.spread
    }

    /// The month whose residents they are made of; `None` where there are none yet.
    pub(crate) fn calibrated_in(&self) -> Option<Month> {
        self.calibrated_in
    }

    /// The weight of devices from a municipality, by the weights of prefectures in a panel.
    pub(crate) fn of(&self, code: MunicipalityCode, prefectures: &dyn Weigh) -> (Weight, WeightOf) {
        let (scale, of) = self.towns.get(&code).copied().unwrap_or((Scale::ONE, WeightOf::Prefecture));
        (prefectures.base(usize::from(code.prefecture().number())).scaled(scale), of)
    }
}

/// The mean of a municipality's own factor and its group's, each by how sure it is: a small number is drawn to the
/// others (empirical Bayes).
fn between(own: Scale, group: Scale) -> Scale {
    let weights = [own, group].map(|of| 1.0 / of.relative_variance.max(1e-9));
    let all: f64 = weights.iter().sum();
    Scale {
        factor: (own.factor * weights[0] + group.factor * weights[1]) / all,
        relative_variance: 1.0 / all,
        design: None,
    }
}

/// How unlike municipalities of a prefecture are, by people: the mean square of their factors from 1, less what noise and
/// chance make of it.
fn spread(towns: &[Town], noise: f64, mean: &dyn Fn(usize) -> f64) -> f64 {
    let (mut sum, mut people) = (0.0, 0.0);
    for town in towns.iter().filter(|town| town.devices >= LEAST_RESIDENTS) {
        let own = town.own(noise, mean(town.prefecture()));
        sum += town.people * ((own.factor - 1.0).powi(2) - own.relative_variance * own.factor * own.factor);
        people += town.people;
    }
    if people > 0.0 { (sum / people).clamp(LEAST_SPREAD, 1.0) } else { LEAST_SPREAD }
}

#[cfg(test)]
#[path = "town_weights_tests.rs"]
mod tests;
