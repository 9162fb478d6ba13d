//! The beds that are considered for one night: a handful of places of the device, and somewhere else.
//!
//! In: the usual beds and the places seen around a night. Out: its states. A fixed handful keeps a night's cost the same for
//! somebody who travels all year.

use super::sightings::Place;

/// Places considered for one night: the usual beds and those seen around it.
pub(super) const MOST_LOCAL: usize = 9;

/// The states of a night: places, ascending, then "somewhere else".
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Local {
    pub(super) places: [u16; MOST_LOCAL],
    pub(super) count: usize,
}

impl Local {
    pub(super) fn slice(&self) -> &[u16] {
        &self.places[..self.count]
    }

    pub(super) fn add(&mut self, place: Place) {
        if self.count < MOST_LOCAL && !self.slice().contains(&place.0) {
            self.places[self.count] = place.0;
            self.count += 1;
        }
    }

    /// States with "somewhere else".
    pub(super) fn states(&self) -> usize {
        self.count + 1
    }
}

/// Each place, then somewhere else.
pub(super) fn states(local: &Local) -> impl Iterator<Item = Option<u16>> + '_ {
    local.slice().iter().copied().map(Some).chain([None])
}
