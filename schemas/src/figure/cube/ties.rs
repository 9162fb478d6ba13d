//! The cubes of ties, visitors and panels.
//!
//! In: nothing. Out: their declarations.

use super::super::dimension::Dimension;
use super::{Additive, Areas, Declaration, NO_SUMS, Period, Unit};
use crate::tables::ReleaseTable;

/// Days of one device in one municipality, month and type of day that count: a visitor who comes every weekday
/// weighs no more than five, which bounds the noise of the mean. There is no precedent: the number is Kayoi's.
pub const MOST_VISIT_DAYS: u32 = 5;

const TIE_DIMENSIONS: &[Dimension] = &[
    Dimension::VisitDays,
    Dimension::Rung,
    Dimension::DualResident,
    Dimension::Workation,
    Dimension::Purposes,
];

pub(super) const CONNECTED_MONTHLY: Declaration = Declaration {
    name: "connected_monthly",
    title_ja: "市区町村の関係人口(月)",
    title_en: "Connected population of municipalities, by month",
    unit: Unit::Devices,
    per_one: 1,
    most_of_a_device: 1,
    period: Period::Month,
    areas: Areas::Municipalities,
    dimensions: TIE_DIMENSIONS,
    additive: NO_SUMS,
    released_in: Some(ReleaseTable::ConnectedMonthly),
};

pub(super) const CONNECTED_TOTALS_MONTHLY: Declaration = Declaration {
    name: "connected_totals_monthly",
    title_ja: "都道府県と全国の関係人口(月、実人数)",
    title_en: "Connected population of prefectures and the country, by month, each person once",
    unit: Unit::Devices,
    per_one: 1,
    most_of_a_device: 1,
    period: Period::Month,
    areas: Areas::PrefecturesAndCountry,
    // A device with several ties has a class of visit days for each, so it has none for the area.
    dimensions: &[Dimension::Rung, Dimension::DualResident, Dimension::Workation],
    additive: NO_SUMS,
    released_in: Some(ReleaseTable::ConnectedTotalsMonthly),
};

pub(super) const VISITORS_DAILY: Declaration = Declaration {
    name: "visitors_daily",
    title_ja: "市区町村の来訪者(日)",
    title_en: "Visitors of municipalities, by day",
    unit: Unit::Devices,
    per_one: 1,
    most_of_a_device: 1,
    period: Period::Day,
    areas: Areas::Municipalities,
    dimensions: &[],
    additive: NO_SUMS,
    released_in: Some(ReleaseTable::VisitorsDaily),
};

pub(super) const VISITORS_MONTHLY: Declaration = Declaration {
    name: "visitors_monthly",
    title_ja: "市区町村の来訪者(月、平日・休日別)",
    title_en: "Visitors of municipalities in a month, on weekdays and on holidays",
    unit: Unit::Devices,
    per_one: 1,
    most_of_a_device: 1,
    period: Period::Month,
    areas: Areas::Municipalities,
    dimensions: &[Dimension::DayType],
    additive: NO_SUMS,
    released_in: Some(ReleaseTable::VisitorsMonthly),
};

pub(super) const VISITOR_DAYS_MONTHLY: Declaration = Declaration {
    name: "visitor_days_monthly",
    title_ja: "市区町村の延べ来訪日数(月、平日・休日別)",
    title_en: "Days of the visitors of municipalities in a month, on weekdays and on holidays",
    unit: Unit::Days,
    per_one: 1,
    most_of_a_device: MOST_VISIT_DAYS,
    period: Period::Month,
    areas: Areas::Municipalities,
    dimensions: &[Dimension::DayType],
    additive: Additive { over_areas: true, over_periods: true },
    released_in: Some(ReleaseTable::VisitorsMonthly),
};

pub(super) const YEAR_PANEL_MONTHLY: Declaration = Declaration {
    name: "year_panel_monthly",
    title_ja: "年パネルの居住者(月)",
    title_en: "Residents of municipalities in the panel of the year, by month",
    unit: Unit::Devices,
    per_one: 1,
    most_of_a_device: 1,
    period: Period::Month,
    areas: Areas::Municipalities,
    dimensions: &[],
    additive: Additive { over_areas: true, over_periods: false },
    released_in: Some(ReleaseTable::ReleaseWeights),
};

pub(super) const MONTH_PANEL_MONTHLY: Declaration = Declaration {
    name: "month_panel_monthly",
    title_ja: "月パネルの居住者(月)",
    title_en: "Residents of municipalities in the panel of the month, by month",
    ..YEAR_PANEL_MONTHLY
};

pub(super) const STANDINGS_MONTHLY: Declaration = Declaration {
    name: "standings_monthly",
    title_ja: "居住地が分かる端末と分からない端末(月)",
    title_en: "Devices seen in a month, by what is known of where they live",
    unit: Unit::Devices,
    per_one: 1,
    most_of_a_device: 1,
    period: Period::Month,
    areas: Areas::PrefecturesAndCountry,
    dimensions: &[Dimension::Standing],
    additive: NO_SUMS,
    released_in: Some(ReleaseTable::PanelCoverage),
};
