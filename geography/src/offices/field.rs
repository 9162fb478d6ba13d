//! The fields of an office, and what their values may be: one set of rules for CSV and GeoJSON.
//!
//! In: the name of a column or property, or its value as text. Out: the value, or the [`OfficeFault`] that
//! says what is allowed. Names are read in English and in Japanese, because operators export from
//! spreadsheets of both.

use std::ops::RangeInclusive;

use super::error::OfficeFault;
use super::place::LARGEST_RADIUS_M;
use crate::boundaries::ring::Point;

/// The box that holds Japan, degrees; ingest accepts fixes from the same one.
pub(super) const LATITUDES: RangeInclusive<f64> = 20.4..=45.6;
pub(super) const LONGITUDES: RangeInclusive<f64> = 122.9..=154.0;

/// A column or property, in English and in Japanese.
pub(super) type Field = (&'static str, &'static str);
/// What the office is called.
pub(super) const NAME: Field = ("name", "名称");
/// Degrees north, WGS 84.
pub(super) const LATITUDE: Field = ("latitude", "緯度");
/// Degrees east, WGS 84.
pub(super) const LONGITUDE: Field = ("longitude", "経度");
/// How far the office reaches around its point, metres.
pub(super) const RADIUS_M: Field = ("radius_m", "半径");

/// What a radius may be written as.
pub(super) const METRES: &str = "metres such as 100";

/// Whether a column or property is this field, in either language.
pub(super) fn is(found: &str, (english, japanese): Field) -> bool {
    found.eq_ignore_ascii_case(english) || found == japanese
}

/// Whether a column or property means a radius, but in a name that is not read: passed over, its places would
/// silently get the default.
pub(super) fn is_other_radius(found: &str) -> bool {
    let means_radius = found.to_lowercase().starts_with("radius") || found.starts_with(RADIUS_M.1);
    means_radius && !is(found, RADIUS_M)
}

/// The name of an office, without the spaces around it.
pub(super) fn name(text: &str) -> Result<String, OfficeFault> {
    match text.trim() {
        "" => Err(OfficeFault::NoName),
        name => Ok(name.to_owned()),
    }
}

/// A number of a field.
pub(super) fn number(field: &'static str, text: &str, allowed: &'static str) -> Result<f64, OfficeFault> {
    text.trim().parse().map_err(|_| OfficeFault::NotNumber { field, value: text.to_owned(), allowed })
}

/// A radius of a building or a campus.
pub(super) fn radius_m(value: f64) -> Result<f64, OfficeFault> {
    if value > 0.0 && value <= LARGEST_RADIUS_M { Ok(value) } else { Err(OfficeFault::Radius { value }) }
}

/// The point, if it lies in the box that holds Japan.
pub(super) fn point_in_japan(point: Point) -> Result<Point, OfficeFault> {
    let [longitude, latitude] = point;
    let outside = |field: Field, value, allowed: RangeInclusive<f64>| {
        Err(OfficeFault::OutsideJapan { field: field.0, value, low: *allowed.start(), high: *allowed.end() })
    };
    match (LATITUDES.contains(&latitude), LONGITUDES.contains(&longitude)) {
        (true, true) => Ok(point),
        _ if LATITUDES.contains(&longitude) && LONGITUDES.contains(&latitude) => {
            Err(OfficeFault::Swapped { latitude, longitude })
        }
        (false, _) => outside(LATITUDE, latitude, LATITUDES),
        (true, false) => outside(LONGITUDE, longitude, LONGITUDES),
    }
}
