//! What is true of the figures that need more than one look at the truth: parts, ranks, sums of what is shown.
//!
//! In: the nation and a row of an answer. Out: people, percent or a rank; `None` where the nation has no truth of it.

use super::asked::TOWN;
use super::world::{Row, World, area, code};

/// The part of visitors by another municipality, percent.
pub fn flow(world: &World, row: &Row, direction: &str) -> Option<f64> {
    let other = code(&row.text("other")?, row.text("other_prefecture").as_deref())?;
    Some(world.percent("flows_monthly", TOWN, [(direction, &other), (direction, "all")]))
}

/// People there at the hour of a row, of those who stay so long, by level of origin.
pub fn presence(world: &World, row: &Row, town: &str, minutes: u8, level: &str) -> Option<f64> {
    let kind = format!("{}/{}/{minutes}", row.text("day_type")?, row.text("hour")?);
    Some(world.people("presence_hourly", town, &kind, level))
}

/// Whether a row is about a municipality, and not about all of them.
pub fn is_other(row: &Row) -> bool {
    row.text("other").is_some_and(|other| other != "all")
}

/// The rank of a municipality in its prefecture by visitors.
pub fn rank(world: &World, town: &str) -> f64 {
    let visitors = |town: &str| world.people("connected_monthly", town, "visitor", "all");
    let all = kayoi_geography::Register::japan().all().iter().map(|other| other.code.to_string());
    let more = all.filter(|other| other[..2] == town[..2] && visitors(other) > visitors(town));
    1.0 + more.count() as f64
}

/// Sums of what is true of the rows of a table that are shown: what an answer adds up.
fn of_shown(world: &World, shown: &str, is_in: &dyn Fn(&Row) -> bool, kind: &str) -> f64 {
    let table = if kind == "connected" { "connected_monthly" } else { "matching_yearly" };
    let rows = world.rows(shown);
    let of = |row: &Row| world.people(table, &row.text("town").unwrap(), kind, &row.text("origin").unwrap());
    rows.iter().filter(|row| is_in(row)).map(of).sum()
}

const ORIGINS_SHOWN: &str = "SELECT municipality_code AS town, other_code AS origin, \
    municipality_distance_km(municipality_code, other_code) AS km FROM matching_yearly \
    WHERE municipality_code = '20202' AND side = 'residence' AND kind = 'visitor' AND persons IS NOT NULL";

/// The visitors of the municipalities that are shown within a row's band of distance.
pub fn distance_band(world: &World, row: &Row) -> Option<f64> {
    let (from, to) = match row.text("distance")?.split(':').next()? {
        "1" => (0.0, 40.0),
        "2" => (40.0, 100.0),
        "3" => (100.0, 300.0),
        _ => (300.0, f64::INFINITY),
    };
    let is_in = |shown: &Row| shown.number("km").is_some_and(|km| from <= km && km < to);
    Some(of_shown(world, ORIGINS_SHOWN, &is_in, "residence/visitor"))
}

const PAIRS_SHOWN: &str = "SELECT municipality_code AS town, origin_code AS origin FROM connected_monthly \
    WHERE kind = 'connected' AND origin_level = 'prefecture' AND persons IS NOT NULL";
/// The prefectures of the three metropolitan areas.
const METROPOLITAN: [&str; 11] = ["11", "12", "13", "14", "21", "23", "24", "26", "27", "28", "29"];

/// The ties of a row's two kinds of prefectures, over the pairs that are shown.
pub fn metro_to_local(world: &World, row: &Row) -> Option<f64> {
    let (from, to) = (row.text("lives_in")?, row.text("connected_to")?);
    let is_in = |word: &str, code: &str| (word == "metropolitan") == METROPOLITAN.contains(&&code[..2]);
    let of_both = |shown: &Row| {
        is_in(&from, &shown.text("origin").unwrap()) && is_in(&to, &shown.text("town").unwrap())
    };
    Some(of_shown(world, PAIRS_SHOWN, &of_both, "connected"))
}

/// The code of a row's origin; `None` of blocks.
pub fn origin(row: &Row) -> Option<String> {
    match row.text("origin_level")?.as_str() {
        level @ ("all" | "inside" | "outside") => Some(level.to_owned()),
        "prefecture" => area(&row.text("origin")?),
        _ => None,
    }
}
