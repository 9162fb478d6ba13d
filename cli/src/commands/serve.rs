//! `kayoi serve`: the Postgres wire and HTTP, until Ctrl-C.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use kayoi_geography::Geography;
use kayoi_lake::Lake;
use kayoi_query::{Hosts, Limits, Service, WorkerCommand, serve_http, serve_pg};
use tokio::net::TcpListener;

use crate::args::{DoorOptions, GeographyOption, ServeOptions};
use crate::screen::note;
use crate::stop;

pub(crate) fn run(options: &ServeOptions) -> anyhow::Result<()> {
    // Makes it where it is not there, and says what is wrong before a worker would have to.
    Lake::open(&options.lake.lake)?;
    serve(&options.lake.lake, &options.geography, &options.door)
}

/// Serves a lake until a signal.
pub(crate) fn serve(lake: &Path, geography: &GeographyOption, door: &DoorOptions) -> anyhow::Result<()> {
    let limits = Limits {
        timeout: Duration::from_secs(door.query_seconds),
        memory_bytes: usize::try_from(door.query_memory_mb << 20)?,
        ..Limits::default()
    };
    refuse_trial_in_public(lake, door)?;
    let worker = worker(lake, geography)?;
    let geography = Geography::open_or_simplified(geography.boundaries.as_deref())?;
    tokio::runtime::Runtime::new()?.block_on(async {
        let pg = listen(&door.host, door.pg_port, "--pg-port").await?;
        let http = listen(&door.host, door.http_port, "--http-port").await?;
        let service = Arc::new(Service::start(&geography, limits, worker).await?);
        drop(geography);
        let hosts = Hosts::new(door.allow_host.iter().chain([&door.host]).cloned());
        let (pg_address, http_address) = (pg.local_addr()?, http.local_addr()?);
        note(format_args!("SQL:  psql -h {} -p {} -d kayoi", pg_address.ip(), pg_address.port()));
        note(format_args!("HTTP: http://{http_address}/"));
        note("Ctrl-C stops.");
        tokio::try_join!(
            async { serve_pg(service.clone(), pg, stop::signal()).await.context("the Postgres door failed") },
            async {
                serve_http(service.clone(), http, hosts, stop::signal()).await.context("the HTTP door failed")
            },
        )?;
        Ok(())
    })
}

/// Figures of a trial are for who tries out: other machines see them only when the operator says so.
fn refuse_trial_in_public(lake: &Path, door: &DoorOptions) -> anyhow::Result<()> {
    let is_local = door.host == "localhost" || door.host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    let is_real = Lake::open(lake)?.newest_release()?.is_some_and(|manifest| manifest.series == "real");
    if is_real {
        return Ok(());
    }
    if !is_local && !door.trial_is_public {
        bail!(
            "the figures of this lake are a trial, and `{}` is reached by other machines\nhint: `kayoi release begin` starts a real series; --trial-is-public shows the trial to everybody",
            door.host
        );
    }
    note("試行: 公表用ではない数値です。 TRIAL: figures are for trying out and not for decisions.");
    Ok(())
}

/// This program again, for the questions.
fn worker(lake: &Path, geography: &GeographyOption) -> anyhow::Result<WorkerCommand> {
    let program = std::env::current_exe().context("cannot tell which program this is")?;
    let mut arguments: Vec<OsString> = vec!["worker".into(), "--lake".into(), lake.into()];
    if let Some(boundaries) = &geography.boundaries {
        arguments.extend(["--boundaries".into(), boundaries.into()]);
    }
    Ok(WorkerCommand { program, arguments })
}

async fn listen(host: &str, port: u16, option: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind((host, port)).await.map_err(|error| {
        let way_out = way_out(error.kind(), option);
        anyhow::Error::new(error).context(format!("cannot listen on `{host}:{port}`\nhint: {way_out}"))
    })
}

/// What helps depends on why the address cannot be had.
fn way_out(kind: ErrorKind, option: &str) -> String {
    match kind {
        ErrorKind::AddrInUse => format!("another program has it; choose another with {option}, 0 takes a free one"),
        ErrorKind::PermissionDenied => {
            format!("this user may not have that port; choose one above 1023 with {option}")
        }
        _ => "name an address of this machine with --host: 127.0.0.1 for this machine alone, 0.0.0.0 for all that \
              reach it"
            .to_owned(),
    }
}
