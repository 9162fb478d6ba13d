use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::chunk::Stream;
use crate::feed::Feed;
use crate::format::value::spelling::TimestampUnit;
use crate::record::RecordEnd;

fn chunk(lines: &[&[u8]], mapping: Mapping) -> Chunk {
    let mut json = Records::default();
    for (offset, line) in lines.iter().enumerate() {
        json.bytes.extend_from_slice(line);
        json.ends.push(RecordEnd {
            offset: offset as i64,
            end: json.bytes.len(),
            too_large: false,
            is_tombstone: false,
        });
    }
    let feed = Feed { mapping, ..Feed::new("p") };
    let stream = Stream::new("t".into(), Arc::new(feed), "t".into(), 0);
    let next_offset = lines.len() as i64;
    Chunk {
        stream: Arc::new(stream),
        first_offset: 0,
        next_offset,
        is_last: false,
        payload: Payload::Records(json),
    }
}

/// Identifier, timestamp in milliseconds, latitude, and how many fields were unknown.
type Decoded = (Option<String>, Option<i64>, Option<f64>, u32);

fn decode_one(line: &[u8], mapping: &Mapping) -> Result<Decoded, Rejection> {
    let chunk = chunk(&[line], mapping.clone());
    let decoder = Decoder::new(&chunk).unwrap();
    let ping = decoder.decode(0)?;
    Ok((ping.device_id.map(|id| id.into_owned()), ping.timestamp_ms, ping.latitude, ping.unknown_fields))
}

#[test]
fn a_contract_record_decodes_and_unknown_fields_are_counted() {
    let line = br#"{"device_id":"a\u0062","timestamp":1780000000000,"latitude":36.1,"longitude":138,"name":"Taro","ip":[1,{"x":2}]}"#;
    let ping = decode_one(line, &Mapping::default()).unwrap();
    assert_eq!(ping, (Some("ab".to_owned()), Some(1_780_000_000_000), Some(36.1), 2));
}

#[test]
fn a_partners_names_and_units_are_mapped() {
    let mut mapping = Mapping::default();
    mapping.spelling.unit = TimestampUnit::Seconds;
    mapping.add("ad_id", "device_id").unwrap();
    mapping.add("ts", "timestamp").unwrap();
    mapping.add("lat", "latitude").unwrap();
    let ping = decode_one(br#"{"ad_id":"x","ts":1780000000,"lat":36.1}"#, &mapping).unwrap();
    assert_eq!(ping, (Some("x".to_owned()), Some(1_780_000_000_000), Some(36.1), 0));
}

#[test]
fn a_bad_record_costs_only_itself() {
    let good = br#"{"device_id":"a","timestamp":1,"latitude":1,"longitude":2}"#.as_slice();
    let cases: [(&[u8], RejectReason); 7] = [
        (br#"{"device_id":"a","timestamp":"#, RejectReason::Malformed),
        (br#"{"device_id":"a","latitude":NaN}"#, RejectReason::Malformed),
        (br#"{"device_id":"a"} trailing"#, RejectReason::Malformed),
        (b"", RejectReason::Malformed),
        (b"{\"device_id\":\"\xff\"}", RejectReason::InvalidUtf8),
        (br#"{"device_id":"a","latitude":"north"}"#, RejectReason::WrongType),
        (br#"["device_id"]"#, RejectReason::WrongType),
    ];
    for (bad, reason) in cases {
        let chunk = chunk(&[good, bad, good], Mapping::default());
        let decoder = Decoder::new(&chunk).unwrap();
        assert!(decoder.decode(0).is_ok() && decoder.decode(2).is_ok());
        let found = decoder.decode(1).unwrap_err();
        assert_eq!(found.reason, reason, "{}: {}", String::from_utf8_lossy(bad), found.detail);
    }
}

#[test]
fn a_record_without_a_value_is_a_tombstone_and_an_empty_one_is_malformed() {
    let mut chunk = chunk(&[b"", b""], Mapping::default());
    if let Payload::Records(records) = &mut chunk.payload {
        records.ends[0].is_tombstone = true;
    }
    let decoder = Decoder::new(&chunk).unwrap();
    assert_eq!(decoder.decode(0).unwrap_err().reason, RejectReason::Tombstone);
    assert_eq!(decoder.decode(1).unwrap_err().reason, RejectReason::Malformed);
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = decode_one(&bytes, &Mapping::default());
    }

    #[test]
    fn what_is_encoded_comes_back(id in "[ -~]{0,40}", timestamp in any::<i64>(), latitude in -90.0f64..90.0) {
        let line = serde_json::json!({"device_id": id, "timestamp": timestamp, "latitude": latitude}).to_string();
        let ping = decode_one(line.as_bytes(), &Mapping::default()).unwrap();
        prop_assert_eq!(ping, (Some(id), Some(timestamp), Some(latitude), 0));
    }
}
