//! Towns where somebody stayed long, once: a hospital, a birth at the parents'.
//!
//! In: a life and a window. Out: the towns with a run of nights as long as a season and no other nights, before or
//! after. Obon and New Year are no return: nearly everybody visits kin then. Who works there has a
//! season of work, which is a tie. The days of a long stay are no visits; other days there are.

use std::collections::BTreeMap;

use kayoi_schemas::calendar::is_near_kin_visit_period;
use kayoi_schemas::definition::Thresholds;
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::Day;

use super::life::Life;
use super::window::Window;
use crate::people::{Aim, Person};
use crate::world::World;

/// First and last night of a long stay, by town.
pub(super) type LongStays = BTreeMap<MunicipalityCode, (Day, Day)>;

pub(super) fn long_stays(
    person: &Person,
    life: &Life,
    window: Window,
    (world, limits): (&World, &Thresholds),
) -> LongStays {
    let return_days = limits.long_stay_return_days.get();
    let works_in = |town: MunicipalityCode| {
        person.spells.iter().any(|spell| spell.aim == Aim::SeasonalWork && spell.bed.town == town)
    };
    let lives_in = |town: MunicipalityCode| person.homes.iter().any(|home| home.spot.town == town);
    let returns = |town: MunicipalityCode, (first, last): (Day, Day)| {
        let mut ever = (world.first_day.0..=window.until.0).map(Day);
        ever.any(|night| {
            let is_apart = night.0 <= first.0 - return_days || night.0 >= last.0 + return_days;
            is_apart && !is_near_kin_visit_period(night) && life.night(world, night) == Some(town)
        })
    };
    let by_town = life.nights_by_town(world, (window.from, window.until)).into_iter();
    let is_long_stay = |(town, nights): (MunicipalityCode, Vec<Day>)| {
        if lives_in(town) || works_in(town) {
            return None;
        }
        let is_elsewhere = |night: i32| life.night(world, Day(night)).is_some_and(|slept| slept != town);
        let runs = nights.chunk_by(|a, b| !(a.0 + 1..b.0).any(is_elsewhere));
        let run = runs.max_by_key(|run| run.len())?;
        let season = (start(life, world, (town, return_days), *run.first()?), *run.last()?);
        let is_long = run.len() as u32 >= limits.second_residence_run_nights.get();
        (is_long && !returns(town, season)).then_some((town, season))
    };
    by_town.filter_map(is_long_stay).collect()
}

/// The first night of a run that may have begun before the window: that is no earlier visit.
fn start(life: &Life, world: &World, (town, return_days): (MunicipalityCode, i32), first: Day) -> Day {
    let mut start = first;
    let is_there = |night: &Day| life.night(world, *night) == Some(town);
    while let Some(earlier) = (1..return_days).map(|days| start.plus(-days)).find(is_there) {
        start = earlier;
    }
    start
}
