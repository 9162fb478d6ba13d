use kayoi_geography::{Geography, Register};
use kayoi_schemas::definition::Definition;
use kayoi_schemas::disclosure::Parameters;
use kayoi_schemas::figure::{Atom, Class, Cube};
use kayoi_schemas::time::Month;

use super::*;
use crate::draw::{Drawn, Edition, MonthCounts, MonthNoised, Secret, Seeds, draw};
use crate::options::ReleaseOptions;
use crate::series::Series;
use crate::weights::{PrefectureWeights, Unweighted};

const RESIDENTS: Drawn = Drawn::Classed(Cube::ResidentsYearly);
const SIGMA: f64 = 10.0;

fn code(number: u32) -> MunicipalityCode {
    MunicipalityCode::from_number(number).unwrap()
}

/// A panel of 3 % of everybody, but of other shares in some towns.
fn residents(other: &[(u32, f64)]) -> MonthNoised {
    let definition = Definition::connected_2026().unwrap();
    let options =
        ReleaseOptions::new(definition, &Geography::simplified().unwrap(), Series::Trial { seed: 1 });
    let march = Month::parse("2026-03").unwrap();
    let mut counts = MonthCounts::new(march, &options.definition, Register::japan());
    for town in Register::japan().all() {
        let share =
            other.iter().find(|(number, _)| code(*number) == town.code).map_or(0.03, |(_, share)| *share);
        let devices = (f64::from(town.population_2020) * share).round() as u64;
        let area = Area::Municipality(town.code);
        let atom = Atom { period: march.0, area, origin: code(1_100), class: Class::ALL };
        counts.add(Cube::ResidentsYearly, &atom, devices).unwrap();
        // Yearly figures are drawn where ties are.
        let ties = Cube::ConnectedMonthly;
        counts.add(ties, &Atom { origin: town.code, ..atom }, 0).unwrap();
    }
    let secret = Secret::new([7; 32]);
    let seeds = Seeds::of(march, |of| Ok::<_, ()>(secret.seed_before(Edition::Final(1), of))).unwrap();
    draw(&counts, &[RESIDENTS], &seeds, &Parameters::STANDARD)
}

fn towns_of(noised: &MonthNoised, prefectures: &PrefectureWeights) -> TownWeights {
    let residents = noised.get(RESIDENTS).unwrap();
    TownWeights::new(noised.month(), residents, SIGMA, &People::census_2020(), prefectures)
}

fn prefectures() -> PrefectureWeights {
    let people = |number: u8| -> f64 {
        let of = Register::japan().all().iter().filter(|town| town.code.prefecture().number() == number);
        of.map(|town| f64::from(town.population_2020)).sum()
    };
    let devices: Vec<f64> = (1..=47).map(|number| people(number) * 0.03).collect();
    PrefectureWeights::new(&devices, 15.0, &People::census_2020())
}

#[test]
fn a_town_whose_people_are_in_the_panel_more_often_has_a_smaller_weight() {
    // Sagamihara twice as often as the rest of its prefecture, Yokosuka half as often.
    let (noised, prefectures) = (residents(&[(14_150, 0.06), (14_201, 0.015)]), prefectures());
    let towns = towns_of(&noised, &prefectures);
    for (number, share) in [(14_150, 0.06), (14_201, 0.015), (14_100, 0.03)] {
        let (weight, of) = towns.of(code(number), &prefectures);
        assert_eq!(of, WeightOf::Municipality);
        assert!((weight.mean * share - 1.0).abs() < 0.03, "{number}: {}", weight.mean);
        // The prefecture's weight is off by as much as the town is unlike it.
        let off = prefectures.of(14).mean * share - 1.0;
        assert!((off.abs() > 0.3) == (share != 0.03), "{number}: {off}");
    }
}

#[test]
fn small_towns_share_a_weight_and_no_weight_is_made_of_nobody() {
    let (noised, prefectures) = (residents(&[]), prefectures());
    let towns = towns_of(&noised, &prefectures);
    // Kiso has 3,000 people, some ninety devices; its neighbours are as small.
    let (weight, of) = towns.of(code(20_425), &prefectures);
    assert_eq!(of, WeightOf::SmallMunicipalities);
    assert!((weight.mean * 0.03 - 1.0).abs() < 0.2, "{}", weight.mean);
    let nobody: Vec<(u32, f64)> = vec![(47_353, 0.0)];
    let noised = residents(&nobody);
    let towns = towns_of(&noised, &prefectures);
    let (weight, of) = towns.of(code(47_353), &prefectures);
    assert!(of != WeightOf::Municipality && weight.mean < 5.0 / 0.03, "{of:?} {}", weight.mean);
}

#[test]
fn where_a_device_is_a_person_it_is_one_from_everywhere() {
    let towns = TownWeights::default();
    assert_eq!(towns.of(code(14_100), &Unweighted), (Weight::ONE, WeightOf::Prefecture));
}

#[test]
fn half_of_a_panel_in_a_month_is_no_fall_in_people() {
    let (noised, whole) = (residents(&[(14_150, 0.06)]), prefectures());
    let towns = towns_of(&noised, &whole);
    let people = People::census_2020();
    let half: Vec<f64> = (1..=47).map(|number| people.prefecture(number) * 0.015).collect();
    let half = PrefectureWeights::new(&half, 15.0, &people);
    let (before, after) = (towns.of(code(14_150), &whole).0.mean, towns.of(code(14_150), &half).0.mean);
    assert!((after / before - 2.0).abs() < 0.01, "{before} {after}");
    assert!((after * 0.03 - 1.0).abs() < 0.03, "{after}");
}
