use std::collections::BTreeMap;
use std::sync::Arc;

use kayoi_geography::Place;
use kayoi_lake::{Lake, LakeError};
use kayoi_schemas::ids::Cell;
use kayoi_schemas::person::{AgeBand, Sex};
use kayoi_schemas::ping::{Ping, RejectReason};
use kayoi_schemas::tables::InternalTable;
use kayoi_schemas::time::{Day, DayRule, HOUR_MS, UtcMillis};

use super::figures::{DELAY_GREATEST, RECORDS, STORED};
use super::*;
use crate::chunk::{Chunk, Payload, Stream};
use crate::feed::Feed;
use crate::place::PlacedPing;
use crate::pseudonymize::PseudonymKey;
use crate::rejection::Rejection;
use crate::sensitive::SensitivePlaces;
use crate::store::{Outcome, Store};
use crate::validate::{Rules, validate};

/// 2024-01-01: before any clock this runs under.
const DAY: Day = Day(19_723);

/// A fix of a device in an hour of the day.
fn ping(device: u64, day: Day, hour: i64, point: (i32, i32), accuracy_m: Option<f32>) -> PlacedPing {
    placed(&record(device, day, hour, point, accuracy_m))
}

fn record(device: u64, day: Day, hour: i64, point: (i32, i32), accuracy_m: Option<f32>) -> Ping<'static> {
    Ping {
        device_id: Some(format!("phone-{device}").into()),
        timestamp_ms: Some(DayRule::JAPAN.day_start(day).0 + hour * HOUR_MS),
        latitude: Some(f64::from(point.0) / 1e7),
        longitude: Some(f64::from(point.1) / 1e7),
        accuracy_m: accuracy_m.map(f64::from),
        ..Ping::default()
    }
}

fn placed(record: &Ping<'_>) -> PlacedPing {
    let arrival = UtcMillis(record.timestamp_ms.unwrap());
    let valid = validate(record, &Rules::default(), arrival).unwrap();
    let kept = SensitivePlaces::none().keep(valid).unwrap();
    let cell = Cell::from_h3(0x0892_f5aa_dc7f_ffff);
    let place = Place { cell, municipality: None, is_off_coast: false };
    PlacedPing::new(PseudonymKey::from_bytes([1; 32]).hide(&kept), place)
}

fn simple(device: u64, day: Day, hour: i64) -> PlacedPing {
    ping(device, day, hour, (356_000_001 + device as i32, 1_397_000_000 + hour as i32), Some(10.0))
}

/// A stream of records and how far it was read.
struct Feeder {
    stream: Arc<Stream>,
    next: i64,
}

impl Feeder {
    fn new(partner: &str) -> Self {
        let source_id = format!("ingest/kafka/{partner}/0");
        let stream = Stream::new(source_id, Arc::new(Feed::new(partner)), partner.to_owned(), 0);
        Self { stream: Arc::new(stream), next: 0 }
    }

    /// Adds one chunk: pings, late pings, and rejected records.
    fn add(&mut self, store: &mut Store<'_>, pings: Vec<PlacedPing>, late: Vec<PlacedPing>, rejected: usize) {
        let first_offset = self.next;
        let count = pings.len() + late.len() + rejected;
        self.next += count as i64;
        let chunk = Chunk {
            stream: Arc::clone(&self.stream),
            first_offset,
            next_offset: self.next,
            is_last: false,
            payload: Payload::End,
        };
        let offsets = first_offset..;
        let late: Vec<(i64, PlacedPing)> = offsets.clone().zip(late).collect();
        let reject = |offset| (offset, Rejection::new(RejectReason::Malformed, "no JSON"));
        let rejects = offsets.skip(late.len()).take(rejected).map(reject).collect();
        store.add(&chunk, count as u64, Outcome { pings: vec![pings], late, rejects, ..Outcome::default() });
    }
}

fn rows(lake: &Lake, table: InternalTable) -> f64 {
    lake.files(table).unwrap().iter().map(|file| file.row_count).sum::<u64>() as f64
}

fn sum(figures: &Figures, name: &str) -> f64 {
    figures.values().filter_map(|measures| measures.get(name)).sum()
}

fn of<'f>(figures: &'f Figures, partner: &str, day: Day) -> &'f Measures {
    &figures[&(partner.to_owned(), day)]
}

/// Two partners, two days, two commits.
fn filled(lake: &Lake) {
    let mut store = Store::open(lake).unwrap();
    let (mut p, mut q) = (Feeder::new("p"), Feeder::new("q"));
    p.add(&mut store, (0..6).map(|hour| simple(1, DAY, hour)).collect(), vec![simple(9, DAY, 1)], 2);
    q.add(&mut store, vec![simple(2, DAY, 0), simple(3, DAY, 0)], Vec::new(), 1);
    store.flush().unwrap();
    p.add(&mut store, vec![simple(4, DAY, 6), simple(4, DAY.plus(1), 0)], Vec::new(), 3);
    store.flush().unwrap();
}

#[test]
fn counts_equal_the_rows_of_the_tables() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    filled(&lake);
    assert_eq!(fold(&lake).unwrap(), Folded { commits: 2, days: 2, missed_commits: false });
    let figures = figures(&lake).unwrap();
    assert_eq!(sum(&figures, STORED), rows(&lake, InternalTable::Pings));
    assert_eq!(sum(&figures, PINGS), rows(&lake, InternalTable::Pings));
    assert_eq!(sum(&figures, LATE), rows(&lake, InternalTable::LatePings));
    assert_eq!(sum(&figures, REJECTED), rows(&lake, InternalTable::Rejects));
    assert_eq!(sum(&figures, "rejected:malformed"), sum(&figures, REJECTED));
    assert_eq!(sum(&figures, RECORDS), 10.0 + 1.0 + 6.0);

    let p = of(&figures, "p", DAY);
    assert_eq!((p[STORED], p[PINGS], p[DEVICES], p[PINGS_PER_DEVICE]), (7.0, 7.0, 2.0, 3.5));
    assert_eq!((p[HOURS], p[ACCURACY_MEDIAN], p[ACCURACY_P95], p[REPEATED]), (7.0, 10.0, 10.0, 0.0));
    assert_eq!(of(&figures, "q", DAY)[DEVICES], 2.0);
}

/// Shares of fixes with an age and with a sex, of which copies without came in a commit of their own.
fn known_shares(is_compacted: bool) -> (f64, f64, f64) {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let mut store = Store::open(&lake).unwrap();
    let mut feeder = Feeder::new("p");
    let fix = |device: u64, age: Option<AgeBand>, sex| {
        let record = Ping { age, sex, ..record(device, DAY, 1, (356_000_001, 1_397_000_000), Some(10.0)) };
        placed(&record)
    };
    let (age, sex) = (AgeBand::new(40, Some(49)), Some(Sex::Female));
    let pings = vec![fix(1, age, sex), fix(2, age, None), fix(3, age, None), fix(4, None, None)];
    feeder.add(&mut store, pings, Vec::new(), 0);
    store.flush().unwrap();
    feeder.add(&mut store, vec![fix(1, None, None), fix(2, None, None)], Vec::new(), 0);
    store.flush().unwrap();
    if is_compacted {
        lake.table(InternalTable::Pings).unwrap().compact(&lake, &mut |_| {}).unwrap();
    }
    fold(&lake).unwrap();
    let figures = figures(&lake).unwrap();
    let measures = of(&figures, "p", DAY);
    (measures[PINGS], measures[AGE_KNOWN], measures[SEX_KNOWN])
}

#[test]
fn what_is_known_of_people_is_a_share_of_fixes_the_same_before_and_after_compaction() {
    assert_eq!(known_shares(false), (4.0, 0.75, 0.25));
    assert_eq!(known_shares(true), (4.0, 0.75, 0.25));
}

#[test]
fn pings_in_sensitive_places_are_counted_and_have_no_row() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let mut store = Store::open(&lake).unwrap();
    let stream = Feeder::new("p").stream;
    let chunk = Chunk { stream, first_offset: 0, next_offset: 5, is_last: false, payload: Payload::End };
    let outcome = Outcome { pings: vec![vec![simple(1, DAY, 0)]], sensitive: 4, ..Outcome::default() };
    store.add(&chunk, 5, outcome);
    let summary = store.flush().unwrap().summary;
    assert_eq!(summary.rejected_by_reason, BTreeMap::from([(RejectReason::SensitivePlace, 4)]));
    // No fault of the partner's: of the one record that could be accepted, none was refused.
    assert_eq!(
        (summary.records.rejected, summary.rejected_of(), summary.commonest_reject()),
        (4, (0, 1), None)
    );
    fold(&lake).unwrap();
    let figures = figures(&lake).unwrap();
    assert_eq!((sum(&figures, REJECTED), sum(&figures, "rejected:sensitive_place")), (4.0, 4.0));
    assert_eq!(rows(&lake, InternalTable::Rejects), 0.0);
}

#[test]
fn the_mean_delay_is_that_of_all_commits() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    filled(&lake);
    fold(&lake).unwrap();
    let figures = figures(&lake).unwrap();
    let p = of(&figures, "p", DAY);
    // The greatest delay is that of hour 0; the seven fixes are an hour apart.
    let spread = p[DELAY_GREATEST] - p[DELAY_MEAN];
    assert!((spread - 3.0 * 3600.0).abs() < 60.0, "{spread}");
}

#[test]
fn folding_again_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    assert_eq!(fold(&lake).unwrap(), Folded::default());
    filled(&lake);
    fold(&lake).unwrap();
    let before = figures(&lake).unwrap();
    assert_eq!(fold(&lake).unwrap(), Folded::default());
    assert_eq!(figures(&lake).unwrap(), before);
}

#[test]
fn folding_after_each_commit_gives_what_folding_once_gives() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let [once, often] = folders.each_ref().map(|folder| Lake::open(folder.path()).unwrap());
    for (lake, is_often) in [(&once, false), (&often, true)] {
        let mut store = Store::open(lake).unwrap();
        let mut p = Feeder::new("p");
        for hour in 0..3 {
            p.add(&mut store, vec![simple(1, DAY, hour), simple(2, DAY, hour)], Vec::new(), 1);
            store.flush().unwrap();
            if is_often {
                fold(lake).unwrap();
            }
        }
        fold(lake).unwrap();
    }
    let is_clock = |name: &str| name.starts_with("delay");
    let timeless = |lake: &Lake| {
        let mut figures = figures(lake).unwrap();
        figures.values_mut().for_each(|measures| measures.retain(|name, _| !is_clock(name)));
        figures
    };
    assert_eq!(timeless(&once), timeless(&often));
}

#[test]
fn a_crash_before_the_commit_and_a_second_process_count_nothing_twice() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    filled(&lake);
    // A process that dies has worked out everything and committed nothing.
    drop(fold::plan(&lake).unwrap());
    let (first, second) = (fold::plan(&lake).unwrap().unwrap(), fold::plan(&lake).unwrap().unwrap());
    first.commit(&lake).unwrap();
    let before = figures(&lake).unwrap();
    let refused = second.commit(&lake).unwrap_err();
    assert!(matches!(refused, LakeError::Fenced { .. }), "{refused}");
    assert_eq!(figures(&lake).unwrap(), before);
    assert_eq!(fold(&lake).unwrap(), Folded::default());
    assert_eq!(sum(&before, STORED), 10.0);
}

#[test]
fn a_copy_of_a_fix_is_delivered_twice_and_there_once() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let mut store = Store::open(&lake).unwrap();
    let mut p = Feeder::new("p");
    for _ in 0..2 {
        p.add(&mut store, vec![simple(1, DAY, 0)], Vec::new(), 0);
        store.flush().unwrap();
    }
    fold(&lake).unwrap();
    let before = figures(&lake).unwrap();
    assert_eq!((of(&before, "p", DAY)[STORED], of(&before, "p", DAY)[PINGS]), (2.0, 1.0));
    let mut pings = lake.table(InternalTable::Pings).unwrap();
    assert_eq!(pings.compact(&lake, &mut |_| {}).unwrap().copies, 1);
    assert_eq!(fold(&lake).unwrap().days, 0);
    assert_eq!(figures(&lake).unwrap(), before);
}

#[test]
fn a_forgotten_device_is_no_longer_among_the_devices() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    filled(&lake);
    fold(&lake).unwrap();
    lake.forget(&[simple(1, DAY, 0).device()].into()).unwrap();
    assert_eq!(fold(&lake).unwrap().days, 1);
    let figures = figures(&lake).unwrap();
    let p = of(&figures, "p", DAY);
    assert_eq!((p[DEVICES], p[PINGS], p[STORED]), (1.0, 1.0, 7.0));
}

#[test]
fn what_a_day_was_stays_when_retention_takes_it_away() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    filled(&lake);
    fold(&lake).unwrap();
    let before = figures(&lake).unwrap();
    let mut pings = lake.table(InternalTable::Pings).unwrap();
    assert!(pings.retain_from(&lake, DAY.plus(1)).unwrap() > 0);
    fold(&lake).unwrap();
    assert_eq!(figures(&lake).unwrap(), before);
}

#[test]
fn a_log_that_is_gone_is_told_and_rows_are_measured_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    filled(&lake);
    let mut pings = lake.table(InternalTable::Pings).unwrap();
    lake.block_on(pings.tidy_log()).unwrap();
    for version in 0..2 {
        let entry = format!("pings/_delta_log/{version:020}.json");
        std::fs::remove_file(folder.path().join(entry)).unwrap();
    }
    let folded = fold(&lake).unwrap();
    assert_eq!(folded, Folded { commits: 0, days: 2, missed_commits: true });
    let figures = figures(&lake).unwrap();
    assert_eq!((sum(&figures, PINGS), sum(&figures, STORED)), (10.0, 0.0));
    assert_eq!(fold(&lake).unwrap(), Folded::default());
}

#[test]
fn watermarks_know_commits_that_are_not_folded_yet() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    assert!(watermarks(&lake).unwrap().is_empty());
    filled(&lake);
    let expected = BTreeMap::from([("p".to_owned(), DAY.plus(1)), ("q".to_owned(), DAY)]);
    assert_eq!(watermarks(&lake).unwrap(), expected);
    fold(&lake).unwrap();
    assert_eq!(watermarks(&lake).unwrap(), expected);
}

#[test]
fn a_point_of_five_devices_is_repeated_and_parts_do_not_change_what_is_measured() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let mut store = Store::open(&lake).unwrap();
    let mut pings: Vec<PlacedPing> = Vec::new();
    for device in 0..40 {
        pings.push(simple(device, DAY, 1));
        pings.push(ping(device, DAY, 2, (350_000_001, 1_390_000_001), None));
        // Pairs share a point: two phones of one household.
        pings.push(ping(
            device,
            DAY,
            3,
            (360_000_001, 1_390_000_000 + device as i32 / 2),
            Some(device as f32),
        ));
    }
    // One device at one point all day does not make a repetition.
    pings.extend((4..24).map(|hour| ping(77, DAY, hour, (340_000_001, 1_380_000_001), None)));
    Feeder::new("p").add(&mut store, pings, Vec::new(), 0);
    store.flush().unwrap();
    let files = lake.files(InternalTable::Pings).unwrap();
    let whole = measure::day(&files, 1_000_000).unwrap();
    assert_eq!((whole["p"][PINGS], whole["p"][DEVICES], whole["p"][HOURS]), (140.0, 41.0, 23.0));
    assert_eq!(whole["p"][REPEATED], 40.0 / 140.0);
    for part_rows in [10, 50] {
        assert_eq!(measure::day(&files, part_rows).unwrap(), whole);
    }
}

#[test]
fn an_id_at_many_places_in_one_hour_is_no_device_and_a_train_is_one() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    let mut store = Store::open(&lake).unwrap();
    let at = |device, hour, north: i32| ping(device, DAY, hour, (340_000_001 + north, 1_380_000_001), None);
    // 30 phones under one id, 11 km apart; one that moves as far each hour; two bad fixes.
    let mut pings: Vec<PlacedPing> = (0..30).map(|number| at(1, 4, number * 1_000_000)).collect();
    pings.extend((0..20).map(|hour| at(2, i64::from(hour), hour * 1_000_000)));
    pings.extend((0..3).map(|number| at(3, 4, number * 1_000_000)));
    Feeder::new("p").add(&mut store, pings, Vec::new(), 0);
    store.flush().unwrap();
    let files = lake.files(InternalTable::Pings).unwrap();
    let measures = measure::day(&files, 1_000_000).unwrap();
    assert_eq!((measures["p"][DEVICES], measures["p"][SHARED]), (3.0, 1.0));
}

#[test]
fn every_measure_that_is_written_is_documented() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    filled(&lake);
    fold(&lake).unwrap();
    let is_documented =
        |name: &str| MEASURES.iter().any(|measure| measure.name == name) || name.starts_with("rejected:");
    for measures in figures(&lake).unwrap().values() {
        assert!(measures.keys().all(|name| is_documented(name)), "{measures:?}");
    }
}
