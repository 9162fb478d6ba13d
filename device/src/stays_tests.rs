use kayoi_schemas::definition::Definition;
use kayoi_schemas::ids::{DeviceId, MunicipalityCode};
use kayoi_schemas::time::Day;
use kayoi_schemas::units::GridPoint;
use proptest::prelude::*;

use super::*;

const RULE: DayRule = DayRule::JAPAN;

fn thresholds() -> Thresholds {
    Definition::connected_2026().unwrap().thresholds
}

/// A fix at local `hour` of `date`, metres north of a point in 軽井沢町.
fn fix(date: &str, hour: f64, north_m: f64) -> Fix {
    Fix {
        device: DeviceId::from_hash(2),
        instant: RULE.instant(Day::parse(date).unwrap(), hour),
        point: GridPoint::from_degrees(36.3486 + north_m / (METRES_PER_E7 * E7), 138.597),
        accuracy_m: 20.0,
        attributes: kayoi_schemas::person::Attributes::default(),
        speed_m_s: None,
        municipality: MunicipalityCode::parse("20321").ok(),
    }
}

#[test]
fn a_stay_that_never_ends_is_emitted_with_the_last_fix_as_its_end() {
    let fixes: Vec<Fix> = (0..200).map(|n| fix("2026-03-02", f64::from(n), 0.0)).collect();
    let stays = stays(&fixes, &thresholds(), RULE);
    assert_eq!(stays.len(), 1);
    assert_eq!((stays[0].arrival, stays[0].departure), (fixes[0].instant, fixes[199].instant));
    assert_eq!(stays[0].observed_minutes, 199.0 * 60.0);
}

#[test]
fn a_first_fix_in_2007_and_the_next_in_2011_are_no_stay() {
    let fixes = [fix("2007-05-01", 12.0, 0.0), fix("2011-05-01", 12.0, 0.0)];
    assert_eq!(stays(&fixes, &thresholds(), RULE), []);
}

#[test]
fn a_silent_night_at_one_place_is_bridged_and_counted_as_inferred() {
    let night = [fix("2026-03-02", 21.0, 0.0), fix("2026-03-03", 7.5, 10.0)];
    let bridged = stays(&night, &thresholds(), RULE);
    assert_eq!(bridged.len(), 1);
    assert_eq!((bridged[0].observed_minutes, bridged[0].inferred_minutes), (0.0, 630.0));
    // The same gap by day is not bridged, and neither is a night between two places.
    let day = [fix("2026-03-02", 8.5, 0.0), fix("2026-03-02", 19.0, 0.0)];
    assert_eq!(stays(&day, &thresholds(), RULE), []);
    let elsewhere = [fix("2026-03-02", 21.0, 0.0), fix("2026-03-03", 7.5, 5000.0)];
    assert_eq!(stays(&elsewhere, &thresholds(), RULE), []);
}

#[test]
fn a_jump_there_and_back_does_not_end_a_stay() {
    let mut fixes: Vec<Fix> = (0..12).map(|n| fix("2026-03-02", 10.0 + f64::from(n) / 6.0, 0.0)).collect();
    fixes[5] = fix("2026-03-02", 10.0 + 5.0 / 6.0, 900.0);
    let found = stays(&fixes, &thresholds(), RULE);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].ping_count, 11);
    // Leaving for good does.
    for late in fixes.iter_mut().skip(6) {
        *late =
            Fix { point: GridPoint { latitude_e7: late.point.latitude_e7 + 200_000, ..late.point }, ..*late };
    }
    assert_eq!(stays(&fixes, &thresholds(), RULE).len(), 2);
}

#[test]
fn night_windows_are_touched_from_both_sides() {
    let limits = StayLimits::of(&thresholds(), RULE);
    let at = |date: &str, hour: f64| RULE.instant(Day::parse(date).unwrap(), hour);
    assert!(limits.touches_night(at("2026-03-02", 21.0), at("2026-03-02", 22.5)));
    assert!(limits.touches_night(at("2026-03-02", 7.9), at("2026-03-02", 12.0)));
    assert!(limits.touches_night(at("2026-03-02", 23.0), at("2026-03-03", 2.0)));
    assert!(!limits.touches_night(at("2026-03-02", 8.1), at("2026-03-02", 21.9)));
}

/// The definition, word by word: of a list of members, the centre is summed anew at every step.
fn oracle(fixes: &[Fix]) -> Vec<(UtcMillis, UtcMillis, u32)> {
    let t = thresholds();
    let limits = StayLimits::of(&t, RULE);
    let near = |members: &[&Fix], fix: &Fix| {
        let sum = |of: &dyn Fn(&Fix) -> f64| members.iter().map(|m| weight(m) * of(m)).sum::<f64>();
        let total = sum(&|_| 1.0);
        let (north, east) = (sum(&|m| m.point.latitude()) / total, sum(&|m| m.point.longitude()) / total);
        let squeeze = members[0].point.latitude().to_radians().cos();
        let metres = METRES_PER_E7 * E7;
        ((fix.point.latitude() - north) * metres).hypot((fix.point.longitude() - east) * metres * squeeze)
            <= t.stay_radius_m.get()
    };
    let bridged = |from: UtcMillis, to: UtcMillis| {
        let minutes = (to.0 - from.0) as f64 / MINUTE_MS as f64;
        minutes <= t.stay_gap_day_minutes.get()
            || minutes <= t.stay_gap_night_minutes.get() && limits.touches_night(from, to)
    };
    let (mut groups, mut index) = (Vec::<Vec<&Fix>>::new(), 0);
    while index < fixes.len() {
        let fix = &fixes[index];
        match groups.last_mut().filter(|group| bridged(group[group.len() - 1].instant, fix.instant)) {
            Some(group) if near(group, fix) => group.push(fix),
            Some(group) => {
                let soon = group[group.len() - 1].instant.0 + JUMP_MINUTES * MINUTE_MS;
                let next = fixes[index + 1..].iter().take(JUMP_FIXES).take_while(|f| f.instant.0 <= soon);
                match next.clone().position(|f| near(group, f)) {
                    Some(skipped) => index += skipped,
                    None => groups.push(vec![fix]),
                }
            }
            None => groups.push(vec![fix]),
        }
        index += 1;
    }
    let ends = |group: &Vec<&Fix>| (group[0].instant, group[group.len() - 1].instant, group.len() as u32);
    groups.iter().map(ends).filter(|(from, to, _)| to > from).collect()
}

proptest! {
    #[test]
    fn one_pass_finds_what_the_definition_says_word_by_word(
        steps in prop::collection::vec((0.005f64..9.0, -450.0f64..450.0, 0u8..3, 5.0f32..90.0), 1..70)
    ) {
        let (mut hour, mut north) = (0.0, 0.0);
        let fixes: Vec<Fix> = steps
            .iter()
            .map(|(wait_hours, move_m, moves, accuracy_m)| {
                hour += if *moves == 2 { wait_hours / 20.0 } else { *wait_hours };
                north += if *moves == 0 { *move_m } else { move_m / 20.0 };
                Fix { accuracy_m: *accuracy_m, ..fix("2026-03-02", hour, north) }
            })
            .collect();
        let found: Vec<_> = stays(&fixes, &thresholds(), RULE)
            .iter()
            .map(|stay| (stay.arrival, stay.departure, stay.ping_count))
            .collect();
        prop_assert_eq!(found, oracle(&fixes));
    }

    #[test]
    fn stays_lie_within_the_fixes_do_not_overlap_and_account_for_their_time(
        steps in prop::collection::vec((0.01f64..20.0, -2000.0f64..2000.0, 0u8..4), 2..80)
    ) {
        let (mut hour, mut north) = (0.0, 0.0);
        let fixes: Vec<Fix> = steps
            .iter()
            .map(|(wait_hours, move_m, moves)| {
                hour += wait_hours;
                if *moves == 0 { north += move_m; }
                fix("2026-03-02", hour, north)
            })
            .collect();
        let t = thresholds();
        let found = stays(&fixes, &t, RULE);
        for stay in &found {
            prop_assert!(fixes.iter().any(|f| f.instant == stay.arrival) && fixes.iter().any(|f| f.instant == stay.departure));
            let minutes = (stay.departure.0 - stay.arrival.0) as f64 / MINUTE_MS as f64;
            prop_assert!((minutes - f64::from(stay.observed_minutes + stay.inferred_minutes)).abs() < 0.1 + minutes * 1e-5);
            // No gap longer than the definition allows is hidden in a stay.
            let inside: Vec<_> = fixes.iter().filter(|f| f.instant >= stay.arrival && f.instant <= stay.departure).collect();
            prop_assert!(inside.windows(2).all(|w| w[1].instant.0 - w[0].instant.0 <= t.stay_gap_night_minutes.milliseconds()));
        }
        prop_assert!(found.windows(2).all(|w| w[0].departure < w[1].arrival));
    }
}
