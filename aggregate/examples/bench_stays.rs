//! Our side of `make bench-stays`: one measurement a call, so that each has a process to itself. `bench_stays
//! stays --pings FILE.parquet [--threads N]` turns a file of placed pings, as the lake has them, into stays
//! and prints one line of JSON; `bench_stays csv --in FILE.csv --out STAYS.csv` does so for trajectories
//! (`device,timestamp,latitude,longitude`, times in ISO 8601) and writes the stays.

use std::error::Error;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::time::Instant;

use chrono::{DateTime, SecondsFormat};
use kayoi_aggregate::piece::Piece;
use kayoi_aggregate::plan::{PIECE_PINGS, pieces};
use kayoi_device::Fix;
use kayoi_device::stays::{Stay, stays};
use kayoi_geography::Register;
use kayoi_geography::cell::cell_at;
use kayoi_lake::Lake;
use kayoi_schemas::definition::Definition;
use kayoi_schemas::ids::DeviceId;
use kayoi_schemas::time::{DayRule, UtcMillis};
use kayoi_schemas::units::GridPoint;
use rayon::prelude::*;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| {
        let place = arguments.iter().position(|argument| argument == name)?;
        arguments.get(place + 1).map(String::as_str)
    };
    let path = |name: &str| option(name).map(Path::new).ok_or_else(|| format!("{name} is missing"));
    match arguments.first().map(String::as_str) {
        Some("stays") => bench(path("--pings")?, option("--threads").unwrap_or("2").parse()?),
        Some("csv") => trajectories(path("--in")?, path("--out")?),
        _ => Err("usage: bench_stays stays --pings FILE --threads N | csv --in FILE --out FILE".into()),
    }
}

fn bench(pings: &Path, threads: usize) -> Result<(), Box<dyn Error>> {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global()?;
    let definition = Definition::connected_2026()?;
    let folder = pings.parent().ok_or("the file is in no folder")?;
    let name = pings.file_name().and_then(|name| name.to_str()).ok_or("the file has no name")?;
    let lake = Lake::connect(folder)?;
    let files = [lake.lone_file(name)?];
    // The first run warms the page cache, as the other programs' first runs do.
    for run in 0..3 {
        let started = Instant::now();
        let mut read_seconds = 0.0;
        let mut sweep = Piece::sweep(&files);
        let (mut pings, mut count, mut stay_seconds, mut cells) = (0, 0, 0, 0_i64);
        let measure = |fixes: &[Fix]| {
            let stays = stays(fixes, &definition.thresholds, DayRule::JAPAN);
            let cells = stays.iter().map(|stay| cell_at(stay.latitude, stay.longitude).column_value());
            let seconds = |stay: &Stay| (stay.departure.0 - stay.arrival.0) / 1000;
            (stays.len() as u64, stays.iter().map(seconds).sum::<i64>(), cells.fold(0_i64, i64::wrapping_add))
        };
        // Piece after piece, as a run does, so that memory is that of a piece.
        for devices in pieces(&(0..=i64::MAX), files[0].row_count.div_ceil(PIECE_PINGS)) {
            let reading = Instant::now();
            let piece = Piece::read(&mut sweep, &devices, Register::japan())?;
            read_seconds += reading.elapsed().as_secs_f64();
            pings += piece.fix_count();
            let found = piece
                .devices()
                .into_par_iter()
                .map(|device| piece.with_fixes(device, measure).1)
                .reduce(|| (0, 0, 0), |a, b| (a.0 + b.0, a.1 + b.1, a.2.wrapping_add(b.2)));
            count += found.0;
            stay_seconds += found.1;
            cells = cells.wrapping_add(found.2);
        }
        let seconds = started.elapsed().as_secs_f64();
        let line = format!(
            "{{\"peer\": \"kayoi\", \"way\": \"pass\", \"threads\": {threads}, \"run\": {run}, \"pings\": {pings}, \"seconds\": {seconds:.4}, \
             \"read_seconds\": {read_seconds:.4}, \"stays\": {count}, \"stay_seconds\": {stay_seconds}, \"cells\": {cells}}}"
        );
        writeln!(std::io::stdout(), "{line}")?;
    }
    Ok(())
}

fn trajectories(from: &Path, to: &Path) -> Result<(), Box<dyn Error>> {
    let definition = Definition::connected_2026()?;
    let text = std::fs::read_to_string(from)?;
    let mut names: Vec<&str> = Vec::new();
    let mut fixes: Vec<Fix> = Vec::new();
    for line in text.lines().skip(1) {
        let mut fields = line.split(',');
        let mut field = || fields.next().ok_or_else(|| format!("`{line}` has fewer than four fields"));
        let (name, time) = (field()?, field()?);
        let (latitude, longitude): (f64, f64) = (field()?.parse()?, field()?.parse()?);
        let device = match names.iter().rposition(|known| *known == name) {
            Some(device) => device,
            None => {
                names.push(name);
                names.len() - 1
            }
        };
        fixes.push(Fix {
            device: DeviceId::from_column(device as i64),
            instant: UtcMillis(DateTime::parse_from_rfc3339(time)?.timestamp_millis()),
            point: GridPoint::from_degrees(latitude, longitude),
            accuracy_m: 20.0,
            attributes: kayoi_schemas::person::Attributes::default(),
            speed_m_s: None,
            municipality: None,
        });
    }
    fixes.sort_by_key(|fix| (fix.device, fix.instant, fix.point));
    fixes.dedup();
    let mut out = BufWriter::new(std::fs::File::create(to)?);
    writeln!(
        out,
        "user,arrival,departure,latitude,longitude,municipality,fixes,observed_minutes,inferred_minutes"
    )?;
    for of_device in fixes.chunk_by(|a, b| a.device == b.device) {
        let name = names[of_device[0].device.column_value() as usize];
        for stay in stays(of_device, &definition.thresholds, DayRule::JAPAN) {
            let iso = |instant: UtcMillis| {
                let time = DateTime::from_timestamp_millis(instant.0).unwrap_or_default();
                time.to_rfc3339_opts(SecondsFormat::Secs, true)
            };
            writeln!(
                out,
                "{name},{},{},{:.7},{:.7},,{},{:.2},{:.2}",
                iso(stay.arrival),
                iso(stay.departure),
                stay.latitude,
                stay.longitude,
                stay.ping_count,
                stay.observed_minutes,
                stay.inferred_minutes
            )?;
        }
    }
    Ok(out.flush()?)
}
