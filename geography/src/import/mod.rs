//! Import: from what people download to a [`BoundarySet`].
//!
//! In: a file of 国土数値情報 行政区域データ (N03), as downloaded (.zip) or unpacked or converted. Out: polygons
//! gathered by code, and an [`ImportReport`] of all that was skipped or repaired. N03 has one feature per piece
//! of land and two generations of attributes; only `N03_007` means the same in both, so only it is the key.
//!
//! Features are cleaned one by one and gathered in the file's order, so that an import is reproducible.

pub mod attributes;
pub mod report;
mod source;
mod geojson;
mod shapefile;
mod archive;
mod collect;
mod edition;

use std::path::Path;

pub use report::{ImportReport, Skip, Skipped};

use crate::GeographyError;
use crate::boundaries::BoundarySet;
use collect::Collector;
use source::{Format, SourceFile};

/// The edition's name when neither the operator nor a file name says it.
pub const UNKNOWN_EDITION: &str = "unknown edition";

/// What the operator may say.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// The edition, as in `N03 2025-01-01`; `None` takes it from names such as `N03-20250101_GML.zip`.
    pub edition: Option<String>,
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Bytes of the file (of a .zip: of the layers in it) read so far.
    pub bytes_read: u64,
    /// Bytes to read.
    pub bytes_total: u64,
    /// Features read so far.
    pub features: u64,
}

/// Imports one file: .zip, .shp (with its .dbf beside it), .geojson, .json, .ndjson, the last three also with .gz.
///
/// ```no_run
/// use kayoi_geography::import::{ImportOptions, import_file};
/// let path = std::path::Path::new("N03-20250101_GML.zip");
/// let (set, report) = import_file(path, &ImportOptions::default(), &mut |_| {})?;
/// kayoi_geography::file::write(&set, std::path::Path::new("n03-2025.kayoi"), &mut |_| {})?;
/// assert_eq!(report.edition, "N03 2025-01-01");
/// # Ok::<(), kayoi_geography::GeographyError>(())
/// ```
///
/// # Errors
/// [`GeographyError`] when the file cannot be read, breaks its own format, or holds no administrative areas.
pub fn import_file(
    path: &Path,
    options: &ImportOptions,
    progress: &mut dyn FnMut(Progress),
) -> Result<(BoundarySet, ImportReport), GeographyError> {
    let source = SourceFile::of(path)?;
    let mut collector = Collector::new(progress);
    collector.names.push(source.identity.file_name.clone());
    match source.format {
        Format::Zip => archive::read(&source, &mut collector)?,
        Format::Shapefile => shapefile::read_beside(&source, &mut collector)?,
        Format::GeoJson => {
            geojson::read(&source, source.open()?, source.length, &source.identity.file_name, &mut collector)?
        }
        Format::NdJson => geojson::read_lines(&source, &mut collector)?,
    }
    let edition =
        options.edition.clone().or_else(|| collector.names.iter().find_map(|name| edition::of_name(name)));
    collector.finish(&source, edition.unwrap_or_else(|| UNKNOWN_EDITION.to_owned()))
}

#[cfg(test)]
#[path = "import_tests.rs"]
mod tests;
