//! `kayoi lake`: what an operator does to a lake as a whole.

mod info;
mod maintain;
mod forget;

use kayoi_schemas::tables::{InternalTable, ReleaseTable, Table};
use kayoi_schemas::time::{DAY_MS, DayRule, UtcMillis};

use super::open;
use crate::args::{LakeCommand, LakeCommandOptions};

pub(crate) fn run(options: &LakeCommandOptions) -> anyhow::Result<()> {
    match &options.command {
        LakeCommand::Info { lake, json } => info::run(&open(&lake.lake)?, *json),
        LakeCommand::Compact { lake, json } => maintain::compact(&open(&lake.lake)?, *json),
        LakeCommand::Vacuum { lake, hours, dry_run, json } => {
            maintain::vacuum(&open(&lake.lake)?, *hours, *dry_run, *json)
        }
        LakeCommand::Forget(options) => forget::run(options),
        LakeCommand::Maintain { lake, keep_pings_days, json } => {
            maintain::run(&open(&lake.lake)?, *keep_pings_days, *json)
        }
    }
}

/// Every table of a lake, in the order data meets them.
fn tables() -> impl Iterator<Item = &'static Table> {
    let internal = InternalTable::ALL.into_iter().map(InternalTable::table);
    internal.chain(ReleaseTable::ALL.into_iter().map(ReleaseTable::table))
}

/// Bytes in the largest binary unit that leaves a number of 1 or more.
fn size(bytes: u64) -> String {
    let units = [("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10)];
    match units.into_iter().find(|(_, bits)| bytes >> bits > 0) {
        Some((unit, bits)) => format!("{:.1} {unit}", bytes as f64 / (1_u64 << bits) as f64),
        None => format!("{bytes} B"),
    }
}

/// An instant as `2026-03-01T09:30:00Z`.
fn utc_text(instant: UtcMillis) -> String {
    let day = DayRule { utc_offset_minutes: 0, day_start_hour: 0 }.day(instant);
    let seconds = instant.0.rem_euclid(DAY_MS) / 1000;
    format!("{day}T{:02}:{:02}:{:02}Z", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_the_unit_that_leaves_a_readable_number() {
        assert_eq!([0, 1023, 1024, 3 << 29].map(size), ["0 B", "1023 B", "1.0 KiB", "1.5 GiB"]);
    }

    #[test]
    fn instants_are_written_in_utc() {
        assert_eq!(utc_text(UtcMillis(0)), "1970-01-01T00:00:00Z");
        assert_eq!(utc_text(UtcMillis(-1)), "1969-12-31T23:59:59Z");
    }
}
