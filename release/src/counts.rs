//! The table `indicators` → exact counts, by prefecture of residence.
//!
//! In: cells of cubes by municipality of residence. Out: [`Counts`], the cells that a release is about, with
//! origins rolled up to prefectures, which is as fine as anything is published. Counts of another definition,
//! or of cubes declared otherwise, are refused.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use kayoi_lake::ReleaseWriter;
use kayoi_schemas::definition::Definition;
use kayoi_schemas::figure::{Area, Atom, Class, CountedKind, Cube, Dimension, Rung, declaration_hash};
use kayoi_schemas::ids::{MunicipalityCode, PrefectureCode};
use kayoi_schemas::time::{Day, Month};

use crate::error::ReleaseError;

/// A combination of properties of a tie. Two devices in one atom cannot be told apart in any release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TieAtom {
    /// Prefecture of the primary residence.
    pub origin: PrefectureCode,
    /// Class of visit days, by its lower end; 0 where an area has several municipalities.
    pub days_from: u16,
    /// How often the device comes.
    pub rung: Rung,
    /// Whether it lives there too.
    pub is_dual_resident: bool,
    /// Whether it works there, away from home.
    pub is_workation: bool,
}

impl TieAtom {
    /// Whether the atom belongs to a kind of tie.
    pub(crate) fn is(&self, kind: CountedKind) -> bool {
        match kind {
            CountedKind::Visitor => true,
            CountedKind::Repeat => self.rung >= Rung::Repeat,
            CountedKind::Connected => self.rung >= Rung::Connected,
            CountedKind::DualResident => self.is_dual_resident,
            CountedKind::Workation => self.is_workation,
            CountedKind::Days(from, _) => self.days_from == from,
        }
    }

    fn of(cube: Cube, atom: &Atom) -> Option<Self> {
        let declared = cube.declaration().dimensions;
        let value = |dimension| atom.class.get(declared, dimension);
        Some(Self {
            origin: atom.origin.prefecture(),
            days_from: value(Dimension::VisitDays),
            rung: Rung::from_value(value(Dimension::Rung))?,
            is_dual_resident: value(Dimension::DualResident) == 1,
            is_workation: value(Dimension::Workation) == 1,
        })
    }
}

/// How many devices each atom holds.
pub(crate) type Atoms = BTreeMap<TieAtom, u64>;

/// How many visitors of a day live in each prefecture.
pub(crate) type Origins = BTreeMap<PrefectureCode, u64>;

static NO_ATOMS: Atoms = Atoms::new();
static NO_ORIGINS: Origins = Origins::new();

/// Devices with a primary residence in a prefecture, by month.
#[derive(Debug, Clone, Default)]
pub struct PanelResidents(BTreeMap<(Month, PrefectureCode), u64>);

impl PanelResidents {
    /// The devices of a month that live in a prefecture.
    pub(crate) fn of(&self, month: Month, prefecture: PrefectureCode) -> u64 {
        self.0.get(&(month, prefecture)).copied().unwrap_or(0)
    }
}

/// Exact counts of everything that is released.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    ties: BTreeMap<(Month, Area), Atoms>,
    visitors: BTreeMap<(Day, MunicipalityCode), Origins>,
    residents: PanelResidents,
}

impl Counts {
    /// Reads the counts of a lake.
    ///
    /// # Errors
    /// [`ReleaseError::OtherCounts`] when they are another definition's, [`ReleaseError::Unreadable`], or
    /// [`ReleaseError::Lake`].
    pub(crate) fn read(lake: &ReleaseWriter, definition: &Definition) -> Result<Self, ReleaseError> {
        let made_with = [definition.id(), definition.hash(), declaration_hash()];
        let mut counts = Self::default();
        for batch in lake.exact_counts(&COLUMNS)? {
            counts.read_batch(&batch, &made_with)?;
        }
        Ok(counts)
    }

    fn read_batch(&mut self, batch: &RecordBatch, made_with: &[String; 3]) -> Result<(), ReleaseError> {
        let text = |column: usize| batch.column(column).as_string::<i32>();
        let (cubes, periods, areas, origins, classes) = (text(0), text(1), text(2), text(3), text(4));
        let values = batch.column(5).as_primitive::<Int64Type>().values();
        let stamps = [("the definition", text(6)), ("the thresholds", text(7)), ("the cubes", text(8))];
        for row in 0..batch.num_rows() {
            // Each row carries its own stamps, so each is asked.
            for ((what, stamp), needed) in stamps.iter().zip(made_with) {
                same(what, stamp.value(row), needed)?;
            }
            let bad = |column| ReleaseError::Unreadable { row, column };
            let cube = Cube::parse(cubes.value(row)).ok_or_else(|| bad("cube"))?;
            let declared = cube.declaration().dimensions;
            let atom = Atom {
                period: Atom::parse_period(periods.value(row), cube).ok_or_else(|| bad("period"))?,
                area: Area::parse(areas.value(row)).ok_or_else(|| bad("area_code"))?,
                origin: MunicipalityCode::parse(origins.value(row)).map_err(|_| bad("origin_code"))?,
                class: Class::parse(classes.value(row), declared).ok_or_else(|| bad("class"))?,
            };
            let value = u64::try_from(values[row]).map_err(|_| bad("value"))?;
            self.put(cube, &atom, value).ok_or_else(|| bad("class"))?;
        }
        Ok(())
    }

    /// Adds a cell; `None` when its class or area is not one that this release knows.
    fn put(&mut self, cube: Cube, atom: &Atom, value: u64) -> Option<()> {
        match (cube, atom.area) {
            (Cube::ConnectedMonthly | Cube::ConnectedTotalsMonthly, area) => {
                let atoms = self.ties.entry((Month(atom.period), area)).or_default();
                *atoms.entry(TieAtom::of(cube, atom)?).or_default() += value;
            }
            (Cube::VisitorsDaily, Area::Municipality(place)) => {
                let origins = self.visitors.entry((Day(atom.period), place)).or_default();
                *origins.entry(atom.origin.prefecture()).or_default() += value;
            }
            (Cube::ResidentsMonthly, Area::Municipality(place)) => {
                let key = (Month(atom.period), place.prefecture());
                *self.residents.0.entry(key).or_default() += value;
            }
            // A cube that is counted and released by no table yet is passed over.
            (other, _) if other.declaration().released_in.is_none() && other != Cube::ResidentsMonthly => {}
            _ => return None,
        }
        Some(())
    }

    /// The months in which any municipality has a tie.
    pub(crate) fn months(&self) -> BTreeSet<Month> {
        let of_places = self.ties.keys().filter(|(_, area)| matches!(area, Area::Municipality(_)));
        of_places.map(|(month, _)| *month).collect()
    }

    /// The ties of an area in a month.
    pub(crate) fn ties(&self, month: Month, area: Area) -> &Atoms {
        self.ties.get(&(month, area)).unwrap_or(&NO_ATOMS)
    }

    /// The ties of all municipalities in a month.
    pub(crate) fn municipalities(&self, month: Month) -> impl Iterator<Item = (MunicipalityCode, &Atoms)> {
        self.ties.iter().filter_map(move |((found, area), atoms)| match area {
            Area::Municipality(place) if *found == month => Some((*place, atoms)),
            _ => None,
        })
    }

    /// The days on which any municipality has a visitor.
    pub(crate) fn days(&self) -> BTreeSet<Day> {
        self.visitors.keys().map(|(day, _)| *day).collect()
    }

    /// The municipalities that have a visitor on any day.
    pub(crate) fn visited(&self) -> BTreeSet<MunicipalityCode> {
        self.visitors.keys().map(|(_, place)| *place).collect()
    }

    /// The visitors of a municipality on a day.
    pub(crate) fn visitors(&self, day: Day, place: MunicipalityCode) -> &Origins {
        self.visitors.get(&(day, place)).unwrap_or(&NO_ORIGINS)
    }

    /// How many devices live in each prefecture, by month.
    pub(crate) fn residents(&self) -> &PanelResidents {
        &self.residents
    }
}

const COLUMNS: [&str; 9] = [
    "cube",
    "period",
    "area_code",
    "origin_code",
    "class",
    "value",
    "definition",
    "definition_hash",
    "cubes_hash",
];

fn same(what: &'static str, found: &str, needed: &str) -> Result<(), ReleaseError> {
    if found == needed {
        return Ok(());
    }
    Err(ReleaseError::OtherCounts { what, found: found.to_owned(), needed: needed.to_owned() })
}

#[cfg(test)]
impl Counts {
    /// Counts as a test wants them.
    pub(crate) fn of_ties(ties: BTreeMap<(Month, Area), Atoms>) -> Self {
        Self { ties, ..Self::default() }
    }
}

#[cfg(test)]
impl PanelResidents {
    /// Residents as a test wants them.
    pub(crate) fn from_counts(counts: BTreeMap<(Month, PrefectureCode), u64>) -> Self {
        Self(counts)
    }
}

#[cfg(test)]
#[path = "counts_tests.rs"]
mod tests;
