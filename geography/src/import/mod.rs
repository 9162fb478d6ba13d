//! Import: from what people download to a [`BoundarySet`].
//!
//! In: a file of 国土数値情報 行政区域データ (N03), as downloaded (.zip) or unpacked or converted, or any other polygons
//! with a column of codes. Out: polygons gathered by code, and an [`ImportReport`] of all that was skipped or
//! repaired. N03 has one feature per piece of land and two generations of attributes; only `N03_007` means
//! the same in both, so only it is the key, unless [`ImportOptions::code_column`] names another.
//!
//! Codes are [`MunicipalityCode`](kayoi_schemas::ids::MunicipalityCode)s: five digits, the first two 01 to
//! 47. Codes of another country are taken where they fit (Germany's Kreise all do, Spain's municipalities up
//! to province 47, counties of the United States up to Tennessee) and counted as left out where they do not.
//! The other crates keep to Japan's coordinates, time, holidays and prefectures, so that another country's
//! boundaries serve to place points and not yet to publish figures.
//!
//! Features are cleaned one by one and gathered in the file's order, so that an import is reproducible.

pub mod attributes;
pub mod report;
mod source;
mod coordinates;
mod geojson;
mod shapefile;
mod archive;
mod wkb;
mod geo_metadata;
mod geoparquet;
mod collect;
mod edition;

use std::path::Path;

pub use report::{ImportReport, Skip, Skipped, Treatment};

use crate::GeographyError;
use crate::boundaries::BoundarySet;
use attributes::CodeColumn;
use collect::Collector;
use source::{Format, SourceFile};

/// The edition's name when neither the operator nor a file name says it.
pub const UNKNOWN_EDITION: &str = "unknown edition";

/// What the operator may say.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// The edition, as in `N03 2025-01-01`; `None` takes it from names such as `N03-20250101_GML.zip`.
    pub edition: Option<String>,
    /// The attribute that holds the code; `None` takes `N03_007`, or `code` where there is none.
    pub code_column: Option<String>,
    /// The credit that the licence asks for; `None` takes N03's, or none where another code column is named.
    pub credit: Option<String>,
}

impl ImportOptions {
    fn column(&self) -> CodeColumn {
        CodeColumn::of(self.code_column.as_deref())
    }

    fn credit(&self) -> &str {
        match (self.credit.as_deref().map(str::trim), self.column()) {
            (Some(credit), _) => credit,
            (None, CodeColumn::N03) => crate::N03_CREDIT,
            (None, CodeColumn::Named(_)) => "",
        }
    }
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

/// Imports one file: .zip, .shp (with its .dbf beside it), .parquet, .geoparquet, .geojson, .json, .ndjson,
/// the last three also with .gz.
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
    let source = SourceFile::of(path, options.credit())?;
    let mut collector = Collector::new(options.column(), progress);
    collector.names.push(source.identity.file_name.clone());
    match source.format {
        Format::Zip => archive::read(&source, &mut collector)?,
        Format::Shapefile => shapefile::read_beside(&source, &mut collector)?,
        Format::GeoParquet => geoparquet::read(&source, &mut collector)?,
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
