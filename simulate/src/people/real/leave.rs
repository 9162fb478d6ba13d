//! Days off: eleven a year, most of them in August, around the holidays of May and at the turn of the year.
//!
//! In: a world. Out: working days on which somebody does not work, in order. They are what telework is taken
//! for: a commuter who is at home on a working day.

use kayoi_schemas::time::Day;
use rand::Rng;
use rand::rngs::SmallRng;

use crate::random::{chance, round};
use crate::world::World;

const DAYS_A_YEAR: f64 = 11.0;
/// Month and date of a season's first day, its days, and the chance that somebody takes its working days off.
const SEASONS: [((u32, u32), i32, f64); 3] = [((8, 10), 8, 0.8), ((4, 28), 9, 0.6), ((12, 27), 9, 0.7)];

/// Draws somebody's days off in a world.
pub(super) fn leave(world: &World, rng: &mut SmallRng) -> Vec<Day> {
    let (first, last) = (world.first_day, world.last_day());
    let wanted = round(rng, DAYS_A_YEAR * f64::from(world.days) / 365.0) as usize;
    let mut days = Vec::with_capacity(wanted);
    for year in first.ymd().0..=last.ymd().0 {
        for ((month, date), length, taken) in SEASONS {
            let Some(start) = Day::from_ymd(year, month, date).filter(|_| chance(rng, taken)) else {
                continue;
            };
            let season = (0..length).map(|number| start.plus(number));
            days.extend(season.filter(|day| (first..=last).contains(day) && day.is_working_day()).take(4));
        }
    }
    for _ in 0..20 * wanted {
        if days.len() >= wanted {
            break;
        }
        let day = first.plus(rng.random_range(0..world.days as i32));
        if day.is_working_day() && !days.contains(&day) {
            days.push(day);
        }
    }
    days.truncate(wanted);
    days.sort_unstable();
    days.dedup();
    days
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;
    use crate::toy::small_world;

    #[test]
    fn eleven_days_a_year_are_off_and_most_of_them_in_three_seasons() {
        let world = World { days: 365, ..small_world() };
        let mut in_season = 0;
        for seed in 0..200 {
            let days = leave(&world, &mut SmallRng::seed_from_u64(seed));
            assert_eq!(days.len(), 11);
            assert!(days.is_sorted() && days.iter().all(|day| day.is_working_day()));
            in_season += days.iter().filter(|day| matches!(day.ymd().1, 1 | 4 | 5 | 8 | 12)).count();
        }
        assert!((1_100..1_900).contains(&in_season), "{in_season} of 2200");
    }
}
