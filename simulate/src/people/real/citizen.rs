//! Age and sex: what a panel's ownership goes by, and what a kind of life asks for.
//!
//! In: a persona. Out: an age band and a sex that suit it. Shares of ages are those of Japan's people of 15
//! and older in the 2020 census, roughly; how much oftener the young are in a panel is a model.

use rand::rngs::SmallRng;

use crate::people::Persona;
use crate::random::{chance, running_sums, weighted};

/// Years of age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum AgeBand {
    To29,
    To44,
    To54,
    To64,
    From65,
}

impl AgeBand {
    const ALL: [Self; 5] = [Self::To29, Self::To44, Self::To54, Self::To64, Self::From65];
    /// Shares of all who are 15 or older.
    const SHARES: [f64; 5] = [0.17, 0.20, 0.17, 0.14, 0.32];

    /// The word in the truth.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::To29 => "15-29",
            Self::To44 => "30-44",
            Self::To54 => "45-54",
            Self::To64 => "55-64",
            Self::From65 => "65+",
        }
    }

    /// How often people of the age are in the panel, beside the mean of all.
    pub(super) fn ownership(self) -> f64 {
        match self {
            Self::To29 => 1.25,
            Self::To44 => 1.3,
            Self::To54 => 1.15,
            Self::To64 => 0.95,
            Self::From65 => 0.6,
        }
    }
}

/// As the register has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sex {
    Male,
    Female,
}

impl Sex {
    /// The word in the truth.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Male => "male",
            Self::Female => "female",
        }
    }

    /// How often people of the sex are in the panel, beside the mean of all.
    pub(super) fn ownership(self) -> f64 {
        match self {
            Self::Male => 1.05,
            Self::Female => 0.95,
        }
    }
}

/// What a panel could ask somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Citizen {
    pub age: AgeBand,
    pub sex: Sex,
}

impl Citizen {
    pub(super) fn draw(rng: &mut SmallRng, persona: Persona) -> Self {
        let suits = |age: AgeBand| match persona {
            Persona::Student => age == AgeBand::To29,
            Persona::Birth => matches!(age, AgeBand::To29 | AgeBand::To44),
            Persona::Commuter
            | Persona::ShiftWorker
            | Persona::RotatingShifts
            | Persona::NightWorker
            | Persona::Posted
            | Persona::Driver
            | Persona::Crew
            | Persona::Business
            | Persona::Satellite
            | Persona::OfficeNeighbour => age != AgeBand::From65,
            _ => true,
        };
        let weights = AgeBand::ALL.iter().zip(AgeBand::SHARES);
        let sums = running_sums(weights.map(|(age, share)| if suits(*age) { share } else { 0.0 }));
        let age = weighted(rng, &sums).map_or(AgeBand::To29, |index| AgeBand::ALL[index]);
        let sex = if persona == Persona::Birth || chance(rng, 0.5) { Sex::Female } else { Sex::Male };
        Self { age, sex }
    }
}
