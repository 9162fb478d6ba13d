//! Downloads that are made once and are whole or not there.
//!
//! In: a folder and how to fill it. Out: the full folder. It is filled aside and moved in one step, so that a
//! broken download never looks complete, and two processes that download at once do not meet.

use std::fs::{File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{PartError, program};
use crate::repository;

/// Name of the file that marks a folder as complete.
const COMPLETE: &str = ".complete";

/// The folder that a variable names, else one of this name in the user's cache.
pub(crate) fn cached(variable: &str, name: &str) -> Result<PathBuf, PartError> {
    if let Some(folder) = std::env::var_os(variable).filter(|folder| !folder.is_empty()) {
        return Ok(PathBuf::from(folder));
    }
    let home = std::env::var_os("HOME").ok_or_else(|| {
        PartError::WrongUse(format!("neither {variable} nor HOME is set\nhint: {variable} names a folder"))
    })?;
    Ok(Path::new(&home).join(".cache/kayoi").join(name))
}

/// Fills a folder unless it is full. `told` is said before.
pub(crate) fn fill(
    home: &Path,
    told: &str,
    fetch: impl FnOnce(&Path) -> Result<(), PartError>,
) -> Result<(), PartError> {
    let is_complete = || home.join(COMPLETE).is_file();
    if is_complete() {
        return Ok(());
    }
    let above = home.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(above).map_err(PartError::on("make", above))?;
    let aside = tempfile::Builder::new().prefix(".part-").tempdir_in(above);
    let aside = aside.map_err(PartError::on("make a folder in", above))?;
    eprintln!("{told}");
    fetch(aside.path())?;
    File::create(aside.path().join(COMPLETE)).map_err(PartError::on("write to", aside.path()))?;
    std::fs::set_permissions(aside.path(), Permissions::from_mode(0o755))
        .map_err(PartError::on("open to readers", aside.path()))?;
    match std::fs::rename(aside.path(), home) {
        // Another process may have been faster; its copy is as good.
        Err(_) if is_complete() => Ok(()),
        moved => moved.map_err(PartError::on("move the download to", home)),
    }
}

/// Runs a goal of Maven on a `pom.xml` below `tests/parts`, with its files for `folder`.
pub(crate) fn maven(pom: &str, goal: &[&str], folder: &Path) -> Result<(), PartError> {
    let mut maven = Command::new("mvn");
    // Colours would stand as codes in the error.
    maven.args(["-q", "-B", "-Dstyle.color=never", "-f"]).arg(repository::root().join(pom)).args(goal);
    maven.arg(format!("-DoutputDirectory={}", folder.display()));
    program::run(&format!("download what `{pom}` names"), &mut maven).map(drop)
}

/// A version from a `pom.xml`, by the name of its property.
pub(crate) fn version(pom: &str, property: &str) -> Result<String, PartError> {
    let path = repository::root().join(pom);
    let text = std::fs::read_to_string(&path).map_err(PartError::on("read", &path))?;
    let value = text.split_once(&format!("<{property}>")).and_then(|(_, rest)| rest.split_once('<'));
    let found = value.map(|(version, _)| version.trim().to_owned());
    found.ok_or_else(|| PartError::WrongUse(format!("`{}` has no property `{property}`", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_download_leaves_nothing_and_the_next_one_starts_over() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("jars");
        let broken = fill(&home, "downloading", |_| Err(PartError::PortTaken(1)));
        assert!(broken.is_err() && folder.path().read_dir().unwrap().next().is_none());
        let write =
            |part: &Path| std::fs::write(part.join("a.jar"), "a").map_err(PartError::on("write", part));
        fill(&home, "downloading", write).unwrap();
        assert!(home.join("a.jar").is_file());
        fill(&home, "downloading", |_| Err(PartError::PortTaken(1))).unwrap();
    }

    #[test]
    fn versions_stand_in_the_files_that_maven_reads() {
        let kafka = version("tests/parts/kafka/pom.xml", "kafka.version").unwrap();
        assert!(kafka.starts_with(|first: char| first.is_ascii_digit()), "{kafka}");
        assert!(version("tests/parts/kafka/pom.xml", "other.version").is_err());
    }
}
