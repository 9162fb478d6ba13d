use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use serde_json::{Value, json};

use super::*;
use crate::engine::Limits;
use crate::fixture::{WRITES, engine, service};
use crate::functions::FUNCTIONS;
use kayoi_schemas::tables::ReleaseTable;

async fn serve() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve_http(
        service(&engine(Limits::default())),
        crate::desk::Directory::empty(),
        listener,
        HttpOptions::default(),
        std::future::pending(),
    ));
    address
}

/// Status, head and body of one request.
async fn send(address: SocketAddr, request: &str, body: &str) -> (u16, String, Vec<u8>) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let length = body.len();
    let head = format!(
        "{request} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
    );
    stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    (head[9..12].parse().unwrap(), head, bytes[end + 4..].to_vec())
}

fn escape(sql: &str) -> String {
    sql.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

async fn ask(address: SocketAddr, sql: &str, format: &str) -> (u16, String, Vec<u8>) {
    send(address, &format!("GET /v1/query?format={format}&sql={}", escape(sql)), "").await
}

#[tokio::test]
async fn a_query_is_answered_in_each_format() {
    let address = serve().await;
    let sql = "SELECT origin, persons FROM connected_monthly WHERE kind = 'connected' ORDER BY origin_code";
    let (status, head, body) = ask(address, sql, "json").await;
    assert_eq!(status, 200);
    assert!(head.contains("application/json") && !head.to_lowercase().contains("access-control"), "{head}");
    let json: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(json["rows"][1], json!({ "origin": "神奈川県", "persons": null }));
    let (_, head, body) = ask(address, sql, "csv").await;
    assert!(head.contains("text/csv; charset=utf-8"), "{head}");
    assert_eq!(String::from_utf8(body).unwrap(), "origin,persons\n東京都,400\n神奈川県,\nall,1200\n");
    let (_, head, body) = ask(address, sql, "csv-excel").await;
    assert!(head.contains("content-disposition: attachment; filename=\"kayoi.csv\""), "{head}");
    assert!(body.starts_with(b"\xEF\xBB\xBForigin,persons\r\n"));
    assert!(ask(address, sql, "parquet").await.2.starts_with(b"PAR1"));
    let (_, _, table) = ask(address, sql, "table").await;
    assert!(String::from_utf8(table).unwrap().ends_with("3 rows\n"));
}

#[tokio::test]
async fn sql_may_be_the_body() {
    let address = serve().await;
    let (status, _, body) =
        send(address, "POST /v1/query", "SELECT count(*) AS n FROM connected_monthly").await;
    let json: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!((status, &json["rows"]), (200, &json!([{ "n": 4 }])));
}

#[tokio::test]
async fn errors_are_json_with_a_hint() {
    let address = serve().await;
    for (sql, status) in [
        ("SELECT * FROM pings", 404),
        ("SELECT person FROM connected_monthly", 400),
        ("DROP TABLE connected_monthly", 403),
        ("", 400),
    ] {
        let (got, _, body) = ask(address, sql, "json").await;
        let json: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(got, status, "{sql}");
        assert!(json["error"].is_string() && json["hint"].is_string(), "{json}");
    }
    assert_eq!(ask(address, "SELECT 1", "xls").await.0, 400);
    assert_eq!(send(address, "GET /v1/query?sql=%FF", "").await.0, 400);
    assert_eq!(send(address, "GET /v2", "").await.0, 404);
}

#[tokio::test]
async fn no_write_passes_over_http() {
    let address = serve().await;
    for sql in WRITES {
        assert_eq!(ask(address, sql, "json").await.0, 403, "{sql}");
        assert_eq!(send(address, "POST /v1/query", sql).await.0, 403, "{sql}");
    }
    assert_eq!(send(address, "DELETE /v1/query", "").await.0, 405);
}

#[tokio::test]
async fn tables_and_functions_are_described() {
    let address = serve().await;
    let (_, _, body) = send(address, "GET /v1/tables", "").await;
    let json: Value = serde_json::from_slice(&body).unwrap();
    let beside = crate::catalog::described_within(&crate::Scope::default()).count();
    assert_eq!(json["tables"].as_array().unwrap().len(), ReleaseTable::ALL.len() + beside);
    let column = &json["tables"][0]["columns"][0];
    assert_eq!((&column["name"], &column["type"]), (&json!("month"), &json!("date")));
    assert!(column["doc"].as_str().unwrap().len() > 8);
    let (_, _, body) = send(address, "GET /v1/functions", "").await;
    let json: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(json["functions"].as_array().unwrap().len(), FUNCTIONS.len());
    assert_eq!(send(address, "GET /healthz", "").await.2, b"ok\n");
}

#[tokio::test]
async fn the_page_loads_nothing_from_elsewhere_and_writes_no_markup() {
    let (status, head, body) = send(serve().await, "GET /", "").await;
    let page = String::from_utf8(body).unwrap();
    assert_eq!(status, 200);
    assert!(head.contains("default-src 'none'"), "{head}");
    for page in [page.as_str(), page::SMALL] {
        assert!(!page.contains("http://") && !page.contains("https://") && !page.contains("innerHTML"));
    }
    assert!(page::SMALL.contains("関係人口") && page::SMALL.contains("connected population"));
    assert!(page::SMALL.contains("試行の数値です") && page::SMALL.contains("series = 'trial'"));
    assert!(page::SMALL.contains("make page"), "it says how to have the other");
}

#[test]
fn the_page_says_how_far_simplified_borders_err() {
    let words = page::SMALL.split_whitespace().collect::<Vec<_>>().join(" ");
    let said = kayoi_geography::simplified::HOW_FAR_THEY_ERR.trim_start_matches("simplified borders ");
    assert!(words.contains(said), "{said}");
}
