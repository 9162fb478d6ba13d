//! HTTP as its clients see it: forms, freshness, refusals, named questions, maps.
//!
//! In: a small lake whose figures this file chose, a real `kayoi serve`, and requests byte for byte. Out:
//! nothing, when each answer is what was asked for.

use std::path::Path;

use kayoi_lake::Manifest;
use kayoi_schemas::tables::ReleaseTable;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::answers::Server;
use super::released;
use client::Client;

mod client;
mod forms;
mod freshness;
mod maps;
mod named;
mod refusals;

/// A lake and its server.
struct Ground {
    folder: TempDir,
    server: Server,
}

impl Ground {
    /// A server of a lake with one release.
    fn new() -> Self {
        Self::with(&[])
    }

    /// The same with more arguments.
    fn with(arguments: &[&str]) -> Self {
        let folder = TempDir::new().unwrap();
        publish(folder.path(), 1, 0);
        let server = Server::start_with(folder.path(), arguments);
        Self { folder, server }
    }

    fn lake(&self) -> &Path {
        self.folder.path()
    }

    fn client(&self) -> Client {
        Client::new(&self.server.http)
    }
}

/// A town: code, name, romaji, people, those who come from Tokyo.
type Town = (&'static str, &'static str, &'static str, Option<i64>, Option<i64>);

/// The towns of the release.
const TOWNS: [Town; 3] = [
    ("20214", "茅野市", "Chino-shi", Some(1_700), Some(1_200)),
    ("20321", "軽井沢町", "Karuizawa-machi", Some(12_340), Some(9_000)),
    ("20485", "白馬村", "Hakuba-mura", None, None),
];

/// Adds a release in which everybody's figure is greater by `more`.
fn publish(folder: &Path, revision: u64, more: i64) {
    let mut rows = Vec::new();
    for (code, name, romaji, all, tokyo) in TOWNS {
        for (kind, level, origin_code, origin, persons) in [
            ("connected", "all", "all", "all", all),
            ("connected", "prefecture", "13", "東京都", tokyo),
            ("visitor", "prefecture", "13", "東京都", tokyo),
        ] {
            let persons = persons.map(|persons| persons + more);
            rows.push(json!({
                "month": "2026-03-01", "month_text": "2026-03", "fiscal_year": 2025, "quarter": "2026-Q1",
                "municipality_code": code, "municipality": name, "municipality_romaji": romaji,
                "prefecture": "長野県", "kind": kind, "origin_level": level, "origin_code": origin_code,
                "origin": origin, "persons": persons, "persons_low": persons.map(|n| n - 100),
                "persons_high": persons.map(|n| n + 100), "quality": persons.map(|_| "A"),
                "status": if persons.is_some() { "published" } else { "hidden" },
                "fewer_than": if persons.is_some() { Value::Null } else { json!(40) },
                "window_months": 12, "series": "trial", "definition": "connected-2026/5",
                "definition_hash": "0123456789ab", "boundaries": "none", "code_date": "2025-01-01",
                "revision": revision,
            }));
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
