use super::*;

fn fix(number: u16) -> Fix {
    Fix {
        instant_ms: 1_743_500_000_000 + 60_000 * i64::from(number),
        latitude_e7: 361_234_561,
        longitude_e7: 1_371_234_561,
        accuracy_dm: 120,
        speed_dm_s: Some(0),
        source: FixSource::Gps,
        burst: number,
    }
}

fn delivered(preset: Preset, fixes: u16) -> Vec<Record> {
    let fixes: Vec<Fix> = (0..fixes).map(fix).collect();
    let mut records = Vec::new();
    Delivery::new(preset, Format::Ndjson).deliver((1, 2, 0, 20_179), &fixes, &mut records);
    records
}

#[test]
fn every_fix_arrives_once_as_good_within_a_week() {
    let records = delivered(Preset::Hard, 5_000);
    let good: Vec<_> = records.iter().filter(|record| record.kind == Kind::Good).collect();
    assert_eq!(good.len(), 5_000);
    assert!(good.iter().all(|record| (0..7 * DAY_MS).contains(&(record.arrival_ms - record.instant_ms))));
    let late =
        good.iter().filter(|record| record.arrival_ms - record.instant_ms > 6 * HOUR_MS + MINUTE_MS).count();
    assert!((90..220).contains(&late), "{late} of 5000 are later than six hours, 3 % were asked");
}

#[test]
fn a_duplicate_is_an_exact_copy_that_comes_later() {
    let records = delivered(Preset::Hard, 5_000);
    let copies: Vec<_> = records.windows(2).filter(|pair| pair[1].kind == Kind::Duplicate).collect();
    assert!((100..200).contains(&copies.len()), "{}", copies.len());
    for pair in copies {
        assert!(pair[1].arrival_ms >= pair[0].arrival_ms);
        assert_eq!((pair[1].instant_ms, pair[1].latitude_e7), (pair[0].instant_ms, pair[0].latitude_e7));
    }
}

#[test]
fn column_files_get_only_what_they_can_carry() {
    let kinds = Delivery::new(Preset::Hard, Format::Parquet).kinds;
    assert_eq!(kinds.len(), Malformed::ALL.len() - 3);
    assert!(!kinds.contains(&Malformed::BrokenJson));
    assert_eq!(Malformed::NotANumber.reject_reason(Format::Parquet), RejectReason::NotFinite);
}
