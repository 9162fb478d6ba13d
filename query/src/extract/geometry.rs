//! Polygons as WKB and as GeoJSON. In: closed lines, longitude first, the outer one of each polygon first and against the
//! clock. Out: bytes, or text.

use std::fmt::Write;

/// Polygons, each as its closed lines.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Geometry(Vec<Vec<Vec<[f64; 2]>>>);

/// Kinds of WKB.
const POLYGON: u32 = 3;
const MULTI_POLYGON: u32 = 6;
/// The byte that says: numbers with their last byte first.
const LITTLE_ENDIAN: u8 = 1;

impl Geometry {
    /// Polygons whose lines may run either way.
    pub(super) fn of(mut polygons: Vec<Vec<Vec<[f64; 2]>>>) -> Self {
        for polygon in &mut polygons {
            for (place, line) in polygon.iter_mut().enumerate() {
                if (area(line) > 0.0) != (place == 0) {
                    line.reverse();
                }
            }
        }
        Self(polygons)
    }

    /// Well-known binary of OGC Simple Features.
    pub(super) fn wkb(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let head = |bytes: &mut Vec<u8>, kind: u32, count: usize| {
            bytes.push(LITTLE_ENDIAN);
            bytes.extend(kind.to_le_bytes());
            bytes.extend((count as u32).to_le_bytes());
        };
        if self.0.len() != 1 {
            head(&mut bytes, MULTI_POLYGON, self.0.len());
        }
        for polygon in &self.0 {
            head(&mut bytes, POLYGON, polygon.len());
            for line in polygon {
                bytes.extend((line.len() as u32).to_le_bytes());
                bytes.extend(line.iter().flatten().flat_map(|degrees| degrees.to_le_bytes()));
            }
        }
        bytes
    }

    /// A geometry of GeoJSON.
    pub(super) fn geojson(&self) -> String {
        let mut text = String::new();
        let list = |text: &mut String, count: usize, each: &mut dyn FnMut(&mut String, usize)| {
            text.push('[');
            for place in 0..count {
                if place > 0 {
                    text.push(',');
                }
                each(text, place);
            }
            text.push(']');
        };
        let polygon = |text: &mut String, lines: &[Vec<[f64; 2]>]| {
            list(text, lines.len(), &mut |text, line| {
                let line = &lines[line];
                list(text, line.len(), &mut |text, point| {
                    let [x, y] = line[point];
                    // Writing to a text does not fail.
                    let _ = write!(text, "[{x},{y}]");
                });
            });
        };
        match self.0.as_slice() {
            [one] => {
                text.push_str("{\"type\":\"Polygon\",\"coordinates\":");
                polygon(&mut text, one);
            }
            several => {
                text.push_str("{\"type\":\"MultiPolygon\",\"coordinates\":");
                list(&mut text, several.len(), &mut |text, place| polygon(text, &several[place]));
            }
        }
        text.push('}');
        text
    }
}

/// Twice the area, positive against the clock.
fn area(line: &[[f64; 2]]) -> f64 {
    line.windows(2).map(|pair| pair[0][0] * pair[1][1] - pair[1][0] * pair[0][1]).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outer_lines_run_against_the_clock_and_holes_with_it() {
        let outer = vec![[0.0, 0.0], [0.0, 2.0], [2.0, 2.0], [2.0, 0.0], [0.0, 0.0]];
        let hole = vec![[0.5, 0.5], [1.0, 0.5], [1.0, 1.0], [0.5, 0.5]];
        let geometry = Geometry::of(vec![vec![outer, hole]]);
        assert_eq!(
            geometry.geojson(),
            "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[2,0],[2,2],[0,2],[0,0]],[[0.5,0.5],[1,1],[1,0.5],[0.5,0.5]]]}"
        );
        let bytes = geometry.wkb();
        assert_eq!(bytes[..9], [1, 3, 0, 0, 0, 2, 0, 0, 0]);
        assert_eq!(bytes.len(), 9 + 4 + 5 * 16 + 4 + 4 * 16);
    }
}
