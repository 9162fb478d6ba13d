use kayoi_geography::{Geography, Register};
use kayoi_schemas::definition::Definition;
use kayoi_schemas::disclosure::Parameters;
use kayoi_schemas::figure::{Area, Atom, Class, CountedKind, Cube, Dimension, Rung, Status};
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::invariant::whole_holds_part;
use kayoi_schemas::tables::ReleaseTable;
use kayoi_schemas::time::{Day, Month};
use proptest::prelude::*;

use super::*;
use crate::draw::{Drawn, Edition, MonthCounts, MonthNoised, Secret, Seeds, draw};
use crate::options::ReleaseOptions;
use crate::people::People;
use crate::series::Series;
use crate::weights::{PrefectureWeights, Unweighted, Weigh};

const KARUIZAWA: u32 = 20321;
const ALL_DRAWS: [Drawn; 5] =
    [Drawn::Connected, Drawn::Totals, Drawn::Daily, Drawn::Monthly, Drawn::MonthlyDays];

fn march() -> Month {
    Month::parse("2026-03").unwrap()
}

fn options() -> ReleaseOptions {
    let definition = Definition::connected_2026().unwrap();
    ReleaseOptions::new(definition, &Geography::simplified().unwrap(), Series::Trial { seed: 1 })
}

fn code(number: u32) -> MunicipalityCode {
    MunicipalityCode::from_number(number).unwrap()
}

/// Counts of March: ties (town, origin, lower end of the class of days, rung, devices), counted for areas too.
fn counts(ties: &[(u32, u32, u16, Rung, u64)]) -> MonthCounts {
    let mut counts = MonthCounts::new(march(), &options().definition, Register::japan());
    for (town, origin, days, rung, devices) in ties {
        for (cube, area) in [
            (Cube::ConnectedMonthly, Area::Municipality(code(*town))),
            (Cube::ConnectedTotalsMonthly, Area::Prefecture(code(*town).prefecture())),
            (Cube::ConnectedTotalsMonthly, Area::Country),
        ] {
            let declared = cube.declaration().dimensions;
            let class = Class::ALL.with(declared, Dimension::VisitDays, *days).with(
                declared,
                Dimension::Rung,
                rung.value(),
            );
            let atom = Atom { period: march().0, area, origin: code(*origin), class };
            counts.add(cube, &atom, *devices).unwrap();
        }
    }
    counts
}

/// Adds visitors of a day, and counts them for the month.
fn visitors(counts: &mut MonthCounts, town: u32, origin: u32, day: Day, devices: u64) {
    let area = Area::Municipality(code(town));
    let atom = |period: i32, class| Atom { period, area, origin: code(origin), class };
    counts.add(Cube::VisitorsDaily, &atom(day.0, Class::ALL), devices).unwrap();
    let declared = Cube::VisitorsMonthly.declaration().dimensions;
    let class = Class::ALL.with(declared, Dimension::DayType, u16::from(!day.is_working_day()));
    counts.add(Cube::VisitorsMonthly, &atom(march().0, class), devices).unwrap();
    counts.add(Cube::VisitorDaysMonthly, &atom(march().0, class), devices).unwrap();
}

fn noised(counts: &MonthCounts, secret: u8) -> MonthNoised {
    let (secret, edition, digest) = (Secret::new([secret; 32]), Edition::Final(1), counts.digest());
    let seeds = Seeds::of(counts.month(), |of| {
        let is_own = of == counts.month();
        Ok::<_, ()>(if is_own { secret.seed(edition, of, &digest) } else { secret.seed_before(edition, of) })
    });
    draw(counts, &ALL_DRAWS, &seeds.unwrap(), &Parameters::STANDARD)
}

/// A row: the columns that are asked, as texts; an absent one is empty.
fn rows(
    noised: &MonthNoised,
    weights: &dyn Weigh,
    table: ReleaseTable,
    columns: &[&str],
) -> Vec<Vec<String>> {
    let options = options();
    let window = [noised];
    let mut found = Vec::new();
    let made = MonthRows::of_final(&window, &options, weights, 1).make(&mut |released| {
        if released.table() == table {
            let batch = released.batch();
            let formatter = arrow::util::display::FormatOptions::default();
            let columns: Vec<_> = columns
                .iter()
                .map(|name| batch.column_by_name(name).unwrap())
                .map(|column| arrow::util::display::ArrayFormatter::try_new(column, &formatter).unwrap())
                .collect();
            found.extend(
                (0..batch.num_rows())
                    .map(|row| columns.iter().map(|c| c.value(row).to_string()).collect::<Vec<_>>()),
            );
        }
        Ok(())
    });
    made.unwrap();
    found
}

const FIGURE: [&str; 7] =
    ["municipality_code", "kind", "origin_level", "origin_code", "persons", "status", "fewer_than"];

#[test]
fn every_municipality_has_a_row_for_each_kind_whether_anybody_was_there_or_not() {
    let somebody = noised(&counts(&[(KARUIZAWA, 13101, 3, Rung::Connected, 80)]), 1);
    let rows = rows(&somebody, &Unweighted, ReleaseTable::ConnectedMonthly, &FIGURE);
    let kinds = CountedKind::of_municipalities(&options().definition).len();
    assert_eq!(rows.iter().filter(|row| row[2] == "all").count(), 1741 * kinds);
    let words: Vec<&str> = Status::ALL.iter().map(|status| status.as_str()).collect();
    for row in &rows {
        assert!(words.contains(&row[5].as_str()), "{row:?}");
        assert_eq!(row[4].is_empty(), !["published", "provisional"].contains(&row[5].as_str()), "{row:?}");
        assert_ne!(row[4], "0", "{row:?}");
        assert_eq!(row[6].is_empty(), !row[4].is_empty(), "{row:?}");
    }
    let of = |kind: &str| rows.iter().find(|r| r[0] == "20321" && r[1] == kind && r[2] == "all").unwrap();
    for shown in ["visitor", "repeat", "connected", "days_3_7"] {
        assert_eq!(of(shown)[5], "published", "{shown}");
    }
    for hidden in ["dual_resident", "workation", "days_1"] {
        assert_ne!(of(hidden)[5], "published", "{hidden}");
    }
}

#[test]
fn a_hidden_origin_has_its_block_beside_it_and_a_hidden_town_the_rest_of_its_prefecture() {
    let mut ties = vec![(KARUIZAWA, 13101, 3, Rung::Connected, 300)];
    // Twelve devices from each prefecture of Kinki, and small towns in Nagano.
    ties.extend([25201, 26100, 27100, 28100, 29201, 30201].map(|o| (KARUIZAWA, o, 3, Rung::Connected, 12)));
    ties.extend((0..20).map(|n| (20201 + n, 13101, 1, Rung::OneOff, 15)));
    let noised = noised(&counts(&ties), 4);
    let columns = [
        "municipality_code",
        "kind",
        "origin_level",
        "origin_code",
        "status",
        "rolled_up_to",
        "rolled_up_persons",
    ];
    let rows = rows(&noised, &Unweighted, ReleaseTable::ConnectedMonthly, &columns);
    let find = |town: &str, kind: &str, origin: &str| {
        rows.iter().find(|r| r[0] == town && r[1] == kind && r[3] == origin).unwrap().clone()
    };
    let shiga = find("20321", "connected", "25");
    assert_eq!((shiga[4].as_str(), shiga[5].as_str()), ("rolled_up", "block_kinki"), "{shiga:?}");
    let kinki: f64 = shiga[6].parse().unwrap();
    assert!((kinki - 72.0).abs() < 40.0, "{kinki}");
    let hidden = rows
        .iter()
        .find(|r| r[0].starts_with("202") && r[1] == "visitor" && r[2] == "all" && r[4] == "rolled_up");
    assert_eq!(hidden.unwrap()[5], "rest_of_prefecture");
}

#[test]
fn a_day_on_which_a_prefecture_lacks_its_data_is_not_observed() {
    let mut counts = counts(&[]);
    let first = march().first_day();
    for town in Register::japan().all().iter().filter(|m| m.code.prefecture().number() == 20) {
        for day in 0..31 {
            // On the 17th, a Tuesday, one device in ten reports.
            let devices = if day == 16 { 40 } else { 400 };
            visitors(&mut counts, town.code.number(), 13101, first.plus(day), devices);
        }
    }
    let columns = ["date", "municipality_code", "origin_level", "status", "persons", "day_type"];
    let rows = rows(&noised(&counts, 2), &Unweighted, ReleaseTable::VisitorsDaily, &columns);
    assert!(!rows.is_empty());
    for row in rows.iter().filter(|row| row[2] == "all") {
        let wanted = if row[0] == "2026-03-17" { "not_observed" } else { "published" };
        assert_eq!(row[3], wanted, "{row:?}");
        let day = Day::parse(&row[0]).unwrap();
        assert_eq!(row[5], if day.is_working_day() { "weekday" } else { "holiday" });
    }
}

#[test]
fn the_mean_of_a_day_is_that_of_the_days_there_are() {
    let mut counts = counts(&[]);
    let first = march().first_day();
    (0..31).for_each(|day| visitors(&mut counts, KARUIZAWA, 13101, first.plus(day), 900));
    let columns = ["day_type", "origin_level", "days", "persons_per_day", "per_day_low", "per_day_high"];
    let rows = rows(&noised(&counts, 2), &Unweighted, ReleaseTable::VisitorsMonthly, &columns);
    let of =
        |day_type: &str| rows.iter().find(|r| r[0] == day_type && r[1] == "all" && !r[3].is_empty()).unwrap();
    for (day_type, days) in [("weekday", "21"), ("holiday", "10")] {
        let row = of(day_type);
        assert_eq!(row[2], days);
        let number = |at: usize| row[at].parse::<f64>().unwrap();
        assert!((number(3) - 900.0).abs() < 20.0 && number(4) <= 900.0 && number(5) >= 900.0, "{row:?}");
    }
}

/// Persons by place, kind and origin.
fn persons(rows: &[Vec<String>]) -> std::collections::BTreeMap<(&str, &str, &str), i64> {
    let shown = rows.iter().filter(|row| !row[4].is_empty());
    shown.map(|row| ((row[0].as_str(), row[1].as_str(), row[3].as_str()), row[4].parse().unwrap())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn what_contains_a_shown_figure_is_shown_and_never_smaller(
        ties in prop::collection::vec(
            (0_u32..6, prop::sample::select(vec![13101_u32, 20201, 27100, 28100]), prop::sample::select(vec![1_u16, 2, 3, 8, 24]), 0_u16..3, 1_u64..90),
            5..60,
        ),
        secret in any::<u8>(),
    ) {
        let ties: Vec<_> = ties.iter()
            .map(|(town, origin, days, rung, n)| (20201 + town, *origin, *days, Rung::from_value(*rung).unwrap(), *n))
            .collect();
        let noised = noised(&counts(&ties), secret);
        let mut residents = vec![1_000.0; 47];
        (residents[12], residents[26]) = (500.0, 2_000.0);
        let weights = PrefectureWeights::new(&residents, 15.0, &People::census_2020());
        let of_towns = rows(&noised, &weights, ReleaseTable::ConnectedMonthly, &FIGURE);
        let of_towns = persons(&of_towns);
        let columns = ["area_code", "kind", "area", "area_romaji", "persons", "person_municipalities"];
        let areas = rows(&noised, &weights, ReleaseTable::ConnectedTotalsMonthly, &columns);
        let of_areas: std::collections::BTreeMap<(&str, &str), i64> = areas.iter()
            .filter(|row| !row[4].is_empty())
            .map(|row| ((row[0].as_str(), row[1].as_str()), row[4].parse().unwrap()))
            .collect();
        let at_least = |whole: Option<&i64>, part: i64, what: &str| {
            let held = whole_holds_part(whole.copied(), Some(part));
            prop_assert!(held.is_ok(), "{what}: {held:?}");
            Ok(())
        };
        for ((town, kind, origin), value) in &of_towns {
            at_least(of_towns.get(&(town, kind, "all")), *value, "everybody")?;
            let wholes: &[&str] = match *kind { "visitor" => &[], "connected" => &["visitor", "repeat"], _ => &["visitor"] };
            for whole in wholes {
                at_least(of_towns.get(&(town, whole, origin)), *value, whole)?;
            }
            if ["27", "28"].contains(origin) {
                at_least(of_towns.get(&(town, kind, "block_kinki")), *value, "the block")?;
            }
            if *origin == "all" && !kind.starts_with("days") {
                at_least(of_areas.get(&("20", kind)), *value, "the prefecture")?;
            }
        }
        for ((area, kind), value) in &of_areas {
            at_least(of_areas.get(&("JP", kind)), *value, area)?;
        }
        for row in areas.iter().filter(|row| !row[5].is_empty()) {
            let (distinct, sum): (i64, i64) = (row[4].parse().unwrap(), row[5].parse().unwrap());
            prop_assert!(sum >= distinct, "{row:?}");
        }
    }
}
