//! `cargo xtask fuzz`: fuzzes targets of a crate, each for a given number of seconds. In: their names. Out:
//! what libFuzzer says.

use std::process::{Command, ExitCode, Stdio};

use kayoi_harness::parts::PartError;
use kayoi_harness::repository;

use crate::bench;
use crate::task::{self, Task};

pub(crate) const TASK: Task =
    Task { name: "fuzz", meaning: "fuzz targets of a crate for some seconds each", run };

const USAGE: &str =
    "usage: cargo xtask fuzz CRATE SECONDS TARGET...\n\nexample: cargo xtask fuzz ingest 60 decode_json";

fn run(words: Vec<String>) -> Result<ExitCode, PartError> {
    if words.iter().any(|word| task::is_help(word)) {
        task::print(USAGE);
        return Ok(ExitCode::SUCCESS);
    }
    let [folder, seconds, targets @ ..] = words.as_slice() else {
        return Err(PartError::WrongUse("a crate, seconds and targets are needed".to_owned()));
    };
    if seconds.parse::<u32>().is_err() {
        return Err(PartError::WrongUse(format!("seconds `{seconds}` is not allowed: a whole number is")));
    }
    let quiet = Command::new("cargo")
        .args(["fuzz", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if !quiet.is_ok_and(|status| status.success()) {
        bench::run(Command::new("cargo").args(["install", "--locked", "cargo-fuzz"]))?;
    }
    for target in targets {
        let mut fuzz = Command::new("cargo");
        // libFuzzer needs sanitizers that the stable compiler has but hides; RUSTC_BOOTSTRAP shows them.
        fuzz.current_dir(repository::root().join(folder)).env("RUSTC_BOOTSTRAP", "1");
        fuzz.args([
            "fuzz",
            "run",
            "--features",
            "fuzz",
            "--sanitizer",
            "none",
            target,
            "--",
            &format!("-max_total_time={seconds}"),
        ]);
        bench::run(&mut fuzz)?;
    }
    Ok(ExitCode::SUCCESS)
}
