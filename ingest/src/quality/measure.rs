//! The pings of one day → figures by partner.
//!
//! In: the day's files. Out: devices, pings, accuracy, what is known of people, hours, repeated coordinates. Copies of
//! a fix that compaction has not removed yet count once, so the figures are the same before and after it; but for the
//! few copies that differ in their speed or source and in what they say of the person, which are not looked at.
//!
//! A day of a nation does not fit in memory. Devices are counted a range of devices at a time; points, which
//! lie in all ranges, a share of the points at a time.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Float32Type, Int32Type, Int64Type, TimestampMicrosecondType};
use kayoi_lake::scan::read_device_range;
use kayoi_lake::{DataFile, LakeError};
use kayoi_schemas::ids::DeviceId;
use kayoi_schemas::tables::InternalTable;
use kayoi_schemas::time::{DAY_MS, DayRule, HOUR_MS, UtcMillis};
use kayoi_schemas::units::GridPoint;
use kayoi_schemas::units::near::metres_between;

use super::figures::{
    ACCURACY_MEDIAN, ACCURACY_P95, AGE_KNOWN, DEVICES, HOURS, Measures, PINGS, PINGS_PER_DEVICE, REPEATED,
    SEX_KNOWN, SHARED,
};

/// Rows in memory at once: about 200 MB of them.
pub(super) const PART_ROWS: u64 = 4_000_000;
/// Devices at one point, to about 1 cm, from which the point cannot be a fix. Satellites never give that
/// twice; phones that know their place from one access point may, and a household is smaller.
const REPEATED_DEVICES: usize = 5;
/// A device is in two places at once when it comes this far, metres, ...
const JUMP_M: f64 = 3_000.0;
/// ... faster than this, metres per second: three times as fast as an airliner, so that neither a journey nor
/// the error of a fix can be it.
const JUMP_M_PER_S: f64 = 750.0;
/// Jumps within an hour from which an identifier is not one device's. A phone with a wrong clock or a bad fix
/// has a few; an identifier that a hundred phones share has hundreds.
const SHARED_JUMPS: u32 = 20;
/// Steps of 0.1 m in which accuracy is counted; the last one holds everything from 1,000 m.
const ACCURACY_STEPS: usize = 10_001;

const COLUMNS: [&str; 8] =
    ["device_id", "timestamp", "latitude_e7", "longitude_e7", "accuracy_m", "partner", "age_band", "sex"];

/// A row of table `pings`, as far as figures need it. Without `Debug`: it holds a device.
#[derive(Clone, Copy)]
struct StoredFix {
    partner: u16,
    device: DeviceId,
    /// Microseconds since the epoch.
    instant: i64,
    point: GridPoint,
    /// Bits of the accuracy, which sort as it does; the greatest value when it is absent.
    accuracy: u32,
    /// Whether age and sex are absent: so that of copies the one that has them comes first.
    is_age_absent: bool,
    is_sex_absent: bool,
}

/// What is counted of one partner.
#[derive(Clone)]
struct Tally {
    pings: u64,
    devices: u64,
    repeated: u64,
    shared: u64,
    hours: u32,
    ages: u64,
    sexes: u64,
    accuracies: Vec<u64>,
}

impl Default for Tally {
    fn default() -> Self {
        let accuracies = vec![0; ACCURACY_STEPS];
        Self { pings: 0, devices: 0, repeated: 0, shared: 0, hours: 0, ages: 0, sexes: 0, accuracies }
    }
}

/// Measures a day, with at most about `part_rows` rows in memory at once.
///
/// # Errors
/// [`LakeError`] when a file cannot be read.
pub(super) fn day(files: &[DataFile], part_rows: u64) -> Result<BTreeMap<String, Measures>, LakeError> {
    let rows: u64 = files.iter().map(|file| file.row_count).sum();
    let parts = rows.div_ceil(part_rows.max(1)).max(1);
    let ranges: Vec<RangeInclusive<i64>> = (0..parts).map(|part| devices_of(part, parts)).collect();
    let mut reader = DayReader { files, partners: Vec::new() };
    let mut tallies = Vec::new();
    for range in &ranges {
        let fixes = reader.fixes(std::slice::from_ref(range), |_| true)?;
        tallies.resize(reader.partners.len(), Tally::default());
        count_devices(&mut tallies, fixes);
    }
    for part in 0..parts {
        let fixes = reader.fixes(&ranges, |point| part_of(point, parts) == part)?;
        count_repeated(&mut tallies, fixes);
    }
    Ok(reader.partners.into_iter().zip(tallies.iter().map(Tally::measures)).collect())
}

/// An equal share of all devices: they are hashes.
fn devices_of(part: u64, parts: u64) -> RangeInclusive<i64> {
    let share = (1_u64 << 63) / parts;
    let last = if part + 1 == parts { i64::MAX } else { ((part + 1) * share - 1) as i64 };
    let first = (part * share) as i64;
    first..=last
}

/// The part that a point lies in: neighbours go to different ones.
fn part_of(point: GridPoint, parts: u64) -> u64 {
    let both = u64::from(point.latitude_e7 as u32) << 32 | u64::from(point.longitude_e7 as u32);
    (both.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) % parts
}

/// Reads the rows of a day, again for each part of it.
struct DayReader<'f> {
    files: &'f [DataFile],
    /// Names; a fix holds an index into them.
    partners: Vec<String>,
}

impl DayReader<'_> {
    /// The fixes of some device ranges whose points are `wanted`.
    fn fixes(
        &mut self,
        ranges: &[RangeInclusive<i64>],
        wanted: impl Fn(GridPoint) -> bool,
    ) -> Result<Vec<StoredFix>, LakeError> {
        let table = InternalTable::Pings.table();
        let mut fixes = Vec::new();
        for range in ranges {
            for file in self.files {
                for batch in read_device_range(table, file, &COLUMNS, range)? {
                    self.read(&batch, &wanted, &mut fixes);
                }
            }
        }
        Ok(fixes)
    }

    fn read(&mut self, batch: &RecordBatch, wanted: impl Fn(GridPoint) -> bool, fixes: &mut Vec<StoredFix>) {
        let devices = batch.column(0).as_primitive::<Int64Type>().values();
        let instants = batch.column(1).as_primitive::<TimestampMicrosecondType>().values();
        let latitudes = batch.column(2).as_primitive::<Int32Type>().values();
        let longitudes = batch.column(3).as_primitive::<Int32Type>().values();
        let accuracies = batch.column(4).as_primitive::<Float32Type>();
        let partners = batch.column(5).as_string::<i32>();
        let (ages, sexes) = (batch.column(6), batch.column(7));
        let mut partner = 0;
        for row in 0..batch.num_rows() {
            let point = GridPoint { latitude_e7: latitudes[row], longitude_e7: longitudes[row] };
            if !wanted(point) {
                continue;
            }
            let name = partners.value(row);
            if self.partners.get(partner).is_none_or(|known| known != name) {
                partner = self.index(name);
            }
            let accuracy = accuracies.is_valid(row).then(|| accuracies.value(row).to_bits());
            fixes.push(StoredFix {
                partner: partner as u16,
                device: DeviceId::from_column(devices[row]),
                instant: instants[row],
                point,
                accuracy: accuracy.unwrap_or(u32::MAX),
                is_age_absent: ages.is_null(row),
                is_sex_absent: sexes.is_null(row),
            });
        }
    }

    fn index(&mut self, name: &str) -> usize {
        let known = self.partners.iter().position(|known| known == name);
        known.unwrap_or_else(|| {
            self.partners.push(name.to_owned());
            self.partners.len() - 1
        })
    }
}

/// Counts what needs all fixes of a device.
fn count_devices(tallies: &mut [Tally], mut fixes: Vec<StoredFix>) {
    let key = |fix: &StoredFix| (fix.partner, fix.device, fix.instant, fix.point);
    // Of copies the one with the best accuracy counts, as in compaction.
    fixes.sort_unstable_by_key(|fix| (key(fix), fix.accuracy, fix.is_age_absent, fix.is_sex_absent));
    fixes.dedup_by_key(|fix| key(fix));
    count_shared(tallies, &fixes);
    let mut last = None;
    for fix in fixes {
        let Some(tally) = tallies.get_mut(usize::from(fix.partner)) else { continue };
        tally.pings += 1;
        tally.ages += u64::from(!fix.is_age_absent);
        tally.sexes += u64::from(!fix.is_sex_absent);
        if last != Some((fix.partner, fix.device)) {
            last = Some((fix.partner, fix.device));
            tally.devices += 1;
        }
        let of_day = DayRule::JAPAN.local_ms(UtcMillis(fix.instant.div_euclid(1000))).rem_euclid(DAY_MS);
        tally.hours |= 1_u32 << (of_day / HOUR_MS);
        if fix.accuracy != u32::MAX {
            let step = (f32::from_bits(fix.accuracy) * 10.0).round() as usize;
            tally.accuracies[step.min(ACCURACY_STEPS - 1)] += 1;
        }
    }
}

/// Counts devices that in some hour of the day were at so many places at once that they cannot be one phone.
fn count_shared(tallies: &mut [Tally], fixes: &[StoredFix]) {
    let hour = |fix: &StoredFix| fix.instant.div_euclid(1000 * HOUR_MS);
    for of_device in fixes.chunk_by(|a, b| (a.partner, a.device) == (b.partner, b.device)) {
        let mut hours = of_device.chunk_by(|a, b| hour(a) == hour(b));
        let is_shared = hours.any(|fixes| {
            let jumps = fixes.windows(2).filter(|pair| is_jump(&pair[0], &pair[1]));
            jumps.count() as u32 >= SHARED_JUMPS
        });
        if let Some(tally) = tallies.get_mut(usize::from(of_device[0].partner)) {
            tally.shared += u64::from(is_shared);
        }
    }
}

/// Whether nothing that carries a phone comes from one fix to the next in its time.
fn is_jump(from: &StoredFix, to: &StoredFix) -> bool {
    let degrees = |point: GridPoint| (point.latitude(), point.longitude());
    let seconds = (to.instant - from.instant) as f64 / 1e6;
    let metres = metres_between(degrees(from.point), degrees(to.point));
    metres > JUMP_M && metres > seconds * JUMP_M_PER_S
}

/// Counts what needs all fixes at a point.
fn count_repeated(tallies: &mut [Tally], mut fixes: Vec<StoredFix>) {
    let key = |fix: &StoredFix| (fix.partner, fix.point, fix.device, fix.instant);
    fixes.sort_unstable_by_key(key);
    fixes.dedup_by_key(|fix| key(fix));
    for at_point in fixes.chunk_by(|a, b| (a.partner, a.point) == (b.partner, b.point)) {
        let devices = at_point.chunk_by(|a, b| a.device == b.device).count();
        let Some(tally) = tallies.get_mut(usize::from(at_point[0].partner)) else { continue };
        if devices >= REPEATED_DEVICES {
            tally.repeated += at_point.len() as u64;
        }
    }
}

impl Tally {
    fn measures(&self) -> Measures {
        let pings = self.pings.max(1) as f64;
        let mut measures = Measures::from([
            (PINGS.to_owned(), self.pings as f64),
            (DEVICES.to_owned(), self.devices as f64),
            (PINGS_PER_DEVICE.to_owned(), self.pings as f64 / self.devices.max(1) as f64),
            (AGE_KNOWN.to_owned(), self.ages as f64 / pings),
            (SEX_KNOWN.to_owned(), self.sexes as f64 / pings),
            (HOURS.to_owned(), f64::from(self.hours.count_ones())),
            (REPEATED.to_owned(), self.repeated as f64 / pings),
            (SHARED.to_owned(), self.shared as f64),
        ]);
        for (name, share) in [(ACCURACY_MEDIAN, 0.5), (ACCURACY_P95, 0.95)] {
            measures.extend(self.accuracy(share).map(|metres| (name.to_owned(), metres)));
        }
        measures
    }

    /// The accuracy that at least a share of the fixes have, metres; `None` when no fix says it.
    fn accuracy(&self, share: f64) -> Option<f64> {
        let all: u64 = self.accuracies.iter().sum();
        let rank = ((all as f64 * share).ceil() as u64).max(1);
        let mut passed = 0_u64;
        let step = self.accuracies.iter().position(|count| {
            passed += count;
            passed >= rank
        });
        step.map(|step| step as f64 / 10.0)
    }
}
