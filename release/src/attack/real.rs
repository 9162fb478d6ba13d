//! The release itself behind the seam: its draw, its decisions, its weights.
//!
//! In: a world. Out: what the code of this crate publishes of it. The world's four prefectures and twelve towns stand
//! for real ones; everything else is the code that makes releases, so that what the attackers leave standing is
//! not a second opinion of the design but the design as it is built.

use std::collections::BTreeMap;

use kayoi_geography::Register;
use kayoi_schemas::disclosure::{Parameters, standard_deviation_of_a_mean};
use kayoi_schemas::figure::{Area, CountedKind};
use kayoi_schemas::ids::{MunicipalityCode, PrefectureCode};
use kayoi_schemas::time::Month;

use super::key::*;
use super::mechanism::{Computed, Mechanism, People, Seen, round_to_10};
use super::world::World;
use crate::decide::{Ladder, Rung, close, close_totals, kinds_within};
use crate::draw::{Drawn, Edition, MonthCounts, MonthNoised, ORIGINS, Secret, Seed, Seeds, draw};
use crate::estimate::{Spread, estimate};
use crate::weights::Weight;

/// The release.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Real;

/// The prefectures of a world: 長野, 東京, 大阪, 北海道, each in a block of its own.
const HOMES: [u8; PREFECTURES as usize] = [20, 13, 27, 1];
const PARAMETERS: Parameters = Parameters::STANDARD;

fn prefecture(home: u8) -> PrefectureCode {
    PrefectureCode::new(HOMES[usize::from(home)]).unwrap()
}

fn town(number: u16) -> MunicipalityCode {
    let own = prefecture(prefecture_of(number));
    let mut inside = Register::japan().all().iter().filter(|m| m.code.prefecture() == own);
    inside.nth(usize::from(number % 3)).unwrap().code
}

fn first() -> Month {
    Month::parse("2025-11").unwrap()
}

fn kinds() -> Vec<String> {
    let days = [(1, Some(1)), (2, Some(2)), (3, Some(7)), (8, Some(23)), (24, None)];
    let days = days.map(|(from, to)| CountedKind::Days(from, to));
    CountedKind::OF_AREAS.into_iter().chain(days).map(|kind| kind.to_string()).collect()
}

/// The home of a slot of origins; `None` for everybody, and nothing for a prefecture in which nobody lives.
fn home_of(slot: usize) -> Option<Option<u8>> {
    match slot {
        0 => Some(None),
        _ => HOMES.iter().position(|home| usize::from(*home) == slot).map(|home| Some(home as u8)),
    }
}

fn counts(world: &World, month: u16) -> MonthCounts {
    let towns: Vec<Area> = world.towns().iter().map(|number| Area::Municipality(town(*number))).collect();
    let totals = (0..PREFECTURES).map(|home| Area::Prefecture(prefecture(home))).chain([Area::Country]);
    MonthCounts::of_figures(
        first().plus(i32::from(month)),
        (towns, totals.collect()),
        &kinds(),
        |drawn, area, class, origin| {
            let kind = class as u8;
            let key = |place, origin| u64::from(world.count(&Key { month, place, kind, origin }));
            match drawn {
                Drawn::Connected => {
                    home_of(origin).map_or(0, |origin| key(Place::Town(world.towns()[area]), origin))
                }
                Drawn::Totals if area == usize::from(PREFECTURES) => key(Place::Country, None),
                Drawn::Totals => key(Place::Prefecture(area as u8), None),
                _ => u64::from(world.residents(area as u8)),
            }
        },
    )
}

/// A secret, and the number of the edition in its lower bits.
fn secret(seed: u64) -> (Secret, Edition) {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&(seed >> 8).to_le_bytes());
    (Secret::new(bytes), Edition::Final(seed as u8 as u32))
}

fn drawn(world: &World, seed: u64) -> Vec<MonthNoised> {
    let (secret, edition) = secret(seed << 8 >> 8);
    let mut seeds: BTreeMap<Month, Seed> = BTreeMap::new();
    let months = (0..MONTHS).map(|month| {
        let counts = counts(world, month);
        seeds.insert(counts.month(), secret.seed(edition, counts.month(), &counts.digest()));
        let of = |month: Month| {
            let known = seeds.get(&month).cloned();
            Ok::<_, ()>(known.unwrap_or_else(|| secret.seed_before(edition, month)))
        };
        let seeds = Seeds::of(counts.month(), of).unwrap();
        draw(&counts, &[Drawn::Connected, Drawn::Totals, Drawn::YearPanel], &seeds, &PARAMETERS)
    });
    months.collect()
}

/// The ladders of a town, decided as rows are made. `values` are those of its kinds.
fn ladders(values: &[f64], number: u16, scale: f64) -> Vec<Ladder<Rung>> {
    let own = prefecture(prefecture_of(number));
    let classes = values.chunks_exact(ORIGINS);
    let ladders = classes.map(|values| Ladder::new(values, own, PARAMETERS.tie_year, scale, &PARAMETERS));
    let mut ladders: Vec<Ladder<Rung>> = ladders.collect();
    close(&mut ladders, &kinds_within(usize::from(KINDS)));
    ladders
}

fn values(month: &MonthNoised, place: usize) -> Vec<f64> {
    month.get(Drawn::Connected).unwrap().of_area(place).iter().map(|value| f64::from(*value)).collect()
}

fn seen(rung: &Rung) -> Seen {
    if rung.is_shown { Seen::Shown { value: rung.value } } else { Seen::Hidden }
}

impl Mechanism for Real {
    fn name(&self) -> &'static str {
        "the release"
    }

    fn publish(&self, world: &World, seed: u64) -> BTreeMap<Key, Seen> {
        let mut all = BTreeMap::new();
        for (month, noised) in drawn(world, seed).iter().enumerate() {
            let month = month as u16;
            let mut tops: Vec<(u8, Vec<Rung>)> = Vec::new();
            for (place, number) in world.towns().iter().enumerate() {
                let ladders = ladders(&values(noised, place), *number, 1.0);
                for (kind, ladder) in ladders.iter().enumerate() {
                    let key = Key { month, place: Place::Town(*number), kind: kind as u8, origin: None };
                    all.insert(key, seen(&ladder.all));
                    for home in 0..PREFECTURES {
                        let rung = &ladder.prefectures[usize::from(HOMES[usize::from(home)]) - 1];
                        all.insert(key.from(Some(home)), seen(rung));
                    }
                }
                tops.push((prefecture_of(*number), ladders.into_iter().map(|ladder| ladder.all).collect()));
            }
            let totals = noised.get(Drawn::Totals).unwrap();
            let mut of_prefectures: Vec<Vec<Rung>> = Vec::new();
            for area in 0..=PREFECTURES {
                let rungs = totals.of_area(usize::from(area)).iter();
                let mut rungs: Vec<Rung> =
                    rungs.map(|v| Rung::drawn(f64::from(*v), PARAMETERS.wide)).collect();
                for (kind, rung) in rungs.iter_mut().enumerate() {
                    let inside = tops.iter().filter(|(own, _)| area == PREFECTURES || *own == area);
                    inside.for_each(|(_, top)| rung.contain(&top[kind]));
                    if area == PREFECTURES {
                        of_prefectures.iter().for_each(|of| rung.contain(&of[kind]));
                    }
                }
                close_totals(&mut rungs, &kinds_within(usize::from(KINDS_OF_TOTALS)));
                let place = if area == PREFECTURES { Place::Country } else { Place::Prefecture(area) };
                for (kind, rung) in rungs.iter().enumerate() {
                    all.insert(Key { month, place, kind: kind as u8, origin: None }, seen(rung));
                }
                of_prefectures.push(rungs);
            }
        }
        all.retain(|key, _| world.keys_of(key.month).any(|known| known == *key));
        all
    }

    fn sigma(&self, key: &Key) -> f64 {
        let noise = if matches!(key.place, Place::Town(_)) { PARAMETERS.tie_year } else { PARAMETERS.wide };
        f64::from(noise.sigma)
    }

    fn hidden_below(&self, key: &Key) -> f64 {
        let noise = if matches!(key.place, Place::Town(_)) { PARAMETERS.tie_year } else { PARAMETERS.wide };
        f64::from(noise.threshold)
    }

    fn rounding(&self) -> f64 {
        0.0
    }

    fn seed_of_edition(&self, seed: u64, edition: u64) -> u64 {
        seed.wrapping_add(edition)
    }

    fn correlation(&self, months_apart: u16) -> f64 {
        kayoi_schemas::disclosure::PHI.powi(i32::from(months_apart))
    }

    fn computed(&self, world: &World, seed: u64) -> Vec<Computed> {
        let months = drawn(world, seed);
        let mut found = Vec::new();
        for (place, number) in world.towns().iter().enumerate() {
            for (month, noised) in months.iter().enumerate() {
                for (kind, ladder) in ladders(&values(noised, place), *number, 1.0).iter().enumerate() {
                    let key = Key {
                        month: month as u16,
                        place: Place::Town(*number),
                        kind: kind as u8,
                        origin: None,
                    };
                    if ladder.outside.is_shown {
                        let own = key.from(Some(prefecture_of(*number)));
                        found.push(Computed {
                            terms: vec![(key, 1.0), (own, -1.0)],
                            value: ladder.outside.value,
                        });
                    }
                }
            }
            for length in [3, 12] {
                for start in (0..=usize::from(MONTHS) - length).step_by(length) {
                    found.extend(mean(&months[start..start + length], start as u16, place, *number));
                }
            }
        }
        found
    }

    fn people(&self, world: &World, seed: u64) -> People {
        let months = drawn(world, seed);
        let residents = months[0].get(Drawn::YearPanel).unwrap();
        let weights = std::array::from_fn(|home| {
            world.population(home as u8) / f64::from(residents.values()[home]).max(1.0)
        });
        let base = |value: f64, weight: f64| {
            let rung = Rung::drawn(value, PARAMETERS.tie_year);
            let weight =
                Weight { mean: weight, mean_square: weight * weight, relative_variance: 0.0, design: 1.0 };
            // Weights far above one: their share of sampling is nearly one, and with an even spread it cancels.
            estimate(&rung, &weight, Spread::EVEN, PARAMETERS.least_devices, 1.0)
                .map(|found| found.persons as f64)
        };
        let persons =
            self.publish(world, seed).into_iter().filter_map(|(key, seen)| match (seen, key.origin) {
                (Seen::Shown { value }, Some(home)) => {
                    Some((key, round_to_10(base(value, weights[usize::from(home)])?)))
                }
                _ => None,
            });
        People { persons: persons.collect(), weights: Some(weights), correction: 25.0 }
    }
}

/// The means over months that are shown.
fn mean(months: &[MonthNoised], start: u16, place: usize, number: u16) -> Vec<Computed> {
    let of_months: Vec<Vec<f64>> = months.iter().map(|month| values(month, place)).collect();
    let width = of_months[0].len();
    let means: Vec<f64> = (0..width)
        .map(|at| of_months.iter().map(|values| values[at]).sum::<f64>() / months.len() as f64)
        .collect();
    let ladders = ladders(&means, number, standard_deviation_of_a_mean(months.len() as u32));
    let share = 1.0 / months.len() as f64;
    let shown = ladders.iter().enumerate().flat_map(|(kind, ladder)| {
        let key = Key { month: start, place: Place::Town(number), kind: kind as u8, origin: None };
        let terms = move |key: Key| {
            (start..start + months.len() as u16).map(|month| (key.at(month), share)).collect()
        };
        let all = ladder.all.is_shown.then(|| Computed { terms: terms(key), value: ladder.all.value });
        all.into_iter()
    });
    shown.collect()
}

mod tests {
    use super::super::averaging::{Error, of_given_away, over_months, over_runs};
    use super::super::key::MONTHS;
    use super::super::linear::{self, Narrowed};
    use super::super::membership::questions;
    use super::super::revision::{Moved, Revision};
    use super::super::squares::{self, Estimated};
    use super::super::weights::{self, Decoded, home_of_the_missing};
    use super::super::worlds;
    use super::*;

    /// As much as the tests of the reference take: not one that the attackers themselves choose.
    fn some_worlds() -> impl Iterator<Item = u64> {
        worlds().step_by(3)
    }

    #[test]
    fn linear_programs_narrow_nothing() {
        let mut sum = Narrowed::default();
        some_worlds().for_each(|seed| sum += linear::attack(&Real, &World::of_seed(seed), seed, MONTHS - 1));
        assert!(sum.hidden > 0 && sum.differences > 0, "{sum:?}");
        assert_eq!(
            (sum.narrow_hidden, sum.narrow_differences, sum.missed, sum.failed),
            (0, 0, 0, 0),
            "{sum:?}"
        );
    }

    #[test]
    fn least_squares_over_twelve_months_leave_intervals_of_nine_and_more() {
        let mut all = Estimated::default();
        for seed in some_worlds() {
            let found = squares::attack(&Real, &World::of_seed(seed), seed, squares::DRIFT);
            all.hidden.extend(found.hidden);
            all.differences.extend(found.differences);
            all.squared_error += found.squared_error;
            all.covered += found.covered;
        }
        assert!(all.hidden.len() > 100 && !all.differences.is_empty());
        assert_eq!(all.narrow(), 0, "narrowest {}", all.narrowest());
        assert!(all.coverage() > 0.9, "{}", all.coverage());
    }

    #[test]
    fn a_tie_is_guessed_no_better_than_the_ledger_says() {
        for seed in worlds().step_by(15) {
            for question in questions(&World::of_seed(seed), &Real) {
                let found = question.advantage(&Real, 1_000);
                assert!(found.measured <= found.bound + 3.0 * found.error, "world {seed}: {found:?}");
            }
        }
    }

    #[test]
    fn means_over_months_runs_and_what_rungs_give_away_keep_their_noise() {
        let (mut months, mut runs, mut given) = (Error::default(), Error::default(), Error::default());
        for seed in some_worlds() {
            let world = World::of_seed(seed);
            over_months(&Real, &world, seed, &mut months);
        }
        // One figure or two of a world are given away in all months: all worlds are needed to say anything.
        worlds().for_each(|seed| of_given_away(&Real, &World::of_seed(seed), seed, &mut given));
        over_runs(&Real, &World::of_seed(1), 1, 20, &mut runs);
        assert!(months.rms() > 2.5, "{} of 5 devices are left", months.rms());
        assert!(runs.rms() > 4.0, "{} of 5 devices are left", runs.rms());
        // Independent noise would leave 1.4; values below 0 are cut off, which takes a little of ours.
        assert!(
            given.count() > 20.0 && given.rms() > 1.6,
            "{} of 5 devices are left in {}",
            given.rms(),
            given.count()
        );
    }

    #[test]
    fn a_new_edition_without_a_device_tells_neither_its_figures_nor_its_months() {
        let mut moved = Moved::default();
        for seed in some_worlds() {
            let world = World::of_seed(seed);
            for turn in 1..4 {
                let revised = world.without((seed as usize * 97 * turn) % world.devices.len());
                moved.add(&Real, seed, &Revision { world: &world, revised: &revised, edition: 1 });
            }
        }
        assert!(moved.figures() <= 0.6, "area under the curve {}", moved.figures());
        assert_eq!(moved.still_months, 0);
    }

    #[test]
    fn raw_counts_and_homes_are_not_read_from_people_and_weights() {
        let (mut decoded, mut right, mut asked) = (Decoded::default(), 0.0, 0.0);
        for seed in some_worlds() {
            let world = World::of_seed(seed);
            weights::attack(&Real, &world, seed, &mut decoded);
            let missing = (seed as usize * 97) % world.devices.len();
            let named = home_of_the_missing(&Real, &world, &world.without(missing), seed);
            right += f64::from(u8::from(named == Some(world.devices[missing].home)));
            asked += 1.0;
        }
        assert!(decoded.figures > 1_000 && decoded.share() < 0.10, "{decoded:?}: {}", decoded.share());
        assert!(right / asked < 0.6, "{right} of {asked} homes named");
    }
}
