//! The Postgres wire, with the clients that people have: psql with all it asks by itself, and notebooks.
//!
//! In: a lake with one small release, served by the real binary. Out: nothing, when each client gets what it asks for.

use std::io::Write;
use std::process::{Command, Stdio};

use kayoi_schemas::tables::ReleaseTable;
use tempfile::TempDir;

use super::answers::Server;
use super::flight::{client, lake};
use crate::kayoi::text;
use crate::repository;

/// What psql 15 asks the catalog by itself. Left out are two about operator classes and collations, which no release
/// table has.
const ASKED: [&str; 55] = [
    "\\d",
    "\\d+",
    "\\d connected_monthly",
    "\\d+ connected_monthly",
    "\\dS+ peers",
    "\\dt+",
    "\\du+",
    "\\dg",
    "\\df+",
    "\\dn+",
    "\\dT+",
    "\\dp",
    "\\z",
    "\\db+",
    "\\dd",
    "\\da",
    "\\do",
    "\\l+",
    "\\dconfig",
    "\\ddp",
    "\\di",
    "\\ds",
    "\\dm",
    "\\dv+",
    "\\dE",
    "\\dc",
    "\\dC",
    "\\dD",
    "\\des",
    "\\det",
    "\\deu",
    "\\dew",
    "\\dF+",
    "\\dFd",
    "\\dFp",
    "\\dFt",
    "\\dL+",
    "\\dP",
    "\\drds",
    "\\dRp+",
    "\\dRs",
    "\\dx+",
    "\\dX",
    "\\dy+",
    "\\dA+",
    "\\dAc",
    "\\dAf",
    "\\dAo",
    "\\dl",
    "\\dtS",
    "\\sv peers",
    "\\sv questions.telework",
    "\\dv+ questions.*",
    "\\d+ questions.metro_to_local",
    "\\conninfo",
];

fn psql(server: &Server, script: &str) -> (String, String) {
    let mut psql = Command::new("psql");
    psql.args(["-X", "-h", "127.0.0.1", "-p", &server.pg_port, "-d", "kayoi", "-U", "analyst"]);
    let mut psql = psql.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    psql.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    let output = psql.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr))
}

#[test]
fn psql_is_told_what_it_asks_by_itself() {
    let folder = TempDir::new().unwrap();
    lake(folder.path());
    let server = Server::start(folder.path());
    for command in ASKED {
        let (_, errors) = psql(&server, &format!("{command}\n"));
        let errors: Vec<&str> = errors.lines().filter(|line| line.contains("ERROR")).collect();
        assert!(errors.is_empty(), "{command}: {errors:?}");
    }
    let (tables, _) = psql(&server, "\\dt+\n");
    for table in ReleaseTable::ALL {
        assert!(
            tables.contains(table.doc_ja()) && tables.contains(table.table().doc),
            "{}",
            table.table().name
        );
    }
    let (columns, _) = psql(&server, "\\d+ peers\n");
    for column in ReleaseTable::Peers.table().columns {
        assert!(columns.contains(column.doc), "{}", column.name);
    }
    let (view, _) = psql(&server, "\\sv questions.telework\n");
    assert!(view.contains("VIEW questions.telework AS") && view.contains("FROM work_monthly"), "{view}");
    let (views, _) = psql(&server, "\\dv+ questions.*\n");
    assert!(views.contains("distance_bands") && views.contains("each municipality"), "{views}");
    let (columns, _) = psql(&server, "\\d+ questions.metro_to_local\n");
    assert!(columns.contains("rows behind the sums that have no value"), "{columns}");
    let (visible, _) = psql(&server, "\\dv\n");
    assert!(!visible.contains("telework"), "{visible}");
    let (functions, _) = psql(&server, "\\df+ h3_cell\n");
    assert!(functions.contains("the H3 cell of a WGS 84 point"), "{functions}");
}

#[test]
fn psql_copies_reads_by_cursor_and_prepares() {
    let folder = TempDir::new().unwrap();
    lake(folder.path());
    let server = Server::start(folder.path());
    let copied = folder.path().join("copied.csv");
    let script = format!(
        "\\copy (SELECT municipality, persons FROM connected_monthly ORDER BY municipality_code) TO '{}' csv header\n\
         \\set FETCH_COUNT 7\nSELECT municipality_code FROM connected_monthly;\n\\unset FETCH_COUNT\n\
         BEGIN;\nDECLARE c CURSOR FOR SELECT * FROM generate_series(1, 9) AS t(a);\nFETCH 2 IN c;\nMOVE 3 FROM c;\nFETCH c;\nCLOSE c;\n\
         COMMIT;\nFETCH c;\nPREPARE q(text, int) AS SELECT $1 AS word, $2 + 1 AS next;\nEXECUTE q('通い', 41);\nEXECUTE q('x');\n\
         SELECT count(*), max(persons), 1, 1 FROM connected_monthly;\nSELECT 1 AS one \\; SELECT 2 AS two;\n\
         SELECT\n  person FROM connected_monthly;\nSELECT　1;\n",
        text(&copied)
    );
    let (answers, errors) = psql(&server, &script);
    let copied = std::fs::read_to_string(copied).unwrap();
    assert_eq!(copied.lines().next(), Some("municipality,persons"));
    assert_eq!(copied.lines().count(), 61);
    assert_eq!(
        copied.lines().filter(|line| line.ends_with(',')).count(),
        12,
        "hidden figures are empty: {copied}"
    );
    assert!(answers.contains("(60 rows)") && answers.contains("COPY 60"), "{answers}");
    assert!(answers.contains("MOVE 3") && answers.contains(" 6\n"), "{answers}");
    assert!(answers.contains("通い |   42"), "{answers}");
    assert!(answers.contains(" count | max | ?column? | ?column? "), "{answers}");
    assert!(answers.contains(" one ") && answers.contains(" two "), "{answers}");
    for told in [
        "there is no open cursor of that name",
        "takes another number of values",
        "LINE 2:   person FROM connected_monthly;\n          ^",
        "HINT:  the nearest are persons",
        "full-width space (全角空白)",
    ] {
        assert!(errors.contains(told), "`{told}` is missing:\n{errors}");
    }
}

#[test]
fn notebooks_ask_with_their_own_drivers() {
    let folder = TempDir::new().unwrap();
    lake(folder.path());
    let server = Server::start(folder.path());
    let install = repository::root().join("tests/peers/install.py");
    let python = client(Command::new("python3").arg(install).args(["notebooks", "--quiet"]));
    let program = repository::root().join("tests/parts/postgres/ask.py");
    let url = format!("postgresql://analyst@127.0.0.1:{}/kayoi", server.pg_port);
    let said = client(Command::new(python.trim()).arg(program).arg(url).env("PYTHONDONTWRITEBYTECODE", "1"));
    assert!(said.trim_end().ends_with("end"), "{said}");
    // And those of targets, municipalities, neighbours, dates and errors of classes.
    let tables = ReleaseTable::ALL.len() + 5;
    for line in
        [format!("ok reflection {tables} 60"), "ok pandas 60 12".to_owned(), format!("ok adbc {tables}")]
    {
        assert!(said.lines().any(|told| told == line), "`{line}` is missing:\n{said}");
    }
}
