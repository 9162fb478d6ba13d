//! The days of a world with what they are, looked up once instead of for each person.
//!
//! In: the first day and the number of days. Out: for each day whether people work, and when it starts. One
//! day more stands at each end, because a night is seen from both sides.

use kayoi_schemas::calendar::is_holiday;
use kayoi_schemas::time::{Day, DayRule};

/// A day as the people see it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Date {
    pub day: Day,
    /// 平日.
    pub works: bool,
    /// A national holiday.
    pub holiday: bool,
    /// Local midnight at which the civil day starts, milliseconds UTC.
    pub midnight_ms: i64,
}

/// The days of a world.
#[derive(Debug)]
pub(crate) struct Almanac {
    first: Day,
    dates: Vec<Date>,
}

impl Almanac {
    pub(crate) fn new(first_day: Day, days: u32) -> Self {
        let first = first_day.plus(-1);
        let date = |offset: i32| {
            let day = first.plus(offset);
            Date {
                day,
                works: day.is_working_day(),
                holiday: is_holiday(day),
                midnight_ms: DayRule::JAPAN.instant(day, 0.0).0,
            }
        };
        Self { first, dates: (0..days as i32 + 2).map(date).collect() }
    }

    /// The date of a day; days outside the world get the nearest.
    pub(crate) fn date(&self, day: Day) -> Date {
        let index = (day.0 - self.first.0).clamp(0, self.dates.len() as i32 - 1);
        self.dates[index as usize]
    }
}
