//! `kayoi lake`: what an operator does to a lake as a whole.

mod info;
mod maintain;
mod buckets;
mod forget;
mod runs;

use kayoi_schemas::tables::{InternalTable, ReleaseTable, Table};
use kayoi_schemas::time::{DAY_MS, DayRule, UtcMillis};

use super::open;
use crate::args::{LakeCommand, LakeCommandOptions};
use crate::run_record::{Step, recorded};

pub(crate) fn run(options: &LakeCommandOptions) -> anyhow::Result<()> {
    match &options.command {
        LakeCommand::Info { lake, json } => info::run(&open(&lake.lake)?, *json),
        LakeCommand::Compact { lake, json } => maintain::compact(&open(&lake.lake)?, *json),
        LakeCommand::Buckets { lake, count, json } => buckets::run(&open(&lake.lake)?, *count, *json),
        LakeCommand::Vacuum { lake, hours, dry_run, json } => {
            maintain::vacuum(&open(&lake.lake)?, *hours, *dry_run, *json)
        }
        LakeCommand::Forget(options) => forget::run(options),
        LakeCommand::Runs { lake, last, json } => runs::run(&open(&lake.lake)?, *last, *json),
        LakeCommand::Maintain { lake, keep_pings_days, record, json } => {
            let lake = open(&lake.lake)?;
            recorded(Step::Maintain, &lake, record.metrics_file.as_deref(), |_| {
                maintain::run(&lake, *keep_pings_days, *json)
            })
        }
    }
}

/// Every table of a lake, in the order data meets them.
fn tables() -> impl Iterator<Item = &'static Table> {
    let internal = InternalTable::ALL.into_iter().map(InternalTable::table);
    internal.chain(ReleaseTable::ALL.into_iter().map(ReleaseTable::table))
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
    fn instants_are_written_in_utc() {
        assert_eq!(utc_text(UtcMillis(0)), "1970-01-01T00:00:00Z");
        assert_eq!(utc_text(UtcMillis(-1)), "1969-12-31T23:59:59Z");
    }
}
