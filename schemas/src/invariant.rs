//! What must always hold, by name: pure checks that production and tests share.
//!
//! In: observed counts, or the rows of a release. Out: `Ok` or a [`Broken`] invariant that names the figures.
//!
//! On exact counts: [`Conservation`] of records, and [`distinct_within_sum`] of people. On the rows of a release, whose
//! figures carry noise, neither sums nor differences are exact; there [`whole_holds_part`] holds, and nothing more.

/// An invariant that does not hold: a defect of Kayoi, or a damaged lake.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("invariant {name} is broken: {detail}")]
pub struct Broken {
    /// Name in the list of ARCHITECTURE.md.
    pub name: &'static str,
    /// The figures that contradict each other.
    pub detail: String,
}

/// What became of the records that were read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Conservation {
    /// Records that were read from the source.
    pub read: u64,
    /// Records that became rows of `pings`.
    pub stored: u64,
    /// Accepted, but later than allowed: stored apart.
    pub late: u64,
    /// Rejected, each with a reason.
    pub rejected: u64,
    /// Exact copies of a stored record in the same batch.
    pub duplicates: u64,
}

impl Conservation {
    /// I-1: records read = stored + late + rejected + known duplicates.
    ///
    /// # Errors
    /// [`Broken`] with the five figures.
    pub fn check(self) -> Result<(), Broken> {
        if self.read == self.stored + self.late + self.rejected + self.duplicates {
            return Ok(());
        }
        let Self { read, stored, late, rejected, duplicates } = self;
        let detail = format!(
            "read {read} is not stored {stored} + late {late} + rejected {rejected} + duplicates {duplicates}"
        );
        Err(Broken { name: "I-1 conservation", detail })
    }

    /// Adds another batch.
    pub fn add(&mut self, other: Self) {
        self.read += other.read;
        self.stored += other.stored;
        self.late += other.late;
        self.rejected += other.rejected;
        self.duplicates += other.duplicates;
    }
}

/// I-7: distinct people of an area are at most the sum over its parts, and at least the largest part.
///
/// # Errors
/// [`Broken`] with the figures.
pub fn distinct_within_sum(distinct: u64, parts: &[u64]) -> Result<(), Broken> {
    let sum: u64 = parts.iter().sum();
    let largest = parts.iter().copied().max().unwrap_or(0);
    if (largest..=sum).contains(&distinct) {
        return Ok(());
    }
    let detail = format!("distinct {distinct} is not between the largest part {largest} and the sum {sum}");
    Err(Broken { name: "I-7 whole and part", detail })
}

/// On rows: what contains a shown figure is shown, and no smaller.
///
/// # Errors
/// [`Broken`] with the figures.
pub fn whole_holds_part(whole: Option<i64>, part: Option<i64>) -> Result<(), Broken> {
    match (whole, part) {
        (_, None) => Ok(()),
        (Some(whole), Some(part)) if whole >= part => Ok(()),
        (whole, Some(part)) => {
            let whole = whole.map_or_else(|| "hidden".to_owned(), |whole| whole.to_string());
            let detail = format!("the whole is {whole}, a part of it {part}");
            Err(Broken { name: "I-7 whole and part", detail })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_is_shown_is_in_a_whole_that_is_shown_and_no_smaller() {
        assert!(whole_holds_part(Some(20), Some(20)).is_ok() && whole_holds_part(None, None).is_ok());
        assert!(whole_holds_part(Some(20), Some(30)).is_err());
        assert!(whole_holds_part(None, Some(30)).unwrap_err().to_string().contains("hidden"));
    }

    #[test]
    fn a_lost_record_is_named() {
        let count = Conservation { read: 10, stored: 6, late: 1, rejected: 2, duplicates: 0 };
        assert_eq!(
            count.check().unwrap_err().to_string(),
            "invariant I-1 conservation is broken: read 10 is not stored 6 + late 1 + rejected 2 + duplicates 0"
        );
        assert_eq!(Conservation { duplicates: 1, ..count }.check(), Ok(()));
    }

    #[test]
    fn a_prefecture_has_no_more_people_than_its_parts_together() {
        assert!(distinct_within_sum(12, &[5, 8]).is_ok());
        assert!(distinct_within_sum(14, &[5, 8]).is_err());
        assert!(distinct_within_sum(7, &[5, 8]).is_err());
    }
}
