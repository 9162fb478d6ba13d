//! How many people live in each municipality: what a device of a panel is weighted up to.
//!
//! In: official tables (住民基本台帳に基づく人口, 国勢調査, 推計人口) as they are published, .xlsx, .xls or CSV, or the file
//! that an earlier import wrote. Out: a [`Population`]: people of each of the basic municipalities by the codes in use,
//! by sex and by age where the table has them, with the base and the date that belong on every figure made of it.
//!
//! The way of a table: `text` or `workbook` give a `Grid`, `header` finds what its columns say, `rows` reads
//! figures with their place in the file, `settle` adds them up, holds them against every total that the table has
//! and brings codes to those in use, `file` writes one normalized file. What is not understood is refused: a column
//! that is guessed would be a wrong weight for a whole town, and nobody would see it.
//!
//! Without a file, [`Population::census_2020`] has the totals of the census that ship with the register.

pub mod error;
mod words;
mod base;
mod age;
mod grid;
mod text;
mod workbook;
mod meaning;
pub mod columns;
mod header;
mod written;
mod places;
mod observed;
mod rows;
mod partition;
mod counts;
mod settle;
pub mod import;
pub mod file;

use std::collections::BTreeMap;

use kayoi_schemas::ids::{MunicipalityCode, PrefectureCode};
use kayoi_schemas::time::Day;

use crate::Register;

pub(crate) use text::decode;

pub use age::{AgeBand, Sex};
pub use base::Base;
pub use columns::{ColumnNames, Condition};
pub use error::PopulationError;
pub use import::{ImportOptions, ImportReport, import_files};

/// Where the embedded census comes from.
const CENSUS_2020: &str = "令和2年国勢調査 人口速報集計(総務省統計局)";

/// Men and women.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BySex {
    /// 男.
    pub male: u64,
    /// 女.
    pub female: u64,
}

impl BySex {
    /// Both together.
    pub fn all(self) -> u64 {
        self.male + self.female
    }
}

/// Men and women of an age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgeAndSex {
    /// Completed years.
    pub band: AgeBand,
    /// Of them.
    pub people: BySex,
}

/// The people of one municipality, as far as they are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Residents {
    people: u64,
    by_sex: Option<BySex>,
    /// In the order of the bands.
    by_age: Option<Vec<u64>>,
    by_age_and_sex: Option<Vec<BySex>>,
}

/// People by municipality, by the codes in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Population {
    base: Base,
    date: Day,
    source: String,
    /// From 0 to an open end without gaps; empty when no municipality has ages.
    bands: Vec<AgeBand>,
    residents: BTreeMap<MunicipalityCode, Residents>,
}

impl Population {
    /// The totals of the census of 2020 that ship with the register: preliminary, without sexes and ages.
    ///
    /// ```
    /// use kayoi_geography::population::{Base, Population};
    /// use kayoi_schemas::ids::{MunicipalityCode, PrefectureCode};
    /// let census = Population::census_2020();
    /// assert_eq!(census.people(MunicipalityCode::parse("01100")?), Some(1_975_065));
    /// assert_eq!((census.base(), census.date().to_string()), (Base::Census, "2020-10-01".to_owned()));
    /// assert_eq!(census.all(), 126_226_568);
    /// # Ok::<(), kayoi_schemas::ids::CodeError>(())
    /// ```
    pub fn census_2020() -> Self {
        const FIRST_OF_OCTOBER: Day = Day(18_536);
        let residents = |people: u32| Residents { people: u64::from(people), ..Residents::default() };
        let all = Register::japan().all().iter();
        Self {
            base: Base::Census,
            date: FIRST_OF_OCTOBER,
            source: CENSUS_2020.to_owned(),
            bands: Vec::new(),
            residents: all.map(|town| (town.code, residents(town.population_2020))).collect(),
        }
    }

    /// People of a basic municipality; `None` when the table has no figure for it, or the code is of no basic
    /// municipality: the wards of a designated city are counted in their city.
    pub fn people(&self, code: MunicipalityCode) -> Option<u64> {
        self.residents.get(&code).map(|residents| residents.people)
    }

    /// Men and women, where the table has them.
    pub fn by_sex(&self, code: MunicipalityCode) -> Option<BySex> {
        self.residents.get(&code)?.by_sex
    }

    /// People by age, where the table has it. People of unknown age are in [`Self::people`] alone.
    pub fn by_age(&self, code: MunicipalityCode) -> Option<Vec<(AgeBand, u64)>> {
        let ages = self.residents.get(&code)?.by_age.as_ref()?;
        Some(self.bands.iter().copied().zip(ages.iter().copied()).collect())
    }

    /// People by age and sex, where the table has both.
    pub fn by_age_and_sex(&self, code: MunicipalityCode) -> Option<Vec<AgeAndSex>> {
        let ages = self.residents.get(&code)?.by_age_and_sex.as_ref()?;
        Some(self.bands.iter().zip(ages).map(|(&band, &people)| AgeAndSex { band, people }).collect())
    }

    /// People of a prefecture; `None` when one of its municipalities has no figure.
    pub fn prefecture(&self, prefecture: PrefectureCode) -> Option<u64> {
        let towns = Register::japan().all().iter().filter(|town| town.code.prefecture() == prefecture);
        towns.map(|town| self.people(town.code)).sum()
    }

    /// People of all municipalities that have a figure.
    pub fn all(&self) -> u64 {
        self.residents.values().map(|residents| residents.people).sum()
    }

    /// The municipalities that have a figure, in order, with their people.
    pub fn municipalities(&self) -> impl Iterator<Item = (MunicipalityCode, u64)> {
        self.residents.iter().map(|(code, residents)| (*code, residents.people))
    }

    /// The municipalities without a figure, in order.
    pub fn missing(&self) -> Vec<MunicipalityCode> {
        let codes = Register::japan().all().iter().map(|town| town.code);
        codes.filter(|code| !self.residents.contains_key(code)).collect()
    }

    /// The ages that are told apart, from 0 to an open end; empty when none are.
    pub fn bands(&self) -> &[AgeBand] {
        &self.bands
    }

    /// People of unknown age in the municipalities whose ages are known.
    pub fn unknown_age(&self) -> u64 {
        let unknown = |residents: &Residents| {
            residents.by_age.as_ref().map_or(0, |ages| residents.people.saturating_sub(ages.iter().sum()))
        };
        self.residents.values().map(unknown).sum()
    }

    /// How many municipalities have men and women, ages, and both together.
    pub fn detail(&self) -> Detail {
        let count = |has: fn(&Residents) -> bool| self.residents.values().filter(|one| has(one)).count();
        Detail {
            by_sex: count(|one| one.by_sex.is_some()),
            by_age: count(|one| one.by_age.is_some()),
            by_age_and_sex: count(|one| one.by_age_and_sex.is_some()),
        }
    }

    /// The statistic.
    pub fn base(&self) -> Base {
        self.base
    }

    /// The day on which the people were counted.
    pub fn date(&self) -> Day {
        self.date
    }

    /// The publication, for the credit.
    pub fn source(&self) -> &str {
        &self.source
    }
}

/// How many municipalities have what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Detail {
    /// Men and women.
    pub by_sex: usize,
    /// Ages.
    pub by_age: usize,
    /// Both together.
    pub by_age_and_sex: usize,
}

#[cfg(test)]
mod fixture;

#[cfg(test)]
#[path = "population_tests.rs"]
mod tests;
