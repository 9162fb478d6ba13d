//! The ping contract: what a partner may send, and why a record is not stored.
//!
//! In: a partner's record. Out: a [`Ping`], decoded and not yet checked; what it becomes is made by the
//! stages of ingest alone. A record that fails is a [`RejectReason`], never an error: one bad record must not
//! stop a stream.

use std::fmt;

use crate::person::{AgeBand, Sex};

/// A field of the ping contract: the same columns in JSON, Avro, Protobuf, CSV and Parquet.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Name in a record.
    pub name: &'static str,
    /// Type, as a partner reads it.
    pub kind: &'static str,
    /// Whether a record without it is rejected.
    pub required: bool,
    /// What it means, with its unit.
    pub doc: &'static str,
}

/// The accept-list. Anything else in a record is dropped before storage and counted.
pub const CONTRACT: &[Field] = &[
    Field {
        name: "device_id",
        kind: "string",
        required: true,
        doc: "the partner's pseudonym or advertising id; hashed with a key on arrival, never stored",
    },
    Field {
        name: "timestamp",
        kind: "int64",
        required: true,
        doc: "milliseconds since 1970-01-01T00:00:00Z",
    },
    Field { name: "latitude", kind: "float64", required: true, doc: "degrees, WGS 84" },
    Field { name: "longitude", kind: "float64", required: true, doc: "degrees, WGS 84" },
    Field { name: "horizontal_accuracy", kind: "float64", required: false, doc: "metres" },
    Field {
        name: "speed",
        kind: "float64",
        required: false,
        doc: "metres per second, 0 to 340; any other value is left out",
    },
    Field { name: "source", kind: "string", required: false, doc: "gps, network, wifi or fused" },
    Field { name: "os", kind: "string", required: false, doc: "operating system; read, not stored" },
    Field {
        name: "consent",
        kind: "string",
        required: false,
        doc: "version of the consent the person gave; required when the partner's configuration says so",
    },
    Field {
        name: "age_band",
        kind: "string",
        required: false,
        doc: "age of the person, as `40-49`, `40代`, `65+` or years; stored in bands of five years or wider; any other value is left out",
    },
    Field {
        name: "sex",
        kind: "string",
        required: false,
        doc: "`male` or `female`, 男 or 女, 1 or 2 (ISO/IEC 5218); any other value is left out",
    },
];

/// A decoded record: every field as the partner sent it, nothing checked. `None` is a missing field.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ping<'a> {
    /// The partner's identifier.
    pub device_id: Option<std::borrow::Cow<'a, str>>,
    /// Milliseconds since the epoch.
    pub timestamp_ms: Option<i64>,
    /// Latitude in degrees, WGS 84.
    pub latitude: Option<f64>,
    /// Longitude in degrees, WGS 84.
    pub longitude: Option<f64>,
    /// Horizontal accuracy in metres.
    pub accuracy_m: Option<f64>,
    /// Speed over ground in metres per second.
    pub speed_m_s: Option<f64>,
    /// How the fix was made.
    pub source: Option<FixSource>,
    /// Age of the person, as far as it could be read.
    pub age: Option<AgeBand>,
    /// Sex of the person, as far as it could be read.
    pub sex: Option<Sex>,
    /// Version of the consent that the person gave.
    pub consent: Option<std::borrow::Cow<'a, str>>,
    /// Fields outside the contract that were dropped.
    pub unknown_fields: u32,
}

/// How a fix was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FixSource {
    /// By satellite navigation alone.
    Gps,
    /// By the towers of the mobile network.
    Network,
    /// By the Wi-Fi stations that the device sees.
    Wifi,
    /// By several of these, combined by the operating system.
    Fused,
}

impl FixSource {
    /// Reads the contract's word, in any case; `None` for an unknown one.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Gps, Self::Network, Self::Wifi, Self::Fused]
            .into_iter()
            .find(|s| s.as_str().eq_ignore_ascii_case(text))
    }

    /// The contract's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Gps => "gps",
            Self::Network => "network",
            Self::Wifi => "wifi",
            Self::Fused => "fused",
        }
    }
}

/// Why a record was not stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RejectReason {
    /// The bytes are not a record of the format.
    Malformed,
    /// The registry knows no schema of the id that the record names.
    UnknownSchema,
    /// The text is not UTF-8.
    InvalidUtf8,
    /// The record has a key and no value, by which Kafka deletes what the key named. It is no fault of the
    /// partner's.
    Tombstone,
    /// The record is larger than the limit.
    TooLarge,
    /// A required field is not there.
    MissingField,
    /// A field has another type than the contract says.
    WrongType,
    /// A field has two values: under one name twice, or under two names.
    RepeatedField,
    /// The device id is empty.
    EmptyDeviceId,
    /// The device id is all zeros: the advertising id of a person who opted out of tracking.
    NilDeviceId,
    /// The device id is a word that stands for no device, such as `null` or `unknown`.
    PlaceholderDeviceId,
    /// Consent is required and not there.
    NoConsent,
    /// The timestamp names no zone, and the partner has none.
    NoZone,
    /// The local time does not exist in the partner's zone, or exists twice.
    UnclearTime,
    /// The timestamp looks like seconds (or micro- or nanoseconds) instead of milliseconds.
    TimestampUnit,
    /// Before the earliest accepted day.
    TooOld,
    /// Later than now plus the allowed clock skew.
    InFuture,
    /// A coordinate is NaN or infinite.
    NotFinite,
    /// Latitude outside -90..=90 or longitude outside -180..=180.
    OutOfRange,
    /// Latitude and longitude are exchanged.
    SwappedCoordinates,
    /// Exactly or nearly (0, 0).
    NullIsland,
    /// Outside the box around Japan.
    OutsideJapan,
    /// Fewer decimals than a fix has: the coordinate of an area, not of a device.
    CoarseCoordinate,
    /// The accuracy is negative or not a number.
    InvalidAccuracy,
    /// The accuracy is worse than the limit.
    LowAccuracy,
    /// In a place that the operator calls sensitive. It is no fault either, and the only one of which nothing but
    /// the count is stored.
    SensitivePlace,
}

impl RejectReason {
    /// All reasons, in the order they are checked.
    pub const ALL: [Self; 26] = [
        Self::Tombstone,
        Self::TooLarge,
        Self::UnknownSchema,
        Self::InvalidUtf8,
        Self::Malformed,
        Self::MissingField,
        Self::WrongType,
        Self::NoZone,
        Self::UnclearTime,
        Self::RepeatedField,
        Self::EmptyDeviceId,
        Self::NilDeviceId,
        Self::PlaceholderDeviceId,
        Self::NoConsent,
        Self::TimestampUnit,
        Self::TooOld,
        Self::InFuture,
        Self::NotFinite,
        Self::OutOfRange,
        Self::SwappedCoordinates,
        Self::NullIsland,
        Self::OutsideJapan,
        Self::CoarseCoordinate,
        Self::InvalidAccuracy,
        Self::LowAccuracy,
        Self::SensitivePlace,
    ];

    /// The word stored in `rejects.reason` and used as a metric label.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::InvalidUtf8 => "invalid_utf8",
            Self::Tombstone => "tombstone",
            Self::TooLarge => "too_large",
            Self::UnknownSchema => "unknown_schema",
            Self::MissingField => "missing_field",
            Self::WrongType => "wrong_type",
            Self::RepeatedField => "repeated_field",
            Self::EmptyDeviceId => "empty_device_id",
            Self::NilDeviceId => "nil_device_id",
            Self::PlaceholderDeviceId => "placeholder_device_id",
            Self::NoConsent => "no_consent",
            Self::NoZone => "no_zone",
            Self::UnclearTime => "unclear_time",
            Self::TimestampUnit => "timestamp_unit",
            Self::TooOld => "too_old",
            Self::InFuture => "in_future",
            Self::NotFinite => "not_finite",
            Self::OutOfRange => "out_of_range",
            Self::SwappedCoordinates => "swapped_coordinates",
            Self::NullIsland => "null_island",
            Self::OutsideJapan => "outside_japan",
            Self::CoarseCoordinate => "coarse_coordinate",
            Self::InvalidAccuracy => "invalid_accuracy",
            Self::LowAccuracy => "low_accuracy",
            Self::SensitivePlace => "sensitive_place",
        }
    }

    /// Whether a record breaks a rule, and counts in a share of rejects: not so what is as it should be, a deletion
    /// or a place whose pings the operator leaves out.
    pub fn is_fault(self) -> bool {
        !matches!(self, Self::Tombstone | Self::SensitivePlace)
    }
}

impl fmt::Display for RejectReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
