//! `/v1/municipalities`: where figures can be of.
//!
//! In: nothing. Out: every municipality with the names people look for it by, a point inside it and its size, and the
//! prefectures. What a list of names needs and no more: outlines are `/v1/boundaries`.

use std::sync::LazyLock;

use axum::http::HeaderMap;
use axum::response::Response;
use kayoi_geography::{Municipality, Register};
use kayoi_schemas::ids::PrefectureCode;
use serde_json::{Value, json};

use super::reply::document;

/// It is the same as long as the program runs.
static ALL: LazyLock<Value> = LazyLock::new(|| {
    let municipalities: Vec<Value> = Register::japan().all().iter().map(described).collect();
    let prefectures = (1..=47).filter_map(|number| PrefectureCode::new(number).ok()).map(|code| {
        let (name, romaji) = Register::prefecture_name(code);
        json!({ "code": code.to_string(), "name": name, "romaji": romaji })
    });
    json!({ "municipalities": municipalities, "prefectures": prefectures.collect::<Vec<_>>() })
});

pub(super) async fn all(headers: HeaderMap) -> Response {
    document(&headers, &ALL, None).await.unwrap_or_else(|problem| problem.response(&headers))
}

fn described(town: &Municipality) -> Value {
    // Five decimals are a metre; a label needs no more than three.
    let degrees = |degrees: f64| (degrees * 1000.0).round() / 1000.0;
    json!({
        "code": town.code.to_string(),
        "name": town.name,
        "kana": town.kana,
        "romaji": town.romaji,
        "prefecture_code": town.code.prefecture().to_string(),
        "latitude": degrees(town.latitude),
        "longitude": degrees(town.longitude),
        "population_2020": town.population_2020,
        "area_km2": town.area_km2,
    })
}
