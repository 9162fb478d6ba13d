use super::*;
use proptest::prelude::*;
use std::collections::HashSet;

const TOKYO_TOWER: (f64, f64) = (35.658581, 139.745433);

fn text_at(level: MeshLevel, (latitude, longitude): (f64, f64)) -> String {
    MeshCode::of_degrees(level, latitude, longitude).unwrap().to_string()
}

#[test]
fn tokyo_tower_has_the_known_code_at_every_level() {
    let known =
        ["5339", "533935", "5339354", "533935885", "53393599", "533935992", "5339359921", "53393599212"];
    for (level, known) in MeshLevel::ALL.into_iter().zip(known) {
        assert_eq!(text_at(level, TOKYO_TOWER), known);
        assert_eq!(MeshCode::parse(known).unwrap().level(), level);
    }
}

#[test]
fn decimals_on_an_edge_belong_to_the_north_east() {
    assert_eq!(text_at(MeshLevel::Third, (35.3, 139.7)), "52397566");
    assert_eq!(text_at(MeshLevel::Third, (43.05, 141.35)), "64414268");
    // The doubles next to 35.3 differ from it by 1 nm, and mean it.
    assert_eq!(text_at(MeshLevel::Third, (35.3f64.next_down(), 139.7f64.next_down())), "52397566");
    assert_eq!(text_at(MeshLevel::Third, (35.299_999_9, 139.699_999_9)), "52397555");
}

/// The oracle counts thousandths of a degree, as whole numbers from the decimal's own digits.
#[test]
fn every_decimal_of_three_places_is_in_its_exact_row_and_column() {
    let bounds = |latitude: String, longitude: String| {
        let point = (latitude.parse().unwrap(), longitude.parse().unwrap());
        MeshCode::of_degrees(MeshLevel::Eighth, point.0, point.1).unwrap().bounds()
    };
    for thousandths in 0..=66_666u64 {
        let latitude = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
        let found = bounds(latitude.clone(), "139.7".to_owned());
        assert_eq!(u64::from(found.south_row), thousandths * 960 / 1000, "{latitude}");
    }
    for thousandths in 100_000..180_000u64 {
        let longitude = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
        let found = bounds("35.3".to_owned(), longitude.clone());
        assert_eq!(u64::from(found.west_column), (thousandths - 100_000) * 640 / 1000, "{longitude}");
    }
}

#[test]
fn codes_end_where_their_digits_and_the_earth_end() {
    assert_eq!(text_at(MeshLevel::Eighth, (0.0, 100.0)), "00000000111");
    assert_eq!(text_at(MeshLevel::Eighth, (66.666_666_6, 179.999_999_9)), "99797799444");
    let outside = [
        (-0.000_000_1, 139.0),
        (66.666_666_7, 139.0),
        (35.0, 99.999_999_9),
        (35.0, 180.0),
        (35.0, -139.0),
        (f64::NAN, 139.0),
        (35.0, f64::INFINITY),
        (1e300, 1e300),
    ];
    for (latitude, longitude) in outside {
        for level in MeshLevel::ALL {
            assert_eq!(MeshCode::of_degrees(level, latitude, longitude), None, "{latitude} {longitude}");
        }
    }
}

#[test]
fn bounds_of_a_known_mesh() {
    // 5339 is 35°20′ to 36° N, 139° to 140° E; 53393599 is its row 59 of 80 and column 59 of 80.
    let bounds = MeshCode::parse("53393599").unwrap().bounds();
    assert_eq!(
        (bounds.south_row, bounds.west_column, bounds.span),
        (53 * 640 + 39 * 8, 39 * 640 + 59 * 8, 8)
    );
    assert_eq!(bounds.south(), 42_790.0 / 1_200.0);
    assert_eq!((bounds.west(), bounds.east()), (139.7375, 139.75));
    assert_eq!(bounds.north(), 35.666_666_666_666_664);
    assert_eq!(bounds.centre(), (35.6625, 139.74375));
}

#[test]
fn nine_digits_are_two_levels_told_apart_by_the_last() {
    assert_eq!(MeshCode::parse("533935885").unwrap().level(), MeshLevel::Double);
    assert_eq!(MeshCode::parse("533935884").unwrap().level(), MeshLevel::Half);
    assert_eq!(
        MeshCode::parse("533935985").unwrap_err().to_string(),
        concat!(
            "invalid mesh code `533935985` (as 2 km mesh): digit 7 is `9`, allowed is one of `02468`\n",
            "hint: a code of 9 digits ends in 1 to 4 (500 m), or in 5 after two even digits (2 km)"
        )
    );
    assert!(MeshCode::parse("533935996").unwrap_err().to_string().contains("digit 9 is `6`"));
}

#[test]
fn texts_that_are_no_codes_say_what_was_allowed() {
    let message = |text| MeshCode::parse(text).unwrap_err().to_string();
    assert_eq!(
        message("5339359"),
        concat!(
            "invalid mesh code `5339359` (as 5 km mesh): digit 7 is `9`, allowed is one of `1234`\n",
            "hint: the digit is a quadrant: 1 south-west, 2 south-east, 3 north-west, 4 north-east"
        )
    );
    assert_eq!(
        message("53393"),
        concat!(
            "invalid mesh code `53393`: it has 5 characters, allowed are 4, 6, 7, 8, 9, 10 or 11 digits\n",
            "hint: codes below latitude 6°40′ start with 0; a program that read the code as a number drops it"
        )
    );
    assert_eq!(
        message("5339-35-99"),
        concat!(
            "invalid mesh code `5339-35-99`: `-` is not a digit, allowed are 0 to 9\n",
            "hint: write ASCII digits without hyphens or spaces, as in `53393599`"
        )
    );
    assert!(message("").contains("it has 0 characters"));
    assert!(message("５３３９").contains("`５` is not a digit"));
    assert!(message("5380").contains("digit 3 is `8`") && message("5380").contains("00 to 79"));
    assert!(message("533985").contains("digit 5 is `8`"));
    assert!(message("5339359957").contains("国土数値情報"));
    assert!(message("5339359910101").contains("not of JIS X 0410"));
    let too_large = MeshCode::from_number(MeshLevel::First, 53_393_599).unwrap_err();
    assert!(too_large.to_string().starts_with("invalid mesh number `53393599` (as 80 km mesh)"));
}

#[test]
fn a_number_means_a_mesh_only_with_its_level() {
    let half = MeshCode::from_number(MeshLevel::Half, 53_333_591).unwrap();
    let third = MeshCode::from_number(MeshLevel::Third, 53_333_591).unwrap();
    assert_eq!((half.to_string(), third.to_string()), ("053333591".to_owned(), "53333591".to_owned()));
    assert_eq!((half.number(), third.number()), (53_333_591, 53_333_591));
    assert_ne!(half, third);
}

#[test]
fn all_meshes_of_a_first_level_mesh_are_its_children_once() {
    let first = MeshCode::parse("5339").unwrap();
    for (level, count) in MeshLevel::ALL.into_iter().zip([1, 64, 256, 1_600, 6_400, 25_600, 102_400, 409_600])
    {
        let children: HashSet<_> = first.children(level).unwrap().collect();
        assert_eq!(children.len(), count);
        assert!(
            children
                .iter()
                .all(|child| child.level() == level && child.parent(MeshLevel::First) == Some(first))
        );
    }
}

#[test]
fn five_and_two_kilometres_do_not_nest() {
    let five = MeshCode::parse("5339354").unwrap();
    assert!(five.children(MeshLevel::Double).is_none());
    assert!(five.children(MeshLevel::Second).is_none());
    assert_eq!(MeshCode::parse("533935885").unwrap().parent(MeshLevel::Quintuple), None);
    assert_eq!(five.parent(MeshLevel::Third), None);
}

fn any_level() -> impl Strategy<Value = MeshLevel> {
    proptest::sample::select(MeshLevel::ALL.to_vec())
}

fn any_point() -> impl Strategy<Value = GridPoint> {
    (0..666_666_667, 1_000_000_000..1_800_000_000)
        .prop_map(|(latitude_e7, longitude_e7)| GridPoint { latitude_e7, longitude_e7 })
}

fn any_code() -> impl Strategy<Value = MeshCode> {
    (any_level(), any_point()).prop_map(|(level, point)| MeshCode::of_point(level, point).unwrap())
}

/// The first whole number of 1e-7 degree at or above an edge.
fn first_at(edge: u32, per_degree: i64) -> i32 {
    i32::try_from((i64::from(edge) * UNITS_PER_DEGREE + per_degree - 1) / per_degree).unwrap()
}

proptest! {
    #[test]
    fn a_point_is_in_its_mesh_and_in_no_neighbour(level in any_level(), point in any_point()) {
        let bounds = MeshCode::of_point(level, point).unwrap().bounds();
        prop_assert!(bounds.contains(point));
        // Exactly, in units of 1/(960 * 10^7) and 1/(640 * 10^7) degree.
        let north = i64::from(point.latitude_e7) * 960;
        let east = (i64::from(point.longitude_e7) - 1_000_000_000) * 640;
        let (south, west, span) = (bounds.south_row, bounds.west_column, bounds.span);
        let edge = |line: u32| i64::from(line) * UNITS_PER_DEGREE;
        prop_assert!(edge(south) <= north && north < edge(south + span));
        prop_assert!(edge(west) <= east && east < edge(west + span));
    }

    #[test]
    fn south_and_west_edges_belong_to_the_mesh_north_and_east_do_not(code in any_code()) {
        let bounds = code.bounds();
        let of = |latitude_e7, longitude_e7| {
            MeshCode::of_point(code.level(), GridPoint { latitude_e7, longitude_e7 })
        };
        let south = first_at(bounds.south_row, 960);
        let north = first_at(bounds.south_row + bounds.span, 960);
        let west = 1_000_000_000 + first_at(bounds.west_column, 640);
        let east = 1_000_000_000 + first_at(bounds.west_column + bounds.span, 640);
        prop_assert_eq!(of(south, west), Some(code));
        prop_assert_eq!(of(north - 1, east - 1), Some(code));
        for outside in [of(north, west), of(south, east), of(south - 1, west), of(south, west - 1)] {
            prop_assert_ne!(outside, Some(code));
        }
        if let Some(north_neighbour) = of(north, west) {
            prop_assert_eq!(north_neighbour.bounds().south_row, bounds.south_row + bounds.span);
            prop_assert_eq!(north_neighbour.bounds().west_column, bounds.west_column);
        }
    }

    #[test]
    fn text_and_number_come_back(code in any_code()) {
        prop_assert_eq!(MeshCode::parse(&code.to_string()), Ok(code));
        prop_assert_eq!(MeshCode::from_number(code.level(), code.number()), Ok(code));
        prop_assert_eq!(code.to_string().len(), code.level().digits());
    }

    #[test]
    fn digits_are_a_code_that_prints_them_or_an_error_with_a_hint(text in "[0-9]{0,13}") {
        match MeshCode::parse(&text) {
            Ok(code) => {
                prop_assert_eq!(code.to_string(), text);
                let bounds = code.bounds();
                prop_assert!(bounds.south_row + bounds.span <= ROWS);
                prop_assert!(bounds.west_column + bounds.span <= COLUMNS);
                prop_assert_eq!(MeshCode::at(code.level(), bounds.south_row, bounds.west_column), code);
            }
            Err(error) => {
                let (message, named) = (error.to_string(), format!("`{text}`"));
                prop_assert!(message.contains(&named) && message.contains("\nhint: "), "{}", message);
            }
        }
    }

    #[test]
    fn the_centre_gives_its_mesh_back(code in any_code()) {
        let bounds = code.bounds();
        let (latitude, longitude) = bounds.centre();
        prop_assert_eq!(MeshCode::of_degrees(code.level(), latitude, longitude), Some(code));
        prop_assert!(bounds.south() < latitude && latitude < bounds.north());
        prop_assert!(bounds.west() < longitude && longitude < bounds.east());
    }

    #[test]
    fn a_parent_is_the_mesh_of_the_same_point(
        point in any_point(), fine in any_level(), coarse in any_level(),
    ) {
        let mesh = MeshCode::of_point(fine, point).unwrap();
        let parent = MeshCode::of_point(coarse, point).unwrap();
        prop_assert_eq!(mesh.parent(coarse), coarse.divides_into(fine).then_some(parent));
        if let Some(mut children) = parent.children(fine) {
            prop_assert!(children.any(|child| child == mesh));
        }
    }

    #[test]
    fn children_partition_their_parent(point in any_point(), pair in proptest::sample::select(vec![
        (MeshLevel::Second, MeshLevel::Quintuple), (MeshLevel::Second, MeshLevel::Double),
        (MeshLevel::Quintuple, MeshLevel::Third), (MeshLevel::Double, MeshLevel::Half),
        (MeshLevel::Third, MeshLevel::Eighth), (MeshLevel::Quarter, MeshLevel::Quarter),
    ])) {
        let parent = MeshCode::of_point(pair.0, point).unwrap();
        let bounds = parent.bounds();
        let mut covered = HashSet::new();
        for child in parent.children(pair.1).unwrap() {
            let part = child.bounds();
            for row in part.south_row..part.south_row + part.span {
                for column in part.west_column..part.west_column + part.span {
                    prop_assert!(covered.insert((row, column)), "covered twice");
                    prop_assert_eq!(MeshCode::at(pair.0, row, column), parent);
                }
            }
        }
        prop_assert_eq!(covered.len() as u32, bounds.span * bounds.span);
    }

    #[test]
    fn codes_order_as_their_texts(level in any_level(), one in any_point(), other in any_point()) {
        let one = MeshCode::of_point(level, one).unwrap();
        let other = MeshCode::of_point(level, other).unwrap();
        prop_assert_eq!(one.cmp(&other), one.to_string().cmp(&other.to_string()));
        prop_assert_eq!(one.cmp(&other), one.number().cmp(&other.number()));
    }
}
