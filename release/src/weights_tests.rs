use kayoi_geography::Register;

use super::*;

fn population(number: u8) -> f64 {
    let of = Register::japan().all().iter().filter(|m| m.code.prefecture().number() == number);
    of.map(|m| f64::from(m.population_2020)).sum()
}

#[test]
fn weights_add_up_to_the_population_and_few_residents_are_pooled() {
    let mut residents = vec![1_000.0; 47];
    // Tottori and Shimane have few phones in the panel, one of them fewer than none after noise.
    (residents[30], residents[31]) = (90.0, 60.0);
    let weights = PrefectureWeights::new(&residents, 15.0, &People::census_2020());
    assert!((weights.of(13).mean * 1_000.0 - population(13)).abs() < 1.0);
    let pooled = weights.of(31).mean;
    assert_eq!(pooled, weights.of(32).mean);
    assert!((pooled * 150.0 - population(31) - population(32)).abs() < 1.0);
    assert_eq!(weights.rows()[30].pooled_with, 2);
    assert_eq!(weights.rows()[12].pooled_with, 1);
}

#[test]
fn a_pool_that_is_small_itself_takes_the_weight_of_the_nation() {
    let mut residents = vec![1_000.0; 47];
    residents[30] = -12.0;
    let weights = PrefectureWeights::new(&residents, 15.0, &People::census_2020());
    assert_eq!(weights.of(31), weights.national());
    assert_eq!(weights.rows()[30].panel_residents, 0.0, "what is printed is no negative number of people");
}

#[test]
fn a_mixture_lies_between_its_origins_and_its_effective_devices_are_fewer() {
    let mut residents = vec![1_000.0; 47];
    residents[12] = 200.0;
    let weights = PrefectureWeights::new(&residents, 15.0, &People::census_2020());
    let mut values = vec![0.0; 48];
    (values[13], values[20]) = (50.0, 50.0);
    let mixed = weights.mix(&values);
    let (tokyo, nagano) = (weights.of(13).mean, weights.of(20).mean);
    assert!((mixed.mean - (tokyo + nagano) / 2.0).abs() < 1e-9);
    assert!(mixed.spread() > 1.5, "Tokyo's devices weigh most of it");
    assert!((weights.of(13).spread() - 1.0).abs() < 1e-9);
    assert_eq!(Unweighted.mix(&values), Weight::ONE);
}
