use std::time::Duration;

use datafusion::arrow::util::pretty::pretty_format_batches;

use super::*;
use crate::ask::Door;
use crate::fixture::{UNREACHABLE, WRITES, Whole, answer, asked, engine};
use crate::gate;

async fn ask(sql: &str) -> Result<Whole, QueryError> {
    answer(&engine(Limits::default()), asked(Door::CommandLine, sql)).await
}

async fn text(sql: &str) -> String {
    pretty_format_batches(ask(sql).await.unwrap().batches()).unwrap().to_string()
}

#[tokio::test]
async fn a_question_is_answered_in_either_schema() {
    let public = text("SELECT persons FROM connected_monthly WHERE origin_code = '13'").await;
    assert!(public.contains("| 400     |"), "{public}");
    assert_eq!(public, text("SELECT persons FROM release.connected_monthly WHERE origin_code = '13'").await);
    assert_eq!(public, text("SELECT persons FROM public.connected_monthly WHERE origin_code = '13'").await);
}

#[tokio::test]
async fn a_sum_over_hidden_figures_only_is_null() {
    let answer =
        ask("SELECT sum(persons) AS s FROM connected_monthly WHERE kind = 'workation'").await.unwrap();
    assert_eq!(answer.batches()[0].column(0).null_count(), 1);
}

#[tokio::test]
async fn no_write_passes_and_the_rows_stay() {
    let engine = engine(Limits::default());
    for sql in WRITES {
        let error = answer(&engine, asked(Door::Http, sql)).await.unwrap_err();
        assert_eq!((error.sqlstate(), error.http_status()), ("25006", 403), "{sql}: {error}");
    }
    let rows = answer(&engine, asked(Door::Http, "SELECT * FROM connected_monthly")).await.unwrap();
    assert_eq!(rows.row_count(), 4);
    assert!(!std::path::Path::new("/tmp/kayoi-must-not-exist.csv").exists());
}

#[tokio::test]
async fn a_plan_that_writes_is_refused_even_past_the_gate() {
    let engine = engine(Limits::default());
    for sql in ["INSERT INTO connected_monthly SELECT * FROM connected_monthly", "EXPLAIN ANALYZE SELECT 1"] {
        let context = engine.session();
        let plan = context.state().create_logical_plan(sql).await.unwrap();
        assert!(matches!(gate::check_plan(&plan), Err(QueryError::NotAllowed(_))), "{sql}");
    }
}

#[tokio::test]
async fn only_release_tables_have_names() {
    for name in UNREACHABLE {
        let error = ask(&format!("SELECT * FROM {name}")).await.unwrap_err();
        assert_eq!((error.sqlstate(), error.http_status()), ("42P01", 404), "{name}: {error}");
    }
    let names = ReleaseTable::ALL.map(|table| table.table().name).join(", ")
        + ", kpi_targets, municipalities, neighbours, calendar, class_errors";
    assert_eq!(
        ask("SELECT * FROM pings").await.unwrap_err().to_string(),
        format!("unknown table `pings`\nhint: the tables are {names}")
    );
}

#[tokio::test]
async fn the_information_schema_lists_each_release_table_and_those_beside_once_and_nothing_else() {
    let listed = text(
        "SELECT table_schema, table_name FROM information_schema.tables \
         WHERE table_schema <> 'information_schema' ORDER BY table_name",
    )
    .await;
    let listed: Vec<&str> = listed.lines().filter(|line| line.contains("| public ")).collect();
    let mut names = ReleaseTable::ALL.map(|table| table.table().name).to_vec();
    names.extend(["kpi_targets", "municipalities", "neighbours", "calendar", "class_errors"]);
    names.sort_unstable();
    assert_eq!(listed.len(), names.len(), "{listed:?}");
    for (line, name) in listed.iter().zip(names) {
        assert!(line.contains(&format!("| {name} ")), "{line} is not {name}");
    }
}

#[tokio::test]
async fn a_misspelt_column_gets_the_nearest_ones() {
    let error = ask("SELECT person FROM connected_monthly").await.unwrap_err();
    assert_eq!(error.sqlstate(), "42703");
    assert!(
        error.to_string().starts_with("unknown column `person`\nhint: the nearest are persons, "),
        "{error}"
    );
}

#[tokio::test]
async fn errors_of_the_asker_are_told() {
    let error = ask("SELECT no_such_function(1)").await.unwrap_err();
    assert_eq!(error.sqlstate(), "42883", "{error}");
    let error = ask("SELECT CAST('x' AS bigint)").await.unwrap_err();
    assert_eq!(error.sqlstate(), "22P02", "{error}");
    let error = ask("SELECT 1 / (persons - persons) FROM connected_monthly").await.unwrap_err();
    assert_eq!(error.sqlstate(), "22012", "{error}");
}

#[tokio::test]
async fn columns_of_one_name_are_told_apart_where_a_reader_needs_it() {
    let shown =
        text("SELECT count(*), count(DISTINCT municipality_code), sum(persons) FROM connected_monthly").await;
    assert!(shown.contains("| count | count_2 | sum "), "{shown}");
}

#[tokio::test]
async fn explain_shows_no_files() {
    let plan = text("EXPLAIN SELECT persons FROM connected_monthly").await;
    assert!(plan.contains("logical_plan") && !plan.contains("physical_plan"), "{plan}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endless_query_times_out() {
    let limits = Limits { timeout: Duration::from_millis(200), ..Limits::default() };
    let sql = "SELECT count(*) FROM generate_series(1, 1000000000000) AS s(n) WHERE n % 7 = 3";
    let error = answer(&engine(limits), asked(Door::Http, sql)).await.unwrap_err();
    assert_eq!((error.sqlstate(), error.http_status()), ("57014", 408), "{error}");
}

#[tokio::test]
async fn too_large_answers_and_too_hungry_queries_are_refused() {
    let limits = Limits { rows: 3, ..Limits::default() };
    let error =
        answer(&engine(limits), asked(Door::Http, "SELECT * FROM connected_monthly")).await.unwrap_err();
    assert!(error.to_string().starts_with("the answer has more than `3` rows"), "{error}");
    let limits = Limits { answer_bytes: 1 << 20, ..Limits::default() };
    let error = answer(&engine(limits), asked(Door::Http, "SELECT * FROM generate_series(1, 900000)"))
        .await
        .unwrap_err();
    assert!(error.to_string().starts_with("the answer is larger than `1048576` bytes"), "{error}");
    let limits = Limits { memory_bytes: 1 << 20, ..Limits::default() };
    let sql = "SELECT n FROM generate_series(1, 900000) AS s(n) ORDER BY n % 1000, n";
    let error = answer(&engine(limits), asked(Door::Http, sql)).await.unwrap_err();
    assert_eq!(error.sqlstate(), "53200", "{error}");
}

#[tokio::test]
async fn the_deepest_chains_that_pass_the_gate_do_not_overflow_a_stack() {
    let engine = engine(Limits { timeout: Duration::from_secs(600), ..Limits::default() });
    let chain = vec!["origin"; 980].join(" || ");
    let casts = "::bigint".repeat(490);
    for sql in [format!("SELECT {chain} FROM visitors_daily"), format!("SELECT 1{casts}")] {
        let answered = answer(&engine, asked(Door::Http, &sql)).await;
        assert!(answered.is_ok(), "{:?}", answered.err());
    }
}
