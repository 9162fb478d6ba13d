//! Features → a Mapbox Vector Tile, version 2.1 of its specification.
//!
//! In: rings on the grid of a tile, and what is known of each feature. Out: the message. geozero writes such tiles too; it
//! does not cut at their edges and brings a second version of prost, of which these four messages are all that is needed.

use std::collections::HashMap;

use prost::Message;
use serde_json::{Map, Value as Json};

use super::clip::{EXTENT, Ring};

/// Commands of a geometry.
const MOVE_TO: u32 = 1;
const LINE_TO: u32 = 2;
const CLOSE_PATH: u32 = 7;
/// The version that is written.
const VERSION: u32 = 2;

/// One feature.
pub(super) struct Feature {
    pub(super) id: u64,
    pub(super) properties: Map<String, Json>,
    pub(super) polygons: Vec<Vec<Ring>>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Tile {
    #[prost(message, repeated, tag = "3")]
    pub(super) layers: Vec<Layer>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Layer {
    #[prost(uint32, required, tag = "15")]
    pub(super) version: u32,
    #[prost(string, required, tag = "1")]
    pub(super) name: String,
    #[prost(message, repeated, tag = "2")]
    pub(super) features: Vec<Written>,
    #[prost(string, repeated, tag = "3")]
    pub(super) keys: Vec<String>,
    #[prost(message, repeated, tag = "4")]
    pub(super) values: Vec<Value>,
    #[prost(uint32, optional, tag = "5")]
    pub(super) extent: Option<u32>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Written {
    #[prost(uint64, optional, tag = "1")]
    pub(super) id: Option<u64>,
    #[prost(uint32, repeated, tag = "2")]
    pub(super) tags: Vec<u32>,
    #[prost(enumeration = "Kind", optional, tag = "3")]
    pub(super) kind: Option<i32>,
    #[prost(uint32, repeated, tag = "4")]
    pub(super) geometry: Vec<u32>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Value {
    #[prost(string, optional, tag = "1")]
    pub(super) text: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, prost::Enumeration)]
#[repr(i32)]
pub(super) enum Kind {
    Unknown = 0,
    Polygon = 3,
}

/// A tile of one layer; nothing at all where no feature is, which is a tile too.
pub(super) fn encoded(layer: &str, features: Vec<Feature>) -> Vec<u8> {
    if features.is_empty() {
        return Vec::new();
    }
    let (mut keys, mut values) = (Numbered::default(), Numbered::default());
    let written = features.into_iter().map(|feature| {
        let text = |value: Json| match value {
            Json::String(text) => text,
            other => other.to_string(),
        };
        let pairs =
            feature.properties.into_iter().map(|(key, value)| [keys.number(key), values.number(text(value))]);
        Written {
            id: Some(feature.id),
            tags: pairs.flatten().collect(),
            kind: Some(Kind::Polygon.into()),
            geometry: geometry(&feature.polygons),
        }
    });
    let features = written.collect();
    let values = values.words.into_iter().map(|text| Value { text: Some(text) }).collect();
    let layer = Layer {
        version: VERSION,
        name: layer.to_owned(),
        features,
        keys: keys.words,
        values,
        extent: Some(EXTENT),
    };
    Tile { layers: vec![layer] }.encode_to_vec()
}

/// Words, each once, by number.
#[derive(Default)]
struct Numbered {
    words: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Numbered {
    fn number(&mut self, word: String) -> u32 {
        let next = self.words.len() as u32;
        let words = &mut self.words;
        *self.numbers.entry(word).or_insert_with_key(|word| {
            words.push(word.clone());
            next
        })
    }
}

/// Rings as commands: each point as its way from the one before, small numbers of either sign as small ones of none.
fn geometry(polygons: &[Vec<Ring>]) -> Vec<u32> {
    let command = |command: u32, count: usize| command | (count as u32) << 3;
    let folded = |step: i32| ((step << 1) ^ (step >> 31)) as u32;
    let mut written = Vec::new();
    let mut at = [0, 0];
    for ring in polygons.iter().flatten() {
        for (place, point) in ring.iter().enumerate() {
            match place {
                0 => written.push(command(MOVE_TO, 1)),
                1 => written.push(command(LINE_TO, ring.len() - 1)),
                _ => {}
            }
            written.extend([0, 1].map(|axis| folded(point[axis] - at[axis])));
            at = *point;
        }
        written.push(command(CLOSE_PATH, 1));
    }
    written
}
