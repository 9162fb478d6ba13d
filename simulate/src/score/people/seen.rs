//! What Kayoi's tables say of the ids of a month.
//!
//! In: a lake and a month. Out: [`Seen`]: where each id lives, what ties count, and which ids stand for people.

use std::collections::{BTreeMap, BTreeSet};

use kayoi_lake::Lake;
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::tables::InternalTable;
use kayoi_schemas::time::Month;

use super::kinds::{Marks, Ties};
use crate::error::SimulateError;
use crate::score::seen::read_table;

/// The tables of a month.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Ids that count; `None` for a lake that does not say.
    pub counting: Option<BTreeSet<i64>>,
    /// Ids called visitors from abroad, in any month.
    pub from_abroad: BTreeSet<i64>,
    /// Ids with a primary residence in any month.
    pub located_ever: BTreeSet<i64>,
    pub primary: BTreeMap<i64, MunicipalityCode>,
    pub seconds: BTreeSet<(i64, MunicipalityCode)>,
    pub connected: BTreeSet<(i64, MunicipalityCode)>,
    /// By id, of ties that count.
    pub ties: BTreeMap<i64, Ties>,
}

impl Seen {
    /// Whether figures of a year are made of an id.
    pub(super) fn counts(&self, id: i64) -> bool {
        self.counting.as_ref().is_none_or(|counting| counting.contains(&id))
    }
}

pub(super) fn read(lake: &Lake, month: Month) -> Result<Seen, SimulateError> {
    let mut seen = Seen::default();
    panel(lake, month, &mut seen)?;
    residences(lake, month, &mut seen)?;
    ties(lake, month, &mut seen)?;
    Ok(seen)
}

/// Lakes of before the panel have no such table.
fn panel(lake: &Lake, month: Month, seen: &mut Seen) -> Result<(), SimulateError> {
    let wanted = month.to_string();
    let Some(table) = InternalTable::ALL.into_iter().find(|table| table.table().name == "panel") else {
        return Ok(());
    };
    for rows in read_table(lake, table, &["device_id", "month", "standing", "is_year_panel"])? {
        let (devices, months) = (rows.integers(0)?, rows.texts(1)?);
        let (standings, of_year) = (rows.texts(2)?, rows.flags(3)?);
        let counting = seen.counting.get_or_insert_default();
        for (row, device) in devices.into_iter().enumerate() {
            if months[row].as_deref() == Some(&wanted) && of_year[row] {
                counting.insert(device);
            }
            if standings[row].as_deref() == Some("from_abroad") {
                seen.from_abroad.insert(device);
            }
        }
    }
    Ok(())
}

fn residences(lake: &Lake, month: Month, seen: &mut Seen) -> Result<(), SimulateError> {
    let wanted = month.to_string();
    let columns = ["device_id", "month", "rank", "municipality_code"];
    for rows in read_table(lake, InternalTable::Residences, &columns)? {
        let (devices, months) = (rows.integers(0)?, rows.texts(1)?);
        let (ranks, codes) = (rows.integers(2)?, rows.codes(3)?);
        for (row, device) in devices.into_iter().enumerate() {
            let Some(town) = codes[row] else { continue };
            seen.located_ever.insert(device);
            if months[row].as_deref() != Some(&wanted) {
                continue;
            }
            if ranks[row] == 1 {
                seen.primary.insert(device, town);
            } else {
                seen.seconds.insert((device, town));
            }
        }
    }
    Ok(())
}

fn ties(lake: &Lake, month: Month, seen: &mut Seen) -> Result<(), SimulateError> {
    let wanted = month.to_string();
    let columns = [
        "device_id",
        "month",
        "municipality_code",
        "excluded",
        "is_repeat",
        "is_connected",
        "is_dual_resident",
        "is_workation",
        "visit_day_class",
        "kind",
    ];
    for rows in read_table(lake, InternalTable::Ties, &columns)? {
        let (devices, months, codes) = (rows.integers(0)?, rows.texts(1)?, rows.codes(2)?);
        let (excluded, repeat, connected) = (rows.texts(3)?, rows.flags(4)?, rows.flags(5)?);
        let (dual, workation) = (rows.flags(6)?, rows.flags(7)?);
        let (classes, kinds) = (rows.texts(8)?, rows.texts(9)?);
        for (row, device) in devices.into_iter().enumerate() {
            let counts = months[row].as_deref() == Some(&wanted) && excluded[row].as_deref() == Some("no");
            let Some(town) = codes[row].filter(|_| counts) else { continue };
            if connected[row] {
                seen.connected.insert((device, town));
            }
            let marks = Marks {
                kind: kinds[row].as_deref().unwrap_or_default(),
                class: classes[row].as_deref().unwrap_or_default(),
                is_repeat: repeat[row],
                is_connected: connected[row],
                is_dual_resident: dual[row],
                is_workation: workation[row],
            };
            marks.add_to(seen.ties.entry(device).or_default());
        }
    }
    Ok(())
}
