//! The batches of one data file, from a disk or a bucket.
//!
//! In: a file and the columns wanted. Out: batches, one at a time. From a bucket a file is not downloaded:
//! the decoder says which bytes the wanted columns and row groups need, and only those are fetched. A column
//! that a file of an older version may lack ([`Table::may_lack`]) comes with null in each row: a batch has what
//! was asked for, the file's columns in the file's order, and what it lacks behind them.

use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

use arrow::array::{RecordBatch, new_null_array};
use arrow::datatypes::{Field, FieldRef, Schema};
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use kayoi_schemas::tables::Table;
use parquet::DecodeResult;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::arrow::push_decoder::{ParquetPushDecoder, ParquetPushDecoderBuilder};
use parquet::errors::ParquetError;
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataPushDecoder, ParquetMetaDataReader};
use parquet::file::statistics::Statistics;
use rayon::prelude::*;

use crate::error::LakeError;
use crate::location::Location;
use crate::table::DataFile;

/// Requests to a bucket that are under way at once.
pub(crate) const IN_FLIGHT: usize = 32;
/// Rows of a batch when a whole file is read.
pub(crate) const BATCH_ROWS: usize = 65_536;
/// The end of a file that is fetched first is a share of it, within bounds: a footer grows with the file's row
/// groups, and a small file should not be fetched twice for it.
const FOOTER_SHARE: u64 = 512;
const FOOTER_BYTES: RangeInclusive<u64> = 8 * 1024..=256 * 1024;

/// The footer of a file, with the end of the file when it was fetched from a bucket: small files lie in it.
pub(crate) struct Footer {
    pub(crate) metadata: Arc<ParquetMetaData>,
    end: Option<(Range<u64>, Bytes)>,
}

/// Which row groups of a file are read.
pub(crate) enum Groups<'d> {
    /// All of them.
    All,
    /// Those that can hold a device of a range.
    Holding(&'d RangeInclusive<i64>),
}

impl Groups<'_> {
    fn of(self, metadata: &ParquetMetaData) -> Option<Vec<usize>> {
        match self {
            Self::All => None,
            Self::Holding(devices) => Some(groups_of(metadata, devices)),
        }
    }
}

/// Row groups that can hold a device of a range.
pub(crate) fn groups_of(metadata: &ParquetMetaData, devices: &RangeInclusive<i64>) -> Vec<usize> {
    let columns = metadata.file_metadata().schema_descr().columns();
    let Some(column) = columns.iter().position(|column| column.name() == "device_id") else {
        return (0..metadata.num_row_groups()).collect();
    };
    let groups = metadata.row_groups().iter().enumerate();
    let groups = groups.filter(|(_, group)| match group.column(column).statistics() {
        Some(Statistics::Int64(statistics)) => match (statistics.min_opt(), statistics.max_opt()) {
            (Some(least), Some(greatest)) => least <= devices.end() && greatest >= devices.start(),
            _ => true,
        },
        _ => true,
    });
    groups.map(|(index, _)| index).collect()
}

/// Batches of a file, in its order.
pub(crate) struct Batches {
    table: &'static str,
    reader: Reader,
    /// What the file lacks of what was asked for.
    lacking: Vec<FieldRef>,
}

/// What comes next of a file.
pub(crate) enum Step {
    /// Rows.
    Batch(RecordBatch),
    /// Bytes that must be fed first.
    Needs(Vec<Range<u64>>),
    /// Nothing.
    End,
}

enum Reader {
    Local(ParquetRecordBatchReader),
    Remote(Box<Remote>),
}

struct Remote {
    location: Location,
    path: String,
    decoder: ParquetPushDecoder,
    group: Option<ParquetRecordBatchReader>,
}

impl Batches {
    /// Opens some row groups of a file.
    pub(crate) fn open(
        table: &Table,
        file: &DataFile,
        columns: &[&str],
        batch_rows: usize,
        groups: Groups,
    ) -> Result<Self, LakeError> {
        let footer = footer(table, file)?;
        let groups = groups.of(&footer.metadata);
        Self::open_known(table, file, footer, (columns, batch_rows, groups))
    }

    /// Opens row groups of a file whose footer was read: these, or all of them.
    pub(crate) fn open_known(
        table: &Table,
        file: &DataFile,
        Footer { metadata, end }: Footer,
        (columns, batch_rows, groups): (&[&str], usize, Option<Vec<usize>>),
    ) -> Result<Self, LakeError> {
        let parquet = LakeError::parquet(table.name);
        let lacking = lacking(table, &metadata, columns);
        let reader = if let Some(stored) = file.location.stored_file(&file.path, file.size_bytes) {
            let known = ArrowReaderMetadata::try_new(metadata, ArrowReaderOptions::new());
            let known = known.map_err(&parquet)?;
            let mut builder = ParquetRecordBatchReaderBuilder::new_with_metadata(stored, known);
            if let Some(groups) = groups {
                builder = builder.with_row_groups(groups);
            }
            let mask = ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied());
            Reader::Local(
                builder.with_projection(mask).with_batch_size(batch_rows).build().map_err(&parquet)?,
            )
        } else {
            let mut builder = ParquetPushDecoderBuilder::try_new_decoder(metadata).map_err(&parquet)?;
            if let Some(groups) = groups {
                builder = builder.with_row_groups(groups);
            }
            let mask = ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied());
            let builder = builder.with_projection(mask).with_batch_size(batch_rows);
            let mut decoder = builder.build().map_err(&parquet)?;
            if let Some((range, bytes)) = end {
                decoder.push_range(range, bytes).map_err(&parquet)?;
            }
            let (location, path) = (file.location.clone(), file.path.clone());
            Reader::Remote(Box::new(Remote { location, path, decoder, group: None }))
        };
        Ok(Self { table: table.name, reader, lacking })
    }
}

impl Batches {
    /// The next step, for who fetches bytes of many files at once. A file in a folder needs none.
    pub(crate) fn step(&mut self) -> Result<Step, LakeError> {
        let step = match &mut self.reader {
            Reader::Local(reader) => match reader.next() {
                Some(batch) => batch.map(Step::Batch).map_err(LakeError::arrow(self.table)),
                None => Ok(Step::End),
            },
            Reader::Remote(remote) => remote.step(self.table),
        };
        match step? {
            Step::Batch(batch) if !self.lacking.is_empty() => self.completed(&batch).map(Step::Batch),
            step => Ok(step),
        }
    }

    /// A batch with what the file lacks.
    fn completed(&self, batch: &RecordBatch) -> Result<RecordBatch, LakeError> {
        let schema = batch.schema();
        let fields: Vec<FieldRef> = schema.fields().iter().chain(&self.lacking).cloned().collect();
        let absent = self.lacking.iter().map(|field| new_null_array(field.data_type(), batch.num_rows()));
        let columns = batch.columns().iter().cloned().chain(absent).collect();
        RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).map_err(LakeError::arrow(self.table))
    }

    /// Hands over bytes that a step needed.
    pub(crate) fn feed(&mut self, ranges: Vec<Range<u64>>, bytes: Vec<Bytes>) -> Result<(), LakeError> {
        match &mut self.reader {
            Reader::Local(_) => Ok(()),
            Reader::Remote(remote) => {
                remote.decoder.push_ranges(ranges, bytes).map_err(LakeError::parquet(self.table))
            }
        }
    }

    fn next_batch(&mut self) -> Result<Option<RecordBatch>, LakeError> {
        loop {
            match self.step()? {
                Step::Batch(batch) => return Ok(Some(batch)),
                Step::End => return Ok(None),
                Step::Needs(ranges) => {
                    if let Reader::Remote(remote) = &self.reader {
                        let bytes = remote.location.read_ranges(&remote.path, &ranges)?;
                        self.feed(ranges, bytes)?;
                    }
                }
            }
        }
    }
}

impl Iterator for Batches {
    type Item = Result<RecordBatch, LakeError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_batch().transpose()
    }
}

impl Remote {
    fn step(&mut self, table: &str) -> Result<Step, LakeError> {
        loop {
            if let Some(batch) = self.group.as_mut().and_then(Iterator::next) {
                return batch.map(Step::Batch).map_err(LakeError::arrow(table));
            }
            match self.decoder.try_next_reader().map_err(LakeError::parquet(table))? {
                DecodeResult::Data(reader) => self.group = Some(reader),
                DecodeResult::NeedsData(ranges) => return Ok(Step::Needs(ranges)),
                DecodeResult::Finished => return Ok(Step::End),
            }
        }
    }
}

/// Which of the columns a file lacks, and may. Any other one is missed by who looks for it.
fn lacking(table: &Table, metadata: &ParquetMetaData, columns: &[&str]) -> Vec<FieldRef> {
    let there = metadata.file_metadata().schema_descr();
    let lacks = |name: &str| there.columns().iter().all(|column| column.name() != name);
    let described = table.columns.iter().filter(|column| columns.contains(&column.name));
    let lacking = described.filter(|column| table.may_lack(column.name) && lacks(column.name));
    lacking.map(|column| Arc::new(Field::new(column.name, column.kind.arrow(), column.nullable))).collect()
}

/// The footer of a file. For threads, not for tasks.
pub(crate) fn footer(table: &Table, file: &DataFile) -> Result<Footer, LakeError> {
    let Some(stored) = file.location.stored_file(&file.path, file.size_bytes) else {
        return file.location.block_on(fetched_footer(table, file));
    };
    let metadata = ParquetMetaDataReader::new().parse_and_finish(&stored);
    Ok(Footer { metadata: Arc::new(metadata.map_err(LakeError::parquet(table.name))?), end: None })
}

/// The footers of files, many at a time. For threads, not for tasks.
pub(crate) fn footers(table: &Table, files: &[&DataFile]) -> Result<Vec<Footer>, LakeError> {
    match files.first() {
        Some(first) if !first.location.is_folder() => {
            let requests = files.iter().map(|file| fetched_footer(table, file));
            let footers = stream::iter(requests).buffered(IN_FLIGHT).try_collect();
            first.location.block_on(footers)
        }
        _ => files.par_iter().map(|file| footer(table, file)).collect(),
    }
}

/// The footer of a file in a bucket.
async fn fetched_footer(table: &Table, file: &DataFile) -> Result<Footer, LakeError> {
    let parquet = LakeError::parquet(table.name);
    let mut decoder = ParquetMetaDataPushDecoder::try_new(file.size_bytes).map_err(&parquet)?;
    let share = (file.size_bytes / FOOTER_SHARE).clamp(*FOOTER_BYTES.start(), *FOOTER_BYTES.end());
    let end = file.size_bytes.saturating_sub(share)..file.size_bytes;
    let mut ranges = vec![end.clone()];
    let mut fetched = None;
    loop {
        let bytes = file.location.ranges(&file.path, &ranges).await?;
        fetched = fetched.or_else(|| bytes.first().cloned());
        decoder.push_ranges(ranges, bytes).map_err(&parquet)?;
        match decoder.try_decode().map_err(&parquet)? {
            DecodeResult::Data(metadata) => {
                return Ok(Footer { metadata: Arc::new(metadata), end: fetched.map(|bytes| (end, bytes)) });
            }
            DecodeResult::NeedsData(needed) => ranges = needed,
            DecodeResult::Finished => {
                return Err(parquet(ParquetError::General("the footer was read already".to_owned())));
            }
        }
    }
}
