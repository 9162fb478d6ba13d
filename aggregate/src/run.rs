//! The run: pieces of devices through the walk, then their counts.
//!
//! In: a lake with pings. Out: all derived tables and `indicators` replaced, each in one commit. Pieces go
//! one after the other so that memory holds one at a time; the devices of a piece are measured on all cores.
//! The result depends on the pings alone: neither the order of arrival nor the number of pieces or threads
//! can show in it.

use kayoi_lake::scan::footed;
use kayoi_lake::{Lake, fault};
use kayoi_schemas::tables::InternalTable;
use kayoi_schemas::time::DayRule;

use crate::count::Counts;
use crate::error::AggregateError;
use crate::months::period;
use crate::options::AggregateOptions;
use crate::outputs::Outputs;
use crate::piece::{self, Piece, measure_piece};
use crate::plan::pieces;
use crate::summary::AggregateSummary;
use crate::tables;

/// A run whose tables are committed, and whose notes are kept until the release is out: if that fails, the
/// next run measures nothing again.
#[derive(Debug)]
pub struct Aggregated {
    summary: AggregateSummary,
    journal: kayoi_lake::journal::Journal,
}

impl Aggregated {
    /// Deletes the notes of the pieces, since everything made of them is out, and says what was measured.
    ///
    /// # Errors
    /// [`AggregateError::Lake`] when the store does not answer.
    pub fn finish(self, lake: &Lake) -> Result<AggregateSummary, AggregateError> {
        self.journal.clear(lake)?;
        Ok(self.summary)
    }
}

/// Measures every device of a lake and replaces its derived tables. `progress` is called with the pieces done
/// and the pieces in all.
///
/// # Errors
/// [`AggregateError`]; the tables of the last run then stay.
pub fn aggregate(
    lake: &Lake,
    options: &AggregateOptions,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Aggregated, AggregateError> {
    let files = lake.files(InternalTable::Pings)?;
    let ping_count: u64 = files.iter().map(|file| file.row_count).sum();
    let period = period(&files, DayRule::JAPAN).ok_or(AggregateError::NoPings)?;
    let mut summary = AggregateSummary { pings: ping_count, ..AggregateSummary::default() };
    summary.months = period.tie_months.first().copied().zip(period.tie_months.last().copied());
    // The footers say which rows each piece needs; they are read once for all pieces.
    let footed = footed(InternalTable::Pings.table(), &files)?;
    let mut outputs = Outputs::open(lake)?;
    let mut counts = Counts::default();
    let pieces = pieces(ping_count, options.piece_pings);
    let journal = piece::journal(lake, &files, options, &period);
    for (number, devices) in pieces.iter().enumerate() {
        progress(number as u64, pieces.len() as u64);
        let name = piece::name(devices);
        // A note is only as good as its files: when one of them is gone, the piece is measured again.
        let known = piece::read(lake, &journal, &name)?.filter(|done| outputs.restore(lake, &done.files));
        let done = match known {
            Some(done) => {
                summary.resumed_pieces += 1;
                done
            }
            None => {
                let fixes = Piece::read(&footed, devices, options.register)?;
                let (records, mut done) = measure_piece(&fixes, options, &period);
                // Files first and their note last: a run that dies between them measures the piece again and
                // leaves files that no table names.
                done.files = outputs.write(&records, &options.definition)?;
                fault::point("before-piece-note")?;
                piece::write(lake, &journal, &name, &done)?;
                fault::point("after-piece-note")?;
                done
            }
        };
        counts.add(done.counts);
        summary.join(&done.summary);
    }
    progress(pieces.len() as u64, pieces.len() as u64);
    // Before the first commit, so that counts that contradict each other leave the last run's tables as they
    // were.
    counts.check()?;
    fault::point("before-derived-commit")?;
    outputs.commit()?;
    // `indicators` comes last: a release that reads new counts finds the tables that they were made from.
    tables::indicators::replace(lake, &counts, &options.definition)?;
    Ok(Aggregated { summary, journal })
}
