//! `kayoi simulate`: a feed whose truth is known, and the score of a lake against it.

use std::time::Instant;

use anyhow::Context;
use kayoi_geography::Geography;
use kayoi_schemas::time::{Day, Month};
use kayoi_simulate::{
    Format, Lives, Preset, Progress, Society, World, Written, score, send_world, write_world,
};

use super::{definition, key, open};
use crate::args::{LivesName, PresetName, SimulateFormat, SimulateOptions};
use crate::coded::{coded, refuse};
use crate::progress::Bar;
use crate::screen::{count, line, note};

pub(crate) fn run(options: &SimulateOptions) -> anyhow::Result<()> {
    if options.score {
        return run_score(options);
    }
    let geography = Geography::open_or_simplified(options.geography.boundaries.as_deref())?;
    let world = world(options)?;
    let started = Instant::now();
    let bar = Bar::new("simulate");
    let mut show = |progress: Progress| {
        let share = f64::from(progress.day) / f64::from(progress.days.max(1));
        bar.show(share, format!("{} records", count(progress.records)));
    };
    let written = match (&options.kafka, &options.topic, &options.out) {
        (Some(brokers), Some(topic), _) => {
            send_world(&world, &geography, brokers, topic, options.truth.as_deref(), &mut show)?
        }
        (_, _, Some(out)) => {
            let format = match options.format {
                SimulateFormat::Ndjson => Format::Ndjson,
                SimulateFormat::Avro => Format::Avro,
                SimulateFormat::Parquet => Format::Parquet,
            };
            write_world(&world, &geography, out, format, &mut show)?
        }
        _ => refuse!(Argument, "nowhere to write\nhint: add --out DIR, or --kafka BROKERS --topic TOPIC"),
    };
    drop(bar);
    print(&written, started.elapsed().as_secs_f64(), options.json)?;
    if let (Some(out), false) = (&options.out, options.json) {
        note(format_args!(
            "next: kayoi ingest --file {}/pings --lake {}",
            out.display(),
            options.lake.lake.display()
        ));
    }
    Ok(())
}

fn world(options: &SimulateOptions) -> anyhow::Result<World> {
    let first_day = Day::parse(&options.first_day).with_context(|| {
        coded!(Argument, "`{}` is not a date\nhint: write it as 2025-04-01", options.first_day)
    })?;
    Ok(World {
        devices: options.devices,
        days: options.days,
        first_day,
        seed: options.seed,
        ways: match options.lives {
            LivesName::Plain => kayoi_simulate::Ways::Straight,
            LivesName::Real => kayoi_simulate::Ways::Real,
        },
        preset: match options.preset {
            PresetName::Easy => Preset::Easy,
            PresetName::Hard => Preset::Hard,
        },
        pings_per_day: options.pings_per_day,
        region: options.region.clone(),
        rebound: options.rebound,
        lives: match options.lives {
            LivesName::Plain => Lives::Plain,
            LivesName::Real => Lives::Real,
        },
        society: society(options)?,
        definition: options.definition.as_deref().map(|named| definition(Some(named))).transpose()?,
    })
}

/// Who is seen, which only real lives ask.
fn society(options: &SimulateOptions) -> anyhow::Result<Society> {
    let given = [
        ("--panel-percent", options.panel_percent.is_some()),
        ("--resets-percent", options.resets_percent.is_some()),
        ("--abroad-percent", options.abroad_percent.is_some()),
        ("--tied-factor", options.tied_factor.is_some()),
        ("--partners", options.partners.is_some()),
        ("--outage-days", options.outage_days.is_some()),
        ("--attributes", options.attributes.is_some()),
        ("--kinds", !options.kinds.is_empty()),
    ];
    let is_plain = matches!(options.lives, LivesName::Plain);
    if let Some((option, _)) = given.into_iter().find(|(_, is_given)| is_plain && *is_given) {
        refuse!(Argument, "{option} is for real lives\nhint: add --lives real, or leave {option} out");
    }
    let usual = Society::default();
    Ok(Society {
        panel_percent: options.panel_percent.unwrap_or(usual.panel_percent),
        resets_percent: options.resets_percent.unwrap_or(usual.resets_percent),
        abroad_percent: options.abroad_percent.unwrap_or(usual.abroad_percent),
        tied_factor: options.tied_factor.unwrap_or(usual.tied_factor),
        partners: options.partners.unwrap_or(usual.partners),
        outage_days: options.outage_days.unwrap_or(usual.outage_days),
        attributes_percent: options.attributes.unwrap_or(usual.attributes_percent),
        kinds: options.kinds.clone(),
    })
}

fn print(written: &Written, seconds: f64, as_json: bool) -> anyhow::Result<()> {
    if as_json {
        return line(serde_json::to_string(written)?);
    }
    line(format_args!(
        "wrote {} records = {} good + {} duplicates + {} malformed, in {seconds:.1} s",
        count(written.records),
        count(written.good),
        count(written.duplicates),
        count(written.malformed_total()),
    ))
}

fn run_score(options: &SimulateOptions) -> anyhow::Result<()> {
    let Some(truth) = &options.truth else {
        refuse!(Argument, "no truth to compare with\nhint: add --truth DIR")
    };
    let month = match &options.month {
        Some(text) => Some(
            Month::parse(text)
                .with_context(|| coded!(Argument, "`{text}` is not a month\nhint: write it as 2026-03"))?,
        ),
        None => None,
    };
    let lake = open(&options.lake.lake)?;
    let key = key(&options.key, &options.lake.lake, &lake)?;
    lake.check_key(&key.fingerprint())?;
    let score = score(truth, &lake, month, &|device_id| key.device(device_id))?;
    if options.json { line(serde_json::to_string(&score)?) } else { line(&score) }
}
