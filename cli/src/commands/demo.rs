//! `kayoi demo`: the whole walk on a simulated feed, five questions, a server.
//!
//! The simulated people live all over Japan and are tied to a handful of towns, so that a small panel gives
//! figures that may be published. Every figure is of the simulated panel, and the screen says so.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, bail};
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
use crate::progress::Bar;
use crate::screen::{bytes, count, line, note};
use crate::stop;

/// Towns that the simulated people are tied to: 富士河口湖町, 茅野市, 軽井沢町, 白馬村.
const TOWNS: [&str; 4] = ["19430", "20214", "20321", "20485"];

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
    super::serve::serve(&options.dir.join("lake"), &options.geography, &options.door)
}

/// The release of a nation, without pings.
fn nation(options: &DemoOptions, started: Instant) -> anyhow::Result<()> {
    let geography = Arc::new(Geography::open_or_simplified(options.geography.boundaries.as_deref())?);
    let lake = Lake::open(&options.dir.join("lake"))?;
    super::nation::fill(&lake, options.seed)?;
    super::nation::release(&lake, &geography)?;
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
    super::serve::serve(&options.dir.join("lake"), &options.geography, &options.door)
}

/// Empties the folder of an earlier demo. A folder that no demo made is left alone.
fn prepare(dir: &Path) -> anyhow::Result<()> {
    let is_filled = dir.is_dir() && dir.read_dir()?.next().is_some();
    if is_filled {
        if !dir.join(MARK).exists() {
            bail!(
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
    let (measured, released) = aggregate_command::measure_and_release(lake, &options, &out)?;
    aggregate_command::print(&measured, &released, lake.location().traffic(), step.elapsed(), false)
}

fn ask(lake: &Lake, geography: &Arc<Geography>) -> anyhow::Result<()> {
    let catalog = Catalog::from_releases(&lake.release_reader());
    let service = Service::here(Arc::new(Engine::new(catalog, geography.clone(), Limits::default())?))?;
    let runtime = tokio::runtime::Runtime::new()?;
    for (number, question) in Question::all()?.iter().take(Question::FIRST).enumerate() {
        let (title, sql) = (question.example_title(), question.example_sql()?);
        line(format_args!("\n{}. {}\n   {}\n\n{sql}\n", number + 1, title.ja, title.en))?;
        let asked = Asked::new(Asker::Anonymous, Door::CommandLine, sql);
        bytes(runtime.block_on(service.answer(asked, Rendering::Table))?.into_reader()?)?;
    }
    Ok(())
}
