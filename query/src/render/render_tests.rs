use std::io::{Cursor, Read};
use std::sync::Arc;

use calamine::{Reader, Xlsx};
use datafusion::arrow::array::{Array, AsArray};
use datafusion::arrow::datatypes::Int64Type;
use datafusion::arrow::ipc::reader::StreamReader;
use datafusion::arrow::json;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use serde_json::{Value, json};

use super::*;
use crate::ask::Door;
use crate::engine::Limits;
use crate::fixture::{answer, asked, engine, service};

const SQL: &str = "SELECT origin_code, origin, persons, status FROM connected_monthly \
                   WHERE kind = 'connected' ORDER BY origin_code";

async fn written(sql: &str, format: Rendering) -> Vec<u8> {
    attempt(sql, format).await.unwrap()
}

async fn attempt(sql: &str, format: Rendering) -> Result<Vec<u8>, QueryError> {
    let service = service(&engine(Limits::default()));
    let mut bytes = Vec::new();
    let answer = service.answer(asked(Door::CommandLine, sql), format).await?;
    answer.into_reader()?.read_to_end(&mut bytes).unwrap();
    Ok(bytes)
}

#[tokio::test]
async fn a_hidden_figure_is_empty_in_csv() {
    let csv = String::from_utf8(written(SQL, Rendering::Csv).await).unwrap();
    assert_eq!(
        csv,
        "origin_code,origin,persons,status\n\
         13,東京都,400,published\n\
         14,神奈川県,,hidden\n\
         all,all,1200,published\n"
    );
}

#[tokio::test]
async fn excel_gets_a_byte_order_mark_codes_as_text_and_its_ends_of_lines() {
    let written = String::from_utf8(written(SQL, Rendering::CsvExcel).await).unwrap();
    assert_eq!(
        written,
        "\u{feff}origin_code,origin,persons,status\r\n\
         \"=\"\"13\"\"\",東京都,400,published\r\n\
         \"=\"\"14\"\"\",神奈川県,,hidden\r\n\
         all,all,1200,published\r\n"
    );
}

#[tokio::test]
async fn a_hidden_figure_is_null_in_json() {
    let answer: Value = serde_json::from_slice(&written(SQL, Rendering::Json).await).unwrap();
    assert_eq!(answer["rows"][1]["persons"], Value::Null);
    assert!(answer["rows"][1].as_object().unwrap().contains_key("persons"));
    assert_eq!(answer["rows"][0]["persons"], 400);
    assert_eq!(answer["row_count"], 3);
    assert_eq!(answer["columns"][2], json!({ "name": "persons", "type": "bigint" }));
    assert_eq!(answer["boundaries_are_simplified"], true);
    assert!(answer["credit"].is_string() && answer["boundaries"].is_string());
}

#[tokio::test]
async fn parquet_keeps_rows_nulls_and_the_ban_on_identifying_persons() {
    let bytes = written(SQL, Rendering::Parquet).await;
    let reader = ParquetRecordBatchReaderBuilder::try_new(axum::body::Bytes::from(bytes)).unwrap();
    let entries = reader.metadata().file_metadata().key_value_metadata().unwrap().clone();
    let value = |key: &str| entries.iter().find(|entry| entry.key == key).unwrap().value.clone().unwrap();
    assert_eq!(value("kayoi.terms.ja"), Notice::TERMS_JA);
    assert_eq!(value("kayoi.terms.en"), Notice::TERMS_EN);
    assert!(!value("kayoi.credit").is_empty() && !value("kayoi.boundaries").is_empty());
    let batch = reader.build().unwrap().next().unwrap().unwrap();
    let persons = batch["persons"].as_primitive::<Int64Type>();
    assert_eq!((persons.value(0), persons.is_null(1), persons.value(2)), (400, true, 1200));
}

#[tokio::test]
async fn json_rows_read_back_as_the_same_rows() {
    let sql = "SELECT * FROM visitors_daily";
    let answer = answer(&engine(Limits::default()), asked(Door::Http, sql)).await.unwrap();
    let bytes = written(sql, Rendering::Json).await;
    let parsed: Value = serde_json::from_slice(&bytes).unwrap();
    let mut decoder = json::ReaderBuilder::new(Arc::clone(answer.schema())).build_decoder().unwrap();
    decoder.serialize(parsed["rows"].as_array().unwrap()).unwrap();
    assert_eq!(decoder.flush().unwrap().unwrap(), answer.batches()[0]);
}

#[tokio::test]
async fn an_answer_without_rows_keeps_its_columns() {
    let none = "SELECT month, persons FROM connected_monthly WHERE month = '1999-01-01'";
    assert_eq!(written(none, Rendering::Csv).await, b"month,persons\n");
    assert_eq!(written(none, Rendering::CsvExcel).await, b"\xEF\xBB\xBFmonth,persons\r\n");
    let json: Value = serde_json::from_slice(&written(none, Rendering::Json).await).unwrap();
    assert_eq!((json["rows"].clone(), json["columns"][0]["name"].clone()), (json!([]), json!("month")));
    assert!(String::from_utf8(written(none, Rendering::Table).await).unwrap().contains("month | persons"));
    assert!(written(none, Rendering::Parquet).await.starts_with(b"PAR1"));
    assert_eq!(written(none, Rendering::Ndjson).await, b"");
    assert_eq!(cells(&written(none, Rendering::Xlsx).await), [["month", "persons"]]);
}

/// The cells of a workbook as another program reads them, as texts.
fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    sheet.rows().map(|row| row.iter().map(|cell| format!("{cell}")).collect()).collect()
}

#[tokio::test]
async fn a_sheet_has_texts_as_they_are_numbers_that_count_and_nothing_where_a_figure_is_hidden() {
    let sql = "SELECT '01101' AS \"コード\", '=1+1' AS formula, '  a<b> & \"c\" ' AS odd, 1234567890123456789 AS cell, \
               month, persons, persons / 8.0 AS eighth, 'NaN'::double AS nothing \
               FROM connected_monthly WHERE kind = 'connected' ORDER BY origin_code LIMIT 2";
    let cells = cells(&written(sql, Rendering::Xlsx).await);
    assert_eq!(cells[0], ["コード", "formula", "odd", "cell", "month", "persons", "eighth", "nothing"]);
    let texts = ["01101", "=1+1", "  a<b> & \"c\" ", "1234567890123456789", "2026-03"];
    assert_eq!(cells[1], [&texts[..], &["400", "50", "NaN"]].concat());
    assert_eq!(cells[2], [&texts[..], &["", "", "NaN"]].concat());
}

/// The cells of the sheet of notes.
fn notes(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let sheet = book.worksheet_range_at(1).unwrap().unwrap();
    sheet.rows().map(|row| row.iter().map(|cell| format!("{cell}")).collect()).collect()
}

#[tokio::test]
async fn whoever_asks_for_japanese_heads_gets_them_and_programs_keep_the_names() {
    let csv = String::from_utf8(written(SQL, Rendering::CsvExcelJa).await).unwrap();
    assert!(csv.starts_with("\u{feff}居住地コード,居住地,人数,状態\r\n\"=\"\"13\"\"\",東京都,400,"), "{csv}");
    let book = written(SQL, Rendering::XlsxJa).await;
    assert_eq!(cells(&book)[0], ["居住地コード", "居住地", "人数", "状態"]);
    assert_eq!(cells(&book)[1..], cells(&written(SQL, Rendering::Xlsx).await)[1..]);
    assert_eq!(
        cells(&written(SQL, Rendering::Xlsx).await)[0],
        ["origin_code", "origin", "persons", "status"]
    );
    assert!(written(SQL, Rendering::Csv).await.starts_with(b"origin_code,origin,persons,status\n"));
}

#[tokio::test]
async fn a_workbook_says_what_its_words_mean_and_what_nobody_may_do() {
    let notes = notes(&written(SQL, Rendering::Xlsx).await);
    let of = |item: &str| notes.iter().find(|line| line[0] == item).unwrap_or_else(|| panic!("no {item}"));
    assert_eq!(of("terms")[1..], [Notice::TERMS_JA, Notice::TERMS_EN]);
    assert!(of("hidden")[1].starts_with("秘匿: ") && of("hidden")[2].starts_with("hidden: "));
    assert!(!of("credit")[1].is_empty() && !of("boundaries")[1].is_empty());
    assert_eq!(of("persons")[1..], ["人数", "People"]);
}

#[tokio::test]
async fn equal_answers_are_equal_workbooks_and_what_a_sheet_cannot_hold_is_refused() {
    let sql = "SELECT * FROM connected_monthly";
    assert_eq!(written(sql, Rendering::Xlsx).await, written(sql, Rendering::Xlsx).await);
    let error = attempt("SELECT repeat('長', 32768) AS long", Rendering::Xlsx).await.unwrap_err();
    assert!(error.to_string().contains("XLSX") && error.to_string().contains("hint:"), "{error}");
    assert_eq!(
        cells(&written("SELECT repeat('長', 32767) AS long", Rendering::Xlsx).await)[1][0].chars().count(),
        32_767
    );
}

#[tokio::test]
async fn ndjson_is_an_object_a_line_and_arrow_has_types_and_terms() {
    let lines = String::from_utf8(written(SQL, Rendering::Ndjson).await).unwrap();
    let rows: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let object: Value = serde_json::from_slice(&written(SQL, Rendering::Json).await).unwrap();
    assert_eq!(Value::from(rows), object["rows"]);
    let mut stream = StreamReader::try_new(Cursor::new(written(SQL, Rendering::Arrow).await), None).unwrap();
    assert_eq!(stream.schema().metadata()["kayoi.terms.en"], Notice::TERMS_EN);
    let batch = stream.next().unwrap().unwrap();
    let persons = batch["persons"].as_primitive::<Int64Type>();
    assert_eq!((persons.value(0), persons.is_null(1), persons.value(2)), (400, true, 1200));
}

#[tokio::test]
async fn lists_are_refused_in_csv_with_a_way_out() {
    for format in [Rendering::Csv, Rendering::CsvExcel, Rendering::Xlsx] {
        let error = attempt("SELECT [1, 2] AS list", format).await.unwrap_err();
        assert!(error.to_string().contains("hint: try format `json`"), "{error}");
    }
}

#[test]
fn an_unknown_format_is_refused_with_the_known_ones() {
    let error = "xls".parse::<Rendering>().unwrap_err().to_string();
    assert!(error.starts_with("unknown format `xls`\nhint: "), "{error}");
    for known in Rendering::ALL {
        assert!(error.contains(known.name()), "{error}");
        assert_eq!(known.name().parse::<Rendering>().unwrap(), known);
    }
}
