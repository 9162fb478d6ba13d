//! Named questions, one and many, and what describes them.

use serde_json::{Value, json};

use super::Ground;

#[test]
fn a_named_question_is_an_object_with_its_title_and_what_it_does_not_say() {
    let ground = Ground::new();
    let client = ground.client();
    let all = client.get("/v1/questions").ok().json();
    let all = all["questions"].as_array().unwrap().clone();
    let names: Vec<&str> = all.iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert!(names.len() >= 39 && names.contains(&"origins-top5"));
    let top5 = all.iter().find(|one| one["name"] == "origins-top5").unwrap();
    assert_eq!(top5["parameters"][0]["type"], "municipality");
    assert!(top5["title"]["ja"].as_str().unwrap().contains("{town}"));

    let answer = client.get("/v1/questions/origins-top5?town=20214").ok().json();
    assert_eq!(answer["title"]["ja"], "茅野市を訪れる人はどの都道府県から来るか。上位5。");
    assert_eq!(
        answer["rows"],
        json!([{ "origin": "東京都", "origin_romaji": "Tokyo", "persons": 1200, "persons_low": 1100, "persons_high": 1300, "status": "published", "month": "2026-03" }])
    );
    assert!(answer["does_not_say"]["en"].as_str().unwrap().contains("withheld"));
    assert!(answer["sql"].as_str().unwrap().contains("municipality_code = '20214'"));
    assert_eq!((&answer["revision"], &answer["definition"]), (&json!(1), &json!("connected-2026/5")));
    assert_eq!(answer["columns"][2], json!({ "name": "persons", "type": "bigint" }));
    let six_digits = client.get("/v1/questions/origins-top5?town=202142").ok().json();
    assert_eq!(six_digits["rows"], answer["rows"]);
    let sheet = client.get("/v1/questions/origins-top5?town=20214&month=2025-12&format=xlsx").ok();
    assert_eq!(
        sheet.header("content-disposition"),
        Some("attachment; filename=\"kayoi-origins-top5-20214-2025-12.xlsx\""),
        "files of several towns and questions lie beside one another"
    );
    let csv = client.get("/v1/questions/origins-top5?town=20214&format=csv").ok();
    assert_eq!(
        csv.text(),
        "origin,origin_romaji,persons,persons_low,persons_high,status,month\n東京都,Tokyo,1200,1100,1300,published,2026-03\n"
    );
    let tag = client.get("/v1/questions/origins-top5?town=20214").header("etag").unwrap().to_owned();
    let known = client.get_with("/v1/questions/origins-top5?town=20214", &[("if-none-match", &tag)]);
    assert_eq!(known.status, 304);
    let other = client.get_with("/v1/questions/origins-top5?town=20321", &[("if-none-match", &tag)]);
    assert_eq!(other.status, 200);
}

#[test]
fn a_wrong_name_or_town_is_told_what_is_right() {
    let ground = Ground::new();
    let client = ground.client();
    for (path, status, said) in [
        ("/v1/questions/origins-top", 404, "origins-top5"),
        ("/v1/questions/%E8%8C%85%E9%87%8E", 404, "the nearest are"),
        ("/v1/questions/origins-top5", 400, "/v1/questions/origins-top5?town="),
        ("/v1/questions/origins-top5?city=20214", 400, "unknown parameter `city`"),
        ("/v1/questions/origins-top5?town=99999", 400, "invalid code `99999`"),
        ("/v1/questions/origins-top5?town=20999", 404, "no municipality has the code `20999`"),
        ("/v1/questions/origins-top5?town=28102", 404, "神戸市 is 28100"),
        ("/v1/questions/origins-top5?town=%27%20OR%201%3D1%20--", 400, "cannot stand for"),
        ("/v1/questions/connected-people?town=20214", 400, "takes none"),
        ("/v1/questions/towns-by-kind?kind=people", 400, "it is one of connected, visitor"),
        (
            "/v1/questions/towns-compared?town=20214&others=20202,20999",
            404,
            "no municipality has the code `20999`",
        ),
        ("/v1/tables/pings", 404, "connected_monthly"),
        ("/v1/tables/pings/rows", 404, "connected_monthly"),
        ("/v1/tables/connected_monthly/rows?month=2026-13", 400, "`2026-13` is no month"),
        ("/v1/tables/connected_monthly/rows?town=x%27%20OR%201%3D1", 400, "invalid code"),
        ("/v1/tables/connected_monthly/rows?limit=-1", 400, "is no number of rows"),
        ("/v1/tables/calendar/rows?town=20214", 400, "`calendar` has no towns"),
        ("/v1/tables/municipalities/rows?month=2026-05", 400, "`municipalities` has no months"),
    ] {
        let refused = client.get(path);
        assert_eq!(refused.status, status, "{path}: {}", refused.text());
        assert!(refused.text().contains(said), "{path}: {}", refused.text());
    }
    let table = client.get("/v1/tables/connected_monthly").ok().json();
    assert_eq!(table["table"]["columns"][0]["name"], "month");
}

#[test]
fn several_questions_are_answered_at_once_each_with_a_status_of_its_own() {
    let ground = Ground::new();
    let client = ground.client();
    let ask = |all: Value| client.post("/v1/questions", "application/json", &all.to_string());
    let reply = ask(json!([
        { "name": "origins-top5", "parameters": { "town": "20214" } },
        { "name": "nothing" },
        { "name": "origins-top5", "parameters": { "town": 20321 } },
        { "name": "origins-top5" },
        { "name": "connected-people" },
    ]))
    .ok();
    assert_eq!(reply.header("etag"), None, "one that is refused may be answered tomorrow");
    let answers = reply.json();
    let statuses: Vec<u64> =
        answers.as_array().unwrap().iter().map(|one| one["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [200, 404, 200, 400, 200]);
    assert_eq!(answers[0]["rows"][0]["persons"], 1_200);
    assert_eq!((&answers[1]["name"], answers[1]["error"].is_string()), (&json!("nothing"), true));
    assert_eq!(answers[2]["rows"][0]["persons"], 9_000);
    assert_eq!(answers[4]["rows"].as_array().unwrap().len(), 2);

    let two = json!([{ "name": "connected-people" }, { "name": "origins-top5", "parameters": { "town": "20214" } }]);
    let tag = ask(two.clone()).ok().header("etag").unwrap().to_owned();
    let headers = [("content-type", "application/json"), ("if-none-match", tag.as_str())];
    assert_eq!(client.send("POST", "/v1/questions", &headers, two.to_string().as_bytes()).status, 304);
    assert_eq!(ask(json!([])).ok().json(), json!([]));
    assert_eq!(ask(json!({ "name": "connected-people" })).status, 400);
    let many: Vec<Value> = vec![json!({ "name": "connected-people" }); 51];
    assert_eq!(ask(many.into()).status, 400);
}

#[test]
fn rows_of_a_table_are_those_that_sql_has() {
    let ground = Ground::new();
    let client = ground.client();
    let same = |path: &str, sql: &str| {
        // Without a limit rows come in no order.
        let sorted = |reply: Value| {
            let mut rows: Vec<String> =
                reply["rows"].as_array().unwrap().iter().map(Value::to_string).collect();
            rows.sort();
            rows
        };
        let rows = sorted(client.get(&format!("/v1/tables/{path}")).ok().json());
        assert_eq!(rows, sorted(client.ask(sql, "").ok().json()), "{path}");
        rows.len()
    };
    let order = "ORDER BY month, municipality_code, kind, origin_level, origin_code";
    let newest = format!(
        "SELECT * FROM connected_monthly \
         WHERE month = (SELECT max(month) FROM connected_monthly WHERE status = 'published') {order}"
    );
    assert!(same("connected_monthly/rows", &newest) > 0);
    let all = same("connected_monthly/rows?month=all", &format!("SELECT * FROM connected_monthly {order}"));
    let of_town = format!("SELECT * FROM connected_monthly WHERE municipality_code = '20214' {order}");
    let town = same("connected_monthly/rows?month=all&town=202142", &of_town);
    assert!(town > 0 && town <= all);
    let few = format!("{newest} LIMIT 1");
    assert_eq!(same("connected_monthly/rows?limit=1", &few), 1);
    assert_eq!(
        same(
            "municipalities/rows?town=20214",
            "SELECT * FROM municipalities WHERE municipality_code = '20214'"
        ),
        1
    );
    let csv = client.get("/v1/tables/calendar/rows?month=2026-08&format=csv").ok().text();
    assert_eq!(csv.lines().count(), 32, "a header and the days of August");
}

#[test]
fn every_described_address_answers() {
    let ground = Ground::new();
    let client = ground.client();
    let described = client.get("/openapi.json").ok().json();
    assert_eq!(described["openapi"], "3.1.0");
    let paths = described["paths"].as_object().unwrap();
    assert!(paths.len() >= 20);
    for (path, methods) in paths {
        let filled = path
            .replace("/v1/tables/{name}", "/v1/tables/connected_monthly")
            .replace("/v1/questions/{name}", "/v1/questions/connected-people")
            .replace("{id}", "connected")
            .replace("{code}", "20214")
            .replace("{z}/{x}/{y}", "8/226/100.mvt");
        // Those that only write have tests of their own.
        if path.starts_with("/v1/kpi") {
            continue;
        }
        let filled = if path == "/v1/query" { "/v1/query?sql=SELECT+1".to_owned() } else { filled };
        assert!(methods["get"].is_object(), "{path}");
        let reply = client.get(&filled).ok();
        let media_type = reply.header("content-type").unwrap().split(';').next().unwrap().to_owned();
        let responses = &methods["get"]["responses"]["200"];
        let shared = responses["$ref"].as_str().map(|reference| &reference[1..]);
        let responses = shared.map_or(responses, |reference| described.pointer(reference).unwrap());
        assert!(responses["content"].get(&media_type).is_some(), "{path}: {media_type}");
    }
}
