//! A folder of files, as those of the prefectures are downloaded one by one.
//!
//! In: a folder. Out: the files in it and below that may hold borders, in the order of their names, each once: a
//! download that was unpacked has the same areas as GeoJSON and as Shapefile, side by side. Hidden files and the
//! parts of a Shapefile are no files of their own; the names of all others are told.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use super::source::Format;
use super::wanted::{Wanted, stem};

/// Folders in folders that are looked into.
const DEPTH: usize = 4;
/// The parts of a Shapefile beside its .shp.
const PARTS: [&str; 10] = ["shx", "dbf", "prj", "cpg", "sbn", "sbx", "qix", "qpj", "fbn", "fbx"];

/// What a folder holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Contents {
    /// The files to read.
    pub(super) files: Vec<PathBuf>,
    /// The names of all files that may be asked for.
    pub(super) offered: Vec<String>,
    /// The names of the others.
    pub(super) others: Vec<String>,
}

/// Looks through a folder.
///
/// # Errors
/// What the file system says.
pub(super) fn contents(folder: &Path, wanted: &Wanted<'_>) -> io::Result<Contents> {
    let mut found = Vec::new();
    gather(folder, DEPTH, &mut found)?;
    found.sort();
    let mut contents = Contents::default();
    let mut read = BTreeSet::new();
    // Of files beside each other that differ in extension alone, the first of these kinds is read.
    for is_turn in [|format| format == Format::GeoJson, |format| format != Format::GeoJson] {
        for path in &found {
            let Some(format) = Format::of(path).map(|(format, _)| format) else { continue };
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let place = (path.parent().map(Path::to_owned), stem(&name).to_owned());
            if !is_turn(format) || !read.insert(place) {
                continue;
            }
            if format != Format::Zip {
                contents.offered.push(name.clone().into_owned());
            }
            // An archive offers layers of its own.
            if format == Format::Zip || wanted.takes(&name) {
                contents.files.push(path.clone());
            }
        }
    }
    contents.files.sort();
    let is_other = |path: &&PathBuf| Format::of(path).is_none() && !is_part(path, &found);
    let name = |path: &PathBuf| path.strip_prefix(folder).unwrap_or(path).display().to_string();
    contents.others = found.iter().filter(is_other).map(name).collect();
    Ok(contents)
}

fn gather(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with('.') || name == "__MACOSX" {
            continue;
        }
        if !path.is_dir() {
            found.push(path);
        } else if depth > 0 {
            gather(&path, depth - 1, found)?;
        }
    }
    Ok(())
}

/// Whether a file is a part of a Shapefile that is there.
fn is_part(path: &Path, found: &[PathBuf]) -> bool {
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    let is_shp = |other: &PathBuf| {
        other.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("shp"))
            && other.with_extension("") == path.with_extension("")
    };
    PARTS.contains(&extension.as_str()) && found.iter().any(is_shp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_is_read_once_and_others_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(path("N03-14_GML/deeper")).unwrap();
        std::fs::create_dir(path("__MACOSX")).unwrap();
        for name in [
            "N03-14_GML/N03-14.shp",
            "N03-14_GML/N03-14.dbf",
            "N03-14_GML/N03-14.geojson",
            "N03-14_GML/deeper/N03-15.SHP",
            "N03-14_GML/deeper/N03-15.shx",
            "N03-14_GML/deeper/lonely.dbf",
            "N03-13.zip",
            "__MACOSX/N03-13.zip",
            ".DS_Store",
            "readme.txt",
        ] {
            std::fs::write(path(name), "").unwrap();
        }
        let found = contents(folder.path(), &Wanted(None)).unwrap();
        let files = ["N03-13.zip", "N03-14_GML/N03-14.geojson", "N03-14_GML/deeper/N03-15.SHP"];
        assert_eq!(found.files, files.map(path));
        assert_eq!(found.others, ["N03-14_GML/deeper/lonely.dbf", "readme.txt"]);
        let found = contents(folder.path(), &Wanted(Some("n03-15"))).unwrap();
        assert_eq!(found.files, ["N03-13.zip", "N03-14_GML/deeper/N03-15.SHP"].map(path));
    }
}
