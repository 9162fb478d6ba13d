//! Errands on days of telework that would otherwise be done on the way to work.
//!
//! In: the share of the saved commute that they make up in a world, and where somebody lives and works. Out: places
//! at such a distance from home that the straight way there is that share of the straight way to work: roads to both are longer.
//! One of them is gone to on each day of telework: a rebound is planted in kilometres between places, as a phone shows
//! them, and not in chances.

use super::Spot;
use crate::land::Land;
use crate::random::{Purpose, generator};
use crate::world::World;

/// Places to choose from.
const PLACES: usize = 3;
/// A place is as near or far as this beside its distance.
const AROUND: (f64, f64) = (0.99, 1.01);

/// The places of one person; none without telework, and in a world without rebound.
pub(super) fn rebounds(
    world: &World,
    land: &Land,
    index: u32,
    telework_share: f64,
    (home, work): (Spot, Option<Spot>),
) -> Vec<Spot> {
    let Some(work) = work.filter(|_| world.rebound > 0.0 && telework_share > 0.0) else { return Vec::new() };
    let km = world.rebound * home.distance_km(&work);
    let mut rng = generator(world.seed, u64::from(index), 0, Purpose::Rebound);
    let place = |_| land.around(&mut rng, home, AROUND.0 * km, AROUND.1 * km);
    (0..PLACES).filter_map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::people;
    use crate::toy::{Chessboard, real_world, small_world};

    #[test]
    fn a_rebound_leads_as_far_as_its_share_and_changes_nobody() {
        for world in [small_world(), real_world(&["commuter"], 100)] {
            let with = World { rebound: 0.3, ..world.clone() };
            let land = Land::new(&world, &Chessboard).unwrap();
            let mut with_places = 0;
            for (without, person) in people(&world, &land).unwrap().iter().zip(people(&with, &land).unwrap())
            {
                assert_eq!((without.telework_share, without.work), (person.telework_share, person.work));
                assert!(without.working.rebounds.is_empty());
                let home = person.homes[0].spot;
                for place in &person.working.rebounds {
                    let share = home.distance_km(place) / home.distance_km(&person.work.unwrap());
                    assert!((0.29..0.31).contains(&share), "{share}");
                }
                let teleworks = person.telework_share > 0.0;
                assert_eq!(person.working.rebounds.is_empty(), !teleworks);
                with_places += u32::from(teleworks);
            }
            assert!(with_places >= 5, "{with_places}");
        }
    }
}
