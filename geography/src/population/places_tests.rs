use super::*;

fn places() -> Places {
    Places::on(CodeDate::parse("2025-01-01").unwrap())
}

fn municipality(number: u32) -> Result<Named, NoPlace> {
    Ok(Named::Area(Area::Municipality(MunicipalityCode::from_number(number).unwrap())))
}

#[test]
fn codes_are_read_as_tables_write_them() {
    let places = places();
    let of = |code: &str, digits| places.of(PlaceTexts { code, ..PlaceTexts::default() }, digits);
    for (code, digits) in [
        ("011002", Digits::Six),
        ("11002", Digits::Six),
        ("01100", Digits::Five),
        ("1100", Digits::Five),
        ("０１１００", Digits::Five),
        ("01100_札幌市", Digits::Five),
        ("01100 札幌市", Digits::Five),
    ] {
        assert_eq!(of(code, digits), municipality(1100), "{code}");
    }
    let hokkaido = PrefectureCode::new(1).unwrap();
    for (code, digits) in
        [("010006", Digits::Six), ("01000", Digits::Five), ("01", Digits::Five), ("01_北海道", Digits::Five)]
    {
        assert_eq!(of(code, digits), Ok(Named::Area(Area::Prefecture(hokkaido))), "{code}");
    }
    assert_eq!(of("000000", Digits::Six), Ok(Named::Area(Area::Nation)));
    assert_eq!(of("011003", Digits::Six), Err(NoPlace::BadCode("011003".to_owned())));
    assert!(matches!(of("注)総数は", Digits::Six), Err(NoPlace::UnknownName(_))));
}

#[test]
fn names_are_read_as_tables_write_them() {
    let places = places();
    let of = |prefecture, name| places.of(PlaceTexts { code: "", prefecture, name }, Digits::Five);
    for (prefecture, name, number) in [
        ("北海道", "札幌市", 1100),
        ("北海道", "石狩郡当別町", 1303),
        ("北海道", "泊村", 1403),
        ("", "東京都府中市", 13206),
        ("東京都", "府中市", 13206),
        ("", "松本市", 20202),
        ("広島県", "府中市", 34208),
        ("神奈川県", "茅ケ崎市", 14207),
        ("京都府", "京都市", 26100),
        ("大阪府", "大阪市北区", 27127),
        ("東京都", "北区", 13117),
    ] {
        assert_eq!(of(prefecture, name), municipality(number), "{prefecture} {name}");
    }
    assert_eq!(of("合計", "-"), Ok(Named::Area(Area::Nation)));
    assert_eq!(of("東京都", ""), Ok(Named::Area(Area::Prefecture(PrefectureCode::new(13).unwrap()))));
    assert_eq!(of("東京都", "特別区部"), Ok(Named::Other));
    assert_eq!(of("", ""), Ok(Named::Nothing));
    assert!(of("", "府中市").is_err(), "there are two");
    assert!(of("長野県", "札幌市").is_err());
}

#[test]
fn how_codes_are_written_is_told_by_all_of_them() {
    let places = places();
    assert_eq!(places.digits_of(["011002", "12025"].into_iter()), Ok(Digits::Six));
    assert_eq!(places.digits_of(["11002", "12025"].into_iter()), Ok(Digits::Six));
    assert_eq!(places.digits_of(["01100", "13101"].into_iter()), Ok(Digits::Five));
    assert_eq!(places.digits_of(["23213"].into_iter()), Err("23213".to_owned()));
}

#[test]
fn names_and_codes_are_compared_with_what_stands_around_them() {
    let places = places();
    let code = |number| MunicipalityCode::from_number(number).unwrap();
    assert_eq!(places.agrees(code(1303), "石狩郡当別町"), Some(true));
    assert_eq!(places.agrees(code(1101), "中央区"), Some(true));
    assert_eq!(places.agrees(code(1100), "01100_札幌市"), Some(true));
    assert_eq!(places.agrees(code(1100), "函館市"), Some(false));
    assert_eq!(places.agrees(code(1100), "-"), None);
}
