//! A nation of exact counts, drawn from a seed.
//!
//! In: a seed, the share of people in the panel, one month after the other. Out: the cells of each cube as a
//! run over that many devices would have counted them: 1,741 municipalities with their census population,
//! visitors by gravity, seasons and churn, windows of twelve months that share eleven with the one before.
//! Counts are drawn, not devices: a month takes a second or two. It is there to look at the release at
//! its real size; people are alike in it as no people are, so nothing about Japan follows from it.
//!
//! Everything is drawn from streams keyed by (seed, use, month, town): the same seed and the same first month
//! give the same cells.

use kayoi_geography::Register;
use kayoi_schemas::ids::{MunicipalityCode, PrefectureCode};
use kayoi_schemas::time::{Day, Month};

mod draw;
mod purposes;
mod town;
mod near;
mod spots;
mod habits;
mod ties;
mod distinct;
mod daily;
mod monthly;
mod activity;
mod cells;
mod panel;
mod figures;

use daily::Gap;
use draw::{Stream, Use};
use habits::OFTEN;
use near::Near;
use spots::Spot;
use ties::Ties;
use town::{Homes, PREFECTURES, Town};

pub use activity::NATION_REBOUND;
pub use cells::{Cells, Detail};
pub use figures::Figures;
pub use panel::{Panel, Selection};

/// What is asked of a nation of everybody.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Everybody {
    /// People for each device of the panels that will be drawn: pairs of municipalities that are too few for any of them
    /// are left out.
    pub people_a_device: f64,
    /// The share of pairs of municipalities with a friendship: three times the ties by municipality of origin.
    pub friendships: f64,
}

/// The chance that a device leaves the panel, a month: with a lifetime of 12 months and an exponential of 30.
const LEAVES_PANEL: f64 = 1.0 / 42.0;

/// How many times as many ties a friendship brings.
const FRIENDSHIP: f64 = 3.0;

/// A nation, at the last month that was asked for.
pub struct Nation {
    seed: u64,
    towns: Vec<Town>,
    homes: Homes,
    near: Vec<Vec<Near>>,
    spots: Vec<Vec<Spot>>,
    /// The municipality that stands for each prefecture as an origin.
    origins: Vec<MunicipalityCode>,
    gap: Gap,
    arrivals: [f64; OFTEN.len()],
    /// What else is asked of a nation of everybody; `None` where the panel itself is drawn.
    everybody: Option<Everybody>,
    first: Month,
    last: Option<Month>,
    residents: Vec<u32>,
    /// For each town, by prefecture of residence.
    ties: Vec<Ties>,
}

impl Nation {
    /// A nation of which this share of people is in the panel, as 0.03.
    pub fn new(seed: u64, panel_share: f64) -> Self {
        Self::of(seed, Some(panel_share), None)
    }

    /// A nation in which everybody is counted, whether in a panel or not: the truth that a [`Panel`] is drawn from.
    pub fn of_everybody(seed: u64, everybody: Everybody) -> Self {
        Self::of(seed, None, Some(everybody))
    }

    fn of(seed: u64, panel_share: Option<f64>, everybody: Option<Everybody>) -> Self {
        let (towns, homes) = town::towns(seed, panel_share);
        let all = Register::japan().all();
        Self {
            seed,
            homes,
            near: near::of_towns(all, &towns),
            spots: spots::of_towns(all, seed),
            origins: town::representatives(),
            gap: Gap::new(seed),
            arrivals: habits::arrivals(),
            everybody,
            first: Month(0),
            last: None,
            residents: vec![0; towns.len()],
            ties: vec![Ties::default(); towns.len() * PREFECTURES],
            towns,
        }
    }

    /// The cells of a month. Months between the last one and this one are passed through; a month before the
    /// last one starts the nation anew, with other draws.
    pub fn month(&mut self, month: Month, detail: Detail) -> Cells {
        match self.last {
            Some(last) if last <= month => {
                (last.0 + 1..=month.0).for_each(|next| self.step(Month(next)));
            }
            _ => self.begin(month),
        }
        self.last = Some(month);
        let mut cells = cells::of_month(self, month, detail);
        if detail == Detail::Origins {
            (cells.activity, cells.counted_teleworkers) = activity::of_month(self, month, &cells);
        }
        cells
    }

    /// Whether no data came from a prefecture on a day: its municipalities have no cells of `VisitorsDaily`
    /// then. Once a year there is such a day, in one region and on the same date each year.
    pub fn lacks_data(&self, day: Day, prefecture: PrefectureCode) -> bool {
        self.gap.holds(day, prefecture)
    }

    /// The municipality that stands for a prefecture as an origin: its most populous one.
    pub fn origin_of(&self, prefecture: PrefectureCode) -> Option<MunicipalityCode> {
        self.origins.get(town::position(prefecture)).copied()
    }

    /// What fewer devices than these are, in the unit of this nation: pairs in which so few are expected are left out.
    fn of_devices(&self, devices: f64) -> f64 {
        self.everybody.map_or(devices, |everybody| devices * everybody.people_a_device)
    }

    /// Whether a town, by position, is a friend of another one that its people visit.
    fn are_friends(&self, town: usize, other: usize) -> bool {
        let share = self.everybody.map_or(0.0, |everybody| everybody.friendships);
        share > 0.0
            && town != other
            && Stream::new(self.seed, Use::Friends, other as i32, self.towns[town].code.number()).unit()
                < share
    }

    /// Ties of a town in the window that ends with the last month, by prefecture of residence.
    fn rows(&self, town: usize) -> Vec<purposes::Row> {
        let Town { code, purposes, .. } = &self.towns[town];
        let ties = self.ties[town * PREFECTURES..].iter().take(PREFECTURES).enumerate();
        let row = |(origin, ties): (usize, &Ties)| {
            purposes::split(&ties.counts(), purposes, self.seed, (code.number(), origin))
        };
        ties.map(row).collect()
    }

    fn begin(&mut self, first: Month) {
        self.first = first;
        let all = self.towns.iter().zip(self.ties.chunks_exact_mut(PREFECTURES)).zip(&mut self.residents);
        for ((town, of_town), residents) in all {
            let number = town.code.number();
            // Of everybody it is known how many there are.
            *residents = match self.everybody {
                Some(_) => town.panel as u32,
                None => Stream::new(self.seed, Use::Residents, first.0, number).poisson(town.panel),
            };
            let mut stream = Stream::new(self.seed, Use::Ties, first.0, number);
            for (ties, expected) in of_town.iter_mut().zip(town.ties) {
                ties.begin(&mut stream, expected);
                for back in 0..12 {
                    let month = first.plus(-back);
                    ties.visit(&mut stream, month, expected * town.season(month));
                }
            }
        }
    }

    fn step(&mut self, month: Month) {
        let all = self.towns.iter().zip(self.ties.chunks_exact_mut(PREFECTURES)).zip(&mut self.residents);
        for ((town, of_town), residents) in all {
            let number = town.code.number();
            // Nobody leaves everybody.
            if self.everybody.is_none() {
                let mut stream = Stream::new(self.seed, Use::Residents, month.0, number);
                *residents -= stream.binomial(*residents, LEAVES_PANEL);
                *residents += stream.poisson(town.panel * LEAVES_PANEL);
            }
            let mut stream = Stream::new(self.seed, Use::Ties, month.0, number);
            let trend = town.trend(month, self.first);
            for (ties, expected) in of_town.iter_mut().zip(town.ties) {
                ties.visit(&mut stream, month, expected * trend * town.season(month));
                ties.step(&mut stream, expected * trend, &self.arrivals);
            }
        }
    }
}

#[cfg(test)]
#[path = "nation_tests.rs"]
mod tests;
