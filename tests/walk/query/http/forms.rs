//! The same rows in every form, and as much compression as a client takes.

use std::io::{Cursor, Read};

use arrow::ipc::reader::StreamReader;
use arrow::json::writer::{JsonArray, WriterBuilder};
use arrow::record_batch::RecordBatch;
use calamine::{Data, Reader, Xlsx};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::{Map, Value, json};

use super::Ground;

const SQL: &str = "SELECT municipality_code, municipality, persons, persons / 7.0 AS share, status, month_text, \
                   date '2026-03-31' AS day, persons > 5000 AS is_large FROM connected_monthly \
                   WHERE kind = 'connected' ORDER BY municipality_code, origin_code";

/// The number that Excel has for 2026-03-31.
const LAST_OF_MARCH: f64 = 46_112.0;

fn rows_of(batches: impl Iterator<Item = RecordBatch>) -> Vec<Value> {
    let mut writer = WriterBuilder::new().with_explicit_nulls(true).build::<_, JsonArray>(Vec::new());
    batches.for_each(|batch| writer.write(&batch).unwrap());
    writer.finish().unwrap();
    serde_json::from_slice(&writer.into_inner()).unwrap()
}

#[test]
fn every_form_has_the_same_rows() {
    let ground = Ground::new();
    let client = ground.client();
    let json = client.ask(SQL, "").ok().json();
    let rows = json["rows"].as_array().unwrap().clone();
    assert_eq!((rows.len(), &json["row_count"]), (6, &json!(6)));
    assert_eq!(rows[4]["persons"], Value::Null, "a hidden figure is null");
    assert_eq!((&rows[0]["municipality"], &rows[0]["is_large"]), (&json!("茅野市"), &json!(false)));

    let lines = client.ask(SQL, "&format=ndjson").ok().text();
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines, rows);

    let arrow = client.ask(SQL, "&format=arrow").ok();
    assert_eq!(arrow.header("content-type"), Some("application/vnd.apache.arrow.stream"));
    let arrow = StreamReader::try_new(Cursor::new(arrow.body), None).unwrap();
    assert!(arrow.schema().metadata()["kayoi.terms.ja"].contains("個人を識別"));
    assert_eq!(rows_of(arrow.map(Result::unwrap)), rows);

    let parquet = client.ask(SQL, "&format=parquet").ok();
    let parquet = ParquetRecordBatchReaderBuilder::try_new(axum::body::Bytes::from(parquet.body)).unwrap();
    assert_eq!(rows_of(parquet.build().unwrap().map(Result::unwrap)), rows);

    let csv = client.ask(SQL, "&format=csv").ok().text();
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let written = |row: &Value| {
        let cell = |name: &Value| match &row[text(name).as_str()] {
            Value::Null => String::new(),
            value => text(value),
        };
        let names = json["columns"].as_array().unwrap().iter().map(|column| &column["name"]);
        names.map(cell).collect::<Vec<_>>().join(",")
    };
    assert_eq!(csv.lines().skip(1).collect::<Vec<_>>(), rows.iter().map(written).collect::<Vec<_>>());

    sheet_has(&client.ask(SQL, "&format=xlsx").ok().body, &json, &rows);
    assert!(client.ask(SQL, "&format=table").ok().text().ends_with("6 rows\n"));
}

/// A workbook as another program reads it.
fn sheet_has(bytes: &[u8], json: &Value, rows: &[Value]) {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    let mut lines = sheet.rows();
    let heading: Vec<String> = lines.next().unwrap().iter().map(ToString::to_string).collect();
    let names: Vec<&str> =
        json["columns"].as_array().unwrap().iter().map(|column| column["name"].as_str().unwrap()).collect();
    assert_eq!(heading, names);
    let value = |cell: &Data| match cell {
        Data::Empty => Value::Null,
        Data::String(text) => json!(text),
        Data::Bool(truth) => json!(truth),
        Data::DateTime(day) => {
            json!(if day.as_f64() == LAST_OF_MARCH { "2026-03-31" } else { "another day" })
        }
        Data::Float(number) if number.fract() == 0.0 => json!(*number as i64),
        Data::Float(number) => json!(number),
        other => panic!("{other:?}"),
    };
    let found: Vec<Value> = lines
        .map(|line| {
            let named = names.iter().zip(line).map(|(name, cell)| ((*name).to_owned(), value(cell)));
            Value::Object(named.collect::<Map<_, _>>())
        })
        .collect();
    assert_eq!(found, rows);
}

#[test]
fn a_client_says_what_it_reads_and_gets_it_or_hears_what_there_is() {
    let ground = Ground::new();
    let client = ground.client();
    let accepted = |accept: &str| client.get_with("/v1/query?sql=SELECT+1+AS+n", &[("accept", accept)]);
    for (accept, media_type) in [
        ("*/*", "application/json; charset=utf-8"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/html, text/csv;q=0.8, application/json;q=0.7", "text/csv; charset=utf-8"),
        ("application/vnd.apache.parquet", "application/vnd.apache.parquet"),
    ] {
        assert_eq!(accepted(accept).ok().header("content-type"), Some(media_type), "{accept}");
    }
    let refused = accepted("image/png, application/json;q=0");
    assert_eq!(refused.status, 406);
    let types = refused.json()["media_types"].clone();
    assert!(types.as_array().unwrap().contains(&json!("text/csv")), "{types}");
    let named = client.get_with("/v1/query?sql=SELECT+1+AS+n&format=csv", &[("accept", "image/png")]).ok();
    assert_eq!(named.text(), "n\n1\n");
    let sheet = client.get("/v1/query?sql=SELECT+1+AS+n&format=xlsx").ok();
    assert_eq!(sheet.header("content-disposition"), Some("attachment; filename=\"kayoi.xlsx\""));
}

#[test]
fn short_and_long_answers_are_the_same_in_every_compression() {
    let ground = Ground::new();
    let client = ground.client();
    let long =
        "SELECT a.* FROM connected_monthly a, connected_monthly b, connected_monthly c, connected_monthly d";
    for (sql, is_short) in [("SELECT * FROM connected_monthly", true), (long, false)] {
        let ask = |coding: &str| {
            let path = format!("/v1/query?format=csv&sql={}", super::client::escape(sql));
            client.get_with(&path, &[("accept-encoding", coding)]).ok()
        };
        let plain = ask("identity");
        assert_eq!(plain.header("content-encoding"), None);
        assert_eq!(plain.header("content-length"), Some(plain.body.len().to_string().as_str()));
        assert_eq!(plain.body.len() > 1 << 20, !is_short);
        for (asked, coding) in [("gzip", "gzip"), ("gzip, zstd", "zstd"), ("br;q=1, gzip;q=0.1", "gzip")] {
            let packed = ask(asked);
            assert_eq!(packed.header("content-encoding"), Some(coding));
            assert_eq!(packed.header("content-length").is_some(), is_short);
            assert!(packed.header("vary").unwrap().contains("accept-encoding"));
            assert!(packed.body.len() * 2 < plain.body.len());
            let mut bytes = Vec::new();
            match coding {
                "gzip" => {
                    flate2::read::GzDecoder::new(&*packed.body).read_to_end(&mut bytes).map(drop).unwrap()
                }
                _ => bytes = zstd::decode_all(&*packed.body).unwrap(),
            }
            assert_eq!(bytes, plain.body);
        }
    }
    let parquet = client.get_with(
        &format!("/v1/query?format=parquet&sql={}", super::client::escape(long)),
        &[("accept-encoding", "gzip")],
    );
    assert_eq!(parquet.ok().header("content-encoding"), None, "it is compressed already");
}
