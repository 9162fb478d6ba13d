//! Residents, commuters, outings and visitors → people in each town by hour.
//!
//! In: who lives where, works where and visits what. Out: cells of presence, and a [`Presence`]. Whoever is in one
//! place is missing in another: commuters and people on an outing at home, visitors in the towns of the prefecture
//! that they come from, so that all towns together have at each hour everybody who is not under way.

use kayoi_schemas::figure::{Cube, Dimension};

use super::super::town::PREFECTURES;
use super::context::Context;
use super::hours::{AT_WORK, DAY_VISITOR, GUEST, Hours, OUTING, UNDER_WAY};
use super::sheet::Sheet;
use super::stays::Stay;
use super::visits::Visits;
use super::work::Edge;

/// Share of days of work that are days off.
const WORK_ON_DAYS_OFF: f64 = 0.08;
/// Guests of a night before a day off, for each before a weekday: a third more, and what the town draws.
const NIGHT_OFF: f64 = 0.5;
/// Of the people at the hours of RESAS, those who stay for two hours or more: residents, others of the prefecture, of
/// the block, people from beyond.
const LONG: [[f64; 4]; 4] =
    [[0.97, 0.95, 0.96, 0.96], [0.88, 0.8, 0.74, 0.74], [0.86, 0.78, 0.7, 0.7], [0.94, 0.82, 0.8, 0.8]];
const RESAS_HOURS: [usize; 4] = [4, 10, 14, 20];

/// People of a town by hour, in devices.
#[derive(Clone, Copy)]
pub(super) struct Presence {
    /// Residents, others of the prefecture, of the block, people from beyond.
    pub(super) groups: [Hours; 4],
    /// Residents in the town and not at home.
    pub(super) out_of_home: Hours,
}

const NOBODY: Hours = [[0.0; 24]; 2];

/// Hours of both types of day.
fn all_hours() -> impl Iterator<Item = (usize, usize)> {
    (0..2).flat_map(|day_type| (0..24).map(move |hour| (day_type, hour)))
}

/// Draws and writes who is where.
pub(super) fn write(
    context: &Context<'_>,
    visits: &[Visits],
    stays: &[Stay],
    edges: &[Edge],
    sheet: &mut Sheet,
) -> Vec<Presence> {
    let mut towns = at_home(context);
    edges.iter().for_each(|edge| commute(context, edge, &mut towns));
    context.towns().for_each(|home| go_out(context, home, &mut towns));
    visit(context, visits, stays, &mut towns);
    for presence in &mut towns {
        for (day_type, hour) in all_hours() {
            let there = 1.0 - UNDER_WAY[day_type][hour];
            presence.groups.iter_mut().for_each(|group| group[day_type][hour] *= there);
            presence.out_of_home[day_type][hour] *= there;
        }
    }
    towns.iter().enumerate().for_each(|(town, presence)| put(context, town, presence, sheet));
    towns
}

fn at_home(context: &Context<'_>) -> Vec<Presence> {
    let of = |residents: &u32| {
        let residents = [[f64::from(*residents); 24]; 2];
        Presence { groups: [residents, NOBODY, NOBODY, NOBODY], out_of_home: NOBODY }
    };
    context.nation.residents.iter().map(of).collect()
}

fn commute(context: &Context<'_>, edge: &Edge, towns: &mut [Presence]) {
    let shares = [1.0 - WORK_ON_DAYS_OFF, WORK_ON_DAYS_OFF];
    for (day_type, hour) in all_hours() {
        let days = edge.work_days * shares[day_type] / context.days[day_type].max(1.0);
        let people = days.min(edge.commuters) * AT_WORK[day_type][hour];
        leave(context, (edge.home, edge.work), (day_type, hour), people, towns);
    }
}

fn go_out(context: &Context<'_>, home: usize, towns: &mut [Presence]) {
    let residents = f64::from(context.nation.residents[home]);
    for near in &context.nation.near[home] {
        for (day_type, hour) in all_hours() {
            let people = residents * OUTING[day_type][hour] * near.outing;
            leave(context, (home, near.town), (day_type, hour), people, towns);
        }
    }
}

/// Moves people out of their homes, and to another town if it is another one.
fn leave(
    context: &Context<'_>,
    (home, to): (usize, usize),
    (day_type, hour): (usize, usize),
    people: f64,
    towns: &mut [Presence],
) {
    if home == to {
        towns[home].out_of_home[day_type][hour] += people;
    } else {
        towns[home].groups[0][day_type][hour] -= people;
        towns[to].groups[context.group(to, home)][day_type][hour] += people;
    }
}

/// Moves visitors from the towns of the prefectures that they come from.
fn visit(context: &Context<'_>, visits: &[Visits], stays: &[Stay], towns: &mut [Presence]) {
    let mut away = [NOBODY; PREFECTURES];
    for (town, (visits, stay)) in visits.iter().zip(stays).enumerate() {
        let leisure = context.nation.towns[town].leisure;
        let draws = [1.0, 1.0 + NIGHT_OFF * (leisure - 1.0)];
        let nights: f64 = context.days.iter().zip(draws).map(|(days, draw)| days * draw).sum();
        for (origin, away) in away.iter_mut().enumerate() {
            let group = super::context::group(context.prefecture(town), origin);
            for (day_type, hour) in all_hours() {
                let guests = stay.nights_from[origin] * draws[day_type] / nights;
                let days = visits.days(day_type, origin) as f64 / context.days[day_type].max(1.0);
                let people = guests * GUEST[hour] + days * DAY_VISITOR[hour];
                towns[town].groups[group][day_type][hour] += people;
                away[day_type][hour] += people;
            }
        }
    }
    let mut residents = [0.0; PREFECTURES];
    for (town, count) in context.nation.residents.iter().enumerate() {
        residents[context.prefecture(town)] += f64::from(*count);
    }
    for (town, presence) in towns.iter_mut().enumerate() {
        let prefecture = context.prefecture(town);
        let share = f64::from(context.nation.residents[town]) / residents[prefecture].max(1.0);
        for (day_type, hour) in all_hours() {
            let here = &mut presence.groups[0][day_type][hour];
            *here = (*here - share * away[prefecture][day_type][hour]).max(0.0);
        }
    }
}

fn put(context: &Context<'_>, town: usize, presence: &Presence, sheet: &mut Sheet) {
    let area = context.area(town);
    let per_one = f64::from(Cube::PresenceMonthly.declaration().per_one);
    let parts = |people: f64| (people * per_one).round() as u64;
    for (group, hours) in presence.groups.iter().enumerate() {
        for (day_type, hour) in all_hours() {
            let class = [(Dimension::DayType, day_type), (Dimension::Hour, hour), (Dimension::Group, group)];
            sheet.put(Cube::PresenceMonthly, area, class, parts(hours[day_type][hour]));
        }
        for (day_type, (at, hour)) in
            (0..2).flat_map(|day_type| RESAS_HOURS.iter().enumerate().map(move |at| (day_type, at)))
        {
            let class =
                [(Dimension::DayType, day_type), (Dimension::ResasHour, at), (Dimension::Group, group)];
            let people = hours[day_type][*hour] * LONG[at][group];
            sheet.put(Cube::LongPresenceMonthly, area, class, parts(people));
        }
    }
}
