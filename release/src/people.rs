//! The people whom figures are weighted to.
//!
//! In: a [`Population`], the embedded census or an imported table. Out: [`People`]: residents of municipalities and
//! prefectures, and where the table has them the nation's people of 15 and older by age and sex.

use std::collections::BTreeMap;

use kayoi_geography::population::{AgeAndSex, Population};
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::person::{AgeClass, Sex};

use crate::draw::ORIGINS;
use crate::error::ReleaseError;

/// People by age and sex.
pub(crate) type BySegment = [[f64; Sex::ALL.len()]; AgeClass::ALL.len()];

/// Residents, by the codes in use.
#[derive(Debug, Clone, PartialEq)]
pub struct People {
    towns: BTreeMap<MunicipalityCode, f64>,
    prefectures: [f64; ORIGINS],
    by_segment: Option<BySegment>,
    base: String,
}

impl People {
    /// The people of a table.
    ///
    /// # Errors
    /// [`ReleaseError::PeopleMissing`] when a municipality has no figure: people of two tables are not mixed.
    pub fn of(population: &Population) -> Result<Self, ReleaseError> {
        let missing = population.missing();
        if let Some(first) = missing.first() {
            let count = missing.len();
            return Err(ReleaseError::PeopleMissing { count, first: first.to_string() });
        }
        Ok(Self::whole(population))
    }

    /// The embedded census, which is of the register's own municipalities.
    pub fn census_2020() -> Self {
        Self::whole(&Population::census_2020())
    }

    /// The people of a table that has all municipalities.
    fn whole(population: &Population) -> Self {
        let towns: BTreeMap<MunicipalityCode, f64> =
            population.municipalities().map(|(code, people)| (code, people as f64)).collect();
        let mut prefectures = [0.0; ORIGINS];
        for (code, people) in &towns {
            prefectures[usize::from(code.prefecture().number())] += people;
        }
        let base = format!("{} {} ({})", population.base(), population.date(), population.source());
        Self { by_segment: by_segment(population), towns, prefectures, base }
    }

    /// Residents of a municipality; `None` for a code of none.
    pub(crate) fn town(&self, code: MunicipalityCode) -> Option<f64> {
        self.towns.get(&code).copied()
    }

    /// Residents of a prefecture, by its number from 1; of the country at 0.
    pub(crate) fn prefecture(&self, number: usize) -> f64 {
        match number {
            0 => self.prefectures.iter().sum(),
            number => self.prefectures.get(number).copied().unwrap_or_default(),
        }
    }

    /// Municipalities of a prefecture with their residents; of the country at 0.
    pub(crate) fn towns(&self, number: usize) -> impl Iterator<Item = (MunicipalityCode, f64)> {
        let is_meant =
            move |code: &MunicipalityCode| number == 0 || usize::from(code.prefecture().number()) == number;
        self.towns.iter().map(|(code, people)| (*code, *people)).filter(move |(code, _)| is_meant(code))
    }

    /// The nation's people of 15 and older by age and sex; `None` where the table does not have them everywhere.
    pub(crate) fn by_segment(&self) -> Option<&BySegment> {
        self.by_segment.as_ref()
    }

    /// The same with other people by age and sex.
    #[cfg(test)]
    pub(crate) fn with_segments(self, by_segment: BySegment) -> Self {
        Self { by_segment: Some(by_segment), ..self }
    }

    /// Which table they are from, of which day.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }
}

fn by_segment(population: &Population) -> Option<BySegment> {
    let mut sums = BySegment::default();
    for (code, _) in population.municipalities() {
        for AgeAndSex { band, people } in population.by_age_and_sex(code)? {
            for (class, sums) in AgeClass::ALL.into_iter().zip(&mut sums) {
                let within = band.years_in(class) / band.years();
                sums[0] += within * people.male as f64;
                sums[1] += within * people.female as f64;
            }
        }
    }
    Some(sums)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_census_has_everybody_and_no_ages() {
        let people = People::census_2020();
        assert_eq!(people.prefecture(0), 126_226_568.0);
        assert_eq!(people.towns(13).map(|(_, of)| of).sum::<f64>(), people.prefecture(13));
        assert!(people.by_segment().is_none() && people.base().contains("2020-10-01"), "{}", people.base());
    }
}
