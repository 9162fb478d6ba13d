//! Everything about one device, from its fixes to its ties.
//!
//! In: the fixes of one device, sorted. Out: its stays, nights, residences and ties, and the days on which it
//! visited somewhere. The precise points of a home exist only in here and are gone when the function returns.

use std::collections::BTreeMap;

use kayoi_geography::Register;
use kayoi_geography::cell::cell_at;
use kayoi_geography::offices::Offices;
use kayoi_schemas::definition::Definition;
use kayoi_schemas::ids::{Cell, DeviceId, MunicipalityCode};
use kayoi_schemas::time::{Day, DayRule, Month};
use kayoi_schemas::units::distance_km;

use crate::almanac::Almanac;
use crate::fixes::Fix;
use crate::kinds::DeskEvidence;
use crate::motion::motions;
use crate::nights::{Nights, nights};
use crate::presence::presence;
use crate::residences::{Ledger, Residence, residences};
use crate::sleep::Sleep;
use crate::spots::Spots;
use crate::stays::{Stay, stays};
use crate::ties::{Evidence, Excluded, Tie};
use crate::work::{WorkEvidence, Workplace};

/// Which months are computed.
#[derive(Debug, Clone)]
pub struct Period {
    /// Every month with data, for residences.
    pub months: Vec<Month>,
    /// The months whose ties are published: those with twelve months of data before their end.
    pub tie_months: Vec<Month>,
    /// Where days start.
    pub rule: DayRule,
    /// Dates.
    pub almanac: Almanac,
}

impl Period {
    /// The months from the first day's to the last day's.
    pub fn new(first: Day, last: Day, tie_months: Vec<Month>, rule: DayRule) -> Self {
        let months = (first.month().0..=last.month().0).map(Month).collect();
        let almanac = Almanac::new(first.month().first_day(), last.month().last_day());
        Self { months, tie_months, rule, almanac }
    }
}

/// What is known of one device.
#[derive(Debug)]
pub struct DeviceRecord {
    /// Who.
    pub device: DeviceId,
    /// Where it stood, with the cell.
    pub stays: Vec<(Stay, Cell)>,
    /// Where it slept.
    pub nights: Nights,
    /// Where it lives, by month.
    pub residences: BTreeMap<Month, Vec<Residence>>,
    /// Where it works, by month.
    pub workplaces: BTreeMap<Month, Workplace>,
    /// Its ties, by month.
    pub ties: BTreeMap<Month, Vec<Tie>>,
    /// Days on which it visited a municipality, with its origin.
    pub visitor_days: Vec<(Day, MunicipalityCode, MunicipalityCode)>,
}

/// Measures one device. `fixes` are of one device, by time.
pub fn measure(
    device: DeviceId,
    fixes: &[Fix],
    (definition, offices): (&Definition, &Offices),
    period: &Period,
) -> DeviceRecord {
    let thresholds = &definition.thresholds;
    let (rule, almanac) = (period.rule, &period.almanac);
    let motions = motions(fixes);
    let mut stays = stays(fixes, thresholds, rule);
    let fixes = &mut fixes.to_vec()[..];
    let spots = Spots::of(fixes, &motions, &mut stays, rule);
    let nights = nights(&stays, fixes, thresholds, rule, &between_municipalities);
    let presence = presence(fixes, &motions, &stays, &nights, thresholds, rule);
    let ledger = Ledger::of(&nights);
    let known: BTreeMap<Day, MunicipalityCode> = nights.known().collect();
    let likely: BTreeMap<Day, MunicipalityCode> = nights.likely().collect();
    let residences: BTreeMap<Month, Vec<Residence>> = period
        .months
        .iter()
        .map(|month| (*month, residences(&ledger, *month, thresholds, &between_municipalities)))
        .filter(|(_, residences)| !residences.is_empty())
        .collect();
    let work = WorkEvidence { spots: &spots, beds: &likely, thresholds, almanac };
    let workplaces: BTreeMap<Month, Workplace> = residences
        .iter()
        .filter_map(|(month, residences)| Some((*month, work.workplace(*month, residences)?)))
        .collect();
    let evidence = Evidence {
        presence: &presence,
        nights: &known,
        residences: &residences,
        workplaces: &workplaces,
        desks: DeskEvidence { spots: &spots, beds: &likely, offices, thresholds, almanac },
        distance_km: &between_municipalities,
        almanac,
        definition,
    };
    let ties = period.tie_months.iter().map(|month| (*month, evidence.ties(*month))).collect();
    let visitor_days = presence
        .iter()
        .filter(|((day, _), presence)| evidence.is_visit(*day, presence))
        .filter(|((day, municipality), _)| {
            evidence.exclusion(almanac.month(*day), *municipality) == Excluded::No
        })
        .filter_map(|((day, municipality), _)| {
            let primary = residences.get(&almanac.month(*day))?.first()?;
            Some((*day, *municipality, primary.municipality))
        })
        .collect();
    let sleep = Sleep { fixes, spots: &spots, nights: &nights, thresholds, rule };
    let stays = sleep
        .complete(stays)
        .into_iter()
        .map(|stay| {
            let cell = cell_at(stay.latitude, stay.longitude);
            (stay, cell)
        })
        .collect();
    DeviceRecord { device, stays, nights, residences, workplaces, ties, visitor_days }
}

/// Distance between the representative points of two municipalities, kilometres. Home is kept as a
/// municipality, never as a point, so distances are between municipalities.
fn between_municipalities(a: MunicipalityCode, b: MunicipalityCode) -> f64 {
    let register = Register::japan();
    match (register.get(a), register.get(b)) {
        (Some(a), Some(b)) => distance_km((a.latitude, a.longitude), (b.latitude, b.longitude)),
        // A code outside the register (northern villages, undetermined land) is far from everywhere.
        _ => f64::INFINITY,
    }
}

#[cfg(test)]
#[path = "device_tests.rs"]
mod tests;
