//! What people read after they did something wrong. In: command lines that cannot succeed. Out: their errors and exit
//! codes, in one file per room of the house, so that a review sees them as their reader does.
//!
//! Errors that need a broker, a bucket or a broken disk are met in the tests of those; their texts are in `texts.rs`.

use std::fmt::Write as _;
use std::path::Path;

use tempfile::TempDir;

use super::{keep, printed};
use crate::bad_records::good_record;
use crate::kayoi::{run, text};
use crate::repository;

/// What somebody tried, and the words typed for it; `<dir>` is the folder that [`prepare`] made.
type Case = (&'static str, &'static [&'static str]);

/// A folder with files that are wrong in one way each, and a lake with one ping.
fn prepare(folder: &Path) {
    let write = |name: &str, content: &str| std::fs::write(folder.join(name), content).unwrap();
    let definition = repository::read("schemas/definitions/connected-2026.toml");
    write("misspelt.toml", &definition.replace("home_min_nights", "home_min_night"));
    write("cut.toml", &definition[..definition.len() / 2]);
    write("no-toml.toml", "home_min_nights: 14\n");
    write("no.zip", "not a zip");
    write("empty.geojson", r#"{"type":"FeatureCollection","features":[]}"#);
    write("area.geojson", UNNAMED);
    write("damaged.kayoi", "KAYOI-something else");
    write("letter.txt", "dear");
    write("no-device.csv", "id,timestamp,latitude,longitude\na,1750000000000,36.1,138.1\n");
    write("offices.csv", "name,latitude,longitude,radius_m\nTokyo,35.68,139.76,9000\n");
    write("offices-without-name.csv", "latitude,longitude\n35.68,139.76\n");
    write("config-misspelt.toml", "[kafka]\nbrokerz = \"localhost:9092\"\n");
    write("config-value.toml", "stop_deadline = \"soon\"\n");
    write("config-size.toml", "[memory]\nqueue = \"12 potatoes\"\n");
    write("config-no-feed.toml", "job = \"ingest\"\n");
    write("config-secret.toml", "[kafka]\npassword = \"swordfish\"\n");
    std::fs::create_dir(folder.join("newer")).unwrap();
    write("newer/kayoi-lake.json", r#"{"format":99}"#);
    std::fs::create_dir(folder.join("letters")).unwrap();
    write("letters/letter.txt", "dear");
    write("lake.key", &"0".repeat(64));
    write("new.key", &"1".repeat(64));
    std::fs::write(folder.join("one.ndjson"), [good_record("device-1", 0), b"\n".to_vec()].concat()).unwrap();
    run(&["ingest", "--file", text(&folder.join("one.ndjson")), "--lake", text(&folder.join("lake"))]);
}

/// An area without a code.
const UNNAMED: &str = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"a"},
    "geometry":{"type":"Polygon","coordinates":[[[138,36],[138.1,36],[138.1,36.1],[138,36]]]}}]}"#;

/// A word as it is typed in a shell.
fn quoted(word: &str) -> String {
    if word.is_empty() || word.contains(' ') { format!("\"{word}\"") } else { word.to_owned() }
}

fn check(name: &str, cases: &[Case]) {
    let folder = TempDir::new().unwrap();
    prepare(folder.path());
    let mut all = String::new();
    for (what, arguments) in cases {
        let printed = printed(folder.path(), arguments);
        assert!(matches!(printed.code, Some(1 | 2)), "{what} was not refused: {}", printed.stdout);
        let code = printed.code.unwrap();
        let typed: String = arguments.iter().map(|word| format!(" {}", quoted(word))).collect();
        writeln!(all, "## {what}\n$ kayoi{typed}\n{}exit code {code}\n", printed.stderr).unwrap();
        assert!(!printed.stderr.contains("swordfish"), "{what} tells a secret");
        // K001 is for what nobody thought of, and somebody thought of these.
        let is_coded = printed.stderr.contains("error[") && !printed.stderr.contains("error[K001]");
        assert!(code == 2 || is_coded, "{what} has no code of its own: {}", printed.stderr);
    }
    keep(name, &all);
}

#[test]
fn a_wrong_command_line_is_refused() {
    check(
        "errors-command-line",
        &[
            ("no command", &[]),
            ("a misspelt command", &["agregate"]),
            ("a misspelt option", &["query", "SELECT 1", "--fromat", "csv"]),
            ("a word that is no format", &["query", "SELECT 1", "--format", "xml"]),
            ("no source", &["ingest"]),
            ("two sources", &["ingest", "--file", "a", "--kafka", "b", "--topic", "c"]),
            ("a topic is missing", &["ingest", "--kafka", "localhost:9092"]),
            ("both halves of the contract", &["schema", "--contract", "--rejects"]),
            ("a negative coast", &["boundaries", "place", "35", "139", "--coast-m=-1"]),
            ("no number", &["boundaries", "place", "north", "139"]),
            ("files younger than readers take", &["lake", "vacuum", "--hours", "1"]),
            ("no day at all", &["quality", "--days", "0"]),
            ("a port that is none", &["serve", "--pg-port", "70000"]),
        ],
    );
}

#[test]
fn wrong_borders_codes_and_meshes_are_refused() {
    check(
        "errors-geography",
        &[
            ("no zip", &["boundaries", "import", "<dir>/no.zip", "--out", "<dir>/out"]),
            ("no areas", &["boundaries", "import", "<dir>/empty.geojson", "--out", "<dir>/out"]),
            ("areas without a code", &["boundaries", "import", "<dir>/area.geojson", "--out", "<dir>/out"]),
            (
                "a column that is not there",
                &[
                    "boundaries",
                    "import",
                    "<dir>/area.geojson",
                    "--code-column",
                    "code",
                    "--out",
                    "<dir>/out",
                ],
            ),
            (
                "a kind of file nobody reads",
                &["boundaries", "import", "<dir>/letter.txt", "--out", "<dir>/out"],
            ),
            ("no file", &["boundaries", "import", "<dir>/none.zip", "--out", "<dir>/out"]),
            ("no boundary file", &["boundaries", "info", "<dir>/letter.txt"]),
            ("a file that begins like one", &["boundaries", "info", "<dir>/damaged.kayoi"]),
            ("coordinates swapped", &["boundaries", "place", "139.7", "35.6"]),
            ("a code that never was", &["codes", "convert", "99999"]),
            ("a code before its time", &["codes", "convert", "22138", "--from", "2015-01-01"]),
            ("no date", &["codes", "changes", "--from", "yesterday"]),
            (
                "a division without shares",
                &["codes", "convert", "22135", "--from", "2023-12-31", "--to", "2024-01-01"],
            ),
            (
                "a weight without people",
                &[
                    "codes",
                    "convert",
                    "22135",
                    "--from",
                    "2023-12-31",
                    "--to",
                    "2024-01-01",
                    "--weight",
                    "22138",
                ],
            ),
            ("a chain of nothing", &["codes", "chain", "1"]),
            ("a mesh abroad", &["mesh", "at", "48.85", "2.35"]),
            ("no cell", &["mesh", "shares", "cafe"]),
            ("a mesh of 300 m", &["mesh", "shares", "882f5aadc7fffff", "--metres", "300"]),
        ],
    );
}

#[test]
fn a_wrong_feed_is_refused() {
    check(
        "errors-ingest",
        &[
            ("no file", &["ingest", "--file", "<dir>/none.ndjson", "--lake", "<dir>/lake"]),
            ("a folder of letters", &["ingest", "--file", "<dir>/letters", "--lake", "<dir>/lake"]),
            (
                "a kind of file nobody reads",
                &["ingest", "--file", "<dir>/letter.txt", "--lake", "<dir>/lake"],
            ),
            ("a column is missing", &["ingest", "--file", "<dir>/no-device.csv", "--lake", "<dir>/lake"]),
            (
                "a field of ours misspelt",
                &["ingest", "--file", "<dir>", "--map", "lat=latitud", "--lake", "<dir>/lake"],
            ),
            ("half a mapping", &["ingest", "--file", "<dir>", "--map", "lat", "--lake", "<dir>/lake"]),
            (
                "no duration",
                &["ingest", "--file", "<dir>", "--allowed-lateness", "soon", "--lake", "<dir>/lake"],
            ),
            ("no size", &["ingest", "--file", "<dir>", "--max-record-bytes", "many", "--lake", "<dir>/lake"]),
            (
                "no borders",
                &[
                    "ingest",
                    "--file",
                    "<dir>/one.ndjson",
                    "--boundaries",
                    "<dir>/none",
                    "--lake",
                    "<dir>/lake",
                ],
            ),
            (
                "another key",
                &[
                    "ingest",
                    "--file",
                    "<dir>/one.ndjson",
                    "--key-file",
                    "<dir>/new.key",
                    "--lake",
                    "<dir>/lake",
                ],
            ),
            (
                "a key that is none",
                &[
                    "ingest",
                    "--file",
                    "<dir>/one.ndjson",
                    "--key-file",
                    "<dir>/letter.txt",
                    "--lake",
                    "<dir>/lake",
                ],
            ),
            ("no configuration", &["ingest", "--config", "<dir>/none.toml"]),
            ("a misspelt key", &["ingest", "--config", "<dir>/config-misspelt.toml"]),
            ("a value that is no duration", &["ingest", "--config", "<dir>/config-value.toml"]),
            ("a value that is no size", &["ingest", "--config", "<dir>/config-size.toml"]),
            ("nobody delivers", &["ingest", "--config", "<dir>/config-no-feed.toml"]),
            ("a password in the file", &["ingest", "--config", "<dir>/config-secret.toml"]),
        ],
    );
}

#[test]
fn a_wrong_lake_or_definition_is_refused() {
    check(
        "errors-lake",
        &[
            ("no lake to ask", &["query", "SELECT 1", "--lake", "<dir>/none"]),
            ("no lake to serve", &["serve", "--lake", "<dir>/none"]),
            ("no lake for users", &["user", "list", "--lake", "<dir>/none"]),
            ("no lake for targets", &["kpi", "list", "--town", "20214", "--lake", "<dir>/none"]),
            ("no lake to look at", &["lake", "info", "--lake", "<dir>/none"]),
            ("another folder", &["lake", "info", "--lake", "<dir>/letters"]),
            ("a lake of the future", &["lake", "info", "--lake", "<dir>/newer"]),
            ("nobody to forget", &["lake", "forget", "--id-file", "<dir>/none", "--lake", "<dir>/lake"]),
            ("a lake of the future, to aggregate", &["aggregate", "--lake", "<dir>/newer"]),
            ("no lake to aggregate", &["aggregate", "--lake", "<dir>/none"]),
            (
                "an office as large as a town",
                &["aggregate", "--lake", "<dir>/lake", "--offices", "<dir>/offices.csv"],
            ),
            (
                "offices without a name",
                &["aggregate", "--lake", "<dir>/lake", "--offices", "<dir>/offices-without-name.csv"],
            ),
            ("no offices", &["aggregate", "--lake", "<dir>/lake", "--offices", "<dir>/none.csv"]),
            ("offices in a letter", &["aggregate", "--lake", "<dir>/lake", "--offices", "<dir>/letter.txt"]),
            ("no definition", &["definitions", "--definition", "<dir>/none.toml"]),
            ("a misspelt threshold", &["definitions", "--definition", "<dir>/misspelt.toml"]),
            ("half a definition", &["definitions", "--definition", "<dir>/cut.toml"]),
            ("no TOML", &["definitions", "--definition", "<dir>/no-toml.toml"]),
            ("a region that is none", &["simulate", "--out", "<dir>/feed", "--region", "99"]),
            ("a first day that is none", &["simulate", "--out", "<dir>/feed", "--first-day", "2025-02-30"]),
            ("no days", &["simulate", "--out", "<dir>/feed", "--days", "0"]),
            ("no truth", &["simulate", "--score", "--truth", "<dir>/none", "--lake", "<dir>/lake"]),
            ("a demo over somebody's letters", &["demo", "--no-serve", "--dir", "<dir>/letters"]),
        ],
    );
}

#[test]
fn a_wrong_question_is_refused() {
    check(
        "errors-query",
        &[
            ("nothing asked", &["query", "", "--lake", "<dir>/lake"]),
            ("no SQL", &["query", "SELEKT 1", "--lake", "<dir>/lake"]),
            ("half a statement", &["query", "SELECT FROM WHERE", "--lake", "<dir>/lake"]),
            ("two statements", &["query", "SELECT 1; SELECT 2", "--lake", "<dir>/lake"]),
            ("a statement that writes", &["query", "DROP TABLE connected_monthly", "--lake", "<dir>/lake"]),
            ("a copy to a file", &["query", "COPY (SELECT 1) TO '<dir>/stolen.csv'", "--lake", "<dir>/lake"]),
            ("an internal table", &["query", "SELECT * FROM pings", "--lake", "<dir>/lake"]),
            ("a file", &["query", "SELECT * FROM '/etc/passwd'", "--lake", "<dir>/lake"]),
            ("a misspelt table", &["query", "SELECT * FROM connected_montly", "--lake", "<dir>/lake"]),
            ("a misspelt column", &["query", "SELECT person FROM connected_monthly", "--lake", "<dir>/lake"]),
            ("a misspelt function", &["query", "SELECT municipality_nam('20206')", "--lake", "<dir>/lake"]),
            ("a code that is none", &["query", "SELECT municipality_name('2020')", "--lake", "<dir>/lake"]),
            ("a number divided by zero", &["query", "SELECT 1 / 0", "--lake", "<dir>/lake"]),
            ("a word for a number", &["query", "SELECT CAST('many' AS INT)", "--lake", "<dir>/lake"]),
            (
                "more than memory holds",
                &["query", "SELECT * FROM generate_series(1, 100000000)", "--lake", "<dir>/lake"],
            ),
            (
                "an answer to nowhere",
                &[
                    "query",
                    "SELECT 1",
                    "--format",
                    "csv",
                    "--out",
                    "<dir>/none/answer.csv",
                    "--lake",
                    "<dir>/lake",
                ],
            ),
            ("a lake of the future", &["query", "SELECT 1", "--lake", "<dir>/newer"]),
        ],
    );
}
