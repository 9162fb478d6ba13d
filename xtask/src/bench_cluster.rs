//! `cargo xtask bench-cluster`: a cluster of a few executors beside one process, on the cores of this machine.
//!
//! In: how many devices, rounds and executors. Out: lines of JSON and the table of them in `.kayoi/bench-cluster`.

use std::process::ExitCode;

use kayoi_harness::parts::PartError;

use crate::bench::{self, Bench};
use crate::options::Options;
use crate::task::{self, Task};

pub(crate) const TASK: Task = Task {
    name: "bench-cluster",
    meaning: "seconds of an aggregation by one process, and by executors of a core each",
    run,
};

/// Options that the script has too, and the most of each.
const OPTIONS: [(&str, u32); 3] = [("devices", 10_000_000), ("rounds", 99), ("executors", 64)];

fn run(words: Vec<String>) -> Result<ExitCode, PartError> {
    if words.first().is_some_and(|word| task::is_help(word)) {
        task::print(include_str!("../usage/bench-cluster.txt").trim_end());
        return Ok(ExitCode::SUCCESS);
    }
    let options = Options::read(words, &OPTIONS.map(|(name, _)| name), &[])?;
    let mut given = Vec::new();
    for (name, most) in OPTIONS {
        if let Some(number) = options.find_number(name, 1..=most)? {
            given.extend([format!("--{name}"), number.to_string()]);
        }
    }
    let bench = Bench::open("KAYOI_BENCH_DIR", "bench-cluster")?;
    let kayoi = bench.kayoi_with(&["--features", "cluster"])?;
    let mut script = bench.named_python("python3").script("tests/bench/cluster.py");
    script.arg("--kayoi").arg(kayoi).arg("--folder").arg(bench.folder()).args(given);
    bench::run(&mut script)?;
    Ok(ExitCode::SUCCESS)
}
