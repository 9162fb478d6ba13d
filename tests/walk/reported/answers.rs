//! What a question may say and what its answer says.

use std::path::Path;
use std::process::Command;

use kayoi_lake::Lake;
use tempfile::TempDir;

use super::input;
use crate::query::answers::Server;

/// A served lake without releases.
fn served(folder: &Path) -> Server {
    let lake = folder.join("lake");
    Lake::open(&lake).unwrap();
    Server::start(&lake)
}

/// What psql prints for a file or a text, on stdout and on stderr, in the variables of an environment.
fn psql(server: &Server, arguments: &[&str], environment: &[(&str, &str)]) -> (String, String) {
    let output = Command::new("psql")
        .args(["-X", "-A", "-t", "-q", "-v", "VERBOSITY=verbose", "-h", "127.0.0.1", "-p", &server.pg_port])
        .args(["-U", "analyst", "-d", "kayoi"])
        .args(arguments)
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().trim().to_owned();
    (text(output.stdout), text(output.stderr))
}

#[test]
fn r16_a_zone_that_is_set_is_the_zone_of_the_answers() {
    let folder = TempDir::new().unwrap();
    let server = served(folder.path());
    let (out, err) = psql(&server, &["-f", input("R16", "timezone.sql").to_str().unwrap()], &[]);
    let lines: Vec<_> = out.lines().collect();
    assert!(err.is_empty() && lines.len() == 2, "{out}{err}");
    assert_eq!(lines[0], "Asia/Tokyo");
    assert!(lines[1].ends_with("+09"), "now() is not in the zone: {}", lines[1]);

    let ask = |sql: &str| psql(&server, &["-c", sql], &[]).0;
    assert_eq!(ask("SHOW TIME ZONE"), "Asia/Tokyo", "until somebody sets another");
    for (set, shown, offset) in [
        ("SET TIME ZONE 'UTC'", "UTC", "+00"),
        ("SET timezone TO 'asia/kolkata'", "Asia/Kolkata", "+05:30"),
        ("SET TIME ZONE -3", "-03:00", "-03"),
        ("SET TIME ZONE INTERVAL '+09:00' HOUR TO MINUTE", "+09:00", "+09"),
        ("SET TimeZone = DEFAULT", "Asia/Tokyo", "+09"),
        ("SET SESSION timezone = 'America/St_Johns'", "America/St_Johns", ""),
    ] {
        assert_eq!(ask(&format!("{set}; SHOW timezone")), shown, "{set}");
        assert!(ask(&format!("{set}; SELECT now()::text")).ends_with(offset), "{set}");
    }
    let day = "SELECT current_date = (now() AT TIME ZONE 'Pacific/Kiritimati')::date";
    assert_eq!(ask(&format!("SET timezone = 'Pacific/Kiritimati'; {day}")), "t");
    let instant = "SELECT TIMESTAMPTZ '2026-04-03 15:04:05+00'";
    assert_eq!(ask(&format!("{instant}::text")), "2026-04-04 00:04:05+09");
    assert_eq!(ask(&format!("SET timezone = 'UTC'; {instant}::text")), "2026-04-03 15:04:05+00");
    let trunc = "SELECT date_trunc('day', TIMESTAMPTZ '2026-04-03 15:04:05+00')::text";
    assert_eq!(ask(trunc), "2026-04-04 00:00:00+09");

    let at_start = |name: &str, value: &str| psql(&server, &["-c", "SHOW timezone"], &[(name, value)]).0;
    assert_eq!(at_start("PGTZ", "Europe/Paris"), "Europe/Paris");
    assert_eq!(at_start("PGOPTIONS", "-c timezone=Europe/Paris"), "Europe/Paris");
    for wrong in ["SET timezone = 'Mars/Olympus'", "SET timezone = '+09:00'"] {
        let (_, err) = psql(&server, &["-c", wrong], &[]);
        assert!(err.contains("22023") && err.contains("HINT:") && err.contains("Asia/Tokyo"), "{err}");
    }
}

#[test]
fn what_is_set_is_honoured_or_refused_or_warned_of() {
    let folder = TempDir::new().unwrap();
    let server = served(folder.path());
    for sql in [
        "SET client_encoding TO 'UTF8'; SET datestyle = ISO; SET extra_float_digits = 3; SET search_path TO public",
        "SET application_name = 'x'; SET statement_timeout = '5s'; SET standard_conforming_strings = on",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY; BEGIN READ ONLY; COMMIT",
        "SET client_min_messages TO warning; SET jit = off; RESET ALL; DISCARD ALL",
    ] {
        let (_, err) = psql(&server, &["-c", sql], &[]);
        assert!(err.is_empty(), "{sql}: {err}");
    }
    let shown = |sql: &str| psql(&server, &["-c", sql], &[]).0;
    assert_eq!(shown("SET statement_timeout = '500ms'; SHOW statement_timeout"), "500ms");
    assert_eq!(shown("SET application_name = 'abc'; SHOW application_name"), "abc");
    let all = shown("SHOW ALL");
    assert!(all.contains("TimeZone") || all.contains("timezone|"), "{all}");
    assert!(!all.contains("datafusion"), "{all}");
    for (sql, state) in [
        ("SET datestyle = 'German'", "22023"),
        ("SET client_encoding = 'SJIS'", "22023"),
        ("SET nonsense = 1", "42704"),
        ("SHOW nonsense", "42704"),
        ("SHOW datafusion.execution.batch_size", "42704"),
        ("SET server_version = '9'", "55P02"),
        ("SET ROLE admin", "42501"),
        ("SET SESSION AUTHORIZATION admin", "42501"),
    ] {
        let (_, err) = psql(&server, &["-c", sql], &[]);
        assert!(err.contains(state) && err.contains("HINT:"), "{sql}: {err}");
    }
    let (_, warned) = psql(&server, &["-c", "SET default_transaction_read_only = off"], &[]);
    assert!(warned.contains("WARNING:"), "{warned}");
    let slow = "SELECT count(*) FROM generate_series(1, 1000000000000) AS s(n) WHERE n % 7 = 3";
    let (_, err) = psql(&server, &["-c", "SET statement_timeout = '200ms'", "-c", slow], &[]);
    assert!(err.contains("57014") && err.contains("`200` ms"), "{err}");
}

#[test]
fn a_transaction_that_has_failed_answers_nothing_until_it_ends() {
    let folder = TempDir::new().unwrap();
    let server = served(folder.path());
    let script = folder.path().join("script.sql");
    let sql = "BEGIN;\nSELECT 1/0;\nSELECT 1;\nSHOW timezone;\nSET timezone = 'UTC';\nCOMMIT;\n\
               SELECT 2;\nBEGIN;\nSET timezone = 'UTC';\nROLLBACK;\nSHOW timezone;\nBEGIN;\nSELECT 3;\nCOMMIT;\n";
    std::fs::write(&script, sql).unwrap();
    let (out, err) = psql(&server, &["-f", script.to_str().unwrap()], &[]);
    assert_eq!(out, "2\nAsia/Tokyo\n3");
    assert_eq!((err.matches("22012").count(), err.matches("25P02").count()), (1, 3), "{err}");
    // In one message, what came before the error is answered, and the transaction has failed as well.
    let (out, err) = psql(&server, &["-c", "BEGIN; SHOW timezone; COMMIT"], &[]);
    assert!(out == "Asia/Tokyo" && err.is_empty(), "{out}{err}");
    let tagged = Command::new("psql")
        .args(["-X", "-h", "127.0.0.1", "-p", &server.pg_port, "-U", "analyst", "-d", "kayoi"])
        .args(["-c", "BEGIN", "-c", "SELECT 1/0", "-c", "COMMIT"])
        .output()
        .unwrap();
    assert_eq!(
        String::from_utf8_lossy(&tagged.stdout).trim(),
        "BEGIN\nROLLBACK",
        "what is lost is not said kept"
    );
}

#[test]
fn no_function_of_the_engine_is_there_that_is_not_listed() {
    let folder = TempDir::new().unwrap();
    let server = served(folder.path());
    for sql in [
        "SELECT input_file_name() FROM connected_monthly",
        "SELECT INPUT_FILE_NAME()",
        "SELECT file_row_index() FROM connected_monthly",
        "SELECT arrow_typeof(1)",
        "SELECT arrow_cast(1, 'Int8')",
        "SELECT arrow_metadata(persons) FROM connected_monthly",
        "SELECT get_field(1, 'a')",
        "SELECT uuid()",
        "SELECT array_repeat(1, 5)",
        "SELECT * FROM range(0, 5)",
        "SELECT * FROM read_parquet('/etc/passwd')",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM parquet_metadata('x')",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT pg_ls_dir('/')",
        "SELECT lo_import('/etc/passwd')",
        "SELECT * FROM information_schema.df_settings",
    ] {
        let (out, err) = psql(&server, &["-c", sql], &[]);
        assert!(out.is_empty() && err.contains("ERROR:"), "{sql}: {out}{err}");
        assert!(!err.contains(folder.path().to_str().unwrap()), "{sql}: {err}");
    }
    let names = "SELECT DISTINCT routine_name FROM information_schema.routines";
    let (routines, _) = psql(&server, &["-c", names], &[]);
    assert!(routines.contains("h3_cell") && routines.contains("municipality_at"), "{routines}");
    for engine in ["arrow_", "input_file", "list_append", "range", "to_unixtime"] {
        assert!(!routines.lines().any(|name| name.starts_with(engine)), "{engine}");
    }
    let path = folder.path().to_str().unwrap();
    for form in ["", "VERBOSE", "FORMAT TREE", "FORMAT JSON", "FORMAT GRAPHVIZ"] {
        let (out, _) =
            psql(&server, &["-c", &format!("EXPLAIN {form} SELECT persons FROM connected_monthly")], &[]);
        assert!(
            !out.contains(path) && !out.contains(".parquet") && !out.contains("batch_size"),
            "{form}: {out}"
        );
    }
}
