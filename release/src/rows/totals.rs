//! Rows of `connected_totals_monthly`.
//!
//! In: noised distinct people of prefectures and the country, and noised ties of municipalities. Out: both counts
//! side by side. Person × municipality (延べ) is the sum over all municipalities, hidden ones too, because a sum of
//! noised counts gives none of them back; it is weighted as people are, and never below them.

use kayoi_geography::Register;
use kayoi_lake::LakeError;
use kayoi_schemas::figure::{Area, CountedKind};
use kayoi_schemas::tables::ReleaseTable;

use super::connected::{Top, by_name, tops};
use super::figures::{Cell, Making};
use super::month::{Constants, MonthRows, MonthWords, Sink, Stamps};
use super::sheet::Sheet;
use crate::decide::{Contain, Rung, close_totals, kinds_within};
use crate::draw::{Drawn, prefecture};
use crate::estimate::{Estimate, Spread};
use crate::weights::Weight;

/// Kinds that areas have; they come first among those of municipalities.
const KINDS: usize = CountedKind::OF_AREAS.len();
/// The slot of the country, before those of the prefectures.
const COUNTRY: usize = 0;

impl MonthRows<'_> {
    /// Rows of prefectures and the country.
    pub(super) fn totals(&self, sink: Sink<'_>) -> Result<(), LakeError> {
        let (Some(totals), Some(ties)) = (self.noised(Drawn::Totals), self.noised(Drawn::Connected)) else {
            return Ok(());
        };
        let setting = self.setting();
        let making = self.making(ties, &setting, ("connected", &mut Constants::new()));
        let tops = tops(ties, &making);
        let (words, stamps) = (MonthWords::of(self.month()), Stamps::of(self.options, self.revision));
        let mut areas: Vec<(Area, usize)> =
            (1..48).filter_map(|n| Some((Area::Prefecture(prefecture(n)?), n))).collect();
        let country = (Area::Country, COUNTRY);
        let values = |area: Area| totals.of_area(totals.layout().place(area).unwrap_or_default());
        let (mut figures, mut rungs) = (Vec::new(), Vec::new());
        for (area, slot) in &areas {
            let own = self.rungs(values(*area), *slot, &tops, &[]);
            figures.push(self.area(&own, *slot, &tops, &making));
            rungs.push(own);
        }
        // The country contains each prefecture, as a prefecture contains each of its towns.
        let national = self.rungs(values(Area::Country), COUNTRY, &tops, &rungs);
        let mut national = self.area(&national, COUNTRY, &tops, &making);
        for figure in &figures {
            for (whole, part) in national.iter_mut().zip(figure) {
                whole.contain(part);
            }
        }
        for whole in &mut national {
            whole.cell.settle(whole.cell.estimate, &setting);
        }
        areas.push(country);
        figures.push(national);
        let mut sheet = Sheet::new(ReleaseTable::ConnectedTotalsMonthly);
        let classes = totals.layout().classes();
        for ((area, _), figures) in areas.iter().zip(&figures) {
            let (name, romaji) = names(*area);
            for class in by_name(classes) {
                let AreaFigure { cell, sum } = &figures[class];
                sheet.month(&words).text(Some(&area.to_string())).text(Some(name)).text(Some(romaji));
                sheet.text(Some(&classes[class])).figure(cell);
                let sum = cell.estimate.zip(*sum).map(|(own, sum)| own.persons.max(sum));
                sheet.long(sum).int(self.covered().window_months as i32).stamps(&stamps);
                sheet.count(
                    if *area == Area::Country { "country" } else { "prefecture" },
                    cell.status.as_str(),
                );
            }
        }
        sink(sheet.finish()?)
    }

    /// What of an area is shown, class by class; `parts` are the prefectures in it.
    fn rungs(&self, values: &[i32], slot: usize, tops: &[Top], parts: &[Vec<Rung>]) -> Vec<Rung> {
        let mut rungs: Vec<Rung> =
            values.iter().map(|value| Rung::drawn(f64::from(*value), self.parameters.wide)).collect();
        for (class, rung) in rungs.iter_mut().enumerate() {
            inside(tops, slot).for_each(|top| rung.contain(&top.rungs[class]));
            parts.iter().for_each(|part| rung.contain(&part[class]));
        }
        close_totals(&mut rungs, &kinds_within(KINDS));
        rungs
    }

    /// The figures of an area, class by class.
    fn area(&self, rungs: &[Rung], slot: usize, tops: &[Top], making: &Making<'_>) -> Vec<AreaFigure> {
        let inside = || inside(tops, slot);
        let mut figures: Vec<AreaFigure> = rungs
            .iter()
            .enumerate()
            .map(|(class, rung)| {
                let towns = |top: &Top| (top.rungs[class].value, self.mix(top.prefecture, class, making));
                let towns: Vec<(f64, Weight)> = inside().map(towns).collect();
                let weight = mean(&towns, self.weights.national());
                let mut cell = Cell::of(rung, &weight, Spread::EVEN, making.setting);
                cell.clip(making.residents.all, making.setting.base);
                cell.ask("connected_by_period, and connected_monthly for its municipalities");
                let people: f64 = towns.iter().map(|(value, weight)| value * weight.mean).sum();
                let base = making.setting.base;
                let sigma = f64::from(making.noise.sigma) * (towns.len().max(1) as f64).sqrt();
                let all = Rung::computed(towns.iter().map(|(value, _)| value).sum(), sigma, self.parameters);
                let sum = all.is_shown.then_some(((people / base).round() * base) as i64);
                let mut figure = AreaFigure { cell, sum };
                inside().for_each(|top| figure.cell.estimate.contain(&top.estimates[class]));
                figure
            })
            .collect();
        let mut estimates: Vec<Option<Estimate>> =
            figures.iter().map(|figure| figure.cell.estimate).collect();
        close_totals(&mut estimates, &kinds_within(KINDS));
        for (figure, estimate) in figures.iter_mut().zip(estimates) {
            figure.cell.settle(estimate, making.setting);
        }
        figures
    }

    fn mix(&self, slot: usize, class: usize, making: &Making<'_>) -> Weight {
        prefecture(slot).map_or(self.weights.national(), |code| making.mixes.all(code, class))
    }
}

/// The municipalities of an area.
fn inside(tops: &[Top], slot: usize) -> impl Iterator<Item = &Top> {
    tops.iter().filter(move |top| slot == COUNTRY || top.prefecture == slot)
}

/// Both counts of a class.
struct AreaFigure {
    cell: Cell,
    /// Person × municipality; `None` when it is less than its noise.
    sum: Option<i64>,
}

impl AreaFigure {
    fn contain(&mut self, part: &Self) {
        self.cell.estimate.contain(&part.cell.estimate);
    }
}

/// The mean weight of several groups.
pub(super) fn mean(groups: &[(f64, Weight)], otherwise: Weight) -> Weight {
    let all: f64 = groups.iter().map(|(value, _)| value.max(0.0)).sum();
    if all <= 0.0 {
        return otherwise;
    }
    let of = |pick: fn(&Weight) -> f64| {
        groups.iter().map(|(value, weight)| value.max(0.0) * pick(weight)).sum::<f64>() / all
    };
    Weight {
        mean: of(|weight| weight.mean),
        mean_square: of(|weight| weight.mean_square),
        relative_variance: of(|weight| weight.relative_variance),
        design: of(|weight| weight.design),
    }
}

/// The names of an area in Japanese and in Latin letters.
pub(super) fn names(area: Area) -> (&'static str, &'static str) {
    match area {
        Area::Country => ("全国", "Japan"),
        Area::Prefecture(code) => Register::prefecture_name(code),
        Area::Municipality(code) => Register::prefecture_name(code.prefecture()),
        // No total is of a cell.
        Area::Cell(_) | Area::Mesh(_) => ("", ""),
    }
}
