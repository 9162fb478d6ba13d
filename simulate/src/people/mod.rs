//! Who lives in the world: personas, their homes, when they are away, and which phones a partner sees.
//!
//! In: a world and its land. Out: `Person`s, each with plans for all days. A person's plans are a list of
//! `Spell`s away from home; where a day is not covered, the person is based at home, or on duty. The list is
//! all that stays in memory: a day's walk is drawn from it when it is needed.
//!
//! `persona` says which kinds of life there are and `draw` makes the people of plain lives, each with a phone
//! in the feed. `real` makes those of real lives: most of them have no phone that anybody sees, and who has
//! one depends on age, sex and town, never on how the person lives.

use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::Day;
use rayon::prelude::*;

use crate::error::SimulateError;
use crate::land::{Land, Spot};
use crate::world::{Lives, World};

mod persona;
pub(crate) mod phone;
pub(crate) mod device_id;
pub(crate) mod carried;
pub(crate) mod roster;
mod calendar;
mod rebound;
mod trips;
mod draw;
mod real;

pub(crate) use persona::{Persona, Regime};
pub(crate) use real::citizen::Citizen;

use carried::Carried;
use roster::{Roster, Shift};

/// People whose diary is written: the first ones with a phone.
pub(crate) const DIARY_PEOPLE: u32 = 2_000;

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
    /// In bed in a hospital.
    Hospital,
    /// At the parents' for a birth.
    Birth,
    /// In a building that is not left.
    Absence,
    /// Holidays at the parents'.
    Parents,
    /// A night in the lorry.
    Cab,
    /// A team's work away.
    Project,
    /// A tour of the country.
    Tour,
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
    /// Where a workation, satellite office, project or seasonal worker works.
    pub desk: Spot,
}

/// A home and the places around it.
#[derive(Debug, Clone)]
pub(crate) struct Home {
    pub from: Day,
    pub spot: Spot,
    pub haunts: Vec<Spot>,
}

/// What a working year looks like beside the plans.
#[derive(Debug, Clone)]
pub(crate) struct Working {
    /// Shifts, for who does not work from nine to six.
    pub roster: Option<Roster>,
    /// Chance of a day off that nobody planned.
    pub unplanned_off: f64,
    /// Days off that were planned, in order.
    pub leave: Vec<Day>,
    /// Where errands of telework days lead, 5 to 20 km from home.
    pub errands: Vec<Spot>,
    /// Where one more errand of each telework day leads, in a world with rebound.
    pub rebounds: Vec<Spot>,
}

impl Working {
    /// Nine to six, and one day in twenty off.
    pub(crate) fn plain() -> Self {
        Self {
            roster: None,
            unplanned_off: 0.05,
            leave: Vec::new(),
            errands: Vec::new(),
            rebounds: Vec::new(),
        }
    }
}

/// A person with all plans.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub index: u32,
    /// Index of the first of those who share these plans.
    pub leader: u32,
    pub persona: Persona,
    pub regime: Option<Regime>,
    /// One home, or two in order for somebody who moves. A visitor from abroad has the airports.
    pub homes: Vec<Home>,
    pub second: Option<Spot>,
    pub work: Option<Spot>,
    /// Share of working days spent working at home.
    pub telework_share: f64,
    pub working: Working,
    /// In order, never overlapping; one may start on the day the one before ends.
    pub spells: Vec<Spell>,
    /// What the panel knows of the person; plain lives are not asked.
    pub citizen: Option<Citizen>,
    /// The phones that the partner sees.
    pub phones: Vec<Carried>,
    /// Whether the diary is written.
    pub keeps_diary: bool,
}

/// Where somebody is at four in the morning.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Base<'p> {
    Home(&'p Home),
    Away(&'p Spell),
    /// At work through the night.
    OnDuty(Spot),
}

impl Base<'_> {
    pub(crate) fn spot(self) -> Spot {
        match self {
            Self::Home(home) => home.spot,
            Self::Away(spell) => spell.bed,
            Self::OnDuty(work) => work,
        }
    }
}

impl Person {
    /// The home of a day.
    pub(crate) fn home(&self, day: Day) -> &Home {
        let later = self.homes.partition_point(|home| home.from <= day);
        &self.homes[later.saturating_sub(1)]
    }

    /// The municipality of the home of a day, for who lives in the country.
    pub(crate) fn home_at(&self, day: Day) -> Option<MunicipalityCode> {
        self.is_domestic().then(|| self.home(day).spot.town)
    }

    /// Where the night that starts on the evening of `day` is spent.
    pub(crate) fn base(&self, day: Day) -> Base<'_> {
        match (self.spell(day), self.shift(day), self.work) {
            (Some(spell), ..) if day < spell.until => Base::Away(spell),
            (_, Some(Shift::Night), Some(work)) => Base::OnDuty(work),
            _ => Base::Home(self.home(day)),
        }
    }

    /// The shift that starts on a day; `None` for who has no roster.
    pub(crate) fn shift(&self, day: Day) -> Option<Shift> {
        let roster = self.working.roster?;
        Some(if self.is_on_leave(day) { Shift::Off } else { roster.shift(day) })
    }

    /// Whether a day off was planned.
    pub(crate) fn is_on_leave(&self, day: Day) -> bool {
        self.working.leave.binary_search(&day).is_ok()
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

    /// Whether the person lives in the country.
    pub(crate) fn is_domestic(&self) -> bool {
        self.persona != Persona::FromAbroad
    }

    /// The first and last day in the country, for a visitor from abroad.
    pub(crate) fn visit(&self) -> Option<(Day, Day)> {
        let spells = (self.spells.first(), self.spells.last());
        let (Some(first), Some(last)) = spells else { return None };
        (!self.is_domestic()).then_some((first.from, last.until))
    }

    /// Whether the person is away for months with the phone off.
    pub(crate) fn is_out_of_touch(&self, day: Day) -> bool {
        matches!(self.base(day), Base::Away(spell) if spell.aim == Aim::Absence)
    }
}

/// Draws all people of a world.
///
/// # Errors
/// [`SimulateError::Kind`] when the world asks for a kind that nobody knows.
pub(crate) fn people(world: &World, land: &Land) -> Result<Vec<Person>, SimulateError> {
    let shares = persona::shares(world)?;
    match world.lives {
        Lives::Plain => {
            let draw = |index| draw::person(world, land, index, persona::persona(&shares, index));
            Ok((0..world.devices).into_par_iter().map(draw).collect())
        }
        Lives::Real => Ok(real::people(world, land, &shares)),
    }
}

#[cfg(test)]
#[path = "people_tests.rs"]
mod tests;
