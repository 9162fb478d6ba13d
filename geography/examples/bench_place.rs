//! Our side of `make bench-place`: one measurement a call, so that each has a process to itself.
//! `bench_place WHAT --points FILE.bin [--boundaries FILE.kayoi] [--threads N]` prints one line of JSON;
//! `bench_place import --from DOWNLOAD --boundaries FILE.kayoi` makes the boundary file and measures that;
//! `bench_place draw --boundaries FILE.kayoi --points FILE.bin --count N` draws points uniform over the land.
//!
//! Points are pairs of doubles, latitude and longitude, little-endian. WHAT is `kayoi` (cell and
//! municipality), `kayoi-cell`, `kayoi-municipality`, `h3o` (the cell by crate h3o), `geo` (the municipality
//! by crate geo over an R-tree of polygons), `h3o+geo`, or `open`. Without `--boundaries`, `kayoi` and `open`
//! are measured on the simplified borders that ship.

#[path = "../tests/verify/naive.rs"]
mod naive;

use std::error::Error;
use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

use kayoi_geography::cell::{Resolution, append_cells};
use kayoi_geography::import::{ImportOptions, import_file};
use kayoi_geography::place::Place;
use kayoi_geography::{Geography, file};
use kayoi_schemas::ids::MunicipalityCode;
use rand::rngs::SmallRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::json;

use crate::naive::Naive;

/// One warm-up and so many runs.
const RUNS: usize = 3;
/// Points that one call takes, as ingest has them in a batch.
const BATCH: usize = 8_192;

/// What a run found, to compare answers: cells summed, points in a municipality, codes summed.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Answers {
    cells: u64,
    located: u64,
    codes: u64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| {
        let place = arguments.iter().position(|argument| argument == name)?;
        arguments.get(place + 1).map(String::as_str)
    };
    let what =
        arguments.first().ok_or("usage: bench_place WHAT --points FILE --boundaries FILE --threads N")?;
    let threads: usize = option("--threads").unwrap_or("1").parse()?;
    let boundaries = Path::new(option("--boundaries").unwrap_or_default());
    match what.as_str() {
        "import" => return import(Path::new(option("--from").ok_or("--from is missing")?), boundaries),
        "draw" => {
            let to = option("--points").ok_or("--points is missing")?;
            return draw(boundaries, to, option("--count").unwrap_or("1000000").parse()?);
        }
        _ => {}
    }
    let before = resident_mb();
    let started = Instant::now();
    let answer = answerer(what, boundaries)?;
    let opened = started.elapsed().as_secs_f64();
    let points = option("--points").map(read_points).transpose()?.unwrap_or_default();
    let part = points.0.len().div_ceil(threads).max(1);
    let run = || -> (f64, Answers) {
        let started = Instant::now();
        let sums = std::thread::scope(|scope| {
            let workers: Vec<_> = points
                .0
                .chunks(part)
                .zip(points.1.chunks(part))
                .map(|(latitudes, longitudes)| {
                    let answer = &answer;
                    scope.spawn(move || in_batches(answer, latitudes, longitudes))
                })
                .collect();
            workers.into_iter().filter_map(|worker| worker.join().ok()).collect::<Vec<_>>()
        });
        let seconds = started.elapsed().as_secs_f64();
        (seconds, sums.into_iter().fold(Answers::default(), Answers::and))
    };
    let (_, answers) = run();
    let mut seconds: Vec<f64> = (0..RUNS).map(|_| run().0).collect();
    seconds.sort_by(f64::total_cmp);
    let rate = |seconds: f64| points.0.len() as f64 / seconds / 1e6;
    let line = json!({
        "peer": what, "threads": threads, "points": points.0.len(), "open_s": opened,
        "seconds": seconds, "million_points_per_s": rate(seconds[RUNS / 2]),
        "memory_mb": resident_mb() - before, "cells": answers.cells, "located": answers.located,
        "codes": answers.codes,
    });
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}

fn import(from: &Path, to: &Path) -> Result<(), Box<dyn Error>> {
    let started = Instant::now();
    let (set, report) = import_file(from, &ImportOptions::default(), &mut |_| {})?;
    let read = started.elapsed().as_secs_f64();
    let (header, _) = file::write(&set, to, &mut |_| {})?;
    let line = json!({
        "peer": "import", "vertices": report.vertices, "read_s": read,
        "index_s": started.elapsed().as_secs_f64() - read, "file_mb": to.metadata()?.len() as f64 / 1e6,
        "index_mb": header.index_bytes() as f64 / 1e6, "memory_mb": resident_mb(),
    });
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}

fn draw(boundaries: &Path, to: &str, count: usize) -> Result<(), Box<dyn Error>> {
    let geography = Geography::open(boundaries)?;
    let mut random = SmallRng::seed_from_u64(7);
    let anywhere =
        std::iter::repeat_with(|| (random.random_range(20.4..45.6), random.random_range(122.9..154.0)));
    let on_land = anywhere.filter(|point: &(f64, f64)| geography.municipality_at(point.0, point.1).is_some());
    let bytes: Vec<u8> =
        on_land.take(count).flat_map(|point| [point.0, point.1]).flat_map(f64::to_le_bytes).collect();
    Ok(std::fs::write(to, bytes)?)
}

impl Answers {
    fn and(self, other: Self) -> Self {
        Self {
            cells: self.cells.wrapping_add(other.cells),
            located: self.located + other.located,
            codes: self.codes + other.codes,
        }
    }

    fn add_code(&mut self, code: Option<MunicipalityCode>) {
        self.located += u64::from(code.is_some());
        self.codes += code.map_or(0, |code| u64::from(code.number()));
    }
}

type Answerer = Box<dyn Fn(&[f64], &[f64], &mut Answers) + Sync>;

fn in_batches(answer: &Answerer, latitudes: &[f64], longitudes: &[f64]) -> Answers {
    let mut answers = Answers::default();
    for (latitudes, longitudes) in latitudes.chunks(BATCH).zip(longitudes.chunks(BATCH)) {
        answer(latitudes, longitudes, &mut answers);
    }
    answers
}

fn answerer(what: &str, boundaries: &Path) -> Result<Answerer, Box<dyn Error>> {
    let named = (!boundaries.as_os_str().is_empty()).then_some(boundaries);
    Ok(match what {
        // The polygon alone, as the peers answer it.
        "kayoi" => {
            let geography = Geography::open_or_simplified(named)?.with_coast_metres(0.0);
            Box::new(move |latitudes, longitudes, answers| {
                let mut places: Vec<Place> = Vec::with_capacity(latitudes.len());
                geography.append_places(latitudes, longitudes, &mut places);
                for place in places {
                    answers.cells = answers.cells.wrapping_add(place.cell.h3());
                    answers.add_code(place.municipality);
                }
            })
        }
        "kayoi-municipality" => {
            let geography = Geography::open(boundaries)?;
            Box::new(move |latitudes, longitudes, answers| {
                let mut codes = Vec::with_capacity(latitudes.len());
                geography.append_municipalities(latitudes, longitudes, &mut codes);
                codes.into_iter().for_each(|code| answers.add_code(code));
            })
        }
        "kayoi-cell" => Box::new(|latitudes, longitudes, answers| {
            let mut cells = Vec::with_capacity(latitudes.len());
            append_cells(Resolution::Nine, latitudes, longitudes, &mut cells);
            answers.cells = cells.iter().fold(answers.cells, |sum, cell| sum.wrapping_add(cell.h3()));
        }),
        "h3o" => Box::new(|latitudes, longitudes, answers| {
            answers.cells = h3o_cells(latitudes, longitudes).fold(answers.cells, u64::wrapping_add);
        }),
        "geo" | "h3o+geo" => {
            let with_cells = what == "h3o+geo";
            let polygons = Naive::of(&file::read(boundaries)?.1);
            Box::new(move |latitudes, longitudes, answers| {
                if with_cells {
                    answers.cells = h3o_cells(latitudes, longitudes).fold(answers.cells, u64::wrapping_add);
                }
                for (latitude, longitude) in latitudes.iter().zip(longitudes) {
                    answers.add_code(polygons.municipality_at([*longitude, *latitude]));
                }
            })
        }
        "open" => {
            let geography = Geography::open_or_simplified(named)?;
            Box::new(move |_, _, answers| answers.add_code(geography.municipality_at(0.0, 0.0)))
        }
        other => return Err(format!("`{other}` is nothing that is measured here").into()),
    })
}

fn h3o_cells<'p>(latitudes: &'p [f64], longitudes: &'p [f64]) -> impl Iterator<Item = u64> + 'p {
    latitudes.iter().zip(longitudes).map(|(latitude, longitude)| {
        h3o::LatLng::new(*latitude, *longitude).map_or(0, |point| point.to_cell(Resolution::Nine).into())
    })
}

fn read_points(path: &str) -> Result<(Vec<f64>, Vec<f64>), Box<dyn Error>> {
    let bytes = std::fs::read(path)?;
    let pairs = bytes.as_chunks::<16>().0;
    let number = |bytes: &[u8]| bytes.try_into().map(f64::from_le_bytes);
    let mut points = (Vec::with_capacity(pairs.len()), Vec::with_capacity(pairs.len()));
    for pair in pairs {
        points.0.push(number(&pair[..8])?);
        points.1.push(number(&pair[8..])?);
    }
    Ok(points)
}

/// Resident memory as Linux tells it, megabytes; 0 elsewhere.
fn resident_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().split(' ').next().and_then(|kb| kb.parse::<f64>().ok()).unwrap_or_default() / 1e3
}
