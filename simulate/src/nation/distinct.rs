//! Distinct people of a prefecture and the country, from the ties of their municipalities.
//!
//! In: for one area and one prefecture of residence the sum and the largest of its parts, by kind, and the
//! panel residents. Out: distinct devices by class. Ties are spread over devices of which some travel more
//! than others: a negative binomial number for each, so that with s ties for each of m devices m (1 - (1 + s
//! / (m r))^-r) of them have one. The number lies between the largest part and the sum for each kind, and the
//! kinds contain each other as they must, because all is monotone.

use super::habits::{CLASSES, Values};
use super::ties::Counts;

/// How alike devices are in how many ties of a kind they have: r of the negative binomial. Most people
/// travel, fewer come back anywhere. What contains another kind is not below it.
const ALIKE: [f64; KINDS] = [1.2, 0.6, 0.4, 0.4, 0.4];

/// Visitors, repeat, connected, dual residents, workation.
const KINDS: usize = 5;

/// Sums and largest parts, by kind; and workation by rung, to tell its rungs apart.
#[derive(Clone, Copy, Default)]
pub(super) struct Parts {
    sum: [u64; KINDS],
    largest: [u64; KINDS],
    workation: [u64; 3],
}

/// Distinct devices of an area from one prefecture, by kind.
#[derive(Clone, Copy, Default)]
pub(super) struct Distinct {
    kinds: [u64; KINDS],
    workation: [u64; 3],
}

impl Parts {
    /// Adds a municipality.
    pub(super) fn add(&mut self, counts: &Counts) {
        let mut kinds = [0; KINDS];
        for ([_, rung, dual, workation], count) in CLASSES.iter().zip(counts) {
            let belongs = [true, *rung >= 1, *rung == 2, *dual == 1, *workation == 1];
            for (kind, _) in kinds.iter_mut().zip(belongs).filter(|(_, belongs)| *belongs) {
                *kind += count;
            }
            self.workation[usize::from(*rung)] += u64::from(*workation) * count;
        }
        for (kind, count) in kinds.into_iter().enumerate() {
            self.sum[kind] += count;
            self.largest[kind] = self.largest[kind].max(count);
        }
    }

    /// Adds the parts of a prefecture to the country's, whose parts are the prefectures.
    pub(super) fn join(&mut self, parts: &Self) {
        for kind in 0..KINDS {
            self.sum[kind] += parts.sum[kind];
        }
        for (own, other) in self.workation.iter_mut().zip(parts.workation) {
            *own += other;
        }
    }

    /// Distinct devices; `rounding` in 0..1 rounds up or down, the same for all kinds and months.
    pub(super) fn distinct(&self, panel: f64, rounding: f64) -> Distinct {
        let most = self.sum;
        self.between(panel, rounding, &self.largest, &most)
    }

    /// Distinct devices of the country, of which those of each prefecture are known.
    pub(super) fn of_country(&self, prefectures: &[Distinct], panel: f64, rounding: f64) -> Distinct {
        let of = |kind: usize| prefectures.iter().map(move |distinct| distinct.kinds[kind]);
        let least = std::array::from_fn(|kind| of(kind).max().unwrap_or(0));
        let most = std::array::from_fn(|kind| of(kind).sum());
        self.between(panel, rounding, &least, &most)
    }

    fn between(&self, panel: f64, rounding: f64, least: &[u64; KINDS], most: &[u64; KINDS]) -> Distinct {
        let kinds = std::array::from_fn(|kind| {
            let each = self.sum[kind] as f64 / panel.max(1.0);
            let people = panel.max(1.0) * (1.0 - (1.0 + each / ALIKE[kind]).powf(-ALIKE[kind]));
            ((people + rounding) as u64).clamp(least[kind], most[kind])
        });
        Distinct { kinds, workation: self.workation }
    }
}

impl Distinct {
    /// The classes of a larger area: rung, dual residence, workation. Sorted as cells are.
    pub(super) const CLASSES: [Values; 8] = [
        [0, 0, 0, 0],
        [0, 0, 1, 0],
        [1, 0, 0, 0],
        [1, 0, 1, 0],
        [2, 0, 0, 0],
        [2, 0, 1, 0],
        [2, 1, 0, 0],
        [2, 1, 1, 0],
    ];

    /// Devices by class, in the order of [`Self::CLASSES`].
    pub(super) fn counts(&self) -> [u64; Self::CLASSES.len()] {
        let [visitors, repeat, connected, dual, workation] = self.kinds;
        let rungs = [visitors - repeat, repeat - connected, connected];
        let at_work = self.workation_by_rung(rungs, workation);
        // Dual resident in one municipality and on workation in another: as few as can be.
        let both = (dual + at_work[2]).saturating_sub(connected);
        [
            rungs[0] - at_work[0],
            at_work[0],
            rungs[1] - at_work[1],
            at_work[1],
            connected + both - dual - at_work[2],
            at_work[2] - both,
            dual - both,
            both,
        ]
    }

    /// Splits the people of workation by rung as their ties are, within the people of each rung.
    fn workation_by_rung(&self, rungs: [u64; 3], people: u64) -> [u64; 3] {
        let ties: u64 = self.workation.iter().sum();
        let mut at_work = [0; 3];
        let mut left = people;
        for rung in [2, 1, 0] {
            let wish = (self.workation[rung] * people).checked_div(ties).unwrap_or(0);
            at_work[rung] = wish.min(rungs[rung]).min(left);
            left -= at_work[rung];
        }
        for rung in 0..3 {
            let more = left.min(rungs[rung] - at_work[rung]);
            at_work[rung] += more;
            left -= more;
        }
        at_work
    }
}
