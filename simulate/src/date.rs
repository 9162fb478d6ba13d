//! The days of a world as its people see them.
//!
//! In: a day of the world. Out: whether people work on it, and when it starts. One day more than the world
//! has is looked up at each end, because a night is seen from both sides.

use kayoi_schemas::calendar::Almanac;
use kayoi_schemas::time::{Day, DayRule};

use crate::world::World;

/// The almanac of a world's days and of the day before and after them.
pub(crate) fn almanac(world: &World) -> Almanac {
    Almanac::new(world.first_day.plus(-1), world.last_day().plus(1))
}

/// A day as the people see it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Date {
    pub day: Day,
    /// 平日: neither a weekend nor a holiday.
    pub works: bool,
    /// A national holiday.
    pub holiday: bool,
    /// Local midnight at which the civil day starts, milliseconds UTC.
    pub midnight_ms: i64,
}

impl Date {
    /// Looks a day up.
    pub(crate) fn of(day: Day, almanac: &Almanac) -> Self {
        Self {
            day,
            works: almanac.is_working_day(day),
            holiday: almanac.is_holiday(day),
            midnight_ms: DayRule::JAPAN.instant(day, 0.0).0,
        }
    }
}
