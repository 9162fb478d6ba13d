use kayoi_harness::repository;

use super::*;

fn read(words: &[&str]) -> Options {
    Options::read(words.iter().map(|word| (*word).to_owned()).collect(), &OPTIONS, &[]).unwrap()
}

#[test]
fn both_books_show_what_the_task_prints() {
    let demand = demand(&read(&[])).unwrap();
    let tables = [1.0, demand.devices_millions].map(|parts| amounts("", &demand, parts));
    for (language, unknown) in [("en", "not measured"), ("ja", "未計測")] {
        let page = repository::read(&format!("docs/{language}/src/plan.md"));
        for row in tables.iter().flat_map(|table| table.lines().skip(2)) {
            let (_, cells) = row.trim_start_matches("| ").split_once(" | ").unwrap();
            let cells = cells.replace("not measured", unknown);
            assert!(page.contains(&cells), "the page in `{language}` lacks `{cells}`");
        }
    }
}

#[test]
fn the_usage_names_every_option_with_its_default() {
    let usage = include_str!("../usage/plan.txt");
    for option in OPTIONS {
        assert!(usage.contains(&format!("--{option} ")), "`--{option}`");
    }
    let nation = demand(&read(&[])).unwrap();
    for default in [nation.devices_millions, nation.pings_per_day_millions, nation.keep_pings_days] {
        assert!(usage.contains(&format!("(default {default})")), "{default}");
    }
}

#[test]
fn without_a_price_there_is_no_cost_and_one_price_is_enough() {
    assert!(Prices::read(&read(&["--currency", "JPY"])).unwrap().is_none());
    let prices = Prices::read(&read(&["--core-hour-price", "2.5"])).unwrap().unwrap();
    let stage = Stage { reserved_core_hours: 4.0, gb_months: Some(100.0), ..Stage::default() };
    assert_eq!(prices.of(&stage), 10.0);
}

#[test]
fn requests_are_paid_by_the_thousand_and_the_million() {
    let options = ["--put-thousand-price", "3", "--get-million-price", "5", "--gb-month-price", "7"];
    let prices = Prices::read(&read(&options)).unwrap().unwrap();
    let stage =
        Stage { gb_months: Some(2.0), puts: Some(4_000.0), gets: Some(6_000_000.0), ..Stage::default() };
    assert_eq!(prices.of(&stage), 2.0 * 7.0 + 4.0 * 3.0 + 6.0 * 5.0);
}

#[test]
fn a_number_that_is_not_allowed_is_refused() {
    for wrong in [["--devices-millions", "0"], ["--months", "0"], ["--keep-pings-days", "NaN"]] {
        assert!(demand(&read(&wrong)).is_err(), "{wrong:?}");
    }
    assert!(Prices::read(&read(&["--gb-month-price", "-1"])).is_err());
}

#[test]
fn numbers_have_three_digits_or_more_and_commas() {
    let shown = [0.0479, 12.23, 99.97, 100.4, 1_234_567.8].map(number);
    assert_eq!(shown, ["0.05", "12.2", "100.0", "100", "1,234,568"]);
}
