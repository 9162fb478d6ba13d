//! Whole worlds on the chessboard: the same for a seed, conserved, unordered, at the rate asked for.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Float64Type, Int64Type};
use kayoi_schemas::time::{DayRule, UtcMillis};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::toy::{Chessboard, small_world};
use crate::write::write_on;
use crate::{Format, Malformed, Preset, World, Written};

fn bytes_of(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for part in ["pings", "truth"] {
        for entry in fs::read_dir(folder.join(part)).unwrap() {
            let path = entry.unwrap().path();
            files.insert(path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap());
        }
    }
    files
}

fn written(world: &World, format: Format, threads: usize) -> (tempfile::TempDir, Written) {
    let folder = tempfile::tempdir().unwrap();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let write = || write_on(world, &Chessboard, folder.path(), format, &mut |_| {}).unwrap();
    let written = pool.scope(|_| write());
    (folder, written)
}

fn lines(folder: &Path) -> Vec<Vec<u8>> {
    let mut paths: Vec<_> = fs::read_dir(folder.join("pings")).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    let text = paths.iter().flat_map(|path| zstd::decode_all(fs::File::open(path).unwrap()).unwrap());
    let text: Vec<u8> = text.collect();
    text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(<[u8]>::to_vec).collect()
}

#[test]
fn a_seed_gives_the_same_bytes_on_any_number_of_threads() {
    let world = World { devices: 300, days: 12, ..small_world() };
    for format in [Format::Ndjson, Format::Avro, Format::Parquet] {
        let one = bytes_of(written(&world, format, 1).0.path());
        let three = bytes_of(written(&world, format, 3).0.path());
        for (name, bytes) in &one {
            assert!(three.get(name) == Some(bytes), "{format:?} {name}");
        }
        let other = bytes_of(written(&World { seed: 8, ..world.clone() }, format, 3).0.path());
        assert_ne!(one["nights.parquet"], other["nights.parquet"]);
        assert!(
            one.iter().filter(|(name, bytes)| other.get(*name) == Some(bytes)).count() == 0,
            "{format:?}"
        );
    }
}

#[test]
fn the_summary_counts_every_line_and_every_kind_of_bad_line_is_there() {
    let world = World { preset: Preset::Hard, days: 40, ..small_world() };
    let (folder, summary) = written(&world, Format::Ndjson, 2);
    let lines = lines(folder.path());
    assert_eq!(lines.len() as u64, summary.records);
    assert_eq!(summary.records, summary.good + summary.duplicates + summary.malformed_total());
    for kind in Malformed::ALL {
        assert!(summary.malformed.contains_key(kind.as_str()), "{} is missing", kind.as_str());
    }
    let count = |of: fn(&[u8]) -> bool| lines.iter().filter(|line| of(line)).count() as u64;
    let is_json = |line: &[u8]| serde_json::from_slice::<serde_json::Value>(line).is_ok();
    let no_json =
        ["broken_json", "nan", "invalid_utf8"].map(|kind| summary.malformed[kind]).iter().sum::<u64>();
    assert_eq!(count(|line| std::str::from_utf8(line).is_err()), summary.malformed["invalid_utf8"]);
    assert_eq!(lines.iter().filter(|line| !is_json(line)).count() as u64, no_json);
    assert_eq!(count(|line| line.windows(6).any(|w| w == b"\"lat\":")), summary.malformed["renamed_field"]);
    let saved = fs::read_to_string(folder.path().join("truth/summary.json")).unwrap();
    assert_eq!(serde_json::from_str::<Written>(&saved).unwrap(), summary);
}

#[test]
fn a_good_line_is_a_record_of_the_contract() {
    let world = World { days: 2, devices: 50, ..small_world() };
    let (folder, _) = written(&world, Format::Ndjson, 1);
    let lines = lines(folder.path());
    let record: serde_json::Value = serde_json::from_slice(&lines[0]).unwrap();
    let fields: Vec<_> = record.as_object().unwrap().keys().map(String::as_str).collect();
    for field in fields {
        assert!(kayoi_schemas::ping::CONTRACT.iter().any(|known| known.name == field), "{field}");
    }
    let latitude = record["latitude"].as_f64().unwrap();
    assert!((34.0..39.0).contains(&latitude), "{latitude}");
    assert_eq!(record["device_id"].as_str().unwrap().len(), 36);
}

#[test]
fn a_day_is_delivered_out_of_order_and_at_the_rate_asked_for() {
    let world = World { days: 60, devices: 200, ..small_world() };
    let (folder, summary) = written(&world, Format::Parquet, 2);
    let mut per_day: HashMap<(String, i32), u32> = HashMap::new();
    let mut unsorted_days = 0;
    let mut rows = 0;
    for entry in fs::read_dir(folder.path().join("pings")).unwrap() {
        let file = fs::File::open(entry.unwrap().path()).unwrap();
        let mut instants = Vec::new();
        for batch in ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap() {
            let batch = batch.unwrap();
            let (ids, times) =
                (batch.column(0).as_string::<i32>(), batch.column(1).as_primitive::<Int64Type>());
            let latitudes = batch.column(2).as_primitive::<Float64Type>();
            for row in 0..batch.num_rows() {
                rows += 1;
                let bad = ids.is_null(row) || times.is_null(row) || latitudes.is_null(row);
                let day = DayRule::JAPAN.day(UtcMillis(times.value(row)));
                if !bad && (world.first_day..=world.last_day()).contains(&day) {
                    instants.push(times.value(row));
                    *per_day.entry((ids.value(row).to_owned(), day.0)).or_default() += 1;
                }
            }
        }
        unsorted_days += u32::from(!instants.is_sorted());
    }
    assert_eq!(rows, summary.records);
    assert!(unsorted_days >= world.days, "{unsorted_days}");
    let mean = f64::from(per_day.values().sum::<u32>()) / per_day.len() as f64;
    assert!((18.5..21.5).contains(&mean), "20 a day were asked, mean is {mean}");
}

#[test]
fn two_worlds_never_share_a_folder() {
    let world = World { devices: 5, days: 1, ..small_world() };
    let (folder, _) = written(&world, Format::Parquet, 1);
    let again = write_on(&world, &Chessboard, folder.path(), Format::Parquet, &mut |_| {});
    assert!(again.unwrap_err().to_string().contains("already holds pings"));
    let none = World { devices: 0, ..world };
    assert!(none.check().unwrap_err().to_string().contains("devices is `0`"));
}

#[test]
fn the_simplified_borders_carry_a_world() {
    let geography = kayoi_geography::Geography::simplified().unwrap();
    let region = ["20202", "20", "13101"].map(str::to_owned).to_vec();
    let world = World { devices: 120, days: 10, region, preset: Preset::Hard, ..World::default() };
    let folder = tempfile::tempdir().unwrap();
    let mut seen = Vec::new();
    let summary =
        crate::write_world(&world, &geography, folder.path(), Format::Parquet, &mut |p| seen.push(p))
            .unwrap();
    assert!(summary.good > 5_000, "{summary:?}");
    assert_eq!(seen.len() as u32, seen[0].days);
    assert_eq!(seen.last().map(|progress| progress.records), Some(summary.records));
}
