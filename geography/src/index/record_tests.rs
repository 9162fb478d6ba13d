use super::*;

/// The cell is the unit square; loose ends lie outside.
fn side([x, y]: Point) -> Side {
    if y > 1.0 {
        Side::North
    } else if !(0.0..=1.0).contains(&x) {
        Side::WestOrEast
    } else {
        Side::South
    }
}

fn recorded(parts: &[PolygonPart]) -> Vec<u64> {
    let mut words = Vec::new();
    write(parts, &mut words);
    words
}

fn polygon(code: u32, pieces: &[&[Point]], winding: i32) -> PolygonPart {
    let mut ring = RingPart::of_pieces(pieces.iter().copied(), side);
    ring.winding = winding;
    PolygonPart { code, rings: vec![ring], covers_rest: false }
}

#[test]
fn the_detour_does_not_depend_on_where_a_border_enters_and_leaves() {
    // Land north of a line through the cell, closed by ways around it that are not recorded. A ray to the
    // east of a point in the cell crosses the recorded detour as often, wherever the loose ends are.
    let inside = [[0.25, 0.5], [0.75, 0.5]];
    for from in [[-1.0, 0.5], [-3.0, -2.0], [-2.0, 9.0], [0.5, -1.0], [0.1, 3.0]] {
        for to in [[4.0, 0.5], [2.0, -5.0], [3.0, 7.0], [0.6, -1.0], [0.9, 2.0]] {
            let part = RingPart::of_pieces([[from, inside[0], inside[1], to].as_slice()].into_iter(), side);
            let above = part.inner_winding([0.5, 0.9]).unwrap();
            let below = part.inner_winding([0.5, 0.1]).unwrap();
            assert_eq!(above - below, 1, "the left of a border to the east is inside: {from:?} to {to:?}");
            assert_eq!(part.inner_winding([0.5, 0.5]), None);
        }
    }
}

#[test]
fn a_record_answers_with_the_first_polygon_that_covers() {
    let line: &[Point] = &[[-1.0, 0.5], [2.0, 0.5]];
    let back: &[Point] = &[[2.0, 0.5], [-1.0, 0.5]];
    let north = |code| {
        let part = polygon(code, &[line], 0);
        let winding = 1 - part.rings[0].inner_winding([0.5, 0.9]).unwrap();
        polygon(code, &[line], winding)
    };
    let south = |code| {
        let part = polygon(code, &[back], 0);
        let winding = 1 - part.rings[0].inner_winding([0.5, 0.1]).unwrap();
        polygon(code, &[back], winding)
    };
    let words = recorded(&[north(1000), south(2000)]);
    for (latitude, expected) in
        [(0.9, Some(1000)), (0.5, Some(1000)), (0.4999999, Some(2000)), (0.1, Some(2000))]
    {
        assert_eq!(code_at(&words, [0.5, latitude]), expected, "{latitude}");
    }
    assert_eq!(code_at(&recorded(&[north(1000)]), [0.5, 0.1]), None);
    assert_eq!(code_at(&[], [0.5, 0.5]), None, "a record that is not there covers nothing");

    // Neighbours without a gap: the second polygon's edges say nothing new and go.
    let mut parts = vec![north(1000), south(2000)];
    leave_rest_to_last(&mut parts, [0.3, 0.3]);
    assert_eq!(parts[1], PolygonPart::rest(2000));
    let shorter = recorded(&parts);
    assert!(shorter.len() < words.len());
    for latitude in [0.0, 0.2, 0.5, 0.7, 1.0] {
        assert_eq!(code_at(&shorter, [0.5, latitude]), code_at(&words, [0.5, latitude]));
    }

    // A strait between them stays one.
    let shore: &[Point] = &[[2.0, 0.4], [-1.0, 0.4]];
    let beyond =
        polygon(2000, &[shore], 1 - polygon(2000, &[shore], 0).rings[0].inner_winding([0.5, 0.1]).unwrap());
    let mut parts = vec![north(1000), beyond];
    leave_rest_to_last(&mut parts, [0.3, 0.3]);
    assert_eq!(code_at(&recorded(&parts), [0.5, 0.45]), None);
}

#[test]
fn edges_are_visited_without_the_detour() {
    let words =
        recorded(&[polygon(1000, &[&[[-1.0, 0.5], [0.5, 0.6], [0.5, -1.0]]], 0), PolygonPart::rest(2000)]);
    let mut edges = Vec::new();
    visit_edges(&words, |code, from, to| edges.push((code, from, to))).unwrap();
    assert_eq!(edges, [(1000, [-1.0, 0.5], [0.5, 0.6]), (1000, [0.5, 0.6], [0.5, -1.0])]);
}
