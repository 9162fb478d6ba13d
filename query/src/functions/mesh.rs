//! Grid squares of JIS X 0410 in SQL, both ways. In: points and codes. Out: codes, centres, coarser squares, outlines.

use datafusion::arrow::datatypes::DataType;
use kayoi_geography::mesh::{MeshCode, MeshLevel};

use super::cell::coordinates;
use super::function::{Function, FunctionError, Parameter::*, Row, Value};

pub(super) fn functions() -> Vec<Function> {
    vec![
        Function::new("mesh_code", &[Double, Double, Int], DataType::Utf8, |row| {
            let (latitude, longitude) = coordinates(row)?;
            let level = level(row.int(2))?;
            Ok(MeshCode::of_degrees(level, latitude, longitude).map(|code| Value::Text(code.to_string())))
        }),
        Function::new("mesh_latitude", &[Text], DataType::Float64, |row| {
            Ok(Some(Value::Double(mesh(row)?.bounds().centre().0)))
        }),
        Function::new("mesh_longitude", &[Text], DataType::Float64, |row| {
            Ok(Some(Value::Double(mesh(row)?.bounds().centre().1)))
        }),
        Function::new("mesh_parent", &[Text, Int], DataType::Utf8, |row| {
            let (mesh, metres) = (mesh(row)?, row.int(1));
            let none = || FunctionError::MeshParent { code: row.text(0).to_owned(), metres };
            let parent = mesh.parent(level(metres)?).ok_or_else(none)?;
            Ok(Some(Value::Text(parent.to_string())))
        }),
        Function::new("mesh_boundary_wkt", &[Text], DataType::Utf8, |row| {
            let square = mesh(row)?.bounds();
            let (south, north, west, east) = (square.south(), square.north(), square.west(), square.east());
            let corners = [(west, south), (east, south), (east, north), (west, north), (west, south)];
            let corners = corners.map(|(x, y)| format!("{x} {y}"));
            Ok(Some(Value::Text(format!("POLYGON (({}))", corners.join(", ")))))
        }),
    ]
}

fn level(metres: i64) -> Result<MeshLevel, FunctionError> {
    let level = u32::try_from(metres).ok().and_then(MeshLevel::of_nominal_metres);
    level.ok_or(FunctionError::MeshLevel(metres))
}

fn mesh(row: &Row<'_>) -> Result<MeshCode, FunctionError> {
    Ok(MeshCode::parse(row.text(0))?)
}
