use proptest::prelude::*;

use super::*;
use crate::boundaries::Polygon;

fn ring(points: &[Point]) -> Ring {
    Ring::new(points.to_vec()).unwrap().0
}

#[test]
fn rings_that_meet_themselves_in_any_way_are_found() {
    let cases: [(&str, &[Point]); 7] = [
        ("bow tie", &[[0.0, 0.0], [2.0, 2.0], [2.0, 0.0], [0.0, 2.0]]),
        ("corner on corner", &[[0.0, 0.0], [1.0, 1.0], [0.0, 2.0], [2.0, 2.0], [1.0, 1.0], [2.0, 0.0]]),
        ("corner on edge", &[[0.0, 0.0], [4.0, 0.0], [4.0, 2.0], [2.0, 0.0], [0.0, 2.0]]),
        ("spike", &[[0.0, 0.0], [4.0, 0.0], [6.0, 0.0], [4.0, 0.0], [4.0, 4.0]]),
        ("fold at the start", &[[2.0, 0.0], [4.0, 0.0], [4.0, 4.0], [0.0, 0.0], [3.0, 0.0]]),
        ("edge along edge", &[[0.0, 0.0], [6.0, 0.0], [6.0, 2.0], [4.0, 0.0], [2.0, 0.0], [0.0, 2.0]]),
        ("there and back", &[[0.0, 0.0], [1.0, 0.0], [2.0, 0.0], [1.0, 0.0]]),
    ];
    for (name, points) in cases {
        assert!(ring(points).crosses_itself(), "{name}");
    }
}

#[test]
fn simple_rings_are_left_alone() {
    let cases: [(&str, &[Point]); 4] = [
        ("triangle", &[[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]),
        ("a corner between points of one line", &[[0.0, 0.0], [1.0, 0.0], [2.0, 0.0], [2.0, 2.0]]),
        ("narrow", &[[0.0, 0.0], [2.0, 0.0], [2.0, 1.0], [1.0, f64::EPSILON], [0.0, 1.0]]),
        ("start on an edge's line", &[[1.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0], [0.0, 0.0]]),
    ];
    for (name, points) in cases {
        assert!(!ring(points).crosses_itself(), "{name}");
    }
}

/// A coast of bays within bays: simple by construction, as its radius depends on the angle alone.
fn star(points: usize) -> Vec<Point> {
    let point = |number: usize| {
        let angle = number as f64 / points as f64 * std::f64::consts::TAU;
        let radius = 2.0 + (angle * 5.0).sin() / 2.0 + ((number * 7_919) % 101) as f64 / 1e3;
        [140.0 + radius * angle.cos(), 36.0 + radius * angle.sin()]
    };
    (0..points).map(point).collect()
}

#[test]
fn one_crossing_among_many_edges_is_found() {
    let mut points = star(30_000);
    assert!(!ring(&points).crosses_itself());
    points.swap(12_345, 12_347);
    assert!(ring(&points).crosses_itself());
    let mut points = star(30_000);
    points[20_000] = points[5_000];
    assert!(ring(&points).crosses_itself());
}

#[test]
fn holes_that_reach_out_are_counted_and_those_inside_or_on_the_border_are_not() {
    let square =
        |x: f64, y: f64, side: f64| ring(&[[x, y], [x + side, y], [x + side, y + side], [x, y + side]]);
    let notch = ring(&[[0.0, 0.0], [8.0, 0.0], [8.0, 8.0], [4.0, 4.0], [0.0, 8.0]]);
    let holes = vec![
        square(1.0, 1.0, 1.0),
        square(0.0, 0.0, 2.0),
        square(6.0, 1.0, 3.0),
        square(3.75, 7.0, 0.5),
        square(20.0, 0.0, 1.0),
    ];
    let polygon = Polygon::new(notch, holes);
    let outside: Vec<f64> = polygon.holes_outside_exterior().map(|hole| hole.bounds().0[0]).collect();
    assert_eq!(outside, [6.0, 3.75, 20.0]);
}

/// The same question in whole numbers, each pair of edges by itself.
fn meets_itself_by_integers(ring: &Ring) -> bool {
    type P = (i64, i64);
    let points: Vec<P> = ring.points().iter().map(|point| (point[0] as i64, point[1] as i64)).collect();
    let cross = |a: P, b: P, c: P| ((b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0)).signum();
    let on = |a: P, b: P, p: P| {
        cross(a, b, p) == 0
            && (a.0.min(b.0)..=a.0.max(b.0)).contains(&p.0)
            && (a.1.min(b.1)..=a.1.max(b.1)).contains(&p.1)
    };
    let meet = |a: P, b: P, c: P, d: P| {
        let proper = cross(a, b, c) * cross(a, b, d) < 0 && cross(c, d, a) * cross(c, d, b) < 0;
        proper || on(a, b, c) || on(a, b, d) || on(c, d, a) || on(c, d, b)
    };
    let edges: Vec<(P, P)> = points.windows(2).map(|edge| (edge[0], edge[1])).collect();
    (0..edges.len()).any(|e| {
        (e + 1..edges.len()).any(|f| {
            let ((a, b), (c, d)) = (edges[e], edges[f]);
            // Neighbours share a corner; they meet elsewhere when the other end of one lies on the other.
            let next = f == e + 1 && (on(a, b, d) || on(c, d, a));
            let around = e == 0 && f == edges.len() - 1 && (on(a, b, c) || on(c, d, b));
            let neighbours = f == e + 1 || (e == 0 && f == edges.len() - 1);
            next || around || (!neighbours && meet(a, b, c, d))
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn any_ring_agrees_with_whole_numbers(points in prop::collection::vec((0..9i64, 0..9i64), 3..40)) {
        let degrees = points.iter().map(|&(x, y)| [x as f64, y as f64]).collect();
        let Ok((ring, _)) = Ring::new(degrees) else { return Ok(()) };
        prop_assert_eq!(ring.crosses_itself(), meets_itself_by_integers(&ring));
    }

    /// Few edges and a wide lattice, so that many rings are simple.
    #[test]
    fn small_rings_agree_too(points in prop::collection::vec((0..60i64, 0..60i64), 3..8)) {
        let degrees = points.iter().map(|&(x, y)| [x as f64, y as f64]).collect();
        let Ok((ring, _)) = Ring::new(degrees) else { return Ok(()) };
        prop_assert_eq!(ring.crosses_itself(), meets_itself_by_integers(&ring));
    }

    /// Sorted by angle around a centre, a ring of many leaves is simple, wherever it starts.
    #[test]
    fn a_simple_ring_stays_simple_from_any_start(
        count in 3..400usize, start in any::<prop::sample::Index>(),
    ) {
        let mut points = star(count);
        points.rotate_left(start.index(count));
        prop_assert!(!ring(&points).crosses_itself());
    }
}
