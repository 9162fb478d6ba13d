//! The sentence that states an answer: templates of a question's file, filled from its rows.
//!
//! In: rows of an answer, as JSON has them, and the values of the parameters. Out: a sentence in Japanese or English, the
//! same over every door. Where no value stands, the words of its status stand in the sentence's place: a hidden figure is
//! not 0, and why it is hidden is not said. A template is never half filled.

use std::collections::BTreeMap;

use kayoi_schemas::figure::Status;
use serde::Deserialize;
use serde_json::Value;

use super::Question;
use super::display::Display;
use super::language::{AnswerRow, Language};

/// How an answer is best drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Chart {
    /// Bars, a row each.
    Bar,
    /// Lines along months or hours.
    Line,
    /// A map of municipalities or meshes.
    Map,
    /// Nothing but the rows.
    Table,
}

impl Chart {
    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bar => "bar",
            Self::Line => "line",
            Self::Map => "map",
            Self::Table => "table",
        }
    }
}

/// A sentence and the row that fills it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Part {
    ja: String,
    en: String,
    /// The column that must have a value; none where rows alone are the answer.
    value: Option<String>,
    /// Texts that the row's columns have; after `!`, do not have. The first such row counts.
    #[serde(default)]
    row: BTreeMap<String, String>,
    /// The last such row instead: the newest month, where months go upwards.
    #[serde(default)]
    last: bool,
    /// What is said of each of the first rows, in the place of `{each}`.
    each: Option<Each>,
    /// It is said only where the order of its first rows is not certain.
    overlap: Option<Overlap>,
}

/// Which rows may stand in another order: where one of the first has an interval that meets that of a row after it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Overlap {
    /// The columns of the interval's ends.
    low: String,
    high: String,
    /// How many of the first rows are looked at.
    first: usize,
    /// Only rows are compared that have the first one's text here: its month, where there are several.
    same: Option<String>,
}

/// A piece for each row.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Each {
    ja: String,
    en: String,
    count: usize,
}

impl Question {
    /// The sentence that states an answer, with values of the parameters as [`Question::values`] gives them. Rows after
    /// the first ones may be missing where a door has not read them; it then counts too few of them.
    pub fn fill(&self, language: Language, values: &BTreeMap<String, String>, rows: &[AnswerRow]) -> String {
        let filling = Filling {
            names: self.called(language, values),
            in_japanese: self.called(Language::Japanese, values),
            display: Display::new(language, &self.cell_words),
            language,
            rows,
        };
        if let Some(nothing) = self.nothing.as_ref().filter(|_| rows.is_empty()) {
            return filling.filled(language.say(nothing), &AnswerRow::new(), "").unwrap_or_default();
        }
        let Some(main) = filling.part(&self.main) else {
            return filling.without_value(language.say(&self.subject), &self.main);
        };
        let also = self.also.iter().filter_map(|part| filling.part(part));
        let all: Vec<String> = std::iter::once(main).chain(also).collect();
        let mut text = all.join(language.of("", " "));
        let is_provisional = |row: &AnswerRow| self.main.status(row) == Some(Status::Provisional);
        if filling.row(&self.main).is_some_and(is_provisional) {
            text += language.of("速報値です。", " The figure is provisional.");
        }
        text
    }

    /// What the values of the parameters are called, by parameter.
    fn called(&self, language: Language, values: &BTreeMap<String, String>) -> BTreeMap<&str, String> {
        let called = |parameter: &'_ super::QuestionParameter| {
            values.get(&parameter.name).map(|value| parameter.takes.called(value, language))
        };
        let all = self.parameters.iter().map(|parameter| (parameter.name.as_str(), called(parameter)));
        all.filter_map(|(name, called)| Some((name, called?))).collect()
    }

    /// All templates, for tests.
    #[cfg(test)]
    pub(super) fn templates(&self) -> Vec<&str> {
        let mut all = vec![self.subject.ja.as_str(), self.subject.en.as_str()];
        all.extend(self.nothing.iter().flat_map(|words| [words.ja.as_str(), words.en.as_str()]));
        for part in std::iter::once(&self.main).chain(&self.also) {
            all.extend([part.ja.as_str(), part.en.as_str()]);
            all.extend(part.each.iter().flat_map(|each| [each.ja.as_str(), each.en.as_str()]));
        }
        all
    }

    /// Columns that decide which row fills a sentence, and whether it can.
    #[cfg(test)]
    pub(super) fn decisive(&self) -> Vec<String> {
        let parts = std::iter::once(&self.main).chain(&self.also);
        let ends = |overlap: &'_ Overlap| {
            let Overlap { low, high, same, .. } = overlap.clone();
            [Some(low), Some(high), same].into_iter().flatten()
        };
        let of = |part: &'_ Part| {
            let named = part.row.keys().chain(&part.value).cloned();
            named.chain(part.overlap.iter().flat_map(ends)).collect::<Vec<String>>()
        };
        parts.flat_map(of).collect()
    }
}

impl Part {
    /// The status of the value that it states: that of its own column where it has one, else the row's, which may be that
    /// of another figure. `None` where neither stands.
    fn status(&self, row: &AnswerRow) -> Option<Status> {
        let own = self.value.as_ref().and_then(|column| row.get(&format!("{column}_status")));
        let word = own.or_else(|| row.get("status"))?.as_str()?;
        Status::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

/// The text of a cell; `None` where it is empty.
fn text(row: &AnswerRow, column: &str) -> Option<String> {
    match row.get(column)? {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// What templates are filled with.
struct Filling<'a> {
    /// Parameters and what their values are called.
    names: BTreeMap<&'a str, String>,
    /// The same as cells have it.
    in_japanese: BTreeMap<&'a str, String>,
    display: Display<'a>,
    language: Language,
    rows: &'a [AnswerRow],
}

impl Filling<'_> {
    /// The rows that a part is about.
    fn rows<'p>(&'p self, part: &'p Part) -> impl DoubleEndedIterator<Item = &'p AnswerRow> {
        let has = |row: &AnswerRow, (column, word): (&String, &String)| {
            let place = word.strip_prefix('{').and_then(|word| word.strip_suffix('}'));
            let word = place.and_then(|name| self.in_japanese.get(name)).unwrap_or(word);
            let found = text(row, column);
            match word.strip_prefix('!') {
                Some(other) => found.is_some_and(|found| found != other),
                None => found.as_ref() == Some(word),
            }
        };
        self.rows.iter().filter(move |row| part.row.iter().all(|condition| has(row, condition)))
    }

    /// The row that fills a part.
    fn row<'p>(&'p self, part: &'p Part) -> Option<&'p AnswerRow> {
        let mut rows = self.rows(part);
        if part.last { rows.next_back() } else { rows.next() }
    }

    /// Whether one of the first rows of a part may have no more than a row after it.
    fn overlaps(&self, part: &Part, overlap: &Overlap) -> bool {
        let same = |row: &AnswerRow| overlap.same.as_ref().and_then(|column| text(row, column));
        let end = |row: &AnswerRow, column: &str| row.get(column).and_then(Value::as_f64);
        let first = self.rows(part).next().and_then(same);
        let rows = self.rows(part).filter(|row| same(row) == first);
        let ends: Vec<(f64, f64)> =
            rows.filter_map(|row| Some((end(row, &overlap.low)?, end(row, &overlap.high)?))).collect();
        let mut looked_at = ends.iter().enumerate().take(overlap.first);
        looked_at.any(|(place, (low, _))| ends.iter().skip(place + 1).any(|(_, high)| high >= low))
    }

    /// A part, filled; `None` where it has no value.
    fn part(&self, part: &Part) -> Option<String> {
        if part.overlap.as_ref().is_some_and(|overlap| !self.overlaps(part, overlap)) {
            return None;
        }
        let has_value =
            |row: &&AnswerRow| part.value.as_ref().is_none_or(|column| text(row, column).is_some());
        let row = match part.each {
            Some(_) => self.rows(part).find(has_value),
            None => self.row(part).filter(has_value),
        }?;
        let each = match &part.each {
            Some(each) => {
                let template = self.language.of(&each.ja, &each.en);
                let rows = self.rows(part).filter(has_value).take(each.count);
                let pieces: Option<Vec<String>> = rows.map(|row| self.filled(template, row, "")).collect();
                pieces?.join(self.language.of("、", ", "))
            }
            None => String::new(),
        };
        self.filled(self.language.of(&part.ja, &part.en), row, &each)
    }

    /// A template with all its places filled; `None` where a cell is empty.
    fn filled(&self, template: &str, row: &AnswerRow, each: &str) -> Option<String> {
        let mut filled = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let (place, after) = after.split_once('}')?;
            filled += before;
            filled += &self.place(place, row, each)?;
            rest = after;
        }
        Some(filled + rest)
    }

    fn place(&self, place: &str, row: &AnswerRow, each: &str) -> Option<String> {
        // `{months|month|months}` is the first word where the column has 1, else the second.
        if let Some((column, words)) = place.split_once('|') {
            let (one, many) = words.split_once('|')?;
            let is_one = text(row, column)? == "1";
            return Some(if is_one { one.to_owned() } else { many.to_owned() });
        }
        match (place, self.names.get(place)) {
            ("each", _) => Some(each.to_owned()),
            ("rows", _) => Some(self.display.number(self.rows.len() as f64)),
            (_, Some(name)) => Some(name.clone()),
            (column, None) => self.display.cell(row, column),
        }
    }

    /// The value that stands beside a row without one of its own, and whose it is.
    fn rolled_up(&self, row: &AnswerRow) -> Option<String> {
        let whose = match row.get("rolled_up_to")?.as_str()? {
            "rest_of_prefecture" => self.language.of(
                "県内の値のない市区町村を合わせると",
                "The towns of the prefecture without a figure of their own have together",
            ),
            "outside" => self.language.of("県外を合わせると", "Other prefectures have together"),
            _ => return None,
        };
        let cell = |column: &str| self.display.cell(row, column);
        let value = cell("rolled_up_persons").or_else(|| cell("rolled_up_value"))?;
        let (low, high) = (cell("rolled_up_low")?, cell("rolled_up_high")?);
        Some(match self.language {
            Language::Japanese => {
                format!("この区分では値を出していません。{whose}、約{value}人({low}〜{high}人)です。")
            }
            Language::English => {
                format!("Not shown by itself. {whose} about {value} people ({low} to {high}).")
            }
        })
    }

    /// What stands in the place of a sentence without a value.
    fn without_value(&self, subject: &str, main: &Part) -> String {
        let subject = self.filled(subject, &AnswerRow::new(), "").unwrap_or_default();
        // Where a town shows nothing, its only row may be another than the one that the sentence is about.
        let row = self.row(main).or_else(|| self.rows.first());
        let status = row.and_then(|row| main.status(row)).filter(|status| !status.has_value());
        let Some(status) = status else {
            let nothing = self.language.of(
                "示せる値がありません。0人という意味ではありません。",
                "Nothing can be shown. It does not mean zero.",
            );
            return format!("{subject}{}{nothing}", self.language.of(":", ": "));
        };
        let word = self.language.of(status.japanese(), status.as_str());
        let rolled_up = row.filter(|_| status == Status::RolledUp).and_then(|row| self.rolled_up(row));
        let note =
            rolled_up.unwrap_or_else(|| self.language.of(status.note_ja(), status.note_en()).to_owned());
        let word = if self.language == Language::English { word.replace('_', " ") } else { word.to_owned() };
        format!("{subject}{}{word}{}{note}", self.language.of(":", ": "), self.language.of("。", ". "))
    }
}

#[cfg(test)]
#[path = "sentence_tests.rs"]
mod tests;
