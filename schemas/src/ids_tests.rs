use super::*;

#[test]
fn check_digits_of_official_codes() {
    for (code, full) in [("01100", "011002"), ("13101", "131016"), ("30401", "304018"), ("47382", "473821")] {
        let parsed = MunicipalityCode::parse(code).unwrap();
        assert_eq!(parsed.with_check_digit(), full);
        assert_eq!(MunicipalityCode::parse(full).unwrap(), parsed);
    }
}

#[test]
fn codes_outside_japan_are_refused_by_name() {
    for text in ["", "1100", "48101", "00101", "2036a", "２０３６１", "1234567"] {
        let error = MunicipalityCode::parse(text).unwrap_err().to_string();
        assert!(error.contains(&format!("`{text}`")), "{error}");
    }
    let wrong_check = MunicipalityCode::parse("473822").unwrap_err().to_string();
    assert!(wrong_check.contains("is 1"), "{wrong_check}");
}

#[test]
fn a_device_never_prints() {
    let device = DeviceId::from_hash(0x1234_5678_9abc_def0);
    assert_eq!(format!("{device:?}"), "DeviceId(hidden)");
    assert_eq!(DeviceId::from_column(device.column_value()), device);
    assert!(device.column_value() >= 0);
}
