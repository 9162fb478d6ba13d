//! Where a person truly is: the walk of one local day.
//!
//! In: a person's plans and a date. Out: [`Piece`]s from 04:00 to 04:00, without gap or overlap: stays at a
//! point, and straight ways between them. A day starts where the last night was slept and ends where the next
//! one is, so that days fit together although each is drawn alone.

use rand::rngs::SmallRng;

use crate::date::Date;
use crate::land::{Land, Spot};
use crate::people::{Aim, Base, Person};
use crate::random::{Purpose, generator};

mod days;
mod walk;

use walk::Walk;

/// What somebody does in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Activity {
    /// At home.
    Home,
    /// At the second residence.
    SecondHome,
    /// At the workplace.
    Work,
    /// In a hotel, or on a campsite.
    Lodging,
    /// Shops, sights, friends.
    Leisure,
    /// Work at a desk away from home and workplace.
    Telework,
    /// At the kin's house.
    Kin,
    /// A meeting of a business trip.
    Meeting,
    /// A stop of at most 20 minutes, or a way.
    Transit,
}

impl Activity {
    /// The word in the truth.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::SecondHome => "second_home",
            Self::Work => "work",
            Self::Lodging => "lodging",
            Self::Leisure => "leisure",
            Self::Telework => "telework",
            Self::Kin => "kin",
            Self::Meeting => "meeting",
            Self::Transit => "transit",
        }
    }
}

/// A part of a day: a stay (`start == end`), or a straight way from `start` to `end`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Piece {
    /// When it starts, milliseconds UTC.
    pub from_ms: i64,
    /// When it ends, milliseconds UTC.
    pub until_ms: i64,
    /// Where it starts.
    pub start: Spot,
    /// Where it ends.
    pub end: Spot,
    /// What the person does there.
    pub activity: Activity,
}

impl Piece {
    /// Whether the person is under way.
    pub(crate) fn is_way(&self) -> bool {
        self.start != self.end
    }

    /// Speed of a way, metres per second.
    pub(crate) fn speed_m_s(&self) -> f64 {
        if !self.is_way() {
            return 0.0;
        }
        1e6 * self.start.distance_km(&self.end) / (self.until_ms - self.from_ms) as f64
    }

    /// Latitude and longitude at an instant within the piece, degrees.
    pub(crate) fn at(&self, instant_ms: i64) -> (f64, f64) {
        if !self.is_way() {
            return (self.start.latitude, self.start.longitude);
        }
        let share = (instant_ms - self.from_ms) as f64 / (self.until_ms - self.from_ms) as f64;
        let along = |start: f64, end: f64| start + (end - start) * share;
        (along(self.start.latitude, self.end.latitude), along(self.start.longitude, self.end.longitude))
    }
}

/// Draws the walk of a person's day into `pieces`, which is emptied first. True when it was a day of telework
/// at home instead of the workplace: the pieces show no difference to a day off.
pub(crate) fn day(person: &Person, land: &Land, seed: u64, date: Date, pieces: &mut Vec<Piece>) -> bool {
    let rng = generator(seed, u64::from(person.index), date.day.0, Purpose::Diary);
    let (morning, evening) = (person.base(date.day.plus(-1)), person.base(date.day));
    let mut walk = Walk::start(date, morning.spot(), base_activity(morning), rng, pieces);
    let mut worked_at_home = false;
    match (morning, evening) {
        (Base::Home(home), Base::Home(_)) => match person.outing(date.day) {
            Some(trip) => days::outing(&mut walk, land, trip),
            None => worked_at_home = days::at_home(&mut walk, person, home, evening.spot()),
        },
        (Base::Home(_), Base::Away(spell)) => days::arrival(&mut walk, person, land, spell),
        (Base::Away(before), Base::Away(spell)) if before.from == spell.from => {
            days::away(&mut walk, land, spell);
        }
        (Base::Away(before), Base::Away(spell)) => days::onward(&mut walk, land, before, spell),
        (Base::Away(spell), Base::Home(_)) => days::departure(&mut walk, land, spell, evening.spot()),
    }
    walk.finish(evening.spot(), base_activity(evening));
    worked_at_home
}

fn base_activity(base: Base<'_>) -> Activity {
    match base {
        Base::Home(_) => Activity::Home,
        Base::Away(spell) => match spell.aim {
            Aim::SecondHome => Activity::SecondHome,
            Aim::Kin => Activity::Kin,
            _ => Activity::Lodging,
        },
    }
}

/// Travel time of a way in hours: 40 km/h in town to 200 km/h by Shinkansen over the whole of a straight
/// line, up to 15 % slower, and never under three minutes.
fn travel_hours(rng: &mut SmallRng, from: &Spot, to: &Spot) -> f64 {
    let distance_km = from.distance_km(to);
    let speed_km_h = match distance_km {
        d if d < 15.0 => 40.0,
        d if d < 60.0 => 60.0,
        d if d < 200.0 => 90.0,
        d if d < 400.0 => 150.0,
        _ => 200.0,
    };
    (distance_km / (speed_km_h * crate::random::between(rng, 0.85, 1.0))).max(0.05)
}

#[cfg(test)]
#[path = "diary_tests.rs"]
mod tests;
