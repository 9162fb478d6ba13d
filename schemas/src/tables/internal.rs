//! The internal tables, column by column. In: nothing. Out: descriptions of what ingest and aggregate write.

use super::{Column, ColumnType, Table, optional, required};

const DEVICE: Column =
    required("device_id", ColumnType::Long, "keyed 63-bit hash of the partner's identifier");
const MONTH: Column = required(
    "month",
    ColumnType::Text,
    "the month, as 2026-03; its window is the 12 months that end with it",
);

const PING_COLUMNS: &[Column] = &[
    DEVICE,
    required("timestamp", ColumnType::Timestamp, "instant of the fix"),
    required("latitude_e7", ColumnType::Int, "latitude, 1e-7 degree, WGS 84"),
    required("longitude_e7", ColumnType::Int, "longitude, 1e-7 degree, WGS 84"),
    optional(
        "accuracy_m",
        ColumnType::Float,
        "horizontal accuracy, metres; absent: the partner does not say",
    ),
    optional(
        "speed_m_s",
        ColumnType::Float,
        "speed over ground that the device reports, metres per second, to 0.1; absent: the partner says none, or none \
         from 0 to 340",
    ),
    optional("source", ColumnType::Text, "gps, network, wifi or fused; absent: the partner does not say"),
    optional(
        "age_band",
        ColumnType::Text,
        "age of the person by the partner, completed years, five of them at least, as 40-49 or 65+; absent: the \
         partner says none, or none that could be read",
    ),
    optional(
        "sex",
        ColumnType::Text,
        "male or female, by the partner; absent: the partner says none, or none that could be read",
    ),
    required("cell", ColumnType::Long, "H3 cell at resolution 9"),
    optional(
        "municipality_code",
        ColumnType::Text,
        "N03_007 code by exact point-in-polygon, wards of designated cities kept apart; absent: in no municipality",
    ),
    required("partner", ColumnType::Text, "who delivered it"),
    required("event_date", ColumnType::Date, "the local day (from 04:00 Asia/Tokyo) of the fix"),
];

pub(super) const PINGS: Table = Table {
    name: "pings",
    path: "pings",
    doc: "one accepted fix of one device",
    columns: PING_COLUMNS,
    partition: Some("event_date"),
    sorted_by: &["device_id", "timestamp"],
};

pub(super) const LATE_PINGS: Table = Table {
    name: "late_pings",
    path: "late_pings",
    doc: "an accepted fix that came later than the feed's allowed lateness; counted, kept apart, not aggregated",
    columns: PING_COLUMNS,
    partition: None,
    sorted_by: &["device_id", "timestamp"],
};

pub(super) const QUALITY: Table = Table {
    name: "quality",
    path: "quality",
    doc: "one figure about what a partner delivered of a day",
    columns: &[
        required("partner", ColumnType::Text, "who delivered it"),
        required(
            "day",
            ColumnType::Date,
            "for what was accepted, the local day of the fixes; for rejects, of their arrival",
        ),
        required(
            "measure",
            ColumnType::Text,
            "what is measured, a word of the list in `kayoi quality --help`",
        ),
        required("value", ColumnType::Double, "the figure, in the measure's unit"),
    ],
    partition: None,
    sorted_by: &["partner", "day", "measure"],
};

pub(super) const REJECTS: Table = Table {
    name: "rejects",
    path: "rejects",
    doc: "one record that was not accepted, unless it lies in a sensitive place; the record itself is not kept",
    columns: &[
        required("partner", ColumnType::Text, "who delivered it"),
        required("source", ColumnType::Text, "topic or file it came from"),
        required("partition", ColumnType::Int, "Kafka partition; 0 for a file"),
        required(
            "record_offset",
            ColumnType::Long,
            "Kafka offset, or number of the record in the file from 0",
        ),
        required("reason", ColumnType::Text, "why, one word of the list in `kayoi schema --rejects`"),
        required(
            "detail",
            ColumnType::Text,
            "what is wrong and what is allowed; never a value of the record",
        ),
    ],
    partition: None,
    sorted_by: &["source", "partition", "record_offset"],
};

pub(super) const STAYS: Table = Table {
    name: "stays",
    path: "stays",
    doc: "one device at one place from when to when, with what was inferred between fixes",
    columns: &[
        DEVICE,
        required("arrival", ColumnType::Timestamp, "first fix at the place"),
        required("departure", ColumnType::Timestamp, "last fix at the place"),
        required("cell", ColumnType::Long, "H3 cell at resolution 9 of the stay's centre"),
        optional(
            "municipality_code",
            ColumnType::Text,
            "municipality of most of its fixes (wards rolled up to their city); absent: none",
        ),
        required("ping_count", ColumnType::Int, "fixes, duplicates removed"),
        required(
            "observed_minutes",
            ColumnType::Float,
            "minutes between fixes at most the observed gap apart",
        ),
        required(
            "inferred_minutes",
            ColumnType::Float,
            "minutes bridged over longer gaps, within the definition's limit",
        ),
    ],
    partition: None,
    sorted_by: &["device_id", "arrival"],
};

pub(super) const NIGHTS: Table = Table {
    name: "nights",
    path: "nights",
    doc: "where a device slept on the evening of a date; one row for each evening from its first day to its last",
    columns: &[
        DEVICE,
        required("night", ColumnType::Date, "the evening's date"),
        optional("municipality_code", ColumnType::Text, "where it slept; absent: unknown"),
        required(
            "status",
            ColumnType::Text,
            "observed (a stay in the night window) or inferred (from what was seen before and after); unknown: \
             outside (a stay in no municipality), in_transit (seen on the move only), uncertain, silent (not seen)",
        ),
        required("minutes", ColumnType::Float, "minutes of stay in the night window at that municipality"),
        required(
            "probability",
            ColumnType::Float,
            "probability of that municipality, or of the most probable one, by all that was seen of the device",
        ),
    ],
    partition: None,
    sorted_by: &["device_id", "night"],
};

pub(super) const RESIDENCES: Table = Table {
    name: "residences",
    path: "residences",
    doc: "a municipality where a device lives in a month, ranked; several rows are several residences",
    columns: &[
        DEVICE,
        MONTH,
        required("rank", ColumnType::Short, "1 is the primary residence"),
        required("municipality_code", ColumnType::Text, "municipality of the residence"),
        required(
            "regime",
            ColumnType::Text,
            "primary, or how a second one is used: weekly, weekend, alternate, monthly (some days every month), \
             blocks, seasonal (one long run)",
        ),
        required("nights_observed", ColumnType::Int, "known nights there in the window"),
        required(
            "nights_estimated",
            ColumnType::Float,
            "nights expected there in the window, nights that are not known included by their probability",
        ),
        required("nights_known", ColumnType::Int, "known nights anywhere in the window"),
    ],
    partition: None,
    sorted_by: &["device_id", "month", "rank"],
};

pub(super) const PEOPLE: Table = Table {
    name: "people",
    path: "people",
    doc: "what partners say of the person behind a device",
    columns: &[
        DEVICE,
        optional("age_band", ColumnType::Text, "completed years, as 40-49 or 65+; absent: not known"),
        optional("sex", ColumnType::Text, "male or female; absent: not known"),
        required("as_of", ColumnType::Date, "the last local day on which a ping said so"),
    ],
    partition: None,
    sorted_by: &["device_id"],
};

pub(super) const PANEL: Table = Table {
    name: "panel",
    path: "panel",
    doc: "what a device can speak for in a month; one row for each month in which it was seen",
    columns: &[
        DEVICE,
        MONTH,
        required("days_seen", ColumnType::Int, "local days of the month with a fix"),
        required(
            "standing",
            ColumnType::Text,
            "located (it has a primary residence), from_abroad (it visits from abroad), new (first seen too lately \
             to tell), not_enough_seen",
        ),
        required(
            "is_month_panel",
            ColumnType::Boolean,
            "located, and seen on enough days of the month: figures of a month or a day are made of these",
        ),
        required(
            "is_year_panel",
            ColumnType::Boolean,
            "located, and seen on enough days of enough of the 12 months: figures of a year are made of these",
        ),
    ],
    partition: None,
    sorted_by: &["device_id", "month"],
};

pub(super) const WORKPLACES: Table = Table {
    name: "workplaces",
    path: "workplaces",
    doc: "a municipality where a device works or goes to school in a month",
    columns: &[
        DEVICE,
        MONTH,
        required("municipality_code", ColumnType::Text, "municipality of the work or school place"),
        required(
            "work_days",
            ColumnType::Int,
            "working days there, scaled from the days seen to all spent at the residence",
        ),
        required(
            "telework_days",
            ColumnType::Int,
            "working days expected to be worked at home, from those seen there beyond days off, scaled likewise",
        ),
        required("days_seen", ColumnType::Int, "working days of the month seen in telework hours"),
        required(
            "commute_km",
            ColumnType::Float,
            "one way between bed and workplace, straight line, whole kilometres",
        ),
        required("km_avoided", ColumnType::Float, "kilometres of commuting avoided by the telework days"),
        required(
            "kg_co2_avoided",
            ColumnType::Float,
            "kilograms of CO2 avoided by them, by the definition's factor",
        ),
    ],
    partition: None,
    sorted_by: &["device_id", "month"],
};

pub(super) const TIES: Table = Table {
    name: "ties",
    path: "ties",
    doc: "what binds a device to a municipality over the trailing 12 months",
    columns: &[
        DEVICE,
        MONTH,
        required("municipality_code", ColumnType::Text, "the municipality visited"),
        optional(
            "origin_code",
            ColumnType::Text,
            "the device's primary residence; absent: cannot be located",
        ),
        required(
            "visits",
            ColumnType::Int,
            "separate visits: a night known elsewhere, or a day without presence, between",
        ),
        required("visit_days", ColumnType::Int, "local days with a visit"),
        required("visit_day_class", ColumnType::Text, "class of visit_days in the definition's bins, as 3-7"),
        required("nights", ColumnType::Int, "nights slept there"),
        required("quarters", ColumnType::Int, "calendar quarters with a visit"),
        required("working_days", ColumnType::Int, "visit days that are working days"),
        required(
            "telework_days",
            ColumnType::Int,
            "working days spent in one place in working hours, with a night there before or after",
        ),
        required("first_day", ColumnType::Date, "first visit day"),
        required("last_day", ColumnType::Date, "last visit day"),
        required("kin_visit_days", ColumnType::Int, "visit days in Obon or around New Year"),
        required("office_days", ColumnType::Int, "working days in a place of the offices file"),
        optional(
            "mean_interval_days",
            ColumnType::Float,
            "mean days from visit to visit; absent with one visit",
        ),
        optional(
            "distance_km",
            ColumnType::Float,
            "kilometres from the primary residence's municipality, by representative points; absent without one",
        ),
        required(
            "excluded",
            ColumnType::Text,
            "why it is no connection: primary_residence, commuter, near_home, no_residence, long_stay (one long run of \
             nights, no return), from_abroad, frequent or many_nights (more days or nights than the definition allows a \
             visitor); `no` when it counts",
        ),
        required(
            "kind",
            ColumnType::Text,
            "the strongest of seasonal_worker, dual_resident, satellite_office, itinerant, workation, business, \
             connected, repeat, one_off, long_stay",
        ),
        required("is_repeat", ColumnType::Boolean, "at least the definition's separate visits"),
        required("is_connected", ColumnType::Boolean, "connected population (core) by the definition"),
        required("is_dual_resident", ColumnType::Boolean, "the municipality is a second residence"),
        required("is_workation", ColumnType::Boolean, "telework stays by the definition"),
    ],
    partition: None,
    sorted_by: &["device_id", "month", "municipality_code"],
};

pub(super) const INDICATORS: Table = Table {
    name: "indicators",
    path: "indicators",
    doc: "an exact count before disclosure control: one cell of a cube, by municipality of residence",
    columns: &[
        required("cube", ColumnType::Text, "the cube that the cell belongs to, as connected_monthly"),
        required("month", ColumnType::Text, "the month that the period is, or lies in, as 2026-03"),
        required("period", ColumnType::Text, "day or month"),
        required("area_code", ColumnType::Text, "municipality code, prefecture code or JP"),
        required("origin_code", ColumnType::Text, "municipality code of the primary residence"),
        required(
            "class",
            ColumnType::Text,
            "values of the cube's dimensions, as visit_days=3/rung=2, or `all`",
        ),
        required(
            "value",
            ColumnType::Long,
            "distinct devices, or a sum of which each device's share is capped",
        ),
        required("definition", ColumnType::Text, "id of the definition, as connected-2026/5"),
        required("definition_hash", ColumnType::Text, "hash of every threshold of the definition"),
        required("cubes_hash", ColumnType::Text, "hash of the declarations of all cubes"),
        required(
            "window_months",
            ColumnType::Short,
            "how many of the 12 months that end with the month have data",
        ),
        required(
            "is_whole_month",
            ColumnType::Boolean,
            "whether the data reach from the month's first day to its last",
        ),
    ],
    partition: Some("month"),
    sorted_by: &["cube", "period", "area_code", "origin_code"],
};

pub(super) const NOISED: Table = Table {
    name: "noised",
    path: "noised",
    doc: "a noised count of the fixed lattice, which is all that a release is made of once its month is sealed",
    columns: &[
        required("month", ColumnType::Text, "the month that was drawn, as 2026-03"),
        required("draw", ColumnType::Text, "what was drawn, as connected"),
        required("area_code", ColumnType::Text, "municipality code, prefecture code or JP"),
        required("class", ColumnType::Text, "kind of tie, day, or type of day"),
        required(
            "origin",
            ColumnType::Short,
            "JIS X 0401 number of the prefecture of residence; 0 is everybody",
        ),
        required(
            "value",
            ColumnType::Long,
            "exact count or capped sum with its noise; below 0 where noise is",
        ),
    ],
    partition: Some("month"),
    sorted_by: &["draw", "area_code", "class", "origin"],
};

pub(super) const RUNS: Table = Table {
    name: "runs",
    path: "runs",
    doc: "one figure about a run of `kayoi aggregate` or `kayoi lake maintain`, for operators; nothing of any person",
    columns: &[
        required("run_id", ColumnType::Text, "a random name of the run"),
        required("step", ColumnType::Text, "aggregate, bucket, finish or maintain"),
        required("started", ColumnType::Timestamp, "when it began"),
        required(
            "measure",
            ColumnType::Text,
            "what is measured, a word of the list in `kayoi lake runs --help`",
        ),
        required("value", ColumnType::Double, "the figure, in the measure's unit"),
    ],
    partition: None,
    sorted_by: &["started", "run_id", "measure"],
};
