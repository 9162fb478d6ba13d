//! The truth of people in one month, read back.
//!
//! In: the folder of a truth. Out: [`Known`]: who everybody is, where they live and what ties they have, and the
//! person behind each id.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::tie::TieKind;
use kayoi_schemas::time::Month;

use super::kinds::{Marks, Ties};
use crate::error::SimulateError;
use crate::people::Persona;
use crate::score::rows::read_table;
use crate::score::truth::DeviceOf;

/// A person and a municipality.
pub(super) type Pair = (i64, MunicipalityCode);

/// Somebody.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub kind: String,
    pub in_panel: bool,
}

impl Person {
    /// Whether it lives in the country.
    pub(super) fn is_domestic(&self) -> bool {
        self.kind != Persona::FromAbroad.as_str()
    }
}

/// The truth of a month.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub persons: BTreeMap<i64, Person>,
    /// Pseudonym of an id → its person.
    pub person_of: HashMap<i64, i64>,
    pub primary: BTreeMap<i64, MunicipalityCode>,
    pub seconds: BTreeSet<Pair>,
    pub nearly_even: BTreeSet<i64>,
    pub connected: BTreeSet<Pair>,
    /// By person.
    pub ties: BTreeMap<i64, Ties>,
}

pub(super) fn read(folder: &Path, month: Month, device_of: DeviceOf<'_>) -> Result<Known, SimulateError> {
    let mut known = Known::default();
    for rows in read_table(folder, "persons", &["person", "kind", "in_panel"])? {
        let rows = rows?;
        let (people, kinds, in_panel) = (rows.integers(0)?, rows.texts(1)?, rows.flags(2)?);
        for (row, person) in people.into_iter().enumerate() {
            let kind = kinds[row].clone().unwrap_or_default();
            known.persons.insert(person, Person { kind, in_panel: in_panel[row] });
        }
    }
    for rows in read_table(folder, "people", &["person", "device_id"])? {
        let rows = rows?;
        let (people, texts) = (rows.integers(0)?, rows.texts(1)?);
        let ids = texts.iter().map(|text| device_of(text.as_deref().unwrap_or_default()).column_value());
        known.person_of.extend(ids.zip(people));
    }
    residences(folder, month, &mut known)?;
    ties(folder, month, &mut known)?;
    Ok(known)
}

fn residences(folder: &Path, month: Month, known: &mut Known) -> Result<(), SimulateError> {
    let wanted = month.to_string();
    let columns = ["person", "month", "rank", "municipality_code", "nearly_even"];
    for rows in read_table(folder, "person_residences", &columns)? {
        let rows = rows?;
        let (people, months, ranks) = (rows.integers(0)?, rows.texts(1)?, rows.integers(2)?);
        let (codes, even) = (rows.codes(3)?, rows.flags(4)?);
        for (row, person) in people.into_iter().enumerate() {
            let counts = months[row].as_deref() == Some(&wanted);
            let Some(town) = codes[row].filter(|_| counts) else { continue };
            if even[row] {
                known.nearly_even.insert(person);
            }
            if ranks[row] == 1 {
                known.primary.insert(person, town);
            } else {
                known.seconds.insert((person, town));
            }
        }
    }
    Ok(())
}

fn ties(folder: &Path, month: Month, known: &mut Known) -> Result<(), SimulateError> {
    let wanted = month.to_string();
    let columns = [
        "person",
        "month",
        "municipality_code",
        "is_repeat",
        "is_connected",
        "is_dual_resident",
        "is_workation",
        "visit_day_class",
        "kind",
    ];
    for rows in read_table(folder, "person_ties", &columns)? {
        let rows = rows?;
        let (people, months, codes) = (rows.integers(0)?, rows.texts(1)?, rows.codes(2)?);
        let (repeat, connected) = (rows.flags(3)?, rows.flags(4)?);
        let (dual, workation) = (rows.flags(5)?, rows.flags(6)?);
        let (classes, kinds) = (rows.texts(7)?, rows.texts(8)?);
        for (row, person) in people.into_iter().enumerate() {
            let kind = kinds[row].as_deref().unwrap_or_default();
            // A long stay is no tie: the tables exclude it too.
            let counts = months[row].as_deref() == Some(&wanted) && kind != TieKind::LongStay.as_str();
            let Some(town) = codes[row].filter(|_| counts) else { continue };
            if connected[row] {
                known.connected.insert((person, town));
            }
            let marks = Marks {
                kind,
                class: classes[row].as_deref().unwrap_or_default(),
                is_repeat: repeat[row],
                is_connected: connected[row],
                is_dual_resident: dual[row],
                is_workation: workation[row],
            };
            marks.add_to(known.ties.entry(person).or_default());
        }
    }
    Ok(())
}
