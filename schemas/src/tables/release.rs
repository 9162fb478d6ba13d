//! The release tables. In: nothing. Out: descriptions of what people may query.
//!
//! Every row says which definition and revision made it, and whether its figure is published or suppressed.

use super::{Column, ColumnType, Table, optional, required};

const CODE: Column = required("municipality_code", ColumnType::Text, "JIS X 0402 code, five digits");
const NAME: Column = required("municipality", ColumnType::Text, "official name in Japanese");
const ROMAJI: Column = required("municipality_romaji", ColumnType::Text, "name in Latin letters (Hepburn)");
const PREFECTURE: Column = required("prefecture", ColumnType::Text, "prefecture in Japanese");
const MONTH: Column = required(
    "month",
    ColumnType::Text,
    "the month, as 2026-03; ties are those of the 12 months that end with it",
);
const KIND: Column = required(
    "kind",
    ColumnType::Text,
    "visitor, repeat, connected, dual_resident, workation, or a class of visit days such as days_3_7",
);
const ORIGIN: Column = required(
    "origin",
    ColumnType::Text,
    "prefecture people live in, in Japanese; `all` is everybody, `unknown` cannot be located",
);
const ORIGIN_CODE: Column =
    required("origin_code", ColumnType::Text, "its JIS X 0401 code, `all` or `unknown`");
const PERSONS: Column =
    optional("persons", ColumnType::Long, "estimated people, rounded; absent when suppressed, never 0");
const LOW: Column = optional(
    "persons_low",
    ColumnType::Long,
    "lower end of the 95 % sampling interval; absent when suppressed",
);
const HIGH: Column = optional(
    "persons_high",
    ColumnType::Long,
    "upper end of the 95 % sampling interval; absent when suppressed",
);
const STATUS: Column = required("status", ColumnType::Text, "published or suppressed");
const DEFINITION: Column = required("definition", ColumnType::Text, "definition id, as connected-2026/2");
const HASH: Column =
    required("definition_hash", ColumnType::Text, "hash of every threshold of the definition");
const BOUNDARIES: Column = required(
    "boundaries",
    ColumnType::Text,
    "edition of the municipality borders; simplified borders say so",
);
const CODE_DATE: Column = required(
    "code_date",
    ColumnType::Text,
    "date whose municipality codes are used, as 2025-01-01; `unknown` when the boundaries do not say",
);
const REVISION: Column = required("revision", ColumnType::Long, "number of the release run");

pub(super) const VISITORS_DAILY: Table = Table {
    name: "visitors_daily",
    path: "release/visitors_daily",
    doc: "visitors of a municipality on a local day, by prefecture of residence",
    columns: &[
        required("date", ColumnType::Date, "local day, from 04:00 Asia/Tokyo"),
        CODE,
        NAME,
        ROMAJI,
        PREFECTURE,
        ORIGIN_CODE,
        ORIGIN,
        PERSONS,
        LOW,
        HIGH,
        STATUS,
        DEFINITION,
        HASH,
        BOUNDARIES,
        CODE_DATE,
        REVISION,
    ],
    partition: None,
    sorted_by: &["date", "municipality_code", "origin_code"],
};

pub(super) const CONNECTED_MONTHLY: Table = Table {
    name: "connected_monthly",
    path: "release/connected_monthly",
    doc: "people tied to a municipality where they do not live, by kind of tie and prefecture of residence",
    columns: &[
        MONTH,
        CODE,
        NAME,
        ROMAJI,
        PREFECTURE,
        KIND,
        ORIGIN_CODE,
        ORIGIN,
        PERSONS,
        LOW,
        HIGH,
        STATUS,
        DEFINITION,
        HASH,
        BOUNDARIES,
        CODE_DATE,
        REVISION,
    ],
    partition: None,
    sorted_by: &["month", "municipality_code", "kind", "origin_code"],
};

pub(super) const CONNECTED_TOTALS_MONTHLY: Table = Table {
    name: "connected_totals_monthly",
    path: "release/connected_totals_monthly",
    doc: "distinct people (実人数) and person × municipality (延べ) of a prefecture or the country, by kind of tie",
    columns: &[
        MONTH,
        required("area_code", ColumnType::Text, "JIS X 0401 prefecture code, or JP"),
        required("area", ColumnType::Text, "official name in Japanese"),
        required("area_romaji", ColumnType::Text, "name in Latin letters"),
        KIND,
        PERSONS,
        LOW,
        HIGH,
        STATUS,
        optional(
            "person_municipalities",
            ColumnType::Long,
            "person × municipality (延べ), rounded; absent when suppressed",
        ),
        DEFINITION,
        HASH,
        BOUNDARIES,
        CODE_DATE,
        REVISION,
    ],
    partition: None,
    sorted_by: &["month", "area_code", "kind"],
};
