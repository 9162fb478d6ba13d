//! What PostgreSQL answers, we answer, or we say that we do not.
//!
//! In: expressions and values at their edges (`expressions.txt`), each combination a statement, on a real
//! PostgreSQL and on a served lake. Out: nothing, when each answer is equal, or both are errors, or ours is
//! an error with a hint. What differs otherwise stands in `differences.txt`, with the reason, and a line there
//! that no longer differs fails the test too.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use kayoi_harness::postgres::Postgres;
use kayoi_lake::Lake;
use tempfile::TempDir;

use super::answers::Server;

/// Fewest statements that make the comparison worth its name.
const STATEMENTS: usize = 500;

fn statements() -> Vec<String> {
    let mut statements = Vec::new();
    let mut values: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for line in include_str!("expressions.txt").lines().filter(|line| !line.is_empty()) {
        if line.starts_with("# ") {
            values.clear();
        } else if let Some((name @ ("a" | "b"), list)) = line.split_once(" = ") {
            values.insert(name, list.split(" | ").collect());
        } else {
            let first = ["SELECT ", "WITH ", "SHOW "].iter().any(|word| line.starts_with(word));
            let mut expanded = vec![if first { line.to_owned() } else { format!("SELECT {line}") }];
            for (name, list) in &values {
                let place = format!("{{{name}}}");
                let fill = |sql: &String| match sql.contains(&place) {
                    true => list.iter().map(|value| sql.replace(&place, value)).collect(),
                    false => vec![sql.clone()],
                };
                expanded = expanded.iter().flat_map(fill).collect();
            }
            statements.extend(expanded);
        }
    }
    statements
}

/// What a server said to one statement.
#[derive(Debug, Default)]
struct Said {
    rows: String,
    error: String,
}

/// Where a line of a stream belongs.
type Part = fn(&mut Said) -> &mut String;

/// Sends all statements over one connection.
fn ask(port: &str, database: &str, statements: &[String], folder: &Path) -> Vec<Said> {
    let mut script = String::new();
    for (number, statement) in statements.iter().enumerate() {
        writeln!(script, "\\echo @{number}\n\\warn @{number}\n{};", statement).unwrap();
    }
    let file = folder.join("script.sql");
    std::fs::write(&file, script).unwrap();
    let output = Command::new("psql")
        .args(["-X", "-A", "-t", "-q", "-v", "VERBOSITY=verbose", "-P", "null=NULL", "-U", "analyst"])
        .args(["-h", "127.0.0.1", "-p", port, "-d", database, "-f"])
        .arg(&file)
        .env("PGCLIENTENCODING", "UTF8")
        .output()
        .unwrap();
    let mut said: Vec<Said> = statements.iter().map(|_| Said::default()).collect();
    let streams: [(Vec<u8>, Part); 2] =
        [(output.stdout, |said| &mut said.rows), (output.stderr, |said| &mut said.error)];
    for (bytes, part) in streams {
        let mut number = 0;
        for line in String::from_utf8(bytes).unwrap().lines() {
            match line.strip_prefix('@').and_then(|at| at.parse().ok()) {
                Some(next) => number = next,
                None => writeln!(part(&mut said[number]), "{line}").unwrap(),
            }
        }
    }
    said
}

/// A time without the zeros at the end of its seconds, which the wire's encoder always writes.
fn without_zeros(field: &str) -> String {
    let Some((before, after)) = field.split_once('.').filter(|(before, _)| before.contains(':')) else {
        return field.to_owned();
    };
    let end = after.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(after.len());
    let (fraction, zone) = after.split_at(end);
    match fraction.trim_end_matches('0') {
        "" => format!("{before}{zone}"),
        fraction => format!("{before}.{fraction}{zone}"),
    }
}

/// Equal, a number by its value: here a number with a point is double precision, and shows fewer digits.
fn is_equal(theirs: &str, ours: &str) -> bool {
    let fields = |text: &str| text.lines().map(|line| line.split('|').map(without_zeros).collect()).collect();
    let (theirs, ours): (Vec<Vec<String>>, Vec<Vec<String>>) = (fields(theirs), fields(ours));
    let is_same = |(one, other): (&String, &String)| {
        one == other
            || match (one.parse::<f64>(), other.parse::<f64>()) {
                (Ok(one), Ok(other)) => (one - other).abs() <= 1e-12 * one.abs().max(other.abs()),
                _ => false,
            }
    };
    theirs.len() == ours.len()
        && theirs
            .iter()
            .zip(&ours)
            .all(|(one, other)| one.len() == other.len() && one.iter().zip(other).all(is_same))
}

/// How an answer of ours differs, if it does.
fn difference(theirs: &Said, ours: &Said) -> Option<&'static str> {
    match (theirs.error.contains("ERROR:"), ours.error.contains("ERROR:")) {
        (true, true) => None,
        (false, true) if ours.error.contains("HINT:") => None,
        (false, true) => Some("we fail without a hint"),
        (true, false) => Some("we answer where PostgreSQL has an error"),
        (false, false) if is_equal(&theirs.rows, &ours.rows) => None,
        (false, false) => Some("we answer otherwise"),
    }
}

#[test]
fn each_statement_is_answered_as_postgresql_answers_it_or_not_at_all() {
    let folder = TempDir::new().unwrap();
    let lake = folder.path().join("lake");
    Lake::open(&lake).unwrap();
    let statements = statements();
    assert!(statements.len() >= STATEMENTS, "only {} statements", statements.len());
    let postgres = Postgres::start();
    let server = Server::start(&lake);
    let theirs = ask(&postgres.port.to_string(), "postgres", &statements, folder.path());
    let ours = ask(&server.pg_port, "kayoi", &statements, folder.path());

    let known: Vec<&str> =
        include_str!("differences.txt").lines().filter(|line| !line.starts_with("# ")).collect();
    let mut unused: BTreeSet<&str> = known.iter().copied().filter(|line| !line.is_empty()).collect();
    let mut wrong = String::new();
    let (mut equal, mut both_fail, mut refused) = (0, 0, 0);
    for ((statement, theirs), ours) in statements.iter().zip(&theirs).zip(&ours) {
        match difference(theirs, ours) {
            None if !ours.error.contains("ERROR:") => equal += 1,
            None if theirs.error.contains("ERROR:") => both_fail += 1,
            None => refused += 1,
            Some(_) if known.contains(&statement.as_str()) => {
                unused.remove(statement.as_str());
            }
            Some(how) => {
                let told = |said: &Said| format!("{}{}", said.rows, said.error);
                writeln!(
                    wrong,
                    "{how}: {}\n--- PostgreSQL\n{}--- here\n{}",
                    statement,
                    told(theirs),
                    told(ours)
                )
                .unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(unused.is_empty(), "these differ no more: {unused:?}");
    // A server that refuses everything would pass otherwise.
    let total = statements.len();
    assert!(
        equal * 3 > total * 2,
        "of {total} only {equal} are equal; both refuse {both_fail}, only we refuse {refused}"
    );
}
