//! Compaction: the files of a day become few, sorted, each fix once.
//!
//! In: a table of fixes. Out: for each day that has new files, files of `FILE_ROWS` rows in the order of
//! `merge`, cut where one bucket of devices ends and the next begins, swapped in by one commit that changes no
//! row but copies. The same pings give the same bytes, whatever order and commits they came in. The bucket
//! stands in a file's name and is no partition: by Delta's rules a row that changes its partition is a change
//! of data, and a lake may double its buckets without one. Ingest goes on meanwhile; another rewrite does not.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::AsArray;
use arrow::datatypes::{Int64Type, Schema, SchemaRef};
use deltalake_core::kernel::{Action, Add};
use deltalake_core::protocol::DeltaOperation;
use kayoi_schemas::invariant::Broken;

use crate::batches::{self, Batches};
use crate::bucket::{Bucket, Buckets};
use crate::commit::Proposal;
use crate::error::LakeError;
use crate::fault;
use crate::file::{FileBuilder, Press, ROW_GROUP_ROWS};
use crate::lake::Lake;
use crate::merge::Merge;
use crate::scan::reorder;
use crate::table::{DataFile, DeltaTable};

/// Rows of a compacted file: about 100 MiB of pings.
const FILE_ROWS: usize = 80 * ROW_GROUP_ROWS;
/// Files merged at once: each holds one batch in memory.
const FAN_IN: usize = 256;
/// Rows of a batch of one input.
const BATCH_ROWS: usize = 8_192;

/// What compaction did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Compacted {
    /// Days (or whole tables, where there are no days) rewritten.
    pub partitions: u64,
    /// Files of those days before.
    pub files_before: u64,
    /// Files of those days after.
    pub files_after: u64,
    /// Bytes of those files before.
    pub bytes_before: u64,
    /// Bytes of those files after.
    pub bytes_after: u64,
    /// Copies of fixes that were removed.
    pub copies: u64,
}

impl DeltaTable {
    /// Compacts every partition that has files which compaction did not make. `progress` is called with the
    /// share of the work that is done.
    ///
    /// # Errors
    /// [`LakeError`] when files cannot be read or written, [`LakeError::Fenced`] when another rewrite came
    /// between; the table then is as it was, but for partitions already done.
    pub fn compact(&mut self, lake: &Lake, progress: &mut dyn FnMut(f64)) -> Result<Compacted, LakeError> {
        lake.block_on(self.refresh())?;
        let mut partitions: BTreeMap<Option<String>, Vec<DataFile>> = BTreeMap::new();
        for file in lake.block_on(self.files())? {
            partitions.entry(file.partition_value.clone()).or_default().push(file);
        }
        let buckets = lake.buckets()?;
        partitions.retain(|_, files| files.iter().any(|file| !file.is_cut(buckets)));
        let mut done = Compacted::default();
        let count = partitions.len();
        for (number, (partition, files)) in partitions.into_iter().enumerate() {
            self.compact_partition(lake, partition.as_deref(), files, &mut done)?;
            progress((number + 1) as f64 / count as f64);
        }
        Ok(done)
    }

    fn compact_partition(
        &mut self,
        lake: &Lake,
        partition: Option<&str>,
        mut files: Vec<DataFile>,
        done: &mut Compacted,
    ) -> Result<(), LakeError> {
        done.partitions += 1;
        done.files_before += files.len() as u64;
        done.bytes_before += files.iter().map(|file| file.size_bytes).sum::<u64>();
        while files.len() > FAN_IN {
            let rest = files.split_off(FAN_IN);
            let adds = self.rewrite(lake, partition, &files, Press::Light, done)?;
            let made: Vec<&str> = adds.iter().map(|add| add.path.as_str()).collect();
            let all = lake.block_on(self.files())?;
            files = rest;
            files.extend(all.into_iter().filter(|file| made.iter().any(|made| file.path.ends_with(made))));
        }
        let adds = self.rewrite(lake, partition, &files, Press::Firm, done)?;
        done.files_after += adds.len() as u64;
        done.bytes_after += adds.iter().map(|add| add.size.max(0) as u64).sum::<u64>();
        Ok(())
    }

    /// Merges files into new ones and swaps them in.
    fn rewrite(
        &mut self,
        lake: &Lake,
        partition: Option<&str>,
        files: &[DataFile],
        press: Press,
        done: &mut Compacted,
    ) -> Result<Vec<Add>, LakeError> {
        let position = lake.block_on(self.maintenance_position())?;
        // Files of a merge in between are read again at once: they need no border.
        let buckets = if press == Press::Firm { lake.buckets()? } else { Buckets::ONE };
        let (adds, written, copies) = self.merged(partition, files, (press, buckets))?;
        let before: u64 = files.iter().map(|file| file.row_count).sum();
        if before != written + copies {
            let detail = format!("{before} rows became {written} and {copies} copies");
            return Err(Broken { name: "I-1 conservation", detail }.into());
        }
        fault::point("before-compaction-commit")?;
        let mut actions = removals(files);
        actions.extend(adds.iter().map(|add| Action::Add(Add { data_change: false, ..add.clone() })));
        let operation = DeltaOperation::Optimize { predicate: None, target_size: FILE_ROWS as i64 };
        let proposal = Proposal { actions, positions: vec![position], mark: None, operation, note: None };
        lake.block_on(self.commit(proposal))?;
        done.copies += copies;
        Ok(adds)
    }

    fn merged(
        &self,
        partition: Option<&str>,
        files: &[DataFile],
        (press, buckets): (Press, Buckets),
    ) -> Result<(Vec<Add>, u64, u64), LakeError> {
        let table = self.description;
        let schema = self.file_schema();
        let columns: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
        let in_order = |batch: Result<_, _>| reorder(table, &batch?, &columns);
        // In a bucket a question after the other would be most of the time: a day has hundreds of small files.
        let footers = batches::footers(table, &files.iter().collect::<Vec<_>>())?;
        let open =
            |(file, footer)| Batches::open_known(table, file, footer, (columns.as_slice(), BATCH_ROWS, None));
        let inputs = files.iter().zip(footers).map(|input| open(input).map(|batches| batches.map(in_order)));
        let mut merge = Merge::new(table, &schema, inputs.collect::<Result<_, _>>()?)?;
        let device_column = schema.index_of("device_id").map_err(LakeError::arrow(table.name))?;
        let (mut adds, mut written) = (Vec::new(), 0_u64);
        let mut file: Option<(FileBuilder, Bucket, usize)> = None;
        while let Some(mut batch) = merge.next_batch()? {
            while batch.num_rows() > 0 {
                let devices = batch.column(device_column).as_primitive::<Int64Type>().values();
                let bucket = buckets.holding(devices[0]);
                if let Some((full, of, rows)) = file.take() {
                    if of == bucket && rows < FILE_ROWS {
                        file = Some((full, of, rows));
                    } else {
                        adds.push(self.finish_file(full, partition)?);
                    }
                }
                let (builder, _, rows) = match &mut file {
                    Some(file) => file,
                    None => {
                        let new = FileBuilder::new(table, Arc::clone(&schema), press)?.of(bucket);
                        file.insert((new, bucket, 0))
                    }
                };
                let of_bucket = devices.partition_point(|device| device <= bucket.devices().end());
                let fits = of_bucket.min(FILE_ROWS - *rows);
                builder.write(&batch.slice(0, fits))?;
                *rows += fits;
                written += fits as u64;
                batch = batch.slice(fits, batch.num_rows() - fits);
            }
        }
        if let Some((last, ..)) = file {
            adds.push(self.finish_file(last, partition)?);
        }
        Ok((adds, written, merge.copies))
    }

    /// Columns of a data file: those of the table without the partition column.
    pub(crate) fn file_schema(&self) -> SchemaRef {
        let schema = self.description.arrow_schema();
        let is_kept = |name: &str| Some(name) != self.description.partition;
        let fields = schema.fields().iter().filter(|field| is_kept(field.name())).cloned();
        Arc::new(Schema::new(fields.collect::<Vec<_>>()))
    }
}

fn removals(files: &[DataFile]) -> Vec<Action> {
    let remove = |file: &DataFile| {
        let mut remove = file.remove.clone();
        remove.data_change = false;
        Action::Remove(remove)
    };
    files.iter().map(remove).collect()
}

#[cfg(test)]
#[path = "compact_tests.rs"]
mod tests;
