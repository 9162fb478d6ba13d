use std::path::Path;

use super::fixture::{CLASSES, Told, expected, nation};
use super::*;

fn code(text: &str) -> MunicipalityCode {
    MunicipalityCode::parse(text).unwrap()
}

fn tottori() -> Population {
    expected(&nation(Some(31)), Told::AgesAndSexes, Base::ResidentRegister, "総務省, \"made up\"")
}

fn read(text: &str) -> Result<Population, PopulationError> {
    file::parse(Path::new("population.csv"), text.as_bytes())
}

#[test]
fn the_census_that_ships_has_every_municipality() {
    let census = Population::census_2020();
    assert_eq!(census.municipalities().count(), 1_741);
    assert!(census.missing().is_empty() && census.bands().is_empty());
    assert_eq!(census.all(), 126_226_568);
    assert_eq!(census.people(code("07546")), Some(0), "双葉町");
    assert_eq!(census.people(code("01101")), None, "a ward counts in its city");
    assert_eq!((census.by_sex(code("01100")), census.by_age(code("01100"))), (None, None));
    assert_eq!(census.date().to_string(), "2020-10-01");
    let all: u64 =
        (1..=47).map(|number| census.prefecture(PrefectureCode::new(number).unwrap()).unwrap()).sum();
    assert_eq!(all, census.all());
    assert!(read(&String::from_utf8(census.to_csv()).unwrap()).unwrap() == census);
}

#[test]
fn what_is_written_is_read() {
    let population = tottori();
    let text = String::from_utf8(population.to_csv()).unwrap();
    assert!(read(&text).unwrap() == population);
    assert!(
        read(&format!("\u{feff}{}", text.replace('\n', "\r\n"))).unwrap() == population,
        "as Excel saves it"
    );
    let town = code("31201");
    let both = population.by_age_and_sex(town).unwrap();
    assert_eq!(both.len(), CLASSES);
    assert_eq!(both.iter().map(|one| one.people.all()).sum::<u64>(), population.people(town).unwrap());
    assert_eq!(population.by_sex(town).unwrap().all(), population.people(town).unwrap());
    assert_eq!(population.prefecture(PrefectureCode::new(31).unwrap()), Some(population.all()));
    assert_eq!(population.prefecture(PrefectureCode::new(1).unwrap()), None);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("population.csv");
    population.write(&path).unwrap();
    assert!(Population::read(&path).unwrap() == population);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let nowhere = population.write(&folder.path().join("no/population.csv")).unwrap_err().to_string();
    assert!(nowhere.contains("cannot write") && nowhere.contains("hint: "), "{nowhere}");
}

#[test]
fn a_file_that_was_changed_is_refused() {
    let text = String::from_utf8(tottori().to_csv()).unwrap();
    let first = text.lines().nth(1).unwrap();
    let with_first = |row: &str| text.replacen(first, row, 1);
    let people: u64 = first.split(',').nth(4).unwrap().parse().unwrap();
    for (what, changed, line, words) in [
        ("another header", text.replacen("people", "count", 1), 1, "another first line"),
        ("no rows", text.lines().next().unwrap().to_owned() + "\n", 2, "no row"),
        ("another total", with_first(&first.replace(&people.to_string(), "1")), 2, "other men and women"),
        ("no total", text.replacen(&format!("{first}\n"), "", 1), 2, "no row of all people"),
        (
            "no men",
            text.lines()
                .filter(|row| !row.starts_with("31201,male,,,"))
                .map(|row| format!("{row}\n"))
                .collect(),
            2,
            "men or women alone",
        ),
        (
            "no class",
            text.lines()
                .filter(|row| !row.starts_with("31201,male,0,4"))
                .map(|row| format!("{row}\n"))
                .collect(),
            2,
            "some ages of male",
        ),
        (
            "a class in none",
            text.lines().filter(|row| !row.contains(",0,4,")).map(|row| format!("{row}\n")).collect(),
            2,
            "ages with a gap",
        ),
        ("a ward", with_first(&first.replacen("31201", "01101", 1)), 2, "`01101`"),
        ("six digits", with_first(&first.replacen("31201", "312011", 1)), 2, "`312011`"),
        ("a sex", with_first(&first.replacen(",all,", ",both,", 1)), 2, "`both`"),
        ("an age", with_first(&first.replacen(",all,,,", ",all,9,5,", 1)), 2, "`9`"),
        ("a figure", with_first(&first.replacen(&format!(",,,{people},"), ",,,many,", 1)), 2, "`many`"),
        ("a base", with_first(&first.replacen("resident_register", "guess", 1)), 2, "`guess`"),
        ("a date", with_first(&first.replacen("2025-01-01", "2025-1-1", 1)), 2, "`2025-1-1`"),
        (
            "two dates",
            with_first(&first.replacen("2025-01-01", "2024-01-01", 1)),
            3,
            "the base, date and source of the first row",
        ),
        ("twice", with_first(&format!("{first}\n{first}")), 3, "a second row of `31201`"),
        ("columns", with_first("31201,all"), 2, "another row"),
    ] {
        let Err(error) = read(&changed) else { panic!("{what} was taken") };
        let error = error.to_string();
        assert!(error.contains(&format!("line {line}: ")), "{what}: {error}");
        assert!(error.contains(words) && error.contains("hint: "), "{what}: {error}");
    }
    let mut bytes = text.into_bytes();
    let end = bytes.len() - 3;
    bytes[end] = 0xff;
    assert!(file::parse(Path::new("population.csv"), &bytes).is_err());
}
