//! Points that are likely to go wrong.
//!
//! In: a seed. Out: points uniform over the globe, over Japan, around pentagons, poles and the antimeridian,
//! and within metres of edges.

use kayoi_geography::boundaries::BoundarySet;
use kayoi_geography::boundaries::ring::{Point, Ring};
use kayoi_geography::cell::Resolution;
use kayoi_schemas::units::near::METRES_PER_DEGREE;
use rand::Rng as _;
use rand::rngs::SmallRng;

/// Points that are drawn from one edge or pentagon, whose corners cost more than the points.
const GROUP: u64 = 32;

/// Latitudes and longitudes for the cell kernel.
pub fn for_cells(random: &mut SmallRng, resolution: Resolution, points: u64) -> (Vec<f64>, Vec<f64>) {
    let mut drawn = Vec::with_capacity((points + GROUP) as usize);
    while (drawn.len() as u64) < points {
        group(random, resolution, &mut drawn);
    }
    drawn.into_iter().take(points as usize).unzip()
}

fn group(random: &mut SmallRng, resolution: Resolution, drawn: &mut Vec<(f64, f64)>) {
    match random.random_range(0..10) {
        0 | 1 => drawn.extend((0..GROUP).map(|_| on_globe(random))),
        2 | 3 => drawn.extend((0..GROUP).map(|_| in_japan(random))),
        4 => {
            let at = from_centre(pentagon(random));
            drawn.extend((0..GROUP).map(|_| near(random, at)));
        }
        5 => {
            drawn.extend((0..GROUP).map(|_| {
                (random.random_range(89.9..=90.0) * sign(random), random.random_range(-180.0..=180.0))
            }))
        }
        6 => drawn.extend((0..GROUP).map(|_| {
            let at = (on_globe(random).0, 180.0 * sign(random));
            near(random, at)
        })),
        7 => drawn.extend((0..GROUP).map(|_| {
            let at = [0.0, 90.0, 180.0][random.random_range(0..3)];
            (on_globe(random).0, at * sign(random))
        })),
        // Beside an edge of a cell, in Japan and elsewhere.
        _ => {
            let at = if random.random_bool(0.5) { in_japan(random) } else { on_globe(random) };
            let ends = edge_of_cell(random, at, resolution);
            drawn.extend((0..GROUP).map(|_| near_edge(random, ends)));
        }
    }
}

fn sign(random: &mut SmallRng) -> f64 {
    if random.random_bool(0.5) { 1.0 } else { -1.0 }
}

fn on_globe(random: &mut SmallRng) -> (f64, f64) {
    let height: f64 = random.random_range(-1.0..=1.0);
    (height.asin().to_degrees(), random.random_range(-180.0..=180.0))
}

fn in_japan(random: &mut SmallRng) -> (f64, f64) {
    (random.random_range(20.4..45.6), random.random_range(122.9..154.0))
}

fn pentagon(random: &mut SmallRng) -> h3o::CellIndex {
    let resolution = Resolution::try_from(random.random_range(0..=15)).unwrap();
    resolution.pentagons().nth(random.random_range(0..12)).unwrap()
}

fn from_centre(cell: h3o::CellIndex) -> (f64, f64) {
    let centre = h3o::LatLng::from(cell);
    (centre.lat(), centre.lng())
}

/// Some micrometres to some hundred kilometres from a point.
fn near(random: &mut SmallRng, (latitude, longitude): (f64, f64)) -> (f64, f64) {
    let away = 10f64.powf(random.random_range(-11.0..0.5));
    beside(random, (latitude, longitude), away)
}

fn beside(random: &mut SmallRng, (latitude, longitude): (f64, f64), degrees: f64) -> (f64, f64) {
    let (sin, cos) = random.random_range(0.0..std::f64::consts::TAU).sin_cos();
    let longitude = longitude + degrees * cos;
    let wrapped = if longitude > 180.0 { longitude - 360.0 } else { longitude };
    let wrapped = if wrapped < -180.0 { wrapped + 360.0 } else { wrapped };
    ((latitude + degrees * sin).clamp(-90.0, 90.0), wrapped)
}

type Vector = [f64; 3];

/// The ends of a random edge of the cell that a point lies in.
fn edge_of_cell(
    random: &mut SmallRng,
    (latitude, longitude): (f64, f64),
    resolution: Resolution,
) -> (Vector, Vector) {
    let cell = h3o::LatLng::new(latitude, longitude).unwrap().to_cell(resolution);
    let corners = cell.boundary();
    let edge = random.random_range(0..corners.len());
    let vector = |at: h3o::LatLng| {
        let (sin_lat, cos_lat) = at.lat_radians().sin_cos();
        let (sin_lng, cos_lng) = at.lng_radians().sin_cos();
        [cos_lat * cos_lng, cos_lat * sin_lng, sin_lat]
    };
    (vector(corners[edge]), vector(corners[(edge + 1) % corners.len()]))
}

/// 1 nm to 10 m from an edge. The chord's points, lifted back onto the sphere, are those of the great circle.
fn near_edge(random: &mut SmallRng, (from, to): (Vector, Vector)) -> (f64, f64) {
    let share = random.random_range(0.0..=1.0);
    let [x, y, z] = std::array::from_fn(|axis| from[axis] + share * (to[axis] - from[axis]));
    let at = (z.atan2(x.hypot(y)).to_degrees(), y.atan2(x).to_degrees());
    let metres = 10f64.powf(random.random_range(-9.0..1.0));
    beside(random, at, metres / METRES_PER_DEGREE)
}

/// Draws points for municipalities.
pub struct Borders<'s> {
    rings: Vec<&'s Ring>,
    /// Edges before each ring.
    starts: Vec<usize>,
    edges: usize,
    low: Point,
    high: Point,
}

impl<'s> Borders<'s> {
    pub fn of(set: &'s BoundarySet) -> Self {
        let rings: Vec<&Ring> = set.polygons().flat_map(|(_, polygon)| polygon.rings()).collect();
        let mut edges = 0;
        let mut starts = Vec::with_capacity(rings.len());
        for ring in &rings {
            starts.push(edges);
            edges += ring.points().len() - 1;
        }
        let bounds: Vec<(Point, Point)> = rings.iter().map(|ring| ring.bounds()).collect();
        let low = [0, 1].map(|axis| bounds.iter().map(|(low, _)| low[axis]).fold(f64::INFINITY, f64::min));
        let high =
            [0, 1].map(|axis| bounds.iter().map(|(_, high)| high[axis]).fold(f64::NEG_INFINITY, f64::max));
        Self { rings, starts, edges, low, high }
    }

    /// A third uniform over the box; a third within 1 m and within 10 m of a random edge; a third on or
    /// within 100 m of an edge, some exactly on its end, some rounded to the 1e-7 degree that N03 and pings
    /// stand on.
    pub fn draw(&self, random: &mut SmallRng) -> Point {
        let kind = random.random_range(0..12);
        if kind < 4 {
            return [0, 1].map(|axis| random.random_range(self.low[axis]..=self.high[axis]));
        }
        let (a, b) = self.edge(random);
        let share = random.random_range(0.0..=1.0);
        let on_edge = (a[1] + (b[1] - a[1]) * share, a[0] + (b[0] - a[0]) * share);
        let metres = match kind {
            4 | 5 => 1.0,
            6 | 7 => 10.0,
            8 => 0.0,
            _ => 100.0,
        };
        let away = random.random_range(0.0..=metres) / METRES_PER_DEGREE;
        let (latitude, longitude) = beside(random, on_edge, away);
        match kind {
            9 => a,
            10 => [(longitude * 1e7).round() / 1e7, (latitude * 1e7).round() / 1e7],
            _ => [longitude, latitude],
        }
    }

    fn edge(&self, random: &mut SmallRng) -> (Point, Point) {
        let edge = random.random_range(0..self.edges);
        let ring = self.starts.partition_point(|&start| start <= edge) - 1;
        let points = self.rings[ring].points();
        (points[edge - self.starts[ring]], points[edge - self.starts[ring] + 1])
    }
}
