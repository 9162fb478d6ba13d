use proptest::prelude::*;

use super::*;
use crate::boundaries::fixture::set_of;

fn bits(set: &BoundarySet) -> Vec<u64> {
    let points = set.polygons().flat_map(|(_, polygon)| polygon.rings()).flat_map(|ring| ring.points());
    points.flatten().map(|coordinate| coordinate.to_bits()).collect()
}

fn decimal(scale: u32) -> impl Strategy<Value = f64> {
    let power = 10i64.pow(scale);
    (-90 * power..=90 * power).prop_map(move |integer| integer as f64 / power as f64)
}

fn coordinate() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => decimal(7),
        1 => decimal(12),
        1 => (0..=12u32).prop_flat_map(decimal),
        1 => -90.0..90.0f64,
        1 => Just(-0.0),
        1 => Just(f64::MIN_POSITIVE),
    ]
}

fn rings() -> impl Strategy<Value = Vec<Vec<Point>>> {
    let ring = prop_oneof![
        prop::collection::vec([decimal(7), decimal(7)], 3..9),
        prop::collection::vec([coordinate(), coordinate()], 3..9),
    ];
    prop::collection::vec(ring, 1..4)
}

proptest! {
    #[test]
    fn every_coordinate_comes_back_to_the_last_bit(
        polygons in prop::collection::vec((1000..48_000u32, rings()), 0..6),
    ) {
        let set = set_of(polygons);
        let body = pack(&set, 1).unwrap();
        let units = unpack(&body.bytes, body.unpacked_bytes).unwrap();
        let back = BoundarySet::of_units(set.edition().to_owned(), set.source().clone(), units);
        prop_assert_eq!(bits(&back), bits(&set));
        prop_assert_eq!(back, set);
    }

    #[test]
    fn decimals_are_stored_as_decimals(scale in 0..=12u32, seed in prop::collection::vec(-90.0..90.0f64, 1..20)) {
        let power = 10f64.powi(scale as i32);
        // Rings hold no negative zero, so none is drawn here.
        let coordinates = seed.iter().map(|number| (number * power).round() / power + 0.0);
        prop_assert!(u32::from(scale_of(coordinates)) <= scale);
    }
}
