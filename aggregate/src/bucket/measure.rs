//! A bucket, measured: piece after piece of its devices through the walk.
//!
//! In: a sweep that has not passed the bucket. Out: its rows in the files of the derived tables, and [`Done`].
//! Memory is that of a piece: a bucket of a nation is some billions of pings.

use kayoi_device::Period;
use kayoi_lake::Bucket;
use kayoi_lake::sweep::Sweep;

use super::done::Done;
use crate::error::AggregateError;
use crate::options::AggregateOptions;
use crate::outputs::Outputs;
use crate::piece::{Piece, measure_piece};
use crate::plan::pieces;

/// What buckets are measured by.
pub(crate) struct Measuring<'a> {
    pub options: &'a AggregateOptions,
    pub period: &'a Period,
    /// About how many pings a bucket has.
    pub ping_count: u64,
}

impl Measuring<'_> {
    /// How many pieces a bucket has.
    pub(crate) fn piece_count(&self) -> u64 {
        self.ping_count.div_ceil(self.options.piece_pings.max(1)).max(1)
    }

    /// Measures a bucket and writes its rows. `progress` is called after each piece.
    ///
    /// # Errors
    /// [`AggregateError::Lake`] when the store cannot be read or written.
    pub(crate) fn bucket(
        &self,
        sweep: &mut Sweep,
        bucket: Bucket,
        outputs: &mut Outputs,
        progress: &mut dyn FnMut(),
    ) -> Result<Done, AggregateError> {
        let mut done = Done::default();
        let before = outputs.begin(bucket)?;
        for devices in pieces(&bucket.devices(), self.piece_count()) {
            let piece = Piece::read(sweep, &devices, self.options.register)?;
            let (records, of_piece) = measure_piece(&piece, self.options, self.period);
            outputs.write(&records, &self.options.definition)?;
            done.counts.add(of_piece.counts);
            done.summary.join(&of_piece.summary);
            progress();
        }
        done.files = outputs.end(&before)?;
        Ok(done)
    }
}
