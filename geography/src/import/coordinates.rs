//! The coordinates of a GeoJSON geometry.
//!
//! In: lists within lists of numbers. Out: rings. Read without knowing whether they are a Polygon's or a
//! MultiPolygon's, because `type` may stand behind them.
//!
//! Coordinates of up to 15 significant digits, as N03 is published, become the nearest double exactly. Longer
//! ones may differ in the last bit (0.00001 mm).

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, SeqAccess, Visitor};

use super::collect::RawPolygon;
use crate::boundaries::ring::Point;

/// The rings of a Polygon or MultiPolygon.
///
/// Lists are told apart by their height over the numbers: a point has height 0, a ring 1, a polygon 2.
#[derive(Default)]
pub(super) struct Coordinates(pub(super) Vec<RawPolygon>);

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
