//! Which municipal totals are published, for those who publish sums of them.
//!
//! In: the rows of municipalities, once they are made. Out: [`Shown`]. Sums over municipalities are judged by
//! it, so that none gives back what a row hides; they cannot be made before the rows.

use std::collections::BTreeSet;

use kayoi_schemas::figure::CountedKind;
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::Month;

/// The municipal totals that are published. Only the rows of municipalities make one.
#[derive(Debug)]
pub struct Shown(BTreeSet<(Month, MunicipalityCode, CountedKind)>);

impl Shown {
    /// What the rows of municipalities show.
    pub(crate) fn of(published: BTreeSet<(Month, MunicipalityCode, CountedKind)>) -> Self {
        Self(published)
    }

    /// Whether a total is among them.
    pub(crate) fn has(&self, month: Month, place: MunicipalityCode, kind: CountedKind) -> bool {
        self.0.contains(&(month, place, kind))
    }
}
