//! What is wrong with a request is said, in JSON, with what to do.

use serde_json::{Value, json};

use super::Ground;

#[test]
fn a_question_may_be_an_object_with_values() {
    let ground = Ground::new();
    let client = ground.client();
    let ask = |object: Value| client.post("/v1/query", "application/json", &object.to_string());
    let found = ask(json!({
        "sql": "SELECT municipality FROM connected_monthly WHERE kind = $1 AND persons > $2 AND month = $3 \
                AND municipality_code = ANY($4) ORDER BY persons LIMIT $5",
        "parameters": ["connected", 1500, "2026-03-01", ["20214", "20321"], 1],
        "format": "csv",
    }));
    assert_eq!(found.ok().text(), "municipality\n茅野市\n");
    let odd = "'; DROP TABLE connected_monthly; --\u{0} 茅野\u{1f3d4}";
    let echoed = ask(
        json!({ "sql": "SELECT $1::text AS a, $2::boolean AS b, $3::double AS c", "parameters": [odd, null, 1] }),
    );
    assert_eq!(echoed.ok().json()["rows"], json!([{ "a": odd, "b": null, "c": 1.0 }]));
    let code = ask(json!({
        "sql": "SELECT count(*) AS n FROM connected_monthly WHERE municipality_code = $1", "parameters": [20214],
    }));
    assert_eq!(code.ok().json()["rows"][0]["n"], 3, "a code that was written as a number");

    for (object, status, said) in [
        (json!({ "sql": "SELECT $1", "parameters": [] }), 400, "`1` parameters and got `0` values"),
        (json!({ "sql": "SELECT 1", "parameters": [1] }), 400, "`0` parameters and got `1` values"),
        (
            json!({ "sql": "SELECT * FROM connected_monthly WHERE month = $1", "parameters": ["soon"] }),
            400,
            "`$1` is no date",
        ),
        (json!({ "sql": "SELECT $1", "parameters": [{}] }), 400, "the value of `$1` is an object"),
        (
            json!({ "sql": "DELETE FROM connected_monthly WHERE persons = $1", "parameters": [1] }),
            403,
            "DELETE",
        ),
        (json!({ "query": "SELECT 1" }), 400, "unknown field `query`"),
        (json!({ "sql": 1 }), 400, "cannot read the JSON"),
        (json!([]), 400, "cannot read the JSON"),
    ] {
        let refused = ask(object);
        let told = refused.json();
        assert_eq!(refused.status, status, "{told}");
        assert!(told["error"].as_str().unwrap().contains(said), "{told}");
    }
}

#[test]
fn a_body_is_what_its_type_says() {
    let ground = Ground::new();
    let client = ground.client();
    for (media_type, body) in [
        ("text/plain", "SELECT '茅野' AS n"),
        ("text/plain; charset=utf-8", "\u{feff}SELECT '茅野' AS n"),
        ("application/sql", "SELECT '茅野' AS n;"),
        ("application/x-www-form-urlencoded", "SELECT '茅野' AS n"),
        ("application/x-www-form-urlencoded", "sql=SELECT+%27%E8%8C%85%E9%87%8E%27+AS+n&format=json"),
        ("application/json; charset=utf-8", "{\"sql\":\"SELECT '\\u8305\\u91ce' AS n\"}"),
    ] {
        let reply = client.post("/v1/query", media_type, body).ok();
        assert_eq!(reply.json()["rows"], json!([{ "n": "茅野" }]), "{media_type}");
    }
    assert_eq!(client.post("/v1/query", "text/xml", "<sql/>").status, 415);
    let nowhere = client.send("DELETE", "/v1/kpi/20214/first", &[], b"");
    assert_eq!((nowhere.status, nowhere.header("cache-control")), (400, Some("no-store")));
    assert!(nowhere.json()["hint"].as_str().unwrap().contains("its number"));
    assert_eq!(client.send("POST", "/v1/query", &[], b"SELECT '\xff'").status, 400);
    for broken in ["", "{", "{\"sql\":\"SELECT 1\"", "nul", "\"SELECT 1\""] {
        let refused = client.post("/v1/query", "application/json", broken);
        assert_eq!(refused.status, 400, "{broken}");
        assert!(refused.json()["hint"].as_str().unwrap().contains("it looks like"), "{broken}");
    }
    let deep = format!("{{\"sql\":\"SELECT 1\",\"parameters\":{}1{}}}", "[".repeat(5_000), "]".repeat(5_000));
    assert_eq!(client.post("/v1/query", "application/json", &deep).status, 400);
    let huge = format!("SELECT '{}'", "x".repeat(2 << 20));
    let refused = client.post("/v1/query", "text/plain", &huge);
    assert_eq!(refused.status, 413);
    assert!(refused.json()["error"].as_str().unwrap().contains("1048576"));
    assert_eq!(client.get("/v1/query?sql=SELECT+1&format=xls").status, 400);
    assert_eq!(client.send("DELETE", "/v1/query", &[], b"").status, 405);
    assert_eq!(client.get("/v1/nothing").json()["error"], "no such page");
}

#[test]
fn an_error_has_a_place_a_hint_and_japanese_for_who_reads_it() {
    let ground = Ground::new();
    let client = ground.client();
    let path = format!(
        "/v1/query?sql={}",
        super::client::escape("SELECT '長野',\n  persons FORM connected_monthly")
    );
    let english = client.get(&path).json();
    assert_eq!(
        (&english["sqlstate"], english["position"].as_u64()),
        (&json!("42601"), Some(29)),
        "{english}"
    );
    assert!(english["hint"].is_string() && english["error_ja"].is_null());
    let japanese = client.get_with(&path, &[("accept-language", "ja,en;q=0.5")]).json();
    assert_eq!(japanese["error_ja"], "SQLを読み取れません。");
    assert_eq!(japanese["error"], english["error"]);
    let unknown = client.ask("SELECT * FROM pings", "");
    assert_eq!((unknown.status, unknown.json()["sqlstate"].clone()), (404, json!("42P01")));
}

#[test]
fn a_page_of_another_site_may_ask_only_when_the_operator_names_it() {
    let named = "https://town.example.jp";
    let ground = Ground::with(&["--allow-origin", named, "--allow-origin", "http://localhost:5173"]);
    let client = ground.client();
    let from = |origin: &str| client.get_with("/v1/query?sql=SELECT+1+AS+n", &[("origin", origin)]);
    let allowed = from(named).ok();
    assert_eq!(allowed.header("access-control-allow-origin"), Some(named));
    assert!(allowed.header("access-control-expose-headers").unwrap().contains("etag"));
    assert!(allowed.header("vary").unwrap().contains("origin"));
    let refused = from("https://other.example");
    assert_eq!((refused.status, refused.header("access-control-allow-origin")), (403, None));
    assert_eq!(client.get("/v1/query?sql=SELECT+1").ok().header("access-control-allow-origin"), None);

    let first = |origin: &str| {
        let headers = [("origin", origin), ("access-control-request-method", "POST")];
        client.send("OPTIONS", "/v1/query", &headers, b"")
    };
    let told = first(named);
    assert_eq!(told.status, 204);
    assert!(told.header("access-control-allow-headers").unwrap().contains("content-type"));
    assert_eq!(first("https://other.example").status, 403);
    let elsewhere = client.get_with("/v1/tables", &[("origin", named), ("host", "evil.example")]);
    assert_eq!(elsewhere.status, 403, "whoever asks, it must be this server that is meant");
    let wrong = crate::kayoi::refused(&[
        "serve",
        "--lake",
        crate::kayoi::text(ground.lake()),
        "--allow-origin",
        "town.example.jp",
        "--http-port",
        "0",
        "--pg-port",
        "0",
    ]);
    assert!(wrong.contains("`town.example.jp` is no origin") && wrong.contains("hint:"), "{wrong}");
}
