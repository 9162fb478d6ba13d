//! `cargo xtask`: chores of the repository for a person, by the functions that the tests call.
//!
//! In: a task and the words behind it. Out: data on standard output, everything else on standard error; 0
//! done, 1 failed, 2 wrong usage. Options are read by hand, because `scripts/setup` builds this before
//! anything else is there: it depends on little and is compiled in seconds.
#![allow(clippy::print_stderr, reason = "errors are for a person")]

mod options;
mod task;
mod kafka;
mod registry;
mod s3;
mod bench;
mod node;
mod worlds;
mod accuracy;
mod labelled;
mod bench_place;
mod spark;
mod bench_ingest;
mod bench_stays;
mod bench_aggregate;
mod bench_cluster;
mod soak;
mod fuzz;
mod demand;
mod plan;

use std::error::Error;
use std::process::ExitCode;

use kayoi_harness::parts::PartError;

use crate::task::Task;

const TASKS: [Task; 13] = [
    kafka::TASK,
    registry::TASK,
    s3::TASK,
    accuracy::TASK,
    labelled::TASK,
    bench_place::TASK,
    bench_ingest::TASK,
    bench_stays::TASK,
    bench_aggregate::TASK,
    bench_cluster::TASK,
    soak::TASK,
    fuzz::TASK,
    plan::TASK,
];

fn usage() -> String {
    let lines = TASKS.map(|task| format!("  {:<17}  {}\n", task.name, task.meaning));
    format!("usage: cargo xtask TASK ...\n\n{}\n`cargo xtask TASK help` says how to use one.", lines.concat())
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or_else(|| "help".to_owned());
    if task::is_help(&name) {
        task::print(usage());
        return ExitCode::SUCCESS;
    }
    let Some(task) = TASKS.iter().find(|task| task.name == name) else {
        let names = TASKS.map(|task| format!("`{}`", task.name)).join(", ");
        eprintln!("cargo xtask: unknown task `{name}`: {names} are there\nhint: cargo xtask help");
        return ExitCode::from(2);
    };
    match (task.run)(arguments.collect()) {
        Ok(code) => code,
        Err(error) => {
            tell(&format!("cargo xtask {name}"), &error);
            ExitCode::from(if matches!(error, PartError::WrongUse(_)) { 2 } else { 1 })
        }
    }
}

/// An error with its causes, and where to read on when it was a wrong use.
fn tell(what: &str, error: &PartError) {
    let mut text = format!("{what}: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    if matches!(error, PartError::WrongUse(_)) && !text.contains("\nhint: ") {
        text = format!("{text}\nhint: {what} help");
    }
    eprintln!("{text}");
}
