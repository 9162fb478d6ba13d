//! Which keys there are, and what stands behind each.
//!
//! In: the structs. Out: [`Shape`], a tree of keys. The names are asked from the structs themselves (serde
//! hands them to whoever deserializes) and the kinds from their defaults, so that there is no second list to
//! keep.

use serde::de::{DeserializeOwned, Deserializer, Error as _, Visitor, value::Error};
use serde::{Serialize, forward_to_deserialize_any};
use toml::{Table, Value};

/// The keys of a table, in the order of the struct.
pub type Keys = Vec<(&'static str, Shape)>;

/// What stands behind a key.
#[derive(Debug, Clone)]
pub enum Shape {
    /// A value.
    Value(Kind),
    /// A table of texts whose keys are not ours to know.
    Free,
    /// Settings of another program under its own names, which have dots: `fetch.min.bytes` needs no quotes in
    /// the file and is `FETCH_MIN_BYTES` in a variable. Their values may be secrets, so errors never repeat
    /// them.
    Foreign,
    /// A table.
    Table(Keys),
    /// A list of tables.
    List(Keys),
}

/// How a value is written in TOML; an environment variable has only text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// In quotes.
    Text,
    /// A number, true or false.
    Literal,
    /// A list of texts.
    List,
}

/// The keys of a struct. `tables` says which of its fields are tables, and of what shape; all others are
/// values.
pub fn keys<T: Default + Serialize + DeserializeOwned>(tables: Keys) -> Keys {
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

/// Every key that takes a value, with its tables, as `["kafka", "brokers"]` and `["feed", "0", "partner"]`:
/// one table of each list. For tests that look for every key in a reference file.
pub fn value_paths(keys: &Keys) -> Vec<(Vec<String>, Kind)> {
    let leaves = leaves(keys, &|_| 1).into_iter();
    leaves
        .filter_map(|(path, leaf)| if let Shape::Value(kind) = leaf { Some((path, *kind)) } else { None })
        .collect()
}

/// Every key that holds no keys of ours, with its tables. `length` says how many tables a list has, by its
/// path.
pub(crate) fn leaves<'k>(
    keys: &'k Keys,
    length: &dyn Fn(&[String]) -> usize,
) -> Vec<(Vec<String>, &'k Shape)> {
    let mut found = Vec::new();
    walk(keys, &mut Vec::new(), length, &mut found);
    found
}

fn walk<'k>(
    keys: &'k Keys,
    path: &mut Vec<String>,
    length: &dyn Fn(&[String]) -> usize,
    found: &mut Vec<(Vec<String>, &'k Shape)>,
) {
    for (name, shape) in keys {
        path.push((*name).to_owned());
        match shape {
            Shape::Table(inner) => walk(inner, path, length, found),
            Shape::List(inner) => {
                for number in 0..length(path) {
                    path.push(number.to_string());
                    walk(inner, path, length, found);
                    path.pop();
                }
            }
            Shape::Value(_) | Shape::Free | Shape::Foreign => found.push((path.clone(), shape)),
        }
        path.pop();
    }
}

/// Whether a key is a setting of another program, or the table of them.
pub(crate) fn is_foreign(keys: &Keys, path: &str) -> bool {
    let (name, rest) = path.split_once('.').unwrap_or((path, ""));
    match keys.iter().find(|(known, _)| *known == name) {
        Some((_, Shape::Foreign)) => true,
        Some((_, Shape::Table(inner))) => is_foreign(inner, rest),
        Some((_, Shape::List(inner))) => {
            rest.split_once('.').is_some_and(|(_, rest)| is_foreign(inner, rest))
        }
        _ => false,
    }
}

/// The names of a struct's fields.
fn field_names<T: DeserializeOwned>() -> &'static [&'static str] {
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
