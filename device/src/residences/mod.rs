//! Nights → residences: where a device lives in a month, one place or several.
//!
//! In: the ledger of a device's nights. Out: for a month the primary residence and any second ones. The
//! primary one is where most nights of the year are slept, unless the device moved away from it. A second one
//! has a month's worth of nights in the year, in many months or in one long run (the two operational rules of
//! 二地域居住), far enough away, and the device must have come back: nights that a single change from one
//! place to the other explains are moving house, and one long run of nights without a return is a long stay, in
//! a hospital or for a birth. Nights are expected nights, with every unknown night in them, so silence is
//! missing and not absence; but a long silence is nobody's, and what is asked for shrinks with it. However
//! many nights are expected, a residence has some that are known.

use kayoi_schemas::definition::Thresholds;
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::{Day, Month};

pub mod ledger;
mod regime;
mod seen;

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

/// Least share of observed nights among those expected at a second residence, by the primary one's; and of days seen in
/// the small hours among days seen.
const OBSERVED_SHARE: f64 = 0.3;
/// A phone that shows fewer of its nights at home than this is asleep by night, and says little by showing none.
const SLEEPING_PHONE: f64 = 0.1;
/// A share as low as that is chance when so few, or fewer, are as probable as this.
const CHANCE: f64 = 0.05;
/// The least part of the covered year that a device is asked for, however short it was seen: that of the year's panel.
const LEAST_PART: f64 = 0.75;
/// Nights of a year, for what a definition asks of one.
const YEAR_NIGHTS: f64 = 365.0;
/// Months with nights that a regular second residence has at least, however short the lake.
const LEAST_MONTHS: u32 = 3;
/// Places with this share of the most nights are as good for the primary residence: one of two even homes is
/// primary, and stays it.
const NEARLY_EVEN: f64 = 0.9;

/// The residences in a month, primary first; empty when the device cannot be located. `lake_part` is the part of the
/// year to the month's end that the lake covers, `apart_km` is between places.
pub fn residences<P: Ord + Copy>(
    ledger: &Ledger<P>,
    (month, lake_part): (Month, f64),
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
    let known = ledger.known(first, last);
    let known_at = |place: P| known.clone().filter(|(_, slept)| *slept == place).count() as u32;
    let least_known = thresholds.residence_min_known_nights.get();
    let Some(Primary { place: primary, left }) = primary(ledger, (first, recent, last), thresholds) else {
        return Vec::new();
    };
    if known_at(primary) < least_known {
        return Vec::new();
    }
    let nights_known = known.clone().count() as u32;
    let residence = |place, regime| Residence {
        municipality: place,
        regime,
        nights_observed: known_at(place),
        nights_estimated: ledger.nights(place, first, last),
        nights_known,
    };
    // A device that could be seen for a part of the time only is asked for that part.
    let part = (f64::from(ledger.covered(first, last)) / YEAR_NIGHTS).clamp(LEAST_PART * lake_part, 1.0);
    let least_nights = f64::from(thresholds.second_residence_min_nights) * part;
    let least_months = (f64::from(thresholds.second_residence_min_months) * part).ceil() as u32;
    let mut seconds: Vec<Residence<P>> = ledger
        .places()
        .filter(|place| *place != primary && Some(*place) != left)
        .filter(|place| ledger.nights(*place, first, last) >= least_nights && known_at(*place) >= least_known)
        .filter(|place| !is_rarely_observed(ledger, (primary, *place), (first, last)))
        .filter(|place| !is_worked_in(ledger, (primary, *place), (first, last)))
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
            let rhythm = Rhythm::of(known.clone(), &place);
            let regime = rhythm.regime(
                with_nights.count() as u32,
                least_months.max(LEAST_MONTHS),
                thresholds.second_residence_run_nights.get(),
            )?;
            // A season before which little is known looks like a home that was left.
            if regime != Regime::Seasonal && is_former_home(ledger, (primary, place), last) {
                return None;
            }
            let ever = ledger.known(ledger.first(), last).filter(|(_, slept)| *slept == place);
            let days = thresholds.long_stay_return_days.get();
            let returns = || rhythm.has_return(ever.map(|(night, _)| night), days);
            let is_long_stay = regime == Regime::Seasonal && !returns();
            Some(residence(place, if is_long_stay { Regime::LongStay } else { regime }))
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

/// Whether nights at a place are guesses. Someone who works late in a town need not sleep there: nights at a real
/// bed are observed about as often as at the primary one, but for chance (Poisson).
fn is_rarely_observed<P: Ord + Copy>(
    ledger: &Ledger<P>,
    (primary, place): (P, P),
    (first, last): (Day, Day),
) -> bool {
    let nights = |place: P| ledger.nights(place, first, last).max(1.0);
    let of_primary = f64::from(ledger.observed(primary, first, last)) / nights(primary);
    let least = OBSERVED_SHARE * of_primary * nights(place);
    let observed = ledger.observed(place, first, last);
    f64::from(observed) < least && (of_primary >= SLEEPING_PHONE || poisson_at_most(observed, least) < CHANCE)
}

/// Whether a place is worked in and not lived in: seen there by day, and far less often in the small hours than at
/// the primary residence.
fn is_worked_in<P: Ord + Copy>(
    ledger: &Ledger<P>,
    (primary, place): (P, P),
    (first, last): (Day, Day),
) -> bool {
    let home = ledger.days_seen(primary, first, last);
    let there = ledger.days_seen(place, first, last);
    let of_primary = f64::from(home.small_hours) / f64::from(home.all.max(1));
    let least = OBSERVED_SHARE * of_primary * f64::from(there.all);
    f64::from(there.small_hours) < least && poisson_at_most(there.small_hours, least) < CHANCE
}

/// Probability that a Poisson number of a mean is at most `count`.
fn poisson_at_most(count: u32, mean: f64) -> f64 {
    let mut term = (-mean).exp();
    let mut sum = term;
    for number in 1..=count {
        term *= mean / f64::from(number);
        sum += term;
    }
    sum
}

/// The primary residence, and the one that was left for it.
struct Primary<P> {
    place: P,
    left: Option<P>,
}

/// Days without a night at a place after which it may have been left; a place from which the device was away for
/// longer before is not left until it is away for twice as long.
const LEFT_DAYS: i32 = 30;
/// Nights at a place that was left, by those at the primary residence until then, from which it was a home like it.
const FORMER_HOME_SHARE: f64 = 0.7;
/// Nights at the other place before that, from which it was lived in already; with fewer it may be a season.
const LIVED_IN_NIGHTS: f64 = 15.0;

/// The place where most nights of the year were slept; or where most of the recent ones were, when the device
/// has left the former and not come back, or was hardly there lately. Of nearly equal places the lowest is
/// taken.
fn primary<P: Ord + Copy>(
    ledger: &Ledger<P>,
    (first, recent, last): (Day, Day, Day),
    thresholds: &Thresholds,
) -> Option<Primary<P>> {
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
    let stays = Primary { place: of_year, left: None };
    if of_late == of_year || lately < 1.0 {
        return Some(stays);
    }
    let came_back = ledger.nights_after_return(of_year, of_late, last);
    if came_back < f64::from(thresholds.second_residence_min_return_nights) {
        return Some(Primary { place: of_late, left: None });
    }
    // Somebody with two residences who gives one up: there is no single change from the old home to the new one,
    // but an absence such as there was none before.
    let is_gone =
        ledger.nights(of_year, recent, last) < 1.0 || has_left(ledger, (of_year, of_late), (first, last));
    Some(if is_gone { Primary { place: of_late, left: Some(of_year) } } else { stays })
}

/// Whether a place was the primary residence until the device left it for good: somebody with two homes who moves to
/// one of them, or to a third place, has left the other.
fn is_former_home<P: Ord + Copy>(ledger: &Ledger<P>, (primary, place): (P, P), last: Day) -> bool {
    // From the first night on: of a season at the beginning of the window one would see no night at home before it.
    let first = ledger.first();
    let Some((until, _)) = ledger.known(first, last).filter(|(_, slept)| *slept == place).last() else {
        return false;
    };
    ledger.nights(place, first, until) >= FORMER_HOME_SHARE * ledger.nights(primary, first, until)
        && has_left(ledger, (place, primary), (first, last))
}

/// Whether known nights elsewhere have followed the last one at a place for longer than the device was ever away
/// from it, while it lives at another place where it lived before.
fn has_left<P: Ord + Copy>(ledger: &Ledger<P>, (place, other): (P, P), (first, last): (Day, Day)) -> bool {
    let mut longest_away = 0;
    let mut there: Option<Day> = None;
    let mut latest_elsewhere = None;
    for (night, slept) in ledger.known(first, last) {
        if slept == place {
            let before = there.map_or(night.0 - first.0, |before| night.0 - before.0 - 1);
            longest_away = longest_away.max(before);
            there = Some(night);
        } else {
            latest_elsewhere = Some(night);
        }
    }
    let (Some(there), Some(elsewhere)) = (there, latest_elsewhere) else { return false };
    elsewhere.0 - there.0 > LEFT_DAYS.max(2 * longest_away)
        && ledger.nights(other, first, there) >= LIVED_IN_NIGHTS
}

#[cfg(test)]
#[path = "residences_tests.rs"]
mod tests;
