//! `kayoi lake forget`: people who asked for it leave the lake.
//!
//! In: identifiers from a file. Out: a receipt with counts. Neither an identifier nor a pseudonym is printed
//! or written: a receipt that names people would be the very thing they asked to have deleted.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, bail};
use kayoi_ingest::pseudonymize::PseudonymKey;
use kayoi_lake::Lake;
use kayoi_schemas::ids::DeviceId;
use kayoi_schemas::tables::InternalTable;
use kayoi_schemas::time::Clock;
use serde_json::{Map, Value, json};

use super::utc_text;
use crate::args::LakeForgetOptions;
use crate::commands::{key_path, lease, open};
use crate::screen::{count, line, note};

pub(crate) fn run(options: &LakeForgetOptions) -> anyhow::Result<()> {
    let lake = open(&options.lake.lake)?;
    let key = key(options, &lake)?;
    let devices = devices(&read(&options.id_file)?, &key);
    if devices.is_empty() {
        bail!(
            "`{}` holds no identifier\nhint: write one a line, as the partner does",
            options.id_file.display()
        );
    }
    // Made before anything is deleted: a deletion whose receipt cannot be written is one nobody can prove.
    let file = options.receipt.as_deref().map(create).transpose()?;
    let receipt = forget(&lake, &devices);
    if let (Err(_), Some(path)) = (&receipt, &options.receipt) {
        let _ = std::fs::remove_file(path);
    }
    let receipt = receipt?;
    if let (Some(mut file), Some(path)) = (file, &options.receipt) {
        let written = writeln!(file, "{receipt:#}").and_then(|()| file.sync_all());
        if written.is_err() {
            // The rows are gone: whoever asked must still get the receipt.
            line(&receipt)?;
        }
        written.with_context(|| format!("cannot write `{}`; the receipt stands above", path.display()))?;
    }
    print_consequences();
    if options.json { line(&receipt) } else { print(&receipt) }
}

/// The lake's key. It is never made here: under a new key nobody would be found.
fn key(options: &LakeForgetOptions, lake: &Lake) -> anyhow::Result<PseudonymKey> {
    if lake.key_fingerprint()?.is_none() {
        bail!("nothing was ever ingested into `{}`", lake.location().url());
    }
    let path = key_path(&options.key, &options.lake.lake)?;
    if !path.is_file() {
        bail!(
            "there is no key file `{}`\nhint: name the key that this lake was filled with, with --key-file",
            path.display()
        );
    }
    let key = PseudonymKey::load_or_create(&path)?;
    lake.check_key(&key.fingerprint())?;
    Ok(key)
}

fn read(path: &Path) -> anyhow::Result<String> {
    let read = if path == Path::new("-") {
        std::io::read_to_string(std::io::stdin())
    } else {
        std::fs::read_to_string(path)
    };
    read.with_context(|| format!("cannot read `{}`", path.display()))
}

fn devices(text: &str, key: &PseudonymKey) -> BTreeSet<DeviceId> {
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    lines.filter(|line| !line.is_empty()).map(|identifier| key.device(identifier)).collect()
}

fn create(path: &Path) -> anyhow::Result<File> {
    File::create_new(path).with_context(|| format!("cannot make the receipt `{}`", path.display()))
}

fn forget(lake: &Lake, devices: &BTreeSet<DeviceId>) -> anyhow::Result<Value> {
    let _lease = lease(lake, "forget")?;
    let rows = lake.forget(devices)?;
    let texts = lake.scrub()?;
    let mut versions = Map::new();
    for table in InternalTable::ALL {
        if let Some(info) = lake.info(table)? {
            versions.insert(table.table().name.to_owned(), json!(info.version));
        }
    }
    Ok(json!({
        "receipt": uuid::Uuid::new_v4().to_string(),
        "when": utc_text(Clock::System.now()),
        "lake": lake.location().url().as_str(),
        "identifiers": devices.len(),
        "rows_removed": rows,
        "reject_texts_removed": texts,
        "versions_after": versions,
    }))
}

fn print(receipt: &Value) -> anyhow::Result<()> {
    let text = |name: &str| receipt.get(name).and_then(Value::as_str).unwrap_or_default();
    let none = Map::new();
    let rows = receipt.get("rows_removed").and_then(Value::as_object).unwrap_or(&none);
    let all: u64 = rows.values().filter_map(Value::as_u64).sum();
    let identifiers = receipt.get("identifiers").and_then(Value::as_u64).unwrap_or_default();
    line(format_args!("forgot {} identifiers: {} rows removed", count(identifiers), count(all)))?;
    for (table, number) in rows {
        line(format_args!("  {table:<25} {:>12}", count(number.as_u64().unwrap_or_default())))?;
    }
    line(format_args!("receipt {}, {}", text("receipt"), text("when")))
}

fn print_consequences() {
    note("note: released figures change at the next `kayoi aggregate`");
    note(
        "note: a replay of the topic or files under another --job brings the rows back; have the partner drop them too",
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_taken_one_a_line_and_once_each() {
        let key = PseudonymKey::from_bytes([7; 32]);
        let found = devices("\u{feff}AAAA-1\r\n\n  aaaa-1 \nbbbb-2", &key);
        assert_eq!(found, BTreeSet::from([key.device("aaaa-1"), key.device("bbbb-2")]));
    }

    #[test]
    fn a_receipt_names_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let lake = Lake::open(folder.path()).unwrap();
        let key = PseudonymKey::from_bytes([7; 32]);
        let device = key.device("aaaa-1");
        let receipt = forget(&lake, &BTreeSet::from([device])).unwrap().to_string();
        assert!(
            receipt.contains("\"identifiers\":1") && receipt.contains("\"rows_removed\":{}"),
            "{receipt}"
        );
        assert!(!receipt.contains("aaaa-1") && !receipt.contains(&device.column_value().to_string()));
    }
}
