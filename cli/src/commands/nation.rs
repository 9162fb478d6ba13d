//! A nation of simulated counts through the real release.
//!
//! In: a seed. Out: a lake with the counts of three years and no ping, and its release, in which every status of the
//! closed list occurs: the newest month is not over, the one before is 速報, a day of one region is missing. For a
//! developer also a nation of everybody: the counts of a panel of it, and beside them what each figure should be.

use std::sync::mpsc;
use std::thread;
use std::time::Instant;

use anyhow::Context;
use kayoi_geography::Geography;
use kayoi_lake::Lake;
use kayoi_release::{Expansion, ReleaseOptions, Series};
use kayoi_schemas::definition::Definition;
use kayoi_schemas::figure::{Atom, Cube};
use kayoi_schemas::time::{Covered, Day, Month};
use kayoi_simulate::{Cells, Detail, Everybody, Figures, Nation, Panel, Selection};

use crate::args::NationOptions;
use crate::coded::{coded, refuse};
use crate::progress::Bar;
use crate::screen::{count, line};

/// The newest of them have people by origin; the others have totals.
pub(super) const FINE_MONTHS: u32 = 14;
/// The month that is not over, and a day in it.
const LAST: &str = "2026-11";
const TODAY: &str = "2026-11-20";
/// Share of people whose phones are in the panel.
const PANEL_SHARE: f64 = 0.03;

/// Writes the counts of a nation in so many months, the last of which is not over.
pub(crate) fn fill(lake: &Lake, seed: u64, months: u32) -> anyhow::Result<()> {
    let months = i32::try_from(months)?;
    let definition = Definition::connected_2026()?;
    let last = Month::parse(LAST).unwrap_or(Month(0));
    let bar = Bar::new("nation");
    let step = Instant::now();
    let mut all = 0;
    thread::scope(|scope| {
        // One month waits while another is written and a third is made: each takes about as long.
        let (sender, receiver) = mpsc::sync_channel(1);
        scope.spawn(move || {
            let mut nation = Nation::new(seed, PANEL_SHARE);
            for index in 0..months {
                let detail =
                    if index < months - FINE_MONTHS as i32 { Detail::Totals } else { Detail::Origins };
                let month = last.plus(1 + index - months);
                if sender.send((month, nation.month(month, detail))).is_err() {
                    // Who writes has failed, and says why.
                    break;
                }
            }
        });
        kayoi_aggregate::replace_counts(lake, &definition, &mut |table| {
            for (done, (month, cells)) in receiver.iter().enumerate() {
                bar.show(done as f64 / f64::from(months), count(all));
                let rows = rows(&cells);
                all += rows.len() as u64;
                table.write(month, Covered::WHOLE, &rows)?;
            }
            Ok(())
        })
    })?;
    drop(bar);
    line(format_args!(
        "nation     {} counts of {months} months, in {:.1} s",
        count(all),
        step.elapsed().as_secs_f64()
    ))
}

/// The cells of a month as the table of counts has them.
fn rows(cells: &Cells) -> Vec<(Cube, &Atom, u64)> {
    let mut cubes = Cube::ALL.to_vec();
    cubes.sort_by_key(|cube| cube.declaration().name);
    let of_cube = |cube: Cube| cells.of(cube).iter().map(move |(atom, value)| (cube, atom, *value));
    cubes.into_iter().flat_map(of_cube).collect()
}

/// Releases them as a trial that everybody draws alike; so many of the newest months have rows by origin, at most those
/// that are known by it.
pub(crate) fn release(lake: &Lake, geography: &Geography, origin_months: u32) -> anyhow::Result<()> {
    let mut options =
        ReleaseOptions::new(Definition::connected_2026()?, geography, Series::Trial { seed: 1 });
    options.expansion = Expansion::Census;
    options.as_of = Day::parse(TODAY);
    options.origin_months = Some(origin_months.min(FINE_MONTHS));
    let bar = Bar::new("release");
    let step = Instant::now();
    let mut progress = |done: u64, all: u64| bar.show(done as f64 / all.max(1) as f64, "");
    let released = kayoi_release::release(&lake.release_writer(), &options, &mut progress)?;
    drop(bar);
    line(format_args!(
        "release    {} figures, {} with a value, in {:.1} s",
        count(released.row_count()),
        count(released.value_count()),
        step.elapsed().as_secs_f64()
    ))?;
    for (status, rows) in &released.rows {
        line(format_args!("           {status:<13} {}", count(*rows)))?;
    }
    Ok(())
}

/// A nation of everybody, a panel of it, and its release.
pub(crate) fn run(options: &NationOptions) -> anyhow::Result<()> {
    let last = Month::parse(&options.month)
        .with_context(|| coded!(Argument, "`{}` is not a month\nhint: write it as 2025-12", options.month))?;
    let share = options.panel_percent / 100.0;
    let is_share = share > 0.0 && share <= 0.8;
    if !is_share {
        refuse!(
            Argument,
            "--panel-percent is `{}`: it must be above 0 and at most 80\nhint: 3 is a usual panel",
            options.panel_percent
        );
    }
    let step = Instant::now();
    let everybody = Everybody { people_a_device: 1.0 / share, friendships: options.friendships };
    let mut nation = Nation::of_everybody(options.seed, everybody);
    let lake = Lake::open(&options.lake.lake)?;
    let definition = Definition::connected_2026()?;
    let (mut panel, mut figures) = (None, None);
    kayoi_aggregate::replace_counts(&lake, &definition, &mut |table| {
        for month in (0..options.months.max(1) as i32).rev().map(|back| last.plus(-back)) {
            let all = month_of(&mut nation, month, options.ties_only);
            let panel = panel.get_or_insert_with(|| Panel::new(&nation, selection(options, share)));
            let seen = panel.cells(&all);
            table.write(month, Covered::WHOLE, &rows(&seen))?;
            if month == last {
                figures = Some(Figures::new(&nation, &all, panel, &seen));
            }
        }
        Ok(())
    })?;
    if let Some(figures) = figures {
        figures?.write(&options.truth)?;
    }
    line(format_args!("nation     {:.1} s", step.elapsed().as_secs_f64()))?;
    let geography = Geography::simplified()?;
    let series = Series::Trial { seed: options.seed };
    let mut how = ReleaseOptions::new(definition, &geography, series);
    how.expansion = Expansion::Census;
    let step = Instant::now();
    let released = kayoi_release::release(&lake.release_writer(), &how, &mut |_, _| {})?;
    line(format_args!(
        "release    {} figures, {} with a value, in {:.1} s",
        count(released.row_count()),
        count(released.value_count()),
        step.elapsed().as_secs_f64()
    ))
}

fn month_of(nation: &mut Nation, month: Month, ties_only: bool) -> Cells {
    let mut cells = nation.month(month, Detail::Origins);
    if ties_only {
        // Residents of municipalities, origins and homes are of ties as well.
        let of_ties = [Cube::ResidentsYearly, Cube::OriginsYearly, Cube::HomeHalvesYearly];
        cells.activity.retain(|cube, _| of_ties.contains(cube));
        cells.daily = Vec::new();
    }
    cells
}

fn selection(options: &NationOptions, share: f64) -> Selection {
    Selection {
        seed: options.seed,
        share,
        ownership_sigma: options.ownership_sigma,
        families: options.families,
        second_phones: options.second_phones,
        tied_factor: options.tied_factor,
    }
}
