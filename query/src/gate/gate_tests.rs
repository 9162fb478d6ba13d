use super::*;
use crate::fixture::asked;
use crate::gate::measure::{SCANS, TEXT_BYTES};

fn read_at(door: Door, sql: &str) -> Result<Option<Admitted>, QueryError> {
    admit_one(&Arc::new(asked(door, sql)), &Plain)
}

fn read(sql: &str) -> Result<Option<Admitted>, QueryError> {
    read_at(Door::Http, sql)
}

fn refusal(sql: &str) -> String {
    read(sql).unwrap_err().parts().0
}

#[test]
fn a_write_is_refused_by_name_and_without_what_it_names() {
    assert_eq!(refusal("DROP TABLE secret_name"), "`DROP TABLE` is not allowed: this door is read-only");
    assert_eq!(refusal("drop view v;"), "`DROP VIEW` is not allowed: this door is read-only");
    assert_eq!(
        refusal("CREATE EXTERNAL TABLE t STORED AS CSV LOCATION 'x'"),
        "`CREATE EXTERNAL TABLE` is not allowed: this door is read-only"
    );
    assert_eq!(refusal("INSERT INTO t VALUES (1)"), "`INSERT` is not allowed: this door is read-only");
    assert_eq!(refusal("SET search_path = x"), "`SET` is not allowed: this door is read-only");
}

#[test]
fn a_refusal_says_what_is_allowed() {
    let (_, hint) = read("DELETE FROM t").unwrap_err().parts();
    assert!(hint.unwrap().starts_with("ask with SELECT"));
}

#[test]
fn reading_statements_pass() {
    for sql in [
        "SELECT 1",
        "select 1;",
        "WITH a AS (SELECT 1 AS x) SELECT x FROM a UNION ALL SELECT 2",
        "VALUES (1), (2)",
        "SHOW TABLES",
        "SHOW COLUMNS FROM connected_monthly",
        "SHOW FUNCTIONS",
        "SHOW FUNCTIONS LIKE 'h3%'",
        "SHOW ALL",
        "DESCRIBE connected_monthly",
        "EXPLAIN SELECT 1",
        "EXPLAIN VERBOSE SELECT 1",
    ] {
        assert!(read(sql).is_ok(), "{sql}: {:?}", read(sql));
    }
}

#[test]
fn a_subquery_may_leave_rows_out_where_it_looks_at_nothing_around_it() {
    let from = "FROM municipalities AS m WHERE";
    for inner in [
        "m.municipality = (SELECT n.neighbour FROM neighbours AS n ORDER BY n.neighbour LIMIT 1 OFFSET 2)",
        "m.municipality IN (SELECT n.neighbour FROM neighbours AS n WHERE EXISTS \
         (SELECT 1 FROM calendar AS c WHERE c.holiday = n.neighbour) LIMIT 5)",
        "EXISTS (SELECT 1 FROM neighbours AS n WHERE n.neighbour = m.municipality LIMIT 5)",
        "m.municipality = (SELECT n.neighbour FROM neighbours AS n WHERE n.neighbour = m.municipality LIMIT 1)",
    ] {
        let sql = format!("SELECT 1 {from} {inner}");
        assert!(read(&sql).is_ok(), "{sql}: {:?}", read(&sql));
    }
    let sql = format!(
        "SELECT 1 {from} EXISTS (SELECT 1 FROM neighbours AS n WHERE n.neighbour = m.municipality OFFSET 5)"
    );
    assert!(
        matches!(read(&sql), Err(QueryError::Unsupported(told)) if told.starts_with("OFFSET in a subquery"))
    );
}

#[test]
fn one_statement_is_asked_for() {
    assert!(matches!(read("SELECT 1; SELECT 2"), Err(QueryError::SeveralStatements { count: 2, most: 1 })));
    assert!(matches!(read(" -- nothing\n"), Ok(None)));
    assert!(matches!(read("SELECT 1; DROP TABLE t"), Err(QueryError::NotAllowed(_))));
}

#[test]
fn a_syntax_error_says_where() {
    let error = read("SELECT 1\n)").unwrap_err();
    assert_eq!(error.sqlstate(), "42601");
    assert!(error.to_string().contains("Line: 2, Column: 1"), "{error}");
}

#[test]
fn chains_are_bounded_and_lists_are_not() {
    let chain = format!("SELECT {}", vec!["1"; 1_100].join("+"));
    assert_eq!(read(&chain).unwrap_err().sqlstate(), "54001");
    let list = format!("SELECT 1 WHERE 1 IN ({})", vec!["'x'"; 50_000].join(", "));
    assert!(measure(&list).is_ok());
    assert_eq!(measure(&" ".repeat(TEXT_BYTES + 1)).unwrap_err().sqlstate(), "54001");
}

#[test]
fn expressions_that_multiply_scans_are_refused_and_long_pipelines_are_not() {
    let pipeline = |levels: usize, body: &dyn Fn(usize) -> String| {
        let levels: Vec<_> = (1..=levels).map(|level| format!("c{level} AS ({})", body(level - 1))).collect();
        format!("WITH c0 AS (SELECT a FROM t), {} SELECT a FROM {}", levels.join(", "), "C7")
    };
    let doubling = |before| format!("SELECT x.a FROM c{before} AS x CROSS JOIN \"c{before}\" AS y");
    let error = read(&pipeline(30, &doubling)).unwrap_err();
    assert!(matches!(error, QueryError::TooComplex { limit, .. } if limit as u64 == SCANS), "{error}");
    assert!(read(&pipeline(7, &doubling)).is_ok());
    let nested = |before| format!("SELECT a FROM c{before} WHERE a IN (SELECT a FROM c{before})");
    assert!(read(&pipeline(30, &nested)).is_err());
    assert!(read(&pipeline(100, &|before| format!("SELECT a + 1 AS a FROM c{before}"))).is_ok());
}

#[test]
fn what_clients_of_the_postgres_wire_send_is_admitted_at_their_door_only() {
    let allowed = |door, sql: &str| read_at(door, sql).map(|admitted| admitted.unwrap().into_parts().1);
    for sql in ["SET search_path = x", "BEGIN", "COMMIT", "ROLLBACK", "RESET ALL", "DISCARD ALL"] {
        assert!(matches!(allowed(Door::Postgres, sql), Ok(Allowed::Command(_))), "{sql}");
        for door in [Door::Http, Door::CommandLine] {
            assert!(matches!(allowed(door, sql), Err(QueryError::NotAllowed(_))), "{sql} at {door}");
        }
    }
    let show = "SHOW transaction_isolation";
    for door in [Door::Postgres, Door::Http, Door::CommandLine] {
        assert!(matches!(allowed(door, show), Ok(Allowed::Show(_))), "{show} at {door}");
    }
}

#[test]
fn nobody_becomes_somebody_else() {
    let state = |sql: &str| read_at(Door::Postgres, sql).err().map(|error| error.sqlstate().to_owned());
    for sql in ["SET ROLE admin", "SET SESSION AUTHORIZATION 'admin'", "SET LOCAL ROLE admin"] {
        assert_eq!(state(sql).as_deref(), Some("42501"), "{sql}");
    }
    for sql in ["SET ROLE NONE", "SET SESSION AUTHORIZATION DEFAULT", "RESET ROLE"] {
        assert_eq!(state(sql), None, "{sql}");
    }
}

#[test]
fn statements_of_a_client_come_together_and_no_write_hides_among_them() {
    let admitted = |sql| admit(&Arc::new(asked(Door::Postgres, sql)), &Plain);
    assert_eq!(admitted("BEGIN; SELECT 1; COMMIT").unwrap().len(), 3);
    assert_eq!(admitted("BEGIN; SELECT 1; SELECT 2").unwrap().len(), 3);
    let many = "SELECT 1;".repeat(MOST_STATEMENTS + 1);
    assert!(matches!(admitted(&many), Err(QueryError::SeveralStatements { most: MOST_STATEMENTS, .. })));
    for write in ["COPY t FROM STDIN", "COPY (SELECT 1) TO '/tmp/x'", "COPY (SELECT 1) TO PROGRAM 'ls'"] {
        assert!(matches!(admitted(write), Err(QueryError::NotAllowed(_))), "{write}");
    }
    for write in
        ["PREPARE x AS DROP TABLE t", "PREPARE x AS DELETE FROM t", "DECLARE c CURSOR FOR SELECT 1 INTO t"]
    {
        assert!(admitted(write).is_err(), "{write}");
    }
    assert!(matches!(admitted("BEGIN; DROP TABLE t; COMMIT"), Err(QueryError::NotAllowed(_))));
    assert!(admitted(";").unwrap().is_empty());
}
