//! Age and sex: what a panel's ownership goes by, and what a kind of life asks for.
//!
//! In: a persona. Out: a class of ages and a sex that suit it. Shares of ages are those of Japan's people of 15
//! and older in the 2020 census, roughly; how much oftener the young are in a panel is a model.

use kayoi_schemas::person::{AgeClass, Sex};
use rand::rngs::SmallRng;

use crate::people::Persona;
use crate::random::{chance, running_sums, weighted};

/// Shares of all who are 15 or older, by class of ages.
const SHARES: [f64; AgeClass::ALL.len()] = [0.17, 0.20, 0.17, 0.14, 0.32];

/// What a panel could ask somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Citizen {
    pub age: AgeClass,
    pub sex: Sex,
}

impl Citizen {
    /// How often such people are in the panel, beside the mean of all.
    pub(super) fn ownership(self) -> f64 {
        let of_age = match self.age {
            AgeClass::To29 => 1.25,
            AgeClass::To44 => 1.3,
            AgeClass::To54 => 1.15,
            AgeClass::To64 => 0.95,
            AgeClass::From65 => 0.6,
        };
        let of_sex = match self.sex {
            Sex::Male => 1.05,
            Sex::Female => 0.95,
        };
        of_age * of_sex
    }

    pub(super) fn draw(rng: &mut SmallRng, persona: Persona) -> Self {
        let suits = |age: AgeClass| match persona {
            Persona::Student => age == AgeClass::To29,
            Persona::Birth => matches!(age, AgeClass::To29 | AgeClass::To44),
            Persona::Commuter
            | Persona::ShiftWorker
            | Persona::RotatingShifts
            | Persona::NightWorker
            | Persona::Posted
            | Persona::Driver
            | Persona::Crew
            | Persona::Business
            | Persona::Satellite
            | Persona::OfficeNeighbour => age != AgeClass::From65,
            _ => true,
        };
        let weights = AgeClass::ALL.iter().zip(SHARES);
        let sums = running_sums(weights.map(|(age, share)| if suits(*age) { share } else { 0.0 }));
        let age = weighted(rng, &sums).map_or(AgeClass::To29, |index| AgeClass::ALL[index]);
        let sex = if persona == Persona::Birth || chance(rng, 0.5) { Sex::Female } else { Sex::Male };
        Self { age, sex }
    }
}
