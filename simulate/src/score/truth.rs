//! The truth of one month, read back.
//!
//! In: the folder of a truth. Out: [`Known`]: devices that count in the month with their nights, residences and
//! ties, by the pseudonym that Kayoi knows them by. An id that was replaced midway counts when it was in use for
//! at least 60 days: less is too little for any residence.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::File;
use std::path::Path;

use arrow::array::RecordBatch;
use kayoi_schemas::ids::{DeviceId, MunicipalityCode};
use kayoi_schemas::time::{Day, Month};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::Rows;
use crate::error::SimulateError;

const REPLACED_MIN_DAYS: i32 = 60;

/// A device that counts.
#[derive(Debug, Clone)]
pub(super) struct Device {
    pub persona: String,
}

/// A true tie.
#[derive(Debug, Clone)]
pub(super) struct Tie {
    pub class: String,
    pub is_dual_resident: bool,
    pub is_workation: bool,
}

/// The truth of one month.
#[derive(Debug)]
pub(super) struct Known {
    pub month: Month,
    pub devices: BTreeMap<i64, Device>,
    /// Nights of the month; on the way all night: absent.
    pub nights: HashMap<(i64, Day), MunicipalityCode>,
    pub primary: BTreeMap<i64, MunicipalityCode>,
    /// Second residences with their regime.
    pub seconds: BTreeMap<(i64, MunicipalityCode), String>,
    pub ties: BTreeMap<(i64, MunicipalityCode), Tie>,
}

/// Reads the truth of a month, or of the last month it has.
pub(super) fn read(
    folder: &Path,
    month: Option<Month>,
    device_of: &dyn Fn(&str) -> DeviceId,
) -> Result<Known, SimulateError> {
    let month = choose_month(folder, month)?;
    let devices = devices(folder, month, device_of)?;
    let mut known = Known {
        month,
        devices,
        nights: HashMap::new(),
        primary: BTreeMap::new(),
        seconds: BTreeMap::new(),
        ties: BTreeMap::new(),
    };
    nights(folder, device_of, &mut known)?;
    residences(folder, device_of, &mut known)?;
    ties(folder, device_of, &mut known)?;
    Ok(known)
}

fn choose_month(folder: &Path, month: Option<Month>) -> Result<Month, SimulateError> {
    let mut months = BTreeSet::new();
    for rows in read_table(folder, "residences", &["month"])? {
        months.extend(rows.texts(0)?.into_iter().flatten().filter_map(|text| Month::parse(&text)));
    }
    let unknown = || SimulateError::NoMonth {
        month: month.map_or("none".to_owned(), |month| month.to_string()),
        known: months.iter().map(Month::to_string).collect::<Vec<_>>().join(", "),
    };
    match month {
        Some(month) => months.get(&month).copied().ok_or_else(unknown),
        None => months.last().copied().ok_or_else(unknown),
    }
}

fn devices(
    folder: &Path,
    month: Month,
    device_of: &dyn Fn(&str) -> DeviceId,
) -> Result<BTreeMap<i64, Device>, SimulateError> {
    let mut all = Vec::new();
    let mut ids_of_person: HashMap<i64, u32> = HashMap::new();
    for rows in read_table(folder, "people", &["person", "device_id", "from_day", "until_day", "persona"])? {
        let (people, texts) = (rows.integers(0)?, rows.texts(1)?);
        let (from, until, personas) = (rows.days(2)?, rows.days(3)?, rows.texts(4)?);
        for (row, person) in people.into_iter().enumerate() {
            *ids_of_person.entry(person).or_default() += 1;
            let device = device_of(texts[row].as_deref().unwrap_or_default()).column_value();
            all.push((person, device, from[row], until[row], personas[row].clone().unwrap_or_default()));
        }
    }
    let counts = |person: &i64, from: Day, until: Day| {
        let in_month = from <= month.last_day() && until >= month.first_day();
        let replaced = ids_of_person.get(person).is_some_and(|ids| *ids > 1);
        in_month && (!replaced || until.min(month.last_day()).0 - from.0 + 1 >= REPLACED_MIN_DAYS)
    };
    let counted = all.into_iter().filter(|(person, _, from, until, _)| counts(person, *from, *until));
    Ok(counted.map(|(_, device, _, _, persona)| (device, Device { persona })).collect())
}

fn nights(
    folder: &Path,
    device_of: &dyn Fn(&str) -> DeviceId,
    known: &mut Known,
) -> Result<(), SimulateError> {
    let days = known.month.first_day()..=known.month.last_day();
    for rows in read_table(folder, "nights", &["device_id", "night", "municipality_code"])? {
        let (texts, nights, codes) = (rows.texts(0)?, rows.days(1)?, rows.texts(2)?);
        for (row, night) in nights.into_iter().enumerate() {
            let Some(code) = codes[row].as_deref().and_then(parse).filter(|_| days.contains(&night)) else {
                continue;
            };
            let device = device_of(texts[row].as_deref().unwrap_or_default()).column_value();
            if known.devices.contains_key(&device) {
                known.nights.insert((device, night), code);
            }
        }
    }
    Ok(())
}

fn residences(
    folder: &Path,
    device_of: &dyn Fn(&str) -> DeviceId,
    known: &mut Known,
) -> Result<(), SimulateError> {
    let wanted = known.month.to_string();
    let columns = ["device_id", "month", "rank", "municipality_code", "regime"];
    for rows in read_table(folder, "residences", &columns)? {
        let (texts, months, ranks) = (rows.texts(0)?, rows.texts(1)?, rows.integers(2)?);
        let (codes, regimes) = (rows.texts(3)?, rows.texts(4)?);
        for (row, rank) in ranks.into_iter().enumerate() {
            let device = device_of(texts[row].as_deref().unwrap_or_default()).column_value();
            let counts = months[row].as_deref() == Some(&wanted) && known.devices.contains_key(&device);
            let Some(code) = codes[row].as_deref().and_then(parse).filter(|_| counts) else { continue };
            if rank == 1 {
                known.primary.insert(device, code);
            } else {
                known.seconds.insert((device, code), regimes[row].clone().unwrap_or_default());
            }
        }
    }
    Ok(())
}

fn ties(folder: &Path, device_of: &dyn Fn(&str) -> DeviceId, known: &mut Known) -> Result<(), SimulateError> {
    let wanted = known.month.to_string();
    let columns =
        ["device_id", "month", "municipality_code", "visit_day_class", "is_dual_resident", "is_workation"];
    for rows in read_table(folder, "ties", &columns)? {
        let (texts, months, codes) = (rows.texts(0)?, rows.texts(1)?, rows.texts(2)?);
        let (classes, dual, workation) = (rows.texts(3)?, rows.flags(4)?, rows.flags(5)?);
        for (row, text) in texts.into_iter().enumerate() {
            let device = device_of(text.as_deref().unwrap_or_default()).column_value();
            let counts = months[row].as_deref() == Some(&wanted) && known.devices.contains_key(&device);
            let Some(code) = codes[row].as_deref().and_then(parse).filter(|_| counts) else { continue };
            let class = classes[row].clone().unwrap_or_default();
            let tie = Tie { class, is_dual_resident: dual[row], is_workation: workation[row] };
            known.ties.insert((device, code), tie);
        }
    }
    Ok(())
}

fn parse(code: &str) -> Option<MunicipalityCode> {
    MunicipalityCode::parse(code).ok()
}

/// Reads the named columns of a table of the truth, in the order named.
fn read_table(folder: &Path, name: &'static str, columns: &[&str]) -> Result<Vec<Rows>, SimulateError> {
    let path = folder.join(format!("{name}.parquet"));
    let file = File::open(&path).map_err(SimulateError::io(&path))?;
    let parquet = SimulateError::parquet(name);
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).map_err(&parquet)?;
    let reader = reader.with_batch_size(65_536).build().map_err(&parquet)?;
    let select = |batch: RecordBatch| {
        let schema = batch.schema();
        let indices: Result<Vec<usize>, _> = columns.iter().map(|column| schema.index_of(column)).collect();
        batch.project(&indices?)
    };
    reader
        .map(|batch| batch.and_then(select).map_err(SimulateError::columns(name)))
        .map(|batch| batch.map(|batch| Rows { table: name, batch }))
        .collect()
}
