//! GeoJSON of RFC 7946. In: polygons of a topology. Out: text, longitude first, with as many decimals as a
//! metre needs.

use std::fmt::Write;

use kayoi_geography::Register;
use kayoi_geography::outline::{Line, Topology};
use kayoi_schemas::ids::MunicipalityCode;
use serde_json::{Map, Value};

/// Steps of a degree: a metre.
const PER_DEGREE: f64 = 1e5;

/// West, south, east, north.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in super::super) struct Bounds(pub(in super::super) [f64; 4]);

impl Bounds {
    /// Nothing yet.
    pub(in super::super) const NOTHING: Self =
        Self([f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY]);

    /// The same with a point in it.
    pub(in super::super) fn with(self, [x, y]: [f64; 2]) -> Self {
        let [west, south, east, north] = self.0;
        Self([west.min(x), south.min(y), east.max(x), north.max(y)])
    }

    /// Whether both have a point in common.
    pub(in super::super) fn meets(&self, other: &Self) -> bool {
        let ([west, south, east, north], [w, s, e, n]) = (self.0, other.0);
        west <= e && w <= east && south <= n && s <= north
    }
}

/// The geometry of polygons, and the box around it.
pub(super) fn geometry(topology: &Topology, polygons: &[Vec<Line>]) -> (String, Bounds) {
    let mut bounds = Bounds::NOTHING;
    let mut text = "{\"type\":\"MultiPolygon\",\"coordinates\":[".to_owned();
    for (number, lines) in polygons.iter().enumerate() {
        text.push_str(if number == 0 { "[" } else { ",[" });
        for (number, line) in lines.iter().enumerate() {
            text.push_str(if number == 0 { "[" } else { ",[" });
            for (number, point) in topology.points(line).into_iter().enumerate() {
                let [x, y] = point.map(|degrees| (degrees * PER_DEGREE).round() / PER_DEGREE);
                bounds = bounds.with([x, y]);
                // Writing to a text does not fail.
                let _ = write!(text, "{}[{x},{y}]", if number == 0 { "" } else { "," });
            }
            text.push(']');
        }
        text.push(']');
    }
    text.push_str("]}");
    (text, bounds)
}

/// One feature.
pub(in super::super) fn feature(
    code: MunicipalityCode,
    properties: &Value,
    bounds: &Bounds,
    geometry: &str,
) -> String {
    let [west, south, east, north] = bounds.0;
    format!(
        "{{\"type\":\"Feature\",\"id\":\"{code}\",\"bbox\":[{west},{south},{east},{north}],\
         \"properties\":{properties},\"geometry\":{geometry}}}"
    )
}

/// What is known of a code: its own and its city's, and names where the register has them.
pub(in super::super) fn properties(code: MunicipalityCode) -> Map<String, Value> {
    let register = Register::japan();
    let mut properties = Map::new();
    properties.insert("municipality_code".to_owned(), code.to_string().into());
    let basic = register.basic(code);
    let (prefecture, _) = Register::prefecture_name(code.prefecture());
    if basic != code {
        properties.insert("city_code".to_owned(), basic.to_string().into());
    }
    if let Some(town) = register.get(basic) {
        properties.insert("municipality".to_owned(), town.name.as_str().into());
        properties.insert("municipality_romaji".to_owned(), town.romaji.as_str().into());
    }
    properties.insert("prefecture".to_owned(), prefecture.into());
    properties
}
