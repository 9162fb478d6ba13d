//! Upkeep that must not go wrong: a person who asked for it is forgotten, and one job at a time rewrites
//! files.
//!
//! In: a lake with a few devices. Out: rows and files that are gone, a receipt that names nobody, a refusal
//! that says who is at work.

use std::path::{Path, PathBuf};

use arrow::array::AsArray;
use arrow::datatypes::Int64Type;
use kayoi_ingest::pseudonymize::PseudonymKey;
use kayoi_lake::Lake;
use kayoi_schemas::tables::InternalTable;
use kayoi_schemas::time::Clock;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::bad_records::good_record;
use crate::kayoi::{json, output, refused, text};
use crate::operate::operators::{DEVICES, FIXES_A_DEVICE, PARTNER, device, table};

/// A lake with some devices, from a file.
fn small_lake(folder: &Path) -> PathBuf {
    let (file, lake) = (folder.join("pings.ndjson"), folder.join("lake"));
    let records = (0..DEVICES * FIXES_A_DEVICE).map(|n| good_record(&device(n % DEVICES), n as i64));
    std::fs::write(&file, records.collect::<Vec<_>>().join(&b'\n')).unwrap();
    let arguments = ["ingest", "--json", "--partner", PARTNER, "--file", text(&file), "--lake", text(&lake)];
    assert_eq!(json(&arguments)["stored"], DEVICES * FIXES_A_DEVICE);
    lake
}

/// Column `device_id` of the pings.
fn pseudonyms(lake: &Path) -> Vec<i64> {
    let batches = Lake::open(lake).unwrap().rows(InternalTable::Pings, &["device_id"]).unwrap();
    let values =
        batches.iter().flat_map(|batch| batch.column(0).as_primitive::<Int64Type>().values().to_vec());
    values.collect()
}

/// Files with pings that stand in the folder, whether the table names them or not.
fn files_there(lake: &Path) -> usize {
    let days = lake.join("pings").read_dir().unwrap().map(|entry| entry.unwrap().path());
    let days = days.filter(|day| day.is_dir() && !day.ends_with("_delta_log"));
    days.flat_map(|day| day.read_dir().unwrap()).filter(|file| file.is_ok()).count()
}

/// Writes the lease as a job that ends so many minutes from now holds it.
fn hold_lease(lake: &Path, holder: &str, minutes: i64) -> PathBuf {
    let path = lake.join("kayoi-maintenance-lease.json");
    let until_ms = Clock::System.now().0 + minutes * 60_000;
    std::fs::write(&path, json!({ "holder": holder, "until_ms": until_ms }).to_string()).unwrap();
    path
}

#[test]
fn a_forgotten_device_is_gone_and_its_receipt_names_nobody() {
    let folder = TempDir::new().unwrap();
    let lake = small_lake(folder.path());
    let key = PseudonymKey::load_or_create(&folder.path().join("lake.key")).unwrap();
    let gone = key.device(&device(3)).column_value();
    assert_eq!(pseudonyms(&lake).iter().filter(|pseudonym| **pseudonym == gone).count(), FIXES_A_DEVICE);
    let (ids, receipt) = (folder.path().join("ids.txt"), folder.path().join("receipt.json"));
    // As a person would write it down: case and space make no other device.
    std::fs::write(&ids, format!("  {}\r\n", device(3).to_uppercase())).unwrap();

    let forget = ["lake", "forget", "--json", "--lake", text(&lake), "--id-file", text(&ids)];
    let ended = output(&[&forget[..], &["--receipt", text(&receipt)]].concat());
    let stderr = String::from_utf8(ended.stderr).unwrap();
    assert!(ended.status.success(), "{stderr}");
    let written = std::fs::read_to_string(&receipt).unwrap();
    let receipt: Value = serde_json::from_str(&written).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&ended.stdout).unwrap(), receipt);
    assert_eq!(
        (&receipt["identifiers"], &receipt["rows_removed"]),
        (&json!(1), &json!({"pings": FIXES_A_DEVICE}))
    );
    for told in [written, String::from_utf8(ended.stdout).unwrap(), stderr] {
        let lower = told.to_lowercase();
        assert!(!lower.contains(&device(3)) && !lower.contains(&gone.to_string()), "{told}");
        assert!(!lower.contains(&format!("{gone:x}")), "{told}");
    }

    let left = pseudonyms(&lake);
    assert_eq!(left.len(), (DEVICES - 1) * FIXES_A_DEVICE);
    assert!(!left.contains(&gone));
    let info = json(&["lake", "info", "--json", "--lake", text(&lake)]);
    assert_eq!(
        table(&info, "pings")["files"],
        files_there(&lake),
        "a file that held the device is still there"
    );
    assert_eq!(json(&forget)["rows_removed"], json!({}), "nothing is left to forget");
}

#[test]
fn a_second_upkeep_job_is_refused_until_the_lease_ends() {
    let folder = TempDir::new().unwrap();
    let lake = small_lake(folder.path());
    let (ids, receipt) = (folder.path().join("ids.txt"), folder.path().join("receipt.json"));
    std::fs::write(&ids, device(3)).unwrap();
    let forget =
        ["lake", "forget", "--lake", text(&lake), "--id-file", text(&ids), "--receipt", text(&receipt)];
    let before = pseudonyms(&lake);

    let lease = hold_lease(&lake, "kayoi lake compact, process 4711", 30);
    for job in [
        &["lake", "compact", "--lake", text(&lake)][..],
        &["lake", "maintain", "--lake", text(&lake)],
        &forget,
    ] {
        let error = refused(job);
        assert!(error.contains("`kayoi lake compact, process 4711`"), "{error}");
        assert!(error.contains("hint: ") && error.contains("kayoi-maintenance-lease.json"), "{error}");
        assert!(error.contains(" UTC"), "{error}");
    }
    assert!(lease.is_file(), "a refused job took the other's lease away");
    assert!(!receipt.exists(), "a receipt of nothing");
    assert_eq!(pseudonyms(&lake), before);
    // Who only looks needs no lease.
    json(&["lake", "info", "--json", "--lake", text(&lake)]);
    json(&["lake", "vacuum", "--dry-run", "--json", "--lake", text(&lake)]);

    hold_lease(&lake, "a job that died", -1);
    assert!(output(&forget).status.success());
    assert!(receipt.is_file() && !lease.exists());
    assert_eq!(pseudonyms(&lake).len(), before.len() - FIXES_A_DEVICE);
}
