//! A lake of a test: its folder, its key, and the arguments of an ingest into it.
//!
//! In: a file or a topic. Out: arguments. Every lake has the same key, so that their rows can be compared.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use kayoi_lake::Lake;
use kayoi_schemas::tables::InternalTable;
use tempfile::TempDir;

use crate::broker::Broker;
use crate::feed::{ALLOWED_LATENESS, Truth};
use crate::process::{Ended, Process, until};

/// How long a group may take for a feed, a dead member's session included.
pub const CATCH_UP: Duration = Duration::from_secs(120);

static GROUPS: AtomicU64 = AtomicU64::new(0);

/// Where records come from.
#[derive(Clone, Copy)]
pub enum Origin<'a> {
    File(&'a Path),
    Topic(&'a Broker, &'a str),
}

/// A lake that goes away.
pub struct Place {
    folder: TempDir,
}

impl Place {
    /// A new one.
    pub fn new() -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join("key"), "5b".repeat(32)).unwrap();
        Self { folder }
    }

    /// Its folder.
    pub fn lake(&self) -> PathBuf {
        self.folder.path().join("lake")
    }

    /// A file beside it.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs an ingest of all there is, to its end. In a topic it is a group of its own, so that it need not
    /// wait until the group has noticed that the process before it died; where to start, only the lake knows.
    pub fn ingest(&self, origin: Origin<'_>, environment: &[(&str, &str)]) -> Ended {
        let group = format!("alone-{}", GROUPS.fetch_add(1, Ordering::Relaxed));
        let mut environment = environment.to_vec();
        let arguments = match origin {
            Origin::File(file) => self.file_arguments(file, "200"),
            Origin::Topic(broker, topic) => {
                environment.push(("KAYOI_INGEST__KAFKA__GROUP", &group));
                let mut arguments = self.topic_arguments(broker, topic);
                arguments.push("--until-end".to_owned());
                arguments
            }
        };
        self.run(&arguments, &environment)
    }

    /// Starts a member of the job's group that reads until it is told to stop.
    pub fn join(&self, broker: &Broker, topic: &str, environment: &[(&str, &str)]) -> Process {
        Process::start(self.folder.path(), &self.topic_arguments(broker, topic), environment)
    }

    /// Starts the ingest of a file.
    pub fn begin(&self, file: &Path, commit_rows: &str, environment: &[(&str, &str)]) -> Process {
        Process::start(self.folder.path(), &self.file_arguments(file, commit_rows), environment)
    }

    /// Runs `kayoi lake COMMAND` with more arguments.
    pub fn maintain(&self, command: &str, more: &[&str], environment: &[(&str, &str)]) -> Ended {
        let lake = self.lake().display().to_string();
        let mut arguments = vec!["lake", command, "--json", "--lake", &lake];
        arguments.extend_from_slice(more);
        self.run(&arguments, environment)
    }

    fn run<S: AsRef<std::ffi::OsStr>>(&self, arguments: &[S], environment: &[(&str, &str)]) -> Ended {
        Process::start(self.folder.path(), arguments, environment).wait()
    }

    fn file_arguments(&self, file: &Path, commit_rows: &str) -> Vec<String> {
        let path = |path: &Path| path.display().to_string();
        let (lake, key) = (path(&self.lake()), path(&self.beside("key")));
        let options = [("--file", path(file)), ("--lake", lake), ("--key-file", key)];
        let mut arguments = vec!["ingest".to_owned(), "--json".to_owned()];
        arguments.extend(options.into_iter().flat_map(|(name, value)| [name.to_owned(), value]));
        arguments.extend(["--partner", "walker", "--commit-rows", commit_rows].map(str::to_owned));
        arguments
    }

    fn topic_arguments(&self, broker: &Broker, topic: &str) -> Vec<String> {
        let config = self.beside("ingest.toml");
        let text = format!(
            "job = \"{topic}\"\nstop_deadline = \"20s\"\n\n\
             [lake]\nurl = \"{}\"\nkey_file = \"{}\"\n\n\
             [kafka]\nbrokers = \"{}\"\nsession_timeout = \"6s\"\n\n\
             [commit]\nrows = 200\nafter = \"1s\"\n\n\
             [event_time]\nallowed_lateness = \"{ALLOWED_LATENESS}\"\n\n\
             [[feed]]\npartner = \"walker\"\ntopics = [\"{topic}\"]\n",
            self.lake().display(),
            self.beside("key").display(),
            broker.bootstrap()
        );
        std::fs::write(&config, text).unwrap();
        ["ingest", "--json", "--config", &config.display().to_string()].map(str::to_owned).to_vec()
    }

    /// Commits of rows to a table: the first version only makes it.
    pub fn commits(&self, table: &str) -> usize {
        let entries = self.lake().join(table).join("_delta_log").read_dir();
        let entries = entries.into_iter().flatten().flatten();
        let versions = entries.filter(|entry| entry.path().extension().is_some_and(|e| e == "json"));
        versions.count().saturating_sub(1)
    }

    /// Positions of a topic's partitions.
    pub fn positions(&self, topic: &str) -> Vec<(i32, i64)> {
        // While a table is being made it may not open yet.
        let info = Lake::open(&self.lake()).ok().and_then(|lake| lake.info(InternalTable::Pings).ok());
        let positions = info.flatten().unwrap_or_default().positions;
        let partition = |id: &str| id.strip_prefix(&format!("{topic}/kafka/{topic}/"))?.parse().ok();
        positions.iter().filter_map(|(id, next)| Some((partition(id)?, *next))).collect()
    }

    /// Waits until the lake has reached the end of every partition.
    pub fn catch_up(&self, topic: &str, truth: &Truth) {
        let ends: Vec<(i32, i64)> = truth.ends.iter().map(|(partition, end)| (*partition, *end)).collect();
        until("the lake reaches the ends of the topic", CATCH_UP, || {
            let mut positions = self.positions(topic);
            positions.sort_unstable();
            positions == ends
        });
    }
}
