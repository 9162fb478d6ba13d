//! What kind a true tie is.
//!
//! In: a person's plans and what the visits count to. Out: the strongest kind. Offices, trips and seasons are
//! told by the aim of the plans, which no observer sees; workation, connected and repeat by the definition's
//! own counts.

use kayoi_schemas::definition::Thresholds;
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::tie::TieKind;

use super::window::Window;
use crate::people::{Aim, Person, Spell};

/// What the definition counts of a tie.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counts {
    pub visits: i32,
    pub quarters: i32,
    pub is_dual_resident: bool,
    pub is_workation: bool,
    pub is_long_stay: bool,
}

/// The strongest kind of a person's tie with a town within a window.
pub(super) fn strongest(
    person: &Person,
    window: Window,
    town: MunicipalityCode,
    limits: &Thresholds,
    counts: Counts,
) -> TieKind {
    if counts.is_long_stay {
        return TieKind::LongStay;
    }
    let there = person.spells.iter().filter(|spell| spell.bed.town == town);
    let planned = there.filter_map(|spell| planned_kind(spell, window)).min();
    let counted = counted_kind(limits, counts);
    planned.map_or(counted, |planned| planned.min(counted))
}

/// By the definition's counts alone.
fn counted_kind(limits: &Thresholds, counts: Counts) -> TieKind {
    let visits = i64::from(counts.visits);
    let quarters = i64::from(counts.quarters);
    match counts {
        Counts { is_dual_resident: true, .. } => TieKind::DualResident,
        Counts { is_workation: true, .. } => TieKind::Workation,
        _ if visits >= i64::from(limits.connected_min_visits.get())
            && quarters >= i64::from(limits.connected_min_quarters.get()) =>
        {
            TieKind::Connected
        }
        _ if visits >= i64::from(limits.repeat_min_visits.get()) => TieKind::Repeat,
        _ => TieKind::OneOff,
    }
}

/// By the aim of a spell that reaches into the window.
fn planned_kind(spell: &Spell, window: Window) -> Option<TieKind> {
    let days = spell.from <= window.until && spell.until >= window.from;
    // The night of the last evening is slept elsewhere.
    let nights = spell.from <= window.until && spell.until > window.from && spell.from < spell.until;
    match spell.aim {
        Aim::SatelliteOffice if days => Some(TieKind::SatelliteOffice),
        Aim::Business if days => Some(TieKind::Business),
        Aim::Road if nights => Some(TieKind::Itinerant),
        Aim::SeasonalWork if days => Some(TieKind::SeasonalWorker),
        _ => None,
    }
}

#[cfg(test)]
#[path = "kinds_tests.rs"]
mod tests;
