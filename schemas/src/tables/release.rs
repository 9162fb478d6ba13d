//! The release tables. In: nothing. Out: descriptions of what people may query.
//!
//! Every row says which definition and revision made it, and in the words of
//! [`Status`](crate::figure::Status) whether its figure may be read. `persons` is the row's own figure and nothing
//! else, so that a sum over rows of one level never counts a person of a coarser row again.

use super::{Column, ColumnType, Table, optional, required};

const CODE: Column = required("municipality_code", ColumnType::Text, "JIS X 0402 code, five digits");
const NAME: Column = required("municipality", ColumnType::Text, "official name in Japanese");
const ROMAJI: Column = required("municipality_romaji", ColumnType::Text, "name in Latin letters (Hepburn)");
const PREFECTURE: Column = required("prefecture", ColumnType::Text, "prefecture in Japanese");
const MONTH: Column = required(
    "month",
    ColumnType::Date,
    "first day of the month; ties are those of the 12 months that end with it",
);
const MONTH_OF_DAYS: Column = required("month", ColumnType::Date, "first day of the month that is counted");
const MONTH_TEXT: Column = required("month_text", ColumnType::Text, "the same, as 2026-10");
const FISCAL_YEAR: Column =
    required("fiscal_year", ColumnType::Int, "年度 that it lies in: 2026 is April 2026 to March 2027");
const QUARTER: Column = required("quarter", ColumnType::Text, "calendar quarter that it lies in, as 2026-Q4");
const DAY_TYPE: Column =
    required("day_type", ColumnType::Text, "weekday, or holiday: weekends and national holidays");
const KIND: Column = required(
    "kind",
    ColumnType::Text,
    "visitor, repeat, connected, dual_resident, workation, or a class of visit days such as days_3_7",
);
const LEVEL: Column = required(
    "origin_level",
    ColumnType::Text,
    "all, inside (own prefecture), outside, block (地方ブロック) or prefecture; add up rows of one level only",
);
const ORIGIN: Column =
    required("origin", ColumnType::Text, "where people live, in Japanese; `all` is everybody");
const ORIGIN_CODE: Column = required(
    "origin_code",
    ColumnType::Text,
    "JIS X 0401 code of the prefecture, `block_` and its name, `inside`, `outside` or `all`",
);
const PERSONS: Column = optional(
    "persons",
    ColumnType::Long,
    "estimated people, rounded; absent unless published or provisional, never 0",
);
const LOW: Column = optional(
    "persons_low",
    ColumnType::Long,
    "lower end of the 95 % interval (sampling, noise, weight); absent with persons",
);
const HIGH: Column = optional(
    "persons_high",
    ColumnType::Long,
    "upper end of the 95 % interval (sampling, noise, weight); absent with persons",
);
const QUALITY: Column = optional(
    "quality",
    ColumnType::Text,
    "A: coefficient of variation to 16.5 %, B: to 33.3 %, C: more; absent with persons",
);
const STATUS: Column = required(
    "status",
    ColumnType::Text,
    "published, provisional, rolled_up, hidden, not_observed or not_computed",
);
const FEWER: Column = optional(
    "fewer_than",
    ColumnType::Long,
    "people that it is fewer than, where no value stands; absent where one does",
);
const ROLLED_TO: Column = optional(
    "rolled_up_to",
    ColumnType::Text,
    "the coarser origin, or rest_of_prefecture, whose value stands beside; absent unless rolled_up",
);
const ROLLED: Column = optional(
    "rolled_up_persons",
    ColumnType::Long,
    "estimated people of that coarser group; absent unless rolled_up",
);
const ROLLED_LOW: Column =
    optional("rolled_up_low", ColumnType::Long, "lower end of its 95 % interval; absent unless rolled_up");
const ROLLED_HIGH: Column =
    optional("rolled_up_high", ColumnType::Long, "upper end of its 95 % interval; absent unless rolled_up");
const NEXT: Column = optional(
    "next_release",
    ColumnType::Date,
    "day from which it can be computed; absent unless not_computed or provisional",
);
const ASK: Column = optional(
    "ask_instead",
    ColumnType::Text,
    "table, and level in it, that may have an answer; absent where a value stands",
);
const SERIES: Column = required(
    "series",
    ColumnType::Text,
    "real, or trial: drawn anew by every run, for trying out and not for decisions",
);
const DEFINITION: Column = required("definition", ColumnType::Text, "definition id, as connected-2026/4");
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
const WINDOW: Column = required(
    "window_months",
    ColumnType::Int,
    "how many of the 12 months that end with the month have 10 days of data or more: below 12 the row speaks of a \
     shorter time and is provisional; 0 where nothing is computed",
);
const REVISION: Column = required("revision", ColumnType::Long, "number of the release that made the row");

pub(super) const CONNECTED_MONTHLY: Table = Table {
    name: "connected_monthly",
    path: "release/connected_monthly",
    doc: "people tied to a municipality where they do not live, by kind of tie and origin",
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
        LEVEL,
        ORIGIN_CODE,
        ORIGIN,
        PERSONS,
        LOW,
        HIGH,
        QUALITY,
        STATUS,
        FEWER,
        ROLLED_TO,
        ROLLED,
        ROLLED_LOW,
        ROLLED_HIGH,
        NEXT,
        ASK,
        WINDOW,
        SERIES,
        DEFINITION,
        HASH,
        BOUNDARIES,
        CODE_DATE,
        REVISION,
    ],
    partition: None,
    sorted_by: &["month", "municipality_code", "kind", "origin_level", "origin_code"],
};

pub(super) const CONNECTED_REST_MONTHLY: Table = Table {
    name: "connected_rest_monthly",
    path: "release/connected_rest_monthly",
    doc: "person × municipality in the towns of a prefecture together whose own figure is not shown",
    columns: &[
        MONTH,
        MONTH_TEXT,
        FISCAL_YEAR,
        QUARTER,
        required("prefecture_code", ColumnType::Text, "JIS X 0401 code of the prefecture of the towns"),
        PREFECTURE,
        KIND,
        required("municipalities", ColumnType::Int, "how many towns are put together"),
        PERSONS,
        LOW,
        HIGH,
        QUALITY,
        STATUS,
        FEWER,
        ROLLED_TO,
        ROLLED,
        ROLLED_LOW,
        ROLLED_HIGH,
        NEXT,
        ASK,
        WINDOW,
        SERIES,
        DEFINITION,
        HASH,
        BOUNDARIES,
        CODE_DATE,
        REVISION,
    ],
    partition: None,
    sorted_by: &["month", "prefecture_code", "kind"],
};

pub(super) const CONNECTED_BY_PERIOD: Table = Table {
    name: "connected_by_period",
    path: "release/connected_by_period",
    doc: "people tied to a municipality, the mean of the months of a quarter, year or fiscal year",
    columns: &[
        required("period_kind", ColumnType::Text, "quarter, year or fiscal_year (年度)"),
        required("period", ColumnType::Text, "which one, as 2026-Q3, 2026 or 2026年度"),
        required("first_month", ColumnType::Date, "first day of its first month"),
        required("last_month", ColumnType::Date, "first day of its last month"),
        CODE,
        NAME,
        ROMAJI,
        PREFECTURE,
        KIND,
        LEVEL,
        ORIGIN_CODE,
        ORIGIN,
        PERSONS,
        LOW,
        HIGH,
        QUALITY,
        STATUS,
        FEWER,
        ROLLED_TO,
        ROLLED,
        ROLLED_LOW,
        ROLLED_HIGH,
        NEXT,
        ASK,
        SERIES,
        DEFINITION,
        HASH,
        BOUNDARIES,
        CODE_DATE,
        REVISION,
    ],
    partition: None,
    sorted_by: &["last_month", "period_kind", "municipality_code", "kind", "origin_level", "origin_code"],
};

pub(super) const CONNECTED_TOTALS_MONTHLY: Table = Table {
    name: "connected_totals_monthly",
    path: "release/connected_totals_monthly",
    doc: "distinct people (実人数) and person × municipality (延べ) of a prefecture or the country, by kind of tie",
    columns: &[
        MONTH,
        MONTH_TEXT,
        FISCAL_YEAR,
        QUARTER,
        required("area_code", ColumnType::Text, "JIS X 0401 prefecture code, or JP"),
        required("area", ColumnType::Text, "official name in Japanese"),
        required("area_romaji", ColumnType::Text, "name in Latin letters"),
        KIND,
        PERSONS,
        LOW,
        HIGH,
        QUALITY,
        STATUS,
        FEWER,
        ROLLED_TO,
        ROLLED,
        ROLLED_LOW,
        ROLLED_HIGH,
        NEXT,
        ASK,
        optional(
            "person_municipalities",
            ColumnType::Long,
            "person × municipality (延べ), weighted as persons and never below it; absent with persons, and where its noise is too large for it",
        ),
        WINDOW,
        SERIES,
        DEFINITION,
        HASH,
        BOUNDARIES,
        CODE_DATE,
        REVISION,
    ],
    partition: None,
    sorted_by: &["month", "area_code", "kind"],
};

pub(super) const VISITORS_DAILY: Table = Table {
    name: "visitors_daily",
    path: "release/visitors_daily",
    doc: "visitors of a municipality on a local day: all, from its own prefecture, from others",
    columns: &[
        required("date", ColumnType::Date, "local day, from 04:00 Asia/Tokyo"),
        DAY_TYPE,
        MONTH_OF_DAYS,
        MONTH_TEXT,
        FISCAL_YEAR,
        QUARTER,
        CODE,
        NAME,
        ROMAJI,
        PREFECTURE,
        LEVEL,
        ORIGIN_CODE,
        ORIGIN,
        PERSONS,
        LOW,
        HIGH,
        QUALITY,
        STATUS,
        FEWER,
        ROLLED_TO,
        ROLLED,
        ROLLED_LOW,
        ROLLED_HIGH,
        NEXT,
        ASK,
        SERIES,
        DEFINITION,
        HASH,
        BOUNDARIES,
        CODE_DATE,
        REVISION,
    ],
    partition: None,
    sorted_by: &["date", "municipality_code", "origin_level"],
};

pub(super) const VISITORS_MONTHLY: Table = Table {
    name: "visitors_monthly",
    path: "release/visitors_monthly",
    doc: "visitors of a municipality in a month, on its weekdays and on its holidays, by origin",
    columns: &[
        MONTH_OF_DAYS,
        MONTH_TEXT,
        FISCAL_YEAR,
        QUARTER,
        CODE,
        NAME,
        ROMAJI,
        PREFECTURE,
        DAY_TYPE,
        LEVEL,
        ORIGIN_CODE,
        ORIGIN,
        PERSONS,
        LOW,
        HIGH,
        QUALITY,
        STATUS,
        FEWER,
        ROLLED_TO,
        ROLLED,
        ROLLED_LOW,
        ROLLED_HIGH,
        NEXT,
        ASK,
        required("days", ColumnType::Int, "how many such days the month has"),
        optional(
            "persons_per_day",
            ColumnType::Long,
            "mean visitors of such a day, rounded, of each person at most 5 days a month; absent with persons, and when it rounds to 0",
        ),
        optional("per_day_low", ColumnType::Long, "lower end of its 95 % interval; absent with persons"),
        optional("per_day_high", ColumnType::Long, "upper end of its 95 % interval; absent with persons"),
        SERIES,
        DEFINITION,
        HASH,
        BOUNDARIES,
        CODE_DATE,
        REVISION,
    ],
    partition: None,
    sorted_by: &["month", "municipality_code", "day_type", "origin_level", "origin_code"],
};

pub(super) const RELEASE_WEIGHTS: Table = Table {
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

pub(super) const PANEL_COVERAGE: Table = Table {
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

pub(super) const RELEASE_CHANGES: Table = Table {
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
