//! The attributes of a feature, and the code they give.
//!
//! In: `N03_001` (prefecture), `N03_004` (municipality), `N03_007` (code), or `code` where others have converted
//! N03. Out: a municipality code, `PP000` for 所属未定地, or the reason why there is none. N03 gives 所属未定地
//! no code; it becomes a code of its own and is never given to a neighbour.

use kayoi_schemas::ids::MunicipalityCode;
use serde::Deserialize;
use serde::de::{Deserializer, Visitor};

use super::report::Skip;
use crate::Register;

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

    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Absent | Self::Null => None,
        }
    }
}

/// The attributes that matter.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub struct Attributes {
    /// Prefecture's name.
    #[serde(rename = "N03_001", default)]
    pub prefecture: Attribute,
    /// Municipality's name (until about 2023: the ward's), or 所属未定地.
    #[serde(rename = "N03_004", default)]
    pub municipality: Attribute,
    /// The key.
    #[serde(rename = "N03_007", default)]
    pub n03_code: Attribute,
    /// The key where there is no `N03_007`.
    #[serde(rename = "code", default)]
    pub other_code: Attribute,
}

impl Attributes {
    /// The code that the feature's land belongs to.
    ///
    /// # Errors
    /// [`Skip`], the reason why there is none.
    pub fn code(&self) -> Result<MunicipalityCode, Skip> {
        match (&self.n03_code, &self.other_code) {
            (Attribute::Absent, Attribute::Absent) => Err(Skip::NoKey),
            (Attribute::Text(code), _) => self.n03(code),
            (Attribute::Absent, Attribute::Text(code)) => parse(code),
            (Attribute::Null, _) | (Attribute::Absent, Attribute::Null) => self.undetermined(),
        }
    }

    /// The layer `N03-YYYYMMDD_prefecture` of the national download carries `PP000` and no municipality's name.
    /// Taken as 所属未定地 it would cover the whole prefecture.
    fn n03(&self, code: &str) -> Result<MunicipalityCode, Skip> {
        let code = parse(code)?;
        let outline = code.is_undetermined() && self.municipality == Attribute::Null;
        if outline { Err(Skip::PrefectureOutline) } else { Ok(code) }
    }

    fn undetermined(&self) -> Result<MunicipalityCode, Skip> {
        self.prefecture
            .text()
            .and_then(Register::prefecture_of_name)
            .and_then(|prefecture| MunicipalityCode::from_number(u32::from(prefecture.number()) * 1000))
            .ok_or(Skip::UnknownPrefecture)
    }
}

fn parse(code: &str) -> Result<MunicipalityCode, Skip> {
    MunicipalityCode::parse(code).map_err(|_| Skip::InvalidCode)
}

impl<'de> Deserialize<'de> for Attribute {
    /// Texts as they are, whole numbers as five digits (converters drop leading zeros), all else as no value.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AttributeVisitor;
        impl<'de> Visitor<'de> for AttributeVisitor {
            type Value = Attribute;
            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a text, a whole number or null")
            }
            fn visit_str<E>(self, text: &str) -> Result<Attribute, E> {
                Ok(Attribute::from_text(text))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Attribute, E> {
                Ok(Attribute::Text(format!("{number:05}")))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Attribute, E> {
                Ok(Attribute::Text(number.to_string()))
            }
            fn visit_f64<E>(self, number: f64) -> Result<Attribute, E> {
                Ok(Attribute::Text(number.to_string()))
            }
            fn visit_bool<E>(self, truth: bool) -> Result<Attribute, E> {
                Ok(Attribute::Text(truth.to_string()))
            }
            fn visit_unit<E>(self) -> Result<Attribute, E> {
                Ok(Attribute::Null)
            }
        }
        deserializer.deserialize_any(AttributeVisitor)
    }
}
