//! A bucket, measured: piece after piece of its devices through the walk.
//!
//! In: a sweep that has not passed the bucket, and by which definitions it is measured. Out: for each of them its rows in the
//! files of the derived tables, and [`Done`]. Memory is that of a piece, and of its records by all of the definitions: a
//! bucket of a nation is some billions of pings.

use kayoi_device::Period;
use kayoi_geography::Register;
use kayoi_lake::Bucket;
use kayoi_lake::sweep::Sweep;

use super::done::Done;
use crate::error::AggregateError;
use crate::options::AggregateOptions;
use crate::outputs::Outputs;
use crate::piece::{Piece, measure_piece};
use crate::plan::pieces;

/// How buckets are read.
pub(crate) struct Measuring<'a> {
    pub period: &'a Period,
    pub register: &'a Register,
    /// How many pings are in memory at a time.
    pub piece_pings: u64,
    /// About how many pings a bucket has.
    pub ping_count: u64,
}

/// What a bucket is measured by, and where its rows go.
pub(crate) struct By<'a> {
    pub options: &'a AggregateOptions,
    pub outputs: &'a mut Outputs,
}

impl Measuring<'_> {
    /// How many pieces a bucket has.
    pub(crate) fn piece_count(&self) -> u64 {
        self.ping_count.div_ceil(self.piece_pings.max(1)).max(1)
    }

    /// Measures a bucket by each of several definitions and writes its rows, those of each by themselves. Each of its pings is
    /// read once. `progress` is called after each piece.
    ///
    /// # Errors
    /// [`AggregateError::Lake`] when the store cannot be read or written.
    pub(crate) fn bucket(
        &self,
        sweep: &mut Sweep,
        bucket: Bucket,
        all: &mut [By<'_>],
        progress: &mut dyn FnMut(),
    ) -> Result<Vec<Done>, AggregateError> {
        let mut done: Vec<Done> = all.iter().map(|_| Done::default()).collect();
        let before: Result<Vec<_>, _> = all.iter_mut().map(|by| by.outputs.begin(bucket)).collect();
        let before = before?;
        let options: Vec<&AggregateOptions> = all.iter().map(|by| by.options).collect();
        for devices in pieces(&bucket.devices(), self.piece_count()) {
            let piece = Piece::read(sweep, &devices, self.register)?;
            let measured = measure_piece(&piece, &options, self.period);
            for ((by, done), (records, of_piece)) in all.iter_mut().zip(&mut done).zip(measured) {
                by.outputs.write(&records, &by.options.definition)?;
                done.counts.add(of_piece.counts);
                done.summary.join(&of_piece.summary);
            }
            progress();
        }
        for ((by, done), before) in all.iter_mut().zip(&mut done).zip(&before) {
            done.files = by.outputs.end(before)?;
        }
        Ok(done)
    }
}
