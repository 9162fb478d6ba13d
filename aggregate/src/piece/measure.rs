//! Fixes of a piece → records of its devices, measured on all cores, and their counts.
//!
//! In: a [`Piece`]. Out: device records in the order of devices, and what they add to the counts.

use kayoi_device::{DeviceRecord, Measure, Period};
use kayoi_geography::PortsOfEntry;
use rayon::prelude::*;

use super::read::Piece;
use crate::bucket::Done;
use crate::count::Counts;
use crate::options::AggregateOptions;
use crate::summary::AggregateSummary;

/// Measures the devices of a piece on all cores, and counts them.
pub(crate) fn measure_piece(
    piece: &Piece,
    options: &AggregateOptions,
    period: &Period,
) -> (Vec<DeviceRecord>, Done) {
    let AggregateOptions { definition, offices, register, neighbours, .. } = options;
    let measure =
        Measure { definition, offices, register, neighbours, ports: &PortsOfEntry::japan(), period };
    // Collected in the order of devices, so that the number of threads cannot show in any table.
    let measured: Vec<(u64, Option<DeviceRecord>)> = piece
        .devices()
        .into_par_iter()
        .map(|device| piece.with_fixes(device, |fixes| measure.device(fixes)))
        .collect();
    let (copies, records): (Vec<u64>, Vec<Option<DeviceRecord>>) = measured.into_iter().unzip();
    let records: Vec<DeviceRecord> = records.into_iter().flatten().collect();
    let mut summary = AggregateSummary { copies: copies.iter().sum(), ..AggregateSummary::default() };
    let mut counts = Counts::default();
    for record in &records {
        counts.count(record, definition);
        summary.add(record, period);
    }
    // The files are named once they are written.
    (records, Done { files: Vec::new(), counts, summary })
}
