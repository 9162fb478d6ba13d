//! The truth of one month, read back.
//!
//! In: the folder of a truth. Out: [`Known`]: devices that count in the month with their nights, residences,
//! ties, workplaces and stays, by the pseudonym that Kayoi knows them by. An id that was replaced midway
//! counts when it was in use for at least 60 days: less is too little for any residence.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use kayoi_schemas::ids::{DeviceId, MunicipalityCode};
use kayoi_schemas::tie::TieKind;
use kayoi_schemas::time::{Day, DayRule, Month};

use super::diary::{self, Diary};
use super::rows::read_table;
use crate::error::SimulateError;

const REPLACED_MIN_DAYS: i32 = 60;

pub(super) type DeviceOf<'d> = &'d dyn Fn(&str) -> DeviceId;

/// A device that counts.
#[derive(Debug, Clone)]
pub(super) struct Device {
    pub person: i64,
    pub persona: String,
    /// First and last day in use.
    pub days: (Day, Day),
    /// The first device of its owner.
    pub is_first: bool,
}

/// A true tie.
#[derive(Debug, Clone)]
pub(super) struct Tie {
    pub class: String,
    pub kind: String,
    pub is_dual_resident: bool,
    pub is_workation: bool,
}

/// A true month of work.
#[derive(Debug, Clone)]
pub(super) struct Workplace {
    pub town: MunicipalityCode,
    pub work_days: i64,
    pub telework_days: i64,
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
    /// Devices whose two residences had nearly as many nights.
    pub nearly_even: BTreeSet<i64>,
    pub ties: BTreeMap<(i64, MunicipalityCode), Tie>,
    pub workplaces: BTreeMap<i64, Workplace>,
    /// Of the first devices of people with a diary.
    pub diaries: BTreeMap<i64, Diary>,
}

/// Reads the truth of a month, or of the last month it has.
pub(super) fn read(
    folder: &Path,
    month: Option<Month>,
    device_of: DeviceOf<'_>,
) -> Result<Known, SimulateError> {
    let month = choose_month(folder, month)?;
    let mut known = Known {
        month,
        devices: devices(folder, month, device_of)?,
        nights: HashMap::new(),
        primary: BTreeMap::new(),
        seconds: BTreeMap::new(),
        nearly_even: BTreeSet::new(),
        ties: BTreeMap::new(),
        workplaces: BTreeMap::new(),
        diaries: BTreeMap::new(),
    };
    nights(folder, device_of, &mut known)?;
    residences(folder, device_of, &mut known)?;
    ties(folder, device_of, &mut known)?;
    workplaces(folder, device_of, &mut known)?;
    diaries(folder, &mut known)?;
    Ok(known)
}

fn choose_month(folder: &Path, month: Option<Month>) -> Result<Month, SimulateError> {
    let mut months = BTreeSet::new();
    for rows in read_table(folder, "residences", &["month"])? {
        let rows = rows?;
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
    device_of: DeviceOf<'_>,
) -> Result<BTreeMap<i64, Device>, SimulateError> {
    let mut by_person: BTreeMap<i64, Vec<(i64, Device)>> = BTreeMap::new();
    for rows in read_table(folder, "people", &["person", "device_id", "from_day", "until_day", "persona"])? {
        let rows = rows?;
        let (people, texts) = (rows.integers(0)?, rows.texts(1)?);
        let (from, until, personas) = (rows.days(2)?, rows.days(3)?, rows.texts(4)?);
        for (row, person) in people.into_iter().enumerate() {
            let id = device_of(texts[row].as_deref().unwrap_or_default()).column_value();
            let persona = personas[row].clone().unwrap_or_default();
            let device = Device { person, persona, days: (from[row], until[row]), is_first: false };
            by_person.entry(person).or_default().push((id, device));
        }
    }
    let mut counted = BTreeMap::new();
    for mut devices in by_person.into_values() {
        devices.sort_by_key(|(_, device)| device.days);
        let replaced = devices.len() > 1;
        for (number, (id, device)) in devices.into_iter().enumerate() {
            let (from, until) = device.days;
            let in_month = from <= month.last_day() && until >= month.first_day();
            let used_days = until.min(month.last_day()).0 - from.0 + 1;
            if in_month && (!replaced || used_days >= REPLACED_MIN_DAYS) {
                counted.insert(id, Device { is_first: number == 0, ..device });
            }
        }
    }
    Ok(counted)
}

fn nights(folder: &Path, device_of: DeviceOf<'_>, known: &mut Known) -> Result<(), SimulateError> {
    let days = known.month.first_day()..=known.month.last_day();
    for rows in read_table(folder, "nights", &["device_id", "night", "municipality_code"])? {
        let rows = rows?;
        let (texts, nights, codes) = (rows.texts(0)?, rows.days(1)?, rows.codes(2)?);
        for (row, night) in nights.into_iter().enumerate() {
            let Some(code) = codes[row].filter(|_| days.contains(&night)) else {
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

fn residences(folder: &Path, device_of: DeviceOf<'_>, known: &mut Known) -> Result<(), SimulateError> {
    let wanted = known.month.to_string();
    let columns = ["device_id", "month", "rank", "municipality_code", "regime", "nearly_even"];
    for rows in read_table(folder, "residences", &columns)? {
        let rows = rows?;
        let (texts, months, ranks) = (rows.texts(0)?, rows.texts(1)?, rows.integers(2)?);
        let (codes, regimes, even) = (rows.codes(3)?, rows.texts(4)?, rows.flags(5)?);
        for (row, rank) in ranks.into_iter().enumerate() {
            let device = device_of(texts[row].as_deref().unwrap_or_default()).column_value();
            let counts = months[row].as_deref() == Some(&wanted) && known.devices.contains_key(&device);
            let Some(code) = codes[row].filter(|_| counts) else { continue };
            if even[row] {
                known.nearly_even.insert(device);
            }
            if rank == 1 {
                known.primary.insert(device, code);
            } else {
                known.seconds.insert((device, code), regimes[row].clone().unwrap_or_default());
            }
        }
    }
    Ok(())
}

fn ties(folder: &Path, device_of: DeviceOf<'_>, known: &mut Known) -> Result<(), SimulateError> {
    let wanted = known.month.to_string();
    let columns = [
        "device_id",
        "month",
        "municipality_code",
        "visit_day_class",
        "kind",
        "is_dual_resident",
        "is_workation",
    ];
    for rows in read_table(folder, "ties", &columns)? {
        let rows = rows?;
        let (texts, months, codes) = (rows.texts(0)?, rows.texts(1)?, rows.codes(2)?);
        let (classes, kinds) = (rows.texts(3)?, rows.texts(4)?);
        let (dual, workation) = (rows.flags(5)?, rows.flags(6)?);
        for (row, text) in texts.into_iter().enumerate() {
            let device = device_of(text.as_deref().unwrap_or_default()).column_value();
            let counts = months[row].as_deref() == Some(&wanted) && known.devices.contains_key(&device);
            let Some(code) = codes[row].filter(|_| counts) else { continue };
            let class = classes[row].clone().unwrap_or_default();
            let kind = kinds[row].clone().unwrap_or_default();
            // A long stay is no tie: the tables exclude it too.
            if kind == TieKind::LongStay.as_str() {
                continue;
            }
            let tie = Tie { class, kind, is_dual_resident: dual[row], is_workation: workation[row] };
            known.ties.insert((device, code), tie);
        }
    }
    Ok(())
}

fn workplaces(folder: &Path, device_of: DeviceOf<'_>, known: &mut Known) -> Result<(), SimulateError> {
    let wanted = known.month.to_string();
    let columns = ["device_id", "month", "municipality_code", "work_days", "telework_days"];
    for rows in read_table(folder, "workplaces", &columns)? {
        let rows = rows?;
        let (texts, months, codes) = (rows.texts(0)?, rows.texts(1)?, rows.codes(2)?);
        let (work, telework) = (rows.integers(3)?, rows.integers(4)?);
        for (row, text) in texts.into_iter().enumerate() {
            let device = device_of(text.as_deref().unwrap_or_default()).column_value();
            let counts = months[row].as_deref() == Some(&wanted) && known.devices.contains_key(&device);
            let Some(town) = codes[row].filter(|_| counts) else { continue };
            let place = Workplace { town, work_days: work[row], telework_days: telework[row] };
            known.workplaces.insert(device, place);
        }
    }
    Ok(())
}

/// The month is cut to the days on which the device was in use.
fn diaries(folder: &Path, known: &mut Known) -> Result<(), SimulateError> {
    let mut first_devices = HashMap::new();
    let people = diary::people(folder)?;
    let with_diary = |device: &Device| device.is_first && people.contains(&device.person);
    for (id, device) in known.devices.iter().filter(|(_, device)| with_diary(device)) {
        let from = device.days.0.max(known.month.first_day());
        let until = device.days.1.min(known.month.last_day()).plus(1);
        let start_ms = |day: Day| DayRule::JAPAN.day_start(day).0;
        let diary = Diary { from_ms: start_ms(from), until_ms: start_ms(until), stays: Vec::new() };
        known.diaries.insert(*id, diary);
        first_devices.insert(device.person, *id);
    }
    diary::read(folder, &first_devices, &mut known.diaries)
}
