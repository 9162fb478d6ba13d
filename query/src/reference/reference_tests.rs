use kayoi_geography::{Neighbours, Register};
use kayoi_schemas::figure::ClassError;

use super::*;
use crate::ask::Door;
use crate::engine::Limits;
use crate::fixture::{answer, asked, engine};

/// The rows of an answer, cells with bars between.
async fn rows(sql: &str) -> Vec<String> {
    let answer = answer(&engine(Limits::default()), asked(Door::CommandLine, sql)).await.unwrap();
    let mut rows = Vec::new();
    for batch in answer.batches() {
        let shown: Vec<_> = (batch.columns().iter())
            .map(|column| {
                let options = datafusion::arrow::util::display::FormatOptions::new().with_null("null");
                datafusion::arrow::util::display::ArrayFormatter::try_new(column, &options)
                    .map(|shown| {
                        (0..batch.num_rows()).map(|row| shown.value(row).to_string()).collect::<Vec<_>>()
                    })
                    .unwrap()
            })
            .collect();
        rows.extend(
            (0..batch.num_rows())
                .map(|row| shown.iter().map(|column| column[row].as_str()).collect::<Vec<_>>().join("|")),
        );
    }
    rows
}

#[test]
fn each_table_has_the_columns_that_it_says() {
    let tables = tables();
    assert_eq!(tables.len(), TABLES.len());
    for ((name, table), words) in tables.iter().zip(TABLES) {
        assert_eq!((*name, table.schema()), (words.name, words.arrow_schema()));
    }
}

#[tokio::test]
async fn a_town_is_in_the_table_as_in_the_register() {
    let town = "SELECT code_with_check_digit, municipality, municipality_kana, municipality_romaji, county, prefecture_code, \
                prefecture, prefecture_romaji, region, population_2020 FROM municipalities WHERE municipality_code = '20321'";
    let register = Register::japan();
    let all =
        rows("SELECT count(*), count(DISTINCT municipality_code), sum(population_2020) FROM municipalities")
            .await;
    let people: u64 = register.all().iter().map(|town| u64::from(town.population_2020)).sum();
    assert_eq!(all, [format!("1741|1741|{people}")]);
    let found = rows(town).await;
    assert!(
        found[0].starts_with("203211|軽井沢町|カルイザワマチ|Karuizawa-machi|北佐久郡|20|長野県|Nagano|"),
        "{found:?}"
    );
}

#[tokio::test]
async fn neighbours_are_each_others() {
    let pairs = Neighbours::simplified().count();
    let all = rows("SELECT count(*) FROM neighbours").await;
    assert_eq!(all, [(2 * pairs).to_string()]);
    let one_way = "SELECT count(*) FROM neighbours AS a LEFT JOIN neighbours AS b ON a.municipality_code = b.neighbour_code \
                   AND a.neighbour_code = b.municipality_code WHERE b.distance_km IS DISTINCT FROM a.distance_km";
    assert_eq!(rows(one_way).await, ["0"]);
    let beside =
        rows("SELECT neighbour FROM neighbours WHERE municipality_code = '20321' ORDER BY neighbour_code")
            .await;
    assert!(beside.contains(&"御代田町".to_owned()) && beside.contains(&"長野原町".to_owned()), "{beside:?}");
}

#[tokio::test]
async fn a_date_is_what_the_calendar_says() {
    let dates = "SELECT date, month, fiscal_year, weekday, day_type, holiday, is_kin_visit_period FROM calendar \
                 WHERE date IN ('2026-08-11', '2026-08-13', '2026-03-31', '2026-04-05') ORDER BY date";
    assert_eq!(
        rows(dates).await,
        [
            "2026-03-31|2026-03-01|2025|2|weekday|null|false",
            "2026-04-05|2026-04-01|2026|7|holiday|null|false",
            "2026-08-11|2026-08-01|2026|2|holiday|山の日|false",
            "2026-08-13|2026-08-01|2026|4|weekday|null|true",
        ]
    );
    assert_eq!(
        rows("SELECT count(*), min(date), max(date) FROM calendar").await,
        ["8766|2007-01-01|2030-12-31"]
    );
}

#[tokio::test]
async fn a_share_stands_where_enough_are_true_and_between_its_ends() {
    let counted = ClassError::all().count();
    assert_eq!(rows("SELECT count(*) FROM class_errors").await, [counted.to_string()]);
    let wrong = "SELECT count(*) FROM class_errors WHERE (people_true < 30) <> (seen_per_true IS NULL) \
                 OR (seen_per_true IS NULL AND least IS NOT NULL) OR (least IS NULL) <> (most IS NULL) \
                 OR least > seen_per_true + 0.001 OR most < seen_per_true - 0.001";
    assert_eq!(rows(wrong).await, ["0"]);
    for one in ClassError::all() {
        let ClassError { kind, pings_a_day, truth, seen, worlds, .. } = one;
        let of = format!(
            "SELECT people_true, people_seen, worlds FROM class_errors WHERE kind = '{kind}' AND pings_a_day = {pings_a_day}"
        );
        assert_eq!(rows(&of).await, [format!("{truth}|{seen}|{worlds}")]);
    }
}
