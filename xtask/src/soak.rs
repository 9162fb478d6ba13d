//! `cargo xtask soak-ingest`: one ingest under a steady feed. Is its memory flat, and how old is a ping when
//! a reader sees it?
//!
//! In: minutes. Out: `memory.csv`, `latency.csv` and a summary in `.kayoi/soak-ingest`.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use kayoi_harness::parts::PartError;

use crate::bench::{self, Bench, setting};
use crate::node::Node;
use crate::task::{self, Task};

pub(crate) const TASK: Task =
    Task { name: "soak-ingest", meaning: "memory and latency of one ingest under a steady feed", run };

const TOPIC: &str = "soak";
const PARTITIONS: u32 = 4;

fn run(words: Vec<String>) -> Result<ExitCode, PartError> {
    let minutes = words.first().map_or("60", String::as_str);
    if task::is_help(minutes) {
        task::print(include_str!("../usage/soak-ingest.txt").trim_end());
        return Ok(ExitCode::SUCCESS);
    }
    if !minutes.parse::<f64>().is_ok_and(|minutes| minutes.is_finite() && minutes > 0.0) {
        return Err(PartError::WrongUse(format!("minutes `{minutes}` are not a number above 0")));
    }
    let bench = Bench::open("KAYOI_SOAK_DIR", "soak-ingest")?;
    let port = bench::number("KAYOI_SOAK_PORT", 19_492_u16)?;
    let rate = bench::number("KAYOI_SOAK_RATE", 20_000_u32)?.to_string();
    let python = bench.python("ingest")?;
    let (brokers, lake) = (format!("127.0.0.1:{port}"), bench.file("lake"));
    let ingest = command(&bench, &brokers, &lake)?;
    let feed = match setting("KAYOI_BENCH_FEED") {
        Some(named) => PathBuf::from(named),
        None => simulated(&bench)?,
    };
    bench.remove("lake")?;
    let node = Node::start(&bench.file("kafka"), port)?;
    node.create(TOPIC, PARTITIONS)?;
    let mut soak = python.script("tests/bench/ingest_soak.py");
    // A command that is soaked instead of ours finds its way by these.
    soak.env("BROKERS", &brokers).env("TOPIC", TOPIC).env("LAKE", &lake);
    soak.args(["--minutes", minutes, "--rate", &rate, "--kafka", &brokers, "--topic", TOPIC]);
    soak.args(["--partitions", &PARTITIONS.to_string(), "--feed"])
        .arg(feed)
        .arg("--pings")
        .arg(lake.join("pings"));
    soak.arg("--out").arg(bench.folder()).arg("--").args(ingest);
    bench.clear("summary.md")?;
    bench.note("summary.md", &mut soak)?;
    Ok(ExitCode::SUCCESS)
}

/// The words of what is soaked.
fn command(bench: &Bench, brokers: &str, lake: &Path) -> Result<Vec<String>, PartError> {
    if let Some(named) = setting("KAYOI_SOAK_INGEST") {
        return Ok(["bash", "-c", &format!("exec {named}")].map(str::to_owned).to_vec());
    }
    let mut ingest = Command::new(bench.kayoi()?);
    ingest
        .args(["ingest", "--kafka", brokers, "--topic", TOPIC, "--format", "json", "--json", "--lake"])
        .arg(lake);
    let boundaries =
        setting("KAYOI_BOUNDARIES").unwrap_or_else(|| ".kayoi/bench-ingest/n03.kayoi".to_owned());
    if Path::new(&boundaries).is_file() {
        ingest.args(["--boundaries", &boundaries]);
    }
    Ok(bench::words(&ingest))
}

/// The folder of simulated pings, made once.
fn simulated(bench: &Bench) -> Result<PathBuf, PartError> {
    let pings = bench.file("feed/pings");
    if !pings.is_dir() {
        let mut simulate = Command::new(bench.kayoi()?);
        simulate.args([
            "simulate",
            "--devices",
            "1000",
            "--days",
            "8",
            "--pings-per-day",
            "72",
            "--seed",
            "1",
        ]);
        bench::run(simulate.args(["--format", "parquet", "--out"]).arg(bench.file("feed")))?;
    }
    Ok(pings)
}
