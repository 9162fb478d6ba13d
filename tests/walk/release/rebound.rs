//! The rebound of a whole nation: what was planted lies in the intervals that a release shows, and kilometres are lessened by
//! it.

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Float64Type, Int64Type};
use kayoi_geography::{Geography, Register};
use kayoi_release::draw::{Drawn, Edition, MonthCounts, Secret, Seeds, draw};
use kayoi_release::rows::{MonthRows, Released};
use kayoi_release::{ReleaseOptions, Series};
use kayoi_schemas::definition::Definition;
use kayoi_schemas::disclosure::Parameters;
use kayoi_schemas::figure::Cube;
use kayoi_schemas::tables::ReleaseTable;
use kayoi_schemas::time::Month;
use kayoi_simulate::{Detail, NATION_REBOUND, Nation};

use super::nation::Even;

/// Cubes that the rows of work are made of, and those that a month needs to have any.
const CUBES: [Cube; 7] = [
    Cube::ConnectedMonthly,
    Cube::VisitorsMonthly,
    Cube::CommutersMonthly,
    Cube::TeleworkersMonthly,
    Cube::SavedKmMonthly,
    Cube::WaysYearly,
    Cube::ReboundWaysYearly,
];

/// The rows of the March of a nation.
fn released() -> Vec<Released> {
    let month = Month::parse("2026-03").unwrap();
    let definition = Definition::connected_2026().unwrap();
    let geography = Geography::simplified().unwrap();
    let mut counts = MonthCounts::new(month, &definition, Register::japan());
    let cells = Nation::new(13, 0.03).month(month, Detail::Origins);
    for cube in CUBES {
        for (atom, value) in cells.of(cube) {
            counts.add(cube, atom, *value).unwrap();
        }
    }
    let (secret, edition, digest) = (Secret::of_trial(1), Edition::Final(1), counts.digest());
    let seeds = Seeds::of(month, |of| {
        Ok::<_, ()>(if of == month {
            secret.seed(edition, of, &digest)
        } else {
            secret.seed_before(edition, of)
        })
    });
    let classed = CUBES[2..].iter().map(|cube| Drawn::Classed(*cube));
    let wanted: Vec<Drawn> = [Drawn::Connected, Drawn::Monthly].into_iter().chain(classed).collect();
    let noised = draw(&counts, &wanted, &seeds.unwrap(), &Parameters::STANDARD);
    let options = ReleaseOptions::new(definition, &geography, Series::Trial { seed: 1 });
    let window = [&noised];
    let rows = MonthRows::of_final(&window, &options, &Even, 1);
    let mut batches = Vec::new();
    rows.make(&mut |released| {
        batches.push(released);
        Ok(())
    })
    .unwrap();
    batches
}

#[test]
fn the_rebound_of_a_nation_is_in_its_intervals_and_taken_off_the_kilometres() {
    let batches = released();
    let of_table = |table: ReleaseTable| {
        batches.iter().filter(move |released| released.table() == table).map(Released::batch)
    };
    let planted = 100.0 * NATION_REBOUND;
    let (mut shown, mut inside, mut rows, mut of_country) = (0, 0, 0, false);
    for batch in of_table(ReleaseTable::ReboundYearly) {
        let text = |name: &str| batch.column_by_name(name).unwrap().as_string::<i32>();
        let double = |name: &str| batch.column_by_name(name).unwrap().as_primitive::<Float64Type>();
        let (areas, bands, statuses) = (text("area_code"), text("distance_band"), text("status"));
        let percent = double("rebound_percent");
        let (low, high) = (double("rebound_percent_low"), double("rebound_percent_high"));
        for row in 0..batch.num_rows() {
            rows += 1;
            assert_eq!(percent.is_valid(row), statuses.value(row) == "published", "{}", areas.value(row));
            if percent.is_valid(row) {
                shown += 1;
                assert!(high.value(row) - low.value(row) <= 50.3, "a rebound that says nothing");
                inside += i32::from((low.value(row)..=high.value(row)).contains(&planted));
                of_country |= (areas.value(row), bands.value(row)) == ("JP", "all");
            }
        }
    }
    assert_eq!(rows, 11 * 6, "ten blocks and the country, five bands and all");
    assert!(of_country && shown >= 15, "{shown} rows are shown");
    // Intervals are wider than 95 % needs, since they know only bounds of how much devices differ.
    assert!(inside >= shown - 1, "{inside} of {shown}");

    let (mut net_of, mut all) = (0.0, 0.0);
    for batch in of_table(ReleaseTable::GxMonthly) {
        let long = |name: &str| batch.column_by_name(name).unwrap().as_primitive::<Int64Type>();
        let whose = batch.column_by_name("rebound_of").unwrap().as_string::<i32>();
        let (gross, net, car_net) = (long("km_gross"), long("km_net"), long("kg_co2_car_net"));
        for row in 0..batch.num_rows() {
            assert_eq!(gross.is_valid(row), net.is_valid(row));
            assert_eq!(gross.is_valid(row), whose.is_valid(row) && car_net.is_valid(row));
            if gross.is_valid(row) {
                assert!(whose.value(row).ends_with(" 2025年度"), "{}", whose.value(row));
                assert!(long("km_net_low").value(row) <= net.value(row));
                assert!(net.value(row) <= long("km_net_high").value(row));
                net_of += net.value(row) as f64;
                all += gross.value(row) as f64;
            }
        }
    }
    assert!(all > 0.0 && (net_of / all - (1.0 - NATION_REBOUND)).abs() < 0.1, "{net_of} of {all}");
}
