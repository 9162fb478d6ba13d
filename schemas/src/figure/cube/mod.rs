//! Every cube that is counted, declared once.
//!
//! In: nothing. Out: for each [`Cube`] its names, unit, period, areas, dimensions, the most that one device
//! adds, and what may be added to what. Counting, the note of a piece, the table `indicators` and the release
//! read the declaration; another cube is an entry here and a rule in aggregate's `count`.

use super::dimension::Dimension;
use crate::tables::ReleaseTable;
use crate::time::Month;

mod activity;
mod people;
mod ties;
mod work;
mod yearly;

pub use ties::MOST_VISIT_DAYS;

const NO_SUMS: Additive = Additive { over_areas: false, over_periods: false };

/// A cube of exact counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cube {
    /// Ties of a municipality in a month.
    ConnectedMonthly,
    /// Distinct devices of a prefecture or the country in a month.
    ConnectedTotalsMonthly,
    /// Visitors of a municipality on a day.
    VisitorsDaily,
    /// Visitors of a municipality in a month, on weekdays and on holidays.
    VisitorsMonthly,
    /// The days that they were there.
    VisitorDaysMonthly,
    /// Devices of the year's panel by primary residence, for weights of figures over a year.
    YearPanelMonthly,
    /// Devices of the month's panel by primary residence, for weights of figures of a month or a day.
    MonthPanelMonthly,
    /// All devices of a month by what is known of where they live.
    StandingsMonthly,
    /// Visitors of a municipality by where they slept.
    StaysMonthly,
    /// Visitors with a night in a municipality by the nights of their visits.
    StayNightsMonthly,
    /// Day visitors of a municipality by their hours there.
    StayHoursMonthly,
    /// Nights away from home in a municipality in a month.
    PersonNightsMonthly,
    /// People in a municipality at an hour, on an average weekday or day off.
    PresenceMonthly,
    /// The same of those who stay for two hours or more, at the hours of RESAS.
    LongPresenceMonthly,
    /// Visitors of a municipality by another one that their visit is bound to.
    FlowsMonthly,
    /// People in an H3 cell of a municipality.
    CellsMonthly,
    /// People in a JIS mesh of a municipality.
    MeshesMonthly,
    /// Visitors of a municipality by how many their trip visited.
    TripSizesMonthly,
    /// Visitors of a municipality by another one of the same trip.
    TripPairsMonthly,
    /// Commuters, where they live and where they work.
    CommutersMonthly,
    /// Those among them who also work at home.
    TeleworkersMonthly,
    /// Their days at the workplace.
    WorkDaysMonthly,
    /// Their days of telework.
    TeleworkDaysMonthly,
    /// Kilometres of commuting that these saved.
    SavedKmMonthly,
    /// Commuters by how many of their working days they were at home, where they live.
    HomeDaysMonthly,
    /// Days in a month of visitors, by kind of tie.
    TieDaysMonthly,
    /// Their nights.
    TieNightsMonthly,
    /// Guests of workation stays.
    WorkationGuestsMonthly,
    /// Their nights.
    WorkationNightsMonthly,
    /// Users of offices that an operator named.
    OfficeUsersMonthly,
    /// Their days there.
    OfficeDaysMonthly,
    /// Dual residents of a municipality by the rhythm of their nights and the block they come from.
    DualRegimesYearly,
    /// Connected people by how many municipalities they are connected to, where they live.
    MunicipalitiesPerPersonYearly,
    /// People tied to a municipality by the municipality where they live, or work.
    OriginsYearly,
    /// Residents of municipalities in the panel of the year, for weights of one municipality of origin.
    ResidentsYearly,
    /// People on the road for months, by where they slept.
    ItinerantsQuarterly,
    /// Their nights.
    ItinerantNightsQuarterly,
    /// People tied to a municipality by age.
    AgesYearly,
    /// People tied to a municipality by sex.
    SexesYearly,
    /// People tied to municipalities of a prefecture, or of the country, by age and sex.
    SegmentsYearly,
    /// Residents of prefectures in the panel of the year by age and sex, for weights.
    ResidentAgesYearly,
    /// People tied to a municipality by which half of all homes they live in, for the design effect.
    HomeHalvesYearly,
    /// The ways to work of those whose days at the workplace and of telework are both well seen.
    WaysYearly,
    /// What of these ways they go on days of telework all the same, with the way once more.
    ReboundWaysYearly,
}

/// The span of time that one cell of a cube is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// A local day, from 04:00.
    Day,
    /// A calendar month.
    Month,
}

/// How often a cube is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rhythm {
    /// Each month, or each day of it.
    Monthly,
    /// In the last month of each quarter.
    Quarterly,
    /// In the last month of each calendar year and fiscal year.
    Yearly,
    /// In the last month of each fiscal year.
    FiscalYearly,
}

impl Rhythm {
    /// Whether a month is one in which it is drawn.
    pub fn has(self, month: Month) -> bool {
        let next = month.plus(1);
        match self {
            Self::Monthly => true,
            Self::Quarterly => next.quarter() != month.quarter(),
            Self::FiscalYearly => next.fiscal_year() != month.fiscal_year(),
            Self::Yearly => next.year() != month.year() || next.fiscal_year() != month.fiscal_year(),
        }
    }
}

/// The areas that a cube has cells for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Areas {
    /// Each municipality by itself.
    Municipalities,
    /// Each prefecture, and the country.
    PrefecturesAndCountry,
    /// Each H3 cell or mesh, with its municipality in the place of the origin.
    Cells,
}

/// What a cube's numbers count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Distinct devices, each counted once in a cell.
    Devices,
    /// Nights, of which each device adds a limited number.
    Nights,
    /// Days, of which each device adds a limited number.
    Days,
    /// Devices, each of which may be split over several cells: in parts of one, at most a whole one in all.
    Shares,
    /// Kilometres, of which each device adds a limited number.
    Kilometres,
}

/// Along what the cells of a cube may be added up. Origins and classes always may: a device has one of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Additive {
    /// Whether areas may be added up: not where one device may be counted in several.
    pub over_areas: bool,
    /// Whether periods may be added up: not where one device may be counted in several.
    pub over_periods: bool,
}

/// All that is common to the cells of a cube.
#[derive(Debug, Clone, Copy)]
pub struct Declaration {
    /// The word in `indicators.cube`.
    pub name: &'static str,
    /// Title in Japanese.
    pub title_ja: &'static str,
    /// Title in English.
    pub title_en: &'static str,
    /// What its numbers count.
    pub unit: Unit,
    /// How many stand for one of the unit: 1, or so many parts as a device is split into.
    pub per_one: u32,
    /// The most that one device adds to one cell, in the same parts; one device where devices are counted.
    pub most_of_a_device: u32,
    /// What a cell's period is.
    pub period: Period,
    /// What a cell's area is.
    pub areas: Areas,
    /// What splits the cube further, beside period, area and origin.
    pub dimensions: &'static [Dimension],
    /// What may be added up.
    pub additive: Additive,
    /// The release table that shows the cube; `None` while it is counted and not released.
    pub released_in: Option<ReleaseTable>,
}

impl Declaration {
    /// Whether its numbers are devices, whole or in parts, and not a sum of something that each has more of.
    pub fn counts_devices(&self) -> bool {
        matches!(self.unit, Unit::Devices | Unit::Shares)
    }
}

impl Cube {
    /// All cubes, in the order in which they are counted.
    pub const ALL: [Self; 44] = [
        Self::ConnectedMonthly,
        Self::ConnectedTotalsMonthly,
        Self::VisitorsDaily,
        Self::VisitorsMonthly,
        Self::VisitorDaysMonthly,
        Self::YearPanelMonthly,
        Self::MonthPanelMonthly,
        Self::StandingsMonthly,
        Self::StaysMonthly,
        Self::StayNightsMonthly,
        Self::StayHoursMonthly,
        Self::PersonNightsMonthly,
        Self::PresenceMonthly,
        Self::LongPresenceMonthly,
        Self::FlowsMonthly,
        Self::CellsMonthly,
        Self::MeshesMonthly,
        Self::TripSizesMonthly,
        Self::TripPairsMonthly,
        Self::CommutersMonthly,
        Self::TeleworkersMonthly,
        Self::WorkDaysMonthly,
        Self::TeleworkDaysMonthly,
        Self::SavedKmMonthly,
        Self::HomeDaysMonthly,
        Self::TieDaysMonthly,
        Self::TieNightsMonthly,
        Self::WorkationGuestsMonthly,
        Self::WorkationNightsMonthly,
        Self::OfficeUsersMonthly,
        Self::OfficeDaysMonthly,
        Self::DualRegimesYearly,
        Self::MunicipalitiesPerPersonYearly,
        Self::OriginsYearly,
        Self::ResidentsYearly,
        Self::ItinerantsQuarterly,
        Self::ItinerantNightsQuarterly,
        Self::AgesYearly,
        Self::SexesYearly,
        Self::SegmentsYearly,
        Self::ResidentAgesYearly,
        Self::HomeHalvesYearly,
        Self::WaysYearly,
        Self::ReboundWaysYearly,
    ];

    /// What all cells of the cube have in common.
    pub const fn declaration(self) -> Declaration {
        match self {
            Self::ConnectedMonthly => ties::CONNECTED_MONTHLY,
            Self::ConnectedTotalsMonthly => ties::CONNECTED_TOTALS_MONTHLY,
            Self::VisitorsDaily => ties::VISITORS_DAILY,
            Self::VisitorsMonthly => ties::VISITORS_MONTHLY,
            Self::VisitorDaysMonthly => ties::VISITOR_DAYS_MONTHLY,
            Self::YearPanelMonthly => ties::YEAR_PANEL_MONTHLY,
            Self::MonthPanelMonthly => ties::MONTH_PANEL_MONTHLY,
            Self::StandingsMonthly => ties::STANDINGS_MONTHLY,
            Self::StaysMonthly => activity::STAYS_MONTHLY,
            Self::StayNightsMonthly => activity::STAY_NIGHTS_MONTHLY,
            Self::StayHoursMonthly => activity::STAY_HOURS_MONTHLY,
            Self::PersonNightsMonthly => activity::PERSON_NIGHTS_MONTHLY,
            Self::PresenceMonthly => activity::PRESENCE_MONTHLY,
            Self::LongPresenceMonthly => activity::LONG_PRESENCE_MONTHLY,
            Self::FlowsMonthly => activity::FLOWS_MONTHLY,
            Self::CellsMonthly => activity::CELLS_MONTHLY,
            Self::MeshesMonthly => activity::MESHES_MONTHLY,
            Self::TripSizesMonthly => activity::TRIP_SIZES_MONTHLY,
            Self::TripPairsMonthly => activity::TRIP_PAIRS_MONTHLY,
            Self::CommutersMonthly => work::COMMUTERS_MONTHLY,
            Self::TeleworkersMonthly => work::TELEWORKERS_MONTHLY,
            Self::WorkDaysMonthly => work::WORK_DAYS_MONTHLY,
            Self::TeleworkDaysMonthly => work::TELEWORK_DAYS_MONTHLY,
            Self::SavedKmMonthly => work::SAVED_KM_MONTHLY,
            Self::HomeDaysMonthly => work::HOME_DAYS_MONTHLY,
            Self::TieDaysMonthly => work::TIE_DAYS_MONTHLY,
            Self::TieNightsMonthly => work::TIE_NIGHTS_MONTHLY,
            Self::WorkationGuestsMonthly => work::WORKATION_GUESTS_MONTHLY,
            Self::WorkationNightsMonthly => work::WORKATION_NIGHTS_MONTHLY,
            Self::OfficeUsersMonthly => work::OFFICE_USERS_MONTHLY,
            Self::OfficeDaysMonthly => work::OFFICE_DAYS_MONTHLY,
            Self::DualRegimesYearly => yearly::DUAL_REGIMES_YEARLY,
            Self::MunicipalitiesPerPersonYearly => yearly::MUNICIPALITIES_PER_PERSON_YEARLY,
            Self::OriginsYearly => yearly::ORIGINS_YEARLY,
            Self::ResidentsYearly => yearly::RESIDENTS_YEARLY,
            Self::ItinerantsQuarterly => yearly::ITINERANTS_QUARTERLY,
            Self::ItinerantNightsQuarterly => yearly::ITINERANT_NIGHTS_QUARTERLY,
            Self::AgesYearly => people::AGES_YEARLY,
            Self::SexesYearly => people::SEXES_YEARLY,
            Self::SegmentsYearly => people::SEGMENTS_YEARLY,
            Self::ResidentAgesYearly => people::RESIDENT_AGES_YEARLY,
            Self::HomeHalvesYearly => people::HOME_HALVES_YEARLY,
            Self::WaysYearly => work::WAYS_YEARLY,
            Self::ReboundWaysYearly => work::REBOUND_WAYS_YEARLY,
        }
    }

    /// Cubes with a figure for each combination of area and class, whose tables are made of nothing else.
    pub const CLASSED: [Self; 31] = [
        Self::StaysMonthly,
        Self::StayNightsMonthly,
        Self::StayHoursMonthly,
        Self::PersonNightsMonthly,
        Self::PresenceMonthly,
        Self::LongPresenceMonthly,
        Self::TripSizesMonthly,
        Self::CommutersMonthly,
        Self::TeleworkersMonthly,
        Self::WorkDaysMonthly,
        Self::TeleworkDaysMonthly,
        Self::SavedKmMonthly,
        Self::HomeDaysMonthly,
        Self::TieDaysMonthly,
        Self::TieNightsMonthly,
        Self::WorkationGuestsMonthly,
        Self::WorkationNightsMonthly,
        Self::OfficeUsersMonthly,
        Self::OfficeDaysMonthly,
        Self::DualRegimesYearly,
        Self::MunicipalitiesPerPersonYearly,
        Self::ResidentsYearly,
        Self::ItinerantsQuarterly,
        Self::ItinerantNightsQuarterly,
        Self::AgesYearly,
        Self::SexesYearly,
        Self::SegmentsYearly,
        Self::ResidentAgesYearly,
        Self::HomeHalvesYearly,
        Self::WaysYearly,
        Self::ReboundWaysYearly,
    ];

    /// Cubes whose figures are keyed by another municipality or a cell: millions, nearly all of which hold nobody. In
    /// their atoms the origin is the other municipality, or that of the cell.
    pub const KEYED: [Self; 5] = [
        Self::FlowsMonthly,
        Self::CellsMonthly,
        Self::MeshesMonthly,
        Self::TripPairsMonthly,
        Self::OriginsYearly,
    ];

    /// How often a cube is drawn.
    pub const fn rhythm(self) -> Rhythm {
        match self {
            Self::DualRegimesYearly
            | Self::MunicipalitiesPerPersonYearly
            | Self::OriginsYearly
            | Self::ResidentsYearly
            | Self::AgesYearly
            | Self::SexesYearly
            | Self::SegmentsYearly
            | Self::ResidentAgesYearly
            | Self::HomeHalvesYearly => Rhythm::Yearly,
            Self::ItinerantsQuarterly | Self::ItinerantNightsQuarterly => Rhythm::Quarterly,
            Self::WaysYearly | Self::ReboundWaysYearly => Rhythm::FiscalYearly,
            _ => Rhythm::Monthly,
        }
    }

    /// The cube of a name; `None` when no cube has it.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cube| cube.declaration().name == name)
    }
}

/// A hash of all declarations: 12 hexadecimal digits of BLAKE3 over what decides a number. Counts made under
/// another declaration are not mixed with these.
pub fn declaration_hash() -> String {
    let mut hasher = blake3::Hasher::new();
    for cube in Cube::ALL {
        let Declaration { name, unit, per_one, most_of_a_device, period, areas, dimensions, .. } =
            cube.declaration();
        let line =
            format!("{name} {unit:?} {per_one} {most_of_a_device} {period:?} {areas:?} {dimensions:?}\n");
        hasher.update(line.as_bytes());
    }
    hasher.finalize().to_hex()[..12].to_owned()
}
