//! A run of which hardly a record was stored: words for people, and the exit code.
//!
//! In: a summary and the share that the operator allows. Out: names of a mapping that no record had, a last
//! line when nearly everything was rejected, and an error when more was rejected than is allowed. An ingest
//! without an end is judged when it is stopped.

use kayoi_ingest::Summary;

use crate::coded::refuse;
use crate::screen::{count, line, note};

/// A share of rejects from which it is not records that are wrong, but what was said about them.
const NEARLY_ALL: f64 = 0.9;

/// The share of records that may be rejected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct MostRejects(f64);

impl MostRejects {
    /// Reads a share such as `0.05` or `5%`.
    ///
    /// # Errors
    /// When it is not from 0 to 1, or 0 % to 100 %.
    pub(super) fn parse(text: &str) -> anyhow::Result<Self> {
        let share = match text.trim().strip_suffix('%') {
            Some(percent) => percent.trim_end().parse::<f64>().map(|percent| percent / 100.0),
            None => text.trim().parse(),
        };
        match share {
            Ok(share) if (0.0..=1.0).contains(&share) => Ok(Self(share)),
            _ => refuse!(Argument, "--max-rejects `{text}` is not a share from 0 to 1\nhint: as 0.05 or 5%"),
        }
    }
}

/// Says what stands out.
///
/// # Errors
/// When more records were rejected than `most` allows.
pub(super) fn judge(summary: &Summary, most: Option<MostRejects>, as_json: bool) -> anyhow::Result<()> {
    for name in &summary.unmatched_maps {
        note(format_args!("note: no record had `{name}`, which --map names"));
    }
    let (rejected, read) = summary.rejected_of();
    let share = rejected as f64 / read.max(1) as f64;
    let what = format!("{} of {} records were rejected", count(rejected), count(read));
    let why = match summary.commonest_reject() {
        Some(reason) => {
            let detail = summary.reject_details.get(&reason).map(ToString::to_string).unwrap_or_default();
            format!("most for {reason}: {detail}")
        }
        None => String::new(),
    };
    if let Some(MostRejects(most)) = most.filter(|most| share > most.0) {
        refuse!(
            Rejects,
            "{what}, {:.1} %, more than the {:.1} % of --max-rejects; {why}\nhint: table `rejects` has the place and the reason of each",
            share * 100.0,
            most * 100.0
        );
    }
    if rejected > 0 && share >= NEARLY_ALL {
        let warning = format!("warning: {what}, {why}");
        // JSON is one value and says the same in `commonest_reject`.
        if as_json { note(warning) } else { line(warning)? }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_a_number_or_percent() {
        assert_eq!(MostRejects::parse("0.05").unwrap(), MostRejects(0.05));
        assert_eq!(MostRejects::parse(" 5 %").unwrap(), MostRejects(0.05));
        for wrong in ["5", "-1%", "101%", "NaN", "few", ""] {
            assert!(MostRejects::parse(wrong).unwrap_err().to_string().contains("hint: as 0.05"), "{wrong}");
        }
    }
}
