use geo::coordinate_position::{CoordPos, coord_pos_relative_to_ring};
use proptest::prelude::*;

use super::*;

fn square() -> Vec<Point> {
    vec![[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0], [0.0, 0.0]]
}

#[test]
fn an_open_ring_is_closed_and_repeated_points_go() {
    let points = vec![[0.0, 0.0], [2.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]];
    let (ring, repairs) = Ring::new(points).unwrap();
    assert_eq!(ring.points(), square());
    assert_eq!(repairs, RingRepairs { closed: true, repeated_points: 1 });
    assert_eq!(Ring::new(square()).unwrap().1, RingRepairs::default());
}

#[test]
fn two_different_points_enclose_nothing() {
    for points in [vec![], vec![[1.0, 1.0]], vec![[0.0, 0.0], [1.0, 1.0], [0.0, 0.0], [1.0, 1.0], [0.0, 0.0]]]
    {
        assert_eq!(Ring::new(points), Err(RingFault::TooFewPoints));
    }
}

#[test]
fn metres_and_infinities_are_no_degrees() {
    for bad in [[139_000.0, 35.0], [139.0, 90.1], [f64::NAN, 35.0], [139.0, f64::INFINITY]] {
        let mut points = square();
        points[2] = bad;
        assert_eq!(Ring::new(points), Err(RingFault::NotDegrees));
    }
}

#[test]
fn points_with_latitude_first_are_told_from_metres() {
    let swapped = square().into_iter().map(|point| [point[1] + 35.0, point[0] + 139.0]).collect();
    assert_eq!(Ring::new(swapped), Err(RingFault::LatitudeFirst));
}

#[test]
fn polygons_of_either_direction_are_equal() {
    let mut reversed = square();
    reversed.reverse();
    let polygon = |points| crate::boundaries::Polygon::new(Ring::new(points).unwrap().0, vec![]);
    assert_eq!(polygon(square()), polygon(reversed));
}

#[test]
fn corners_and_edges_are_the_border() {
    let ring = Ring::new(square()).unwrap().0;
    for border in [[0.0, 0.0], [2.0, 2.0], [1.0, 0.0], [0.0, 1.3], [2.0, 0.1]] {
        assert_eq!(ring.position(border), Position::Border, "{border:?}");
    }
    assert_eq!(ring.position([f64::MIN_POSITIVE, 1.0]), Position::Inside);
    assert_eq!(ring.position([-f64::MIN_POSITIVE, 1.0]), Position::Outside);
    assert_eq!(ring.position([3.0, 2.0]), Position::Outside);
}

proptest! {
    /// Rings that cross themselves, run back on themselves and touch themselves, on a small lattice.
    #[test]
    fn any_ring_agrees_with_geo(
        points in prop::collection::vec((0..6i32, 0..6i32), 3..12),
        asked in prop::collection::vec((0..12i32, 0..12i32), 20),
    ) {
        let points = points.iter().map(|&(x, y)| [f64::from(x), f64::from(y)]).collect();
        let Ok((ring, _)) = Ring::new(points) else { return Ok(()) };
        let line = geo::LineString::from(ring.points().to_vec());
        for (x, y) in asked {
            let point = [f64::from(x) / 2.0, f64::from(y) / 2.0];
            let expected = match coord_pos_relative_to_ring(point.into(), &line) {
                CoordPos::Inside => Position::Inside,
                CoordPos::OnBoundary => Position::Border,
                CoordPos::Outside => Position::Outside,
            };
            prop_assert_eq!(ring.position(point), expected, "{:?}", point);
        }
    }
}
