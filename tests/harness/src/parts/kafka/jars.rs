//! Kafka's jars and the JVMs that run them. In: `tests/parts/kafka`. Out: commands.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::parts::{PartError, once};
use crate::repository;

const POM: &str = "tests/parts/kafka/pom.xml";
const LOG_SETTINGS: &str = "tests/parts/kafka/log4j2.properties";
const PRODUCER: &str = "tests/parts/kafka/Produce.java";
/// As many records as fit are kept in memory while they wait for their acknowledgement.
const PRODUCER_HEAP: &str = "-Xmx512m";
/// One collector on one thread: what runs beside a test should leave the cores to it.
const SERIAL: &str = "-XX:+UseSerialGC";

/// The version that is run.
///
/// # Errors
/// When `tests/parts/kafka/pom.xml` cannot be read.
pub fn version() -> Result<String, PartError> {
    once::version(POM, "kafka.version")
}

/// The folder of the jars: `KAYOI_KAFKA_HOME`, or one in the user's cache.
///
/// # Errors
/// When no version and no folder can be found.
pub fn home() -> Result<PathBuf, PartError> {
    once::cached("KAYOI_KAFKA_HOME", &format!("kafka-{}", version()?))
}

/// The jars, installed.
pub struct Jars {
    home: PathBuf,
}

impl Jars {
    /// Downloads them unless they are there.
    ///
    /// # Errors
    /// When Maven is missing or fails.
    pub fn install() -> Result<Self, PartError> {
        let home = home()?;
        once::fill(&home, &format!("downloading Kafka {}", version()?), |part| {
            once::maven(POM, &["dependency:copy-dependencies", "-DincludeScope=runtime"], part)
        })?;
        Ok(Self { home })
    }

    /// One of Kafka's tools with a short life: it compiles little, collects serially, starts sooner.
    pub(super) fn tool(&self, class: &str) -> Command {
        self.java(&["-Xmx256m", SERIAL, "-XX:TieredStopAtLevel=1"], class)
    }

    /// One of Kafka's tools that measures, so the JVM may compile as it likes.
    pub(super) fn measuring_tool(&self, class: &str) -> Command {
        self.java(&["-Xmx512m", SERIAL], class)
    }

    /// A node. `heap` are its JVM options, unless `KAYOI_KAFKA_OPTS` has others.
    pub(super) fn node(&self, heap: &str, settings: &Path) -> Command {
        let named = std::env::var("KAYOI_KAFKA_OPTS").ok().filter(|options| !options.is_empty());
        let heap = named.as_deref().unwrap_or(heap);
        let options: Vec<&str> = heap.split_whitespace().chain([SERIAL, "-XX:TieredStopAtLevel=1"]).collect();
        let mut node = self.java(&options, "kafka.Kafka");
        node.arg(settings);
        node
    }

    /// The producer of binary records, which Java compiles as it starts.
    pub(super) fn producer(&self) -> Command {
        let producer = repository::root().join(PRODUCER);
        self.java(&[PRODUCER_HEAP, SERIAL], &producer.to_string_lossy())
    }

    /// A Java program on these jars, with options of the JVM.
    pub fn java(&self, options: &[&str], main: &str) -> Command {
        let log = repository::root().join(LOG_SETTINGS);
        let mut java = Command::new("java");
        java.args(options);
        java.arg(format!("-Dlog4j2.configurationFile={}", log.display()));
        java.arg("-cp").arg(self.home.join("*")).arg(main);
        java
    }
}
