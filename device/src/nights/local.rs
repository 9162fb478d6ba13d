//! The beds that are considered for one night: a handful of places of the device, and somewhere else.
//!
//! In: the usual beds and the places seen around a night. Out: its states. A fixed handful keeps the cost of
//! a night the same even for somebody who travels all year.

use super::sightings::Place;

/// Places considered for one night: the usual beds and those seen around it.
pub(super) const MOST_LOCAL: usize = 9;

/// The states of a night: places, ascending, then "somewhere else".
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Local {
    /// Numbers of places, of which the first `count` are used.
    pub(super) places: [u16; MOST_LOCAL],
    pub(super) count: usize,
}

impl Local {
    pub(super) fn slice(&self) -> &[u16] {
        &self.places[..self.count]
    }

    /// Adds a place while there is room: a caller that adds the likeliest places first loses none of them.
    pub(super) fn add(&mut self, place: Place) {
        if self.count < MOST_LOCAL && !self.slice().contains(&place.0) {
            self.places[self.count] = place.0;
            self.count += 1;
        }
    }

    /// How many states there are, "somewhere else" included.
    pub(super) fn states(&self) -> usize {
        self.count + 1
    }
}

/// The states in order: each place, then `None` for somewhere else.
pub(super) fn states(local: &Local) -> impl Iterator<Item = Option<u16>> + '_ {
    local.slice().iter().copied().map(Some).chain([None])
}
