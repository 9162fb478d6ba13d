//! Records as JSON: lines of a file, or messages.
//!
//! In: records. Out: bytes. Written by hand, because a serializer per record would cost more than all the
//! rest of the simulation.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use super::fields::{Fields, Senders, fields};
use crate::deliver::{Kind, Malformed, Record};
use crate::error::SimulateError;

/// Bytes gathered before they are compressed.
const BUFFER: usize = 1 << 20;
const ZSTD_LEVEL: i32 = 3;

/// Writes a file of JSON lines.
pub(super) fn write_file(path: &Path, senders: &Senders, records: &[Record]) -> Result<(), SimulateError> {
    let io = || SimulateError::io(path);
    let file = File::create(path).map_err(io())?;
    let mut encoder = zstd::Encoder::new(file, ZSTD_LEVEL).map_err(io())?;
    let mut buffer = Vec::with_capacity(BUFFER + 512);
    for record in records {
        append(&mut buffer, record, senders);
        buffer.push(b'\n');
        if buffer.len() >= BUFFER {
            encoder.write_all(&buffer).map_err(io())?;
            buffer.clear();
        }
    }
    encoder.write_all(&buffer).map_err(io())?;
    encoder.finish().map_err(io())?;
    Ok(())
}

/// Appends one JSON object, or what is left of it.
pub(super) fn append(buffer: &mut Vec<u8>, record: &Record, senders: &Senders) {
    let start = buffer.len();
    let renamed = record.kind == Kind::Malformed(Malformed::RenamedField);
    object(buffer, &fields(record, senders), if renamed { "lat" } else { "latitude" });
    match record.kind {
        Kind::Malformed(Malformed::BrokenJson) => {
            let length = buffer.len() - start;
            buffer.truncate(start + length / 2);
        }
        // Byte 20 lies in the value of the first field, `device_id`.
        Kind::Malformed(Malformed::InvalidUtf8) => buffer[start + 20] = 0xFF,
        _ => {}
    }
}

fn object(buffer: &mut Vec<u8>, fields: &Fields<'_>, latitude_name: &str) {
    buffer.push(b'{');
    if let Some(id) = fields.device_id {
        key(buffer, "device_id");
        text(buffer, id);
    }
    if let Some(timestamp) = fields.timestamp {
        key(buffer, "timestamp");
        integer(buffer, timestamp);
    }
    if let Some(latitude) = fields.latitude {
        key(buffer, latitude_name);
        degrees(buffer, latitude);
    }
    if let Some(longitude) = fields.longitude {
        key(buffer, "longitude");
        degrees(buffer, longitude);
    }
    key(buffer, "horizontal_accuracy");
    tenths(buffer, fields.accuracy_m);
    if let Some(speed_m_s) = fields.speed_m_s {
        key(buffer, "speed");
        tenths(buffer, speed_m_s);
    }
    key(buffer, "source");
    text(buffer, fields.source);
    for (name, word) in [("age_band", fields.age_band), ("sex", fields.sex)] {
        if let Some(word) = word {
            key(buffer, name);
            text(buffer, word);
        }
    }
    buffer.push(b'}');
}

fn key(buffer: &mut Vec<u8>, name: &str) {
    if buffer.last() != Some(&b'{') {
        buffer.push(b',');
    }
    text(buffer, name);
    buffer.push(b':');
}

fn text(buffer: &mut Vec<u8>, text: &str) {
    buffer.push(b'"');
    buffer.extend_from_slice(text.as_bytes());
    buffer.push(b'"');
}

fn integer(buffer: &mut Vec<u8>, number: i64) {
    if number < 0 {
        buffer.push(b'-');
    }
    digits(buffer, number.unsigned_abs(), 1);
}

/// At least `least` digits.
fn digits(buffer: &mut Vec<u8>, mut number: u64, least: usize) {
    let mut text = [b'0'; 20];
    let mut first = text.len();
    while number > 0 || first > text.len() - least {
        first -= 1;
        text[first] = b'0' + (number % 10) as u8;
        number /= 10;
    }
    buffer.extend_from_slice(&text[first..]);
}

/// Seven decimals; NaN is written as such, which is not JSON.
fn degrees(buffer: &mut Vec<u8>, degrees: f64) {
    if degrees.is_nan() {
        buffer.extend_from_slice(b"NaN");
        return;
    }
    decimal(buffer, (degrees * 1e7).round() as i64, 7);
}

fn tenths(buffer: &mut Vec<u8>, number: f64) {
    decimal(buffer, (number * 10.0).round() as i64, 1);
}

fn decimal(buffer: &mut Vec<u8>, scaled: i64, decimals: usize) {
    let unit = 10u64.pow(decimals as u32);
    if scaled < 0 {
        buffer.push(b'-');
    }
    digits(buffer, scaled.unsigned_abs() / unit, 1);
    buffer.push(b'.');
    digits(buffer, scaled.unsigned_abs() % unit, decimals);
}
