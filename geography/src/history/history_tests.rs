use std::collections::BTreeSet;

use kayoi_schemas::time::Day;
use proptest::prelude::*;

use super::*;

fn code(text: &str) -> MunicipalityCode {
    MunicipalityCode::parse(text).unwrap()
}

fn date(text: &str) -> CodeDate {
    CodeDate::parse(text).unwrap()
}

fn japan() -> &'static CodeHistory {
    CodeHistory::japan()
}

/// A share of all of it, for a list of parts.
fn whole(text: &str) -> Vec<(MunicipalityCode, Share)> {
    vec![(code(text), Share::WHOLE)]
}

/// Made-up shares for every code that needs them, in either direction.
fn all_shares() -> Shares {
    let mut shares = Shares::default();
    for change in &japan().changes {
        for (one, direction) in
            direction::Direction::BOTH.iter().flat_map(|d| [(change.from, d), (change.to, d)])
        {
            let parts = japan().neighbours(one, change.date, *direction);
            if parts.len() > 1 {
                let weights: Vec<_> =
                    parts.iter().enumerate().map(|(at, &part)| (part, 1.0 + at as f64)).collect();
                shares.add(japan(), one, change.date, &weights).unwrap();
            }
        }
    }
    shares
}

/// Shares are told apart by their parts, which needs this.
#[test]
fn no_change_divides_and_merges_one_code_at_once() {
    for change in &japan().changes {
        for one in [change.from, change.to] {
            let sides =
                direction::Direction::BOTH.map(|side| japan().neighbours(one, change.date, side).len());
            assert!(sides[0] <= 1 || sides[1] <= 1, "{change}");
        }
    }
}

#[test]
fn the_constants_name_the_days_they_say() {
    assert_eq!(CodeDate::EARLIEST.to_string(), "2013-12-31");
    assert_eq!(CodeDate::COMPLETE_UNTIL.to_string(), "2026-09-01");
    assert!(japan().changes.iter().all(|change| change.date > CodeDate::EARLIEST));
    assert!(japan().changes.iter().all(|change| change.date <= CodeDate::COMPLETE_UNTIL));
}

#[test]
fn every_code_of_the_register_exists_today_under_its_name() {
    let today = CodeDate::COMPLETE_UNTIL;
    for one in Register::japan().all() {
        assert_eq!(japan().name(one.code, today), Some(one.name.as_str()));
    }
    let basic: Vec<_> =
        japan().codes(today).into_iter().filter(|&code| Register::japan().get(code).is_some()).collect();
    assert_eq!(basic.len(), 1_741);
}

#[test]
fn codes_count_as_in_official_tables() {
    // With wards in place of their 20 cities: 1,896 until 2023, 1,892 since; N03 adds 6 northern villages.
    for (on, wards_apart) in [("2018-04-01", 1_896), ("2023-12-31", 1_896), ("2024-01-01", 1_892)] {
        let codes = japan().codes(date(on));
        let city = |&code: &MunicipalityCode| Register::japan().basic(code);
        let cities: BTreeSet<_> = codes.iter().filter(|code| city(code) != **code).map(city).collect();
        assert_eq!((cities.len(), codes.len() - cities.len()), (20, wards_apart + 6), "{on}");
    }
}

/// Cities, towns and villages as the ministry of internal affairs counted them (総務省, 市町村数).
#[test]
fn cities_towns_and_villages_count_as_the_ministry_counted_them() {
    for (on, counts) in [
        ("2014-04-05", [790, 745, 183]),
        ("2016-10-09", [790, 745, 183]),
        ("2016-10-10", [791, 744, 183]),
        ("2018-10-01", [792, 743, 183]),
        ("2024-01-01", [792, 743, 183]),
    ] {
        let northern = code("01695")..=code("01700");
        let names = japan().codes(date(on)).into_iter().filter(|code| !northern.contains(code));
        let names: Vec<_> = names.map(|code| japan().name(code, date(on)).unwrap()).collect();
        let counted = ['市', '町', '村'].map(|last| names.iter().filter(|name| name.ends_with(last)).count());
        assert_eq!(counted, counts, "{on}");
    }
}

#[test]
fn every_row_of_the_tables_has_the_right_check_digit() {
    let golden = ["221317", "221325", "221333", "221341", "221350", "221368", "221376", "221384", "221392"];
    for text in golden.into_iter().chain(["221406", "402311", "282219"]) {
        assert_eq!(code(text).with_check_digit(), text);
    }
    let further = csv::Reader::from_reader(include_str!("../../data/further_codes.csv").as_bytes())
        .into_records()
        .map(|record| record.unwrap());
    let mut rows = 0;
    for record in further {
        assert_eq!(code(&record[0]).with_check_digit(), record[1]);
        rows += 1;
    }
    assert_eq!(rows, 171 + 6);
    for record in csv::Reader::from_reader(include_str!("../../data/code_changes.csv").as_bytes()).records() {
        let record = record.unwrap();
        for column in [2, 4] {
            assert_eq!(code(&record[column]).with_check_digit(), record[column]);
        }
        assert!(!record[7].is_empty(), "each row has a source");
    }
}

#[test]
fn a_ward_is_named_with_its_city() {
    for one in japan().codes(CodeDate::COMPLETE_UNTIL) {
        let city = Register::japan().basic(one);
        if city != one {
            let (ward, city) = (japan().name(one, CodeDate::COMPLETE_UNTIL), Register::japan().get(city));
            assert!(ward.unwrap().starts_with(&city.unwrap().name), "{one}");
        }
    }
}

#[test]
fn new_codes_mergers_and_names_take_effect_on_their_day() {
    for (old, new, day_before, day) in [
        ("03305", "03216", "2013-12-31", "2014-01-01"),
        ("09367", "09203", "2014-04-04", "2014-04-05"),
        ("04423", "04216", "2016-10-09", "2016-10-10"),
        ("40305", "40231", "2018-09-30", "2018-10-01"),
        ("22136", "22139", "2023-12-31", "2024-01-01"),
        ("22137", "22140", "2023-12-31", "2024-01-01"),
    ] {
        assert!(
            japan().exists(code(old), date(day_before)) && !japan().exists(code(old), date(day)),
            "{old}"
        );
        assert_eq!(japan().convert(code(old), date(day_before), date(day)), Ok(whole(new)), "{old}");
    }
    let tamba_sasayama =
        ["2019-04-30", "2019-05-01"].map(|on| japan().name(code("28221"), date(on)).unwrap());
    assert_eq!(tamba_sasayama, ["篠山市", "丹波篠山市"]);
    let unchanged = japan().convert(code("28221"), date("2019-04-30"), date("2019-05-01"));
    assert_eq!(unchanged, Ok(whole("28221")));
}

#[test]
fn what_is_converted_forward_exists_there() {
    let (from, to) = (CodeDate::EARLIEST, CodeDate::COMPLETE_UNTIL);
    for row in japan().table(from, to, &Shares::default()).unwrap() {
        assert!(japan().exists(row.from_code, from) && japan().exists(row.to_code, to), "{row:?}");
        assert_eq!(row.share.is_none(), row.from_code == code("22135"), "{row:?}");
        assert!(row.from_code == row.to_code || row.date.is_some(), "{row:?}");
    }
}

#[test]
fn hamamatsu_has_seven_wards_before_2024_and_three_after() {
    let wards = |on| {
        let codes = japan().codes(date(on)).into_iter();
        codes.filter(|&one| Register::japan().basic(one) == code("22130") && one != code("22130")).collect()
    };
    let (seven, three): (Vec<_>, Vec<_>) = (wards("2023-12-31"), wards("2024-01-01"));
    let numbers = |wards: &[MunicipalityCode]| wards.iter().map(|ward| ward.number()).collect::<Vec<_>>();
    assert_eq!(numbers(&seven), (22_131..=22_137).collect::<Vec<_>>());
    assert_eq!(numbers(&three), [22_138, 22_139, 22_140]);
    for central in ["22131", "22132", "22133", "22134"] {
        let parts = japan().convert(code(central), date("2023-12-31"), date("2024-01-01"));
        assert_eq!(parts, Ok(whole("22138")), "{central}");
    }
    // The city itself went through it unchanged.
    assert_eq!(japan().convert(code("22130"), date("2020-10-01"), date("2025-10-01")), Ok(whole("22130")));
    assert_eq!(japan().convert(code("22140"), date("2024-01-01"), date("2023-12-31")), Ok(whole("22137")));
}

#[test]
fn a_division_without_official_shares_asks_for_them() {
    let (before, after) = (date("2023-12-31"), date("2024-01-01"));
    let error = japan().convert(code("22135"), before, after).unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot convert `22135` over `2024-01-01`: it was divided among `22138`, `22139`, and the shares \
         are not known\nhint: supply them, for example the residents of each part, as with \
         `--weight 22138=PEOPLE --weight 22139=PEOPLE`; or \
         roll the wards up to their city `22130`, whose code did not change"
    );
    let mut shares = Shares::default();
    shares.add(japan(), code("22135"), after, &[(code("22139"), 3.0), (code("22138"), 1.0)]).unwrap();
    let parts = japan().convert_with(code("22135"), before, after, &shares).unwrap();
    let values: Vec<_> = parts.iter().map(|(part, share)| (part.number(), share.value())).collect();
    assert_eq!(values, [(22_138, 0.25), (22_139, 0.75)]);
    // Shares of the way forward say nothing about the way back.
    assert!(japan().convert_with(code("22138"), after, before, &shares).is_err());
}

#[test]
fn going_back_over_a_merger_asks_for_shares() {
    let (before, after) = (date("2014-04-04"), date("2014-04-05"));
    let error = japan().convert(code("09203"), after, before).unwrap_err();
    assert!(matches!(&error, HistoryError::Merged { among, .. } if among == "`09203`, `09367`"), "{error:?}");
    assert!(error.to_string().contains("hint: bring the older figures to the later code date instead"));
    let mut shares = Shares::default();
    // Made-up numbers.
    let residents = [(code("09367"), 18_000.0), (code("09203"), 142_000.0)];
    shares.add(japan(), code("09203"), after, &residents).unwrap();
    let parts = japan().convert_with(code("09203"), after, before, &shares).unwrap();
    assert_eq!(parts.iter().map(|(part, _)| part.number()).collect::<Vec<_>>(), [9_203, 9_367]);
    assert_eq!(parts[1].1.value(), 0.1125);
    // Forward, the city stays itself without any share.
    assert_eq!(japan().convert(code("09203"), before, after), Ok(whole("09203")));
}

#[test]
fn shares_for_other_parts_or_of_no_weight_are_errors() {
    let mut shares = Shares::default();
    let new_year = date("2024-01-01");
    let mut add = |of: &str, on, weights: &[(&str, f64)]| {
        let weights: Vec<_> = weights.iter().map(|&(part, weight)| (code(part), weight)).collect();
        shares.add(japan(), code(of), on, &weights).unwrap_err()
    };
    let error = add("22135", new_year, &[("22138", 1.0), ("22140", 1.0)]);
    assert!(
        error.to_string().contains("are given for `22138`, `22140`; expected `22138`, `22139`"),
        "{error}"
    );
    for weights in [&[("22138", 1.0)][..], &[("22138", 1.0), ("22138", 1.0), ("22139", 1.0)], &[]] {
        assert!(matches!(add("22135", new_year, weights), HistoryError::WrongParts { .. }));
    }
    let error = add("20361", new_year, &[("20361", 1.0)]);
    assert!(error.to_string().contains("expected none: it is not divided"), "{error}");
    assert!(matches!(add("22135", date("2023-12-31"), &[]), HistoryError::WrongParts { .. }));
    for wrong in [[-1.0, 2.0], [0.0, 0.0], [f64::NAN, 1.0], [f64::INFINITY, 1.0], [f64::MAX, f64::MAX]] {
        let error = add("22135", new_year, &[("22138", wrong[0]), ("22139", wrong[1])]);
        assert!(matches!(error, HistoryError::WrongWeight { .. }), "{wrong:?}");
    }
}

#[test]
fn unknown_codes_and_early_dates_are_clear_errors() {
    let error = japan().convert(code("40305"), date("2018-10-01"), date("2024-01-01")).unwrap_err();
    assert!(error.to_string().starts_with(
        "municipality code `40305` was not in use on `2018-10-01`: it was given up on `2018-10-01`\nhint: "
    ));
    let error = japan().convert(code("40231"), date("2018-09-30"), date("2024-01-01")).unwrap_err();
    assert!(error.to_string().contains("it came into use on `2018-10-01`"));
    for never in ["20999", "13100", "22202"] {
        let today = CodeDate::COMPLETE_UNTIL;
        let error = japan().convert(code(never), today, today).unwrap_err();
        assert!(error.to_string().contains("it has not been in use since `2013-12-31`"), "{never}");
    }
    let early = date("2013-12-30");
    assert!(!japan().exists(code("20361"), early));
    let both_ways = [(early, CodeDate::EARLIEST), (CodeDate::EARLIEST, early)];
    for (from, to) in both_ways {
        let error = japan().convert(code("20361"), from, to).unwrap_err();
        assert_eq!(error, HistoryError::TooEarly { date: early });
        assert!(japan().table(from, to, &Shares::default()).is_err());
    }
}

#[test]
fn land_of_no_municipality_keeps_its_code() {
    let parts = japan().convert(code("12000"), date("2015-01-01"), date("2025-01-01"));
    assert_eq!(parts, Ok(whole("12000")));
    assert!(!japan().codes(CodeDate::EARLIEST).contains(&code("12000")));
}

#[test]
fn changes_between_two_dates_print_for_people() {
    let lines =
        |one, other| japan().changes(date(one), date(other)).map(ToString::to_string).collect::<Vec<_>>();
    let expected = [
        "2016-10-10 市制施行: 富谷町 (04423) → 富谷市 (04216)",
        "2018-10-01 市制施行: 那珂川町 (40305) → 那珂川市 (40231)",
        "2019-05-01 名称変更: 篠山市 (28221) → 丹波篠山市 (28221)",
    ];
    assert_eq!(lines("2016-10-09", "2019-05-01"), expected);
    assert_eq!(lines("2019-05-01", "2016-10-09"), expected);
    assert_eq!(lines("2019-05-01", "2023-12-31"), [""; 0]);
    let redrawn = lines("2023-12-31", "2024-01-01");
    assert_eq!(redrawn.len(), 8);
    assert_eq!(redrawn[4], "2024-01-01 区の再編: 浜松市北区 (22135) → 浜松市中央区 (22138) in part");
}

#[test]
fn a_table_that_contradicts_itself_gives_no_half_history() {
    let good = include_str!("../../data/code_changes.csv");
    let further = include_str!("../../data/further_codes.csv");
    let read = |changes: &str| table::history(Register::japan(), further, changes);
    assert!(read(good).is_some());
    for (right, wrong) in [
        ("033057", "033056"),             // check digit
        ("city_status", "abolished"),     // kind
        ("2016-10-10", "2016-10-32"),     // date
        ("丹波篠山市,1", "丹波篠山市,2"), // share
        ("富谷市", "富谷町市"),           // not today's name
        ("221384", "221007"),             // 静岡市 is in use, and its name differs
    ] {
        assert!(good.contains(right));
        assert!(read(&good.replace(right, wrong)).is_none(), "{wrong}");
    }
}

proptest! {
    /// Whatever the dates, nobody is lost and nobody counted twice.
    #[test]
    fn shares_of_one_code_sum_to_one(days in prop::array::uniform2(16_070..21_000_i32)) {
        let (from, to) = (CodeDate(Day(days[0])), CodeDate(Day(days[1])));
        let rows = japan().table(from, to, &all_shares()).unwrap();
        let mut sums: BTreeMap<MunicipalityCode, f64> = BTreeMap::new();
        for row in &rows {
            *sums.entry(row.from_code).or_default() += row.share.unwrap().value();
            prop_assert!(japan().exists(row.to_code, to));
        }
        prop_assert_eq!(sums.len(), japan().codes(from).len());
        prop_assert!(sums.values().all(|sum| (sum - 1.0).abs() < 1e-12));
        // Each code of the other date is reached: no part of the country is left out.
        let reached: BTreeSet<_> = rows.iter().map(|row| row.to_code).collect();
        prop_assert_eq!(reached.len(), japan().codes(to).len());
    }

    /// The same date changes nothing, and two steps forward equal one.
    #[test]
    fn conversion_is_identity_on_a_date_and_composes(mut days in prop::array::uniform3(16_070..21_000_i32)) {
        days.sort_unstable();
        let [a, b, c] = days.map(|day| CodeDate(Day(day)));
        let shares = all_shares();
        for one in japan().codes(a) {
            prop_assert_eq!(japan().convert(one, a, a), Ok(vec![(one, Share::WHOLE)]));
            let direct = japan().convert_with(one, a, c, &shares).unwrap();
            let mut steps: BTreeMap<MunicipalityCode, f64> = BTreeMap::new();
            for (part, share) in japan().convert_with(one, a, b, &shares).unwrap() {
                for (last, rest) in japan().convert_with(part, b, c, &shares).unwrap() {
                    *steps.entry(last).or_default() += share.value() * rest.value();
                }
            }
            let direct = direct.into_iter().map(|(part, share)| (part, share.value()));
            prop_assert_eq!(steps, direct.collect::<BTreeMap<_, _>>());
        }
    }
}
