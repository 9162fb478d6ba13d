//! GeoJSON, one feature at a time.
//!
//! In: a stream with one FeatureCollection, or with one Feature per line. Out: features for the collector.
//! The national N03 is more than 500 MB of GeoJSON, so features are handed on while the document is still
//! being read, and lines are parsed in parallel.

use std::io::{self, BufRead as _};
use std::sync::atomic::Ordering;

use rayon::prelude::*;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::attributes::{Attribute, Attributes, AttributesSeed, CodeColumn, FEATURE_ID};
use super::collect::{Cleaned, Collector, Feature, clean};
use super::coordinates::Coordinates;
use super::crs;
use super::report::Skip;
use super::source::{CountedReader, SourceFile};
use crate::GeographyError;
use crate::error::Cause;

/// Lines are parsed in batches of about this size, which bounds the memory.
const BATCH_BYTES: usize = 16 << 20;
const FEATURES_PER_TELL: u64 = 500;

/// Reads FeatureCollections (or single Features) until the stream ends.
pub(super) fn read(
    source: &SourceFile,
    stream: CountedReader<'_>,
    bytes_total: u64,
    part: &str,
    collector: &mut Collector<'_>,
) -> Result<(), GeographyError> {
    let CountedReader { mut reader, bytes_read } = stream;
    let malformed =
        |error: Cause| GeographyError::malformed(&source.path, format!("`{part}`"), "GeoJSON", error);
    skip_byte_order_mark(&mut reader).map_err(|error| malformed(error.into()))?;
    let column = collector.column.clone();
    let mut take = |feature: Feature| {
        collector.add(clean(feature, &column));
        if collector.features().is_multiple_of(FEATURES_PER_TELL) {
            collector.tell(bytes_read.load(Ordering::Relaxed), bytes_total);
        }
    };
    let mut deserializer = serde_json::Deserializer::from_reader(reader);
    let mut stated = None;
    loop {
        let crs = Document { column: &column, take: &mut take }
            .deserialize(&mut deserializer)
            .map_err(|error| malformed(error.into()))?;
        stated = stated.or(crs);
        // `end` fails when something follows: the next document of a sequence.
        if deserializer.end().is_ok() {
            break;
        }
    }
    collector.tell(bytes_total, bytes_total);
    match stated {
        Some(crs) => Err(GeographyError::OtherCrs { path: source.path.clone(), crs }),
        None => Ok(()),
    }
}

/// Reads one Feature per line.
pub(super) fn read_lines(source: &SourceFile, collector: &mut Collector<'_>) -> Result<(), GeographyError> {
    let CountedReader { mut reader, bytes_read } = source.open()?;
    let malformed = |error| GeographyError::malformed(&source.path, "the bytes", "text", error);
    skip_byte_order_mark(&mut reader).map_err(malformed)?;
    let mut first_line = 1;
    loop {
        let mut batch = Vec::with_capacity(BATCH_BYTES + BATCH_BYTES / 4);
        let mut ends = Vec::new();
        while batch.len() < BATCH_BYTES {
            if reader.read_until(b'\n', &mut batch).map_err(malformed)? == 0 {
                break;
            }
            ends.push(batch.len());
        }
        if ends.is_empty() {
            break;
        }
        for (line, cleaned) in parse_lines(&batch, &ends, &collector.column).into_iter().enumerate() {
            let part = || format!("line {}", first_line + line);
            match cleaned {
                Ok(Some(cleaned)) => collector.add(cleaned),
                Ok(None) => {}
                Err(error) => return Err(GeographyError::malformed(&source.path, part(), "GeoJSON", error)),
            }
        }
        first_line += ends.len();
        collector.tell(bytes_read.load(Ordering::Relaxed), source.length);
    }
    collector.tell(source.length, source.length);
    Ok(())
}

/// `None` for blank lines.
fn parse_lines(
    batch: &[u8],
    ends: &[usize],
    column: &CodeColumn,
) -> Vec<serde_json::Result<Option<Cleaned>>> {
    let starts = std::iter::once(&0).chain(ends);
    let lines: Vec<&[u8]> = starts.zip(ends).map(|(&start, &end)| batch[start..end].trim_ascii()).collect();
    let parse = |line| {
        let mut deserializer = serde_json::Deserializer::from_slice(line);
        let feature = FeatureSeed(column).deserialize(&mut deserializer)?;
        deserializer.end()?;
        Ok(Some(clean(feature.into_feature(column), column)))
    };
    lines
        .into_par_iter()
        .map(|line| match line {
            // RFC 8142 lets a record separator stand before each text.
            [] | [0x1e] => Ok(None),
            [0x1e, line @ ..] | line => parse(line),
        })
        .collect()
}

fn skip_byte_order_mark(reader: &mut dyn io::BufRead) -> io::Result<()> {
    const MARK: &[u8] = b"\xef\xbb\xbf";
    if reader.fill_buf()?.starts_with(MARK) {
        reader.consume(MARK.len());
    }
    Ok(())
}

#[derive(Default)]
struct JsonFeature {
    id: Attribute,
    attributes: Attributes,
    geometry: Option<Geometry>,
    /// The reference system that the feature itself states.
    crs: Option<Value>,
}

impl JsonFeature {
    fn into_feature(self, column: &CodeColumn) -> Feature {
        let of_geometry = self.geometry.as_ref().and_then(|geometry| geometry.crs.as_ref());
        let other_crs = self.crs.as_ref().or(of_geometry).and_then(crs::other_than_degrees);
        let polygons = self
            .geometry
            .filter(|geometry| matches!(geometry.kind.as_str(), "Polygon" | "MultiPolygon"))
            .map(|geometry| geometry.coordinates.0);
        Feature {
            attributes: self.attributes.with_feature_id(self.id, column),
            polygons: polygons.ok_or(Skip::NotPolygon),
            orphan_holes: 0,
            other_crs,
        }
    }

    /// Reads a member that belongs to features. Returns `false` where it is another one.
    fn take<'de, A: MapAccess<'de>>(
        &mut self,
        key: &str,
        map: &mut A,
        column: &CodeColumn,
    ) -> Result<bool, A::Error> {
        match key {
            "properties" => self.attributes = map.next_value_seed(AttributesSeed(column))?,
            "geometry" => self.geometry = map.next_value()?,
            FEATURE_ID => self.id = map.next_value()?,
            "crs" => self.crs = map.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

#[derive(Deserialize)]
struct Geometry {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    coordinates: Coordinates,
    /// Some writers state it here.
    crs: Option<Value>,
}

/// A feature, of which only the code's column and the geometry are read.
struct FeatureSeed<'c>(&'c CodeColumn);

impl<'de> DeserializeSeed<'de> for FeatureSeed<'_> {
    type Value = JsonFeature;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<JsonFeature, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for FeatureSeed<'_> {
    type Value = JsonFeature;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a GeoJSON feature")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<JsonFeature, A::Error> {
        let mut feature = JsonFeature::default();
        while let Some(key) = map.next_key::<String>()? {
            if !feature.take(&key, &mut map, self.0)? {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(feature)
    }
}

/// A whole document, whose features go to `take` one by one. Gives the reference system that it states, if that is
/// not of degrees.
struct Document<'t> {
    column: &'t CodeColumn,
    take: &'t mut dyn FnMut(Feature),
}

impl<'de> DeserializeSeed<'de> for Document<'_> {
    type Value = Option<String>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<String>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Document<'_> {
    type Value = Option<String>;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a GeoJSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<String>, A::Error> {
        let mut feature = JsonFeature::default();
        let mut is_feature = false;
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "features" => map.next_value_seed(Features { column: self.column, take: &mut *self.take })?,
                "type" => is_feature = map.next_value::<String>()? == "Feature",
                key if feature.take(key, &mut map, self.column)? => {}
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        let stated = feature.crs.as_ref().and_then(crs::other_than_degrees);
        if is_feature {
            (self.take)(feature.into_feature(self.column));
        }
        Ok(stated)
    }
}

struct Features<'t> {
    column: &'t CodeColumn,
    take: &'t mut dyn FnMut(Feature),
}

impl<'de> DeserializeSeed<'de> for Features<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Features<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a list of features")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut features: A) -> Result<(), A::Error> {
        while let Some(feature) = features.next_element_seed(FeatureSeed(self.column))? {
            (self.take)(feature.into_feature(self.column));
        }
        Ok(())
    }
}
