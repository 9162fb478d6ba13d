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

use super::attributes::{Attributes, AttributesSeed, CodeColumn};
use super::collect::{Cleaned, Collector, Feature, clean};
use super::coordinates::Coordinates;
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
    loop {
        Document { column: &column, take: &mut take }
            .deserialize(&mut deserializer)
            .map_err(|error| malformed(error.into()))?;
        // `end` fails when something follows: the next document of a sequence.
        if deserializer.end().is_ok() {
            break;
        }
    }
    collector.tell(bytes_total, bytes_total);
    Ok(())
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
        Ok(Some(clean(feature.into(), column)))
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
    attributes: Attributes,
    geometry: Option<Geometry>,
}

impl From<JsonFeature> for Feature {
    fn from(feature: JsonFeature) -> Self {
        let polygons = feature
            .geometry
            .filter(|geometry| matches!(geometry.kind.as_str(), "Polygon" | "MultiPolygon"))
            .map(|geometry| geometry.coordinates.0);
        Self { attributes: feature.attributes, polygons: polygons.ok_or(Skip::NotPolygon), orphan_holes: 0 }
    }
}

#[derive(Deserialize)]
struct Geometry {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    coordinates: Coordinates,
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
            match key.as_str() {
                "properties" => feature.attributes = map.next_value_seed(AttributesSeed(self.0))?,
                "geometry" => feature.geometry = map.next_value()?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(feature)
    }
}

/// A whole document, whose features go to `take` one by one.
struct Document<'t> {
    column: &'t CodeColumn,
    take: &'t mut dyn FnMut(Feature),
}

impl<'de> DeserializeSeed<'de> for Document<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Document<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a GeoJSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut feature = JsonFeature::default();
        let mut is_feature = false;
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "features" => map.next_value_seed(Features { column: self.column, take: &mut *self.take })?,
                "type" => is_feature = map.next_value::<String>()? == "Feature",
                "properties" => feature.attributes = map.next_value_seed(AttributesSeed(self.column))?,
                "geometry" => feature.geometry = map.next_value()?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        if is_feature {
            (self.take)(feature.into());
        }
        Ok(())
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
            (self.take)(feature.into());
        }
        Ok(())
    }
}
