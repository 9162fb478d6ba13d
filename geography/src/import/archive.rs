//! A .zip as 国土数値情報 offers it, or as somebody packed it.
//!
//! In: an archive, often with the same areas as GeoJSON, Shapefile and GML, and with descriptions beside them. Out:
//! the features of its GeoJSON layers, or of its Shapefiles where no GeoJSON holds areas. The national archive
//! also holds layers of whole prefectures (`N03-20250101_prefecture`), which are read only where there is nothing
//! else; what else holds no areas is passed over, and counted by its name.

use std::fs::File;
use std::io::{BufReader, Read as _};

use zip::ZipArchive;

use super::attributes::CodeColumn;
use super::collect::Collector;
use super::source::{CountedReader, SourceFile};
use super::wanted::{Wanted, file_name, without_extension};
use super::{geojson, shapefile};
use crate::GeographyError;

type Archive = ZipArchive<BufReader<File>>;

/// Extensions of the layers that are read, and whether they are those of prefectures: a later turn comes only when
/// the ones before it found no areas.
const TURNS: [(&[&str], bool); 4] =
    [(&[".geojson", ".json"], false), (&[".shp"], false), (&[".geojson", ".json"], true), (&[".shp"], true)];

struct Entry {
    index: usize,
    name: String,
    bytes: u64,
}

impl Entry {
    fn has_extension(&self, extensions: &[&str]) -> bool {
        let name = file_name(&self.name).to_lowercase();
        !name.starts_with("._") && extensions.iter().any(|extension| name.ends_with(extension))
    }
}

pub(super) fn read(
    source: &SourceFile,
    wanted: &Wanted<'_>,
    collector: &mut Collector<'_>,
) -> Result<(), GeographyError> {
    let file = File::open(&source.path).map_err(|error| GeographyError::read(&source.path, error))?;
    let malformed =
        |error: zip::result::ZipError| GeographyError::malformed(&source.path, "the archive", "zip", error);
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(malformed)?;
    let entries = entries(&mut archive).map_err(malformed)?;
    let layers: Vec<&Entry> =
        entries.iter().filter(|entry| entry.has_extension(&[".geojson", ".json", ".shp"])).collect();
    if layers.is_empty() {
        let found = "the archive holds neither a .geojson nor a .shp of municipalities";
        return Err(GeographyError::no_areas(&source.path, None, found));
    }
    collector.offered.extend(layers.iter().map(|entry| entry.name.clone()));
    let layers: Vec<&Entry> = layers.into_iter().filter(|entry| wanted.takes(&entry.name)).collect();
    let is_n03 = collector.column == CodeColumn::N03;
    // By its name alone, for the attributes of such layers differ from edition to edition.
    let is_of_prefectures =
        |entry: &Entry| is_n03 && file_name(&entry.name).to_lowercase().contains("prefecture");
    let (mut passed, mut has_found) = (Vec::new(), false);
    for (extensions, of_prefectures) in TURNS {
        let has_found_before = has_found;
        let is_turn =
            |entry: &&&Entry| entry.has_extension(extensions) && is_of_prefectures(entry) == of_prefectures;
        for entry in layers.iter().filter(is_turn) {
            if passed.contains(&without_extension(&entry.name)) {
                continue;
            }
            if has_found_before {
                collector.ignore_layer(&entry.name);
            } else if read_layer(source, &mut archive, &entries, entry, collector)? {
                has_found = true;
            } else {
                continue;
            }
            passed.push(without_extension(&entry.name));
        }
    }
    Ok(())
}

/// Reads one layer; whether it holds areas.
fn read_layer(
    source: &SourceFile,
    archive: &mut Archive,
    entries: &[Entry],
    entry: &Entry,
    collector: &mut Collector<'_>,
) -> Result<bool, GeographyError> {
    // A .json may be anything; a .geojson that cannot be read is damaged.
    let may_be_other = entry.has_extension(&[".json"]);
    collector.read_layer(&entry.name, may_be_other, |collector| {
        if entry.has_extension(&[".shp"]) {
            return read_shapefile(source, archive, entries, entry, collector);
        }
        let layer = archive.by_index(entry.index).map_err(|error| {
            GeographyError::malformed(&source.path, format!("`{}`", entry.name), "zip entry", error)
        })?;
        geojson::read(source, CountedReader::of(layer), entry.bytes, &entry.name, collector)
    })
}

fn entries(archive: &mut Archive) -> zip::result::ZipResult<Vec<Entry>> {
    (0..archive.len())
        .map(|index| {
            let file = archive.by_index_raw(index)?;
            // Older archives have folder names in Shift_JIS; the layers' own names are ASCII.
            let name = String::from_utf8_lossy(file.name_raw()).into_owned();
            Ok(Entry { index, name, bytes: file.size() })
        })
        .collect()
}

fn read_shapefile(
    source: &SourceFile,
    archive: &mut Archive,
    entries: &[Entry],
    layer: &Entry,
    collector: &mut Collector<'_>,
) -> Result<(), GeographyError> {
    let stem = &layer.name[..layer.name.len() - ".shp".len()];
    let mut sibling = |extension: &str| {
        let wanted = format!("{stem}{extension}");
        let entry = entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(&wanted));
        entry.map(|entry| bytes_of(source, archive, entry)).transpose()
    };
    let parts = shapefile::Parts {
        name: layer.name.clone(),
        shp: sibling(".shp")?.unwrap_or_default(),
        shx: sibling(".shx")?,
        dbf: sibling(".dbf")?,
        cpg: sibling(".cpg")?,
        prj: sibling(".prj")?,
    };
    shapefile::read(source, parts, collector)
}

fn bytes_of(source: &SourceFile, archive: &mut Archive, entry: &Entry) -> Result<Vec<u8>, GeographyError> {
    let malformed = |error: crate::error::Cause| {
        GeographyError::malformed(&source.path, format!("`{}`", entry.name), "zip entry", error)
    };
    let mut file = archive.by_index(entry.index).map_err(|error| malformed(error.into()))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(|error| malformed(error.into()))?;
    Ok(bytes)
}
