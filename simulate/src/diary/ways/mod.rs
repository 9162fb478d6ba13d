//! Ways as people travel them: on foot, by car, on local trains, on expresses.
//!
//! In: two places, and whether somebody drives. Out: a [`Route`], chosen from the pair and the seed alone, so
//! that who goes to work every day goes the same way, and comes back along it. Of a route two things are
//! asked. [`Route::hours`] is how long it takes from door to door: that is all a day needs, and all the truth
//! pays for, because a way stays one piece of the day. [`Journey`] is the same piece in full, between the same
//! two instants: legs around corners, halts at lights and stations, changes and rests. It is drawn only where
//! a phone looks, and nothing that is counted as truth knows it: the longest halt is no visit.
//!
//! | mode | between doors | legs | halts |
//! |---|---|---|---|
//! | foot | under 1.2 km | 4 to 5 km/h | none |
//! | car | the rest for who drives, to 150 km, at times to 300, and any way of a van | town 25 km/h with its lights, country 40 to 60, motorway 80 to 100 for ways above 60 km | lights 20 to 90 s each 0.5 to 2 km; a rest of 10 to 20 minutes after two hours |
//! | local | to 80 km for who rides, from 3 km | 45 to 65 km/h, a mean of 45 with its halts | stations 30 to 60 s each 2 to 4 km, platform 2 to 8 minutes, changes of 3 to 15 minutes |
//! | express | above | 120 to 160 km/h, Shinkansen above 150 km 200 to 260 | stations 1 to 2 minutes each 20 to 40 km, Shinkansen each 40 to 80; changes of 10 to 25 minutes in a hub |
//!
//! A way is 1.2 to 1.4 times as long as the straight line, less for fast trains. Not simulated: aeroplanes and
//! ships (the sea is crossed at the speed of a train), timetables, lines and roads that two people share: they
//! meet at the stations of expresses and at changes, which stand in the middle of towns, and nowhere else.

mod line;
mod journey;
mod sections;

pub(crate) use journey::Journey;
use sections::Sections;

use crate::land::{Land, Spot};
use crate::people::{Person, Persona};
use crate::random::{Purpose, mix, share};
use crate::world::Ways;

/// How a way is travelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Mode {
    /// On foot.
    Foot,
    /// By car, bus or taxi.
    Car,
    /// By trains that stop everywhere.
    Local,
    /// By limited express or Shinkansen, with local trains at both ends.
    Express,
}

/// Farther than this nobody walks, kilometres straight.
const WALK_KM: f64 = 1.2;
/// Nearer than this who has no car takes a bus, kilometres straight.
const BUS_KM: f64 = 3.0;
/// From here on an express is taken by who has no car, kilometres straight.
const EXPRESS_KM: f64 = 80.0;
/// From here on the express is the Shinkansen, and who has a car may leave it, kilometres straight.
pub(super) const SHINKANSEN_KM: f64 = 150.0;
/// Farther than this nobody drives, kilometres straight.
const FARTHEST_DRIVE_KM: f64 = 300.0;
/// Share of the ways between those two that are driven all the same.
const LONG_DRIVES: f64 = 0.4;
/// The prefectures around Tokyo and Osaka, and the share of people who drive there and elsewhere.
const RAIL_PREFECTURES: [u8; 7] = [11, 12, 13, 14, 26, 27, 28];
const DRIVERS: (f64, f64) = (0.35, 0.8);

/// Whether somebody drives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Drives {
    /// Rides.
    Never,
    /// Where it is not too far.
    Usually,
    /// Who lives in a van, and who is seen only at the wheel.
    Always,
}

/// How a person travels: nothing else about a way is their own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Traveller {
    /// In a straight line at constant speed.
    Straight,
    /// On real ways; the seed tells the ways of one world from those of another.
    Real { drives: Drives, seed: u64 },
}

impl Traveller {
    /// Whether a person has a car follows from where the first home stands, and never changes. `who` leads
    /// the way: the person, or somebody else with whom the person travels.
    pub(crate) fn of(land: &Land, person: &Person, who: u32) -> Self {
        match land.ways() {
            Ways::Straight => Self::Straight,
            Ways::Real => {
                let home = person.homes.first().map(|home| home.spot.town.prefecture().number());
                let rail = home.is_some_and(|prefecture| RAIL_PREFECTURES.contains(&prefecture));
                let drivers = if rail { DRIVERS.0 } else { DRIVERS.1 };
                let seed = land.seed();
                let drawn = share(seed, u64::from(who), 0, Purpose::Ways);
                let drives = match person.persona {
                    Persona::Itinerant | Persona::Passing | Persona::Driver => Drives::Always,
                    _ if drawn < drivers => Drives::Usually,
                    _ => Drives::Never,
                };
                Self::Real { drives, seed }
            }
        }
    }
}

/// A way between two places, the same in both directions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Route {
    pub(super) mode: Mode,
    /// Everything random about the way follows from this.
    pub(super) key: u64,
    /// Of the straight line.
    pub(super) straight_km: f64,
    /// Of the way itself.
    pub(super) km: f64,
}

impl Route {
    /// The way that somebody takes who drives or not.
    pub(crate) fn choose(seed: u64, drives: Drives, from: &Spot, to: &Spot) -> Self {
        let (straight_km, key) = (from.distance_km(to), key(seed, from, to));
        let mode = mode(drives, straight_km, part(key, 1));
        Self::by(mode, straight_km, key)
    }

    /// The way of a mode that was chosen before.
    pub(super) fn again(seed: u64, mode: Mode, from: &Spot, to: &Spot) -> Self {
        Self::by(mode, from.distance_km(to), key(seed, from, to))
    }

    fn by(mode: Mode, straight_km: f64, key: u64) -> Self {
        let (least, most) = match mode {
            Mode::Express => (1.2, 1.3),
            Mode::Car if straight_km > sections::MOTORWAY_KM => (1.2, 1.3),
            _ => (1.2, 1.4),
        };
        let detour = least + (most - least) * part(key, 2);
        Self { mode, key, straight_km, km: straight_km * detour }
    }

    /// How the way is travelled.
    pub(crate) fn mode(&self) -> Mode {
        self.mode
    }

    /// From door to door in hours, on a day when nothing is late.
    pub(crate) fn hours(&self) -> f64 {
        Sections::of(self).iter().map(sections::Section::hours).sum::<f64>().max(0.02)
    }
}

fn mode(drives: Drives, km: f64, drawn: f64) -> Mode {
    match drives {
        _ if km < WALK_KM => Mode::Foot,
        Drives::Always => Mode::Car,
        Drives::Usually if km < SHINKANSEN_KM => Mode::Car,
        Drives::Usually if km < FARTHEST_DRIVE_KM && drawn < LONG_DRIVES => Mode::Car,
        Drives::Never if km < BUS_KM => Mode::Car,
        Drives::Never if km < EXPRESS_KM => Mode::Local,
        _ => Mode::Express,
    }
}

/// Whether a way is told from its first end to its second or back: a pair has one line.
pub(super) fn is_backwards(from: &Spot, to: &Spot) -> bool {
    let order = from.latitude.total_cmp(&to.latitude).then(from.longitude.total_cmp(&to.longitude));
    order == std::cmp::Ordering::Greater
}

/// A number for a pair of places, the same in both directions.
fn key(seed: u64, from: &Spot, to: &Spot) -> u64 {
    let (first, second) = if is_backwards(from, to) { (to, from) } else { (from, to) };
    let place = |spot: &Spot| spot.latitude.to_bits() ^ spot.longitude.to_bits().rotate_left(32);
    mix([seed, place(first), place(second), Purpose::Ways as u64])
}

/// One of the numbers in 0..1 that follow from a key.
pub(super) fn part(key: u64, number: u32) -> f64 {
    let turned = key.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(11 * number) ^ u64::from(number);
    (turned.wrapping_mul(0xD6E8_FEB8_6659_FD93) >> 11) as f64 / (1u64 << 53) as f64
}

#[cfg(test)]
#[path = "ways_tests.rs"]
mod tests;
