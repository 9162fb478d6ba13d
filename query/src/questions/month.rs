//! The month that a question is about.
//!
//! In: the SQL of a file, where `{newest FROM …}` and `{until FROM …}` stand for the newest month of a table, and perhaps a
//! month. Out: SQL. Without a month a marker is the query that finds the newest one. With a month, `newest` is that month and
//! no other, so that a month without figures is not answered with another's; `until`, in tables that are made once a year,
//! is the newest one up to it.

use kayoi_schemas::time::Month;

use super::{Language, Words};

/// The name of the value.
pub(crate) const MONTH: &str = "month";

/// Where titles say that they are of the newest month, and what they say of another one.
const NEWEST: [[&str; 2]; 3] =
    [["最新月", "{month}"], ["最新の年", "{month}までの最新の年"], ["直近12か月", "{month}までの12か月"]];
const NEWEST_EN: [[&str; 2]; 3] = [
    ["Newest month", "{month}"],
    ["Newest year", "Newest year to {month}"],
    ["Last 12 months", "12 months to {month}"],
];

/// The SQL with a month, or the newest one, in the place of each marker; values of parameters stand in it already, or
/// places that are left as they are.
pub(super) fn with_month(sql: &str, month: Option<Month>) -> String {
    let mut text = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(at) = ["{newest ", "{until "].iter().filter_map(|marker| rest.find(marker)).min() {
        let (before, marker) = rest.split_at(at);
        let (marker, after) = until_closed(marker);
        text += before;
        text += &match (marker.strip_prefix("newest"), month) {
            (Some(from), Some(month)) => {
                let shift = from.split_once(" FROM").map_or("", |(shift, _)| shift);
                format!("(DATE '{}'{shift})", month.first_day())
            }
            (Some(from), None) => format!("(SELECT max(month){from})"),
            (None, month) => {
                let from = marker.strip_prefix("until").unwrap_or(marker);
                let and = if from.contains("WHERE") { "AND" } else { "WHERE" };
                let month = month.map(|month| format!(" {and} month <= DATE '{}'", month.first_day()));
                format!("(SELECT max(month){from}{})", month.unwrap_or_default())
            }
        };
        rest = after;
    }
    text + rest
}

/// What stands between the brace that a text begins with and the one that closes it, and what follows.
fn until_closed(text: &str) -> (&str, &str) {
    let mut depth = 0_u32;
    for (at, character) in text.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth <= 1 => return (&text[1..at], &text[at + 1..]),
            '}' => depth -= 1,
            _ => {}
        }
    }
    (text.get(1..).unwrap_or_default(), "")
}

/// A title that says of which month it is.
pub(super) fn title_with_month(title: &mut Words, month: Month) {
    let name = |language: Language| super::display::month_name(language, month);
    let said = |title: &str, words: [[&str; 2]; 3], month: &str| {
        let found = words.into_iter().find(|[newest, _]| title.contains(newest));
        found.map(|[newest, other]| title.replace(newest, &other.replace("{month}", month)))
    };
    let (ja, en) = (name(Language::Japanese), name(Language::English));
    title.ja = said(&title.ja, NEWEST, &ja).unwrap_or_else(|| format!("{}{ja}。", title.ja));
    title.en = said(&title.en, NEWEST_EN, &en).unwrap_or_else(|| format!("{} {en}.", title.en));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_stands_where_the_newest_would() {
        let sql = "WHERE month > {newest - INTERVAL '12 months' FROM t WHERE status = 'published'} AND month <= {newest FROM t}";
        assert_eq!(
            with_month(sql, None),
            "WHERE month > (SELECT max(month) - INTERVAL '12 months' FROM t WHERE status = 'published') AND month <= (SELECT max(month) FROM t)"
        );
        assert_eq!(
            with_month(sql, Month::parse("2026-02")),
            "WHERE month > (DATE '2026-02-01' - INTERVAL '12 months') AND month <= (DATE '2026-02-01')"
        );
        let sql = "month = {until FROM y} AND month = {until FROM y WHERE status = 'published'}";
        assert_eq!(
            with_month(sql, Month::parse("2026-02")),
            "month = (SELECT max(month) FROM y WHERE month <= DATE '2026-02-01') AND \
             month = (SELECT max(month) FROM y WHERE status = 'published' AND month <= DATE '2026-02-01')"
        );
        assert_eq!(with_month("no marker", None), "no marker");
    }

    #[test]
    fn a_title_names_the_month() {
        let mut title = Words {
            ja: "何人か。直近12か月。".to_owned(),
            en: "How many? Last 12 months.".to_owned(),
        };
        title_with_month(&mut title, Month::parse("2026-02").unwrap());
        assert_eq!(title.ja, "何人か。2026年2月までの12か月。");
        assert_eq!(title.en, "How many? 12 months to February 2026.");
        let mut title = Words { ja: "何人か。".to_owned(), en: "How many?".to_owned() };
        title_with_month(&mut title, Month::parse("2026-02").unwrap());
        assert_eq!(
            (title.ja.as_str(), title.en.as_str()),
            ("何人か。2026年2月。", "How many? February 2026.")
        );
    }
}
