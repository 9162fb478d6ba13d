//! The table of answers beside what is true, in both books.
//!
//! In: what was found. Out: the table between the marks of the page, compared or written anew.

use super::{Found, HIDDEN};
use crate::documents::walked::{REWRITE, is_rewriting};
use crate::repository;

/// The page, in each language.
const PAGE: &str = "answers.md";
const MARK: Mark =
    Mark { begin: "<!-- table of answers: written by a test -->\n", end: "<!-- end of the table -->\n" };

/// Lines between which a test writes.
pub struct Mark {
    /// The line before.
    pub begin: &'static str,
    /// The line after.
    pub end: &'static str,
}

const HEADS: [[&str; 7]; 2] = [
    ["質問", "場所", "数値", "答え(95%区間)", "真の値", "区間内", "区間内の行"],
    ["question", "place", "figure", "answer (95 % interval)", "truth", "inside", "rows inside"],
];

/// Compares what stands between marks of a book's page, or writes it.
pub fn shown(language: &str, mark: &Mark, table: &str) {
    let path = format!("docs/{language}/src/{PAGE}");
    let page = repository::read(&path);
    let (before, rest) = page.split_once(mark.begin).expect("the mark where the table begins");
    let (shown, after) = rest.split_once(mark.end).expect("the mark where it ends");
    if is_rewriting() {
        let page = format!("{before}{}{table}{}{after}", mark.begin, mark.end);
        std::fs::write(repository::root().join(&path), page).unwrap();
    } else {
        assert_eq!(shown, table, "`{path}` shows another table; it is written anew with {REWRITE}=1");
    }
}

/// Compares the tables of both books, or writes them.
pub fn shown_in_both_books(found: &[Found]) {
    for (language, name) in ["ja", "en"].into_iter().enumerate() {
        shown(name, &MARK, &table(found, language));
    }
}

fn table(found: &[Found], language: usize) -> String {
    let mut heads: Vec<String> = HEADS[language].iter().map(|head| (*head).to_owned()).collect();
    heads.extend(HIDDEN.map(|(_, ja, en)| [ja, en][language].to_owned()));
    let mut lines = vec![cells_line(&heads), format!("|{}", "---|".repeat(heads.len()))];
    lines.extend(found.iter().map(|found| cells_line(&cells(found, language))));
    let inside = found.iter().filter(|found| found.is_inside()).count();
    let (rows, of_rows): (usize, usize) =
        (found.iter().map(|found| found.rows).sum(), found.iter().map(|found| found.inside).sum());
    let sum = match language {
        0 => format!(
            "25の質問のうち{}に答えがあり、{inside}で真の値が区間に入る。行では{rows}行のうち{of_rows}行。",
            found.len()
        ),
        _ => format!(
            "Of 25 questions {} have an answer, and {inside} of these hold the truth; of {rows} rows {of_rows} do.",
            found.len()
        ),
    };
    format!("\n{}\n\n{sum}\n\n", lines.join("\n"))
}

/// A line of a table.
pub fn cells_line(cells: &[String]) -> String {
    format!("| {} |", cells.join(" | "))
}

fn cells(found: &Found, language: usize) -> Vec<String> {
    let Found { asked, answer: [value, low, high], truth, .. } = found;
    let unit = if asked.is_percent { " %" } else { "" };
    let yes = if found.is_inside() { ["はい", "yes"] } else { ["**いいえ**", "**no**"] }[language];
    let mut cells = vec![
        format!("{}. `{}`", asked.number, asked.question),
        asked.place_words[language].to_owned(),
        asked.words[language].to_owned(),
        format!("{}{unit} ({}–{})", plain(*value), plain(*low), plain(*high)),
        if asked.is_percent { format!("{truth:.2}{unit}") } else { plain(truth.round()) },
        yes.to_owned(),
        format!("{} / {}", found.inside, found.rows),
    ];
    let of_hidden = |town: usize| match &found.hidden {
        None => "–".to_owned(),
        Some(words) if words[town].is_empty() => ["行なし", "no row"][language].to_owned(),
        Some(words) => words[town].iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "),
    };
    cells.extend([of_hidden(0), of_hidden(1)]);
    cells
}

/// A number with commas between thousands.
fn plain(value: f64) -> String {
    let text = value.to_string();
    let (whole, rest) =
        text.split_once('.').map_or((text.as_str(), None), |(whole, rest)| (whole, Some(rest)));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    rest.map_or(grouped.clone(), |rest| format!("{grouped}.{rest}"))
}
