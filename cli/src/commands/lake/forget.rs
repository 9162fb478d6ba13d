//! `kayoi lake forget`: people who asked for it leave the lake.
//!
//! In: identifiers from a file or a topic. Out: a receipt with counts. Neither an identifier nor a pseudonym is printed
//! or written: a receipt that names people would be the very thing they asked to have deleted.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Write;
use std::path::Path;

use anyhow::Context;
use kayoi_ingest::config::{Config, FeedConfig};
use kayoi_ingest::optouts::{OptOuts, identifier};
use kayoi_ingest::pseudonymize::PseudonymKey;
use kayoi_ingest::setup;
use kayoi_ingest::source::kafka::KafkaOptions;
use kayoi_lake::Lake;
use kayoi_schemas::ids::DeviceId;
use kayoi_schemas::placeholder::is_placeholder;
use kayoi_schemas::tables::InternalTable;
use kayoi_schemas::time::Clock;
use serde_json::{Map, Value, json};

use super::utc_text;
use crate::args::LakeForgetOptions;
use crate::coded::{coded, refuse};
use crate::commands::ingest::from_file;
use crate::commands::{key_path, lease, open};
use crate::screen::{count, line, note};

/// Records of a topic that are forgotten at once: each time tables are rewritten.
const BATCH_RECORDS: u64 = 5000;

pub(crate) fn run(options: &LakeForgetOptions) -> anyhow::Result<()> {
    let lake = open(&options.lake.lake)?;
    let key = key(options, &lake)?;
    let asked = match &options.id_file {
        Some(path) => Asked::Devices(devices_of(path, &key)?),
        None => Asked::Topic(Box::new(OptOuts::open(topic(options)?, &lake)?)),
    };
    // Made before anything is deleted: a deletion whose receipt cannot be written is one nobody can prove.
    let file = options.receipt.as_deref().map(create).transpose()?;
    let mut done = Done::default();
    let ended = match asked {
        Asked::Devices(devices) => done.forget(&lake, &devices),
        Asked::Topic(mut topic) => done.forget_all(&lake, topic.as_mut(), &key),
    };
    if let (Err(_), true, Some(path)) = (&ended, done.is_empty(), &options.receipt) {
        let _ = std::fs::remove_file(path);
    }
    if done.is_empty() {
        ended?;
        return done.tell_nothing(options);
    }
    // What is gone is proved, even when not all of it could be done.
    let receipt = done.receipt(&lake)?;
    if let (Some(mut file), Some(path)) = (file, &options.receipt) {
        let written = writeln!(file, "{receipt:#}").and_then(|()| file.sync_all());
        if written.is_err() {
            // The rows are gone: whoever asked must still get the receipt.
            line(&receipt)?;
        }
        written.with_context(|| format!("cannot write `{}`; the receipt stands above", path.display()))?;
    }
    print_consequences();
    if options.json {
        line(&receipt)?
    } else {
        print(&receipt)?
    }
    ended?;
    match done.unreadable {
        0 => Ok(()),
        unreadable => refuse!(
            Contract,
            "{} of the topic's records hold no identifier: nobody was forgotten for them\nhint: a record is the identifier as the partner writes it, or an object with `device_id` or a name mapped to it with --map",
            count(unreadable)
        ),
    }
}

/// Who is to be forgotten.
enum Asked {
    Devices(BTreeSet<DeviceId>),
    Topic(Box<OptOuts>),
}

fn devices_of(path: &Path, key: &PseudonymKey) -> anyhow::Result<BTreeSet<DeviceId>> {
    let devices = devices(&read(path)?, key).with_context(|| {
        format!("`{}` is not one identifier a line: nobody was forgotten", path.display())
    })?;
    if devices.is_empty() {
        refuse!(
            Argument,
            "`{}` holds no identifier\nhint: write one a line, as the partner does",
            path.display()
        );
    }
    Ok(devices)
}

/// How the topic is read.
fn topic(options: &LakeForgetOptions) -> anyhow::Result<KafkaOptions> {
    let mut config = match &options.config {
        Some(path) => from_file(path)?,
        None => Config::default(),
    };
    if let Some(brokers) = &options.kafka {
        config.kafka.brokers.clone_from(brokers);
    }
    config.job.clone_from(&options.job);
    config.lake.url = options.lake.lake.to_string_lossy().into_owned();
    config.kafka.group = None;
    let mut feed =
        FeedConfig { topics: options.topic.clone().into_iter().collect(), ..FeedConfig::default() };
    for map in &options.map {
        let Some((theirs, ours)) = map.split_once('=') else {
            refuse!(
                Argument,
                "cannot map `{map}`\nhint: write --map THEIRS=OURS, as in --map ad_id=device_id"
            );
        };
        feed.map.insert(theirs.to_owned(), ours.to_owned());
    }
    config.feed = vec![feed];
    Ok(setup::kafka_options(&config, true)?)
}

/// What was done, batch by batch.
#[derive(Default)]
struct Done {
    identifiers: u64,
    batches: u64,
    records: u64,
    unreadable: u64,
    rows: BTreeMap<&'static str, u64>,
    texts: u64,
}

impl Done {
    fn is_empty(&self) -> bool {
        self.batches == 0
    }

    /// Forgets devices at once.
    fn forget(&mut self, lake: &Lake, devices: &BTreeSet<DeviceId>) -> anyhow::Result<()> {
        let _lease = lease(lake, "forget")?;
        for (table, rows) in lake.forget(devices)? {
            *self.rows.entry(table).or_default() += rows;
        }
        self.identifiers += devices.len() as u64;
        self.batches += 1;
        self.texts += lake.scrub()?;
        Ok(())
    }

    /// Forgets whom a topic names, to its end.
    fn forget_all(&mut self, lake: &Lake, topic: &mut OptOuts, key: &PseudonymKey) -> anyhow::Result<()> {
        while let Some(batch) = topic.next(lake, key, BATCH_RECORDS)? {
            self.forget(lake, &batch.devices)?;
            self.records += batch.records;
            self.unreadable += batch.unreadable;
            topic.done(lake)?;
        }
        Ok(())
    }

    /// A topic without a new record: there is nothing to prove.
    fn tell_nothing(&self, options: &LakeForgetOptions) -> anyhow::Result<()> {
        if let Some(path) = &options.receipt {
            let _ = std::fs::remove_file(path);
        }
        if options.json {
            return line(json!({ "identifiers": 0, "records": self.records, "rows_removed": {} }));
        }
        line("nobody new asked to be forgotten")
    }

    fn receipt(&self, lake: &Lake) -> anyhow::Result<Value> {
        let mut versions = Map::new();
        for table in InternalTable::ALL {
            if let Some(info) = lake.info(table)? {
                versions.insert(table.table().name.to_owned(), json!(info.version));
            }
        }
        let mut receipt = json!({
            "receipt": uuid::Uuid::new_v4().to_string(),
            "when": utc_text(Clock::System.now()),
            "lake": lake.location().url().as_str(),
            "identifiers": self.identifiers,
            "rows_removed": self.rows,
            "reject_texts_removed": self.texts,
            "versions_after": versions,
        });
        if self.records > 0 {
            receipt["topic"] =
                json!({ "records": self.records, "unreadable": self.unreadable, "batches": self.batches });
        }
        Ok(receipt)
    }
}

/// The lake's key. It is never made here: under a new key nobody would be found.
fn key(options: &LakeForgetOptions, lake: &Lake) -> anyhow::Result<PseudonymKey> {
    if lake.key_fingerprint()?.is_none() {
        refuse!(NothingYet, "nothing was ever ingested into `{}`", lake.location().url());
    }
    let path = key_path(&options.key, &options.lake.lake)?;
    let is_there = path.try_exists().with_context(|| {
        coded!(
            SecretFile,
            "the key file `{}` cannot be looked at\nhint: run this as the user who may read it",
            path.display()
        )
    })?;
    if !is_there {
        refuse!(
            NoKey,
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

///
/// # Errors
/// When a line holds something else: whoever asked would be told that they were forgotten, and were not.
fn devices(text: &str, key: &PseudonymKey) -> anyhow::Result<BTreeSet<DeviceId>> {
    let lines = text.trim_start_matches('\u{feff}').split(['\n', '\r']).map(str::trim);
    let mut found = BTreeSet::new();
    for (number, line) in lines.filter(|line| !line.is_empty()).enumerate() {
        let is_bare = !line.starts_with('"');
        let identifier =
            identifier(line.as_bytes()).filter(|text| !(is_bare && text.contains([',', ';', '\t'])));
        match identifier.filter(|text| !is_placeholder(text.trim())) {
            Some(identifier) => found.insert(key.device(identifier.trim())),
            None => refuse!(
                Argument,
                "identifier {} of the file is none, or not alone\nhint: write one a line; one with a comma in it goes into quotation marks",
                number + 1
            ),
        };
    }
    Ok(found)
}

fn create(path: &Path) -> anyhow::Result<File> {
    File::create_new(path).with_context(|| format!("cannot make the receipt `{}`", path.display()))
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
    if let Some(texts) =
        receipt.get("reject_texts_removed").and_then(Value::as_u64).filter(|texts| *texts > 0)
    {
        line(format_args!("  texts of older rejects    {:>12}", count(texts)))?;
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
        let found = devices("\u{feff}AAAA-1\r\n\n  aaaa-1 \nbbbb-2\r\"cc,cc\"", &key).unwrap();
        assert_eq!(found, BTreeSet::from(["aaaa-1", "bbbb-2", "cc,cc"].map(|id| key.device(id))));
        for other in ["[\"dev-1\"]", "{\"device_id\":\"dev-1\"}", "dev-1,2026-01-01", "dev-1\0", "null"] {
            let error = devices(&format!("dev-2\n{other}\n"), &key).unwrap_err().to_string();
            assert!(error.starts_with("identifier 2 ") && error.contains("hint:"), "{other}: {error}");
        }
    }

    #[test]
    fn a_receipt_names_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let lake = Lake::open(folder.path()).unwrap();
        let key = PseudonymKey::from_bytes([7; 32]);
        let device = key.device("aaaa-1");
        let mut done = Done::default();
        done.forget(&lake, &BTreeSet::from([device])).unwrap();
        let receipt = done.receipt(&lake).unwrap().to_string();
        assert!(
            receipt.contains("\"identifiers\":1") && receipt.contains("\"rows_removed\":{}"),
            "{receipt}"
        );
        assert!(!receipt.contains("aaaa-1") && !receipt.contains(&device.column_value().to_string()));
    }
}
