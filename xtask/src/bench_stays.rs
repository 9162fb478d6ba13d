//! `cargo xtask bench-stays`: stays from placed pings, by Kayoi beside DuckDB, ClickHouse and Polars on one
//! file, then beside trackintel and scikit-mobility on real trajectories, one after the other on this
//! machine.
//!
//! In: how many pings; borders and trajectories of the test data. Out: lines of JSON and the tables of them
//! in `.kayoi/bench-stays`.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

use kayoi_harness::parts::PartError;

use crate::bench::{self, Bench, Python, setting};
use crate::task::{self, Task};

pub(crate) const TASK: Task = Task {
    name: "bench-stays",
    meaning: "stays beside DuckDB, ClickHouse, Polars, trackintel and scikit-mobility",
    run,
};

const RESULTS: &str = "results.jsonl";
/// Engines and their ways, a process each, so that the memory of one is its own.
const WAYS: [(&str, &str); 10] = [
    ("duckdb", "groups"),
    ("duckdb", "edges"),
    ("duckdb", "edges-in-order"),
    ("clickhouse", "groups"),
    ("clickhouse", "edges"),
    ("clickhouse", "arrays"),
    ("clickhouse", "arrays-in-order"),
    ("polars", "groups"),
    ("polars", "groups-in-order"),
    ("polars", "edges-in-order"),
];
/// Longest time of a peer on one set of trajectories, in seconds.
const LIMIT_S: &str = "600";

/// The peers that find stays in real trajectories.
struct Peer {
    name: &'static str,
    options: &'static str,
    python: Python,
}

fn run(words: Vec<String>) -> Result<ExitCode, PartError> {
    let pings = match words.first().map(String::as_str) {
        Some(word) if task::is_help(word) => {
            task::print(include_str!("../usage/bench-stays.txt").trim_end());
            return Ok(ExitCode::SUCCESS);
        }
        Some(word) => word.parse().ok().filter(|pings| *pings > 0_u64),
        None => Some(10_000_000),
    };
    let pings = pings.ok_or_else(|| PartError::WrongUse("pings are a whole number from 1".to_owned()))?;
    let bench = Bench::open("KAYOI_BENCH_DIR", "bench-stays")?;
    let runs = bench::number("KAYOI_BENCH_RUNS", 3)?;
    let python = bench.python("bench")?;
    let peers = [
        Peer { name: "trackintel", options: "defaults", python: bench.python("trackintel")? },
        Peer { name: "trackintel", options: "wide", python: bench.python("trackintel")? },
        Peer { name: "scikit-mobility", options: "defaults", python: bench.python("scikit-mobility")? },
    ];
    let ours = bench.example("bench_stays")?;
    let lake = setting("KAYOI_BENCH_LAKE")
        .map_or_else(|| simulate(&bench, pings), |lake| Ok(PathBuf::from(lake)))?;
    let mut input = python.script("tests/bench/stays_input.py");
    input.args(["lake", "--count", &pings.to_string()]).arg("--source").arg(lake.join("pings"));
    bench::run(input.arg("--out").arg(bench.file("pings.parquet")))?;

    bench.clear(RESULTS)?;
    for _ in 0..runs {
        for threads in ["1", "2"] {
            engines(&bench, &ours, &python, threads)?;
        }
    }
    let real = bench::test_data().join("real");
    let sources =
        [("geolife", "geolife_sample/geolife_sample.txt.gz"), ("tokyo", "geolife_on_tokyo/pings.parquet")];
    let mut missing = Vec::new();
    for (name, source) in sources {
        let mut input = python.script("tests/bench/stays_input.py");
        input.arg(name).arg("--source").arg(real.join(source));
        bench::run(input.arg("--out").arg(bench.file(&format!("{name}.csv"))))?;
    }
    for (name, _) in sources {
        missing.extend(trajectories(&bench, &ours, &python, &peers, name, runs)?);
    }
    bench.report(&python, "tests/bench/stays_report.py")?;
    bench.finish(&missing)?;
    Ok(ExitCode::SUCCESS)
}

/// A lake with this many pings.
fn simulate(bench: &Bench, pings: u64) -> Result<PathBuf, PartError> {
    let (kayoi, index, lake) = (bench.kayoi()?, bench.file("n03.kayoi"), bench.file("lake"));
    if !index.is_file() {
        let mut import = Command::new(&kayoi);
        import.args(["boundaries", "import"]).arg(bench.borders()?).args(["--edition", "N03 2022-01-01"]);
        bench::run(import.arg("--out").arg(&index))?;
    }
    bench.remove("feed")?;
    bench.remove("lake")?;
    // 250 days of 20 pings make 5000 a device; a tenth more devices, because phones are silent at times.
    let devices = (pings / 4500 + 10).to_string();
    let mut simulate = Command::new(&kayoi);
    simulate.args([
        "simulate",
        "--devices",
        &devices,
        "--days",
        "250",
        "--pings-per-day",
        "20",
        "--seed",
        "1",
    ]);
    simulate.args(["--format", "parquet", "--boundaries"]).arg(&index).arg("--out").arg(bench.file("feed"));
    bench::run(&mut simulate)?;
    let mut ingest = Command::new(&kayoi);
    ingest.args(["ingest", "--file"]).arg(bench.file("feed/pings")).arg("--lake").arg(&lake);
    bench::run(ingest.arg("--boundaries").arg(&index))?;
    bench.remove("feed")?;
    Ok(lake)
}

/// Kayoi and each way of each engine, once.
fn engines(bench: &Bench, ours: &Path, python: &Python, threads: &str) -> Result<(), PartError> {
    let pings = bench.file("pings.parquet");
    bench.note(
        RESULTS,
        Command::new(ours).arg("stays").arg("--pings").arg(&pings).args(["--threads", threads]),
    )?;
    for (engine, way) in WAYS {
        let mut sql = python.script("tests/peers/stays_sql.py");
        sql.arg(engine).arg("--pings").arg(&pings).args(["--threads", threads, "--runs", "1", "--ways", way]);
        bench.note(RESULTS, &mut sql)?;
    }
    Ok(())
}

/// Kayoi and each peer on one set of trajectories, and how they compare. Returns the peers that could not be
/// measured: one that fails, or takes too long, is left out of the table, and the others still run.
fn trajectories(
    bench: &Bench,
    ours: &Path,
    python: &Python,
    peers: &[Peer],
    name: &str,
    runs: u32,
) -> Result<Vec<String>, PartError> {
    let (fixes, stays) = (bench.file(&format!("{name}.csv")), bench.file(&format!("{name}-kayoi.csv")));
    for _ in 0..runs {
        let started = Instant::now();
        bench::run(Command::new(ours).args(["csv", "--in"]).arg(&fixes).arg("--out").arg(&stays))?;
        let seconds = started.elapsed().as_secs_f64();
        let line = format!("{{\"data\": \"{name}\", \"peer\": \"kayoi\", \"seconds\": {seconds:.3}}}\n");
        task::print(line.trim_end());
        bench.append(RESULTS, &line)?;
    }
    let mut missing = Vec::new();
    for peer in peers {
        if detect(bench, peer, name, runs).is_err() {
            missing.push(format!("{}-{} on {name}", peer.name, peer.options));
            continue;
        }
        let mut compare = python.script("tests/bench/stays_compare.py");
        compare
            .arg("--ours")
            .arg(&stays)
            .arg("--theirs")
            .arg(stays_of(bench, peer, name))
            .arg("--fixes")
            .arg(&fixes);
        compare.args(["--data", name, "--peer", peer.name, "--options", peer.options]);
        bench.note(RESULTS, &mut compare)?;
    }
    Ok(missing)
}

fn detect(bench: &Bench, peer: &Peer, name: &str, runs: u32) -> Result<(), PartError> {
    let stays = stays_of(bench, peer, name);
    for _ in 0..runs {
        let path = stays.with_extension("log");
        let log = File::create(&path).map_err(bench::io("write", &path))?;
        let detect = peer.python.script("tests/peers/stays_peers.py");
        let mut limited = Command::new("timeout");
        limited
            .arg(LIMIT_S)
            .args(bench::words(&detect))
            .envs(detect.get_envs().filter_map(|(k, v)| Some((k, v?))));
        limited.args([peer.name, "--options", peer.options, "--data", name, "--in"]);
        limited.arg(bench.file(&format!("{name}.csv"))).arg("--out").arg(&stays).stderr(log);
        bench.note(RESULTS, &mut limited)?;
    }
    Ok(())
}

fn stays_of(bench: &Bench, peer: &Peer, name: &str) -> PathBuf {
    bench.file(&format!("{name}-{}-{}.csv", peer.name, peer.options))
}
