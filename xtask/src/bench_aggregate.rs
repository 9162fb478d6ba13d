//! `cargo xtask bench-aggregate`: what an aggregation costs, by pieces, buckets and sizes.
//!
//! In: how many devices, and perhaps an earlier binary. Out: lines of JSON and the table of them in
//! `.kayoi/bench-aggregate`.

use std::process::ExitCode;

use kayoi_harness::parts::PartError;

use crate::bench::{self, Bench, setting};
use crate::task::{self, Task};

pub(crate) const TASK: Task = Task {
    name: "bench-aggregate",
    meaning: "bytes, requests, memory and processor time of an aggregation, by pieces, buckets and sizes",
    run,
};

fn run(words: Vec<String>) -> Result<ExitCode, PartError> {
    if words.first().is_some_and(|word| task::is_help(word)) {
        task::print(include_str!("../usage/bench-aggregate.txt").trim_end());
        return Ok(ExitCode::SUCCESS);
    }
    let bench = Bench::open("KAYOI_BENCH_DIR", "bench-aggregate")?;
    let kayoi = bench.kayoi()?;
    let mut script = bench.named_python("python3").script("tests/bench/aggregate.py");
    script.arg("--kayoi").arg(kayoi).arg("--folder").arg(bench.folder());
    if let Some(sizes) = words.first() {
        script.args(["--devices", sizes]);
    }
    if let Some(before) = setting("KAYOI_BENCH_BEFORE") {
        script.args(["--before", &before]);
    }
    bench::run(&mut script)?;
    Ok(ExitCode::SUCCESS)
}
