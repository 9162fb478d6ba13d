//! A sweep over sorted files, from the first device to the last: every row group is read once.
//!
//! In: the files of a table of fixes, and ranges of devices that go upwards. Out: the rows of each range, file
//! by file. A file is a cursor that keeps what it has decoded beyond the range and goes on from there, so
//! that neither the number of ranges nor that of buckets adds a byte to what is read. A file that compaction
//! cut to a bucket is opened when the sweep comes to that bucket and is over with it, and so is its footer;
//! other files stay open throughout. Memory is that of the range, and about 1 MB for each open file: a page and
//! a decompressor of each column and a batch (from a bucket: a row group as it lies there). A small file is
//! decoded at once and closed. Where thousands of files are open, because nobody compacts, the smallest are
//! opened again for each range, which is slow but stays in memory.

use std::ops::{Range, RangeInclusive};

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use futures::{StreamExt, TryStreamExt, stream};
use kayoi_schemas::tables::Table;
use parquet::file::metadata::ParquetMetaData;
use rayon::prelude::*;

use crate::batches::{self, Batches, IN_FLIGHT, Step, groups_of};
use crate::error::LakeError;
use crate::scan::{cut, read_device_range, reorder};
use crate::table::DataFile;

/// Rows that a cursor decodes at once: enough that a call costs little, few enough that those of thousands of
/// files fit in memory.
const BATCH_ROWS: usize = 4_096;
/// A file of so many rows takes less memory when it is decoded than an open one does.
const SMALL_ROWS: usize = 16_384;
/// Files that are open at once.
const MOST_OPEN: usize = 2_048;

/// Files that are read side by side.
pub struct Sweep<'f> {
    table: &'static Table,
    columns: &'static [&'static str],
    /// Where `device_id` is among the columns.
    device_column: usize,
    cursors: Vec<Cursor<'f>>,
    wanted_bytes: u64,
    most_open: usize,
}

/// How far one file was read.
struct Cursor<'f> {
    file: &'f DataFile,
    state: State,
}

enum State {
    /// The sweep has not come to it.
    Ahead,
    /// Under way: rows that are not decoded, and the decoded ones that no range has asked for yet.
    Open { batches: Box<Batches>, rows: usize, rest: Option<RecordBatch> },
    /// Decoded to its end.
    Rest(RecordBatch),
    /// Opened again for each range.
    Again,
    /// Nothing of it is left.
    Over,
}

/// What a cursor could do without waiting for the store.
enum Progress {
    /// The range is complete.
    Done,
    /// These bytes are needed first.
    Needs(Vec<Range<u64>>),
}

impl<'f> Sweep<'f> {
    /// Reads nothing yet. `columns` are those of the batches, in this order; `device_id` must be among them.
    pub fn new(table: &'static Table, files: &'f [DataFile], columns: &'static [&'static str]) -> Self {
        let device_column = columns.iter().position(|name| *name == "device_id").unwrap_or_default();
        let cursors = files.iter().map(|file| Cursor { file, state: State::Ahead }).collect();
        Self { table, columns, device_column, cursors, wanted_bytes: 0, most_open: MOST_OPEN }
    }

    /// Bytes of the columns in the row groups that were opened so far: what has to be read, and no more.
    pub fn wanted_bytes(&self) -> u64 {
        self.wanted_bytes
    }

    /// The rows of a range of devices, on all cores. Each file has a `T` of its own, in the order of the
    /// files, and `take` is given its batches in the file's order. Ranges go upwards: rows below this one that
    /// were not asked for are left out.
    ///
    /// # Errors
    /// [`LakeError`] when a file cannot be read.
    pub fn rows<T: Default + Send>(
        &mut self,
        devices: &RangeInclusive<i64>,
        take: impl Fn(&RecordBatch, &mut T) + Sync,
    ) -> Result<Vec<T>, LakeError> {
        self.open(devices)?;
        let (table, columns, device_column) = (self.table, self.columns, self.device_column);
        let mut taken: Vec<T> = self.cursors.iter().map(|_| T::default()).collect();
        loop {
            let advance = |(cursor, taken): (&mut Cursor, &mut T)| {
                cursor.advance((table, columns, device_column), devices, |batch| take(batch, taken))
            };
            let progress: Vec<Progress> = self
                .cursors
                .par_iter_mut()
                .zip(taken.par_iter_mut())
                .map(advance)
                .collect::<Result<_, LakeError>>()?;
            if !self.fetch(progress)? {
                return Ok(taken);
            }
        }
    }

    /// Opens the files that hold devices of the range and are not open yet.
    fn open(&mut self, devices: &RangeInclusive<i64>) -> Result<(), LakeError> {
        let (mut new, mut open): (Vec<&mut Cursor>, usize) = (Vec::new(), 0);
        for cursor in &mut self.cursors {
            let held = cursor.file.bucket.devices();
            match cursor.state {
                _ if held.end() < devices.start() => cursor.state = State::Over,
                State::Ahead if held.start() <= devices.end() => new.push(cursor),
                State::Open { .. } => open += 1,
                _ => {}
            }
        }
        // The largest stay open: to open them again costs most.
        new.sort_by_key(|cursor| std::cmp::Reverse(cursor.file.row_count));
        let opened = self.most_open.saturating_sub(open).min(new.len());
        for cursor in new.split_off(opened) {
            cursor.state = State::Again;
        }
        let files: Vec<&DataFile> = new.iter().map(|cursor| cursor.file).collect();
        let footers = batches::footers(self.table, &files)?;
        for (cursor, footer) in new.into_iter().zip(footers) {
            let metadata = &footer.metadata;
            let groups = groups_of(metadata, &(*devices.start()..=i64::MAX));
            self.wanted_bytes += wanted_bytes(metadata, &groups, self.columns);
            let rows = groups.iter().map(|group| metadata.row_group(*group).num_rows().max(0) as usize).sum();
            let batch_rows = if rows <= SMALL_ROWS { SMALL_ROWS } else { BATCH_ROWS };
            let chosen = (self.columns, batch_rows, Some(groups));
            let batches = Box::new(Batches::open_known(self.table, cursor.file, footer, chosen)?);
            cursor.state = State::Open { batches, rows, rest: None };
        }
        Ok(())
    }

    /// Fetches what cursors wait for, many requests at a time. Returns whether any did.
    fn fetch(&mut self, progress: Vec<Progress>) -> Result<bool, LakeError> {
        let mut waiting = Vec::new();
        for (cursor, progress) in self.cursors.iter_mut().zip(progress) {
            if let (Progress::Needs(ranges), State::Open { batches, .. }) = (progress, &mut cursor.state) {
                waiting.push((cursor.file, batches, ranges));
            }
        }
        let Some((first, ..)) = waiting.first() else { return Ok(false) };
        let location = first.location.clone();
        let requests = waiting.into_iter().map(|(file, batches, ranges)| async move {
            let bytes = file.location.ranges(&file.path, &ranges).await?;
            Ok::<_, LakeError>((batches, ranges, bytes))
        });
        let answers = stream::iter(requests).buffer_unordered(IN_FLIGHT).try_collect::<Vec<_>>();
        for (batches, ranges, bytes) in location.block_on(answers)? {
            batches.feed(ranges, bytes)?;
        }
        Ok(true)
    }
}

impl Cursor<'_> {
    /// Takes the rows of a range as far as they can be decoded without waiting.
    fn advance(
        &mut self,
        (table, columns, device_column): (&Table, &[&str], usize),
        devices: &RangeInclusive<i64>,
        mut take: impl FnMut(&RecordBatch),
    ) -> Result<Progress, LakeError> {
        let mut cut_off = |batch: RecordBatch| {
            let found = cut(&batch, device_column, devices);
            if found.num_rows() > 0 {
                take(&found);
            }
            let values = batch.column(device_column).as_primitive::<Int64Type>().values();
            let beyond = values.partition_point(|device| device <= devices.end());
            (beyond < batch.num_rows()).then(|| batch.slice(beyond, batch.num_rows() - beyond))
        };
        loop {
            match &mut self.state {
                State::Ahead | State::Over => return Ok(Progress::Done),
                State::Rest(batch) => {
                    self.state = cut_off(batch.clone()).map_or(State::Over, State::Rest);
                    return Ok(Progress::Done);
                }
                State::Again => {
                    for batch in read_device_range(table, self.file, columns, devices)? {
                        cut_off(batch);
                    }
                    return Ok(Progress::Done);
                }
                State::Open { batches, rows, rest } => {
                    if let Some(batch) = rest.take()
                        && let Some(left) = cut_off(batch)
                    {
                        *rest = Some(left);
                        return Ok(Progress::Done);
                    }
                    let batch = match batches.step()? {
                        Step::Batch(batch) => reorder(table, &batch, columns)?,
                        Step::Needs(ranges) => return Ok(Progress::Needs(ranges)),
                        Step::End => {
                            self.state = State::Over;
                            continue;
                        }
                    };
                    *rows = rows.saturating_sub(batch.num_rows());
                    // With the last rows decoded, the decoder has nothing left to hold memory for.
                    if *rows == 0 { self.state = State::Rest(batch) } else { *rest = Some(batch) }
                }
            }
        }
    }
}

/// Bytes of columns in row groups.
fn wanted_bytes(metadata: &ParquetMetaData, groups: &[usize], columns: &[&str]) -> u64 {
    let chunks = groups.iter().flat_map(|group| metadata.row_group(*group).columns());
    let wanted = chunks.filter(|chunk| columns.iter().any(|name| *name == chunk.column_path().string()));
    wanted.map(|chunk| chunk.compressed_size().max(0) as u64).sum()
}

#[cfg(test)]
#[path = "sweep_tests.rs"]
mod tests;
