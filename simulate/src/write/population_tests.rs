use kayoi_geography::Geography;
use kayoi_geography::population::{Base, BySex, Population};

use super::*;
use crate::people::people as everybody;
use crate::toy::real_world;

#[test]
fn the_file_of_a_worlds_people_is_read_as_an_official_one_is() {
    let geography = Geography::simplified().unwrap();
    let world = World { days: 40, ..real_world(&[], 2_000) };
    let land = Land::new(&world, &geography).unwrap();
    let people = everybody(&world, &land).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("population.csv");
    write(&world, &land, &people, &path).unwrap();

    let population = Population::read(&path).unwrap();
    assert!(population.to_csv() == std::fs::read(&path).unwrap());
    assert_eq!((population.base(), population.date()), (Base::Census, world.last_day()));
    let bands: Vec<String> = population.bands().iter().map(ToString::to_string).collect();
    assert_eq!(bands, ["0-14", "15-29", "30-44", "45-54", "55-64", "65+"]);
    let domestic = || people.iter().filter(|person| person.is_domestic());
    assert_eq!(population.all(), domestic().count() as u64);
    assert!(population.missing().is_empty() && domestic().count() < people.len());

    let largest = population.municipalities().max_by_key(|(_, people)| *people).unwrap().0;
    let of_town = || domestic().filter(|person| person.home_at(world.last_day()) == Some(largest));
    let count = |age: AgeClass, sex: Sex| {
        let is_one =
            |person: &&Person| person.citizen.is_some_and(|citizen| citizen.age == age && citizen.sex == sex);
        of_town().filter(is_one).count() as u64
    };
    let ages = population.by_age_and_sex(largest).unwrap();
    let expected =
        AgeClass::ALL.map(|age| BySex { male: count(age, Sex::Male), female: count(age, Sex::Female) });
    assert_eq!(ages[1..].iter().map(|of| of.people).collect::<Vec<_>>(), expected);
    assert_eq!(ages[0].people, BySex::default());
}
