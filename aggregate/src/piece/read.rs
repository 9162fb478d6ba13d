//! Pings of a piece of devices → fixes, sorted and each once.
//!
//! In: the files of `pings` and a range of devices. Out: for each device its fixes by instant. Every file is
//! sorted by (device, instant) and the files of different days follow one another, so a device's fixes are
//! its runs in each file, one after the other, and nothing is sorted again; a device whose runs overlap (late
//! files of one day) is sorted by itself. Copies that arrived in different commits fall together here: the
//! key is device, instant and point, and the best accuracy is kept, of such the least speed that is stated.
//! Because the key is total, the result does not depend on the order of arrival.

use std::ops::{Range, RangeInclusive};

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Float32Type, Int32Type, Int64Type, TimestampMicrosecondType};
use kayoi_device::Fix;
use kayoi_geography::Register;
use kayoi_lake::sweep::Sweep;
use kayoi_lake::{DataFile, LakeError};
use kayoi_schemas::ids::{DeviceId, MunicipalityCode};
use kayoi_schemas::person::{AgeBand, Attributes, Sex};
use kayoi_schemas::tables::InternalTable;
use kayoi_schemas::time::UtcMillis;
use kayoi_schemas::units::GridPoint;
use rayon::prelude::*;

/// Accuracy assumed of a fix whose partner states none, metres.
const UNKNOWN_ACCURACY_M: f32 = 50.0;
const COLUMNS: [&str; 9] = [
    "device_id",
    "timestamp",
    "latitude_e7",
    "longitude_e7",
    "accuracy_m",
    "municipality_code",
    "speed_m_s",
    "age_band",
    "sex",
];

/// The fixes of a piece, in the order in which the files have them.
#[derive(Debug, Default)]
pub struct Piece {
    /// The fixes of each file, in the file's order.
    parts: Vec<Vec<Fix>>,
    /// All runs, by device and then by part.
    runs: Vec<Run>,
}

/// Fixes of one device in one part.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Run {
    device: DeviceId,
    part: u32,
    from: u32,
    to: u32,
}

impl Piece {
    /// Reads the fixes of a range of devices, on all cores. Ranges go upwards, see [`Sweep::rows`].
    ///
    /// # Errors
    /// [`LakeError`] when a file cannot be read.
    pub fn read(
        sweep: &mut Sweep,
        devices: &RangeInclusive<i64>,
        register: &Register,
    ) -> Result<Self, LakeError> {
        Ok(Self::new(sweep.rows(devices, |batch, fixes| append(batch, register, fixes))?))
    }

    /// A sweep over files of `pings`.
    pub fn sweep(files: &[DataFile]) -> Sweep<'_> {
        Sweep::new(InternalTable::Pings.table(), files, &COLUMNS)
    }

    /// A piece of parts that are each sorted by device.
    fn new(parts: Vec<Vec<Fix>>) -> Self {
        let of_part = |(number, fixes): (usize, &Vec<Fix>)| {
            let mut from = 0;
            let runs = fixes.chunk_by(|a, b| a.device == b.device).map(|run| {
                let range = (from, from + run.len() as u32);
                from = range.1;
                Run { device: run[0].device, part: number as u32, from: range.0, to: range.1 }
            });
            runs.collect::<Vec<_>>()
        };
        let mut runs: Vec<Run> = parts.par_iter().enumerate().flat_map_iter(of_part).collect();
        // Parts are numbered by day, so a device's runs come to lie one after the other in time.
        runs.par_sort_unstable();
        Self { parts, runs }
    }

    /// Fixes in all, copies included.
    pub fn fix_count(&self) -> u64 {
        self.parts.iter().map(|part| part.len() as u64).sum()
    }

    /// The devices, each as a range of runs.
    pub fn devices(&self) -> Vec<Range<usize>> {
        let mut from = 0;
        let devices = self.runs.chunk_by(|a, b| a.device == b.device).map(|runs| {
            let range = from..from + runs.len();
            from = range.end;
            range
        });
        devices.collect()
    }

    /// Calls `measure` with the fixes of one of the [`devices`](Self::devices), by time and each once.
    /// Returns how many copies were dropped, and what `measure` says.
    pub fn with_fixes<T>(&self, device: Range<usize>, measure: impl FnOnce(&[Fix]) -> T) -> (u64, T) {
        let slice = |run: &Run| &self.parts[run.part as usize][run.from as usize..run.to as usize];
        let runs = &self.runs[device];
        // Most devices need neither a copy nor a sort: one run, or runs of days that follow one another.
        if let [run] = runs
            && is_strictly_sorted(slice(run))
        {
            return (0, measure(slice(run)));
        }
        let mut fixes: Vec<Fix> =
            Vec::with_capacity(runs.iter().map(|run| (run.to - run.from) as usize).sum());
        runs.iter().for_each(|run| fixes.extend_from_slice(slice(run)));
        if is_strictly_sorted(&fixes) {
            return (0, measure(&fixes));
        }
        let read = fixes.len();
        // The best accuracy comes first among copies, so the one that is kept is that. Accuracies and speeds are
        // not negative, and such floats are in the order of their bits.
        let first = |fix: &Fix| {
            let speed = fix.speed_m_s.map_or(u32::MAX, f32::to_bits);
            (fix.instant, fix.point, fix.accuracy_m.to_bits(), speed, fix.municipality)
        };
        // Then by the stored words of the person, absent last, as compaction has it.
        let words = |fix: &Fix| {
            let age = fix.attributes.age.map(|age| age.to_string());
            let sex = fix.attributes.sex.map(Sex::as_str);
            (age.is_none(), age, sex.is_none(), sex)
        };
        fixes.sort_unstable_by(|a, b| first(a).cmp(&first(b)).then_with(|| words(a).cmp(&words(b))));
        fixes.dedup_by_key(|fix| (fix.instant, fix.point));
        ((read - fixes.len()) as u64, measure(&fixes))
    }
}

fn is_strictly_sorted(fixes: &[Fix]) -> bool {
    fixes.windows(2).all(|pair| (pair[0].instant, pair[0].point) < (pair[1].instant, pair[1].point))
}

fn append(batch: &RecordBatch, register: &Register, fixes: &mut Vec<Fix>) {
    let device = batch.column(0).as_primitive::<Int64Type>().values();
    let instant = batch.column(1).as_primitive::<TimestampMicrosecondType>().values();
    let latitude = batch.column(2).as_primitive::<Int32Type>().values();
    let longitude = batch.column(3).as_primitive::<Int32Type>().values();
    let accuracy = batch.column(4).as_primitive::<Float32Type>();
    let municipality = batch.column(5).as_string::<i32>();
    let speed = batch.column(6).as_primitive::<Float32Type>();
    let (ages, sexes) = (batch.column(7).as_string::<i32>(), batch.column(8).as_string::<i32>());
    let says_anything = ages.null_count() < ages.len() || sexes.null_count() < sexes.len();
    let attributes = |row: usize| {
        if !says_anything {
            return Attributes::default();
        }
        let age = ages.is_valid(row).then(|| ages.value(row)).and_then(AgeBand::parse);
        let sex = sexes.is_valid(row).then(|| sexes.value(row)).and_then(Sex::parse);
        Attributes { age, sex }
    };
    // Neighbouring rows are mostly in one municipality: parse a code once per run.
    let mut last: (&str, Option<MunicipalityCode>) = ("", None);
    let rows = device.iter().zip(instant).zip(latitude.iter().zip(longitude));
    fixes.extend(rows.enumerate().map(|(row, ((device, instant), (latitude_e7, longitude_e7)))| {
        let municipality = municipality.is_valid(row).then(|| municipality.value(row)).and_then(|text| {
            if text != last.0 {
                last = (text, MunicipalityCode::parse(text).ok().map(|code| register.basic(code)));
            }
            last.1
        });
        Fix {
            device: DeviceId::from_column(*device),
            instant: UtcMillis(instant.div_euclid(1000)),
            point: GridPoint { latitude_e7: *latitude_e7, longitude_e7: *longitude_e7 },
            accuracy_m: if accuracy.is_valid(row) { accuracy.value(row) } else { UNKNOWN_ACCURACY_M },
            speed_m_s: speed.is_valid(row).then(|| speed.value(row)),
            municipality,
            attributes: attributes(row),
        }
    }));
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
