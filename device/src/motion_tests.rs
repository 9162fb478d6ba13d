use kayoi_schemas::ids::DeviceId;
use kayoi_schemas::time::UtcMillis;
use kayoi_schemas::units::GridPoint;
use kayoi_schemas::units::near::METRES_PER_DEGREE;

use proptest::prelude::*;

use super::*;

/// A fix some seconds after the first, so many metres farther north.
fn fix(seconds: i64, north_m: f64) -> Fix {
    Fix {
        device: DeviceId::from_column(1),
        instant: UtcMillis(1_760_000_000_000 + seconds * 1000),
        point: GridPoint {
            latitude_e7: 360_000_000 + (north_m / METRES_PER_DEGREE * 1e7) as i32,
            longitude_e7: 1_380_000_000,
        },
        accuracy_m: 10.0,
        speed_m_s: None,
        municipality: None,
        attributes: kayoi_schemas::person::Attributes::default(),
    }
}

#[test]
fn a_drive_a_stop_and_a_lonely_fix_are_told_apart() {
    let drive = [fix(0, 0.0), fix(30, 400.0), fix(60, 800.0)];
    assert_eq!(motions(&drive), [Motion::Moving; 3]);
    let stop = [fix(0, 0.0), fix(30, 15.0), fix(60, 5.0)];
    assert_eq!(motions(&stop), [Motion::Still; 3]);
    assert_eq!(motions(&[fix(0, 0.0), fix(3600, 30.0)]), [Motion::Unknown; 2]);
}

#[test]
fn a_halt_within_a_drive_is_part_of_it() {
    let halt = [fix(0, 0.0), fix(30, 5.0), fix(60, 600.0)];
    assert_eq!(motions(&halt), [Motion::Moving; 3]);
    // A device that stands for longer than fixes say anything about each other has stopped.
    let stop: Vec<Fix> =
        (0..20).map(|n| fix(30 * n, if n < 18 { 0.0 } else { 600.0 * (n - 17) as f64 })).collect();
    let motions = motions(&stop);
    assert_eq!((motions[0], motions[8], motions[19]), (Motion::Still, Motion::Still, Motion::Moving));
}

#[test]
fn a_walk_is_no_drive_and_a_slow_drive_is_told_from_noise_over_minutes() {
    let walk: Vec<Fix> = (0..10).map(|n| fix(30 * n, 40.0 * n as f64)).collect();
    assert_eq!(motions(&walk), [Motion::Still; 10]);
    // 3.3 m/s: each step of 5 s lies within the accuracy, the minutes do not.
    let crawl: Vec<Fix> = (0..60).map(|n| fix(5 * n, 16.7 * n as f64)).collect();
    assert_eq!(motions(&crawl), [Motion::Moving; 60]);
}

#[test]
fn bad_accuracy_is_neither_movement_nor_standing() {
    let within = |seconds: i64, metres: f64, accuracy_m: f32| {
        let mut fixes = [fix(0, 0.0), fix(seconds, metres)];
        fixes.iter_mut().for_each(|fix| fix.accuracy_m = accuracy_m);
        motions(&fixes)
    };
    assert_eq!(within(20, 90.0, 60.0), [Motion::Unknown; 2]);
    // With time enough the same distance is a walk, and with better fixes it is a drive.
    assert_eq!(within(120, 90.0, 60.0), [Motion::Still; 2]);
    assert_eq!(within(20, 90.0, 10.0), [Motion::Moving; 2]);
}

#[test]
fn a_lonely_fix_with_a_speed_drives_and_a_speed_of_nothing_says_nothing() {
    let with = |speed_m_s| motions(&[Fix { speed_m_s, ..fix(0, 0.0) }, fix(3600, 30.0)])[0];
    assert_eq!(with(Some(22.0)), Motion::Moving);
    // A walk, a traffic light, a phone without the sensor.
    for speed in [Some(1.4), Some(0.0), None] {
        assert_eq!(with(speed), Motion::Unknown, "{speed:?}");
    }
}

#[test]
fn two_fixes_in_one_breath_tell_nothing() {
    // A train that stands in a station for a moment, and a sleeper who looks at the clock.
    assert_eq!(motions(&[fix(0, 0.0), fix(5, 2.0)]), [Motion::Unknown; 2]);
    let mut pairs = vec![fix(0, 0.0), fix(5, 2.0)];
    pairs.push(fix(60, 4.0));
    assert_eq!(motions(&pairs), [Motion::Still; 3]);
}

proptest! {
    #[test]
    fn motion_is_known_only_where_another_fix_is_near_in_time_and_always_where_the_next_one_tells(
        steps in prop::collection::vec((1i64..600, -500.0f64..500.0), 0..60)
    ) {
        let (mut seconds, mut north_m) = (0, 0.0);
        let fixes: Vec<Fix> = steps
            .into_iter()
            .map(|(wait, moved)| {
                (seconds, north_m) = (seconds + wait, north_m + moved);
                fix(seconds, north_m)
            })
            .collect();
        let found = motions(&fixes);
        prop_assert_eq!(found.len(), fixes.len());
        for (index, (fix, motion)) in fixes.iter().zip(&found).enumerate() {
            let near = |other: &Fix| (other.instant.0 - fix.instant.0).abs() <= NEAR_MS;
            let others = fixes.iter().enumerate().filter(|(other, _)| *other != index);
            let has_neighbour = others.map(|(_, other)| other).any(near);
            prop_assert!(*motion == Motion::Unknown || has_neighbour);
            // The fix before and the one after are always asked.
            let clear = |other: &Fix| {
                let error_m = f64::from(fix.accuracy_m + other.accuracy_m);
                let apart_m = (other.point.latitude() - fix.point.latitude()).abs() * 111_195.0;
                let reach_m = DRIVING_M_S * (other.instant.0 - fix.instant.0).abs() as f64 / 1000.0;
                (apart_m - reach_m).abs() > error_m + 1.0
            };
            let next = [index.checked_sub(1), Some(index + 1)].into_iter().flatten();
            let is_clear = next.filter_map(|at| fixes.get(at)).any(|other| near(other) && clear(other));
            prop_assert!(*motion != Motion::Unknown || !is_clear);
        }
    }
}
