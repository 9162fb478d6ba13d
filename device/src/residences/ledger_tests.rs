use proptest::prelude::*;

use super::*;

const FIRST: Day = Day(20_000);
const PLACES: [char; 3] = ['a', 'b', 'c'];

/// Nights with a known place, or with probabilities of all three.
fn nights() -> impl Strategy<Value = Vec<Vec<(char, f64)>>> {
    let known = (0usize..3).prop_map(|place| vec![(PLACES[place], 1.0)]);
    let unknown = prop::array::uniform3(0.0f64..1.0).prop_map(|shares| {
        let sum = shares.iter().sum::<f64>().max(1.0);
        PLACES.into_iter().zip(shares).map(|(place, share)| (place, share / sum)).collect()
    });
    prop::collection::vec(prop_oneof![known, unknown], 0..60)
}

fn ledger(nights: &[Vec<(char, f64)>]) -> Ledger<char> {
    let known = nights.iter().map(|night| (night.len() == 1).then(|| night[0].0)).collect();
    Ledger::new(FIRST, known, nights.iter().cloned())
}

fn share(night: &[(char, f64)], place: char) -> f64 {
    night.iter().find(|(other, _)| *other == place).map_or(0.0, |(_, share)| *share)
}

/// Expected nights, added up one by one.
fn sum(nights: &[Vec<(char, f64)>], place: char) -> f64 {
    nights.iter().map(|night| share(night, place)).sum()
}

/// The range of nights between two numbers of days after the first, which may lie outside.
fn part(nights: &[Vec<(char, f64)>], from: i32, to: i32) -> &[Vec<(char, f64)>] {
    let at = |number: i32| number.clamp(0, nights.len() as i32) as usize;
    &nights[at(from)..at(to + 1).max(at(from))]
}

proptest! {
    #[test]
    fn nights_between_two_dates_are_their_sum(nights in nights(), from in -10i32..70, days in 0i32..70) {
        let ledger = ledger(&nights);
        for place in PLACES {
            let is_candidate = sum(&nights, place) >= LEAST_NIGHTS;
            prop_assert_eq!(ledger.places().any(|other| other == place), is_candidate);
            let found = ledger.nights(place, FIRST.plus(from), FIRST.plus(from + days));
            let expected = if is_candidate { sum(part(&nights, from, from + days), place) } else { 0.0 };
            prop_assert!((found - expected).abs() < 1e-3, "{place}: {found} {expected}");
        }
    }

    #[test]
    fn known_nights_between_two_dates_keep_their_dates(nights in nights(), from in -10i32..70, days in 0i32..70) {
        let (first, last) = (FIRST.plus(from), FIRST.plus(from + days));
        let found: Vec<(Day, char)> = ledger(&nights).known(first, last).collect();
        let dated = nights.iter().enumerate().map(|(number, night)| (FIRST.plus(number as i32), night));
        let expected: Vec<(Day, char)> = dated
            .filter(|(day, night)| (first..=last).contains(day) && night.len() == 1)
            .map(|(day, night)| (day, night[0].0))
            .collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn nights_after_return_are_the_least_that_any_date_of_moving_leaves(nights in nights(), last in 0i32..70) {
        let ledger = ledger(&nights);
        let seen = part(&nights, 0, last);
        for (a, b) in [('a', 'b'), ('b', 'a'), ('b', 'c')] {
            let is_candidate = |place| sum(&nights, place) >= LEAST_NIGHTS;
            // Moves from one to the other on a date: nights at the other before it, at the one after it.
            let wrong = |date: usize, from, to| sum(&seen[..date], to) + sum(&seen[date..], from);
            let either = |date: usize| wrong(date, a, b).min(wrong(date, b, a));
            let least = (0..=seen.len()).map(either).fold(f64::INFINITY, f64::min);
            let expected = if is_candidate(a) && is_candidate(b) { least } else { 0.0 };
            let found = ledger.nights_after_return(a, b, FIRST.plus(last));
            prop_assert!((found - expected).abs() < 1e-3, "{found} {expected}");
        }
    }
}

#[test]
fn moving_house_leaves_no_night_after_return_and_one_trip_leaves_its_nights() {
    let at = |moves: fn(usize) -> char| -> Ledger<char> {
        let nights: Vec<_> = (0..100).map(|n| vec![(moves(n), 1.0)]).collect();
        ledger(&nights)
    };
    let last = FIRST.plus(99);
    assert_eq!(at(|n| if n < 40 { 'a' } else { 'b' }).nights_after_return('a', 'b', last), 0.0);
    let trip = at(|n| if (40..47).contains(&n) { 'b' } else { 'a' });
    assert_eq!(trip.nights_after_return('a', 'b', last), 7.0);
    // Up to the day of the return it looks like moving.
    assert_eq!(trip.nights_after_return('a', 'b', FIRST.plus(46)), 0.0);
}

#[test]
fn the_first_day_of_a_ledger_of_no_nights_asks_for_nothing() {
    let ledger = ledger(&[]);
    assert_eq!((ledger.nights('a', FIRST, FIRST.plus(9)), ledger.places().count()), (0.0, 0));
    assert_eq!(Ledger::of(&Nights::default()).known(FIRST, FIRST.plus(9)).count(), 0);
}
