//! A rebound that was planted is found by phones: of the way that telework saves, the part that people go all the same.
//!
//! In: two worlds of the same commuters, who on days of telework do one errand more in the second. Out: the exact sums that a
//! release draws noise to, whose quotient is the rebound. So small a world has too few phones for a release to show
//! it; the rows of a large one are looked at in `release`.

use std::fs::File;
use std::path::{Path, PathBuf};

use arrow::array::AsArray;
use arrow::datatypes::Int64Type;
use kayoi_schemas::figure::Cube;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use tempfile::TempDir;

use crate::kayoi::{json, run, text};

/// The sums of ways, and of rebound with ways, over the country.
#[derive(Debug, Default)]
struct Sums {
    ways: f64,
    rebound_and_ways: f64,
}

impl Sums {
    fn rebound(&self) -> f64 {
        self.rebound_and_ways / self.ways - 1.0
    }
}

/// All Parquet files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = folder.read_dir().unwrap().map(|entry| entry.unwrap().path());
    let below = entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] });
    below.filter(|path| path.extension().is_some_and(|of| of == "parquet")).collect()
}

/// The sums of a lake, in kilometres.
fn sums(lake: &Path) -> Sums {
    let mut sums = Sums::default();
    for file in files(&lake.join("indicators")) {
        let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(file).unwrap()).unwrap();
        for batch in reader.build().unwrap().map(Result::unwrap) {
            let text = |name: &str| batch.column_by_name(name).unwrap().as_string::<i32>();
            let (cubes, areas, classes) = (text("cube"), text("area_code"), text("class"));
            let values = batch.column_by_name("value").unwrap().as_primitive::<Int64Type>();
            for row in (0..batch.num_rows()).filter(|row| areas.value(*row) == "JP") {
                let (cube, class) = (cubes.value(row), classes.value(row));
                let Some(band) = class.strip_prefix("distance_band=") else { continue };
                let farthest_km = kayoi_schemas::rebound::farthest_km(band.parse().unwrap());
                let km = farthest_km * values.value(row) as f64 / f64::from(kayoi_schemas::rebound::PARTS);
                let ways = cube == Cube::WaysYearly.declaration().name;
                *(if ways { &mut sums.ways } else { &mut sums.rebound_and_ways }) += km;
            }
        }
    }
    sums
}

/// The sums of three months of commuters, to the end of a fiscal year, with a rebound that is planted.
fn measured(rebound: &str) -> Sums {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| text(&folder.path().join(name)).to_owned();
    let world = [
        ["--lives", "real"],
        ["--kinds", "commuter"],
        ["--people", "80"],
        ["--panel-percent", "100"],
        ["--resets-percent", "0"],
        ["--outage-days", "0"],
        ["--first-day", "2025-12-22"],
        ["--days", "100"],
        ["--pings-per-day", "250"],
        ["--seed", "3"],
        ["--rebound", rebound],
    ];
    run(&[&["simulate", "--out", &path("feed")], world.concat().as_slice()].concat());
    let lake = path("lake");
    run(&["ingest", "--file", &path("feed/pings"), "--lake", &lake, "--key-file", &path("key")]);
    json(&["aggregate", "--lake", &lake, "--trial-seed", "1", "--json"]);
    sums(Path::new(&lake))
}

#[test]
fn a_planted_rebound_is_found_by_phones() {
    let (without, with) = (measured("0"), measured("0.3"));
    assert!(without.ways > 100.0, "{without:?}");
    // The same people work at the same places.
    assert!((with.ways / without.ways - 1.0).abs() < 0.1, "{without:?} {with:?}");
    // Who works at home goes out for lunch and to a shop more often than who works elsewhere, so that without a planted one
    // some rebound is there, too.
    assert!((-0.1..0.5).contains(&without.rebound()), "{without:?}: {}", without.rebound());
    // Errands that lie between two fixes are not seen, so that a part of it is missing.
    let planted = with.rebound() - without.rebound();
    assert!((0.22..0.36).contains(&planted), "{planted} of 0.3: {without:?} {with:?}");
}
