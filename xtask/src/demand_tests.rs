use super::*;

const TOWN: Demand = Demand {
    devices_millions: 0.1,
    pings_per_day_millions: 1.0,
    months: 1,
    keep_pings_days: 400.0,
    ingest_cores: 1.0,
    serve_cores: 2.0,
};
const COUNTRY: Demand =
    Demand { devices_millions: 30.0, pings_per_day_millions: 1_000.0, months: 36, ..TOWN };

#[track_caller]
fn assert_near(found: Option<f64>, expected: f64) {
    let found = found.unwrap();
    assert!((found - expected).abs() <= expected * 1e-4, "{found} is not {expected}");
}

#[test]
fn a_month_of_a_town_is_what_a_hand_computes() {
    // A month has 30.4375 days, a day a million pings of 13.3 bytes: 13.3 MB, which one bucket holds.
    let [ingest, maintain, aggregate, _, serve] = TOWN.stages();
    assert_near(ingest.work_core_hours, 30.4375 / 0.83 / 3_600.0);
    assert_eq!((ingest.reserved_core_hours, serve.reserved_core_hours), (730.5, 1_461.0));
    assert_near(ingest.gb_months, 30.4375 * 0.0133);
    // A commit each 30 s: 2,880 a day, each with two files and 1.02 requests for the log.
    assert_near(ingest.puts, 30.4375 * 2_880.0 * 3.02);
    assert_near(ingest.gets, 30.4375 * 2_880.0 * 5.0);
    // Three weeks of copies. 5,760 files with one row group each; then one file of eight, twice; and 2,880 commits.
    assert_near(maintain.gb_months, 21.0 * 0.0133);
    assert_near(maintain.gets, 30.4375 * (5_760.0 * 2.0 + 9.0 + 9.0 + 2_880.0));
    assert_near(maintain.puts, 30.4375 * 3.0);
    assert_near(aggregate.work_core_hours, 30.4375 * 0.734 / 3_600.0);
    assert_near(aggregate.gb_months, 30.4375 * 0.1 * 55.0 / 1_000.0 * (1.0 + 7.0 / 30.4375));
    assert_near(aggregate.gets, 30.4375 * 9.0);
}

#[test]
fn twice_the_devices_and_their_pings_take_twice_the_work_and_room() {
    let twice = Demand {
        devices_millions: COUNTRY.devices_millions * 2.0,
        pings_per_day_millions: COUNTRY.pings_per_day_millions * 2.0,
        ..COUNTRY
    };
    // What a release takes does not go by devices, and nobody knows what readers take.
    for (once, twice) in COUNTRY.stages().into_iter().zip(twice.stages()).take(3) {
        assert_near(twice.work_core_hours, once.work_core_hours.unwrap() * 2.0);
        assert_near(twice.gb_months, once.gb_months.unwrap() * 2.0);
    }
    let [once, twice] = [COUNTRY, twice].map(|demand| demand.release());
    assert_eq!(twice.work_core_hours, once.work_core_hours);
}

#[test]
fn pings_that_are_kept_no_longer_are_neither_stored_nor_read() {
    let two_months = Demand { months: 2, keep_pings_days: 40.0, ..COUNTRY };
    assert_eq!(two_months.kept_day_months(), 30.4375 + 40.0);
    assert_eq!(COUNTRY.kept_day_months(), 30.4375 * 91.0 + 400.0 * 23.0);
}

#[test]
fn a_nation_has_the_buckets_that_operators_are_advised() {
    assert_eq!((TOWN.buckets(), COUNTRY.buckets()), (1.0, 128.0));
    assert_eq!(COUNTRY.merged_files(), 96.0);
    assert_eq!(COUNTRY.reads(128.0), 128.0 * 61.0);
}

#[test]
fn what_nobody_measured_has_no_number() {
    let serve = COUNTRY.serve();
    let amounts = [serve.work_core_hours, serve.gb_months, serve.puts, serve.gets];
    assert!(amounts.iter().all(Option::is_none));
}

#[test]
fn each_rate_says_where_it_is_from() {
    let kinds = ["measured: ", "derived: ", "default: ", "advised: ", "assumed"];
    for Rate(value, unit, from) in RATES {
        assert!(value > 0.0 && kinds.iter().any(|kind| from.starts_with(kind)), "{unit}: {from}");
    }
}
