//! What a release consists of: one file that makes all of its tables visible at once.
//!
//! In: the tables that a release has written. Out: a [`Manifest`], which names every file of every table with its
//! checksum. Readers take the newest manifest and nothing else, so that they see all tables of one release; until
//! it is written nobody sees any of them. It is written once and never changed, and its signature before it.

use std::collections::BTreeMap;

use bytes::Bytes;
use kayoi_schemas::tables::Table;
use kayoi_schemas::time::Month;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::LakeError;
use crate::location::Location;

/// The folder of the manifests, below that of the releases.
pub(crate) const FOLDER: &str = "release/manifests";
/// What this Kayoi writes, and the newest that it reads.
pub const FORMAT: u32 = 1;

/// A release.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Form of this file.
    pub format: u32,
    /// Number of the release, from 1.
    pub revision: u64,
    /// When it was made, RFC 3339, UTC.
    pub made_at: String,
    /// `trial` or `real`.
    pub series: String,
    /// How often final figures have been replaced, from 1.
    pub edition: u32,
    /// Id of the definition.
    pub definition: String,
    /// Hash of its thresholds.
    pub definition_hash: String,
    /// Edition of the borders.
    pub boundaries: String,
    /// Date of the municipality codes.
    pub code_date: String,
    /// First and last month with figures, as 2026-03.
    pub months: Option<(String, String)>,
    /// Months whose figures are final, in a real series, each with the release that made them final.
    pub sealed: BTreeMap<String, Sealed>,
    /// Months of which 速報 stands, with the release that made it.
    pub provisional: BTreeMap<String, Sealed>,
    /// Noise, thresholds and budgets.
    pub parameters: Value,
    /// rho that one unit of each line of the ledger may have cost.
    pub spent: BTreeMap<String, f64>,
    /// Constants that are one for the nation, as the index of the distribution of counts.
    pub constants: Value,
    /// Rows by table, level and status.
    pub shown: BTreeMap<String, BTreeMap<String, BTreeMap<String, u64>>>,
    /// The tables, by name.
    pub tables: BTreeMap<String, ManifestTable>,
}

/// What made a month's figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// The release.
    pub revision: u64,
    /// The edition.
    pub edition: u32,
}

/// A table of a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestTable {
    /// Version of the Delta table.
    pub version: u64,
    /// Hash of its columns.
    pub columns: String,
    /// Its files, in the table's order.
    pub files: Vec<ManifestFile>,
}

/// A file of a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestFile {
    /// Path below the lake's root.
    pub path: String,
    /// Size, bytes.
    pub bytes: u64,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
    /// The month that it is of, where files are of months.
    pub month: Option<String>,
}

impl Manifest {
    /// When it was made, seconds since 1970.
    pub fn made_at_s(&self) -> Option<i64> {
        Some(chrono::DateTime::parse_from_rfc3339(&self.made_at).ok()?.timestamp())
    }

    /// Months whose figures are final.
    pub fn sealed_months(&self) -> impl Iterator<Item = Month> {
        self.sealed.keys().filter_map(|month| Month::parse(month))
    }
}

/// A hash of a table's columns: 12 hexadecimal digits. A release whose tables have other columns than this
/// Kayoi knows is not read as if it had them.
pub fn columns_hash(table: &Table) -> String {
    // FNV-1a: a checksum against misreading, not against anybody.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for column in table.columns {
        for byte in format!("{} {} {}\n", column.name, column.kind.delta_name(), column.nullable).bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    format!("{:012x}", hash >> 16)
}

/// Path of the manifest of a release.
pub(crate) fn path(revision: u64) -> String {
    format!("{FOLDER}/{revision:08}.json")
}

/// Path of its signature.
pub(crate) fn signature_path(revision: u64) -> String {
    format!("{FOLDER}/{revision:08}.sig")
}

/// The releases that are listed, by number.
///
/// # Errors
/// [`LakeError`] when the store does not answer.
pub(crate) async fn revisions(location: &Location) -> Result<Vec<u64>, LakeError> {
    let found = location.list(FOLDER).await?;
    let number = |path: &str| path.rsplit('/').next()?.strip_suffix(".json")?.parse().ok();
    let mut revisions: Vec<u64> = found.iter().filter_map(|file| number(&file.path)).collect();
    revisions.sort_unstable();
    Ok(revisions)
}

/// A manifest as it was written; `None` when that release is not listed.
///
/// # Errors
/// [`LakeError`] when the store does not answer.
pub(crate) async fn bytes(location: &Location, revision: u64) -> Result<Option<Bytes>, LakeError> {
    location.read(&path(revision)).await
}

/// Reads a manifest.
///
/// # Errors
/// [`LakeError::Manifest`] when it is none, or of a newer Kayoi.
pub fn parse(revision: u64, bytes: &[u8]) -> Result<Manifest, LakeError> {
    let damaged = |source| LakeError::Manifest { revision, source };
    // Its form first: a newer one may have other fields.
    let form: Value = serde_json::from_slice(bytes).map_err(damaged)?;
    let found = form.get("format").and_then(Value::as_u64).unwrap_or_default();
    if found > u64::from(FORMAT) {
        return Err(LakeError::NewerManifest { revision, found, known: FORMAT });
    }
    serde_json::from_value(form).map_err(damaged)
}

/// The newest release; `None` before the first.
///
/// # Errors
/// [`LakeError`] when the store does not answer, or the manifest cannot be read.
pub(crate) async fn newest(location: &Location) -> Result<Option<Manifest>, LakeError> {
    // One that is retired between the list and the read was not the newest any more.
    for revision in revisions(location).await?.into_iter().rev() {
        if let Some(bytes) = bytes(location, revision).await? {
            return parse(revision, &bytes).map(Some);
        }
    }
    Ok(None)
}
