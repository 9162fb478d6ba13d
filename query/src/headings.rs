//! Headings of columns, for files that people open.
//!
//! In: the name of a column. Out: what stands above its values, in Japanese and English. The words are those of the page's
//! own tables, from the same file. A column that nobody has named there keeps its name.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use datafusion::arrow::datatypes::Schema;
use serde::Deserialize;

const WORDS: &str = include_str!("../web/src/words/headings.json");

/// What stands above the columns of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heads {
    /// Their names, which programs know them by.
    Names,
    /// Words in Japanese.
    Japanese,
}

/// Words of one column, in Japanese and English.
type Words = [String; 2];

#[derive(Debug, Default, Deserialize)]
struct Known {
    /// Columns that have a state and ends of an interval.
    figures: BTreeMap<String, Words>,
    others: BTreeMap<String, Words>,
    /// Ends of intervals that are not called as their figure.
    ends: BTreeMap<String, String>,
}

impl Heads {
    /// What stands above each column. Two columns are never called alike: a second one has its name beside it.
    pub(crate) fn of(self, schema: &Schema) -> Vec<String> {
        let mut taken = BTreeSet::new();
        let head = |field: &str| match self {
            Self::Names => field.to_owned(),
            Self::Japanese => {
                let [word, _] = heading(field);
                if taken.insert(word.clone()) { word } else { format!("{word}({field})") }
            }
        };
        schema.fields().iter().map(|field| field.name().as_str()).map(head).collect()
    }
}

/// The words of a column, or its name twice.
pub(crate) fn heading(name: &str) -> Words {
    let known = known();
    if let Some(words) = known.others.get(name).or_else(|| known.figures.get(name)) {
        return words.clone();
    }
    end_of_interval(known, name)
        .or_else(|| state_of(known, name))
        .unwrap_or_else(|| [name.to_owned(), name.to_owned()])
}

fn end_of_interval(known: &Known, name: &str) -> Option<Words> {
    let (bare, unit) = name.strip_suffix("_percent").map_or((name, ""), |bare| (bare, "_percent"));
    let (stem, ja, en) = match (bare.strip_suffix("_low"), bare.strip_suffix("_high")) {
        (Some(stem), _) => (stem, "下限", "low end"),
        (None, Some(stem)) => (stem, "上限", "high end"),
        (None, None) => return None,
    };
    let named = known.ends.get(stem).map_or(stem, String::as_str);
    let figure = known.figures.get(&format!("{stem}{unit}")).or_else(|| known.figures.get(named));
    Some(match figure {
        Some([figure_ja, figure_en]) => [format!("{figure_ja}・{ja}"), format!("{figure_en}, {en}")],
        None => [ja.to_owned(), en.to_owned()],
    })
}

fn state_of(known: &Known, name: &str) -> Option<Words> {
    let [ja, en] = known.figures.get(name.strip_suffix("_status")?)?;
    Some([format!("{ja}の状態"), format!("{en}, status")])
}

/// The words, read once. A file that cannot be read is our own fault, which a test rules out; names are then the heads.
fn known() -> &'static Known {
    static KNOWN: OnceLock<Known> = OnceLock::new();
    KNOWN.get_or_init(|| {
        serde_json::from_str(WORDS).unwrap_or_else(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "the headings of columns");
            Known::default()
        })
    })
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::datatypes::{DataType, Field};

    use super::*;

    #[test]
    fn a_column_has_words_of_its_own_or_those_of_its_figure() {
        assert_eq!(heading("persons"), ["人数", "People"]);
        assert_eq!(heading("status"), ["状態", "Status"]);
        assert_eq!(heading("persons_low"), ["人数・下限", "People, low end"]);
        assert_eq!(heading("share_high_percent"), ["割合(%)・上限", "Share (%), high end"]);
        assert_eq!(heading("per_100_high"), ["住民100人当たり・上限", "For each 100 residents, high end"]);
        assert_eq!(heading("connected_status"), ["関係人口の状態", "Connected people, status"]);
        assert_eq!(heading("my_own"), ["my_own", "my_own"]);
    }

    #[test]
    fn no_two_heads_are_alike_and_names_stay_where_programs_read() {
        let names = ["month", "month_text", "persons", "persons_status"];
        let schema = Schema::new(names.map(|name| Field::new(name, DataType::Utf8, true)).to_vec());
        assert_eq!(Heads::Japanese.of(&schema), ["月", "月(month_text)", "人数", "人数の状態"]);
        assert_eq!(Heads::Names.of(&schema), names);
    }
}
