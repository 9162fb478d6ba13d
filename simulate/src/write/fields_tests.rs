use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array, AsArray};
use arrow::datatypes::Int64Type;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::format::Format;
use crate::toy::{Chessboard, real_world};
use crate::world::{Society, World};
use crate::write::write_on;

/// Age and sex of a record, as far as it has them.
type Said = (Option<String>, Option<String>);

fn world(attributes_percent: f64) -> World {
    let world = real_world(&[], 300);
    let society = Society { attributes_percent, partners: 2, ..world.society.clone() };
    World { days: 20, pings_per_day: Some(6.0), society, ..world }
}

/// The good records of a file's lines, each with its device.
fn said(folder: &std::path::Path) -> Vec<(String, Said)> {
    let files = folder.read_dir().unwrap().map(|entry| entry.unwrap().path());
    let texts = files.map(|file| zstd::decode_all(std::fs::File::open(file).unwrap()).unwrap());
    let of_file = |text: Vec<u8>| {
        let lines = text.split(|byte| *byte == b'\n');
        let records = lines.filter_map(|line| serde_json::from_slice::<serde_json::Value>(line).ok());
        let word = |record: &serde_json::Value, name: &str| record[name].as_str().map(str::to_owned);
        let row = |record: serde_json::Value| {
            Some((word(&record, "device_id")?, (word(&record, "age_band"), word(&record, "sex"))))
        };
        records
            .filter_map(row)
            .filter(|(id, _)| id.len() == 36 && !id.starts_with("0000"))
            .collect::<Vec<_>>()
    };
    texts.flat_map(of_file).collect()
}

/// Age and sex in the truth, by device.
fn truth(folder: &std::path::Path) -> BTreeMap<String, Said> {
    let rows = |name: &str, columns: [&str; 3]| {
        let file = std::fs::File::open(folder.join(name)).unwrap();
        let batches = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap();
        let of_batch = move |batch: arrow::array::RecordBatch| {
            let text = |column: &str, row: usize| {
                let column = batch.column_by_name(column).unwrap();
                match column.as_string_opt::<i32>() {
                    Some(texts) => texts.is_valid(row).then(|| texts.value(row).to_owned()),
                    None => Some(column.as_primitive::<Int64Type>().value(row).to_string()),
                }
            };
            (0..batch.num_rows()).map(|row| columns.map(|column| text(column, row))).collect::<Vec<_>>()
        };
        batches.flat_map(|batch| of_batch(batch.unwrap())).collect::<Vec<_>>()
    };
    let persons: BTreeMap<String, Said> = rows("persons.parquet", ["person", "age_band", "sex"])
        .into_iter()
        .map(|[person, age, sex]| (person.unwrap(), (age, sex)))
        .collect();
    let devices = rows("people.parquet", ["device_id", "person", "person"]).into_iter();
    devices.map(|[device, person, _]| (device.unwrap(), persons[&person.unwrap()].clone())).collect()
}

#[test]
fn a_partner_knows_age_and_sex_of_the_share_of_phones_asked_for_and_says_the_truth() {
    let folder = tempfile::tempdir().unwrap();
    write_on(&world(60.0), &Chessboard, folder.path(), Format::Ndjson, &mut |_| {}).unwrap();
    let truth = truth(&folder.path().join("truth"));
    let mut by_device: BTreeMap<String, BTreeSet<Said>> = BTreeMap::new();
    for (device, person) in ["pings", "pings-2"].iter().flat_map(|name| said(&folder.path().join(name))) {
        by_device.entry(device).or_default().insert(person);
    }
    let known = by_device.iter().filter(|(device, said)| {
        assert_eq!(said.len(), 1, "{device} is of one person");
        let is_known = !said.contains(&(None, None));
        assert!(!is_known || said.contains(&truth[*device]), "{device}: {said:?}");
        is_known
    });
    let share = known.count() as f64 / by_device.len() as f64;
    assert!((0.5..0.7).contains(&share) && by_device.len() > 250, "{share} of {}", by_device.len());
}

#[test]
fn a_world_whose_partner_knows_nobody_has_no_such_fields_in_any_format() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    write_on(&world(0.0), &Chessboard, &path("lines"), Format::Ndjson, &mut |_| {}).unwrap();
    assert!(said(&path("lines/pings")).iter().all(|(_, said)| *said == (None, None)));
    for (percent, count) in [(0.0, 7), (60.0, 9)] {
        let out = path(&format!("columns-{percent}"));
        write_on(&world(percent), &Chessboard, &out, Format::Parquet, &mut |_| {}).unwrap();
        let file = out.join("pings").read_dir().unwrap().next().unwrap().unwrap().path();
        let reader = ParquetRecordBatchReaderBuilder::try_new(std::fs::File::open(file).unwrap()).unwrap();
        assert_eq!(reader.schema().fields().len(), count);
    }
}
