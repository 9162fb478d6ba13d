//! The cubes of ages, sexes and homes, of the year that ends with a month.
//!
//! In: nothing. Out: their declarations. Somebody whose age lies in two classes is split over them, so that classes
//! add up to people.

use super::super::dimension::Dimension;
use super::{Additive, Areas, Declaration, NO_SUMS, Period, Unit};
use crate::tables::ReleaseTable;

/// Parts that a device is split into.
const PARTS: u32 = 500;

const fn of_ties(
    (name, title_ja, title_en): (&'static str, &'static str, &'static str),
    areas: Areas,
    dimensions: &'static [Dimension],
) -> Declaration {
    Declaration {
        name,
        title_ja,
        title_en,
        unit: Unit::Shares,
        per_one: PARTS,
        most_of_a_device: PARTS,
        period: Period::Month,
        areas,
        dimensions,
        additive: NO_SUMS,
        released_in: Some(ReleaseTable::SegmentsYearly),
    }
}

pub(super) const AGES_YEARLY: Declaration = of_ties(
    ("ages_yearly", "年齢階級別の関係人口(年)", "Ties of municipalities by age, in a year"),
    Areas::Municipalities,
    &[Dimension::MainKind, Dimension::AgeBand],
);

pub(super) const SEXES_YEARLY: Declaration = of_ties(
    ("sexes_yearly", "性別の関係人口(年)", "Ties of municipalities by sex, in a year"),
    Areas::Municipalities,
    &[Dimension::MainKind, Dimension::Sex],
);

pub(super) const SEGMENTS_YEARLY: Declaration = of_ties(
    (
        "segments_yearly",
        "都道府県・全国の年齢階級・性別の関係人口(年、実人数)",
        "Ties of prefectures and the country by age and sex, in a year, each person once",
    ),
    Areas::PrefecturesAndCountry,
    &[Dimension::MainKind, Dimension::AgeBand, Dimension::Sex],
);

pub(super) const RESIDENT_AGES_YEARLY: Declaration = Declaration {
    name: "resident_ages_yearly",
    title_ja: "年パネルの居住者の年齢階級・性別(年)",
    title_en: "Residents of prefectures in the panel of the year by age and sex, once a year",
    unit: Unit::Shares,
    per_one: PARTS,
    most_of_a_device: PARTS,
    period: Period::Month,
    areas: Areas::PrefecturesAndCountry,
    dimensions: &[Dimension::AgeBand, Dimension::Sex],
    additive: Additive { over_areas: true, over_periods: false },
    released_in: Some(ReleaseTable::SegmentsYearly),
};

pub(super) const HOME_HALVES_YEARLY: Declaration = Declaration {
    name: "home_halves_yearly",
    title_ja: "居住地の半数ごとの関係人口(年)",
    title_en: "Ties of municipalities by which half of all homes people live in, once a year, for the design effect",
    unit: Unit::Devices,
    per_one: 1,
    most_of_a_device: 1,
    period: Period::Month,
    areas: Areas::Municipalities,
    dimensions: &[Dimension::MainKind, Dimension::HomeMesh, Dimension::Half],
    additive: NO_SUMS,
    released_in: Some(ReleaseTable::PanelMonthly),
};
