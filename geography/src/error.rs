//! What can go wrong with boundaries, in words an operator can act on.
//!
//! In: a cause. Out: one message that names the file, what was expected, and a `hint:` line.

use std::path::{Path, PathBuf};

/// The cause underneath, from whichever library read the bytes.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Errors of this crate.
#[derive(Debug, thiserror::Error)]
pub enum GeographyError {
    /// The file system said no.
    #[error("cannot read `{}`\nhint: check that the file exists and that this user may read it", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the file system said.
        source: std::io::Error,
    },
    /// The file system said no.
    #[error("cannot write `{}`\nhint: check that its folder exists, is writable and has space", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the file system said.
        source: std::io::Error,
    },
    /// The file can be read and is something else than N03.
    #[error(
        "`{}` holds no administrative areas: {found}; expected polygons with the attribute `N03_007` (five \
         digits) as a .zip with a Shapefile or GeoJSON, or as .shp, .parquet, .geojson, .geojson.gz, .ndjson \
         or .ndjson.gz\n\
         hint: download 行政区域データ (N03) from 国土数値情報, https://nlftp.mlit.go.jp/ksj/, and give the .zip as \
         it is; for other areas name the column of their codes (`--code-column`)",
        path.display()
    )]
    NotN03 {
        /// The file.
        path: PathBuf,
        /// What it holds instead.
        found: String,
    },
    /// The file can be read, but the column that was named for the code gives nothing.
    #[error(
        "`{}` holds no areas with a code in `{column}`: {found}; expected polygons with five digits there, \
         the first two 01 to 47\n\
         hint: name the column that holds such codes (`--code-column`)",
        path.display()
    )]
    NoCodes {
        /// The file.
        path: PathBuf,
        /// The column that was named.
        column: String,
        /// What it holds instead.
        found: String,
    },
    /// A .parquet without geometries that can be read.
    #[error(
        "`{}` is not GeoParquet that can be read: {found}; expected the file metadata `geo` and a primary \
         column with encoding `WKB`\n\
         hint: write it anew with GDAL (`ogr2ogr areas.parquet ...`) or GeoPandas (`to_parquet`), which take \
         WKB by default",
        path.display()
    )]
    NotGeoParquet {
        /// The file.
        path: PathBuf,
        /// What it holds instead.
        found: String,
    },
    /// Coordinates that are not longitude and latitude.
    #[error(
        "`{}` has its coordinates in {crs}; expected longitude and latitude in degrees: `OGC:CRS84`, \
         `EPSG:4326`, `EPSG:6668` or `EPSG:4612`\n\
         hint: reproject it, as with `ogr2ogr -t_srs OGC:CRS84 reprojected.parquet {}`; if they are degrees \
         already, write that down, as with `set_crs(4326)` of GeoPandas",
        path.display(),
        path.display()
    )]
    OtherCrs {
        /// The file.
        path: PathBuf,
        /// The coordinate reference system that it names.
        crs: String,
    },
    /// A part of the file breaks the rules of its own format.
    #[error(
        "cannot read {part} of `{}` as {format}; expected administrative areas\n\
         hint: get the file again, as it is offered; N03 is at 国土数値情報, https://nlftp.mlit.go.jp/ksj/",
        path.display()
    )]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Which part of it: a layer, a line.
        part: String,
        /// The format it was read as.
        format: &'static str,
        /// What the reader of that format said.
        source: Cause,
    },
    /// The file does not start as a boundary file does.
    #[error(
        "`{}` is not a boundary file of Kayoi\nhint: import the N03 download first; the import writes the boundary file",
        path.display()
    )]
    NotBoundaryFile {
        /// The file.
        path: PathBuf,
    },
    /// Another Kayoi wrote the file.
    #[error(
        "boundary file `{}` has format version `{version}`, this program reads `{supported}`\n\
         hint: import the N03 download again, or use the program that wrote the file",
        path.display()
    )]
    OtherVersion {
        /// The file.
        path: PathBuf,
        /// Its version.
        version: u16,
        /// The version that this program reads.
        supported: u16,
    },
    /// Boundaries that cannot be indexed.
    #[error(
        "the boundaries `{edition}` cannot be indexed: {source}\n\
         hint: check that they are administrative areas of one country, or simplify them"
    )]
    Index {
        /// The edition.
        edition: String,
        /// Why not.
        source: crate::index::BuildFault,
    },
    /// The bytes are not those that were written.
    #[error("boundary file `{}` is damaged: {what}\nhint: import the N03 download again", path.display())]
    DamagedBoundaryFile {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        what: String,
    },
    /// The borders that ship could not be read.
    #[error("the embedded simplified borders cannot be read\nhint: this build is broken, take another")]
    EmbeddedBorders,
}

impl GeographyError {
    pub(crate) fn read(path: &Path, source: std::io::Error) -> Self {
        Self::Read { path: path.to_owned(), source }
    }

    pub(crate) fn write(path: &Path, source: std::io::Error) -> Self {
        Self::Write { path: path.to_owned(), source }
    }

    /// Nothing to import; `column` is the one that was named for the code.
    pub(crate) fn no_areas(path: &Path, column: Option<&str>, found: impl Into<String>) -> Self {
        let (path, found) = (path.to_owned(), found.into());
        match column {
            None => Self::NotN03 { path, found },
            Some(column) => Self::NoCodes { path, column: column.to_owned(), found },
        }
    }

    pub(crate) fn not_geoparquet(path: &Path, found: impl Into<String>) -> Self {
        Self::NotGeoParquet { path: path.to_owned(), found: found.into() }
    }

    pub(crate) fn malformed(
        path: &Path,
        part: impl Into<String>,
        format: &'static str,
        source: impl Into<Cause>,
    ) -> Self {
        Self::Malformed { path: path.to_owned(), part: part.into(), format, source: source.into() }
    }

    pub(crate) fn damaged(path: &Path, what: impl Into<String>) -> Self {
        Self::DamagedBoundaryFile { path: path.to_owned(), what: what.into() }
    }
}
