//! What somebody gives for the parameters of a question → codes.
//!
//! In: names or codes of places as people write them, and words of lists. Out: five digits of a municipality, two of a
//! prefecture, the word, or an error that names the nearest. The register decides: a code that no municipality has would be answered with no rows, as
//! a hidden town is. A ward of a designated city is its city, since figures are of cities.

use std::collections::BTreeMap;

use kayoi_geography::{Municipality, Register};
use kayoi_schemas::ids::{MunicipalityCode, PrefectureCode};

use super::display::without_rank;
use super::{Allowed, Language, MONTH, ParameterType, Question, QuestionError, QuestionParameter};

/// Places that an error names.
const NEAREST: usize = 3;
/// The parameter that a town's own prefecture stands for, and the town.
const PREFECTURE: &str = "prefecture";
const TOWN: &str = "town";

impl Question {
    /// The values of the parameters, from what was given by name: places by their code or name. A prefecture that is not
    /// given is that of the town, if one is; an example stands in only where its file says so.
    ///
    /// # Errors
    /// [`QuestionError`]: a parameter without a value, one that the question does not have, or a place that is none.
    pub fn values(
        &self,
        given: &BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, String>, QuestionError> {
        let has = |name: &str| self.parameters.iter().any(|parameter| parameter.name == name);
        let needs_prefecture = has(PREFECTURE) && !given.contains_key(PREFECTURE);
        let is_used = |name: &str| has(name) || name == MONTH || name == TOWN && needs_prefecture;
        if let Some(unknown) = given.keys().find(|name| !is_used(name)) {
            return Err(QuestionError::NoParameter {
                name: self.name,
                parameter: unknown.clone(),
                known: self.parameters.iter().map(|parameter| format!("{{{}}}", parameter.name)).collect(),
            });
        }
        let value = |parameter: &QuestionParameter| match given.get(&parameter.name) {
            Some(text) => parameter.takes.code(text),
            None if parameter.name == PREFECTURE && given.contains_key(TOWN) => {
                let town = given.get(TOWN).map_or("", String::as_str);
                ParameterType::Municipality.code(town).map(|code| code.chars().take(2).collect())
            }
            None if parameter.example_is_default => Ok(parameter.example.clone()),
            None => Err(QuestionError::Missing {
                name: self.name,
                parameter: parameter.name.clone(),
                meaning: parameter.meaning.en.clone(),
            }),
        };
        let month = given.get(MONTH).map(|month| Ok((MONTH.to_owned(), month.trim().to_owned())));
        let values = self.parameters.iter().map(|parameter| Ok((parameter.name.clone(), value(parameter)?)));
        values.chain(month).collect()
    }

    /// The examples of all parameters.
    pub fn example_values(&self) -> BTreeMap<String, String> {
        let example = |parameter: &QuestionParameter| (parameter.name.clone(), parameter.example.clone());
        self.parameters.iter().map(example).collect()
    }
}

impl ParameterType {
    /// The code of a place or the word of a list, by itself or by its name in Japanese or English; of several places,
    /// their codes with commas between.
    ///
    /// # Errors
    /// [`QuestionError`] when nothing, or several places, are called so.
    pub fn code(self, text: &str) -> Result<String, QuestionError> {
        match self {
            Self::Municipality => municipality(text.trim()),
            Self::Municipalities => {
                let all: Vec<String> = self.parts(text).map(municipality).collect::<Result<_, _>>()?;
                Ok(all.join(","))
            }
            Self::Prefecture => prefecture(text.trim()),
            Self::Kind | Self::Grid => {
                let text = text.trim();
                let is_it = |one: &&Allowed| one.value == text || one.ja == text || one.en == text;
                let found = self.allowed().iter().find(is_it).map(|one| one.value.to_owned());
                found.ok_or_else(|| self.not_allowed(text))
            }
        }
    }

    /// Why a word is none of its list.
    pub(super) fn not_allowed(self, text: &str) -> QuestionError {
        let allowed = self.allowed().iter().map(|one| one.value).collect();
        QuestionError::NotAllowed { value: text.to_owned(), what: self.as_str(), allowed }
    }

    /// What a value is called; the code itself where it has no name.
    pub fn called(self, value: &str, language: Language) -> String {
        let called = |code: &str| self.name(code, language).unwrap_or_else(|| code.to_owned());
        let all: Vec<String> = self.parts(value).map(called).collect();
        all.join(language.of("、", ", "))
    }

    fn name(self, code: &str, language: Language) -> Option<String> {
        let (ja, en) = match self {
            Self::Municipality | Self::Municipalities => {
                let town = Register::japan().get(MunicipalityCode::parse(code).ok()?)?;
                (town.name.as_str(), without_rank(&town.romaji))
            }
            Self::Prefecture => Register::prefecture_name(PrefectureCode::parse(code).ok()?),
            Self::Kind | Self::Grid => {
                let one = self.allowed().iter().find(|one| one.value == code)?;
                (one.ja, one.en)
            }
        };
        Some(language.of(ja, en).to_owned())
    }
}

fn municipality(text: &str) -> Result<String, QuestionError> {
    let register = Register::japan();
    if let Ok(code) = MunicipalityCode::parse(text)
        && let Some(town) = register.get(register.basic(code))
    {
        return Ok(town.code.to_string());
    }
    let is_called = |town: &&Municipality| is_called(town, text);
    let mut found: Vec<&Municipality> = register.all().iter().filter(is_called).collect();
    // Who writes the whole name does not mean the city that has the same beginning.
    if found.iter().any(|town| town.name == text) {
        found.retain(|town| town.name == text);
    }
    match found.as_slice() {
        [town] => Ok(town.code.to_string()),
        [] => {
            let all = register.all();
            let names =
                all.iter().flat_map(|town| [town.name.clone(), without_rank(&town.romaji).to_owned()]);
            Err(QuestionError::UnknownPlace {
                value: text.to_owned(),
                what: "municipality",
                nearest: nearest(text, names, NEAREST),
            })
        }
        several => {
            let them = several.iter().map(|town| format!("{} {}{}", town.code, town.prefecture, town.name));
            Err(QuestionError::Ambiguous { value: text.to_owned(), them: them.collect() })
        }
    }
}

/// Whether somebody who writes this means the town: its name with or without 市, 区, 町 or 村, its prefecture before it or
/// not, or its reading.
fn is_called(town: &Municipality, text: &str) -> bool {
    let text = text.strip_prefix(town.prefecture.as_str()).unwrap_or(text);
    let short: String = town.name.chars().take(town.name.chars().count() - 1).collect();
    let romaji = [town.romaji.as_str(), without_rank(&town.romaji)];
    town.name == text || short == text || romaji.iter().any(|name| name.eq_ignore_ascii_case(text))
}

fn prefecture(text: &str) -> Result<String, QuestionError> {
    if let Ok(code) = PrefectureCode::parse(text) {
        return Ok(code.to_string());
    }
    let all = || (1..=47).filter_map(|number| PrefectureCode::new(number).ok());
    let names = |code: PrefectureCode| {
        let (japanese, english) = Register::prefecture_name(code);
        [japanese, english]
    };
    let is_called = |code: &PrefectureCode| {
        let [japanese, english] = names(*code);
        let short = japanese.strip_suffix(['県', '府', '都']).unwrap_or(japanese);
        japanese == text || short == text || english.eq_ignore_ascii_case(text)
    };
    match all().find(is_called) {
        Some(code) => Ok(code.to_string()),
        None => {
            let names = all().flat_map(|code| names(code).map(str::to_owned));
            let nearest = nearest(text, names, NEAREST);
            Err(QuestionError::UnknownPlace { value: text.to_owned(), what: "prefecture", nearest })
        }
    }
}

/// The names nearest to a word, nearest first.
pub(super) fn nearest(word: &str, names: impl Iterator<Item = String>, count: usize) -> Vec<String> {
    let word = word.to_lowercase();
    let mut all: Vec<String> = names.collect();
    all.sort_by_key(|name| strsim::levenshtein(&word, &name.to_lowercase()));
    all.dedup();
    all.truncate(count);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn town(text: &str) -> Result<String, String> {
        ParameterType::Municipality.code(text).map_err(|error| error.to_string())
    }

    #[test]
    fn a_town_is_found_by_code_and_by_name() {
        for text in
            ["20202", "202029", "松本市", "松本", "長野県松本市", "Matsumoto", "matsumoto-shi", " 松本市 "]
        {
            assert_eq!(town(text).unwrap(), "20202", "{text}");
        }
        assert_eq!(town("28102").unwrap(), "28100", "a ward is its city");
    }

    #[test]
    fn a_town_that_is_none_or_several_is_refused_with_what_is_near() {
        let error = town("軽井沢村").unwrap_err();
        assert!(
            error.starts_with("`軽井沢村` is no municipality of Japan\nhint:") && error.contains("軽井沢町"),
            "{error}"
        );
        let error = town("99999").unwrap_err();
        assert!(error.contains("is no municipality"), "{error}");
        let error = town("府中市").unwrap_err();
        assert!(error.contains("13206 東京都府中市") && error.contains("34208 広島県府中市"), "{error}");
        assert_eq!(town("広島県府中市").unwrap(), "34208");
    }

    #[test]
    fn a_prefecture_is_found_by_code_and_by_name() {
        for text in ["20", "長野県", "長野", "Nagano", "nagano"] {
            assert_eq!(ParameterType::Prefecture.code(text).unwrap(), "20", "{text}");
        }
        assert_eq!(ParameterType::Prefecture.code("京都").unwrap(), "26");
        let error = ParameterType::Prefecture.code("長野市").unwrap_err().to_string();
        assert!(error.contains("is no prefecture") && error.contains("長野県"), "{error}");
    }

    #[test]
    fn what_is_given_is_what_the_question_asks_for() {
        let given = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let rate = Question::named("stay-rate").unwrap();
        let values = rate.values(&given(&[("town", "松本市")])).unwrap();
        assert_eq!(
            (values["town"].as_str(), values["other"].as_str()),
            ("20202", "20214"),
            "its example is its default"
        );
        let error = rate.values(&given(&[])).unwrap_err().to_string();
        assert!(error.contains("`stay-rate` needs {town}") && error.contains("hint:"), "{error}");
        let peaks = Question::named("peak-months").unwrap();
        assert_eq!(peaks.values(&given(&[("town", "松本市")])).unwrap(), given(&[("prefecture", "20")]));
        let goal = Question::named("national-goal").unwrap();
        let error = goal.values(&given(&[("town", "松本市")])).unwrap_err().to_string();
        assert_eq!(error, "the question `national-goal` has no {town}\nhint: it has no parameters");
        let error = Question::named("repeat-rates").err().unwrap().to_string();
        assert!(
            error.starts_with("no question is called `repeat-rates`\nhint: the nearest are repeat-rate,"),
            "{error}"
        );
    }
}
