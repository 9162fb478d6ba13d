use datafusion::arrow::util::pretty::pretty_format_batches;

use crate::ask::Door;
use crate::engine::Limits;
use crate::fixture::{answer, asked, engine};

/// The SQLSTATE of a question's refusal, or its number of rows.
async fn came_of(sql: &str) -> Result<usize, String> {
    let answered = answer(&engine(Limits::default()), asked(Door::Http, sql)).await;
    answered.map(|answer| answer.row_count()).map_err(|error| error.sqlstate().to_owned())
}

#[tokio::test]
async fn what_a_type_cannot_hold_is_out_of_range() {
    for expression in [
        "x + 1",
        "-(-x - 1)",
        "x * 2",
        "(-x - 1) / -1",
        "abs(-x - 1)",
        "x::integer",
        "(x * 1e10)::bigint",
        "1e308 * 10 * x",
        "exp(x)",
        "sum(x) + 1",
        "sum(x) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) + 1",
    ] {
        let sql = format!("SELECT {expression} FROM (VALUES (9223372036854775807)) AS t(x)");
        assert_eq!(came_of(&sql).await, Err("22003".to_owned()), "{expression}");
    }
    let sum = "SELECT g, sum(x) FROM (VALUES (1, 9223372036854775807), (1, 1)) AS t(g, x) GROUP BY g";
    assert_eq!(came_of(sum).await, Err("22003".to_owned()));
}

#[tokio::test]
async fn whole_numbers_that_no_bigint_holds_keep_their_digits() {
    for (expression, is) in [
        ("12345678901234567890", "12345678901234567890"),
        ("-12345678901234567890", "-12345678901234567890"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("18446744073709551615 + 1", "18446744073709551616"),
        ("(99999999999999999999 - 99999999999999999998)::bigint", "1"),
        ("000000000000000000000001 + 1", "2"),
        ("99999999999999999999999999999999999999 > 99999999999999999999", "true"),
        ("99999999999999999999999999999999999999 > 1.5", "true"),
        ("2.5 < 99999999999999999999999999999999999999", "true"),
        ("99999999999999999999999999999999999999 BETWEEN 1.5 AND 1e39", "true"),
        ("99999999999999999999999999999999999999 IN (1.5, 2.5)", "false"),
        ("1.5::numeric(10, 2) = 1.5::double precision", "true"),
    ] {
        assert_eq!(column(&format!("SELECT {expression}")).await, [is], "{expression}");
    }
    let long = "1".repeat(39);
    for (expression, state) in [("12345678901234567890::bigint", "22003"), (long.as_str(), "0A000")] {
        assert_eq!(came_of(&format!("SELECT {expression}")).await, Err(state.to_owned()), "{expression}");
    }
}

#[tokio::test]
async fn a_division_by_zero_fails_unless_its_condition_guards_it() {
    for expression in ["a / b", "a % b", "a / 0.0", "a::double precision / b"] {
        let sql = format!("SELECT {expression} FROM (VALUES (1, 0)) AS t(a, b)");
        assert_eq!(came_of(&sql).await, Err("22012".to_owned()), "{expression}");
    }
    let from = "FROM (VALUES (1, 0), (4, 2), (9, 3), (2, 0), (8, 1)) AS t(a, b)";
    for (condition, rows) in [
        ("b <> 0 AND a / b > 1", 3),
        ("b = 0 OR a / b > 1", 5),
        ("a > 0 AND b <> 0 AND a / b > 2", 2),
        ("CASE WHEN b = 0 THEN false ELSE a / b > 1 END", 3),
    ] {
        assert_eq!(came_of(&format!("SELECT a {from} WHERE {condition}")).await, Ok(rows), "{condition}");
    }
    let digits = "SELECT v FROM (VALUES ('1'), ('x'), ('2'), ('y')) AS t(v) \
                  WHERE v IN ('1', '2') AND v::integer > 1";
    assert_eq!(came_of(digits).await, Ok(1));
}

#[tokio::test]
async fn intervals_are_compared_by_how_long_they_are() {
    // As PostgreSQL 15 answers.
    for (condition, rows) in [
        ("interval '40 days' > interval '1 month'", 1),
        ("interval '30 days' = interval '1 month'", 1),
        ("interval '24 hours' = interval '1 day'", 1),
        ("interval '-1 month' < interval '-29 days'", 1),
        ("interval '36 hours' BETWEEN interval '1 day' AND interval '1 month'", 1),
        ("interval '1 month' IN (interval '30 days', interval '1 year')", 1),
        ("interval '30 days' NOT IN (interval '1 month')", 0),
        ("a - b > interval '1 day'", 2),
        ("a - b >= interval '1 month 1 day'", 1),
    ] {
        let sql = format!(
            "SELECT a FROM (VALUES (timestamp '2026-03-03 12:00:00', timestamp '2026-03-01 00:00:00'), \
             (timestamp '2026-03-02', timestamp '2026-03-01'), (timestamp '2026-04-01', timestamp '2026-03-01')) \
             AS t(a, b) WHERE {condition}"
        );
        let rows = if condition.starts_with('a') { rows } else { 3 * rows };
        assert_eq!(came_of(&sql).await, Ok(rows), "{condition}");
    }
}

/// Lengths in every order but the right one: 31 days, a month, 30 days, 23 hours, and nothing.
const LENGTHS: &str = "FROM (VALUES (1, interval '31 days'), (2, interval '1 month'), (3, interval '30 days'), \
     (4, interval '23 hours'), (5, CAST(NULL AS interval))) AS t(n, i)";

/// The only column of an answer, as it is printed.
async fn column(sql: &str) -> Vec<String> {
    let answer = answer(&engine(Limits::default()), asked(Door::Http, sql)).await.unwrap();
    let printed = pretty_format_batches(answer.batches()).unwrap().to_string();
    let rows = printed.lines().filter(|line| line.starts_with('|')).skip(1);
    rows.map(|line| line.trim_matches(['|', ' ']).to_owned()).collect()
}

#[tokio::test]
async fn intervals_are_sorted_and_grouped_by_how_long_they_are() {
    // As PostgreSQL 15 answers.
    for (select, rest, rows) in [
        ("n", "ORDER BY i, n", vec!["4", "2", "3", "1", "5"]),
        ("n", "ORDER BY i DESC NULLS LAST, n LIMIT 2", vec!["1", "2"]),
        ("count(*)", "GROUP BY i ORDER BY i", vec!["1", "2", "1", "1"]),
        ("sum(n)", "GROUP BY i HAVING i > interval '29 days' ORDER BY 1", vec!["1", "5"]),
        ("count(DISTINCT i)", "", vec!["3"]),
        ("max(i) = interval '31 days'", "", vec!["true"]),
        ("min(i) = interval '23 hours'", "", vec!["true"]),
        ("max(i) IS NULL", "WHERE n = 5", vec!["true"]),
        ("first_value(n ORDER BY i, n)", "", vec!["4"]),
        ("rank() OVER (ORDER BY i)", "ORDER BY n", vec!["4", "2", "2", "1", "5"]),
        ("count(*) OVER (PARTITION BY i)", "ORDER BY n", vec!["1", "2", "2", "1", "1"]),
        ("max(i) OVER (ORDER BY n) = interval '31 days'", "ORDER BY n", vec!["true"; 5]),
        (
            "max(i) OVER (ORDER BY n ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) = interval '1 month'",
            "ORDER BY n",
            vec!["false", "false", "true", "true", "false"],
        ),
        ("greatest(i, interval '1 month') = interval '31 days'", "WHERE n = 1", vec!["true"]),
        ("least(i, interval '1 month') = interval '1 month'", "WHERE n = 5", vec!["true"]),
        ("nullif(i, interval '1 month') IS NULL", "WHERE n < 4 ORDER BY n", vec!["false", "true", "true"]),
        ("CASE i WHEN interval '1 month' THEN 1 ELSE 0 END", "ORDER BY n", vec!["0", "1", "1", "0", "0"]),
        ("n", "WHERE i IN (SELECT interval '1 month') ORDER BY n", vec!["2", "3"]),
        ("n", "JOIN (SELECT interval '1 month' AS i) AS m USING (i) ORDER BY n", vec!["2", "3"]),
        ("DISTINCT ON (i) n", "ORDER BY i, n DESC", vec!["4", "3", "1", "5"]),
    ] {
        let sql = format!("SELECT {select} {LENGTHS} {rest}");
        assert_eq!(column(&sql).await, rows, "{sql}");
    }
    for (sql, count) in [
        (format!("SELECT DISTINCT i {LENGTHS}"), 4),
        (format!("SELECT i {LENGTHS} UNION SELECT interval '720 hours'"), 4),
        (format!("SELECT i {LENGTHS} EXCEPT SELECT interval '1 month'"), 3),
        (format!("SELECT i {LENGTHS} INTERSECT SELECT interval '1 month'"), 1),
    ] {
        assert_eq!(came_of(&sql).await, Ok(count), "{sql}");
    }
}

#[tokio::test]
async fn a_group_keeps_the_interval_as_it_was_and_its_name() {
    let sql = format!("SELECT i, count(*) {LENGTHS} WHERE n = 3 GROUP BY i");
    let answer = answer(&engine(Limits::default()), asked(Door::Http, &sql)).await.unwrap();
    let printed = pretty_format_batches(answer.batches()).unwrap().to_string();
    assert!(printed.contains("| i ") && printed.contains("30 days"), "{printed}");
}

#[tokio::test]
async fn what_goes_by_months_alone_is_refused() {
    for select in [
        "SELECT i, count(*) {LENGTHS} GROUP BY ROLLUP (i)",
        "SELECT array_agg(DISTINCT i) {LENGTHS}",
        "SELECT count(*) OVER (ORDER BY i RANGE BETWEEN interval '1 day' PRECEDING AND CURRENT ROW) {LENGTHS}",
    ] {
        assert_eq!(came_of(&select.replace("{LENGTHS}", LENGTHS)).await, Err("0A000".to_owned()), "{select}");
    }
}

#[tokio::test]
async fn what_cannot_fail_is_seen_by_who_reads_files() {
    for careful in ["", "AND persons <> 0"] {
        let condition = format!("municipality_code = '20361' {careful} AND 900 / persons > 1");
        let sql = format!("EXPLAIN SELECT month FROM connected_monthly WHERE {condition}");
        let plan = answer(&engine(Limits::default()), asked(Door::Http, &sql)).await.unwrap();
        let plan = pretty_format_batches(plan.batches()).unwrap().to_string();
        let filter = plan.lines().find_map(|line| line.split_once("Filter: ")).unwrap().1;
        let (beside, guarded) = filter.split_once("CASE").unwrap();
        assert!(beside.contains("municipality_code = Utf8") && guarded.contains("900"), "{filter}");
    }
}
