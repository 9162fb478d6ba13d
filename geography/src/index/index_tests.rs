use geo::Intersects as _;
use proptest::prelude::*;

use super::*;
use crate::boundaries::Polygon;
use crate::boundaries::fixture::set_of;
use crate::boundaries::ring::{Point, Position, Ring};

/// The question asked the slow way: every polygon, with another crate.
struct Naive(Vec<(MunicipalityCode, geo::Polygon)>);

impl Naive {
    fn of(set: &BoundarySet) -> Self {
        let line = |ring: &Ring| geo::LineString::from(ring.points().to_vec());
        let polygon = |polygon: &Polygon| {
            geo::Polygon::new(line(polygon.exterior()), polygon.holes().iter().map(line).collect())
        };
        Self(set.polygons().map(|(code, one)| (code, polygon(one))).collect())
    }

    fn municipality_at(&self, [x, y]: Point) -> Option<MunicipalityCode> {
        let point = geo::Point::new(x, y);
        self.0.iter().filter(|(_, polygon)| polygon.intersects(&point)).map(|(code, _)| *code).min()
    }
}

fn built(set: &BoundarySet) -> Index {
    Index::build(set, &mut |_| {}).unwrap()
}

fn square(x: f64, y: f64, side: f64) -> Vec<Point> {
    vec![[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]
}

fn code(number: u32) -> Option<MunicipalityCode> {
    MunicipalityCode::from_number(number)
}

#[test]
fn no_polygons_cover_nothing() {
    for index in [built(&set_of(vec![])), Index::of_nothing()] {
        for (latitude, longitude) in
            [(0.0, 0.0), (35.0, 139.0), (f64::NAN, 139.0), (f64::INFINITY, f64::NEG_INFINITY)]
        {
            assert_eq!(index.municipality_at(latitude, longitude), None);
            assert_eq!(index.nearest_within(latitude, longitude, 500.0), None);
        }
    }
}

#[test]
fn borders_belong_and_the_lowest_code_wins() {
    let index = built(&set_of(vec![
        (2000, vec![square(1.0, 0.0, 1.0)]),
        (1000, vec![square(0.0, 0.0, 1.0)]),
        (3000, vec![square(0.5, 0.5, 1.0)]),
    ]));
    for (longitude, latitude, expected) in [
        (1.0, 0.5, code(1000)),
        (1.5, 0.2, code(2000)),
        (0.7, 0.7, code(1000)),
        (1.0, 1.0, code(1000)),
        (1.2, 1.2, code(3000)),
        (1.5, 1.5, code(3000)),
        (2.0, 1.0, code(2000)),
        (2.0, 1.0000001, None),
        (-1e-9, 0.5, None),
    ] {
        assert_eq!(index.municipality_at(latitude, longitude), expected, "{longitude} {latitude}");
    }
}

#[test]
fn an_enclave_is_its_own_and_the_rim_of_a_hole_is_shared() {
    let index = built(&set_of(vec![
        (1000, vec![square(0.0, 0.0, 4.0), square(1.0, 1.0, 1.0), square(2.5, 1.0, 1.0)]),
        (2000, vec![square(1.0, 1.0, 1.0)]),
    ]));
    assert_eq!(index.municipality_at(1.5, 1.5), code(2000));
    assert_eq!(index.municipality_at(1.0, 1.5), code(1000));
    assert_eq!(index.municipality_at(1.5, 3.0), None);
    assert_eq!(index.municipality_at(1.5, 2.5), code(1000));
    assert_eq!(index.municipality_at(0.5, 0.5), code(1000));
}

/// Invalid, and yet answered as `geo` answers: the exterior's border counts before any hole.
#[test]
fn a_hole_that_leaves_its_exterior_does_not_take_the_border_away() {
    let set = set_of(vec![(1000, vec![square(0.0, 0.0, 2.0), square(1.0, 1.0, 2.0), square(0.5, 0.5, 1.0)])]);
    let (index, naive) = (built(&set), Naive::of(&set));
    for (longitude, latitude, covered) in [
        (2.0, 1.5, true),
        (1.5, 2.0, true),
        (1.75, 1.75, false),
        (2.5, 2.5, false),
        (1.25, 1.0, true),
        (0.75, 0.75, false),
    ] {
        assert_eq!(naive.municipality_at([longitude, latitude]).is_some(), covered);
        assert_eq!(index.municipality_at(latitude, longitude).is_some(), covered);
    }
}

/// One unit of the lattice that N03 stands on, 1e-7 degree.
type Lattice = (i32, i32);

fn degrees((x, y): Lattice) -> Point {
    [f64::from(1_350_000_000 + x) / 1e7, f64::from(350_000_000 + y) / 1e7]
}

fn star(centre: Lattice, radii: &[i32], share: f64) -> Vec<Lattice> {
    let step = std::f64::consts::TAU / radii.len() as f64;
    let arm = |(position, radius): (usize, &i32)| {
        let (sin, cos) = (position as f64 * step).sin_cos();
        let radius = f64::from(*radius) * share;
        (centre.0 + (cos * radius) as i32, centre.1 + (sin * radius) as i32)
    };
    radii.iter().enumerate().map(arm).collect()
}

/// Stars with holes, some holes filled by a neighbour, and two neighbours along a zigzag.
fn sets() -> impl Strategy<Value = BoundarySet> {
    let scale = prop_oneof![Just(30), Just(3_000), Just(300_000), Just(20_000_000)];
    scale.prop_flat_map(|extent| {
        let star = (
            1000..1010u32,
            (-extent..extent, -extent..extent),
            prop::collection::vec(extent / 8..extent, 3..24),
            0..3u8,
        );
        let zigzag = prop::collection::vec((-extent / 4..extent / 4, 1..extent / 2), 0..30);
        (Just(extent), prop::collection::vec(star, 0..7), zigzag).prop_map(|(extent, stars, zigzag)| {
            let mut polygons = Vec::new();
            for (number, centre, radii, hole) in stars {
                let mut rings = vec![star_ring(centre, &radii, 1.0)];
                if hole > 0 {
                    rings.push(star_ring(centre, &radii, 0.5));
                }
                if hole > 1 {
                    polygons.push((number + 5, vec![star_ring(centre, &radii, 0.5)]));
                }
                polygons.push((number, rings));
            }
            polygons.extend(neighbours(extent, &zigzag));
            set_of(polygons)
        })
    })
}

fn star_ring(centre: Lattice, radii: &[i32], share: f64) -> Vec<Point> {
    star(centre, radii, share).into_iter().map(degrees).collect()
}

fn neighbours(extent: i32, zigzag: &[(i32, i32)]) -> Vec<(u32, Vec<Vec<Point>>)> {
    let mut y = -extent;
    let line: Vec<Lattice> = zigzag
        .iter()
        .map(|&(x, up)| {
            (x, {
                y += up;
                y
            })
        })
        .collect();
    let (Some(first), Some(last)) = (line.first(), line.last()) else { return Vec::new() };
    let side = |x: i32| {
        let around = [(x, last.1), (x, first.1)];
        vec![line.iter().copied().chain(around).map(degrees).collect()]
    };
    vec![(1020, side(-extent)), (1002, side(extent))]
}

/// Points that are likely to go wrong: vertices, edges, lines of the grid, and one step beside each.
fn hard_points(set: &BoundarySet, index: &Index, shares: &[f64]) -> Vec<Point> {
    let edges: Vec<(Point, Point)> = set
        .polygons()
        .flat_map(|(_, polygon)| polygon.rings())
        .flat_map(|ring| ring.points().windows(2).map(|edge| (edge[0], edge[1])))
        .collect();
    let mut points = Vec::new();
    for (position, (a, b)) in edges.iter().enumerate() {
        let share = shares[position % shares.len()];
        let along = [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
        points.extend([*a, along, [(along[0] * 1e7).round() / 1e7, (along[1] * 1e7).round() / 1e7]]);
        points.push(index.grid.corner_near(along));
        points.push([index.grid.corner_near(*a)[0], along[1]]);
        points.push([along[0], index.grid.corner_near(*b)[1]]);
    }
    let beside = |point: &Point| {
        let [x, y] = *point;
        [[x.next_up(), y], [x.next_down(), y], [x, y.next_up()], [x, y.next_down()]]
    };
    let steps: Vec<Point> = points.iter().flat_map(beside).collect();
    points.extend(steps);
    points
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_index_equals_the_naive_test(
        set in sets(),
        random in prop::collection::vec((-1.2..1.2f64, -1.2..1.2f64), 50),
        shares in prop::collection::vec(0.0..1.0f64, 5),
    ) {
        let index = built(&set);
        let naive = Naive::of(&set);
        let corners: Vec<Point> = set.polygons().flat_map(|(_, polygon)| polygon.exterior().points().to_vec()).collect();
        let (low, high) = crate::boundaries::ring::bounds(&corners);
        let spread = |(x, y): &(f64, f64)| {
            [low[0] + (x + 1.0) / 2.0 * (high[0] - low[0]), low[1] + (y + 1.0) / 2.0 * (high[1] - low[1])]
        };
        let points = random.iter().map(spread).chain(hard_points(&set, &index, &shares));
        for point in points {
            prop_assert_eq!(index.municipality_at(point[1], point[0]), naive.municipality_at(point), "{:?}", point);
        }
    }

    #[test]
    fn a_ring_in_stripes_winds_as_the_ring_read_whole(
        ring in prop::collection::vec((0..9i32, 0..9i32), 3..60),
        asked in prop::collection::vec((0..18i32, 0..18i32), 60),
    ) {
        let points = ring.iter().map(|&(x, y)| [f64::from(x), f64::from(y)]).collect();
        let Ok((ring, _)) = Ring::new(points) else { return Ok(()) };
        let stripes = stripes::Stripes::build(&[ring.points()], &[ring.bounds()]);
        for (x, y) in asked {
            let point = [f64::from(x) / 2.0, f64::from(y) / 2.0];
            let position = match stripes.winding(0, point) {
                None => Position::Border,
                Some(0) => Position::Outside,
                Some(_) => Position::Inside,
            };
            prop_assert_eq!(position, ring.position(point));
        }
    }
}
