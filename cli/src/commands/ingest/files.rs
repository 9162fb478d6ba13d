//! What of a folder was not read: words for people, and the exit code.
//!
//! In: a summary. Out: each file that could not be read with its reason, and an error when there is one, so
//! that a script notices; and how files that were passed over are read after all.

use kayoi_ingest::Summary;

use crate::coded::refuse;
use crate::screen::{count, note};

/// Most files that are named one by one.
pub(super) const MOST_NAMES: usize = 10;

/// Says what was passed over.
///
/// # Errors
/// When a file could not be read to its end.
pub(super) fn tell(summary: &Summary) -> anyhow::Result<()> {
    if summary.skipped_files > 0 && summary.records.read == 0 {
        note(
            "note: files that were ingested before are passed over, whatever the options were then; --again reads them again",
        );
    }
    if !summary.unread_files.is_empty() {
        note(
            "note: files whose names say no format are not read; --format says it for files without an extension",
        );
    }
    let failed = summary.failed_files.len();
    for error in summary.failed_files.iter().take(MOST_NAMES) {
        crate::screen::error(&anyhow::Error::from(std::sync::Arc::clone(error)));
    }
    if failed > MOST_NAMES {
        note(format_args!("and {} more", count((failed - MOST_NAMES) as u64)));
    }
    match failed {
        0 => Ok(()),
        1 => refuse!(
            Delivery,
            "1 file was not read to its end\nhint: mend it or take it away, and run this again: the others are ingested"
        ),
        _ => refuse!(
            Delivery,
            "{} files were not read to their ends\nhint: mend them or take them away, and run this again: the others are ingested",
            count(failed as u64)
        ),
    }
}

/// The first names of a list, and how many there are beyond them.
pub(super) fn shortened(names: &[String]) -> String {
    let shown = names.iter().take(MOST_NAMES).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(MOST_NAMES) {
        0 => shown,
        more => format!("{shown} and {} more", count(more as u64)),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_long_list_of_names_is_cut_off_with_a_count() {
        let names: Vec<String> = (0..1200).map(|number| format!("{number}.zip")).collect();
        assert_eq!(super::shortened(&names[..2]), "0.zip, 1.zip");
        assert!(super::shortened(&names).ends_with("9.zip and 1,190 more"));
    }
}
