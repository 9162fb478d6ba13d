//! `kayoi population`: official tables of people become one file, and what such a file holds.

use std::io::ErrorKind;
use std::path::Path;

use anyhow::Context;
use kayoi_geography::population::import::first_of;
use kayoi_geography::population::{ImportOptions, ImportReport, Population, PopulationError, import_files};
use kayoi_schemas::time::Day;
use serde_json::{Value, json};

use crate::args::{PopulationCommand, PopulationOptions};
use crate::coded::{coded, refuse};
use crate::screen::{count, line, note};

pub(crate) fn run(options: &PopulationOptions) -> anyhow::Result<()> {
    match &options.command {
        PopulationCommand::Import { files, date, base, out, source, columns, conditions, partial, json } => {
            let day = Day::parse(date).with_context(|| {
                coded!(Argument, "`{date}` is not a date\nhint: dates look like 2025-01-01")
            })?;
            let import_options = ImportOptions {
                base: base.base(),
                date: day,
                source: source.clone(),
                columns: columns.clone(),
                conditions: conditions.clone(),
                is_partial: *partial,
            };
            may_be_replaced(out)?;
            let (population, report) = import_files(files, &import_options)?;
            population.write(out)?;
            if *json {
                let mut summary = summary(&population);
                summary["import"] = report_json(&report);
                summary["file"] = json!(out);
                return line(summary);
            }
            print(&population)?;
            print_report(&report)?;
            note(format_args!("wrote {}", out.display()));
            Ok(())
        }
        PopulationCommand::Info { file, json } => {
            let population = match file {
                Some(path) => Population::read(path)?,
                None => Population::census_2020(),
            };
            if *json { line(summary(&population)) } else { print(&population) }
        }
    }
}

/// A file of people may be replaced, another one may not: it may be the download.
fn may_be_replaced(out: &Path) -> anyhow::Result<()> {
    match Population::read(out) {
        Ok(_) => Ok(()),
        Err(PopulationError::Read { source, .. }) if source.kind() == ErrorKind::NotFound => Ok(()),
        Err(_) if std::fs::metadata(out).is_ok_and(|there| there.len() == 0) => Ok(()),
        Err(_) => refuse!(
            Argument,
            "`{}` is there and no file of people: it is not replaced\nhint: name another file with --out",
            out.display()
        ),
    }
}

fn summary(population: &Population) -> Value {
    let detail = population.detail();
    let ages: Vec<String> = population.bands().iter().map(ToString::to_string).collect();
    let missing: Vec<String> = population.missing().iter().map(ToString::to_string).collect();
    json!({
        "base": population.base(),
        "date": population.date().to_string(),
        "source": population.source(),
        "municipalities": population.municipalities().count(),
        "people": population.all(),
        "municipalities_by_sex": detail.by_sex,
        "municipalities_by_age": detail.by_age,
        "municipalities_by_age_and_sex": detail.by_age_and_sex,
        "ages": ages,
        "people_of_unknown_age": population.unknown_age(),
        "missing": missing,
    })
}

fn report_json(report: &ImportReport) -> Value {
    json!({
        "tables": report.tables,
        "rows_of_other_areas": report.rows_of_other_areas,
        "rows_left_out": report.rows_left_out,
        "prefectures_checked": report.prefectures_checked,
        "nation_checked": report.nation_checked,
        "notes": report.notes,
    })
}

fn print(population: &Population) -> anyhow::Result<()> {
    let (base, detail) = (population.base(), population.detail());
    let all = population.municipalities().count();
    line(format_args!("base             {base} ({})", base.japanese()))?;
    line(format_args!("date             {}", population.date()))?;
    line(format_args!("source           {}", population.source()))?;
    line(format_args!("municipalities   {}", count(all as u64)))?;
    line(format_args!("people           {}", count(population.all())))?;
    let of_all = |some: usize| match some {
        0 => "no".to_owned(),
        some if some == all => "yes".to_owned(),
        some => format!("in {} municipalities", count(some as u64)),
    };
    line(format_args!("by sex           {}", of_all(detail.by_sex)))?;
    let classes = match (population.bands().first(), population.bands().last()) {
        (Some(first), Some(last)) => {
            format!(", {} classes from {first} to {last}", population.bands().len())
        }
        _ => String::new(),
    };
    line(format_args!("by age           {}{classes}", of_all(detail.by_age)))?;
    line(format_args!("by age and sex   {}", of_all(detail.by_age_and_sex)))?;
    if detail.by_age > 0 {
        line(format_args!("unknown age      {}", count(population.unknown_age())))?;
    }
    let missing = population.missing();
    if !missing.is_empty() {
        line(format_args!("missing          {}: {}", count(missing.len() as u64), first_of(&missing)))?;
    }
    Ok(())
}

fn print_report(report: &ImportReport) -> anyhow::Result<()> {
    let checked = match (report.prefectures_checked, report.nation_checked) {
        (0, false) => "no rows of prefectures or the nation to hold the municipalities against".to_owned(),
        (0, true) => "the municipalities sum to the nation".to_owned(),
        (some, nation) => {
            let nation = if nation { " and the nation" } else { "" };
            format!("the municipalities sum to {some} prefectures{nation}")
        }
    };
    line(format_args!("checked          {checked}"))?;
    line(format_args!("tables           {}", count(report.tables)))?;
    if report.rows_of_other_areas > 0 {
        line(format_args!(
            "not needed       {} rows of 郡, 市部 and other sums",
            count(report.rows_of_other_areas)
        ))?;
    }
    if report.rows_left_out > 0 {
        line(format_args!(
            "left out         {} rows of a nationality, another item or another year",
            count(report.rows_left_out)
        ))?;
    }
    report.notes.iter().try_for_each(|text| line(format_args!("note             {text}")))
}
