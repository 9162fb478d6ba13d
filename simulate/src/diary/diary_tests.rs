use kayoi_schemas::time::HOUR_MS;

use super::*;
use crate::date::almanac;
use crate::people::people;
use crate::toy::{Chessboard, real_world, small_world};
use crate::world::World;

#[test]
fn every_day_is_whole_joins_the_next_and_is_possible_on_the_ground() {
    for world in [small_world(), real_world(&[], 400)] {
        check_days(&world);
    }
}

fn check_days(world: &World) {
    let land = Land::new(world, &Chessboard).unwrap();
    let almanac = almanac(world);
    for person in people(world, &land).unwrap() {
        let mut bed: Option<Spot> = None;
        let mut pieces = Vec::new();
        for number in 0..world.days as i32 {
            let date = Date::of(world.first_day.plus(number), &almanac);
            day(&person, &land, world.seed, date, &mut pieces);
            assert_eq!(pieces[0].from_ms, date.midnight_ms + 4 * HOUR_MS);
            assert_eq!(pieces[pieces.len() - 1].until_ms, date.midnight_ms + 28 * HOUR_MS);
            assert!(bed.is_none_or(|bed| bed == pieces[0].start), "{:?} woke elsewhere", person.persona);
            for piece in &pieces {
                assert!(piece.from_ms < piece.until_ms, "{piece:?}");
                assert!(piece.speed_m_s() * 3.6 < 320.0, "{:?} {}", person.persona, piece.speed_m_s() * 3.6);
            }
            for pair in pieces.windows(2) {
                assert_eq!((pair[0].until_ms, pair[0].end), (pair[1].from_ms, pair[1].start));
            }
            bed = Some(pieces[pieces.len() - 1].end);
        }
    }
}

#[test]
fn who_passes_through_stops_twenty_minutes_at_most() {
    let world = World { devices: 600, ..small_world() };
    let land = Land::new(&world, &Chessboard).unwrap();
    let almanac = almanac(&world);
    let mut stops = 0;
    let mut pieces = Vec::new();
    let passing =
        people(&world, &land).unwrap().into_iter().filter(|p| p.persona == crate::people::Persona::Passing);
    for person in passing {
        for trip in
            person.spells.iter().filter(|spell| spell.aim == Aim::Passing && spell.from >= world.first_day)
        {
            day(&person, &land, world.seed, Date::of(trip.from, &almanac), &mut pieces);
            for piece in pieces.iter().filter(|piece| !piece.is_way() && piece.activity == Activity::Transit)
            {
                stops += 1;
                assert!(piece.until_ms - piece.from_ms <= HOUR_MS / 3);
            }
        }
    }
    assert!(stops > 10, "{stops}");
}

#[test]
fn a_family_away_walks_together_and_at_home_each_for_itself() {
    let world = real_world(&["family"], 40);
    let land = Land::new(&world, &Chessboard).unwrap();
    let almanac = almanac(&world);
    let family = people(&world, &land).unwrap();
    let (one, other) = (&family[0], &family[1]);
    assert_eq!(one.leader, other.leader);
    let (mut mine, mut theirs) = (Vec::new(), Vec::new());
    let (mut together, mut apart) = (0, 0);
    for number in 0..world.days as i32 {
        let date = Date::of(world.first_day.plus(number), &almanac);
        day(one, &land, world.seed, date, &mut mine);
        day(other, &land, world.seed, date, &mut theirs);
        if matches!(one.base(date.day), Base::Away(_)) {
            together += 1;
            assert_eq!(mine.last(), theirs.last());
        } else {
            apart += i32::from(mine != theirs);
        }
    }
    assert!(together >= 3 && apart > 200, "{together} nights together, {apart} days apart");
}

#[test]
fn a_rebound_makes_days_of_telework_longer_by_its_share_of_the_commute() {
    for world in [small_world(), World { days: 120, ..real_world(&["commuter"], 120) }] {
        let land = Land::new(&world, &Chessboard).unwrap();
        let (walked, saved) = telework_km(&world, &land);
        let (with_rebound, same) = telework_km(&World { rebound: 0.3, ..world.clone() }, &land);
        assert!((saved - same).abs() < 1e-6 && saved > 1_000.0, "{saved} {same}");
        let share = (with_rebound - walked) / saved;
        assert!((0.297..0.303).contains(&share), "{share}");
    }
}

/// Straight kilometres between the places of all days of telework, and of the commutes that they save.
fn telework_km(world: &World, land: &Land) -> (f64, f64) {
    let almanac = almanac(world);
    let (mut walked, mut saved, mut pieces) = (0.0, 0.0, Vec::new());
    for person in people(world, land).unwrap().iter().filter(|person| person.telework_share > 0.0) {
        let Some(work) = person.work else { continue };
        for number in 0..world.days as i32 {
            let date = Date::of(world.first_day.plus(number), &almanac);
            if day(person, land, world.seed, date, &mut pieces) {
                walked += pieces.iter().map(|piece| piece.start.distance_km(&piece.end)).sum::<f64>();
                saved += 2.0 * person.home(date.day).spot.distance_km(&work);
            }
        }
    }
    (walked, saved)
}
