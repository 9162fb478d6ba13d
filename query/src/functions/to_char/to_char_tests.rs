use chrono::NaiveDate;

use super::*;

fn moment(pattern: &str) -> String {
    let local = NaiveDate::from_ymd_opt(2026, 4, 3).unwrap().and_hms_micro_opt(15, 4, 5, 67_089).unwrap();
    MomentPattern::read(pattern).unwrap().write(&Moment { local, offset_seconds: 9 * 3_600 })
}

fn number(pattern: &str, number: &str) -> String {
    NumberPattern::read(pattern).unwrap().write(number)
}

#[test]
fn dates_are_written_by_their_pattern() {
    for (pattern, text) in [
        ("YYYY-MM", "2026-04"),
        ("YYYY-MM-DD HH24:MI:SS.US", "2026-04-03 15:04:05.067089"),
        ("yyyy/mm/dd", "2026/04/03"),
        ("FMMonth FMDDth, YYYY", "April 3rd, 2026"),
        ("Month|", "April    |"),
        ("MON dy DAY", "APR fri FRIDAY   "),
        ("HH12:MI AM", "03:04 PM"),
        ("YYYY\"年\"FMMM\"月\"", "2026年4月"),
        ("IYYY-\"W\"IW-ID", "2026-W14-5"),
        ("Q DDD J", "2 093 2461134"),
        ("OF", "+09"),
        ("%Y", "%6"),
    ] {
        assert_eq!(moment(pattern), text, "{pattern}");
    }
    assert!(MomentPattern::read("TMMonth").unwrap_err().to_string().contains("hint: "));
}

#[test]
fn numbers_are_written_by_their_pattern() {
    for (pattern, value, text) in [
        ("999,999", "1234", "   1,234"),
        ("FM999,999", "1234", "1,234"),
        ("9990.00", "0.5", "    0.50"),
        ("999.99", "0.5", "    .50"),
        ("FM990.99", "12.30", "12.3"),
        ("000", "7", " 007"),
        ("99", "123", " ##"),
        ("S999", "-12", " -12"),
        ("999MI", "-12", " 12-"),
        ("FM999PR", "-12", "<12>"),
        ("9", "0", " 0"),
        ("FM9.9", "0.96", "1."),
    ] {
        assert_eq!(number(pattern, value), text, "{pattern} of {value}");
    }
    assert!(NumberPattern::read("RN").is_err());
}
