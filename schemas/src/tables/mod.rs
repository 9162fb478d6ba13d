//! Every table of the lake: its columns, each with a meaning, and what may be seen of it.
//!
//! In: nothing. Out: Arrow schemas for the writers, a printed reference for people (`kayoi schema`), and two
//! kinds of table that cannot be confused: [`InternalTable`] (device level or exact counts, never served) and
//! [`ReleaseTable`] (the only kind the query side can register).

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};

mod internal;
mod japanese;
mod release;

/// The type of a column, in the words of the lake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// An integer of 64 bits.
    Long,
    /// An integer of 32 bits.
    Int,
    /// An integer of 16 bits.
    Short,
    /// A floating-point number of 64 bits.
    Double,
    /// A floating-point number of 32 bits.
    Float,
    /// A text in UTF-8.
    Text,
    /// Either true or false.
    Boolean,
    /// An instant, microseconds UTC.
    Timestamp,
    /// A date of the calendar, without a time.
    Date,
}

impl ColumnType {
    /// The type that Arrow has for it.
    pub fn arrow(self) -> DataType {
        match self {
            Self::Long => DataType::Int64,
            Self::Int => DataType::Int32,
            Self::Short => DataType::Int16,
            Self::Double => DataType::Float64,
            Self::Float => DataType::Float32,
            Self::Text => DataType::Utf8,
            Self::Boolean => DataType::Boolean,
            Self::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            Self::Date => DataType::Date32,
        }
    }

    /// The word in the Delta protocol's schema and in `kayoi schema`.
    pub fn delta_name(self) -> &'static str {
        match self {
            Self::Long => "long",
            Self::Int => "integer",
            Self::Short => "short",
            Self::Double => "double",
            Self::Float => "float",
            Self::Text => "string",
            Self::Boolean => "boolean",
            Self::Timestamp => "timestamp",
            Self::Date => "date",
        }
    }

    /// The word that SQL has for it, as answers and errors use it.
    pub fn sql_name(self) -> &'static str {
        match self {
            Self::Long => "bigint",
            Self::Int => "integer",
            Self::Short => "smallint",
            Self::Double => "double",
            Self::Float => "real",
            Self::Text => "text",
            Self::Boolean => "boolean",
            Self::Timestamp => "timestamp with time zone",
            Self::Date => "date",
        }
    }
}

/// A documented column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// The column's name in the table.
    pub name: &'static str,
    /// The type of its values.
    pub kind: ColumnType,
    /// Whether a value may be absent.
    pub nullable: bool,
    /// What a value means, with its unit.
    pub doc: &'static str,
}

const fn required(name: &'static str, kind: ColumnType, doc: &'static str) -> Column {
    Column { name, kind, nullable: false, doc }
}

const fn optional(name: &'static str, kind: ColumnType, doc: &'static str) -> Column {
    Column { name, kind, nullable: true, doc }
}

/// A table of the lake.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// Name, as in SQL for a release table.
    pub name: &'static str,
    /// Folder below the lake's root.
    pub path: &'static str,
    /// What one row is.
    pub doc: &'static str,
    /// The columns, in the order in which files have them.
    pub columns: &'static [Column],
    /// Column that splits the table into folders, if any.
    pub partition: Option<&'static str>,
    /// Columns every file is sorted by.
    pub sorted_by: &'static [&'static str],
}

/// Columns that came to a table later. Its rows are kept for good and not made anew, so that the table takes
/// such a column in place, and files from before are read as if it were absent in each row.
const ADDED_IN_PLACE: [(&str, &str); 6] = [
    ("pings", "speed_m_s"),
    ("pings", "age_band"),
    ("pings", "sex"),
    ("late_pings", "speed_m_s"),
    ("late_pings", "age_band"),
    ("late_pings", "sex"),
];

impl Table {
    /// Whether files and logs of older versions may lack a column.
    pub fn may_lack(&self, column: &str) -> bool {
        ADDED_IN_PLACE.contains(&(self.name, column))
    }

    /// The Arrow schema of a row.
    pub fn arrow_schema(&self) -> SchemaRef {
        let field = |column: &Column| Field::new(column.name, column.kind.arrow(), column.nullable);
        Arc::new(Schema::new(self.columns.iter().map(field).collect::<Vec<_>>()))
    }

    /// The Arrow schema of a row in a file: a column that names the folder is not in it.
    pub fn file_schema(&self) -> SchemaRef {
        let in_file = |column: &&Column| self.partition != Some(column.name);
        let field = |column: &Column| Field::new(column.name, column.kind.arrow(), column.nullable);
        Arc::new(Schema::new(self.columns.iter().filter(in_file).map(field).collect::<Vec<_>>()))
    }
}

/// A table that never leaves the lake: device level, or counts before disclosure control.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InternalTable {
    /// Pings that were accepted in time.
    Pings,
    /// Accepted pings that came too late.
    LatePings,
    /// Records that were not accepted, with the reason.
    Rejects,
    /// Figures about deliveries.
    Quality,
    /// Where devices stood still.
    Stays,
    /// Where devices slept.
    Nights,
    /// Where devices live, by month.
    Residences,
    /// Ages and sexes of people.
    People,
    /// What devices can speak for, by month.
    Panel,
    /// Where devices work, by month.
    Workplaces,
    /// What binds devices to municipalities where they do not live, by month.
    Ties,
    /// Exact counts of devices.
    Indicators,
    /// Noised counts, of which released figures are made.
    Noised,
    /// What aggregations and upkeep did, for operators.
    Runs,
}

impl InternalTable {
    /// All internal tables, in the order data meets them.
    pub const ALL: [Self; 14] = [
        Self::Pings,
        Self::LatePings,
        Self::Rejects,
        Self::Quality,
        Self::Stays,
        Self::Nights,
        Self::Residences,
        Self::People,
        Self::Panel,
        Self::Workplaces,
        Self::Ties,
        Self::Indicators,
        Self::Noised,
        Self::Runs,
    ];

    /// The table's name, columns and order.
    pub fn table(self) -> &'static Table {
        match self {
            Self::Pings => &internal::PINGS,
            Self::LatePings => &internal::LATE_PINGS,
            Self::Rejects => &internal::REJECTS,
            Self::Quality => &internal::QUALITY,
            Self::Stays => &internal::STAYS,
            Self::Nights => &internal::NIGHTS,
            Self::Residences => &internal::RESIDENCES,
            Self::People => &internal::PEOPLE,
            Self::Panel => &internal::PANEL,
            Self::Workplaces => &internal::WORKPLACES,
            Self::Ties => &internal::TIES,
            Self::Indicators => &internal::INDICATORS,
            Self::Noised => &internal::NOISED,
            Self::Runs => &internal::RUNS,
        }
    }
}

/// A table of noised, weighted and rounded figures: what people may query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReleaseTable {
    /// Connected population of a municipality per month, by kind of tie and origin.
    ConnectedMonthly,
    /// The same for the towns of a prefecture together whose own figure is not shown.
    ConnectedRestMonthly,
    /// The same for a municipality over a quarter, a year or a fiscal year.
    ConnectedByPeriod,
    /// Distinct people and person × municipality for prefectures and the country, per month.
    ConnectedTotalsMonthly,
    /// Visitors of a municipality per day.
    VisitorsDaily,
    /// Visitors of a municipality per month on weekdays and holidays, by origin.
    VisitorsMonthly,
    /// Visitors of a municipality per month by where they slept.
    StaysMonthly,
    /// People in a municipality by hour of the day.
    PresenceHourly,
    /// Where visitors were before, after, and slept.
    FlowsMonthly,
    /// People in the cells of grids.
    CellsMonthly,
    /// How many municipalities, and which, a trip visits.
    TripsMonthly,
    /// Days and nights in a month by kind of tie.
    ConnectedDaysMonthly,
    /// Commuters and telework.
    WorkMonthly,
    /// Kilometres and CO2 that telework saved.
    GxMonthly,
    /// Guests of workation stays.
    WorkationStaysMonthly,
    /// Users of named offices.
    OfficesMonthly,
    /// Dual residents by the rhythm of their nights.
    DualRegimesYearly,
    /// Connected people by how many municipalities they are connected to.
    MunicipalitiesPerPersonYearly,
    /// Ties by the municipality where people live or work.
    MatchingYearly,
    /// People on the road for months.
    ItinerantsQuarterly,
    /// Ties by age and sex.
    SegmentsYearly,
    /// What errands leave of the kilometres that telework saves.
    ReboundYearly,
    /// Changes against a month and a year before.
    ConnectedChange,
    /// Ranks of municipalities.
    RanksMonthly,
    /// Municipalities that are alike.
    Peers,
    /// How many people a device stands for, by prefecture and month.
    ReleaseWeights,
    /// How well the panel speaks for people, per month.
    PanelMonthly,
    /// Devices by what is known of where they live, per month.
    PanelCoverage,
    /// What was released again, and why.
    ReleaseChanges,
}

impl ReleaseTable {
    /// All release tables.
    pub const ALL: [Self; 29] = [
        Self::ConnectedMonthly,
        Self::ConnectedRestMonthly,
        Self::ConnectedByPeriod,
        Self::ConnectedTotalsMonthly,
        Self::VisitorsDaily,
        Self::VisitorsMonthly,
        Self::StaysMonthly,
        Self::PresenceHourly,
        Self::FlowsMonthly,
        Self::CellsMonthly,
        Self::TripsMonthly,
        Self::ConnectedDaysMonthly,
        Self::WorkMonthly,
        Self::GxMonthly,
        Self::WorkationStaysMonthly,
        Self::OfficesMonthly,
        Self::DualRegimesYearly,
        Self::MunicipalitiesPerPersonYearly,
        Self::MatchingYearly,
        Self::ItinerantsQuarterly,
        Self::SegmentsYearly,
        Self::ReboundYearly,
        Self::ConnectedChange,
        Self::RanksMonthly,
        Self::Peers,
        Self::ReleaseWeights,
        Self::PanelMonthly,
        Self::PanelCoverage,
        Self::ReleaseChanges,
    ];

    /// The table's name, columns and order.
    pub fn table(self) -> &'static Table {
        match self {
            Self::ConnectedMonthly => &release::CONNECTED_MONTHLY,
            Self::ConnectedRestMonthly => &release::CONNECTED_REST_MONTHLY,
            Self::ConnectedByPeriod => &release::CONNECTED_BY_PERIOD,
            Self::ConnectedTotalsMonthly => &release::CONNECTED_TOTALS_MONTHLY,
            Self::VisitorsDaily => &release::VISITORS_DAILY,
            Self::VisitorsMonthly => &release::VISITORS_MONTHLY,
            Self::StaysMonthly => &release::STAYS_MONTHLY,
            Self::PresenceHourly => &release::PRESENCE_HOURLY,
            Self::FlowsMonthly => &release::FLOWS_MONTHLY,
            Self::CellsMonthly => &release::CELLS_MONTHLY,
            Self::TripsMonthly => &release::TRIPS_MONTHLY,
            Self::ConnectedDaysMonthly => &release::CONNECTED_DAYS_MONTHLY,
            Self::WorkMonthly => &release::WORK_MONTHLY,
            Self::GxMonthly => &release::GX_MONTHLY,
            Self::WorkationStaysMonthly => &release::WORKATION_STAYS_MONTHLY,
            Self::OfficesMonthly => &release::OFFICES_MONTHLY,
            Self::DualRegimesYearly => &release::DUAL_REGIMES_YEARLY,
            Self::MunicipalitiesPerPersonYearly => &release::MUNICIPALITIES_PER_PERSON_YEARLY,
            Self::MatchingYearly => &release::MATCHING_YEARLY,
            Self::ItinerantsQuarterly => &release::ITINERANTS_QUARTERLY,
            Self::SegmentsYearly => &release::SEGMENTS_YEARLY,
            Self::ReboundYearly => &release::REBOUND_YEARLY,
            Self::ConnectedChange => &release::CONNECTED_CHANGE,
            Self::RanksMonthly => &release::RANKS_MONTHLY,
            Self::Peers => &release::PEERS,
            Self::ReleaseWeights => &release::RELEASE_WEIGHTS,
            Self::PanelMonthly => &release::PANEL_MONTHLY,
            Self::PanelCoverage => &release::PANEL_COVERAGE,
            Self::ReleaseChanges => &release::RELEASE_CHANGES,
        }
    }

    /// The columns of which no two rows of a release have the same values. Its files are sorted by the same, so that what
    /// tells rows apart is what finds them.
    pub fn key(self) -> &'static [&'static str] {
        self.table().sorted_by
    }

    /// What one row is, in Japanese.
    pub fn doc_ja(self) -> &'static str {
        let name = self.table().name;
        japanese::TABLES.iter().find(|(table, _)| *table == name).map_or("", |(_, words)| words)
    }

    /// What a value of a column means, in Japanese.
    pub fn column_doc_ja(self, column: &str) -> &'static str {
        let name = self.table().name;
        let of_table = |(table, of, _): &&(&str, &str, &str)| *table == name && *of == column;
        let own = japanese::COLUMNS_OF.iter().find(of_table).map(|(_, _, words)| *words);
        let common = || japanese::COLUMNS.iter().find(|(of, _)| *of == column).map(|(_, words)| *words);
        own.or_else(common).unwrap_or_default()
    }

    /// The table of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.table().name == name)
    }
}

#[cfg(test)]
#[path = "tables_tests.rs"]
mod tests;
