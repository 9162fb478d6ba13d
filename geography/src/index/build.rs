//! Building the index.
//!
//! In: a [`BoundarySet`]. Out: the grid, the table and the records. Every edge is traced through the cells
//! that it touches; cells between two touched ones of a row are wholly inside or wholly outside, and one
//! point tells. Where a border touches, a record is made of the edges that do.

use std::ops::Range;

use rayon::prelude::*;

use super::grid::Grid;
use super::record::{self, PolygonPart, RingPart, Side};
use super::section::Section;
use super::stripes::Stripes;
use super::table::{Known, LARGEST_RECORDS, Table};
use super::{BuildFault, Index, Step};
use crate::boundaries::BoundarySet;
use crate::boundaries::ring::{Point, bounds};

/// Border cells whose records are made by one task.
const CELLS_PER_TASK: usize = 4_096;
/// Points that are tried as a cell's point of reference, until one lies on no border.
const REFERENCE_TRIES: u32 = 1_000;

/// A polygon as positions of its rings: exterior first, then the holes.
struct PolygonEntry {
    code: u32,
    rings: Range<u32>,
}

/// Boundaries, arranged for questions about points of reference.
struct Land {
    grid: Grid,
    polygons: Vec<PolygonEntry>,
    stripes: Stripes,
}

/// That an edge touches a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Touch {
    cell: u32,
    /// Position of its first point among all points.
    edge: u32,
}

/// That a polygon covers a cell wholly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Cover {
    cell: u32,
    polygon: u32,
}

/// A cell that borders touch.
struct Border<'t> {
    touches: &'t [Touch],
    /// The first polygon that covers it wholly.
    cover: Option<u32>,
}

impl Border<'_> {
    fn cell(&self) -> u32 {
        self.touches[0].cell
    }
}

/// Builds the index on all cores, and tells what it is at.
pub(super) fn build(set: &BoundarySet, tell: &mut dyn FnMut(Step)) -> Result<Index, BuildFault> {
    tell(Step::Arranging);
    let land = Land::of(set);
    tell(Step::Tracing);
    let (touched, inside) = land.traced();
    tell(Step::Recording);
    land.recorded(&touched, inside)
}

impl Land {
    fn of(set: &BoundarySet) -> Self {
        let mut polygons = Vec::new();
        let mut rings = Vec::new();
        // In ascending order of code, so that the first polygon that covers a point has the lowest code.
        for (code, polygon) in set.polygons() {
            let first_ring = rings.len() as u32;
            rings.extend(polygon.rings().map(|ring| ring.points()));
            polygons.push(PolygonEntry { code: code.number(), rings: first_ring..rings.len() as u32 });
        }
        let vertices = rings.iter().map(|ring| ring.len()).sum();
        let boxes: Vec<_> = rings.par_iter().map(|ring| bounds(ring)).collect();
        let corners: Vec<_> = boxes.iter().flat_map(|(low, high)| [*low, *high]).collect();
        Self {
            grid: Grid::over(bounds(&corners), vertices),
            polygons,
            stripes: Stripes::build(&rings, &boxes),
        }
    }

    /// Which edge touches which cell, and which polygon covers which cells wholly; both sorted by cell.
    fn traced(&self) -> (Vec<Touch>, Vec<Cover>) {
        let numbers = 0..self.polygons.len() as u32;
        let traced: Vec<_> = numbers.into_par_iter().map(|polygon| self.traced_polygon(polygon)).collect();
        let mut touched = Vec::with_capacity(traced.iter().map(|(touched, _)| touched.len()).sum());
        let mut inside = Vec::new();
        for (own_touched, own_inside) in traced {
            touched.extend(own_touched);
            inside.extend(own_inside);
        }
        touched.par_sort_unstable();
        inside.par_sort_unstable();
        (touched, inside)
    }

    fn traced_polygon(&self, number: u32) -> (Vec<Touch>, Vec<Cover>) {
        let polygon = &self.polygons[number as usize];
        let mut touched = Vec::new();
        for ring in polygon.rings.clone() {
            let edges = self.stripes.range(ring);
            let points = &self.stripes.all_points()[edges.start as usize..edges.end as usize];
            for (edge, ends) in edges.zip(points.windows(2)) {
                self.grid.touched_cells(ends[0], ends[1], |column, row| {
                    touched.push(Touch { cell: self.grid.number(column, row), edge });
                });
            }
        }
        touched.sort_unstable();
        let mut inside = Vec::new();
        for pair in touched.windows(2) {
            let gap = pair[0].cell + 1..pair[1].cell;
            // Cells between two touched ones of a row are connected without crossing an edge.
            let in_one_row = gap.start < gap.end && self.grid.same_row(pair[0].cell, pair[1].cell);
            if in_one_row && self.covers(polygon, self.grid.centre(gap.start)) {
                inside.extend(gap.map(|cell| Cover { cell, polygon: number }));
            }
        }
        (touched, inside)
    }

    /// Whether a polygon covers a point that lies on none of its rings.
    fn covers(&self, polygon: &PolygonEntry, point: Point) -> bool {
        let winds = |ring| self.stripes.winding(ring, point).is_some_and(|winding| winding != 0);
        let mut rings = polygon.rings.clone();
        rings.next().is_some_and(winds) && !rings.any(winds)
    }

    fn recorded(self, touched: &[Touch], mut inside: Vec<Cover>) -> Result<Index, BuildFault> {
        // Several polygons may cover a cell; the first has the lowest code, and the others never answer.
        inside.dedup_by_key(|cover| cover.cell);
        let borders: Vec<Border<'_>> = touched
            .chunk_by(|a, b| a.cell == b.cell)
            .map(|touches| {
                let cover = inside.binary_search_by_key(&touches[0].cell, |cover| cover.cell).ok();
                Border { touches, cover: cover.map(|position| inside[position].polygon) }
            })
            .collect();
        let recorded = |borders: &[Border<'_>]| -> Result<(Vec<u64>, Vec<usize>), BuildFault> {
            let (mut words, mut starts) = (Vec::new(), Vec::with_capacity(borders.len()));
            for border in borders {
                starts.push(words.len());
                record::write(&self.parts(border)?, &mut words);
            }
            Ok((words, starts))
        };
        let tasks = borders.par_chunks(CELLS_PER_TASK).map(recorded).collect::<Result<Vec<_>, _>>()?;
        let mut records = Vec::with_capacity(tasks.iter().map(|(words, _)| words.len()).sum());
        let mut starts = Vec::with_capacity(borders.len());
        for (words, task_starts) in tasks {
            starts.extend(task_starts.into_iter().map(|start| records.len() + start));
            records.extend(words);
        }
        if records.len() > LARGEST_RECORDS {
            return Err(BuildFault::TooLarge);
        }
        let whole = inside.iter().map(|cover| (cover.cell, Known::Whole(self.code(cover.polygon))));
        let border = borders
            .iter()
            .zip(starts)
            .filter(|(border, _)| !self.is_covered_first(border))
            .map(|(border, start)| (border.cell(), Known::Record(start as u32)));
        // Border cells after whole ones, so that where both name a cell the border's entry stays.
        let known = whole.chain(border).map(|(cell, known)| {
            let (column, row) = self.grid.column_and_row(cell);
            (column, row, known)
        });
        let table = Table::build(self.grid.columns(), self.grid.rows(), known);
        Ok(Index { grid: self.grid, table, records: Section::Owned(records) })
    }

    fn code(&self, polygon: u32) -> u32 {
        self.polygons[polygon as usize].code
    }

    fn polygon_of(&self, edge: u32) -> u32 {
        let first_point = |polygon: &PolygonEntry| self.stripes.range(polygon.rings.start).start;
        self.polygons.partition_point(|polygon| first_point(polygon) <= edge) as u32 - 1
    }

    /// Whether a polygon that covers the whole cell comes before every polygon whose border touches it.
    fn is_covered_first(&self, border: &Border<'_>) -> bool {
        border.cover.is_some_and(|cover| cover < self.polygon_of(border.touches[0].edge))
    }

    /// The parts of a border cell, in ascending order of polygon, up to the first that covers the cell
    /// wholly.
    fn parts(&self, border: &Border<'_>) -> Result<Vec<PolygonPart>, BuildFault> {
        if self.is_covered_first(border) {
            return Ok(Vec::new());
        }
        let mut polygons = Vec::new();
        let mut rest = border.touches;
        while let Some(touch) = rest.first() {
            let polygon = self.polygon_of(touch.edge);
            if border.cover.is_some_and(|cover| cover < polygon) {
                break;
            }
            let end = self.stripes.range(self.polygons[polygon as usize].rings.end - 1).end;
            let (own, others) = rest.split_at(rest.partition_point(|touch| touch.edge < end));
            polygons.push((polygon, own));
            rest = others;
        }
        let reference = self.reference(border.cell(), &polygons)?;
        let mut parts = Vec::new();
        for (polygon, touches) in polygons {
            parts.extend(self.polygon_part(border.cell(), polygon, touches, reference));
        }
        match border.cover {
            Some(cover) => parts.push(PolygonPart::rest(self.code(cover))),
            None => record::leave_rest_to_last(&mut parts, reference),
        }
        Ok(parts)
    }

    /// A point of the cell that lies on no border. It may lie beyond the data's box, where no question is
    /// asked: of the last column the box may take in just its own side, which is a border from end to end.
    fn reference(&self, cell: u32, polygons: &[(u32, &[Touch])]) -> Result<Point, BuildFault> {
        let is_clear = |point: Point| {
            let is_own = self.grid.column_and_row_of(point) == self.grid.column_and_row(cell);
            is_own
                && polygons.iter().all(|&(polygon, _)| {
                    let mut rings = self.polygons[polygon as usize].rings.clone();
                    rings.all(|ring| self.stripes.winding(ring, point).is_some())
                })
        };
        let mut tries = (0..REFERENCE_TRIES).map(|attempt| self.grid.point_in(cell, attempt));
        tries.find(|&point| is_clear(point)).ok_or(BuildFault::NoReference)
    }

    fn polygon_part(
        &self,
        cell: u32,
        number: u32,
        touches: &[Touch],
        reference: Point,
    ) -> Option<PolygonPart> {
        let polygon = &self.polygons[number as usize];
        let mut rings = Vec::new();
        let mut rest = touches;
        for ring in polygon.rings.clone() {
            let range = self.stripes.range(ring);
            let (own, others) = rest.split_at(rest.partition_point(|touch| touch.edge < range.end));
            rest = others;
            let mut part = self.ring_part(cell, range, own);
            let inner = part.inner_winding(reference)?;
            part.winding = self.stripes.winding(ring, reference)? - inner;
            let is_exterior = ring == polygon.rings.start;
            if is_exterior && part.covers_nothing() {
                return None;
            }
            if is_exterior || !part.covers_nothing() {
                rings.push(part);
            }
        }
        Some(PolygonPart { code: polygon.code, rings, covers_rest: false })
    }

    /// The edges of one ring in a cell, as pieces of corners.
    fn ring_part(&self, cell: u32, range: Range<u32>, touches: &[Touch]) -> RingPart {
        let points = self.stripes.all_points();
        let edges = range.start..range.end - 1;
        if touches.len() == edges.len() {
            return RingPart::of_ring(points[range.start as usize..range.end as usize].to_vec());
        }
        let runs: Vec<&[Touch]> = touches.chunk_by(|a, b| a.edge + 1 == b.edge).collect();
        let corners = |run: &[Touch]| &points[run[0].edge as usize..run[0].edge as usize + run.len() + 1];
        let mut pieces: Vec<Vec<Point>> = runs.iter().map(|run| corners(run).to_vec()).collect();
        // The ring's first point is not a loose end where the last edge and the first both touch.
        let goes_on = touches.first().is_some_and(|touch| touch.edge == edges.start)
            && touches.last().is_some_and(|touch| touch.edge + 1 == edges.end);
        if goes_on && pieces.len() > 1 {
            let first = pieces.remove(0);
            if let Some(last) = pieces.last_mut() {
                last.extend_from_slice(&first[1..]);
            }
        }
        RingPart::of_pieces(pieces.iter().map(Vec::as_slice), |point| self.side(cell, point))
    }

    /// The side of the cell that a loose end lies on. It lies outside, for an edge that does not touch the
    /// cell ends there too.
    fn side(&self, cell: u32, point: Point) -> Side {
        let (column, row) = self.grid.column_and_row(cell);
        let (own_column, own_row) = self.grid.column_and_row_of(point);
        if own_row > row {
            Side::North
        } else if own_column != column {
            Side::WestOrEast
        } else {
            Side::South
        }
    }
}
