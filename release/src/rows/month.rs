//! All rows of one month.
//!
//! In: noised counts of the month, those of up to eleven months before, weights. Out: batches of every table, one
//! after the other, so that memory holds a few thousand rows of one table at a time.

use std::collections::BTreeMap;

use kayoi_geography::Register;
use kayoi_lake::LakeError;
use kayoi_schemas::disclosure::Parameters;
use kayoi_schemas::figure::{Area, Cube, Dimension, Status};
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::{Covered, Day, Month};
use rayon::prelude::*;

use super::figures::{Cell, Setting};
use super::published::Published;
use super::sheet::{Released, Sheet};
use crate::composition::Composition;
use crate::design::design_effects;
use crate::draw::{Drawn, MonthNoised, Noised, ORIGINS};
use crate::estimate::{Estimate, Ratio, Spread, Total};
use crate::options::Expansion;
use crate::options::ReleaseOptions;
use crate::town_weights::TownWeights;
use crate::weights::Weigh;

/// Municipalities whose rows are made together: some ten thousand rows.
const PLACES_AT_A_TIME: usize = 24;

/// Takes batches as they are made.
pub(crate) type Sink<'a> = &'a mut dyn FnMut(Released) -> Result<(), LakeError>;

/// What rows are made of.
#[derive(Clone, Copy)]
pub struct MonthRows<'a> {
    /// The month, the newest last, and those before it that lie in its quarter and years.
    pub(crate) window: &'a [&'a MonthNoised],
    pub(crate) options: &'a ReleaseOptions,
    pub(crate) parameters: &'a Parameters,
    /// The weights of figures over a year: those of the year's panel.
    pub(crate) weights: &'a dyn Weigh,
    /// The weights of figures of a month or a day: those of the month's panel.
    pub(crate) of_month: &'a dyn Weigh,
    /// The totals of months before that changes are against.
    pub(crate) before: &'a [Published],
    /// Number of the release.
    pub(crate) revision: u64,
    /// Whether the month is final.
    pub(crate) is_final: bool,
    /// When it will be, where it is not.
    pub(crate) next_release: Option<Day>,
    /// Whether it has rows by origin.
    pub(crate) has_origins: bool,
}

/// One number for each kind and size of figures, pooled over the nation: what an estimate needs beyond its own
/// noised count. They are printed with the release.
pub type Constants = BTreeMap<String, f64>;

/// What making the rows of a month leaves behind.
pub struct Made {
    /// The constants that they were estimated with.
    pub constants: Constants,
    /// Its totals, where it has final ones.
    pub(crate) published: Option<Published>,
}

impl<'a> MonthRows<'a> {
    /// The rows of a month that is final, with rows by origin: what a release makes of one month.
    pub fn of_final(
        window: &'a [&'a MonthNoised],
        options: &'a ReleaseOptions,
        weights: &'a dyn Weigh,
        revision: u64,
    ) -> Self {
        let parameters = &options.parameters;
        let (is_final, next_release, has_origins) = (true, None, true);
        let (of_month, before) = (weights, &[][..]);
        Self {
            window,
            options,
            parameters,
            weights,
            of_month,
            before,
            revision,
            is_final,
            next_release,
            has_origins,
        }
    }

    /// Makes all rows of the month.
    ///
    /// # Errors
    /// [`LakeError`] of the sink, or when columns do not fit.
    pub fn make(&self, sink: Sink<'_>) -> Result<Made, LakeError> {
        let kinds = Dimension::MainKind.words().iter().zip(self.design_effects());
        let mut constants: Constants =
            kinds.map(|(kind, effect)| (format!("design_effect.{kind}"), effect)).collect();
        self.panel(sink)?;
        self.panel_monthly(sink)?;
        let published = self.connected(sink, &mut constants)?;
        if self.is_final {
            if let Some(now) = &published {
                self.compared(now, self.before, sink)?;
            }
            self.by_period(sink, &mut constants)?;
            self.totals(sink)?;
            let of_month = Self { weights: self.of_month, ..*self };
            of_month.daily(sink)?;
            of_month.monthly(sink, &mut constants)?;
            of_month.activity(sink, &mut constants)?;
            self.yearly(sink)?;
        }
        Ok(Made { constants, published })
    }

    /// The noised counts of the month.
    pub(super) fn noised(&self, drawn: Drawn) -> Option<&'a Noised> {
        self.window.last().and_then(|newest| newest.get(drawn))
    }

    /// The weights of municipalities, by the residents of the newest month that has any.
    pub(super) fn town_weights(&self) -> TownWeights {
        match self.options.expansion {
            Expansion::Census => TownWeights::of_window(self.window, self.parameters, &self.options.people),
            Expansion::None => TownWeights::default(),
        }
    }

    /// What weights are multiplied by for the ages and sexes of a kind, by the newest month that has any.
    pub(super) fn composition(&self) -> Composition {
        let cubes = [Cube::ResidentAgesYearly, Cube::SegmentsYearly].map(Drawn::Classed);
        let found =
            self.window.iter().rev().find_map(|month| Some((month.get(cubes[0])?, month.get(cubes[1])?)));
        let sigma = f64::from(self.parameters.wide.sigma);
        let composition = match found.filter(|_| self.options.expansion == Expansion::Census) {
            Some((residents, ties)) => Composition::new(residents, ties, sigma, &self.options.people),
            None => Composition::none(),
        };
        composition.with_design(self.design_effects())
    }

    /// The design effect of each kind, by the newest month in which homes were drawn.
    fn design_effects(&self) -> [f64; Dimension::MainKind.words().len()] {
        let cube = Drawn::Classed(Cube::HomeHalvesYearly);
        let halves = self.window.iter().rev().find_map(|month| month.get(cube));
        design_effects(halves, f64::from(cube.strength().noise(self.parameters).sigma))
    }

    /// How much of its time the data cover.
    pub(super) fn covered(&self) -> Covered {
        self.window.last().map_or(Covered::WHOLE, |newest| newest.covered())
    }

    /// The month.
    pub(super) fn month(&self) -> Month {
        self.window.last().map_or(Month(0), |newest| newest.month())
    }

    pub(super) fn register(&self) -> &'static Register {
        self.options.register
    }

    /// What figures of the year that ends with the month are made with.
    pub(super) fn setting(&self) -> Setting<'a> {
        self.setting_of(self.covered().is_whole_year())
    }

    /// What figures of the month itself are made with.
    pub(super) fn setting_of_month(&self) -> Setting<'a> {
        self.setting_of(self.covered().is_whole_month)
    }

    fn setting_of(&self, is_whole: bool) -> Setting<'a> {
        Setting {
            parameters: self.parameters,
            weights: self.weights,
            base: f64::from(self.options.definition.thresholds.rounding_base),
            // A time that the data do not cover is not spoken for.
            value: if self.is_final && is_whole { Status::Published } else { Status::Provisional },
            next_release: self.next_release,
        }
    }

    /// How counts are spread, by class: for everybody, and by prefecture. A class with few figures has the
    /// spread of all classes, and where these are few as well, an even one.
    pub(super) fn spreads(
        &self,
        values: &(dyn Fn(usize, usize) -> Vec<f64> + Sync),
        classes: &[String],
        threshold: f64,
        (name, constants): (&str, &mut Constants),
    ) -> Vec<(Spread, Spread)> {
        let fit = |slots: std::ops::Range<usize>, classes: std::ops::Range<usize>| {
            let all = classes.flat_map(|class| slots.clone().flat_map(move |slot| values(class, slot)));
            Spread::fit(all, threshold)
        };
        let levels = [("all", 0..1), ("origin", 1..ORIGINS)];
        let of_level = |(level, slots): &(&str, std::ops::Range<usize>)| {
            let pooled = fit(slots.clone(), 0..classes.len()).unwrap_or(Spread::EVEN);
            let of_class = |class: usize| {
                let spread = fit(slots.clone(), class..class + 1).unwrap_or(pooled);
                (format!("{name}.{}.{level}", classes[class]), spread)
            };
            (0..classes.len()).map(of_class).collect::<Vec<_>>()
        };
        let fitted: Vec<Vec<(String, Spread)>> = levels.iter().map(of_level).collect();
        constants.extend(fitted.iter().flatten().map(|(name, spread)| (name.clone(), spread.0)));
        fitted[0].iter().zip(&fitted[1]).map(|(all, origin)| (all.1, origin.1)).collect()
    }

    /// Makes the rows of all municipalities, some at a time on all cores, in the order of their codes.
    pub(super) fn each_place(
        &self,
        table: kayoi_schemas::tables::ReleaseTable,
        noised: &Noised,
        sink: Sink<'_>,
        rows: &(dyn Fn(&mut Sheet, usize, Place<'_>) + Sync),
    ) -> Result<(), LakeError> {
        let places: Vec<usize> = (0..noised.layout().areas().len()).collect();
        let workers = rayon::current_num_threads().max(1);
        for group in places.chunks(PLACES_AT_A_TIME * workers) {
            let sheets: Result<Vec<Released>, LakeError> = group
                .par_chunks(PLACES_AT_A_TIME)
                .map(|places| {
                    let mut sheet = Sheet::new(table);
                    for place in places {
                        if let Some(found) = Place::named(noised.layout().areas()[*place], self.register()) {
                            rows(&mut sheet, *place, found);
                        }
                    }
                    sheet.finish()
                })
                .collect();
            sheets?.into_iter().try_for_each(&mut *sink)?;
        }
        Ok(())
    }
}

/// A municipality as rows name it.
pub(super) struct Place<'a> {
    pub(super) code: MunicipalityCode,
    text: String,
    name: &'a str,
    romaji: &'a str,
}

impl<'a> Place<'a> {
    /// The municipality of an area; `None` for another area, or one without a name.
    pub(super) fn named(area: Area, register: &'a Register) -> Option<Self> {
        let Area::Municipality(code) = area else { return None };
        Self::of(code, register)
    }

    /// A municipality; `None` for one without a name.
    pub(super) fn of(code: MunicipalityCode, register: &'a Register) -> Option<Self> {
        let known = register.get(code)?;
        Some(Self { code, text: code.to_string(), name: &known.name, romaji: &known.romaji })
    }
}

/// The words of a month.
pub(super) struct MonthWords {
    month: Month,
    text: String,
    quarter: String,
}

impl MonthWords {
    pub(super) fn of(month: Month) -> Self {
        Self { month, text: month.to_string(), quarter: month.quarter_text() }
    }
}

impl Sheet {
    pub(super) fn month(&mut self, words: &MonthWords) -> &mut Self {
        self.date(Some(words.month.first_day())).text(Some(&words.text));
        self.int(words.month.fiscal_year()).text(Some(&words.quarter))
    }

    pub(super) fn place(&mut self, place: &Place<'_>) -> &mut Self {
        let prefecture = Register::prefecture_name(place.code.prefecture()).0;
        self.text(Some(&place.text)).text(Some(place.name)).text(Some(place.romaji)).text(Some(prefecture))
    }

    pub(super) fn figure(&mut self, cell: &Cell) -> &mut Self {
        let value = cell.estimate;
        let rolled = cell.rolled_up;
        self.long(value.map(|value| value.persons)).long(value.map(|v| v.low)).long(value.map(|v| v.high));
        self.text(value.map(|value| value.quality.as_str())).text(Some(cell.status.as_str()));
        self.long(cell.fewer_than)
            .text(rolled.map(|(to, _)| to))
            .long(rolled.map(|(_, value)| value.persons));
        self.long(rolled.map(|(_, value)| value.low)).long(rolled.map(|(_, value)| value.high));
        self.date(cell.next_release).text(cell.ask_instead)
    }

    /// A figure without a coarser one beside it.
    pub(super) fn plain_figure(&mut self, cell: &Cell) -> &mut Self {
        let value = cell.estimate;
        self.long(value.map(|value| value.persons)).long(value.map(|v| v.low)).long(value.map(|v| v.high));
        self.text(value.map(|value| value.quality.as_str())).text(Some(cell.status.as_str()));
        self.long(cell.fewer_than).text(cell.ask_instead)
    }

    /// People for each 100 residents, with the interval; absent where either is.
    pub(super) fn per_100(&mut self, people: Option<Estimate>, residents: Option<f64>) -> &mut Self {
        let both = people.zip(residents.filter(|residents| *residents > 0.0));
        let of = |people: i64, residents: f64| (1000.0 * people as f64 / residents).round() / 10.0;
        self.optional_double(both.map(|(people, residents)| of(people.persons, residents)));
        self.optional_double(both.map(|(people, residents)| of(people.low, residents)));
        self.optional_double(both.map(|(people, residents)| of(people.high, residents)))
    }

    /// A sum over people and its interval.
    pub(super) fn sums(&mut self, total: Option<Total>) -> &mut Self {
        self.long(total.map(|of| of.value)).long(total.map(|of| of.low)).long(total.map(|of| of.high))
    }

    /// A part in percent and its interval.
    pub(super) fn shares(&mut self, ratio: Option<Ratio>) -> &mut Self {
        self.optional_double(ratio.map(|of| of.percent));
        self.optional_double(ratio.map(|of| of.low)).optional_double(ratio.map(|of| of.high))
    }

    pub(super) fn stamps(&mut self, stamps: &Stamps<'_>) -> &mut Self {
        self.text(Some(stamps.series)).text(Some(&stamps.definition)).text(Some(&stamps.hash));
        self.text(Some(stamps.boundaries)).text(Some(stamps.code_date)).long(Some(stamps.revision))
    }
}

/// What each row says of how it came about.
pub(crate) struct Stamps<'a> {
    series: &'static str,
    definition: String,
    hash: String,
    boundaries: &'a str,
    code_date: &'a str,
    revision: i64,
}

impl<'a> Stamps<'a> {
    pub(crate) fn of(options: &'a ReleaseOptions, revision: u64) -> Self {
        Self {
            series: options.series.name(),
            definition: options.definition.id(),
            hash: options.definition.hash(),
            boundaries: &options.boundaries,
            code_date: &options.code_date,
            revision: revision as i64,
        }
    }
}
