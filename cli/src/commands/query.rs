//! `kayoi query`: one question to the released figures.

use std::io::IsTerminal;
use std::sync::Arc;

use anyhow::{Context, bail};
use kayoi_geography::Geography;
use kayoi_lake::Lake;
use kayoi_query::{Asked, Asker, Catalog, Door, Engine, FUNCTIONS, Limits, Rendering, answer};

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
    let engine =
        Arc::new(Engine::new(Catalog::from_releases(&lake.release_reader()), geography, Limits::default())?);
    let sql = options.sql.as_deref().unwrap_or_default();
    let asked = Asked::new(Asker::Anonymous, Door::CommandLine, sql);
    let runtime = tokio::runtime::Runtime::new()?;
    let answer = runtime.block_on(answer(&engine, asked))?;
    let format = match options.format {
        AnswerFormat::Table => Rendering::Table,
        AnswerFormat::Csv => Rendering::Csv,
        AnswerFormat::Json => Rendering::Json,
        AnswerFormat::Parquet => Rendering::Parquet,
    };
    let written = format.write(&answer, engine.notice())?;
    match &options.out {
        Some(path) => {
            std::fs::write(path, written).with_context(|| format!("cannot write `{}`", path.display()))?;
            note(format_args!("wrote {} rows to {}", answer.row_count(), path.display()));
            Ok(())
        }
        None if matches!(options.format, AnswerFormat::Parquet) && std::io::stdout().is_terminal() => {
            bail!("Parquet is not for a terminal\nhint: add --out FILE.parquet")
        }
        None => bytes(&written),
    }
}
