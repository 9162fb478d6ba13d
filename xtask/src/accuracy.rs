//! `cargo xtask accuracy`: how right Kayoi is on simulated worlds whose truth is known, beside the rule that
//! one would write in SQL.
//!
//! In: parts, sizes, rates and seeds. Out: the scores of each world, a document with the tables, and what phones show of
//! each kind of tie, a file that the program has compiled in (`schemas/class_errors.csv`). A world's
//! pings and lake are deleted after it, because fifty of them would fill a disk.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

use kayoi_harness::parts::PartError;

use crate::bench::{self, Bench, Python, setting};
use crate::options::Options;
use crate::task::{self, Task};
use crate::worlds::{self, World};

pub(crate) const TASK: Task =
    Task { name: "accuracy", meaning: "every table against simulated truth, beside a plain SQL rule", run };

/// The programs that measure.
struct Programs {
    kayoi: PathBuf,
    python: Python,
}

fn run(words: Vec<String>) -> Result<ExitCode, PartError> {
    if words.iter().any(|word| task::is_help(word)) {
        task::print(include_str!("../usage/accuracy.txt").trim_end());
        return Ok(ExitCode::SUCCESS);
    }
    let options = Options::read(words, &worlds::NAMES, &["short", "resume"])?;
    let worlds = worlds::worlds(&options)?;
    let bench = Bench::open("KAYOI_ACCURACY_DIR", "accuracy")?;
    let out = options.find("out").map_or_else(|| bench.file("report.md"), PathBuf::from);
    let class_errors =
        options.find("class-errors").map_or_else(|| bench.file("class_errors.csv"), PathBuf::from);
    let python = match setting("KAYOI_PYTHON") {
        Some(named) => bench.named_python(&named),
        None => bench.python("bench")?,
    };
    let kayoi = setting("KAYOI_BINARY").map_or_else(|| bench.kayoi(), |named| Ok(PathBuf::from(named)))?;
    let programs = Programs { kayoi, python };
    if !options.has("resume") {
        bench.remove("worlds")?;
    }
    let mut missing = Vec::new();
    for (index, world) in worlds.iter().enumerate() {
        let head = format!("world {} of {}: {}", index + 1, worlds.len(), world.title());
        let folder = bench.file("worlds").join(world.name());
        if folder.join("world.json").is_file() {
            eprintln!("{head}: there");
            continue;
        }
        let started = Instant::now();
        let told = match programs.measure(world, &folder) {
            Ok(line) => line.trim_end().to_owned(),
            Err(_) => {
                missing.push(world.name());
                format!("FAILED, see {}", folder.join("log").display())
            }
        };
        eprintln!("{head}: {} s; {told}", started.elapsed().as_secs());
    }
    // A world that failed is left out of the tables, and is named at the end.
    if missing.len() < worlds.len() {
        let mut report = programs.python.script("tests/accuracy/report.py");
        report.arg("--out").arg(&out).arg("--class-errors").arg(&class_errors);
        bench::run(report.arg(bench.file("worlds")))?;
        eprintln!("wrote {}", out.display());
    }
    bench.finish(&missing)?;
    Ok(ExitCode::SUCCESS)
}

impl Programs {
    /// Measures a world from its people to its scores. Returns a line that says how it went.
    fn measure(&self, world: &World, folder: &Path) -> Result<String, PartError> {
        bench::remove(folder)?;
        std::fs::create_dir_all(folder).map_err(bench::io("make", folder))?;
        let scored = self.score(world, folder);
        for name in ["feed", "lake", "duckdb"] {
            bench::remove(&folder.join(name))?;
        }
        // A world that failed early has not made a key, so it may be missing.
        let _ = std::fs::remove_file(folder.join("lake.key"));
        scored?;
        let path = folder.join("world.json");
        std::fs::write(&path, world.described()).map_err(bench::io("write", &path))?;
        bench::output(self.python.script("tests/accuracy/report.py").arg("--line").arg(folder))
    }

    fn score(&self, world: &World, folder: &Path) -> Result<(), PartError> {
        let (feed, lake) = (folder.join("feed"), folder.join("lake"));
        let truth = feed.join("truth");
        let step = |command: &mut Command, printed: Option<&str>| {
            // The rule needs the key too: it is always the one beside the lake.
            command.env_remove("KAYOI_KEY_FILE").env_remove("KAYOI_LAKE");
            logged(command, folder, printed)
        };
        let mut simulate = Command::new(&self.kayoi);
        simulate.args(["simulate", "--format", "parquet"]).args(world.words());
        // Without --kafka the truth lies with the feed.
        step(simulate.arg("--out").arg(&feed), None)?;
        let mut ingest = Command::new(&self.kayoi);
        step(ingest.args(["ingest", "--file"]).arg(feed.join("pings")).arg("--lake").arg(&lake), None)?;
        bench::remove(&feed.join("pings"))?;
        let mut aggregate = Command::new(&self.kayoi);
        aggregate.args(["aggregate", "--lake"]).arg(&lake);
        let offices = truth.join("offices.csv");
        if has_rows(&offices)? {
            aggregate.arg("--offices").arg(&offices);
        }
        step(&mut aggregate, None)?;
        let mut score = Command::new(&self.kayoi);
        score.args(["simulate", "--score", "--json", "--truth"]).arg(&truth).arg("--lake").arg(&lake);
        step(&mut score, Some("score.json"))?;
        if !world.has_rule() {
            return Ok(());
        }
        let mut rule = self.python.script("tests/peers/sql_rule.py");
        step(rule.arg("--lake").arg(&lake).arg("--truth").arg(&truth), Some("rule.json"))
    }
}

/// Whether a table has a line below its header: some worlds have no office.
fn has_rows(table: &Path) -> Result<bool, PartError> {
    let text = std::fs::read_to_string(table).map_err(bench::io("read", table))?;
    Ok(text.lines().nth(1).is_some())
}

/// Runs a command whose words go to the world's log; what it prints goes there too, or to a file of its own.
fn logged(command: &mut Command, folder: &Path, printed: Option<&str>) -> Result<(), PartError> {
    let path = folder.join("log");
    let log = File::options().create(true).append(true).open(&path).map_err(bench::io("write", &path))?;
    let errors = log.try_clone().map_err(bench::io("write", &path))?;
    let out = match printed {
        Some(name) => File::create(folder.join(name)).map_err(bench::io("write", &folder.join(name)))?,
        None => log,
    };
    bench::run(command.stdout(out).stderr(errors))
}
