//! Shapefiles: .shp (shapes), .shx (where they lie), .dbf (attributes), .cpg (the attributes' encoding), .prj (the
//! reference system).
//!
//! In: the bytes of the parts. Out: features for the collector. Before about 2020 N03 came in Shift_JIS
//! without a .cpg; Shift_JIS text is hardly ever valid UTF-8, so UTF-8 is tried first and strictly.
//!
//! Shapes and rows belong together by their order alone, so that order is established first ([`super::shapes`],
//! [`super::dbf`]), and a layer that has not as many of the one as of the other is refused.
//!
//! A shape is a bag of rings. Clockwise ones are exteriors, the others holes of the exterior that covers
//! them.

use std::io::{Cursor, ErrorKind};
use std::path::Path;

use encoding_rs::{Encoding, SHIFT_JIS};
use shapefile::dbase::encoding::{DynEncoding, EncodingRs, Unicode};
use shapefile::dbase::{FieldValue, ReaderBuilder, Record};
use shapefile::record::traits::HasXY;
use shapefile::{PolygonRing, Shape, ShapeReader};

use super::attributes::{Attribute, Attributes, CodeColumn};
use super::collect::{Collector, Feature, RawPolygon, clean};
use super::dbf::Rows;
use super::report::Skip;
use super::source::SourceFile;
use super::{crs, shapes};
use crate::GeographyError;
use crate::boundaries::Ring;
use crate::boundaries::ring::{self, Point, Position};
use crate::error::Cause;

const SHAPES_PER_TELL: u64 = 500;

/// The bytes of one layer.
pub(super) struct Parts {
    pub(super) name: String,
    pub(super) shp: Vec<u8>,
    pub(super) shx: Option<Vec<u8>>,
    pub(super) dbf: Option<Vec<u8>>,
    pub(super) cpg: Option<Vec<u8>>,
    pub(super) prj: Option<Vec<u8>>,
}

/// Reads a bare .shp with its siblings beside it.
pub(super) fn read_beside(source: &SourceFile, collector: &mut Collector<'_>) -> Result<(), GeographyError> {
    let sibling = |extension: &str| {
        let upper = extension.to_uppercase();
        [extension, upper.as_str()].into_iter().find_map(|extension| {
            let path = source.path.with_extension(extension);
            match std::fs::read(&path) {
                Err(error) if error.kind() == ErrorKind::NotFound => None,
                read => Some(read.map_err(|error| GeographyError::read(&path, error))),
            }
        })
    };
    let shp = std::fs::read(&source.path).map_err(|error| GeographyError::read(&source.path, error))?;
    let name = source.identity.file_name.clone();
    let parts = Parts {
        name,
        shp,
        shx: sibling("shx").transpose()?,
        dbf: sibling("dbf").transpose()?,
        cpg: sibling("cpg").transpose()?,
        prj: sibling("prj").transpose()?,
    };
    read(source, parts, collector)
}

/// Reads one layer.
pub(super) fn read(
    source: &SourceFile,
    parts: Parts,
    collector: &mut Collector<'_>,
) -> Result<(), GeographyError> {
    let path: &Path = &source.path;
    let Some(dbf) = parts.dbf else {
        return Err(GeographyError::no_areas(
            path,
            None,
            format!("`{}` has no .dbf with attributes beside it", parts.name),
        ));
    };
    if let Some(crs) = parts.prj.as_deref().and_then(crs::other_than_degrees_in_prj) {
        return Err(GeographyError::OtherCrs { path: path.to_owned(), crs });
    }
    let column = collector.column.clone();
    let malformed_table = |error: Cause| {
        GeographyError::malformed(path, format!("the .dbf of `{}`", parts.name), "dBASE", error)
    };
    let malformed =
        |error: Cause| GeographyError::malformed(path, format!("`{}`", parts.name), "Shapefile", error);
    let rows = Rows::of(dbf).map_err(malformed_table)?;
    let shapes = shapes::in_order(&parts.shp, parts.shx.as_deref()).map_err(malformed)?;
    if shapes.count != rows.are_deleted.len() {
        return Err(GeographyError::ShapesAndRows {
            path: path.to_owned(),
            layer: parts.name,
            shapes: shapes.count,
            rows: rows.are_deleted.len(),
        });
    }
    let attributes =
        attributes(&rows, parts.cpg.as_deref(), &column).map_err(|error| malformed_table(error.into()))?;
    drop(rows);
    let bytes_total = shapes.bytes.len() as u64;
    let mut reader = ShapeReader::new(Cursor::new(&shapes.bytes)).map_err(|error| malformed(error.into()))?;
    let mut attributes = attributes.into_iter();
    let mut bytes_read = 0;
    for shape in reader.iter_shapes() {
        let (polygons, orphan_holes) = polygons(shape.map_err(|error| malformed(error.into()))?).unzip();
        let points: usize = polygons.iter().flatten().flatten().map(Vec::len).sum();
        bytes_read += (points * std::mem::size_of::<Point>()) as u64;
        let feature = Feature {
            attributes: attributes.next().unwrap_or_default(),
            polygons: polygons.ok_or(Skip::NotPolygon),
            orphan_holes: orphan_holes.unwrap_or_default(),
            other_crs: None,
        };
        collector.add(clean(feature, &column));
        if collector.features().is_multiple_of(SHAPES_PER_TELL) {
            collector.tell(bytes_read, bytes_total);
        }
    }
    collector.tell(bytes_total, bytes_total);
    Ok(())
}

type DbfResult = Result<Vec<Attributes>, shapefile::dbase::Error>;

/// The attributes in the order of the shapes.
fn attributes(rows: &Rows, cpg: Option<&[u8]>, column: &CodeColumn) -> DbfResult {
    let mut attributes = match cpg.and_then(encoding_of) {
        Some(encoding) => attributes_in(&rows.bytes, EncodingRs::from(encoding).into(), column),
        None => attributes_in(&rows.bytes, Unicode.into(), column)
            .or_else(|_| attributes_in(&rows.bytes, EncodingRs::from(SHIFT_JIS).into(), column)),
    }?;
    for (attributes, is_deleted) in attributes.iter_mut().zip(&rows.are_deleted) {
        attributes.is_deleted = *is_deleted;
    }
    Ok(attributes)
}

/// Names as in `UTF-8`, `Shift_JIS`, and code pages as in `932`, `CP932`, `ANSI 932`, `65001`.
fn encoding_of(cpg: &[u8]) -> Option<&'static Encoding> {
    let text = String::from_utf8_lossy(cpg);
    let name = text.trim().trim_start_matches('\u{feff}').to_lowercase();
    match name.rsplit([' ', '-']).next().unwrap_or_default().trim_start_matches("cp") {
        "932" => Some(SHIFT_JIS),
        "65001" | "utf8" => Some(encoding_rs::UTF_8),
        _ => Encoding::for_label(name.as_bytes()),
    }
}

fn attributes_in(dbf: &[u8], encoding: DynEncoding, column: &CodeColumn) -> DbfResult {
    let mut reader = ReaderBuilder::new().with_encoding(encoding).build(Cursor::new(dbf))?;
    reader.iter_records().map(|record| record.map(|record| attributes_of(&record, column))).collect()
}

fn attributes_of(record: &Record, column: &CodeColumn) -> Attributes {
    let mut attributes = Attributes::default();
    for name in column.attributes() {
        if let Some(slot) = attributes.slot(name, column) {
            *slot = attribute(record.get(name));
        }
    }
    attributes.with_names(|| {
        let mut names: Vec<String> = record.as_ref().keys().cloned().collect();
        names.sort_unstable();
        names
    })
}

fn attribute(value: Option<&FieldValue>) -> Attribute {
    match value {
        None => Attribute::Absent,
        Some(FieldValue::Character(Some(text)) | FieldValue::Memo(text)) => Attribute::from_text(text),
        Some(FieldValue::Numeric(Some(number)) | FieldValue::Double(number)) => {
            Attribute::from_number(*number)
        }
        Some(FieldValue::Float(Some(number))) => Attribute::from_number(*number),
        Some(FieldValue::Integer(number)) => Attribute::from_number(*number),
        Some(_) => Attribute::Null,
    }
}

/// Polygons, and how many holes lie in none of them.
fn polygons(shape: Shape) -> Option<(Vec<RawPolygon>, u64)> {
    match shape {
        Shape::Polygon(polygon) => Some(assemble(rings(polygon.rings()))),
        Shape::PolygonM(polygon) => Some(assemble(rings(polygon.rings()))),
        Shape::PolygonZ(polygon) => Some(assemble(rings(polygon.rings()))),
        _ => None,
    }
}

struct BagRing {
    is_exterior: bool,
    points: Vec<Point>,
}

fn rings<P: HasXY>(rings: &[PolygonRing<P>]) -> Vec<BagRing> {
    let ring = |ring: &PolygonRing<P>| BagRing {
        is_exterior: matches!(ring, PolygonRing::Outer(_)),
        points: ring.points().iter().map(|point| [point.x(), point.y()]).collect(),
    };
    rings.iter().map(ring).collect()
}

/// Gives each hole to its exterior. Without any exterior every ring is one: some writers turn rings around. A
/// hole in nothing takes nothing away and is only counted.
fn assemble(rings: Vec<BagRing>) -> (Vec<RawPolygon>, u64) {
    let turned_around = !rings.iter().any(|ring| ring.is_exterior);
    let (exteriors, holes): (Vec<BagRing>, Vec<BagRing>) =
        rings.into_iter().partition(|ring| ring.is_exterior || turned_around);
    let mut polygons: Vec<RawPolygon> = exteriors.into_iter().map(|ring| vec![ring.points]).collect();
    let mut orphan_holes = 0;
    for hole in holes {
        match owner(&polygons, &hole.points) {
            Some(owner) => polygons[owner].push(hole.points),
            None => orphan_holes += 1,
        }
    }
    (polygons, orphan_holes)
}

/// The exterior with the smallest box of those that cover the hole's first point.
fn owner(polygons: &[RawPolygon], hole: &[Point]) -> Option<usize> {
    if polygons.len() == 1 {
        return Some(0);
    }
    let first = *hole.first()?;
    let covers = |polygon: &RawPolygon| {
        let (low, high) = ring::bounds(&polygon[0]);
        let in_box = low[0] <= first[0] && first[0] <= high[0] && low[1] <= first[1] && first[1] <= high[1];
        in_box
            && Ring::new(polygon[0].clone()).is_ok_and(|(ring, _)| ring.position(first) != Position::Outside)
    };
    let box_area = |polygon: &RawPolygon| {
        let (low, high) = ring::bounds(&polygon[0]);
        (high[0] - low[0]) * (high[1] - low[1])
    };
    let owners = polygons.iter().enumerate().filter(|(_, polygon)| covers(polygon));
    owners.min_by(|(_, a), (_, b)| box_area(a).total_cmp(&box_area(b))).map(|(position, _)| position)
}

#[cfg(test)]
#[path = "shapefile_tests.rs"]
mod tests;
