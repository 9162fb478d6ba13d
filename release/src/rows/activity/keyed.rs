//! Rows of `flows_monthly`, `cells_monthly` and `trips_monthly`.
//!
//! In: the keyed figures of a month that are shown. Out: a row for each, with its part of all whose other municipality
//! is known. A figure that is not shown has no row.

use std::collections::BTreeMap;

use kayoi_geography::Register;
use kayoi_lake::LakeError;
use kayoi_schemas::figure::{Area, Class, Cube, Dimension, SLEPT};
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::tables::ReleaseTable;

use super::{Activity, Classes, From, Value};
use crate::decide::Contain;
use crate::estimate::Spread;
use crate::rows::figures::Cell;
use crate::rows::month::{Place, Sink};
use crate::rows::sheet::Sheet;

/// Rows of a batch.
const BATCH_ROWS: usize = 50_000;

/// What a municipality in a row is called.
pub(in crate::rows) struct Names<'a> {
    code: String,
    name: &'a str,
    prefecture: &'a str,
}

impl<'a> Names<'a> {
    /// All municipalities together.
    pub(in crate::rows) fn all() -> Self {
        Self { code: "all".to_owned(), name: "all", prefecture: "" }
    }

    /// A municipality; `None` for one without a name.
    pub(in crate::rows) fn of(code: MunicipalityCode, register: &'a Register) -> Option<Self> {
        let name = &register.get(code)?.name;
        Some(Self {
            code: code.to_string(),
            name,
            prefecture: Register::prefecture_name(code.prefecture()).0,
        })
    }
}

impl Sheet {
    /// The other municipality of a row.
    pub(in crate::rows) fn other(&mut self, names: &Names<'_>) -> &mut Self {
        self.text(Some(&names.code)).text(Some(names.name)).text(Some(names.prefecture))
    }
}

impl Activity<'_> {
    /// The figure of a noised number of devices in parts.
    fn keyed_value(&self, cube: Cube, value: i32) -> Value {
        let per_one = f64::from(cube.declaration().per_one);
        let parameters = self.rows.parameters;
        Value::drawn(f64::from(value) / per_one, parameters.tie_month, parameters.least_devices)
    }

    fn keyed_cell(&self, value: Value, place: MunicipalityCode) -> Cell {
        let weight = self.weight(place.prefecture(), From::Anywhere);
        self.cell(value, &weight, Spread::EVEN)
    }

    pub(super) fn flows(&self, sink: Sink<'_>) -> Result<(), LakeError> {
        let cube = Cube::FlowsMonthly;
        let Some(noised) = self.rows.window.last().and_then(|newest| newest.keyed(cube)) else {
            return Ok(());
        };
        let declared = cube.declaration().dimensions;
        let direction = |class: Class| class.get(declared, Dimension::Direction);
        let register = self.rows.register();
        let mut sheet = Sheet::new(ReleaseTable::FlowsMonthly);
        for area in register.all().iter().map(|known| Area::Municipality(known.code)) {
            let Some(place) = Place::named(area, register) else { continue };
            let own = place.code;
            let figures = noised.of_area(area);
            // Everybody whose other municipality is known stands under the municipality itself, of lodging under a
            // class of its own.
            let is_all = |other: MunicipalityCode, class: Class| {
                direction(class) == SLEPT
                    || (other == own && Dimension::Direction.words()[2] != word(direction(class)))
            };
            let mut all: BTreeMap<&str, (Value, Cell)> = BTreeMap::new();
            for ((_, other, class), value) in
                figures.iter().filter(|((_, other, class), _)| is_all(*other, *class))
            {
                debug_assert_eq!(*other, own);
                let value = self.keyed_value(cube, *value);
                all.insert(word(direction(*class)), (value, self.keyed_cell(value, own)));
            }
            let mut rows: Vec<(&str, Names<'_>, Value, Cell)> = Vec::new();
            rows.extend(all.iter().map(|(word, (value, cell))| (*word, Names::all(), *value, cell.clone())));
            for ((_, other, class), value) in
                figures.iter().filter(|((_, other, class), _)| !is_all(*other, *class))
            {
                let Some(names) = Names::of(*other, register) else { continue };
                let value = self.keyed_value(cube, *value);
                rows.push((word(direction(*class)), names, value, self.keyed_cell(value, own)));
            }
            rows.sort_by(|a, b| (a.0, &a.1.code).cmp(&(b.0, &b.1.code)));
            let weight = self.weight(own.prefecture(), From::Anywhere);
            for (direction, names, value, mut cell) in rows {
                let whole = all.get(direction).filter(|_| names.code != "all");
                if let Some((_, of)) = whole {
                    of.bound(&mut cell);
                }
                let share =
                    whole.and_then(|(all, of)| self.share_of_drawn((value, &cell), (*all, of), &weight));
                cell.ask("flows_monthly: other_code all");
                sheet.month(&self.words).place(&place).text(Some(direction)).other(&names);
                sheet.plain_figure(&cell).shares(share).stamps(&self.stamps);
                sheet.count("municipality", cell.status.as_str());
            }
        }
        sink(sheet.finish()?)
    }

    pub(super) fn cells(&self, sink: Sink<'_>) -> Result<(), LakeError> {
        let mut rows: Vec<(MunicipalityCode, &str, String, [&str; 2], Value)> = Vec::new();
        for cube in [Cube::CellsMonthly, Cube::MeshesMonthly] {
            let Some(noised) = self.rows.window.last().and_then(|newest| newest.keyed(cube)) else {
                continue;
            };
            let declared = cube.declaration().dimensions;
            for ((area, own, class), value) in noised.all() {
                let word = |dimension: Dimension| {
                    dimension
                        .words()
                        .get(usize::from(class.get(declared, dimension)))
                        .copied()
                        .unwrap_or_default()
                };
                let words = [word(Dimension::DayType), word(Dimension::Band)];
                rows.push((*own, grid(*area), area.to_string(), words, self.keyed_value(cube, *value)));
            }
        }
        rows.sort_by(|a, b| (a.0, a.1, &a.2, a.3).cmp(&(b.0, b.1, &b.2, b.3)));
        let register = self.rows.register();
        for part in rows.chunks(BATCH_ROWS) {
            let mut sheet = Sheet::new(ReleaseTable::CellsMonthly);
            for (own, grid, cell_text, [day_type, band], value) in part {
                let Some(place) = Place::named(Area::Municipality(*own), register) else { continue };
                let mut cell = self.keyed_cell(*value, *own);
                cell.ask("cells_monthly: a coarser grid");
                sheet.month(&self.words).place(&place).text(Some(grid)).text(Some(cell_text));
                sheet.text(Some(day_type)).text(Some(band)).plain_figure(&cell).stamps(&self.stamps);
                sheet.count("cell", cell.status.as_str());
            }
            sink(sheet.finish()?)?;
        }
        Ok(())
    }

    pub(super) fn trips(&self, sink: Sink<'_>) -> Result<(), LakeError> {
        let cube = Cube::TripPairsMonthly;
        let (Some(sizes), Some(pairs)) = (
            self.grid(Cube::TripSizesMonthly),
            self.rows.window.last().and_then(|newest| newest.keyed(cube)),
        ) else {
            return Ok(());
        };
        let register = self.rows.register();
        let words = Dimension::TripSize.words();
        let rows = |sheet: &mut Sheet, index: usize, place: Place<'_>| {
            let weight = self.weight(place.code.prefecture(), From::Anywhere);
            let Classes { values, cells, all, whole } = self.classes(&sizes, index, words.len(), &weight);
            let shown = if whole.estimate.is_some() { words.len() } else { 0 };
            let classes = words.iter().copied().zip(values).zip(cells).take(shown);
            let classes = classes.map(|((word, value), cell)| (word, value, cell));
            for (class, value, mut cell) in classes.chain([("all", all, whole.clone())]) {
                let share = (class != "all").then(|| self.share((value, &cell), (all, &whole), &weight));
                cell.ask("visitors_monthly");
                sheet.month(&self.words).place(&place).text(Some("municipalities")).text(Some(class));
                sheet.other(&Names::all()).plain_figure(&cell).shares(share.flatten()).stamps(&self.stamps);
                sheet.count("municipality", cell.status.as_str());
            }
            for ((_, other, _), value) in pairs.of_area(Area::Municipality(place.code)) {
                let Some(names) = Names::of(*other, register) else { continue };
                let value = self.keyed_value(cube, *value);
                let mut cell = self.keyed_cell(value, place.code);
                whole.bound(&mut cell);
                let share = self.share_of_drawn((value, &cell), (all, &whole), &weight);
                cell.ask("trips_monthly: measure municipalities");
                sheet.month(&self.words).place(&place).text(Some("with")).text(Some("all")).other(&names);
                sheet.plain_figure(&cell).shares(share).stamps(&self.stamps);
                sheet.count("municipality", cell.status.as_str());
            }
        };
        self.rows.each_place(ReleaseTable::TripsMonthly, sizes.noised, sink, &rows)
    }
}

/// The word of a direction; of those whose lodging is known that of lodging.
fn word(direction: u16) -> &'static str {
    let known = if direction == SLEPT { 2 } else { usize::from(direction) };
    Dimension::Direction.words().get(known).copied().unwrap_or_default()
}

/// The word in `grid` of a cell.
fn grid(area: Area) -> &'static str {
    match area {
        // Bits 52 to 55 of an H3 index are its resolution.
        Area::Cell(cell) => match cell.h3() >> 52 & 0xf {
            6 => "h3_6",
            7 => "h3_7",
            _ => "h3_8",
        },
        _ => "mesh_1km",
    }
}
