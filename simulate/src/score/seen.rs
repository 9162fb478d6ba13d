//! What Kayoi's tables say of a month.
//!
//! In: a lake, and what is known of the month. Out: [`Seen`]. Of nights and stays only what can be compared
//! is kept: those of the month, and stays of devices with a diary.

use std::collections::BTreeMap;

use kayoi_lake::Lake;
use kayoi_schemas::ids::{Cell, MunicipalityCode};
use kayoi_schemas::tables::InternalTable;
use kayoi_schemas::time::Day;

use super::rows::Rows;
use super::truth::Known;
use crate::error::SimulateError;

/// What Kayoi's tables say of a month.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub nights: Vec<SeenNight>,
    pub residences: Vec<SeenResidence>,
    /// Ties that count.
    pub ties: Vec<SeenTie>,
    /// By device, of devices with a diary.
    pub stays: BTreeMap<i64, Vec<SeenStay>>,
    pub workplaces: Vec<SeenWorkplace>,
}

/// A night that is given.
#[derive(Debug, Clone)]
pub(super) struct SeenNight {
    pub device: i64,
    pub night: Day,
    pub town: MunicipalityCode,
    pub status: String,
}

/// A residence that Kayoi found.
#[derive(Debug, Clone)]
pub(super) struct SeenResidence {
    pub device: i64,
    pub rank: i64,
    pub town: MunicipalityCode,
    pub regime: String,
}

/// A tie that counts.
#[derive(Debug, Clone)]
pub(super) struct SeenTie {
    pub device: i64,
    pub town: MunicipalityCode,
    pub class: String,
    pub kind: String,
    pub is_dual_resident: bool,
    pub is_workation: bool,
}

/// A stay that reaches into the month.
#[derive(Debug, Clone, Copy)]
pub(super) struct SeenStay {
    /// When it starts, milliseconds UTC.
    pub from_ms: i64,
    /// When it ends, milliseconds UTC.
    pub until_ms: i64,
    /// Latitude and longitude of the cell's centre, degrees; absent for what is not a cell.
    pub centre: Option<(f64, f64)>,
}

/// A workplace that Kayoi found.
#[derive(Debug, Clone, Copy)]
pub(super) struct SeenWorkplace {
    pub device: i64,
    pub town: MunicipalityCode,
    pub telework_days: f64,
}

/// Reads the tables of the month that is known.
///
/// # Errors
/// [`SimulateError`] when a table cannot be read.
pub(super) fn read(lake: &Lake, known: &Known) -> Result<Seen, SimulateError> {
    let mut seen = Seen::default();
    nights(lake, known, &mut seen)?;
    residences(lake, known, &mut seen)?;
    ties(lake, known, &mut seen)?;
    stays(lake, known, &mut seen)?;
    workplaces(lake, known, &mut seen)?;
    Ok(seen)
}

pub(super) fn read_table(
    lake: &Lake,
    table: InternalTable,
    columns: &[&str],
) -> Result<Vec<Rows>, SimulateError> {
    let rows = |batch| Rows { table: table.table().name, batch };
    Ok(lake.rows(table, columns)?.into_iter().map(rows).collect())
}

fn nights(lake: &Lake, known: &Known, seen: &mut Seen) -> Result<(), SimulateError> {
    let month = known.month.first_day()..=known.month.last_day();
    let columns = ["device_id", "night", "municipality_code", "status"];
    for rows in read_table(lake, InternalTable::Nights, &columns)? {
        let (devices, nights, codes, statuses) =
            (rows.integers(0)?, rows.days(1)?, rows.codes(2)?, rows.texts(3)?);
        for (row, night) in nights.into_iter().enumerate().filter(|(_, night)| month.contains(night)) {
            if let Some(town) = codes[row] {
                let status = statuses[row].clone().unwrap_or_default();
                seen.nights.push(SeenNight { device: devices[row], night, town, status });
            }
        }
    }
    Ok(())
}

fn residences(lake: &Lake, known: &Known, seen: &mut Seen) -> Result<(), SimulateError> {
    let wanted = known.month.to_string();
    let columns = ["device_id", "month", "rank", "municipality_code", "regime"];
    for rows in read_table(lake, InternalTable::Residences, &columns)? {
        let (devices, months, ranks) = (rows.integers(0)?, rows.texts(1)?, rows.integers(2)?);
        let (codes, regimes) = (rows.codes(3)?, rows.texts(4)?);
        for (row, device) in devices.into_iter().enumerate() {
            let counts = months[row].as_deref() == Some(&wanted);
            if let Some(town) = codes[row].filter(|_| counts) {
                let regime = regimes[row].clone().unwrap_or_default();
                seen.residences.push(SeenResidence { device, rank: ranks[row], town, regime });
            }
        }
    }
    Ok(())
}

fn ties(lake: &Lake, known: &Known, seen: &mut Seen) -> Result<(), SimulateError> {
    let wanted = known.month.to_string();
    let columns = [
        "device_id",
        "month",
        "municipality_code",
        "visit_day_class",
        "is_dual_resident",
        "is_workation",
        "excluded",
        "kind",
    ];
    for rows in read_table(lake, InternalTable::Ties, &columns)? {
        let (devices, months, codes) = (rows.integers(0)?, rows.texts(1)?, rows.codes(2)?);
        let (classes, excluded, kinds) = (rows.texts(3)?, rows.texts(6)?, rows.texts(7)?);
        let (dual, workation) = (rows.flags(4)?, rows.flags(5)?);
        for (row, device) in devices.into_iter().enumerate() {
            let counts = months[row].as_deref() == Some(&wanted) && excluded[row].as_deref() == Some("no");
            if let Some(town) = codes[row].filter(|_| counts) {
                seen.ties.push(SeenTie {
                    device,
                    town,
                    class: classes[row].clone().unwrap_or_default(),
                    kind: kinds[row].clone().unwrap_or_default(),
                    is_dual_resident: dual[row],
                    is_workation: workation[row],
                });
            }
        }
    }
    Ok(())
}

fn stays(lake: &Lake, known: &Known, seen: &mut Seen) -> Result<(), SimulateError> {
    let columns = ["device_id", "arrival", "departure", "cell"];
    for rows in read_table(lake, InternalTable::Stays, &columns)? {
        let (devices, arrivals) = (rows.integers(0)?, rows.instants(1)?);
        let (departures, cells) = (rows.instants(2)?, rows.integers(3)?);
        for (row, device) in devices.into_iter().enumerate() {
            let Some(diary) = known.diaries.get(&device) else { continue };
            if arrivals[row] < diary.until_ms && departures[row] > diary.from_ms {
                seen.stays.entry(device).or_default().push(SeenStay {
                    from_ms: arrivals[row].max(diary.from_ms),
                    until_ms: departures[row].min(diary.until_ms),
                    centre: centre(Cell::from_column(cells[row])),
                });
            }
        }
    }
    Ok(())
}

fn workplaces(lake: &Lake, known: &Known, seen: &mut Seen) -> Result<(), SimulateError> {
    let wanted = known.month.to_string();
    let columns = ["device_id", "month", "municipality_code", "telework_days"];
    for rows in read_table(lake, InternalTable::Workplaces, &columns)? {
        let (devices, months) = (rows.integers(0)?, rows.texts(1)?);
        let (codes, telework) = (rows.codes(2)?, rows.numbers(3)?);
        for (row, device) in devices.into_iter().enumerate() {
            let counts = months[row].as_deref() == Some(&wanted);
            if let Some(town) = codes[row].filter(|_| counts) {
                seen.workplaces.push(SeenWorkplace { device, town, telework_days: telework[row] });
            }
        }
    }
    Ok(())
}

/// Latitude and longitude of a cell's centre, degrees.
pub(super) fn centre(cell: Cell) -> Option<(f64, f64)> {
    let index = h3o::CellIndex::try_from(cell.h3()).ok()?;
    let point = h3o::LatLng::from(index);
    Some((point.lat(), point.lng()))
}
