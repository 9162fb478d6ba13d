use geo::Intersects as _;
use kayoi_schemas::units::distance_km;
use proptest::prelude::*;

use super::place::Shape;
use super::*;
use crate::boundaries::ring::Point;
use crate::boundaries::{Polygon, Ring};
use crate::index::coast::scale_at;

fn outcome(name: &str, content: impl AsRef<[u8]>) -> Result<Offices, OfficesError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    Offices::read(&path)
}

fn read(name: &str, content: impl AsRef<[u8]>) -> Offices {
    outcome(name, content).unwrap()
}

fn refusal(name: &str, content: impl AsRef<[u8]>) -> String {
    outcome(name, content).unwrap_err().to_string()
}

fn named_at(offices: &Offices, latitude: f64, longitude: f64, slack_m: f64) -> Option<&str> {
    offices.office_at(latitude, longitude, slack_m).map(|office| offices.name(office))
}

fn collection(features: &str) -> String {
    format!(r#"{{"type": "FeatureCollection", "features": [{features}]}}"#)
}

fn feature(properties: &str, kind: &str, coordinates: &str) -> String {
    collection(&format!(
        r#"{{"type": "Feature", "properties": {properties},
            "geometry": {{"type": "{kind}", "coordinates": {coordinates}}}}}"#
    ))
}

fn ring(points: &[Point]) -> Ring {
    Ring::new(points.to_vec()).unwrap().0
}

fn square(west: f64, south: f64, side: f64) -> Vec<Point> {
    vec![[west, south], [west + side, south], [west + side, south + side], [west, south + side]]
}

/// Metres of a degree of latitude.
const DEGREE_M: f64 = 111_195.08;

#[test]
fn no_offices_hold_no_point() {
    let none = Offices::none();
    assert_eq!((none.len(), none.is_empty()), (0, true));
    assert_eq!(none.office_at(35.0, 139.0, 5_000.0), None);
}

#[test]
fn a_csv_names_places_by_centre_and_radius() {
    let offices = read(
        "offices.csv",
        "id,Name,latitude,longitude,radius_m\n1,\"Yufuin, Base\",33.2660,131.3560,50\n2,Shirahama Hub,33.6800,135.3500,\n",
    );
    assert_eq!(offices.len(), 2);
    assert_eq!(named_at(&offices, 33.2660, 131.3560, 0.0), Some("Yufuin, Base"));
    assert_eq!(named_at(&offices, 33.2660 + 49.0 / DEGREE_M, 131.3560, 0.0), Some("Yufuin, Base"));
    assert_eq!(named_at(&offices, 33.2660 + 51.0 / DEGREE_M, 131.3560, 0.0), None);
    // Without a radius, 100 m.
    assert_eq!(named_at(&offices, 33.6800 + 99.0 / DEGREE_M, 135.3500, 0.0), Some("Shirahama Hub"));
    assert_eq!(named_at(&offices, 33.6800 + 101.0 / DEGREE_M, 135.3500, 0.0), None);
}

#[test]
fn slack_widens_each_place() {
    let offices = read("offices.csv", "name,latitude,longitude\nHub,33.68,135.35\n");
    let away = |metres: f64, slack_m: f64| named_at(&offices, 33.68 - metres / DEGREE_M, 135.35, slack_m);
    assert_eq!((away(295.0, 200.0), away(305.0, 200.0)), (Some("Hub"), None));
    for none in [f64::NAN, -1_000.0, f64::NEG_INFINITY] {
        assert_eq!((away(95.0, none), away(105.0, none)), (Some("Hub"), None), "{none}");
    }
    assert_eq!((away(5_090.0, f64::INFINITY), away(5_110.0, f64::INFINITY)), (Some("Hub"), None));
}

#[test]
fn what_is_no_point_on_earth_is_in_no_place() {
    let offices = read("offices.csv", "name,latitude,longitude\nHub,33.68,135.35\n");
    for degrees in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300] {
        assert_eq!(offices.office_at(degrees, 135.35, 100.0), None);
        assert_eq!(offices.office_at(33.68, degrees, 100.0), None);
    }
    for (latitude, longitude) in [(90.0, 180.0), (-90.0, -180.0), (0.0, 0.0)] {
        assert_eq!(offices.office_at(latitude, longitude, 5_000.0), None);
    }
}

#[test]
fn japanese_headers_and_spreadsheets_are_read() {
    let text = "名称,緯度,経度,半径\r\n\r\n糸島オフィス,33.5570,130.1960,80\r\n,,,\r\n神山ラボ,33.9680,134.3500,\r\n";
    let shift_jis = encoding_rs::SHIFT_JIS.encode(text).0.into_owned();
    let marked = [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
    for content in [text.as_bytes().to_vec(), marked, shift_jis] {
        let offices = read("offices.CSV", content);
        assert_eq!(offices.len(), 2);
        assert_eq!(named_at(&offices, 33.5570, 130.1960, 0.0), Some("糸島オフィス"));
        assert_eq!(named_at(&offices, 33.9680, 134.3500, 0.0), Some("神山ラボ"));
    }
}

#[test]
fn geojson_gives_points_and_polygons_with_holes() {
    let offices = read(
        "offices.geojson",
        collection(
            r#"{"type": "Feature", "properties": {"name": "Hub", "radius_m": 30},
                "geometry": {"type": "Point", "coordinates": [135.35, 33.68, 12.5]}},
               {"type": "Feature", "properties": {"名称": "Text", "半径": "200"},
                "geometry": {"type": "Point", "coordinates": [135.40, 33.68]}},
               {"type": "Feature", "properties": {"name": "Court", "radius_m": null}, "geometry": {"type": "Polygon",
                "coordinates": [[[131.00, 33.00], [131.04, 33.00], [131.04, 33.04], [131.00, 33.04], [131.00, 33.00]],
                                [[131.01, 33.01], [131.01, 33.03], [131.03, 33.03], [131.03, 33.01], [131.01, 33.01]]]}},
               {"type": "Feature", "properties": {"name": "Two halls"}, "geometry": {"type": "MultiPolygon",
                "coordinates": [[[[132.00, 33.00], [132.01, 33.00], [132.01, 33.01], [132.00, 33.00]]],
                                [[[132.02, 33.00], [132.03, 33.00], [132.03, 33.01], [132.02, 33.00]]]]}}"#,
        ),
    );
    assert_eq!(offices.len(), 4);
    for (latitude, longitude, slack_m, expected) in [
        (33.6801, 135.35, 0.0, Some("Hub")),
        (33.6804, 135.35, 0.0, None),
        (33.6815, 135.40, 0.0, Some("Text")),
        (33.005, 131.02, 0.0, Some("Court")),
        (33.02, 131.02, 0.0, None),
        (33.00, 131.02, 0.0, Some("Court")),
        (33.01, 131.02, 0.0, Some("Court")),
        (33.02, 131.02, 1_200.0, Some("Court")),
        (33.002, 132.008, 0.0, Some("Two halls")),
        (33.002, 132.015, 0.0, None),
        (33.002, 132.028, 0.0, Some("Two halls")),
    ] {
        assert_eq!(
            named_at(&offices, latitude, longitude, slack_m),
            expected,
            "{latitude} {longitude} {slack_m}"
        );
    }
}

#[test]
fn where_places_overlap_the_deepest_wins_and_of_equal_ones_the_first() {
    let offices = read(
        "offices.csv",
        "name,latitude,longitude,radius_m\nWest,35.0,139.0000,100\nEast,35.0,139.0010,100\nAlso east,35.0,139.0010,100\n",
    );
    assert_eq!(named_at(&offices, 35.0, 139.0004, 0.0), Some("West"));
    assert_eq!(named_at(&offices, 35.0, 139.0006, 0.0), Some("East"));
}

/// Each wrong file with what its message must hold.
#[test]
fn a_refusal_names_the_place_the_value_and_what_is_allowed() {
    let header = "name,latitude,longitude,radius_m\n";
    let csv = |lines: &str| format!("{header}Good,35.0,139.0,100\n{lines}\n");
    let point = |properties: &str, coordinates: &str| feature(properties, "Point", coordinates);
    let hub = r#"{"name": "Hub"}"#;
    let cases: [(&str, String, &[&str]); 27] = [
        ("a.csv", csv("Bad,91.5,139.0,"), &["line 3", "latitude `91.5`", "20.4 to 45.6"]),
        ("a.csv", csv("Bad,35.0,179.0,"), &["line 3", "longitude `179`", "122.9 to 154"]),
        ("a.csv", csv("Bad,139.0,35.0,"), &["line 3", "`139`", "`35`", "other way round", "swap"]),
        ("a.csv", csv("\nBad,35.0,139.0,5001"), &["line 4", "radius_m `5001`", "at most 5000 metres"]),
        ("a.csv", csv("Bad,35.0,139.0,0"), &["line 3", "radius_m `0`", "more than 0"]),
        ("a.csv", csv("Bad,35.0,139.0,NaN"), &["line 3", "radius_m `NaN`"]),
        ("a.csv", csv("Bad,35.0,139.0,1km"), &["line 3", "radius_m `1km`", "metres such as 100"]),
        ("a.csv", csv("Bad,35°41′,139.0,"), &["line 3", "latitude `35°41′`", "degrees such as"]),
        ("a.csv", csv("Bad,NaN,139.0,"), &["line 3", "latitude `NaN`"]),
        ("a.csv", csv("Bad"), &["line 3", "latitude ``"]),
        ("a.csv", csv(" ,35.0,139.0,"), &["line 3", "name is empty"]),
        ("a.csv", csv("Bad,35.0,139.0,1,Tokyo"), &["line 3", "5 values", "4 columns", "quotes"]),
        ("a.csv", "name,lat,longitude\nA,35,139\n".into(), &["line 1", "`latitude` (緯度)", "`lat`"]),
        ("a.csv", "name,名称,緯度,経度\nA,B,35,139\n".into(), &["line 1", "`name`", "twice"]),
        ("a.csv", "name,latitude,longitude,半径(km)\n".into(), &["line 1", "`半径(km)`", "radius_m"]),
        ("a.csv", header.into(), &["no places", "line below the header"]),
        ("a.csv", String::new(), &["no places"]),
        ("a.xlsx", String::new(), &["`.xlsx`", "`.csv`, `.geojson` and `.json`"]),
        ("offices", String::new(), &["no extension"]),
        ("a.json", collection(""), &["no places", "feature"]),
        ("a.json", feature(hub, "LineString", "[[139, 35], [139.1, 35]]"), &["feature 1", "`LineString`"]),
        ("a.json", point(hub, "[35.0, 139.0]"), &["feature 1", "other way round", "[longitude, latitude]"]),
        ("a.json", point(hub, r#"["139", 35.0]"#), &["feature 1", r#"`["139",35.0]`"#, "position"]),
        (
            "a.json",
            point(r#"{"name": "Hub", "radius": 5}"#, "[139, 35]"),
            &["feature 1", "`radius`", "`radius_m`"],
        ),
        ("a.json", point(r#"{"name": null}"#, "[139, 35]"), &["feature 1", "name is empty"]),
        (
            "a.json",
            feature(hub, "Polygon", "[[[139, 35], [139.2, 35], [139.2, 35.2], [139, 35]]]"),
            &["feature 1", "m wide", "10000 m"],
        ),
        ("a.json", feature(hub, "Polygon", "[[[139, 35], [139.1, 35]]]"), &["feature 1", "three different"]),
    ];
    for (name, content, expected) in cases {
        let message = refusal(name, &content);
        assert!(message.contains(name) && message.contains("\nhint: "), "{message}");
        for part in expected {
            assert!(message.contains(part), "`{part}` is not in: {message}");
        }
    }
}

#[test]
fn a_refusal_of_a_document_says_what_it_is() {
    let radius = r#"{"name": "Hall", "radius_m": 5}"#;
    let hall = "[[[139, 35], [139.01, 35], [139.01, 35.01], [139, 35]]]";
    let apart = "[[[139, 35], [139.01, 35], [139.01, 35.01], [139, 35]],
                  [[139.02, 35], [139.03, 35.01], [139.03, 35], [139.02, 35]]]";
    for (content, part) in [
        (feature(radius, "Polygon", hall), "a Polygon has radius_m `5`"),
        (feature(r#"{"name": "Hall"}"#, "Polygon", apart), "the hole at `[139.02,35]` lies outside"),
        (r#"{"type": "Feature", "geometry": null}"#.into(), "a `Feature`"),
        (r#"{"type": "FeatureCollection"}"#.into(), "without `features`"),
        ("[]".into(), "JSON without a `type`"),
        ("{\n\"type\": ".into(), "as GeoJSON"),
        (collection(r#"{"properties": {"name": "Hub"}, "geometry": null}"#), "geometry is missing"),
        (feature(r#"{"name": "Hub"}"#, "Polygon", "[]"), "list of rings"),
        (feature(r#"{"name": "Hub", "radius_m": true}"#, "Point", "[139, 35]"), "radius_m `true`"),
        (feature(r#"{"name": "Hub", "radius_m": -1}"#, "Point", "[139, 35]"), "radius_m `-1`"),
    ] {
        let message = refusal("offices.json", &content);
        assert!(message.contains(part) && message.contains("\nhint: "), "{message}");
    }
    let workbook = refusal("offices.csv", b"PK\x03\x04\x14\x00\x08\x00");
    assert!(workbook.contains("not text"), "{workbook}");
    let missing = Offices::read(Path::new("nowhere.csv")).unwrap_err().to_string();
    assert!(missing.contains("`nowhere.csv`") && missing.contains("hint:"), "{missing}");
}

/// Places and points share a square of 0.3 degrees that begins here, at the ends of Japan.
fn corner() -> impl Strategy<Value = Point> {
    prop_oneof![Just([123.0, 24.0]), Just([139.0, 35.0]), Just([145.0, 45.2]), Just([138.995, 34.995])]
}

/// Degrees from the corner; some on the edges of cells.
fn degrees() -> impl Strategy<Value = f64> {
    prop_oneof![3 => 0.0..0.3_f64, 1 => (0..30).prop_map(|cell| f64::from(cell) / 100.0)]
}

/// Offsets of a place from the corner: a circle, or polygons with corners anywhere within 0.08 degrees, which
/// may cross themselves, and a hole.
#[derive(Debug, Clone)]
enum Drawn {
    Circle([f64; 2], f64),
    Area(Vec<([f64; 2], Vec<[f64; 2]>)>),
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let corners = prop::collection::vec([0.0..0.08_f64, 0.0..0.08_f64], 3..7);
    prop_oneof![
        ([degrees(), degrees()], prop_oneof![1.0..300.0_f64, 300.0..5_000.0_f64])
            .prop_map(|(at, radius_m)| Drawn::Circle(at, radius_m)),
        prop::collection::vec(([degrees(), degrees()], corners), 1..3).prop_map(Drawn::Area),
    ]
}

fn shape_of(drawn: &Drawn, [west, south]: Point) -> Shape {
    match drawn {
        Drawn::Circle([x, y], radius_m) => {
            Shape::Circle { centre: [west + x, south + y], radius_m: *radius_m }
        }
        Drawn::Area(polygons) => {
            let polygon = |([x, y], corners): &([f64; 2], Vec<[f64; 2]>)| {
                let moved: Vec<Point> =
                    corners.iter().map(|[dx, dy]| [west + x + dx, south + y + dy]).collect();
                let hole = ring(&square(west + x + 0.02, south + y + 0.02, 0.02));
                Polygon::new(ring(&moved), vec![hole])
            };
            Shape::Area(polygons.iter().map(polygon).collect())
        }
    }
}

proptest! {
    /// The cells lose no place: asking every place one by one gives the same.
    #[test]
    fn cells_answer_as_a_loop_over_all_places(
        corner in corner(),
        places in prop::collection::vec(drawn(), 1..30),
        asked in prop::collection::vec(([degrees(), degrees()], prop_oneof![Just(0.0), 0.0..5_000.0_f64]), 40),
    ) {
        let shapes: Vec<Shape> = places.iter().map(|place| shape_of(place, corner)).collect();
        let office = |(number, shape): (usize, &Shape)| Office { name: number.to_string(), shape: shape.clone() };
        let offices = Offices::of(shapes.iter().enumerate().map(office).collect());
        for ([x, y], slack_m) in asked {
            let point = [corner[0] + x, corner[1] + y];
            let distance_m = |shape: &Shape| shape.distance_m(point, scale_at(point[1]));
            // `min_by` keeps the first of equal ones.
            let naive = (0..)
                .zip(&shapes)
                .map(|(number, shape)| (number, distance_m(shape)))
                .filter(|(_, distance_m)| *distance_m <= slack_m)
                .min_by(|one, other| one.1.partial_cmp(&other.1).unwrap())
                .map(|(number, _): (usize, f64)| number.to_string());
            let named = named_at(&offices, point[1], point[0], slack_m);
            prop_assert_eq!(named, naive.as_deref(), "{:?} {}", point, slack_m);
        }
    }

    /// The distance is that of the sphere, but for what the plane may be off by.
    #[test]
    fn a_circle_reaches_as_far_as_the_sphere_says(
        corner in corner(),
        at in [degrees(), degrees()],
        radius_m in 1.0..5_000.0_f64,
        bearing in 0.0..std::f64::consts::TAU,
        share in 0.0..2.0_f64,
    ) {
        let centre = [corner[0] + at[0], corner[1] + at[1]];
        let scale = scale_at(centre[1]);
        let reach_m = radius_m * share;
        let point = [centre[0] + reach_m * bearing.sin() / scale[0], centre[1] + reach_m * bearing.cos() / scale[1]];
        let sphere_m = 1_000.0 * distance_km((point[1], point[0]), (centre[1], centre[0]));
        prop_assume!((sphere_m / radius_m - 1.0).abs() > 0.003);
        let shape = Shape::Circle { centre, radius_m };
        let offices = Offices::of(vec![Office { name: "Hub".to_owned(), shape }]);
        prop_assert_eq!(offices.office_at(point[1], point[0], 0.0).is_some(), sphere_m < radius_m);
    }

    /// Inside, on the border and in holes as another crate has it, for polygons that do not cross themselves.
    #[test]
    fn a_polygon_holds_the_points_that_geo_says(
        asked in prop::collection::vec((0..=24_i32, 0..=24_i32), 30),
        side in 3..12_i32,
    ) {
        // On a lattice of 1/256 degree, which is exact, so that points fall on borders and corners too.
        let lattice = |steps: i32| f64::from(steps) / 256.0;
        let outer = square(139.0 + lattice(4), 35.0 + lattice(4), lattice(side));
        let hole = square(139.0 + lattice(5), 35.0 + lattice(5), lattice(side - 2));
        let line = |points: &[Point]| geo::LineString::from(ring(points).points().to_vec());
        let expected = geo::Polygon::new(line(&outer), vec![line(&hole)]);
        let shape = Shape::Area(vec![Polygon::new(ring(&outer), vec![ring(&hole)])]);
        let offices = Offices::of(vec![Office { name: "Court".to_owned(), shape }]);
        for (x, y) in asked {
            let point = [139.0 + lattice(x), 35.0 + lattice(y)];
            let is_inside = expected.intersects(&geo::Point::new(point[0], point[1]));
            prop_assert_eq!(offices.office_at(point[1], point[0], 0.0).is_some(), is_inside, "{:?}", point);
        }
    }
}
