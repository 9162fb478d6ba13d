//! The header of a table: which column says what.
//!
//! In: a [`Grid`]. Out: a [`Header`]: the columns that name the place, sex and age of a row, those whose figures are
//! people and which, and the first row below. A header is found by a column whose name is known for codes or
//! names of municipalities, because those stand in every official table; rows above it, with groups such as
//! 男 over twenty ages, belong to it as long as they leave the columns of places alone, which titles do not.
//!
//! In a text file the cells of a merged region are blank but for the first, so a blank one takes the word on its
//! left, if a word stands below it. In a workbook the region itself says how far a word reaches.

use super::age::Sex;
use super::columns::{ColumnNames, Role};
use super::grid::{Figure, Grid};
use super::meaning::Meaning;
use super::words::{plain, without_class_code};

/// Header rows above the names of columns that are looked at.
const MOST_ROWS_ABOVE: usize = 8;
/// Rows between the names of columns and the first place.
const MOST_ROWS_BELOW: usize = 12;
/// Rows that are searched for the names of columns.
const MOST_ROWS_BEFORE: usize = 200;

/// What e-Stat writes beside the rows of a header, at the right end of the columns of places.
const LABELS: [&str; 8] = ["表章項目", "事項名", "項目名", "表章単位", "階層レベル", "事項", "項目", "単位"];

/// A column of people.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PeopleColumn {
    pub(super) column: usize,
    pub(super) meaning: Meaning,
    /// Its words, for errors.
    pub(super) words: String,
}

/// Where everything stands.
#[derive(Debug)]
pub(super) struct Header {
    /// The columns of places and of what a row counts.
    pub(super) roles: Vec<(usize, Role)>,
    pub(super) people: Vec<PeopleColumn>,
    /// The first row below it.
    pub(super) first_row: usize,
    /// What stands above it, a title for example.
    pub(super) titles: Vec<String>,
}

/// Why there is no header.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum NoHeader {
    /// No row names a column of codes or names.
    Places { found: String },
    /// No column counts people.
    People { found: String },
    /// No row below it names a place.
    Rows,
    /// A column that was named is not there.
    Column { name: String, found: String },
}

impl Header {
    pub(super) fn column(&self, role: Role) -> Option<usize> {
        self.roles.iter().find(|(_, other)| *other == role).map(|(column, _)| *column)
    }

    /// Finds it. `names` are those that somebody gave; `year` is that of the figures; `is_place` tells whether
    /// a text names a place.
    pub(super) fn find(
        grid: &Grid,
        names: Option<&ColumnNames>,
        year: i32,
        is_place: impl Fn(&str) -> bool,
    ) -> Result<Self, NoHeader> {
        let anchor = anchor(grid, names, year)?;
        let mut roles = roles(grid, anchor, names, year);
        // A name that no municipality has, with a figure beside it, is no header either: it must not get lost in one.
        let is_data = |row: usize| {
            let is_of_place = |role: &Role| matches!(role, Role::Code | Role::Prefecture | Role::Name);
            let of_places = roles.iter().filter(|(_, role)| is_of_place(role));
            let mut places = of_places.map(|(column, _)| grid.text(row, *column));
            let has_figure = || {
                let columns =
                    (0..grid.width()).filter(|column| roles.iter().all(|(other, _)| other != column));
                columns
                    .map(|column| Figure::of(grid.text(row, column)))
                    .any(|cell| matches!(cell, Some(Figure::People(_))))
            };
            places.any(|text| is_place(text) || !plain(text).is_empty() && has_figure())
        };
        let below = (anchor + 1..grid.rows.len()).take(MOST_ROWS_BELOW);
        let first_row = below.into_iter().find(|row| is_data(*row)).ok_or(NoHeader::Rows)?;
        let top = top(grid, anchor, first_row, &roles, year);
        let rows: Vec<usize> = (top..first_row).collect();
        let table = words_of_columns(grid, &rows, &roles);
        settle_dimensions(grid, &mut roles, &table, first_row, names.is_some());
        let wanted = |column: usize| match names {
            Some(names) => plain(grid.text(anchor, column)) == names.people,
            None => roles.iter().all(|(other, _)| *other != column),
        };
        let mut people = Vec::new();
        for (column, words) in table.iter().enumerate().filter(|(column, _)| wanted(*column)) {
            let named = names.map(|_| Meaning::default());
            let Some(meaning) = named.or_else(|| meaning(words)) else { continue };
            if meaning.year.is_none_or(|named| named == year) && !words.is_empty() {
                people.push(PeopleColumn { column, meaning, words: words.join(" ") });
            }
        }
        if people.is_empty() {
            return Err(NoHeader::People { found: listed(table.iter().map(|words| words.join(" "))) });
        }
        let titles = (0..top).flat_map(|row| grid.rows[row].iter().map(|cell| cell.text.trim().to_owned()));
        let titles = titles.filter(|title| !title.is_empty()).take(200).collect();
        Ok(Self { roles, people, first_row, titles })
    }
}

/// The row that names the columns of places.
fn anchor(grid: &Grid, names: Option<&ColumnNames>, year: i32) -> Result<usize, NoHeader> {
    let rows = || 0..grid.rows.len().min(MOST_ROWS_BEFORE);
    let texts = |row: usize| grid.rows[row].iter().map(|cell| plain(&cell.text));
    let widest = || {
        let row = rows().rev().max_by_key(|row| texts(*row).filter(|text| !text.is_empty()).count());
        listed(row.into_iter().flat_map(|row| grid.rows[row].iter().map(|cell| cell.text.clone())))
    };
    let Some(names) = names else {
        let is_anchor = |row: &usize| {
            // The table itself may have a column of notes; a title may be one word that is known.
            let known =
                texts(*row).any(|text| matches!(place_role(&text, year), Some(Role::Code | Role::Name)));
            known && texts(*row).filter(|text| !text.is_empty()).count() > 1
        };
        return rows().find(is_anchor).ok_or_else(|| NoHeader::Places { found: widest() });
    };
    let has_all = |row: &usize| names.all().all(|name| texts(*row).any(|text| text == *name));
    rows().find(has_all).ok_or_else(|| {
        let lacks = |name: &&str| !rows().any(|row| texts(row).any(|text| text == **name));
        let name = names.all().find(lacks).or(names.all().next()).unwrap_or_default().to_owned();
        NoHeader::Column { name, found: widest() }
    })
}

fn roles(grid: &Grid, anchor: usize, names: Option<&ColumnNames>, year: i32) -> Vec<(usize, Role)> {
    let columns = 0..grid.width();
    if let Some(names) = names {
        let role = |column: &usize| names.role(&plain(grid.text(anchor, *column)));
        return columns.filter_map(|column| role(&column).map(|role| (column, role))).collect();
    }
    let mut roles: Vec<(usize, Role)> = Vec::new();
    for column in columns {
        let Some(role) = place_role(&plain(grid.text(anchor, column)), year) else { continue };
        // The first one of a kind: a table may repeat the names of places at its right end.
        if roles.iter().all(|(_, other)| *other != role) {
            roles.push((column, role));
        }
    }
    roles
}

/// Columns of sex, age and of what else a row counts, which are told from groups of figures by what is in them.
fn settle_dimensions(
    grid: &Grid,
    roles: &mut Vec<(usize, Role)>,
    table: &[Vec<String>],
    first_row: usize,
    is_named: bool,
) {
    if is_named {
        return;
    }
    for (column, words) in table.iter().enumerate() {
        let Some(role) = words.last().and_then(|word| dimension_role(&plain(word))) else { continue };
        let mut below = (first_row..grid.rows.len()).map(|row| grid.text(row, column));
        let first = below.find(|text| !text.trim().is_empty()).unwrap_or_default();
        let holds_words = Figure::of(first).is_none() || matches!(role, Role::Age);
        let is_taken = roles.iter().any(|(other, taken)| *other == column || *taken == role);
        if holds_words && !is_taken {
            roles.push((column, role));
        }
    }
}

/// How far up the header reaches: over rows that leave alone the columns of places and of what a row counts. Titles and
/// what e-Stat writes above a table begin there.
fn top(grid: &Grid, anchor: usize, first_row: usize, roles: &[(usize, Role)], year: i32) -> usize {
    let is_of_rows = |column: usize| {
        let is_place = roles.iter().any(|(other, _)| *other == column);
        let counts = dimension_role(&plain(grid.text(anchor, column))).is_some();
        is_place || counts && !matches!(Figure::of(grid.text(first_row, column)), Some(Figure::People(_)))
    };
    let of_rows: Vec<usize> = (0..grid.width()).filter(|column| is_of_rows(*column)).collect();
    let mut top = anchor;
    while let Some(row) = top.checked_sub(1).filter(|row| anchor - row <= MOST_ROWS_ABOVE) {
        let is_free = |column: &usize| {
            let text = plain(grid.text(row, *column));
            text.is_empty()
                || text == plain(grid.text(row + 1, *column))
                || LABELS.contains(&text.as_str())
                || place_role(&text, year).is_some()
        };
        let mut texts: Vec<String> = grid.rows[row].iter().map(|cell| plain(&cell.text)).collect();
        texts.retain(|text| !text.is_empty());
        texts.dedup();
        let is_title = texts.len() == 1 && Meaning::of(&texts[0]).is_none();
        if texts.is_empty() || is_title || !of_rows.iter().all(is_free) {
            break;
        }
        top = row;
    }
    top
}

/// The words above each column, from the top.
fn words_of_columns(grid: &Grid, rows: &[usize], roles: &[(usize, Role)]) -> Vec<Vec<String>> {
    let width = grid.width();
    let mut table = vec![Vec::<String>::new(); width];
    for (position, &row) in rows.iter().enumerate() {
        let mut carried: Option<&str> = None;
        for (column, words) in table.iter_mut().enumerate() {
            let text = grid.text(row, column).trim();
            let is_place = roles.iter().any(|(other, _)| *other == column);
            let stands_below =
                || rows[position + 1..].iter().any(|below| !grid.text(*below, column).trim().is_empty());
            let word = if !text.is_empty() {
                // A merged region has said how far it reaches.
                carried = (!is_place && !grid.is_merged(row, column)).then_some(text);
                Some(text)
            } else if stands_below() {
                carried
            } else {
                carried = None;
                None
            };
            if let Some(word) = word.filter(|word| words.last().is_none_or(|last| last != word)) {
                words.push(word.to_owned());
            }
        }
    }
    table
}

/// What all words of a column say together.
fn meaning(words: &[String]) -> Option<Meaning> {
    let mut all = Meaning::default();
    for word in words {
        let word = plain(word);
        // Marks of units and numbers of columns say nothing of whom it counts.
        if word.trim_matches(['(', ')']).bytes().all(|byte| byte.is_ascii_digit()) {
            continue;
        }
        all = all.and(Meaning::of(&word)?)?;
    }
    Some(all)
}

/// Names of columns of places, plain.
fn place_role(text: &str, year: i32) -> Option<Role> {
    // 2000年_地域コード stands beside 2020年_地域コード.
    let text = match super::meaning::year(text) {
        Some((named, after)) if named == year => after.trim_start_matches('_'),
        _ => text,
    };
    let is_area = |word: &str| word == "地域" || word.starts_with("地域(") && word.ends_with(')');
    match text {
        "団体コード"
        | "市区町村コード"
        | "市町村コード"
        | "区市町村コード"
        | "地方公共団体コード"
        | "全国地方公共団体コード"
        | "都道府県・市区町村コード"
        | "都道府県市区町村コード"
        | "都道府県又は市区町村コード"
        | "都道府県コード又は市区町村コード"
        | "自治体コード"
        | "標準地域コード"
        | "行政区域コード"
        | "jisコード"
        | "コード"
        | "code"
        | "area_code"
        | "areacode"
        | "municipality_code"
        | "municipalitycode"
        | "citycode"
        | "city_code" => Some(Role::Code),
        "地域識別コード" | "市などの別(地域識別コード)" => Some(Role::Kind),
        "都道府県名" | "都道府県" | "県名" | "prefecture" | "prefecture_name" => {
            Some(Role::Prefecture)
        }
        "市区町村名"
        | "市区町村"
        | "市町村名"
        | "市町村"
        | "区市町村名"
        | "区市町村"
        | "団体名"
        | "自治体名"
        | "自治体"
        | "都道府県・市区町村名"
        | "都道府県・市区町村"
        | "都道府県市区町村名"
        | "都道府県市区町村"
        | "都道府県名・市区町村名"
        | "地域名"
        | "municipality"
        | "municipality_name"
        | "city" => Some(Role::Name),
        word if word.strip_suffix("コード").is_some_and(is_area) => Some(Role::Code),
        word if is_area(word) => Some(Role::Name),
        _ => None,
    }
}

/// Names of columns that say what a row counts, plain.
fn dimension_role(text: &str) -> Option<Role> {
    let word = without_class_code(text);
    let stem = word.split('_').next().unwrap_or(word);
    match stem {
        "性別" | "男女" | "男女別" | "男女の別" | "性" | "sex" | "gender" => Some(Role::Sex),
        "年齢" | "年齢階級" | "年齢区分" | "年齢別" | "年齢各歳" | "年齢5歳階級" | "age" | "age_group"
        | "agegroup" => Some(Role::Age),
        word if word.starts_with("年齢(") && super::age::Age::of_label(word).is_none() => Some(Role::Age),
        word if word.starts_with("国籍") => Some(Role::Nationality),
        "表章項目" => Some(Role::Item),
        word if word.starts_with("時間軸") && !word.ends_with("コード") => Some(Role::Time),
        _ => None,
    }
}

/// The sex that the name of a sheet gives to all of it.
pub(super) fn sex_of_sheet(grid: &Grid) -> Option<Sex> {
    grid.sheet.as_deref().and_then(Sex::of_word).filter(|sex| *sex != Sex::All)
}

/// Names of columns for an error, the first dozen.
fn listed(names: impl Iterator<Item = String>) -> String {
    let clean = names.map(|name| plain(&name)).filter(|name| !name.is_empty());
    let mut names: Vec<String> = clean.map(|name| format!("`{}`", short(&name))).collect();
    names.dedup();
    let more = names.len() > 12;
    names.truncate(12);
    match names.is_empty() {
        true => "nothing".to_owned(),
        false => names.join(", ") + if more { ", …" } else { "" },
    }
}

fn short(name: &str) -> String {
    if name.chars().count() <= 24 { name.to_owned() } else { name.chars().take(23).chain(['…']).collect() }
}
