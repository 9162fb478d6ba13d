//! The columns that several release tables have.
//!
//! In: nothing. Out: their descriptions, each once, so that a word means the same in every table.

use super::super::{Column, ColumnType, optional, required};

pub(super) const CODE: Column =
    required("municipality_code", ColumnType::Text, "JIS X 0402 code, five digits");
pub(super) const NAME: Column = required("municipality", ColumnType::Text, "official name in Japanese");
pub(super) const ROMAJI: Column =
    required("municipality_romaji", ColumnType::Text, "name in Latin letters (Hepburn)");
pub(super) const PREFECTURE: Column = required("prefecture", ColumnType::Text, "prefecture in Japanese");
pub(super) const MONTH: Column = required(
    "month",
    ColumnType::Date,
    "first day of the month; ties are those of the 12 months that end with it",
);
pub(super) const MONTH_OF_DAYS: Column =
    required("month", ColumnType::Date, "first day of the month that is counted");
pub(super) const MONTH_TEXT: Column = required("month_text", ColumnType::Text, "the same, as 2026-10");
pub(super) const FISCAL_YEAR: Column =
    required("fiscal_year", ColumnType::Int, "年度 that it lies in: 2026 is April 2026 to March 2027");
pub(super) const QUARTER: Column =
    required("quarter", ColumnType::Text, "calendar quarter that it lies in, as 2026-Q4");
pub(super) const DAY_TYPE: Column =
    required("day_type", ColumnType::Text, "weekday, or holiday: weekends and national holidays");
pub(super) const KIND: Column = required(
    "kind",
    ColumnType::Text,
    "visitor, repeat, connected, dual_resident, workation, or a class of visit days such as days_3_7",
);
pub(super) const LEVEL: Column = required(
    "origin_level",
    ColumnType::Text,
    "all, inside (own prefecture), outside, block (地方ブロック) or prefecture; add up rows of one level only",
);
pub(super) const ORIGIN: Column =
    required("origin", ColumnType::Text, "where people live, in Japanese; `all` is everybody");
pub(super) const ORIGIN_CODE: Column = required(
    "origin_code",
    ColumnType::Text,
    "JIS X 0401 code of the prefecture, `block_` and its name, `inside`, `outside` or `all`",
);
pub(super) const PERSONS: Column = optional(
    "persons",
    ColumnType::Long,
    "estimated people, rounded; absent unless published or provisional, never 0",
);
pub(super) const LOW: Column = optional(
    "persons_low",
    ColumnType::Long,
    "lower end of the 95 % interval (sampling, noise, weight); absent with persons",
);
pub(super) const HIGH: Column = optional(
    "persons_high",
    ColumnType::Long,
    "upper end of the 95 % interval (sampling, noise, weight); absent with persons",
);
pub(super) const QUALITY: Column = optional(
    "quality",
    ColumnType::Text,
    "A: coefficient of variation to 16.5 %, B: to 33.3 %, C: more; absent with persons",
);
pub(super) const STATUS: Column = required(
    "status",
    ColumnType::Text,
    "published, provisional, rolled_up, hidden, not_observed or not_computed",
);
pub(super) const FEWER: Column = optional(
    "fewer_than",
    ColumnType::Long,
    "people that it is fewer than, where no value stands; absent where one does",
);
pub(super) const ROLLED_TO: Column = optional(
    "rolled_up_to",
    ColumnType::Text,
    "the coarser origin, or rest_of_prefecture, whose value stands beside; absent unless rolled_up",
);
pub(super) const ROLLED: Column = optional(
    "rolled_up_persons",
    ColumnType::Long,
    "estimated people of that coarser group; absent unless rolled_up",
);
pub(super) const ROLLED_LOW: Column =
    optional("rolled_up_low", ColumnType::Long, "lower end of its 95 % interval; absent unless rolled_up");
pub(super) const ROLLED_HIGH: Column =
    optional("rolled_up_high", ColumnType::Long, "upper end of its 95 % interval; absent unless rolled_up");
pub(super) const NEXT: Column = optional(
    "next_release",
    ColumnType::Date,
    "day from which it can be computed; absent unless not_computed or provisional",
);
pub(super) const ASK: Column = optional(
    "ask_instead",
    ColumnType::Text,
    "table, and level in it, that may have an answer; absent where a value stands",
);
pub(super) const SERIES: Column = required(
    "series",
    ColumnType::Text,
    "real, or trial: drawn anew by every run, for trying out and not for decisions",
);
pub(super) const DEFINITION: Column =
    required("definition", ColumnType::Text, "definition id, as connected-2026/5");
pub(super) const HASH: Column =
    required("definition_hash", ColumnType::Text, "hash of every threshold of the definition");
pub(super) const BOUNDARIES: Column = required(
    "boundaries",
    ColumnType::Text,
    "edition of the municipality borders; simplified borders say so",
);
pub(super) const CODE_DATE: Column = required(
    "code_date",
    ColumnType::Text,
    "date whose municipality codes are used, as 2025-01-01; `unknown` when the boundaries do not say",
);
pub(super) const WINDOW: Column = required(
    "window_months",
    ColumnType::Int,
    "how many of the 12 months that end with the month have 10 days of data or more: below 12 the row speaks of a \
     shorter time and is provisional; 0 where nothing is computed",
);
pub(super) const REVISION: Column =
    required("revision", ColumnType::Long, "number of the release that made the row");
pub(super) const LEVEL_OF_GROUP: Column = required(
    "origin_level",
    ColumnType::Text,
    "all, resident (lives there), inside (elsewhere in the prefecture), outside, and of these same_block (in its 地方ブロック) and other_block; resident, inside and outside add up to all",
);
pub(super) const OTHER_CODE: Column =
    required("other_code", ColumnType::Text, "JIS X 0402 code of the other municipality, or `all`");
pub(super) const OTHER: Column =
    required("other", ColumnType::Text, "its official name in Japanese; `all` is all of them together");
pub(super) const OTHER_PREFECTURE: Column =
    required("other_prefecture", ColumnType::Text, "its prefecture in Japanese; empty for all together");
pub(super) const SIDE: Column = required(
    "side",
    ColumnType::Text,
    "residence: the municipality where people live; workplace: the one where they work",
);
pub(super) const CLASS: Column =
    required("class", ColumnType::Text, "the class within the measure; `all` is all of them together");
pub(super) const SHARE: Column = optional(
    "share_percent",
    ColumnType::Double,
    "part of all of the measure, percent; absent with persons, and where all is not shown",
);
pub(super) const SHARE_LOW: Column = optional(
    "share_low_percent",
    ColumnType::Double,
    "lower end of its 95 % interval; absent with share_percent",
);
pub(super) const SHARE_HIGH: Column = optional(
    "share_high_percent",
    ColumnType::Double,
    "upper end of its 95 % interval; absent with share_percent",
);
pub(super) const PERSON_NIGHTS: Column = optional(
    "person_nights",
    ColumnType::Long,
    "nights of these people in the month, of each a limited number, rounded; absent with persons",
);
pub(super) const PERSON_NIGHTS_LOW: Column = optional(
    "person_nights_low",
    ColumnType::Long,
    "lower end of its 95 % interval; absent with person_nights",
);
pub(super) const PERSON_NIGHTS_HIGH: Column = optional(
    "person_nights_high",
    ColumnType::Long,
    "upper end of its 95 % interval; absent with person_nights",
);
pub(super) const AREA_CODE: Column =
    required("area_code", ColumnType::Text, "JIS X 0401 prefecture code, or JP");
pub(super) const AREA: Column = required("area", ColumnType::Text, "official name in Japanese");
pub(super) const AREA_ROMAJI: Column = required("area_romaji", ColumnType::Text, "name in Latin letters");
