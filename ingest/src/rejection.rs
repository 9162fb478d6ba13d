//! Why a record did not become a ping.
//!
//! In: the stage that found it out. Out: a row of table `rejects`. A rejection is a value and not an error,
//! because one bad record must not stop the stream it came in.
//!
//! No value of a record leaves it: people can look up what a record held by its offset, and a copy of it in a
//! table that everybody may read would be a copy of an identifier. A [`Detail`] therefore cannot hold text at
//! all. It is made of words that stand in this program, names of the contract, positions, counts and bounds.

use std::fmt;

use kayoi_schemas::ping::{CONTRACT, RejectReason};
use kayoi_schemas::time::UtcMillis;

/// Ids of schemas are counted from 1. What is above is no id, but text that stands where one belongs.
const LARGEST_SCHEMA_ID: u32 = 1 << 24;

/// A record that was read and not accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct Rejection {
    /// The first rule that it breaks; what `rejects` are counted by.
    pub reason: RejectReason,
    /// What is wrong and what is allowed, for people.
    pub detail: Detail,
}

/// What is wrong with a record, in words that cannot come from it.
#[derive(Debug, Clone, PartialEq)]
pub struct Detail(Vec<Part>);

/// A limit that a record was held against: of the contract, of the rules, or the clock.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Bound {
    /// A limit in the unit that the words around it name.
    Number(f64),
    /// A limit of an instant, milliseconds since the epoch.
    Instant(UtcMillis),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Part {
    Words(&'static str),
    Field(&'static str),
    Count(usize),
    Bound(Bound),
    Schema(u32),
}

impl Rejection {
    /// A rejection, with its detail.
    pub(crate) fn new(reason: RejectReason, detail: impl Into<Detail>) -> Self {
        Self { reason, detail: detail.into() }
    }
}

impl From<&'static str> for Detail {
    fn from(words: &'static str) -> Self {
        Self(vec![Part::Words(words)])
    }
}

impl Detail {
    /// A detail that begins with a field.
    pub(crate) fn of_field(name: &str) -> Self {
        Self::from("field ").field(name)
    }

    /// Goes on with words of this program.
    pub(crate) fn and(self, words: &'static str) -> Self {
        self.with(Part::Words(words))
    }

    /// Goes on with the name of a field. A name that is not in the contract is not printed.
    pub(crate) fn field(self, name: &str) -> Self {
        let known = CONTRACT.iter().map(|field| field.name).find(|known| *known == name);
        self.with(known.map_or(Part::Words("outside the contract"), Part::Field))
    }

    /// Goes on with a place in the record, or a number of its parts.
    pub(crate) fn count(self, count: usize) -> Self {
        self.with(Part::Count(count))
    }

    /// Goes on with what is allowed.
    pub(crate) fn bound(self, bound: Bound) -> Self {
        self.with(Part::Bound(bound))
    }

    /// Goes on with the id of a schema, when it is one.
    pub(crate) fn schema(self, id: u32) -> Self {
        let is_id = id < LARGEST_SCHEMA_ID;
        self.with(if is_id { Part::Schema(id) } else { Part::Words("with an id that no registry gives") })
    }

    fn with(mut self, part: Part) -> Self {
        self.0.push(part);
        self
    }
}

impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| part.fmt(f))
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Words(words) => f.write_str(words),
            Self::Field(name) => write!(f, "`{name}`"),
            Self::Count(count) => write!(f, "{count}"),
            Self::Bound(Bound::Number(number)) => write!(f, "{number}"),
            Self::Bound(Bound::Instant(instant)) => write!(f, "`{}`", instant.0),
            Self::Schema(id) => write!(f, "`{id}`"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_the_contract_lacks_does_not_print() {
        assert_eq!(
            Detail::of_field("latitude").and(" is missing").to_string(),
            "field `latitude` is missing"
        );
        assert!(!Detail::of_field("6d92078a").to_string().contains("6d92"));
    }

    #[test]
    fn four_letters_in_the_place_of_a_schema_id_do_not_print() {
        assert_eq!(Detail::from("schema ").schema(17).to_string(), "schema `17`");
        let letters = u32::from_be_bytes(*b"6d92");
        let detail = Detail::from("schema ").schema(letters);
        assert!(!format!("{detail} {detail:?}").contains(&letters.to_string()));
    }
}
