//! What a release of a whole nation shows, and whether its intervals hold.
//!
//! In: simulated counts of 1,741 municipalities, taken as the truth in units of 33 people, of whom each has a phone in
//! the panel by chance. Out: how much of the truth is shown, at which level, and how often it lies in its
//! interval. `KAYOI_PRINT_NATION` prints the table that `make nation` shows.

use std::collections::BTreeMap;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Int32Type, Int64Type};
use kayoi_geography::{Geography, Register};
use kayoi_release::draw::{Drawn, Edition, MonthCounts, Secret, Seeds, draw};
use kayoi_release::rows::{MonthRows, Released};
use kayoi_release::weights::{Weigh, Weight, WeightRow};
use kayoi_release::{ReleaseOptions, Series};
use kayoi_schemas::definition::Definition;
use kayoi_schemas::disclosure::Parameters;
use kayoi_schemas::figure::{Area, CountedKind, Cube, TieClass};
use kayoi_schemas::tables::ReleaseTable;
use kayoi_schemas::time::Month;
use kayoi_simulate::{Detail, Nation};
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};

/// People for each device.
const PEOPLE: u64 = 33;

/// Every device stands for as many people, so that what is tested is sampling and noise.
pub(super) struct Even;

impl Weigh for Even {
    fn of(&self, _: usize) -> Weight {
        let mean = PEOPLE as f64;
        Weight { mean, mean_square: mean * mean, relative_variance: 0.0, design: 1.0 }
    }

    fn national(&self) -> Weight {
        self.of(0)
    }

    fn rows(&self) -> &[WeightRow] {
        &[]
    }
}

/// Town, kind, origin as the tables name them.
pub(super) type Figure = (String, String, String);

/// Of 33 people for each, how many have a phone in the panel.
fn seen(random: &mut SmallRng, count: u64) -> u64 {
    let people = count * PEOPLE;
    if people < 2_000 {
        return (0..people).filter(|_| random.random_ratio(1, PEOPLE as u32)).count() as u64;
    }
    let variance = people as f64 * (1.0 / PEOPLE as f64) * (1.0 - 1.0 / PEOPLE as f64);
    let (a, b): (f64, f64) = (random.random(), random.random());
    let normal = (-2.0 * (1.0 - a).ln()).sqrt() * (std::f64::consts::TAU * b).cos();
    (count as f64 + normal * variance.sqrt()).round().max(0.0) as u64
}

/// The truth in people, and the rows of a release of those who were seen.
fn released() -> (BTreeMap<Figure, u64>, Vec<Released>) {
    let month = Month::parse("2026-09").unwrap();
    let definition = Definition::connected_2026().unwrap();
    let geography = Geography::simplified().unwrap();
    let mut random = SmallRng::seed_from_u64(2);
    let mut truth: BTreeMap<Figure, u64> = BTreeMap::new();
    let mut counts = MonthCounts::new(month, &definition, Register::japan());
    let kinds = CountedKind::of_municipalities(&definition);
    let cells = Nation::new(13, 0.03).month(month, Detail::Origins);
    for (atom, value) in cells.of(Cube::ConnectedMonthly) {
        let class = TieClass::of(Cube::ConnectedMonthly, atom.class).unwrap();
        let Area::Municipality(town) = atom.area else { continue };
        for kind in kinds.iter().filter(|kind| class.is(**kind)) {
            for origin in ["all".to_owned(), atom.origin.prefecture().to_string()] {
                *truth.entry((town.to_string(), kind.to_string(), origin)).or_default() += value * PEOPLE;
            }
        }
        counts.add(Cube::ConnectedMonthly, atom, seen(&mut random, *value)).unwrap();
    }
    let (secret, edition, digest) = (Secret::of_trial(1), Edition::Final(1), counts.digest());
    let seeds = Seeds::of(month, |of| {
        Ok::<_, ()>(if of == month {
            secret.seed(edition, of, &digest)
        } else {
            secret.seed_before(edition, of)
        })
    });
    let noised = draw(&counts, &[Drawn::Connected], &seeds.unwrap(), &Parameters::STANDARD);
    let options = ReleaseOptions::new(definition, &geography, Series::Trial { seed: 1 });
    let window = [&noised];
    let rows = MonthRows::of_final(&window, &options, &Even, 1);
    let mut batches = Vec::new();
    rows.make(&mut |released| {
        batches.push(released);
        Ok(())
    })
    .unwrap();
    (truth, batches)
}

/// A row, as far as it is looked at.
pub(super) struct Row {
    pub(super) figure: Figure,
    pub(super) level: String,
    status: String,
    pub(super) value: Option<(i64, i64, i64)>,
    fewer_than: Option<i64>,
    rolled_up_to: Option<String>,
}

pub(super) fn rows(batches: &[Released]) -> Vec<Row> {
    let of_table = batches.iter().filter(|released| released.table() == ReleaseTable::ConnectedMonthly);
    let mut all = Vec::new();
    for batch in of_table.map(Released::batch) {
        let text = |name: &str| batch.column_by_name(name).unwrap().as_string::<i32>();
        let long = |name: &str| batch.column_by_name(name).unwrap().as_primitive::<Int64Type>();
        let (towns, kinds, origins) = (text("municipality_code"), text("kind"), text("origin_code"));
        let (levels, statuses, to) = (text("origin_level"), text("status"), text("rolled_up_to"));
        let (persons, low, high) = (long("persons"), long("persons_low"), long("persons_high"));
        let fewer = long("fewer_than");
        for row in 0..batch.num_rows() {
            all.push(Row {
                figure: (
                    towns.value(row).to_owned(),
                    kinds.value(row).to_owned(),
                    origins.value(row).to_owned(),
                ),
                level: levels.value(row).to_owned(),
                status: statuses.value(row).to_owned(),
                value: persons.is_valid(row).then(|| (low.value(row), persons.value(row), high.value(row))),
                fewer_than: fewer.is_valid(row).then(|| fewer.value(row)),
                rolled_up_to: to.is_valid(row).then(|| to.value(row).to_owned()),
            });
        }
    }
    all
}

#[test]
fn one_hidden_town_of_a_prefecture_is_not_shown_as_the_rest_of_it() {
    let (_, batches) = released();
    let of_table = batches.iter().filter(|released| released.table() == ReleaseTable::ConnectedRestMonthly);
    let (mut alone, mut together) = (0, 0);
    for batch in of_table.map(Released::batch) {
        let towns = batch.column_by_name("municipalities").unwrap().as_primitive::<Int32Type>();
        let persons = batch.column_by_name("persons").unwrap().as_primitive::<Int64Type>();
        for row in 0..batch.num_rows() {
            match towns.value(row) {
                1 => {
                    alone += 1;
                    assert!(persons.is_null(row), "a group of one town has a figure");
                }
                _ => together += usize::from(persons.is_valid(row)),
            }
        }
    }
    assert!(alone > 0 && together > 0, "{alone} groups of one, {together} figures of others");
}

/// A share, as a part of a whole.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Share {
    part: f64,
    pub(super) whole: f64,
}

impl Share {
    pub(super) fn add(&mut self, is_in: bool, weight: f64) {
        self.whole += weight;
        self.part += if is_in { weight } else { 0.0 };
    }

    pub(super) fn of(self) -> f64 {
        self.part / self.whole
    }
}

fn size_of(town: &str) -> &'static str {
    let all = Register::japan().all();
    let population = all.iter().find(|m| m.code.to_string() == town).map_or(0, |m| m.population_2020);
    match population {
        0..5_000 => "under 5,000",
        5_000..20_000 => "5,000 to 20,000",
        20_000..100_000 => "20,000 to 100,000",
        _ => "100,000 and more",
    }
}

#[test]
fn a_release_of_a_nation_shows_nearly_all_people_and_its_intervals_hold() {
    let (truth, batches) = released();
    let rows = rows(&batches);
    let (mut totals, mut origins, mut ladder) = (Share::default(), Share::default(), Share::default());
    let (mut cover, mut near, mut below) =
        (BTreeMap::<&str, Share>::new(), BTreeMap::<&str, Share>::new(), Share::default());
    let mut by_size: BTreeMap<(&str, String), Share> = BTreeMap::new();
    let mut answered: BTreeMap<(String, String), bool> = BTreeMap::new();
    let mut with_rows: BTreeMap<Figure, (bool, bool)> = BTreeMap::new();
    for row in &rows {
        let people = truth.get(&row.figure).copied().unwrap_or(0) as f64;
        let is_shown = row.value.is_some();
        if let Some((low, persons, high)) = row.value
            && (row.level == "all" || row.level == "prefecture")
        {
            let is_in = (low as f64..=high as f64).contains(&people);
            cover.entry(if row.level == "all" { "all" } else { "prefecture" }).or_default().add(is_in, 1.0);
            if persons < 40 * PEOPLE as i64 {
                near.entry(if row.level == "all" { "all" } else { "prefecture" })
                    .or_default()
                    .add(is_in, 1.0);
            }
        }
        if let Some(fewer) = row.fewer_than.filter(|_| row.level == "all" || row.level == "prefecture") {
            below.add(people < fewer as f64, 1.0);
        }
        let (town, kind, _) = &row.figure;
        if row.level == "all" {
            totals.add(is_shown, people);
            by_size.entry((size_of(town), kind.clone())).or_default().add(is_shown, 1.0);
            let has_answer = is_shown || row.rolled_up_to.is_some() || row.fewer_than.is_some();
            answered.insert((town.clone(), kind.clone()), has_answer);
            assert_ne!(row.status, "not_observed", "{:?}", row.figure);
        }
        if row.level == "prefecture" {
            with_rows.insert(row.figure.clone(), (is_shown, is_shown || row.rolled_up_to.is_some()));
        }
    }
    for (figure, people) in truth.iter().filter(|((_, _, origin), _)| origin != "all") {
        let (is_shown, is_on_ladder) = with_rows.get(figure).copied().unwrap_or_default();
        origins.add(is_shown, *people as f64);
        ladder.add(is_on_ladder, *people as f64);
    }
    if std::env::var_os("KAYOI_PRINT_NATION").is_some() {
        println!("persons in municipality x month x kind       {:.4}", totals.of());
        println!("persons with prefecture of origin            {:.4}", origins.of());
        println!("persons with some origin by the ladder       {:.4}", ladder.of());
        for (level, share) in &cover {
            println!("coverage of intervals, {level:<12}          {:.4} of {}", share.of(), share.whole);
            println!(
                "  of figures under 40 devices                {:.4} of {}",
                near[level].of(),
                near[level].whole
            );
        }
        println!("hidden figures below their `fewer_than`      {:.4} of {}", below.of(), below.whole);
        println!("share of municipalities with a figure, by size");
        for ((size, kind), share) in &by_size {
            println!("  {size:<18} {kind:<14} {:.3}", share.of());
        }
    }
    assert!(totals.of() >= 0.999, "{}", totals.of());
    assert!(origins.of() >= 0.95, "{}", origins.of());
    assert!(ladder.of() >= 0.99, "{}", ladder.of());
    for (level, share) in cover.iter().chain(&near) {
        assert!(
            share.whole > 500.0 && (0.93..=0.975).contains(&share.of()),
            "{level}: {} of {}",
            share.of(),
            share.whole
        );
    }
    assert!(below.of() > 0.97, "{}", below.of());
    // Nine kinds and five classes of visit days.
    assert_eq!(answered.len(), 1741 * 14);
    assert!(answered.values().all(|has_answer| *has_answer));
}
