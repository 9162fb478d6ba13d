//! `kayoi boundaries`: import N03, look at it, place a point.

use std::io::ErrorKind;
use std::path::Path;
use std::time::Instant;

use kayoi_geography::boundaries::BoundarySet;
use kayoi_geography::boundaries::difference::Difference;
use kayoi_geography::import::{ImportOptions, ImportReport, import_file};
use kayoi_geography::index::Step;
use kayoi_geography::{Geography, GeographyError, Info, Register, file, simplified};
use serde_json::json;

use crate::args::{BoundariesCommand, BoundariesOptions};
use crate::coded::refuse;
use crate::progress::Bar;
use crate::screen::{count, line, note};

pub(crate) fn run(options: &BoundariesOptions) -> anyhow::Result<()> {
    match &options.command {
        BoundariesCommand::Import {
            file: download,
            out,
            edition,
            code_column,
            code_digits,
            layer,
            credit,
            previous,
            json,
        } => {
            let import_options = ImportOptions {
                edition: edition.clone(),
                code_column: code_column.clone(),
                code_digits: *code_digits,
                layer: layer.clone(),
                credit: credit.clone(),
            };
            import(download, out, previous.as_deref(), &import_options, *json)
        }
        BoundariesCommand::Info { file, json } => {
            let geography = Geography::open_or_simplified(file.as_deref())?;
            let info = geography.info();
            if *json { line(serde_json::to_string(&info)?) } else { print_info(&info) }
        }
        BoundariesCommand::Place { latitude, longitude, geography, coast, json } => {
            if !(-90.0..=90.0).contains(latitude) || !(-180.0..=180.0).contains(longitude) {
                refuse!(
                    Argument,
                    "`{latitude} {longitude}` is not a point: latitude is in -90..=90, longitude in -180..=180\nhint: latitude comes first"
                );
            }
            let geography = Geography::open_or_simplified(geography.boundaries.as_deref())?
                .with_coast_metres(coast.metres);
            place(&geography, *latitude, *longitude, *json)
        }
    }
}

fn import(
    download: &Path,
    out: &Path,
    previous: Option<&Path>,
    options: &ImportOptions,
    as_json: bool,
) -> anyhow::Result<()> {
    // The file that is replaced may be of another version or none at all; one that was named must be read.
    let before = match previous {
        Some(path) => Some(file::read(path)?.1),
        None => replaced(out)?,
    };
    let started = Instant::now();
    let bar = Bar::new("import");
    let (set, report) = import_file(download, options, &mut |progress| {
        let share = progress.bytes_read as f64 / progress.bytes_total.max(1) as f64;
        bar.show(share, format!("{} features", count(progress.features)));
    })?;
    let read = started.elapsed();
    drop(bar);
    let bar = Bar::new("index");
    let (header, _) = file::write(&set, out, &mut |step| bar.show(share(step), words(step)))?;
    drop(bar);
    let indexed = started.elapsed();
    let difference = before.map(|before| Difference::between(&before, &set));
    if as_json {
        let mut report = serde_json::to_value(&report)?;
        report["difference"] = serde_json::to_value(&difference)?;
        return line(report);
    }
    print_report(&report)?;
    if let Some(difference) = difference {
        line(difference)?;
    }
    line(format_args!(
        "wrote {} ({:.1} MB, of it index {:.1} MB) in {:.1} s (reading {:.1} s, indexing {:.1} s)",
        out.display(),
        out.metadata()?.len() as f64 / 1e6,
        header.index_bytes() as f64 / 1e6,
        indexed.as_secs_f64(),
        read.as_secs_f64(),
        (indexed - read).as_secs_f64()
    ))?;
    note(format_args!("next: kayoi ingest --boundaries {} …, or set KAYOI_BOUNDARIES", out.display()));
    Ok(())
}

/// The boundaries that are about to be replaced, if they are of any use.
///
/// # Errors
/// When another file than one of boundaries stands there: a key, or the download itself.
fn replaced(out: &Path) -> anyhow::Result<Option<BoundarySet>> {
    match file::read(out) {
        Ok((_, set)) => Ok(Some(set)),
        Err(GeographyError::Read { source, .. }) if source.kind() == ErrorKind::NotFound => Ok(None),
        Err(GeographyError::NotBoundaryFile { .. }) if std::fs::metadata(out)?.len() > 0 => {
            refuse!(
                Argument,
                "`{}` is there and no boundary file: it is not replaced\nhint: name another file with --out",
                out.display()
            )
        }
        Err(error) => {
            let text = error.to_string();
            let reason = text.lines().next().unwrap_or_default();
            note(format_args!("note: nothing is told of differences to the file that is replaced: {reason}"));
            Ok(None)
        }
    }
}

fn place(geography: &Geography, latitude: f64, longitude: f64, as_json: bool) -> anyhow::Result<()> {
    let place = geography.place(latitude, longitude);
    let register = Register::japan();
    let basic = place.municipality.map(|code| register.basic(code));
    let known = basic.and_then(|code| register.get(code));
    if as_json {
        return line(json!({
            "cell": place.cell.to_string(),
            "municipality_code": place.municipality.map(|code| code.to_string()),
            "basic_code": basic.map(|code| code.to_string()),
            "municipality": known.map(|municipality| &municipality.name),
            "romaji": known.map(|municipality| &municipality.romaji),
            "prefecture": known.map(|municipality| &municipality.prefecture),
            "boundaries": geography.edition(),
            "is_simplified": geography.is_simplified(),
            "is_off_coast": place.is_off_coast,
        }));
    }
    line(format_args!("cell          {} (H3 resolution 9)", place.cell))?;
    match (place.municipality, known) {
        (Some(code), Some(m)) => {
            line(format_args!("municipality  {code} {}{} ({})", m.prefecture, m.name, m.romaji))?
        }
        (Some(code), None) => line(format_args!("municipality  {code}"))?,
        (None, _) => line("municipality  none (sea, or outside Japan)")?,
    }
    if place.is_off_coast {
        line(format_args!(
            "              the nearest within {} m; no land covers the point",
            geography.coast_metres()
        ))?;
    }
    line(format_args!("boundaries    {}", geography.edition()))
}

fn words(step: Step) -> &'static str {
    match step {
        Step::Arranging => "arranging edges by latitude",
        Step::Tracing => "tracing borders through cells",
        Step::Recording => "writing the records of border cells",
    }
}

/// Where a step begins, as measured on the full N03.
fn share(step: Step) -> f64 {
    match step {
        Step::Arranging => 0.0,
        Step::Tracing => 0.2,
        Step::Recording => 0.5,
    }
}

fn print_report(report: &ImportReport) -> anyhow::Result<()> {
    line(format_args!("edition            {}", report.edition))?;
    line(format_args!("features           {}", count(report.features)))?;
    line(format_args!("units              {}", count(report.units)))?;
    line(format_args!("polygons           {}", count(report.polygons)))?;
    line(format_args!("vertices           {}", count(report.vertices)))?;
    line(format_args!("所属未定地         {} features", count(report.undetermined_features)))?;
    for skipped in &report.skipped {
        line(format_args!("left out           {} features: {}", count(skipped.features), skipped.reason))?;
    }
    for layer in &report.layers_ignored {
        line(format_args!("not read           {layer}: holds no municipalities, or those of another layer"))?;
    }
    if report.units_in_several_layers > 0 {
        let units = count(report.units_in_several_layers);
        line(format_args!("in pieces          {units} units, put together from several layers"))?;
    }
    if report.units_never_in_use > 0 {
        let (units, codes) = (count(report.units_never_in_use), report.codes_never_in_use.join(", "));
        let more =
            if report.units_never_in_use > report.codes_never_in_use.len() as u64 { ", …" } else { "" };
        line(format_args!(
            "never in use       {units} units, whose codes were no municipality's since 2013-12-31: {codes}{more}"
        ))?;
    }
    print_overlaps(report)?;
    for treatment in &report.treatments {
        line(format_args!("{:<18} {}: {}", count(treatment.count), treatment.found, treatment.treatment))?;
    }
    match &report.credit {
        Some(credit) => line(format_args!("credit             {credit}")),
        None => line("credit             none: figures will show none; give the licence's with --credit"),
    }
}

fn print_overlaps(report: &ImportReport) -> anyhow::Result<()> {
    if report.overlapping_pairs == 0 {
        return Ok(());
    }
    let (pairs, km2) = (count(report.overlapping_pairs), report.overlapping_km2);
    line(format_args!(
        "overlaps           {pairs} pairs of units share {km2:.4} km², which go to the lower code"
    ))?;
    report.overlaps.iter().try_for_each(|overlap| {
        line(format_args!(
            "                   {} and {}: {:.4} km²",
            overlap.code, overlap.other_code, overlap.km2
        ))
    })
}

fn print_info(info: &Info) -> anyhow::Result<()> {
    line(format_args!("edition    {}", info.edition))?;
    line(format_args!("credit     {}", info.credit))?;
    if info.is_simplified {
        line(format_args!("errors     {}", simplified::HOW_FAR_THEY_ERR))?;
        line(format_args!("           {}", simplified::ADVICE))?;
    }
    line(format_args!("units      {}", count(info.units)))?;
    line(format_args!("polygons   {}", count(info.polygons)))?;
    line(format_args!("vertices   {}", count(info.vertices)))?;
    match info.index_bytes {
        0 => line("index      built in memory by the first question"),
        bytes => line(format_args!("index      {:.1} MB", bytes as f64 / 1e6)),
    }
}
