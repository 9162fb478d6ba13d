use kayoi_schemas::definition::Definition;
use kayoi_schemas::ids::DeviceId;
use kayoi_schemas::units::GridPoint;

use super::*;
use crate::fix::Fix;
use crate::motion::motions;
use crate::night_work::NightWork;
use crate::nights::nights;
use crate::settled::SettledStay;
use crate::stays::stays;
use crate::window::NightHours;

const RULE: DayRule = DayRule::JAPAN;
const HOME: (u32, i32) = (20321, 0);
const WORK: (u32, i32) = (20217, 1_500_000);

/// A fix at a local hour after midnight of 2026-03-02, in a municipality and so many 1e-7 degrees east.
fn fix(hour: f64, (code, east): (u32, i32)) -> Fix {
    Fix {
        device: DeviceId::from_hash(2),
        instant: RULE.instant(Day::parse("2026-03-02").unwrap(), hour),
        point: GridPoint { latitude_e7: 363_000_001, longitude_e7: 1_386_000_001 + east },
        accuracy_m: 20.0,
        speed_m_s: None,
        municipality: MunicipalityCode::from_number(code),
        attributes: kayoi_schemas::person::Attributes::default(),
    }
}

fn complete(fixes: &[Fix]) -> (Vec<SettledStay>, Vec<CompletedStay>) {
    let thresholds = Definition::connected_2026().unwrap().thresholds;
    let (spots, settled) = Spots::of(fixes, &motions(fixes), &stays(fixes, &thresholds, RULE), RULE);
    let nights = nights(&settled, &NightWork::default(), &thresholds, RULE, &|_, _| 30.0);
    let likely = nights.likely().collect();
    let beds = BedEvidence {
        spots: &spots,
        nights: &likely,
        hours: NightHours::of(&thresholds),
        night_work: &NightWork::default(),
    };
    let sleep = Sleep {
        settled: &settled,
        spots: &spots,
        nights: &nights,
        beds,
        thresholds: &thresholds,
        rule: RULE,
    };
    (settled.stays().to_vec(), sleep.complete())
}

/// Ten days of a commuter whose phone shows four fixes a day and never the night.
fn commuter() -> Vec<Fix> {
    (0..10)
        .flat_map(|day| {
            let at = 24.0 * f64::from(day);
            [fix(at + 10.0, WORK), fix(at + 16.0, WORK), fix(at + 20.0, HOME), fix(at + 20.5, HOME)]
        })
        .collect()
}

#[test]
fn a_known_night_is_a_stay_from_the_last_fix_at_the_bed_to_the_morning() {
    let (before, after) = complete(&commuter());
    let night = after.iter().find(|stay| stay.departure > commuter()[3].instant).unwrap();
    assert_eq!(
        (night.arrival, night.departure),
        (commuter()[2].instant, RULE.instant(Day::parse("2026-03-03").unwrap(), 6.0))
    );
    assert_eq!((night.observed_minutes, night.inferred_minutes), (30.0, 570.0));
    let before: f32 = before.iter().map(|stay| minutes(stay.arrival, stay.departure)).sum();
    let after: f32 = after.iter().map(|stay| minutes(stay.arrival, stay.departure)).sum();
    assert!(after > before + 9.0 * 480.0);
}

#[test]
fn stays_never_overlap_and_reach_over_no_fix_elsewhere() {
    let mut fixes = commuter();
    // A walk in the night, and a late train.
    fixes.push(fix(23.0, WORK));
    fixes.push(fix(24.0 + 27.0, (20202, 4_000_000)));
    fixes.sort_by_key(|fix| fix.instant);
    let (_, after) = complete(&fixes);
    assert!(after.windows(2).all(|pair| pair[0].departure <= pair[1].arrival));
    for stay in &after {
        let inside = fixes.iter().filter(|f| f.instant > stay.arrival && f.instant < stay.departure);
        assert!(inside.clone().all(|f| f.municipality == stay.municipality), "{stay:?}");
        assert!(
            (stay.observed_minutes + stay.inferred_minutes - minutes(stay.arrival, stay.departure)).abs()
                < 0.1
        );
    }
}
