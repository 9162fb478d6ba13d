//! Everything about one device, from its fixes to its ties.
//!
//! In: the fixes of one device, sorted. Out: its stays, nights, residences and ties, and the days on which it
//! visited somewhere. The precise points of a home exist only in here and are gone when the function returns.

use std::collections::BTreeMap;

use kayoi_geography::Register;
use kayoi_geography::cell::cell_at;
use kayoi_schemas::definition::Definition;
use kayoi_schemas::ids::{Cell, DeviceId, MunicipalityCode};
use kayoi_schemas::time::{Day, DayRule, Month};
use kayoi_schemas::units::distance_km;

use crate::fixes::Fix;
use crate::nights::{Nights, nights};
use crate::presence::presence;
use crate::residences::{Ledger, Residence, residences};
use crate::stays::{Stay, stays};
use crate::ties::{Evidence, Excluded, Tie};

/// Which months are computed.
#[derive(Debug, Clone)]
pub struct Period {
    /// Every month with data, for residences.
    pub months: Vec<Month>,
    /// The months whose ties are published: those with twelve months of data before their end.
    pub tie_months: Vec<Month>,
    /// Where days start.
    pub rule: DayRule,
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
    /// Its ties, by month.
    pub ties: BTreeMap<Month, Vec<Tie>>,
    /// Days on which it visited a municipality, with its origin.
    pub visitor_days: Vec<(Day, MunicipalityCode, MunicipalityCode)>,
}

/// Measures one device. `fixes` are of one device, by time.
pub fn measure(device: DeviceId, fixes: &[Fix], definition: &Definition, period: &Period) -> DeviceRecord {
    let thresholds = &definition.thresholds;
    let stays = stays(fixes, thresholds, period.rule);
    let cell_of = |stay: &Stay| cell_at(stay.latitude, stay.longitude);
    let presence = presence(fixes, &stays, &cell_of, thresholds, period.rule);
    let nights = nights(&stays, fixes, thresholds, period.rule, &between_municipalities);
    let ledger = Ledger::of(&nights);
    let residences: BTreeMap<Month, Vec<Residence>> = period
        .months
        .iter()
        .map(|month| (*month, residences(&ledger, *month, thresholds, &between_municipalities)))
        .filter(|(_, residences)| !residences.is_empty())
        .collect();
    let by_night = nights.known().collect();
    let evidence = Evidence {
        presence: &presence,
        nights: &by_night,
        residences: &residences,
        distance_km: &between_municipalities,
        definition,
    };
    let ties = period.tie_months.iter().map(|month| (*month, evidence.ties(*month))).collect();
    let visitor_days = presence
        .iter()
        .filter(|(_, presence)| evidence.is_visit(presence))
        .filter(|((day, municipality), _)| evidence.exclusion(day.month(), *municipality) == Excluded::No)
        .filter_map(|((day, municipality), _)| {
            let primary = residences.get(&day.month())?.first()?;
            Some((*day, *municipality, primary.municipality))
        })
        .collect();
    let stays =
        stays.into_iter().map(|stay| (cell_of(&stay), stay)).map(|(cell, stay)| (stay, cell)).collect();
    DeviceRecord { device, stays, nights, residences, ties, visitor_days }
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
