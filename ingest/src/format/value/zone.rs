//! A zone → the instant of a local time.
//!
//! In: the name of a zone as an operator writes it, then local times. Out: instants. A time that the zone's
//! clocks skipped, or showed twice, is no instant: a guess would be an hour wrong without a word.

use chrono::{DateTime, FixedOffset, LocalResult, NaiveDateTime, TimeZone};
use chrono_tz::{TZ_VARIANTS, Tz};

use super::calendar::offset_seconds;
use super::refusal::Refusal;

/// Where local times are that name no zone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Zone {
    /// A zone of the IANA database, with its history of summer times.
    Named(Tz),
    /// Always as far from UTC.
    Fixed(FixedOffset),
}

/// A text that names no zone.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{name}` is no time zone; allowed are names of the IANA database and offsets from UTC\nhint: as Asia/Tokyo, UTC or +09:00{}",
    nearest.map_or(String::new(), |nearest| format!("; did you mean `{nearest}`?"))
)]
pub struct UnknownZone {
    name: String,
    nearest: Option<&'static str>,
}

impl Zone {
    /// Reads a name such as `Asia/Tokyo`, or an offset such as `+09:00`.
    ///
    /// # Errors
    /// [`UnknownZone`], with a name that is nearly the same.
    pub(crate) fn parse(text: &str) -> Result<Self, UnknownZone> {
        let fixed = || offset_seconds(text.as_bytes()).and_then(FixedOffset::east_opt).map(Self::Fixed);
        let same = |zone: &&Tz| zone.name().eq_ignore_ascii_case(text);
        let named = TZ_VARIANTS.iter().find(same).copied().map(Self::Named);
        named.or_else(fixed).ok_or_else(|| {
            // Only a slip of the pen is guessed at, and never an offset.
            let distance = |zone: &Tz| strsim::levenshtein(zone.name(), text);
            let is_name = !text.contains(|letter: char| letter.is_ascii_digit() || letter == '+');
            let nearest = TZ_VARIANTS
                .iter()
                .filter(|zone| is_name && distance(zone) <= 2)
                .min_by_key(|zone| distance(zone));
            UnknownZone { name: text.to_owned(), nearest: nearest.map(|zone| zone.name()) }
        })
    }

    /// Milliseconds since the epoch at a local time.
    pub(super) fn milliseconds(self, local: NaiveDateTime) -> Result<i64, Refusal> {
        let instant = match self {
            Self::Named(zone) => single(zone.from_local_datetime(&local)),
            Self::Fixed(offset) => single(offset.from_local_datetime(&local)),
        };
        instant.ok_or(Refusal::UnclearTime)
    }
}

/// Milliseconds since the epoch at a local time; refused without a zone.
pub(super) fn milliseconds(zone: Option<Zone>, local: NaiveDateTime) -> Result<i64, Refusal> {
    zone.ok_or(Refusal::NoZone)?.milliseconds(local)
}

fn single<T: TimeZone>(found: LocalResult<DateTime<T>>) -> Option<i64> {
    found.single().map(|instant| instant.timestamp_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(zone: &str, local: &str) -> Result<i64, Refusal> {
        Zone::parse(zone).unwrap().milliseconds(local.parse().unwrap())
    }

    #[test]
    fn a_local_time_is_an_instant_of_its_zone() {
        for zone in ["Asia/Tokyo", "asia/tokyo", "Japan", "+09:00", "+0900", "+09", "Etc/GMT-9"] {
            assert_eq!(at(zone, "2025-06-16T00:06:40.5"), Ok(1_750_000_000_500), "{zone}");
        }
        for zone in ["UTC", "Etc/UTC", "GMT", "Z", "+00:00"] {
            assert_eq!(at(zone, "2025-06-15T15:06:40"), Ok(1_750_000_000_000), "{zone}");
        }
    }

    #[test]
    fn a_time_that_clocks_skipped_or_showed_twice_is_refused() {
        for local in ["2025-03-30T02:30:00", "2025-10-26T02:30:00"] {
            assert_eq!(at("Europe/Berlin", local), Err(Refusal::UnclearTime));
        }
        assert_eq!(at("Europe/Berlin", "2025-03-30T03:30:00"), Ok(1_743_298_200_000));
    }

    #[test]
    fn a_zone_that_nobody_knows_is_refused_with_the_nearest() {
        let error = Zone::parse("Asia/Tokio").unwrap_err().to_string();
        assert!(error.contains("`Asia/Tokio`") && error.contains("`Asia/Tokyo`"), "{error}");
        for text in ["", "+9", "UTC+9", "JST-9", "+25:00", "09:00"] {
            assert!(Zone::parse(text).is_err(), "{text}");
        }
    }
}
