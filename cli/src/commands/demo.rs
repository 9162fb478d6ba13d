//! `kayoi demo`: the whole walk on a simulated feed, five questions, a server.
//!
//! The simulated people live all over Japan and are tied to a handful of towns, so that a small panel gives
//! figures that may be published. Every figure is of the simulated panel, and the screen says so.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context;
use kayoi_geography::Geography;
use kayoi_ingest::feed::Feed;
use kayoi_ingest::metrics::Metrics;
use kayoi_ingest::pseudonymize::PseudonymKey;
use kayoi_ingest::sensitive::SensitivePlaces;
use kayoi_ingest::source::Input;
use kayoi_ingest::source::file::{FileOptions, TextOptions};
use kayoi_ingest::{Pipeline, PipelineOptions, Summary};
use kayoi_lake::Lake;
use kayoi_query::{Asked, Asker, Catalog, Door, Engine, Limits, Question, Rendering, Service};
use kayoi_release::{ReleaseOptions, Series};
use kayoi_schemas::definition::Definition;
use kayoi_schemas::time::Day;
use kayoi_simulate::{Preset, Ways, World, write_world};

use super::{aggregate as aggregate_command, ingest as ingest_command};
use crate::args::DemoOptions;
use crate::coded::refuse;
use crate::progress::Bar;
use crate::run_record::{Step, recorded};
use crate::screen::{bytes, count, line, note};
use crate::{page, stop};

/// Towns that the simulated people are tied to: 富士河口湖町, 茅野市, 軽井沢町, 白馬村.
const TOWNS: [&str; 4] = ["19430", "20214", "20321", "20485"];

/// Months of the nation, the last of which is not over.
const MONTHS: u32 = 37;
/// The same where it is served beside the walk: enough for a change on the year.
const MONTHS_BESIDE: u32 = 15;
/// Of these so many have rows by origin, which are most of a release and are looked at in the newest months.
const ORIGIN_MONTHS_BESIDE: u32 = 3;

/// Written into the demo's folder, so that only such a folder is ever emptied.
const MARK: &str = ".kayoi-demo";

pub(crate) fn run(options: &DemoOptions) -> anyhow::Result<()> {
    let started = Instant::now();
    prepare(&options.dir)?;
    if options.nation {
        return nation(options, started);
    }
    let geography = Arc::new(Geography::open_or_simplified(options.geography.boundaries.as_deref())?);
    note(format_args!("municipalities: {}", geography.edition()));
    let feed = options.dir.join("feed");
    simulate(options, &geography, &feed)?;
    let lake = Lake::open(&options.dir.join("lake"))?;
    ingest(&lake, &geography, &feed.join("pings"), &options.dir.join("lake.key"))?;
    measure(&lake, &geography)?;
    ask(&lake, &geography)?;
    line(format_args!(
        "\nシミュレーションによる {} 台の端末の数値であり、実在の人ではない。",
        count(u64::from(options.devices))
    ))?;
    line("Figures are of simulated devices, not of people. The whole walk took:")?;
    line(format_args!("{:.1} s\n", started.elapsed().as_secs_f64()))?;
    note(format_args!("next: kayoi query --lake {} \"SELECT …\"", options.dir.join("lake").display()));
    note(format_args!(
        "      kayoi simulate --score --truth {} --lake {}",
        feed.join("truth").display(),
        options.dir.join("lake").display()
    ));
    if options.no_serve {
        return Ok(());
    }
    serve_with_nation(options, &geography)
}

/// Serves the lake of the walk, and beside it a nation: the walk's few people tie themselves to four towns, a page wants to
/// be looked at with a whole country.
fn serve_with_nation(options: &DemoOptions, geography: &Arc<Geography>) -> anyhow::Result<()> {
    let dir = options.dir.join("nation");
    let lake = Lake::open(&dir)?;
    super::nation::fill(&lake, options.seed, options.nation_months.unwrap_or(MONTHS_BESIDE))?;
    super::nation::release(&lake, geography, ORIGIN_MONTHS_BESIDE)?;
    let town = town_to_open(&lake, geography)?;
    let mut door = options.door.clone();
    for port in [&mut door.pg_port, &mut door.http_port, &mut door.flight_port] {
        // 0 takes a free one.
        *port = if *port == 0 { 0 } else { port.saturating_add(1) };
    }
    let address = format!("http://{}:{}", door.host, door.http_port);
    if page::is_built() {
        line(format_args!("\n画面 / The page:  {address}/t/{town}"))?;
    } else {
        line(format_args!(
            "\nSQLだけの画面 / A small page for SQL, since this program was built without Node:  {address}/"
        ))?;
    }
    line(
        "全国の数値はシミュレーションであり、実在の人ではない。 The nation is simulated; nobody stands behind it.\n",
    )?;
    let borders = options.geography.clone();
    // Not waited for: where the other cannot begin, or ends, all ends.
    let nation = std::thread::spawn(move || super::serve::serve(&dir, &borders, &door, "nation: "));
    super::serve::serve(&options.dir.join("lake"), &options.geography, &options.door, "pings:  ")?;
    nation.join().unwrap_or_else(|_| refuse!(Defect, "the server of the nation failed"))
}

/// A town with figures, for the page to open on: the one of the examples, or else the one with most people.
fn town_to_open(lake: &Lake, geography: &Arc<Geography>) -> anyhow::Result<String> {
    const MOST: &str = "SELECT municipality_code FROM connected_monthly \
        WHERE kind = 'connected' AND origin_code = 'all' AND status = 'published' \
          AND month = (SELECT max(month) FROM connected_monthly WHERE status = 'published') \
        ORDER BY municipality_code = '20321' DESC, persons DESC LIMIT 1";
    let service = service(lake, geography)?;
    let asked = Asked::new(Asker::Anonymous, Door::CommandLine, MOST);
    let rows = tokio::runtime::Runtime::new()?.block_on(service.rows(asked))?.cells()?;
    let town = rows.first().and_then(|row| row.get("municipality_code")).and_then(|code| code.as_str());
    Ok(town.unwrap_or("20321").to_owned())
}

/// The release of a nation, without pings.
fn nation(options: &DemoOptions, started: Instant) -> anyhow::Result<()> {
    let geography = Arc::new(Geography::open_or_simplified(options.geography.boundaries.as_deref())?);
    let lake = Lake::open(&options.dir.join("lake"))?;
    super::nation::fill(&lake, options.seed, options.nation_months.unwrap_or(MONTHS))?;
    super::nation::release(&lake, &geography, super::nation::FINE_MONTHS)?;
    ask(&lake, &geography)?;
    line("\nシミュレーションによる集計値であり、実在の人ではない。")?;
    line(format_args!(
        "Counts are simulated; nobody stands behind them. It took {:.1} s\n",
        started.elapsed().as_secs_f64()
    ))?;
    note(format_args!("next: kayoi release show --lake {}", options.dir.join("lake").display()));
    if options.no_serve {
        return Ok(());
    }
    super::serve::serve(&options.dir.join("lake"), &options.geography, &options.door, "")
}

/// Empties the folder of an earlier demo. A folder that no demo made is left alone.
fn prepare(dir: &Path) -> anyhow::Result<()> {
    let is_filled = dir.is_dir() && dir.read_dir()?.next().is_some();
    if is_filled {
        if !dir.join(MARK).exists() {
            refuse!(
                Argument,
                "`{}` is not empty and no demo made it\nhint: name another folder with --dir",
                dir.display()
            );
        }
        std::fs::remove_dir_all(dir)?;
    }
    std::fs::create_dir_all(dir).with_context(|| format!("cannot make `{}`", dir.display()))?;
    std::fs::write(dir.join(MARK), "made by `kayoi demo`, which empties it\n")?;
    Ok(())
}

fn simulate(options: &DemoOptions, geography: &Geography, out: &Path) -> anyhow::Result<()> {
    let world = World {
        devices: options.devices,
        days: options.days,
        first_day: Day::from_ymd(2025, 4, 1).unwrap_or(Day(20_179)),
        seed: options.seed,
        ways: Ways::Straight,
        preset: Preset::Easy,
        // What a phone with one app sends, and little enough that the demo stays under two minutes.
        pings_per_day: Some(24.0),
        region: TOWNS.map(str::to_owned).to_vec(),
        ..World::default()
    };
    let step = Instant::now();
    let bar = Bar::new("simulate");
    let written = write_world(&world, geography, out, kayoi_simulate::Format::Ndjson, &mut |progress| {
        bar.show(f64::from(progress.day) / f64::from(progress.days.max(1)), count(progress.records));
    })?;
    drop(bar);
    line(format_args!(
        "simulate   {} records of {} people over {} days, in {:.1} s",
        count(written.records),
        count(u64::from(options.devices)),
        options.days,
        step.elapsed().as_secs_f64()
    ))
}

fn ingest(lake: &Lake, geography: &Geography, pings: &Path, key_file: &Path) -> anyhow::Result<()> {
    let key = PseudonymKey::load_or_create(key_file)?;
    let options = PipelineOptions::default();
    let stop = stop::flag()?;
    let metrics = Metrics::default();
    let sensitive = SensitivePlaces::none();
    let pipeline = Pipeline {
        lake,
        geography,
        sensitive: &sensitive,
        key: &key,
        options: &options,
        stop: &stop,
        metrics: &metrics,
    };
    let step = Instant::now();
    let bar = Bar::new("ingest");
    let mut show =
        |summary: &Summary, share: Option<f64>| bar.show(share.unwrap_or(0.0), count(summary.records.read));
    let feed = Arc::new(Feed::new("simulated"));
    let chunk_records = options.chunk_records();
    let files = FileOptions {
        feed,
        format: None,
        text: TextOptions::default(),
        job: "demo".to_owned(),
        chunk_records,
        again: false,
    };
    let summary = pipeline.run(Input::Files(pings.to_owned(), files), &mut show)?;
    drop(bar);
    ingest_command::print(&summary, step.elapsed(), false)
}

fn measure(lake: &Lake, geography: &Geography) -> anyhow::Result<()> {
    let options = kayoi_aggregate::AggregateOptions::new(Definition::connected_2026()?);
    // Fixed, so that whoever runs the demo sees the same figures.
    let out = ReleaseOptions::new(options.definition.clone(), geography, Series::Trial { seed: 1 });
    let step = Instant::now();
    // As `kayoi aggregate` leaves it, so that `kayoi lake runs` has something to show.
    recorded(Step::Aggregate, lake, None, |figures| {
        let (measured, released) = aggregate_command::measure_and_release(lake, &options, &out)?;
        aggregate_command::note_measured(figures, &measured, u64::from(lake.buckets()?.count()));
        aggregate_command::print(&measured, &released, lake.location().traffic(), step.elapsed(), false)
    })
}

/// Answers questions about a lake in this process.
fn service(lake: &Lake, geography: &Arc<Geography>) -> anyhow::Result<Service> {
    let catalog = Catalog::from_releases(&lake.release_reader());
    Ok(Service::here(Arc::new(Engine::new(catalog, geography.clone(), Limits::default())?))?)
}

fn ask(lake: &Lake, geography: &Arc<Geography>) -> anyhow::Result<()> {
    let service = service(lake, geography)?;
    let runtime = tokio::runtime::Runtime::new()?;
    for (number, question) in Question::all()?.iter().take(Question::FIRST).enumerate() {
        let (title, sql) = (question.example_title(), question.example_sql()?);
        line(format_args!("\n{}. {}\n   {}\n\n{sql}\n", number + 1, title.ja, title.en))?;
        let asked = Asked::new(Asker::Anonymous, Door::CommandLine, sql);
        bytes(runtime.block_on(service.answer(asked, Rendering::Table))?.into_reader()?)?;
    }
    Ok(())
}
