use proptest::prelude::*;

use super::*;
use crate::boundaries::ring::Point;
use crate::boundaries::{Polygon, Ring};
use crate::offices::field::{LATITUDES, LONGITUDES};
use crate::offices::place::Shape;

fn circle([longitude, latitude]: Point, radius_m: f64) -> Office {
    Office { name: "Ward".to_owned(), shape: Shape::Circle { centre: [longitude, latitude], radius_m } }
}

fn court(corners: &[Point]) -> Office {
    let ring = Ring::new(corners.to_vec()).unwrap().0;
    Office { name: "Court".to_owned(), shape: Shape::Area(vec![Polygon::new(ring, Vec::new())]) }
}

fn fence(offices: Vec<Office>) -> Fence {
    Fence::around(Offices::of(offices))
}

fn at(longitude: f64, latitude: f64) -> GridPoint {
    GridPoint::from_degrees(latitude, longitude)
}

#[test]
fn without_places_no_point_is_held_and_no_square_is_kept() {
    let fence = fence(Vec::new());
    assert_eq!((fence.len(), fence.is_empty(), fence.squares.len()), (0, true, 0));
    assert!(!fence.holds(at(139.7, 35.6), 5_000.0));
}

#[test]
fn the_squares_are_those_of_the_box_that_holds_japan() {
    let e7 = |degrees: f64| (degrees * E7).round() as i64;
    assert_eq!((e7(*LONGITUDES.start()), e7(*LATITUDES.start())), (WEST_E7, SOUTH_E7));
    let (east, north) = (e7(*LONGITUDES.end()), e7(*LATITUDES.end()));
    assert_eq!(((east - WEST_E7) / SQUARE_E7, (north - SOUTH_E7) / SQUARE_E7), (3_110, 2_520));
    assert_eq!(square_of(at(154.0, 45.6)), Some(COLUMNS * ROWS - 1));
    assert_eq!(square_of(at(122.9, 20.4)), Some(0));
    for outside in [at(154.02, 40.0), at(122.89, 40.0), at(140.0, 45.62), at(140.0, 20.39), at(-180.0, -90.0)]
    {
        assert_eq!(square_of(outside), None);
    }
}

#[test]
fn a_border_belongs_to_its_place() {
    // On a lattice of 1/1024 degree, which is exact in degrees; in units of 1e-7 it need not be.
    let fence = fence(vec![court(&[
        [139.0, 35.0],
        [139.0078125, 35.0],
        [139.0078125, 35.0078125],
        [139.0, 35.0078125],
    ])]);
    for (inside, longitude, latitude) in [
        (true, 139.0039062, 35.0039062),
        (true, 139.0, 35.0039062),
        (true, 139.0039062, 35.0),
        (true, 139.0, 35.0),
        (false, 138.9999999, 35.0039062),
        (false, 139.0039062, 34.9999999),
        (false, 139.5, 35.5),
    ] {
        assert_eq!(fence.holds(at(longitude, latitude), 0.0), inside, "{longitude} {latitude}");
    }
}

#[test]
fn an_inexact_fix_that_may_be_inside_is_held() {
    let fence = fence(vec![circle([139.0, 35.0], 100.0)]);
    // 150 and 1,100 m north of the centre, so 50 and 1,000 m outside.
    let (near, far) = (at(139.0, 35.001349), at(139.0, 35.009893));
    assert_eq!([0.0, 40.0, 60.0].map(|slack_m| fence.holds(near, slack_m)), [false, false, true]);
    // Less exact than the squares reach.
    assert_eq!([200.0, 900.0, 1_100.0].map(|slack_m| fence.holds(far, slack_m)), [false, false, true]);
}

#[test]
fn a_place_at_the_end_of_japan_reaches_over_it() {
    let fence = fence(vec![circle([154.0, 45.6], 5_000.0), circle([122.9, 20.4], 5_000.0)]);
    for (longitude, latitude) in
        [(153.99, 45.59), (154.0, 45.6), (122.91, 20.41), (154.01, 45.61), (122.89, 20.39)]
    {
        assert!(fence.holds(at(longitude, latitude), 0.0), "{longitude} {latitude}");
    }
}

proptest! {
    /// The squares lose no place: without them the answer is the same.
    #[test]
    fn the_fence_answers_as_the_places_do(
        corner in prop_oneof![Just([123.0, 24.0]), Just([139.0, 35.0]), Just([145.0, 45.2]), Just([122.9, 20.4])],
        circles in prop::collection::vec(([0.0..0.2_f64, 0.0..0.2_f64], 1.0..2_000.0_f64), 0..6),
        courts in prop::collection::vec(([0.0..0.2_f64, 0.0..0.2_f64], 0.0001..0.05_f64), 0..6),
        asked in prop::collection::vec(([-0.03..0.25_f64, -0.03..0.25_f64], prop_oneof![Just(0.0), 0.0..250.0_f64]), 60),
    ) {
        let moved = |[x, y]: [f64; 2]| [corner[0] + x, corner[1] + y];
        let mut offices: Vec<Office> = circles.iter().map(|(at, radius_m)| circle(moved(*at), *radius_m)).collect();
        offices.extend(courts.iter().map(|([x, y], side)| {
            court(&[moved([*x, *y]), moved([x + side, *y]), moved([x + side, y + side])])
        }));
        let offices = Offices::of(offices);
        let fence = Fence::around(offices.clone());
        for (offset, slack_m) in asked {
            let [longitude, latitude] = moved(offset);
            let point = at(longitude, latitude);
            let expected = offices.office_at(point.latitude(), point.longitude(), slack_m).is_some();
            prop_assert_eq!(fence.holds(point, slack_m), expected, "{:?} {}", point, slack_m);
        }
    }
}
