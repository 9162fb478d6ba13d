use super::*;

const MONDAY: Day = Day(20_000);

/// A day as it should be, with some figures changed.
fn figures(days: &[(i32, &[(&str, f64)])]) -> Figures {
    let usual = [
        (PINGS, 1000.0),
        (RECEIVED, 1000.0),
        (REJECTED, 10.0),
        (DELAY_MEAN, 600.0),
        (ACCURACY_MEDIAN, 12.0),
        (HOURS, 24.0),
        (REPEATED, 0.001),
    ];
    let measures = |changed: &[(&str, f64)]| -> Measures {
        usual.iter().chain(changed).map(|(name, value)| ((*name).to_owned(), *value)).collect()
    };
    days.iter().map(|(day, changed)| (("p".to_owned(), MONDAY.plus(*day)), measures(changed))).collect()
}

/// Warnings about a day after four usual ones, on the day after it.
fn about(changed: &[(&str, f64)]) -> Vec<(&'static str, f64, f64)> {
    let figures = figures(&[(0, &[]), (1, &[]), (2, &[]), (3, &[]), (4, changed)]);
    let warnings = warnings(&figures, MONDAY, MONDAY.plus(5));
    assert!(warnings.iter().all(|warning| warning.partner == "p" && warning.day == MONDAY.plus(4)));
    warnings.into_iter().map(|warning| (warning.measure, warning.value, warning.threshold)).collect()
}

#[test]
fn usual_days_give_no_warning() {
    assert!(about(&[]).is_empty());
}

#[test]
fn each_rule_finds_its_day_and_names_value_and_threshold() {
    assert_eq!(about(&[(REJECTED, 60.0)]), [(REJECTED, 0.06, 0.05)]);
    assert_eq!(about(&[(DELAY_MEAN, 90_000.0)]), [(DELAY_MEAN, 90_000.0, 86_400.0)]);
    assert_eq!(about(&[(ACCURACY_MEDIAN, 120.0)]), [(ACCURACY_MEDIAN, 120.0, 100.0)]);
    assert_eq!(about(&[(REPEATED, 0.2)]), [(REPEATED, 0.2, 0.05)]);
    assert_eq!(about(&[(SHARED, 1.0)]), [(SHARED, 1.0, 0.0)]);
    assert_eq!(about(&[(HOURS, 11.0)]), [(HOURS, 11.0, 12.0)]);
    assert_eq!(about(&[(PINGS, 499.0)]), [(PINGS, 499.0, 500.0)]);
    assert_eq!(about(&[(PINGS, 2001.0)]), [(PINGS, 2001.0, 2000.0)]);
}

#[test]
fn what_is_no_fault_is_no_part_of_the_rejected_share() {
    assert!(about(&[(REJECTED, 510.0), ("rejected:tombstone", 500.0)]).is_empty());
    let both = [(REJECTED, 510.0), ("rejected:tombstone", 200.0), ("rejected:sensitive_place", 300.0)];
    assert!(about(&both).is_empty());
    let share = about(&[(REJECTED, 600.0), ("rejected:tombstone", 500.0)]);
    assert_eq!(share, [(REJECTED, 0.2, 0.05)]);
}

#[test]
fn values_at_the_threshold_are_no_warning() {
    let at =
        [(REJECTED, 50.0), (DELAY_MEAN, 86_400.0), (ACCURACY_MEDIAN, 100.0), (HOURS, 12.0), (PINGS, 500.0)];
    assert!(about(&at).is_empty());
}

#[test]
fn a_day_that_is_not_over_may_be_short() {
    let figures = figures(&[(0, &[]), (1, &[]), (2, &[]), (3, &[(PINGS, 10.0), (HOURS, 2.0)])]);
    assert!(warnings(&figures, MONDAY, MONDAY.plus(3)).is_empty());
    assert_eq!(warnings(&figures, MONDAY, MONDAY.plus(4)).len(), 2);
}

#[test]
fn a_day_without_pings_between_others_is_named() {
    let figures = figures(&[(0, &[]), (1, &[]), (2, &[]), (4, &[])]);
    let warnings = warnings(&figures, MONDAY, MONDAY.plus(5));
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert_eq!((warnings[0].day, warnings[0].value), (MONDAY.plus(3), 0.0));
}

#[test]
fn a_silent_partner_is_named_on_the_second_day() {
    let figures = figures(&[(0, &[])]);
    assert!(warnings(&figures, MONDAY, MONDAY.plus(1)).is_empty());
    let warnings = warnings(&figures, MONDAY, MONDAY.plus(2));
    assert_eq!((warnings.len(), warnings[0].value, warnings[0].day), (1, 2.0, MONDAY));
}

#[test]
fn rejects_of_a_backfill_are_a_share_of_what_arrived_that_day() {
    // The backfill's fixes belong to a day of last month; its rejects to the day they arrived.
    let figures = Figures::from([(
        ("p".to_owned(), MONDAY),
        Measures::from([
            (RECEIVED.to_owned(), 1000.0),
            (RECORDS.to_owned(), 20.0),
            (REJECTED.to_owned(), 20.0),
        ]),
    )]);
    assert!(warnings(&figures, MONDAY, MONDAY).is_empty());
}
