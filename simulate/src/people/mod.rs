//! Who lives in the world: personas, their homes, and when they are away.
//!
//! In: a world and its land. Out: `Person`s, each with plans for all days. A person's plans are a list of
//! `Spell`s away from home; where a day is not covered, the person is based at home. The list is all that
//! stays in memory: a day's walk is drawn from it when it is needed.
//!
//! Shares of the personas (each person has one; ordinary people also take occasional trips, and 15 % of
//! everybody visits kin):
//!
//! | persona | share | what makes it |
//! |---|---|---|
//! | resident | 15 % | lives in the region; half of them work in their own town |
//! | seasonal_worker | 1 % | once a year 1 to 3 months in another town, in a lodging, at work by day |
//! | commuter | 19 % | works 3 to 40 km away on working days, some telework at home |
//! | one_off | 14 % | one trip a year, a day or 1 to 2 nights |
//! | repeat | 18 % | 2 to 30 visits a year to the same town |
//! | dual | 12 % | two residences, six regimes of 2 % each |
//! | mover | 3 % | moves house once |
//! | workation | 6 % | 1 to 4 stays a year of 3 to 10 days, works at one point there |
//! | satellite | 2 % | works in a satellite office 1 to 4 times a month, some nights |
//! | business | 3 % | trips of 1 to 2 nights, meetings that move about |
//! | kin | 4 % | goes to the kin's town at Obon and New Year |
//! | itinerant | 1 % | months in a campervan, 1 to 4 nights in a place |
//! | passing | 2 % | drives through towns and stops at most 20 minutes |

use kayoi_schemas::time::Day;
use rayon::prelude::*;

use crate::land::{Land, Spot};
use crate::world::World;

pub(crate) mod phone;
pub(crate) mod device_id;
mod calendar;
mod trips;
mod draw;

use phone::Phone;

/// What kind of life a person leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Persona {
    /// Lives in the region.
    Resident,
    /// Works elsewhere by day.
    Commuter,
    /// One trip a year.
    OneOff,
    /// Comes again to the same town.
    Repeat,
    /// Two residences.
    Dual,
    /// Moves house once.
    Mover,
    /// Works where others have holidays.
    Workation,
    /// Works regularly in a satellite office.
    Satellite,
    /// Business trips.
    Business,
    /// Visits kin at Obon and New Year.
    Kin,
    /// Lives on the road for months.
    Itinerant,
    /// Drives through.
    Passing,
    /// Works in another town for a season.
    SeasonalWorker,
}

/// The personas with their shares of all people. Seasonal workers stand beside residents, of whose share they
/// were taken, so that everybody else kept their persona.
pub(crate) const SHARES: [(Persona, f64); 13] = [
    (Persona::Resident, 0.15),
    (Persona::SeasonalWorker, 0.01),
    (Persona::Commuter, 0.19),
    (Persona::OneOff, 0.14),
    (Persona::Repeat, 0.18),
    (Persona::Dual, 0.12),
    (Persona::Mover, 0.03),
    (Persona::Workation, 0.06),
    (Persona::Satellite, 0.02),
    (Persona::Business, 0.03),
    (Persona::Kin, 0.04),
    (Persona::Itinerant, 0.01),
    (Persona::Passing, 0.02),
];

impl Persona {
    /// The word in the truth.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Resident => "resident",
            Self::Commuter => "commuter",
            Self::OneOff => "one_off",
            Self::Repeat => "repeat",
            Self::Dual => "dual",
            Self::Mover => "mover",
            Self::Workation => "workation",
            Self::Satellite => "satellite",
            Self::Business => "business",
            Self::Kin => "kin",
            Self::Itinerant => "itinerant",
            Self::Passing => "passing",
            Self::SeasonalWorker => "seasonal_worker",
        }
    }
}

/// How a dual resident divides the nights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Regime {
    /// Thursday to Sunday at the second residence: 4 nights and 3.
    Weekly,
    /// One week here, one week there.
    AlternateWeeks,
    /// Blocks of 60 % and 40 %.
    SixtyForty,
    /// Blocks of 80 % and 20 %.
    EightyTwenty,
    /// One block of one to three months a year.
    Seasonal,
    /// Three or four days every month.
    ThreeDaysMonthly,
}

impl Regime {
    /// All of them.
    pub(crate) const ALL: [Self; 6] = [
        Self::Weekly,
        Self::AlternateWeeks,
        Self::SixtyForty,
        Self::EightyTwenty,
        Self::Seasonal,
        Self::ThreeDaysMonthly,
    ];

    /// The word in the truth.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Weekly => "weekly",
            Self::AlternateWeeks => "alternate_weeks",
            Self::SixtyForty => "60_40",
            Self::EightyTwenty => "80_20",
            Self::Seasonal => "seasonal",
            Self::ThreeDaysMonthly => "three_days_monthly",
        }
    }
}

/// Why somebody is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Aim {
    Leisure,
    SecondHome,
    Workation,
    SatelliteOffice,
    Business,
    Kin,
    Road,
    Passing,
    SeasonalWork,
}

/// Days away from home: the nights of `from..until` are slept at `bed`. `from == until` is a day trip.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spell {
    pub from: Day,
    pub until: Day,
    pub aim: Aim,
    /// Index of the town.
    pub town: usize,
    pub bed: Spot,
    /// Where a workation, satellite office or seasonal worker works.
    pub desk: Spot,
}

/// A home and the places around it.
#[derive(Debug, Clone)]
pub(crate) struct Home {
    pub from: Day,
    pub spot: Spot,
    pub haunts: Vec<Spot>,
}

/// A person with all plans.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub index: u32,
    pub persona: Persona,
    pub regime: Option<Regime>,
    /// One home, or two in order for somebody who moves.
    pub homes: Vec<Home>,
    pub second: Option<Spot>,
    pub work: Option<Spot>,
    /// Share of working days spent working at home.
    pub telework_share: f64,
    /// In order, never overlapping; one may start on the day the one before ends.
    pub spells: Vec<Spell>,
    pub phone: Phone,
    /// From this day on the device has a new id.
    pub replaced: Option<Day>,
}

/// Where a night is slept.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Base<'p> {
    Home(&'p Home),
    Away(&'p Spell),
}

impl Base<'_> {
    pub(crate) fn spot(self) -> Spot {
        match self {
            Self::Home(home) => home.spot,
            Self::Away(spell) => spell.bed,
        }
    }
}

impl Person {
    /// The home of a day.
    pub(crate) fn home(&self, day: Day) -> &Home {
        let later = self.homes.partition_point(|home| home.from <= day);
        &self.homes[later.saturating_sub(1)]
    }

    /// Where the night that starts on the evening of `day` is slept.
    pub(crate) fn base(&self, day: Day) -> Base<'_> {
        match self.spell(day) {
            Some(spell) if day < spell.until => Base::Away(spell),
            _ => Base::Home(self.home(day)),
        }
    }

    /// The day trip of a day.
    pub(crate) fn outing(&self, day: Day) -> Option<&Spell> {
        self.spell(day).filter(|spell| spell.from == day && spell.until == day)
    }

    /// The last spell that started by a day.
    fn spell(&self, day: Day) -> Option<&Spell> {
        let later = self.spells.partition_point(|spell| spell.from <= day);
        later.checked_sub(1).map(|index| &self.spells[index])
    }

    /// Which of the person's device ids is in use on a day: 0, or 1 after the change.
    pub(crate) fn generation(&self, day: Day) -> u8 {
        u8::from(self.replaced.is_some_and(|change| change <= day))
    }
}

/// Draws all people of a world.
pub(crate) fn people(world: &World, land: &Land) -> Vec<Person> {
    (0..world.devices).into_par_iter().map(|index| draw::person(world, land, index)).collect()
}

/// The persona of a person. Steps of the golden ratio spread the shares evenly over any run of indices, so
/// that a small world has every kind too.
fn persona(index: u32) -> (Persona, Option<Regime>) {
    const GOLDEN: f64 = 0.618_033_988_749_895;
    let mut at = ((f64::from(index) + 0.5) * GOLDEN).fract();
    for (persona, share) in SHARES {
        if at < share {
            let regime = Regime::ALL[((at / share * 6.0) as usize).min(5)];
            return (persona, (persona == Persona::Dual).then_some(regime));
        }
        at -= share;
    }
    (Persona::Resident, None)
}

#[cfg(test)]
#[path = "people_tests.rs"]
mod tests;
