//! Lakes that earlier versions left.
//!
//! In: a folder of archives in the repository, as `tests/kept`. Out: each of them unpacked, in a folder of its own.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::kayoi::text;
use crate::repository;

/// The archives of a folder, of which there is at least one.
pub fn archives(folder: &str) -> Vec<PathBuf> {
    let entries = repository::root().join(folder).read_dir().unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let archives: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|extension| extension == "zst")).collect();
    assert!(!archives.is_empty(), "{folder} has no archive");
    archives
}

pub fn unpack(archive: &Path) -> TempDir {
    let folder = TempDir::new().unwrap();
    let plain = zstd::decode_all(std::fs::File::open(archive).unwrap()).unwrap();
    let mut tar = Command::new("tar")
        .args(["-x", "-f", "-", "-C", text(folder.path())])
        .stdin(Stdio::piped())
        .spawn()
        .expect("tar runs");
    tar.stdin.take().unwrap().write_all(&plain).unwrap();
    assert!(tar.wait().unwrap().success(), "{}", archive.display());
    folder
}
