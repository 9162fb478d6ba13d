//! H3 cells are those of the C library, on the same points.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use kayoi_geography::cell::cell_at;
use kayoi_harness::process::python;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// Points compared; `KAYOI_VERIFY_POINTS` asks for more.
fn point_count() -> usize {
    std::env::var("KAYOI_VERIFY_POINTS").ok().and_then(|text| text.parse().ok()).unwrap_or(300_000)
}

#[test]
fn cells_equal_those_of_the_c_library() {
    let mut random = StdRng::seed_from_u64(9);
    let points: Vec<(f64, f64)> = (0..point_count())
        .map(|n| match n % 10 {
            // Mostly Japan; some of the whole globe.
            0 => (random.random_range(-90.0..90.0), random.random_range(-180.0..180.0)),
            _ => (random.random_range(20.4..45.6), random.random_range(122.9..154.0)),
        })
        .collect();
    let script = crate::repository::root().join("tests/peers/h3_oracle.py");
    let mut oracle = Command::new(python())
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python with h3: scripts/setup test installs it");
    let mut questions = std::io::BufWriter::new(oracle.stdin.take().unwrap());
    let asked = points.clone();
    let writer = std::thread::spawn(move || {
        for (latitude, longitude) in asked {
            writeln!(questions, "{latitude} {longitude}").unwrap();
        }
    });
    let answers = BufReader::new(oracle.stdout.take().unwrap());
    let mut compared = 0;
    for (line, (latitude, longitude)) in answers.lines().zip(&points) {
        assert_eq!(cell_at(*latitude, *longitude).to_string(), line.unwrap(), "{latitude} {longitude}");
        compared += 1;
    }
    writer.join().unwrap();
    assert!(oracle.wait().unwrap().success());
    assert_eq!(compared, points.len());
}
