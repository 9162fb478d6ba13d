//! Nights → residences: where a device lives in a month, one place or several.
//!
//! In: the ledger of a device's nights. Out: for a month the primary residence and any second ones. The
//! primary one is where most nights of the year are slept, unless the device moved away from it. A second one
//! has a month's worth of nights in the year, in many months or in one long run (the two operational rules of
//! 二地域居住), far enough away, and the device must have come back: nights that a single change from one
//! place to the other explains are moving house. Nights are expected nights, with every unknown night in
//! them, so silence is missing and not absence.

use kayoi_schemas::definition::Thresholds;
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::{Day, Month};

pub mod ledger;
mod regime;

pub use ledger::Ledger;
pub use regime::Regime;
use regime::Rhythm;

/// A place where a device lives in a month.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Residence<P = MunicipalityCode> {
    /// The place: a municipality, but a labelled place in the comparison with other people's data.
    pub municipality: P,
    /// How the device uses it: as its primary residence, or in which rhythm.
    pub regime: Regime,
    /// Known nights there in the window of 12 months.
    pub nights_observed: u32,
    /// Nights expected there, those that are not known included.
    pub nights_estimated: f64,
    /// Known nights anywhere in the window.
    pub nights_known: u32,
}

/// The window that belongs to a month: the 12 months that end with it.
pub fn window(month: Month) -> (Day, Day) {
    (month.plus(-11).first_day(), month.last_day())
}

/// Least share of observed nights among those expected at a second residence, by the primary one's.
const OBSERVED_SHARE: f64 = 0.3;
/// Places with this share of the most nights are as good for the primary residence: one of two even homes is
/// primary, and stays it.
const NEARLY_EVEN: f64 = 0.9;

/// The residences in a month, primary first; empty when the device cannot be located. `apart_km` is between
/// places.
pub fn residences<P: Ord + Copy>(
    ledger: &Ledger<P>,
    month: Month,
    thresholds: &Thresholds,
    apart_km: &dyn Fn(P, P) -> f64,
) -> Vec<Residence<P>> {
    let (first, last) = window(month);
    let recent = last.plus(1 - thresholds.home_window_days.get());
    // Without enough known nights lately nobody can say where the device lives now, however well its past is
    // known.
    if (ledger.known(recent, last).count() as u32) < thresholds.home_min_nights.get() {
        return Vec::new();
    }
    let Some(primary) = primary(ledger, (first, recent, last), thresholds) else { return Vec::new() };
    let known = ledger.known(first, last);
    let nights_known = known.clone().count() as u32;
    let residence = |place, regime| Residence {
        municipality: place,
        regime,
        nights_observed: known.clone().filter(|(_, slept)| *slept == place).count() as u32,
        nights_estimated: ledger.nights(place, first, last),
        nights_known,
    };
    let mut seconds: Vec<Residence<P>> = ledger
        .places()
        .filter(|place| *place != primary)
        .filter(|place| {
            ledger.nights(*place, first, last) >= f64::from(thresholds.second_residence_min_nights)
        })
        // Someone who works late in a town need not sleep there: nights at a real bed are observed about as
        // often as at the primary one; where they hardly ever are, they are guesses.
        .filter(|place| {
            let share = |place: P| {
                f64::from(ledger.observed(place, first, last)) / ledger.nights(place, first, last).max(1.0)
            };
            share(*place) >= OBSERVED_SHARE * share(primary)
        })
        // Nearer than an outing from home is still home; the definition names the precedent.
        .filter(|place| apart_km(primary, *place) >= thresholds.second_residence_min_km.get())
        // A house that was left for good is the old home, not a second one.
        .filter(|place| {
            ledger.nights_after_return(primary, *place, last)
                >= f64::from(thresholds.second_residence_min_return_nights)
        })
        .filter_map(|place| {
            let months = (month.0 - 11..=month.0).map(Month);
            // Months go by expected nights, so that a silent month does not end a regular use; the rhythm
            // goes by known nights, which alone have one date and one place.
            let with_nights = months.filter(|m| ledger.nights(place, m.first_day(), m.last_day()) >= 1.0);
            let regime = Rhythm::of(known.clone(), &place).regime(
                with_nights.count() as u32,
                thresholds.second_residence_min_months.get(),
                thresholds.second_residence_run_nights.get(),
            );
            Some(residence(place, regime?))
        })
        .collect();
    // The order decides the rank in `residences`, so ties must not depend on anything else.
    seconds.sort_by(|a, b| {
        b.nights_estimated.total_cmp(&a.nights_estimated).then(a.municipality.cmp(&b.municipality))
    });
    let mut all = vec![residence(primary, Regime::Primary)];
    all.append(&mut seconds);
    all
}

/// The place where most nights of the year were slept; or where most of the recent ones were, when the device
/// has left the former and not come back, or was hardly there lately. Of nearly equal places the lowest is
/// taken.
fn primary<P: Ord + Copy>(
    ledger: &Ledger<P>,
    (first, recent, last): (Day, Day, Day),
    thresholds: &Thresholds,
) -> Option<P> {
    let most = |from: Day| {
        let counted = ledger.places().map(|place| (ledger.nights(place, from, last), place));
        counted.reduce(|best, next| if next.0 > best.0 { next } else { best })
    };
    let (greatest, _) = most(first)?;
    // The first of the nearly even ones: otherwise the primary home would flip from month to month by a night
    // or two.
    let of_year =
        ledger.places().find(|place| ledger.nights(*place, first, last) >= NEARLY_EVEN * greatest)?;
    let (lately, of_late) = most(recent)?;
    if of_late == of_year {
        return Some(of_year);
    }
    let came_back = ledger.nights_after_return(of_year, of_late, last);
    let is_gone = ledger.nights(of_year, recent, last) < 1.0;
    let has_moved = came_back < f64::from(thresholds.second_residence_min_return_nights) || is_gone;
    Some(if has_moved && lately >= 1.0 { of_late } else { of_year })
}

#[cfg(test)]
#[path = "residences_tests.rs"]
mod tests;
