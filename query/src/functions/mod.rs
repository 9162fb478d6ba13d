//! Kayoi's own SQL functions: cells, municipality codes, names.
//!
//! In: columns of texts and numbers. Out: columns. NULL in gives NULL out. A well-formed code that nobody has
//! gives NULL; a malformed one is an error that names it, because a join on misspelt codes that silently
//! finds nothing looks like a result.

use std::sync::Arc;

use datafusion::arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{ColumnarValue, ScalarUDF, Volatility, create_udf};
use kayoi_geography::Geography;

mod closed_list;
mod function;
mod cell;
mod h3;
mod mesh;
mod municipality;
mod timezone;
mod to_char;
mod age;
mod row_to_json;
mod only_row;

pub(crate) use closed_list::close;
pub(crate) use function::FunctionError;
pub(crate) use only_row::ONLY_ROW;
pub(crate) use to_char::{MONTHS, PatternError, shown};

/// A documented SQL function.
#[derive(Debug, Clone, Copy)]
pub struct FunctionDoc {
    /// Name, parameters and type of the result.
    pub signature: &'static str,
    /// What it gives.
    pub doc: &'static str,
}

impl FunctionDoc {
    /// Name, parameters and type of the result, each for itself.
    pub(crate) fn parts(&self) -> Option<(&'static str, &'static str, &'static str)> {
        let (name, rest) = self.signature.split_once('(')?;
        let (parameters, result) = rest.rsplit_once(") -> ")?;
        Some((name, parameters, result))
    }
}

const fn doc(signature: &'static str, doc: &'static str) -> FunctionDoc {
    FunctionDoc { signature, doc }
}

/// Every function of Kayoi.
pub const FUNCTIONS: &[FunctionDoc] = &[
    doc(
        "h3_cell(latitude double, longitude double, resolution int) -> text",
        "the H3 cell of a WGS 84 point, as the usual hexadecimal text",
    ),
    doc("h3_parent(cell text, resolution int) -> text", "the coarser cell that contains a cell"),
    doc("h3_latitude(cell text) -> double", "latitude of a cell's centre, degrees"),
    doc("h3_longitude(cell text) -> double", "longitude of a cell's centre, degrees"),
    doc("h3_area_km2(cell text) -> double", "area of a cell, km²"),
    doc(
        "h3_latlng_to_cell(latitude double, longitude double, resolution int) -> bigint",
        "the H3 cell of a WGS 84 point, as the number that it is",
    ),
    doc(
        "h3_latlng_to_cell_string(latitude double, longitude double, resolution int) -> text",
        "the same as the usual hexadecimal text",
    ),
    doc(
        "h3_cell_to_parent(cell text or bigint, resolution int) -> text or bigint",
        "the coarser cell that contains a cell, in the form in which that was given",
    ),
    doc("h3_cell_to_lat(cell text or bigint) -> double", "latitude of a cell's centre, degrees"),
    doc("h3_cell_to_lng(cell text or bigint) -> double", "longitude of a cell's centre, degrees"),
    doc(
        "h3_cell_to_boundary_wkt(cell text or bigint) -> text",
        "outline of a cell as well-known text, WGS 84",
    ),
    doc("h3_cell_area(cell text or bigint, unit text) -> double", "area of a cell in `km^2` or `m^2`"),
    doc("h3_get_resolution(cell text or bigint) -> bigint", "resolution of a cell, 0 to 15"),
    doc("h3_is_valid_cell(cell text or bigint) -> boolean", "whether there is such a cell"),
    doc(
        "h3_grid_distance(cell text or bigint, cell text or bigint) -> bigint",
        "steps on the grid from one cell to another of the same resolution",
    ),
    doc("h3_string_to_h3(cell text) -> bigint", "a cell as the number that it is"),
    doc("h3_h3_to_string(cell bigint) -> text", "a cell as the usual hexadecimal text"),
    doc(
        "mesh_code(latitude double, longitude double, metres int) -> text",
        "JIS X 0410 grid square code of a point at the level of a nominal side, 80000 to 125 m; NULL outside",
    ),
    doc("mesh_latitude(code text) -> double", "latitude of the centre of a grid square, degrees"),
    doc("mesh_longitude(code text) -> double", "longitude of the centre of a grid square, degrees"),
    doc(
        "mesh_parent(code text, metres int) -> text",
        "the coarser grid square that contains one, by the nominal side of its level",
    ),
    doc("mesh_boundary_wkt(code text) -> text", "outline of a grid square as well-known text"),
    doc(
        "municipality_at(latitude double, longitude double) -> text",
        "code of the municipality that contains a WGS 84 point, for a ward its designated city; NULL outside",
    ),
    doc(
        "municipality_name(code text) -> text",
        "official name in Japanese; wards of designated cities have none",
    ),
    doc("municipality_romaji(code text) -> text", "name in Latin letters"),
    doc(
        "prefecture_name(code text) -> text",
        "prefecture in Japanese, from two digits or a municipality code; NULL for `all`, `unknown` and `JP`",
    ),
    doc("prefecture_romaji(code text) -> text", "the same in Latin letters"),
    doc(
        "region_name(code text) -> text",
        "地方ブロック of a prefecture or municipality, as in the regional plans (広域地方計画区域)",
    ),
    doc("region_english(code text) -> text", "the same in English"),
    doc("with_check_digit(code text) -> text", "the six-digit form of a municipality code"),
    doc(
        "municipality_distance_km(code text, code text) -> double",
        "great-circle distance between the representative points of two municipalities, km",
    ),
    doc("municipality_population_2020(code text) -> bigint", "residents by the census of 2020"),
];

/// The functions for DataFusion.
pub(crate) fn all(geography: &Arc<Geography>) -> Vec<ScalarUDF> {
    let of_cells = cell::functions().into_iter().chain(h3::functions()).chain(mesh::functions());
    of_cells.chain(municipality::functions(geography)).map(ScalarUDF::new_from_impl).collect()
}

/// Functions of PostgreSQL that the engine lacks, or answers otherwise.
pub(crate) fn of_postgres() -> Vec<ScalarUDF> {
    vec![
        version(),
        to_char::to_char(),
        timezone::timezone(),
        age::age(),
        row_to_json::row_to_json(),
        only_row::only_row(),
    ]
}

/// `version()`, by which clients decide what they may ask: PostgreSQL's form, and what answers.
fn version() -> ScalarUDF {
    let text = concat!("PostgreSQL 16.6 (Kayoi ", env!("CARGO_PKG_VERSION"), ")");
    let told = Arc::new(move |_: &[ColumnarValue]| {
        Ok(ColumnarValue::Scalar(ScalarValue::Utf8(Some(text.to_owned()))))
    });
    create_udf("version", Vec::new(), DataType::Utf8, Volatility::Stable, told)
}

#[cfg(test)]
#[path = "functions_tests.rs"]
mod tests;
