//! Files of every format and packing, damaged at random: every record is in a count, or an error names the
//! file. What a damaged file holds is counted here by other means than the reader's.

use std::collections::BTreeMap;
use std::io::Write;

use arrow::array::{Float64Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use kayoi_lake::Lake;
use kayoi_schemas::tables::InternalTable;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

use super::*;
use crate::decode::Decoder;
use crate::format::spec_encoder as encode;

const RECORDS: i64 = 300;
const MARKER: [u8; 16] = *b"marker-of-a-file";
const SCHEMA: &str = r#"{"type":"record","name":"P","fields":[{"name":"device_id","type":"string"},
    {"name":"timestamp","type":"long"},{"name":"latitude","type":"double"},{"name":"longitude","type":"double"}]}"#;

/// How many damages are tried; `KAYOI_DAMAGES` asks for more.
fn damages() -> u64 {
    std::env::var("KAYOI_DAMAGES").ok().and_then(|count| count.parse().ok()).unwrap_or(1000)
}

/// Numbers that look like chance and are the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % limit.max(1)
    }
}

fn instant(number: i64) -> i64 {
    1_750_000_000_000 + number * 61_000
}

fn ndjson() -> Vec<u8> {
    let line = |n: i64| {
        format!(
            "{{\"device_id\":\"d{n}\",\"timestamp\":{},\"latitude\":36.{n},\"longitude\":138.{n}}}\n",
            instant(n)
        )
    };
    (0..RECORDS).flat_map(|n| line(n).into_bytes()).collect()
}

fn csv() -> Vec<u8> {
    let rows = (0..RECORDS).flat_map(|n| format!("d{n},{},36.{n},138.{n}\n", instant(n)).into_bytes());
    b"device_id,timestamp,latitude,longitude\n".iter().copied().chain(rows).collect()
}

fn avro(codec: &str) -> Vec<u8> {
    let mut file = b"Obj\x01".to_vec();
    encode::long(&mut file, 2);
    for (key, value) in [("avro.schema", SCHEMA), ("avro.codec", codec)] {
        encode::text(&mut file, key.as_bytes());
        encode::text(&mut file, value.as_bytes());
    }
    file.push(0);
    file.extend(MARKER);
    for block in 0..6 {
        let mut bytes = Vec::new();
        for n in block * RECORDS / 6..(block + 1) * RECORDS / 6 {
            encode::text(&mut bytes, format!("d{n}").as_bytes());
            encode::long(&mut bytes, instant(n));
            encode::double(&mut bytes, 36.1);
            encode::double(&mut bytes, 138.1);
        }
        let packed = match codec {
            "deflate" => {
                let mut packer = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
                packer.write_all(&bytes).unwrap();
                packer.finish().unwrap()
            }
            "zstandard" => zstd::encode_all(bytes.as_slice(), 1).unwrap(),
            "snappy" => {
                let mut packed = snap::raw::Encoder::new().compress_vec(&bytes).unwrap();
                packed.extend(crc32fast::hash(&bytes).to_be_bytes());
                packed
            }
            _ => bytes,
        };
        encode::long(&mut file, RECORDS / 6);
        encode::text(&mut file, &packed);
        file.extend(MARKER);
    }
    file
}

fn parquet(compression: Compression) -> Vec<u8> {
    let field = |name: &str, kind| Field::new(name, kind, false);
    let schema = Arc::new(Schema::new(vec![
        field("device_id", DataType::Utf8),
        field("timestamp", DataType::Int64),
        field("latitude", DataType::Float64),
        field("longitude", DataType::Float64),
    ]));
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .set_max_row_group_row_count(Some(100))
        .build();
    let mut writer = ArrowWriter::try_new(Vec::new(), schema.clone(), Some(properties)).unwrap();
    let numbers = || 0..RECORDS;
    let batch = RecordBatch::try_new(
        schema,
        vec![
            Arc::new(StringArray::from_iter_values(numbers().map(|n| format!("d{n}")))),
            Arc::new(Int64Array::from_iter_values(numbers().map(instant))),
            Arc::new(Float64Array::from_iter_values(numbers().map(|n| 36.0 + n as f64 / 1e4))),
            Arc::new(Float64Array::from_iter_values(numbers().map(|n| 138.0 + n as f64 / 1e4))),
        ],
    );
    writer.write(&batch.unwrap()).unwrap();
    writer.into_inner().unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn zstd(bytes: &[u8], has_checksum: bool) -> Vec<u8> {
    let mut writer = zstd::Encoder::new(Vec::new(), 1).unwrap();
    writer.include_checksum(has_checksum).unwrap();
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

/// A whole file of each format and packing, by name.
fn files() -> Vec<(&'static str, Vec<u8>)> {
    let (lines, rows) = (ndjson(), csv());
    vec![
        ("a.ndjson", lines.clone()),
        ("b.ndjson.gz", gzip(&lines)),
        ("c.ndjson.gz", [gzip(&lines[..5000]), gzip(&lines[5000..])].concat()),
        ("d.ndjson.zst", zstd(&lines, false)),
        ("e.ndjson.zst", [zstd(&lines[..5000], true), zstd(&lines[5000..], true)].concat()),
        ("f.csv", rows.clone()),
        ("g.csv.gz", gzip(&rows)),
        ("h.csv.zst", zstd(&rows, true)),
        ("i.avro", avro("null")),
        ("j.avro", avro("deflate")),
        ("k.avro", avro("snappy")),
        ("l.avro", avro("zstandard")),
        ("m.avro.gz", gzip(&avro("null"))),
        ("n.parquet", parquet(Compression::UNCOMPRESSED)),
        ("o.parquet", parquet(Compression::SNAPPY)),
        ("p.parquet", parquet(Compression::ZSTD(parquet::basic::ZstdLevel::default()))),
    ]
}

/// Damages a file: cuts it, changes bits, takes a part out, or puts a part in twice.
fn damage(bytes: &mut Vec<u8>, chance: &mut Chance) -> String {
    let at = chance.below(bytes.len());
    let length = 1 + chance.below(400).min(bytes.len() - at - 1);
    match chance.below(4) {
        0 => {
            bytes.truncate(at);
            format!("cut at {at}")
        }
        1 => {
            let bits = 1 + chance.below(8);
            for _ in 0..bits {
                let (at, bit) = (chance.below(bytes.len()), chance.below(8));
                bytes[at] ^= 1 << bit;
            }
            format!("{bits} bits changed")
        }
        2 => {
            bytes.drain(at..at + length);
            format!("{length} bytes gone at {at}")
        }
        _ => {
            let again = bytes[at..at + length].to_vec();
            bytes.splice(at..at, again);
            format!("{length} bytes twice at {at}")
        }
    }
}

/// The text in a file, unpacked by the libraries at once; `None` when they refuse.
fn text_of(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    if bytes.starts_with(&[0x1f, 0x8b]) {
        std::io::Read::read_to_end(&mut flate2::read::MultiGzDecoder::new(bytes), &mut text).ok()?;
    } else if bytes.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        text = zstd::decode_all(bytes).ok()?;
    } else {
        text = bytes.to_vec();
    }
    Some(text)
}

/// Records that an Avro file says it has, block by block; `None` for one whose blocks do not fit together.
fn blocks_of(bytes: &[u8]) -> Option<i64> {
    let mut records = 0;
    let mut rest = &bytes[bytes.windows(16).position(|window| window == MARKER)? + 16..];
    while !rest.is_empty() {
        let mut number = || -> Option<i64> {
            let (mut value, mut shift) = (0_u64, 0);
            loop {
                let (byte, more) = rest.split_first()?;
                rest = more;
                value |= u64::from(byte & 0x7f).checked_shl(shift)?;
                shift += 7;
                if byte & 0x80 == 0 {
                    return Some((value >> 1) as i64 ^ -((value & 1) as i64));
                }
            }
        };
        records += number()?;
        let size = usize::try_from(number()?).ok()?;
        rest = rest.get(size..)?.strip_prefix(&MARKER)?;
    }
    Some(records)
}

/// The least and the most records that a reader may count in a file without an error; `None`: it must refuse.
fn allowed(name: &str, bytes: &[u8]) -> Option<(i64, i64)> {
    if name.ends_with(".parquet") {
        return Some((RECORDS, RECORDS));
    }
    let text = text_of(bytes)?;
    if name.contains(".avro") {
        return blocks_of(&text).map(|records| (records, records));
    }
    if name.contains(".ndjson") {
        let breaks = text.iter().filter(|byte| **byte == b'\n').count() as i64;
        let records = breaks + i64::from(text.last().is_some_and(|last| *last != b'\n'));
        return Some((records, records));
    }
    let lines =
        text.split(|byte| matches!(byte, b'\n' | b'\r')).filter(|line| !line.is_empty()).count() as i64;
    // A pair of quotes that chance has put there may hold a line break.
    let quotes = text.iter().filter(|byte| **byte == b'"').count() as i64;
    Some(((lines - 1 - quotes).max(0), (lines - 1).max(0)))
}

/// Reads a file as an ingest does. Records, each a ping or a reject; or the error, which must name the file.
fn read(path: &Path, lake: &Lake) -> Result<i64, String> {
    let table = lake.table(InternalTable::Pings).unwrap();
    let feed = Arc::new(Feed::new("p"));
    let options = FileOptions {
        feed,
        format: None,
        text: TextOptions::default(),
        job: "damage".to_owned(),
        chunk_records: 64,
        again: false,
    };
    let told = |error: &dyn std::error::Error| {
        let text = error.to_string();
        assert!(text.contains(path.file_name().unwrap().to_str().unwrap()), "no file is named: {text}");
        text
    };
    let mut source = FileSource::open(path, options).map_err(|error| told(&error))?;
    let mut records = 0;
    loop {
        match source.poll(&Positions { lake, table: &table }).map_err(|error| told(&error))? {
            Polled::Chunk(chunk) => {
                let decoder = Decoder::new(&chunk).map_err(|error| told(&error))?;
                assert_eq!(chunk.next_offset - chunk.first_offset, decoder.len() as i64);
                // Each is a ping or a rejection; that it is neither is not possible, that it panics would be.
                for index in 0..decoder.len() {
                    let _ = decoder.decode(index);
                    records += 1;
                }
            }
            Polled::End => return Ok(records),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn every_record_of_a_damaged_file_is_in_a_count_or_an_error_names_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(&folder.path().join("lake")).unwrap();
    let mut chance = Chance(20_261_128);
    let mut refused: BTreeMap<&str, u64> = BTreeMap::new();
    let files = files();
    for (name, bytes) in &files {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(read(&path, &lake), Ok(RECORDS), "{name}, whole");
    }
    for number in 0..damages() {
        let (name, whole) = &files[number as usize % files.len()];
        let mut bytes = whole.clone();
        let how = damage(&mut bytes, &mut chance);
        let path = folder.path().join(name);
        std::fs::write(&path, &bytes).unwrap();
        match (read(&path, &lake), allowed(name, &bytes)) {
            (Ok(read), Some((least, most))) => {
                assert!(
                    (least..=most).contains(&read),
                    "damage {number}, {name}, {how}: {read} of {least} to {most}"
                );
            }
            (Ok(read), None) => panic!("damage {number}, {name}, {how}: {read} records and no error"),
            (Err(_), _) => *refused.entry(name).or_default() += 1,
        }
    }
    let all: u64 = refused.values().sum();
    // Lines and rows that are not packed are read on behind a damage: an error for every file would be no
    // better than a loss.
    assert!(all > damages() / 3 && all < damages() * 19 / 20, "{all} of {} refused: {refused:?}", damages());
    assert!(!refused.contains_key("a.ndjson"), "{refused:?}");
}
