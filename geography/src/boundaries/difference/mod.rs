//! What changed between two editions.
//!
//! In: the previous boundaries and the new ones. Out: which codes came, went, changed or stayed, with areas,
//! and whose land became whose: for people a short list, for programs all of it.
//!
//! A unit has stayed when it has the same polygons, in any order and from whichever point a ring starts. A
//! unit that was only drawn anew counts as changed, with the land that it gained and lost by that.

mod same;
mod moved;
mod words;

use kayoi_schemas::ids::MunicipalityCode;
use rayon::prelude::*;
use serde::{Serialize, Serializer};

use super::{BoundarySet, Unit};
use moved::moved_km2;
use same::is_same_land;

/// Less is rounding, km².
const LEAST_KM2: f64 = 1e-6;

/// The differences between two editions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// Edition of the previous boundaries.
    pub previous_edition: String,
    /// Edition of the new ones.
    pub edition: String,
    /// Codes whose polygons are the same.
    pub unchanged_units: u64,
    /// Codes that only the new boundaries have, ascending.
    pub added: Vec<UnitArea>,
    /// Codes that only the previous boundaries have, ascending.
    pub removed: Vec<UnitArea>,
    /// Codes whose polygons differ, the most changed land first.
    pub changed: Vec<ChangedUnit>,
    /// Land that changed hands, the most first.
    pub moved: Vec<MovedLand>,
}

/// A unit of one of the editions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct UnitArea {
    /// The code of the unit.
    #[serde(serialize_with = "as_text")]
    pub code: MunicipalityCode,
    /// Its area, km².
    pub km2: f64,
}

/// A unit of both editions whose polygons differ.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ChangedUnit {
    /// The code of the unit.
    #[serde(serialize_with = "as_text")]
    pub code: MunicipalityCode,
    /// Its area before, km².
    pub previous_km2: f64,
    /// Its area now, km².
    pub km2: f64,
    /// Land that it has and had not, km², estimated.
    pub gained_km2: f64,
    /// Land that it had and has no more, km², estimated.
    pub lost_km2: f64,
    /// Gained and lost land, of all land that it had or has: 0 to 1.
    pub changed_share: f64,
}

/// Land that had one code and has another.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct MovedLand {
    /// The code before; `None` where it was no unit's (sea, or outside), or only that of a unit that has not
    /// changed.
    #[serde(serialize_with = "as_text_or_null")]
    pub from: Option<MunicipalityCode>,
    /// The code now; `None` as before.
    #[serde(serialize_with = "as_text_or_null")]
    pub to: Option<MunicipalityCode>,
    /// How much, km², estimated.
    pub km2: f64,
}

impl Difference {
    /// Compares two editions, on all cores.
    pub fn between(previous: &BoundarySet, new: &BoundarySet) -> Self {
        let find =
            |set: &'_ BoundarySet, code| set.units().binary_search_by_key(&code, |unit| unit.code).ok();
        let differs = |unit: &Unit, other: &BoundarySet| {
            find(other, unit.code).is_none_or(|position| !is_same_land(unit, &other.units()[position]))
        };
        let before: Vec<&Unit> = previous.units().par_iter().filter(|unit| differs(unit, new)).collect();
        let now: Vec<&Unit> = new
            .units()
            .par_iter()
            .filter(|unit| find(previous, unit.code).is_none() || contains(&before, unit.code))
            .collect();
        let moved = moved_km2(&before, &now);
        let mut moved: Vec<MovedLand> = moved
            .into_iter()
            .filter(|(_, km2)| *km2 >= LEAST_KM2)
            .map(|((from, to), km2)| MovedLand { from, to, km2 })
            .collect();
        moved.sort_by(|a, b| b.km2.total_cmp(&a.km2));
        let area = |unit: &&Unit| UnitArea { code: unit.code, km2: unit.area_km2() };
        let only_in = |units: &[&Unit], others: &[&Unit]| -> Vec<UnitArea> {
            units.par_iter().filter(|unit| !contains(others, unit.code)).map(area).collect()
        };
        let both: Vec<(&Unit, &Unit)> =
            now.iter().filter_map(|unit| Some((before[position(&before, unit.code)?], *unit))).collect();
        let mut changed: Vec<ChangedUnit> =
            both.par_iter().map(|(before, now)| changed_unit(before, now, &moved)).collect();
        changed.sort_by(|a, b| moved_of(b).total_cmp(&moved_of(a)));
        Self {
            previous_edition: previous.edition().to_owned(),
            edition: new.edition().to_owned(),
            unchanged_units: (new.units().len() - now.len()) as u64,
            added: only_in(&now, &before),
            removed: only_in(&before, &now),
            changed,
            moved,
        }
    }

    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }

    /// Where a unit's land went, or came from.
    fn others(&self, code: MunicipalityCode, way: Way) -> Vec<(Option<MunicipalityCode>, f64)> {
        let ends = |moved: &MovedLand| match way {
            Way::From => (moved.to, moved.from),
            Way::To => (moved.from, moved.to),
        };
        let own = self.moved.iter().filter(|moved| ends(moved).0 == Some(code));
        own.map(|moved| (ends(moved).1, moved.km2)).collect()
    }
}

/// Which end of a move is asked for.
#[derive(Clone, Copy)]
enum Way {
    From,
    To,
}

fn position(units: &[&Unit], code: MunicipalityCode) -> Option<usize> {
    units.binary_search_by_key(&code, |unit| unit.code).ok()
}

fn contains(units: &[&Unit], code: MunicipalityCode) -> bool {
    position(units, code).is_some()
}

fn moved_of(unit: &ChangedUnit) -> f64 {
    unit.gained_km2 + unit.lost_km2
}

fn changed_unit(before: &Unit, now: &Unit, moved: &[MovedLand]) -> ChangedUnit {
    let code = Some(now.code);
    // From 0, because an empty `sum` is -0.
    let sum = |is_own: fn(&MovedLand, Option<MunicipalityCode>) -> bool| {
        moved.iter().filter(|moved| is_own(moved, code)).fold(0.0, |sum, moved| sum + moved.km2)
    };
    let gained_km2 = sum(|moved, code| moved.to == code);
    let lost_km2 = sum(|moved, code| moved.from == code);
    let previous_km2 = before.area_km2();
    let all = previous_km2 + gained_km2;
    ChangedUnit {
        code: now.code,
        previous_km2,
        km2: now.area_km2(),
        gained_km2,
        lost_km2,
        changed_share: if all > 0.0 { ((gained_km2 + lost_km2) / all).min(1.0) } else { 0.0 },
    }
}

fn as_text<S: Serializer>(code: &MunicipalityCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(code)
}

fn as_text_or_null<S: Serializer>(code: &Option<MunicipalityCode>, serializer: S) -> Result<S::Ok, S::Error> {
    match code {
        Some(code) => serializer.collect_str(code),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
#[path = "difference_tests.rs"]
mod tests;
