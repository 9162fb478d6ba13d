use super::*;

/// A place `north_km` kilometres from a point of the map.
fn place(north_km: f64) -> (f64, f64) {
    (35.0 + north_km / crate::land::KM_PER_DEGREE, 137.0)
}

fn known(from_minute: i64, until_minute: i64, north_km: f64) -> TrueStay {
    let (latitude, longitude) = place(north_km);
    let (from_ms, until_ms) = (from_minute * MINUTE_MS, until_minute * MINUTE_MS);
    TrueStay { from_ms, until_ms, latitude, longitude }
}

fn seen(from_minute: i64, until_minute: i64, north_km: f64) -> SeenStay {
    let (from_ms, until_ms) = (from_minute * MINUTE_MS, until_minute * MINUTE_MS);
    SeenStay { from_ms, until_ms, centre: Some(place(north_km)) }
}

fn sums(truth: &[TrueStay], seen: &[SeenStay]) -> Sums {
    let mut sums = Sums::default();
    add(&mut sums, truth, seen);
    sums
}

#[test]
fn a_stay_seen_at_its_place_counts_the_minutes_they_share() {
    let sums = sums(&[known(0, 60, 0.0)], &[seen(30, 90, 0.3)]);
    assert_eq!(
        (sums.matched_ms, sums.truth_ms, sums.seen_ms),
        (30 * MINUTE_MS, 60 * MINUTE_MS, 60 * MINUTE_MS)
    );
    assert_eq!((sums.missed, sums.merged, sums.split), (0, 0, 0));
}

#[test]
fn one_seen_stay_over_two_spots_is_merged() {
    let truth = [known(0, 60, 0.0), known(70, 100, 0.4)];
    let over_both = sums(&truth, &[seen(0, 100, 0.2)]);
    assert_eq!((over_both.merged, over_both.missed, over_both.matched_ms), (1, 0, 90 * MINUTE_MS));
    // Out and back to the same spot is one place, not two.
    let same_spot = sums(&[known(0, 60, 0.0), known(70, 100, 0.0)], &[seen(0, 100, 0.0)]);
    assert_eq!((same_spot.merged, same_spot.matched_ms), (0, 90 * MINUTE_MS));
}

#[test]
fn one_true_stay_seen_as_two_is_split() {
    let sums = sums(&[known(0, 300, 0.0)], &[seen(0, 100, 0.1), seen(200, 300, 0.0)]);
    assert_eq!((sums.split, sums.merged, sums.missed), (1, 0, 0));
    assert_eq!(sums.matched_ms, 200 * MINUTE_MS);
}

#[test]
fn a_stay_seen_elsewhere_or_at_another_time_is_missed() {
    let truth = [known(0, 60, 0.0), known(100, 160, 0.0)];
    let sums = sums(&truth, &[seen(0, 60, 0.6), seen(60, 100, 0.0)]);
    assert_eq!((sums.missed, sums.matched_ms, sums.seen), (2, 0, 2));
    let nowhere = SeenStay { centre: None, ..seen(0, 60, 0.0) };
    assert!(!is_near(&truth[0], &nowhere));
}
