//! Cells in SQL. In: points and cells. Out: H3 cells and parents by our kernel, their centres and areas by h3o.

use datafusion::arrow::datatypes::DataType;
use h3o::{CellIndex, LatLng, Resolution};
use kayoi_geography::cell::{cell_of, parent};
use kayoi_schemas::ids::Cell;

use super::function::{Function, FunctionError, Parameter::*, Row, Value};

pub(super) fn functions() -> Vec<Function> {
    vec![
        Function::new("h3_cell", &[Double, Double, Int], DataType::Utf8, |row| {
            let (latitude, longitude) = coordinates(row)?;
            let resolution = resolution(row.int(2))?;
            Ok(Some(Value::Text(cell_of(resolution, latitude, longitude).to_string())))
        }),
        Function::new("h3_parent", &[Text, Int], DataType::Utf8, |row| {
            let (cell, asked) = (cell(row.text(0))?, resolution(row.int(1))?);
            let finer = || FunctionError::Parent {
                cell: row.text(0).to_owned(),
                has: cell.resolution().into(),
                asked: asked.into(),
            };
            let parent = parent(asked, Cell::from_h3(cell.into())).ok_or_else(finer)?;
            Ok(Some(Value::Text(parent.to_string())))
        }),
        Function::new("h3_latitude", &[Text], DataType::Float64, |row| {
            Ok(Some(Value::Double(LatLng::from(cell(row.text(0))?).lat())))
        }),
        Function::new("h3_longitude", &[Text], DataType::Float64, |row| {
            Ok(Some(Value::Double(LatLng::from(cell(row.text(0))?).lng())))
        }),
        Function::new("h3_area_km2", &[Text], DataType::Float64, |row| {
            Ok(Some(Value::Double(cell(row.text(0))?.area_km2())))
        }),
    ]
}

/// The latitude and longitude in the first two arguments.
pub(super) fn coordinates(row: &Row<'_>) -> Result<(f64, f64), FunctionError> {
    let (latitude, longitude) = (row.double(0), row.double(1));
    if !(-90.0..=90.0).contains(&latitude) {
        return Err(FunctionError::Coordinate { axis: "latitude", degrees: latitude, limit: 90 });
    }
    if !(-180.0..=180.0).contains(&longitude) {
        return Err(FunctionError::Coordinate { axis: "longitude", degrees: longitude, limit: 180 });
    }
    Ok((latitude, longitude))
}

pub(super) fn resolution(number: i64) -> Result<Resolution, FunctionError> {
    let small = u8::try_from(number).ok();
    small.and_then(|small| Resolution::try_from(small).ok()).ok_or(FunctionError::Resolution(number))
}

fn cell(text: &str) -> Result<CellIndex, FunctionError> {
    text.parse().map_err(|_| FunctionError::Cell(text.to_owned()))
}
