//! Noised residents of municipalities → how many people a device from one municipality stands for.
//!
//! In: the noised residents of municipalities in the year's panel, once a year, the census, and the weights of
//! prefectures. Out: a [`Weight`] for each municipality, and whose residents it was made of. A figure of people from one
//! municipality weighted by its prefecture is off by as much as its people are in the panel more or less often than
//! their neighbours. Towns with few residents share a weight with the small towns of their prefecture, and where these
//! are few as well, the weight is the prefecture's: no weight is made of nobody.

use std::collections::BTreeMap;

use kayoi_geography::Register;
use kayoi_schemas::figure::Area;
use kayoi_schemas::ids::MunicipalityCode;

use crate::draw::{Noised, ORIGINS};
use crate::weights::{LEAST_RESIDENTS, Weigh, Weight};

/// A weight is no further from that of its prefecture than by this factor.
const FARTHEST: f64 = 5.0;

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

/// The weights of municipalities.
pub(crate) struct TownWeights<'a> {
    towns: BTreeMap<MunicipalityCode, (Weight, WeightOf)>,
    prefectures: &'a dyn Weigh,
}

impl<'a> TownWeights<'a> {
    /// Weights from residents with noise of a standard deviation; where a device is counted as a person, each is one.
    pub(crate) fn new(
        residents: Option<&Noised>,
        sigma: f64,
        register: &Register,
        prefectures: &'a dyn Weigh,
    ) -> Self {
        let mut towns = BTreeMap::new();
        let is_weighted = !prefectures.rows().is_empty();
        let Some(residents) = residents.filter(|_| is_weighted) else { return Self { towns, prefectures } };
        let known = register.all().iter().filter_map(|town| {
            let place = residents.layout().place(Area::Municipality(town.code))?;
            let devices = f64::from(*residents.of_area(place).first()?);
            Some((town.code, devices, f64::from(town.population_2020)))
        });
        let known: Vec<(MunicipalityCode, f64, f64)> = known.collect();
        let mut small = vec![(0.0, 0.0, 0.0); ORIGINS];
        for (code, devices, people) in known.iter().filter(|(_, devices, _)| *devices < LEAST_RESIDENTS) {
            let pool = &mut small[usize::from(code.prefecture().number())];
            *pool = (pool.0 + devices, pool.1 + people, pool.2 + 1.0);
        }
        for (code, devices, people) in known {
            let number = usize::from(code.prefecture().number());
            let (pooled, of_pool, count) = small[number];
            let found = match () {
                () if devices >= LEAST_RESIDENTS => {
                    Some((weight(people, devices, sigma * sigma), WeightOf::Municipality))
                }
                () if pooled >= LEAST_RESIDENTS => {
                    Some((weight(of_pool, pooled, sigma * sigma * count), WeightOf::SmallMunicipalities))
                }
                () => None,
            };
            let own = prefectures.of(number).mean;
            let is_near = |of: &Weight| of.mean <= own * FARTHEST && of.mean >= own / FARTHEST;
            if let Some((weight, of)) = found.filter(|(weight, _)| is_near(weight)) {
                towns.insert(code, (weight, of));
            }
        }
        Self { towns, prefectures }
    }

    /// The weight of devices from a municipality.
    pub(crate) fn of(&self, code: MunicipalityCode) -> (Weight, WeightOf) {
        let of_prefecture = || self.prefectures.of(usize::from(code.prefecture().number()));
        self.towns.get(&code).copied().unwrap_or_else(|| (of_prefecture(), WeightOf::Prefecture))
    }
}

/// People over devices; `noise` is the variance of the noise in these.
fn weight(people: f64, devices: f64, noise: f64) -> Weight {
    let mean = (people / devices).max(1.0);
    let variance = (noise + devices) / (devices * devices);
    Weight { mean, mean_square: mean * mean, relative_variance: variance.min(1.0) }
}

#[cfg(test)]
#[path = "town_weights_tests.rs"]
mod tests;
