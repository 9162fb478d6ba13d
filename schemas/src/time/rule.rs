//! Where local days start and end.
//!
//! In: an instant, or a day and an hour. Out: the local day of the one, the instant of the other. A day
//! starts at 04:00, when hardly anybody is out: an evening stays in one day, and nothing is cut at midnight.

use super::day::Day;
use super::instant::{DAY_MS, HOUR_MS, MINUTE_MS, UtcMillis};

/// Where a local day starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayRule {
    /// Offset of local time from UTC, minutes; 540 for Asia/Tokyo.
    pub utc_offset_minutes: i32,
    /// Local hour at which a day starts; 4 by default, so that an evening out stays in one day.
    pub day_start_hour: i32,
}

impl DayRule {
    /// Asia/Tokyo, days from 04:00.
    pub const JAPAN: Self = Self { utc_offset_minutes: 540, day_start_hour: 4 };

    /// Local wall-clock milliseconds (as if the local time were UTC).
    pub fn local_ms(self, instant: UtcMillis) -> i64 {
        instant.0 + i64::from(self.utc_offset_minutes) * MINUTE_MS
    }

    /// The instant of a local wall-clock time: `hour` hours after midnight of `day` (may exceed 24).
    pub fn instant(self, day: Day, hour: f64) -> UtcMillis {
        let local = i64::from(day.0) * DAY_MS + (hour * HOUR_MS as f64) as i64;
        UtcMillis(local - i64::from(self.utc_offset_minutes) * MINUTE_MS)
    }

    /// The local day an instant belongs to: 03:59 still belongs to the day before.
    pub fn day(self, instant: UtcMillis) -> Day {
        let shifted = self.local_ms(instant) - i64::from(self.day_start_hour) * HOUR_MS;
        Day(shifted.div_euclid(DAY_MS) as i32)
    }

    /// When a local day starts.
    pub fn day_start(self, day: Day) -> UtcMillis {
        self.instant(day, f64::from(self.day_start_hour))
    }
}
