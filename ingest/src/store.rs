//! Placed pings and rejects → the lake, with the positions they bring the sources to.
//!
//! In: a batch from several streams. Out: one commit to `rejects`, then one to `pings`. The position of `pings`
//! is the truth. `rejects` has its own: after a crash between the two commits the records are read again, and
//! those whose rejects are already there are not written twice.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Float32Array, Int32Array, Int64Array, RecordBatch, StringArray, StringBuilder,
    TimestampMicrosecondArray,
};
use arrow::datatypes::Schema;
use kayoi_lake::{DeltaTable, Lake, LakeError, Position};
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::ping::{PlacedPing, RejectReason};
use kayoi_schemas::tables::{InternalTable, Table};
use kayoi_schemas::time::{Day, DayRule};
use rayon::prelude::*;

use crate::error::IngestError;
use crate::source::{Chunk, Stream, complete_id};
use crate::summary::Summary;

/// A rejected record.
#[derive(Debug)]
pub struct Reject {
    /// Whose.
    pub stream: Arc<Stream>,
    /// Which.
    pub offset: i64,
    /// Why.
    pub reason: RejectReason,
    /// The value and what is allowed.
    pub detail: String,
}

/// Where one stream stood and stands.
#[derive(Debug)]
struct Reached {
    pings_from: Option<i64>,
    rejects_from: Option<i64>,
    next: i64,
    is_complete: bool,
}

/// What waits for the next commit.
#[derive(Debug)]
pub struct Store<'a> {
    lake: &'a Lake,
    pings: DeltaTable,
    rejects: DeltaTable,
    partner: String,
    waiting: Vec<PlacedPing>,
    waiting_rejects: Vec<Reject>,
    reached: BTreeMap<String, Reached>,
    counted: Summary,
}

impl<'a> Store<'a> {
    /// Opens the two tables.
    ///
    /// # Errors
    /// [`IngestError::Lake`] when they cannot be opened.
    pub fn open(lake: &'a Lake, partner: &str) -> Result<Self, IngestError> {
        Ok(Self {
            lake,
            pings: lake.table(InternalTable::Pings)?,
            rejects: lake.table(InternalTable::Rejects)?,
            partner: partner.to_owned(),
            waiting: Vec::new(),
            waiting_rejects: Vec::new(),
            reached: BTreeMap::new(),
            counted: Summary::default(),
        })
    }

    /// The table whose positions count.
    pub fn positions_table(&self) -> &DeltaTable {
        &self.pings
    }

    /// Pings that wait.
    pub fn waiting_rows(&self) -> usize {
        self.waiting.len() + self.waiting_rejects.len()
    }

    /// Whether nothing waits, not even a position.
    pub fn is_empty(&self) -> bool {
        self.reached.is_empty()
    }

    /// Takes what a chunk gave.
    ///
    /// # Errors
    /// [`IngestError::Lake`] when a new stream's positions cannot be read.
    pub fn add(
        &mut self,
        chunk: &Chunk,
        pings: Vec<PlacedPing>,
        rejects: Vec<Reject>,
        counted: &Summary,
    ) -> Result<(), IngestError> {
        let id = &chunk.stream.source_id;
        if !self.reached.contains_key(id) {
            let pings_from = self.lake.block_on(self.pings.position(id))?;
            let rejects_from = self.lake.block_on(self.rejects.position(id))?;
            let reached = Reached { pings_from, rejects_from, next: 0, is_complete: false };
            self.reached.insert(id.clone(), reached);
        }
        if let Some(reached) = self.reached.get_mut(id) {
            reached.next = chunk.next_offset;
            reached.is_complete |= chunk.is_last;
            let known = reached.rejects_from.unwrap_or(0);
            self.waiting_rejects.extend(rejects.into_iter().filter(|reject| reject.offset >= known));
        }
        self.waiting.extend(pings);
        self.counted.add(counted);
        Ok(())
    }

    /// Commits what waits and returns its counts.
    ///
    /// # Errors
    /// [`IngestError::Lake`] when a commit fails; [`IngestError::Broken`] when records were lost on the way, in
    /// which case nothing is committed.
    pub fn flush(&mut self) -> Result<Summary, IngestError> {
        let mut counted = std::mem::take(&mut self.counted);
        let mut pings = std::mem::take(&mut self.waiting);
        pings.par_sort_unstable_by(compare);
        let before = pings.len();
        pings.dedup();
        counted.records.stored = pings.len() as u64;
        counted.records.duplicates = (before - pings.len()) as u64;
        counted.outside_municipalities =
            pings.iter().filter(|ping| ping.municipality.is_none()).count() as u64;
        counted.off_coast = pings.iter().filter(|ping| ping.is_off_coast).count() as u64;
        counted.records.check()?;
        let reached = std::mem::take(&mut self.reached);
        let rejects = std::mem::take(&mut self.waiting_rejects);
        self.commit_rejects(rejects, &reached)?;
        self.commit_pings(&pings, &reached)?;
        counted.commits = 1;
        Ok(counted)
    }

    fn commit_rejects(
        &mut self,
        mut rejects: Vec<Reject>,
        reached: &BTreeMap<String, Reached>,
    ) -> Result<(), IngestError> {
        if rejects.is_empty() {
            return Ok(());
        }
        rejects.sort_by(|a, b| {
            (&a.stream.name, a.stream.partition, a.offset).cmp(&(
                &b.stream.name,
                b.stream.partition,
                b.offset,
            ))
        });
        let add = self.rejects.write_file(&reject_batch(&rejects, &self.partner)?, None)?;
        let ahead = |reached: &&Reached| reached.rejects_from.is_none_or(|from| from < reached.next);
        let positions: Vec<Position> = reached
            .iter()
            .filter(|(_, reached)| ahead(reached))
            .map(|(id, reached)| position(id, reached.rejects_from, reached.next))
            .collect();
        Ok(self.lake.block_on(self.rejects.commit(vec![add], &positions, false))?)
    }

    fn commit_pings(
        &mut self,
        pings: &[PlacedPing],
        reached: &BTreeMap<String, Reached>,
    ) -> Result<(), IngestError> {
        let table = &self.pings;
        let partner = &self.partner;
        let days: Vec<&[PlacedPing]> = pings.chunk_by(|a, b| event_date(a) == event_date(b)).collect();
        let adds: Result<Vec<_>, LakeError> = days
            .par_iter()
            .map(|pings| {
                let date = event_date(&pings[0]).to_string();
                table.write_file(&ping_batch(pings, partner)?, Some(&date))
            })
            .collect();
        let mut positions = Vec::new();
        for (id, reached) in reached {
            positions.push(position(id, reached.pings_from, reached.next));
            if reached.is_complete {
                positions.push(position(&complete_id(id), None, reached.next));
            }
        }
        Ok(self.lake.block_on(self.pings.commit(adds?, &positions, false))?)
    }
}

fn position(source_id: &str, from: Option<i64>, next: i64) -> Position {
    Position { source_id: source_id.to_owned(), from, next }
}

fn event_date(ping: &PlacedPing) -> Day {
    DayRule::JAPAN.day(ping.ping.instant)
}

/// Day, device, instant, then everything else: a total order, so that the same pings give the same file.
fn compare(a: &PlacedPing, b: &PlacedPing) -> Ordering {
    let key = |ping: &PlacedPing| {
        let ValidParts { device, instant, point, accuracy, source } = parts(ping);
        (event_date(ping), device, instant, point, accuracy, source)
    };
    key(a).cmp(&key(b))
}

struct ValidParts {
    device: kayoi_schemas::ids::DeviceId,
    instant: i64,
    point: kayoi_schemas::units::GridPoint,
    accuracy: Option<u32>,
    source: Option<kayoi_schemas::ping::FixSource>,
}

fn parts(ping: &PlacedPing) -> ValidParts {
    let ping = &ping.ping;
    ValidParts {
        device: ping.device,
        instant: ping.instant.0,
        point: ping.point,
        accuracy: ping.accuracy_m.map(f32::to_bits),
        source: ping.source,
    }
}

fn ping_batch(pings: &[PlacedPing], partner: &str) -> Result<RecordBatch, LakeError> {
    let mut municipality = StringBuilder::new();
    for ping in pings {
        municipality.append_option(ping.municipality.map(|code: MunicipalityCode| code.to_string()));
    }
    let instants = pings.iter().map(|p| p.ping.instant.0 * 1000);
    let columns: Vec<ArrayRef> = vec![
        Arc::new(Int64Array::from_iter_values(pings.iter().map(|p| p.ping.device.column_value()))),
        Arc::new(TimestampMicrosecondArray::from_iter_values(instants).with_timezone("UTC")),
        Arc::new(Int32Array::from_iter_values(pings.iter().map(|p| p.ping.point.latitude_e7))),
        Arc::new(Int32Array::from_iter_values(pings.iter().map(|p| p.ping.point.longitude_e7))),
        Arc::new(Float32Array::from_iter(pings.iter().map(|p| p.ping.accuracy_m))),
        Arc::new(StringArray::from_iter(pings.iter().map(|p| p.ping.source.map(|s| s.as_str())))),
        Arc::new(Int64Array::from_iter_values(pings.iter().map(|p| p.cell.column_value()))),
        Arc::new(municipality.finish()),
        Arc::new(StringArray::from_iter_values(pings.iter().map(|_| partner))),
    ];
    batch(InternalTable::Pings.table(), columns)
}

fn reject_batch(rejects: &[Reject], partner: &str) -> Result<RecordBatch, LakeError> {
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from_iter_values(rejects.iter().map(|_| partner))),
        Arc::new(StringArray::from_iter_values(rejects.iter().map(|r| &r.stream.name))),
        Arc::new(Int32Array::from_iter_values(rejects.iter().map(|r| r.stream.partition))),
        Arc::new(Int64Array::from_iter_values(rejects.iter().map(|r| r.offset))),
        Arc::new(StringArray::from_iter_values(rejects.iter().map(|r| r.reason.as_str()))),
        Arc::new(StringArray::from_iter_values(rejects.iter().map(|r| &r.detail))),
    ];
    batch(InternalTable::Rejects.table(), columns)
}

/// A batch of a table's columns; the partition column is a folder, not a column of the file.
fn batch(table: &Table, columns: Vec<ArrayRef>) -> Result<RecordBatch, LakeError> {
    let schema = table.arrow_schema();
    let fields = schema.fields().iter().filter(|field| Some(field.name().as_str()) != table.partition);
    let schema = Arc::new(Schema::new(fields.cloned().collect::<Vec<_>>()));
    RecordBatch::try_new(schema, columns)
        .map_err(|source| LakeError::Arrow { table: table.name.to_owned(), source })
}
