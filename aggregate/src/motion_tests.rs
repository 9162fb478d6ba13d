use kayoi_schemas::ids::DeviceId;
use kayoi_schemas::time::UtcMillis;
use kayoi_schemas::units::GridPoint;

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
        municipality: None,
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
    let fixes = [fix(0, 0.0), fix(30, 5.0), fix(60, 600.0)];
    assert_eq!(motions(&fixes), [Motion::Still, Motion::Moving, Motion::Moving]);
}

#[test]
fn bad_accuracy_is_no_movement() {
    let mut fixes = [fix(0, 0.0), fix(20, 90.0)];
    fixes.iter_mut().for_each(|fix| fix.accuracy_m = 60.0);
    assert_eq!(motions(&fixes), [Motion::Still; 2]);
}
