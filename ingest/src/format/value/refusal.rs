//! Why a record that can be walked to its end is not a ping.
//!
//! In: a value that its field does not take. Out: the rejection, whose words stand here and say which forms are
//! read; the value is never among them. The first refusal of a record counts.

use kayoi_schemas::ping::RejectReason;

use super::unit::TimestampUnit;
use crate::rejection::{Detail, Rejection};

/// A value that was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::format) enum Refusal {
    /// A text is not UTF-8.
    Utf8(&'static str),
    /// A field has another type than the contract says.
    Type(&'static str),
    /// A timestamp is not written as the partner's unit says.
    Timestamp(TimestampUnit),
    /// A timestamp names no zone, and the partner has none.
    NoZone,
    /// A local time that the partner's clocks skipped, or showed twice.
    UnclearTime,
    /// An identifier is a number that may have lost digits.
    InexactId,
    /// A field has two values.
    Twice(&'static str),
    /// No field is there, but something that could hold them.
    Envelope(Envelope),
}

/// What stands in a record that has none of the contract's fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::format) enum Envelope {
    /// An object, in which the fields may be, and its name.
    Object(&'static str),
    /// A list, whose items may be the records, and its name.
    List(&'static str),
}

impl Refusal {
    /// The rejection, which names the field and not the value.
    #[cold]
    pub(in crate::format) fn rejection(self) -> Rejection {
        let (reason, detail) = match self {
            Self::Utf8(field) => (RejectReason::InvalidUtf8, Detail::of_field(field).and(" is not UTF-8")),
            Self::Type(field) => {
                (RejectReason::WrongType, Detail::of_field(field).and(OTHER_TYPE).and(forms_of(field)))
            }
            Self::Timestamp(unit) => (RejectReason::WrongType, of_timestamp(timestamp_forms(unit))),
            Self::NoZone => (RejectReason::NoZone, of_timestamp(NO_ZONE)),
            Self::UnclearTime => (RejectReason::UnclearTime, of_timestamp(UNCLEAR_TIME)),
            Self::Twice(field) => (RejectReason::RepeatedField, Detail::of_field(field).and(TWO_VALUES)),
            Self::Envelope(Envelope::Object(name)) => (
                RejectReason::MissingField,
                Detail::from(NO_FIELD).and("an object in ").and(name).and(OBJECT_AROUND),
            ),
            Self::Envelope(Envelope::List(name)) => (
                RejectReason::MissingField,
                Detail::from(NO_FIELD).and("a list in ").and(name).and(LIST_AROUND),
            ),
            Self::InexactId => (RejectReason::WrongType, Detail::of_field("device_id").and(INEXACT_ID)),
        };
        Rejection::new(reason, detail)
    }
}

fn of_timestamp(words: &'static str) -> Detail {
    Detail::of_field("timestamp").and(words)
}

const NO_ZONE: &str = " names no zone, and the partner has none; the operator says where its clocks are with --timestamp-zone Asia/Tokyo, or `timestamp_zone` of the feed";
const UNCLEAR_TIME: &str = " is a local time that the partner's zone skipped or had twice; with an offset, as in 2025-06-15T15:06:40+09:00, it is clear";
const INEXACT_ID: &str = " is a number that is not whole, or so large that a float confuses it with others; read are texts, and whole numbers up to 64 bits";

const TWO_VALUES: &str = " has two values: under one name twice, or under two names";
const NO_FIELD: &str = "no field of the contract, but ";
const OBJECT_AROUND: &str = ": an envelope? map what is in it by its path, as with --map data.lat=latitude";
const LIST_AROUND: &str =
    ": an envelope around the records? write one record a line, or the list alone, as `jq -c .data` does";

const OTHER_TYPE: &str = " has another type than the contract says";

fn forms_of(field: &str) -> &'static str {
    match field {
        "device_id" => "; read are texts, and whole numbers up to 64 bits",
        "latitude" | "longitude" => {
            "; read are numbers and their texts, with a decimal point, as 36.0451234 or 3.60451234e1"
        }
        "horizontal_accuracy" => {
            "; read are numbers and their texts, as 12.5, and words for a missing one, as NULL"
        }
        "consent" => "; read are texts, numbers, true and false",
        "source" => "; read are texts",
        _ => "",
    }
}

fn timestamp_forms(unit: TimestampUnit) -> &'static str {
    match unit {
        TimestampUnit::Milliseconds => {
            " is no whole number of milliseconds; read are numbers and their texts, as 1750000000000, 1750000000000.0 or 1.75e12; for seconds or texts of date and time the operator sets --timestamp-unit"
        }
        TimestampUnit::Seconds => {
            " is no number of seconds; read are numbers and their texts, as 1750000000, 1750000000.5 or 1.75e9; for milliseconds or texts of date and time the operator sets --timestamp-unit"
        }
        TimestampUnit::Iso => {
            " is no date and time of a form that is read; read are 2025-06-15T15:06:40.123+09:00, 20250615T150640Z, 2025-06-15 15:06:40 UTC, 2025/6/15 15:06 +0900 and their like"
        }
    }
}
