//! The attributes of a feature, and the code they give.
//!
//! In: `N03_001` (prefecture), `N03_004` (municipality), `N03_007` (code), or `code` where others have
//! converted N03, or the one column that the operator names; `id` is also the id of a GeoJSON feature, where no
//! column has that name. Out: a [`Key`], which holds the code as it is written, for only the whole file says how
//! many digits it has ([`super::code`]); `PP000` for 所属未定地; or the reason why there is none. N03 gives 所属未定地 no
//! code; it becomes a code of its own and is never given to a neighbour. In a named column nothing is known about
//! rows without a value, so they are left out.

use kayoi_schemas::ids::MunicipalityCode;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::code::WrittenCode;
use super::report::Skip;
use crate::Register;

const PREFECTURE: &str = "N03_001";
const MUNICIPALITY: &str = "N03_004";
const N03_CODE: &str = "N03_007";
const OTHER_CODE: &str = "code";
/// The member of a GeoJSON feature that may hold the code.
pub(super) const FEATURE_ID: &str = "id";

/// Which attribute holds the code.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum CodeColumn {
    /// `N03_007`, or `code` where there is none.
    #[default]
    N03,
    /// The column of this name.
    Named(String),
}

impl CodeColumn {
    /// The column that an operator names; `N03_007` and no name at all mean N03.
    pub fn of(name: Option<&str>) -> Self {
        match name {
            None | Some(N03_CODE) => Self::N03,
            Some(name) => Self::Named(name.to_owned()),
        }
    }

    /// The name that was given, if it says anything else than N03.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::N03 => None,
            Self::Named(name) => Some(name),
        }
    }

    /// The attributes worth reading.
    pub(super) fn attributes(&self) -> Vec<&str> {
        match self {
            Self::N03 => vec![PREFECTURE, MUNICIPALITY, N03_CODE, OTHER_CODE],
            Self::Named(name) => vec![name],
        }
    }
}

/// One attribute: not in the file, in the file without a value, or with one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Attribute {
    /// The file has no such attribute.
    #[default]
    Absent,
    /// Null or blank.
    Null,
    /// A value, trimmed.
    Text(String),
}

impl Attribute {
    /// A value as it stands in a file.
    pub fn from_text(text: &str) -> Self {
        match text.trim_matches(|letter: char| letter.is_whitespace() || letter == '\0') {
            "" => Self::Null,
            text => Self::Text(text.to_owned()),
        }
    }

    /// A number, without the leading zeros that it may have lost.
    pub fn from_number(number: impl Into<f64>) -> Self {
        Self::Text(number.into().to_string())
    }

    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Absent | Self::Null => None,
        }
    }
}

/// The attributes that matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attributes {
    /// The name of the prefecture.
    pub prefecture: Attribute,
    /// Municipality's name (until about 2023: the ward's), or 所属未定地.
    pub municipality: Attribute,
    /// The key of the unit, `N03_007`.
    pub n03_code: Attribute,
    /// The key where there is no `N03_007`.
    pub other_code: Attribute,
    /// The key where the operator names its column.
    pub named_code: Attribute,
    /// Whether the row of a .dbf is marked as deleted.
    pub is_deleted: bool,
    /// The names of all attributes where the key is not among them, to tell the operator.
    pub seen: Vec<String>,
}

/// What the land of a feature goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// A code as it is written.
    Written {
        /// Its digits.
        code: WrittenCode,
        /// Whether it is `N03_007`, which has five digits by its own description.
        is_n03: bool,
        /// Whether it is that of a feature without a municipality's name.
        is_unnamed: bool,
    },
    /// 所属未定地 of a prefecture, which has no code in N03.
    Undetermined(MunicipalityCode),
}

impl Attributes {
    /// Where an attribute of this name belongs; `None` when it does not matter.
    pub(super) fn slot(&mut self, name: &str, column: &CodeColumn) -> Option<&mut Attribute> {
        match (column, name) {
            (CodeColumn::Named(named), name) => (named == name).then_some(&mut self.named_code),
            (CodeColumn::N03, PREFECTURE) => Some(&mut self.prefecture),
            (CodeColumn::N03, MUNICIPALITY) => Some(&mut self.municipality),
            (CodeColumn::N03, N03_CODE) => Some(&mut self.n03_code),
            (CodeColumn::N03, OTHER_CODE) => Some(&mut self.other_code),
            (CodeColumn::N03, _) => None,
        }
    }

    /// Remembers the names of all attributes if the key is not among them.
    pub(super) fn with_names(mut self, names: impl FnOnce() -> Vec<String>) -> Self {
        let keys = [&self.n03_code, &self.other_code, &self.named_code];
        if keys.iter().all(|key| **key == Attribute::Absent) {
            self.seen = names();
        }
        self
    }

    /// What the feature's land goes by.
    ///
    /// # Errors
    /// [`Skip`], the reason why there is nothing.
    pub fn key(&self, column: &CodeColumn) -> Result<Key, Skip> {
        if self.is_deleted {
            return Err(Skip::DeletedRow);
        }
        let written = |text: &str| {
            Ok(Key::Written { code: WrittenCode::parse(text)?, is_n03: false, is_unnamed: false })
        };
        if let CodeColumn::Named(_) = column {
            return match &self.named_code {
                Attribute::Absent => Err(Skip::NoCodeColumn),
                Attribute::Null => Err(Skip::NoCode),
                Attribute::Text(code) => written(code),
            };
        }
        match (&self.n03_code, &self.other_code) {
            (Attribute::Absent, Attribute::Absent) => Err(Skip::NoKey),
            // The layer `N03-YYYYMMDD_prefecture` of the national download carries `PP000` and no municipality's
            // name. Taken as 所属未定地 it would cover the whole prefecture.
            (Attribute::Text(code), _) => Ok(Key::Written {
                code: WrittenCode::parse(code)?,
                is_n03: true,
                is_unnamed: self.municipality == Attribute::Null,
            }),
            (Attribute::Absent, Attribute::Text(code)) => written(code),
            (Attribute::Null, _) | (Attribute::Absent, Attribute::Null) => {
                self.undetermined().map(Key::Undetermined)
            }
        }
    }

    /// Takes the id of the feature for the code, where that is asked for and no column has its name.
    pub(super) fn with_feature_id(mut self, id: Attribute, column: &CodeColumn) -> Self {
        if id == Attribute::Absent {
            return self;
        }
        if column.name() == Some(FEATURE_ID) && self.named_code == Attribute::Absent {
            self.named_code = id;
            self.seen.clear();
        } else if !self.seen.is_empty() && !self.seen.iter().any(|name| name == FEATURE_ID) {
            // Worth telling to whoever looks for the column of the code.
            self.seen.push(FEATURE_ID.to_owned());
        }
        self
    }

    fn undetermined(&self) -> Result<MunicipalityCode, Skip> {
        self.prefecture
            .text()
            .and_then(Register::prefecture_of_name)
            .and_then(|prefecture| MunicipalityCode::from_number(u32::from(prefecture.number()) * 1000))
            .ok_or(Skip::UnknownPrefecture)
    }
}

/// Reads the properties of a GeoJSON feature, which may be null.
pub(super) struct AttributesSeed<'c>(pub(super) &'c CodeColumn);

impl<'de> DeserializeSeed<'de> for AttributesSeed<'_> {
    type Value = Attributes;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Attributes, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for AttributesSeed<'_> {
    type Value = Attributes;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("an object of properties or null")
    }

    fn visit_unit<E>(self) -> Result<Attributes, E> {
        Ok(Attributes::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Attributes, A::Error> {
        let mut attributes = Attributes::default();
        let mut names = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            match attributes.slot(&name, self.0) {
                Some(slot) => *slot = map.next_value()?,
                None => drop(map.next_value::<IgnoredAny>()?),
            }
            names.push(name);
        }
        Ok(attributes.with_names(|| names))
    }
}

impl<'de> Deserialize<'de> for Attribute {
    /// Texts and numbers as they are, all else as no value.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AttributeVisitor;
        impl<'de> Visitor<'de> for AttributeVisitor {
            type Value = Attribute;
            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("any value")
            }
            fn visit_str<E>(self, text: &str) -> Result<Attribute, E> {
                Ok(Attribute::from_text(text))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Attribute, E> {
                Ok(Attribute::Text(number.to_string()))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Attribute, E> {
                Ok(Attribute::Text(number.to_string()))
            }
            fn visit_f64<E>(self, number: f64) -> Result<Attribute, E> {
                Ok(Attribute::from_number(number))
            }
            fn visit_bool<E>(self, truth: bool) -> Result<Attribute, E> {
                Ok(Attribute::Text(truth.to_string()))
            }
            fn visit_unit<E>(self) -> Result<Attribute, E> {
                Ok(Attribute::Null)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Attribute, A::Error> {
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Attribute::Null)
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Attribute, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Attribute::Null)
            }
        }
        deserializer.deserialize_any(AttributeVisitor)
    }
}

#[cfg(test)]
#[path = "attributes_tests.rs"]
mod tests;
