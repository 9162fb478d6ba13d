//! What was run over a lake, for whoever operates it.
//!
//! In: a run that has ended, and its figures. Out: rows of table `runs`, a commit a run, which need no lease: runs in
//! parallel, as of buckets, append beside each other.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Float64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use arrow::datatypes::{Float64Type, TimestampMicrosecondType};
use kayoi_schemas::tables::InternalTable;
use kayoi_schemas::time::UtcMillis;

use crate::error::LakeError;
use crate::lake::Lake;

/// A run.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// A random name.
    pub run_id: String,
    /// What was run: aggregate, bucket, finish or maintain.
    pub step: String,
    /// When it began.
    pub started: UtcMillis,
    /// Its figures, by measure.
    pub measures: BTreeMap<String, f64>,
}

impl Lake {
    /// Adds a run to table `runs`.
    ///
    /// # Errors
    /// [`LakeError`] when the table cannot be written.
    pub fn record_run(&self, run: &Run) -> Result<(), LakeError> {
        let mut table = self.table(InternalTable::Runs)?;
        let add = table.write_file(&batch(run)?, None)?;
        self.block_on(table.append(vec![add], &[], None))
    }

    /// All runs, the oldest first.
    ///
    /// # Errors
    /// [`LakeError`] when the table cannot be read.
    pub fn runs(&self) -> Result<Vec<Run>, LakeError> {
        let mut runs: BTreeMap<(i64, String), Run> = BTreeMap::new();
        if self.table_if_there(InternalTable::Runs)?.is_none() {
            return Ok(Vec::new());
        }
        let columns = ["run_id", "step", "started", "measure", "value"];
        for batch in self.rows(InternalTable::Runs, &columns)? {
            let started = batch.column(2).as_primitive::<TimestampMicrosecondType>().values();
            let [ids, steps, measures] = [0, 1, 3].map(|column| batch.column(column).as_string::<i32>());
            let values = batch.column(4).as_primitive::<Float64Type>().values();
            for (row, started) in started.iter().enumerate() {
                let key = (*started, ids.value(row).to_owned());
                let run = runs.entry(key).or_insert_with(|| Run {
                    run_id: ids.value(row).to_owned(),
                    step: steps.value(row).to_owned(),
                    started: UtcMillis(started / 1000),
                    measures: BTreeMap::new(),
                });
                run.measures.insert(measures.value(row).to_owned(), values[row]);
            }
        }
        Ok(runs.into_values().collect())
    }
}

/// The rows of a run, in the table's order.
fn batch(run: &Run) -> Result<RecordBatch, LakeError> {
    let table = InternalTable::Runs.table();
    let rows = run.measures.len();
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from_iter_values(std::iter::repeat_n(&run.run_id, rows))),
        Arc::new(StringArray::from_iter_values(std::iter::repeat_n(&run.step, rows))),
        Arc::new(TimestampMicrosecondArray::from_value(run.started.0 * 1000, rows).with_timezone("UTC")),
        Arc::new(StringArray::from_iter_values(run.measures.keys())),
        Arc::new(Float64Array::from_iter_values(run.measures.values().copied())),
    ];
    RecordBatch::try_new(table.arrow_schema(), columns)
        .map_err(|source| LakeError::Arrow { table: table.name.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_told_in_their_order_with_all_their_figures() {
        let folder = tempfile::tempdir().unwrap();
        let lake = Lake::open(folder.path()).unwrap();
        assert_eq!(lake.runs().unwrap(), []);
        let run = |id: &str, started, figures: &[(&str, f64)]| Run {
            run_id: id.to_owned(),
            step: "maintain".to_owned(),
            started: UtcMillis(started),
            measures: figures.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect(),
        };
        let later = run("a", 2_000, &[("success", 1.0), ("seconds", 0.5)]);
        let earlier = run("b", 1_000, &[("success", 0.0)]);
        lake.record_run(&later).unwrap();
        lake.record_run(&earlier).unwrap();
        assert_eq!(lake.runs().unwrap(), [earlier, later]);
    }
}
