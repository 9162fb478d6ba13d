use super::*;
use crate::boundaries::ring::Point;
use crate::boundaries::{Polygon, Ring, Source};

fn code(number: u32) -> MunicipalityCode {
    MunicipalityCode::from_number(number).unwrap()
}

fn ring(points: &[Point]) -> Ring {
    Ring::new(points.to_vec()).unwrap().0
}

/// A rectangle from a south-western to a north-eastern corner.
fn block(low: Point, high: Point) -> Polygon {
    Polygon::new(ring(&[low, [high[0], low[1]], high, [low[0], high[1]]]), vec![])
}

fn set(edition: &str, units: Vec<(u32, Polygon)>) -> BoundarySet {
    let units = units.into_iter().map(|(number, polygon)| (code(number), polygon));
    BoundarySet::new(edition, Source::default(), units)
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 0.02 * expected, "{found} {expected}");
}

const WEST: (Point, Point) = ([137.0, 34.0], [137.1, 34.2]);
const EAST: (Point, Point) = ([137.1, 34.0], [137.3, 34.2]);

/// As 22131 to 22137 of 浜松市 became 22138 and others on 2024-01-01: two wards are one, under a new code.
#[test]
fn a_merger_says_whose_land_became_whose() {
    let (west, east) = (block(WEST.0, WEST.1), block(EAST.0, EAST.1));
    let stays = || block([138.0, 34.0], [138.5, 34.5]);
    let before = set("2023", vec![(22131, west.clone()), (22132, east.clone()), (22140, stays())]);
    let now = set("2024", vec![(22138, block(WEST.0, EAST.1)), (22140, stays())]);
    let difference = Difference::between(&before, &now);
    assert_eq!((difference.unchanged_units, difference.changed.len()), (1, 0));
    let (west, east) = (west.area_km2(), east.area_km2());
    assert_eq!(
        difference.removed,
        [UnitArea { code: code(22131), km2: west }, UnitArea { code: code(22132), km2: east }]
    );
    assert_eq!(difference.added.len(), 1);
    near(difference.added[0].km2, west + east);
    let moved = |place: usize| (difference.moved[place].from, difference.moved[place].to);
    assert_eq!(
        (moved(0), moved(1)),
        ((Some(code(22132)), Some(code(22138))), (Some(code(22131)), Some(code(22138))))
    );
    near(difference.moved[0].km2, east);
    near(difference.moved[1].km2, west);
    assert_eq!(difference.moved.len(), 2);
    let text = difference.to_string();
    assert!(text.starts_with("units since 2023: 1 as before, 2 removed, 1 added, 0 changed"), "{text}");
    assert!(text.contains("\nremoved  22131  ") && text.contains(", now 22138 ("), "{text}");
    assert!(text.contains("\nadded    22138  ") && text.contains(", before 22132 ("), "{text}");
}

#[test]
fn a_border_that_moves_is_gain_and_loss() {
    let before = set("a", vec![(20321, block(WEST.0, WEST.1)), (20322, block(EAST.0, EAST.1))]);
    let border = 137.12;
    let now = set(
        "b",
        vec![(20321, block(WEST.0, [border, 34.2])), (20322, block([border, 34.0], [137.3, 34.21]))],
    );
    let difference = Difference::between(&before, &now);
    let moved = block([137.1, 34.0], [border, 34.2]).area_km2();
    let shore = block([border, 34.2], [137.3, 34.21]).area_km2();
    assert_eq!((difference.unchanged_units, difference.added.len(), difference.removed.len()), (0, 0, 0));
    let [first, second] = difference.changed[..] else { panic!("two changed") };
    assert_eq!((first.code, second.code), (code(20322), code(20321)));
    near(first.gained_km2, shore);
    near(first.lost_km2, moved);
    near(second.gained_km2, moved);
    assert_eq!(second.lost_km2, 0.0);
    let whole = block(WEST.0, WEST.1).area_km2();
    near(second.changed_share, moved / (whole + moved));
    assert!((second.km2 - second.previous_km2 - moved).abs() < 1e-6);
    let hands: Vec<_> = difference.moved.iter().map(|moved| (moved.from, moved.to)).collect();
    assert_eq!(hands, [(Some(code(20322)), Some(code(20321))), (None, Some(code(20322)))]);
    assert!(difference.to_string().contains("gained from nobody ("), "{difference}");
}

#[test]
fn other_starting_points_and_orders_are_the_same_land() {
    let exterior = [[0.0, 0.0], [9.0, 0.0], [9.0, 9.0], [0.0, 9.0]];
    let holes = [[[1.0, 1.0], [2.0, 1.0], [2.0, 2.0]], [[5.0, 5.0], [6.0, 5.0], [6.0, 6.0]]];
    // Passes its least point twice.
    let eight = [[20.0, 5.0], [22.0, 4.0], [22.0, 3.0], [20.0, 5.0], [21.0, 8.0], [22.0, 7.0]];
    let rotated = |points: &[Point], by: usize| {
        let mut points = points.to_vec();
        points.rotate_left(by);
        points.reverse();
        ring(&points)
    };
    let reference = set(
        "a",
        vec![
            (13101, Polygon::new(ring(&exterior), vec![ring(&holes[0]), ring(&holes[1])])),
            (13101, Polygon::new(ring(&eight), vec![])),
        ],
    );
    for by in 0..6 {
        let (first, second) = (rotated(&holes[1], by % 3), rotated(&holes[0], (by + 1) % 3));
        let again = set(
            "b",
            vec![
                (13101, Polygon::new(rotated(&eight, by), vec![])),
                (13101, Polygon::new(rotated(&exterior, by % 4), vec![first, second])),
            ],
        );
        let difference = Difference::between(&reference, &again);
        assert!(difference.is_empty() && difference.unchanged_units == 1, "{by} {difference}");
    }
}

#[test]
fn land_that_is_only_drawn_with_more_points_has_not_moved() {
    let before = set("a", vec![(13101, block(WEST.0, WEST.1))]);
    let finer = [WEST.0, [137.05, 34.0], [137.1, 34.0], [137.1, 34.07], WEST.1, [137.0, 34.2], [137.0, 34.1]];
    let now = set("b", vec![(13101, Polygon::new(ring(&finer), vec![]))]);
    let difference = Difference::between(&before, &now);
    assert_eq!((difference.changed.len(), difference.moved.len()), (1, 0));
    assert_eq!((difference.changed[0].gained_km2, difference.changed[0].changed_share), (0.0, 0.0));
}

#[test]
fn a_hole_is_nobodys_and_overlapping_land_is_the_lowest_codes() {
    let inner = ([137.02, 34.05], [137.08, 34.15]);
    let hole = block(inner.0, inner.1).exterior().clone();
    let whole = || block(WEST.0, WEST.1);
    let holed = Polygon::new(whole().exterior().clone(), vec![hole]);
    let hole_km2 = block(inner.0, inner.1).area_km2();
    let filled = Difference::between(&set("a", vec![(13101, holed)]), &set("b", vec![(13101, whole())]));
    near(filled.changed[0].gained_km2, hole_km2);
    near(filled.changed[0].changed_share, hole_km2 / whole().area_km2());

    let finer = Polygon::new(ring(&[WEST.0, [137.05, 34.0], [137.1, 34.0], WEST.1, [137.0, 34.2]]), vec![]);
    let twice = set("c", vec![(13101, finer), (13102, block(inner.0, inner.1))]);
    let covered = Difference::between(&set("b", vec![(13101, whole())]), &twice);
    assert!(covered.moved.is_empty() && covered.added.len() == 1 && covered.changed.len() == 1);
}

#[test]
fn the_list_for_people_is_short_and_json_has_all() {
    let many =
        |first: u32| (0..15).map(move |n| (first + n, block([f64::from(n), 0.0], [f64::from(n) + 0.5, 0.5])));
    let difference = Difference::between(&set("a", many(13101).collect()), &set("b", many(14101).collect()));
    let text = difference.to_string();
    assert_eq!(text.lines().count(), 1 + 20 + 1);
    assert!(text.ends_with("\nand 10 more"), "{text}");
    let json = serde_json::to_value(&difference).unwrap();
    assert_eq!(json["removed"][0]["code"], "13101");
    assert_eq!((json["added"].as_array().unwrap().len(), json["moved"].as_array().unwrap().len()), (15, 15));
    assert_eq!((json["moved"][0]["from"].is_string(), json["moved"][0]["to"].is_string()), (true, true));
    let none = Difference::between(&set("a", vec![]), &set("b", vec![(1101, block(WEST.0, WEST.1))]));
    assert!(serde_json::to_value(&none).unwrap()["moved"][0]["from"].is_null());
}

#[test]
fn the_same_set_has_no_differences() {
    let one = || set("a", vec![(13101, block(WEST.0, WEST.1)), (13102, block(EAST.0, EAST.1))]);
    let difference = Difference::between(&one(), &one());
    assert!(difference.is_empty() && difference.moved.is_empty());
    assert_eq!(
        difference.to_string(),
        "units since a: 2 as before, 0 removed, 0 added, 0 changed; 0.00 km² changed hands"
    );
}
