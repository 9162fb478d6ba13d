//! Where a torture happens: a folder for everything, and a lake in it or in a bucket.
//!
//! In: nothing. Out: places and the environment of processes. When a test fails, the folder stays.

use std::path::{Path, PathBuf};

use kayoi_lake::Lake;
use kayoi_schemas::tables::InternalTable;
use tempfile::TempDir;

use crate::bucket::{PROXY, URL};
use crate::process::{Ended, Process};

/// Topic and job.
pub const TOPIC: &str = "torture";
/// The secret key of the lake, one byte repeated.
pub const KEY_BYTE: u8 = 0x5b;

/// A folder and a lake.
pub struct Ground {
    folder: Option<TempDir>,
    lake: PathBuf,
    environment: Vec<(String, String)>,
}

impl Ground {
    /// A lake in the folder.
    pub fn in_folder() -> Self {
        let folder = TempDir::new().unwrap();
        let lake = folder.path().join("lake");
        Self::new(folder, lake, Vec::new())
    }

    /// A lake in the bucket that the environment names, when it does. This test reads the store itself, the
    /// processes reach it over the bad network.
    pub fn in_bucket() -> Option<Self> {
        let (url, proxy) = (std::env::var(URL).ok()?, std::env::var(PROXY).ok()?);
        let environment = vec![
            ("AWS_ENDPOINT".to_owned(), proxy),
            // Every commit is several requests to a slow stand-in.
            ("KAYOI_INGEST__COMMIT__AFTER".to_owned(), "1s".to_owned()),
        ];
        Some(Self::new(TempDir::new().unwrap(), PathBuf::from(url), environment))
    }

    fn new(folder: TempDir, lake: PathBuf, environment: Vec<(String, String)>) -> Self {
        std::fs::write(folder.path().join("key"), format!("{KEY_BYTE:02x}").repeat(32)).unwrap();
        Self { folder: Some(folder), lake, environment }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        self.folder.as_ref().expect("it is there until the end").path()
    }

    /// The lake's folder or URL.
    pub fn lake(&self) -> &Path {
        &self.lake
    }

    /// Whether the lake is in a bucket.
    pub fn is_bucket(&self) -> bool {
        !self.lake.is_absolute()
    }

    /// Writes the configuration of the processes.
    pub fn configure(&self, brokers: &str) {
        let text = format!(
            "job = \"{TOPIC}\"\nstop_deadline = \"10s\"\n\n\
             [lake]\nurl = \"{}\"\nkey_file = \"key\"\n\n\
             [kafka]\nbrokers = \"{brokers}\"\nsession_timeout = \"6s\"\n\n\
             [commit]\nrows = 500\nafter = \"200ms\"\n\n\
             [[feed]]\npartner = \"walker\"\ntopics = [\"{TOPIC}\"]\n",
            self.lake.display()
        );
        std::fs::write(self.folder().join("ingest.toml"), text).unwrap();
    }

    /// Starts an ingest of the topic.
    pub fn ingest(&self, more: &[&str], environment: &[(&str, &str)]) -> Process {
        self.start(&[&["ingest", "--json", "--config", "ingest.toml"], more].concat(), environment)
    }

    /// Compacts the lake.
    pub fn compact(&self, environment: &[(&str, &str)]) -> Ended {
        let lake = self.lake.display().to_string();
        self.start(&["lake", "compact", "--json", "--lake", &lake], environment).wait()
    }

    fn start(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Process {
        let mut all: Vec<(&str, &str)> =
            self.environment.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        all.extend_from_slice(environment);
        Process::start(self.folder(), arguments, &all)
    }

    /// Version of the pings: a process that makes commits is seen by it.
    pub fn version(&self) -> u64 {
        let table = Lake::open(&self.lake).and_then(|lake| lake.table_if_there(InternalTable::Pings));
        table.ok().flatten().map_or(0, |table| table.version())
    }

    /// Positions of the topic's partitions, sorted.
    pub fn positions(&self) -> Vec<(i32, i64)> {
        // While a table is being made it may not open yet.
        let info = Lake::open(&self.lake).and_then(|lake| lake.info(InternalTable::Pings));
        let positions = info.ok().flatten().unwrap_or_default().positions;
        let partition = |id: &str| id.strip_prefix(&format!("{TOPIC}/kafka/{TOPIC}/"))?.parse().ok();
        let mut found: Vec<(i32, i64)> =
            positions.iter().filter_map(|(id, next)| Some((partition(id)?, *next))).collect();
        found.sort_unstable();
        found
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        if std::thread::panicking()
            && let Some(folder) = self.folder.take()
        {
            eprintln!("what is left of the torture: {}", folder.keep().display());
        }
    }
}
