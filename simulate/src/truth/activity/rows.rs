//! The sums as Parquet.
//!
//! In: the sums of everybody. Out: `activity`, a row for each figure that is not nought. Presence is a mean over the
//! days of its type in the month that the world has; `all` is the mean over all of them.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{Float64Array, Int32Array};
use kayoi_schemas::time::{Day, Month};

use super::figures::{Figures, Hours, LEAST_MINUTES};
use crate::error::SimulateError;
use crate::truth::tables::{Columns, Table, texts};
use crate::world::World;

/// Rows of a batch.
const BATCH: usize = 65_536;

/// A row.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub month: Month,
    pub measure: &'static str,
    pub municipality: String,
    pub day_type: &'static str,
    pub hour: i32,
    pub group: &'static str,
    pub class: &'static str,
    pub other: String,
    pub value: f64,
}

/// Writes the file.
///
/// # Errors
/// [`SimulateError`] when it cannot be written.
pub(in crate::truth) fn write(figures: &Figures, world: &World, folder: &Path) -> Result<(), SimulateError> {
    let mut table = Table::new(folder, "activity");
    let mut rows = rows(figures, world);
    loop {
        let batch: Vec<Row> = rows.by_ref().take(BATCH).collect();
        let is_last = batch.len() < BATCH;
        // A world in which nobody does anything has the columns all the same.
        table.append(columns(&batch))?;
        if is_last {
            return table.close();
        }
    }
}

/// All rows, in the order of months and places.
pub(super) fn rows(figures: &Figures, world: &World) -> impl Iterator<Item = Row> {
    presence(figures, world).chain(sums(figures))
}

fn presence(figures: &Figures, world: &World) -> impl Iterator<Item = Row> {
    figures.presence.iter().flat_map(move |((month, town, group), hours)| {
        let days = days(world, *month);
        cells(hours, days).map(move |(measure, day_type, hour, value)| Row {
            month: *month,
            measure,
            municipality: town.to_string(),
            day_type,
            hour: hour as i32,
            group: group.as_str(),
            class: "",
            other: String::new(),
            value,
        })
    })
}

/// Working days and days off of a month that the world has.
fn days(world: &World, month: Month) -> [u32; 2] {
    let first = month.first_day().max(world.first_day);
    let last = month.last_day().min(world.last_day());
    let (all, works) = (first.0..=last.0)
        .map(Day)
        .fold((0, 0), |(all, works), day| (all + 1, works + u32::from(day.is_working_day())));
    [works, all - works]
}

fn cells(
    hours: &Hours,
    [works, off]: [u32; 2],
) -> impl Iterator<Item = (&'static str, &'static str, usize, f64)> {
    const MEASURES: [&str; LEAST_MINUTES.len()] = ["presence_30", "presence_120"];
    MEASURES.into_iter().zip(hours).flat_map(move |(measure, [on_working_days, on_days_off])| {
        (0..24).flat_map(move |hour| {
            let (worked, rested) = (on_working_days[hour], on_days_off[hour]);
            let types =
                [("weekday", worked, works), ("holiday", rested, off), ("all", worked + rested, works + off)];
            types.into_iter().filter(|(_, sum, _)| *sum > 0).map(move |(day_type, sum, days)| {
                (measure, day_type, hour, f64::from(sum) / f64::from(days.max(1)))
            })
        })
    })
}

fn sums(figures: &Figures) -> impl Iterator<Item = Row> {
    figures.sums.iter().map(|(key, value)| Row {
        month: key.month,
        measure: key.measure.as_str(),
        municipality: key.area.to_string(),
        day_type: "all",
        hour: -1,
        group: key.group.as_str(),
        class: key.class,
        other: key.other.map_or_else(String::new, |other| other.to_string()),
        value: *value,
    })
}

fn columns(rows: &[Row]) -> Columns {
    let rows = || rows.iter();
    vec![
        ("month", texts(rows().map(|row| row.month.to_string()))),
        ("measure", texts(rows().map(|row| row.measure))),
        ("municipality", texts(rows().map(|row| &row.municipality))),
        ("day_type", texts(rows().map(|row| row.day_type))),
        ("hour", Arc::new(Int32Array::from_iter_values(rows().map(|row| row.hour)))),
        ("grp", texts(rows().map(|row| row.group))),
        ("class", texts(rows().map(|row| row.class))),
        ("other", texts(rows().map(|row| &row.other))),
        ("value", Arc::new(Float64Array::from_iter_values(rows().map(|row| row.value)))),
    ]
}
