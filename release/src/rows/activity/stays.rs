//! Rows of `stays_monthly`.
//!
//! In: noised visitors by where they slept, by nights and by hours, and their nights. Out: for each municipality the
//! classes of each measure with their part of all. People whose nights are not known are taken to sleep as the
//! others do: each pattern is multiplied by all over known, which the numbers themselves give.

use kayoi_lake::LakeError;
use kayoi_schemas::figure::{Cube, Dimension};
use kayoi_schemas::tables::ReleaseTable;

use super::{Activity, From, Grid, Value, contain};
use crate::decide::Contain;
use crate::rows::figures::{Cell, Setting};
use crate::rows::month::{Place, Sink};
use crate::rows::sheet::Sheet;
use crate::weights::Weight;

/// The patterns that are known; the last class is of those that are not.
const KNOWN: usize = 4;
/// The groups of people who live elsewhere: in the prefecture, and outside of it. Nobody visits where they live.
const GROUPS: [(&str, From, &[usize]); 3] = [
    ("all", From::Anywhere, &[1, 2, 3]),
    ("inside", From::Inside, &[1]),
    ("outside", From::Outside, &[2, 3]),
];
const ASK: &str = "visitors_monthly; stays_monthly: class all";

/// Numbers of one measure and level, class by class.
struct Classes<'w> {
    words: Vec<&'w str>,
    values: Vec<Value>,
    whole: Value,
    weight: Weight,
}

impl Activity<'_> {
    pub(super) fn stays(&self, sink: Sink<'_>) -> Result<(), LakeError> {
        let cubes =
            [Cube::StaysMonthly, Cube::StayNightsMonthly, Cube::StayHoursMonthly, Cube::PersonNightsMonthly];
        let [Some(patterns), Some(nights), Some(hours), Some(sums)] = cubes.map(|cube| self.grid(cube))
        else {
            return Ok(());
        };
        let rows = |sheet: &mut Sheet, index: usize, place: Place<'_>| {
            // In the order of the words of measures.
            let own = place.code.prefecture();
            let anywhere = self.weight(own, From::Anywhere);
            let of = |grid: &Grid<'_>, words: &[&'static str]| {
                let values: Vec<Value> = (0..words.len()).map(|class| grid.at(index, class)).collect();
                Classes { words: words.to_vec(), whole: Value::sum(&values), values, weight: anywhere }
            };
            let by_hours = self.decided(of(&hours, Dimension::StayHours.words()), &hours);
            self.measure(sheet, (&place, "hours", "all"), &by_hours, None);
            let by_nights = self.decided(of(&nights, Dimension::StayNights.words()), &nights);
            let sum = sums.at(index, 0);
            self.measure(sheet, (&place, "nights", "all"), &by_nights, Some((sum, sums.cap)));
            let [mut all, inside, outside] = GROUPS.map(|(_, from, groups)| {
                let value = |pattern: usize| {
                    let of_groups = groups
                        .iter()
                        .map(|group| patterns.at(index, pattern * Dimension::Group.words().len() + group));
                    Value::sum(&of_groups.collect::<Vec<_>>())
                };
                let by_pattern = scaled(&(0..=KNOWN).map(value).collect::<Vec<_>>(), self.weight(own, from));
                self.decided(by_pattern, &patterns)
            });
            for part in [&inside, &outside] {
                for (cell, part) in all.cells.iter_mut().zip(&part.cells) {
                    contain(cell, &[part.estimate], self.setting);
                }
                contain(&mut all.whole, &[part.whole.estimate], self.setting);
            }
            all.close(self.setting);
            for (by_pattern, (level, ..)) in [&all, &inside, &outside].into_iter().zip(GROUPS) {
                self.measure(sheet, (&place, "pattern", level), by_pattern, None);
            }
        };
        self.rows.each_place(ReleaseTable::StaysMonthly, patterns.noised, sink, &rows)
    }

    /// Decides what of a measure is shown.
    fn decided<'w>(&self, classes: Classes<'w>, grid: &Grid<'_>) -> Decided<'w> {
        let cell = |value: &Value| self.cell(*value, &classes.weight, grid.spread);
        let (cells, whole) = (classes.values.iter().map(cell).collect(), cell(&classes.whole));
        let mut decided = Decided { classes, cells, whole };
        decided.close(self.setting);
        decided
    }

    /// The rows of a measure: all, then its classes where all is shown.
    fn measure(
        &self,
        sheet: &mut Sheet,
        (place, measure, level): (&Place<'_>, &'static str, &'static str),
        Decided { classes, cells, whole }: &Decided<'_>,
        nights: Option<(Value, f64)>,
    ) {
        let weight = &classes.weight;
        let total = nights.and_then(|(sum, cap)| self.total(sum, classes.whole, cap, weight, whole));
        let shown = if whole.estimate.is_some() { cells.len() } else { 0 };
        let all = std::iter::once(("all", classes.whole, whole));
        let parts = classes.words.iter().copied().zip(&classes.values).zip(cells).take(shown);
        let parts = parts.map(|((word, value), cell)| (word, *value, cell));
        let mut rows: Vec<(&str, Value, &Cell)> = all.chain(parts).collect();
        rows.sort_by_key(|(word, ..)| *word);
        for (class, value, cell) in rows {
            let is_whole = class == "all";
            let share =
                if is_whole { None } else { self.share((value, cell), (classes.whole, whole), weight) };
            let total = total.filter(|_| is_whole);
            let mut cell = cell.clone();
            cell.ask(if is_whole { "visitors_monthly" } else { ASK });
            sheet.month(&self.words).place(place).text(Some(measure)).text(Some(class)).text(Some(level));
            sheet.plain_figure(&cell).shares(share).sums(total).stamps(&self.stamps);
            sheet.count(level, cell.status.as_str());
        }
    }
}

/// A measure whose figures are decided.
struct Decided<'w> {
    classes: Classes<'w>,
    cells: Vec<Cell>,
    whole: Cell,
}

impl Decided<'_> {
    /// All is shown where a class is, and is no smaller; classes are shown where all is, and are no larger.
    fn close(&mut self, setting: &Setting<'_>) {
        let parts: Vec<_> = self.cells.iter().map(|cell| cell.estimate).collect();
        contain(&mut self.whole, &parts, setting);
        self.cells.iter_mut().for_each(|cell| self.whole.bound(cell));
    }
}

/// Patterns of all visitors, from those whose nights are known.
fn scaled(values: &[Value], weight: Weight) -> Classes<'static> {
    let whole = Value::sum(values);
    let known = Value::sum(&values[..KNOWN]);
    // Where noise is most of what is known there is nothing to go by.
    let factor = if known.value > 3.0 * known.sigma { (whole.value / known.value).max(1.0) } else { 1.0 };
    let words = Dimension::Pattern.words()[..KNOWN].to_vec();
    Classes {
        words,
        values: values[..KNOWN].iter().map(|value| value.times(factor)).collect(),
        whole,
        weight,
    }
}
