use std::collections::HashSet;

use super::*;
use crate::boundaries::ring::Position;
use crate::boundaries::{Polygon, Ring, Source};
use crate::simplified;

fn code(text: &str) -> MunicipalityCode {
    MunicipalityCode::parse(text).unwrap()
}

fn polygon(rings: &[&[Point]]) -> Polygon {
    let mut rings = rings.iter().map(|points| Ring::new(points.to_vec()).unwrap().0);
    Polygon::new(rings.next().unwrap(), rings.collect())
}

fn set(polygons: Vec<(&str, Polygon)>) -> BoundarySet {
    let polygons = polygons.into_iter().map(|(text, polygon)| (code(text), polygon));
    BoundarySet::new("test", Source::default(), polygons)
}

#[test]
fn neighbours_share_their_border_and_each_has_its_own_points() {
    // Two squares with a bend in their common border, and an island in a lake.
    let west: &[Point] = &[[0.0, 0.0], [1.0, 0.0], [1.1, 0.5], [1.0, 1.0], [0.0, 1.0]];
    let east: &[Point] = &[[1.0, 0.0], [2.0, 0.0], [2.0, 1.0], [1.0, 1.0], [1.1, 0.5]];
    let lake: &[Point] = &[[0.2, 0.2], [0.2, 0.4], [0.4, 0.4], [0.4, 0.2]];
    let set = set(vec![
        ("20202", polygon(&[west, lake])),
        ("20203", polygon(&[east])),
        ("20204", polygon(&[lake])),
    ]);
    let topology = Topology::of(&set);
    // The bend, two outer borders, and the shore of the lake, which is the border of the island.
    assert_eq!(topology.arcs().len(), 4);
    for (shape, unit) in topology.shapes().iter().zip(set.units()) {
        for (lines, polygon) in shape.polygons.iter().zip(&unit.polygons) {
            for (line, ring) in lines.iter().zip(polygon.rings()) {
                let points = topology.points(line);
                assert_eq!(points.first(), points.last());
                let same = |points: &[Point]| points.iter().map(|p| format!("{p:?}")).collect::<HashSet<_>>();
                assert_eq!(same(&points), same(ring.points()));
                assert_eq!(points.len(), ring.points().len());
            }
        }
    }
}

#[test]
fn an_island_town_stays_a_triangle_however_coarse_the_map() {
    let islet = |x: f64| -> Vec<Point> {
        (0..40).map(|step| f64::from(step) * 0.157).map(|a| [x + 0.001 * a.cos(), 0.0008 * a.sin()]).collect()
    };
    let set = set(vec![("13362", polygon(&[&islet(139.0)])), ("13362", polygon(&[&islet(139.1)[..30]]))]);
    let coarse = Topology::of(&set).coarser(5_000.0);
    let shape = &coarse.shapes()[0];
    assert_eq!(shape.polygons.len(), 1, "the smaller islet goes");
    let points = coarse.points(&shape.polygons[0][0]);
    assert!(points.len() >= 4, "{points:?}");
    assert!(coarser::coarser(&coarse, 5_000.0).point_count() >= 4);
}

#[test]
fn no_border_of_the_country_moves_farther_than_asked_and_none_of_its_codes_goes() {
    let set = simplified::borders().unwrap();
    let exact = Topology::of(set);
    let shared = exact.arcs().len();
    assert!(exact.point_count() < set.counts().vertices as usize * 7 / 10, "most borders are of two lands");
    assert!(shared > 3_000);
    let coarse = exact.coarser(500.0);
    assert!(coarse.point_count() * 2 < exact.point_count());
    assert_eq!(coarse.shapes().len(), set.units().len());
    assert!(coarse.shapes().iter().all(|shape| !shape.polygons.is_empty()));
    // The middle of a large city is where it was.
    let matsumoto = coarse.shapes().iter().find(|shape| shape.code == code("20202")).unwrap();
    let outer = coarse.points(&matsumoto.polygons[0][0]);
    let ring = Ring::new(outer).unwrap().0;
    assert_eq!(ring.position([137.97, 36.23]), Position::Inside);
}
