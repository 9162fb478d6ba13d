//! What kind a true tie is.
//!
//! In: a person's plans and what the visits count to. Out: the strongest kind. Offices, trips and seasons are
//! told by the aim of the plans, which no observer sees; workation, connected and repeat by the definition's
//! own counts.

use kayoi_schemas::definition::Thresholds;
use kayoi_schemas::ids::MunicipalityCode;

use super::rules::Window;
use crate::people::{Aim, Person, Spell};

/// Kinds of tie, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    SeasonalWorker,
    DualResident,
    SatelliteOffice,
    Itinerant,
    Workation,
    Business,
    Connected,
    Repeat,
    OneOff,
}

/// What the definition counts of a tie.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counts {
    pub visits: i32,
    pub quarters: i32,
    pub is_dual_resident: bool,
    pub is_workation: bool,
}

impl Kind {
    /// The word in the truth, the same as in `ties.kind` of the lake.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::DualResident => "dual_resident",
            Self::Workation => "workation",
            Self::SatelliteOffice => "satellite_office",
            Self::Business => "business",
            Self::Itinerant => "itinerant",
            Self::SeasonalWorker => "seasonal_worker",
            Self::Connected => "connected",
            Self::Repeat => "repeat",
            Self::OneOff => "one_off",
        }
    }

    /// The strongest kind of a person's tie with a town within a window.
    pub(super) fn strongest(
        person: &Person,
        window: Window,
        town: MunicipalityCode,
        limits: &Thresholds,
        counts: Counts,
    ) -> Self {
        let there = person.spells.iter().filter(|spell| spell.bed.town == town);
        let planned = there.filter_map(|spell| Self::planned(spell, window)).min();
        let counted = Self::counted(limits, counts);
        planned.map_or(counted, |planned| planned.min(counted))
    }

    /// By the definition's counts alone.
    fn counted(limits: &Thresholds, counts: Counts) -> Self {
        let visits = f64::from(counts.visits);
        let quarters = f64::from(counts.quarters);
        match counts {
            Counts { is_dual_resident: true, .. } => Self::DualResident,
            Counts { is_workation: true, .. } => Self::Workation,
            _ if visits >= limits.connected_min_visits && quarters >= limits.connected_min_quarters => {
                Self::Connected
            }
            _ if visits >= limits.repeat_min_visits => Self::Repeat,
            _ => Self::OneOff,
        }
    }

    /// By the aim of a spell that reaches into the window.
    fn planned(spell: &Spell, window: Window) -> Option<Self> {
        let days = spell.from <= window.until && spell.until >= window.from;
        // The night of the last evening is slept elsewhere.
        let nights = spell.from <= window.until && spell.until > window.from && spell.from < spell.until;
        match spell.aim {
            Aim::SatelliteOffice if days => Some(Self::SatelliteOffice),
            Aim::Business if days => Some(Self::Business),
            Aim::Road if nights => Some(Self::Itinerant),
            Aim::SeasonalWork if days => Some(Self::SeasonalWorker),
            _ => None,
        }
    }
}

#[cfg(test)]
#[path = "kinds_tests.rs"]
mod tests;
