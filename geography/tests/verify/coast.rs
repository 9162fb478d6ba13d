//! The coast against every edge of the country.

use kayoi_geography::Geography;
use kayoi_geography::boundaries::BoundarySet;
use kayoi_schemas::ids::MunicipalityCode;
use rand::SeedableRng as _;
use rand::rngs::SmallRng;

use crate::draw::Borders;
use crate::import;
use kayoi_harness::data::test_data;

/// The nearest border by the formula of the documentation, over all edges.
fn nearest(set: &BoundarySet, [x, y]: [f64; 2], metres: f64) -> Option<MunicipalityCode> {
    let north = 6_371_008.8 * std::f64::consts::PI / 180.0;
    let east = north * y.to_radians().cos();
    let mut best: Option<(f64, MunicipalityCode)> = None;
    for (code, polygon) in set.polygons() {
        for edge in polygon.rings().flat_map(|ring| ring.points().windows(2)) {
            let [(ax, ay), (bx, by)] =
                [edge[0], edge[1]].map(|end| ((end[0] - x) * east, (end[1] - y) * north));
            let (dx, dy) = (bx - ax, by - ay);
            let length = dx * dx + dy * dy;
            let share = if length > 0.0 { (-(ax * dx + ay * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
            let distance = (ax + share * dx).powi(2) + (ay + share * dy).powi(2);
            if distance <= metres * metres && best.is_none_or(|best| (distance, code) < best) {
                best = Some((distance, code));
            }
        }
    }
    best.map(|(_, code)| code)
}

#[test]
fn points_off_the_coast_go_to_the_nearest_border_within_reach() {
    let Some(path) = test_data("boundaries/n03_2025_simplified_koxon_1747.ndjson.gz") else { return };
    let set = import(&path);
    let borders = Borders::of(&set);
    let mut random = SmallRng::seed_from_u64(5);
    let mut off_coast = [0, 0];
    for metres in [0.0, 20.0, 500.0, 5_000.0] {
        let geography = Geography::of_boundaries(&set).unwrap().with_coast_metres(metres);
        for _ in 0..400 {
            let point = borders.draw(&mut random);
            let place = geography.place(point[1], point[0]);
            let covering = geography.municipality_at(point[1], point[0]);
            let expected =
                covering.or_else(|| if metres > 0.0 { nearest(&set, point, metres) } else { None });
            assert_eq!(place.municipality, expected, "{point:?} within {metres} m");
            assert_eq!(place.is_off_coast, covering.is_none() && expected.is_some());
            off_coast[usize::from(place.is_off_coast)] += 1;
        }
    }
    assert!(off_coast[1] > 40, "some points are off the coast: {off_coast:?}");
}
