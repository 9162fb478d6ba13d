//! What the chain of nights reads, and what it finds out about each night.
//!
//! In: sightings and observed nights. Out: [`NightEvidence`], which the chain and its habits read, and
//! [`Beds`], the probabilities of one night. They stand in a file of their own so that neither of the two
//! needs the other for them.

use kayoi_schemas::time::Day;

use super::local::MOST_LOCAL;
use super::sightings::{Place, Sighting};
use crate::window::NightHours;

/// All that the chain may judge by.
pub struct NightEvidence<'a> {
    /// In which hours the device was seen where, by time.
    pub sightings: &'a [Sighting],
    /// Nights observed by a stay, by date.
    pub observed: &'a [(Day, Place)],
    /// How many places there are.
    pub place_count: usize,
    /// Kilometres between two places.
    pub apart_km: &'a dyn Fn(Place, Place) -> f64,
    /// Which hours of a day are near sleep, by the definition.
    pub hours: NightHours,
    /// Days without a sighting beyond which the nights between are nobody's.
    pub silence_max_days: i32,
}

/// How probable each place is as the bed of one night.
#[derive(Debug, Clone, Copy, Default)]
pub struct Beds {
    pub(super) places: [(u16, f32); MOST_LOCAL],
    pub(super) count: u8,
    /// Whether the device was seen on neither of the two days around the night.
    pub is_silent: bool,
}

impl Beds {
    /// A night before the chain begins or after it ends: no place was considered.
    pub(crate) const UNSEEN: Self = Self { places: [(0, 0.0); MOST_LOCAL], count: 0, is_silent: true };

    /// Places with their probability; what is missing to 1 is the probability of somewhere that the device
    /// was not seen at.
    pub fn iter(&self) -> impl Iterator<Item = (Place, f64)> + '_ {
        self.places[..usize::from(self.count)].iter().map(|(place, share)| (Place(*place), f64::from(*share)))
    }

    /// The most probable place; ties go to the lowest.
    pub fn best(&self) -> Option<(Place, f64)> {
        self.iter().reduce(|best, next| if next.1 > best.1 { next } else { best })
    }

    /// The probability of one place; 0 when it was not considered.
    pub(crate) fn of(&self, place: Place) -> f64 {
        self.iter().find(|(known, _)| *known == place).map_or(0.0, |(_, share)| share)
    }
}
