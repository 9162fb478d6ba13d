//! The tables that compare figures: they are computed from noised counts alone.
//!
//! In: nothing. Out: descriptions of what people may query.

use super::super::{ColumnType, Table, optional, required};
use super::columns::*;

pub(in crate::tables) const CONNECTED_CHANGE: Table = Table {
    name: "connected_change",
    path: "release/connected_change",
    doc: "how many more people are tied to a municipality than a month or a year before",
    columns: &[
        MONTH,
        MONTH_TEXT,
        FISCAL_YEAR,
        QUARTER,
        CODE,
        NAME,
        ROMAJI,
        PREFECTURE,
        KIND,
        required("compared_with", ColumnType::Text, "previous_month or year_before"),
        optional(
            "change",
            ColumnType::Long,
            "people more than before, below 0 where they are fewer, rounded; absent where status is hidden",
        ),
        optional("change_low", ColumnType::Long, "lower end of its 95 % interval; absent with change"),
        optional("change_high", ColumnType::Long, "upper end of its 95 % interval; absent with change"),
        optional(
            "change_percent",
            ColumnType::Double,
            "the same for each 100 people before; absent where status is hidden",
        ),
        optional(
            "change_percent_low",
            ColumnType::Double,
            "lower end of its 95 % interval; absent with change_percent",
        ),
        optional(
            "change_percent_high",
            ColumnType::Double,
            "upper end of its 95 % interval; absent with change_percent",
        ),
        STATUS,
        required(
            "is_certain",
            ColumnType::Text,
            "up or down where the interval leaves 0 out, else not_certain",
        ),
        SERIES,
        DEFINITION,
        HASH,
        BOUNDARIES,
        CODE_DATE,
        REVISION,
    ],
    partition: None,
    sorted_by: &["month", "municipality_code", "kind", "compared_with"],
};

pub(in crate::tables) const RANKS_MONTHLY: Table = Table {
    name: "ranks_monthly",
    path: "release/ranks_monthly",
    doc: "the rank of a municipality by the people tied to it, in its prefecture and in the country",
    columns: &[
        MONTH,
        MONTH_TEXT,
        FISCAL_YEAR,
        QUARTER,
        CODE,
        NAME,
        ROMAJI,
        PREFECTURE,
        KIND,
        optional(
            "rank_in_prefecture",
            ColumnType::Int,
            "1 for the most people among the municipalities of the prefecture with a figure; absent where status is hidden",
        ),
        optional(
            "rank_in_prefecture_low",
            ColumnType::Int,
            "lower end of its 95 % interval; absent with rank_in_prefecture",
        ),
        optional(
            "rank_in_prefecture_high",
            ColumnType::Int,
            "upper end of its 95 % interval; absent with rank_in_prefecture",
        ),
        required("ranked_in_prefecture", ColumnType::Int, "how many municipalities are ranked there"),
        optional(
            "rank_in_country",
            ColumnType::Int,
            "1 for the most people among all municipalities with a figure; absent where status is hidden",
        ),
        optional(
            "rank_in_country_low",
            ColumnType::Int,
            "lower end of its 95 % interval; absent with rank_in_country",
        ),
        optional(
            "rank_in_country_high",
            ColumnType::Int,
            "upper end of its 95 % interval; absent with rank_in_country",
        ),
        required("ranked_in_country", ColumnType::Int, "how many municipalities are ranked in all"),
        optional(
            "per_100_residents",
            ColumnType::Double,
            "people for each 100 people of the census of 2020; absent where status is hidden",
        ),
        optional(
            "per_100_residents_low",
            ColumnType::Double,
            "lower end of its 95 % interval; absent with per_100_residents",
        ),
        optional(
            "per_100_residents_high",
            ColumnType::Double,
            "upper end of its 95 % interval; absent with per_100_residents",
        ),
        STATUS,
        SERIES,
        DEFINITION,
        HASH,
        BOUNDARIES,
        CODE_DATE,
        REVISION,
    ],
    partition: None,
    sorted_by: &["month", "municipality_code", "kind"],
};

pub(in crate::tables) const PEERS: Table = Table {
    name: "peers",
    path: "release/peers",
    doc: "the municipalities most like another one, to compare with",
    columns: &[
        MONTH,
        MONTH_TEXT,
        FISCAL_YEAR,
        QUARTER,
        CODE,
        NAME,
        ROMAJI,
        PREFECTURE,
        required("peer_rank", ColumnType::Int, "1 for the most similar one"),
        OTHER_CODE,
        OTHER,
        OTHER_PREFECTURE,
        required(
            "likeness",
            ColumnType::Text,
            "by what it is similar, in the order of the words: population, visitors for each resident, part of visitors from outside",
        ),
        SERIES,
        DEFINITION,
        HASH,
        BOUNDARIES,
        CODE_DATE,
        REVISION,
    ],
    partition: None,
    sorted_by: &["month", "municipality_code", "peer_rank"],
};
