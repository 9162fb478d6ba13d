use kayoi_schemas::time::UtcMillis;
use kayoi_schemas::units::GridPoint;

use super::*;

const HOME: (&str, f64) = ("13101", 139.75);
const OFFICE: (&str, f64) = ("14100", 139.2);

/// Two months of a fix each half hour; `place` says where at an hour of the day.
fn life(place: impl Fn(i64) -> (&'static str, f64)) -> Vec<Fix> {
    let first = DayRule::JAPAN.instant(Day::parse("2026-02-01").unwrap(), 0.0);
    (0..59 * 48)
        .map(|half_hour| {
            let (code, longitude) = place(half_hour / 2 % 24);
            Fix {
                device: DeviceId::from_hash(2),
                instant: UtcMillis(first.0 + half_hour * 1_800_000),
                point: GridPoint::from_degrees(35.5, longitude),
                accuracy_m: 20.0,
                municipality: MunicipalityCode::parse(code).ok(),
            }
        })
        .collect()
}

fn record(fixes: &[Fix]) -> DeviceRecord {
    let months: Vec<Month> = ["2026-02", "2026-03"].iter().filter_map(|text| Month::parse(text)).collect();
    let period = Period { tie_months: months[1..].to_vec(), months, rule: DayRule::JAPAN };
    measure(DeviceId::from_hash(2), fixes, &Definition::connected_2026().unwrap(), &period)
}

fn home(record: &DeviceRecord) -> Vec<String> {
    let residences = record.residences.get(&Month::parse("2026-03").unwrap());
    residences.into_iter().flatten().map(|residence| residence.municipality.to_string()).collect()
}

#[test]
fn who_is_always_at_home_and_who_is_there_by_night_only_both_have_a_residence() {
    // One device must not decide by which rule the other is measured.
    let always = record(&life(|_| HOME));
    let by_night = record(&life(|hour| if (8..20).contains(&hour) { OFFICE } else { HOME }));
    assert_eq!(home(&always), ["13101"]);
    assert_eq!(home(&by_night), ["13101"]);
    // The one who never leaves has one stay for all that time, and no ties; the office is no connection.
    assert_eq!((always.stays.len(), always.visitor_days.len()), (1, 0));
    assert!(by_night.visitor_days.is_empty());
    let ties = &by_night.ties[&Month::parse("2026-03").unwrap()];
    let office = ties.iter().find(|tie| tie.municipality.to_string() == OFFICE.0).unwrap();
    assert_eq!(office.excluded, Excluded::Commuter);
    assert!(ties.iter().all(|tie| tie.excluded != Excluded::No));
}
