//! The run: pieces of devices through the walk, then the release.
//!
//! In: a lake with pings. Out: all derived tables replaced, each in one commit. Pieces go one after the other
//! so that memory holds one at a time; the devices of a piece are measured on all cores. The result depends on
//! the pings alone: neither the order of arrival nor the number of pieces or threads can show in it.

use arrow::array::RecordBatch;
use kayoi_geography::{Geography, Offices};
use kayoi_lake::scan::footed;
use kayoi_lake::{DataFile, Lake, Replacement, fault};
use kayoi_schemas::definition::Definition;
use kayoi_schemas::invariant::distinct_within_sum;
use kayoi_schemas::tables::{InternalTable, ReleaseTable};
use kayoi_schemas::time::{Day, DayRule, Month};
use rayon::prelude::*;

use crate::device::{DeviceRecord, Period, measure};
use crate::error::AggregateError;
use crate::fixes::Piece;
use crate::indicators::Indicators;
use crate::plan::{PIECE_PINGS, pieces};
use crate::release::{Release, Shown, Stamp};
use crate::resume::{self, Done};
use crate::tables;
use crate::weigh::Expansion;

/// How to aggregate.
#[derive(Debug, Clone)]
pub struct AggregateOptions {
    /// Thresholds.
    pub definition: Definition,
    /// How devices become people.
    pub expansion: Expansion,
    /// Pings of a piece.
    pub piece_pings: u64,
    /// Places such as satellite offices, which tell people who work there from other visitors.
    pub offices: Offices,
}

impl AggregateOptions {
    /// A definition with a device counted as a person, and no offices.
    pub fn new(definition: Definition) -> Self {
        Self { definition, expansion: Expansion::None, piece_pings: PIECE_PINGS, offices: Offices::none() }
    }
}

/// What was measured, and what could not be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AggregateSummary {
    /// Pings read.
    pub pings: u64,
    /// Copies of a ping from another commit, dropped.
    pub copies: u64,
    /// Devices.
    pub devices: u64,
    /// Devices with a primary residence in the last month.
    pub located_devices: u64,
    /// Pieces that a run before this one had measured when it was stopped.
    pub resumed_pieces: u64,
    /// Stays.
    pub stays: u64,
    /// Nights between each device's first and last day.
    pub nights: u64,
    /// Nights whose place is known.
    pub known_nights: u64,
    /// Months whose ties are released, first and last.
    pub months: Option<(Month, Month)>,
    /// Rows of the release tables.
    pub release_rows: u64,
    /// Rows of the release tables that are published.
    pub published_rows: u64,
    /// Number of this release.
    pub revision: u64,
}

/// Runs. `progress` is called with the pieces done and the pieces in all.
///
/// # Errors
/// [`AggregateError`]; the tables of the last run then stay.
pub fn aggregate(
    lake: &Lake,
    geography: &Geography,
    options: &AggregateOptions,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<AggregateSummary, AggregateError> {
    let files = lake.files(InternalTable::Pings)?;
    let ping_count: u64 = files.iter().map(|file| file.row_count).sum();
    let rule =
        DayRule { day_start_hour: options.definition.thresholds.day_start_hour as i32, ..DayRule::JAPAN };
    let period = period(&files, rule).ok_or(AggregateError::NoPings)?;
    let mut summary = AggregateSummary { pings: ping_count, ..AggregateSummary::default() };
    summary.months = period.tie_months.first().copied().zip(period.tie_months.last().copied());
    let footed = footed(InternalTable::Pings.table(), &files)?;
    let mut outputs = Outputs::open(lake)?;
    let mut indicators = Indicators::default();
    let pieces = pieces(ping_count, options.piece_pings);
    let journal = resume::journal(lake, &files, options, &period);
    for (number, devices) in pieces.iter().enumerate() {
        progress(number as u64, pieces.len() as u64);
        let name = resume::name(devices);
        let known = resume::read(lake, &journal, &name)?.filter(|done| outputs.restore(lake, &done.files));
        let done = match known {
            Some(done) => {
                summary.resumed_pieces += 1;
                done
            }
            None => {
                let (records, mut done) = measure_piece(&Piece::read(&footed, devices)?, options, &period);
                done.files = outputs.write(&records, &options.definition)?;
                fault::point("before-piece-note")?;
                resume::write(lake, &journal, &name, &done)?;
                fault::point("after-piece-note")?;
                done
            }
        };
        indicators.add(done.indicators);
        summary.join(&done.summary);
    }
    progress(pieces.len() as u64, pieces.len() as u64);
    check(&indicators)?;
    fault::point("before-derived-commit")?;
    outputs.commit()?;
    let mut exact = lake.replace(InternalTable::Indicators)?;
    exact.write(&tables::indicators(&indicators, &options.definition)?)?;
    exact.commit()?;
    write_release(lake, geography, options, &indicators, &mut summary)?;
    journal.clear(lake)?;
    Ok(summary)
}

/// Measures the devices of a piece on all cores.
fn measure_piece(piece: &Piece, options: &AggregateOptions, period: &Period) -> (Vec<DeviceRecord>, Done) {
    let measured: Vec<(u64, DeviceRecord)> = piece
        .devices()
        .into_par_iter()
        .map(|device| {
            piece.with_fixes(device, |fixes| {
                measure(fixes[0].device, fixes, (&options.definition, &options.offices), period)
            })
        })
        .collect();
    let (copies, records): (Vec<u64>, Vec<DeviceRecord>) = measured.into_iter().unzip();
    let mut summary = AggregateSummary { copies: copies.iter().sum(), ..AggregateSummary::default() };
    let mut indicators = Indicators::default();
    for record in &records {
        indicators.count(record, &options.definition);
        summary.add(record, period);
    }
    (records, Done { files: Vec::new(), indicators, summary })
}

/// The months of the data. Ties are measured for complete months with twelve months of data; a shorter lake
/// gets its last month, complete or not, because an answer with a short window is better than none.
fn period(files: &[DataFile], rule: DayRule) -> Option<Period> {
    let days: Vec<Day> =
        files.iter().filter_map(|file| Day::parse(file.partition_value.as_deref()?)).collect();
    let (first, last) = (*days.iter().min()?, *days.iter().max()?);
    let months: Vec<Month> = (first.month().0..=last.month().0).map(Month).collect();
    let is_complete = |month: &&Month| month.plus(-11).first_day() >= first && month.last_day() <= last;
    let mut tie_months: Vec<Month> = months.iter().filter(is_complete).copied().collect();
    if tie_months.is_empty() {
        tie_months.extend(months.last());
    }
    Some(Period::new(first, last, tie_months, rule))
}

/// Invariants that a release must satisfy before it is written.
fn check(indicators: &Indicators) -> Result<(), AggregateError> {
    for ((month, area), atoms) in &indicators.totals {
        let parts: Vec<u64> = indicators
            .monthly
            .iter()
            .filter(|((found, place), _)| found == month && area.contains(place.prefecture()))
            .map(|(_, atoms)| atoms.values().sum())
            .collect();
        distinct_within_sum(atoms.values().sum(), &parts)?;
    }
    Ok(())
}

/// The derived tables, in the order in which they are committed.
const DERIVED: [InternalTable; 5] = [
    InternalTable::Stays,
    InternalTable::Nights,
    InternalTable::Residences,
    InternalTable::Workplaces,
    InternalTable::Ties,
];

/// The derived tables being written, as [`DERIVED`] names them.
struct Outputs(Vec<Replacement>);

impl Outputs {
    fn open(lake: &Lake) -> Result<Self, AggregateError> {
        let tables: Result<Vec<Replacement>, _> = DERIVED.iter().map(|table| lake.replace(*table)).collect();
        Ok(Self(tables?))
    }

    fn file_counts(&self) -> Vec<usize> {
        self.0.iter().map(Replacement::file_count).collect()
    }

    /// Takes up the files of a piece that was measured before; false when one of them is gone.
    fn restore(&mut self, lake: &Lake, notes: &[String]) -> bool {
        let before = self.file_counts();
        let all = notes.len() == before.len()
            && self.0.iter_mut().zip(notes).all(|(table, note)| table.restore(lake, note));
        if !all {
            self.0.iter_mut().zip(before).for_each(|(table, count)| table.truncate(count));
        }
        all
    }

    /// Writes a piece. Returns a note of its files for each table.
    fn write(
        &mut self,
        records: &[DeviceRecord],
        definition: &Definition,
    ) -> Result<Vec<String>, AggregateError> {
        let before = self.file_counts();
        let batches: [RecordBatch; DERIVED.len()] = [
            tables::stays(records)?,
            tables::nights(records)?,
            tables::residences(records)?,
            tables::workplaces(records)?,
            tables::ties(records, definition)?,
        ];
        for (table, batch) in self.0.iter_mut().zip(&batches) {
            table.write(batch)?;
        }
        let notes: Result<Vec<String>, _> =
            self.0.iter().zip(before).map(|(table, count)| table.files_since(count)).collect();
        Ok(notes?)
    }

    fn commit(self) -> Result<(), AggregateError> {
        for table in self.0 {
            table.commit()?;
        }
        Ok(())
    }
}

fn write_release(
    lake: &Lake,
    geography: &Geography,
    options: &AggregateOptions,
    indicators: &Indicators,
    summary: &mut AggregateSummary,
) -> Result<(), AggregateError> {
    // Version 0 makes the table, so the first release is revision 1.
    summary.revision = lake.release_version(ReleaseTable::ConnectedMonthly)?.map_or(1, |version| version + 1);
    let release = Release {
        indicators,
        definition: &options.definition,
        expansion: options.expansion,
        stamp: Stamp {
            boundaries: geography.edition().to_owned(),
            code_date: geography.code_date().map_or_else(|| "unknown".to_owned(), |date| date.to_string()),
            revision: summary.revision as i64,
        },
    };
    let mut shown = Shown::new();
    let tables = [
        (ReleaseTable::ConnectedMonthly, release.connected_monthly(&mut shown)?),
        (ReleaseTable::ConnectedTotalsMonthly, release.connected_totals_monthly(&shown)?),
        (ReleaseTable::VisitorsDaily, release.visitors_daily()?),
    ];
    for (table, batch) in tables {
        let persons = batch.column_by_name("persons").map_or(0, |column| column.len() - column.null_count());
        summary.release_rows += batch.num_rows() as u64;
        summary.published_rows += persons as u64;
        let mut replacement = lake.replace_release(table)?;
        replacement.write(&batch)?;
        replacement.commit()?;
    }
    Ok(())
}

impl AggregateSummary {
    /// Adds a piece.
    fn join(&mut self, piece: &Self) {
        self.copies += piece.copies;
        self.devices += piece.devices;
        self.located_devices += piece.located_devices;
        self.stays += piece.stays;
        self.nights += piece.nights;
        self.known_nights += piece.known_nights;
    }

    fn add(&mut self, record: &DeviceRecord, period: &Period) {
        self.devices += 1;
        let last = period.tie_months.last();
        self.located_devices += u64::from(last.is_some_and(|month| record.residences.contains_key(month)));
        self.stays += record.stays.len() as u64;
        self.nights += record.nights.nights.len() as u64;
        self.known_nights += record.nights.known().count() as u64;
    }
}
