//! From figures of tables to people by the codes in use.
//!
//! In: what tables say. Out: the parts of a [`Population`], or the sum that does not hold. Wards are held against their city
//! and give it where the table has no row of it; municipalities are held against the rows of prefectures and of the
//! nation; then the codes of the table's date become those in use. A municipality whose figure the table does not tell has
//! nobody when the others already make its prefecture's total (双葉町 in the census of 2020), and else it is missing.

use std::collections::{BTreeMap, BTreeSet};

use kayoi_schemas::ids::{MunicipalityCode, PrefectureCode};

use super::age::{Age, AgeBand};
use super::counts::{Counts, Detailed, Difference};
use super::error::PopulationError;
use super::observed::{Observed, area_words};
use super::partition::{Class, classes, finest};
use super::places::Area;
use super::{BySex, Residents};
use crate::Register;
use crate::history::{CodeDate, CodeHistory};

/// People by the codes in use.
#[derive(Debug, Default)]
pub(super) struct Settled {
    pub(super) residents: BTreeMap<MunicipalityCode, Residents>,
    pub(super) bands: Vec<AgeBand>,
    /// Municipalities with some figures of ages and not all.
    pub(super) lack_ages: Vec<MunicipalityCode>,
    /// Whether there are ages with a gap.
    pub(super) has_gap: bool,
    /// Municipalities that have nobody because the others make their prefecture's total.
    pub(super) nobody: Vec<MunicipalityCode>,
    /// Prefectures whose rows were held against their municipalities.
    pub(super) prefectures_checked: usize,
    /// Whether the nation's row was.
    pub(super) nation_checked: bool,
}

/// Settles it.
///
/// # Errors
/// [`PopulationError::Sum`] when parts and whole differ, [`PopulationError::History`] when a code cannot be brought to those
/// in use.
pub(super) fn settle(observed: &Observed, date: CodeDate) -> Result<Settled, PopulationError> {
    let band = |age: Age| if let Age::Band(band) = age { Some(band) } else { None };
    let bands: BTreeSet<AgeBand> = observed.figures.keys().filter_map(|key| band(key.age)).collect();
    let finest = finest(&bands);
    let mut differences = Vec::new();
    let areas: BTreeSet<Area> = observed.figures.keys().map(|key| key.area).collect();
    let mut counts: BTreeMap<Area, Counts> =
        areas.iter().map(|area| (*area, Counts::of(observed, *area, &finest, &mut differences))).collect();
    let has = detailed(&counts);
    for counts in counts.values_mut() {
        counts.fill_nobody(&has, finest.len());
    }
    let mut settled = Settled { has_gap: finest.is_empty() && !bands.is_empty(), ..Settled::default() };
    let towns = basic_codes(date)?;
    let by_town = cities(&counts, &towns, date, &mut differences);
    let by_town = prefectures(&counts, by_town, &towns, (&has, finest.len()), &mut settled, &mut differences);
    if let Some(Difference { what, parts, whole, spot }) = differences.first().cloned() {
        let more = match differences.len() - 1 {
            0 => String::new(),
            others => format!("; {others} other sums differ too"),
        };
        return Err(PopulationError::Sum { what, parts, whole, at: Box::new(observed.at(spot)), more });
    }
    let kept = classes(&finest);
    settled.bands = kept.iter().map(|class| class.band).collect();
    convert(&by_town, &towns, &kept, &mut settled);
    if settled.residents.values().all(|residents| residents.by_age.is_none()) {
        settled.bands.clear();
    }
    Ok(settled)
}

fn detailed(counts: &BTreeMap<Area, Counts>) -> Detailed {
    let mut has = Detailed::default();
    for counts in counts.values() {
        for at in 0..3 {
            has.sexes[at] |= counts.people[at].is_some();
            has.ages[at] |= counts.ages[at].is_some();
        }
    }
    has
}

/// The basic municipalities of a date that have people, with the codes that they have now.
fn basic_codes(date: CodeDate) -> Result<BTreeMap<MunicipalityCode, MunicipalityCode>, PopulationError> {
    let (history, register) = (CodeHistory::japan(), Register::japan());
    let now = date.max(CodeDate::COMPLETE_UNTIL);
    let mut codes = BTreeMap::new();
    for code in history.codes(date).into_iter().filter(|code| register.basic(*code) == *code) {
        for (now, _) in history.convert(code, date, now)? {
            if register.get(now).is_some() {
                codes.insert(code, now);
            }
        }
    }
    Ok(codes)
}

/// Municipalities with their wards put together.
fn cities(
    counts: &BTreeMap<Area, Counts>,
    towns: &BTreeMap<MunicipalityCode, MunicipalityCode>,
    date: CodeDate,
    differences: &mut Vec<Difference>,
) -> BTreeMap<MunicipalityCode, Counts> {
    let register = Register::japan();
    let mut wards: BTreeMap<MunicipalityCode, Vec<MunicipalityCode>> = BTreeMap::new();
    for code in CodeHistory::japan().codes(date).into_iter().filter(|code| register.basic(*code) != *code) {
        wards.entry(register.basic(code)).or_default().push(code);
    }
    let of = |code: &MunicipalityCode| counts.get(&Area::Municipality(*code));
    let mut by_town = BTreeMap::new();
    for town in towns.keys() {
        let own = of(town).cloned();
        let parts: Option<Vec<&Counts>> = wards.get(town).and_then(|wards| wards.iter().map(of).collect());
        let sum = parts.and_then(|parts| Counts::sum(parts.into_iter()));
        let counts = match (own, sum) {
            (Some(own), Some(sum)) => {
                let what = format!("wards of {}", area_words(Area::Municipality(*town)));
                Counts::differences(&sum, &own, &what, differences);
                Some(Counts::filled(own, sum))
            }
            (own, sum) => own.or(sum),
        };
        by_town.extend(counts.map(|counts| (*town, counts)));
    }
    by_town
}

/// Holds municipalities against the rows of prefectures and of the nation.
fn prefectures(
    counts: &BTreeMap<Area, Counts>,
    mut by_town: BTreeMap<MunicipalityCode, Counts>,
    towns: &BTreeMap<MunicipalityCode, MunicipalityCode>,
    (has, classes): (&Detailed, usize),
    settled: &mut Settled,
    differences: &mut Vec<Difference>,
) -> BTreeMap<MunicipalityCode, Counts> {
    for prefecture in (1..=47).filter_map(|number| PrefectureCode::new(number).ok()) {
        let Some(whole) = counts.get(&Area::Prefecture(prefecture)) else { continue };
        let of: Vec<MunicipalityCode> =
            towns.keys().copied().filter(|town| town.prefecture() == prefecture).collect();
        let people = |town: &MunicipalityCode| by_town.get(town).and_then(|counts| counts.people[0]);
        let missing: Vec<MunicipalityCode> =
            of.iter().copied().filter(|town| people(town).is_none()).collect();
        let known: u64 = of.iter().filter_map(people).sum();
        // One without a row was forgotten, whatever the total says.
        let has_row = |town: &MunicipalityCode| counts.contains_key(&Area::Municipality(*town));
        if !missing.is_empty() && whole.people[0] == Some(known) && missing.iter().all(has_row) {
            for town in &missing {
                let mut nobody =
                    Counts { people: [Some(0), None, None], spot: whole.spot, ..Counts::default() };
                nobody.fill_nobody(has, classes);
                by_town.insert(*town, nobody);
            }
            settled.nobody.extend(&missing);
        }
        let parts: Option<Vec<&Counts>> = of.iter().map(|town| by_town.get(town)).collect();
        let Some(sum) = parts.and_then(|parts| Counts::sum(parts.into_iter())) else { continue };
        let what = format!("municipalities of {}", area_words(Area::Prefecture(prefecture)));
        Counts::differences(&sum, whole, &what, differences);
        settled.prefectures_checked += usize::from(sum.people[0].is_some() && whole.people[0].is_some());
    }
    let parts: Option<Vec<&Counts>> = towns.keys().map(|town| by_town.get(town)).collect();
    let sum = parts.and_then(|parts| Counts::sum(parts.into_iter()));
    if let Some((sum, whole)) = sum.zip(counts.get(&Area::Nation)) {
        Counts::differences(&sum, whole, "municipalities of the nation", differences);
        settled.nation_checked = sum.people[0].is_some() && whole.people[0].is_some();
    }
    by_town
}

/// Brings codes to those in use.
fn convert(
    by_town: &BTreeMap<MunicipalityCode, Counts>,
    towns: &BTreeMap<MunicipalityCode, MunicipalityCode>,
    kept: &[Class],
    settled: &mut Settled,
) {
    let mut parts: BTreeMap<MunicipalityCode, Vec<Option<&Counts>>> = BTreeMap::new();
    for (town, now) in towns {
        parts.entry(*now).or_default().push(by_town.get(town));
    }
    for (now, parts) in parts {
        let parts: Option<Vec<&Counts>> = parts.into_iter().collect();
        let Some(sum) = parts.and_then(|parts| Counts::sum(parts.into_iter())) else { continue };
        if sum.lacks_ages {
            settled.lack_ages.push(now);
        }
        let Some(people) = sum.people[0] else { continue };
        let [all, male, female] = sum.ages.map(|ages| ages.map(|ages| folded(&ages, kept)));
        let by_sex = sum.people[1].zip(sum.people[2]).map(|(male, female)| BySex { male, female });
        let both = male.zip(female).filter(|_| by_sex.is_some() && all.is_some());
        let by_age_and_sex = both.map(|(male, female)| {
            male.into_iter().zip(female).map(|(male, female)| BySex { male, female }).collect()
        });
        settled.residents.insert(now, Residents { people, by_sex, by_age: all, by_age_and_sex });
    }
}

/// Classes put together to those that are kept.
fn folded(ages: &[u64], kept: &[Class]) -> Vec<u64> {
    let mut rest = ages;
    kept.iter()
        .map(|class| {
            let (these, others) = rest.split_at(class.parts.min(rest.len()));
            rest = others;
            these.iter().sum()
        })
        .collect()
}
