//! An S3 work-alike: moto in memory, Python, no container; and a proxy in front of it that fails on purpose.
//!
//! In: the packages of `tests/parts/s3/requirements.txt`. Out: S3 on 127.0.0.1 with one bucket, gone when it
//! stops. They are not in the list of the peers, because a version of them is taken only when `prove.py`
//! finds it safe.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use super::service::{self, START_TIMEOUT, Service};
use super::{PartError, once, port, program};
use crate::repository;

const PACKAGES: &str = "tests/parts/s3/requirements.txt";
const SERVER: &str = "tests/parts/s3/server.py";
const PROXY: &str = "tests/parts/s3/flaky.py";
const PROOF: &str = "tests/parts/s3/prove.py";
const STOP_TIMEOUT: Duration = Duration::from_secs(10);

/// Installs the packages into `KAYOI_SERVERS_VENV` or the user's cache, unless they are there. Returns the
/// environment's Python.
///
/// # Errors
/// When Python is missing or pip fails.
pub fn install() -> Result<PathBuf, PartError> {
    let path = repository::root().join(PACKAGES);
    let text = std::fs::read_to_string(&path).map_err(PartError::on("read", &path))?;
    let wanted: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    let venv = once::cached("KAYOI_SERVERS_VENV", "venv-servers")?;
    let (stamp, python) = (venv.join("packages.txt"), venv.join("bin/python"));
    let above = venv.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(above).map_err(PartError::on("make", above))?;
    // Two processes must not fill one folder at the same time; the second finds it done.
    let path = venv.with_extension("lock");
    let lock = File::create(&path).map_err(PartError::on("write", &path))?;
    lock.lock().map_err(PartError::on("lock", &path))?;
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed.lines().eq(wanted.iter().copied())) {
        return Ok(python);
    }
    eprintln!("installing {}", wanted.join(" "));
    let mut make = Command::new("python3");
    program::run("make an environment of Python", make.args(["-m", "venv", "--clear"]).arg(&venv))?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(&wanted);
    program::run("install the packages", &mut pip)?;
    // Written last: without it the next run starts over.
    std::fs::write(&stamp, wanted.join("\n")).map_err(PartError::on("write", &stamp))?;
    Ok(python)
}

/// Starts it with an empty bucket, open to everybody, and waits until it listens. Returns its URL.
///
/// # Errors
/// When the port is taken, it runs already in the folder, or it does not listen.
pub fn start(folder: &Path, port: u16, bucket: &str) -> Result<String, PartError> {
    launch(&service::made(folder)?, port, bucket, None)
}

/// A user of a guarded store.
#[derive(Debug, Clone)]
pub struct Login {
    /// What the store knows it by.
    pub key: String,
    /// What it signs with.
    pub secret: String,
}

/// Starts it so that it checks keys, signatures and rights. Returns its URL, and its one user, who has no right.
///
/// # Errors
/// As [`start`]; when it does not tell its user.
pub fn start_guarded(folder: &Path, port: u16, bucket: &str) -> Result<(String, Login), PartError> {
    let dir = service::made(folder)?;
    let path = dir.join("login");
    let url = launch(&dir, port, bucket, Some(&path))?;
    let text = std::fs::read_to_string(&path).map_err(PartError::on("read", &path))?;
    let (key, secret) = text.trim_end().split_once('\n').unwrap_or_default();
    Ok((url, Login { key: key.to_owned(), secret: secret.to_owned() }))
}

fn launch(dir: &Path, port: u16, bucket: &str, keys: Option<&Path>) -> Result<String, PartError> {
    let python = install()?;
    let service = service_of(dir);
    if let Some(process) = service.process() {
        return Err(PartError::Runs { what: "a server", part: "s3", folder: dir.to_path_buf(), process });
    }
    port::expect_free(port)?;
    let mut server = Command::new(python);
    server.arg(repository::root().join(SERVER)).arg("--folder").arg(dir);
    server.args(["--port", &port.to_string(), "--bucket", bucket]);
    if let Some(keys) = keys {
        server.arg("--keys").arg(keys);
    }
    let process = service.launch(&mut server)?;
    service.await_answer(process, Instant::now() + START_TIMEOUT, || port::connect(port).is_ok())?;
    Ok(format!("http://127.0.0.1:{port}"))
}

/// Stops it; its objects are gone.
///
/// # Errors
/// When there is no such folder, or it cannot be ended.
pub fn stop(folder: &Path) -> Result<(), PartError> {
    service_of(&service::existing(folder)?).stop(STOP_TIMEOUT)
}

/// A program that ends with 1 when a store is not safe for commits.
pub fn prove(url: &str, bucket: &str) -> Command {
    let mut python = Command::new("python3");
    python.arg(repository::root().join(PROOF)).args(["--url", url, "--bucket", bucket]);
    python
}

/// The proxy that fails on purpose; its own options follow.
pub fn flaky() -> Command {
    let mut python = Command::new("python3");
    python.arg(repository::root().join(PROXY));
    python
}

fn service_of(dir: &Path) -> Service {
    Service::new(dir, "the server", format!("server.py --folder {} ", dir.display()))
}
