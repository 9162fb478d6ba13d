use super::*;
use crate::date::almanac;
use crate::diary::day;
use crate::people::people;
use crate::toy::{Chessboard, small_world};
use crate::world::Ways;
use crate::world::World;

/// Every fix of some days with what was true at that instant.
fn fixes_of(ways: Ways) -> Vec<(Fix, Place)> {
    let world = World { ways, pings_per_day: Some(100.0), ..small_world() };
    let land = Land::new(&world, &Chessboard).unwrap();
    let almanac = almanac(&world);
    let (mut pieces, mut fixes, mut all) = (Vec::new(), Vec::new(), Vec::new());
    for person in people(&world, &land).unwrap() {
        for number in 0..10 {
            let date = Date::of(world.first_day.plus(number), &almanac);
            day(&person, &land, world.seed, date, &mut pieces);
            observe(&land, person.index, &person.phones[0].habits, date, &pieces, &mut fixes);
            for fix in &fixes {
                let piece = pieces.iter().find(|piece| fix.instant_ms < piece.until_ms).unwrap();
                let journey = piece.mode.map(|mode| Journey::follow(piece, mode, world.seed, &land));
                all.push((*fix, place(piece, journey.as_ref(), fix.instant_ms)));
            }
        }
    }
    all
}

#[test]
fn a_fix_under_way_lies_on_the_way_and_states_the_speed_of_that_instant() {
    let mut under_way = 0;
    let mut standing = 0;
    for (fix, place) in fixes_of(Ways::Real).iter().filter(|(_, place)| !place.is_indoors) {
        let at = (f64::from(fix.latitude_e7) / E7, f64::from(fix.longitude_e7) / E7);
        let off_m = 1_000.0 * kayoi_schemas::units::distance_km(at, (place.latitude, place.longitude));
        assert!(off_m < 10.0 * f64::from(fix.accuracy_dm) / 10.0, "{off_m} {fix:?}");
        under_way += 1;
        standing += u32::from(place.speed_m_s == 0.0);
        if let Some(tenths) = fix.speed_dm_s {
            let error_m_s = f64::from(tenths) / 10.0 - place.speed_m_s;
            assert!(error_m_s.abs() < 6.0 * SPEED_DEVIATION_M_S, "{error_m_s} {fix:?}");
        }
    }
    assert!(under_way > 1_000, "{under_way}");
    assert!((0.05..0.5).contains(&(f64::from(standing) / f64::from(under_way))), "{standing} of {under_way}");
}

#[test]
fn networks_state_no_speed_on_four_fixes_of_ten_and_satellites_always_do() {
    let fixes = fixes_of(Ways::Real);
    let missing = |has_satellites: bool| {
        let of = |fix: &Fix| matches!(fix.source, FixSource::Gps | FixSource::Fused) == has_satellites;
        let all: Vec<_> = fixes.iter().filter(|(fix, _)| of(fix)).collect();
        let missing = all.iter().filter(|(fix, _)| fix.speed_dm_s.is_none()).count();
        missing as f64 / all.len() as f64
    };
    assert_eq!(missing(true), 0.0);
    assert!((0.38..0.42).contains(&missing(false)), "{}", missing(false));
}

#[test]
fn on_straight_ways_every_fix_states_a_speed_that_is_at_most_a_fifth_too_slow() {
    for (fix, place) in fixes_of(Ways::Straight) {
        let stated_m_s = f64::from(fix.speed_dm_s.unwrap()) / 10.0;
        assert!(stated_m_s <= place.speed_m_s && stated_m_s > 0.8 * place.speed_m_s - 0.1, "{fix:?}");
    }
}
