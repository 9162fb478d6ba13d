//! The same record in JSON, CSV, Avro, Protobuf and Parquet is the same ping, or refused for the same reason.
//!
//! A record is a list of fields and values; each format writes it in the types that it has.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Float64Array, Int64Array, NullArray, RecordBatch, StringArray};
use kayoi_schemas::person::{AgeBand, Sex};
use kayoi_schemas::ping::{FixSource, Ping, RejectReason};
use kayoi_schemas::spelling::{EMPTY_WORDS, SPELLINGS};
use kayoi_schemas::units::speed::GroundSpeed;
use proptest::prelude::*;

use super::avro::Program;
use super::columns::ColumnReader;
use super::mapping::Mapping;
use super::protobuf::ProtoProgram;
use super::spec_encoder as encode;
use super::value::spelling::{Spelling, TimestampUnit};
use super::value::words::MissingWords;
use super::value::zone::Zone;
use super::{delimited, json};
use crate::rejection::Rejection;

/// A value, and with it the type that a typed format gives it.
#[derive(Debug, Clone)]
pub(super) enum Written {
    Text(String),
    Integer(i64),
    Float(f64),
    Boolean(bool),
    Null,
}

pub(super) type Record = Vec<(&'static str, Written)>;

/// What a ping says, with coordinates on the grid.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Said {
    device_id: Option<String>,
    timestamp_ms: Option<i64>,
    point: [Option<String>; 2],
    pub(super) accuracy_m: Option<f64>,
    /// As it is stored.
    pub(super) speed_m_s: Option<f32>,
    source: Option<FixSource>,
    pub(super) age: Option<AgeBand>,
    pub(super) sex: Option<Sex>,
    has_consent: bool,
}

pub(super) type Outcome = Result<Said, RejectReason>;

pub(super) fn outcome(decoded: Result<Ping<'_>, Rejection>) -> Outcome {
    let ping = decoded.map_err(|rejection| rejection.reason)?;
    Ok(Said {
        device_id: ping.device_id.map(|id| id.trim().to_owned()),
        timestamp_ms: ping.timestamp_ms,
        point: [ping.latitude, ping.longitude].map(|degrees| degrees.map(|degrees| degrees.to_string())),
        accuracy_m: ping.accuracy_m,
        speed_m_s: ping.speed_m_s.and_then(GroundSpeed::from_m_s).map(GroundSpeed::m_s),
        source: ping.source,
        age: ping.age,
        sex: ping.sex,
        has_consent: ping.consent.is_some(),
    })
}

fn of_json(record: &Record, mapping: &Mapping) -> Outcome {
    let fields = record.iter().map(|(field, value)| {
        let value = match value {
            Written::Text(text) => text.as_str().into(),
            Written::Integer(number) => (*number).into(),
            Written::Float(number) => (*number).into(),
            Written::Boolean(boolean) => (*boolean).into(),
            Written::Null => serde_json::Value::Null,
        };
        format!("\"{field}\":{value}")
    });
    let text = format!("{{{}}}", fields.collect::<Vec<_>>().join(","));
    outcome(json::decode(text.as_bytes(), mapping))
}

/// A float as most programs print it: with a sign in its exponent.
fn printed(number: f64) -> String {
    let text = format!("{number:?}");
    if text.contains("e-") { text } else { text.replace('e', "e+") }
}

fn of_csv(record: &Record, mapping: &Mapping) -> Outcome {
    let fields: Vec<_> = record.iter().map(|(field, _)| Some(*field)).collect();
    let cells = record.iter().map(|(_, value)| match value {
        Written::Text(text) => text.clone(),
        Written::Integer(number) => number.to_string(),
        Written::Float(number) => printed(*number),
        Written::Boolean(boolean) => boolean.to_string(),
        Written::Null => String::new(),
    });
    let row = csv::ByteRecord::from(cells.collect::<Vec<_>>());
    outcome(delimited::decode(&row, &fields, mapping))
}

fn of_avro(record: &Record, mapping: &Mapping) -> Outcome {
    let (mut fields, mut body) = (Vec::new(), Vec::new());
    for (field, value) in record {
        let kind = match value {
            Written::Text(text) => {
                encode::text(&mut body, text.as_bytes());
                r#""string""#
            }
            Written::Integer(number) => {
                encode::long(&mut body, *number);
                r#""long""#
            }
            Written::Float(number) => {
                encode::double(&mut body, *number);
                r#""double""#
            }
            Written::Boolean(boolean) => {
                body.push(u8::from(*boolean));
                r#""boolean""#
            }
            Written::Null => {
                encode::long(&mut body, 0);
                r#"["null","double"]"#
            }
        };
        fields.push(format!(r#"{{"name":"{field}","type":{kind}}}"#));
    }
    let schema = format!(r#"{{"type":"record","name":"P","fields":[{}]}}"#, fields.join(","));
    outcome(Program::compile(&schema, mapping).unwrap().decode(&body))
}

fn of_protobuf(record: &Record, mapping: &Mapping) -> Outcome {
    let (mut fields, mut body) = (String::new(), Vec::new());
    for (number, (field, value)) in (1..).zip(record) {
        let kind = match value {
            Written::Text(text) => {
                encode::field_bytes(&mut body, number, text.as_bytes());
                "string"
            }
            Written::Integer(integer) => {
                encode::field_integer(&mut body, number, *integer as u64);
                "int64"
            }
            Written::Float(float) => {
                encode::field_double(&mut body, number, *float);
                "double"
            }
            Written::Boolean(boolean) => {
                encode::field_integer(&mut body, number, u64::from(*boolean));
                "bool"
            }
            Written::Null => "double",
        };
        fields += &format!("optional {kind} {field} = {number}; ");
    }
    let text = format!("syntax = \"proto3\"; message P {{ {fields} }}");
    outcome(ProtoProgram::compile(&text, None, mapping).unwrap().decode(&body))
}

fn of_columns(record: &Record, mapping: &Mapping) -> Outcome {
    let columns = record.iter().map(|(field, value)| {
        let column: ArrayRef = match value {
            Written::Text(text) => Arc::new(StringArray::from(vec![text.as_str()])),
            Written::Integer(number) => Arc::new(Int64Array::from(vec![*number])),
            Written::Float(number) => Arc::new(Float64Array::from(vec![*number])),
            Written::Boolean(boolean) => Arc::new(BooleanArray::from(vec![*boolean])),
            Written::Null => Arc::new(NullArray::new(1)),
        };
        (*field, column, true)
    });
    let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
    let reader = ColumnReader::new(&batch, mapping).unwrap();
    outcome(reader.decode(0))
}

/// The one outcome of all five formats.
pub(super) fn agreed(record: &Record, mapping: &Mapping) -> Outcome {
    let first = of_json(record, mapping);
    let others = [
        ("CSV", of_csv(record, mapping)),
        ("Avro", of_avro(record, mapping)),
        ("Protobuf", of_protobuf(record, mapping)),
        ("columns", of_columns(record, mapping)),
    ];
    for (format, outcome) in others {
        // NaN is not equal to itself.
        assert_eq!(format!("{outcome:?}"), format!("{first:?}"), "{format} and JSON, of {record:?}");
    }
    first
}

pub(super) fn text(text: &str) -> Written {
    Written::Text(text.to_owned())
}

/// A record whose fields are written as in the contract's examples, with one written otherwise.
pub(super) fn with(field: &str, value: Written) -> Record {
    let mut record = vec![
        ("device_id", text("device-1")),
        ("timestamp", Written::Integer(1_750_000_000_000)),
        ("latitude", Written::Float(36.0451234)),
        ("longitude", Written::Float(138.1171234)),
        ("horizontal_accuracy", Written::Float(12.5)),
        ("speed", Written::Float(1.25)),
        ("source", text("gps")),
        ("age_band", text("65+")),
        ("sex", text("female")),
        ("consent", text("2026-04")),
    ];
    for place in record.iter_mut().filter(|(name, _)| *name == field) {
        place.1 = value.clone();
    }
    record
}

/// A text, and the number that it is.
fn writings(example: &str) -> Vec<Written> {
    let integer = example.parse().map(Written::Integer).ok();
    let float = example.parse().ok().filter(|_| integer.is_none()).map(Written::Float);
    [Some(text(example)), integer, float].into_iter().flatten().collect()
}

fn unit(name: Option<&str>) -> TimestampUnit {
    match name {
        Some("s") => TimestampUnit::Seconds,
        Some("iso") => TimestampUnit::Iso,
        _ => TimestampUnit::Milliseconds,
    }
}

pub(super) fn mapping(unit: TimestampUnit, zone: Option<&str>) -> Mapping {
    let zone = zone.map(|name| Zone::parse(name).unwrap());
    let missing = MissingWords::with(&["-999".to_owned(), "void".to_owned()]);
    let mut mapping = Mapping::default();
    mapping.spelling = Spelling { unit, zone, missing };
    mapping
}

#[test]
fn every_spelling_of_the_contract_means_the_same_in_every_format() {
    for spelling in SPELLINGS {
        let said = agreed(&with(spelling.field, written_as_contract(spelling)), &mapping(unit(None), None));
        let mapping = mapping(unit(spelling.unit), spelling.needs_zone.then_some("Asia/Tokyo"));
        for value in spelling.examples.iter().flat_map(|example| writings(example)) {
            // A number is no text with date and time; its text is none either.
            assert_eq!(agreed(&with(spelling.field, value.clone()), &mapping), said, "{value:?}");
        }
    }
}

fn written_as_contract(spelling: &kayoi_schemas::spelling::Spelling) -> Written {
    match spelling.field {
        "timestamp" => Written::Integer(spelling.means.parse().unwrap()),
        "latitude" | "longitude" | "horizontal_accuracy" | "speed" => {
            Written::Float(spelling.means.parse().unwrap())
        }
        _ => text(spelling.means),
    }
}

#[test]
fn a_local_time_is_refused_without_a_zone_and_says_so() {
    let local = SPELLINGS.iter().filter(|spelling| spelling.needs_zone);
    for example in local.flat_map(|spelling| spelling.examples) {
        let record = with("timestamp", text(example));
        assert_eq!(agreed(&record, &mapping(TimestampUnit::Iso, None)), Err(RejectReason::NoZone));
    }
    let twice = with("timestamp", text("2025-10-26 02:30:00"));
    let berlin = mapping(TimestampUnit::Iso, Some("Europe/Berlin"));
    assert_eq!(agreed(&twice, &berlin), Err(RejectReason::UnclearTime));
}

#[test]
fn words_that_stand_for_no_value_are_a_missing_one() {
    let mapping = mapping(TimestampUnit::Milliseconds, None);
    let words = EMPTY_WORDS.iter().map(|word| text(&word.to_uppercase()));
    let values = words.chain([text(" void "), text("-999.0"), Written::Integer(-999), Written::Null]);
    for value in values {
        let said = agreed(&with("horizontal_accuracy", value.clone()), &mapping).unwrap();
        assert_eq!(said.accuracy_m, None, "{value:?}");
        let said = agreed(&with("timestamp", value.clone()), &mapping).unwrap();
        assert_eq!(said.timestamp_ms, None, "{value:?}");
        let said = agreed(&with("source", value.clone()), &mapping).unwrap();
        assert_eq!(said.source, None, "{value:?}");
    }
}

/// Texts of numbers, dates, words, and anything.
fn texts() -> impl Strategy<Value = String> {
    let examples: Vec<&str> = SPELLINGS.iter().flat_map(|spelling| spelling.examples).copied().collect();
    prop_oneof![
        prop::sample::select(examples).prop_map(str::to_owned),
        prop::sample::select(EMPTY_WORDS).prop_map(str::to_owned),
        "[ ]?[-+]?[0-9]{1,20}([.][0-9]{0,4})?([eE][-+]?[0-9]{1,2})?[ ]?",
        "20[0-9]{2}[-/]?[0-3][0-9]?[-/]?[0-3][0-9]?[T ][0-2][0-9]:?[0-6][0-9](:?[0-6][0-9]([.,][0-9]{1,10})?)?( ?(Z|UTC|[-+][01][0-9]:?([0-5]0)?))?",
        "\\PC{0,12}",
    ]
}

fn written(field: &'static str) -> impl Strategy<Value = (&'static str, Written)> {
    let value = prop_oneof![
        4 => texts().prop_map(Written::Text),
        2 => (-2_000_000_000_000i64..2_000_000_000_000).prop_map(Written::Integer),
        1 => any::<i64>().prop_map(Written::Integer),
        2 => (-2e12..2e12f64).prop_map(Written::Float),
        1 => (-2_000_000_000i64..2_000_000_000).prop_map(|number| Written::Float(number as f64)),
        1 => (-3..140i64).prop_map(Written::Integer),
        1 => (-3..140i64).prop_map(|number| Written::Float(number as f64)),
        1 => any::<bool>().prop_map(Written::Boolean),
        1 => Just(Written::Null),
    ];
    value.prop_filter_map("what CSV cannot tell apart", move |value| match (field, &value) {
        // In CSV every cell is a text, and an empty or fractional one is an identifier as it stands.
        ("device_id", Written::Null | Written::Boolean(_)) => None,
        ("device_id", Written::Float(number)) if number.fract() != 0.0 => None,
        // A column of such timestamps is refused as a whole.
        ("timestamp", Written::Boolean(_)) => None,
        _ => Some((field, value)),
    })
}

fn records() -> impl Strategy<Value = Record> {
    let required = (written("device_id"), written("timestamp"), written("latitude"), written("longitude"));
    let optional = (written("horizontal_accuracy"), written("speed"), written("source"), written("consent"));
    let person = (written("age_band"), written("sex"));
    (required, optional, person)
        .prop_map(|((a, b, c, d), (e, f, g, h), (i, j))| vec![a, b, c, d, e, f, g, h, i, j])
}

const FIELDS: &[&str] = &[
    "device_id",
    "timestamp",
    "latitude",
    "longitude",
    "horizontal_accuracy",
    "speed",
    "source",
    "age_band",
    "sex",
    "consent",
];

/// A record with one field of any writing, so that it is seldom refused for another.
fn near_records() -> impl Strategy<Value = Record> {
    prop::sample::select(FIELDS).prop_flat_map(written).prop_map(|(field, value)| with(field, value))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]
    #[test]
    fn five_formats_make_the_same_of_a_record(
        record in prop_oneof![3 => near_records(), 1 => records()],
        unit in prop::sample::select(&["ms", "s", "iso"][..]),
        zone in prop::sample::select(&[None, Some("Asia/Tokyo"), Some("Europe/Berlin"), Some("-03:30")][..]),
    ) {
        let _ = agreed(&record, &mapping(self::unit(Some(unit)), zone));
    }
}
