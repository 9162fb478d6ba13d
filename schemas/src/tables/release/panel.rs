//! The tables that say what figures are made with.
//!
//! In: nothing. Out: descriptions of what people may query.

use super::super::{ColumnType, Table, optional, required};
use super::columns::*;

pub(in crate::tables) const RELEASE_WEIGHTS: Table = Table {
    name: "release_weights",
    path: "release/release_weights",
    doc: "how many people a device from a prefecture stands for in the figures of a month",
    columns: &[
        MONTH_OF_DAYS,
        MONTH_TEXT,
        FISCAL_YEAR,
        QUARTER,
        required(
            "panel",
            ColumnType::Text,
            "year: devices seen for most of the 12 months, which figures of ties are made of; month: devices seen \
             for most of the month, which figures of visitors are made of",
        ),
        required("prefecture_code", ColumnType::Text, "JIS X 0401 code of the prefecture where people live"),
        PREFECTURE,
        required(
            "panel_residents",
            ColumnType::Long,
            "devices of the panel that live there, with noise; never below 0",
        ),
        required(
            "population",
            ColumnType::Long,
            "people who live there, by the table that `panel_monthly.population_base` names",
        ),
        required(
            "pooled_with",
            ColumnType::Int,
            "how many prefectures share the weight because each has under 100 panel residents",
        ),
        required(
            "persons_per_device",
            ColumnType::Double,
            "the weight, in people; the table has no rows where a device is counted as a person",
        ),
        SERIES,
        DEFINITION,
        HASH,
        BOUNDARIES,
        CODE_DATE,
        REVISION,
    ],
    partition: None,
    sorted_by: &["month", "panel", "prefecture_code"],
};

pub(in crate::tables) const PANEL_MONTHLY: Table = Table {
    name: "panel_monthly",
    path: "release/panel_monthly",
    doc: "how well the panel speaks for the people of a prefecture, and of the country: read it before a figure",
    columns: &[
        MONTH_OF_DAYS,
        MONTH_TEXT,
        FISCAL_YEAR,
        QUARTER,
        required(
            "panel",
            ColumnType::Text,
            "year: what figures of ties are made of; month: what figures of visitors are made of",
        ),
        AREA_CODE,
        AREA,
        AREA_ROMAJI,
        required("population", ColumnType::Long, "people who live there"),
        required("population_base", ColumnType::Text, "which table these people are from, and of which day"),
        optional(
            "panel_devices",
            ColumnType::Long,
            "devices of the panel that live there, with noise, rounded; absent where they are too few to be told",
        ),
        optional(
            "coverage_percent",
            ColumnType::Double,
            "these for each 100 people; absent with panel_devices",
        ),
        required(
            "pooling",
            ColumnType::Text,
            "whose devices the weight is made of: own, small_prefectures (all with under 100 devices), country, or \
             none where a device is counted as a person",
        ),
        required("persons_per_device", ColumnType::Double, "the weight, in people"),
        required(
            "weight_error_percent",
            ColumnType::Double,
            "standard deviation of the weight from noise and the size of the panel, percent",
        ),
        optional(
            "effective_devices",
            ColumnType::Long,
            "devices over how unlike the weights of its municipalities are (Kish), rounded; absent with panel_devices",
        ),
        optional(
            "quality",
            ColumnType::Text,
            "A, B or C as figures have it, by weight_error_percent; absent below 30 effective devices (参考値)",
        ),
        required(
            "status",
            ColumnType::Text,
            "published, provisional (速報), or hidden: too few devices to be told from noise",
        ),
        optional(
            "calibrated_in",
            ColumnType::Text,
            "month whose residents gave municipalities weights of their own, as 2026-03; absent before the first",
        ),
        required("municipalities_own", ColumnType::Int, "municipalities with a weight of their own"),
        required(
            "municipalities_small",
            ColumnType::Int,
            "municipalities that share one, having under 100 devices",
        ),
        required(
            "municipalities_of_prefecture",
            ColumnType::Int,
            "municipalities that have the weight of the prefecture",
        ),
        optional(
            "age_sex_known_percent",
            ColumnType::Double,
            "devices of the year's panel whose age and sex are known, percent, in that month; absent before the first. From \
             80 on, and with a population by age and sex, figures of ties are corrected for them",
        ),
        required(
            "days_missing",
            ColumnType::Int,
            "days of the month on which the country's visitors were under half of what is usual on such a day",
        ),
        optional(
            "missing_days",
            ColumnType::Text,
            "these days, as 2026-03-14, with commas between; absent for none",
        ),
        SERIES,
        DEFINITION,
        HASH,
        BOUNDARIES,
        CODE_DATE,
        REVISION,
    ],
    partition: None,
    sorted_by: &["month", "panel", "area_code"],
};

pub(in crate::tables) const PANEL_COVERAGE: Table = Table {
    name: "panel_coverage",
    path: "release/panel_coverage",
    doc: "devices seen in a month by what is known of where they live: figures speak for those that are located",
    columns: &[
        MONTH_OF_DAYS,
        MONTH_TEXT,
        FISCAL_YEAR,
        QUARTER,
        required(
            "standing",
            ColumnType::Text,
            "located, from_abroad (visits from abroad, counted in no other table), new (first seen too lately to \
             tell), not_enough_seen",
        ),
        required("standing_ja", ColumnType::Text, "the same in Japanese"),
        optional("devices", ColumnType::Long, "devices, with noise, rounded; absent unless published"),
        optional(
            "share_percent",
            ColumnType::Double,
            "their share of all devices shown; absent with devices",
        ),
        required(
            "status",
            ColumnType::Text,
            "published, provisional (速報), or hidden: too few to be told from noise",
        ),
        SERIES,
        DEFINITION,
        HASH,
        BOUNDARIES,
        CODE_DATE,
        REVISION,
    ],
    partition: None,
    sorted_by: &["month", "standing"],
};

pub(in crate::tables) const RELEASE_CHANGES: Table = Table {
    name: "release_changes",
    path: "release/release_changes",
    doc: "a release that replaced figures which were final, and why",
    columns: &[
        required("edition", ColumnType::Int, "number of the edition that began with it, from 1"),
        required("date", ColumnType::Date, "day on which it was made"),
        required("first_month", ColumnType::Date, "first day of the first month that was published again"),
        required("last_month", ColumnType::Date, "first day of the last of them"),
        required("reason", ColumnType::Text, "why, in the words of who made it"),
        SERIES,
        DEFINITION,
        HASH,
        BOUNDARIES,
        CODE_DATE,
        REVISION,
    ],
    partition: None,
    sorted_by: &["edition"],
};
