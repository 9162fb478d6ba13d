//! Cells as a sentence shows them: numbers with commas, months and days in words, names of places.
//!
//! In: a row and a column. Out: text in Japanese or English; `None` where the cell is empty. What a column holds is told by its
//! name, which is the same in all questions. Names of places stand in Japanese in every answer; English has their
//! readings, without the word for town or city.

use kayoi_geography::Register;
use kayoi_schemas::time::{Day, Month};
use serde_json::Value;

use super::language::{AnswerRow, CellWords, Language};
use crate::functions::MONTHS;

/// How cells are shown.
pub(super) struct Display<'a> {
    language: Language,
    words: &'a CellWords,
}

impl<'a> Display<'a> {
    pub(super) fn new(language: Language, words: &'a CellWords) -> Self {
        Self { language, words }
    }

    /// A cell; `None` where it is empty.
    pub(super) fn cell(&self, row: &AnswerRow, column: &str) -> Option<String> {
        match row.get(column)? {
            Value::Null => None,
            Value::Number(number) => Some(grouped(&number.to_string())),
            Value::String(text) => Some(self.text(row, column, text)),
            other => Some(other.to_string()),
        }
    }

    /// A whole number.
    pub(super) fn number(&self, number: f64) -> String {
        grouped(&number.to_string())
    }

    fn text(&self, row: &AnswerRow, column: &str, text: &str) -> String {
        if let Some([ja, en]) = self.words.get(text) {
            return self.language.of(ja, en).to_owned();
        }
        match column {
            "month" | "peak_month" => self.month(text),
            "date" => self.day(text),
            "period" => self.period(text),
            _ if self.language == Language::Japanese => text.to_owned(),
            "municipality" => english(text, prefecture(row, "prefecture")),
            "other" => english(text, prefecture(row, "other_prefecture")),
            "origin" | "area" | "prefecture" | "other_prefecture" => english(text, None),
            _ => text.to_owned(),
        }
    }

    fn month(&self, text: &str) -> String {
        Month::parse(text).map_or_else(|| text.to_owned(), |month| month_name(self.language, month))
    }

    fn day(&self, text: &str) -> String {
        let Some((year, month, day)) = Day::parse(text).map(Day::ymd) else { return text.to_owned() };
        match self.language {
            Language::Japanese => format!("{year}年{month}月{day}日"),
            Language::English => {
                format!("{day} {} {year}", MONTHS.get((month as usize).wrapping_sub(1)).unwrap_or(&""))
            }
        }
    }

    /// A calendar year, a fiscal one with its months, since not everybody knows when it begins, or a month.
    fn period(&self, text: &str) -> String {
        if let Some(month) = Month::parse(text) {
            return month_name(self.language, month);
        }
        let (is_fiscal, year) = text.strip_suffix("年度").map_or((false, text), |year| (true, year));
        if year.len() != 4 || !year.bytes().all(|byte| byte.is_ascii_digit()) {
            return text.to_owned();
        }
        let next = year.parse().map_or(0, |year: u32| year + 1);
        match (self.language, is_fiscal) {
            (Language::Japanese, false) => format!("{year}年"),
            (Language::Japanese, true) => format!("{year}年度({year}年4月〜{next}年3月)"),
            (Language::English, false) => year.to_owned(),
            (Language::English, true) => format!("fiscal {year} (April {year} to March {next})"),
        }
    }
}

/// A month in words: 2026年5月, May 2026.
pub(super) fn month_name(language: Language, month: Month) -> String {
    let (year, number, _) = month.first_day().ymd();
    match language {
        Language::Japanese => format!("{year}年{number}月"),
        Language::English => {
            format!("{} {year}", MONTHS.get((number as usize).wrapping_sub(1)).unwrap_or(&""))
        }
    }
}

fn prefecture<'r>(row: &'r AnswerRow, column: &str) -> Option<&'r str> {
    row.get(column).and_then(Value::as_str)
}

/// A number with commas between thousands, with at most two decimals, and without `.0`.
fn grouped(number: &str) -> String {
    let rounded =
        |number: &str| number.parse().ok().map(|number: f64| ((number * 100.0).round() / 100.0).to_string());
    let is_long = number.split_once('.').is_some_and(|(_, fraction)| fraction.len() > 2);
    let rounded = if is_long { rounded(number) } else { None };
    let number = rounded.as_deref().unwrap_or(number);
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut text = sign.to_owned();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if !fraction.is_empty() && fraction != "0" {
        text.push('.');
        text += fraction;
    }
    text
}

/// The English name of a place; the Japanese one where none is known.
fn english(name: &str, prefecture: Option<&str>) -> String {
    if name == "全国" {
        return "Japan".to_owned();
    }
    if let Some(code) = Register::prefecture_of_name(name) {
        return Register::prefecture_name(code).1.to_owned();
    }
    let is_it = |town: &&kayoi_geography::Municipality| {
        town.name == name && prefecture.is_none_or(|prefecture| town.prefecture == prefecture)
    };
    let town = Register::japan().all().iter().find(is_it);
    town.map_or_else(|| name.to_owned(), |town| without_rank(&town.romaji).to_owned())
}

/// A reading without the word for city, ward, town or village.
pub(super) fn without_rank(romaji: &str) -> &str {
    romaji.rsplit_once('-').map_or(romaji, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(language: Language, column: &str, value: Value) -> Option<String> {
        let row = json!({ column: value, "other_prefecture": "岐阜県" });
        let words = CellWords::from([("weekly".to_owned(), ["毎週".to_owned(), "every week".to_owned()])]);
        Display::new(language, &words).cell(row.as_object().unwrap(), column)
    }

    #[test]
    fn cells_are_shown_as_people_write_them() {
        let both = |column, value: Value| {
            [Language::Japanese, Language::English]
                .map(|language| shown(language, column, value.clone()).unwrap())
        };
        assert_eq!(both("persons", json!(1_234_560)), ["1,234,560"; 2]);
        assert_eq!(both("change_percent", json!(-1234.5)), ["-1,234.5"; 2]);
        assert_eq!(both("per_100", json!(82.0)), ["82"; 2]);
        assert_eq!(both("persons_per_device", json!(100.156)), ["100.16"; 2]);
        assert_eq!(both("month", json!("2026-04")), ["2026年4月", "April 2026"]);
        assert_eq!(both("date", json!("2025-12-30")), ["2025年12月30日", "30 December 2025"]);
        assert_eq!(both("period", json!("2025")), ["2025年", "2025"]);
        assert_eq!(
            both("period", json!("2025年度")),
            ["2025年度(2025年4月〜2026年3月)", "fiscal 2025 (April 2025 to March 2026)"]
        );
        assert_eq!(both("period", json!("2026-04")), ["2026年4月", "April 2026"]);
        assert_eq!(both("other", json!("高山市")), ["高山市", "Takayama"]);
        assert_eq!(both("origin", json!("東京都")), ["東京都", "Tokyo"]);
        assert_eq!(both("regime", json!("weekly")), ["毎週", "every week"]);
        assert_eq!(both("mesh", json!("54372515")), ["54372515"; 2]);
        assert_eq!(shown(Language::English, "persons", Value::Null), None);
    }
}
