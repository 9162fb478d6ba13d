//! Age and sex of the person behind a fix are stored alike from every kind of file, in bands of five years at least;
//! what says none is left out, costs no record and is seen in the quality of the feed.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Float64Array, Int64Array, StringArray};
use arrow::record_batch::RecordBatch;
use kayoi_lake::Lake;
use kayoi_schemas::tables::InternalTable;
use parquet::arrow::ArrowWriter;
use tempfile::TempDir;

use crate::kayoi::{json, text};

/// Age and sex as a partner writes them, and as they are stored.
type Person = ([&'static str; 2], [Option<&'static str>; 2]);

const PEOPLE: [Person; 6] = [
    (["40-49", "male"], [Some("40-49"), Some("male")]),
    (["43", "2"], [Some("40-44"), Some("female")]),
    (["６５歳以上", "女性"], [Some("65+"), Some("female")]),
    (["30代", "other"], [Some("30-39"), None]),
    (["unknown", "M"], [None, Some("male")]),
    (["", "-"], [None, None]),
];

const INSTANT_MS: i64 = 1_750_000_000_000;

fn fixes() -> impl Iterator<Item = (i64, [&'static str; 2])> {
    (INSTANT_MS..).step_by(60_000).zip(PEOPLE.map(|(words, _)| words))
}

/// What the lake has of each fix, in their order.
fn rows(lake: &Path) -> Vec<[Option<String>; 2]> {
    let batches = Lake::open(lake).unwrap().rows(InternalTable::Pings, &["age_band", "sex"]).unwrap();
    let texts = |batch: &RecordBatch, column: usize| -> Vec<Option<String>> {
        batch.column(column).as_string::<i32>().iter().map(|text| text.map(str::to_owned)).collect()
    };
    let of_batch = |batch: &RecordBatch| texts(batch, 0).into_iter().zip(texts(batch, 1)).collect::<Vec<_>>();
    batches.iter().flat_map(of_batch).map(|(age, sex)| [age, sex]).collect()
}

/// Ingests a file into a lake of its own and compacts it.
fn stored(folder: &Path, file: &Path) -> Vec<[Option<String>; 2]> {
    let (lake, key) = (file.with_extension("lake"), folder.join("key"));
    let told =
        json(&["ingest", "--json", "--file", text(file), "--lake", text(&lake), "--key-file", text(&key)]);
    assert_eq!((&told["stored"], &told["rejected"]), (&PEOPLE.len().into(), &0.into()), "{}", file.display());
    let before = rows(&lake);
    json(&["lake", "compact", "--json", "--lake", text(&lake)]);
    assert_eq!(rows(&lake), before);
    before
}

fn written(folder: &Path, name: &str, lines: impl Iterator<Item = String>) -> PathBuf {
    let file = folder.join(name);
    std::fs::write(&file, lines.collect::<Vec<_>>().join("\n")).unwrap();
    file
}

#[test]
fn the_same_ages_and_sexes_are_stored_from_every_kind_of_file() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let expected: Vec<_> =
        PEOPLE.iter().map(|(_, stored)| stored.map(|word| word.map(str::to_owned))).collect();

    let object = |(instant, [age, sex]): (i64, [&str; 2])| {
        format!(
            r#"{{"device_id":"d","timestamp":{instant},"latitude":36.0451,"longitude":138.1171,"age_band":"{age}","sex":"{sex}"}}"#
        )
    };
    assert_eq!(stored(folder, &written(folder, "flat.ndjson", fixes().map(object))), expected);
    // An escape in a text sends the whole record to the parser.
    let escaped = fixes().map(object).map(|line| line.replace("\"d\"", "\"\\u0064\""));
    assert_eq!(stored(folder, &written(folder, "escaped.ndjson", escaped)), expected);
    let numbers = fixes().map(object).map(|line| line.replace("\"43\"", "43").replace("\"2\"", "2.0"));
    assert_eq!(stored(folder, &written(folder, "numbers.ndjson", numbers)), expected);

    let row = |(instant, [age, sex]): (i64, [&str; 2])| format!("d,{instant},36.0451,138.1171,{age},{sex}");
    let rows = ["device_id,timestamp,latitude,longitude,age_band,sex".to_owned()];
    let rows = rows.into_iter().chain(fixes().map(row));
    assert_eq!(stored(folder, &written(folder, "rows.csv", rows)), expected);

    let count = PEOPLE.len();
    let words = |at: usize| Arc::new(StringArray::from_iter_values(fixes().map(|fix| fix.1[at]))) as ArrayRef;
    let columns: [(&str, ArrayRef); 6] = [
        ("device_id", Arc::new(StringArray::from(vec!["d"; count]))),
        ("timestamp", Arc::new(Int64Array::from_iter_values(fixes().map(|fix| fix.0)))),
        ("latitude", Arc::new(Float64Array::from(vec![36.0451; count]))),
        ("longitude", Arc::new(Float64Array::from(vec![138.1171; count]))),
        ("age_band", words(0)),
        ("sex", words(1)),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let file = folder.join("columns.parquet");
    let mut writer = ArrowWriter::try_new(File::create(&file).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    assert_eq!(stored(folder, &file), expected);
}

#[test]
fn an_operator_sees_what_share_of_fixes_has_an_age_and_a_sex() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let row = |(instant, [age, sex]): (i64, [&str; 2])| format!("d,{instant},36.0451,138.1171,{age},{sex}");
    let rows = ["device_id,timestamp,latitude,longitude,age_band,sex".to_owned()];
    let file = written(folder, "rows.csv", rows.into_iter().chain(fixes().map(row)));
    stored(folder, &file);
    let lake = file.with_extension("lake");
    let told = json(&["quality", "--json", "--days", "3660", "--lake", text(&lake)]);
    // What arrived is a figure of today.
    let figures = told["figures"].as_array().unwrap();
    let of_fixes = figures.iter().find(|figure| figure["day"] == "2025-06-15").unwrap();
    let value = |measure: &str| of_fixes["measures"][measure].as_f64().unwrap();
    let share = |of: usize| of as f64 / PEOPLE.len() as f64;
    let known = |at: usize| share(PEOPLE.iter().filter(|(_, stored)| stored[at].is_some()).count());
    assert_eq!((value("age_share"), value("sex_share")), (known(0), known(1)));
}
