//! What a column must say of itself, and which columns may be released.

use std::collections::BTreeSet;

use super::*;

fn all_tables() -> impl Iterator<Item = &'static Table> {
    let internal = InternalTable::ALL.map(InternalTable::table);
    internal.into_iter().chain(ReleaseTable::ALL.map(ReleaseTable::table))
}

#[test]
fn every_column_has_a_name_of_its_own_and_order_is_by_columns() {
    for table in all_tables() {
        let mut names: Vec<_> = table.columns.iter().map(|column| column.name).collect();
        let known = |name: &&str| names.contains(name);
        assert!(table.sorted_by.iter().chain(&table.partition).all(known), "{}", table.name);
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), table.columns.len(), "{}", table.name);
    }
}

/// Words that explain nothing by themselves.
const FILLERS: [&str; 12] =
    ["the", "and", "its", "this", "that", "are", "was", "for", "with", "value", "column", "code"];

/// The units that a name may end or begin with, each with the word that its description must have.
const UNITS: [(&str, &str); 7] = [
    ("_m", "metres"),
    ("_m_s", "metres per second"),
    ("_km", "kilometres"),
    ("km_", "kilometres"),
    ("kg_", "kilograms"),
    ("_e7", "1e-7 degree"),
    ("_minutes", "minutes"),
];

fn words(text: &str) -> Vec<String> {
    text.split(|letter: char| !letter.is_alphanumeric()).map(str::to_lowercase).collect()
}

/// What a description leaves open, if anything.
fn left_open(column: &Column) -> Option<String> {
    let name = words(column.name);
    let in_name = |word: &String| name.iter().any(|part| part == word || format!("{part}s") == *word);
    let says = |word: &String| word.len() > 2 && !FILLERS.contains(&word.as_str()) && !in_name(word);
    if !words(column.doc).iter().any(says) {
        return Some("says no more than its name".to_owned());
    }
    if column.nullable && !column.doc.contains("absent") {
        return Some("does not say when it is absent".to_owned());
    }
    let is_in = |unit: &str| column.name.ends_with(unit) || column.name.starts_with(unit);
    let unit = UNITS.iter().find(|(unit, word)| is_in(unit) && !column.doc.contains(word));
    unit.map(|(_, word)| format!("does not name its unit, {word}"))
}

#[test]
fn a_column_that_a_table_may_lack_is_one_of_its_columns_and_may_be_absent() {
    for (table, name) in ADDED_IN_PLACE {
        let table = all_tables().find(|known| known.name == table).unwrap();
        let column = table.columns.iter().find(|column| column.name == name).unwrap();
        assert!(column.nullable && !table.sorted_by.contains(&name) && table.partition != Some(name));
        assert!(table.may_lack(name) && !table.may_lack("accuracy_m"));
    }
}

#[test]
fn every_column_is_documented() {
    for table in all_tables() {
        for column in table.columns {
            assert_eq!(left_open(column), None, "{}.{}", table.name, column.name);
        }
        let row = Column { name: table.name, kind: ColumnType::Text, nullable: false, doc: table.doc };
        assert_eq!(left_open(&row), None, "{}", table.name);
    }
}

#[test]
fn a_description_that_explains_nothing_is_found() {
    for column in [
        required("visit_days", ColumnType::Int, "the visit days"),
        required("kind", ColumnType::Text, "its kind: a column"),
        required("distance_km", ColumnType::Float, "how far from the residence"),
        optional("origin", ColumnType::Text, "prefecture people live in"),
    ] {
        assert!(left_open(&column).is_some(), "{column:?}");
    }
}

/// What a released column tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// When: nothing shorter than a day.
    Period,
    /// Where: nothing smaller than a municipality, but for the cells of a grid, from which homes are left out.
    Area,
    /// Which of the people there.
    Group,
    /// How many people, rounded, and what stands in their place; absent when there is no value.
    Figure,
    /// How it came about.
    Provenance,
}

/// What stands on each row, so that a figure explains itself when it is alone.
const PROVENANCE: [&str; 6] =
    ["series", "definition", "definition_hash", "boundaries", "code_date", "revision"];

/// Whether a column is a sum, rate or rank of people, or an end of its interval.
fn is_computed(name: &str) -> bool {
    let stem = ["_low", "_high"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    const COMPUTED: [&str; 23] = [
        "share_percent",
        "share_low_percent",
        "share_high_percent",
        "person_nights",
        "person_days",
        "per_100_residents",
        "per_100",
        "commuters",
        "teleworkers",
        "telework_rate_percent",
        "telework_days",
        "day_share_percent",
        "telework_prior_percent",
        "km_gross",
        "kg_co2_car",
        "kg_co2_all",
        "km_net",
        "kg_co2_car_net",
        "rebound_percent",
        "change",
        "change_percent",
        "rank_in_prefecture",
        "rank_in_country",
    ];
    COMPUTED.contains(&stem)
}

/// The columns that a release may have. One that is not listed is not released: with a new one it must be
/// said here what it tells, and that it cannot tell one person from another.
fn meaning(column: &Column) -> Option<Meaning> {
    use ColumnType::{Date, Double, Int, Long, Text};
    let meaning = match (column.name, column.kind) {
        ("date" | "month" | "first_month" | "last_month", Date)
        | ("fiscal_year" | "year", Int)
        | ("hour", Int)
        | ("month_text" | "quarter" | "period" | "period_kind" | "day_type" | "time_band", Text) => {
            Meaning::Period
        }
        (
            "municipality_code"
            | "municipality"
            | "municipality_romaji"
            | "prefecture"
            | "prefecture_code"
            | "area_code"
            | "area"
            | "area_romaji"
            | "area_level"
            | "other_code"
            | "other"
            | "other_prefecture"
            | "grid"
            | "cell",
            Text,
        )
        | ("municipalities", Int) => Meaning::Area,
        (
            "kind"
            | "origin_level"
            | "origin_code"
            | "origin"
            | "panel"
            | "standing"
            | "standing_ja"
            | "measure"
            | "class"
            | "direction"
            | "side"
            | "user"
            | "comes"
            | "regime"
            | "municipalities_class"
            | "age_band"
            | "sex"
            | "distance_band"
            | "compared_with",
            Text,
        )
        | ("least_stay_minutes" | "peer_rank", Int) => Meaning::Group,
        (
            "persons"
            | "persons_low"
            | "persons_high"
            | "fewer_than"
            | "rolled_up_persons"
            | "rolled_up_low"
            | "rolled_up_high"
            | "person_municipalities"
            | "persons_per_day"
            | "per_day_low"
            | "per_day_high"
            | "devices"
            | "panel_devices"
            | "effective_devices",
            Long,
        )
        | ("share_percent" | "known_percent" | "coverage_percent" | "age_sex_known_percent", Double)
        | ("quality" | "rolled_up_to" | "ask_instead" | "rebound_of", Text)
        | ("expected_persons", Long)
        | ("lift" | "lift_low", Double)
        | ("calibrated_in" | "missing_days", Text)
        | ("next_release", Date) => Meaning::Figure,
        (name, Long | Double | Int) if column.nullable && is_computed(name) => Meaning::Figure,
        ("revision" | "panel_residents" | "population", Long)
        | ("ranked_in_prefecture" | "ranked_in_country", Int)
        | ("car_share_percent", Double)
        | ("car_share_of" | "factor" | "likeness" | "is_certain" | "weight_of", Text)
        | ("days" | "edition" | "pooled_with" | "window_months", Int)
        | ("persons_per_device" | "weight_error_percent", Double)
        | ("population_base" | "pooling", Text)
        | (
            "days_missing" | "municipalities_own" | "municipalities_small" | "municipalities_of_prefecture",
            Int,
        )
        | ("status" | "reason", Text) => Meaning::Provenance,
        (name, Text) if PROVENANCE.contains(&name) => Meaning::Provenance,
        _ => return None,
    };
    // Only a figure can be withheld, and each must be able to.
    (column.nullable == (meaning == Meaning::Figure)).then_some(meaning)
}

#[test]
fn no_release_table_knows_a_device() {
    for table in ReleaseTable::ALL.map(ReleaseTable::table) {
        assert!(table.path.starts_with("release/"));
        let told: Vec<_> = table.columns.iter().map(|column| (column.name, meaning(column))).collect();
        for (name, meaning) in &told {
            assert!(meaning.is_some(), "`{}.{name}` is no column that may be released", table.name);
        }
        let has = |needed| told.iter().any(|(_, meaning)| *meaning == Some(needed));
        assert!(has(Meaning::Period), "{}", table.name);
        // A table of figures says whether each may be read, and where, unless it is about the whole country. Peers are
        // named, and have no figure.
        let has_status = table.columns.iter().any(|column| column.name == "status");
        let is_national = table.name == ReleaseTable::PanelCoverage.table().name;
        assert_eq!(has(Meaning::Figure), has_status && (has(Meaning::Area) || is_national), "{}", table.name);
        for name in PROVENANCE {
            assert!(told.iter().any(|(told, _)| *told == name), "{} lacks `{name}`", table.name);
        }
    }
}

#[test]
fn a_column_that_may_not_be_released_is_found() {
    for column in [
        required("phone_id", ColumnType::Long, "the phone's number"),
        required("device_id", ColumnType::Long, "keyed hash"),
        required("cell", ColumnType::Long, "H3 cell of the home"),
        required("home_latitude", ColumnType::Double, "where it sleeps, degrees"),
        required("arrival", ColumnType::Timestamp, "when it came"),
        required("persons", ColumnType::Long, "people, which nobody can withhold"),
        optional("persons", ColumnType::Double, "people, not rounded"),
        optional("origin", ColumnType::Text, "prefecture, absent for some"),
    ] {
        assert_eq!(meaning(&column), None, "{column:?}");
    }
}

#[test]
fn every_table_and_column_has_words_in_japanese_and_no_words_are_left_over() {
    let mut used = BTreeSet::new();
    for table in ReleaseTable::ALL {
        let name = table.table().name;
        assert!(!table.doc_ja().is_empty(), "{name}");
        for column in table.table().columns {
            assert!(!table.column_doc_ja(column.name).is_empty(), "{name}.{}", column.name);
            used.insert((name, column.name));
        }
    }
    let is_used = |name: &str, column: &str| used.contains(&(name, column));
    assert!(japanese::COLUMNS_OF.iter().all(|(name, column, _)| is_used(name, column)));
    let own = |name: &str, column: &str| {
        japanese::COLUMNS_OF.iter().any(|(table, of, _)| *table == name && *of == column)
    };
    for (column, _) in japanese::COLUMNS {
        assert!(used.iter().any(|(name, of)| *of == column && !own(name, of)), "{column}");
    }
}
