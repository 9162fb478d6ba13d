//! A marker is planted in every place of a record, in every format, and looked for in what is said of it.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use kayoi_schemas::ping::Ping;
use kayoi_schemas::time::UtcMillis;

use super::avro::Program;
use super::avro::container::Container;
use super::columns::ColumnReader;
use super::frame::SchemaKind;
use super::framed::{KnownSchema, Table, WriterSchema, schema_id};
use super::mapping::Mapping;
use super::protobuf::ProtoProgram;
use super::spec_encoder as encode;
use super::{delimited, header, json};
use crate::rejection::Rejection;
use crate::validate::{Rules, validate};

/// A text that no program writes by itself, and short enough for the place of a schema's id.
const MARKER: &[u8] = b"mK7q";
const AVRO: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../schemas/contracts/ping.avsc"));
const PROTO: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../schemas/contracts/ping.proto"));
const JSON: &str = r#"{"device_id":"dev-0","timestamp":1750000000000,"latitude":36.0451234,"longitude":138.1171234,"x":{"y":[1]}}"#;
const NOW: UtcMillis = UtcMillis(1_790_000_000_000);

/// What was looked at, and how often something was said.
#[derive(Default)]
struct Looked {
    places: usize,
    said: usize,
}

impl Looked {
    /// Looks at what becomes of a record, with all that comes after its decoder.
    fn at(&mut self, decoded: Result<Ping<'_>, Rejection>) {
        self.places += 1;
        let rejected = decoded.and_then(|ping| validate(&ping, &Rules::default(), NOW).map(drop));
        if let Err(rejection) = rejected {
            self.told(&format!("{} {} {rejection:?}", rejection.reason, rejection.detail));
        }
    }

    /// Looks at a text that somebody reads.
    fn told(&mut self, text: &str) {
        self.said += 1;
        let marker = std::str::from_utf8(MARKER).unwrap();
        let number = u32::from_be_bytes(*b"mK7q").to_string();
        assert!(!text.contains(marker) && !text.contains(&number), "{text}");
    }

    fn error(&mut self, error: &dyn std::error::Error) {
        let mut cause = Some(error);
        while let Some(error) = cause {
            self.told(&format!("{error} {error:?}"));
            cause = error.source();
        }
    }
}

/// The bytes with the marker before, within and behind them: put in, and put in the place of as many.
fn planted(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for place in 0..=bytes.len() {
        let (before, after) = bytes.split_at(place);
        all.push([before, MARKER, after].concat());
        all.push([before, MARKER, after.get(MARKER.len()..).unwrap_or_default()].concat());
    }
    all
}

fn avro_record() -> Vec<u8> {
    let mut bytes = Vec::new();
    encode::text(&mut bytes, b"dev-0");
    encode::long(&mut bytes, 1_750_000_000_000);
    encode::double(&mut bytes, 36.045_123_4);
    encode::double(&mut bytes, 138.117_123_4);
    // Every further field of the contract is a union whose first branch is null.
    bytes.resize(bytes.len() + 7, 0);
    bytes
}

fn protobuf_record() -> Vec<u8> {
    let mut bytes = Vec::new();
    encode::field_bytes(&mut bytes, 1, b"dev-0");
    encode::field_integer(&mut bytes, 2, 1_750_000_000_000);
    encode::field_double(&mut bytes, 3, 36.045_123_4);
    encode::field_double(&mut bytes, 4, 138.117_123_4);
    bytes
}

#[test]
fn a_marker_in_any_place_of_a_record_is_not_in_what_is_said_of_it() {
    let mapping = Mapping::default();
    let mut looked = Looked::default();
    let avro = Program::compile(AVRO, &mapping).unwrap();
    let protobuf = ProtoProgram::compile(PROTO, Some("kayoi.v1.Ping"), &mapping).unwrap();
    for record in planted(JSON.as_bytes()) {
        looked.at(json::decode(&record, &mapping));
        let twice = serde_json::to_vec(&String::from_utf8_lossy(&record)).unwrap();
        looked.at(json::decode(&twice, &mapping));
        looked.at(json::decode(&[b"[".as_slice(), &record, b"]"].concat(), &mapping));
        looked.at(json::decode(&[br#"{"data":"#.as_slice(), &record, b"}"].concat(), &mapping));
    }
    for record in planted(&avro_record()) {
        looked.at(avro.decode(&record));
    }
    for record in planted(&protobuf_record()) {
        looked.at(protobuf.decode(&record));
    }
    for (kind, schema, body) in [
        (SchemaKind::Avro, AVRO.to_owned(), avro_record()),
        (SchemaKind::Avro, AVRO.replace("device_id", "mK7q"), avro_record()),
        (SchemaKind::Avro, AVRO.replace("\"string\"", "\"mK7q\""), avro_record()),
        (SchemaKind::Avro, "mK7q".to_owned(), avro_record()),
        (SchemaKind::Protobuf, PROTO.to_owned(), protobuf_record()),
        (SchemaKind::Protobuf, "message mK7q { mK7q".to_owned(), protobuf_record()),
        (SchemaKind::Json, "{}".to_owned(), JSON.as_bytes().to_vec()),
    ] {
        let path: &[u8] = if kind == SchemaKind::Protobuf { &[0] } else { &[] };
        for record in planted(&[&[0, 0, 0, 0, 7][..], path, &body].concat()) {
            let writer = WriterSchema { kind, text: schema.clone(), references: Vec::new() };
            let mut known = KnownSchema::new(schema_id(&record).unwrap_or(7), Some(writer));
            if let Some(message) = known.message_of(&record) {
                known.meet(message, &mapping);
            }
            looked.at(Table::new(false, vec![known.clone()]).decode(&record, &mapping));
            looked.at(Table::new(true, Vec::new()).decode(&record, &mapping));
        }
    }
    assert!(looked.places > 2_000 && looked.said > 1_500, "{} {}", looked.places, looked.said);
}

#[test]
fn a_marker_in_any_place_of_rows_and_columns_is_not_in_what_is_said_of_them() {
    let mapping = Mapping::default();
    let mut looked = Looked::default();
    let head = "device_id,timestamp,latitude,longitude,note";
    let names: Vec<String> = head.split(',').map(str::to_owned).collect();
    let fields = header::fields(&names, &mapping).unwrap();
    let rows = planted(b"dev-0,1750000000000,36.0451234,138.1171234,x\n");
    for bytes in &rows {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&bytes[..]);
        for row in reader.byte_records().filter_map(Result::ok) {
            looked.at(delimited::decode(&row, &fields, &mapping));
        }
        // The same line where the header should be.
        let line = String::from_utf8_lossy(bytes);
        for separator in [',', ';'] {
            let names: Vec<String> = line.trim().split(separator).map(str::to_owned).collect();
            looked.error(&header::fields(&names, &mapping).unwrap_err());
        }
    }
    for (column, name) in names.iter().enumerate() {
        for kind in 0..3 {
            let texts: ArrayRef = Arc::new(StringArray::from(vec!["mK7q"]));
            let floats: ArrayRef = Arc::new(Float64Array::from(vec![7.25]));
            let integers: ArrayRef = Arc::new(Int64Array::from(vec![-1]));
            let wrong = [texts.clone(), floats.clone(), integers][kind].clone();
            let columns = names.iter().enumerate().map(|(index, own)| {
                let is_it = index == column;
                (
                    if is_it && kind == 2 { "mK7q" } else { own.as_str() },
                    if is_it { wrong.clone() } else { texts.clone() },
                )
            });
            let batch = RecordBatch::try_from_iter(columns).unwrap();
            match ColumnReader::new(&batch, &mapping) {
                Ok(reader) => looked.at(reader.decode(0)),
                // A file whose other names are known has a header, and its names may be told.
                Err(error) if kind < 2 => looked.error(&error),
                Err(_) => assert_ne!(name, "note"),
            }
        }
    }
    assert!(looked.places > 90 && looked.said > 200, "{} {}", looked.places, looked.said);
}

#[test]
fn a_marker_in_any_place_of_a_container_is_not_in_its_error() {
    let mut looked = Looked::default();
    let mut file = b"Obj\x01\x02".to_vec();
    encode::text(&mut file, b"avro.schema");
    encode::text(&mut file, AVRO.as_bytes());
    file.extend([0; 17]);
    encode::long(&mut file, 1);
    encode::text(&mut file, &avro_record());
    file.extend([0; 16]);
    for bytes in planted(&file) {
        looked.places += 1;
        match Container::open(&bytes[..]) {
            Ok(blocks) => blocks.filter_map(Result::err).for_each(|error| looked.error(&error)),
            Err(error) => looked.error(&error),
        }
    }
    let codec = [&file[..4], &b"\x02\x14avro.codec\x08mK7q\x00"[..]].concat();
    looked.error(&Container::open(&codec[..]).err().unwrap());
    assert!(looked.places > 900 && looked.said > 100, "{} {}", looked.places, looked.said);
}
