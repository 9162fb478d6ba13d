//! Everything about one device, from its fixes to its ties.
//!
//! In: the fixes of one device, sorted. Out: its stays, nights, residences and ties, its visits, and where it is
//! at each hour of a day, by one definition or by several. The precise points of a home exist only in here and are gone
//! when the function returns. Everything else that decides, the thresholds, the offices and the municipalities, is
//! handed in: equal input gives equal output on any machine.

use std::collections::BTreeMap;

use kayoi_geography::cell::cell_at;
use kayoi_geography::mesh::{MeshCode, MeshLevel};
use kayoi_geography::offices::Offices;
use kayoi_geography::{Neighbours, PortsOfEntry, Register};
use kayoi_schemas::definition::Definition;
use kayoi_schemas::figure::Rhythm;
use kayoi_schemas::ids::{Cell, DeviceId, MunicipalityCode};
use kayoi_schemas::time::{Day, Month};
use kayoi_schemas::units::distance_km;

use crate::abroad::is_from_abroad;
use crate::beds::BedEvidence;
use crate::desk::DeskEvidence;
use crate::excluded::Excluded;
use crate::fix::Fix;
use crate::long_stay::LongStay;
use crate::nights::{Nights, nights};
use crate::panel::{PanelMonth, panel};
use crate::period::Period;
use crate::person::Person;
use crate::presence::{PresenceByDay, presence};
use crate::reach::Reaches;
use crate::residences::{Ledger, Regime, Residence, residences, window};
use crate::settled::CompletedStay;
use crate::sleep::Sleep;
use crate::spots::Spots;
use crate::stays::StayLimits;
use crate::stood::Stood;
use crate::tenure::Tenure;
use crate::ties::{Tie, TieEvidence};
use crate::visits::{Visit, VisitEvidence, VisitorDay};
use crate::way::Way;
use crate::whereabouts::{HourEvidence, Whereabouts};
use crate::window::NightHours;
use crate::work::{WorkEvidence, Workplace};

/// What is found for some months.
type ByMonth<T> = BTreeMap<Month, Vec<T>>;

/// What one device's history says, the device's part of every internal table.
#[derive(Debug)]
pub struct DeviceRecord {
    /// The pseudonym of the device.
    pub device: DeviceId,
    /// What is known of the person.
    pub person: Option<Person>,
    /// In which half of all homes it lives, in meshes of 125 m and of 500 m, in the months with which a year ends.
    pub home_halves: BTreeMap<Month, [u8; 2]>,
    /// Where it stood, each stay with the cell of its centre.
    pub stays: Vec<(CompletedStay, Cell)>,
    /// Where it slept, evening by evening.
    pub nights: Nights,
    /// Where it lives in each month, the primary residence first.
    pub residences: BTreeMap<Month, Vec<Residence>>,
    /// What it can speak for, in each month in which it was seen.
    pub panel: BTreeMap<Month, PanelMonth>,
    /// Where it works, in the months in which that is known.
    pub workplaces: BTreeMap<Month, Workplace>,
    /// What binds it to other municipalities, by month.
    pub ties: BTreeMap<Month, Vec<Tie>>,
    /// The days on which it visited a municipality away from home.
    pub visitor_days: Vec<VisitorDay>,
    /// Working days in offices of the offices file in the municipality where it lives, by month.
    pub local_office_days: BTreeMap<(Month, MunicipalityCode), u32>,
    /// The visits that these days are, by first day.
    pub visits: Vec<Visit>,
    /// Where it is at each hour, in the months of whose panel it is one.
    pub whereabouts: BTreeMap<Month, Whereabouts>,
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
    /// The municipalities side by side, for definitions that ask.
    pub neighbours: &'a Neighbours,
    /// Where people from abroad arrive and leave.
    pub ports: &'a PortsOfEntry,
    /// The months of the run, and their dates.
    pub period: &'a Period,
}

/// Measures one device by each of several definitions, whose records come in the same order. Where it stood is found once
/// for all whose stays have the same limits. `fixes` are of one device, by time; nothing comes of none.
pub fn measured(measures: &[Measure<'_>], fixes: &[Fix]) -> Vec<DeviceRecord> {
    let mut known: Vec<Stood> = Vec::new();
    let mut records = Vec::with_capacity(measures.len());
    for measure in measures {
        let rule = measure.period.rule;
        let limits = StayLimits::of(&measure.definition.thresholds, rule);
        if known.iter().all(|stood| stood.limits != limits) {
            known.extend(Stood::of(fixes, limits, rule));
        }
        let stood = known.iter().find(|stood| stood.limits == limits);
        records.extend(stood.map(|stood| measure.record(stood)));
    }
    records
}

impl Measure<'_> {
    /// Measures one device. `fixes` are of one device, by time; `None` when there are none.
    pub fn device(&self, fixes: &[Fix]) -> Option<DeviceRecord> {
        measured(std::slice::from_ref(self), fixes).pop()
    }

    /// Measures a device of which it is known where it stood.
    fn record(&self, stood: &Stood) -> DeviceRecord {
        let Stood { device, motions, spots, settled, tenure, night_work, track, person, .. } = stood;
        let Period { rule, ref almanac, .. } = *self.period;
        let thresholds = &self.definition.thresholds;
        let apart_km = |a, b| self.apart_km(a, b);
        let nights = nights(settled, night_work, thresholds, rule, &apart_km);
        let presence = presence(settled, motions, &nights, thresholds, rule);
        let from_abroad =
            is_from_abroad(tenure, settled.fixes(), &nights, self.ports, thresholds, self.period);
        // Ties count only nights that are known; to find a bed, one that is more likely than not is good
        // enough.
        let known: BTreeMap<Day, MunicipalityCode> = nights.known().collect();
        let likely: BTreeMap<Day, MunicipalityCode> = nights.likely().collect();
        let hours = NightHours::of(thresholds);
        let beds = BedEvidence { spots, nights: &likely, hours, night_work };
        let desks = DeskEvidence { spots, beds, offices: self.offices, thresholds, almanac };
        let (residences, long_stays) = match from_abroad {
            true => Default::default(),
            false => self.residences(&nights, tenure, &known, &desks),
        };
        let panel = panel(tenure, &residences, from_abroad, self.period, thresholds);
        let work = WorkEvidence { spots, track, beds, thresholds, almanac };
        let workplaces: BTreeMap<Month, Workplace> = residences
            .iter()
            .filter_map(|(month, residences)| Some((*month, work.workplace(*month, residences)?)))
            .collect();
        let ways: BTreeMap<Month, Vec<Way>> =
            residences.iter().filter_map(|(month, lives)| self.ways(spots, &beds, *month, lives)).collect();
        let evidence = TieEvidence {
            presence: &presence,
            nights: &known,
            residences: &residences,
            workplaces: &workplaces,
            ways: &ways,
            long_stays: &long_stays,
            night_work,
            is_from_abroad: from_abroad,
            desks,
            reaches: Reaches { distance_km: &apart_km, neighbours: self.neighbours, thresholds },
            almanac,
            definition: self.definition,
        };
        let ties = self.period.tie_months.iter().map(|month| (*month, evidence.ties(*month))).collect();
        let visitor_days = visitor_days(&evidence, &presence, &residences);
        // Stays of the nights are added last: nothing that finds nights may read stays that were made of
        // them.
        let sleep = Sleep { settled, spots, nights: &nights, beds, thresholds, rule };
        let stays = sleep.complete();
        let (fixes, stays_of) = (settled.fixes(), stays.as_slice());
        let visits = VisitEvidence {
            days: &visitor_days,
            nights: &likely,
            residences: &residences,
            fixes,
            stays: stays_of,
            desks: &evidence.desks,
            rule,
        };
        let visits = visits.visits();
        let local_office_days = local_office_days(&evidence.desks, &residences);
        let hours = HourEvidence { fixes, motions, stays: stays_of, almanac, thresholds, rule };
        let of_month = |month: &Month| {
            let lives = residences.get(month)?;
            Some((*month, hours.whereabouts(*month, &bed_points(spots, &beds, *month, lives))))
        };
        let year_ends = panel.iter().filter(|(month, panel)| Rhythm::Yearly.has(**month) && panel.is_of_year);
        let home_halves = year_ends.filter_map(|(month, _)| {
            let lives = residences.get(month)?.first()?;
            let point = bed_points(spots, &beds, *month, std::slice::from_ref(lives)).pop()?;
            Some((*month, halves(point)?))
        });
        let home_halves = home_halves.collect();
        let whereabouts =
            panel.iter().filter(|(_, panel)| panel.is_of_month).filter_map(|(month, _)| of_month(month));
        let whereabouts = whereabouts.collect();
        let with_cell = |stay: CompletedStay| {
            let cell = cell_at(stay.latitude, stay.longitude);
            (stay, cell)
        };
        let stays = stays.into_iter().map(with_cell).collect();
        DeviceRecord {
            device: *device,
            person: *person,
            home_halves,
            stays,
            nights,
            residences,
            panel,
            workplaces,
            ties,
            visitor_days,
            local_office_days,
            visits,
            whereabouts,
        }
    }

    /// The residences of each month in which the device can be located, and its long stays apart from them.
    fn residences(
        &self,
        nights: &Nights,
        tenure: &Tenure,
        known: &BTreeMap<Day, MunicipalityCode>,
        desks: &DeskEvidence,
    ) -> (ByMonth<Residence>, ByMonth<LongStay>) {
        let thresholds = &self.definition.thresholds;
        let ledger = Ledger::of(nights);
        let apart_km = |a, b| self.apart_km(a, b);
        let (mut lives, mut long_stays) = (ByMonth::new(), ByMonth::new());
        for month in &self.period.months {
            if tenure.age_days(month.last_day()) < thresholds.located_min_days.get() {
                continue;
            }
            let mut of_month =
                residences(&ledger, (*month, self.period.covered_part(*month)), thresholds, &apart_km);
            for residence in of_month.iter_mut().filter(|residence| residence.regime == Regime::LongStay) {
                let stay = LongStay::of(
                    residence.municipality,
                    *month,
                    known,
                    thresholds.long_stay_return_days.get(),
                );
                // Who works there at a desk for all that time came for a season, and not to get well.
                let desk = desks.desk(residence.municipality, &stay.days());
                if desk.is_work(thresholds.commuter_min_days.get()) {
                    residence.regime = Regime::Seasonal;
                } else {
                    long_stays.entry(*month).or_insert_with(Vec::new).push(stay);
                }
            }
            of_month.retain(|residence| residence.regime != Regime::LongStay);
            if !of_month.is_empty() {
                lives.insert(*month, of_month);
            }
        }
        (lives, long_stays)
    }

    /// The ways between the beds of somebody with several residences.
    fn ways(
        &self,
        spots: &Spots,
        beds: &BedEvidence,
        month: Month,
        lives: &[Residence],
    ) -> Option<(Month, Vec<Way>)> {
        let (primary, seconds) = lives.split_first()?;
        let (first, last) = window(month);
        let point = |residence: &Residence| {
            let spot = spots.get(beds.bed(residence.municipality, first, last)?)?;
            Some((spot.latitude, spot.longitude))
        };
        let from = if seconds.is_empty() { None } else { point(primary) }?;
        Some((month, seconds.iter().filter_map(|second| Some(Way::new(from, point(second)?))).collect()))
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

/// Working days in offices where it lives, in the months in which there are any.
fn local_office_days(
    desks: &DeskEvidence,
    residences: &ByMonth<Residence>,
) -> BTreeMap<(Month, MunicipalityCode), u32> {
    if desks.offices.is_empty() {
        return BTreeMap::new();
    }
    let of_month = |(month, lives): (&Month, &Vec<Residence>)| {
        let home = lives.first()?.municipality;
        let days: Vec<Day> = (month.first_day().0..=month.last_day().0).map(Day).collect();
        let count = desks.desk(home, &days).office_days;
        (count > 0).then_some(((*month, home), count))
    };
    residences.iter().filter_map(of_month).collect()
}

/// Months of which a bed is one of late.
const LATE_MONTHS: i32 = 2;

/// The points of the beds in its residences: those of the year, and those of late, after moving within a town.
fn bed_points(spots: &Spots, beds: &BedEvidence, month: Month, lives: &[Residence]) -> Vec<(f64, f64)> {
    let late = (month.plus(-LATE_MONTHS).first_day(), month.last_day());
    let found = lives.iter().flat_map(|residence| {
        [window(month), late].map(|(first, last)| beds.bed(residence.municipality, first, last))
    });
    found.flatten().filter_map(|spot| spots.get(spot).map(|spot| (spot.latitude, spot.longitude))).collect()
}

/// The half of a home in meshes of two sizes: people of one home are in the same half, and others by lot.
fn halves((latitude, longitude): (f64, f64)) -> Option<[u8; 2]> {
    let half = |level| {
        let mesh = MeshCode::of_degrees(level, latitude, longitude)?;
        let hash = blake3::hash(format!("kayoi half of homes {}", mesh.number()).as_bytes());
        Some(hash.as_bytes()[0] & 1)
    };
    Some([half(MeshLevel::Eighth)?, half(MeshLevel::Half)?])
}

/// The visits that count: from a known residence, and neither at home, nor at work, nor nearby.
fn visitor_days(
    evidence: &TieEvidence,
    presence: &PresenceByDay,
    residences: &BTreeMap<Month, Vec<Residence>>,
) -> Vec<VisitorDay> {
    let counts = |day: Day, municipality| {
        let month = evidence.almanac.month(day);
        let is_patient = evidence.long_stay(month, municipality).is_some_and(|stay| stay.contains(day));
        evidence.exclusion(month, municipality) == Excluded::No && !is_patient
    };
    let days = presence
        .iter()
        .filter(|((day, _), presence)| evidence.is_visit(*day, presence))
        .filter(|((day, municipality), _)| counts(*day, *municipality))
        .filter(|((day, municipality), presence)| evidence.is_away_in_month(*day, *municipality, presence))
        .filter_map(|((day, municipality), presence)| {
            let origin = residences.get(&evidence.almanac.month(*day))?.first()?.municipality;
            let minutes = presence.minutes_there();
            Some(VisitorDay { day: *day, municipality: *municipality, origin, minutes })
        });
    visitors_only(evidence, days.collect())
}

/// Leaves out the days of whom the definition takes for no visitor because of many days or nights in the twelve months
/// that end with the day's.
fn visitors_only(evidence: &TieEvidence, mut days: Vec<VisitorDay>) -> Vec<VisitorDay> {
    let thresholds = &evidence.definition.thresholds;
    if thresholds.max_visit_days.is_none() && thresholds.max_nights.is_none() {
        return days;
    }
    let mut by_place: BTreeMap<MunicipalityCode, Vec<Day>> = BTreeMap::new();
    days.iter().for_each(|visit| by_place.entry(visit.municipality).or_default().push(visit.day));
    let mut is_beyond: BTreeMap<(Month, MunicipalityCode), bool> = BTreeMap::new();
    days.retain(|visit| {
        let key = (evidence.almanac.month(visit.day), visit.municipality);
        !*is_beyond.entry(key).or_insert_with(|| {
            let (first, last) = window(key.0);
            let all = by_place.get(&visit.municipality).map(Vec::as_slice).unwrap_or_default();
            let visit_days = all.iter().filter(|day| (first..=last).contains(*day)).count() as u32;
            evidence.beyond_a_visitor(visit_days, evidence.visit_nights(key.0, visit.municipality)).is_some()
        })
    });
    days
}

#[cfg(test)]
#[path = "measure_tests.rs"]
mod tests;
#[cfg(test)]
#[path = "measure_days_tests.rs"]
mod days_tests;
