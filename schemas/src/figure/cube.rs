//! Every cube that is counted, declared once.
//!
//! In: nothing. Out: for each [`Cube`] its names, unit, period, areas, dimensions, the most that one device
//! adds, and what may be added to what. Counting, the note of a piece, the table `indicators` and the release
//! read the declaration; another cube is an entry here and a rule in aggregate's `count`.

use super::dimension::Dimension;
use crate::tables::ReleaseTable;

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
    /// Nights away from home in a municipality in a month.
    PersonNightsMonthly,
}

/// The span of time that one cell of a cube is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// A local day, from 04:00.
    Day,
    /// A calendar month.
    Month,
}

/// The areas that a cube has cells for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Areas {
    /// Each municipality by itself.
    Municipalities,
    /// Each prefecture, and the country.
    PrefecturesAndCountry,
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
    /// The most that one device adds to one cell; 1 where devices are counted.
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

/// Nights of one device in one municipality and month that count. A guest who stays a whole month weighs no
/// more than four working weeks: the cap bounds what one device changes, which is what noise must cover.
/// There is no precedent: the number is Kayoi's.
const MOST_NIGHTS: u32 = 20;

/// Days of one device in one municipality, month and type of day that count: a visitor who comes every weekday
/// weighs no more than five, which bounds the noise of the mean. There is no precedent: the number is Kayoi's.
pub const MOST_VISIT_DAYS: u32 = 5;

const TIE_DIMENSIONS: &[Dimension] =
    &[Dimension::VisitDays, Dimension::Rung, Dimension::DualResident, Dimension::Workation];
const NO_SUMS: Additive = Additive { over_areas: false, over_periods: false };

const CONNECTED_MONTHLY: Declaration = Declaration {
    name: "connected_monthly",
    title_ja: "市区町村の関係人口(月)",
    title_en: "Connected population of municipalities, by month",
    unit: Unit::Devices,
    most_of_a_device: 1,
    period: Period::Month,
    areas: Areas::Municipalities,
    dimensions: TIE_DIMENSIONS,
    additive: NO_SUMS,
    released_in: Some(ReleaseTable::ConnectedMonthly),
};

const CONNECTED_TOTALS_MONTHLY: Declaration = Declaration {
    name: "connected_totals_monthly",
    title_ja: "都道府県と全国の関係人口(月、実人数)",
    title_en: "Connected population of prefectures and the country, by month, each person once",
    unit: Unit::Devices,
    most_of_a_device: 1,
    period: Period::Month,
    areas: Areas::PrefecturesAndCountry,
    // A device with several ties has a class of visit days for each, so it has none for the area.
    dimensions: &[Dimension::Rung, Dimension::DualResident, Dimension::Workation],
    additive: NO_SUMS,
    released_in: Some(ReleaseTable::ConnectedTotalsMonthly),
};

const VISITORS_DAILY: Declaration = Declaration {
    name: "visitors_daily",
    title_ja: "市区町村の来訪者(日)",
    title_en: "Visitors of municipalities, by day",
    unit: Unit::Devices,
    most_of_a_device: 1,
    period: Period::Day,
    areas: Areas::Municipalities,
    dimensions: &[],
    additive: NO_SUMS,
    released_in: Some(ReleaseTable::VisitorsDaily),
};

const VISITORS_MONTHLY: Declaration = Declaration {
    name: "visitors_monthly",
    title_ja: "市区町村の来訪者(月、平日・休日別)",
    title_en: "Visitors of municipalities in a month, on weekdays and on holidays",
    unit: Unit::Devices,
    most_of_a_device: 1,
    period: Period::Month,
    areas: Areas::Municipalities,
    dimensions: &[Dimension::DayType],
    additive: NO_SUMS,
    released_in: Some(ReleaseTable::VisitorsMonthly),
};

const VISITOR_DAYS_MONTHLY: Declaration = Declaration {
    name: "visitor_days_monthly",
    title_ja: "市区町村の延べ来訪日数(月、平日・休日別)",
    title_en: "Days of the visitors of municipalities in a month, on weekdays and on holidays",
    unit: Unit::Days,
    most_of_a_device: MOST_VISIT_DAYS,
    period: Period::Month,
    areas: Areas::Municipalities,
    dimensions: &[Dimension::DayType],
    additive: Additive { over_areas: true, over_periods: true },
    released_in: Some(ReleaseTable::VisitorsMonthly),
};

const YEAR_PANEL_MONTHLY: Declaration = Declaration {
    name: "year_panel_monthly",
    title_ja: "年パネルの居住者(月)",
    title_en: "Residents of municipalities in the panel of the year, by month",
    unit: Unit::Devices,
    most_of_a_device: 1,
    period: Period::Month,
    areas: Areas::Municipalities,
    dimensions: &[],
    additive: Additive { over_areas: true, over_periods: false },
    released_in: Some(ReleaseTable::ReleaseWeights),
};

const MONTH_PANEL_MONTHLY: Declaration = Declaration {
    name: "month_panel_monthly",
    title_ja: "月パネルの居住者(月)",
    title_en: "Residents of municipalities in the panel of the month, by month",
    ..YEAR_PANEL_MONTHLY
};

const STANDINGS_MONTHLY: Declaration = Declaration {
    name: "standings_monthly",
    title_ja: "居住地が分かる端末と分からない端末(月)",
    title_en: "Devices seen in a month, by what is known of where they live",
    unit: Unit::Devices,
    most_of_a_device: 1,
    period: Period::Month,
    areas: Areas::PrefecturesAndCountry,
    dimensions: &[Dimension::Standing],
    additive: NO_SUMS,
    released_in: Some(ReleaseTable::PanelCoverage),
};

const PERSON_NIGHTS_MONTHLY: Declaration = Declaration {
    name: "person_nights_monthly",
    title_ja: "居住地以外での延べ宿泊数(月)",
    title_en: "Nights slept away from the primary residence, by month",
    unit: Unit::Nights,
    most_of_a_device: MOST_NIGHTS,
    period: Period::Month,
    areas: Areas::Municipalities,
    dimensions: &[],
    additive: Additive { over_areas: true, over_periods: true },
    released_in: None,
};

impl Cube {
    /// All cubes, in the order in which they are counted.
    pub const ALL: [Self; 9] = [
        Self::ConnectedMonthly,
        Self::ConnectedTotalsMonthly,
        Self::VisitorsDaily,
        Self::VisitorsMonthly,
        Self::VisitorDaysMonthly,
        Self::YearPanelMonthly,
        Self::MonthPanelMonthly,
        Self::StandingsMonthly,
        Self::PersonNightsMonthly,
    ];

    /// What all cells of the cube have in common.
    pub const fn declaration(self) -> Declaration {
        match self {
            Self::ConnectedMonthly => CONNECTED_MONTHLY,
            Self::ConnectedTotalsMonthly => CONNECTED_TOTALS_MONTHLY,
            Self::VisitorsDaily => VISITORS_DAILY,
            Self::VisitorsMonthly => VISITORS_MONTHLY,
            Self::VisitorDaysMonthly => VISITOR_DAYS_MONTHLY,
            Self::YearPanelMonthly => YEAR_PANEL_MONTHLY,
            Self::MonthPanelMonthly => MONTH_PANEL_MONTHLY,
            Self::StandingsMonthly => STANDINGS_MONTHLY,
            Self::PersonNightsMonthly => PERSON_NIGHTS_MONTHLY,
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
        let Declaration { name, unit, most_of_a_device, period, areas, dimensions, .. } = cube.declaration();
        let line = format!("{name} {unit:?} {most_of_a_device} {period:?} {areas:?} {dimensions:?}\n");
        hasher.update(line.as_bytes());
    }
    hasher.finalize().to_hex()[..12].to_owned()
}
