//! Reading offices from GeoJSON (RFC 7946).
//!
//! In: the text of a FeatureCollection. Out: places, in the order of its features. Points become circles;
//! polygons keep their holes. The whole document is read at once: a list of offices is small.

use std::path::Path;

use serde_json::{Map, Value};

use super::error::{OfficeFault, OfficesError, PlaceIn};
use super::field::{
    Field, METRES, NAME, RADIUS_M, is, is_other_radius, name, number, point_in_japan, radius_m,
};
use super::place::{DEFAULT_RADIUS_M, LARGEST_RADIUS_M, Office, Shape};
use crate::boundaries::ring::Point;
use crate::boundaries::{Polygon, Ring};

/// How much of a wrong value an error shows.
const SHOWN_CHARACTERS: usize = 60;

/// The places of a document.
pub(super) fn read(path: &Path, text: &str) -> Result<Vec<Office>, OfficesError> {
    let document: Value =
        serde_json::from_str(text).map_err(|error| OfficesError::malformed(path, "GeoJSON", error))?;
    let features = features(&document)
        .ok_or_else(|| OfficesError::NotCollection { path: path.to_owned(), found: kind(&document) })?;
    let refused = |position: usize, fault| OfficesError::Office {
        path: path.to_owned(),
        place: PlaceIn::Feature(position + 1),
        fault,
    };
    let offices = features.iter().enumerate();
    offices.map(|(position, feature)| office(feature).map_err(|fault| refused(position, fault))).collect()
}

/// The list of a FeatureCollection; `None` for every other document.
fn features(document: &Value) -> Option<&Vec<Value>> {
    let is_collection = document.get("type")? == "FeatureCollection";
    document.get("features")?.as_array().filter(|_| is_collection)
}

fn office(feature: &Value) -> Result<Office, OfficeFault> {
    let nothing = Map::new();
    let properties = feature.get("properties").and_then(Value::as_object).unwrap_or(&nothing);
    if let Some(found) = properties.keys().find(|key| is_other_radius(key)) {
        return Err(OfficeFault::OtherRadius { found: found.clone() });
    }
    let name = name(property(properties, NAME)?.and_then(Value::as_str).unwrap_or_default())?;
    let radius = property(properties, RADIUS_M)?.map(metres).transpose()?.flatten();
    let geometry = feature.get("geometry").unwrap_or(&Value::Null);
    Ok(Office { name, shape: shape(geometry, radius)? })
}

/// The value of a property, whichever language it is named in.
fn property(properties: &Map<String, Value>, field: Field) -> Result<Option<&Value>, OfficeFault> {
    let mut values = properties.iter().filter(|(key, _)| is(key, field)).map(|(_, value)| value);
    match (values.next(), values.next()) {
        (_, Some(_)) => Err(OfficeFault::TwoColumns { column: field.0, japanese: field.1 }),
        (first, None) => Ok(first),
    }
}

/// A radius; `None` for null and for nothing, as layers with a column for all features have it.
fn metres(value: &Value) -> Result<Option<f64>, OfficeFault> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) if text.trim().is_empty() => Ok(None),
        Value::String(text) => number(RADIUS_M.0, text, METRES).map(Some),
        // A number is the same text in JSON; all else is refused with its text.
        other => number(RADIUS_M.0, &other.to_string(), METRES).map(Some),
    }
}

fn shape(geometry: &Value, radius: Option<f64>) -> Result<Shape, OfficeFault> {
    let coordinates = geometry.get("coordinates").unwrap_or(&Value::Null);
    let kind = geometry.get("type").and_then(Value::as_str).unwrap_or_default();
    let polygons = match kind {
        "Point" => {
            let centre = point(coordinates)?;
            return Ok(Shape::Circle { centre, radius_m: radius_m(radius.unwrap_or(DEFAULT_RADIUS_M))? });
        }
        "Polygon" => vec![polygon(coordinates)?],
        "MultiPolygon" => {
            list(coordinates, "list of polygons")?.iter().map(polygon).collect::<Result<_, _>>()?
        }
        "" => return Err(OfficeFault::Geometry { found: "missing".to_owned() }),
        other => return Err(OfficeFault::Geometry { found: format!("`{other}`") }),
    };
    if let Some(value) = radius {
        return Err(OfficeFault::RadiusOfPolygon { geometry: kind.to_owned(), value });
    }
    let shape = Shape::Area(polygons);
    let [width, height] = shape.extent_m();
    let extent_m = width.max(height);
    if extent_m > 2.0 * LARGEST_RADIUS_M { Err(OfficeFault::TooWide { extent_m }) } else { Ok(shape) }
}

fn polygon(coordinates: &Value) -> Result<Polygon, OfficeFault> {
    let rings = list(coordinates, "list of rings")?;
    let mut rings = rings.iter().map(ring).collect::<Result<Vec<_>, _>>()?;
    let exterior = rings.remove(0);
    let polygon = Polygon::new(exterior, rings);
    let first_outside = polygon.holes_outside_exterior().next().map(|hole| hole.points()[0]);
    match first_outside {
        Some([longitude, latitude]) => Err(OfficeFault::HoleOutside { longitude, latitude }),
        None => Ok(polygon),
    }
}

fn ring(coordinates: &Value) -> Result<Ring, OfficeFault> {
    let expected = "ring of at least three different positions";
    let points = list(coordinates, expected)?.iter().map(point).collect::<Result<Vec<_>, _>>()?;
    let ring = Ring::new(points).map(|(ring, _)| ring);
    ring.map_err(|_| OfficeFault::Coordinates { found: shown(coordinates), expected })
}

/// A list with something in it.
fn list<'v>(value: &'v Value, expected: &'static str) -> Result<&'v [Value], OfficeFault> {
    match value.as_array() {
        Some(list) if !list.is_empty() => Ok(list),
        _ => Err(OfficeFault::Coordinates { found: shown(value), expected }),
    }
}

fn point(position: &Value) -> Result<Point, OfficeFault> {
    let degree = |axis: usize| position.get(axis).and_then(Value::as_f64);
    match (degree(0), degree(1)) {
        (Some(longitude), Some(latitude)) => point_in_japan([longitude, latitude]),
        _ => {
            let expected = "position [longitude, latitude]";
            Err(OfficeFault::Coordinates { found: shown(position), expected })
        }
    }
}

/// A value as JSON, cut short, in backticks.
fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(SHOWN_CHARACTERS) {
        Some((end, _)) => format!("`{}…`", &text[..end]),
        None => format!("`{text}`"),
    }
}

/// What a document is.
fn kind(document: &Value) -> String {
    match document.get("type").and_then(Value::as_str) {
        Some("FeatureCollection") => "a FeatureCollection without `features`".to_owned(),
        Some(kind) => format!("a `{kind}`"),
        None => "JSON without a `type`".to_owned(),
    }
}
