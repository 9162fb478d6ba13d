//! The totals of a month as they are published: what comparisons are made of.
//!
//! In: totals of municipalities with their intervals. Out: [`Published`], kept for the months that follow.

use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::Month;

use crate::estimate::Estimate;

/// The totals of a month as they are published: by municipality, then by kind.
#[derive(Debug, Clone)]
pub(crate) struct Published {
    pub(crate) month: Month,
    pub(crate) kinds: Vec<String>,
    pub(crate) towns: Vec<Town>,
}

/// Those of a municipality.
#[derive(Debug, Clone)]
pub(crate) struct Town {
    pub(crate) code: MunicipalityCode,
    pub(crate) totals: Vec<Option<Estimate>>,
    /// Part of its visitors who live in another prefecture.
    pub(crate) outside: Option<f64>,
}

impl Published {
    /// A total; `None` where it is not shown.
    pub(super) fn total(&self, code: MunicipalityCode, kind: &str) -> Option<Estimate> {
        let town = self.towns.binary_search_by_key(&code, |town| town.code).ok()?;
        let class = self.kinds.iter().position(|known| known == kind)?;
        self.towns[town].totals[class]
    }
}
