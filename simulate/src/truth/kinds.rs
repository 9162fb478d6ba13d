//! What kind a true tie is.
//!
//! In: a person's plans and what the visits count to. Out: the strongest kind. Trips and seasons are told by the aim
//! of the plans, which no observer sees; business by coming again besides, since one trip is no tie. An office is told
//! by the desk, whatever brought the person to it. Workation, connected and repeat go by the definition's own counts.

use kayoi_schemas::definition::Thresholds;
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::tie::TieKind;
use kayoi_schemas::time::Day;

use super::offices::OfficeList;
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
    (window, town): (Window, MunicipalityCode),
    (limits, offices): (&Thresholds, &OfficeList),
    counts: Counts,
) -> TieKind {
    if counts.is_long_stay {
        return TieKind::LongStay;
    }
    let there = || person.spells.iter().filter(|spell| spell.bed.town == town);
    let comes_again = i64::from(counts.visits) >= i64::from(limits.repeat_min_visits.get());
    let planned = there().filter_map(|spell| planned_kind(spell, window, comes_again)).min();
    let at_desks: usize = there().map(|spell| office_days(spell, window, offices)).sum();
    let works_there = at_desks as u32 >= limits.workation_min_days.get();
    let at_an_office = works_there.then_some(TieKind::SatelliteOffice);
    let counted = counted_kind(limits, counts);
    planned.into_iter().chain(at_an_office).fold(counted, TieKind::min)
}

/// Working days of a spell at a desk in an office, within the window. Who has the bed there is at home, or a guest.
fn office_days(spell: &Spell, window: Window, offices: &OfficeList) -> usize {
    let has_desk = matches!(spell.aim, Aim::SatelliteOffice | Aim::Workation | Aim::Project);
    if !has_desk || spell.desk == spell.bed || !offices.has(spell.desk) {
        return 0;
    }
    let (first, last) = (spell.from.max(window.from), spell.until.min(window.until));
    (first.0..=last.0).map(Day).filter(|day| day.is_working_day()).count()
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
fn planned_kind(spell: &Spell, window: Window, comes_again: bool) -> Option<TieKind> {
    let days = spell.from <= window.until && spell.until >= window.from;
    // The night of the last evening is slept elsewhere.
    let nights = spell.from <= window.until && spell.until > window.from && spell.from < spell.until;
    match spell.aim {
        Aim::Business if days && comes_again => Some(TieKind::Business),
        Aim::Road if nights => Some(TieKind::Itinerant),
        Aim::SeasonalWork if days => Some(TieKind::SeasonalWorker),
        _ => None,
    }
}

#[cfg(test)]
#[path = "kinds_tests.rs"]
mod tests;
