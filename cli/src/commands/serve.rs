//! `kayoi serve`: the Postgres wire, HTTP and Arrow Flight, until Ctrl-C.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context;
use kayoi_geography::Geography;
use kayoi_lake::{Desk, Lake, Location};
use kayoi_query::{
    AuditJournal, Directory, Hosts, HttpOptions, Issuer, Limits, Origins, Service, Tls, WorkerCommand,
    read_users, serve_flight, serve_http, serve_pg,
};
use kayoi_schemas::time::Clock;
use tokio::net::TcpListener;

use super::open;
use crate::args::{DoorOptions, GeographyOption, ServeOptions};
use crate::coded::{coded, refuse};
use crate::screen::note;
use crate::{page, stop, supervisor};

/// How often the server's threads say that they turn.
const BEAT: Duration = Duration::from_secs(1);
/// For how long they may say nothing: each question has a process of its own, so that nothing keeps them.
const STANDSTILL: Duration = Duration::from_secs(20);

pub(crate) fn run(options: &ServeOptions) -> anyhow::Result<()> {
    // Says what is wrong before a worker would have to.
    open(&options.lake.lake)?;
    serve(&options.lake.lake, &options.geography, &options.door, "")
}

/// Serves a lake until a signal. What it says begins with `called`, where several are served.
pub(crate) fn serve(
    lake: &Path,
    geography: &GeographyOption,
    door: &DoorOptions,
    called: &str,
) -> anyhow::Result<()> {
    let limits = Limits {
        timeout: Duration::from_secs(door.query_seconds),
        memory_bytes: usize::try_from(door.query_memory_mb << 20)?,
        asks_purpose: door.ask_purpose,
        ..Limits::default()
    };
    refuse_trial_in_public(lake, door)?;
    let tls = tls(door)?;
    let desk = Lake::open(lake)?.desk();
    refuse_strangers(&desk, door)?;
    let journal_dir = door.journal_dir.clone().unwrap_or_else(|| beside(lake));
    let audit = AuditJournal::open(&journal_dir, desk.clone()).with_context(|| {
        let told = journal_dir.display();
        coded!(File, "cannot keep audit lines in `{told}`\nhint: name a folder that this user may write with --journal-dir")
    })?;
    let worker = worker(lake, geography)?;
    let releases = Lake::open(lake)?.release_reader();
    let borders = geography;
    let geography = Geography::open_or_simplified(geography.boundaries.as_deref())?;
    tokio::runtime::Runtime::new()?.block_on(async {
        let pg = listen(&door.host, door.pg_port, "--pg-port").await?;
        let http = listen(&door.host, door.http_port, "--http-port").await?;
        let flight = listen(&door.host, door.flight_port, "--flight-port").await?;
        let service =
            Service::start(&geography, limits, worker).await?.with_audit(audit).with_releases(releases);
        let service = Arc::new(service);
        let issuer = match (&door.oidc_issuer, &door.oidc_audience) {
            (Some(issuer), Some(audience)) => Some(Issuer::open(issuer, audience).await?),
            _ => None,
        };
        let directory = Directory::follow(desk.clone(), issuer, Clock::System).await?;
        drop(geography);
        let options = HttpOptions {
            hosts: Hosts::new(door.allow_host.iter().chain([&door.host]).cloned()),
            origins: origins(&door.allow_origin)?,
            borders: borders.boundaries.clone(),
            tls: tls.clone(),
            page: Some(page::file),
        };
        let (pg_address, http_address) = (pg.local_addr()?, http.local_addr()?);
        note(format_args!("{called}SQL:  psql -h {} -p {} -d kayoi", pg_address.ip(), pg_address.port()));
        let secure = if tls.is_some() { "s" } else { "" };
        note(format_args!("{called}HTTP: http{secure}://{http_address}/"));
        let scheme = if tls.is_some() { "grpc+tls" } else { "grpc" };
        note(format_args!("{called}Arrow Flight SQL: {scheme}://{}", flight.local_addr()?));
        if tls.is_none() && !is_local(&door.host) {
            note("what is sent can be read on the way: --tls-cert and --tls-key encrypt it");
        }
        note("Ctrl-C stops.");
        supervisor::ready(heartbeat())?;
        tokio::try_join!(
            async {
                let served =
                    serve_pg(service.clone(), directory.clone(), pg, tls.clone(), stop::signal()).await;
                served.context("the Postgres door failed")
            },
            async {
                serve_http(service.clone(), directory.clone(), http, options, stop::signal())
                    .await
                    .context("the HTTP door failed")
            },
            async {
                let served =
                    serve_flight(service.clone(), directory.clone(), flight, tls.clone(), stop::signal())
                        .await;
                served.context("the Arrow Flight door failed")
            },
        )?;
        Ok(())
    })
}

/// Whether the threads that answer still turn: a task of theirs says so each second.
fn heartbeat() -> impl Fn() -> bool + Send + 'static {
    let last = Arc::new(Mutex::new(Instant::now()));
    let beat = Arc::clone(&last);
    tokio::spawn(async move {
        loop {
            *beat.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
            tokio::time::sleep(BEAT).await;
        }
    });
    move || last.lock().unwrap_or_else(PoisonError::into_inner).elapsed() < STANDSTILL
}

/// Where there is no user nobody signs in, so that only this machine is answered, unless the operator wants it.
fn refuse_strangers(desk: &Desk, door: &DoorOptions) -> anyhow::Result<()> {
    if is_local(&door.host) || door.without_users || !desk.block_on(read_users(desk))?.1.is_empty() {
        return Ok(());
    }
    refuse!(
        Exposed,
        "`{}` is reached by other machines, and there is no user to sign in\nhint: `kayoi user add NAME` adds one; --without-users lets everybody ask",
        door.host
    )
}

/// Whether an address is reached from this machine alone.
pub(super) fn is_local(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// The folder beside a lake's, or here when the lake is a bucket.
fn beside(lake: &Path) -> PathBuf {
    match lake.file_name() {
        Some(name) if !Location::is_bucket(lake) => {
            let mut name = name.to_owned();
            name.push(".journal");
            lake.with_file_name(name)
        }
        _ => PathBuf::from("kayoi.journal"),
    }
}

/// The sites whose pages may ask.
fn origins(named: &[String]) -> anyhow::Result<Origins> {
    if let Some(wrong) = named.iter().find(|origin| !Origins::is_origin(origin)) {
        refuse!(
            Argument,
            "`{wrong}` is no origin\nhint: --allow-origin https://example.jp, with a port where it has one"
        );
    }
    Ok(Origins::new(named.iter().cloned()))
}

/// Figures of a trial are for who tries out: other machines see them only when the operator says so.
fn refuse_trial_in_public(lake: &Path, door: &DoorOptions) -> anyhow::Result<()> {
    let is_real = Lake::open(lake)?.newest_release()?.is_some_and(|manifest| manifest.series == "real");
    if is_real {
        return Ok(());
    }
    if !is_local(&door.host) && !door.trial_is_public {
        refuse!(
            Exposed,
            "the figures of this lake are a trial, and `{}` is reached by other machines\nhint: `kayoi release begin` starts a real series; --trial-is-public shows the trial to everybody",
            door.host
        );
    }
    note("試行: 公表用ではない数値です。 TRIAL: figures are for trying out and not for decisions.");
    Ok(())
}

/// The certificate, where there is one. Who asked for TLS and cannot have it gets no server.
fn tls(door: &DoorOptions) -> anyhow::Result<Option<Tls>> {
    match (&door.tls_cert, &door.tls_key) {
        (Some(certificate), Some(key)) => Ok(Some(Tls::load(certificate, key)?)),
        _ => Ok(None),
    }
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
        anyhow::Error::new(error)
            .context(coded!(Address, "cannot listen on `{host}:{port}`\nhint: {way_out}"))
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
