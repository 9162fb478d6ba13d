//! The real series of an earlier version goes on: what it published stands, byte for byte, and its months are followed by more.
//!
//! In: `tests/kept/series`, a lake with a signed release, its secret, seeds and keys, and answers that the version of then
//! gave, each beside its question. Out: the same answers, after today's program has released the lake again.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;

use super::kept::Kept;
use crate::kayoi::{json, refused, run, text};

/// A series, and what one types to go on with it.
struct Series {
    kept: Kept,
    lake: PathBuf,
}

impl Series {
    fn all() -> Vec<Self> {
        Kept::of("tests/kept/series").into_iter().map(|kept| Self { lake: kept.lake(), kept }).collect()
    }

    fn manifest(&self) -> Value {
        json(&["release", "show", "--json", "--lake", text(&self.lake)])
    }

    /// Checksums and bytes of the files of final months, by path.
    fn sealed_files(&self) -> BTreeMap<String, (String, Vec<u8>)> {
        let manifest = self.manifest();
        let sealed = manifest["sealed"].as_object().unwrap();
        let tables = manifest["tables"].as_object().unwrap().values();
        let files = tables.flat_map(|table| table["files"].as_array().unwrap());
        let is_final = |file: &&Value| file["month"].as_str().is_some_and(|month| sealed.contains_key(month));
        let named = files.filter(is_final).map(|file| {
            let path = file["path"].as_str().unwrap().to_owned();
            let bytes = std::fs::read(self.lake.join(&path)).unwrap();
            (path, (file["sha256"].as_str().unwrap().to_owned(), bytes))
        });
        named.collect()
    }

    /// Releases as of a day, with what the series began with.
    fn release(&self, as_of: &str) -> Value {
        let (secret, key) = (self.kept.path("secret"), self.kept.path("release.key"));
        let lake = text(&self.lake);
        json(&[
            "aggregate",
            "--json",
            "--lake",
            lake,
            "--secret",
            text(&secret),
            "--signing-key",
            text(&key),
            "--as-of",
            as_of,
        ])
    }

    /// Questions that were asked of the version of then, and its answers.
    fn answers(&self) -> Vec<(String, String)> {
        let files = self.kept.path("answers").read_dir().unwrap().map(|entry| entry.unwrap().path());
        let questions = files.filter(|path| path.extension().is_some_and(|extension| extension == "sql"));
        let read = |path: PathBuf| {
            let answer = std::fs::read_to_string(path.with_extension("csv")).unwrap();
            (std::fs::read_to_string(path).unwrap(), answer)
        };
        questions.map(read).collect()
    }
}

#[test]
fn what_a_real_series_published_stands_after_an_upgrade() {
    for series in Series::all() {
        let before = series.sealed_files();
        assert!(before.len() > 8, "{}", before.len());
        let (lake, public) = (text(&series.lake).to_owned(), series.kept.path("release.key.pub"));
        let verify = ["release", "verify", "--lake", &lake, "--public-key", text(&public)];
        run(&verify);
        // The day on which the month after the last final one becomes final.
        let summary = series.release("2025-07-20");
        assert_eq!((&summary["revision"], &summary["series"]), (&2.into(), &"real".into()));
        run(&verify);
        let after = series.sealed_files();
        assert!(after.len() > before.len(), "no month became final");
        for (path, file) in before {
            assert!(after.get(&path) == Some(&file), "{path} is not what was published");
        }
        let answers = series.answers();
        assert!(answers.len() >= 3);
        for (sql, answer) in answers {
            assert!(answer.lines().count() > 3, "{sql}");
            assert_eq!(run(&["query", &sql, "--format", "csv", "--lake", &lake]), answer, "{sql}");
        }
        // With another secret nothing goes on.
        let other = series.kept.path("other");
        std::fs::write(&other, "7".repeat(64)).unwrap();
        let (secret, key) = (text(&other), series.kept.path("release.key"));
        let arguments = ["aggregate", "--lake", &lake, "--secret", secret, "--signing-key", text(&key)];
        assert!(refused(&arguments).contains("hint:"));
        assert_eq!(series.manifest()["revision"], 2);
    }
}
