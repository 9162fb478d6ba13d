//! Versity's S3 gateway over a folder: one program, compiled once, no container.
//!
//! In: the version that `tests/parts/s3/gateway` pins, with checksums of all that it is compiled from, and a Go that comes
//! as a wheel. Out: S3 on 127.0.0.1. A bucket of it is a folder, an object a file with extended attributes: a lake in it is
//! read as a folder, too. Unlike the work-alike it checks signatures and answers many requests at once.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{PartError, once, program};
use crate::repository;

const MODULE: &str = "tests/parts/s3/gateway";
const GO: &str = "tests/parts/s3/gateway/go.txt";
const REPOSITORY: &str = "github.com/versity/versitygw";
const PACKAGE: &str = "github.com/versity/versitygw/cmd/versitygw";

/// The version that is compiled.
///
/// # Errors
/// When `go.mod` of the module cannot be read or does not name it.
pub fn version() -> Result<String, PartError> {
    let path = repository::root().join(MODULE).join("go.mod");
    let text = std::fs::read_to_string(&path).map_err(PartError::on("read", &path))?;
    let named =
        |line: &str| line.trim().strip_prefix(REPOSITORY)?.split_whitespace().next().map(str::to_owned);
    let found = text.lines().find_map(named).filter(|version| version.starts_with('v'));
    found.ok_or_else(|| PartError::WrongUse(format!("`{}` does not require {REPOSITORY}", path.display())))
}

/// Compiles it into `KAYOI_VERSITYGW_HOME` or the user's cache, unless it is there. Returns the program.
///
/// # Errors
/// When Python is missing, pip fails, or a part of it cannot be had or has another checksum.
pub fn install() -> Result<PathBuf, PartError> {
    let version = version()?;
    let home = once::cached("KAYOI_VERSITYGW_HOME", &format!("versitygw-{version}"))?;
    let above = home.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(above).map_err(PartError::on("make", above))?;
    // It takes minutes of a processor: the second of two processes waits and finds it done.
    let path = above.join(".versitygw.lock");
    let lock = File::create(&path).map_err(PartError::on("write", &path))?;
    lock.lock().map_err(PartError::on("lock", &path))?;
    once::fill(&home, &format!("compiling Versity's S3 gateway {version}"), compile)?;
    Ok(home.join("versitygw"))
}

/// Leaves nothing in the folder but the program: sources and Go itself are some hundred megabytes.
fn compile(folder: &Path) -> Result<(), PartError> {
    let work = folder.join("work");
    let venv = work.join("go");
    let mut make = Command::new("python3");
    program::run("make an environment of Python", make.args(["-m", "venv"]).arg(&venv))?;
    let mut pip = Command::new(venv.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:"]);
    program::run("install Go", pip.args(["--require-hashes", "-r"]).arg(repository::root().join(GO)))?;
    let mut go = Command::new(venv.join("bin/go"));
    go.current_dir(repository::root().join(MODULE));
    go.env("GOPATH", work.join("path")).env("GOCACHE", work.join("cache"));
    // Its own files can be removed again, no other Go is taken, and no compiler of C.
    go.env("GOFLAGS", "-modcacherw").env("GOTOOLCHAIN", "local").env("CGO_ENABLED", "0");
    go.args(["build", "-mod=readonly", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o"]);
    program::run("compile the gateway", go.arg(folder.join("versitygw")).arg(PACKAGE))?;
    std::fs::remove_dir_all(&work).map_err(PartError::on("remove", &work))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_that_of_the_composition() {
        let composition = repository::root().join("deploy/compose/s3.yaml");
        let text = std::fs::read_to_string(composition).unwrap();
        let wanted = format!("image: versity/versitygw:{}", version().unwrap());
        let images: Vec<&str> =
            text.lines().map(str::trim).filter(|line| line.starts_with("image: ")).collect();
        assert!(!images.is_empty() && images.iter().all(|image| *image == wanted), "{images:?}");
    }
}
