//! Rows of what people do in a month: stays, presence by hour, flows, cells, trips, work, and what ties bring.
//!
//! In: noised counts of classed and keyed cubes of one month, the weights of the month's panel. Out: rows of their
//! tables, table by table. A municipality of which a table shows nothing has one row that says so, or none where its
//! figures are many. Everything here is computed from noised counts: sums over groups, shares, rates and means.

use kayoi_lake::LakeError;
use kayoi_schemas::disclosure::Noise;
use kayoi_schemas::figure::Cube;
use kayoi_schemas::ids::{MunicipalityCode, PrefectureCode};

use super::figures::{Cell, Mixes, Setting};
use super::month::{Constants, MonthRows, MonthWords, Sink, Stamps};
use super::value::Value;
use crate::draw::{Drawn, Noised};
use crate::estimate::{Estimate, Ratio, Spread, Total, estimate_total, ratio};
use crate::town_weights::TownWeights;
use crate::weights::Weight;

mod keyed;
mod presence;
mod stays;
mod ties;
mod work;

pub(super) use keyed::Names;

impl MonthRows<'_> {
    /// The rows of all tables of what is done in a month.
    pub(super) fn activity(&self, sink: Sink<'_>, constants: &mut Constants) -> Result<(), LakeError> {
        let Some(monthly) = self.noised(Drawn::Monthly) else { return Ok(()) };
        if !self.has_origins {
            return Ok(());
        }
        let setting = self.setting_of_month();
        let activity = Activity {
            rows: self,
            mixes: Mixes::of(monthly, self.weights, &self.composition()),
            towns: self.town_weights(),
            setting: &setting,
            words: MonthWords::of(self.month()),
            stamps: Stamps::of(self.options, self.revision),
        };
        activity.stays(sink)?;
        activity.presence(sink)?;
        activity.flows(sink)?;
        activity.cells(sink)?;
        activity.trips(sink)?;
        activity.tie_days(sink)?;
        let telework = activity.telework();
        if let Some(telework) = &telework {
            telework.print(self.month(), constants);
        }
        activity.work(telework.as_ref(), sink)?;
        activity.gx(telework.as_ref(), sink)?;
        activity.workations(sink)?;
        activity.offices(sink)
    }
}

/// What rows of a month's activity are made with.
pub(super) struct Activity<'a> {
    rows: &'a MonthRows<'a>,
    mixes: Mixes,
    towns: TownWeights,
    setting: &'a Setting<'a>,
    words: MonthWords,
    stamps: Stamps<'a>,
}

/// Where people of a figure live: what their weights are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum From {
    /// In the municipality or its prefecture.
    Inside,
    Outside,
    Anywhere,
}

impl Activity<'_> {
    /// The grid of a cube; `None` when it was not drawn.
    fn grid(&self, cube: Cube) -> Option<Grid<'_>> {
        let noised = self.rows.noised(Drawn::Classed(cube))?;
        let noise = Drawn::Classed(cube).strength().noise(self.rows.parameters);
        let declaration = cube.declaration();
        let per_one = f64::from(declaration.per_one);
        let cap = f64::from(declaration.most_of_a_device) / per_one;
        let shown = noised.values().iter().map(|value| f64::from(*value) / per_one);
        let spread = Spread::fit(shown, f64::from(noise.threshold)).unwrap_or(Spread::EVEN);
        let least_devices = self.rows.parameters.least_devices;
        Some(Grid { noised, noise, per_one, cap, spread, least_devices })
    }

    /// The weight of people in a municipality of a prefecture, by where they live.
    fn weight(&self, own: PrefectureCode, from: From) -> Weight {
        // Where people come from on weekdays and on days off differs little: weekdays stand for both.
        match from {
            From::Inside => self.rows.weights.of(usize::from(own.number())).scaled(self.mixes.scale(own, 0)),
            From::Outside => self.mixes.outside(own, 0),
            From::Anywhere => self.mixes.all(own, 0),
        }
    }

    /// The weight of people who live in a municipality.
    fn of_residents(&self, code: MunicipalityCode) -> Weight {
        self.towns.of(code, self.rows.weights).0
    }

    /// The cell of a number of devices.
    fn cell(&self, value: Value, weight: &Weight, spread: Spread) -> Cell {
        Cell::of(&value.rung(), weight, spread, self.setting)
    }

    /// The classes of a grid in a place, decided, and all of them together.
    fn classes(&self, grid: &Grid<'_>, place: usize, count: usize, weight: &Weight) -> Classes {
        let values: Vec<Value> = (0..count).map(|class| grid.at(place, class)).collect();
        let all = Value::sum(&values);
        let cells: Vec<Cell> = values.iter().map(|value| self.cell(*value, weight, grid.spread)).collect();
        let mut whole = self.cell(all, weight, grid.spread);
        contain(&mut whole, &cells.iter().map(|cell| cell.estimate).collect::<Vec<_>>(), self.setting);
        Classes { values, cells, all, whole }
    }

    /// A sum of something that these devices have; `None` where the devices are not shown or noise is too large.
    fn total(&self, sum: Value, devices: Value, cap: f64, weight: &Weight, of: &Cell) -> Option<Total> {
        of.estimate?;
        estimate_total((sum.value, sum.sigma), devices.value, cap, weight, self.setting.base)
    }

    /// The part that a figure is of another that was added up from it and others, percent; `None` unless both are
    /// shown.
    fn share(&self, part: (Value, &Cell), whole: (Value, &Cell), weight: &Weight) -> Option<Ratio> {
        self.share_of(part, whole, part.0.sigma * part.0.sigma, weight)
    }

    /// The same where the whole was drawn by itself.
    fn share_of_drawn(&self, part: (Value, &Cell), whole: (Value, &Cell), weight: &Weight) -> Option<Ratio> {
        self.share_of(part, whole, 0.0, weight)
    }

    fn share_of(
        &self,
        part: (Value, &Cell),
        whole: (Value, &Cell),
        shared: f64,
        weight: &Weight,
    ) -> Option<Ratio> {
        part.1.estimate.and(whole.1.estimate)?;
        ratio((part.0.value, part.0.sigma), (whole.0.value, whole.0.sigma), shared, weight)
    }
}

/// The figures of the classes of a place, and of all of them.
struct Classes {
    values: Vec<Value>,
    cells: Vec<Cell>,
    all: Value,
    whole: Cell,
}

/// The noised numbers of a classed cube.
struct Grid<'a> {
    noised: &'a Noised,
    noise: Noise,
    per_one: f64,
    /// The most of one device, in ones.
    cap: f64,
    spread: Spread,
    least_devices: u32,
}

impl Grid<'_> {
    /// A number of an area, by the place of its class.
    fn at(&self, place: usize, class: usize) -> Value {
        let value = self.noised.of_area(place).get(class).copied().unwrap_or_default();
        let drawn = Value::drawn(f64::from(value) / self.per_one, self.noise, self.least_devices);
        if self.is_sum() { drawn.of_sum(self.cap) } else { drawn }
    }

    fn is_sum(&self) -> bool {
        !self.noised.layout().drawn().counts_devices()
    }
}

/// At least as large as each of these, and shown where one of them is.
fn contain(whole: &mut Cell, parts: &[Option<Estimate>], setting: &Setting<'_>) {
    use crate::decide::Contain;
    let mut estimate = whole.estimate;
    parts.iter().for_each(|part| estimate.contain(part));
    whole.settle(estimate, setting);
}
