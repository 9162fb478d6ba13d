//! What all draws of a month have in common.
//!
//! In: a nation and a month. Out: [`Context`]: towns and their prefectures, the days of the month, and streams.

use kayoi_geography::region::Region;
use kayoi_geography::{Municipality, Register};
use kayoi_schemas::figure::Area;
use kayoi_schemas::ids::PrefectureCode;
use kayoi_schemas::time::{Day, Month};

use super::super::Nation;
use super::super::draw::{Stream, Use};

/// What all draws of a month have in common.
pub(super) struct Context<'a> {
    pub(super) nation: &'a Nation,
    /// The register, in the order of the nation's towns.
    pub(super) register: &'a [Municipality],
    pub(super) month: Month,
    /// Weekdays and days off of the month.
    pub(super) days: [f64; 2],
}

impl<'a> Context<'a> {
    pub(super) fn new(nation: &'a Nation, month: Month) -> Self {
        let all = month.last_day().0 - month.first_day().0 + 1;
        let at_work = (month.first_day().0..=month.last_day().0).filter(|day| Day(*day).is_working_day());
        let weekdays = at_work.count() as f64;
        let days = [weekdays, f64::from(all) - weekdays];
        Self { nation, register: Register::japan().all(), month, days }
    }

    /// The stream of a town in the month.
    pub(super) fn stream(&self, what: Use, town: usize) -> Stream {
        Stream::new(self.nation.seed, what, self.month.0, self.number(town))
    }

    /// The stream of a prefecture in the month.
    pub(super) fn of_prefecture(&self, what: Use, prefecture: usize) -> Stream {
        Stream::new(self.nation.seed, what, self.month.0, prefecture as u32)
    }

    /// A stream that is the same in each month: what is drawn from it moves as its mean does.
    pub(super) fn lasting(&self, what: Use, town: usize, other: usize) -> Stream {
        Stream::new(self.nation.seed, what, other as i32, self.number(town))
    }

    pub(super) fn number(&self, town: usize) -> u32 {
        self.nation.towns[town].code.number()
    }

    pub(super) fn area(&self, town: usize) -> Area {
        Area::Municipality(self.nation.towns[town].code)
    }

    pub(super) fn towns(&self) -> std::ops::Range<usize> {
        0..self.nation.towns.len()
    }

    pub(super) fn prefecture(&self, town: usize) -> usize {
        self.nation.towns[town].prefecture
    }

    /// The value of [`kayoi_schemas::figure::Dimension::Group`] for people of another town.
    pub(super) fn group(&self, town: usize, home: usize) -> usize {
        group(self.prefecture(town), self.prefecture(home))
    }
}

/// The value of [`kayoi_schemas::figure::Dimension::Group`] for people of another town, by the positions of both
/// prefectures.
pub(in crate::nation) fn group(town: usize, home: usize) -> usize {
    let block = |position: usize| PrefectureCode::new(position as u8 + 1).map(Region::of).ok();
    match () {
        () if town == home => 1,
        () if block(town) == block(home) => 2,
        () => 3,
    }
}
