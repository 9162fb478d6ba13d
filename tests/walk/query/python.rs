//! Python and R: the package that notebooks import, and the notebooks in `deploy/notebooks`.
//!
//! In: a lake with two small releases, some of whose figures are hidden, served by the real binary: in clear to everybody,
//! and with TLS to a user. Out: nothing, when the package's own tests pass against it, every notebook runs from its first
//! cell to its last, and one that is wrong is told by the number of its cell.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use kayoi_lake::Manifest;
use kayoi_schemas::tables::ReleaseTable;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::answers::Server;
use super::flight::{certificate, client};
use super::released;
use crate::kayoi::{refused, run, text};
use crate::repository;

/// A town: code, name, romaji, and connected people, if they can be shown.
type Town = (&'static str, &'static str, &'static str, Option<i64>);

/// The towns of the releases.
const TOWNS: [Town; 5] = [
    ("20202", "松本市", "Matsumoto-shi", Some(69_420)),
    ("20204", "岡谷市", "Okaya-shi", Some(11_460)),
    ("20214", "茅野市", "Chino-shi", Some(57_730)),
    ("20321", "軽井沢町", "Karuizawa-machi", Some(12_340)),
    ("20485", "白馬村", "Hakuba-mura", None),
];
/// Where people live, and one part of how many of all that is.
const ORIGINS: [(&str, &str, &str, i64); 4] = [
    ("all", "all", "all", 1),
    ("prefecture", "13", "東京都", 4),
    ("prefecture", "14", "神奈川県", 8),
    ("prefecture", "23", "愛知県", 16),
];
const MONTHS: [&str; 2] = ["2026-02", "2026-03"];
/// A figure below it is put together with others.
const LEAST: i64 = 1_000;

/// A lake in which the second release has other figures than the first.
fn lake(folder: &Path) {
    for revision in 1..=2 {
        let mut rows = Vec::new();
        for month in MONTHS {
            for kind in ["connected", "visitor"] {
                rows.extend(TOWNS.iter().flat_map(|town| of_town(town, month, kind, revision)));
            }
        }
        let manifest = Manifest {
            revision,
            series: "trial".to_owned(),
            definition: "connected-2026/5".to_owned(),
            definition_hash: "0123456789ab".to_owned(),
            ..Manifest::default()
        };
        released::publish(folder, ReleaseTable::ConnectedMonthly, &rows, manifest);
    }
}

/// The rows of a town in a month, by origin.
fn of_town(town: &Town, month: &str, kind: &str, revision: u64) -> Vec<Value> {
    let (code, name, romaji, all) = *town;
    let row = |(level, origin_code, origin, part): &(&str, &str, &str, i64)| {
        let figure = all.map(|all| all / part + 10 * i64::from(revision == 2));
        let persons = figure.filter(|figure| *figure >= LEAST);
        let status = match (figure, persons) {
            (_, Some(_)) => "published",
            (Some(_), None) => "rolled_up",
            (None, _) => "hidden",
        };
        json!({
            "month": format!("{month}-01"), "month_text": month, "fiscal_year": 2025, "quarter": "2026-Q1",
            "municipality_code": code, "municipality": name, "municipality_romaji": romaji,
            "prefecture": "長野県", "kind": kind, "origin_level": level, "origin_code": origin_code,
            "origin": origin, "persons": persons, "persons_low": persons.map(|n| n - 100),
            "persons_high": persons.map(|n| n + 100), "quality": persons.map(|_| "A"), "status": status,
            "fewer_than": persons.is_none().then_some(LEAST), "window_months": 12, "series": "trial",
            "definition": "connected-2026/5", "definition_hash": "0123456789ab", "boundaries": "none",
            "code_date": "2025-01-01", "revision": revision,
        })
    };
    ORIGINS.iter().map(row).collect()
}

/// A Python that has what the package and the notebooks import, and the package itself.
fn python() -> Command {
    let root = repository::root();
    let install = root.join("tests/peers/install.py");
    let program = client(Command::new("python3").arg(install).args(["package", "--quiet"]));
    let mut python = Command::new(program.trim());
    python.env("PYTHONPATH", root.join("python/src")).env("PYTHONDONTWRITEBYTECODE", "1");
    python
}

/// Runs the package's own tests, none of which may be left out.
fn package(addresses: &[(&str, &str)]) {
    let mut tests = python();
    // What pandas or ADBC is about to change is a warning first.
    tests.args(["-W", "error", "-m", "unittest", "discover", "--verbose", "--start-directory"]);
    let output = tests.arg(repository::root().join("python/tests")).envs(addresses.iter().copied()).output();
    let output = output.unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let is_whole = said.trim_end().ends_with("\nOK") && !said.contains("Ran 0 tests");
    assert!(output.status.success() && is_whole, "{said}");
}

/// What the runner makes of a notebook.
fn notebook(path: &Path, server: &Server) -> Output {
    let mut runner = python();
    runner.arg(repository::root().join("tests/notebooks/run.py")).arg(path);
    runner.env("KAYOI_URL", format!("http://{}", server.http)).env("KAYOI_FLIGHT", &server.flight);
    runner.output().unwrap()
}

fn notebooks() -> Vec<PathBuf> {
    let folder = std::fs::read_dir(repository::root().join("deploy/notebooks")).unwrap();
    let paths = folder.map(|entry| entry.unwrap().path());
    paths.filter(|path| path.extension().is_some_and(|end| end == "ipynb")).collect()
}

#[test]
fn the_package_gives_what_the_doors_give() {
    let folder = TempDir::new().unwrap();
    lake(folder.path());
    let server = Server::start(folder.path());
    package(&[("KAYOI_URL", &format!("http://{}", server.http)), ("KAYOI_FLIGHT", &server.flight)]);
}

#[test]
fn the_package_signs_in_and_checks_who_answers() {
    let folder = TempDir::new().unwrap();
    let store = folder.path().join("lake");
    lake(&store);
    let password = run(&["user", "add", "taro", "--lake", text(&store)]);
    let (certificate, key) = certificate(folder.path(), "server");
    let tls = ["--tls-cert", text(&certificate), "--tls-key", text(&key)];
    let server = Server::start_with(&store, &tls);
    package(&[
        ("KAYOI_URL", &format!("https://{}", server.http)),
        ("KAYOI_FLIGHT", &server.flight),
        ("KAYOI_CA", text(&certificate)),
        ("KAYOI_USER", "taro"),
        ("KAYOI_PASSWORD", password.trim()),
    ]);
}

#[test]
fn an_extract_opens_where_it_is_sent() {
    let folder = TempDir::new().unwrap();
    let store = folder.path().join("lake");
    lake(&store);
    let out = |name: &str| text(&folder.path().join(name)).to_owned();
    let extract = |name: &str, more: &[&str]| {
        run(&[&["extract", "--lake", text(&store), "--out", &out(name), "--format"], more].concat())
    };
    extract("geoparquet", &["geoparquet"]);
    extract("geojson", &["geojson", "connected_monthly"]);
    extract("parquet", &["parquet"]);
    extract("month", &["csv", "--month", "2026-03", "--rev", "1"]);
    let script = repository::root().join("tests/walk/query/extract.py");
    let said = client(python().arg(script).arg(folder.path()));
    assert!(said.ends_with("all is as it should be\n"), "{said}");

    let mut refusals = vec![
        (vec!["connected"], "no release table"),
        (vec!["release_changes", "--format", "geojson"], "lie nowhere"),
        (vec!["--rev", "9"], "no release `9`"),
        (vec!["--month", "May"], "not a month"),
    ];
    for (more, told) in refusals.drain(..) {
        let refusal =
            refused(&[&["extract", "--lake", text(&store), "--out", &out("no")], &more[..]].concat());
        assert!(refusal.contains(told) && refusal.contains("hint:"), "{refusal}");
    }
}

#[test]
fn every_notebook_runs_from_its_first_cell_to_its_last() {
    let folder = TempDir::new().unwrap();
    lake(folder.path());
    let server = Server::start(folder.path());
    let notebooks = notebooks();
    assert!(notebooks.len() >= 4, "{notebooks:?}");
    for path in notebooks {
        let output = notebook(&path, &server);
        let said = String::from_utf8_lossy(&output.stdout);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.trim_end().ends_with("\nend"), "{said}\n{errors}");
        assert!(said.contains("connected-2026/5"), "{} does not say how to cite:\n{said}", path.display());
    }
}

#[test]
fn a_notebook_that_is_wrong_is_told_by_its_cell() {
    let folder = TempDir::new().unwrap();
    lake(folder.path());
    let server = Server::start(folder.path());
    for (name, cell, source, said) in [
        ("duckdb", 5, json!(["1 / 0"]), "cell 6: Traceback"),
        ("duckdb", 5, json!(["%pip install x"]), "cell 6 has a magic"),
        ("polars", 4, json!(["## Only English"]), "cell 5 is in one language"),
        ("r", 5, json!(["stop(\"no\")"]), "cell 6: "),
    ] {
        let path = repository::root().join(format!("deploy/notebooks/{name}.ipynb"));
        let mut spoilt: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        spoilt["cells"][cell]["source"] = source;
        let path = folder.path().join("spoilt.ipynb");
        std::fs::write(&path, spoilt.to_string()).unwrap();
        let output = notebook(&path, &server);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && errors.contains(said), "{name}: {errors}");
    }
}
