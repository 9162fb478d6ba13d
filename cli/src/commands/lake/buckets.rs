//! `kayoi lake buckets`: into how many buckets of devices a lake is cut.
//!
//! In: a lake, and a new number or none. Out: the number, and pings cut anew at the borders of buckets. The
//! number is written first: when the cutting is stopped, `kayoi lake compact` goes on with it, and files that
//! are cut otherwise are read as they are.

use kayoi_lake::compact::Compacted;
use kayoi_lake::{Buckets, Lake};
use kayoi_schemas::tables::InternalTable;
use serde_json::json;

use super::maintain::{compact_pings, compacted_json, print_compacted};
use crate::commands::lease;
use crate::screen::{count, line};

pub(crate) fn run(lake: &Lake, new: Option<Buckets>, as_json: bool) -> anyhow::Result<()> {
    let compacted = new.map(|buckets| cut(lake, buckets)).transpose()?;
    let buckets = lake.buckets()?;
    let files = lake.files(InternalTable::Pings)?;
    let uncut = files.iter().filter(|file| !file.is_cut(buckets)).count() as u64;
    if as_json {
        return line(json!({
            "buckets": buckets.count(),
            "files": files.len(),
            "uncut_files": uncut,
            "compact": compacted.as_ref().map(compacted_json),
        }));
    }
    if let Some(compacted) = &compacted {
        print_compacted(compacted)?;
    }
    line(format_args!(
        "buckets    {}; {} files of pings, {} of them not cut by compaction yet",
        count(u64::from(buckets.count())),
        count(files.len() as u64),
        count(uncut)
    ))
}

fn cut(lake: &Lake, buckets: Buckets) -> anyhow::Result<Compacted> {
    let _lease = lease(lake, "buckets")?;
    lake.set_buckets(buckets)?;
    compact_pings(lake)
}
