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
        required("population", ColumnType::Long, "people of the census of 2020"),
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
