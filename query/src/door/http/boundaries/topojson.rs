//! The country as one TopoJSON (version 1 of its specification).
//!
//! In: a topology. Out: text. Points stand on a grid and each as its way from the one before, so that most
//! take two or three signs, and a border of two towns stands once. A reversed piece is written as `~arc`.

use std::fmt::Write;

use kayoi_geography::outline::{Line, Topology};
use serde_json::{Value, json};

use super::geojson::{Bounds, properties};

/// Steps of the grid across the country, in each direction: some twenty metres.
const STEPS: f64 = 100_000.0;

/// The text.
pub(super) fn country(topology: &Topology, edition: &str, credit: &str) -> String {
    let points = topology.arcs().iter().flatten();
    let Bounds([west, south, east, north]) =
        points.fold(Bounds::NOTHING, |bounds, point| bounds.with(*point));
    let scale = [(east - west) / STEPS, (north - south) / STEPS];
    let on_grid =
        |[x, y]: [f64; 2]| [((x - west) / scale[0]).round() as i64, ((y - south) / scale[1]).round() as i64];
    let geometries: Vec<Value> = (topology.shapes().iter())
        .map(|shape| {
            let polygons =
                shape.polygons.iter().map(|polygon| polygon.iter().map(numbers).collect::<Vec<_>>());
            json!({
                "type": "MultiPolygon",
                "id": shape.code.to_string(),
                "properties": properties(shape.code),
                "arcs": polygons.collect::<Vec<_>>(),
            })
        })
        .collect();
    let mut head = json!({
        "type": "Topology",
        "bbox": [west, south, east, north],
        "transform": { "scale": scale, "translate": [west, south] },
        "boundaries": edition,
        "credit": credit,
        "objects": { "municipalities": { "type": "GeometryCollection", "geometries": geometries } },
    })
    .to_string();
    head.pop();
    head.push_str(",\"arcs\":[");
    for (number, arc) in topology.arcs().iter().enumerate() {
        head.push_str(if number == 0 { "[" } else { ",[" });
        let mut before: Option<[i64; 2]> = None;
        for (place, point) in arc.iter().enumerate() {
            let [x, y] = on_grid(*point);
            let [dx, dy] = before.map_or([x, y], |[before_x, before_y]| [x - before_x, y - before_y]);
            // An arc has two points at least, also where both are on the same place of the grid.
            if before.is_some() && [dx, dy] == [0, 0] && place != arc.len() - 1 {
                continue;
            }
            // Writing to a text does not fail.
            let _ = write!(head, "{}[{dx},{dy}]", if before.is_some() { "," } else { "" });
            before = Some([x, y]);
        }
        head.push(']');
    }
    head.push_str("]}");
    head
}

fn numbers(line: &Line) -> Vec<i64> {
    line.iter().map(|piece| if piece.is_reversed { !(piece.arc as i64) } else { piece.arc as i64 }).collect()
}
