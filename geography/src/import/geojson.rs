//! GeoJSON, one feature at a time.
//!
//! In: a stream with one FeatureCollection, or with one Feature per line. Out: features for the collector. The
//! national N03 is more than 500 MB of GeoJSON, so features are handed on while the document is still being
//! read, and lines are parsed in parallel.
//!
//! Coordinates of up to 15 significant digits, as N03 is published, become the nearest double exactly. Longer
//! ones may differ in the last bit (0.00001 mm).

use std::io::{self, BufRead as _};
use std::sync::atomic::Ordering;

use rayon::prelude::*;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::attributes::Attributes;
use super::collect::{Cleaned, Collector, Feature, RawPolygon, clean};
use super::source::{CountedReader, SourceFile};
use crate::GeographyError;
use crate::boundaries::ring::Point;
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
    let mut take = |feature: Feature| {
        collector.add(clean(feature));
        if collector.features().is_multiple_of(FEATURES_PER_TELL) {
            collector.tell(bytes_read.load(Ordering::Relaxed), bytes_total);
        }
    };
    let mut deserializer = serde_json::Deserializer::from_reader(reader);
    loop {
        Document { take: &mut take }
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
        for (line, cleaned) in parse_lines(&batch, &ends).into_iter().enumerate() {
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
fn parse_lines(batch: &[u8], ends: &[usize]) -> Vec<serde_json::Result<Option<Cleaned>>> {
    let starts = std::iter::once(&0).chain(ends);
    let lines: Vec<&[u8]> = starts.zip(ends).map(|(&start, &end)| batch[start..end].trim_ascii()).collect();
    lines
        .into_par_iter()
        .map(|line| match line {
            // RFC 8142 lets a record separator stand before each text.
            [] | [0x1e] => Ok(None),
            [0x1e, line @ ..] | line => {
                serde_json::from_slice::<JsonFeature>(line).map(|feature| Some(clean(feature.into())))
            }
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

#[derive(Deserialize)]
struct JsonFeature {
    #[serde(default)]
    properties: Option<Attributes>,
    #[serde(default)]
    geometry: Option<Geometry>,
}

impl From<JsonFeature> for Feature {
    fn from(feature: JsonFeature) -> Self {
        let polygons = feature
            .geometry
            .filter(|geometry| matches!(geometry.kind.as_str(), "Polygon" | "MultiPolygon"))
            .map(|geometry| geometry.coordinates.0);
        Self { attributes: feature.properties.unwrap_or_default(), polygons, orphan_holes: 0 }
    }
}

#[derive(Deserialize)]
struct Geometry {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    coordinates: Coordinates,
}

/// A whole document, whose features go to `take` one by one.
struct Document<'t> {
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
        let mut feature = JsonFeature { properties: None, geometry: None };
        let mut is_feature = false;
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "features" => map.next_value_seed(Features { take: &mut *self.take })?,
                "type" => is_feature = map.next_value::<String>()? == "Feature",
                "properties" => feature.properties = map.next_value()?,
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
        while let Some(feature) = features.next_element::<JsonFeature>()? {
            (self.take)(feature.into());
        }
        Ok(())
    }
}

/// The coordinates of a Polygon or MultiPolygon, read without knowing which: `type` may stand behind them.
///
/// Lists are told apart by their height over the numbers: a point has height 0, a ring 1, a polygon 2.
#[derive(Default)]
struct Coordinates(Vec<RawPolygon>);

impl<'de> Deserialize<'de> for Coordinates {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut rings = Rings::default();
        deserializer.deserialize_any(Level { rings: &mut rings })?;
        Ok(Self(rings.polygons))
    }
}

#[derive(Default)]
struct Rings {
    polygons: Vec<RawPolygon>,
    polygon: RawPolygon,
    ring: Vec<Point>,
}

/// What one item of a list was.
enum Item {
    Number(f64),
    /// A list of this height; `None` when there is no number in it.
    List(Option<u32>),
}

struct Level<'r> {
    rings: &'r mut Rings,
}

impl<'de> DeserializeSeed<'de> for Level<'_> {
    type Value = Item;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Item, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Level<'_> {
    type Value = Item;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a number or a list of coordinates")
    }

    fn visit_f64<E>(self, number: f64) -> Result<Item, E> {
        Ok(Item::Number(number))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Item, E> {
        Ok(Item::Number(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Item, E> {
        Ok(Item::Number(number as f64))
    }

    fn visit_unit<E>(self) -> Result<Item, E> {
        Ok(Item::List(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Item, A::Error> {
        let mut below = None;
        while let Some(item) = list.next_element_seed(Level { rings: &mut *self.rings })? {
            match item {
                Item::Number(x) => {
                    let y: f64 = list.next_element()?.unwrap_or(f64::NAN);
                    // An altitude may follow; it says nothing about borders.
                    while list.next_element::<IgnoredAny>()?.is_some() {}
                    self.rings.ring.push([x, y]);
                    return Ok(Item::List(Some(0)));
                }
                Item::List(height) => below = below.max(height),
            }
        }
        let height = below.map(|below| below + 1);
        let rings = self.rings;
        match height {
            Some(1) => rings.polygon.push(std::mem::take(&mut rings.ring)),
            Some(2) => rings.polygons.push(std::mem::take(&mut rings.polygon)),
            _ => {}
        }
        Ok(Item::List(height))
    }
}
