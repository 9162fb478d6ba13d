//! What was found out about a tie → the one word for it.
//!
//! In: facts about a device at a municipality. Out: the strongest [`TieKind`] that they support, and two
//! facts that take more than one threshold to decide: a life on the road, and trips on business.

use std::collections::BTreeSet;

use kayoi_schemas::definition::Thresholds;
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::tie::TieKind;
use kayoi_schemas::time::Day;

use crate::desk::Desk;
use crate::residences::Regime;

/// What was found out about a tie, before it is judged.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts {
    /// How many visits, days and nights there were.
    pub trips: Trips,
    /// Those of them that touch neither Obon nor the days around New Year.
    pub ordinary_trips: Trips,
    /// In how many calendar quarters there was a visit.
    pub quarters: u32,
    /// How the place is lived in, when it is a second residence.
    pub second: Option<Regime>,
    /// The desk there, or what comes nearest to one.
    pub desk: Desk,
    /// The life on the road in which it slept there.
    pub road: Road,
}

impl Facts {
    /// Judges each trait by itself, by the definition's thresholds.
    pub(crate) fn traits(&self, thresholds: &Thresholds) -> Traits {
        let Self { trips, ordinary_trips, quarters, second, ref desk, road } = *self;
        let is_dual_resident = second.is_some();
        let is_connected = trips.visits >= thresholds.connected_min_visits.get()
            && quarters >= thresholds.connected_min_quarters.get();
        Traits {
            is_seasonal_work: second == Some(Regime::Seasonal)
                && desk.is_one()
                && desk.days >= thresholds.commuter_min_days.get(),
            is_dual_resident,
            works_at_an_office: desk.is_office_work(thresholds.workation_min_days.get()),
            is_on_the_road: road == Road::Itinerant,
            // A resident works at home there, and whoever roams works wherever they stand: neither came to work.
            is_workation: !is_dual_resident
                && road == Road::Settled
                && desk.telework_days() >= thresholds.workation_min_days.get(),
            // A lorry stops where its road leads: the town is not what it came for.
            is_business: road == Road::Settled && ordinary_trips.is_business(thresholds),
            is_connected,
            is_repeat: is_dual_resident || is_connected || trips.visits >= thresholds.repeat_min_visits.get(),
        }
    }
}

/// Which kinds of tie the facts support, each asked by itself: several may be true.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Traits {
    /// One run of nights at a second residence, with a desk there.
    pub is_seasonal_work: bool,
    /// The device lives there too: a second residence.
    pub is_dual_resident: bool,
    /// Working days spent in a place of the offices file, as many as make a workation.
    pub works_at_an_office: bool,
    /// An itinerant device slept there.
    pub is_on_the_road: bool,
    /// Telework days with a night, as many as the definition asks for.
    pub is_workation: bool,
    /// It is not on the road, and comes on short trips on working days outside the holiday seasons.
    pub is_business: bool,
    /// As many visits, in as many quarters, as make the connected population.
    pub is_connected: bool,
    /// As many separate visits as make a repeat visitor.
    pub is_repeat: bool,
}

impl Traits {
    /// The strongest kind, in the order of [`TieKind`].
    pub(crate) fn strongest(self) -> TieKind {
        match self {
            Self { is_seasonal_work: true, .. } => TieKind::SeasonalWorker,
            Self { is_dual_resident: true, .. } => TieKind::DualResident,
            Self { works_at_an_office: true, .. } => TieKind::SatelliteOffice,
            Self { is_on_the_road: true, .. } => TieKind::Itinerant,
            Self { is_workation: true, .. } => TieKind::Workation,
            Self { is_business: true, .. } => TieKind::Business,
            Self { is_connected: true, .. } => TieKind::Connected,
            Self { is_repeat: true, .. } => TieKind::Repeat,
            _ => TieKind::OneOff,
        }
    }
}

/// How much of a life is on the road.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Road {
    /// Not much.
    #[default]
    Settled,
    /// Many nights in many municipalities, and home in most weeks: a lorry.
    Roaming,
    /// Many nights in many municipalities, for weeks on end: a camper van.
    Itinerant,
}

/// A device that sleeps in many municipalities over months, a few nights in each, for weeks on end: the camper van.
/// `away` are known nights away from every residence, `at_home` those at the primary one. A lorry driver is home at the
/// end of the week.
pub(crate) fn road(away: &[(Day, MunicipalityCode)], at_home: &[Day], thresholds: &Thresholds) -> Road {
    let places: BTreeSet<MunicipalityCode> = away.iter().map(|(_, code)| *code).collect();
    let week = |night: Day| night.plus(-(night.days_after_monday() as i32));
    let home_weeks: BTreeSet<Day> = at_home.iter().map(|night| week(*night)).collect();
    let away_weeks: BTreeSet<Day> = away.iter().map(|(night, _)| week(*night)).collect();
    let full_weeks = away_weeks.difference(&home_weeks).count() as f64;
    let roams = away.len() as u32 >= thresholds.itinerant_min_nights.get()
        && places.len() as u32 >= thresholds.itinerant_min_municipalities.get();
    match roams {
        false => Road::Settled,
        true if full_weeks >= thresholds.itinerant_full_weeks_share.get() * away_weeks.len() as f64 => {
            Road::Itinerant
        }
        true => Road::Roaming,
    }
}

/// Of ten visit days, how many must be working days: one journey on a Sunday evening is forgiven.
const BUSINESS_WORKING_DAYS_OF_TEN: u32 = 9;
/// Most days of a business trip, on average: longer ones are stays.
const BUSINESS_DAYS_A_VISIT: u32 = 3;
/// Visits for each night, at most: someone who never stays the night is on errands.
const BUSINESS_VISITS_A_NIGHT: u32 = 2;

/// What tells trips on business from other visits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Trips {
    /// How many separate visits there were.
    pub visits: u32,
    /// Days with a visit.
    pub visit_days: u32,
    /// Of these, working days.
    pub working_days: u32,
    /// How many known nights it slept there.
    pub nights: u32,
}

impl Trips {
    /// Whether somebody who is not on the road comes for business: again and again, on working days, for a few days,
    /// with a night at least every other time. Trips in the holiday seasons are to be left out: Obon and New Year
    /// are mostly working days of the calendar, and two visits to the parents' would look like it.
    pub(crate) fn is_business(self, thresholds: &Thresholds) -> bool {
        self.working_days * 10 >= self.visit_days * BUSINESS_WORKING_DAYS_OF_TEN
            && self.visits >= thresholds.repeat_min_visits.get()
            && self.nights * BUSINESS_VISITS_A_NIGHT >= self.visits
            && self.visit_days <= BUSINESS_DAYS_A_VISIT * self.visits
    }
}

#[cfg(test)]
#[path = "kind_tests.rs"]
mod tests;
