//! Municipality codes in SQL. In: points and codes. Out: codes, names, distances, residents.

use std::sync::Arc;

use datafusion::arrow::datatypes::DataType;
use kayoi_geography::{Geography, Municipality, Region, Register};
use kayoi_schemas::ids::{MunicipalityCode, PrefectureCode};
use kayoi_schemas::units::distance_km;

use super::cell::coordinates;
use super::function::{Function, FunctionError, Parameter::*, Value};

/// Values of the release's own code columns that name no place.
const NO_PREFECTURE: [&str; 3] = ["all", "unknown", "JP"];

pub(super) fn functions(geography: &Arc<Geography>) -> Vec<Function> {
    let geography = Arc::clone(geography);
    vec![
        Function::new("municipality_at", &[Double, Double], DataType::Utf8, move |row| {
            let (latitude, longitude) = coordinates(row)?;
            let code = geography.municipality_at(latitude, longitude);
            // Figures are per city: a ward's code would join with nothing.
            Ok(code.map(|code| Value::Text(Register::japan().basic(code).to_string())))
        }),
        Function::new("municipality_name", &[Text], DataType::Utf8, |row| {
            Ok(municipality(row.text(0))?.map(|found| Value::Text(found.name.to_string())))
        }),
        Function::new("municipality_romaji", &[Text], DataType::Utf8, |row| {
            Ok(municipality(row.text(0))?.map(|found| Value::Text(found.romaji.to_string())))
        }),
        Function::new("prefecture_name", &[Text], DataType::Utf8, |row| {
            let code = prefecture(row.text(0))?;
            Ok(code.map(|code| Value::Text(Register::prefecture_name(code).0.to_owned())))
        }),
        Function::new("prefecture_romaji", &[Text], DataType::Utf8, |row| {
            let code = prefecture(row.text(0))?;
            Ok(code.map(|code| Value::Text(Register::prefecture_name(code).1.to_owned())))
        }),
        Function::new("region_name", &[Text], DataType::Utf8, |row| {
            let code = prefecture(row.text(0))?;
            Ok(code.map(|code| Value::Text(Region::of(code).japanese().to_owned())))
        }),
        Function::new("region_english", &[Text], DataType::Utf8, |row| {
            let code = prefecture(row.text(0))?;
            Ok(code.map(|code| Value::Text(Region::of(code).english().to_owned())))
        }),
        Function::new("with_check_digit", &[Text], DataType::Utf8, |row| {
            Ok(Some(Value::Text(MunicipalityCode::parse(row.text(0))?.with_check_digit())))
        }),
        Function::new("municipality_distance_km", &[Text, Text], DataType::Float64, |row| {
            let (from, to) = (municipality(row.text(0))?, municipality(row.text(1))?);
            let point = |place: &Municipality| (place.latitude, place.longitude);
            Ok(from.zip(to).map(|(from, to)| Value::Double(distance_km(point(from), point(to)))))
        }),
        Function::new("municipality_population_2020", &[Text], DataType::Int64, |row| {
            Ok(municipality(row.text(0))?.map(|found| Value::Long(found.population_2020.into())))
        }),
    ]
}

fn municipality(text: &str) -> Result<Option<&'static Municipality>, FunctionError> {
    Ok(Register::japan().get(MunicipalityCode::parse(text)?))
}

fn prefecture(text: &str) -> Result<Option<PrefectureCode>, FunctionError> {
    if NO_PREFECTURE.contains(&text) {
        return Ok(None);
    }
    if text.len() == 2 {
        return Ok(Some(PrefectureCode::parse(text)?));
    }
    Ok(Some(MunicipalityCode::parse(text)?.prefecture()))
}
