use std::collections::BTreeMap;

use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::HOUR_MS;

use super::Drives::{Always, Never, Usually};
use super::line::Line;
use super::sections::Halt;
use super::*;
use crate::date::{Date, almanac};
use crate::diary::{Activity, Piece, day};
use crate::ground::{Ground, Town};
use crate::land::KM_PER_DEGREE;
use crate::people::people;
use crate::toy::{Chessboard, small_world};
use crate::world::World;

const TOKYO: (f64, f64) = (35.68, 139.77);
const KARUIZAWA: (f64, f64) = (36.35, 138.60);
const OSAKA: (f64, f64) = (34.70, 135.50);
/// A Tuesday at seven in the morning.
const MORNING_MS: i64 = 1_743_458_400_000;

/// Dry land without end, with three towns.
struct Plain;

impl Ground for Plain {
    fn towns(&self) -> Vec<Town> {
        let towns = [(13101, TOKYO), (20321, KARUIZAWA), (27127, OSAKA)].map(|(code, at)| Town {
            code: MunicipalityCode::from_number(code).unwrap(),
            latitude: at.0,
            longitude: at.1,
            area_km2: 100.0,
            population: 50_000.0,
        });
        towns.to_vec()
    }

    fn town_at(&self, _: f64, _: f64) -> Option<MunicipalityCode> {
        MunicipalityCode::from_number(13101)
    }

    fn town_of(&self, code: MunicipalityCode) -> MunicipalityCode {
        code
    }
}

fn plain() -> Land<'static> {
    Land::new(&World { seed: 7, ways: Ways::Real, ..World::default() }, &Plain).unwrap()
}

fn spot((latitude, longitude): (f64, f64)) -> Spot {
    Spot { latitude, longitude, town: MunicipalityCode::from_number(13101).unwrap() }
}

/// Ways from Tokyo to the north-west, by who drives and who does not, from some hundred metres to 500 km.
fn ways() -> impl Iterator<Item = (Route, Piece)> {
    let lengths_km = (0..240).map(|number| 0.3 * 1.0315_f64.powi(number));
    lengths_km.flat_map(|km| {
        let to = (TOKYO.0 + 0.6 * km / KM_PER_DEGREE, TOKYO.1 - 0.8 * km / (KM_PER_DEGREE * 0.81));
        [Usually, Never].map(|drives| way(drives, TOKYO, to, MORNING_MS))
    })
}

fn way(drives: Drives, from: (f64, f64), to: (f64, f64), from_ms: i64) -> (Route, Piece) {
    let (start, end) = (spot(from), spot(to));
    let route = Route::choose(7, drives, &start, &end);
    let until_ms = from_ms + (route.hours() * HOUR_MS as f64) as i64;
    let (activity, mode) = (Activity::Transit, Some(route.mode()));
    (route, Piece { from_ms, until_ms, start, end, activity, mode })
}

fn follow(piece: &Piece, land: &Land) -> Journey {
    Journey::follow(piece, piece.mode.unwrap(), 7, land)
}

fn degrees(spot: &Spot) -> (f64, f64) {
    (spot.latitude, spot.longitude)
}

#[test]
fn legs_join_and_fill_exactly_the_piece() {
    let land = plain();
    for (_, piece) in ways() {
        let legs = follow(&piece, &land).legs;
        let (first, last) = (legs.first().unwrap(), legs.last().unwrap());
        assert_eq!((first.from_ms, last.until_ms), (piece.from_ms, piece.until_ms));
        assert_eq!((first.start, last.end), (degrees(&piece.start), degrees(&piece.end)));
        for pair in legs.windows(2) {
            assert_eq!((pair[0].until_ms, pair[0].end), (pair[1].from_ms, pair[1].start));
        }
        assert!(legs.iter().all(|leg| leg.from_ms < leg.until_ms), "{legs:?}");
    }
}

#[test]
fn known_ways_take_as_long_as_people_know() {
    for (to, (least, most)) in [(KARUIZAWA, (1.5, 2.5)), (OSAKA, (3.0, 4.5))] {
        for number in 0..40 {
            let near = (to.0 + 0.001 * f64::from(number), to.1);
            for drives in [Usually, Never] {
                let (route, _) = way(drives, TOKYO, near, MORNING_MS);
                let hours = route.hours();
                assert!((least..=most).contains(&hours), "{:?} {hours}", route.mode());
            }
        }
    }
}

#[test]
fn who_goes_to_work_goes_the_same_way_every_day_and_back_along_it() {
    let land = plain();
    let office = (TOKYO.0 + 0.2, TOKYO.1 - 0.1);
    let corners = |piece: &Piece| -> Vec<(f64, f64)> {
        let legs = follow(piece, &land).legs;
        let moving = legs.iter().filter(|leg| leg.halt.is_none());
        std::iter::once(degrees(&piece.start)).chain(moving.map(|leg| leg.end)).collect()
    };
    for drives in [Usually, Never] {
        let (_, monday) = way(drives, TOKYO, office, MORNING_MS);
        let (_, tuesday) = way(drives, TOKYO, office, MORNING_MS + 24 * HOUR_MS + 371_000);
        let (_, back) = way(drives, office, TOKYO, MORNING_MS + 10 * HOUR_MS);
        let there = corners(&monday);
        assert!(there.len() > 8, "{}", there.len());
        assert_eq!(there, corners(&tuesday));
        assert_eq!(there.into_iter().rev().collect::<Vec<_>>(), corners(&back));
    }
}

#[test]
fn another_seed_and_another_place_make_another_way() {
    let (from, to, beside) = (spot(TOKYO), spot(KARUIZAWA), spot((36.351, 138.60)));
    let keys =
        [Route::choose(7, Usually, &from, &to), Route::choose(8, Usually, &from, &to)].map(|route| route.key);
    assert_ne!(keys[0], keys[1]);
    assert_ne!(keys[0], Route::choose(7, Usually, &from, &beside).key);
}

#[test]
fn a_van_never_goes_by_train() {
    let modes = [Always, Never].map(|drives| way(drives, TOKYO, OSAKA, MORNING_MS).0.mode());
    assert_eq!(modes, [Mode::Car, Mode::Express]);
}

#[test]
fn halts_last_as_long_as_such_halts_do_and_are_never_a_visit() {
    let land = plain();
    let mut seen: BTreeMap<Halt, u32> = BTreeMap::new();
    for (_, piece) in ways() {
        for leg in follow(&piece, &land).legs {
            let Some(halt) = leg.halt else { continue };
            let seconds = (leg.until_ms - leg.from_ms) as f64 / 1_000.0;
            let (least, most) = halt.seconds();
            assert!((least - 0.01..=most + 0.01).contains(&seconds), "{halt:?} {seconds}");
            assert_eq!(leg.start, leg.end);
            *seen.entry(halt).or_default() += 1;
        }
    }
    // Who changes between expresses waits up to 25 minutes, and is under way for the truth all the same.
    assert_eq!(seen.len(), 7, "{seen:?}");
    assert!(seen.values().all(|count| *count > 3), "{seen:?}");
}

#[test]
fn hours_from_door_to_door_and_the_way_in_full_tell_the_same_story() {
    let land = plain();
    let mut ratios: BTreeMap<Mode, Vec<f64>> = BTreeMap::new();
    for (route, piece) in ways() {
        let line = Line::of(&route, &piece.start, &piece.end, &land);
        let ms = journey::ordinary_ms(&route, &line, piece.from_ms);
        ratios.entry(route.mode()).or_default().push(ms / (piece.until_ms - piece.from_ms) as f64);
    }
    for (mode, ratios) in ratios {
        let mean = ratios.iter().sum::<f64>() / ratios.len() as f64;
        assert!((0.93..1.07).contains(&mean), "{mode:?} {mean} of {}", ratios.len());
    }
}

#[test]
fn a_way_is_longer_than_the_straight_line_but_not_by_half() {
    let land = plain();
    for (route, piece) in ways().filter(|(route, _)| route.straight_km > 2.0) {
        let legs = follow(&piece, &land).legs;
        let km: f64 =
            legs.iter().map(|leg| leg.speed_m_s() * (leg.until_ms - leg.from_ms) as f64 / 1e6).sum();
        let detour = km / route.straight_km;
        assert!((1.05..1.6).contains(&detour), "{:?} {} {detour}", route.mode(), route.straight_km);
    }
}

#[test]
fn legs_are_as_fast_as_their_traffic() {
    let land = plain();
    for (route, piece) in ways() {
        let fastest_km_h = match route.mode() {
            Mode::Foot => 7.0,
            Mode::Car => 140.0,
            Mode::Local => 100.0,
            Mode::Express => 320.0,
        };
        for leg in follow(&piece, &land).legs {
            let km_h = 3.6 * leg.speed_m_s();
            assert!(km_h < fastest_km_h, "{:?} {} km {km_h}", route.mode(), route.straight_km);
        }
    }
}

#[test]
fn who_is_late_leaves_halts_out_and_still_arrives() {
    let land = plain();
    let (_, mut piece) = way(Never, TOKYO, KARUIZAWA, MORNING_MS);
    let halts = |piece: &Piece| follow(piece, &land).legs.iter().filter(|leg| leg.halt.is_some()).count();
    let ordinary = halts(&piece);
    piece.until_ms = (piece.from_ms + piece.until_ms) / 2;
    assert!(halts(&piece) < ordinary);
    assert_eq!(follow(&piece, &land).legs.last().unwrap().end, KARUIZAWA);
}

#[test]
fn an_ordinary_day_leaves_no_halt_out() {
    let land = plain();
    let (mut all, mut whole) = (0, 0);
    for (route, piece) in ways() {
        let line = Line::of(&route, &piece.start, &piece.end, &land);
        let planned = line.corners.iter().filter(|corner| corner.halt.is_some()).count();
        let halted = follow(&piece, &land).legs.iter().filter(|leg| leg.halt.is_some()).count();
        all += 1;
        whole += usize::from(planned == halted);
    }
    assert!(whole * 100 >= all * 98, "{whole} of {all}");
}

#[test]
fn days_on_real_ways_are_whole_and_their_journeys_possible() {
    let world = World { ways: Ways::Real, ..small_world() };
    let land = Land::new(&world, &Chessboard).unwrap();
    let almanac = almanac(&world);
    let (mut pieces, mut modes) = (Vec::new(), BTreeMap::<Mode, u32>::new());
    for person in people(&world, &land).unwrap() {
        for number in 0..30 {
            let date = Date::of(world.first_day.plus(number), &almanac);
            day(&person, &land, world.seed, date, &mut pieces);
            assert_eq!(pieces[0].from_ms, date.midnight_ms + 4 * HOUR_MS);
            assert_eq!(pieces[pieces.len() - 1].until_ms, date.midnight_ms + 28 * HOUR_MS);
            for pair in pieces.windows(2) {
                assert_eq!((pair[0].until_ms, pair[0].end), (pair[1].from_ms, pair[1].start));
            }
            for piece in &pieces {
                assert_eq!(piece.mode.is_some(), piece.is_way());
                let Some(mode) = piece.mode else { continue };
                *modes.entry(mode).or_default() += 1;
                for leg in Journey::follow(piece, mode, world.seed, &land).legs {
                    assert!(leg.speed_m_s() * 3.6 < 320.0, "{mode:?} {piece:?} {leg:?}");
                }
            }
        }
    }
    assert_eq!(modes.len(), 4, "{modes:?}");
}

#[test]
fn straight_worlds_know_no_modes() {
    let world = small_world();
    let land = Land::new(&world, &Chessboard).unwrap();
    let date = Date::of(world.first_day, &almanac(&world));
    let mut pieces = Vec::new();
    for person in people(&world, &land).unwrap() {
        day(&person, &land, world.seed, date, &mut pieces);
        assert!(pieces.iter().all(|piece| piece.mode.is_none()));
    }
}
