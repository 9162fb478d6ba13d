use proptest::prelude::*;

use super::*;
use crate::boundaries::ring::Point;

fn source() -> Source {
    Source { file_name: "N03-20250101_GML.zip".to_owned(), blake3: "00".repeat(32) }
}

fn set_of(polygons: Vec<(u32, Vec<Vec<Point>>)>) -> BoundarySet {
    let polygon = |rings: Vec<Vec<Point>>| {
        let mut rings = rings.into_iter().filter_map(|points| Ring::new(points).ok()).map(|(ring, _)| ring);
        rings.next().map(|exterior| Polygon::new(exterior, rings.collect()))
    };
    let polygons = polygons
        .into_iter()
        .filter_map(|(code, rings)| Some((MunicipalityCode::from_number(code)?, polygon(rings)?)));
    BoundarySet::new("N03 2025-01-01", source(), polygons)
}

fn small_set() -> BoundarySet {
    let triangle = vec![[139.1, 35.1], [139.25, 35.1], [139.2, 35.1234567]];
    let hole = vec![[139.15, 35.101], [139.2, 35.101], [139.2, 35.102]];
    set_of(vec![(13101, vec![triangle.clone(), hole]), (47382, vec![triangle])])
}

fn bits(set: &BoundarySet) -> Vec<u64> {
    let points = set.polygons().flat_map(|(_, polygon)| polygon.rings()).flat_map(|ring| ring.points());
    points.flatten().map(|coordinate| coordinate.to_bits()).collect()
}

fn read_bytes(bytes: &[u8]) -> Result<(Header, BoundarySet), GeographyError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("n03.kayoi");
    fs::write(&path, bytes).unwrap();
    read(&path)
}

#[test]
fn a_set_comes_back_with_what_it_says_about_itself() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("n03.kayoi");
    fs::write(&path, "an older file").unwrap();
    let set = small_set();
    let written = write(&set, &path).unwrap();
    let (header, back) = read(&path).unwrap();
    assert_eq!(back, set);
    assert_eq!(header, written);
    assert_eq!(header.decimal_scale, Some(7));
    assert_eq!(header.counts, Counts { units: 2, polygons: 2, vertices: 12 });
    assert!(header.credit.contains("国土数値情報"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no part file is left behind");
}

#[test]
fn every_changed_byte_is_noticed() {
    let (_, bytes) = encode(&small_set()).unwrap();
    for position in 0..bytes.len() {
        for flip in [1, 0x80] {
            let mut changed = bytes.clone();
            changed[position] ^= flip;
            assert!(read_bytes(&changed).is_err(), "byte {position}");
        }
    }
}

#[test]
fn every_truncation_is_noticed() {
    let (_, bytes) = encode(&small_set()).unwrap();
    for length in 0..bytes.len() {
        assert!(read_bytes(&bytes[..length]).is_err(), "length {length}");
    }
    let mut longer = bytes;
    longer.push(0);
    assert!(read_bytes(&longer).is_err());
}

#[test]
fn refusals_name_the_file_and_what_to_do() {
    let (_, bytes) = encode(&small_set()).unwrap();
    let refusal = |bytes: &[u8]| read_bytes(bytes).unwrap_err().to_string();
    let mut newer = bytes.clone();
    newer[8] = 9;
    for (text, wanted) in [
        (refusal(b"{\"type\": \"FeatureCollection\"}"), "is no boundary file"),
        (refusal(&newer), "format version `9`, this program reads up to `1`"),
        (refusal(&bytes[..bytes.len() - 1]), "is damaged"),
    ] {
        assert!(text.contains("n03.kayoi`") && text.contains(wanted) && text.contains("\nhint: "), "{text}");
    }
}

#[test]
fn writing_into_a_missing_folder_says_so() {
    let error = write(&small_set(), Path::new("no/such/folder/n03.kayoi")).unwrap_err().to_string();
    assert!(error.starts_with("cannot write `no/such/folder/n03.kayoi`"), "{error}");
}

fn decimal(scale: u32) -> impl Strategy<Value = f64> {
    let power = 10i64.pow(scale);
    (-90 * power..=90 * power).prop_map(move |integer| integer as f64 / power as f64)
}

fn coordinate() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => decimal(7),
        1 => decimal(12),
        1 => (0..=12u32).prop_flat_map(decimal),
        1 => -90.0..90.0f64,
        1 => Just(-0.0),
        1 => Just(f64::MIN_POSITIVE),
    ]
}

fn rings() -> impl Strategy<Value = Vec<Vec<Point>>> {
    let ring = prop_oneof![
        prop::collection::vec([decimal(7), decimal(7)], 3..9),
        prop::collection::vec([coordinate(), coordinate()], 3..9),
    ];
    prop::collection::vec(ring, 1..4)
}

proptest! {
    #[test]
    fn every_coordinate_comes_back_to_the_last_bit(
        polygons in prop::collection::vec((1000..48_000u32, rings()), 0..6),
    ) {
        let set = set_of(polygons);
        let (_, bytes) = encode(&set).unwrap();
        let (_, back) = read_bytes(&bytes).unwrap();
        prop_assert_eq!(bits(&back), bits(&set));
        prop_assert_eq!(back, set);
    }

    #[test]
    fn decimals_are_stored_as_decimals(scale in 0..=12u32, seed in prop::collection::vec(-90.0..90.0f64, 1..20)) {
        let power = 10f64.powi(scale as i32);
        // Rings hold no negative zero, so none is drawn here.
        let coordinates = seed.iter().map(|number| (number * power).round() / power + 0.0);
        prop_assert!(u32::from(scale_of(coordinates)) <= scale);
    }
}
