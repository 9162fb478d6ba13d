//! One CSV row → a ping.
//!
//! In: a row and, for each column, the contract's field. Out: a ping, or why not. An empty cell is a missing
//! field.

use std::borrow::Cow;

use csv::ByteRecord;
use kayoi_schemas::ping::{FixSource, Ping, RejectReason};

use super::instant::iso_milliseconds;
use super::mapping::{Mapping, TimestampUnit};
use super::wire::Refusal;
use crate::rejection::{Detail, Rejection};

/// Decodes one row.
///
/// # Errors
/// `invalid_utf8`, `malformed` (too few cells) or `wrong_type`.
pub(crate) fn decode<'a>(
    row: &'a ByteRecord,
    fields: &[Option<&'static str>],
    mapping: &Mapping,
) -> Result<Ping<'a>, Rejection> {
    if row.len() != fields.len() {
        let detail =
            Detail::from("the row has ").count(row.len()).and(" cells, the header ").count(fields.len());
        return Err(Rejection::new(RejectReason::Malformed, detail));
    }
    let mut ping = Ping::default();
    for (cell, field) in row.iter().zip(fields) {
        let Some(field) = field else {
            ping.unknown_fields += 1;
            continue;
        };
        let text = std::str::from_utf8(cell).map_err(|_| Refusal::Utf8(field).rejection())?.trim();
        // An empty identifier is told from a missing one.
        if text.is_empty() && *field != "device_id" {
            continue;
        }
        match *field {
            "device_id" => ping.device_id = Some(Cow::Borrowed(text)),
            "timestamp" => ping.timestamp_ms = Some(timestamp(text, mapping.timestamp_unit)?),
            "latitude" => ping.latitude = Some(number(text, field)?),
            "longitude" => ping.longitude = Some(number(text, field)?),
            "horizontal_accuracy" => ping.accuracy_m = Some(number(text, field)?),
            "consent" => ping.consent = Some(Cow::Borrowed(text)),
            "source" => ping.source = FixSource::parse(text),
            _ => {}
        }
    }
    Ok(ping)
}

fn number(text: &str, field: &'static str) -> Result<f64, Rejection> {
    text.parse().map_err(|_| Refusal::Type(field).rejection())
}

fn timestamp(text: &str, unit: TimestampUnit) -> Result<i64, Rejection> {
    let milliseconds = match unit {
        TimestampUnit::Milliseconds => text.parse().ok(),
        TimestampUnit::Seconds => {
            text.parse::<f64>().ok().filter(|s| s.abs() < 9e12).map(|s| (s * 1000.0).round() as i64)
        }
        TimestampUnit::Iso => iso_milliseconds(text),
    };
    milliseconds.ok_or_else(|| Refusal::Type("timestamp").rejection())
}
