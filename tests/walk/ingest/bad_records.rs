//! Every kind of bad record that a partner can send, with the word it must be rejected with.
//!
//! In: nothing. Out: records, each wrong in exactly one way, so that the reason cannot be another one. The
//! same list goes through files and through Kafka.

use kayoi_schemas::ping::RejectReason;

/// What is wrong, the record's bytes without a line end, and the reason's word.
pub type BadRecord = (&'static str, Vec<u8>, &'static str);

/// 2025-06-15T15:06:40Z: past for every clock that these tests run on, and after every earliest day.
pub const INSTANT_MS: i64 = 1_750_000_000_000;

/// Larger than any record limit worth having.
const TEN_MEGABYTES: usize = 10_000_000;

/// A record that must be accepted: somebody near Suwa station, some minutes after [`INSTANT_MS`].
pub fn good_record(device: &str, minutes: i64) -> Vec<u8> {
    let instant = (INSTANT_MS + minutes * 60_000).to_string();
    record(&[("device_id", &format!("\"{device}\"")), ("timestamp", &instant)])
}

/// Bad JSON records.
pub fn bad_records() -> Vec<BadRecord> {
    let bad = |what, changes: &[(&str, &str)], reason: RejectReason| (what, record(changes), reason.as_str());
    let raw = |what, bytes: Vec<u8>, reason: RejectReason| (what, bytes, reason.as_str());
    let padding = format!("\"{}\"", "x".repeat(TEN_MEGABYTES));
    vec![
        raw("broken JSON", record(&[])[..40].to_vec(), RejectReason::Malformed),
        raw("no JSON at all", b"device-1 35.1 139.1".to_vec(), RejectReason::Malformed),
        bad("NaN, which JSON does not know", &[("latitude", "NaN")], RejectReason::Malformed),
        bad("10 MB record", &[("note", &padding)], RejectReason::TooLarge),
        raw("invalid UTF-8", invalid_utf8(), RejectReason::InvalidUtf8),
        bad("missing device", &[("device_id", "")], RejectReason::MissingField),
        bad("missing timestamp", &[("timestamp", "")], RejectReason::MissingField),
        bad("missing latitude", &[("latitude", "")], RejectReason::MissingField),
        bad("renamed field", &[("longitude", ""), ("lng", "138.1171234")], RejectReason::MissingField),
        bad("a word for a time", &[("timestamp", "\"yesterday\"")], RejectReason::WrongType),
        bad("a list for a latitude", &[("latitude", "[36.0451234]")], RejectReason::WrongType),
        bad(
            "latitude twice",
            &[("latitude", "36.0451234,\"latitude\":35.6581234")],
            RejectReason::RepeatedField,
        ),
        bad("a word for a device", &[("device_id", "\"unknown\"")], RejectReason::PlaceholderDeviceId),
        bad("empty device id", &[("device_id", "\"\"")], RejectReason::EmptyDeviceId),
        bad(
            "all-zero advertising id",
            &[("device_id", "\"00000000-0000-0000-0000-000000000000\"")],
            RejectReason::NilDeviceId,
        ),
        bad("seconds for milliseconds", &[("timestamp", "1750000000")], RejectReason::TimestampUnit),
        bad(
            "microseconds for milliseconds",
            &[("timestamp", "1750000000000000")],
            RejectReason::TimestampUnit,
        ),
        bad("a date in 1970", &[("timestamp", "86400000")], RejectReason::TooOld),
        bad("a date in 2100", &[("timestamp", "4102444800000")], RejectReason::InFuture),
        bad("latitude 95", &[("latitude", "95.0451234")], RejectReason::OutOfRange),
        bad("longitude 200", &[("longitude", "200.1171234")], RejectReason::OutOfRange),
        bad(
            "swapped coordinates",
            &[("latitude", "138.1171234"), ("longitude", "36.0451234")],
            RejectReason::SwappedCoordinates,
        ),
        bad("null island", &[("latitude", "0.0"), ("longitude", "0.0")], RejectReason::NullIsland),
        bad("Paris", &[("latitude", "48.8566123"), ("longitude", "2.3522219")], RejectReason::OutsideJapan),
        bad(
            "an area's centre",
            &[("latitude", "36.1"), ("longitude", "138.1")],
            RejectReason::CoarseCoordinate,
        ),
        bad("negative accuracy", &[("horizontal_accuracy", "-1.0")], RejectReason::InvalidAccuracy),
        bad("accuracy of 5 km", &[("horizontal_accuracy", "5000")], RejectReason::LowAccuracy),
    ]
}

/// The head of [`bad_csv_lines`].
pub const CSV_HEAD: &str = "device_id,timestamp,latitude,longitude,horizontal_accuracy";

/// Bad CSV lines: numbers that JSON cannot write.
pub fn bad_csv_lines() -> Vec<BadRecord> {
    let line = |latitude: &str, accuracy: &str| {
        format!("device-1,{INSTANT_MS},{latitude},138.1171234,{accuracy}").into_bytes()
    };
    vec![
        ("NaN latitude", line("NaN", "12.5"), RejectReason::NotFinite.as_str()),
        ("infinite latitude", line("inf", "12.5"), RejectReason::NotFinite.as_str()),
        ("infinite accuracy", line("36.0451234", "inf"), RejectReason::InvalidAccuracy.as_str()),
        ("a word for a latitude", line("north", "12.5"), RejectReason::WrongType.as_str()),
    ]
}

/// A good record with some values, written as JSON, replaced or added; an empty text leaves the field out.
fn record(changes: &[(&str, &str)]) -> Vec<u8> {
    let instant = INSTANT_MS.to_string();
    let mut fields = vec![
        ("device_id", "\"device-1\""),
        ("timestamp", instant.as_str()),
        ("latitude", "36.0451234"),
        ("longitude", "138.1171234"),
        ("horizontal_accuracy", "12.5"),
    ];
    for change in changes {
        match fields.iter_mut().find(|field| field.0 == change.0) {
            Some(field) => *field = *change,
            None => fields.push(*change),
        }
    }
    let written: Vec<String> = fields
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("\"{name}\":{value}"))
        .collect();
    format!("{{{}}}", written.join(",")).into_bytes()
}

fn invalid_utf8() -> Vec<u8> {
    let mut bytes = record(&[]);
    let id = bytes.windows(8).position(|window| window == b"device-1").expect("the device id");
    bytes[id] = 0xff;
    bytes
}

#[test]
fn every_bad_record_is_one_line_and_wrong_in_its_own_way() {
    let all = [bad_records(), bad_csv_lines()].concat();
    for (number, (what, bytes, _)) in all.iter().enumerate() {
        assert!(!bytes.contains(&b'\n'), "{what}");
        assert!(all[..number].iter().all(|other| other.1 != *bytes), "{what} is listed twice");
    }
    assert!(serde_json::from_slice::<serde_json::Value>(&good_record("device-1", 0)).is_ok());
}

#[test]
fn every_reject_reason_has_a_record() {
    let all = [bad_records(), bad_csv_lines()].concat();
    // These depend on what is agreed with a partner or on the operator's list (`sensitive.rs`), or come from topics only.
    let elsewhere = [
        RejectReason::SensitivePlace,
        RejectReason::NoConsent,
        RejectReason::UnknownSchema,
        RejectReason::Tombstone,
        RejectReason::NoZone,
        RejectReason::UnclearTime,
    ];
    for reason in RejectReason::ALL.into_iter().filter(|reason| !elsewhere.contains(reason)) {
        assert!(all.iter().any(|record| record.2 == reason.as_str()), "{reason}");
    }
}
