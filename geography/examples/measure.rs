//! Measures a boundary file: time to open, memory, points placed per second on one thread.
//! `cargo run -p kayoi-geography --example measure -- BOUNDARIES`.

use std::error::Error;
use std::hint::black_box;
use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

use kayoi_geography::Geography;
use kayoi_geography::cell::cell_at;
use rand::rngs::SmallRng;
use rand::{Rng as _, SeedableRng as _};

const POINTS: usize = 2_000_000;

/// Latitude and longitude in degrees.
type Point = (f64, f64);

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: measure BOUNDARIES")?;
    let mut out = std::io::stdout();
    let start = Instant::now();
    let geography = Geography::open(Path::new(&path))?;
    writeln!(out, "{}: opened in {:.2} s", geography.edition(), start.elapsed().as_secs_f64())?;
    writeln!(out, "memory: {}", memory().unwrap_or_else(|| "unknown on this system".to_owned()))?;

    let mut random = SmallRng::seed_from_u64(7);
    let mut anywhere = || (random.random_range(20.4..45.6), random.random_range(122.9..154.0));
    let over_the_box: Vec<Point> = std::iter::repeat_with(&mut anywhere).take(POINTS).collect();
    let on_land = |point: &Point| geography.municipality_at(point.0, point.1).is_some();
    let over_land: Vec<Point> = std::iter::repeat_with(&mut anywhere).filter(on_land).take(POINTS).collect();
    for (name, points) in [("the box", &over_the_box), ("land", &over_land)] {
        let municipality = rate(points, |(latitude, longitude)| {
            black_box(geography.municipality_at(latitude, longitude));
        });
        let cell = rate(points, |(latitude, longitude)| {
            black_box(cell_at(latitude, longitude));
        });
        let place = rate(points, |(latitude, longitude)| {
            black_box(geography.place(latitude, longitude));
        });
        writeln!(
            out,
            "uniform over {name}, million points/s: municipality {municipality:.2}, cell {cell:.2}, place {place:.2}"
        )?;
    }
    Ok(())
}

/// Million points a second, the best of three.
fn rate(points: &[Point], mut ask: impl FnMut(Point)) -> f64 {
    let mut once = || {
        let start = Instant::now();
        points.iter().for_each(|&point| ask(point));
        points.len() as f64 / start.elapsed().as_secs_f64() / 1e6
    };
    (0..3).map(|_| once()).fold(0.0, f64::max)
}

/// Resident memory now and at its highest, as Linux tells it.
fn memory() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = |name: &str| {
        status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim).map(str::to_owned)
    };
    Some(format!("{} now, {} at most", line("VmRSS:")?, line("VmHWM:")?))
}
