//! What else a tie is for: the ties of each class, split by purpose.
//!
//! In: counts by class of one town and one prefecture of residence. Out: counts by class and purpose. A purpose takes a
//! fixed share of a class, rounded by a draw that stays the same from month to month, so that its count moves as the
//! ties do and not by lot. Most business is where people come again, a season of work is a second residence, and an
//! office has users only where there is one.

use super::draw::{Stream, Use};
use super::habits;
use super::ties::Counts;

/// Bits of the purposes, in the order of [`kayoi_schemas::figure::CountedKind::PURPOSES`].
pub(super) const SEASONAL: u16 = 1 << 0;
pub(super) const OFFICE: u16 = 1 << 1;
pub(super) const ON_THE_ROAD: u16 = 1 << 2;
pub(super) const BUSINESS: u16 = 1 << 3;

/// Classes with their purposes.
pub(super) const COUNT: usize = 31;

/// Positions in [`habits::CLASSES`], each with a purpose: sorted, and the one without a purpose first.
const SPLITS: [(usize, u16); COUNT] = [
    (0, 0),
    (1, 0),
    (2, 0),
    (2, BUSINESS),
    (3, 0),
    (4, 0),
    (5, 0),
    (5, ON_THE_ROAD),
    (5, BUSINESS),
    (6, 0),
    (7, 0),
    (7, OFFICE),
    (7, ON_THE_ROAD),
    (7, BUSINESS),
    (8, 0),
    (9, 0),
    (10, 0),
    (10, BUSINESS),
    (11, 0),
    (11, OFFICE),
    (11, ON_THE_ROAD),
    (11, BUSINESS),
    (12, 0),
    (13, 0),
    (13, SEASONAL),
    (14, 0),
    (14, OFFICE),
    (14, BUSINESS),
    (15, 0),
    (16, 0),
    (16, SEASONAL),
];

/// Values of visit days, rung, dual residence, workation and purposes. Sorted as cells are.
pub(super) const CLASSES: [[u16; 5]; COUNT] = {
    let mut all = [[0; 5]; COUNT];
    let mut at = 0;
    while at < COUNT {
        let (class, purposes) = SPLITS[at];
        let [days, rung, dual, workation] = habits::CLASSES[class];
        all[at] = [days, rung, dual, workation, purposes];
        at += 1;
    }
    all
};

/// Counts by class and purpose, in the order of [`CLASSES`].
pub(super) type Row = [u64; COUNT];

/// Shares of a town, by bit: seasonal workers of dual residents, users of an office, people on the road and business
/// of those who come again. There is no survey behind them.
pub(super) fn shares(stream: &mut Stream, has_office: bool) -> [f64; 4] {
    let seasonal = (0.06 * stream.factor(0.8)).min(0.5);
    let office = (0.05 * stream.factor(0.5)).min(0.2);
    let on_the_road = (0.0012 * stream.factor(0.8)).min(0.02);
    let business = (0.04 * stream.factor(0.3)).min(0.15);
    [seasonal, if has_office { office } else { 0.0 }, on_the_road, business]
}

/// Splits the counts of a town and a prefecture of residence.
pub(super) fn split(counts: &Counts, shares: &[f64; 4], seed: u64, (town, origin): (u32, usize)) -> Row {
    let mut row = [0; COUNT];
    let mut without = 0;
    for (at, (class, purposes)) in SPLITS.iter().enumerate() {
        if *purposes == 0 {
            without = at;
            row[at] = counts[*class];
            continue;
        }
        let share = shares[purposes.trailing_zeros() as usize];
        if share == 0.0 || counts[*class] == 0 {
            continue;
        }
        let rounding = Stream::new(seed, Use::Purposes, (origin * COUNT + at) as i32, town).unit();
        row[at] = ((counts[*class] as f64 * share + rounding) as u64).min(row[without]);
        row[without] -= row[at];
    }
    row
}
