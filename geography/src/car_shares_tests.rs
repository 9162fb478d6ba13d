use super::*;

fn of(text: &[u8]) -> Result<CarShares, CarSharesError> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cars.csv");
    std::fs::write(&path, text).unwrap();
    CarShares::read(&path)
}

fn fault(text: &str) -> (u64, CarShareFault) {
    match of(text.as_bytes()) {
        Err(CarSharesError::Line { line, fault, .. }) => (line, fault),
        other => panic!("{other:?}"),
    }
}

fn town(code: &str) -> MunicipalityCode {
    MunicipalityCode::parse(code).unwrap()
}

const TABLE: &str = "地域コード,備考,自動車の割合,出典\n202142,,71.4,国勢調査2020 茅野市\n20,,66,国勢調査2020 長野県\nJP,,47,国勢調査2020\n,,,\n";

#[test]
fn a_place_has_its_own_share_or_that_of_what_contains_it() {
    for text in [TABLE.as_bytes().to_vec(), encoding_rs::SHIFT_JIS.encode(TABLE).0.into_owned()] {
        let shares = of(&text).unwrap();
        let percents = ["20214", "20485", "01100"].map(|code| shares.of_municipality(town(code)).percent);
        assert_eq!(percents, [71.4, 66.0, 47.0]);
        assert_eq!(shares.of_municipality(town("20485")).source, "国勢調査2020 長野県");
        assert_eq!(shares.of_prefecture(PrefectureCode::new(20).unwrap()).percent, 66.0);
    }
    let without = CarShares::census_2010();
    let percents = ["16201", "13101", "20214"].map(|code| without.of_municipality(town(code)).percent);
    assert_eq!(percents, [77.3, 9.6, 46.3]);
    let partly = of(b"area_code,car_percent,source\n13,8.1,census of 2020\n").unwrap();
    let percents = ["16201", "13101", "20214"].map(|code| partly.of_municipality(town(code)).percent);
    assert_eq!(percents, [77.3, 8.1, 46.3]);
}

#[test]
fn a_line_that_cannot_be_meant_is_refused_with_its_number() {
    let with = |line: &str| fault(&format!("area_code,car_percent,source\n20214,71.4,a\n\n{line}\n"));
    for code in ["1100", "20214x", "99", "14101", "all", "", "2021"] {
        assert_eq!(
            with(&format!("{code},50,b")),
            (4, CarShareFault::Area { value: code.to_owned() }),
            "{code}"
        );
    }
    for percent in ["", "-1", "100.1", "71%", "NaN", "0,7"] {
        let quoted = format!("20,\"{percent}\",b");
        assert_eq!(with(&quoted), (4, CarShareFault::Percent { value: percent.to_owned() }), "{percent}");
    }
    assert_eq!(with("20,50,"), (4, CarShareFault::NoSource));
    assert_eq!(with("20214,50,b"), (4, CarShareFault::Twice { area: "20214".to_owned(), first: 2 }));
    for header in ["area_code,source", "area_code,car_percent,自動車の割合,source"] {
        let header = fault(&format!("{header}\n20,50,b\n"));
        assert_eq!(header, (1, CarShareFault::Header { column: "car_percent", japanese: "自動車の割合" }));
    }
    assert!(matches!(of(b"area_code,car_percent,source\n"), Err(CarSharesError::Empty { .. })));
    assert!(matches!(of(b"PK\x03\x04\0\0"), Err(CarSharesError::NotText { .. })));
}
