//! Stays → where a device is at each hour of the day, on an average weekday and an average day off.
//!
//! In: stays and fixes of one device. Out: for each month the share of days on which it is in a municipality, and
//! in a cell of it, at half past each hour. Shares are of the days on which its whereabouts at that hour are
//! known, so that a phone that shows one day in three counts for a whole person; an hour that no day shows
//! borrows from the hours beside it. Summed over devices, shares are the people who are there at a time: 滞在人口.
//! Stays at a bed of its own residences are in no cell, since a cell with few houses would tell who sleeps there.

use std::collections::BTreeMap;

use kayoi_geography::cell::{Resolution, cell_of};
use kayoi_geography::mesh::{MeshCode, MeshLevel};
use kayoi_schemas::calendar::Almanac;
use kayoi_schemas::definition::Thresholds;
use kayoi_schemas::ids::{Cell, MunicipalityCode};
use kayoi_schemas::time::{Day, DayRule, HOUR_MS, MINUTE_MS, Month, UtcMillis};
use kayoi_schemas::units::distance_km;

use crate::fix::Fix;
use crate::motion::Motion;
use crate::settled::CompletedStay;

/// The share of days on which a device is in a municipality at an hour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HourShare {
    /// Whether the days are days off.
    pub is_day_off: bool,
    /// Clock hour, 0 to 23; the instant is half past it.
    pub hour: u8,
    /// Where.
    pub municipality: MunicipalityCode,
    /// Share of days in a time there of the definition's least minutes of a visit or more.
    pub share: f64,
    /// Share of days in a time there of two hours or more.
    pub long_share: f64,
}

/// The hours of a day that cells are given for, as MLIT's 全国の人流オープンデータ has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimeBand {
    /// 昼: 11:00 to 14:00.
    Day,
    /// 深夜: 01:00 to 04:00.
    Night,
    /// 終日.
    All,
}

impl TimeBand {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Day, Self::Night, Self::All];

    fn hours(self) -> std::ops::Range<u8> {
        match self {
            Self::Day => 11..14,
            Self::Night => 1..4,
            Self::All => 0..24,
        }
    }
}

/// The mean share of days on which a device is in a cell in the hours of a band.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CellShare {
    /// Whether the days are days off.
    pub is_day_off: bool,
    /// The hours.
    pub band: TimeBand,
    /// The municipality that it stood in; a cell may lie in several.
    pub municipality: MunicipalityCode,
    /// H3 cell of resolution 8.
    pub cell: Cell,
    /// JIS X 0410 mesh of about 1 km.
    pub mesh: u32,
    /// The share.
    pub share: f64,
}

/// Where a device is in the hours of a month.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Whereabouts {
    /// By municipality.
    pub hours: Vec<HourShare>,
    /// By cell, without its own homes.
    pub cells: Vec<CellShare>,
}

/// What whereabouts are found from.
pub(crate) struct HourEvidence<'a> {
    pub fixes: &'a [Fix],
    /// Of each fix.
    pub motions: &'a [Motion],
    /// By time.
    pub stays: &'a [CompletedStay],
    pub almanac: &'a Almanac,
    pub thresholds: &'a Thresholds,
    pub rule: DayRule,
}

/// RESAS and docomo count who stays for two hours or more.
const LONG_MS: i64 = 2 * HOUR_MS;
/// An instant between stays is on the way when a fix so near drives.
const NEAR_MS: i64 = 5 * MINUTE_MS;
/// A silence between two stays beyond which nobody knows where the device was.
const MOST_SILENCE_MS: i64 = 6 * HOUR_MS;
/// Days on which an hour must be known before the hours beside it are asked.
const LEAST_DAYS: usize = 3;
/// Metres around a bed of a residence within which a stay is at home.
const HOME_M: f64 = 200.0;
/// Kilometres an hour of a journey between two stays along the straight line.
const JOURNEY_KM_H: f64 = 30.0;

/// A time in one municipality, over stays between which the device was not seen elsewhere.
struct Run {
    municipality: MunicipalityCode,
    from: UtcMillis,
    until: UtcMillis,
    /// How long it was there, with what is likely of the silence before and after.
    likely_ms: i64,
    /// Of its stays.
    stays: std::ops::Range<usize>,
}

/// What is known of an instant.
#[derive(Clone, Copy, PartialEq)]
enum Known {
    /// Under way, or at no place for long enough.
    Nowhere,
    /// In a run, and in a stay of it unless between two.
    In { run: usize, stay: Option<usize> },
}

impl HourEvidence<'_> {
    /// The shares of a month. `beds` are the points of its residences' beds.
    pub(crate) fn whereabouts(&self, month: Month, beds: &[(f64, f64)]) -> Whereabouts {
        let runs = self.runs(month);
        let days: Vec<Day> = (month.first_day().0..=month.last_day().0).map(Day).collect();
        let known: Vec<[Option<Known>; 24]> =
            days.iter().map(|day| std::array::from_fn(|slot| self.at(*day, slot, &runs))).collect();
        let mut found = Whereabouts::default();
        for is_day_off in [false, true] {
            let is_meant = |day: &Day| self.almanac.is_working_day(*day) != is_day_off;
            let of_type: Vec<&[Option<Known>; 24]> =
                days.iter().zip(&known).filter(|(day, _)| is_meant(day)).map(|(_, known)| known).collect();
            let mut bands: BTreeMap<(TimeBand, MunicipalityCode, Cell, u32), f64> = BTreeMap::new();
            for slot in 0..24 {
                // A local day begins at four.
                let hour = ((slot + self.rule.day_start_hour.max(0) as usize) % 24) as u8;
                let seen = borrowed(&of_type, slot);
                let one = 1.0 / seen.len().max(1) as f64;
                self.hour(&mut found.hours, (is_day_off, hour), &seen, &runs);
                for known in &seen {
                    let Known::In { run, stay: Some(stay) } = known else { continue };
                    let stay = &self.stays[*stay];
                    if !self.is_long_enough(&runs[*run]) || is_at_home(stay, beds) {
                        continue;
                    }
                    let cell = cell_of(Resolution::Eight, stay.latitude, stay.longitude);
                    let mesh = MeshCode::of_degrees(MeshLevel::Third, stay.latitude, stay.longitude);
                    let Some(mesh) = mesh.and_then(|mesh| u32::try_from(mesh.number()).ok()) else {
                        continue;
                    };
                    for band in TimeBand::ALL.into_iter().filter(|band| band.hours().contains(&hour)) {
                        let key = (band, runs[*run].municipality, cell, mesh);
                        *bands.entry(key).or_default() += one / band.hours().len() as f64;
                    }
                }
            }
            found.cells.extend(bands.into_iter().map(|((band, municipality, cell, mesh), share)| {
                CellShare { is_day_off, band, municipality, cell, mesh, share }
            }));
        }
        found
    }

    fn is_long_enough(&self, run: &Run) -> bool {
        run.likely_ms >= self.thresholds.stay_min_minutes.milliseconds()
    }

    fn hour(&self, hours: &mut Vec<HourShare>, (is_day_off, hour): (bool, u8), seen: &[Known], runs: &[Run]) {
        let one = 1.0 / seen.len().max(1) as f64;
        let mut here: BTreeMap<MunicipalityCode, (f64, f64)> = BTreeMap::new();
        for known in seen {
            let Known::In { run, .. } = known else { continue };
            let run = &runs[*run];
            if self.is_long_enough(run) {
                let shares = here.entry(run.municipality).or_default();
                shares.0 += one;
                shares.1 += if run.likely_ms >= LONG_MS { one } else { 0.0 };
            }
        }
        hours.extend(here.into_iter().map(|(municipality, (share, long_share))| HourShare {
            is_day_off,
            hour,
            municipality,
            share,
            long_share,
        }));
    }

    /// The runs of a month and the day before and after it.
    fn runs(&self, month: Month) -> Vec<Run> {
        let start = self.rule.day_start(month.first_day().plus(-1));
        let end = self.rule.day_start(month.last_day().plus(2));
        let first = self.stays.partition_point(|stay| stay.departure < start);
        let last = self.stays.partition_point(|stay| stay.arrival < end);
        let gap_ms = self.thresholds.stay_gap_day_minutes.milliseconds();
        let mut runs: Vec<Run> = Vec::new();
        for index in first..last {
            let stay = &self.stays[index];
            let Some(municipality) = stay.municipality else { continue };
            match runs.last_mut() {
                Some(run)
                    if run.municipality == municipality
                        && stay.arrival.0 - run.until.0 <= gap_ms
                        && !self.is_seen_elsewhere(run.until, stay.arrival, municipality) =>
                {
                    run.until = run.until.max(stay.departure);
                    run.stays.end = index + 1;
                }
                _ => runs.push(Run {
                    municipality,
                    from: stay.arrival,
                    until: stay.departure,
                    likely_ms: 0,
                    stays: index..index + 1,
                }),
            }
        }
        let spare: Vec<i64> =
            (1..runs.len()).map(|after| self.spare_ms(&runs[after - 1], &runs[after])).collect();
        for (index, run) in runs.iter_mut().enumerate() {
            let before =
                index.checked_sub(1).and_then(|before| spare.get(before)).copied().unwrap_or_default();
            let after = spare.get(index).copied().unwrap_or_default();
            run.likely_ms = run.until.0 - run.from.0 + (before + after) / 2;
        }
        runs
    }

    /// The time between two runs that no journey takes; none of a silence of which nothing is known.
    fn spare_ms(&self, before: &Run, after: &Run) -> i64 {
        let silence = after.from.0 - before.until.0;
        if silence > MOST_SILENCE_MS { 0 } else { (silence - self.journey_ms(before, after) as i64).max(0) }
    }

    /// How long a journey from one to the other takes.
    fn journey_ms(&self, before: &Run, after: &Run) -> f64 {
        let point = |index: usize| (self.stays[index].latitude, self.stays[index].longitude);
        distance_km(point(before.stays.end - 1), point(after.stays.start)) / JOURNEY_KM_H * HOUR_MS as f64
    }

    fn fixes_within(&self, from: UtcMillis, until: UtcMillis) -> &[Fix] {
        let first = self.fixes.partition_point(|fix| fix.instant < from);
        let last = self.fixes.partition_point(|fix| fix.instant <= until);
        self.fixes.get(first..last).unwrap_or_default()
    }

    fn is_seen_elsewhere(&self, from: UtcMillis, until: UtcMillis, here: MunicipalityCode) -> bool {
        self.fixes_within(from, until).iter().any(|fix| fix.municipality != Some(here))
    }

    /// What is known of half past the hour of a slot.
    fn at(&self, day: Day, slot: usize, runs: &[Run]) -> Option<Known> {
        let instant = UtcMillis(self.rule.day_start(day).0 + slot as i64 * HOUR_MS + HOUR_MS / 2);
        let next = runs.partition_point(|run| run.until < instant);
        if let Some(run) = runs.get(next).filter(|run| run.from <= instant) {
            let holds = |index: &usize| {
                let stay = &self.stays[*index];
                stay.arrival <= instant && instant <= stay.departure
            };
            return Some(Known::In { run: next, stay: run.stays.clone().find(holds) });
        }
        // A lonely fix that does not drive tells neither a stay nor a way.
        if self.is_driving(UtcMillis(instant.0 - NEAR_MS), UtcMillis(instant.0 + NEAR_MS)) {
            return Some(Known::Nowhere);
        }
        self.between(next.checked_sub(1)?, next, runs, instant)
    }

    fn is_driving(&self, from: UtcMillis, until: UtcMillis) -> bool {
        let first = self.fixes.partition_point(|fix| fix.instant < from);
        let last = self.fixes.partition_point(|fix| fix.instant <= until);
        self.motions.get(first..last).unwrap_or_default().contains(&Motion::Moving)
    }

    /// Between two runs lies a journey. Where nothing is seen of it, it lies in the middle of the time between: before it
    /// the device is still where it was, after it already where it will be. Of a long silence nothing is known.
    fn between(&self, before: usize, after: usize, runs: &[Run], instant: UtcMillis) -> Option<Known> {
        let (left, entered) = (runs.get(before)?, runs.get(after)?);
        if entered.from.0 - left.until.0 > MOST_SILENCE_MS {
            return None;
        }
        let (last, first) = (left.stays.end - 1, entered.stays.start);
        let half_ms = self.journey_ms(left, entered) / 2.0;
        let from_middle = instant.0 as f64 - (left.until.0 + entered.from.0) as f64 / 2.0;
        Some(match from_middle {
            _ if from_middle.abs() <= half_ms => Known::Nowhere,
            _ if from_middle < 0.0 => Known::In { run: before, stay: Some(last) },
            _ => Known::In { run: after, stay: Some(first) },
        })
    }
}

/// What is known of the instants of a slot on these days; of the slots around it where that is too little.
fn borrowed(days: &[&[Option<Known>; 24]], slot: usize) -> Vec<Known> {
    let mut seen: Vec<Known> = days.iter().filter_map(|day| day[slot]).collect();
    for reach in 1..24 {
        if seen.len() >= LEAST_DAYS.min(days.len()) {
            break;
        }
        for beside in [slot.checked_sub(reach), slot.checked_add(reach)].into_iter().flatten() {
            seen.extend(days.iter().filter_map(|day| *day.get(beside)?));
        }
    }
    seen
}

fn is_at_home(stay: &CompletedStay, beds: &[(f64, f64)]) -> bool {
    beds.iter().any(|bed| distance_km(*bed, (stay.latitude, stay.longitude)) * 1000.0 <= HOME_M)
}
