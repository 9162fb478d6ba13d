//! Import: from what people download to a [`BoundarySet`].
//!
//! In: a file of 国土数値情報 行政区域データ (N03), as downloaded (.zip) or unpacked or converted, a folder of such files,
//! or any other polygons with a column of codes. Out: polygons gathered by code, and an [`ImportReport`] of all that
//! was skipped or repaired. N03 has one feature per piece of land and two generations of attributes; only `N03_007` means
//! the same in both, so only it is the key, unless [`ImportOptions::code_column`] names another.
//!
//! Codes are [`MunicipalityCode`](kayoi_schemas::ids::MunicipalityCode)s: five digits, the first two 01 to
//! 47. Codes of another country are taken where they fit (Germany's Kreise all do, Spain's municipalities up
//! to province 47, counties of the United States up to Tennessee) and counted as left out where they do not.
//! The other crates keep to Japan's coordinates, time, holidays and prefectures, so that another country's
//! boundaries serve to place points and not yet to publish figures.
//!
//! Features are cleaned one by one and gathered in the file's order, so that an import is reproducible.

pub mod report;
pub mod code;
pub mod attributes;
mod wanted;
mod source;
mod folder;
mod coordinates;
mod geojson;
mod crs;
mod dbf;
mod shapes;
mod shapefile;
mod archive;
mod wkb;
mod geo_metadata;
mod geoparquet;
mod collect;
mod edition;
mod settle;

use std::path::Path;

pub use code::Digits;
pub use report::{ImportReport, Skip, Skipped, Treatment};

use crate::GeographyError;
use crate::boundaries::{BoundarySet, Source};
use attributes::CodeColumn;
use collect::Collector;
use source::{Format, SourceFile};
use wanted::Wanted;

/// The edition's name when neither the operator nor a file name says it.
pub const UNKNOWN_EDITION: &str = "unknown edition";

/// What the operator may say.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// The edition, as in `N03 2025-01-01`; `None` takes it from names such as `N03-20250101_GML.zip`.
    pub edition: Option<String>,
    /// The attribute that holds the code; `None` takes `N03_007`, or `code` where there is none.
    pub code_column: Option<String>,
    /// How codes are written; `None` finds it out from the codes of the whole file.
    pub code_digits: Option<Digits>,
    /// The layer of a .zip, or the file of a folder, that is meant; `None` takes all that hold areas.
    pub layer: Option<String>,
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

/// Imports one file: .zip, .shp (with its parts beside it), .parquet, .geoparquet, .geojson, .json, .ndjson,
/// the last three also with .gz; or a folder of such files.
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
/// [`GeographyError`] when the file cannot be read, breaks its own format, holds no administrative areas, or holds
/// what may be meant in two ways.
pub fn import_file(
    path: &Path,
    options: &ImportOptions,
    progress: &mut dyn FnMut(Progress),
) -> Result<(BoundarySet, ImportReport), GeographyError> {
    let mut collector = Collector::new(options.column(), progress);
    let wanted = Wanted(options.layer.as_deref());
    let identity = if path.is_dir() {
        read_folder(path, options, &wanted, &mut collector)?
    } else {
        let source = SourceFile::of(path, options.credit())?;
        collector.names.push(source.identity.file_name.clone());
        read(&source, &wanted, &mut collector)?;
        source.identity
    };
    let edition =
        options.edition.clone().or_else(|| collector.names.iter().find_map(|name| edition::of_name(name)));
    let edition = edition.unwrap_or_else(|| UNKNOWN_EDITION.to_owned());
    if let Some(layer) = options.layer.clone().filter(|_| collector.has_read_nothing()) {
        return Err(GeographyError::no_such_layer(path, layer, &collector.offered));
    }
    settle::settle(path, identity, edition, options, collector.finish())
}

/// Reads one file, which is a layer or a .zip of layers.
fn read(
    source: &SourceFile,
    wanted: &Wanted<'_>,
    collector: &mut Collector<'_>,
) -> Result<(), GeographyError> {
    let name = &source.identity.file_name;
    if source.format == Format::Zip {
        return archive::read(source, wanted, collector);
    }
    if !collector.is_in_folder() {
        collector.offered.push(name.clone());
    }
    if !wanted.takes(name) {
        return Ok(());
    }
    // In a folder a .json may be anything.
    let may_be_other = collector.is_in_folder() && name.to_lowercase().ends_with(".json");
    let read = |collector: &mut Collector<'_>| match source.format {
        Format::Shapefile => shapefile::read_beside(source, collector),
        Format::GeoParquet => geoparquet::read(source, collector),
        Format::NdJson => geojson::read_lines(source, collector),
        Format::GeoJson | Format::Zip => {
            geojson::read(source, source.open()?, source.length, name, collector)
        }
    };
    collector.read_layer(name, may_be_other, read).map(drop)
}

/// Reads the files of a folder, one after the other. Its fingerprint is that of theirs.
fn read_folder(
    path: &Path,
    options: &ImportOptions,
    wanted: &Wanted<'_>,
    collector: &mut Collector<'_>,
) -> Result<Source, GeographyError> {
    let contents = folder::contents(path, wanted).map_err(|source| GeographyError::read(path, source))?;
    let sources = contents.files.iter().map(|file| SourceFile::of(file, options.credit()));
    let sources = sources.collect::<Result<Vec<_>, _>>()?;
    let file_name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    collector.names.push(file_name.clone());
    let all = sources.iter().map(|source| source.length).sum();
    let mut before = 0;
    let mut hasher = blake3::Hasher::new();
    for source in &sources {
        collector.within(before, source.length, all);
        match read(source, wanted, collector) {
            // An archive or a table of other things does not block the folder.
            Err(GeographyError::NotN03 { .. } | GeographyError::NoCodes { .. })
                if source.format == Format::Zip =>
            {
                collector.ignore_layer(&source.identity.file_name);
            }
            Err(GeographyError::NotGeoParquet { .. }) => collector.ignore_layer(&source.identity.file_name),
            read => read?,
        }
        before += source.length;
        hasher.update(source.identity.blake3.as_bytes());
    }
    contents.others.iter().for_each(|name| collector.ignore_layer(name));
    collector.offered.extend(contents.offered);
    Ok(Source {
        file_name,
        blake3: hasher.finalize().to_hex().to_string(),
        credit: options.credit().to_owned(),
    })
}

#[cfg(test)]
#[path = "import_tests.rs"]
mod tests;
