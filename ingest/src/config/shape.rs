//! Which keys there are, and what stands behind each.
//!
//! In: the structs. Out: [`Shape`], a tree of keys. The names are asked from the structs themselves (serde hands
//! them to whoever deserializes) and the kinds from their defaults, so that there is no second list to keep.

use serde::de::{Deserialize, Deserializer, Error as _, Visitor, value::Error};
use serde::{Serialize, forward_to_deserialize_any};
use toml::{Table, Value};

use super::Config;
use super::feed::FeedConfig;
use super::kafka::KafkaConfig;
use super::sections::{
    CommitConfig, EventTimeConfig, LakeConfig, MemoryConfig, MetricsConfig, RegistryConfig,
};

/// The keys of a table, in the order of the struct.
pub(super) type Keys = Vec<(&'static str, Shape)>;

/// What stands behind a key.
#[derive(Debug, Clone)]
pub(super) enum Shape {
    /// A value.
    Value(Kind),
    /// A table of texts whose keys are not ours to know.
    Free,
    /// A table.
    Table(Keys),
    /// A list of tables.
    List(Keys),
}

/// How a value is written in TOML; an environment variable has only text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// In quotes.
    Text,
    /// A number, true or false.
    Literal,
    /// A list of texts.
    List,
}

/// All keys of a configuration.
pub(super) fn config() -> Keys {
    use Shape::{Free, List, Table};
    let kafka = keys::<KafkaConfig>(vec![("librdkafka", Free)]);
    let feed = keys::<FeedConfig>(vec![("map", Free)]);
    keys::<Config>(vec![
        ("lake", Table(keys::<LakeConfig>(vec![]))),
        ("kafka", Table(kafka)),
        ("registry", Table(keys::<RegistryConfig>(vec![]))),
        ("commit", Table(keys::<CommitConfig>(vec![]))),
        ("memory", Table(keys::<MemoryConfig>(vec![]))),
        ("event_time", Table(keys::<EventTimeConfig>(vec![]))),
        ("metrics", Table(keys::<MetricsConfig>(vec![]))),
        ("feed", List(feed)),
    ])
}

fn keys<T: Default + Serialize + for<'de> Deserialize<'de>>(tables: Keys) -> Keys {
    let defaults = Table::try_from(T::default()).unwrap_or_default();
    let shape = |name: &'static str| {
        let table = tables.iter().find(|(table, _)| *table == name);
        table.map_or_else(|| Shape::Value(kind(defaults.get(name))), |(_, shape)| shape.clone())
    };
    field_names::<T>().iter().map(|name| (*name, shape(name))).collect()
}

/// An absent default is an optional key, and all of those are texts.
fn kind(default: Option<&Value>) -> Kind {
    match default {
        None | Some(Value::String(_)) => Kind::Text,
        Some(Value::Array(_)) => Kind::List,
        Some(_) => Kind::Literal,
    }
}

/// Every key that takes a value, with its tables, as `["kafka", "brokers"]`, for a file with this many feeds.
pub(super) fn value_paths(keys: &Keys, feeds: usize) -> Vec<(Vec<String>, Kind)> {
    let mut paths = Vec::new();
    for (name, shape) in keys {
        let mut under = |prefix: &[String], inner: &Keys| {
            for (path, kind) in value_paths(inner, feeds) {
                paths.push(([prefix, &path].concat(), kind));
            }
        };
        match shape {
            Shape::Table(inner) => under(&[(*name).to_owned()], inner),
            Shape::List(inner) => (0..feeds).for_each(|n| under(&[(*name).to_owned(), n.to_string()], inner)),
            Shape::Value(kind) => paths.push((vec![(*name).to_owned()], *kind)),
            Shape::Free => {}
        }
    }
    paths
}

/// The names of a struct's fields.
fn field_names<T: for<'de> Deserialize<'de>>() -> &'static [&'static str] {
    let mut names: &'static [&'static str] = &[];
    // The only answer is an error: the names are what was wanted.
    let _ = T::deserialize(FieldNames(&mut names));
    names
}

struct FieldNames<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for FieldNames<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("only structs have field names"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Error> {
        *self.0 = fields;
        Err(Error::custom("the names are known"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}
