//! Merging sorted files of fixes: one order, each fix once.
//!
//! In: the sorted batches of several files. Out: batches in the order (device, instant, point, partner, then
//! the rest), without copies. The order is total, so the same rows give the same batches whatever files they
//! came in: that is what makes a compacted day the same bytes in any order of arrival.
//!
//! The heap compares (device, instant) only; rows that share both, nearly always copies, are compared in
//! full.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use arrow::array::{AsArray, RecordBatch};
use arrow::buffer::ScalarBuffer;
use arrow::compute::SortOptions;
use arrow::compute::interleave_record_batch;
use arrow::datatypes::{Int64Type, SchemaRef, TimestampMicrosecondType};
use arrow::row::{RowConverter, SortField};
use kayoi_schemas::tables::Table;

use crate::error::LakeError;

/// Rows of a merged batch.
const OUT_ROWS: usize = 32_768;

/// Columns that tell fixes of one device and instant apart.
const KEY: [&str; 3] = ["latitude_e7", "longitude_e7", "partner"];
/// Columns in which copies of a fix may differ, with whether an absent value comes first: the copy with the
/// best accuracy is kept, of several such the one that has a speed, the least, and in the end the one that has an age
/// or a sex. Ingest leaves copies out in the same order (`ingest/src/store/order.rs`): which one is kept must not
/// depend on how they were cut into commits.
const REST: [(&str, bool); 7] = [
    ("accuracy_m", false),
    ("speed_m_s", false),
    ("source", true),
    ("age_band", false),
    ("sex", false),
    ("cell", true),
    ("municipality_code", true),
];

/// One sorted input.
struct Cursor<I> {
    batches: I,
    /// Its batch among those held.
    slot: usize,
    devices: ScalarBuffer<i64>,
    instants: ScalarBuffer<i64>,
    row: usize,
}

/// A merge under way.
pub(crate) struct Merge<I> {
    table: &'static str,
    cursors: Vec<Cursor<I>>,
    heads: BinaryHeap<Reverse<(i64, i64, usize)>>,
    held: Vec<RecordBatch>,
    order: FixOrder,
    picked: Vec<(usize, usize)>,
    /// Copies left out so far.
    pub copies: u64,
}

impl<I: Iterator<Item = Result<RecordBatch, LakeError>>> Merge<I> {
    /// Starts; the columns of every input are those of `schema`.
    pub(crate) fn new(table: &Table, schema: &SchemaRef, inputs: Vec<I>) -> Result<Self, LakeError> {
        let mut merge = Self {
            table: table.name,
            cursors: Vec::new(),
            heads: BinaryHeap::new(),
            held: Vec::new(),
            order: FixOrder::new(table, schema)?,
            picked: Vec::new(),
            copies: 0,
        };
        for batches in inputs {
            let empty = ScalarBuffer::from(Vec::new());
            let cursor = Cursor { batches, slot: 0, devices: empty.clone(), instants: empty, row: 0 };
            merge.cursors.push(cursor);
            merge.load(merge.cursors.len() - 1)?;
        }
        Ok(merge)
    }

    /// The next batch; `None` at the end.
    pub(crate) fn next_batch(&mut self) -> Result<Option<RecordBatch>, LakeError> {
        while self.picked.len() < OUT_ROWS {
            let Some(group) = self.take_group()? else { break };
            self.pick(group)?;
        }
        if self.picked.is_empty() {
            return Ok(None);
        }
        let held: Vec<&RecordBatch> = self.held.iter().collect();
        let batch = interleave_record_batch(&held, &self.picked).map_err(LakeError::arrow(self.table))?;
        self.picked.clear();
        self.let_go();
        Ok(Some(batch))
    }

    /// All rows with the least device and instant.
    fn take_group(&mut self) -> Result<Option<Vec<(usize, usize)>>, LakeError> {
        let Some(Reverse((device, instant, _))) = self.heads.peek().copied() else { return Ok(None) };
        let mut group = Vec::with_capacity(1);
        while let Some(Reverse((d, t, index))) = self.heads.peek().copied()
            && (d, t) == (device, instant)
        {
            self.heads.pop();
            let cursor = &mut self.cursors[index];
            group.push((cursor.slot, cursor.row));
            cursor.row += 1;
            if cursor.row < cursor.devices.len() {
                let next = (cursor.devices[cursor.row], cursor.instants[cursor.row]);
                if next < (device, instant) {
                    return Err(LakeError::Unsorted { table: self.table.to_owned() });
                }
                self.heads.push(Reverse((next.0, next.1, index)));
            } else {
                self.load(index)?;
            }
        }
        Ok(Some(group))
    }

    /// Orders a group and leaves copies out.
    fn pick(&mut self, group: Vec<(usize, usize)>) -> Result<(), LakeError> {
        if group.len() == 1 {
            self.picked.extend(group);
            return Ok(());
        }
        let held: Vec<&RecordBatch> = self.held.iter().collect();
        let rows = interleave_record_batch(&held, &group).map_err(LakeError::arrow(self.table))?;
        let kept = self.order.sorted_without_copies(&rows).map_err(LakeError::arrow(self.table))?;
        self.copies += (group.len() - kept.len()) as u64;
        self.picked.extend(kept.into_iter().map(|index| group[index]));
        Ok(())
    }

    /// Brings a cursor to its next batch that has rows; a finished one leaves the heap.
    fn load(&mut self, index: usize) -> Result<(), LakeError> {
        let cursor = &mut self.cursors[index];
        for batch in cursor.batches.by_ref() {
            let batch = batch?;
            if batch.num_rows() == 0 {
                continue;
            }
            let arrow = LakeError::arrow(self.table);
            let at = |name: &str| batch.schema().index_of(name);
            let devices = batch.column(at("device_id").map_err(&arrow)?).as_primitive::<Int64Type>();
            let instants =
                batch.column(at("timestamp").map_err(&arrow)?).as_primitive::<TimestampMicrosecondType>();
            cursor.devices = devices.values().clone();
            cursor.instants = instants.values().clone();
            cursor.row = 0;
            cursor.slot = self.held.len();
            self.heads.push(Reverse((cursor.devices[0], cursor.instants[0], index)));
            self.held.push(batch);
            return Ok(());
        }
        cursor.devices = ScalarBuffer::from(Vec::new());
        Ok(())
    }

    /// Lets go of batches in which no cursor stands any more.
    fn let_go(&mut self) {
        let mut kept = Vec::with_capacity(self.cursors.len());
        for cursor in &mut self.cursors {
            if !cursor.devices.is_empty() {
                kept.push(self.held[cursor.slot].clone());
                cursor.slot = kept.len() - 1;
            }
        }
        self.held = kept;
    }
}

/// The order of fixes of one device and instant.
struct FixOrder {
    key_columns: Vec<usize>,
    key: RowConverter,
    rest_columns: Vec<usize>,
    rest: RowConverter,
}

impl FixOrder {
    fn new(table: &Table, schema: &SchemaRef) -> Result<Self, LakeError> {
        let arrow = LakeError::arrow(table.name);
        let index = |name: &str| schema.index_of(name).map_err(&arrow);
        let key_columns: Vec<usize> = KEY.iter().map(|name| index(name)).collect::<Result<_, _>>()?;
        let rest_columns: Vec<usize> = REST.iter().map(|(name, _)| index(name)).collect::<Result<_, _>>()?;
        let kind = |column: &usize| schema.field(*column).data_type().clone();
        let key = key_columns.iter().map(|column| SortField::new(kind(column))).collect();
        let rest = rest_columns.iter().zip(REST).map(|(column, (_, nulls_first))| {
            SortField::new_with_options(kind(column), SortOptions { descending: false, nulls_first })
        });
        Ok(Self {
            key: RowConverter::new(key).map_err(&arrow)?,
            rest: RowConverter::new(rest.collect()).map_err(&arrow)?,
            key_columns,
            rest_columns,
        })
    }

    fn sorted_without_copies(&self, rows: &RecordBatch) -> Result<Vec<usize>, arrow::error::ArrowError> {
        let columns =
            |indices: &[usize]| -> Vec<_> { indices.iter().map(|i| rows.column(*i).clone()).collect() };
        let keys = self.key.convert_columns(&columns(&self.key_columns))?;
        let rests = self.rest.convert_columns(&columns(&self.rest_columns))?;
        let mut order: Vec<usize> = (0..rows.num_rows()).collect();
        order.sort_by(|a, b| keys.row(*a).cmp(&keys.row(*b)).then_with(|| rests.row(*a).cmp(&rests.row(*b))));
        order.dedup_by(|later, first| keys.row(*later) == keys.row(*first));
        Ok(order)
    }
}
