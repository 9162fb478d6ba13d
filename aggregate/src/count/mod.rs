//! Device records → exact counts of every cube.
//!
//! In: device records, one after the other. Out: for each [`Cube`] how much each of its cells holds. A
//! device's share of a cell is capped by the cube's declaration, here and for every cube alike, so no rule
//! can forget it. That all its shares of a figure are no more than one is each rule's own (`split`). Memory grows with areas and periods, not with devices. A new cube is a declaration in
//! `kayoi_schemas::figure`, a rule in a file of this folder, and its arm in `rule`.

use std::collections::BTreeMap;

use kayoi_device::DeviceRecord;
use kayoi_schemas::definition::Definition;
use kayoi_schemas::figure::{Area, Atom, Class, Cube};
use kayoi_schemas::ids::{MunicipalityCode, PrefectureCode};
use kayoi_schemas::invariant::{Broken, distinct_within_sum};
use kayoi_schemas::time::Month;

mod flows;
mod panel;
mod people;
mod person_nights;
mod presence;
mod rebound;
mod runs;
mod split;
mod stays;
mod tie_days;
mod ties;
mod visitors;
mod work;
mod yearly;

/// The cells of one cube, each with its value.
pub(crate) type Cells = BTreeMap<Atom, u64>;

/// What one device adds to a cube, before its share is capped, and how much of it was left out before that.
type Rule = fn(&DeviceRecord, &Definition) -> (Cells, u64);

/// The rule by which a cube is counted.
fn rule(cube: Cube) -> Rule {
    match cube {
        Cube::ConnectedMonthly => ties::of_municipalities,
        Cube::ConnectedTotalsMonthly => ties::of_larger_areas,
        Cube::VisitorsDaily => visitors::daily,
        Cube::VisitorsMonthly => visitors::monthly,
        Cube::VisitorDaysMonthly => visitors::days_monthly,
        Cube::YearPanelMonthly => panel::of_year,
        Cube::MonthPanelMonthly => panel::of_month,
        Cube::StandingsMonthly => panel::standings,
        Cube::StaysMonthly => stays::patterns,
        Cube::StayNightsMonthly => stays::nights,
        Cube::StayHoursMonthly => stays::hours,
        Cube::PersonNightsMonthly => person_nights::monthly,
        Cube::PresenceMonthly => presence::hourly,
        Cube::LongPresenceMonthly => presence::long,
        Cube::FlowsMonthly => flows::of_visits,
        Cube::CellsMonthly => presence::cells,
        Cube::MeshesMonthly => presence::meshes,
        Cube::TripSizesMonthly => flows::trip_sizes,
        Cube::TripPairsMonthly => flows::trip_pairs,
        Cube::CommutersMonthly => work::commuters,
        Cube::TeleworkersMonthly => work::teleworkers,
        Cube::WorkDaysMonthly => work::work_days,
        Cube::TeleworkDaysMonthly => work::telework_days,
        Cube::SavedKmMonthly => work::saved_km,
        Cube::HomeDaysMonthly => work::home_days,
        Cube::TieDaysMonthly => tie_days::days,
        Cube::TieNightsMonthly => tie_days::nights,
        Cube::WorkationGuestsMonthly => stays::workation_guests,
        Cube::WorkationNightsMonthly => stays::workation_nights,
        Cube::OfficeUsersMonthly => work::office_users,
        Cube::OfficeDaysMonthly => work::office_days,
        Cube::DualRegimesYearly => yearly::dual_regimes,
        Cube::MunicipalitiesPerPersonYearly => yearly::municipalities_per_person,
        Cube::OriginsYearly => yearly::origins,
        Cube::ResidentsYearly => panel::of_year_end,
        Cube::ItinerantsQuarterly => yearly::itinerants,
        Cube::ItinerantNightsQuarterly => yearly::itinerant_nights,
        Cube::AgesYearly => people::ages_of_ties,
        Cube::SexesYearly => people::sexes_of_ties,
        Cube::SegmentsYearly => people::segments_of_areas,
        Cube::ResidentAgesYearly => people::residents,
        Cube::HomeHalvesYearly => people::home_halves,
        Cube::WaysYearly => rebound::ways,
        Cube::ReboundWaysYearly => rebound::rebound_and_ways,
    }
}

/// Exact counts of every cube.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    cubes: BTreeMap<Cube, Cells>,
    /// What caps left out: of sums the part beyond the cap, of ties the months in which a change was held back.
    left_out: BTreeMap<Cube, u64>,
}

static NO_CELLS: Cells = Cells::new();

impl Counts {
    /// Counts one device.
    pub(crate) fn count(&mut self, record: &DeviceRecord, definition: &Definition) {
        for cube in Cube::ALL {
            let most = u64::from(cube.declaration().most_of_a_device);
            let cells = self.cubes.entry(cube).or_default();
            let (counted, mut left_out) = rule(cube)(record, definition);
            for (atom, value) in counted {
                *cells.entry(atom).or_default() += value.min(most);
                left_out += value.saturating_sub(most);
            }
            self.leave_out(cube, left_out);
        }
    }

    /// Notes what was left out of a cube.
    pub(crate) fn leave_out(&mut self, cube: Cube, value: u64) {
        if value > 0 {
            *self.left_out.entry(cube).or_default() += value;
        }
    }

    /// What was left out, by cube.
    pub(crate) fn left_out(&self) -> &BTreeMap<Cube, u64> {
        &self.left_out
    }

    /// Adds to one cell.
    pub(crate) fn put(&mut self, cube: Cube, atom: Atom, value: u64) {
        *self.cubes.entry(cube).or_default().entry(atom).or_default() += value;
    }

    /// Adds the counts of other devices.
    pub(crate) fn add(&mut self, other: Self) {
        other.left_out.iter().for_each(|(cube, value)| self.leave_out(*cube, *value));
        for (cube, cells) in other.cubes {
            let known = self.cubes.entry(cube).or_default();
            for (atom, value) in cells {
                *known.entry(atom).or_default() += value;
            }
        }
    }

    /// Marks the months in which each cube was counted by a cell of nobody, or it would hang on somebody whether a
    /// month has figures.
    pub(crate) fn mark(&mut self, months: &[Month], tie_months: &[Month]) {
        let cubes = [
            (Cube::ConnectedMonthly, tie_months),
            (Cube::VisitorsMonthly, months),
            (Cube::YearPanelMonthly, tie_months),
            (Cube::MonthPanelMonthly, months),
        ];
        let Some(origin) = any_origin() else { return };
        let class = Class::ALL;
        for (cube, months) in cubes {
            for month in months {
                self.put(cube, Atom { period: month.0, area: Area::Municipality(origin), origin, class }, 0);
            }
        }
    }

    /// The cells of a cube.
    pub(crate) fn of(&self, cube: Cube) -> &BTreeMap<Atom, u64> {
        self.cubes.get(&cube).unwrap_or(&NO_CELLS)
    }

    /// Checks what must hold between cubes: the distinct devices of a larger area are at most the sum over
    /// its municipalities, and at least the largest of them, but for those whom the bound on runs left out of it.
    ///
    /// # Errors
    /// [`Broken`] with the figures: a defect, and nothing may be released.
    pub(crate) fn check(&self) -> Result<(), Broken> {
        let mut of_places: BTreeMap<(i32, Area), u64> = BTreeMap::new();
        for (atom, value) in self.of(Cube::ConnectedMonthly) {
            *of_places.entry((atom.period, atom.area)).or_default() += value;
        }
        let mut of_areas: BTreeMap<(i32, Area), u64> = BTreeMap::new();
        for (atom, value) in self.of(Cube::ConnectedTotalsMonthly) {
            *of_areas.entry((atom.period, atom.area)).or_default() += value;
        }
        let left_out = self.left_out.get(&Cube::ConnectedTotalsMonthly).copied().unwrap_or_default();
        for ((period, area), distinct) in of_areas {
            // Municipalities are added up here, so that an area that was counted by itself is checked by
            // another way.
            let places = of_places.iter().filter(|((found, place), _)| {
                *found == period && prefecture_of(*place).is_some_and(|prefecture| area.contains(prefecture))
            });
            let places: Vec<u64> = places.map(|(_, value)| *value).collect();
            let sum: u64 = places.iter().sum();
            distinct_within_sum((distinct + left_out).min(sum).max(distinct), &places)?;
        }
        Ok(())
    }
}

/// The origin of a cell that has none. Any municipality does; Sapporo is the first of the register.
fn any_origin() -> Option<MunicipalityCode> {
    MunicipalityCode::from_number(1_100)
}

fn prefecture_of(area: Area) -> Option<PrefectureCode> {
    match area {
        Area::Municipality(code) => Some(code.prefecture()),
        Area::Prefecture(code) => Some(code),
        Area::Country | Area::Cell(_) | Area::Mesh(_) => None,
    }
}

#[cfg(test)]
#[path = "count_tests.rs"]
mod tests;
#[cfg(test)]
#[path = "activity_tests.rs"]
mod activity_tests;
