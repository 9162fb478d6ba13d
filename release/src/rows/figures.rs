//! The figures of a place on all rungs: decided, weighed, and each hidden one with what stands in its place.
//!
//! In: noised counts of a place's classes. Out: a [`Cell`] for each rung of each class. Weights of a total are
//! those of the origins that are shown, and for the rest the mixture of origins in the towns of the prefecture,
//! where noise is small beside it.

use kayoi_geography::region::Region;
use kayoi_schemas::disclosure::{Noise, Parameters};
use kayoi_schemas::figure::{OriginLevel, Status};
use kayoi_schemas::ids::PrefectureCode;
use kayoi_schemas::time::Day;

use crate::composition::Composition;
use crate::decide::{BLOCK_OF, Contain, Ladder, Rung, close};
use crate::draw::{Noised, ORIGINS};
use crate::estimate::{Estimate, Spread, estimate, fewer_than};
use crate::weights::{Scale, Weigh, Weight, mean_of};

/// What all rows of a month have in common.
pub(crate) struct Setting<'a> {
    pub(crate) parameters: &'a Parameters,
    pub(crate) weights: &'a dyn Weigh,
    /// Persons are rounded to multiples of it.
    pub(crate) base: f64,
    /// What a value that stands is.
    pub(crate) value: Status,
    /// When a provisional value is replaced.
    pub(crate) next_release: Option<Day>,
}

/// What stands in one row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cell {
    pub(crate) status: Status,
    pub(crate) estimate: Option<Estimate>,
    pub(crate) fewer_than: Option<i64>,
    /// The coarser group whose value stands beside.
    pub(crate) rolled_up: Option<(&'static str, Estimate)>,
    pub(crate) next_release: Option<Day>,
    pub(crate) ask_instead: Option<&'static str>,
}

impl Cell {
    /// A figure that was decided. `weight` is that of its devices.
    pub(crate) fn of(rung: &Rung, weight: &Weight, spread: Spread, setting: &Setting<'_>) -> Self {
        let least = setting.parameters.least_devices;
        let found = if rung.is_shown { estimate(rung, weight, spread, least, setting.base) } else { None };
        let status = match (rung.is_shown, found) {
            (true, Some(_)) => setting.value,
            (true, None) => Status::NotObserved,
            (false, _) => Status::Hidden,
        };
        Self {
            status,
            estimate: found,
            fewer_than: (status == Status::Hidden).then(|| fewer_than(rung, weight, setting.base)),
            rolled_up: None,
            next_release: if found.is_some() { setting.next_release } else { None },
            ask_instead: None,
        }
    }

    /// A figure that is computed later.
    pub(crate) fn not_computed(next_release: Option<Day>) -> Self {
        Self {
            status: Status::NotComputed,
            estimate: None,
            fewer_than: None,
            rolled_up: None,
            next_release,
            ask_instead: Some("connected_monthly: origin_level all"),
        }
    }

    /// Takes the estimate that closing has left. Where a few heavy devices are no figure, one that it contains may be:
    /// then it is at least that one.
    pub(crate) fn settle(&mut self, closed: Option<Estimate>, setting: &Setting<'_>) {
        self.estimate = closed;
        if closed.is_some() {
            self.status = setting.value;
            self.fewer_than = None;
            self.next_release = setting.next_release;
        }
    }

    /// Leaves no more people than live where they come from: a weight of few phones can make more of them.
    pub(crate) fn clip(&mut self, residents: f64, base: f64) {
        if let (Some(own), true) = (&mut self.estimate, residents > 0.0) {
            let most = ((residents / base).floor() * base) as i64;
            *own = Estimate {
                persons: own.persons.min(most),
                low: own.low.min(most),
                high: own.high.min(most),
                ..*own
            };
        }
    }

    /// Puts the value of a coarser group beside a figure that is hidden.
    pub(crate) fn roll_up(&mut self, to: &'static str, coarser: Option<Estimate>) {
        if let (Status::Hidden, Some(coarser)) = (self.status, coarser) {
            self.status = Status::RolledUp;
            // The part is in the coarser group: nobody is told that it may be larger.
            self.fewer_than = self.fewer_than.map(|fewer| fewer.min(coarser.high.max(coarser.persons)));
            self.rolled_up = Some((to, coarser));
        }
    }

    /// Says where else to ask, when no value stands here.
    pub(crate) fn ask(&mut self, instead: &'static str) {
        if self.estimate.is_none() && self.ask_instead.is_none() {
            self.ask_instead = Some(instead);
        }
    }
}

/// Weights of devices by where their town lies, class by class.
pub(crate) struct Mixes(Vec<Vec<Mix>>);

/// Weights of one class in the towns of one prefecture.
struct Mix {
    scale: Scale,
    all: Weight,
    outside: Weight,
    blocks: [Weight; Region::ALL.len()],
}

impl Mixes {
    /// The mixtures of origins in each prefecture's towns together.
    /// `composition` says what weights are multiplied by.
    pub(crate) fn of(noised: &Noised, weights: &dyn Weigh, composition: &Composition) -> Self {
        let layout = noised.layout();
        let classes = layout.classes().len();
        let mut sums = vec![vec![[0.0; ORIGINS]; classes]; ORIGINS];
        for (place, area) in layout.areas().iter().enumerate() {
            let Some(prefecture) = prefecture_of(*area) else { continue };
            let values = noised.of_area(place).chunks_exact(ORIGINS);
            for (sums, values) in sums[usize::from(prefecture.number())].iter_mut().zip(values) {
                sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += f64::from(*value));
            }
        }
        let mix = |(own, classes): (usize, Vec<[f64; ORIGINS]>)| {
            let of = |(class, values): (usize, &[f64; ORIGINS])| {
                Mix::of(values, own, weights, composition.of(&layout.classes()[class], own))
            };
            classes.iter().enumerate().map(of).collect()
        };
        Self(sums.into_iter().enumerate().map(mix).collect())
    }

    /// What weights of a class are multiplied by for its ages and sexes.
    pub(crate) fn scale(&self, prefecture: PrefectureCode, class: usize) -> Scale {
        self.0[usize::from(prefecture.number())][class].scale
    }

    /// The weight of people from a block.
    pub(crate) fn block(&self, prefecture: PrefectureCode, class: usize, block: usize) -> Weight {
        self.0[usize::from(prefecture.number())][class].blocks[block]
    }

    /// The weight of people from other prefectures.
    pub(crate) fn outside(&self, prefecture: PrefectureCode, class: usize) -> Weight {
        self.0[usize::from(prefecture.number())][class].outside
    }

    /// The weight of everybody of a class in the towns of a prefecture.
    pub(crate) fn all(&self, prefecture: PrefectureCode, class: usize) -> Weight {
        self.0[usize::from(prefecture.number())][class].all
    }
}

impl Mix {
    fn of(values: &[f64; ORIGINS], own: usize, weights: &dyn Weigh, scale: Scale) -> Self {
        let only = |is_meant: &dyn Fn(usize) -> bool| {
            let values: Vec<f64> =
                values.iter().enumerate().map(|(n, v)| if is_meant(n) { *v } else { 0.0 }).collect();
            weights.mix(&values).scaled(scale)
        };
        Self {
            scale,
            all: only(&|_| true),
            outside: only(&|number| number != own),
            blocks: std::array::from_fn(|block| only(&|number| number > 0 && BLOCK_OF[number - 1] == block)),
        }
    }
}

/// Who lives where figures come from.
pub(crate) struct Residents {
    pub(crate) all: f64,
    blocks: [f64; Region::ALL.len()],
    prefectures: [f64; ORIGINS - 1],
}

impl Residents {
    /// Those that weights are made for.
    pub(crate) fn of(weights: &dyn Weigh) -> Self {
        let mut found = Self { all: 0.0, blocks: [0.0; Region::ALL.len()], prefectures: [0.0; ORIGINS - 1] };
        for row in weights.rows() {
            found.all += row.population;
            if let Some(own) = row.prefecture.checked_sub(1).filter(|own| *own < found.prefectures.len()) {
                found.prefectures[own] += row.population;
                found.blocks[BLOCK_OF[own]] += row.population;
            }
        }
        found
    }
}

/// Everything that is needed to make cells of a place.
pub(crate) struct Making<'a> {
    pub(crate) setting: &'a Setting<'a>,
    pub(crate) residents: Residents,
    pub(crate) mixes: Mixes,
    /// How counts are spread, by class: for everybody, and by prefecture.
    pub(crate) spreads: Vec<(Spread, Spread)>,
    pub(crate) noise: Noise,
    /// See [`Ladder::new`].
    pub(crate) scale: f64,
    /// Which classes contain which.
    pub(crate) within: Vec<(usize, usize)>,
}

impl Making<'_> {
    /// The ladders of a place, decided.
    pub(crate) fn ladders(&self, values: &[f64], own: PrefectureCode) -> Vec<Ladder<Rung>> {
        let parameters = self.setting.parameters;
        let classes = values.chunks_exact(ORIGINS);
        let mut ladders: Vec<Ladder<Rung>> =
            classes.map(|values| Ladder::new(values, own, self.noise, self.scale, parameters)).collect();
        close(&mut ladders, &self.within);
        ladders
    }

    /// The cells of a place.
    pub(crate) fn cells(&self, values: &[f64], own: PrefectureCode) -> Vec<Ladder<Cell>> {
        let ladders = self.ladders(values, own);
        let cells: Vec<Ladder<Cell>> =
            ladders.iter().enumerate().map(|(class, ladder)| self.weighed(class, ladder, own)).collect();
        let mut estimates: Vec<Ladder<Option<Estimate>>> =
            cells.iter().map(|ladder| ladder.map(|_, _, cell| cell.estimate)).collect();
        close(&mut estimates, &self.within);
        let joined = cells.iter().zip(&estimates).map(|(cells, estimates)| {
            cells.map(|level, index, cell| {
                let mut cell = cell.clone();
                cell.settle(*estimates.at(level, index), self.setting);
                cell
            })
        });
        joined.map(|ladder| rolled_up(ladder, self.setting.base)).collect()
    }

    fn weighed(&self, class: usize, ladder: &Ladder<Rung>, own: PrefectureCode) -> Ladder<Cell> {
        let mix = &self.mixes.0[usize::from(own.number())][class];
        let (all, by_origin) = self.spreads[class];
        ladder.map(|level, index, rung| {
            let (weight, spread) = match level {
                OriginLevel::All => (self.total_weight(ladder, mix), all),
                OriginLevel::Outside => (mix.outside, all),
                OriginLevel::Block => (mix.blocks[index], by_origin),
                OriginLevel::Prefecture | OriginLevel::Inside => {
                    (self.setting.weights.of(index + 1).scaled(mix.scale), by_origin)
                }
            };
            let mut cell = Cell::of(rung, &weight, spread, self.setting);
            let residents = match level {
                OriginLevel::Prefecture | OriginLevel::Inside => self.residents.prefectures[index],
                OriginLevel::Block => self.residents.blocks[index],
                OriginLevel::All | OriginLevel::Outside => self.residents.all,
            };
            cell.clip(residents, self.setting.base);
            cell
        })
    }

    /// The weight of everybody: of shown origins their own, of the rest that of the prefecture's mixture.
    fn total_weight(&self, ladder: &Ladder<Rung>, mix: &Mix) -> Weight {
        let rest = &mix.all;
        let shown = ladder.prefectures.iter().enumerate().filter(|(_, rung)| rung.is_shown);
        let parts =
            shown.map(|(index, rung)| (rung.value, self.setting.weights.of(index + 1).scaled(mix.scale)));
        let parts: Vec<(f64, Weight)> = parts.collect();
        let known: f64 = parts.iter().map(|(value, _)| value).sum();
        let left = ((ladder.all.value - known).max(0.0), *rest);
        mean_of(&parts.into_iter().chain([left]).collect::<Vec<_>>()).unwrap_or(*rest)
    }
}

impl<T: Contain> Ladder<T> {
    /// What stands at a level.
    pub(crate) fn at(&self, level: OriginLevel, index: usize) -> &T {
        match level {
            OriginLevel::All => &self.all,
            OriginLevel::Inside => self.inside(),
            OriginLevel::Outside => &self.outside,
            OriginLevel::Block => &self.blocks[index],
            OriginLevel::Prefecture => &self.prefectures[index],
        }
    }
}

impl Contain for Cell {
    fn contain(&mut self, part: &Self) {
        self.estimate.contain(&part.estimate);
    }

    fn bound(&self, part: &mut Self) {
        self.estimate.bound(&mut part.estimate);
    }
}

/// A prefecture that is hidden has the value of its block beside it, else that of inside or outside.
fn rolled_up(mut ladder: Ladder<Cell>, base: f64) -> Ladder<Cell> {
    // Nobody is told that a part may be larger than everybody.
    if let Some(all) = ladder.all.estimate {
        let most = all.high + base as i64;
        let parts = ladder.blocks.iter_mut().chain(&mut ladder.prefectures).chain([&mut ladder.outside]);
        for part in parts {
            part.fewer_than = part.fewer_than.map(|fewer| fewer.min(most));
        }
    }
    let ask = "the same table: origin_level all";
    let own = ladder.own();
    let (inside, outside) = (ladder.inside().estimate, ladder.outside.estimate);
    for (index, block) in ladder.blocks.iter_mut().enumerate() {
        if index != BLOCK_OF[own] {
            block.roll_up("outside", outside);
        }
        block.ask(ask);
    }
    let blocks: Vec<Option<Estimate>> = ladder.blocks.iter().map(|cell| cell.estimate).collect();
    for (index, cell) in ladder.prefectures.iter_mut().enumerate() {
        cell.roll_up(BLOCK_CODES[BLOCK_OF[index]], blocks[BLOCK_OF[index]]);
        if index != own {
            cell.roll_up("outside", outside);
        } else {
            cell.roll_up("inside", inside);
        }
        cell.ask(ask);
    }
    ladder.outside.ask(ask);
    ladder
}

/// Codes of the blocks in `origin_code`, as [`Region::ALL`] has them.
pub(crate) const BLOCK_CODES: [&str; Region::ALL.len()] = [
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

/// The prefecture of a municipality.
pub(crate) fn prefecture_of(area: kayoi_schemas::figure::Area) -> Option<PrefectureCode> {
    match area {
        kayoi_schemas::figure::Area::Municipality(code) => Some(code.prefecture()),
        _ => None,
    }
}
