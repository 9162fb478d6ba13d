//! A .zip as 国土数値情報 offers it.
//!
//! In: an archive with the same areas as GeoJSON, Shapefile and GML. Out: the features of its GeoJSON layers,
//! or of its Shapefiles where there is no GeoJSON. The national archive also holds layers of whole
//! prefectures (`N03-20250101_prefecture`), which are not municipalities and are passed over.

use std::fs::File;
use std::io::{BufReader, Read as _};

use zip::ZipArchive;

use super::attributes::CodeColumn;
use super::collect::Collector;
use super::source::{CountedReader, SourceFile};
use super::{geojson, shapefile};
use crate::GeographyError;

type Archive = ZipArchive<BufReader<File>>;

struct Entry {
    index: usize,
    name: String,
    bytes: u64,
}

impl Entry {
    /// The name in lower case, without folder.
    fn lower_name(&self) -> String {
        self.name.rsplit(['/', '\\']).next().unwrap_or_default().to_lowercase()
    }

    fn is_layer(&self, extension: &str) -> bool {
        let name = self.lower_name();
        name.ends_with(extension) && !name.starts_with("._")
    }
}

pub(super) fn read(source: &SourceFile, collector: &mut Collector<'_>) -> Result<(), GeographyError> {
    let file = File::open(&source.path).map_err(|error| GeographyError::read(&source.path, error))?;
    let malformed =
        |error: zip::result::ZipError| GeographyError::malformed(&source.path, "the archive", "zip", error);
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(malformed)?;
    let entries = entries(&mut archive).map_err(malformed)?;
    for extension in [".geojson", ".json", ".shp"] {
        let layers: Vec<&Entry> = entries.iter().filter(|entry| entry.is_layer(extension)).collect();
        let is_n03 = collector.column == CodeColumn::N03;
        let (ignored, wanted): (Vec<&Entry>, Vec<&Entry>) =
            layers.into_iter().partition(|entry| is_n03 && entry.lower_name().contains("prefecture"));
        if wanted.is_empty() {
            continue;
        }
        ignored.iter().for_each(|entry| collector.ignore_layer(&entry.name));
        for entry in wanted {
            collector.names.push(entry.name.clone());
            if extension == ".shp" {
                read_shapefile(source, &mut archive, &entries, entry, collector)?;
            } else {
                let layer = archive.by_index(entry.index).map_err(malformed)?;
                geojson::read(source, CountedReader::of(layer), entry.bytes, &entry.name, collector)?;
            }
        }
        return Ok(());
    }
    Err(GeographyError::no_areas(
        &source.path,
        None,
        "the archive holds neither a .geojson nor a .shp of municipalities",
    ))
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
        dbf: sibling(".dbf")?,
        cpg: sibling(".cpg")?,
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
