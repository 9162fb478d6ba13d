//! The fields of a record as the partner sends them, broken ones included.
//!
//! In: a record. Out: the values for JSON, Avro and Parquet alike, so that the formats cannot differ.

use kayoi_schemas::time::DAY_MS;
use kayoi_schemas::units::E7;

use crate::deliver::{Kind, Malformed, Record};
use crate::people::Person;
use crate::people::carried::Carried;
use crate::people::device_id::device_id;

/// 2100-01-01T00:00:00Z in milliseconds.
const YEAR_2100_MS: i64 = 4_102_444_800_000;
const NO_ID: &str = "";
const ZERO_ID: &str = "00000000-0000-0000-0000-000000000000";

/// The texts of all device ids, made once: by person, with the generation of each.
pub(super) struct DeviceIds {
    texts: Vec<Vec<(u8, [u8; 36])>>,
}

impl DeviceIds {
    pub(super) fn new(seed: u64, people: &[Person]) -> Self {
        let ids = |person: &Person| {
            let generations = person.phones.iter().flat_map(Carried::ids).map(|(generation, ..)| generation);
            generations.map(|generation| (generation, device_id(seed, person.index, generation))).collect()
        };
        Self { texts: people.iter().map(ids).collect() }
    }

    pub(super) fn text(&self, record: &Record) -> &str {
        let ids = &self.texts[Carried::person(record.phone) as usize];
        let found = ids.iter().find(|(generation, _)| *generation == record.generation);
        found.and_then(|(_, text)| std::str::from_utf8(text).ok()).unwrap_or_default()
    }
}

/// What stands in the columns of a record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'i> {
    pub device_id: Option<&'i str>,
    pub timestamp: Option<i64>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub accuracy_m: f64,
    pub speed_m_s: Option<f64>,
    pub source: &'static str,
}

pub(super) fn fields<'i>(record: &Record, ids: &'i DeviceIds) -> Fields<'i> {
    let fields = Fields {
        device_id: Some(ids.text(record)),
        timestamp: Some(record.instant_ms),
        latitude: Some(f64::from(record.latitude_e7) / E7),
        longitude: Some(f64::from(record.longitude_e7) / E7),
        accuracy_m: f64::from(record.accuracy_dm) / 10.0,
        speed_m_s: record.speed_dm_s.map(|tenths| f64::from(tenths) / 10.0),
        source: record.source.as_str(),
    };
    match record.kind {
        Kind::Good | Kind::Duplicate => fields,
        Kind::Malformed(how) => broken(fields, how, record.instant_ms),
    }
}

/// [`Malformed::BrokenJson`], [`Malformed::RenamedField`] and [`Malformed::InvalidUtf8`] are in the text, not
/// in the values.
fn broken<'i>(fields: Fields<'i>, how: Malformed, instant_ms: i64) -> Fields<'i> {
    match how {
        Malformed::BrokenJson | Malformed::RenamedField | Malformed::InvalidUtf8 => fields,
        Malformed::MissingField => match instant_ms % 3 {
            0 => Fields { device_id: None, ..fields },
            1 => Fields { timestamp: None, ..fields },
            _ => Fields { latitude: None, ..fields },
        },
        Malformed::LatitudeOutOfRange => Fields { latitude: Some(95.0), ..fields },
        Malformed::SwappedCoordinates => {
            Fields { latitude: fields.longitude, longitude: fields.latitude, ..fields }
        }
        Malformed::Seconds => Fields { timestamp: Some(instant_ms / 1000), ..fields },
        Malformed::Year1970 => Fields { timestamp: Some(instant_ms % DAY_MS), ..fields },
        Malformed::Year2100 => Fields { timestamp: Some(YEAR_2100_MS + instant_ms % DAY_MS), ..fields },
        Malformed::Accuracy5000 => Fields { accuracy_m: 5000.0, ..fields },
        Malformed::NegativeAccuracy => Fields { accuracy_m: -1.0, ..fields },
        Malformed::NullIsland => Fields { latitude: Some(0.0), longitude: Some(0.0), ..fields },
        Malformed::EmptyId => Fields { device_id: Some(NO_ID), ..fields },
        Malformed::ZeroId => Fields { device_id: Some(ZERO_ID), ..fields },
        Malformed::NotANumber => Fields { latitude: Some(f64::NAN), ..fields },
    }
}
