//! What everybody did in a month, as sums: the truth of the figures that a release gives of activity.
//!
//! In: one person's life at a time, with its residences, ties and work by the truth's rules. Out: `activity`, sums of
//! people by municipality for each of the last three full months, so that a release is held against them and no
//! person is written. Everybody counts who has a residence in the month, with a phone or without; visitors from
//! abroad do not. What one measure says of a person is in `presence`, `visitor` and `work`; which days are
//! visits is in `visits`, by the truth's rules for ties.
//!
//! | measure | class | other | value |
//! |---|---|---|---|
//! | `presence_30`, `presence_120` | | | people who stand there at half past `hour`, on the mean day of `day_type`, in a time there of so many minutes |
//! | `pattern` | `day_trip`, `overnight_here`, `overnight_elsewhere`, `both` | | people, split evenly over their visits |
//! | `nights` | `1`, `2`, `3`, `4_6`, `7_plus` | | people, split over their visits with a night |
//! | `person_nights`, `person_nights_capped` | | | nights of visits; of one person 20 at most |
//! | `hours` | `under_2h`, `2_4h`, `4_6h`, `6h_plus` | | people, split over their day trips |
//! | `before`, `after` | | municipality, or empty at the world's ends | people, split over their visits |
//! | `lodging` | | municipality | people, split over the nights of their trips that were not at a residence |
//! | `trip_size` | `1`, `2`, `3`, `4_plus` | | people, split over their visits, by municipalities of the trip |
//! | `pair` | | municipality | the same, of trips that visited the other municipality too |
//! | `commuters`, `teleworkers` | `residence`, `workplace` | | people |
//! | `telework_days`, `work_days` | the same | | days |
//! | `km_gross`, `rebound_km` | the same | | kilometres that telework saved, and of errands instead |
//! | `municipalities_per_person` | `1`, `2`, `3`, `4_plus` | | people who live in a prefecture (or `JP`), by municipalities that they are connected to |

use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::{Day, Month};

use super::life::Life;
use super::rules::{Residence, Rules, Tie};
use crate::people::Person;

mod figures;
mod presence;
mod visits;
mod visitor;
mod work;
mod rows;

use figures::Key;
pub(super) use figures::{Added, Figures};
pub(super) use rows::write;

/// The first day of the walk that is looked at: a visit, and a time in one place, begins long before its month.
pub(super) fn walk_from(months: &[Month]) -> Day {
    months.first().map_or(Day(i32::MAX), |month| month.plus(-12).first_day())
}

/// Where somebody lives in a month.
#[derive(Debug, Clone)]
struct Lives {
    month: Month,
    primary: MunicipalityCode,
    /// All residences.
    all: Vec<MunicipalityCode>,
}

/// What a person adds to the sums.
pub(super) fn of_person(
    rules: &Rules,
    person: &Person,
    life: &Life,
    (residences, ties): (&[Residence], &[Tie]),
) -> Added {
    let mut added = Added::default();
    if !person.is_domestic() {
        return added;
    }
    let lives: Vec<Lives> =
        rules.last_months().iter().filter_map(|month| lives(residences, *month)).collect();
    presence::add(rules, life, &lives, &mut added);
    let standings = visits::standings(&life.walk);
    let places = rules.workplaces(person, life, (rules.world.first_day, rules.world.last_day()));
    for lives in &lives {
        let visitor = visits::Visitor { rules, person, life, lives, standings: &standings };
        visitor::add(&visitor.journeys(), lives, &mut added);
        for place in places.iter().filter(|place| place.month == lives.month) {
            work::add(rules, life, lives, place, &mut added);
        }
        connected(rules, lives, ties, &mut added);
    }
    added
}

fn lives(residences: &[Residence], month: Month) -> Option<Lives> {
    let of_month = || residences.iter().filter(|residence| residence.month == month);
    let primary = of_month().find(|residence| residence.rank == 1)?.town;
    Some(Lives { month, primary, all: of_month().map(|residence| residence.town).collect() })
}

/// To how many municipalities the person is connected, when the world knows all twelve months.
fn connected(rules: &Rules, lives: &Lives, ties: &[Tie], added: &mut Added) {
    if lives.month.plus(-11).first_day() < rules.world.first_day {
        return;
    }
    let is_connected = |tie: &&Tie| tie.month == lives.month && tie.is_connected;
    let count = ties.iter().filter(is_connected).count();
    if count == 0 {
        return;
    }
    for area in [figures::Area::Prefecture(lives.primary.prefecture()), figures::Area::Japan] {
        let key = Key::of(lives.month, figures::Measure::MunicipalitiesPerPerson, area);
        added.add(Key { class: up_to_four(count), ..key }, 1.0);
    }
}

/// A count of municipalities as a class.
fn up_to_four(count: usize) -> &'static str {
    match count {
        0 | 1 => "1",
        2 => "2",
        3 => "3",
        _ => "4_plus",
    }
}

#[cfg(test)]
mod story;
#[cfg(test)]
#[path = "activity_tests.rs"]
mod tests;
#[cfg(test)]
#[path = "sums_tests.rs"]
mod sums_tests;
