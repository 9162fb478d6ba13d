//! `kayoi query`: one question to the released figures.

use std::fs::File;
use std::io::IsTerminal;
use std::sync::Arc;

use anyhow::Context;
use kayoi_geography::Geography;
use kayoi_query::{Asked, Asker, Catalog, Door, Engine, FUNCTIONS, Limits, Rendering, Service};

use super::open;
use crate::args::{AnswerFormat, GeographyOption, LakeOption, QueryOptions};
use crate::coded::refuse;
use crate::screen::{bytes, line, note};

pub(crate) fn run(options: &QueryOptions) -> anyhow::Result<()> {
    if options.functions {
        for function in FUNCTIONS {
            line(format_args!("{}\n    {}", function.signature, function.doc))?;
        }
        return Ok(());
    }
    let service = service(&options.lake, &options.geography)?;
    let sql = options.sql.as_deref().unwrap_or_default();
    let asked = Asked::new(Asker::Anonymous, Door::CommandLine, sql);
    let format = rendering(options.format);
    if options.out.is_none() && format.is_binary() && std::io::stdout().is_terminal() {
        let name = format.name();
        refuse!(Argument, "{name} is not for a terminal\nhint: add --out FILE.{name}")
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

/// A service over the releases of a lake, in this process.
pub(super) fn service(lake: &LakeOption, geography: &GeographyOption) -> anyhow::Result<Service> {
    service_within(lake, geography, Limits::default())
}

/// The same with limits of its own.
pub(super) fn service_within(
    lake: &LakeOption,
    geography: &GeographyOption,
    limits: Limits,
) -> anyhow::Result<Service> {
    let lake = open(&lake.lake)?;
    let geography = Arc::new(Geography::open_or_simplified(geography.boundaries.as_deref())?);
    let catalog = Catalog::from_releases(&lake.release_reader()).with_desk(lake.desk());
    Ok(Service::here(Arc::new(Engine::new(catalog, geography, limits)?))?)
}

/// The form of an answer.
pub(super) fn rendering(format: AnswerFormat) -> Rendering {
    match format {
        AnswerFormat::Table => Rendering::Table,
        AnswerFormat::Csv => Rendering::Csv,
        AnswerFormat::CsvExcel => Rendering::CsvExcel,
        AnswerFormat::Json => Rendering::Json,
        AnswerFormat::Ndjson => Rendering::Ndjson,
        AnswerFormat::Arrow => Rendering::Arrow,
        AnswerFormat::Parquet => Rendering::Parquet,
        AnswerFormat::Xlsx => Rendering::Xlsx,
    }
}
