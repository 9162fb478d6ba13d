//! A real schema registry: Apicurio Registry in memory, Java 17, no container.
//!
//! In: the program that `tests/parts/registry/pom.xml` names. Out: Confluent's API on 127.0.0.1; its schemas
//! go when it stops.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use super::service::{self, START_TIMEOUT, Service};
use super::{PartError, once, port, program};
use crate::repository;

const POM: &str = "tests/parts/registry/pom.xml";
const PROOF: &str = "tests/parts/registry/prove.py";
const STOP_TIMEOUT: Duration = Duration::from_secs(10);
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);
const HEAP: &str = "-Xmx192m";
/// Where Apicurio has Confluent's API; a client takes the whole URL for its base.
const API: &str = "apis/ccompat/v7";

/// The version that is run.
///
/// # Errors
/// When `tests/parts/registry/pom.xml` cannot be read.
pub fn version() -> Result<String, PartError> {
    once::version(POM, "registry.version")
}

/// Unpacks the program into `KAYOI_REGISTRY_HOME` or the user's cache, unless it is there. Returns the
/// folder.
///
/// # Errors
/// When Maven or tar is missing or fails.
pub fn install() -> Result<PathBuf, PartError> {
    let version = version()?;
    let home = once::cached("KAYOI_REGISTRY_HOME", &format!("registry-{version}"))?;
    once::fill(&home, &format!("downloading Apicurio Registry {version}"), |part| {
        once::maven(POM, &["dependency:copy"], part)?;
        let archive = file_that_ends(part, ".tar.gz")?;
        let mut tar = Command::new("tar");
        program::run("unpack the registry", tar.arg("-xzf").arg(&archive).arg("-C").arg(part))?;
        std::fs::remove_file(&archive).map_err(PartError::on("remove", &archive))
    })?;
    Ok(home)
}

/// Starts it and waits until it answers. Returns the URL of Confluent's API.
///
/// # Errors
/// When the port is taken, it runs already in the folder, or it does not answer.
pub fn start(folder: &Path, port: u16) -> Result<String, PartError> {
    let program = file_that_ends(&install()?, "-runner.jar")?;
    let dir = service::made(folder)?;
    let service = service_of(&dir);
    if let Some(process) = service.process() {
        return Err(PartError::Runs { what: "a registry", part: "registry", folder: dir, process });
    }
    port::expect_free(port)?;
    let named = std::env::var("KAYOI_REGISTRY_OPTS").ok().filter(|options| !options.is_empty());
    let mut java = Command::new("java");
    java.args(named.as_deref().unwrap_or(HEAP).split_whitespace());
    java.args(["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"])
        .arg(format!("-Dkayoi.folder={}", dir.display()));
    java.arg("-Dquarkus.http.host=127.0.0.1").arg(format!("-Dquarkus.http.port={port}"));
    let process = service.launch(java.arg("-jar").arg(program))?;
    service
        .await_answer(process, Instant::now() + START_TIMEOUT, || lists_subjects(port).unwrap_or(false))?;
    Ok(format!("http://127.0.0.1:{port}/{API}"))
}

/// Stops it; what was registered is gone.
///
/// # Errors
/// When there is no such folder, or it cannot be ended.
pub fn stop(folder: &Path) -> Result<(), PartError> {
    service_of(&service::existing(folder)?).stop(STOP_TIMEOUT)
}

/// A program that checks whether a registry answers as Confluent's does.
pub fn prove(url: &str) -> Command {
    let mut python = Command::new("python3");
    python.arg(repository::root().join(PROOF)).arg(url);
    python
}

fn service_of(dir: &Path) -> Service {
    Service::new(dir, "the registry", format!("kayoi.folder={} ", dir.display()))
}

/// Whether it answers with a list of subjects: it listens long before.
fn lists_subjects(port: u16) -> io::Result<bool> {
    let mut stream = port::connect(port)?;
    stream.set_read_timeout(Some(ANSWER_TIMEOUT))?;
    write!(stream, "GET /{API}/subjects HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let status = answer.split(|byte| *byte == b' ').nth(1);
    Ok(status == Some(b"200"))
}

fn file_that_ends(folder: &Path, end: &str) -> Result<PathBuf, PartError> {
    let entries = folder.read_dir().map_err(PartError::on("read", folder))?;
    let mut paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let found = paths.find(|path| path.to_string_lossy().ends_with(end));
    found.ok_or_else(|| PartError::Refused {
        action: format!("find the registry in `{}`", folder.display()),
        said: format!("no file there ends in `{end}`"),
    })
}
