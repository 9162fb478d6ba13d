//! Outlines for maps, and figures on them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::Ground;

/// The rings of a geometry of TopoJSON, as places on the grid.
fn rings(topology: &Value, geometry: &Value) -> Vec<Vec<[i64; 2]>> {
    let arc = |number: i64| {
        let place = if number < 0 { !number } else { number };
        let (mut x, mut y) = (0, 0);
        let steps = topology["arcs"][place as usize].as_array().unwrap();
        let mut points: Vec<[i64; 2]> = steps
            .iter()
            .map(|step| {
                x += step[0].as_i64().unwrap();
                y += step[1].as_i64().unwrap();
                [x, y]
            })
            .collect();
        if number < 0 {
            points.reverse();
        }
        points
    };
    let lines = geometry["arcs"].as_array().unwrap().iter().flat_map(|polygon| polygon.as_array().unwrap());
    lines
        .map(|line| {
            line.as_array().unwrap().iter().flat_map(|number| arc(number.as_i64().unwrap())).collect()
        })
        .collect()
}

#[test]
fn the_country_is_one_topology_of_closed_rings_in_which_neighbours_share_their_border() {
    let ground = Ground::new();
    let client = ground.client();
    let packed = client.get_with("/v1/boundaries", &[("accept-encoding", "zstd")]).ok();
    assert!(packed.body.len() < 400_000, "{} bytes", packed.body.len());
    let plain = client.get("/v1/boundaries").ok();
    assert_eq!(zstd::decode_all(&*packed.body).unwrap(), plain.body);
    let country = plain.json();
    let geometries = country["objects"]["municipalities"]["geometries"].as_array().unwrap();
    assert_eq!(
        geometries.len(),
        1_747,
        "codes of the simplified borders, with six of the Northern Territories"
    );
    let mut uses: BTreeMap<i64, BTreeSet<&str>> = BTreeMap::new();
    for geometry in geometries {
        let code = geometry["id"].as_str().unwrap();
        let rings = rings(&country, geometry);
        assert!(!rings.is_empty(), "{code} has no land left");
        for ring in rings {
            assert_eq!(ring.first(), ring.last(), "{code}");
        }
        for number in
            geometry["arcs"].as_array().unwrap().iter().flat_map(|polygon| polygon.as_array().unwrap())
        {
            for number in number.as_array().unwrap() {
                let number = number.as_i64().unwrap();
                uses.entry(if number < 0 { !number } else { number }).or_default().insert(code);
            }
        }
    }
    assert_eq!(uses.len(), country["arcs"].as_array().unwrap().len(), "no border is of nobody");
    let shared = uses.values().filter(|codes| codes.len() == 2).count();
    assert!(shared > 4_000, "{shared} borders are of two towns");
    let tag = plain.header("etag").unwrap().to_owned();
    assert_eq!(client.get_with("/v1/boundaries", &[("if-none-match", &tag)]).status, 304);
    assert!(country["credit"].as_str().unwrap().contains("国土数値情報"));
}

#[test]
fn one_town_is_a_feature_that_other_programs_read() {
    let ground = Ground::new();
    let client = ground.client();
    let reply = client.get("/v1/boundaries/20214").ok();
    assert_eq!(reply.header("content-type"), Some("application/geo+json"));
    let town = reply.json();
    assert_eq!((&town["type"], &town["properties"]["municipality"]), (&json!("Feature"), &json!("茅野市")));
    let ring = town["geometry"]["coordinates"][0][0].as_array().unwrap();
    assert!(ring.len() > 30);
    assert_eq!(ring.first(), ring.last());
    let corners = town["bbox"].as_array().unwrap();
    let inside = |at: usize, value: f64| {
        corners[at].as_f64().unwrap() <= value && value <= corners[at + 2].as_f64().unwrap()
    };
    assert!(inside(0, 138.24) && inside(1, 36.03), "{corners:?}");
    for (path, status) in [("99999", 400), ("20999", 404), ("..", 400), ("town", 400)] {
        assert_eq!(client.get(&format!("/v1/boundaries/{path}")).status, status, "{path}");
    }
}

#[test]
fn qgis_finds_layers_pages_them_and_sees_a_hidden_figure_as_null() {
    let ground = Ground::new();
    let client = ground.client();
    let http = &ground.server.http;
    let href = |value: &Value, relation: &str| {
        let links = value["links"].as_array().unwrap();
        let link = links.iter().find(|link| link["rel"] == relation)?;
        let address = link["href"].as_str().unwrap();
        Some(address.strip_prefix(&format!("http://{http}")).unwrap().to_owned())
    };
    let landing = client.get("/ogc").ok().json();
    assert!(client.get(&href(&landing, "conformance").unwrap()).ok().json()["conformsTo"].is_array());
    client.get(&href(&landing, "service-desc").unwrap()).ok();
    let collections = client.get(&href(&landing, "data").unwrap()).ok().json();
    let connected =
        collections["collections"].as_array().unwrap().iter().find(|one| one["id"] == "connected").unwrap();
    let bbox = connected["extent"]["spatial"]["bbox"][0].as_array().unwrap();
    assert!(bbox[0].as_f64().unwrap() < 123.0 && bbox[2].as_f64().unwrap() > 145.0, "{bbox:?}");

    let mut next = Some(format!("{}?limit=700", href(connected, "items").unwrap()));
    let mut features = Vec::new();
    let mut pages = 0;
    while let Some(path) = next {
        let page = client.get(&path).ok().json();
        assert_eq!(page["numberMatched"], 1_741);
        features.extend(page["features"].as_array().unwrap().clone());
        next = href(&page, "next");
        pages += 1;
    }
    let ids: BTreeSet<&str> = features.iter().map(|feature| feature["id"].as_str().unwrap()).collect();
    assert_eq!((pages, features.len(), ids.len()), (3, 1_741, 1_741));
    let of =
        |code: &str| features.iter().find(|feature| feature["id"] == code).unwrap()["properties"].clone();
    assert_eq!((&of("20321")["persons"], &of("20321")["month"]), (&json!(12_340), &json!("2026-03")));
    assert_eq!((&of("20485")["persons"], &of("20485")["status"]), (&Value::Null, &json!("hidden")));

    let one = client.get("/ogc/collections/connected/items/20321").ok();
    assert_eq!(one.header("kayoi-revision"), Some("1"));
    assert_eq!(one.json()["properties"]["persons"], 12_340);
    let near = client
        .get("/ogc/collections/municipalities/items?bbox=138.5,36.3,138.7,36.4&limit=1&f=json")
        .ok()
        .json();
    let matched = near["numberMatched"].as_u64().unwrap();
    assert!((2..20).contains(&matched), "{matched}");
    assert_eq!(near["numberReturned"], 1);
    assert!(href(&near, "next").unwrap().contains("bbox=138.5,36.3,138.7,36.4"));
    for (path, status) in [
        ("/ogc/collections/nothing", 404),
        ("/ogc/collections/connected/items?bbox=1,2,3", 400),
        ("/ogc/collections/connected/items?limit=0", 400),
        ("/ogc/collections/connected/items?limit=ten", 400),
        ("/ogc/collections/connected/items?color=red", 400),
        ("/ogc/collections/connected/items?f=html", 400),
        ("/ogc/collections/connected/items/20999", 404),
    ] {
        assert_eq!(client.get(path).status, status, "{path}");
    }
    let beyond = client.get("/ogc/collections/connected/items?offset=999999").ok().json();
    assert_eq!((&beyond["numberReturned"], href(&beyond, "next")), (&json!(0), None));
}

#[test]
fn tiles_hold_every_town_where_it_is() {
    let ground = Ground::new();
    let client = ground.client();
    let told = client.get("/v1/tiles").ok().json();
    assert_eq!(told["vector_layers"][0]["id"], "municipalities");
    let address = told["tiles"][0].as_str().unwrap();
    assert!(address.ends_with("/v1/tiles/{z}/{x}/{y}.mvt"), "{address}");

    // The whole country lies in one tile.
    let country = client.get("/v1/tiles/2/3/1.mvt").ok();
    assert_eq!(country.header("content-type"), Some("application/vnd.mapbox-vector-tile"));
    let has = |body: &[u8], word: &str| body.windows(word.len()).any(|bytes| bytes == word.as_bytes());
    for town in ["茅野市", "札幌市", "与那国町"] {
        assert!(has(&country.body, town), "{town}");
    }
    // Kita of Sapporo is a ward, and no town.
    assert!(!has(&country.body, "01102"));
    let tag = country.header("etag").unwrap().to_owned();
    assert_eq!(client.get_with("/v1/tiles/2/3/1.mvt", &[("if-none-match", &tag)]).status, 304);

    // Chino at 35.99 north, 138.16 east, and no town of Hokkaido.
    let near = client.get("/v1/tiles/12/3619/1608").ok();
    assert!(has(&near.body, "20214") && !has(&near.body, "札幌市"));
    // An island of 6 km² in the Pacific.
    assert!(has(&client.get("/v1/tiles/8/227/103.mvt").ok().body, "青ヶ島村"));
    assert!(client.get("/v1/tiles/12/0/0.mvt").ok().body.is_empty());
    for wrong in ["/v1/tiles/3/8/0.mvt", "/v1/tiles/19/0/0.mvt", "/v1/tiles/a/b/c.mvt", "/v1/tiles/3/7/-1"] {
        let refused = client.get(wrong);
        assert_eq!(refused.status, 400, "{wrong}");
        assert!(refused.json()["hint"].as_str().unwrap().contains("/v1/tiles/{z}/{x}/{y}.mvt"));
    }
}
