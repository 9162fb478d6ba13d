//! Rows of `connected_monthly` and `connected_rest_monthly`.
//!
//! In: noised ties of municipalities. Out: for each municipality and kind its total; where that is shown also
//! inside, outside, blocks and prefectures. Towns whose total is hidden stand together as the rest of their
//! prefecture, whose value stands beside each of them. Before a month is final there are totals only, of another
//! draw with more noise.

use kayoi_geography::Register;
use kayoi_geography::region::Region;
use kayoi_lake::LakeError;
use kayoi_schemas::figure::{Area, CountedKind, OriginLevel};
use kayoi_schemas::ids::{MunicipalityCode, PrefectureCode};
use kayoi_schemas::tables::ReleaseTable;
use kayoi_schemas::time::Month;
use rayon::prelude::*;

use super::figures::{BLOCK_CODES, Cell, Making, Mixes, Residents, Setting, prefecture_of};
use super::month::{Constants, MonthRows, MonthWords, Place, Sink, Stamps};
use super::published::{Published, Town};
use super::sheet::Sheet;
use crate::decide::{Ladder, Rung, close_totals, kinds_within};
use crate::draw::{Drawn, Layout, Noised, ORIGINS};
use crate::estimate::{Estimate, Spread, corrected};
use crate::options::ReleaseOptions;

/// Where a hidden municipal total may be asked for.
const ASK: &str = "connected_rest_monthly; connected_by_period: quarter, year, fiscal_year";

impl MonthRows<'_> {
    /// What makes cells of ties, or of visitors, from the noised counts of this month.
    pub(super) fn making<'s>(
        &self,
        noised: &Noised,
        setting: &'s Setting<'s>,
        (name, constants): (&str, &mut Constants),
    ) -> Making<'s> {
        let classes = noised.layout().classes();
        let noise = noised.layout().drawn().strength().noise(self.parameters);
        let values = |class: usize, slot: usize| {
            let at = class * ORIGINS + slot;
            (0..noised.layout().areas().len()).map(|place| f64::from(noised.of_area(place)[at])).collect()
        };
        let spreads = self.spreads(&values, classes, f64::from(noise.threshold), (name, constants));
        let is_of_ties = noised.layout().drawn() == Drawn::Connected;
        let mut within = if is_of_ties { kinds_within(classes.len()) } else { Vec::new() };
        // A season of work is a second residence as well; what is contained comes first.
        let place = |kind: CountedKind| classes.iter().position(|class| *class == kind.to_string());
        let season = place(CountedKind::DualResident).zip(place(CountedKind::SeasonalWorker));
        season.filter(|_| is_of_ties).into_iter().for_each(|pair| within.insert(0, pair));
        let mixes = Mixes::of(noised, self.weights, &self.composition());
        let residents = Residents::of(self.weights);
        Making { setting, residents, mixes, spreads, noise, scale: 1.0, within }
    }

    /// Rows of both tables. Returns the totals, where they are final.
    pub(super) fn connected(
        &self,
        sink: Sink<'_>,
        constants: &mut Constants,
    ) -> Result<Option<Published>, LakeError> {
        match (self.is_final, self.noised(Drawn::Connected), self.noised(Drawn::Provisional)) {
            (true, Some(noised), _) => self.connected_final(noised, sink, constants).map(Some),
            (false, _, Some(noised)) => self.connected_provisional(noised, sink, constants).map(|()| None),
            _ => Ok(None),
        }
    }

    fn connected_final(
        &self,
        noised: &Noised,
        sink: Sink<'_>,
        constants: &mut Constants,
    ) -> Result<Published, LakeError> {
        let classes = noised.layout().classes();
        let setting = self.setting();
        let making = self.making(noised, &setting, ("connected", constants));
        let tops = tops(noised, &making);
        let rest = Rest::of(&tops, classes.len(), &making);
        let (words, stamps) = (MonthWords::of(self.month()), Stamps::of(self.options, self.revision));
        let window_months = self.covered().window_months as i32;
        let rows = |sheet: &mut Sheet, index: usize, place: Place<'_>| {
            let values: Vec<f64> = noised.of_area(index).iter().map(|value| f64::from(*value)).collect();
            let cells = making.cells(&values, place.code.prefecture());
            for class in by_name(classes) {
                let mut ladder = cells[class].clone();
                let coarser = rest.cell(place.code.prefecture(), class).and_then(|cell| cell.estimate);
                ladder.all.roll_up("rest_of_prefecture", coarser);
                ladder.all.ask(ASK);
                let is_shown = ladder.all.estimate.is_some();
                each_origin(
                    &ladder,
                    is_shown && self.has_origins,
                    &OriginLevel::ALL,
                    |level, code, name, cell| {
                        sheet.month(&words).place(&place).text(Some(&classes[class]));
                        sheet.text(Some(level.as_str())).text(Some(code)).text(Some(name));
                        sheet.figure(cell).int(window_months).stamps(&stamps);
                        sheet.count(level.as_str(), cell.status.as_str());
                    },
                );
            }
        };
        self.each_place(ReleaseTable::ConnectedMonthly, noised, sink, &rows)?;
        sink(rest.rows(classes, &words, window_months, &stamps)?)?;
        Ok(published(self.month(), classes, &tops))
    }

    /// The totals of a month that stands, as they were published: of the same noised counts and weights.
    pub(crate) fn totals_again(&self) -> Option<Published> {
        let noised = self.noised(Drawn::Connected)?;
        let setting = self.setting();
        let making = self.making(noised, &setting, ("connected", &mut Constants::new()));
        Some(published(self.month(), noised.layout().classes(), &tops(noised, &making)))
    }

    /// Totals of a month that is not final, and when the rest comes.
    fn connected_provisional(
        &self,
        noised: &Noised,
        sink: Sink<'_>,
        constants: &mut Constants,
    ) -> Result<(), LakeError> {
        let classes = noised.layout().classes();
        let noise = self.parameters.provisional;
        let setting = self.setting();
        let values = |class: usize, slot: usize| match slot {
            0 => (0..noised.layout().areas().len()).map(|p| f64::from(noised.of_area(p)[class])).collect(),
            _ => Vec::new(),
        };
        let spreads = self.spreads(&values, classes, f64::from(noise.threshold), ("provisional", constants));
        let within = kinds_within(classes.len());
        let weight = self.weights.national();
        let (words, stamps) = (MonthWords::of(self.month()), Stamps::of(self.options, self.revision));
        let window_months = self.covered().window_months as i32;
        let rows = |sheet: &mut Sheet, index: usize, place: Place<'_>| {
            let values = noised.of_area(index).iter();
            let mut rungs: Vec<Rung> = values.map(|value| Rung::drawn(f64::from(*value), noise)).collect();
            close_totals(&mut rungs, &within);
            let cells = rungs.iter().zip(&spreads);
            let cells: Vec<Cell> =
                cells.map(|(rung, (spread, _))| Cell::of(rung, &weight, *spread, &setting)).collect();
            let mut estimates: Vec<Option<Estimate>> = cells.iter().map(|cell| cell.estimate).collect();
            close_totals(&mut estimates, &within);
            for class in by_name(classes) {
                let mut total = cells[class].clone();
                total.settle(estimates[class], &setting);
                total.ask("the final figures, from next_release on");
                let later = Cell::not_computed(self.next_release);
                let levels = [
                    (OriginLevel::All, &total),
                    (OriginLevel::Inside, &later),
                    (OriginLevel::Outside, &later),
                ];
                for (level, cell) in levels {
                    sheet.month(&words).place(&place).text(Some(&classes[class]));
                    sheet
                        .text(Some(level.as_str()))
                        .text(Some(level.as_str()))
                        .text(Some(origin_word(level)));
                    sheet.figure(cell).int(window_months).stamps(&stamps);
                    sheet.count(level.as_str(), cell.status.as_str());
                }
            }
        };
        self.each_place(ReleaseTable::ConnectedMonthly, noised, sink, &rows)
    }
}

/// Rows of a month that is not over: for each municipality and kind the day from which it can be computed.
pub(crate) fn not_computed(
    month: Month,
    options: &ReleaseOptions,
    revision: u64,
) -> Result<super::Released, LakeError> {
    let layout = Layout::new(Drawn::Provisional, month, &options.definition, options.register);
    let (words, stamps) = (MonthWords::of(month), Stamps::of(options, revision));
    let cell = Cell::not_computed(Some(month.last_day().plus(1)));
    let mut sheet = Sheet::new(ReleaseTable::ConnectedMonthly);
    for area in layout.areas() {
        let Some(place) = Place::named(*area, options.register) else { continue };
        for class in by_name(layout.classes()) {
            sheet.month(&words).place(&place).text(Some(&layout.classes()[class]));
            sheet.text(Some("all")).text(Some("all")).text(Some("all")).figure(&cell).int(0).stamps(&stamps);
            sheet.count("all", cell.status.as_str());
        }
    }
    sheet.finish()
}

/// Classes in the order of their names, which is that of the tables.
pub(super) fn by_name(classes: &[String]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..classes.len()).collect();
    order.sort_by_key(|class| &classes[*class]);
    order
}

/// The word in `origin` of a level that has one origin.
pub(super) fn origin_word(level: OriginLevel) -> &'static str {
    match level {
        OriginLevel::Inside => "県内",
        OriginLevel::Outside => "県外",
        _ => "all",
    }
}

/// Calls `row` for the rows of a class by origin, level after level; for everybody only where that is hidden.
pub(super) fn each_origin(
    ladder: &Ladder<Cell>,
    is_total_shown: bool,
    levels: &[OriginLevel],
    mut row: impl FnMut(OriginLevel, &str, &str, &Cell),
) {
    row(OriginLevel::All, "all", "all", &ladder.all);
    if !is_total_shown {
        return;
    }
    let has = |level| levels.contains(&level);
    // In the order of the words in `origin_level`.
    if has(OriginLevel::Block) {
        let mut order: Vec<usize> = (0..Region::ALL.len()).collect();
        order.sort_by_key(|block| BLOCK_CODES[*block]);
        for block in order {
            row(OriginLevel::Block, BLOCK_CODES[block], Region::ALL[block].japanese(), &ladder.blocks[block]);
        }
    }
    for (level, cell) in [(OriginLevel::Inside, ladder.inside()), (OriginLevel::Outside, &ladder.outside)] {
        if has(level) {
            row(level, level.as_str(), origin_word(level), cell);
        }
    }
    if has(OriginLevel::Prefecture) {
        for (index, cell) in ladder.prefectures.iter().enumerate() {
            if let Ok(code) = PrefectureCode::new(index as u8 + 1) {
                row(OriginLevel::Prefecture, &code.to_string(), Register::prefecture_name(code).0, cell);
            }
        }
    }
}

/// The totals of municipalities, in the order of their codes.
fn published(month: Month, kinds: &[String], tops: &[Top]) -> Published {
    let town = |top: &Top| Town { code: top.code, totals: top.estimates.clone(), outside: top.outside };
    let mut towns: Vec<Town> = tops.iter().map(town).collect();
    towns.sort_by_key(|town| town.code);
    Published { month, kinds: kinds.to_vec(), towns }
}

/// The total of each class of a municipality.
pub(super) struct Top {
    pub(super) code: MunicipalityCode,
    /// Part of its visitors from other prefectures; `None` where it is not shown.
    pub(super) outside: Option<f64>,
    /// Number of the prefecture.
    pub(super) prefecture: usize,
    pub(super) rungs: Vec<Rung>,
    pub(super) estimates: Vec<Option<Estimate>>,
}

/// The totals of all municipalities.
pub(super) fn tops(noised: &Noised, making: &Making<'_>) -> Vec<Top> {
    let areas = noised.layout().areas().par_iter().enumerate();
    let top = |(place, area): (usize, &Area)| {
        let own = prefecture_of(*area)?;
        let values: Vec<f64> = noised.of_area(place).iter().map(|value| f64::from(*value)).collect();
        let Area::Municipality(code) = *area else { return None };
        let ladders = making.ladders(&values, own);
        let outside = ladders.first().filter(|visitors| visitors.outside.is_shown);
        let outside = outside.map(|visitors| visitors.outside.value / visitors.all.value.max(1.0));
        let rungs = ladders.into_iter().map(|ladder| ladder.all).collect();
        let estimates = making.cells(&values, own).into_iter().map(|ladder| ladder.all.estimate).collect();
        Some(Top { code, outside, prefecture: usize::from(own.number()), rungs, estimates })
    };
    areas.filter_map(top).collect()
}

/// The towns of each prefecture whose total is hidden, together.
struct Rest {
    /// By number of the prefecture, then by class: how many towns, and their figure.
    cells: Vec<Vec<(usize, Cell)>>,
}

impl Rest {
    fn of(tops: &[Top], classes: usize, making: &Making<'_>) -> Self {
        let mut sums = vec![vec![(0_usize, 0.0); classes]; ORIGINS];
        for top in tops {
            let Ok(own) = PrefectureCode::new(top.prefecture as u8) else { continue };
            for (class, (sum, rung)) in sums[top.prefecture].iter_mut().zip(&top.rungs).enumerate() {
                // Towns are hidden because noise and chance left them low, so that they are more than they look like by as
                // much as those that are shown are fewer.
                let (weight, spread) = (making.mixes.all(own, class), making.spreads[class].0);
                let over =
                    if rung.is_shown { rung.value - corrected(rung, &weight, spread) } else { rung.value };
                *sum = (sum.0 + usize::from(!rung.is_shown), sum.1 + over);
            }
        }
        let parameters = making.setting.parameters;
        let cell = |prefecture: usize, class: usize, (towns, value): (usize, f64)| {
            let sigma = f64::from(making.noise.sigma) * (towns.max(1) as f64).sqrt();
            let mut rung = Rung::computed(value, sigma, parameters);
            // One town is no group: its figure would stand under another name.
            rung.is_shown &= towns != 1;
            let weight = PrefectureCode::new(prefecture as u8).map(|code| making.mixes.all(code, class));
            let weight = weight.unwrap_or_else(|_| making.setting.weights.national());
            // Several towns together are not selected by what each of them is.
            let mut cell = Cell::of(&rung, &weight, Spread(0.0), making.setting);
            cell.ask("connected_totals_monthly; connected_by_period: quarter, year, fiscal_year");
            (towns, cell)
        };
        let cells = sums.into_iter().enumerate().map(|(prefecture, classes)| {
            classes.into_iter().enumerate().map(|(class, sum)| cell(prefecture, class, sum)).collect()
        });
        Self { cells: cells.collect() }
    }

    fn cell(&self, prefecture: PrefectureCode, class: usize) -> Option<&Cell> {
        self.cells.get(usize::from(prefecture.number()))?.get(class).map(|(_, cell)| cell)
    }

    fn rows(
        &self,
        classes: &[String],
        words: &MonthWords,
        window_months: i32,
        stamps: &Stamps<'_>,
    ) -> Result<super::Released, LakeError> {
        let mut sheet = Sheet::new(ReleaseTable::ConnectedRestMonthly);
        for (number, cells) in self.cells.iter().enumerate().skip(1) {
            let Ok(code) = PrefectureCode::new(number as u8) else { continue };
            // Where no town is hidden there is no rest.
            for class in by_name(classes).into_iter().filter(|class| cells[*class].0 > 0) {
                let (towns, cell) = &cells[class];
                sheet
                    .month(words)
                    .text(Some(&code.to_string()))
                    .text(Some(Register::prefecture_name(code).0));
                sheet.text(Some(&classes[class])).int(*towns as i32).figure(cell).int(window_months);
                sheet.stamps(stamps);
                sheet.count("rest_of_prefecture", cell.status.as_str());
            }
        }
        sheet.finish()
    }
}
