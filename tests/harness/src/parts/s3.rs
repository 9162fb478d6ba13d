//! Two S3 stores: moto in memory, and Versity's gateway over a folder; and a proxy in front of either that fails on purpose.
//!
//! In: which of them, a folder and a port. Out: S3 on 127.0.0.1 with one bucket. A version of either is taken only when
//! `prove.py` finds it safe; that is why moto's packages, of `tests/parts/s3/requirements.txt`, are not in the list of the
//! peers. Moto is there in a second and answers one request at a time, the gateway is what a lake meets outside: real
//! signatures, files, many requests at once.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use super::service::{self, START_TIMEOUT, Service};
use super::{PartError, gateway, once, port, program};
use crate::repository;

const PACKAGES: &str = "tests/parts/s3/requirements.txt";
const SERVER: &str = "tests/parts/s3/server.py";
const PROXY: &str = "tests/parts/s3/flaky.py";
const PROOF: &str = "tests/parts/s3/prove.py";
const STOP_TIMEOUT: Duration = Duration::from_secs(10);
/// Where the gateway has its buckets, below the folder of the server.
const OBJECTS: &str = "objects";

/// The region of both stores.
pub const REGION: &str = "us-east-1";
/// The key that both stores take.
pub const KEY: &str = "kayoi";
/// Its secret.
pub const SECRET: &str = "kayoi-secret";

/// Which store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// Moto: in memory, one request at a time, any signature.
    Moto,
    /// Versity's gateway: a folder, many requests at a time, signatures checked.
    Versitygw,
}

impl Store {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Moto, Self::Versitygw];

    /// Its name on a command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Moto => "moto",
            Self::Versitygw => "versitygw",
        }
    }

    /// Reads a name.
    ///
    /// # Errors
    /// When there is no such store.
    pub fn read(name: &str) -> Result<Self, PartError> {
        let found = Self::ALL.into_iter().find(|store| store.name() == name);
        found.ok_or_else(|| {
            PartError::WrongUse(format!("store `{name}` is not there: moto or versitygw is allowed"))
        })
    }
}

/// Installs moto into `KAYOI_SERVERS_VENV` and the gateway into `KAYOI_VERSITYGW_HOME`, or both into the user's cache,
/// unless they are there.
///
/// # Errors
/// When Python is missing, or one of them cannot be installed.
pub fn install() -> Result<(), PartError> {
    install_moto()?;
    gateway::install().map(drop)
}

/// Returns the Python that has moto.
fn install_moto() -> Result<PathBuf, PartError> {
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

/// Starts a store, open to everybody, and waits until it listens. Returns its URL. The bucket is empty, or has what the
/// gateway's had in the same folder before.
///
/// # Errors
/// When the port is taken, one runs already in the folder, it cannot be installed, or it does not listen.
pub fn start(store: Store, folder: &Path, port: u16, bucket: &str) -> Result<String, PartError> {
    launch(store, &service::made(folder)?, port, bucket, None)
}

/// A user of a guarded store.
#[derive(Debug, Clone)]
pub struct Login {
    /// What the store knows it by.
    pub key: String,
    /// What it signs with.
    pub secret: String,
}

/// Starts moto so that it checks keys, signatures and rights. Returns its URL, and its one user, who has no right.
///
/// # Errors
/// As [`start`]; when it does not tell its user.
pub fn start_guarded(folder: &Path, port: u16, bucket: &str) -> Result<(String, Login), PartError> {
    let dir = service::made(folder)?;
    let path = dir.join("login");
    let url = launch(Store::Moto, &dir, port, bucket, Some(&path))?;
    let text = std::fs::read_to_string(&path).map_err(PartError::on("read", &path))?;
    let (key, secret) = text.trim_end().split_once('\n').unwrap_or_default();
    Ok((url, Login { key: key.to_owned(), secret: secret.to_owned() }))
}

fn launch(
    store: Store,
    dir: &Path,
    port: u16,
    bucket: &str,
    keys: Option<&Path>,
) -> Result<String, PartError> {
    let mut server = match store {
        Store::Moto => Command::new(install_moto()?),
        Store::Versitygw => Command::new(gateway::install()?),
    };
    for store in Store::ALL {
        if let Some(process) = service_of(store, dir).process() {
            return Err(PartError::Runs { what: "a server", part: "s3", folder: dir.to_path_buf(), process });
        }
    }
    port::expect_free(port)?;
    match store {
        Store::Moto => {
            server.arg(repository::root().join(SERVER)).arg("--folder").arg(dir);
            server.args(["--port", &port.to_string(), "--bucket", bucket]);
            if let Some(keys) = keys {
                server.arg("--keys").arg(keys);
            }
        }
        Store::Versitygw => {
            let objects = dir.join(OBJECTS);
            let path = objects.join(bucket);
            std::fs::create_dir_all(&path).map_err(PartError::on("make", &path))?;
            server.env("ROOT_ACCESS_KEY_ID", KEY).env("ROOT_SECRET_ACCESS_KEY", SECRET);
            server.args(["--port", &format!("127.0.0.1:{port}"), "--region", REGION, "posix"]).arg(&objects);
        }
    }
    let service = service_of(store, dir);
    let process = service.launch(&mut server)?;
    service.await_answer(process, Instant::now() + START_TIMEOUT, || port::connect(port).is_ok())?;
    Ok(format!("http://127.0.0.1:{port}"))
}

/// The folder of a bucket of the gateway that runs in `folder`.
pub fn bucket_folder(folder: &Path, bucket: &str) -> PathBuf {
    folder.join(OBJECTS).join(bucket)
}

/// Stops what runs in the folder; the objects of moto are gone then.
///
/// # Errors
/// When there is no such folder, or it cannot be ended.
pub fn stop(folder: &Path) -> Result<(), PartError> {
    let dir = service::existing(folder)?;
    let runs = Store::ALL.into_iter().find(|store| service_of(*store, &dir).process().is_some());
    service_of(runs.unwrap_or(Store::Moto), &dir).stop(STOP_TIMEOUT)
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

fn service_of(store: Store, dir: &Path) -> Service {
    let mark = match store {
        Store::Moto => format!("server.py --folder {} ", dir.display()),
        Store::Versitygw => format!("posix {} ", dir.join(OBJECTS).display()),
    };
    Service::new(dir, "the server", mark)
}
