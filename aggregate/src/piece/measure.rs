//! Fixes of a piece → records of its devices, measured on all cores, and their counts.
//!
//! In: a [`Piece`], and options by one definition or by several. Out: for each of them device records in the order of
//! devices, and what they add to the counts.

use kayoi_device::{DeviceRecord, Measure, Period, measured};
use kayoi_geography::PortsOfEntry;
use rayon::prelude::*;

use super::read::Piece;
use crate::bucket::Done;
use crate::count::Counts;
use crate::options::AggregateOptions;
use crate::summary::AggregateSummary;

/// Measures the devices of a piece on all cores, and counts them, by the definition of each of these options. The fixes of a
/// device are put together once for all.
pub(crate) fn measure_piece(
    piece: &Piece,
    all: &[&AggregateOptions],
    period: &Period,
) -> Vec<(Vec<DeviceRecord>, Done)> {
    let ports = PortsOfEntry::japan();
    let measures = all.iter().map(|options| Measure {
        definition: &options.definition,
        offices: &options.offices,
        register: options.register,
        neighbours: &options.neighbours,
        ports: &ports,
        period,
    });
    let measures: Vec<Measure<'_>> = measures.collect();
    // Collected in the order of devices, so that the number of threads cannot show in any table.
    let found: Vec<(u64, Vec<DeviceRecord>)> = piece
        .devices()
        .into_par_iter()
        .map(|device| piece.with_fixes(device, |fixes| measured(&measures, fixes)))
        .collect();
    let copies: u64 = found.iter().map(|(copies, _)| copies).sum();
    let mut records: Vec<Vec<DeviceRecord>> = all.iter().map(|_| Vec::with_capacity(found.len())).collect();
    for (_, of_device) in found {
        records.iter_mut().zip(of_device).for_each(|(records, record)| records.push(record));
    }
    let counted = all.iter().zip(records).map(|(options, records)| {
        let mut summary = AggregateSummary { copies, ..AggregateSummary::default() };
        let mut counts = Counts::default();
        for record in &records {
            counts.count(record, &options.definition);
            summary.add(record, period);
        }
        // The files are named once they are written.
        (records, Done { files: Vec::new(), counts, summary })
    });
    counted.collect()
}
