use datafusion::arrow::array::AsArray;
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use h3o::{LatLng, Resolution};

use super::*;
use crate::QueryError;
use crate::ask::Door;
use crate::engine::Limits;
use crate::fixture::{answer, asked, engine};

/// Every value of the first column; NULL is `null`.
async fn column(sql: &str) -> Result<Vec<String>, QueryError> {
    let answer = answer(&engine(Limits::default()), asked(Door::CommandLine, sql)).await?;
    let options = FormatOptions::new().with_null("null");
    let mut values = Vec::new();
    for batch in answer.batches() {
        let shown = ArrayFormatter::try_new(batch.column(0), &options).unwrap();
        values.extend((0..batch.num_rows()).map(|row| shown.value(row).to_string()));
    }
    Ok(values)
}

async fn value(expression: &str) -> String {
    column(&format!("SELECT {expression}")).await.unwrap().remove(0)
}

async fn error(expression: &str) -> String {
    let error = column(&format!("SELECT {expression}")).await.unwrap_err();
    format!("{} {error}", error.sqlstate())
}

#[tokio::test]
async fn cells_equal_the_published_example_and_h3o() {
    assert_eq!(value("h3_cell(37.3615593, -122.0553238, 7)").await, "87283472bffffff");
    let tokyo = LatLng::new(35.6812, 139.7671).unwrap().to_cell(Resolution::Nine);
    assert_eq!(value("h3_cell(35.6812, 139.7671, 9)").await, tokyo.to_string());
    let parent = tokyo.parent(Resolution::Five).unwrap();
    assert_eq!(value(&format!("h3_parent('{tokyo}', 5)")).await, parent.to_string());
    assert_eq!(value(&format!("h3_area_km2('{tokyo}')")).await, tokyo.area_km2().to_string());
    assert_eq!(value(&format!("h3_latitude('{tokyo}')")).await, LatLng::from(tokyo).lat().to_string());
    assert_eq!(value(&format!("h3_longitude('{tokyo}')")).await, LatLng::from(tokyo).lng().to_string());
}

/// What DuckDB's `h3` answers to the same words, and what its documentation shows.
#[tokio::test]
async fn h3_answers_under_the_names_that_other_databases_have() {
    let cell = "h3_latlng_to_cell(37.3615593, -122.0553238, 7)";
    assert_eq!(value(cell).await, "608693241352552447");
    assert_eq!(value(&format!("h3_h3_to_string({cell})")).await, "87283472bffffff");
    assert_eq!(value("h3_string_to_h3('87283472bffffff')").await, "608693241352552447");
    assert_eq!(value("h3_latlng_to_cell_string(37.3615593, -122.0553238, 7)").await, "87283472bffffff");
    let text = "'87283472bffffff'";
    for form in [cell, text] {
        assert_eq!(value(&format!("h3_get_resolution({form})")).await, "7");
        assert_eq!(value(&format!("h3_is_valid_cell({form})")).await, "true");
        assert_eq!(value(&format!("h3_grid_distance({form}, {form})")).await, "0");
        let area: f64 = value(&format!("h3_cell_area({form}, 'km^2')")).await.parse().unwrap();
        let metres: f64 = value(&format!("h3_cell_area({form}, 'm^2')")).await.parse().unwrap();
        assert!((metres / area / 1e6 - 1.0).abs() < 1e-9 && (4.0..6.0).contains(&area), "{area}");
        let outline = value(&format!("h3_cell_to_boundary_wkt({form})")).await;
        assert!(outline.starts_with("POLYGON ((-122.0") && outline.matches(',').count() == 6, "{outline}");
    }
    let parents = [cell, text].map(|form| format!("h3_cell_to_parent({form}, 5)"));
    let asked = [value(&parents[0]).await, value(&parents[1]).await];
    let parent = "87283472bffffff".parse::<h3o::CellIndex>().unwrap().parent(Resolution::Five).unwrap();
    assert_eq!(asked, [u64::from(parent).to_string(), parent.to_string()], "each in the form of its cell");
    let apart = format!("h3_grid_distance({text}, h3_cell_to_parent({text}, 5))");
    assert!(error(&apart).await.contains("have no distance on the grid"));
    assert_eq!(value("h3_is_valid_cell('nowhere')").await, "false");
    assert_eq!(value("h3_is_valid_cell(0)").await, "false");
    assert!(error("h3_cell_to_lat(7)").await.starts_with("22023 invalid cell `7`: "));
    assert!(error(&format!("h3_cell_area({text}, 'acre')")).await.contains("`km^2` or `m^2`"));
}

#[tokio::test]
async fn meshes_go_both_ways() {
    for metres in [80_000, 10_000, 5_000, 2_000, 1_000, 500, 250, 125] {
        let code = format!("mesh_code(35.6812, 139.7671, {metres})");
        let back = format!("mesh_code(mesh_latitude({code}), mesh_longitude({code}), {metres}) = {code}");
        assert_eq!(value(&back).await, "true", "{metres} m");
    }
    assert_eq!(value("mesh_parent(mesh_code(35.6812, 139.7671, 500), 1000)").await, "53394611");
    assert_eq!(
        value("mesh_boundary_wkt('5339')").await,
        "POLYGON ((139 35.333333333333336, 140 35.333333333333336, 140 36, 139 36, 139 35.333333333333336))"
    );
    assert!(error("mesh_parent('5339', 1000)").await.contains("does not lie in one square of 1000 m"));
    assert!(error("mesh_latitude('53')").await.starts_with("22023 invalid mesh code `53`"));
}

#[tokio::test]
async fn functions_work_on_columns_of_any_text_type_and_keep_nulls() {
    let points = "FROM (VALUES (35.0, 139.0), (NULL, 139.0), (36.0, 138.0)) AS p(y, x)";
    let cells = column(&format!("SELECT h3_cell(y, x, 9) {points}")).await.unwrap();
    assert_eq!((cells.len(), cells[1].as_str()), (3, "null"));
    let round = format!(
        "SELECT h3_cell(h3_latitude(c), h3_longitude(c), 9) = c \
         FROM (SELECT h3_cell(y, x, 9) AS c {points}) AS q"
    );
    assert_eq!(column(&round).await.unwrap(), ["true", "null", "true"]);
    for kind in ["Utf8", "Utf8View", "LargeUtf8", "Dictionary(Int32, Utf8)"] {
        let context = engine(Limits::default()).session();
        // Nobody can ask for a type of the engine by name: it is put back here for the test alone.
        context.register_udf(datafusion::functions::core::arrow_cast().as_ref().clone());
        let sql =
            format!("SELECT with_check_digit(arrow_cast(municipality_code, '{kind}')) FROM visitors_daily");
        let batches = context.sql(&sql).await.unwrap().collect().await.unwrap();
        let codes: Vec<_> = batches.iter().flat_map(|batch| batch.column(0).as_string::<i32>()).collect();
        assert_eq!(codes, [Some("203611"), Some("203611")], "{kind}");
    }
    assert!(
        column("SELECT with_check_digit(municipality_code) FROM visitors_daily WHERE false")
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(value("h3_cell(NULL, 139.0, 9)").await, "null");
}

#[tokio::test]
async fn malformed_values_are_named() {
    assert_eq!(error("h3_cell(95.2, 139, 9)").await, "22023 latitude `95.2` is not in -90..=90 degrees");
    assert_eq!(error("h3_cell(35, 181, 9)").await, "22023 longitude `181` is not in -180..=180 degrees");
    assert_eq!(error("h3_cell(35, 139, 16)").await, "22023 resolution `16` is not in 0..=15");
    assert!(error("h3_latitude('nowhere')").await.starts_with("22023 invalid cell `nowhere`: "));
    assert!(
        error("h3_parent(h3_cell(35, 139, 5), 9)")
            .await
            .ends_with("has resolution 5: its parent's is in 0..=5, not `9`")
    );
    assert!(error("with_check_digit('2036')").await.starts_with("22023 invalid code `2036`"));
    assert!(error("with_check_digit('203612')").await.contains("the check digit of `20361` is 1"));
    assert!(error("prefecture_name('48')").await.contains("invalid code `48`"));
    assert_eq!(
        error("h3_parent(1, 5)").await,
        "42000 cannot plan the query: `h3_parent` takes (text, int), not (bigint, bigint)"
    );
}

#[tokio::test]
async fn the_cell_in_the_error_text_is_a_cell() {
    let text = error("h3_latitude('x')").await;
    let example = text.split("as in `").nth(1).unwrap().trim_end_matches('`');
    assert_ne!(value(&format!("h3_latitude('{example}')")).await, "null");
}

#[tokio::test]
async fn points_have_mesh_codes() {
    for (metres, code) in [(80_000, "5339"), (5_000, "5339354"), (1_000, "53393599"), (125, "53393599212")] {
        assert_eq!(value(&format!("mesh_code(35.658581, 139.745433, {metres})")).await, code);
    }
    assert_eq!(value("mesh_code(-35.0, 139.0, 1000)").await, "null");
    assert!(error("mesh_code(35.0, 139.0, 100)").await.contains("mesh of `100` m"));
}

#[tokio::test]
async fn codes_have_names_and_check_digits() {
    assert_eq!(value("with_check_digit('47382')").await, "473821");
    assert_eq!(value("prefecture_name('20')").await, "長野県");
    assert_eq!(value("prefecture_name('20361')").await, "長野県");
    assert_eq!(value("prefecture_romaji('47')").await, "Okinawa");
    assert_eq!(value("region_name('20361')").await, "中部圏");
    assert_eq!(value("region_english('01')").await, "Hokkaido");
    assert_eq!(value("municipality_name('20361')").await, "下諏訪町");
    assert_eq!(value("municipality_romaji('203611')").await, "Shimosuwa-machi");
    assert_eq!(value("municipality_name('20999')").await, "null");
    for none in ["all", "unknown", "JP"] {
        assert_eq!(value(&format!("prefecture_name('{none}')")).await, "null");
    }
}

#[tokio::test]
async fn municipalities_have_places_distances_and_residents() {
    assert_eq!(value("municipality_at(36.0745, 138.0850)").await, "20361");
    assert_eq!(value("municipality_at(30.0, 150.0)").await, "null");
    assert_eq!(value("municipality_distance_km('20361', '20361')").await, "0.0");
    let far: f64 = value("municipality_distance_km('01202', '47382')").await.parse().unwrap();
    assert!((2500.0..3200.0).contains(&far), "Hakodate to Yonaguni: {far}");
    let residents: i64 = value("municipality_population_2020('20361')").await.parse().unwrap();
    assert!((18_000..21_000).contains(&residents), "{residents}");
    assert_eq!(value("municipality_population_2020('20999')").await, "null");
}

#[test]
fn every_function_is_documented_and_every_document_has_a_function() {
    let documented: Vec<_> =
        FUNCTIONS.iter().map(|function| function.signature.split('(').next().unwrap()).collect();
    let all = all(&Arc::new(Geography::simplified().unwrap()));
    assert_eq!(documented, all.iter().map(ScalarUDF::name).collect::<Vec<_>>());
}
