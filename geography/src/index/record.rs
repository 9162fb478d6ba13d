//! The record of a border cell: what decides within it, and nothing else.
//!
//! In: the polygons whose borders touch a cell of the grid, with those of their edges that do. Out: 64-bit
//! words that lie side by side, so that a question reads one short stretch of memory.
//!
//! | words | what |
//! |---|---|
//! | 1 | per polygon, in ascending order of code: code (32 bits), rings (16), whether it covers all that the ones before leave, whether it is the last |
//! | 1 | per ring, exterior first: corners (32 bits), winding (32, signed) |
//! | n, n | latitudes, then longitudes, of the corners, as doubles |
//!
//! # Why a few edges are enough
//! Cut a ring where it leaves the cell's surroundings. The pieces inside are kept, with the whole edges that
//! touch the cell; the pieces outside never touch it. Close both into loops along the same detour outside the
//! cell. The ring winds around a point as often as both loops together; the outer loop never touches the
//! cell, so it winds equally often around all points of it. That number, measured at one point of reference,
//! is the record's winding, and the kept corners, detour included, are the inner loop. All tests are on the
//! source's own doubles by an exact predicate, so the answer is that of the whole polygon, to the last bit.
//!
//! The detour runs north from each loose end along its meridian to infinity, and is counted like any edge. A
//! loose end straight south of the cell runs south and around by the west, which a ray to the east never
//! meets.

use crate::boundaries::ring::{Point, Position, Winding};

const LAST: u64 = 1 << 63;
const COVERS_REST: u64 = 1 << 62;
const RINGS_SHIFT: u32 = 32;
const FAR: f64 = f64::INFINITY;

/// Where a loose end lies, seen from the cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// North of every point of the cell.
    North,
    /// West or east of every point of the cell.
    WestOrEast,
    /// South of the cell, between its meridians.
    South,
}

/// One ring's part in a cell: the inner loop, and how often the outer one winds around the cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RingPart {
    pub(super) corners: Vec<Point>,
    pub(super) winding: i32,
}

impl RingPart {
    /// A whole ring, closed.
    pub(super) fn of_ring(corners: Vec<Point>) -> Self {
        Self { corners, winding: 0 }
    }

    /// A loop of pieces of a ring, each a run of corners with two loose ends outside the cell.
    pub(super) fn of_pieces<'p>(
        pieces: impl Iterator<Item = &'p [Point]>,
        side: impl Fn(Point) -> Side,
    ) -> Self {
        let mut corners = Vec::new();
        for piece in pieces {
            if let (Some(&first), Some(&last)) = (piece.first(), piece.last()) {
                corners.extend(detour(first, side(first)).iter().rev());
                corners.extend(piece);
                corners.extend(detour(last, side(last)));
            }
        }
        Self { corners, winding: 0 }
    }

    /// Whether it says of every point of the cell that it is outside.
    pub(super) fn covers_nothing(&self) -> bool {
        self.corners.is_empty() && self.winding == 0
    }

    /// How often the inner loop winds around a point; `None` when the point lies on it.
    pub(super) fn inner_winding(&self, point: Point) -> Option<i32> {
        let mut winding = Winding::default();
        let on_edge = self.corners.windows(2).any(|edge| winding.add(edge[0], edge[1], point));
        (!on_edge).then(|| winding.count())
    }
}

/// The way from a loose end to the far north.
fn detour([x, _]: Point, side: Side) -> Vec<Point> {
    match side {
        Side::North => Vec::new(),
        Side::WestOrEast => vec![[x, FAR]],
        Side::South => vec![[x, -FAR], [-FAR, -FAR], [-FAR, FAR]],
    }
}

/// One polygon's part in a cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PolygonPart {
    pub(super) code: u32,
    /// The exterior, then the holes.
    pub(super) rings: Vec<RingPart>,
    /// It covers every point of the cell that the polygons before it do not.
    pub(super) covers_rest: bool,
}

impl PolygonPart {
    /// The polygon that has what the ones before leave.
    pub(super) fn rest(code: u32) -> Self {
        Self { code, rings: Vec::new(), covers_rest: true }
    }
}

/// Drops the edges of the last polygon where they say nothing new: where the polygons of a cell are
/// neighbours without a gap, each edge stands there twice, once in either direction. Then the windings of all
/// rings add up to the same number everywhere in the cell; if it is 1, the last polygon covers what no other
/// does, and a point on one of its edges lies on another's.
pub(super) fn leave_rest_to_last(parts: &mut [PolygonPart], reference: Point) {
    let is_simple = parts.len() > 1 && parts.iter().all(|part| part.rings.len() == 1);
    let rings = || parts.iter().flat_map(|part| &part.rings);
    let sum: i32 = rings().filter_map(|ring| Some(ring.winding + ring.inner_winding(reference)?)).sum();
    if !is_simple || sum != 1 {
        return;
    }
    let mut edges: Vec<([u64; 4], i32)> = rings()
        .flat_map(|ring| ring.corners.windows(2))
        .filter(|edge| edge.iter().flatten().all(|coordinate| coordinate.is_finite()))
        .map(|edge| {
            let forward = edge[0] < edge[1];
            let (from, to) = if forward { (edge[0], edge[1]) } else { (edge[1], edge[0]) };
            let ends = [from[0].to_bits(), from[1].to_bits(), to[0].to_bits(), to[1].to_bits()];
            (ends, if forward { 1 } else { -1 })
        })
        .collect();
    edges.sort_unstable();
    let cancels = |same: &[([u64; 4], i32)]| same.iter().map(|(_, direction)| direction).sum::<i32>() == 0;
    let all_cancel = edges.chunk_by(|a, b| a.0 == b.0).all(cancels);
    if let (true, Some(last)) = (all_cancel, parts.last_mut()) {
        *last = PolygonPart::rest(last.code);
    }
}

/// Appends a record.
pub(super) fn write(parts: &[PolygonPart], words: &mut Vec<u64>) {
    for (position, part) in parts.iter().enumerate() {
        let last = if position + 1 == parts.len() { LAST } else { 0 };
        if part.covers_rest {
            words.push(last | COVERS_REST | u64::from(part.code));
            continue;
        }
        words.push(last | (part.rings.len() as u64) << RINGS_SHIFT | u64::from(part.code));
        for ring in &part.rings {
            words.push((ring.winding as u32 as u64) << 32 | ring.corners.len() as u64);
            words.extend(ring.corners.iter().map(|corner| corner[1].to_bits()));
            words.extend(ring.corners.iter().map(|corner| corner[0].to_bits()));
        }
    }
}

/// The code of the first polygon that covers a point of the cell.
#[inline]
pub(super) fn code_at(mut words: &[u64], point: Point) -> Option<u32> {
    loop {
        let polygon = next(&mut words)?;
        if polygon & COVERS_REST != 0 || covers(&mut words, rings_of(polygon), point)? {
            return Some(polygon as u32);
        }
        if polygon & LAST != 0 {
            return None;
        }
    }
}

/// Visits every edge of the record with its polygon's code; those of detours are left out.
pub(super) fn visit_edges(mut words: &[u64], mut visit: impl FnMut(u32, Point, Point)) -> Option<()> {
    loop {
        let polygon = next(&mut words)?;
        if polygon & COVERS_REST == 0 {
            for _ in 0..rings_of(polygon) {
                let ring = next_ring(&mut words)?;
                for edge in 1..ring.latitudes.len() {
                    let (from, to) = (ring.corner(edge - 1), ring.corner(edge));
                    if from.iter().chain(&to).all(|coordinate| coordinate.is_finite()) {
                        visit(polygon as u32, from, to);
                    }
                }
            }
        }
        if polygon & LAST != 0 {
            return Some(());
        }
    }
}

/// Visits the code of each polygon of the record.
pub(super) fn visit_codes(mut words: &[u64], mut visit: impl FnMut(u32)) -> Option<()> {
    loop {
        let polygon = next(&mut words)?;
        visit(polygon as u32);
        if polygon & COVERS_REST == 0 {
            for _ in 0..rings_of(polygon) {
                next_ring(&mut words)?;
            }
        }
        if polygon & LAST != 0 {
            return Some(());
        }
    }
}

fn rings_of(polygon: u64) -> u64 {
    polygon >> RINGS_SHIFT & 0xffff
}

/// The border of any ring belongs. Valid polygons leave no doubt which ring that is; where a hole leaves its
/// exterior or overlaps another, the rings decide in their order, as in `geo`.
#[inline]
fn covers(words: &mut &[u64], rings: u64, point: Point) -> Option<bool> {
    let mut decided = None;
    for number in 0..rings {
        let ring = next_ring(words)?;
        if decided.is_none() {
            decided = match (number, ring.position(point)) {
                (_, Position::Border) => Some(true),
                (0, Position::Inside) | (1.., Position::Outside) => None,
                (0, Position::Outside) | (1.., Position::Inside) => Some(false),
            };
        }
        if decided == Some(true) {
            break;
        }
    }
    Some(decided.unwrap_or(true))
}

struct RingWords<'w> {
    winding: i32,
    latitudes: &'w [u64],
    longitudes: &'w [u64],
}

#[inline(always)]
fn next(words: &mut &[u64]) -> Option<u64> {
    let (&first, rest) = words.split_first()?;
    *words = rest;
    Some(first)
}

#[inline(always)]
fn next_ring<'w>(words: &mut &'w [u64]) -> Option<RingWords<'w>> {
    let head = next(words)?;
    let corners = head as u32 as usize;
    let (latitudes, rest) = words.split_at_checked(corners)?;
    let (longitudes, rest) = rest.split_at_checked(corners)?;
    *words = rest;
    Some(RingWords { winding: (head >> 32) as i32, latitudes, longitudes })
}

impl RingWords<'_> {
    #[inline(always)]
    fn corner(&self, position: usize) -> Point {
        [f64::from_bits(self.longitudes[position]), f64::from_bits(self.latitudes[position])]
    }

    /// Most edges lie wholly north or south of the point; the loop finds the few that do not by one
    /// comparison a corner. Only when some corner is exactly at the point's latitude can an edge touch it
    /// unnoticed.
    #[inline]
    fn position(&self, point: Point) -> Position {
        let mut winding = Winding::starting_at(self.winding);
        let Some(&first) = self.latitudes.first() else { return winding.position() };
        let y = point[1];
        let mut was_above = f64::from_bits(first) > y;
        let mut level = f64::from_bits(first) == y;
        for (position, &latitude) in self.latitudes.iter().enumerate().skip(1) {
            let latitude = f64::from_bits(latitude);
            let is_above = latitude > y;
            level |= latitude == y;
            if is_above != was_above {
                was_above = is_above;
                if winding.add(self.corner(position - 1), self.corner(position), point) {
                    return Position::Border;
                }
            }
        }
        let touches = || {
            let mut unused = Winding::default();
            (1..self.latitudes.len()).any(|end| unused.add(self.corner(end - 1), self.corner(end), point))
        };
        if level && touches() { Position::Border } else { winding.position() }
    }
}

#[cfg(test)]
#[path = "record_tests.rs"]
mod tests;
