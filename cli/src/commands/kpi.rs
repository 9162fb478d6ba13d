//! `kayoi kpi`: what a town aims at, and what became of it.

use anyhow::Context;
use kayoi_query::{
    Asked, Asker, Direction, Door, Level, NewTarget, ParameterType, Sight, TargetError, add_target,
    remove_target, rfc3339, sight, sight_question,
};
use kayoi_schemas::time::Clock;
use serde_json::json;

use super::open;
use super::query::service;
use crate::args::{AnswerFormat, AskOptions, AskValues, KpiAction, KpiAdd, KpiLevel, KpiOptions, KpiTown};
use crate::screen::{count, line, note};

pub(crate) fn run(options: &KpiOptions) -> anyhow::Result<()> {
    match &options.action {
        KpiAction::Add(add) => added(add),
        KpiAction::List(list) => super::ask::run(&AskOptions {
            name: "targets".to_owned(),
            values: AskValues { town: Some(list.town.town.clone()), ..AskValues::default() },
            lang: list.lang,
            format: AnswerFormat::Table,
            json: list.json,
            lake: list.town.lake.clone(),
            geography: list.town.geography.clone(),
        }),
        KpiAction::Remove(remove) => {
            let (town, desk) = (code(&remove.town)?, open(&remove.town.lake.lake)?.desk());
            desk.block_on(remove_target(&desk, &town, remove.number))?;
            note(format_args!("target {} of {town} is gone", remove.number));
            Ok(())
        }
    }
}

/// The code of the town that is meant.
fn code(town: &KpiTown) -> anyhow::Result<String> {
    Ok(ParameterType::Municipality.code(&town.town)?)
}

fn added(add: &KpiAdd) -> anyhow::Result<()> {
    let level = match add.level {
        KpiLevel::Kgi => Level::Kgi,
        KpiLevel::Ksi => Level::Ksi,
        KpiLevel::Kpi => Level::Kpi,
    };
    let new = NewTarget {
        town: code(&add.town)?,
        name: add.name.clone(),
        level,
        kind: add.kind.clone(),
        direction: if add.at_most { Direction::AtMost } else { Direction::AtLeast },
        fiscal_year: add.fiscal_year,
        persons: add.persons,
        baseline_fiscal_year: add.baseline_fiscal_year,
    };
    let new = new.checked()?;
    let lake = open(&add.town.lake.lake)?;
    let release = lake.newest_release()?.ok_or(TargetError::NoRelease)?;
    let seen = seen(add, &new)?;
    let target = new.written(&release, None, rfc3339(Clock::System.now()));
    let desk = lake.desk();
    let target = desk.block_on(add_target(&desk, target)).context("the target is not written")?;
    if add.json {
        return line(json!({ "target": target, "sight": seen }));
    }
    line(format_args!(
        "{}  {}  {}年度  {}人",
        target.number, target.new.name, target.new.fiscal_year, target.new.persons
    ))?;
    match seen {
        Sight::Seen(seen) => {
            let (persons, change) = (count(seen.persons as u64), count(seen.recognized_change as u64));
            line(format_args!(
                "いまは約{persons}人。{change}人の本当の変化は、10回のうち8回わかります。\n\
                 Now about {persons} people; a true change of {change} is recognized in 8 of 10 cases."
            ))?;
            if !seen.is_target_in_sight {
                note(
                    "目標はそれより近く、達成しても判定不能になりがちです。 The target is nearer than that: often nothing will be decided.",
                );
            }
        }
        Sight::BelowSight { ask_instead, .. } => {
            let instead = ask_instead.unwrap_or_else(|| "connected_by_period".to_owned());
            note(format_args!(
                "この大きさでは値が出ていません。{instead} の値を目標にしてください。 No figure is shown at this size; aim at one of {instead}."
            ));
        }
    }
    Ok(())
}

/// What the newest figure says of a target.
fn seen(add: &KpiAdd, new: &NewTarget) -> anyhow::Result<Sight> {
    let service = service(&add.town.lake, &add.town.geography)?;
    let asked = Asked::new(Asker::Anonymous, Door::CommandLine, sight_question(&new.town, &new.kind));
    let rows = tokio::runtime::Runtime::new()?.block_on(service.rows(asked))?.cells()?;
    Ok(sight(rows.first(), new.persons))
}
