//! The origins of a figure by prefecture of residence, as rows name them.
//!
//! In: prefectures of a town and of people. Out: the origins that these people are counted under.

use std::sync::LazyLock;

use kayoi_geography::region::Region;

use super::{block, is_inside};
use crate::nation::town::PREFECTURES;

const BLOCKS: usize = Region::ALL.len();
const ALL: usize = 0;
const INSIDE: usize = 1;
const OUTSIDE: usize = 2;
const FIRST_BLOCK: usize = 3;
const FIRST_PREFECTURE: usize = FIRST_BLOCK + BLOCKS;

/// Origins of a figure.
pub(super) const ORIGINS: usize = FIRST_PREFECTURE + PREFECTURES;

/// The blocks in `origin_code`, in the order of regions.
const BLOCK_CODES: [&str; BLOCKS] = [
    "block_hokkaido",
    "block_tohoku",
    "block_capital",
    "block_hokuriku",
    "block_chubu",
    "block_kinki",
    "block_chugoku",
    "block_shikoku",
    "block_kyushu",
    "block_okinawa",
];

/// The words in `origin_code`.
pub(super) fn origin_words() -> &'static [String] {
    static WORDS: LazyLock<Vec<String>> = LazyLock::new(|| {
        let first = ["all", "inside", "outside"].into_iter().chain(BLOCK_CODES).map(str::to_owned);
        first.chain((1..=PREFECTURES).map(|number| format!("{number:02}"))).collect()
    });
    &WORDS
}

/// The origins that people of a prefecture are counted under, in a town of another one or the same.
pub(super) fn origins_of(town: usize, origin: usize) -> [usize; 4] {
    static BLOCK_OF: LazyLock<Vec<usize>> = LazyLock::new(|| (0..PREFECTURES).map(block).collect());
    let side = if is_inside(town, origin) { INSIDE } else { OUTSIDE };
    [ALL, side, FIRST_BLOCK + BLOCK_OF[origin], FIRST_PREFECTURE + origin]
}
