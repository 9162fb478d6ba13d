//! The fields of a record as the partner sends them, broken ones included.
//!
//! In: a record. Out: the values for JSON, Avro and Parquet alike, so that the formats cannot differ.

use kayoi_schemas::time::DAY_MS;
use kayoi_schemas::units::E7;

use crate::deliver::{Kind, Malformed, Record};
use crate::people::carried::Carried;
use crate::people::device_id::device_id;
use crate::people::{Citizen, Person};
use crate::random::{Purpose, share};
use crate::world::World;

/// 2100-01-01T00:00:00Z in milliseconds.
const YEAR_2100_MS: i64 = 4_102_444_800_000;
const NO_ID: &str = "";
const ZERO_ID: &str = "00000000-0000-0000-0000-000000000000";

/// What is the same in all records of a phone, made once: the texts of its ids, and what its partner knows of its owner.
pub(super) struct Senders {
    /// By person, with the generation of each.
    texts: Vec<Vec<(u8, [u8; 36])>>,
    people: Vec<Option<Citizen>>,
    seed: u64,
    /// Share of phones whose owner is known; `None` in worlds whose records have no such columns.
    known: Option<f64>,
}

impl Senders {
    pub(super) fn new(world: &World, people: &[Person]) -> Self {
        let seed = world.seed;
        let ids = |person: &Person| {
            let generations = person.phones.iter().flat_map(Carried::ids).map(|(generation, ..)| generation);
            generations.map(|generation| (generation, device_id(seed, person.index, generation))).collect()
        };
        let known = world.has_attributes().then(|| world.society.attributes_percent / 100.0);
        let (texts, people) =
            (people.iter().map(ids).collect(), people.iter().map(|one| one.citizen).collect());
        Self { texts, people, seed, known }
    }

    /// Whether records have an age and a sex, or could have.
    pub(super) fn has_attributes(&self) -> bool {
        self.known.is_some()
    }

    /// The owner of the phone, when the partner knows: one phone's owner in all its records, under all its ids. What
    /// the other partner knows of the same phone is drawn apart.
    fn owner(&self, record: &Record) -> Option<Citizen> {
        let is_known = share(self.seed, u64::from(record.phone), 0, Purpose::Attributes) < self.known?;
        self.people[Carried::person(record.phone) as usize].filter(|_| is_known)
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
    pub age_band: Option<&'static str>,
    pub sex: Option<&'static str>,
}

pub(super) fn fields<'i>(record: &Record, senders: &'i Senders) -> Fields<'i> {
    let owner = senders.owner(record);
    let fields = Fields {
        device_id: Some(senders.text(record)),
        timestamp: Some(record.instant_ms),
        latitude: Some(f64::from(record.latitude_e7) / E7),
        longitude: Some(f64::from(record.longitude_e7) / E7),
        accuracy_m: f64::from(record.accuracy_dm) / 10.0,
        speed_m_s: record.speed_dm_s.map(|tenths| f64::from(tenths) / 10.0),
        source: record.source.as_str(),
        age_band: owner.map(|owner| owner.age.as_str()),
        sex: owner.map(|owner| owner.sex.as_str()),
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

#[cfg(test)]
#[path = "fields_tests.rs"]
mod tests;
