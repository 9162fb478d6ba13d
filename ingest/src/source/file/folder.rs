//! A folder → the files below it that are read, and those that are not.
//!
//! In: a path. Out: [`Found`]: every file below it is in one of its lists, but for what only helps other
//! programs (names that begin with a dot or, unless they say a format, with an underscore, such as
//! `_SUCCESS`). Folders in folders are read too; those that begin with an underscore are not, because there
//! other programs keep what is not part of their data (`_temporary`, `_delta_log`): their files are named.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::format::FileFormat;
use crate::source::error::SourceError;

/// What is below a folder.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Files to read, by name.
    pub(super) files: Vec<PathBuf>,
    /// Files that nothing is known to read, by name.
    pub(super) unread: Vec<PathBuf>,
    /// Folders and entries that the system does not give.
    pub(super) failed: Vec<SourceError>,
    /// Whether it is a folder at all.
    pub(super) is_folder: bool,
}

/// The file itself, or what is below a folder: to read are files of one format when it is given, and then
/// also those whose names say none, else files of any. `-` is standard input.
///
/// # Errors
/// [`SourceError::Read`] when the path cannot be read, [`SourceError::NothingToRead`] when it is a folder
/// with no such file.
pub(super) fn find(path: &Path, format: Option<FileFormat>) -> Result<Found, SourceError> {
    let mut found = Found::default();
    let read = |source| SourceError::Read { path: path.to_owned(), source };
    if path == Path::new("-") || !path.metadata().map_err(read)?.is_dir() {
        found.files.push(path.to_owned());
        return Ok(found);
    }
    path.read_dir().map_err(read)?;
    found.is_folder = true;
    let mut walk = Walk { format, found, entered: BTreeSet::new() };
    walk.enter(path, false);
    let mut found = walk.found;
    found.files.sort();
    found.unread.sort();
    if found.files.is_empty() && found.failed.is_empty() {
        let others = match found.unread.as_slice() {
            [] => String::new(),
            [one] => format!("; it holds `{}`", shown(path, one)),
            [first, rest @ ..] => format!("; it holds `{}` and {} more", shown(path, first), rest.len()),
        };
        return Err(SourceError::NothingToRead { path: path.to_owned(), others });
    }
    Ok(found)
}

/// A file as seen from its folder.
pub(super) fn shown(folder: &Path, file: &Path) -> String {
    file.strip_prefix(folder).unwrap_or(file).display().to_string()
}

struct Walk {
    format: Option<FileFormat>,
    found: Found,
    /// Folders that were entered, by their real names: a link may lead back.
    entered: BTreeSet<PathBuf>,
}

impl Walk {
    /// Looks through a folder. `is_aside`: nothing of it is read.
    fn enter(&mut self, folder: &Path, is_aside: bool) {
        let real = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        if !self.entered.insert(real) {
            return;
        }
        let entries = match folder.read_dir() {
            Ok(entries) => entries,
            Err(source) => {
                self.found.failed.push(SourceError::Read { path: folder.to_owned(), source });
                return;
            }
        };
        for entry in entries {
            match entry {
                Ok(entry) => self.meet(&entry.path(), is_aside),
                Err(source) => {
                    self.found.failed.push(SourceError::Read { path: folder.to_owned(), source });
                }
            }
        }
    }

    fn meet(&mut self, path: &Path, is_aside: bool) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with('.') {
            return;
        }
        let metadata = match path.metadata() {
            Ok(metadata) => metadata,
            Err(source) => {
                self.found.failed.push(SourceError::Read { path: path.to_owned(), source });
                return;
            }
        };
        if metadata.is_dir() {
            self.enter(path, is_aside || name.starts_with('_'));
        } else if metadata.is_file() && !is_aside && self.is_wanted(path) {
            self.found.files.push(path.to_owned());
        } else if !name.starts_with('_') || FileFormat::of(path).is_some() || is_aside {
            self.found.unread.push(path.to_owned());
        }
    }

    fn is_wanted(&self, path: &Path) -> bool {
        match (FileFormat::of(path), self.format) {
            (Some(found), wanted) => wanted.is_none_or(|wanted| wanted == found),
            (None, Some(_)) => {
                !path.file_name().unwrap_or_default().to_string_lossy().starts_with('_')
                    && has_no_extension(path)
            }
            (None, None) => false,
        }
    }
}

/// `part-00000` and `part-00000.gz`: names that say nothing of a format.
fn has_no_extension(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    !name.trim_end_matches(".gz").trim_end_matches(".zst").contains('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(root: &Path, files: &[PathBuf]) -> Vec<String> {
        files.iter().map(|file| shown(root, file)).collect()
    }

    #[test]
    fn every_file_below_a_folder_is_read_or_named() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        for name in ["_temporary", "day=1", ".git"] {
            std::fs::create_dir(root.join(name)).unwrap();
        }
        let files = [
            "a.csv",
            "b.csv.bz2",
            "part-0",
            "_SUCCESS",
            "._a.csv",
            "day=1/c.ndjson.gz",
            "_temporary/d.csv",
            ".git/e.csv",
        ];
        for name in files {
            std::fs::write(root.join(name), "x").unwrap();
        }
        std::os::unix::fs::symlink(root, root.join("day=1/loop")).unwrap();
        std::os::unix::fs::symlink(root.join("gone"), root.join("gone.csv")).unwrap();
        let found = find(root, None).unwrap();
        assert_eq!(names(root, &found.files), ["a.csv", "day=1/c.ndjson.gz"]);
        assert_eq!(names(root, &found.unread), ["_temporary/d.csv", "b.csv.bz2", "part-0"]);
        assert_eq!(found.failed.len(), 1, "a link that leads nowhere: {:?}", found.failed);
        let found = find(root, Some(FileFormat::Csv)).unwrap();
        assert_eq!(names(root, &found.files), ["a.csv", "part-0"]);
        assert_eq!(names(root, &found.unread), ["_temporary/d.csv", "b.csv.bz2", "day=1/c.ndjson.gz"]);
    }
}
