//! Hours → on which days a device was seen at a place, and on which of them in the small hours.
//!
//! In: the hours of a device. Out: [`Seen`]. A bed is a place where a device is seen in the small hours about as often,
//! for each day there, as at its primary residence. Where it is seen by day for months and hardly ever at that
//! time, it works: late evenings there are no nights, whatever is expected of them.

use std::collections::BTreeMap;

use kayoi_schemas::time::Day;

/// The small hours: 01:00 to 04:00, in hours after 04:00 of the evening's day.
const SMALL_HOURS: std::ops::Range<u8> = 21..24;

/// Days seen in a place, and of these, days seen in the small hours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct DaysSeen {
    pub all: u32,
    pub small_hours: u32,
}

/// The days of one device by place.
#[derive(Debug, Clone)]
pub(super) struct Seen<P>(BTreeMap<P, Vec<(Day, bool)>>);

impl<P> Default for Seen<P> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<P: Ord + Copy> Seen<P> {
    /// From hours by day: the day, hours after 04:00, the place.
    pub(super) fn of(hours: impl Iterator<Item = (Day, u8, P)>) -> Self {
        let mut seen: BTreeMap<P, Vec<(Day, bool)>> = BTreeMap::new();
        for (day, slot, place) in hours {
            let days = seen.entry(place).or_default();
            let is_small = SMALL_HOURS.contains(&slot);
            match days.last_mut().filter(|(last, _)| *last == day) {
                Some((_, small)) => *small |= is_small,
                None => days.push((day, is_small)),
            }
        }
        Self(seen)
    }

    /// The days at a place in `first..=last`.
    pub(super) fn days(&self, place: P, first: Day, last: Day) -> DaysSeen {
        let days = self.0.get(&place).map_or(&[][..], Vec::as_slice);
        let from = days.partition_point(|(day, _)| *day < first);
        let within = days[from..].iter().take_while(|(day, _)| *day <= last);
        within.fold(DaysSeen::default(), |sum, (_, small)| DaysSeen {
            all: sum.all + 1,
            small_hours: sum.small_hours + u32::from(*small),
        })
    }
}
