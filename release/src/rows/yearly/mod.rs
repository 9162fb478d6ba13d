//! Rows that are made once a year, or a quarter: rhythms of dual residents, municipalities for each person, people on
//! the road; in `matching`, ties by the municipality where people live or work; in `rebound`, what errands leave of the
//! kilometres that telework saves.
//!
//! In: noised counts of the yearly and quarterly cubes, in the months with which a year or a quarter ends. Out: rows.

use kayoi_lake::LakeError;
use kayoi_schemas::figure::{Area, Cube, Dimension};
use kayoi_schemas::tables::ReleaseTable;

use super::figures::{Cell, prefecture_of};
use super::month::{MonthRows, MonthWords, Place, Sink, Stamps};
use super::period::ending_with;
use super::sheet::Sheet;
use super::totals::names;
use super::value::Value;
use crate::decide::{Contain, Rung};
use crate::draw::{Drawn, Noised, ORIGINS};
use crate::estimate::{Estimate, Ratio, Spread, estimate_total, ratio};
use crate::weights::Weight;

mod expected;
mod matching;
mod rebound;
mod segments;

pub(super) use rebound::whose;

impl MonthRows<'_> {
    /// The rows of the years and the quarter that end with the month.
    pub(super) fn yearly(&self, sink: Sink<'_>) -> Result<(), LakeError> {
        let periods: Vec<(&str, String)> =
            ending_with(self.month()).into_iter().map(|(kind, name, _)| (kind, name)).collect();
        for (kind, name) in &periods {
            let period = Period { kind, name, words: MonthWords::of(self.month()) };
            if *kind == "quarter" {
                self.itinerants(&period, sink)?;
            } else {
                self.dual_regimes(&period, sink)?;
                self.municipalities_per_person(&period, sink)?;
                self.matching(&period, sink)?;
                self.segments(&period, sink)?;
                self.rebound(&period, sink)?;
            }
        }
        Ok(())
    }

    /// The weight of people of a kind in the towns of a prefecture, or of the country at 0, by where they live.
    fn weight_of_kind(&self, kind: &str, prefecture: usize) -> Weight {
        let found = self.noised(Drawn::Connected).and_then(|ties| {
            let class = ties.layout().classes().iter().position(|known| known == kind)?;
            let mut sums = [0.0; ORIGINS];
            for (place, area) in ties.layout().areas().iter().enumerate() {
                let is_meant = prefecture_of(*area)
                    .is_some_and(|own| prefecture == 0 || usize::from(own.number()) == prefecture);
                if is_meant {
                    let values = ties.of_area(place)[class * ORIGINS..(class + 1) * ORIGINS].iter();
                    sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += f64::from(*value));
                }
            }
            Some(self.weights.mix(&sums))
        });
        found.unwrap_or_else(|| self.weights.national())
    }

    fn classed(&self, cube: Cube) -> Option<&Noised> {
        self.noised(Drawn::Classed(cube))
    }

    fn dual_regimes(&self, period: &Period<'_>, sink: Sink<'_>) -> Result<(), LakeError> {
        let cube = Cube::DualRegimesYearly;
        let Some(noised) = self.classed(cube) else { return Ok(()) };
        let (setting, stamps) = (self.setting(), Stamps::of(self.options, self.revision));
        let regimes = Dimension::Regime.words();
        let composition = self.composition();
        let weight = |own: usize| {
            self.weight_of_kind("dual_resident", own).scaled(composition.of("dual_resident", own))
        };
        let weights: Vec<Weight> = (0..ORIGINS).map(weight).collect();
        let rows = |sheet: &mut Sheet, index: usize, place: Place<'_>| {
            let values: Vec<Value> =
                noised.of_area(index).iter().map(|value| self.drawn(cube, *value)).collect();
            let weight = weights[usize::from(place.code.prefecture().number())];
            let cell = |value: Value| Cell::of(&value.rung(), &weight, Spread::EVEN, &setting);
            let all = Value::sum(&values);
            let whole = cell(all);
            let shown = if whole.estimate.is_some() { regimes.len() } else { 0 };
            let mut rows: Vec<(&str, Value)> = regimes.iter().copied().zip(values).take(shown).collect();
            rows.push(("all", all));
            rows.sort_by_key(|(regime, _)| *regime);
            for (regime, value) in rows {
                let mut cell = cell(value);
                whole.bound(&mut cell);
                cell.ask("connected_monthly: kind dual_resident; connected_rest_monthly");
                let share = share((regime, value), &cell, all, &weight);
                sheet.period(period).place(&place).text(Some(regime)).plain_figure(&cell).shares(share);
                sheet.stamps(&stamps).count("municipality", cell.status.as_str());
            }
        };
        self.each_place(ReleaseTable::DualRegimesYearly, noised, sink, &rows)
    }

    /// A drawn figure of a cube whose numbers are whole devices.
    fn drawn(&self, cube: Cube, value: i32) -> Value {
        let noise = Drawn::Classed(cube).strength().noise(self.parameters);
        Value::drawn(f64::from(value), noise, self.parameters.least_devices)
    }

    fn municipalities_per_person(&self, period: &Period<'_>, sink: Sink<'_>) -> Result<(), LakeError> {
        let cube = Cube::MunicipalitiesPerPersonYearly;
        let Some(noised) = self.classed(cube) else { return Ok(()) };
        let (setting, stamps) = (self.setting(), Stamps::of(self.options, self.revision));
        let words = Dimension::Municipalities.words();
        let mut sheet = Sheet::new(ReleaseTable::MunicipalitiesPerPersonYearly);
        let prefectures: Vec<usize> = (1..=47).collect();
        let areas = prefectures.iter().map(|number| vec![*number]).chain([prefectures.clone()]);
        for members in areas {
            // The country is its prefectures: each person lives in one.
            let area = match members.as_slice() {
                [one] => crate::draw::prefecture(*one).map(Area::Prefecture),
                _ => Some(Area::Country),
            };
            let Some(area) = area else { continue };
            let parts: Vec<Vec<Value>> = (0..words.len())
                .map(|class| {
                    let of = |number: &usize| self.of_prefecture(noised, *number)?.get(class).copied();
                    members.iter().filter_map(of).map(|value| self.drawn(cube, value)).collect()
                })
                .collect();
            let values: Vec<Value> = parts.iter().map(|parts| Value::sum(parts)).collect();
            let by_prefecture: Vec<f64> = (0..48)
                .map(|number| {
                    let of = self.of_prefecture(noised, number).filter(|_| members.contains(&number));
                    of.map_or(0.0, |values| values.iter().map(|value| f64::from(*value)).sum())
                })
                .collect();
            let weight = self.weights.mix(&by_prefecture);
            let all = Value::sum(&parts.concat());
            let cell = |value: Value| Cell::of(&value.rung(), &weight, Spread(0.0), &setting);
            let whole = cell(all);
            let (name, romaji) = names(area);
            let shown = if whole.estimate.is_some() { words.len() } else { 0 };
            let classes = words.iter().copied().zip(values).take(shown);
            for (class, value) in classes.chain([("all", all)]) {
                let mut cell = if class == "all" { whole.clone() } else { cell(value) };
                whole.bound(&mut cell);
                cell.ask("connected_totals_monthly");
                let share = share((class, value), &cell, all, &weight);
                sheet.period(period).text(Some(&area.to_string())).text(Some(name)).text(Some(romaji));
                sheet.text(Some(class)).plain_figure(&cell).shares(share).stamps(&stamps);
                sheet.count(level_of(area), cell.status.as_str());
            }
        }
        sink(sheet.finish()?)
    }

    fn of_prefecture<'n>(&self, noised: &'n Noised, number: usize) -> Option<&'n [i32]> {
        let place = noised.layout().place(Area::Prefecture(crate::draw::prefecture(number)?))?;
        Some(noised.of_area(place))
    }

    fn itinerants(&self, period: &Period<'_>, sink: Sink<'_>) -> Result<(), LakeError> {
        let cubes = [Cube::ItinerantsQuarterly, Cube::ItinerantNightsQuarterly];
        let [Some(people), Some(nights)] = cubes.map(|cube| self.classed(cube)) else { return Ok(()) };
        let (setting, stamps) = (self.setting(), Stamps::of(self.options, self.revision));
        let noise = self.parameters.wide;
        let cap = f64::from(Cube::ItinerantNightsQuarterly.declaration().most_of_a_device);
        let weight: Weight = self.weights.national();
        let mut estimates: Vec<Option<Estimate>> = Vec::new();
        let mut sheet = Sheet::new(ReleaseTable::ItinerantsQuarterly);
        for (place, area) in people.layout().areas().iter().enumerate() {
            let value = f64::from(people.of_area(place).first().copied().unwrap_or_default());
            let mut cell = Cell::of(&Rung::drawn(value, noise), &weight, Spread::EVEN, &setting);
            if *area == Area::Country {
                let mut of_country = cell.estimate;
                estimates.iter().for_each(|part| of_country.contain(part));
                cell.settle(of_country, &setting);
            }
            estimates.push(cell.estimate);
            let sum = f64::from(nights.of_area(place).first().copied().unwrap_or_default());
            let total = cell.estimate.and_then(|_| {
                let sigma = f64::from(noise.sigma) * cap;
                estimate_total((sum, sigma), value, cap, &weight, setting.base)
            });
            cell.ask("itinerants_quarterly: area_code JP");
            let (name, romaji) = names(*area);
            sheet.period(period).text(Some(&area.to_string())).text(Some(name)).text(Some(romaji));
            sheet.plain_figure(&cell).sums(total).stamps(&stamps);
            sheet.count(level_of(*area), cell.status.as_str());
        }
        sink(sheet.finish()?)
    }
}

/// The part of all that a class is; `None` of all itself, and where the class is not shown.
fn share((class, value): (&str, Value), cell: &Cell, all: Value, weight: &Weight) -> Option<Ratio> {
    cell.estimate.filter(|_| class != "all")?;
    ratio((value.value, value.sigma), (all.value, all.sigma), value.sigma * value.sigma, weight)
}

fn level_of(area: Area) -> &'static str {
    if area == Area::Country { "country" } else { "prefecture" }
}

/// A period that ends with a month.
pub(super) struct Period<'a> {
    pub(super) kind: &'a str,
    pub(super) name: &'a str,
    pub(super) words: MonthWords,
}

impl Sheet {
    fn period(&mut self, period: &Period<'_>) -> &mut Self {
        self.text(Some(period.kind)).text(Some(period.name)).month(&period.words)
    }
}
