//! The procedures of the runbook that have no other test, step by step, as somebody does them who has only that page.
//!
//! In: the real binary, small lakes, a real broker. Out: nothing, when each procedure ends as `deploy/runbook.md` says,
//! and what it says cannot be done is refused in words.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use arrow::array::AsArray;
use kayoi_lake::Lake;
use kayoi_schemas::tables::InternalTable;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::operators::table;
use crate::bad_records::{INSTANT_MS, good_record};
use crate::kafka::KafkaServer;
use crate::kayoi::{json as answer, output, refused, run, text};
use crate::kept::{archives, unpack};

/// Days on which April, May and June 2025 have become final.
const APRIL_FINAL: &str = "2025-06-20";
const MAY_FINAL: &str = "2025-07-20";
const JUNE_FINAL: &str = "2025-08-20";
/// The budget of two editions.
const TWICE: [(&str, &str); 2] = [("tie-year", "7"), ("tie-month", "2")];

/// Everything as `cp -a` copies it.
fn copy(from: &Path, to: &Path) {
    let copied = Command::new("cp").args(["-a", text(from), text(to)]).status();
    assert!(copied.unwrap().success(), "cannot copy `{}`", from.display());
}

/// A lake, and beside it what its real series needs.
struct Site {
    folder: TempDir,
}

impl Site {
    /// A lake of 80 days from April 2025 on, whose real series has begun.
    fn begin() -> Self {
        let site = Self { folder: TempDir::new().unwrap() };
        let feed = site.path("feed");
        let world = ["--days", "80", "--first-day", "2025-04-01", "--pings-per-day", "6", "--seed", "4"];
        let people = ["simulate", "--devices", "120", "--region", "20321", "--out", text(&feed)];
        run(&[&people[..], &world].concat());
        answer(&[
            "ingest",
            "--json",
            "--file",
            text(&feed.join("pings")),
            "--lake",
            text(&site.path("lake")),
        ]);
        site.begin_series();
        site
    }

    fn begin_series(&self) {
        let (lake, secret, key) = (self.path("lake"), self.path("release.secret"), self.path("release.key"));
        run(&["release", "keygen", "--out", text(&key)]);
        let (lake, secret, key) = (text(&lake), text(&secret), text(&key));
        run(&["release", "begin", "--lake", lake, "--secret", secret, "--signing-key", key]);
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A run as of a day, as words.
    fn words(&self, as_of: &str, more: &[&str]) -> Vec<String> {
        let (lake, secret, key) = (self.path("lake"), self.path("release.secret"), self.path("release.key"));
        let real = ["aggregate", "--json", "--lake", text(&lake), "--secret", text(&secret)];
        let words = [&real[..], &["--signing-key", text(&key), "--as-of", as_of], more].concat();
        words.into_iter().map(str::to_owned).collect()
    }

    fn release(&self, as_of: &str, more: &[&str]) -> Value {
        let words = self.words(as_of, more);
        answer(&words.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn refused(&self, as_of: &str, more: &[&str]) -> String {
        let words = self.words(as_of, more);
        refused(&words.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// Raises both budgets to what two editions cost.
    fn allow_a_correction(&self) {
        for (line, rho) in TWICE {
            let lake = self.path("lake");
            run(&["release", "budget", line, "--to", rho, "--reason", "the board", "--lake", text(&lake)]);
        }
    }

    /// The checksums of the newest release's files of two months, by table.
    fn figures(&self) -> BTreeMap<String, Vec<String>> {
        let manifest = answer(&["release", "show", "--json", "--lake", text(&self.path("lake"))]);
        let of_table = |(name, table): (&String, &Value)| {
            let files = table["files"].as_array().unwrap().iter();
            let files = files.filter(|file| file["month"] == "2025-04" || file["month"] == "2025-05");
            (name.clone(), files.map(|file| file["sha256"].as_str().unwrap().to_owned()).collect())
        };
        manifest["tables"].as_object().unwrap().iter().map(of_table).collect()
    }

    /// Every file of a release is as it was signed.
    fn expect_verified(&self, revision: &str, public_key: &Path) {
        let (lake, key) = (self.path("lake"), text(public_key));
        let found =
            answer(&["release", "verify", revision, "--json", "--lake", text(&lake), "--public-key", key]);
        assert_eq!((&found["signed"], &found["damaged"]), (&json!(true), &json!([])), "{found}");
    }

    fn has_seeds(&self, of: &str) -> bool {
        self.path("release.secret.seeds").join(format!("{of}.json")).exists()
    }

    /// What the ledger says: editions, and rho spent of each line.
    fn ledger(&self) -> (u64, Vec<f64>) {
        let told = answer(&["release", "ledger", "--json", "--lake", text(&self.path("lake"))]);
        let spent = told["lines"].as_array().unwrap().iter().map(|line| line["spent"].as_f64().unwrap());
        (told["editions"].as_u64().unwrap(), spent.collect())
    }

    /// What readers see of corrections.
    fn changes(&self) -> String {
        let sql = "SELECT edition, reason FROM release_changes";
        run(&["query", sql, "--format", "csv", "--lake", text(&self.path("lake"))])
    }

    /// The doctor's word on the key of the lake, and its exit code.
    fn key_finding(&self) -> (String, Option<i32>) {
        let examined = output(&["doctor", "--json", "--lake", text(&self.path("lake"))]);
        let report: Value = serde_json::from_slice(&examined.stdout).unwrap();
        let mut findings = report["findings"].as_array().unwrap().iter();
        let of_key = findings.find(|finding| finding["check"] == "key").unwrap();
        (of_key["state"].as_str().unwrap().to_owned(), examined.status.code())
    }
}

#[test]
fn a_lake_of_an_earlier_version_goes_the_way_of_an_upgrade() {
    for archive in archives("tests/kept") {
        let folder = unpack(&archive);
        let (lake, key, more) =
            (folder.path().join("lake"), folder.path().join("lake.key"), folder.path().join("more.ndjson"));
        let (lake, key) = (text(&lake), text(&key));
        let info = || answer(&["lake", "info", "--json", "--lake", lake]);
        let before = info();
        let pings = table(&before, "pings")["rows"].as_u64().unwrap();
        assert!(pings > 0);
        let examined = output(&["doctor", "--json", "--lake", lake, "--key-file", key]);
        assert_eq!(examined.status.code(), Some(0), "{}", String::from_utf8_lossy(&examined.stdout));

        // It is filled further, from where it stood.
        let records: Vec<Vec<u8>> = (0..10).map(|minute| good_record("walk-device-1", minute)).collect();
        std::fs::write(&more, records.join(&b'\n')).unwrap();
        answer(&["ingest", "--json", "--file", text(&more), "--lake", lake, "--key-file", key]);
        let filled = info();
        assert_eq!(table(&filled, "pings")["rows"], pings + 10);
        let positions = |info: &Value| table(info, "pings")["positions"].as_object().unwrap().clone();
        let stands = positions(&filled);
        for (source, next) in positions(&before) {
            assert_eq!(stands.get(&source), Some(&next), "{source}");
        }

        let measured = answer(&["aggregate", "--json", "--lake", lake]);
        assert!(measured["release_rows"].as_u64() > Some(0), "{measured}");
        answer(&["lake", "maintain", "--json", "--lake", lake]);
        assert_eq!(table(&info(), "pings")["rows"], pings + 10);
        let sql = "SELECT count(*) AS n FROM connected_monthly";
        let figures = run(&["query", sql, "--format", "csv", "--lake", lake]);
        assert_ne!(figures.lines().nth(1), Some("0"));
        let runs = answer(&["lake", "runs", "--json", "--lake", lake])["runs"].clone();
        let steps: Vec<&str> =
            runs.as_array().unwrap().iter().map(|run| run["step"].as_str().unwrap()).collect();
        assert_eq!(steps, ["aggregate", "maintain"]);
    }
}

#[test]
fn a_lake_that_was_lost_comes_back_from_copies_and_the_next_month_has_the_same_figures() {
    let site = Site::begin();
    site.release(APRIL_FINAL, &[]);
    // After the run, each apart from the others: the lake, the seeds, and what never changes.
    let (backup, vault, safe) = (site.path("backup"), site.path("vault"), site.path("safe"));
    for place in [&backup, &vault, &safe] {
        std::fs::create_dir(place).unwrap();
    }
    copy(&site.path("lake"), &backup);
    copy(&site.path("release.secret.seeds"), &vault);
    let unchanged = ["lake.key", "release.secret", "release.key"];
    unchanged.iter().for_each(|name| copy(&site.path(name), &safe));
    let next = site.release(MAY_FINAL, &[]);
    assert_eq!((&next["kept"], &next["sealed"]), (&json!(["2025-04"]), &json!(["2025-05"])));
    let wanted = site.figures();

    std::fs::remove_dir_all(site.path("lake")).unwrap();
    std::fs::remove_dir_all(site.path("release.secret.seeds")).unwrap();
    unchanged.iter().for_each(|name| std::fs::remove_file(site.path(name)).unwrap());
    copy(&backup.join("lake"), site.folder.path());
    assert_eq!(site.key_finding(), ("problem".to_owned(), Some(1)), "a lake alone is not enough");
    unchanged.iter().for_each(|name| copy(&safe.join(name), site.folder.path()));
    copy(&vault.join("release.secret.seeds"), site.folder.path());
    assert_eq!(site.key_finding(), ("ok".to_owned(), Some(0)));
    site.expect_verified("1", &site.path("release.key.pub"));

    let again = site.release(MAY_FINAL, &[]);
    assert_eq!((&again["kept"], &again["sealed"]), (&json!(["2025-04"]), &json!(["2025-05"])));
    assert!(site.figures() == wanted, "the same pings, secret and seeds gave other figures");
    site.expect_verified("2", &site.path("release.key.pub"));

    // Seeds that are older than the lake do for no further month.
    std::fs::remove_dir_all(site.path("release.secret.seeds")).unwrap();
    copy(&vault.join("release.secret.seeds"), site.folder.path());
    let refusal = site.refused(JUNE_FINAL, &[]);
    assert!(refusal.contains("the seeds of 2025-05 are not in") && refusal.contains("backup"), "{refusal}");
}

#[test]
fn without_its_seeds_a_series_goes_on_by_a_correction_alone() {
    let site = Site::begin();
    site.release(APRIL_FINAL, &[]);
    std::fs::remove_dir_all(site.path("release.secret.seeds")).unwrap();
    site.expect_verified("1", &site.path("release.key.pub"));
    let refusal = site.refused(MAY_FINAL, &[]);
    assert!(refusal.contains("the seeds of 2025-04 are not in"), "{refusal}");

    let correction = ["--correction", "the seeds were lost"];
    let refusal = site.refused(MAY_FINAL, &correction);
    assert!(refusal.contains("its budget is 3.50") && refusal.contains("hint:"), "{refusal}");
    site.allow_a_correction();
    let corrected = site.release(MAY_FINAL, &correction);
    assert_eq!(corrected["kept"], json!([]), "a correction keeps no month");
    assert!(site.has_seeds("2025-04-final-2") && site.has_seeds("2025-05-final-2"));
    assert_eq!(site.changes(), "edition,reason\n2,the seeds were lost\n");
    assert_eq!(site.ledger().0, 2);
    // From here on it is a series like any other.
    let next = site.release(JUNE_FINAL, &[]);
    assert_eq!(next["kept"], json!(["2025-04", "2025-05"]));
}

#[test]
fn a_month_that_is_run_again_stands_until_a_correction_publishes_all_of_them_anew() {
    let site = Site::begin();
    site.release(MAY_FINAL, &[]);
    let (published, (editions, spent)) = (site.figures(), site.ledger());
    assert_eq!(editions, 1);
    for as_of in [MAY_FINAL, APRIL_FINAL] {
        let again = site.release(as_of, &[]);
        assert_eq!((&again["sealed"], &again["release_rows"]), (&json!([]), &json!(0)), "{as_of}");
        assert!(site.figures() == published, "{as_of}: what was published has changed");
    }

    site.allow_a_correction();
    let correction = ["--correction", "May had the wrong offices"];
    let refusal = site.refused(APRIL_FINAL, &correction);
    assert!(refusal.contains("the final month 2025-05 would not be final"), "{refusal}");
    let corrected = site.release(MAY_FINAL, &correction);
    assert_eq!(corrected["kept"], json!([]));
    assert!(site.figures() != published, "a new edition has noise of its own");
    assert_eq!(site.changes(), "edition,reason\n2,May had the wrong offices\n");
    let (editions, twice) = site.ledger();
    assert_eq!(editions, 2);
    let costs_twice = |(once, twice): (&f64, &f64)| (once * 2.0 - twice).abs() < 1e-9;
    assert!(spent.iter().zip(&twice).all(costs_twice), "{spent:?}, then {twice:?}");
    // Who has the first edition can still prove it.
    site.expect_verified("1", &site.path("release.key.pub"));
}

#[test]
fn a_secret_that_leaked_is_left_behind_by_a_lake_with_a_series_of_its_own() {
    let old = Site::begin();
    old.release(MAY_FINAL, &[]);
    // The lake takes no other secret, neither at its beginning nor in a run.
    let (lake, other, key) = (old.path("lake"), old.path("other"), old.path("release.key"));
    let (lake, secret, key) = (text(&lake), text(&other), text(&key));
    let refusal = refused(&["release", "begin", "--lake", lake, "--secret", secret, "--signing-key", key]);
    assert!(refusal.contains("the real series of this lake began on"), "{refusal}");
    std::fs::write(&other, "00".repeat(32)).unwrap();
    let run_with = ["aggregate", "--lake", lake, "--secret", secret, "--signing-key", key];
    let refusal = refused(&[&run_with[..], &["--as-of", MAY_FINAL]].concat());
    assert!(refusal.contains("not the secret that the series began with"), "{refusal}");

    // What was delivered goes to another lake, with the key of pseudonyms, and none of what was published.
    let new = Site { folder: TempDir::new().unwrap() };
    std::fs::create_dir(new.path("lake")).unwrap();
    for part in ["kayoi-lake.json", "kayoi-key-fingerprint", "pings", "late_pings", "rejects"] {
        copy(&old.path("lake").join(part), &new.path("lake"));
    }
    copy(&old.path("lake.key"), new.folder.path());
    new.begin_series();
    let first = new.release(MAY_FINAL, &[]);
    assert_eq!((&first["revision"], &first["kept"]), (&json!(1), &json!([])));
    assert_eq!(first["devices"], 120);
    assert!(new.figures() != old.figures(), "another secret draws other noise");
    new.expect_verified("1", &new.path("release.key.pub"));
    old.expect_verified("1", &old.path("release.key.pub"));
    let (lake, key) = (new.path("lake"), old.path("release.key.pub"));
    let refusal = refused(&["release", "verify", "--lake", text(&lake), "--public-key", text(&key)]);
    assert!(refusal.contains("not as it was published"), "{refusal}");
    // Each ledger knows of its own lake alone: together they cost twice.
    assert_eq!((old.ledger().0, new.ledger().0), (1, 1));
    // What was read is read, in the new lake too.
    let feed = old.path("feed/pings");
    let more = answer(&["ingest", "--json", "--file", text(&feed), "--lake", text(&lake)]);
    assert_eq!((&more["read"], &more["stored"]), (&json!(0), &json!(0)));
}

/// The configuration of an ingest of these feeds.
fn configure(folder: &Path, name: &str, brokers: &str, feeds: &[&str]) -> PathBuf {
    let (lake, key) = (folder.join("lake"), folder.join("lake.key"));
    let config = format!(
        "[lake]\nurl = \"{}\"\nkey_file = \"{}\"\n[kafka]\nbrokers = \"{brokers}\"\n{}",
        text(&lake),
        text(&key),
        feeds.concat(),
    );
    let path = folder.join(name);
    std::fs::write(&path, config).unwrap();
    path
}

#[test]
fn a_partner_that_is_added_is_read_from_its_first_record_and_nobody_else_again() {
    const ACME: &str = "[[feed]]\npartner = \"acme\"\ntopics = [\"pings\"]\n";
    const BETA: &str = "[[feed]]\npartner = \"beta\"\ntopics = [\"beta\"]\n[feed.map]\nad_id = \"device_id\"\n\
                        ts = \"timestamp\"\nlat = \"latitude\"\nlng = \"longitude\"\n";
    let (kafka, folder) = (KafkaServer::start(), TempDir::new().unwrap());
    kafka.create_topic("pings", 2);
    kafka.create_topic("beta", 1);
    let records: Vec<Vec<u8>> = (0..40).map(|minute| good_record("walk-device-1", minute)).collect();
    kafka.produce("pings", &[records.join(&b'\n'), b"\n".to_vec()].concat());
    let of_beta = |minute: i64| {
        let instant = INSTANT_MS + minute * 60_000;
        format!(r#"{{"ad_id":"walk-device-2","ts":{instant},"lat":36.0451234,"lng":138.1171234}}"#) + "\n"
    };
    kafka.produce("beta", (0..30).map(of_beta).collect::<String>().as_bytes());

    let ingest = |config: &Path| answer(&["ingest", "--json", "--until-end", "--config", text(config)]);
    let one = configure(folder.path(), "one.toml", kafka.bootstrap(), &[ACME]);
    assert_eq!(ingest(&one)["stored"], 40);
    // A topic belongs to one partner.
    let twice = BETA.replace("[\"beta\"]", "[\"pings\"]");
    let twice = configure(folder.path(), "twice.toml", kafka.bootstrap(), &[ACME, &twice]);
    let refusal = refused(&["ingest", "--until-end", "--config", text(&twice)]);
    assert!(refusal.contains("topic `pings` stands twice"), "{refusal}");

    let both = configure(folder.path(), "both.toml", kafka.bootstrap(), &[ACME, BETA]);
    let examined = output(&["doctor", "--json", "--config", text(&both)]);
    let report: Value = serde_json::from_slice(&examined.stdout).unwrap();
    assert_eq!((examined.status.code(), &report["problems"]), (Some(0), &json!(0)), "{report}");
    let mut said = report["findings"].as_array().unwrap().iter().map(|finding| finding["says"].to_string());
    assert!(said.any(|said| said.contains("`beta`: 30 records wait")), "{report}");
    let added = ingest(&both);
    assert_eq!((&added["read"], &added["stored"]), (&json!(30), &json!(30)), "{added}");
    let lake = folder.path().join("lake");
    let info = answer(&["lake", "info", "--json", "--lake", text(&lake)]);
    assert_eq!(table(&info, "pings")["positions"]["ingest/kafka/beta/0"], 30);
    assert_eq!(info["watermarks"]["acme"], info["watermarks"]["beta"]);
    let quality = answer(&["quality", "--json", "--days", "36500", "--lake", text(&lake)]);
    let mut stored: BTreeMap<&str, f64> = BTreeMap::new();
    for figure in quality["figures"].as_array().unwrap() {
        let count = figure["measures"]["stored"].as_f64().unwrap_or_default();
        *stored.entry(figure["partner"].as_str().unwrap()).or_default() += count;
    }
    assert_eq!(stored, BTreeMap::from([("acme", 40.0), ("beta", 30.0)]));
}

/// Borders of some municipalities side by side, each from one longitude to another, as a file of the program.
fn import(folder: &Path, name: &str, towns: &[(&str, f64, f64)], more: &[&str]) -> (PathBuf, Value) {
    let feature = |(code, west, east): &(&str, f64, f64)| {
        let ring = [[*west, 36.3], [*east, 36.3], [*east, 36.45], [*west, 36.45], [*west, 36.3]];
        let geometry = json!({ "type": "Polygon", "coordinates": [ring] });
        json!({ "type": "Feature", "properties": { "code": code }, "geometry": geometry })
    };
    let features: Vec<Value> = towns.iter().map(feature).collect();
    let (file, out) = (folder.join(format!("{name}.geojson")), folder.join(format!("{name}.boundaries")));
    std::fs::write(&file, json!({ "type": "FeatureCollection", "features": features }).to_string()).unwrap();
    let words = ["boundaries", "import", text(&file), "--code-column", "code", "--out", text(&out), "--json"];
    let credited = ["--edition", name, "--credit", "the walk"];
    let told = answer(&[&words[..], &credited, more].concat());
    (out, told)
}

/// Fixes of ten days of two phones, one in the west of the land and one in its east, from a day of April 2025 on.
fn fixes(folder: &Path, first_day: u64) -> PathBuf {
    let of_step = |step: u64| {
        // 2025-04-01 00:00 in Japan, and every two hours.
        let instant = 1_743_433_200_000 + (first_day * 24 + step * 2) * 3_600_000;
        let fix = |(phone, longitude): (u64, f64)| {
            format!(
                r#"{{"device_id":"0f0f0f0f-0000-4000-8000-00000000000{phone}","timestamp":{instant},"latitude":36.350012,"longitude":{longitude}}}"#
            )
        };
        [(1, 138.550_123), (2, 138.650_123)].map(fix)
    };
    let file = folder.join(format!("day-{first_day}.ndjson"));
    std::fs::write(&file, (0..120).flat_map(of_step).collect::<Vec<_>>().join("\n")).unwrap();
    file
}

/// How many pings each municipality has.
fn by_municipality(lake: &Path) -> BTreeMap<String, usize> {
    let batches = Lake::open(lake).unwrap().rows(InternalTable::Pings, &["municipality_code"]).unwrap();
    let mut counts = BTreeMap::new();
    for code in batches.iter().flat_map(|batch| batch.column(0).as_string::<i32>().iter()) {
        *counts.entry(code.unwrap_or("none").to_owned()).or_default() += 1;
    }
    counts
}

fn counts(of: [(&str, usize); 2]) -> BTreeMap<String, usize> {
    of.into_iter().filter(|(_, count)| *count > 0).map(|(code, count)| (code.to_owned(), count)).collect()
}

#[test]
fn new_borders_place_what_comes_and_a_new_lake_places_all_of_it() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let (before, _) = import(folder, "before", &[("20321", 138.5, 138.7)], &[]);
    let towns = [("20321", 138.5, 138.6), ("20323", 138.6, 138.7)];
    let (after, told) = import(folder, "after", &towns, &["--previous", text(&before)]);
    let moved = &told["difference"]["moved"][0];
    assert_eq!((&moved["from"], &moved["to"]), (&json!("20321"), &json!("20323")), "{told}");

    let key = folder.join("one.key");
    let ingest = |fixes: &Path, lake: &Path, borders: &Path| {
        let words = ["ingest", "--json", "--file", text(fixes), "--lake", text(lake)];
        let told = answer(&[&words[..], &["--key-file", text(&key), "--boundaries", text(borders)]].concat());
        assert_eq!(told["stored"], 240, "{told}");
    };
    let (first, second) = (fixes(folder, 0), fixes(folder, 10));
    let lake = folder.join("lake");
    ingest(&first, &lake, &before);
    assert_eq!(by_municipality(&lake), counts([("20321", 240), ("20323", 0)]));
    ingest(&second, &lake, &after);
    assert_eq!(by_municipality(&lake), counts([("20321", 360), ("20323", 120)]), "what is stored stays");
    let anew = folder.join("anew");
    ingest(&first, &anew, &after);
    ingest(&second, &anew, &after);
    assert_eq!(by_municipality(&anew), counts([("20321", 240), ("20323", 240)]));

    // A series keeps the borders that it began with.
    let site = Site::begin();
    site.release(APRIL_FINAL, &[]);
    let refusal = site.refused(MAY_FINAL, &["--boundaries", text(&after)]);
    assert!(refusal.contains("the series is made with --boundaries"), "{refusal}");
    assert!(refusal.contains("--correction") && refusal.contains("a new lake"), "{refusal}");
}

#[test]
fn a_lake_keeps_its_key_of_pseudonyms_and_a_new_password_ends_the_tokens() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    let written = |name: &str, first: i64| {
        let records: Vec<Vec<u8>> =
            (first..first + 40).map(|minute| good_record("walk-device-1", minute)).collect();
        std::fs::write(path(name), records.join(&b'\n')).unwrap();
        path(name)
    };
    let (lake, first, second) = (path("lake"), written("first.jsonl", 0), written("second.jsonl", 60));
    let lake = text(&lake);
    run(&["ingest", "--file", text(&first), "--lake", lake]);
    let info = || answer(&["lake", "info", "--json", "--lake", lake]);
    let before = info();
    let other = path("other.key");
    std::fs::write(&other, "01".repeat(32)).unwrap();
    let refusal = refused(&["ingest", "--file", text(&second), "--lake", lake, "--key-file", text(&other)]);
    assert!(refusal.contains("that this lake was filled with") && refusal.contains("hint:"), "{refusal}");
    assert_eq!(info(), before, "a refused ingest changed the lake");
    run(&["ingest", "--file", text(&second), "--lake", lake]);
    assert_eq!(table(&info(), "pings")["rows"], 80);

    let password = run(&["user", "add", "taro", "--lake", lake]);
    run(&["user", "token", "taro", "--lake", lake]);
    let tokens = || answer(&["user", "list", "--json", "--lake", lake])[0]["tokens"].clone();
    assert_eq!(tokens(), 1);
    assert_ne!(run(&["user", "password", "taro", "--lake", lake]), password);
    assert_eq!(tokens(), 0);
}
