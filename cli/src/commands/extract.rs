//! `kayoi extract`: release tables as files that travel.
//!
//! In: tables, a form, perhaps a month. Out: a file for each, written beside its place and then put there, and `about.json`,
//! which says what they are, so that nobody has to ask where a figure is from. Everything goes through the same question
//! as at a door: what a file holds anybody may see.

use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use kayoi_lake::{Lake, Manifest};
use kayoi_query::{
    Asked, Asker, Door, Limits, MapForm, Notice, Places, Rendering, Service, extract, place_column,
};
use kayoi_release::sha256_of;
use kayoi_schemas::tables::ReleaseTable;
use kayoi_schemas::time::Month;
use serde_json::{Value, json};

use super::query::service_within;
use crate::args::{ExtractFormat, ExtractOptions};
use crate::coded::{coded, refuse};
use crate::progress::Bar;
use crate::screen::{count, line, note, size};

const ABOUT: &str = "about.json";

pub(crate) fn run(options: &ExtractOptions) -> anyhow::Result<()> {
    let month = options.month.as_deref().map(month).transpose()?;
    let lake = super::open(&options.lake.lake)?;
    let release = release(&lake, options.rev)?;
    let tables = tables(options, &release)?;
    let service = service_within(&options.lake, &options.geography, whole_tables())?;
    let places = match map_form(options.format) {
        Some(_) => Some(Places::of(options.geography.boundaries.as_deref())?),
        None => None,
    };
    std::fs::create_dir_all(&options.out).with_context(|| unwritable(&options.out))?;
    let runtime = tokio::runtime::Runtime::new()?;
    let bar = Bar::new("extract");
    let mut written = Vec::new();
    for (place, table) in tables.iter().enumerate() {
        bar.show(place as f64 / tables.len() as f64, table.table().name);
        let sql = sql(*table, month);
        let asked = Asked::new(Asker::Anonymous, Door::CommandLine, sql).of_release(release.revision);
        let file = format!("{}.{}", table.table().name, extension(options.format));
        let path = options.out.join(&file);
        let mut part =
            tempfile::NamedTempFile::new_in(&options.out).with_context(|| unwritable(&options.out))?;
        let sink = BufWriter::new(part.as_file_mut());
        let rows = runtime.block_on(write(&service, asked, *table, options.format, places.as_ref(), sink))?;
        let (sha256, bytes) = sha256_of(part.reopen()?)?;
        part.persist(&path).with_context(|| unwritable(&path))?;
        written.push(described(*table, &file, rows, (&sha256, bytes)));
    }
    drop(bar);
    let about = about(&release, service.notice(), written);
    std::fs::write(options.out.join(ABOUT), format!("{about:#}\n"))
        .with_context(|| unwritable(&options.out))?;
    if options.json {
        return line(about);
    }
    tell(&about)?;
    note(format_args!("{} says what they are: {}", ABOUT, options.out.join(ABOUT).display()));
    Ok(())
}

/// A table of a nation has tens of millions of rows. They stream through a file, so that memory stays as for a question.
fn whole_tables() -> Limits {
    Limits {
        rows: usize::MAX,
        answer_bytes: usize::MAX >> 1,
        timeout: Duration::from_secs(24 * 3600),
        spool_bytes: u64::MAX >> 1,
        ..Limits::default()
    }
}

fn month(text: &str) -> anyhow::Result<Month> {
    Month::parse(text).with_context(|| coded!(Argument, "`{text}` is not a month\nhint: write it as 2026-05"))
}

fn unwritable(path: &Path) -> String {
    format!("cannot write `{}`\nhint: name a folder that this user may write with --out", path.display())
}

/// The release that is asked for.
fn release(lake: &Lake, revision: Option<u64>) -> anyhow::Result<Manifest> {
    let Some(revision) = revision else {
        return lake.newest_release()?.with_context(|| {
            coded!(NothingYet, "there is no release yet\nhint: `kayoi aggregate` makes the first one")
        });
    };
    let reader = lake.release_reader();
    let found = lake.block_on(reader.of(revision))?;
    found.with_context(|| {
        coded!(
            NoRelease,
            "there is no release `{revision}`\nhint: `kayoi release list` shows those that there are"
        )
    })
}

/// The tables that are asked for, or those that have rows and, for a map, lie somewhere.
fn tables(options: &ExtractOptions, release: &Manifest) -> anyhow::Result<Vec<ReleaseTable>> {
    let lies = |table: &ReleaseTable| place_column(&table.table().arrow_schema()).is_some();
    let is_map = map_form(options.format).is_some();
    if options.tables.is_empty() {
        let has_rows = |table: &ReleaseTable| {
            release.tables.get(table.table().name).is_some_and(|files| !files.files.is_empty())
        };
        return Ok(ReleaseTable::ALL
            .into_iter()
            .filter(has_rows)
            .filter(|one| !is_map || lies(one))
            .collect());
    }
    let named = options.tables.iter().map(|name| {
        let Some(table) = ReleaseTable::parse(name) else {
            refuse!(Argument, "`{name}` is no release table\nhint: `kayoi schema` lists them");
        };
        if is_map && !lies(&table) {
            refuse!(
                Argument,
                "rows of `{name}` lie nowhere\nhint: --format parquet writes them without outlines"
            );
        }
        Ok(table)
    });
    named.collect()
}

fn sql(table: ReleaseTable, month: Option<Month>) -> String {
    let described = table.table();
    let has_months = described.columns.iter().any(|column| column.name == "month_text");
    let only = month
        .filter(|_| has_months)
        .map(|month| format!(" WHERE month_text = '{month}'"))
        .unwrap_or_default();
    // Files stand in the table's order and are read one after the other: sorting would hold them all in memory.
    format!("SELECT * FROM {}{only}", described.name)
}

fn map_form(format: ExtractFormat) -> Option<MapForm> {
    match format {
        ExtractFormat::Geoparquet => Some(MapForm::GeoParquet),
        ExtractFormat::Geojson => Some(MapForm::GeoJson),
        ExtractFormat::Parquet | ExtractFormat::Csv | ExtractFormat::CsvExcel => None,
    }
}

fn extension(format: ExtractFormat) -> &'static str {
    match format {
        ExtractFormat::Parquet | ExtractFormat::Geoparquet => "parquet",
        ExtractFormat::Csv | ExtractFormat::CsvExcel => "csv",
        ExtractFormat::Geojson => "geojson",
    }
}

/// Writes one table. Returns its rows.
async fn write(
    service: &Service,
    asked: Asked,
    table: ReleaseTable,
    format: ExtractFormat,
    places: Option<&Places>,
    mut sink: impl Write + Send,
) -> anyhow::Result<usize> {
    let column = place_column(&table.table().arrow_schema());
    if let (Some(form), Some(places), Some(column)) = (map_form(format), places, column) {
        return Ok(extract(service, asked, (column, places), form, sink).await?);
    }
    let rendering = match format {
        ExtractFormat::Csv => Rendering::Csv,
        ExtractFormat::CsvExcel => Rendering::CsvExcel,
        _ => Rendering::Parquet,
    };
    let answer = service.answer(asked, rendering).await?;
    let rows = answer.row_count();
    std::io::copy(&mut answer.into_reader()?, &mut sink)?;
    sink.flush()?;
    Ok(rows)
}

fn described(table: ReleaseTable, file: &str, rows: usize, (sha256, bytes): (&str, u64)) -> Value {
    let columns = table.table().columns.iter().map(|column| {
        json!({
            "name": column.name,
            "type": column.kind.delta_name(),
            "en": column.doc,
            "ja": table.column_doc_ja(column.name),
        })
    });
    json!({
        "table": table.table().name,
        "file": file,
        "rows": rows,
        "bytes": bytes,
        "sha256": sha256,
        "en": table.table().doc,
        "ja": table.doc_ja(),
        "columns": columns.collect::<Vec<_>>(),
    })
}

fn about(release: &Manifest, notice: &Notice, tables: Vec<Value>) -> Value {
    json!({
        "revision": release.revision,
        "made_at": release.made_at,
        "series": release.series,
        "definition": release.definition,
        "definition_hash": release.definition_hash,
        "months": release.months,
        "boundaries": notice.boundaries,
        "credit": notice.credit,
        "terms": { "ja": Notice::TERMS_JA, "en": Notice::TERMS_EN },
        "tables": tables,
    })
}

fn tell(about: &Value) -> anyhow::Result<()> {
    for table in about["tables"].as_array().into_iter().flatten() {
        line(format_args!(
            "{:<40} {:>12} rows {:>10}",
            table["file"].as_str().unwrap_or_default(),
            count(table["rows"].as_u64().unwrap_or(0)),
            size(table["bytes"].as_u64().unwrap_or(0))
        ))?;
    }
    Ok(())
}
