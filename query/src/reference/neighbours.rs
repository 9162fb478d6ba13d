//! Which municipalities lie side by side, each pair both ways.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Float64Array, RecordBatch, StringArray};
use datafusion::arrow::datatypes::DataType::{Float64, Utf8};
use datafusion::error::Result;
use kayoi_geography::{Neighbours, Register};
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::units::distance_km;

use crate::beside::{Described, column};

pub(super) static TABLE: Described = Described {
    name: "neighbours",
    ja: "隣り合う市区町村の組(両方向)。川や狭い海峡を挟むものを含む",
    en: "two municipalities side by side, each pair both ways; across a river or a narrow strait too",
    columns: &[
        column("municipality_code", Utf8, "市区町村コード", "code of a municipality"),
        column("neighbour_code", Utf8, "隣の市区町村コード", "code of one beside it"),
        column("neighbour", Utf8, "隣の市区町村名", "name of that one in Japanese"),
        column(
            "distance_km",
            Float64,
            "municipalitiesの表の点の間の大円距離(km)",
            "great-circle distance between their points in `municipalities`, km",
        ),
    ],
    key: &["municipality_code", "neighbour_code"],
};

pub(super) fn rows() -> Result<RecordBatch> {
    let both = |(a, b): (MunicipalityCode, MunicipalityCode)| [(a, b), (b, a)];
    let mut pairs: Vec<_> = Neighbours::simplified().pairs().flat_map(both).collect();
    pairs.sort_unstable();
    let register = Register::japan();
    let known: Vec<_> =
        pairs.into_iter().filter_map(|(a, b)| Some((register.get(a)?, register.get(b)?))).collect();
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from_iter_values(known.iter().map(|(a, _)| a.code.to_string()))),
        Arc::new(StringArray::from_iter_values(known.iter().map(|(_, b)| b.code.to_string()))),
        Arc::new(StringArray::from_iter_values(known.iter().map(|(_, b)| &b.name))),
        Arc::new(Float64Array::from_iter_values(
            known.iter().map(|(a, b)| distance_km((a.latitude, a.longitude), (b.latitude, b.longitude))),
        )),
    ];
    Ok(RecordBatch::try_new(TABLE.arrow_schema(), columns)?)
}
