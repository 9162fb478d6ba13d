//! `kayoi serve`: the Postgres wire and HTTP, until Ctrl-C.

use std::sync::Arc;

use anyhow::Context;
use kayoi_geography::Geography;
use kayoi_lake::Lake;
use kayoi_query::{Catalog, Engine, Limits, serve_http, serve_pg};
use tokio::net::TcpListener;

use crate::args::{DoorOptions, ServeOptions};
use crate::screen::note;
use crate::stop;

pub(crate) fn run(options: &ServeOptions) -> anyhow::Result<()> {
    let lake = Lake::open(&options.lake.lake)?;
    let geography = Arc::new(Geography::open_or_simplified(options.geography.boundaries.as_deref())?);
    serve(&lake, geography, &options.door)
}

/// Serves a lake until a signal.
pub(crate) fn serve(lake: &Lake, geography: Arc<Geography>, door: &DoorOptions) -> anyhow::Result<()> {
    let engine =
        Arc::new(Engine::new(Catalog::from_releases(&lake.release_reader()), geography, Limits::default())?);
    tokio::runtime::Runtime::new()?.block_on(async {
        let pg = listen(&door.host, door.pg_port, "--pg-port").await?;
        let http = listen(&door.host, door.http_port, "--http-port").await?;
        let (pg_address, http_address) = (pg.local_addr()?, http.local_addr()?);
        note(format_args!("SQL:  psql -h {} -p {} -d kayoi", pg_address.ip(), pg_address.port()));
        note(format_args!("HTTP: http://{http_address}/"));
        note("Ctrl-C stops.");
        tokio::try_join!(
            async { serve_pg(engine.clone(), pg, stop::signal()).await.context("the Postgres door failed") },
            async { serve_http(engine.clone(), http, stop::signal()).await.context("the HTTP door failed") },
        )?;
        Ok(())
    })
}

async fn listen(host: &str, port: u16, option: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind((host, port)).await.with_context(|| {
        format!("cannot listen on `{host}:{port}`\nhint: another program has it; choose another with {option}, 0 takes a free one")
    })
}
