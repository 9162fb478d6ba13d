//! What a GeoParquet file says about its geometries.
//!
//! In: the file metadata `geo`, JSON as the specification 1.1 has it
//! (<https://geoparquet.org/releases/v1.1.0/>). Out: the name of the column with the geometries, once it is
//! sure that they are WKB in longitude and latitude.
//!
//! A missing `crs` means OGC:CRS84, a `crs` of null means that nobody knows. Coordinates are x then y
//! whatever the reference system says about its axes, so EPSG:4326 is longitude first too. Edges are taken as straight in degrees, also where `edges` says spherical: over
//! an edge of 1 km the two run centimetres apart, over one of 50 km tens of metres.

use std::path::Path;

use serde_json::Value;

use crate::GeographyError;

const ENCODING: &str = "WKB";

/// The column that holds the geometries.
///
/// # Errors
/// [`GeographyError::NotGeoParquet`] when the metadata say something else than WKB in a column,
/// [`GeographyError::OtherCrs`] when its coordinates are not longitude and latitude.
pub(super) fn geometry_column(path: &Path, geo: Option<&str>) -> Result<String, GeographyError> {
    let refuse = |found: &str| GeographyError::not_geoparquet(path, found);
    let text = geo.ok_or_else(|| refuse("it has no file metadata `geo`"))?;
    let geo: Value =
        serde_json::from_str(text).map_err(|_| refuse("its file metadata `geo` is not readable JSON"))?;
    let name = geo["primary_column"].as_str().ok_or_else(|| refuse("`geo` names no `primary_column`"))?;
    let column = geo["columns"]
        .get(name)
        .ok_or_else(|| refuse(&format!("`geo` says nothing about its primary column `{name}`")))?;
    match column["encoding"].as_str() {
        Some(ENCODING) => {}
        encoding => {
            let encoding = encoding.unwrap_or("none");
            return Err(refuse(&format!("its column `{name}` has the encoding `{encoding}`")));
        }
    }
    match column.get("crs") {
        None => Ok(name.to_owned()),
        Some(crs) if is_degrees(crs) => Ok(name.to_owned()),
        Some(crs) => Err(GeographyError::OtherCrs { path: path.to_owned(), crs: in_words(crs) }),
    }
}

fn is_degrees(crs: &Value) -> bool {
    authority_and_code(crs).is_some_and(|(authority, code)| super::crs::is_degrees(&authority, &code))
}

/// As in `{"id": {"authority": "EPSG", "code": 6668}}` of PROJJSON, or in a text `EPSG:6668`.
fn authority_and_code(crs: &Value) -> Option<(String, String)> {
    if let Some((authority, code)) = crs.as_str().and_then(|text| text.split_once(':')) {
        return Some((authority.to_owned(), code.to_owned()));
    }
    let id = crs.get("id").or_else(|| crs["ids"].get(0))?;
    let code = match &id["code"] {
        Value::String(code) => code.clone(),
        code => code.as_u64()?.to_string(),
    };
    Some((id["authority"].as_str()?.to_owned(), code))
}

/// A reference system's name and identifier, as far as it has them.
fn in_words(crs: &Value) -> String {
    let name = crs["name"].as_str();
    let id = authority_and_code(crs).map(|(authority, code)| format!("{authority}:{code}"));
    match (name, id) {
        (Some(name), Some(id)) => format!("`{name}` (`{id}`)"),
        (Some(name), None) => format!("`{name}`, which has no identifier"),
        (None, Some(id)) => format!("`{id}`"),
        (None, None) if crs.is_null() => "an unknown reference system (`null`)".to_owned(),
        (None, None) => "a reference system without a name".to_owned(),
    }
}
