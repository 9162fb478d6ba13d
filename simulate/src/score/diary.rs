//! True stays of a month, read back from the diary.
//!
//! In: the first device of each person with a diary, and the file. Out: [`Diary`] by device. A stay of under
//! ten minutes is left out: no feed shows it. Somebody under way has no row in the file.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use kayoi_schemas::time::MINUTE_MS;

use super::rows::read_table;
use crate::error::SimulateError;

const STAY_MIN_MS: i64 = 10 * MINUTE_MS;

/// The part of a month in which a device was in use, and its owner's stays in it.
#[derive(Debug, Clone, Default)]
pub(super) struct Diary {
    /// When it starts, milliseconds UTC.
    pub from_ms: i64,
    /// When it ends, milliseconds UTC.
    pub until_ms: i64,
    /// The stays, in order of time.
    pub stays: Vec<TrueStay>,
}

/// A true stay, cut at the ends of the month.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct TrueStay {
    /// When it starts, milliseconds UTC.
    pub from_ms: i64,
    /// When it ends, milliseconds UTC.
    pub until_ms: i64,
    /// Degrees north, WGS 84.
    pub latitude: f64,
    /// Degrees east, WGS 84.
    pub longitude: f64,
}

/// The people with a diary.
pub(super) fn people(folder: &Path) -> Result<BTreeSet<i64>, SimulateError> {
    let mut people = BTreeSet::new();
    for rows in read_table(folder, "diary", &["person"])? {
        people.extend(rows?.integers(0)?);
    }
    Ok(people)
}

/// Fills the diaries; `devices` gives a person's first device.
pub(super) fn read(
    folder: &Path,
    devices: &HashMap<i64, i64>,
    diaries: &mut BTreeMap<i64, Diary>,
) -> Result<(), SimulateError> {
    let columns = ["person", "arrival", "departure", "latitude", "longitude"];
    for rows in read_table(folder, "diary", &columns)? {
        let rows = rows?;
        let (people, arrivals, departures) = (rows.integers(0)?, rows.instants(1)?, rows.instants(2)?);
        let (latitudes, longitudes) = (rows.numbers(3)?, rows.numbers(4)?);
        for (row, person) in people.into_iter().enumerate() {
            let diary = devices.get(&person).and_then(|device| diaries.get_mut(device));
            let Some(diary) = diary else { continue };
            let from_ms = arrivals[row].max(diary.from_ms);
            let until_ms = departures[row].min(diary.until_ms);
            if departures[row] - arrivals[row] >= STAY_MIN_MS && from_ms < until_ms {
                let (latitude, longitude) = (latitudes[row], longitudes[row]);
                diary.stays.push(TrueStay { from_ms, until_ms, latitude, longitude });
            }
        }
    }
    diaries.values_mut().for_each(|diary| diary.stays.sort_by_key(|stay| stay.from_ms));
    Ok(())
}
