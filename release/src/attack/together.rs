//! All tables together: was a device there at all? The attacker knows everything else exactly, and reads every figure.
//!
//! In: the exact counts of one town, its prefecture and the country in a month that ends a year, with a device that is in
//! as many figures as one can be, and without it; what the release draws of them, keyed figures too. Out: how often the
//! best guess is right. Every figure is far above its threshold, so that nothing but noise hides anything: the guess is
//! then a weighted sum over all figures, and no other is better.

use std::collections::BTreeMap;

use kayoi_geography::Register;
use kayoi_schemas::definition::Definition;
use kayoi_schemas::disclosure::{MOST_NAMED, Parameters};
use kayoi_schemas::figure::{Area, Class, Cube, Dimension};
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::Month;

use super::normal::cumulative;
use crate::draw::{Drawn, Edition, MonthCounts, MonthNoised, ORIGINS, Secret, Seeds, draw, draw_keyed};
use crate::ledger::Ledger;

/// Devices in each figure but for the one that is asked for.
const OTHERS: u64 = 2_000;
/// Kinds of a tie that are counted at a time, but for classes of days.
const KINDS_AT_A_TIME: usize = 5;

/// A figure that the device changes: where it stands, by how much, and the standard deviation of its noise.
struct Change {
    place: Place,
    by: f64,
    sigma: f64,
}

enum Place {
    Grid(Drawn, usize),
    Keyed(Cube, (Area, MunicipalityCode, Class)),
}

/// The two worlds, and what differs.
struct Worlds {
    with: MonthCounts,
    without: MonthCounts,
    changes: Vec<Change>,
    parameters: Parameters,
}

fn march() -> Month {
    Month::parse("2026-03").unwrap()
}

fn code(number: u32) -> MunicipalityCode {
    MunicipalityCode::from_number(number).unwrap()
}

/// The classes of an area in which one device is counted at a time.
fn classes_of_one(drawn: Drawn, classes: &[String]) -> Vec<usize> {
    let at_a_time = |group: &dyn Fn(&str) -> String, most: usize| {
        let mut found: BTreeMap<String, usize> = BTreeMap::new();
        for (index, class) in classes.iter().enumerate() {
            found.entry(group(class)).or_insert(index);
        }
        found.into_values().take(most).collect::<Vec<usize>>()
    };
    let first_words =
        |count: usize| move |class: &str| class.split('/').take(count).collect::<Vec<_>>().join("/");
    match drawn {
        // Half of the days tell most: days share half of the variance of their noise.
        Drawn::Daily => (0..classes.len()).step_by(2).collect(),
        // One class of days, and what a tie is for.
        Drawn::Connected => (0..6).collect(),
        Drawn::Totals => (0..classes.len()).collect(),
        Drawn::Monthly | Drawn::MonthlyDays => vec![0, 1],
        Drawn::Classed(cube) => {
            let dimensions = cube.declaration().dimensions;
            match dimensions.first() {
                Some(Dimension::DayType) => at_a_time(&first_words(2), usize::MAX),
                Some(Dimension::Side | Dimension::MainKind) => at_a_time(&first_words(1), usize::MAX),
                Some(Dimension::Kind) => at_a_time(&first_words(1), KINDS_AT_A_TIME),
                _ => vec![0],
            }
        }
        _ => vec![0],
    }
}

/// The keyed figures that one device is in, in its own town and as the town that others name.
fn keyed_of_one(cube: Cube, town: MunicipalityCode) -> Vec<(Area, MunicipalityCode, Class)> {
    let declared = cube.declaration().dimensions;
    let others: Vec<MunicipalityCode> =
        Register::japan().all().iter().map(|other| other.code).filter(|other| *other != town).collect();
    let own = Area::Municipality(town);
    let named = |class: Class| {
        let as_other =
            others.iter().take(MOST_NAMED as usize).map(move |host| (Area::Municipality(*host), town, class));
        [(own, town, class), (own, others[0], class)].into_iter().chain(as_other).collect::<Vec<_>>()
    };
    match cube {
        Cube::FlowsMonthly => {
            (0..4).flat_map(|way| named(Class::ALL.with(declared, Dimension::Direction, way))).collect()
        }
        Cube::TripPairsMonthly => named(Class::ALL),
        Cube::OriginsYearly => (0..3)
            .flat_map(|kind| {
                let of = Class::ALL.with(declared, Dimension::Kind, kind);
                [0, 1].map(|side| (own, others[0], of.with(declared, Dimension::Side, side)))
            })
            .collect(),
        // Cells need a place on the ground; meshes have the same bands and stand for them.
        _ => Vec::new(),
    }
}

impl Worlds {
    fn of(parameters: Parameters) -> Self {
        let definition = Definition::connected_2026().unwrap();
        let town = code(20_321);
        let areas = |drawn: Drawn| match drawn {
            Drawn::YearPanel | Drawn::MonthPanel => vec![Area::Prefecture(town.prefecture())],
            Drawn::Standings => vec![Area::Country],
            Drawn::Totals => vec![Area::Prefecture(town.prefecture()), Area::Country],
            Drawn::Classed(cube)
                if cube.declaration().areas == kayoi_schemas::figure::Areas::PrefecturesAndCountry =>
            {
                vec![Area::Prefecture(town.prefecture()), Area::Country]
            }
            _ => vec![Area::Municipality(town)],
        };
        let mut changes = Vec::new();
        let mut grids: BTreeMap<Drawn, BTreeMap<usize, u64>> = BTreeMap::new();
        let mut with = MonthCounts::of_areas(march(), &definition, areas, OTHERS);
        let without = MonthCounts::of_areas(march(), &definition, areas, OTHERS);
        for layout in with.layouts() {
            let drawn = layout.drawn();
            let noise = drawn.strength().noise(&parameters);
            let by = u64::from(drawn.cap());
            // Everybody, and the device's own prefecture.
            let origins: Vec<usize> = match layout.origins() {
                ORIGINS => vec![0, 13],
                count => (0..count).collect(),
            };
            for area in 0..layout.areas().len() {
                for class in classes_of_one(drawn, layout.classes()) {
                    for origin in &origins {
                        let index = layout.index(area, class, *origin);
                        grids.entry(drawn).or_default().insert(index, by);
                        let sigma = f64::from(noise.sigma) * by as f64;
                        changes.push(Change { place: Place::Grid(drawn, index), by: by as f64, sigma });
                    }
                }
            }
        }
        with.add_to_grids(&grids);
        let (mut with, mut without) = (with, without);
        for cube in Cube::KEYED {
            let declared = cube.declaration();
            let one = u64::from(declared.most_of_a_device);
            let sigma =
                f64::from(crate::draw::Drawn::Classed(cube).strength().noise(&parameters).sigma) * one as f64;
            for key in keyed_of_one(cube, town) {
                with.put_keyed(cube, key, (OTHERS + 1) * one);
                without.put_keyed(cube, key, OTHERS * one);
                changes.push(Change { place: Place::Keyed(cube, key), by: one as f64, sigma });
            }
        }
        Self { with, without, changes, parameters }
    }

    fn publish(&self, is_member: bool, number: u64) -> MonthNoised {
        let counts = if is_member { &self.with } else { &self.without };
        let secret = Secret::of_trial(number);
        let seeds = Seeds::of(march(), |month| {
            let of = |digest: &[u8; 32]| secret.seed(Edition::Final(1), month, digest);
            Ok::<_, ()>(of(&counts.digest()))
        });
        let seeds = seeds.unwrap();
        let all: Vec<Drawn> = Drawn::all().collect();
        let mut noised = draw(counts, &all, &seeds, &self.parameters);
        draw_keyed(counts, &mut noised, &seeds, &self.parameters);
        noised
    }

    /// What the figures say for the device, in standard deviations of what they say by chance.
    fn score(&self, noised: &MonthNoised) -> f64 {
        let (mut sum, mut information) = (0.0, 0.0);
        for change in &self.changes {
            let others = change.by * OTHERS as f64;
            let seen = match &change.place {
                Place::Grid(drawn, index) => noised.get(*drawn).map(|grid| grid.values()[*index]),
                Place::Keyed(cube, key) => noised.keyed(*cube).and_then(|keyed| {
                    keyed.all().iter().find(|(known, _)| known == key).map(|(_, value)| *value)
                }),
            };
            let Some(seen) = seen else { continue };
            let weight = change.by / (change.sigma * change.sigma);
            sum += weight * (f64::from(seen) - others - 0.5 * change.by);
            information += weight * change.by;
        }
        sum / information.sqrt()
    }

    /// Right minus wrong guesses.
    fn advantage(&self, draws: u64) -> f64 {
        let right = (0..draws).filter(|number| {
            let is_member = number % 2 == 1;
            (self.score(&self.publish(is_member, *number)) > 0.0) == is_member
        });
        2.0 * right.count() as f64 / draws as f64 - 1.0
    }

    /// Of figures whose noises are their own.
    fn bound(&self) -> f64 {
        let information: f64 = self.changes.iter().map(|change| (change.by / change.sigma).powi(2)).sum();
        2.0 * cumulative(information.sqrt() / 2.0) - 1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAWS: u64 = 2_000;

    /// Both lines of the ledger, since the device is asked for in all that it does.
    fn of_ledger(parameters: &Parameters) -> f64 {
        let rho: f64 = Ledger::new(parameters, 1).lines.iter().map(|line| line.spent()).sum();
        2.0 * cumulative((2.0 * rho).sqrt() / 2.0) - 1.0
    }

    #[test]
    fn who_reads_all_tables_together_guesses_no_better_than_the_ledger_says() {
        let worlds = Worlds::of(Parameters::STANDARD);
        assert!(worlds.changes.len() > 200, "{}", worlds.changes.len());
        let (found, allowed) = (worlds.advantage(DRAWS), of_ledger(&Parameters::STANDARD));
        let error = (1.0 / DRAWS as f64).sqrt();
        assert!(worlds.bound() <= allowed, "one month is a part of a year: {} {allowed}", worlds.bound());
        assert!(found <= worlds.bound() + 3.0 * error, "{found} of {}", worlds.bound());
        // An attacker that finds nothing would say nothing.
        assert!(found >= 0.5 * worlds.bound(), "{found} of {}", worlds.bound());
    }

    #[test]
    fn with_less_noise_the_same_guess_is_right() {
        let mut weak = Parameters::STANDARD;
        for noise in [&mut weak.tie_year, &mut weak.tie_month, &mut weak.wide] {
            noise.sigma = 2;
        }
        assert!(Worlds::of(weak).advantage(200) > of_ledger(&Parameters::STANDARD));
    }
}
