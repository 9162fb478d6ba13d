//! `cargo xtask bench-place`: placing pings beside what one would use instead, on the same points, one after
//! the other on this machine.
//!
//! In: the test data's borders. Out: lines of JSON and the table of them in `.kayoi/bench-place`.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::process::{Command, ExitCode};

use kayoi_harness::parts::PartError;

use crate::bench::{self, Bench, Python};
use crate::task::{self, Task};

pub(crate) const TASK: Task =
    Task { name: "bench-place", meaning: "placing beside ClickHouse, polars-h3, h3o and geo", run };

const RESULTS: &str = "results.jsonl";
const ORDERS: [&str; 2] = ["random", "arrival"];
const OURS: [&str; 4] = ["kayoi", "kayoi-cell", "kayoi-municipality", "h3o"];
/// Bytes of a point in the files of points.
const POINT_BYTES: u64 = 16;
/// Instructions do not depend on the machine's mood: they are the difference of two runs of different length.
const FEW: [u64; 2] = [20_000, 60_000];

fn run(words: Vec<String>) -> Result<ExitCode, PartError> {
    let points = match words.first().map(String::as_str) {
        Some(word) if task::is_help(word) => {
            task::print(include_str!("../usage/bench-place.txt").trim_end());
            return Ok(ExitCode::SUCCESS);
        }
        Some(points) if points.parse::<u64>().is_ok_and(|points| points > 0) => points.to_owned(),
        Some(points) => {
            return Err(PartError::WrongUse(format!("points `{points}` are not a whole number from 1")));
        }
        None => "2000000".to_owned(),
    };
    let bench = Bench::open("KAYOI_BENCH_DIR", "bench-place")?;
    let (borders, python) = (bench.borders()?, bench.python("bench")?);
    let (ours, kayoi) = (bench.example("bench_place")?, bench.kayoi()?);
    let index = bench.file("n03.kayoi");
    let program = |what: &str| {
        let mut command = Command::new(&ours);
        command.arg(what).arg("--boundaries").arg(&index);
        command
    };
    bench.clear(RESULTS)?;
    bench.note(RESULTS, program("import").arg("--from").arg(&borders))?;
    bench.note(RESULTS, &mut program("open"))?;
    bench::run(program("draw").arg("--points").arg(bench.file("random.bin")).args(["--count", &points]))?;
    feed(&bench, &kayoi, &index, &python, &points)?;

    for order in ORDERS {
        for threads in ["1", "2"] {
            let measure = |what: &str, points: String| {
                let told = bench::output(
                    program(what).arg("--points").arg(bench.file(&points)).args(["--threads", threads]),
                )?;
                let told = with_order(&told, order);
                task::print(told.trim_end());
                bench.append(RESULTS, &told)
            };
            for what in OURS {
                measure(what, format!("{order}.bin"))?;
            }
            measure("geo", format!("{order}-few.bin"))?;
        }
    }
    let orders = ORDERS.map(|order| format!("{order}={}", bench.file(&format!("{order}.parquet")).display()));
    for threads in ["1", "2"] {
        let mut polars = python.script("tests/peers/place.py");
        polars.env("POLARS_MAX_THREADS", threads).args(["polars-h3", "--points"]).args(&orders);
        bench.note(RESULTS, &mut polars)?;
    }
    let mut clickhouse = python.script("tests/peers/place.py");
    bench.note(
        RESULTS,
        clickhouse.args(["clickhouse", "--points"]).args(&orders).arg("--borders").arg(&borders),
    )?;
    instructions(&bench, program)?;
    bench.report(&python, "tests/bench/report.py")?;
    Ok(ExitCode::SUCCESS)
}

/// Points in the order in which pings arrive.
fn feed(bench: &Bench, kayoi: &Path, index: &Path, python: &Python, points: &str) -> Result<(), PartError> {
    bench.remove("feed")?;
    let mut simulate = Command::new(kayoi);
    simulate.args(["simulate", "--devices", "4000", "--days", "8", "--pings-per-day", "72", "--seed", "1"]);
    simulate.args(["--format", "parquet", "--boundaries"]).arg(index).arg("--out").arg(bench.file("feed"));
    bench::run(&mut simulate)?;
    let mut take = python.script("tests/bench/points.py");
    take.arg("--feed").arg(bench.file("feed/pings")).args(["--count", points, "--work"]).arg(bench.folder());
    bench::run(&mut take)
}

/// Lines of JSON with one more field in front.
fn with_order(lines: &str, order: &str) -> String {
    let lines = lines.lines().map(|line| match line.strip_prefix('{') {
        Some(rest) => format!("{{\"order\": \"{order}\", {rest}\n"),
        None => format!("{line}\n"),
    });
    lines.collect()
}

/// How many instructions each takes, where valgrind is installed to count them.
fn instructions(bench: &Bench, program: impl Fn(&str) -> Command) -> Result<(), PartError> {
    if Command::new("valgrind").arg("--version").output().is_err() {
        return Ok(());
    }
    for what in OURS {
        for few in FEW {
            let (all, part) = (bench.file("random.bin"), bench.file("few.bin"));
            let mut head = Vec::new();
            let read = File::open(&all).and_then(|file| file.take(few * POINT_BYTES).read_to_end(&mut head));
            read.map_err(bench::io("read", &all))?;
            std::fs::write(&part, &head).map_err(bench::io("write", &part))?;
            let ours = program(what);
            let mut valgrind = Command::new("valgrind");
            valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).args(bench::words(&ours));
            let output = valgrind.arg("--points").arg(&part).output();
            let output = output.map_err(bench::io("run", Path::new("valgrind")))?;
            let told = String::from_utf8_lossy(&output.stderr).into_owned();
            let collected = told.lines().find(|line| line.contains("Collected"));
            let Some(count) = collected.and_then(|line| line.split_whitespace().last()) else {
                continue;
            };
            let line = format!(
                "{{\"peer\": \"instructions\", \"what\": \"{what}\", \"points\": {few}, \
                 \"count\": {count}}}\n"
            );
            bench.append(RESULTS, &line)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_gets_its_order_and_stays_json() {
        assert_eq!(
            with_order("{\"peer\": \"geo\"}\n", "random"),
            "{\"order\": \"random\", \"peer\": \"geo\"}\n"
        );
    }
}
