//! The batches of one data file, from a disk or a bucket.
//!
//! In: a file and the columns wanted. Out: batches, one at a time. From a bucket a file is not downloaded:
//! the decoder says which bytes the wanted columns and row groups need, and only those are fetched.

use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

use arrow::array::RecordBatch;
use bytes::Bytes;
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

use crate::error::LakeError;
use crate::location::Location;
use crate::table::DataFile;

/// Rows of a batch when a whole file is read.
pub(crate) const BATCH_ROWS: usize = 65_536;
/// The end of a file that is fetched first: it holds the footer of nearly every file.
const FOOTER_BYTES: u64 = 64 * 1024;

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
        let metadata = metadata(table, file)?;
        let groups = groups.of(&metadata);
        Self::open_known(table, file, &metadata, (columns, batch_rows, groups))
    }

    /// Opens row groups of a file whose footer was read: these, or all of them.
    pub(crate) fn open_known(
        table: &Table,
        file: &DataFile,
        metadata: &Arc<ParquetMetaData>,
        (columns, batch_rows, groups): (&[&str], usize, Option<Vec<usize>>),
    ) -> Result<Self, LakeError> {
        let parquet = LakeError::parquet(table.name);
        let reader = if let Some(stored) = file.location.stored_file(&file.path, file.size_bytes) {
            let known = ArrowReaderMetadata::try_new(Arc::clone(metadata), ArrowReaderOptions::new());
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
            let mut builder =
                ParquetPushDecoderBuilder::try_new_decoder(Arc::clone(metadata)).map_err(&parquet)?;
            if let Some(groups) = groups {
                builder = builder.with_row_groups(groups);
            }
            let mask = ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied());
            let builder = builder.with_projection(mask).with_batch_size(batch_rows);
            Reader::Remote(Box::new(Remote {
                location: file.location.clone(),
                path: file.path.clone(),
                decoder: builder.build().map_err(&parquet)?,
                group: None,
            }))
        };
        Ok(Self { table: table.name, reader })
    }
}

impl Batches {
    /// The next step, for who fetches bytes of many files at once. A file in a folder needs none.
    pub(crate) fn step(&mut self) -> Result<Step, LakeError> {
        match &mut self.reader {
            Reader::Local(reader) => match reader.next() {
                Some(batch) => batch.map(Step::Batch).map_err(LakeError::arrow(self.table)),
                None => Ok(Step::End),
            },
            Reader::Remote(remote) => remote.step(self.table),
        }
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

/// The footer of a file.
pub(crate) fn metadata(table: &Table, file: &DataFile) -> Result<Arc<ParquetMetaData>, LakeError> {
    let Some(stored) = file.location.stored_file(&file.path, file.size_bytes) else {
        return file.location.block_on(footer(table, file));
    };
    let metadata = ParquetMetaDataReader::new().parse_and_finish(&stored);
    metadata.map(Arc::new).map_err(LakeError::parquet(table.name))
}

/// The footer of a file in a bucket.
pub(crate) async fn footer(table: &Table, file: &DataFile) -> Result<Arc<ParquetMetaData>, LakeError> {
    let parquet = LakeError::parquet(table.name);
    let mut decoder = ParquetMetaDataPushDecoder::try_new(file.size_bytes).map_err(&parquet)?;
    let end = file.size_bytes.saturating_sub(FOOTER_BYTES)..file.size_bytes;
    let mut ranges = vec![end];
    loop {
        let bytes = file.location.ranges(&file.path, &ranges).await?;
        decoder.push_ranges(ranges, bytes).map_err(&parquet)?;
        match decoder.try_decode().map_err(&parquet)? {
            DecodeResult::Data(metadata) => return Ok(Arc::new(metadata)),
            DecodeResult::NeedsData(needed) => ranges = needed,
            DecodeResult::Finished => {
                return Err(parquet(ParquetError::General("the footer was read already".to_owned())));
            }
        }
    }
}
