//! A real series from its first month on: sealed once, never changed, signed, and without the counts that it was
//! made of.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::kayoi::{json as answer, refused, run, text};

/// A lake of 430 days whose real series has begun, and the files that it needs.
struct Series {
    folder: TempDir,
}

impl Series {
    fn begin() -> Self {
        let series = Self { folder: TempDir::new().unwrap() };
        series.ingest("feed", "160", "5");
        run(&["release", "keygen", "--out", text(&series.path("release.key"))]);
        let (lake, secret, key) = (series.path("lake"), series.path("secret"), series.path("release.key"));
        let begin = [
            "release",
            "begin",
            "--lake",
            text(&lake),
            "--secret",
            text(&secret),
            "--signing-key",
            text(&key),
        ];
        run(&begin);
        assert!(refused(&begin).contains("began on"));
        series
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// People of 430 days from 2024-04-01 on, so that ties stand in 2025-03, 04 and 05.
    fn ingest(&self, feed: &str, devices: &str, seed: &str) {
        let out = self.path(feed);
        let world = [
            "--devices",
            devices,
            "--days",
            "430",
            "--seed",
            seed,
            "--pings-per-day",
            "6",
            "--first-day",
            "2024-04-01",
        ];
        run(&[&["simulate", "--region", "20321", "--out", text(&out)], &world[..]].concat());
        let (lake, key) = (self.path("lake"), self.path("lake.key"));
        answer(&[
            "ingest",
            "--json",
            "--file",
            text(&out.join("pings")),
            "--lake",
            text(&lake),
            "--key-file",
            text(&key),
        ]);
    }

    fn arguments<'a>(lake: &'a str, secret: &'a str, key: &'a str, as_of: &'a str) -> Vec<&'a str> {
        let real = ["--secret", secret, "--signing-key", key, "--as-of", as_of];
        [&["aggregate", "--json", "--lake", lake], &real[..]].concat()
    }

    /// Releases as of a day.
    fn release(&self, as_of: &str) -> Value {
        let (lake, secret, key) = (self.path("lake"), self.path("secret"), self.path("release.key"));
        answer(&Self::arguments(text(&lake), text(&secret), text(&key), as_of))
    }

    fn manifest(&self) -> Value {
        answer(&["release", "show", "--json", "--lake", text(&self.path("lake"))])
    }

    /// The bytes of the files of a month, by table.
    fn files(&self, month: &str) -> BTreeMap<String, Vec<Vec<u8>>> {
        let manifest = self.manifest();
        let tables = manifest["tables"].as_object().unwrap();
        let of_month = tables.iter().map(|(name, table)| {
            let files = table["files"].as_array().unwrap().iter().filter(|file| file["month"] == month);
            let bytes =
                files.map(|file| std::fs::read(self.path("lake").join(file["path"].as_str().unwrap())));
            (name.clone(), bytes.map(Result::unwrap).collect())
        });
        of_month.collect()
    }

    fn statuses(&self, month: &str) -> BTreeMap<String, u64> {
        let sql = format!(
            "SELECT status, count(*) AS n FROM connected_monthly WHERE month_text = '{month}' GROUP BY status ORDER BY status"
        );
        let rows = run(&["query", &sql, "--format", "csv", "--lake", text(&self.path("lake"))]);
        let pair = |row: &str| row.split_once(',').map(|(status, n)| (status.to_owned(), n.parse().unwrap()));
        rows.lines().skip(1).filter_map(pair).collect()
    }
}

/// Whether any file below a folder has a name with these letters.
fn has(folder: &Path, letters: &str) -> bool {
    let Ok(entries) = folder.read_dir() else { return false };
    entries.map(|entry| entry.unwrap().path()).any(|path| {
        if path.is_dir() {
            has(&path, letters)
        } else {
            text(&path).contains(letters) && text(&path).ends_with(".parquet")
        }
    })
}

/// The identifier of the first good record of a feed.
fn somebody(pings: &Path) -> String {
    let mut files: Vec<PathBuf> = pings.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort_unstable();
    let file = files.iter().find(|path| text(path).ends_with(".zst")).unwrap();
    let records = zstd::decode_all(std::fs::File::open(file).unwrap()).unwrap();
    let records = String::from_utf8_lossy(&records).into_owned();
    let mut identifiers = records.lines().filter_map(|line| {
        let record: Value = serde_json::from_str(line).ok()?;
        record["device_id"].as_str().filter(|id| id.len() > 20 && !id.starts_with("0000")).map(str::to_owned)
    });
    identifiers.next().unwrap()
}

#[test]
fn a_month_is_published_once_and_a_late_device_changes_the_months_to_come_alone() {
    let series = Series::begin();
    // 45 days after its end a month is final: March and April are, May is over, June is not.
    let first = series.release("2025-06-20");
    assert_eq!(first["series"], "real");
    assert_eq!(first["sealed"], json!(["2025-03", "2025-04"]));
    assert_eq!(first["provisional"], json!(["2025-05"]));
    assert_eq!(
        series.statuses("2025-05").keys().collect::<Vec<_>>(),
        ["hidden", "not_computed", "provisional"]
    );
    let sealed = ["2025-03", "2025-04"].map(|month| series.files(month));
    assert!(
        sealed.iter().all(|files| files["connected_monthly"].len() == 2),
        "people of everywhere stand in a file of their own"
    );
    let lake = series.path("lake");
    for month in ["2025-03", "2025-04"] {
        assert!(!has(&lake.join("indicators"), month), "exact counts of {month} are kept");
    }
    assert!(has(&lake.join("indicators"), "2025-05"));
    let notes = lake
        .join("journal")
        .read_dir()
        .unwrap()
        .filter(|job| job.as_ref().unwrap().path().read_dir().unwrap().count() > 0);
    assert_eq!(notes.count(), 0, "notes hold exact counts as well");

    let provisional = series.files("2025-05");
    series.ingest("late", "9", "6");
    let second = series.release("2025-06-21");
    // Those of the year before in which there were visitors and no ties yet are final as well.
    assert_eq!((second["kept"].as_array().unwrap().len(), &second["sealed"]), (14, &json!([])));
    for (month, before) in ["2025-03", "2025-04"].iter().zip(&sealed) {
        assert_eq!(&series.files(month), before, "{month}");
    }
    assert_eq!(series.files("2025-05"), provisional, "it is published once as well");

    // A day before May was over: what is published stands, or it could be drawn as often as somebody goes back.
    series.release("2025-05-20");
    assert_eq!(series.files("2025-05"), provisional);

    let third = series.release("2025-07-20");
    assert_eq!((&third["sealed"], &third["provisional"]), (&json!(["2025-05"]), &json!([])));
    assert_ne!(series.files("2025-05"), provisional);
    assert!(series.statuses("2025-05").contains_key("published"));
    for (month, before) in ["2025-03", "2025-04"].iter().zip(&sealed) {
        assert_eq!(&series.files(month), before, "{month}");
    }
    let seeds = series.path("secret.seeds");
    let kept = |name: &str| seeds.join(name).exists();
    assert!(
        kept("2025-05-final-1.json") && !kept("2024-05-final-1.json"),
        "seeds that no month needs are gone"
    );

    // Somebody is forgotten: what is final stays.
    let (ids, key) = (series.path("ids.txt"), series.path("lake.key"));
    std::fs::write(&ids, somebody(&series.path("feed/pings"))).unwrap();
    answer(&[
        "lake",
        "forget",
        "--json",
        "--lake",
        text(&lake),
        "--key-file",
        text(&key),
        "--id-file",
        text(&ids),
    ]);
    series.release("2025-07-21");
    for (month, before) in ["2025-03", "2025-04"].iter().zip(&sealed) {
        assert_eq!(&series.files(month), before, "{month}");
    }
}

#[test]
fn a_release_is_signed_and_verified_with_the_public_key_alone() {
    let series = Series::begin();
    series.release("2025-06-20");
    let (lake, key) = (series.path("lake"), series.path("release.key.pub"));
    let verify = ["release", "verify", "--json", "--lake", text(&lake), "--public-key", text(&key)];
    let found = answer(&verify);
    assert_eq!((&found["signed"], &found["damaged"]), (&json!(true), &json!([])));

    run(&["release", "keygen", "--out", text(&series.path("other.key"))]);
    let other = series.path("other.key.pub");
    let refusal = refused(&["release", "verify", "--lake", text(&lake), "--public-key", text(&other)]);
    assert!(refusal.contains("not as it was published"), "{refusal}");

    // Said to be a trial, which need not be signed; and another release in its place.
    let (listed, signature) =
        (lake.join("release/manifests/00000001.json"), lake.join("release/manifests/00000001.sig"));
    let (bytes, signed) = (std::fs::read_to_string(&listed).unwrap(), std::fs::read(&signature).unwrap());
    std::fs::write(&listed, bytes.replacen("\"real\"", "\"trial\"", 1)).unwrap();
    std::fs::remove_file(&signature).unwrap();
    assert!(refused(&verify).contains("not as it was published"));
    std::fs::write(&listed, &bytes).unwrap();
    std::fs::write(&signature, &signed).unwrap();
    answer(&verify);
    let replayed = lake.join("release/manifests/00000002");
    std::fs::write(replayed.with_extension("json"), &bytes).unwrap();
    std::fs::write(replayed.with_extension("sig"), &signed).unwrap();
    assert!(refused(&verify).contains("not as it was published"));
    std::fs::remove_file(replayed.with_extension("json")).unwrap();

    let manifest = series.manifest();
    let file = manifest["tables"]["connected_totals_monthly"]["files"][0]["path"].as_str().unwrap();
    let mut bytes = std::fs::read(lake.join(file)).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(lake.join(file), bytes).unwrap();
    assert!(refused(&verify).contains("not as it was published"));
}

#[test]
fn a_secret_in_the_lake_or_the_key_of_its_pseudonyms_is_refused() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    run(&["simulate", "--devices", "5", "--days", "40", "--out", text(&path("feed"))]);
    let (lake, key) = (path("lake"), path("lake.key"));
    answer(&[
        "ingest",
        "--json",
        "--file",
        text(&path("feed/pings")),
        "--lake",
        text(&lake),
        "--key-file",
        text(&key),
    ]);
    run(&["release", "keygen", "--out", text(&path("release.key"))]);
    let signing = path("release.key");
    let begin = |secret: &Path| {
        refused(&[
            "release",
            "begin",
            "--lake",
            text(&lake),
            "--secret",
            text(secret),
            "--signing-key",
            text(&signing),
        ])
    };
    assert!(begin(&lake.join("secret")).contains("lies in the lake"));
    assert!(begin(&key).contains("is the key of the lake's pseudonyms"));
}

#[test]
fn a_real_series_needs_its_secret_its_seeds_and_its_key() {
    let series = Series::begin();
    series.release("2025-06-20");
    let (lake, secret, key) = (series.path("lake"), series.path("secret"), series.path("release.key"));
    let (lake, secret, key) = (text(&lake), text(&secret), text(&key));
    assert!(refused(&["aggregate", "--lake", lake]).contains("needs its secret"));

    std::fs::write(series.path("other"), "00".repeat(32)).unwrap();
    let other = series.path("other");
    let refusal = refused(&Series::arguments(lake, text(&other), key, "2025-07-20"));
    assert!(refusal.contains("not the secret that the series began with"), "{refusal}");

    run(&["release", "keygen", "--out", text(&series.path("new.key"))]);
    let new = series.path("new.key");
    let refusal = refused(&Series::arguments(lake, secret, text(&new), "2025-07-20"));
    assert!(refusal.contains("not the key"), "{refusal}");

    assert!(refused(&Series::arguments(lake, secret, key, "2999-01-01")).contains("is after today"));
    let census =
        [&Series::arguments(lake, secret, key, "2025-07-20")[..], &["--expansion", "census"]].concat();
    let refusal = refused(&census);
    assert!(
        refusal.contains("the series is made with --expansion `none`") && refusal.contains("hint:"),
        "{refusal}"
    );

    std::fs::rename(series.path("secret.seeds"), series.path("lost")).unwrap();
    let refusal = refused(&Series::arguments(lake, secret, key, "2025-07-20"));
    assert!(refusal.contains("seeds of") && refusal.contains("backup"), "{refusal}");
    assert!(!series.path("secret.seeds").exists(), "a run that was refused has made a folder of seeds");
    std::fs::rename(series.path("lost"), series.path("secret.seeds")).unwrap();

    // A second edition would cost twice what is allowed.
    let correction =
        [&Series::arguments(lake, secret, key, "2025-07-20")[..], &["--correction", "a defect"]].concat();
    let refusal = refused(&correction);
    assert!(refusal.contains("its budget is 3.50") && refusal.contains("hint:"), "{refusal}");
    for (line, budget) in [("tie-year", "7"), ("tie-month", "2")] {
        run(&["release", "budget", line, "--to", budget, "--reason", "test", "--lake", lake]);
    }
    let corrected = answer(&correction);
    assert_eq!(corrected["kept"], json!([]), "a new edition draws everything anew");
    let sql = "SELECT edition, reason FROM release_changes";
    assert_eq!(run(&["query", sql, "--format", "csv", "--lake", lake]), "edition,reason\n2,a defect\n");
}
