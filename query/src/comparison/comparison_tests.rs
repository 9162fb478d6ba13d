use crate::QueryError;
use crate::ask::Door;
use crate::engine::Limits;
use crate::fixture::{answer, asked, engine};

async fn ask(condition: &str) -> Result<usize, QueryError> {
    let sql = format!("SELECT 1 FROM connected_monthly WHERE {condition}");
    Ok(answer(&engine(Limits::default()), asked(Door::Http, &sql)).await?.row_count())
}

#[tokio::test]
async fn types_that_have_nothing_in_common_are_refused() {
    for condition in [
        "origin_code = 13",
        "13 = origin_code",
        "origin_code IN (13, 14)",
        "persons = origin_code",
        "month_text = current_date",
        "month_text BETWEEN DATE '2026-01-01' AND DATE '2026-02-01'",
        "persons > now()",
        "status = true",
        "origin_code IN (SELECT persons FROM connected_monthly)",
        "CASE origin_code WHEN 13 THEN true ELSE false END",
    ] {
        let error = ask(condition).await.unwrap_err();
        assert_eq!(error.sqlstate(), "42883", "{condition}: {error}");
        assert!(error.parts().1.is_some(), "{condition}: {error}");
    }
    let (_, hint) = ask("origin_code = 13").await.unwrap_err().parts();
    assert!(hint.unwrap().contains("`'13'`"));
}

#[tokio::test]
async fn a_literal_that_no_value_looks_like_is_refused_with_the_right_form() {
    for (condition, right) in [
        ("month_text = '2026-04-01'", "`'2026-04'`"),
        ("month_text >= '2026-04-01'", "`'2026-04'`"),
        ("month_text BETWEEN '2026-01' AND '2026-04-30'", "`'2026-04'`"),
        ("month_text IN ('2026-04', '2026/05')", "`'2026-04'`"),
        ("'202604' = month_text", "`'2026-04'`"),
        ("month = '2026-10'", "`'2026-10-01'`, or ask `month_text` for `'2026-10'`"),
        ("month >= '2026-10'", "`'2026-10-01'`"),
        ("month = '2026-10-15'", "`'2026-10-01'`"),
        ("municipality_code = '1101'", "`'01101'`"),
        ("municipality_code = '011011'", "`'01101'`"),
        ("origin_code = '1'", "`'01'`"),
    ] {
        let error = ask(condition).await.unwrap_err();
        assert_eq!(error.sqlstate(), "22P02", "{condition}: {error}");
        assert!(error.parts().1.unwrap().contains(right), "{condition}: {error}");
    }
    let through = "SELECT 1 FROM (SELECT month_text AS m FROM connected_monthly UNION ALL SELECT month_text FROM connected_monthly) AS t \
         WHERE m = '2026-04-01'";
    assert!(answer(&engine(Limits::default()), asked(Door::Http, through)).await.is_err());
}

#[tokio::test]
async fn what_may_be_true_is_answered() {
    for condition in [
        "month_text = '2026-04'",
        "month_text LIKE '2026%'",
        "month = '2026-04-01'",
        "month = DATE '2026-04-01'",
        "month >= '2026-04-15'",
        "month BETWEEN DATE '2026-01-01' AND DATE '2026-02-01'",
        "month < current_date",
        "persons = '400'",
        "persons > 1.5",
        "origin_code IN ('13', 'all', 'outside', 'block_kinki')",
        "origin_code = NULL",
        "municipality_code >= '13' AND municipality_code < '14'",
        "status = 'anything'",
        "DATE '2026-01-01' < now()",
    ] {
        assert!(ask(condition).await.is_ok(), "{condition}: {:?}", ask(condition).await);
    }
}
