//! Everything about one device, from its fixes to its ties.
//!
//! In: the fixes of one device, sorted. Out: its stays, nights, residences and ties, and the days on which it
//! visited somewhere. The precise points of a home exist only in here and are gone when the function returns.
//! Everything else that decides, the thresholds, the offices and the municipalities, is handed in: equal
//! input gives equal output on any machine.

use std::collections::BTreeMap;

use kayoi_geography::Register;
use kayoi_geography::cell::cell_at;
use kayoi_geography::offices::Offices;
use kayoi_schemas::definition::Definition;
use kayoi_schemas::ids::{Cell, DeviceId, MunicipalityCode};
use kayoi_schemas::time::{Day, Month};
use kayoi_schemas::units::distance_km;

use crate::beds::BedEvidence;
use crate::desk::DeskEvidence;
use crate::fix::Fix;
use crate::motion::motions;
use crate::nights::{Nights, nights};
use crate::period::Period;
use crate::presence::{PresenceByDay, presence};
use crate::residences::{Ledger, Residence, residences};
use crate::settled::CompletedStay;
use crate::sleep::Sleep;
use crate::spots::Spots;
use crate::stays::stays;
use crate::ties::{Excluded, Tie, TieEvidence};
use crate::window::NightHours;
use crate::work::{WorkEvidence, Workplace};

/// What one device's history says, the device's part of every internal table.
#[derive(Debug)]
pub struct DeviceRecord {
    /// The pseudonym of the device.
    pub device: DeviceId,
    /// Where it stood, each stay with the cell of its centre.
    pub stays: Vec<(CompletedStay, Cell)>,
    /// Where it slept, evening by evening.
    pub nights: Nights,
    /// Where it lives in each month, the primary residence first.
    pub residences: BTreeMap<Month, Vec<Residence>>,
    /// Where it works, in the months in which that is known.
    pub workplaces: BTreeMap<Month, Workplace>,
    /// What binds it to other municipalities, by month.
    pub ties: BTreeMap<Month, Vec<Tie>>,
    /// The days on which it visited a municipality away from home.
    pub visitor_days: Vec<VisitorDay>,
}

/// A day on which a device visited a municipality.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VisitorDay {
    /// The local day.
    pub day: Day,
    /// The municipality visited.
    pub municipality: MunicipalityCode,
    /// The municipality of the primary residence in that month.
    pub origin: MunicipalityCode,
}

/// What every device is measured by.
#[derive(Debug, Clone, Copy)]
pub struct Measure<'a> {
    /// The definition, with the thresholds that decide.
    pub definition: &'a Definition,
    /// Places of the offices file: satellite offices and the like.
    pub offices: &'a Offices,
    /// All municipalities, with their representative points.
    pub register: &'a Register,
    /// The months of the run, and their dates.
    pub period: &'a Period,
}

impl Measure<'_> {
    /// Measures one device. `fixes` are of one device, by time; `None` when there are none.
    pub fn device(&self, fixes: &[Fix]) -> Option<DeviceRecord> {
        let device = fixes.first()?.device;
        let Period { rule, ref almanac, .. } = *self.period;
        let thresholds = &self.definition.thresholds;
        let apart_km = |a, b| self.apart_km(a, b);
        let motions = motions(fixes);
        let (spots, settled) = Spots::of(fixes, &motions, &stays(fixes, thresholds, rule), rule);
        let nights = nights(&settled, thresholds, rule, &apart_km);
        let presence = presence(&settled, &motions, &nights, thresholds, rule);
        let residences = self.residences(&nights);
        // Ties count only nights that are known; to find a bed, one that is more likely than not is good
        // enough.
        let known: BTreeMap<Day, MunicipalityCode> = nights.known().collect();
        let likely: BTreeMap<Day, MunicipalityCode> = nights.likely().collect();
        let beds = BedEvidence { spots: &spots, nights: &likely, hours: NightHours::of(thresholds) };
        let work = WorkEvidence { spots: &spots, beds, thresholds, almanac };
        let workplaces: BTreeMap<Month, Workplace> = residences
            .iter()
            .filter_map(|(month, residences)| Some((*month, work.workplace(*month, residences)?)))
            .collect();
        let evidence = TieEvidence {
            presence: &presence,
            nights: &known,
            residences: &residences,
            workplaces: &workplaces,
            desks: DeskEvidence { spots: &spots, beds, offices: self.offices, thresholds, almanac },
            distance_km: &apart_km,
            almanac,
            definition: self.definition,
        };
        let ties = self.period.tie_months.iter().map(|month| (*month, evidence.ties(*month))).collect();
        let visitor_days = visitor_days(&evidence, &presence, &residences);
        // Stays of the nights are added last: nothing that finds nights may read stays that were made of
        // them.
        let sleep = Sleep { settled: &settled, spots: &spots, nights: &nights, beds, thresholds, rule };
        let stays = sleep.complete().into_iter().map(|stay| {
            let cell = cell_at(stay.latitude, stay.longitude);
            (stay, cell)
        });
        let stays = stays.collect();
        Some(DeviceRecord { device, stays, nights, residences, workplaces, ties, visitor_days })
    }

    /// The residences of each month in which the device can be located.
    fn residences(&self, nights: &Nights) -> BTreeMap<Month, Vec<Residence>> {
        let ledger = Ledger::of(nights);
        let apart_km = |a, b| self.apart_km(a, b);
        let of_month = |month| residences(&ledger, month, &self.definition.thresholds, &apart_km);
        let months = self.period.months.iter().map(|month| (*month, of_month(*month)));
        months.filter(|(_, residences)| !residences.is_empty()).collect()
    }

    /// Distance between the representative points of two municipalities, kilometres. Home is kept as a
    /// municipality, never as a point, so distances are between municipalities.
    fn apart_km(&self, a: MunicipalityCode, b: MunicipalityCode) -> f64 {
        match (self.register.get(a), self.register.get(b)) {
            (Some(a), Some(b)) => distance_km((a.latitude, a.longitude), (b.latitude, b.longitude)),
            // A code outside the register (northern villages, undetermined land) is far from everywhere.
            _ => f64::INFINITY,
        }
    }
}

/// The visits that count: from a known residence, and neither at home, nor at work, nor nearby.
fn visitor_days(
    evidence: &TieEvidence,
    presence: &PresenceByDay,
    residences: &BTreeMap<Month, Vec<Residence>>,
) -> Vec<VisitorDay> {
    let counts = |day: Day, municipality| {
        evidence.exclusion(evidence.almanac.month(day), municipality) == Excluded::No
    };
    presence
        .iter()
        .filter(|((day, _), presence)| evidence.is_visit(*day, presence))
        .filter(|((day, municipality), _)| counts(*day, *municipality))
        .filter_map(|((day, municipality), _)| {
            let origin = residences.get(&evidence.almanac.month(*day))?.first()?.municipality;
            Some(VisitorDay { day: *day, municipality: *municipality, origin })
        })
        .collect()
}

#[cfg(test)]
#[path = "measure_tests.rs"]
mod tests;
