//! The cubes of the year, and of the quarter, that ends with a month.
//!
//! In: nothing. Out: their declarations.

use super::super::dimension::Dimension;
use super::{Additive, Areas, Declaration, NO_SUMS, Period, Unit};
use crate::tables::ReleaseTable;

/// Nights of one device on the road in a quarter and prefecture that count.
const MOST_ROAD_NIGHTS: u32 = 60;

pub(super) const DUAL_REGIMES_YEARLY: Declaration = Declaration {
    name: "dual_regimes_yearly",
    title_ja: "二地域居住者の滞在の型(年)",
    title_en: "Dual residents of municipalities by the rhythm of their nights, in a year",
    unit: Unit::Devices,
    per_one: 1,
    most_of_a_device: 1,
    period: Period::Month,
    areas: Areas::Municipalities,
    dimensions: &[Dimension::Regime],
    additive: NO_SUMS,
    released_in: Some(ReleaseTable::DualRegimesYearly),
};

pub(super) const MUNICIPALITIES_PER_PERSON_YEARLY: Declaration = Declaration {
    name: "municipalities_per_person_yearly",
    title_ja: "1人が関係する市区町村の数(年)",
    title_en: "Connected people by how many municipalities they are connected to, in a year",
    unit: Unit::Devices,
    per_one: 1,
    most_of_a_device: 1,
    period: Period::Month,
    areas: Areas::PrefecturesAndCountry,
    dimensions: &[Dimension::Municipalities],
    additive: NO_SUMS,
    released_in: Some(ReleaseTable::MunicipalitiesPerPersonYearly),
};

pub(super) const ORIGINS_YEARLY: Declaration = Declaration {
    name: "origins_yearly",
    title_ja: "居住地・従業地別の関係人口(年)",
    title_en: "Ties of municipalities by the municipality where people live, or work, in a year",
    unit: Unit::Devices,
    per_one: 1,
    most_of_a_device: 1,
    period: Period::Month,
    areas: Areas::Municipalities,
    dimensions: &[Dimension::Kind, Dimension::Side],
    additive: NO_SUMS,
    released_in: Some(ReleaseTable::MatchingYearly),
};

pub(super) const RESIDENTS_YEARLY: Declaration = Declaration {
    name: "residents_yearly",
    title_ja: "年パネルの居住者(年)",
    title_en: "Residents of municipalities in the panel of the year, once a year",
    unit: Unit::Devices,
    per_one: 1,
    most_of_a_device: 1,
    period: Period::Month,
    areas: Areas::Municipalities,
    dimensions: &[],
    additive: Additive { over_areas: true, over_periods: false },
    released_in: Some(ReleaseTable::MatchingYearly),
};

pub(super) const ITINERANTS_QUARTERLY: Declaration = Declaration {
    name: "itinerants_quarterly",
    title_ja: "各地を巡る人(四半期)",
    title_en: "People on the road for months, by where they slept in a quarter",
    unit: Unit::Devices,
    per_one: 1,
    most_of_a_device: 1,
    period: Period::Month,
    areas: Areas::PrefecturesAndCountry,
    dimensions: &[],
    additive: NO_SUMS,
    released_in: Some(ReleaseTable::ItinerantsQuarterly),
};

pub(super) const ITINERANT_NIGHTS_QUARTERLY: Declaration = Declaration {
    name: "itinerant_nights_quarterly",
    title_ja: "各地を巡る人の延べ宿泊数(四半期)",
    title_en: "Nights of people on the road in a quarter",
    unit: Unit::Nights,
    per_one: 1,
    most_of_a_device: MOST_ROAD_NIGHTS,
    period: Period::Month,
    areas: Areas::PrefecturesAndCountry,
    dimensions: &[],
    additive: Additive { over_areas: true, over_periods: true },
    released_in: Some(ReleaseTable::ItinerantsQuarterly),
};
