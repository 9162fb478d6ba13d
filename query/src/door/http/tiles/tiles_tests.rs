//! Cut outlines against the outlines themselves, point by point, and tiles read back as the specification says.

use prost::Message;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::clip::{EXTENT, Frame, Ring, doubled_area};
use super::encode::{Feature, Tile, encoded};

/// Whether a point is in rings, by how often a ray from it crosses them.
fn is_inside(rings: &[Vec<[f64; 2]>], [x, y]: [f64; 2]) -> bool {
    let crossings = rings.iter().flat_map(|ring| ring.iter().zip(ring.iter().cycle().skip(1)));
    let is_crossed = |(a, b): &(&[f64; 2], &[f64; 2])| {
        (a[1] > y) != (b[1] > y) && x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0]
    };
    crossings.filter(is_crossed).count() % 2 == 1
}

fn as_numbers(rings: &[Ring]) -> Vec<Vec<[f64; 2]>> {
    rings.iter().map(|ring| ring.iter().map(|point| point.map(f64::from)).collect()).collect()
}

/// A star with a hole, around a point.
fn star(random: &mut StdRng, [x, y]: [f64; 2], size: f64) -> Vec<Vec<[f64; 2]>> {
    let ring = |random: &mut StdRng, least: f64, most: f64| {
        let corners = 40;
        let corner = |at: usize, away: f64| {
            let angle = std::f64::consts::TAU * at as f64 / corners as f64;
            [x + size * away * angle.cos(), y + size * away * angle.sin()]
        };
        let mut ring: Vec<_> = (0..corners).map(|at| corner(at, random.random_range(least..most))).collect();
        ring.push(ring[0]);
        ring
    };
    vec![ring(random, 0.5, 1.0), ring(random, 0.1, 0.4)]
}

#[test]
fn what_is_left_in_a_tile_is_what_lies_in_it() {
    let mut random = StdRng::seed_from_u64(7);
    let (mut inside, mut seen) = (0, 0);
    for _ in 0..40 {
        let frame = Frame::new(9, 453, 200);
        let [west, south, east, north] = frame.bounds().0;
        let centre = [random.random_range(west..east), random.random_range(south..north)];
        let size = (east - west) * random.random_range(0.1..2.0);
        let polygon = star(&mut random, centre, size);
        let whole = as_placed(&frame, &polygon);
        let left = frame.clipped(&[polygon]);
        let rings: Vec<Ring> = left.into_iter().flatten().collect();
        let rings = as_numbers(&rings);
        for _ in 0..500 {
            let point = [0, 1].map(|_| random.random_range(0.0..f64::from(EXTENT)));
            // Rounding moves a border by a step at most.
            let around = [[-2.0, 0.0], [2.0, 0.0], [0.0, -2.0], [0.0, 2.0]];
            let is_in = is_inside(&whole, point);
            let is_near =
                around.iter().any(|[dx, dy]| is_inside(&whole, [point[0] + dx, point[1] + dy]) != is_in);
            if !is_near {
                assert_eq!(is_inside(&rings, point), is_in, "{point:?}");
                inside += u32::from(is_in);
                seen += 1;
            }
        }
    }
    assert!(inside > 1_000 && seen - inside > 1_000, "{inside} of {seen}");
}

/// A polygon on the grid of a frame, uncut: Web Mercator written out once more.
fn as_placed(frame: &Frame, polygon: &[Vec<[f64; 2]>]) -> Vec<Vec<[f64; 2]>> {
    let tiles = 2_f64.powi(i32::from(frame.zoom()));
    let (x, y) = (453.0, 200.0);
    let placed = |[longitude, latitude]: [f64; 2]| {
        let sine = latitude.to_radians().sin();
        let down = 0.5 - ((1.0 + sine) / (1.0 - sine)).ln() / (4.0 * std::f64::consts::PI);
        [((longitude / 360.0 + 0.5) * tiles - x) * 4_096.0, (down * tiles - y) * 4_096.0]
    };
    polygon.iter().map(|ring| ring.iter().map(|point| placed(*point)).collect()).collect()
}

#[test]
fn a_tile_says_what_was_put_in() {
    let outer: Ring = vec![[0, 0], [100, 0], [100, 100], [0, 100]];
    let hole: Ring = vec![[10, 10], [10, 20], [20, 20]];
    assert!(doubled_area(&outer) > 0 && doubled_area(&hole) < 0);
    let feature = |id: u64, name: &str| Feature {
        id,
        properties: serde_json::json!({ "municipality": name, "prefecture": "長野県" })
            .as_object()
            .unwrap()
            .clone(),
        polygons: vec![vec![outer.clone(), hole.clone()]],
    };
    let bytes = encoded("municipalities", vec![feature(20_214, "茅野市"), feature(20_202, "松本市")]);
    let tile = Tile::decode(bytes.as_slice()).unwrap();
    let layer = &tile.layers[0];
    assert_eq!((layer.version, layer.extent, layer.name.as_str()), (2, Some(4_096), "municipalities"));
    assert_eq!(layer.keys.len(), 2);
    let words: Vec<_> = layer.values.iter().map(|value| value.text.as_deref().unwrap()).collect();
    assert_eq!(words, ["茅野市", "長野県", "松本市"]);
    assert_eq!(layer.features[1].tags, [0, 2, 1, 1]);
    // Move to (0, 0); three lines; close; move to (10, 10) from (0, 100); two lines; close.
    let expected = [9, 0, 0, 26, 200, 0, 0, 200, 199, 0, 15, 9, 20, 179, 18, 0, 20, 20, 0, 15];
    assert_eq!(layer.features[0].geometry, expected);
    assert!(encoded("municipalities", Vec::new()).is_empty());
}

#[test]
fn outer_rings_turn_one_way_and_holes_the_other_however_they_come() {
    let frame = Frame::new(9, 453, 200);
    let mut polygon = star(&mut StdRng::seed_from_u64(1), middle(&frame), 0.2);
    for _ in 0..2 {
        let left = frame.clipped(std::slice::from_ref(&polygon));
        assert!(doubled_area(&left[0][0]) > 0 && doubled_area(&left[0][1]) < 0);
        polygon.iter_mut().for_each(|ring| ring.reverse());
    }
    let elsewhere = star(&mut StdRng::seed_from_u64(1), [0.0, 0.0], 0.2);
    assert!(frame.clipped(&[elsewhere]).is_empty());
}

fn middle(frame: &Frame) -> [f64; 2] {
    let [west, south, east, north] = frame.bounds().0;
    [(west + east) / 2.0, (south + north) / 2.0]
}
