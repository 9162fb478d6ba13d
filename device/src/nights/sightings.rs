//! Fixes → sightings: in which municipality a device was seen in which hour of a local day.
//!
//! In: fixes of one device, by time. Out: one sighting for each run of fixes in one municipality within an
//! hour, so that a phone that reports every second says no more about a night than one that reports twice an
//! hour. Places are numbered in the order of their codes; a fix in no municipality is left out.

use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::{Day, DayRule};

use crate::fix::Fix;
use crate::slot::day_and_slot;

/// A place of one device: an index into its list of municipalities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place(pub u16);

/// An hour in which a device was seen in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sighting {
    /// The local day of the hour.
    pub day: Day,
    /// Hours after the start of the local day, 0 to 23.
    pub slot: u8,
    /// The place where it was seen.
    pub place: Place,
}

/// The municipalities of a device, ascending, and its sightings by time.
pub(crate) fn sightings(fixes: &[Fix], rule: DayRule) -> (Vec<MunicipalityCode>, Vec<Sighting>) {
    let mut codes: Vec<MunicipalityCode> = Vec::new();
    let mut last = None;
    for fix in fixes {
        if fix.municipality != last {
            codes.extend(fix.municipality);
            last = fix.municipality;
        }
    }
    codes.sort_unstable();
    codes.dedup();
    // A place is numbered in 16 bits; Japan has fewer municipalities.
    codes.truncate(usize::from(u16::MAX));
    let mut sightings: Vec<Sighting> = Vec::new();
    // Most fixes lie where the one before did, and need no search.
    let mut known: Option<(MunicipalityCode, Place)> = None;
    for fix in fixes {
        let Some(code) = fix.municipality else { continue };
        let place = match known {
            Some((same, place)) if same == code => place,
            _ => match codes.binary_search(&code) {
                Ok(index) => Place(index as u16),
                Err(_) => continue,
            },
        };
        known = Some((code, place));
        let (day, slot) = day_and_slot(fix.instant, rule);
        let sighting = Sighting { day, slot, place };
        if sightings.last() != Some(&sighting) {
            sightings.push(sighting);
        }
    }
    (codes, sightings)
}
