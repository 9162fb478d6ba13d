//! Stays and fixes → nights: the municipality where a device slept on the evening of a date.
//!
//! In: stays and fixes of one device. Out: a night for each evening from its first to its last day. The night
//! window runs over midnight and belongs to the evening's date, so a night in two pieces is one night. A
//! night is *observed* when a stay of the definition's least minutes lies in the window: the municipality
//! with most minutes, the core hours counted twice. Phones sleep too, so most nights of a sparse phone are
//! not observed; such a night is *inferred* when what was seen before and after leaves one bed with the
//! definition's least probability ([`chain`]), and otherwise it is unknown, with a reason.

use std::collections::BTreeMap;

use kayoi_schemas::definition::Thresholds;
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::{Day, DayRule, Span};

use crate::fix::Fix;
use crate::night_work::NightWork;
use crate::settled::{Settled, SettledStay};
use crate::window::{NightHours, night_window};

pub mod sightings;
mod local;
pub mod evidence;
mod habits;
pub mod chain;

use evidence::{Beds, NightEvidence};
use sightings::{Place, Sighting, sightings};

/// Least probability of a bed that is more likely than not.
pub(crate) const LIKELY: f64 = 0.5;

/// Where a night was slept, or why that is not known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Slept {
    /// In this municipality, where a stay was observed.
    Observed(MunicipalityCode),
    /// In this municipality, by what was seen before and after.
    Inferred(MunicipalityCode),
    /// A stay in no municipality (at sea, abroad) was observed.
    Outside,
    /// Seen in the window, on the move only.
    InTransit,
    /// Seen around the night, but more than one bed is possible.
    Uncertain,
    /// Not seen on the days around the night, and more than one bed is possible.
    Silent,
}

impl Slept {
    /// The word in `nights.status`.
    pub fn status(self) -> &'static str {
        match self {
            Self::Observed(_) => "observed",
            Self::Inferred(_) => "inferred",
            Self::Outside => "outside",
            Self::InTransit => "in_transit",
            Self::Uncertain => "uncertain",
            Self::Silent => "silent",
        }
    }

    /// The municipality, when it is known.
    pub fn municipality(self) -> Option<MunicipalityCode> {
        match self {
            Self::Observed(code) | Self::Inferred(code) => Some(code),
            _ => None,
        }
    }
}

/// A night of one device.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Night {
    /// The evening's date.
    pub night: Day,
    /// Where the device slept, as far as that is known.
    pub slept: Slept,
    /// Minutes of stay in the night window, at the municipality with most of them.
    pub minutes: f32,
    /// Probability of the municipality that is given, or else of the most probable one; 0 when there is none.
    pub probability: f32,
}

/// All nights of a device, and how probable each bed was.
#[derive(Debug, Clone, Default)]
pub struct Nights {
    /// One for each evening from the first day to the last, by date.
    pub nights: Vec<Night>,
    /// Municipalities the device was seen in, ascending; [`Place`] is an index into it.
    pub places: Vec<MunicipalityCode>,
    /// How probable each bed was, one entry for each of `nights`.
    pub beds: Vec<Beds>,
    /// The hours in which it was seen in a municipality, by time.
    pub sightings: Vec<Sighting>,
}

impl Nights {
    /// The nights whose municipality is known, with their dates.
    pub fn known(&self) -> impl Iterator<Item = (Day, MunicipalityCode)> + '_ {
        self.nights.iter().filter_map(|night| Some((night.night, night.slept.municipality()?)))
    }

    /// The nights with a bed that is more likely than not, known or not.
    pub(crate) fn likely(&self) -> impl Iterator<Item = (Day, MunicipalityCode)> + '_ {
        let nights = self.nights.iter().zip(&self.beds);
        nights.filter_map(|(night, beds)| {
            let (place, share) = beds.best()?;
            Some((night.night, self.code(place).filter(|_| share >= LIKELY)?))
        })
    }

    /// The municipality of a place.
    pub(crate) fn code(&self, place: Place) -> Option<MunicipalityCode> {
        self.places.get(usize::from(place.0)).copied()
    }
}

/// A function that gives the kilometres between two municipalities.
pub(crate) type ApartKm<'a> = &'a dyn Fn(MunicipalityCode, MunicipalityCode) -> f64;

/// The nights of one device. What was seen at a workplace of the night says nothing of its bed.
pub(crate) fn nights(
    settled: &Settled,
    night_work: &NightWork,
    thresholds: &Thresholds,
    rule: DayRule,
    apart_km: ApartKm,
) -> Nights {
    let at_rest = night_work.without(settled, rule);
    let (stays, fixes) = (at_rest.stays(), at_rest.fixes());
    let (places, sightings) = sightings(fixes, rule);
    let windows = windows(stays, fixes, thresholds, rule);
    let place = |code: &MunicipalityCode| places.binary_search(code).ok().map(|index| Place(index as u16));
    let observed: Vec<(Day, Place)> = windows
        .iter()
        .filter(|(_, window)| f64::from(window.minutes) >= thresholds.overnight_min_minutes.get())
        .filter_map(|(day, window)| Some((*day, place(&window.municipality?)?)))
        .collect();
    // The chain knows places by number alone, so it runs on anybody's labelled places as well.
    let (first, beds) = {
        let apart = |a: Place, b: Place| apart_km(places[usize::from(a.0)], places[usize::from(b.0)]);
        let apart_km = memory(places.len(), &apart);
        let hours = NightHours::of(thresholds);
        chain::beds(&NightEvidence {
            sightings: &sightings,
            observed: &observed,
            place_count: places.len(),
            apart_km: &apart_km,
            hours,
            silence_max_days: thresholds.silence_max_days.get(),
        })
    };
    // The chain begins and ends with sightings in a municipality. Days at sea or abroad before the first
    // sighting and after the last one are nights too.
    let fixes = settled.fixes();
    let days = fixes.first().zip(fixes.last()).map(|(a, b)| rule.day(a.instant).0..=rule.day(b.instant).0);
    let bed = |day: i32| usize::try_from(day - first.0).ok().and_then(|n| beds.get(n)).copied();
    let beds: Vec<Beds> =
        days.clone().into_iter().flatten().map(|day| bed(day).unwrap_or(Beds::UNSEEN)).collect();
    let nights = days.into_iter().flatten().zip(&beds);
    let nights = nights
        .map(|(day, beds)| decide(Day(day), windows.get(&Day(day)), beds, &places, thresholds))
        .collect();
    Nights { nights, places, beds, sightings }
}

/// A distance that is looked up once for each pair of places: the chain asks for it at every sighting.
fn memory<'a>(
    place_count: usize,
    apart_km: &'a dyn Fn(Place, Place) -> f64,
) -> impl Fn(Place, Place) -> f64 + 'a {
    let known = std::cell::RefCell::new(vec![f32::NAN; place_count * place_count]);
    move |a, b| {
        let index = usize::from(a.0) * place_count + usize::from(b.0);
        let mut known = known.borrow_mut();
        if known[index].is_nan() {
            known[index] = apart_km(a, b) as f32;
        }
        f64::from(known[index])
    }
}

/// What was observed in a night window.
#[derive(Debug, Clone, Copy, Default)]
struct Window {
    /// The place with most weighted minutes; `None`: in no municipality, or no stay.
    municipality: Option<MunicipalityCode>,
    minutes: f32,
}

/// The windows with a fix or a stay.
fn windows(
    stays: &[SettledStay],
    fixes: &[Fix],
    thresholds: &Thresholds,
    rule: DayRule,
) -> BTreeMap<Day, Window> {
    let mut windows: BTreeMap<Day, Window> = BTreeMap::new();
    for fix in fixes {
        // Local day of the fix and the one before: the two evenings whose windows could hold it.
        let day = rule.day(fix.instant);
        for night in [day.plus(-1), day] {
            let [window, _] = night_window(night, thresholds, rule);
            // A fix without a stay leaves a window of no minutes: that tells a night in transit from an
            // unseen one.
            if (window.from..window.to).contains(&fix.instant) {
                windows.entry(night).or_default();
            }
        }
    }
    type Minutes = (Option<MunicipalityCode>, f64, f64);
    let mut by_night: BTreeMap<Day, Vec<Minutes>> = BTreeMap::new();
    for stay in stays {
        let span = Span { from: stay.arrival, to: stay.departure };
        // A stay that begins in the small hours may lie in the window of the evening before.
        for night in rule.day(stay.arrival).0 - 1..=rule.day(stay.departure).0 {
            let [window, core] = night_window(Day(night), thresholds, rule);
            let minutes = span.overlap_minutes(window);
            if minutes <= 0.0 {
                continue;
            }
            let weighted = minutes + span.overlap_minutes(core);
            let places = by_night.entry(Day(night)).or_default();
            match places.iter_mut().find(|(code, ..)| *code == stay.municipality) {
                Some((_, total, weight)) => {
                    *total += minutes;
                    *weight += weighted;
                }
                None => places.push((stay.municipality, minutes, weighted)),
            }
        }
    }
    for (night, places) in by_night {
        // Weighted minutes choose the place, its plain minutes are the night's; ties go to the lowest code.
        let most = places.iter().min_by(|a, b| b.2.total_cmp(&a.2).then(a.0.cmp(&b.0)));
        if let Some((municipality, minutes, _)) = most {
            windows.insert(night, Window { municipality: *municipality, minutes: *minutes as f32 });
        }
    }
    windows
}

/// The night of a date: observed where a stay is long enough, otherwise what the beds say.
fn decide(
    night: Day,
    window: Option<&Window>,
    beds: &Beds,
    places: &[MunicipalityCode],
    thresholds: &Thresholds,
) -> Night {
    let minutes = window.map_or(0.0, |window| window.minutes);
    let is_observed = f64::from(minutes) >= thresholds.overnight_min_minutes.get();
    if let Some(window) = window.filter(|_| is_observed) {
        // A long stay at sea or abroad rules every bed out, however probable it looked.
        let Some(code) = window.municipality else {
            return Night { night, slept: Slept::Outside, minutes, probability: 0.0 };
        };
        let place = places.binary_search(&code).map(|index| Place(index as u16));
        let probability = place.map_or(0.0, |place| beds.of(place)) as f32;
        return Night { night, slept: Slept::Observed(code), minutes, probability };
    }
    let best = beds.best().and_then(|(place, share)| Some((*places.get(usize::from(place.0))?, share)));
    let slept = match best {
        Some((code, share)) if share >= thresholds.night_min_probability.get() => Slept::Inferred(code),
        _ if window.is_some() && minutes == 0.0 => Slept::InTransit,
        _ if beds.is_silent => Slept::Silent,
        _ => Slept::Uncertain,
    };
    Night { night, slept, minutes, probability: best.map_or(0.0, |(_, share)| share) as f32 }
}

#[cfg(test)]
#[path = "nights_tests.rs"]
mod tests;
