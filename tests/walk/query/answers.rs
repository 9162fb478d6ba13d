//! From a simulated feed to answers over every door, and the feed's own counts beside ours.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command};

use kayoi_lake::Lake;
use kayoi_schemas::tables::{InternalTable, ReleaseTable};
use serde_json::Value;
use tempfile::TempDir;

use crate::kayoi::{command, json, refused, run, start, text};

/// A small demo, made once for the tests of this file.
fn demo(folder: &Path) -> String {
    run(&[
        "demo",
        "--no-serve",
        "--dir",
        text(&folder.join("demo")),
        "--devices",
        "600",
        "--days",
        "396",
        "--seed",
        "5",
    ])
}

/// A server; dropping it stops it.
pub struct Server {
    process: Child,
    /// Port of the Postgres wire.
    pub pg_port: String,
    /// Host and port of HTTP.
    pub http: String,
    /// Where Arrow Flight is, with its scheme.
    pub flight: String,
}

impl Server {
    /// Serves a lake on free ports.
    pub fn start(lake: &Path) -> Self {
        Self::start_with(lake, &[])
    }

    /// As [`Server::start`], with more arguments.
    pub fn start_with(lake: &Path, arguments: &[&str]) -> Self {
        let journal = lake.join("journal");
        let known = [
            "serve",
            "--lake",
            text(lake),
            "--pg-port",
            "0",
            "--http-port",
            "0",
            "--flight-port",
            "0",
            "--journal-dir",
            text(&journal),
        ];
        let mut process = start(&[&known[..], arguments].concat());
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let mut next = |start: &str| loop {
            let line = lines.next().expect("the server says where it listens").unwrap();
            if let Some(rest) = line.strip_prefix(start) {
                return rest.trim().to_owned();
            }
        };
        let pg = next("SQL:");
        let http = next("HTTP:");
        let http = http
            .trim_start_matches("https://")
            .trim_start_matches("http://")
            .trim_end_matches('/')
            .to_owned();
        let flight = next("Arrow Flight SQL:");
        let pg_port = pg.split("-p ").nth(1).unwrap().split(' ').next().unwrap().to_owned();
        Self { process, pg_port, http, flight }
    }

    /// Its process.
    pub fn process(&self) -> u32 {
        self.process.id()
    }

    fn psql(&self, sql: &str) -> (bool, String, String) {
        let output = Command::new("psql")
            .args([
                "-h",
                "127.0.0.1",
                "-p",
                &self.pg_port,
                "-d",
                "kayoi",
                "-U",
                "analyst",
                "-A",
                "-t",
                "-c",
                sql,
            ])
            .output()
            .expect("psql: scripts/setup test installs it");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().trim().to_owned();
        (output.status.success(), text(output.stdout), text(output.stderr))
    }

    /// Status line and body of a page.
    pub fn get(&self, path: &str) -> (String, String) {
        let mut stream = TcpStream::connect(&self.http).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.http).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.lines().next().unwrap().to_owned(), body.to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn the_demo_answers_in_two_languages_and_every_door_agrees() {
    let folder = TempDir::new().unwrap();
    let screen = demo(folder.path());
    for words in
        ["関係人口", "How many people are connected", "二地域居住", "Figures are of simulated devices"]
    {
        assert!(screen.contains(words), "the demo does not say `{words}`:\n{screen}");
    }
    let lake = folder.path().join("demo/lake");
    leaves_what_a_run_leaves(&lake, &screen);
    conserves(folder.path(), &lake);
    doors_agree(&lake);
    releases_are_safe(&lake);
    scores(folder.path(), &lake);

    // The folder of a demo is replaced by the next one; another folder is not touched.
    std::fs::create_dir(folder.path().join("mine")).unwrap();
    std::fs::write(folder.path().join("mine/letter.txt"), "dear").unwrap();
    let error = refused(&["demo", "--no-serve", "--dir", text(&folder.path().join("mine"))]);
    assert!(error.contains("mine") && error.contains("hint:"), "{error}");
    assert!(folder.path().join("mine/letter.txt").exists());
}

/// The run stands where an operator looks, and says the months that the list of releases has.
fn leaves_what_a_run_leaves(lake: &Path, screen: &str) {
    let runs = json(&["lake", "runs", "--json", "--lake", text(lake)]);
    assert_eq!(runs["runs"][0]["step"], "aggregate", "{runs}");
    assert_eq!(runs["runs"][0]["measures"]["success"], 1.0, "{runs}");
    let listed = json(&["release", "list", "--json", "--lake", text(lake)]);
    let months = &listed["releases"][0]["months"];
    let said = format!("months {} to {}", months[0].as_str().unwrap(), months[1].as_str().unwrap());
    assert!(screen.contains(&said), "the demo does not say `{said}`:\n{screen}");
}

/// What the simulator wrote is what ingest found.
fn conserves(folder: &Path, lake: &Path) {
    let written = std::fs::read(folder.join("demo/feed/truth/summary.json")).unwrap();
    let written: Value = serde_json::from_slice(&written).unwrap();
    let number = |name: &str| written[name].as_u64().unwrap();
    let lake = Lake::open(lake).unwrap();
    let rows = |table| lake.files(table).unwrap().iter().map(|file| file.row_count).sum::<u64>();
    let malformed: u64 = written["malformed"].as_object().unwrap().values().filter_map(Value::as_u64).sum();
    assert_eq!(rows(InternalTable::Rejects), malformed);
    let (stored, copies) = (rows(InternalTable::Pings), number("duplicates"));
    let good = number("good");
    assert!((good..=good + copies).contains(&stored), "stored {stored}, good {good}, copies {copies}");
}

fn doors_agree(lake: &Path) {
    let server = Server::start(lake);
    let sql = "SELECT municipality_code, persons FROM connected_monthly WHERE kind = 'connected' AND origin_code = 'all' \
               AND persons IS NOT NULL ORDER BY month DESC, persons DESC, municipality_code LIMIT 3";
    let from_cli = run(&["query", sql, "--format", "csv", "--lake", text(lake)]);
    let from_cli: Vec<String> = from_cli.lines().skip(1).map(|line| line.replace(',', "|")).collect();
    assert!(!from_cli.is_empty(), "nothing is published");
    let (ok, out, err) = server.psql(sql);
    assert!(ok, "{err}");
    assert_eq!(out.lines().collect::<Vec<_>>(), from_cli);
    let encoded: String = sql.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let (status, body) = server.get(&format!("/v1/query?sql={encoded}"));
    assert!(status.contains("200"), "{status}: {body}");
    let answer: Value =
        serde_json::from_str(&body[body.find('{').unwrap()..=body.rfind('}').unwrap()]).unwrap();
    let rows = answer["rows"].as_array().unwrap();
    let rows: Vec<String> = rows
        .iter()
        .map(|row| format!("{}|{}", row["municipality_code"].as_str().unwrap(), row["persons"]))
        .collect();
    assert_eq!(rows, from_cli);

    let (ok, tables, err) = server.psql("\\dt");
    assert!(ok && tables.contains("connected_monthly") && !tables.contains("pings"), "{tables}{err}");
    for sql in ["DROP TABLE connected_monthly", "SELECT * FROM pings", "COPY connected_monthly TO '/tmp/x'"] {
        assert!(!server.psql(sql).0, "{sql} was allowed");
    }
    assert!(server.get("/v1/query?sql=DELETE%20FROM%20visitors_daily").0.contains(" 40"));
}

/// No release table has a small figure, or a 0 where nothing may be said.
fn releases_are_safe(lake: &Path) {
    let has_figures =
        |table: &ReleaseTable| table.table().columns.iter().any(|column| column.name == "persons");
    for table in ReleaseTable::ALL.into_iter().filter(has_figures) {
        let name = table.table().name;
        let count = |condition: &str| {
            let sql = format!("SELECT count(*) AS n FROM {name} WHERE {condition}");
            json(&["query", &sql, "--format", "json", "--lake", text(lake)]).to_string()
        };
        let has = |column: &str| table.table().columns.iter().any(|known| known.name == column);
        for condition in [
            "persons < 10",
            "persons % 10 <> 0",
            "(status IN ('published', 'provisional')) <> (persons IS NOT NULL)",
            "(status = 'rolled_up') <> (rolled_up_persons IS NOT NULL) OR rolled_up_persons = 0",
            "(status IN ('hidden', 'rolled_up')) <> (fewer_than IS NOT NULL)",
            "series <> 'trial'",
            "persons_low > persons OR persons_high < persons",
            "definition <> 'connected-2026/5' OR boundaries NOT LIKE 'simplified borders%'",
        ] {
            let is_of_rungs = condition.contains("rolled_up");
            // A table without coarser rungs says `fewer_than` of a hidden figure and no more.
            let condition = match (is_of_rungs, has("rolled_up_persons")) {
                (true, false) => "(status = 'hidden') <> (fewer_than IS NOT NULL)",
                _ => condition,
            };
            let answer = count(condition);
            assert!(
                answer.contains("\"n\":0") || answer.contains("\"n\": 0"),
                "{name}: {condition}: {answer}"
            );
        }
    }
}

fn scores(folder: &Path, lake: &Path) {
    let truth = folder.join("demo/feed/truth");
    let arguments = ["simulate", "--score", "--json", "--truth", text(&truth), "--lake", text(lake)];
    let score = json(&arguments);
    assert!(score.is_object());
    let table = run(&["simulate", "--score", "--truth", text(&truth), "--lake", text(lake)]);
    for words in ["primary residence", "second residence", "workation", "visit-day class"] {
        assert!(table.contains(words), "{table}");
    }
}

#[test]
fn every_command_explains_itself() {
    for name in [
        "schema",
        "definitions",
        "boundaries",
        "codes",
        "mesh",
        "simulate",
        "ingest",
        "aggregate",
        "release",
        "query",
        "serve",
        "demo",
    ] {
        let help = run(&[name, "--help"]);
        assert!(help.contains("Usage: kayoi"), "{name}");
    }
    let wrong = command(&["ingest"]).output().unwrap();
    assert_eq!(wrong.status.code(), Some(2));
    let schema = run(&["schema"]);
    for table in
        InternalTable::ALL.map(InternalTable::table).iter().chain(&ReleaseTable::ALL.map(ReleaseTable::table))
    {
        assert!(schema.contains(table.name));
        assert!(table.columns.iter().all(|column| schema.contains(column.doc)), "{}", table.name);
    }
    assert!(run(&["definitions"]).contains("precedent: MLIT"));
    assert_eq!(
        run(&["definitions", "--toml"]),
        crate::repository::read("schemas/definitions/connected-2026.toml")
    );
    let place = json(&["boundaries", "place", "36.1789", "137.7027", "--json"]);
    assert_eq!((&place["basic_code"], &place["is_simplified"]), (&"20202".into(), &true.into()));
}

#[test]
fn codes_and_meshes_are_answered_from_the_command_line() {
    let new_year = ["--from", "2023-12-31", "--to", "2024-01-01"];
    let changes = run(&[["codes", "changes"].as_slice(), &new_year].concat());
    assert_eq!(changes.lines().count(), 8);
    assert!(changes.contains("浜松市北区 (22135) → 浜松市中央区 (22138) in part"), "{changes}");
    let convert =
        |more: &[&'static str]| [["codes", "convert", "22135"].as_slice(), &new_year, more].concat();
    let error = refused(&convert(&[]));
    assert!(
        error.contains("22135") && error.contains("the shares are not known") && error.contains("hint:"),
        "{error}"
    );
    let parts = run(&convert(&["--weight", "22138=1", "--weight", "22139=3"]));
    assert_eq!(parts, "22138 浜松市中央区 0.25\n22139 浜松市浜名区 0.75\n");
    let table = run(&[["codes", "table"].as_slice(), &new_year].concat());
    assert!(table.contains("\n22131,22138,2024-01-01,1\n") && table.contains("\n22135,22138,2024-01-01,\n"));
    assert_eq!(run(&["codes", "chain", "28102"]), "神戸市灘区 < 神戸市 < 兵庫県 < 近畿圏 < 全国\n");
    assert!(refused(&["codes", "chain", "28102", "--on", "soon"]).contains("`soon` is not a date"));

    let codes = json(&["mesh", "at", "35.658581", "139.745433", "--json"]);
    assert_eq!((&codes["1000"], &codes["125"]), (&"53393599".into(), &"53393599212".into()));
    let shares = run(&["mesh", "shares", "892f5aadc6fffff", "--metres", "500"]);
    let shares: Vec<f64> =
        shares.lines().skip(1).map(|line| line.rsplit(',').next().unwrap().parse().unwrap()).collect();
    assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9 && shares.len() > 1, "{shares:?}");
    assert!(
        refused(&["mesh", "shares", "892f5aadc6fffff", "--metres", "100"])
            .contains("not a level of JIS X 0410")
    );
    assert!(refused(&["mesh", "at", "-35", "139"]).contains("has no mesh"));
}
