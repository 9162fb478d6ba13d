//! The hours of a night.
//!
//! In: an evening's date and the definition's night hours. Out: its spans of time, and how near to sleep each
//! hour of a day is, which gives one answer to all who ask: where a device sleeps, and which of its spots is
//! the bed.

use kayoi_schemas::definition::{Hour, Thresholds};
use kayoi_schemas::time::{Day, DayRule, HOUR_MS, Span, UtcMillis};

use crate::slot::slot;

/// The span of a night: its window, and the core hours that count twice.
pub fn night_window(night: Day, thresholds: &Thresholds, rule: DayRule) -> [Span; 2] {
    let next_day = |hour: Hour| UtcMillis(rule.instant(night, f64::from(hour)).0 + 24 * HOUR_MS);
    let evening = rule.instant(night, f64::from(thresholds.night_start_hour));
    let (core_start, core_end) = (thresholds.night_core_start_hour, thresholds.night_core_end_hour);
    [
        Span { from: evening, to: next_day(thresholds.night_end_hour) },
        Span { from: next_day(core_start), to: next_day(core_end) },
    ]
}

/// Hours before the night window that are evening: most people are at home by then, and some are still out.
const EVENING_HOURS: u8 = 2;

/// How much the hours of a day say about sleep.
#[derive(Debug, Clone, Copy)]
pub struct NightHours {
    /// The first slot of the night window, in the evening.
    evening: u8,
    /// The first slot after it, in the morning.
    morning: u8,
}

/// How near to sleep an hour is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nearness {
    /// In the night window, of the night that began the evening before.
    Morning,
    /// In the night window, of the night that begins on this day.
    Night,
    /// Shortly before the night window.
    Evening,
    /// Far from the night: it says nothing about the bed.
    Day,
}

impl NightHours {
    /// Takes the night hours of a definition.
    pub fn of(thresholds: &Thresholds) -> Self {
        Self { evening: slot(thresholds.night_start_hour), morning: slot(thresholds.night_end_hour) }
    }

    /// How near to sleep a slot is.
    pub(crate) fn nearness(self, slot: u8) -> Nearness {
        match slot {
            _ if slot < self.morning => Nearness::Morning,
            _ if slot >= self.evening => Nearness::Night,
            _ if slot + EVENING_HOURS >= self.evening => Nearness::Evening,
            _ => Nearness::Day,
        }
    }
}
