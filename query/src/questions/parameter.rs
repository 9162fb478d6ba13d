//! What stands in the places of a question.
//!
//! In: a value as a door gives it. Out: a literal of SQL, or why it cannot be one. Each type is a closed set of values, so
//! that no value can become a piece of a statement.

use kayoi_schemas::figure::CountedKind;
use kayoi_schemas::ids::{MunicipalityCode, PrefectureCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{QuestionError, Words};

/// Towns that a town is compared with at once: more cannot be told apart on a chart.
const MOST_TOWNS: usize = 10;

/// What a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParameterType {
    /// The code of a municipality, five digits or six with the check digit.
    Municipality,
    /// One to ten of them, with commas between.
    Municipalities,
    /// The code of a prefecture, one digit or two.
    Prefecture,
    /// A kind of people that prefectures and the country are counted by too.
    Kind,
    /// A grid of cells of a release.
    Grid,
}

/// A value of a closed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowed {
    /// The value.
    pub value: &'static str,
    /// What it is called in Japanese.
    pub ja: &'static str,
    /// What it is called in English.
    pub en: &'static str,
}

const fn allowed(value: &'static str, ja: &'static str, en: &'static str) -> Allowed {
    Allowed { value, ja, en }
}

/// As [`CountedKind::OF_AREAS`], which a test holds it to, the one that most ask for first.
const KINDS: [Allowed; CountedKind::OF_AREAS.len()] = [
    allowed("connected", "関係人口", "connected people"),
    allowed("visitor", "来訪者", "visitors"),
    allowed("repeat", "繰り返し来る人", "repeat visitors"),
    allowed("dual_resident", "二地域居住者", "dual residents"),
    allowed("workation", "ワーケーションの人", "people on a workation"),
];

/// Grids of `cells_monthly`; areas of H3 cells are the average of <https://h3geo.org/docs/core-library/restable>.
const GRIDS: [Allowed; 4] = [
    allowed("h3_8", "六角形(H3の解像度8、約0.7km²)", "hexagons of 0.7 km² (H3, resolution 8)"),
    allowed("h3_7", "六角形(H3の解像度7、約5km²)", "hexagons of 5 km² (H3, resolution 7)"),
    allowed("h3_6", "六角形(H3の解像度6、約36km²)", "hexagons of 36 km² (H3, resolution 6)"),
    allowed("mesh_1km", "1kmメッシュ(JIS X 0410)", "1 km meshes (JIS X 0410)"),
];

impl ParameterType {
    /// The word in files and lists.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Municipality => "municipality",
            Self::Municipalities => "municipalities",
            Self::Prefecture => "prefecture",
            Self::Kind => "kind",
            Self::Grid => "grid",
        }
    }

    /// All values, where they are a list of words and not codes.
    pub fn allowed(self) -> &'static [Allowed] {
        match self {
            Self::Kind => &KINDS,
            Self::Grid => &GRIDS,
            Self::Municipality | Self::Municipalities | Self::Prefecture => &[],
        }
    }

    /// The codes or words that a value is made of.
    pub(crate) fn parts(self, value: &str) -> impl Iterator<Item = &str> {
        // Only the list is split: a comma in anything else must be refused with it.
        let separator = if self == Self::Municipalities { ',' } else { '\0' };
        value.split(separator).map(str::trim)
    }
}

/// A place in a question that the asker fills.
#[derive(Debug, Clone)]
pub struct QuestionParameter {
    /// Its name; `{name}` stands in the titles and the SQL.
    pub name: String,
    /// What it takes.
    pub takes: ParameterType,
    /// What it means.
    pub meaning: Words,
    /// A value that has an answer in the demo.
    pub example: String,
    /// What a title says for the example.
    pub example_words: Words,
    /// Whether the example stands where no value is given.
    pub example_is_default: bool,
}

impl QuestionParameter {
    /// A value as a literal of SQL: a text, with commas between codes where it takes several.
    ///
    /// # Errors
    /// [`QuestionError::Value`] and [`QuestionError::NotAllowed`] when it does not have the type.
    pub(super) fn literal(&self, value: &str) -> Result<String, QuestionError> {
        let wrong =
            |source| QuestionError::Value { parameter: self.name.clone(), value: value.to_owned(), source };
        let town = |text| MunicipalityCode::parse(text).map(|code| code.to_string()).map_err(wrong);
        let text = match self.takes {
            ParameterType::Municipality => town(value)?,
            ParameterType::Municipalities => {
                let towns: Vec<String> = self.takes.parts(value).map(town).collect::<Result<_, _>>()?;
                if towns.len() > MOST_TOWNS {
                    return Err(QuestionError::TooMany { name: self.name.clone(), most: MOST_TOWNS });
                }
                towns.join(",")
            }
            ParameterType::Prefecture => {
                PrefectureCode::parse(value).map(|code| code.to_string()).map_err(wrong)?
            }
            ParameterType::Kind | ParameterType::Grid => {
                let is_it = |one: &&Allowed| one.value == value;
                let found = self.takes.allowed().iter().find(is_it);
                found.map(|one| one.value.to_owned()).ok_or_else(|| self.takes.not_allowed(value))?
            }
        };
        Ok(format!("'{text}'"))
    }

    /// What a list of questions says of it, in both languages.
    pub(crate) fn as_json(&self) -> Value {
        let mut said = json!({
            "name": self.name,
            "type": self.takes.as_str(),
            "meaning": { "ja": self.meaning.ja, "en": self.meaning.en },
            "example": self.example,
            "example_is_default": self.example_is_default,
        });
        let allowed = self.takes.allowed();
        if !allowed.is_empty() {
            let one = |one: &Allowed| json!({ "value": one.value, "ja": one.ja, "en": one.en });
            said["allowed"] = allowed.iter().map(one).collect();
        }
        said
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameter(takes: ParameterType) -> QuestionParameter {
        let words = Words { ja: String::new(), en: String::new() };
        QuestionParameter {
            name: "it".to_owned(),
            takes,
            meaning: words.clone(),
            example: String::new(),
            example_words: words,
            example_is_default: false,
        }
    }

    #[test]
    fn kinds_are_those_that_areas_are_counted_by() {
        let mut counted: Vec<String> = CountedKind::OF_AREAS.iter().map(ToString::to_string).collect();
        counted.sort();
        let mut known: Vec<&str> = KINDS.iter().map(|kind| kind.value).collect();
        known.sort_unstable();
        assert_eq!(known, counted);
    }

    #[test]
    fn a_value_of_each_type_is_a_literal_and_nothing_else_is() {
        let literal = |takes, value: &str| parameter(takes).literal(value);
        for (takes, value, expected) in [
            (ParameterType::Municipality, "203211", "'20321'"),
            (ParameterType::Municipalities, "20321, 203629", "'20321,20362'"),
            (ParameterType::Prefecture, "20", "'20'"),
            (ParameterType::Prefecture, "9", "'09'"),
            (ParameterType::Kind, "repeat", "'repeat'"),
            (ParameterType::Grid, "mesh_1km", "'mesh_1km'"),
        ] {
            assert_eq!(literal(takes, value).unwrap(), expected);
        }
        for (takes, value) in [
            (ParameterType::Municipality, "20321,20362"),
            (ParameterType::Municipalities, "20321,"),
            (ParameterType::Municipalities, "20321' OR '1' = '1"),
            (ParameterType::Prefecture, ""),
            (ParameterType::Prefecture, "0"),
            (ParameterType::Prefecture, "48"),
            (ParameterType::Prefecture, "20321"),
            (ParameterType::Prefecture, "長野県"),
            (ParameterType::Prefecture, "20' OR '1' = '1"),
            (ParameterType::Kind, "connected' OR '1' = '1"),
            (ParameterType::Kind, "Connected"),
            (ParameterType::Grid, ""),
        ] {
            literal(takes, value).unwrap_err();
        }
        let eleven = ["20321"; 11].join(",");
        let error = literal(ParameterType::Municipalities, &eleven).unwrap_err();
        assert_eq!(error.to_string(), "{it} takes at most 10 municipalities");
    }

    #[test]
    fn a_word_that_is_not_allowed_is_answered_with_those_that_are() {
        let error = parameter(ParameterType::Kind).literal("people").unwrap_err().to_string();
        assert_eq!(
            error,
            "`people` is no kind\nhint: it is one of connected, visitor, repeat, dual_resident, workation"
        );
    }
}
