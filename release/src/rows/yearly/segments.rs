//! Rows of `segments_yearly`: who is tied to a municipality, by age or by sex.
//!
//! In: noised ties by age and by sex of municipalities, by both of prefectures and the country. Out: people of each class,
//! and what part they are. Of whom nothing is known, the classes are taken to be as those of the others; where that is
//! the most of them, nothing is said.

use kayoi_lake::LakeError;
use kayoi_schemas::figure::{Area, Cube, Dimension, Status};
use kayoi_schemas::tables::ReleaseTable;

use super::{Period, level_of};
use crate::composition::Composition;
use crate::decide::Contain;
use crate::draw::{Drawn, Noised, ORIGINS};
use crate::estimate::{Ratio, Spread, ratio};
use crate::rows::figures::{Cell, Setting};
use crate::rows::month::{MonthRows, Sink, Stamps};
use crate::rows::sheet::Sheet;
use crate::rows::totals::names;
use crate::rows::value::Value;
use crate::weights::{Scale, Weight};

/// Part of the devices of an area and kind that must be known.
const LEAST_KNOWN: f64 = 0.5;
const UNKNOWN: &str = "unknown";
const ALL: &str = "all";

impl MonthRows<'_> {
    pub(super) fn segments(&self, period: &Period<'_>, sink: Sink<'_>) -> Result<(), LakeError> {
        let cubes = [Cube::AgesYearly, Cube::SexesYearly, Cube::SegmentsYearly].map(Drawn::Classed);
        let [Some(ages), Some(sexes), Some(larger)] = cubes.map(|cube| self.noised(cube)) else {
            return Ok(());
        };
        let (setting, stamps) = (self.setting(), Stamps::of(self.options, self.revision));
        let composition = self.composition();
        let of_kind = |kind: &&str| (0..ORIGINS).map(|area| self.weight_of_kind(kind, area)).collect();
        let weights: Vec<Vec<Weight>> = Dimension::MainKind.words().iter().map(of_kind).collect();
        let making = Segments { rows: self, setting: &setting, composition: &composition, weights: &weights };
        // In the order of their codes: municipalities by prefecture, and the country last.
        let mut sheet = Sheet::new(ReleaseTable::SegmentsYearly);
        let mut areas: Vec<Area> =
            [ages, larger].iter().flat_map(|of| of.layout().areas().to_vec()).collect();
        areas.sort_by_key(Area::to_string);
        for area in areas {
            let splits = match area {
                Area::Municipality(_) => [Some((ages, Split::Ages)), Some((sexes, Split::Sexes))],
                _ => [Some((larger, Split::Both)), None],
            };
            for kind in kinds_by_name() {
                let mut rows: Vec<Row> = splits
                    .iter()
                    .flatten()
                    .flat_map(|(of, split)| making.rows(of, *split, area, kind))
                    .collect();
                rows.sort_by_key(|row| (row.age, row.sex));
                // All of a kind stand once, whether they were split by age or by sex.
                rows.dedup_by_key(|row| (row.age, row.sex));
                for row in rows {
                    let (name, romaji) = match area {
                        Area::Municipality(code) => match self.register().get(code) {
                            Some(known) => (known.name.as_str(), known.romaji.as_str()),
                            None => continue,
                        },
                        larger => names(larger),
                    };
                    let level =
                        if matches!(area, Area::Municipality(_)) { "municipality" } else { level_of(area) };
                    sheet.period(period).text(Some(level)).text(Some(&area.to_string())).text(Some(name));
                    sheet
                        .text(Some(romaji))
                        .text(Some(Dimension::MainKind.words()[kind]))
                        .text(Some(row.age));
                    sheet.text(Some(row.sex)).plain_figure(&row.cell).shares(row.share);
                    sheet.optional_double(row.known_percent).stamps(&stamps);
                    sheet.count(level, row.cell.status.as_str());
                }
            }
        }
        sink(sheet.finish()?)
    }
}

/// Kinds in the order of their words.
fn kinds_by_name() -> Vec<usize> {
    let words = Dimension::MainKind.words();
    let mut kinds: Vec<usize> = (0..words.len()).collect();
    kinds.sort_by_key(|kind| words[*kind]);
    kinds
}

/// What a table of classes tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Split {
    Ages,
    Sexes,
    Both,
}

impl Split {
    /// The words of each class of a kind.
    fn classes(self) -> Vec<(&'static str, &'static str)> {
        let (ages, sexes) = (Dimension::AgeBand.words(), Dimension::Sex.words());
        match self {
            Self::Ages => ages.iter().map(|age| (*age, ALL)).collect(),
            Self::Sexes => sexes.iter().map(|sex| (ALL, *sex)).collect(),
            Self::Both => ages.iter().flat_map(|age| sexes.iter().map(move |sex| (*age, *sex))).collect(),
        }
    }
}

/// A row before it is written.
struct Row {
    age: &'static str,
    sex: &'static str,
    cell: Cell,
    share: Option<Ratio>,
    known_percent: Option<f64>,
}

struct Segments<'a, 'm> {
    rows: &'a MonthRows<'m>,
    setting: &'a Setting<'a>,
    composition: &'a Composition,
    /// By kind, then by number of the prefecture; of the country at 0.
    weights: &'a [Vec<Weight>],
}

impl Segments<'_, '_> {
    fn rows(&self, noised: &Noised, split: Split, area: Area, kind: usize) -> Vec<Row> {
        let classes = split.classes();
        let Some(place) = noised.layout().place(area) else { return Vec::new() };
        let drawn = noised.layout().drawn();
        let (noise, per_one) = (drawn.strength().noise(self.rows.parameters), f64::from(drawn.per_one()));
        let least = self.rows.parameters.least_devices;
        let values = noised.of_area(place)[kind * classes.len()..(kind + 1) * classes.len()].iter();
        let values: Vec<Value> =
            values.map(|value| Value::drawn(f64::from(*value) / per_one, noise, least)).collect();
        let prefecture = match area {
            Area::Municipality(code) => usize::from(code.prefecture().number()),
            Area::Prefecture(code) => usize::from(code.number()),
            _ => 0,
        };
        let mean = self.weights[kind][prefecture];
        let weight = mean.scaled(self.composition.of(Dimension::MainKind.words()[kind], prefecture));
        let ask = match area {
            Area::Municipality(_) => "segments_yearly: area_level prefecture",
            _ => "segments_yearly: area_level country",
        };
        let sum = Value::sum(&values);
        // All of a kind are drawn by themselves, with less noise than their classes together.
        let all = self.all(area, kind).unwrap_or(sum);
        let mut whole = self.cell(all, &weight);
        whole.ask(ask);
        let is_known = |(age, sex): &(&str, &str)| *age != UNKNOWN && *sex != UNKNOWN;
        let known: Vec<(Value, Scale)> = classes
            .iter()
            .zip(&values)
            .filter(|(words, _)| is_known(words))
            .map(|((age, sex), value)| (*value, self.scale(age, sex)))
            .collect();
        let of_known: f64 = known.iter().map(|(value, _)| value.value).sum();
        let share_known = (of_known / sum.value.max(1.0)).clamp(0.0, 1.0);
        // Shares are of people: a device of an age that is seldom in the panel is more of them.
        let people: f64 = known.iter().map(|(value, by)| value.value * by.factor).sum();
        let sigma = known.iter().map(|(value, by)| (value.sigma * by.factor).powi(2)).sum::<f64>().sqrt();
        let is_shown = whole.estimate.is_some();
        let known_percent = is_shown.then(|| (1_000.0 * share_known).round() / 10.0);
        let mut rows = Vec::new();
        for (words, value) in classes.iter().zip(&values).filter(|(words, _)| is_shown && is_known(words)) {
            let by = self.scale(words.0, words.1);
            let up = Scale { factor: 1.0 / share_known.max(LEAST_KNOWN), ..Scale::ONE };
            let mut cell = self.cell(*value, &mean.scaled(by).scaled(up));
            if share_known < LEAST_KNOWN {
                cell = Cell { status: Status::NotObserved, estimate: None, fewer_than: None, ..cell };
            }
            whole.bound(&mut cell);
            cell.ask(ask);
            let (part, noise) = (value.value * by.factor, value.sigma * by.factor);
            let share =
                cell.estimate.and_then(|_| ratio((part, noise), (people, sigma), noise * noise, &weight));
            rows.push(Row { age: words.0, sex: words.1, cell, share, known_percent });
        }
        rows.push(Row { age: ALL, sex: ALL, cell: whole, share: None, known_percent });
        rows
    }

    /// Everybody of a kind, as other tables have them.
    fn all(&self, area: Area, kind: usize) -> Option<Value> {
        let drawn = if matches!(area, Area::Municipality(_)) { Drawn::Connected } else { Drawn::Totals };
        let noised = self.rows.noised(drawn)?;
        let class =
            noised.layout().classes().iter().position(|class| class == Dimension::MainKind.words()[kind])?;
        let values = noised.of_area(noised.layout().place(area)?);
        let noise = drawn.strength().noise(self.rows.parameters);
        let value = f64::from(values[class * noised.layout().origins()]);
        Some(Value::drawn(value, noise, self.rows.parameters.least_devices))
    }

    /// What the weights of a class are multiplied by.
    fn scale(&self, age: &str, sex: &str) -> Scale {
        let place = |words: &[&str], word: &str| words.iter().position(|known| *known == word);
        self.composition
            .of_segment(place(Dimension::AgeBand.words(), age), place(Dimension::Sex.words(), sex))
    }

    fn cell(&self, value: Value, weight: &Weight) -> Cell {
        Cell::of(&value.rung(), weight, Spread::EVEN, self.setting)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_stand_where_the_cubes_have_them() {
        use kayoi_schemas::figure::Class;
        for (split, cube) in [
            (Split::Ages, Cube::AgesYearly),
            (Split::Sexes, Cube::SexesYearly),
            (Split::Both, Cube::SegmentsYearly),
        ] {
            let words = split.classes().into_iter().map(|(age, sex)| match split {
                Split::Ages => age.to_owned(),
                Split::Sexes => sex.to_owned(),
                Split::Both => format!("{age}/{sex}"),
            });
            let of_kinds: Vec<String> = Dimension::MainKind
                .words()
                .iter()
                .flat_map(|kind| words.clone().map(move |words| format!("{kind}/{words}")))
                .collect();
            assert_eq!(Class::combinations(cube.declaration().dimensions), of_kinds);
        }
    }
}
