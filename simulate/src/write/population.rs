//! The people of the world, as the file that a figure is weighted with.
//!
//! In: everybody, with a phone or without. Out: `population.csv` in the form of `kayoi population`
//! (`geography/src/population/file.rs`): for each municipality its people on the last day, men and women, classes of ages,
//! and both together. So a release can be weighted to the simulated people and held against what they really did. Towns
//! where nobody lives have rows of 0, because a prefecture has its people only when all its towns have theirs. Nobody of
//! a world is younger than 15, and visitors from abroad are nobody's residents.

use std::collections::BTreeMap;
use std::path::Path;

use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::person::{AgeClass, Sex};

use crate::error::SimulateError;
use crate::land::Land;
use crate::people::Person;
use crate::world::World;

const HEADER: &str = "municipality_code,sex,age_from,age_to,people,base,date,source";
/// What stands for the statistic: the people of a world are all known, as in a census.
const BASE: &str = "census";
const SOURCE: &str = "kayoi simulate";
/// The class below all others, in which nobody is.
const CHILDREN: (u8, Option<u8>) = (0, Some(14));

/// People of a town, by class of ages and by sex.
type Counts = [[u64; Sex::ALL.len()]; AgeClass::ALL.len()];

/// Writes the file.
///
/// # Errors
/// [`SimulateError::Io`].
pub(super) fn write(world: &World, land: &Land, people: &[Person], path: &Path) -> Result<(), SimulateError> {
    let mut towns: BTreeMap<MunicipalityCode, Counts> =
        land.codes().map(|code| (code, Counts::default())).collect();
    for person in people {
        if let (Some(home), Some(citizen)) = (person.home_at(world.last_day()), person.citizen) {
            towns.entry(home).or_default()[citizen.age as usize][citizen.sex as usize] += 1;
        }
    }
    let rest = format!("{BASE},{},{SOURCE}", world.last_day());
    let mut text = format!("{HEADER}\n");
    for (code, counts) in &towns {
        for (sex, ages) in by_sex(counts) {
            let all: u64 = ages.iter().sum();
            text.push_str(&format!("{code},{sex},,,{all},{rest}\n"));
            let classes = [CHILDREN].into_iter().chain(AgeClass::ALL.map(AgeClass::years));
            for ((from, to), people) in classes.zip([0].into_iter().chain(ages)) {
                let to = to.map_or(String::new(), |to| to.to_string());
                text.push_str(&format!("{code},{sex},{from},{to},{people},{rest}\n"));
            }
        }
    }
    std::fs::write(path, text).map_err(SimulateError::io(path))
}

/// People by class of ages: both sexes together, then each.
fn by_sex(counts: &Counts) -> [(&'static str, [u64; AgeClass::ALL.len()]); 3] {
    let [male, female] = Sex::ALL.map(|sex| (sex.as_str(), counts.map(|sexes| sexes[sex as usize])));
    [("all", counts.map(|sexes| sexes.iter().sum())), male, female]
}

#[cfg(test)]
#[path = "population_tests.rs"]
mod tests;
