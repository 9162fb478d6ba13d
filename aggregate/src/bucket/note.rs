//! Buckets that are done → a note of each, and back.
//!
//! In: the files and counts of a bucket. Out: a note in the lake's journal, or a bucket that need not be
//! measured again. A note is named by everything that a bucket depends on, so a run over other pings,
//! thresholds, offices or cubes, or by another version of Kayoi begins anew. Counts of a note are exact and
//! lie in the lake, as the table `indicators` does.

use kayoi_device::Period;
use kayoi_lake::journal::Journal;
use kayoi_lake::{Bucket, Buckets, DataFile, Lake};
use kayoi_schemas::figure::{Area, Atom, Class, Cube, MOST_DIMENSIONS, declaration_hash};
use kayoi_schemas::ids::MunicipalityCode;
use serde::{Deserialize, Serialize};

use super::done::Done;
use crate::count::Counts;
use crate::error::AggregateError;
use crate::options::AggregateOptions;
use crate::summary::AggregateSummary;

/// A bucket that is done, as JSON.
#[derive(Serialize, Deserialize)]
struct Note {
    /// The declarations of the cubes that were counted.
    cubes_hash: String,
    /// The names of its files, as one text for each derived table.
    files: Vec<String>,
    /// Copies, devices, located devices, stays, nights, known nights.
    summary: [u64; 6],
    /// Name of each cube, its cells, and what caps left out of it.
    cubes: Vec<(String, Vec<CellNote>, u64)>,
}

/// Period, code of the area, municipality of residence, class, value.
type CellNote = (i32, String, u32, [u16; MOST_DIMENSIONS], u64);

/// By which rules a device is measured, where thresholds do not say it: another text whenever equal pings and thresholds are
/// counted otherwise, or notes of before would be summed up with new ones.
const RULES: &str = "rules 2";

/// The name of a job: everything that its buckets depend on.
pub(crate) fn job(
    files: &[DataFile],
    buckets: Buckets,
    options: &AggregateOptions,
    period: &Period,
) -> String {
    let mut hasher = blake3::Hasher::new();
    let mut add = |text: &str| {
        hasher.update(text.as_bytes());
        // A separator, or two neighbouring texts could be cut elsewhere and hash alike.
        hasher.update(&[0]);
    };
    add(env!("CARGO_PKG_VERSION"));
    add(RULES);
    add(&options.definition.hash());
    add(&declaration_hash());
    add(&format!("{:?}", options.offices));
    for (a, b) in options.neighbours.pairs() {
        add(&format!("{a} {b}"));
    }
    add(&format!("{} {:?} {:?}", buckets.count(), period.months, period.tie_months));
    let mut paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    // The store may list the same files in another order.
    paths.sort_unstable();
    paths.into_iter().for_each(&mut add);
    hasher.finalize().to_hex()[..16].to_owned()
}

/// The name of a bucket's note.
pub(crate) fn name(bucket: Bucket) -> String {
    format!("b{}of{}.json", bucket.index(), bucket.of().count())
}

/// Writes a note. Returns false when another process was faster, whose note then counts.
///
/// # Errors
/// [`AggregateError::Lake`] when it cannot be written.
pub(crate) fn write(
    lake: &Lake,
    journal: &Journal,
    bucket: Bucket,
    done: &Done,
) -> Result<bool, AggregateError> {
    let text = serde_json::to_string(&Note::of(done)).map_err(kayoi_lake::LakeError::Note)?;
    Ok(journal.write(lake, &name(bucket), text)?)
}

/// Deletes a note whose files are gone.
///
/// # Errors
/// [`AggregateError::Lake`] when the store does not answer.
pub(crate) fn delete(lake: &Lake, journal: &Journal, bucket: Bucket) -> Result<(), AggregateError> {
    Ok(journal.delete(lake, &name(bucket))?)
}

/// Reads a note; `None` when it is not there or cannot be used.
///
/// # Errors
/// [`AggregateError::Lake`] when the store does not answer.
pub(crate) fn read(lake: &Lake, journal: &Journal, bucket: Bucket) -> Result<Option<Done>, AggregateError> {
    let text = journal.read(lake, &name(bucket))?;
    let Some(text) = text else { return Ok(None) };
    let done = serde_json::from_str::<Note>(&text).ok().and_then(Note::done);
    if done.is_none() {
        // It was written by another version or is damaged: measuring again is always right, and its note then
        // needs the place.
        delete(lake, journal, bucket)?;
    }
    Ok(done)
}

impl Note {
    fn of(done: &Done) -> Self {
        let summary = &done.summary;
        let cell = |(atom, value): (&Atom, &u64)| {
            (atom.period, atom.area.to_string(), atom.origin.number(), atom.class.values(), *value)
        };
        let cubes = Cube::ALL.iter().map(|cube| {
            let cells = done.counts.of(*cube).iter().map(cell).collect();
            let left_out = done.counts.left_out().get(cube).copied().unwrap_or_default();
            (cube.declaration().name.to_owned(), cells, left_out)
        });
        Self {
            cubes_hash: declaration_hash(),
            files: done.files.clone(),
            summary: [
                summary.copies,
                summary.devices,
                summary.located_devices,
                summary.stays,
                summary.nights,
                summary.known_nights,
            ],
            cubes: cubes.collect(),
        }
    }

    /// What the note says; `None` when cubes were declared otherwise, so that the bucket is measured again.
    fn done(self) -> Option<Done> {
        if self.cubes_hash != declaration_hash() {
            return None;
        }
        let mut counts = Counts::default();
        for (name, cells, left_out) in self.cubes {
            let cube = Cube::parse(&name)?;
            counts.leave_out(cube, left_out);
            for (period, area, origin, class, value) in cells {
                let (area, origin) = (Area::parse(&area)?, MunicipalityCode::from_number(origin)?);
                let class = Class::from_values(class);
                counts.put(cube, Atom { period, area, origin, class }, value);
            }
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
        Some(Done { files: self.files, counts, summary })
    }
}

#[cfg(test)]
#[path = "note_tests.rs"]
mod tests;
