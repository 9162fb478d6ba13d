//! `kayoi query`: one question to the released figures.

use std::fs::File;
use std::io::IsTerminal;
use std::sync::Arc;

use anyhow::{Context, bail};
use kayoi_geography::Geography;
use kayoi_lake::Lake;
use kayoi_query::{Asked, Asker, Catalog, Door, Engine, FUNCTIONS, Limits, Rendering, Service};

use crate::args::{AnswerFormat, QueryOptions};
use crate::screen::{bytes, line, note};

pub(crate) fn run(options: &QueryOptions) -> anyhow::Result<()> {
    if options.functions {
        for function in FUNCTIONS {
            line(format_args!("{}\n    {}", function.signature, function.doc))?;
        }
        return Ok(());
    }
    let lake = Lake::open(&options.lake.lake)?;
    let geography = Arc::new(Geography::open_or_simplified(options.geography.boundaries.as_deref())?);
    let catalog = Catalog::from_releases(&lake.release_reader());
    let service = Service::here(Arc::new(Engine::new(catalog, geography, Limits::default())?))?;
    let sql = options.sql.as_deref().unwrap_or_default();
    let asked = Asked::new(Asker::Anonymous, Door::CommandLine, sql);
    let format = match options.format {
        AnswerFormat::Table => Rendering::Table,
        AnswerFormat::Csv => Rendering::Csv,
        AnswerFormat::CsvExcel => Rendering::CsvExcel,
        AnswerFormat::Json => Rendering::Json,
        AnswerFormat::Parquet => Rendering::Parquet,
    };
    if options.out.is_none() && matches!(format, Rendering::Parquet) && std::io::stdout().is_terminal() {
        bail!("Parquet is not for a terminal\nhint: add --out FILE.parquet")
    }
    let answer = tokio::runtime::Runtime::new()?.block_on(service.answer(asked, format))?;
    let rows = answer.row_count();
    match &options.out {
        Some(path) => {
            let mut reader = answer.into_reader()?;
            let written = File::create(path).and_then(|mut file| std::io::copy(&mut reader, &mut file));
            written.with_context(|| format!("cannot write `{}`", path.display()))?;
            note(format_args!("wrote {rows} rows to {}", path.display()));
            Ok(())
        }
        None => bytes(answer.into_reader()?),
    }
}
