//! A release of rows that a test has written, in a lake of its own.
//!
//! In: a table and its rows as JSON, and what its manifest says beside. Out: the release in the lake.

use std::path::Path;

use arrow::json::ReaderBuilder;
use kayoi_lake::manifest::columns_hash;
use kayoi_lake::{Lake, Manifest, ManifestFile, ManifestTable, NewFile};
use kayoi_schemas::tables::ReleaseTable;
use serde_json::Value;

/// Publishes one table. `manifest` has the revision and whatever else is to be said of the release.
pub fn publish(folder: &Path, table: ReleaseTable, rows: &[Value], manifest: Manifest) {
    publish_all(folder, &[(table, rows.to_vec())], manifest);
}

/// The same of several tables.
pub fn publish_all(folder: &Path, tables: &[(ReleaseTable, Vec<Value>)], manifest: Manifest) {
    let lake = Lake::open(folder).unwrap();
    let written = |(table, rows): &(ReleaseTable, Vec<Value>)| {
        (table.table().name.to_owned(), write(&lake, *table, rows))
    };
    let manifest = Manifest { format: 1, tables: tables.iter().map(written).collect(), ..manifest };
    let bytes = serde_json::to_vec(&manifest).unwrap();
    lake.release_writer().publish(manifest.revision, bytes.into(), None).unwrap();
}

fn write(lake: &Lake, table: ReleaseTable, rows: &[Value]) -> ManifestTable {
    let described = table.table();
    let schema = described.arrow_schema();
    let mut decoder = ReaderBuilder::new(schema).with_batch_size(rows.len()).build_decoder().unwrap();
    decoder.serialize(rows).unwrap();
    let mut release = lake.replace_release(table).unwrap();
    release.write(&decoder.flush().unwrap().unwrap()).unwrap();
    release.end_file().unwrap();
    let file = |file: NewFile| ManifestFile {
        path: file.path,
        bytes: file.size_bytes,
        sha256: String::new(),
        month: None,
    };
    let files = release.files().into_iter().map(file).collect();
    let version = release.commit(None).unwrap();
    ManifestTable { version, columns: columns_hash(described), files }
}
