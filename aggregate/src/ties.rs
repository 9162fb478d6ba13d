//! Presence, nights and residences → ties: what binds a device to a municipality where it does not live.
//!
//! In: what is known of one device. Out: for a month and each municipality visited in the 12 months that end
//! with it, the visits and their kind, or the reason why they are no connection. Residents, commuters and the
//! daily living area are excluded with a reason, not dropped; visits in Obon and around New Year are flagged.

use std::collections::{BTreeMap, BTreeSet};

use kayoi_schemas::definition::Definition;
use kayoi_schemas::holiday::is_kin_visit_period;
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::{Day, Month};

use crate::presence::{Presence, PresenceByDay};
use crate::residences::{Residence, window};

/// Why a tie does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excluded {
    /// It counts.
    No,
    /// The device lives there.
    PrimaryResidence,
    /// It works there.
    Commuter,
    /// Nearer than the definition's distance.
    NearHome,
    /// Where it lives is not known.
    NoResidence,
}

impl Excluded {
    /// The word in `ties.excluded`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::PrimaryResidence => "primary_residence",
            Self::Commuter => "commuter",
            Self::NearHome => "near_home",
            Self::NoResidence => "no_residence",
        }
    }
}

/// A tie of one device.
#[derive(Debug, Clone, PartialEq)]
pub struct Tie {
    /// With.
    pub municipality: MunicipalityCode,
    /// Primary residence.
    pub origin: Option<MunicipalityCode>,
    /// Separate visits.
    pub visits: u32,
    /// Days with a visit.
    pub visit_days: u32,
    /// Nights there.
    pub nights: u32,
    /// Calendar quarters with a visit.
    pub quarters: u32,
    /// Visit days that are working days.
    pub working_days: u32,
    /// Telework days.
    pub telework_days: u32,
    /// Visit days in Obon and around New Year.
    pub kin_visit_days: u32,
    /// First visit day.
    pub first_day: Day,
    /// Last visit day.
    pub last_day: Day,
    /// From the primary residence.
    pub distance_km: Option<f64>,
    /// Whether it counts.
    pub excluded: Excluded,
    /// Several visits.
    pub is_repeat: bool,
    /// Connected population (core).
    pub is_connected: bool,
    /// A second residence.
    pub is_dual_resident: bool,
    /// Telework stays.
    pub is_workation: bool,
}

/// What is known of one device.
pub struct Evidence<'a> {
    /// Presence by day and municipality.
    pub presence: &'a PresenceByDay,
    /// Known nights.
    pub nights: &'a BTreeMap<Day, MunicipalityCode>,
    /// Residences by month.
    pub residences: &'a BTreeMap<Month, Vec<Residence>>,
    /// Distance between municipalities, kilometres.
    pub distance_km: &'a dyn Fn(MunicipalityCode, MunicipalityCode) -> f64,
    /// Thresholds.
    pub definition: &'a Definition,
}

impl Evidence<'_> {
    /// The ties in a month, by municipality.
    pub fn ties(&self, month: Month) -> Vec<Tie> {
        let (first, last) = window(month);
        let mut days: BTreeMap<MunicipalityCode, Vec<(Day, &Presence)>> = BTreeMap::new();
        for ((day, municipality), presence) in self.presence {
            if (first..=last).contains(day) && self.is_visit(presence) {
                days.entry(*municipality).or_default().push((*day, presence));
            }
        }
        days.into_iter().filter_map(|(municipality, days)| self.tie(month, municipality, days)).collect()
    }

    /// Whether a day's presence is a visit.
    pub fn is_visit(&self, presence: &Presence) -> bool {
        presence.minutes >= self.definition.thresholds.stay_min_minutes
    }

    /// Why presence in a municipality in a month is no visit from outside.
    pub fn exclusion(&self, month: Month, municipality: MunicipalityCode) -> Excluded {
        let residences = self.residences.get(&month).map_or(&[][..], Vec::as_slice);
        let Some(primary) = residences.first() else { return Excluded::NoResidence };
        let thresholds = &self.definition.thresholds;
        if primary.municipality == municipality {
            Excluded::PrimaryResidence
        } else if residences.iter().any(|residence| residence.municipality == municipality) {
            Excluded::No
        } else if (self.distance_km)(primary.municipality, municipality) < thresholds.visitor_min_km {
            Excluded::NearHome
        } else if self.is_commuter(month, municipality) {
            Excluded::Commuter
        } else {
            Excluded::No
        }
    }

    /// Whether the device works in a municipality in a month: many working days there in commuter hours, and
    /// fewer than half as many nights.
    fn is_commuter(&self, month: Month, municipality: MunicipalityCode) -> bool {
        let thresholds = &self.definition.thresholds;
        let (mut days, mut nights) = (0, 0);
        for day in (month.first_day().0..=month.last_day().0).map(Day) {
            let minutes =
                self.presence.get(&(day, municipality)).map_or(0.0, |presence| presence.commuter_minutes);
            days += u32::from(minutes >= thresholds.commuter_min_hours * 60.0 && day.is_working_day());
            nights += u32::from(self.nights.get(&day) == Some(&municipality));
        }
        f64::from(days) >= thresholds.commuter_min_days && nights * 2 < days
    }

    fn tie(&self, month: Month, municipality: MunicipalityCode, days: Vec<(Day, &Presence)>) -> Option<Tie> {
        let thresholds = &self.definition.thresholds;
        let residences = self.residences.get(&month).map_or(&[][..], Vec::as_slice);
        let is_dual_resident =
            residences.iter().skip(1).any(|residence| residence.municipality == municipality);
        // Days at what was the primary residence then (before moving house) are no visits.
        let was_home = |day: Day| {
            let then = self.residences.get(&day.month()).and_then(|residences| residences.first());
            then.is_some_and(|primary| primary.municipality == municipality)
        };
        let days: Vec<_> = days.into_iter().filter(|(day, _)| is_dual_resident || !was_home(*day)).collect();
        let (first_day, last_day) = (days.first()?.0, days.last()?.0);
        let (window_first, window_last) = window(month);
        let slept_there = |night: Day| self.nights.get(&night) == Some(&municipality);
        let nights = self.nights.range(window_first..=window_last).filter(|(_, code)| **code == municipality);
        let months: BTreeSet<Month> = days.iter().map(|(day, _)| day.month()).collect();
        let commuter_months = months.iter().filter(|month| self.is_commuter(**month, municipality)).count();
        let mut excluded = self.exclusion(month, municipality);
        if excluded == Excluded::No && !is_dual_resident && commuter_months * 2 >= months.len() {
            excluded = Excluded::Commuter;
        }
        let telework_days = days
            .iter()
            .filter(|(day, presence)| {
                day.is_working_day()
                    && presence.telework_minutes >= thresholds.telework_min_hours * 60.0
                    && (slept_there(*day) || slept_there(day.plus(-1)))
            })
            .count() as u32;
        let visits = self.visits(municipality, &days);
        let quarters =
            days.iter().map(|(day, _)| day.month().quarter()).collect::<BTreeSet<_>>().len() as u32;
        let origin = residences.first().map(|residence| residence.municipality);
        let counts = excluded == Excluded::No;
        let is_connected = f64::from(visits) >= thresholds.connected_min_visits
            && f64::from(quarters) >= thresholds.connected_min_quarters;
        Some(Tie {
            municipality,
            origin,
            visits,
            visit_days: days.len() as u32,
            nights: nights.count() as u32,
            quarters,
            working_days: days.iter().filter(|(day, _)| day.is_working_day()).count() as u32,
            telework_days,
            kin_visit_days: days.iter().filter(|(day, _)| is_kin_visit_period(*day)).count() as u32,
            first_day,
            last_day,
            distance_km: origin.map(|origin| (self.distance_km)(origin, municipality)),
            excluded,
            is_repeat: counts
                && (is_dual_resident || is_connected || f64::from(visits) >= thresholds.repeat_min_visits),
            is_connected: counts && (is_dual_resident || is_connected),
            is_dual_resident,
            is_workation: counts
                && !is_dual_resident
                && f64::from(telework_days) >= thresholds.workation_min_days,
        })
    }

    /// Separate visits: a new one begins after a day without a visit, or after a night known elsewhere.
    fn visits(&self, municipality: MunicipalityCode, days: &[(Day, &Presence)]) -> u32 {
        let begins_anew = |pair: &&[(Day, &Presence)]| {
            let (before, after) = (pair[0].0, pair[1].0);
            after != before.plus(1) || self.nights.get(&before).is_some_and(|slept| *slept != municipality)
        };
        1 + days.windows(2).filter(begins_anew).count() as u32
    }
}

#[cfg(test)]
#[path = "ties_tests.rs"]
mod tests;
