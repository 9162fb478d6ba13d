//! `kayoi worker`: what `kayoi serve` starts to work on questions. Nobody types it.

use std::sync::Arc;

use anyhow::Context;
use kayoi_geography::Geography;
use kayoi_query::{Catalog, Engine, work_for_server};

use super::open;
use crate::args::WorkerOptions;
use crate::coded::coded;

pub(crate) fn run(options: WorkerOptions) -> anyhow::Result<()> {
    let engine = move |limits| -> anyhow::Result<Engine> {
        let lake = open(&options.lake.lake)?;
        let geography = Geography::open_or_simplified(options.geography.boundaries.as_deref())?;
        let catalog = Catalog::from_releases(&lake.release_reader()).with_desk(lake.desk());
        let catalog = catalog.with_deliveries(lake.delivery_reader());
        Ok(Engine::new(catalog, Arc::new(geography), limits)?)
    };
    let worked = work_for_server(move |limits| engine(limits).map_err(|error| format!("{error:#}")));
    worked.with_context(|| coded!(Argument, "no server listens\nhint: `kayoi serve` starts this by itself"))
}
