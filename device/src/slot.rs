//! Hours of a local day, counted from its start.
//!
//! In: instants, or local hours of a definition. Out: slots, 0 to 23, of which slot 0 begins at 04:00.
//! Whatever a device does hour by hour is kept by day and slot.

use std::ops::Range;

use kayoi_schemas::definition::Hour;
use kayoi_schemas::time::{Day, DayRule, HOUR_MS, UtcMillis};

/// The local day of an instant, and its slot: the hours since the day's start, 0 to 23.
pub(crate) fn day_and_slot(instant: UtcMillis, rule: DayRule) -> (Day, u8) {
    let day = rule.day(instant);
    (day, ((instant.0 - rule.day_start(day).0) / HOUR_MS).clamp(0, 23) as u8)
}

/// The slot that begins at a local hour of a definition.
pub(crate) fn slot(hour: Hour) -> u8 {
    (i32::from(hour.get()) - DayRule::JAPAN.day_start_hour).clamp(0, 24) as u8
}

/// The slots between two local hours of a definition.
pub(crate) fn slots(from: Hour, to: Hour) -> Range<u8> {
    slot(from)..slot(to)
}
