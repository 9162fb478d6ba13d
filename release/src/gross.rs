//! Person × municipality (延べ): sums over municipalities that give no hidden one back.
//!
//! In: exact counts of a month and which municipal figures are published. Out: the sum of a prefecture or the
//! country, or nothing. The sum minus the published parts is what is hidden, so the hidden parts that no
//! other published sum covers must be none, or several with enough devices together.

use std::collections::BTreeMap;

use kayoi_schemas::definition::Thresholds;
use kayoi_schemas::figure::{Area, CountedKind};
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::Month;

use crate::counts::Counts;
use crate::options::least_devices;
use crate::shown::Shown;

/// Person × municipality of one month, and what it would give away.
pub(crate) struct Gross {
    /// By kind: each municipality's exact count and whether it is published.
    counts: BTreeMap<CountedKind, Vec<(MunicipalityCode, u64, bool)>>,
    k: u64,
    base: u64,
}

impl Gross {
    pub(crate) fn new(exact: &Counts, thresholds: &Thresholds, month: Month, shown: &Shown) -> Self {
        let mut counts: BTreeMap<CountedKind, Vec<(MunicipalityCode, u64, bool)>> = BTreeMap::new();
        for (place, atoms) in exact.municipalities(month) {
            for kind in CountedKind::OF_AREAS {
                let count = atoms.iter().filter(|(atom, _)| atom.is(kind)).map(|(_, count)| count).sum();
                if count > 0 {
                    let is_shown = shown.has(month, place, kind);
                    counts.entry(kind).or_default().push((place, count, is_shown));
                }
            }
        }
        Self { counts, k: least_devices(thresholds), base: u64::from(thresholds.rounding_base.get()) }
    }

    fn parts(&self, area: Area, kind: CountedKind) -> impl Iterator<Item = &(MunicipalityCode, u64, bool)> {
        let all = self.counts.get(&kind).map_or(&[][..], Vec::as_slice);
        all.iter().filter(move |(place, ..)| area.contains(place.prefecture()))
    }

    /// The sum over municipalities, when it gives no hidden one back: the hidden ones that no other published
    /// sum covers are none, or together `k` devices or more in two places or more.
    pub(crate) fn published(&self, area: Area, kind: CountedKind) -> Option<u64> {
        let sum: u64 = self.parts(area, kind).map(|(_, count, _)| count).sum();
        let is_open = |place: &MunicipalityCode| match area {
            Area::Prefecture(_) | Area::Municipality(_) => true,
            Area::Country => self.published(Area::Prefecture(place.prefecture()), kind).is_none(),
        };
        let hidden: Vec<u64> = self
            .parts(area, kind)
            .filter(|(place, _, is_shown)| !is_shown && is_open(place))
            .map(|(_, count, _)| *count)
            .collect();
        let is_safe = hidden.is_empty() || hidden.len() > 1 && hidden.iter().sum::<u64>() >= self.k;
        (sum >= self.k && is_safe).then(|| (sum + self.base / 2) / self.base * self.base)
    }

    /// Whether the distinct count of an area is that of its only municipality, and that one is hidden.
    pub(crate) fn equals_a_hidden_figure(&self, area: Area, kind: CountedKind) -> bool {
        let mut parts = self.parts(area, kind);
        matches!((parts.next(), parts.next()), (Some((_, _, false)), None))
    }
}
