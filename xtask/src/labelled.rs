//! `cargo xtask accuracy-labelled`: homes and work places of 265 real people beside what annotators saw, by
//! Kayoi, HoWDe and a plain rule, with one measure.
//!
//! In: the labelled stops of the test data. Out: a file of days for each program and the table. HoWDe's days
//! are kept and made once, because it takes minutes of Spark. Kayoi answers twice: for each day, and as the
//! release of each month would; the second homes of the latter stand beside those of an earlier version when
//! its example is named.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use kayoi_harness::parts::PartError;

use crate::bench::{self, Bench, Python, setting};
use crate::task::{self, Task};

pub(crate) const TASK: Task = Task {
    name: "accuracy-labelled",
    meaning: "residences of people who labelled their homes, beside HoWDe",
    run,
};

const PROGRAMS: [&str; 5] = ["kayoi", "rule", "howde", "howde-tutorial", "howde-annotators"];
const HOWDE: &str = "tests/peers/labelled_howde.py";

fn run(words: Vec<String>) -> Result<ExitCode, PartError> {
    if words.iter().any(|word| task::is_help(word)) {
        task::print(include_str!("../usage/accuracy-labelled.txt").trim_end());
        return Ok(ExitCode::SUCCESS);
    }
    let programs = if words.is_empty() { PROGRAMS.map(str::to_owned).to_vec() } else { words };
    if let Some(unknown) = programs.iter().find(|program| !PROGRAMS.contains(&program.as_str())) {
        let all = PROGRAMS.join(", ");
        return Err(PartError::WrongUse(format!("program `{unknown}` is not allowed: {all} are")));
    }
    let bench = Bench::open("KAYOI_ACCURACY_DIR", "accuracy-labelled")?;
    let stops = bench::test_data().join("real/labelled_stops/stops.parquet");
    if !stops.is_file() {
        let said =
            "it is not there\nhint: KAYOI_TEST_DATA names the folder with real/labelled_stops".to_owned();
        return Err(PartError::Refused { action: format!("read `{}`", stops.display()), said });
    }
    let python = bench.python("howde")?;
    let mut report = python.script("tests/accuracy/labelled_report.py");
    report.arg("--stops").arg(&stops);
    let mut systems = Vec::new();
    for program in &programs {
        eprintln!("accuracy-labelled: {program}");
        let days = bench.file(&format!("{program}.jsonl"));
        match program.as_str() {
            "kayoi" => {
                for months in by_kayoi(&bench, &python, &stops, &days)? {
                    report.arg("--months").arg(months);
                }
            }
            "rule" => {
                let mut rule = python.script("tests/peers/labelled_rule.py");
                bench::run(rule.arg("--stops").arg(&stops).arg("--out").arg(&days))?;
            }
            _ => {
                if !is_newer(&days, &[&stops, Path::new(HOWDE), &python.packages()]) {
                    by_howde(&bench, &python, &stops, &days, program)?;
                }
            }
        }
        systems.push(format!("{program}={}", days.display()));
    }
    report.args(systems);
    bench.clear("report.md")?;
    bench.note("report.md", &mut report)?;
    Ok(ExitCode::SUCCESS)
}

/// Kayoi's days. Returns its months, `NAME=FILE`, after which those of the version before may stand.
fn by_kayoi(bench: &Bench, python: &Python, stops: &Path, days: &Path) -> Result<Vec<String>, PartError> {
    let (program, table) = (bench.example("labelled_residences")?, bench.file("stops.csv"));
    let mut truth = python.script("tests/accuracy/labelled_truth.py");
    bench::run(truth.arg("--stops").arg(stops).arg("--out").arg(&table))?;
    bench::run(Command::new(&program).arg("--stops").arg(&table).arg("--out").arg(days))?;
    let months_of = |name: &str, file: &str, program: &Path| {
        let months = bench.file(file);
        let mut example = Command::new(program);
        example.arg("--stops").arg(&table).args(["--window", "month"]).arg("--out").arg(&months);
        bench::run(&mut example)?;
        Ok(format!("{name}={}", months.display()))
    };
    let mut months = vec![months_of("kayoi", "kayoi-months.jsonl", &program)?];
    if let Some(before) = setting("KAYOI_LABELLED_BEFORE") {
        months.push(months_of("version before", "before-months.jsonl", Path::new(&before))?);
    }
    Ok(months)
}

fn by_howde(
    bench: &Bench,
    python: &Python,
    stops: &Path,
    days: &Path,
    program: &str,
) -> Result<(), PartError> {
    let windows = program.strip_prefix("howde-").unwrap_or("default");
    // Written aside and then moved, so that a file that was stopped midway is not taken for all of it.
    let part = days.with_extension("part");
    let path: PathBuf = bench.file(&format!("{program}.log"));
    let log = File::create(&path).map_err(bench::io("write", &path))?;
    let mut howde = python.script(HOWDE);
    howde.arg("--stops").arg(stops).args(["--windows", windows]).arg("--out").arg(&part).stderr(log);
    if bench::run(&mut howde).is_err() {
        bench.finish(&[program.to_owned()])?;
    }
    std::fs::rename(&part, days).map_err(bench::io("move days to", days))
}

/// Whether a file was written after all of these.
fn is_newer(file: &Path, others: &[&Path]) -> bool {
    let written = |path: &Path| path.metadata().and_then(|metadata| metadata.modified()).ok();
    let at = written(file);
    at.is_some() && others.iter().all(|other| written(other) < at)
}
