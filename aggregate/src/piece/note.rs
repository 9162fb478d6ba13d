//! Pieces that are done → a note of each, and back.
//!
//! In: the files and counts of a piece. Out: a note in the lake's journal, or a piece that need not be measured again. A note is named
//! by everything that a piece depends on, so a run over other pings, thresholds, offices or by another version of
//! Kayoi begins anew. Counts of a note are exact and lie in the lake, as the table `indicators` does.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use kayoi_lake::journal::Journal;
use kayoi_lake::{DataFile, Lake};
use kayoi_schemas::ids::{MunicipalityCode, PrefectureCode};
use kayoi_schemas::time::{Day, Month};
use serde::{Deserialize, Serialize};

use crate::device::Period;
use crate::error::AggregateError;
use crate::indicators::{Area, Atom, Atoms, Indicators, Rung};
use crate::run::{AggregateOptions, AggregateSummary};

/// What one piece gave.
#[derive(Debug, Clone, Default)]
pub(crate) struct Done {
    /// Its files, a note for each derived table.
    pub files: Vec<String>,
    /// Its counts.
    pub indicators: Indicators,
    /// Its share of the summary.
    pub summary: AggregateSummary,
}

#[derive(Serialize, Deserialize)]
struct Note {
    files: Vec<String>,
    /// Copies, devices, located devices, stays, nights, known nights.
    summary: [u64; 6],
    /// Month, municipality, atoms.
    monthly: Vec<(i32, u32, Vec<AtomNote>)>,
    /// Month, prefecture (0: the country), atoms.
    totals: Vec<(i32, u8, Vec<AtomNote>)>,
    /// Day, municipality, prefecture, devices.
    daily: Vec<(i32, u32, u8, u64)>,
    /// Month, prefecture, devices.
    residents: Vec<(i32, u8, u64)>,
}

/// Origin, lower end of the class of days, rung, dual resident, workation, devices.
type AtomNote = (u8, u16, u8, bool, bool, u64);

/// The journal of a run.
pub(crate) fn journal(
    lake: &Lake,
    files: &[DataFile],
    options: &AggregateOptions,
    period: &Period,
) -> Journal {
    let mut hasher = blake3::Hasher::new();
    let mut add = |text: &str| {
        hasher.update(text.as_bytes());
        hasher.update(&[0]);
    };
    add(env!("CARGO_PKG_VERSION"));
    add(&options.definition.hash());
    add(&format!("{:?}", options.offices));
    add(&format!("{} {:?} {:?}", options.piece_pings, period.months, period.tie_months));
    let mut paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    paths.sort_unstable();
    paths.into_iter().for_each(&mut add);
    lake.journal(&hasher.finalize().to_hex()[..16])
}

/// The name of a piece's note.
pub(crate) fn name(devices: &RangeInclusive<i64>) -> String {
    format!("{:016x}.json", devices.start())
}

/// Writes a note.
///
/// # Errors
/// [`AggregateError::Lake`] when it cannot be written.
pub(crate) fn write(lake: &Lake, journal: &Journal, name: &str, done: &Done) -> Result<(), AggregateError> {
    let text = serde_json::to_string(&Note::of(done)).map_err(kayoi_lake::LakeError::Note)?;
    Ok(journal.write(lake, name, text)?)
}

/// Reads a note; `None` when there is none, or none that can be used.
///
/// # Errors
/// [`AggregateError::Lake`] when the store does not answer.
pub(crate) fn read(lake: &Lake, journal: &Journal, name: &str) -> Result<Option<Done>, AggregateError> {
    let text = journal.read(lake, name)?;
    Ok(text.and_then(|text| serde_json::from_str::<Note>(&text).ok()).and_then(Note::done))
}

impl Note {
    fn of(done: &Done) -> Self {
        let Indicators { monthly, totals, daily, residents } = &done.indicators;
        let prefecture = |area: &Area| match area {
            Area::Country => 0,
            Area::Prefecture(code) => code.number(),
        };
        let daily = daily.iter().flat_map(|((day, place), origins)| {
            origins.iter().map(|(origin, count)| (day.0, place.number(), origin.number(), *count))
        });
        let summary = &done.summary;
        Self {
            files: done.files.clone(),
            summary: [
                summary.copies,
                summary.devices,
                summary.located_devices,
                summary.stays,
                summary.nights,
                summary.known_nights,
            ],
            monthly: monthly.iter().map(|((m, place), a)| (m.0, place.number(), atom_notes(a))).collect(),
            totals: totals.iter().map(|((m, area), a)| (m.0, prefecture(area), atom_notes(a))).collect(),
            daily: daily.collect(),
            residents: residents.iter().map(|((m, code), count)| (m.0, code.number(), *count)).collect(),
        }
    }

    fn done(self) -> Option<Done> {
        let mut indicators = Indicators::default();
        for (month, place, atoms) in self.monthly {
            indicators
                .monthly
                .insert((Month(month), MunicipalityCode::from_number(place)?), atoms_of(atoms)?);
        }
        for (month, prefecture, atoms) in self.totals {
            let area = match prefecture {
                0 => Area::Country,
                number => Area::Prefecture(PrefectureCode::new(number).ok()?),
            };
            indicators.totals.insert((Month(month), area), atoms_of(atoms)?);
        }
        for (day, place, origin, count) in self.daily {
            let key = (Day(day), MunicipalityCode::from_number(place)?);
            indicators.daily.entry(key).or_default().insert(PrefectureCode::new(origin).ok()?, count);
        }
        for (month, prefecture, count) in self.residents {
            indicators.residents.insert((Month(month), PrefectureCode::new(prefecture).ok()?), count);
        }
        let [copies, devices, located_devices, stays, nights, known_nights] = self.summary;
        let summary = AggregateSummary {
            copies,
            devices,
            located_devices,
            stays,
            nights,
            known_nights,
            ..AggregateSummary::default()
        };
        Some(Done { files: self.files, indicators, summary })
    }
}

fn atom_notes(atoms: &Atoms) -> Vec<AtomNote> {
    let note = |(atom, count): (&Atom, &u64)| {
        let rung = match atom.rung {
            Rung::OneOff => 0,
            Rung::Repeat => 1,
            Rung::Connected => 2,
        };
        (atom.origin.number(), atom.days_from, rung, atom.is_dual_resident, atom.is_workation, *count)
    };
    atoms.iter().map(note).collect()
}

fn atoms_of(notes: Vec<AtomNote>) -> Option<Atoms> {
    let mut atoms = BTreeMap::new();
    for (origin, days_from, rung, is_dual_resident, is_workation, count) in notes {
        let rung = match rung {
            0 => Rung::OneOff,
            1 => Rung::Repeat,
            2 => Rung::Connected,
            _ => return None,
        };
        let origin = PrefectureCode::new(origin).ok()?;
        atoms.insert(Atom { origin, days_from, rung, is_dual_resident, is_workation }, count);
    }
    Some(atoms)
}

#[cfg(test)]
#[path = "resume_tests.rs"]
mod tests;
