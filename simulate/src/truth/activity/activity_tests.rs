//! Every class of every measure, from hand-made lives.

use super::rows::Row;
use super::story::{Story, code, day, figure, home, place, said};
use crate::land::Spot;
use crate::people::Persona;

/// Clock hours and values of a measure of presence, in the order of rows.
fn hours(rows: &[Row], measure: &str, town: Spot, day_type: &str, group: &str) -> Vec<(i32, f64)> {
    let is_meant = |row: &&Row| {
        row.measure == measure
            && row.municipality == code(town)
            && row.day_type == day_type
            && row.group == group
    };
    rows.iter().filter(is_meant).map(|row| (row.hour, row.value)).collect()
}

#[test]
fn a_day_trip_is_one_person_with_hours_and_home_before_and_after() {
    let there = place(7, 8, 0.0);
    let story = Story::default().outing("2026-03-10", &[(10.0, 13.0, there)]);
    assert_eq!(story.figure("pattern", there), said(&[("day_trip", 1.0)]));
    assert_eq!(story.figure("hours", there), said(&[("2_4h", 1.0)]));
    assert_eq!(story.figure("before", there), said(&[(&code(home()), 1.0)]));
    assert_eq!(story.figure("after", there), said(&[(&code(home()), 1.0)]));
    assert_eq!(story.figure("trip_size", there), said(&[("1", 1.0)]));
    for none in ["nights", "person_nights", "lodging", "pair"] {
        assert_eq!(story.figure(none, there), said(&[]), "{none}");
    }
    let groups: Vec<&str> =
        story.rows("2026-03").iter().filter(|row| row.measure == "pattern").map(|row| row.group).collect();
    assert_eq!(groups, ["outside", "all"]);
    assert!(story.rows("2026-02").iter().all(|row| row.measure.starts_with("presence")));
}

#[test]
fn day_trips_are_split_evenly_over_their_hours() {
    let there = place(4, 8, 0.0);
    let story = Story::default()
        .outing("2026-03-03", &[(10.0, 11.0, there)])
        .outing("2026-03-05", &[(10.0, 12.0, there)])
        .outing("2026-03-07", &[(10.0, 15.0, there)])
        .outing("2026-03-08", &[(10.0, 18.0, there)]);
    assert_eq!(story.figure("pattern", there), said(&[("day_trip", 1.0)]));
    assert_eq!(
        story.figure("hours", there),
        said(&[("2_4h", 0.25), ("4_6h", 0.25), ("6h_plus", 0.25), ("under_2h", 0.25)])
    );
    // Two days in a row with a night at home between are two trips.
    assert_eq!(story.figure("trip_size", there), said(&[("1", 1.0)]));
    let groups = story.rows("2026-03");
    assert!(groups.iter().any(|row| row.measure == "pattern" && row.group == "inside"));
}

#[test]
fn nights_are_classed_by_visit_and_capped_by_person() {
    let there = place(7, 8, 0.0);
    let story = Story::default()
        .stay("2026-03-01", 1, there)
        .stay("2026-03-03", 2, there)
        .stay("2026-03-06", 3, there)
        .stay("2026-03-10", 5, there)
        .stay("2026-03-16", 10, there);
    assert_eq!(story.figure("pattern", there), said(&[("overnight_here", 1.0)]));
    assert_eq!(
        story.figure("nights", there),
        said(&[("1", 0.2), ("2", 0.2), ("3", 0.2), ("4_6", 0.2), ("7_plus", 0.2)])
    );
    assert_eq!(story.figure("person_nights", there), said(&[("", 21.0)]));
    assert_eq!(story.figure("person_nights_capped", there), said(&[("", 20.0)]));
    assert_eq!(story.figure("lodging", there), said(&[(&code(there), 1.0)]));
    assert_eq!(story.figure("hours", there), said(&[]), "of day trips only");
}

/// Lunch in the first town, a night in the second and one in the third, lunch in the fourth.
fn tour() -> (Story, [Spot; 4]) {
    let towns = [place(7, 8, 0.0), place(7, 2, 0.0), place(1, 1, 0.0), place(9, 9, 0.0)];
    let [a, b, c, d] = towns;
    let story = Story::default()
        .on("2026-03-10", &[(4.0, 9.0, home()), (12.0, 15.0, a), (18.0, 28.0, b)])
        .on("2026-03-11", &[(4.0, 10.0, b), (13.0, 28.0, c)])
        .on("2026-03-12", &[(4.0, 9.0, c), (12.0, 15.0, d), (20.0, 28.0, home())]);
    (story, towns)
}

#[test]
fn a_tour_sleeps_here_and_elsewhere() {
    let (story, [a, b, c, d]) = tour();
    assert_eq!(story.figure("pattern", a), said(&[("overnight_elsewhere", 1.0)]));
    assert_eq!(story.figure("pattern", b), said(&[("both", 1.0)]));
    assert_eq!(story.figure("pattern", c), said(&[("both", 1.0)]));
    assert_eq!(story.figure("pattern", d), said(&[("overnight_elsewhere", 1.0)]));
    assert_eq!(story.figure("nights", b), said(&[("1", 1.0)]));
    assert_eq!(story.figure("nights", a), said(&[]));
}

#[test]
fn a_tour_is_one_trip_of_four_towns_with_two_beds() {
    let (story, [a, b, c, d]) = tour();
    for town in [a, b, c, d] {
        assert_eq!(story.figure("trip_size", town), said(&[("4_plus", 1.0)]));
        assert_eq!(story.figure("lodging", town), said(&[(&code(c), 0.5), (&code(b), 0.5)]));
    }
    assert_eq!(story.figure("pair", a), said(&[(&code(c), 1.0), (&code(b), 1.0), (&code(d), 1.0)]));
    assert_eq!(story.figure("before", a), said(&[(&code(home()), 1.0)]));
    assert_eq!(story.figure("after", a), said(&[(&code(b), 1.0)]));
    assert_eq!(story.figure("before", b), said(&[(&code(a), 1.0)]));
    assert_eq!(story.figure("after", c), said(&[(&code(d), 1.0)]));
    assert_eq!(story.figure("after", d), said(&[(&code(home()), 1.0)]));
}

#[test]
fn trips_of_one_two_and_three_towns_split_their_visitor() {
    let (a, b, c) = (place(7, 8, 0.0), place(7, 6, 0.0), place(7, 4, 0.0));
    let story = Story::default()
        .outing("2026-03-03", &[(9.0, 12.0, a)])
        .outing("2026-03-05", &[(9.0, 12.0, a), (13.0, 15.0, b)])
        .outing("2026-03-07", &[(9.0, 12.0, a), (13.0, 15.0, b), (16.0, 18.0, c)]);
    let third = 0.333_333;
    assert_eq!(story.figure("trip_size", a), said(&[("1", third), ("2", third), ("3", third)]));
    assert_eq!(story.figure("trip_size", b), said(&[("2", 0.5), ("3", 0.5)]));
    assert_eq!(story.figure("pair", a), said(&[(&code(c), third), (&code(b), 0.666_667)]));
}

#[test]
fn stops_of_less_than_half_an_hour_are_no_place_before_a_visit() {
    let (a, b) = (place(7, 8, 0.0), place(7, 6, 0.0));
    let story = Story::default().outing("2026-03-03", &[(9.0, 9.4, b), (10.0, 12.0, a), (13.0, 13.6, b)]);
    assert_eq!(story.figure("before", a), said(&[(&code(home()), 1.0)]));
    assert_eq!(story.figure("after", a), said(&[(&code(b), 1.0)]));
}

#[test]
fn a_visit_belongs_to_the_month_of_its_last_day() {
    let there = place(7, 8, 0.0);
    let story = Story::default().stay("2026-03-30", 2, there);
    assert_eq!(story.figure("pattern", there), said(&[]));
    let april = story.rows("2026-04");
    assert_eq!(figure(&april, "pattern", &code(there)), said(&[("overnight_here", 1.0)]));
    assert_eq!(figure(&april, "person_nights", &code(there)), said(&[("", 2.0)]));
}

#[test]
fn a_workplace_a_residence_and_a_hospital_are_not_visited() {
    let there = place(7, 8, 0.0);
    let at_work = Story { work: Some(there), ..Story::default() };
    assert_eq!(at_work.outing("2026-03-10", &[(9.0, 18.0, there)]).figure("pattern", there), said(&[]));
    let hospital = Story::default().stay("2026-02-10", 35, there);
    assert_eq!(hospital.figure("pattern", there), said(&[]));
    // Short stays all year make a second residence.
    let mut second = Story::default();
    for month in (4..=12).map(|m| format!("2025-{m:02}")).chain((1..=3).map(|m| format!("2026-{m:02}"))) {
        second = second.stay(&format!("{month}-05"), 3, there);
    }
    assert_eq!(second.figure("pattern", there), said(&[]));
    assert!(!second.outing("2026-03-20", &[(9.0, 12.0, home())]).rows("2026-03").is_empty());
}

#[test]
fn presence_is_a_mean_over_the_days_of_its_type() {
    let there = place(4, 8, 0.0);
    let story = Story::default()
        .outing("2026-03-10", &[(10.0, 13.0, there)])
        .outing("2026-03-20", &[(10.0, 10.75, there)]);
    let rows = story.rows("2026-03");
    // 20 March is a holiday: 21 working days are left, and 10 days off.
    let weekday = |hour| (hour, 1.0 / 21.0);
    assert_eq!(hours(&rows, "presence_30", there, "weekday", "inside"), [10, 11, 12].map(weekday));
    assert_eq!(hours(&rows, "presence_120", there, "weekday", "all"), [10, 11, 12].map(weekday));
    assert_eq!(hours(&rows, "presence_30", there, "holiday", "inside"), [(10, 0.1)]);
    assert_eq!(hours(&rows, "presence_120", there, "holiday", "inside"), []);
    assert_eq!(hours(&rows, "presence_30", there, "all", "all")[0], (10, 2.0 / 31.0));
    let at_home = hours(&rows, "presence_120", home(), "weekday", "resident");
    assert_eq!(at_home[3], (3, 1.0));
    assert_eq!(at_home[9], (9, 20.0 / 21.0), "under way at half past nine");
    assert_eq!(at_home[13], (13, 1.0), "back at half past one");
}

#[test]
fn ways_within_a_town_do_not_break_a_time_there_and_ways_elsewhere_do() {
    let (one, other) = (place(7, 8, 0.0), place(7, 8, 0.05));
    let within = Story::default().outing("2026-03-10", &[(10.4, 10.6, one), (10.7, 10.95, other)]);
    let present = |story: &Story, measure| hours(&story.rows("2026-03"), measure, one, "weekday", "all");
    assert_eq!(present(&within, "presence_30"), [(10, 1.0 / 21.0)]);
    assert_eq!(present(&within, "presence_120"), []);
    let elsewhere = place(7, 6, 0.0);
    let broken = [(10.4, 10.6, one), (11.2, 11.4, elsewhere), (12.4, 12.6, one)];
    assert_eq!(present(&Story::default().outing("2026-03-10", &broken), "presence_30"), []);
}

#[test]
fn hours_before_four_belong_to_the_day_before() {
    let there = place(7, 8, 0.0);
    let story = Story::default().stay("2026-03-29", 1, there);
    let rows = story.rows("2026-03");
    // From Sunday noon to Monday noon: the night is Sunday's.
    let weekday = hours(&rows, "presence_30", there, "weekday", "all");
    assert_eq!(weekday.iter().map(|(hour, _)| *hour).collect::<Vec<_>>(), [4, 5, 6, 7, 8, 9, 10, 11]);
    assert_eq!(hours(&rows, "presence_30", there, "holiday", "all").len(), 16);
}

#[test]
fn telework_counts_for_where_people_live_and_where_they_work() {
    let (work, errand) = (place(4, 5, 0.0), place(4, 4, 0.09));
    let telework = ["2026-03-10", "2026-03-12"].map(day).to_vec();
    let story = Story { work: Some(work), telework, rebounds: vec![errand], ..Story::default() }
        .outing("2026-03-09", &[(9.0, 18.0, work)])
        .outing("2026-03-11", &[(9.0, 18.0, work)])
        .outing("2026-03-12", &[(17.0, 18.0, errand)])
        .outing("2026-03-13", &[(9.0, 18.0, work)]);
    let rows = story.rows("2026-03");
    let saved = 2.0 * 2.0 * 1.3 * home().distance_km(&work);
    let rebound = 2.0 * 1.3 * home().distance_km(&errand);
    for (side, town) in [("residence", home()), ("workplace", work)] {
        let value = |measure: &str| figure(&rows, measure, &code(town)).into_iter().find(|(s, _)| s == side);
        let expected = |value: f64| Some((side.to_owned(), (value * 1e6).round() / 1e6));
        assert_eq!(value("commuters"), expected(1.0));
        assert_eq!(value("teleworkers"), expected(1.0));
        assert_eq!(value("telework_days"), expected(2.0));
        assert_eq!(value("work_days"), expected(3.0));
        assert_eq!(value("km_gross"), expected(saved));
        assert_eq!(value("rebound_km"), expected(rebound));
    }
    assert!(figure(&story.rows("2026-02"), "commuters", &code(work)).is_empty(), "no work in February");
}

#[test]
fn people_are_counted_by_how_many_municipalities_they_are_connected_to() {
    for (towns, class) in [(1, "1"), (2, "2"), (3, "3"), (5, "4_plus")] {
        let mut story = Story::default();
        for town in 0..towns {
            for month in ["2025-12", "2026-01", "2026-02"] {
                let date = format!("{month}-{:02}", 3 + 2 * town);
                story = story.outing(&date, &[(10.0, 13.0, place(8, town, 0.0))]);
            }
        }
        let rows = story.rows("2026-03");
        for area in ["24", "JP"] {
            assert_eq!(figure(&rows, "municipalities_per_person", area), said(&[(class, 1.0)]));
        }
    }
    assert!(Story::default().rows("2026-03").iter().all(|row| row.municipality != "JP"), "of none");
}

#[test]
fn visitors_from_abroad_are_in_no_sum() {
    let story = Story { persona: Some(Persona::FromAbroad), ..Story::default() };
    assert!(story.outing("2026-03-10", &[(10.0, 13.0, place(7, 8, 0.0))]).rows("2026-03").is_empty());
}
