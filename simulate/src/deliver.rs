//! How fixes reach the partner's feed: late, out of order, twice, broken.
//!
//! In: a day's fixes of one phone. Out: `Record`s with the instant at which each arrives. The fixes of a
//! burst are uploaded together, minutes to hours later; some uploads wait up to a week. A malformed record is
//! made beside a good one, never instead of it, so that the good ones can be counted exactly.

use kayoi_schemas::ping::{FixSource, RejectReason};
use kayoi_schemas::time::{DAY_MS, HOUR_MS, MINUTE_MS};
use rand::rngs::SmallRng;

use crate::format::Format;
use crate::observe::Fix;
use crate::random::{Purpose, between, chance, generator, one_of};
use crate::world::Preset;

/// Days after the last one on which records may still arrive: a week late, and a copy a day later.
pub(crate) const LATEST_DAYS: u32 = 8;

/// How a record is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Malformed {
    /// JSON that ends in the middle.
    BrokenJson,
    /// A required field is not there.
    MissingField,
    /// A required field has another name.
    RenamedField,
    /// Latitude 95.
    LatitudeOutOfRange,
    /// Latitude and longitude exchanged.
    SwappedCoordinates,
    /// The timestamp is in seconds.
    Seconds,
    /// The timestamp is in 1970.
    Year1970,
    /// The timestamp is in 2100.
    Year2100,
    /// Accuracy 5000 metres.
    Accuracy5000,
    /// A negative accuracy.
    NegativeAccuracy,
    /// Latitude and longitude 0.
    NullIsland,
    /// An empty device id.
    EmptyId,
    /// The advertising id of people who opted out: all zeros.
    ZeroId,
    /// A byte that is not UTF-8.
    InvalidUtf8,
    /// A coordinate that is not a number.
    NotANumber,
}

impl Malformed {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::BrokenJson,
        Self::MissingField,
        Self::RenamedField,
        Self::LatitudeOutOfRange,
        Self::SwappedCoordinates,
        Self::Seconds,
        Self::Year1970,
        Self::Year2100,
        Self::Accuracy5000,
        Self::NegativeAccuracy,
        Self::NullIsland,
        Self::EmptyId,
        Self::ZeroId,
        Self::InvalidUtf8,
        Self::NotANumber,
    ];

    /// The word in the summary.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BrokenJson => "broken_json",
            Self::MissingField => "missing_field",
            Self::RenamedField => "renamed_field",
            Self::LatitudeOutOfRange => "latitude_95",
            Self::SwappedCoordinates => "swapped_coordinates",
            Self::Seconds => "seconds",
            Self::Year1970 => "year_1970",
            Self::Year2100 => "year_2100",
            Self::Accuracy5000 => "accuracy_5000",
            Self::NegativeAccuracy => "accuracy_negative",
            Self::NullIsland => "null_island",
            Self::EmptyId => "empty_id",
            Self::ZeroId => "zero_id",
            Self::InvalidUtf8 => "invalid_utf8",
            Self::NotANumber => "nan",
        }
    }

    /// Whether a format can carry it: a column file has its columns and types for all rows.
    pub fn fits(self, format: Format) -> bool {
        format == Format::Ndjson || !matches!(self, Self::BrokenJson | Self::RenamedField | Self::InvalidUtf8)
    }

    /// The reason for which a record of that format must be rejected. JSON knows no NaN: there the text is
    /// broken.
    pub fn reject_reason(self, format: Format) -> RejectReason {
        match self {
            Self::BrokenJson => RejectReason::Malformed,
            Self::MissingField | Self::RenamedField => RejectReason::MissingField,
            Self::LatitudeOutOfRange => RejectReason::OutOfRange,
            Self::SwappedCoordinates => RejectReason::SwappedCoordinates,
            Self::Seconds => RejectReason::TimestampUnit,
            Self::Year1970 => RejectReason::TooOld,
            Self::Year2100 => RejectReason::InFuture,
            Self::Accuracy5000 => RejectReason::LowAccuracy,
            Self::NegativeAccuracy => RejectReason::InvalidAccuracy,
            Self::NullIsland => RejectReason::NullIsland,
            Self::EmptyId => RejectReason::EmptyDeviceId,
            Self::ZeroId => RejectReason::NilDeviceId,
            Self::InvalidUtf8 => RejectReason::InvalidUtf8,
            Self::NotANumber if format == Format::Ndjson => RejectReason::Malformed,
            Self::NotANumber => RejectReason::NotFinite,
        }
    }
}

/// What a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Good,
    Duplicate,
    Malformed(Malformed),
}

/// A record on its way.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Record {
    pub arrival_ms: i64,
    pub instant_ms: i64,
    pub latitude_e7: i32,
    pub longitude_e7: i32,
    /// The number of the phone, see [`crate::people::carried::Carried::who`].
    pub phone: u32,
    pub accuracy_dm: u16,
    pub speed_dm_s: Option<u16>,
    pub source: FixSource,
    pub generation: u8,
    pub kind: Kind,
}

impl Record {
    /// The order in a feed; ties are broken so that it never depends on threads.
    pub(crate) fn order(&self) -> (i64, u32, i64, Kind) {
        (self.arrival_ms, self.phone, self.instant_ms, self.kind)
    }
}

/// How unkind the delivery is.
#[derive(Debug, Clone)]
pub(crate) struct Delivery {
    duplicates: f64,
    late: f64,
    malformed: f64,
    kinds: Vec<Malformed>,
}

impl Delivery {
    pub(crate) fn new(preset: Preset, format: Format) -> Self {
        let (duplicates, late, malformed) = match preset {
            Preset::Easy => (0.005, 0.01, 0.0005),
            Preset::Hard => (0.03, 0.03, 0.005),
        };
        let kinds = Malformed::ALL.into_iter().filter(|kind| kind.fits(format)).collect();
        Self { duplicates, late, malformed, kinds }
    }

    /// Appends the records of a phone's fixes on one day.
    pub(crate) fn deliver(
        &self,
        (seed, phone, generation, day): (u64, u32, u8, i32),
        fixes: &[Fix],
        records: &mut Vec<Record>,
    ) {
        let mut rng = generator(seed, u64::from(phone), day, Purpose::Delivery);
        let rng = &mut rng;
        let mut delays: Vec<i64> = Vec::new();
        for fix in fixes {
            let burst = usize::from(fix.burst);
            while delays.len() <= burst {
                delays.push(self.delay_ms(rng));
            }
            let arrival_ms = fix.instant_ms + delays[burst] + between(rng, 500.0, 30_000.0) as i64;
            let good = Record {
                arrival_ms,
                instant_ms: fix.instant_ms,
                latitude_e7: fix.latitude_e7,
                longitude_e7: fix.longitude_e7,
                phone,
                accuracy_dm: fix.accuracy_dm,
                speed_dm_s: fix.speed_dm_s,
                source: fix.source,
                generation,
                kind: Kind::Good,
            };
            records.push(good);
            if chance(rng, self.duplicates) {
                let hours = if chance(rng, 0.8) { 0.2 } else { 23.0 };
                let later_ms = between(rng, 0.0, hours * HOUR_MS as f64) as i64;
                records.push(Record { arrival_ms: arrival_ms + later_ms, kind: Kind::Duplicate, ..good });
            }
            if chance(rng, self.malformed)
                && let Some(kind) = one_of(rng, &self.kinds)
            {
                records.push(Record { kind: Kind::Malformed(kind), ..good });
            }
        }
    }

    fn delay_ms(&self, rng: &mut SmallRng) -> i64 {
        let minutes =
            |rng: &mut SmallRng, low: f64, high: f64| (between(rng, low, high) * MINUTE_MS as f64) as i64;
        if chance(rng, self.late) {
            return between(rng, 6.0 * HOUR_MS as f64, 6.9 * DAY_MS as f64) as i64;
        }
        match between(rng, 0.0, 1.0) {
            u if u < 0.6 => minutes(rng, 0.0, 5.0),
            u if u < 0.9 => minutes(rng, 5.0, 60.0),
            _ => minutes(rng, 60.0, 360.0),
        }
    }
}

#[cfg(test)]
#[path = "deliver_tests.rs"]
mod tests;
