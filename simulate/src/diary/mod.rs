//! Where a person truly is: the walk of one local day.
//!
//! In: a person's plans and a date. Out: [`Piece`]s from 04:00 to 04:00, without gap or overlap: stays at a
//! point, and ways between them, one piece each. A day starts where the last night was slept and ends where the next
//! one is, so that days fit together although each is drawn alone.

use rand::rngs::SmallRng;

use crate::date::Date;
use crate::land::{Land, Spot};
use crate::people::{Aim, Base, Person};
use crate::random::{Purpose, generator};

mod days;
mod shifts;
mod walk;
mod ways;

use walk::Walk;
use ways::Traveller;
pub(crate) use ways::{Journey, Mode};

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
    /// Whether it is where a bed stands: at home, at the other home, in a lodging, at the kin's. A ward, a cab
    /// and a campervan are lodgings.
    pub(crate) fn has_bed(self) -> bool {
        matches!(self, Self::Home | Self::SecondHome | Self::Lodging | Self::Kin)
    }

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

/// A part of a day: a stay (`start == end`), or a way from `start` to `end`.
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
    /// How a way is gone; none for a stay, and for a straight way at constant speed. What a phone sees of the
    /// others is their [`Journey`].
    pub mode: Option<Mode>,
}

impl Piece {
    /// Whether the person is under way.
    pub(crate) fn is_way(&self) -> bool {
        self.start != self.end
    }

    /// Speed of a way along the straight line, metres per second.
    pub(crate) fn speed_m_s(&self) -> f64 {
        if !self.is_way() {
            return 0.0;
        }
        1e6 * self.start.distance_km(&self.end) / (self.until_ms - self.from_ms) as f64
    }

    /// Latitude and longitude at an instant within the piece, on the straight line, degrees.
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
    let (morning, evening) = (person.base(date.day.plus(-1)), person.base(date.day));
    let outing = person.outing(date.day);
    // Who shares plans walks together wherever they lead.
    let is_planned = outing.is_some() || [morning, evening].iter().any(|base| matches!(base, Base::Away(_)));
    let who = if is_planned { person.leader } else { person.index };
    let rng = generator(seed, u64::from(who), date.day.0, Purpose::Diary);
    let traveller = Traveller::of(land, person, who);
    let mut walk = Walk::start((date, traveller), morning.spot(), base_activity(morning), rng, pieces);
    let mut worked_at_home = false;
    match (morning, evening) {
        (Base::Home(home), Base::Home(_)) => match (outing, person.shift(date.day)) {
            (Some(trip), _) => days::outing(&mut walk, land, trip),
            (None, Some(shift)) => shifts::at_home(&mut walk, person, home, (shift, evening.spot())),
            (None, None) => worked_at_home = days::at_home(&mut walk, person, home, evening.spot()),
        },
        (Base::OnDuty(_), _) => shifts::after_night(&mut walk, person, evening),
        (_, Base::OnDuty(work)) => shifts::before_night(&mut walk, person, (morning, work)),
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
        Base::OnDuty(_) => Activity::Work,
        Base::Away(spell) => match spell.aim {
            Aim::SecondHome => Activity::SecondHome,
            Aim::Kin | Aim::Birth | Aim::Parents => Activity::Kin,
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
