//! What is known of a device's nights before the chain, and what the chain makes of each.
//!
//! In: sightings and observed nights. Out: [`Evidence`], which the chain and its habits read, and [`Beds`], the
//! probabilities of one night. They stand below both.

use kayoi_schemas::time::Day;

use super::local::MOST_LOCAL;
use super::sightings::{Place, Sighting};
use crate::window::NightHours;

/// What the chain looks at.
pub struct Evidence<'a> {
    /// By time.
    pub sightings: &'a [Sighting],
    /// Nights observed by a stay, by date.
    pub observed: &'a [(Day, Place)],
    /// How many places there are.
    pub place_count: usize,
    /// Kilometres between two places.
    pub apart_km: &'a dyn Fn(Place, Place) -> f64,
    /// The hours near sleep.
    pub hours: NightHours,
}

/// The beds of one night.
#[derive(Debug, Clone, Copy, Default)]
pub struct Beds {
    pub(super) places: [(u16, f32); MOST_LOCAL],
    pub(super) count: u8,
    /// Whether the device was seen on neither of the two days around the night.
    pub is_silent: bool,
}

impl Beds {
    /// No place is known to be possible.
    pub const UNSEEN: Self = Self { places: [(0, 0.0); MOST_LOCAL], count: 0, is_silent: true };

    /// Places with their probability; what lacks to 1 is somewhere the device was not seen.
    pub fn iter(&self) -> impl Iterator<Item = (Place, f64)> + '_ {
        self.places[..usize::from(self.count)].iter().map(|(place, share)| (Place(*place), f64::from(*share)))
    }

    /// The most probable one; of equals the lowest.
    pub fn best(&self) -> Option<(Place, f64)> {
        self.iter().reduce(|best, next| if next.1 > best.1 { next } else { best })
    }

    /// The probability of one place.
    pub fn of(&self, place: Place) -> f64 {
        self.iter().find(|(known, _)| *known == place).map_or(0.0, |(_, share)| share)
    }
}
