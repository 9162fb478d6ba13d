//! H3 under the names that it has in other databases.
//!
//! In: cells, as texts or as the numbers that they are. Out: what `h3` of DuckDB and PostgreSQL answers under these names, so that SQL from
//! there runs here. A function that gives a cell gives it in the form in which it was given one. The functions beside
//! them in [`super::cell`] are older and stay.

use datafusion::arrow::datatypes::DataType;
use h3o::{CellIndex, LatLng};
use kayoi_geography::cell::{cell_of, parent};
use kayoi_schemas::ids::Cell as OwnCell;

use super::cell::{coordinates, resolution};
use super::function::{Function, FunctionError, Parameter::*, Row, Value};

pub(super) fn functions() -> Vec<Function> {
    let number = |cell: CellIndex| Value::Long(u64::from(cell).cast_signed());
    vec![
        Function::new("h3_latlng_to_cell", &[Double, Double, Int], DataType::Int64, move |row| {
            Ok(Some(number(at(row)?)))
        }),
        Function::new("h3_latlng_to_cell_string", &[Double, Double, Int], DataType::Utf8, |row| {
            Ok(Some(Value::Cell(at(row)?)))
        }),
        Function::of_cells("h3_cell_to_parent", &[Cell, Int], |row| {
            let (cell, asked) = (row.cell(0)?, resolution(row.int(1))?);
            let finer = || FunctionError::Parent {
                cell: cell.to_string(),
                has: cell.resolution().into(),
                asked: asked.into(),
            };
            let parent = parent(asked, OwnCell::from_h3(cell.into())).ok_or_else(finer)?;
            let parent = parent.to_string();
            Ok(Some(Value::Cell(parent.parse().map_err(|_| FunctionError::Cell(parent))?)))
        }),
        Function::new("h3_cell_to_lat", &[Cell], DataType::Float64, |row| {
            Ok(Some(Value::Double(LatLng::from(row.cell(0)?).lat())))
        }),
        Function::new("h3_cell_to_lng", &[Cell], DataType::Float64, |row| {
            Ok(Some(Value::Double(LatLng::from(row.cell(0)?).lng())))
        }),
        Function::new("h3_cell_to_boundary_wkt", &[Cell], DataType::Utf8, |row| {
            let boundary = row.cell(0)?.boundary();
            let corners = boundary.iter().chain(boundary.first());
            let corners: Vec<String> = corners.map(|at| format!("{:.6} {:.6}", at.lng(), at.lat())).collect();
            Ok(Some(Value::Text(format!("POLYGON (({}))", corners.join(", ")))))
        }),
        Function::new("h3_cell_area", &[Cell, Text], DataType::Float64, |row| {
            let cell = row.cell(0)?;
            match row.text(1) {
                "km^2" => Ok(Some(Value::Double(cell.area_km2()))),
                "m^2" => Ok(Some(Value::Double(cell.area_m2()))),
                other => Err(FunctionError::AreaUnit(other.to_owned())),
            }
        }),
        Function::new("h3_get_resolution", &[Cell], DataType::Int64, |row| {
            Ok(Some(Value::Long(u8::from(row.cell(0)?.resolution()).into())))
        }),
        Function::new("h3_is_valid_cell", &[Cell], DataType::Boolean, |row| {
            Ok(Some(Value::Boolean(row.cell(0).is_ok())))
        }),
        Function::new("h3_grid_distance", &[Cell, Cell], DataType::Int64, |row| {
            let (from, to) = (row.cell(0)?, row.cell(1)?);
            let far = |_| FunctionError::GridDistance(from.to_string(), to.to_string());
            Ok(Some(Value::Long(from.grid_distance(to).map_err(far)?.into())))
        }),
        Function::new("h3_string_to_h3", &[Text], DataType::Int64, move |row| Ok(Some(number(row.cell(0)?)))),
        Function::new("h3_h3_to_string", &[Int], DataType::Utf8, |row| Ok(Some(Value::Cell(row.cell(0)?)))),
    ]
}

fn at(row: &Row<'_>) -> Result<CellIndex, FunctionError> {
    let (latitude, longitude) = coordinates(row)?;
    let cell = cell_of(resolution(row.int(2))?, latitude, longitude).to_string();
    cell.parse().map_err(|_| FunctionError::Cell(cell))
}
