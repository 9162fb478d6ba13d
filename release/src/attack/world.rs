//! Small worlds to attack: people with a home and with ties to towns, seeded.
//!
//! In: a seed. Out: the exact count of any figure, and the same world without one device or without one tie. A
//! world has 400 to 4,000 devices, 4 prefectures, 12 towns and 24 calendar months, hence 13 windows of 12
//! months. Six ties in ten are one visit; the rest come now and then, often, or live there too: more than in life, so that
//! nested figures come close to each other. Devices come
//! into the panel and leave it. Sizes are such that about as many figures lie below a threshold as above it.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::key::*;

const CALENDAR_MONTHS: usize = MONTHS as usize + 11;

/// What a device did in a town in a calendar month.
#[derive(Debug, Clone, Copy, Default)]
struct Presence {
    days: u16,
    visits: u16,
}

/// A device and a town.
#[derive(Debug, Clone)]
pub(crate) struct Tie {
    /// The town.
    pub town: u16,
    presence: [Presence; CALENDAR_MONTHS],
    lives_there: bool,
    works_there: bool,
}

impl Tie {
    /// The kinds of tie in a window, as bits.
    fn kinds(&self, month: u16) -> u16 {
        let from = usize::from(month);
        let window = &self.presence[from..from + 12];
        let days: u16 = window.iter().map(|presence| presence.days).sum();
        let visits: u16 = window.iter().map(|presence| presence.visits).sum();
        if days == 0 {
            return 0;
        }
        let quarters =
            window.chunks(3).filter(|quarter| quarter.iter().any(|month| month.visits > 0)).count();
        let class = DAYS_1 + [2, 3, 8, 24].iter().filter(|from| days >= **from).count() as u8;
        let holds = [
            (VISITOR, true),
            (REPEAT, visits >= 2),
            (CONNECTED, visits >= 3 && quarters >= 2),
            (DUAL_RESIDENT, self.lives_there && days >= 24),
            (WORKATION, self.works_there && days >= 2),
            (class, true),
        ];
        holds.iter().filter(|(_, holds)| *holds).map(|(kind, _)| 1 << kind).sum()
    }
}

/// Somebody with a telephone.
#[derive(Debug, Clone)]
pub(crate) struct Device {
    id: u64,
    /// Prefecture in which it lives.
    pub home: u8,
    /// Where it goes.
    pub ties: Vec<Tie>,
}

/// Devices, with all counts made.
#[derive(Debug, Clone)]
pub(crate) struct World {
    /// The devices.
    pub devices: Vec<Device>,
    towns: Vec<u16>,
    populations: [f64; PREFECTURES as usize],
    counts: Vec<u32>,
    sets: Vec<u64>,
}

impl World {
    /// The world of a seed.
    pub(crate) fn of_seed(seed: u64) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let count = rng.random_range(400..=4_000);
        let attraction: Vec<f64> = (0..TOWNS).map(|_| rng.random_range(-3.0_f64..1.5).exp()).collect();
        let devices: Vec<_> = (0..count).map(|_| Device::random(&mut rng, &attraction)).collect();
        // About 3 % of the people are in the panel.
        let populations = std::array::from_fn(|prefecture| {
            let residents = devices.iter().filter(|device| usize::from(device.home) == prefecture).count();
            (residents as f64 * rng.random_range(28.0..38.0)).round()
        });
        Self::counted(devices, (0..TOWNS).collect(), populations)
    }

    /// The same world without a device: forgotten, or not yet arrived.
    pub(crate) fn without(&self, device: usize) -> Self {
        let mut devices = self.devices.clone();
        devices.remove(device);
        self.with(devices)
    }

    /// The same world without one tie of a device.
    pub(crate) fn without_tie(&self, device: usize, tie: usize) -> Self {
        let mut devices = self.devices.clone();
        devices[device].ties.remove(tie);
        self.with(devices)
    }

    /// What an attacker still has to guess who knows all other towns.
    pub(crate) fn only(&self, town: u16) -> Self {
        let mut devices = self.devices.clone();
        devices.iter_mut().for_each(|device| device.ties.retain(|tie| tie.town == town));
        Self::counted(devices, vec![town], self.populations)
    }

    /// Exact devices of a figure.
    pub(crate) fn count(&self, key: &Key) -> u32 {
        self.counts[key.slot()]
    }

    /// A hash of the set of devices of a figure, which a sum makes.
    pub(crate) fn set(&self, key: &Key) -> u64 {
        self.sets[key.slot()]
    }

    /// Every figure, zeros too, ascending by month.
    pub(crate) fn keys(&self) -> impl Iterator<Item = Key> {
        (0..MONTHS).flat_map(|month| self.keys_of(month))
    }

    /// Every figure of a month.
    pub(crate) fn keys_of(&self, month: u16) -> impl Iterator<Item = Key> {
        self.towns.iter().flat_map(move |town| figures_of(month, *town)).chain(totals_of(month))
    }

    /// The towns of the world.
    pub(crate) fn towns(&self) -> &[u16] {
        &self.towns
    }

    /// Devices that live in a prefecture.
    pub(crate) fn residents(&self, prefecture: u8) -> u32 {
        self.devices.iter().filter(|device| device.home == prefecture).count() as u32
    }

    /// People that live in a prefecture by the census: public.
    pub(crate) fn population(&self, prefecture: u8) -> f64 {
        self.populations[usize::from(prefecture)]
    }

    /// The same world with other devices.
    fn with(&self, devices: Vec<Device>) -> Self {
        Self::counted(devices, self.towns.clone(), self.populations)
    }

    fn counted(devices: Vec<Device>, towns: Vec<u16>, populations: [f64; PREFECTURES as usize]) -> Self {
        let mut world = Self { devices, towns, populations, counts: vec![0; SLOTS], sets: vec![0; SLOTS] };
        for device in &world.devices {
            for month in 0..MONTHS {
                device.figures(month, |key| {
                    world.counts[key.slot()] += 1;
                    world.sets[key.slot()] = world.sets[key.slot()].wrapping_add(mixed(device.id));
                });
            }
        }
        world
    }
}

impl Device {
    fn random(rng: &mut StdRng, attraction: &[f64]) -> Self {
        let home = [0, 0, 0, 0, 0, 1, 1, 2, 2, 3][rng.random_range(0..10)];
        let arrives = rng.random_range(0..40_usize).saturating_sub(24);
        let leaves = (arrives + rng.random_range(6..60)).min(CALENDAR_MONTHS);
        let is_dual = rng.random_bool(0.03);
        let weight =
            |town: usize| attraction[town] * if prefecture_of(town as u16) == home { 2.0 } else { 1.0 };
        let all: f64 = (0..attraction.len()).map(weight).sum();
        let mut ties: Vec<Tie> = Vec::new();
        for turn in 0..rng.random_range(1..=5) {
            let mut at = rng.random_range(0.0..all);
            let town = (0..attraction.len() - 1).find(|town| {
                at -= weight(*town);
                at < 0.0
            });
            let town = town.unwrap_or(attraction.len() - 1) as u16;
            if ties.iter().all(|tie| tie.town != town) {
                ties.push(Tie::random(rng, town, arrives..leaves, is_dual && turn == 0));
            }
        }
        Self { id: rng.random(), home, ties }
    }

    fn figures(&self, month: u16, mut each: impl FnMut(Key)) {
        let (mut of_prefectures, mut of_country) = ([0_u16; PREFECTURES as usize], 0_u16);
        for tie in &self.ties {
            let kinds = tie.kinds(month);
            of_prefectures[usize::from(prefecture_of(tie.town))] |= kinds;
            of_country |= kinds;
            for kind in (0..KINDS).filter(|kind| kinds >> kind & 1 == 1) {
                let all = Key { month, place: Place::Town(tie.town), kind, origin: None };
                each(all);
                each(all.from(Some(self.home)));
            }
        }
        let prefectures = of_prefectures.iter().enumerate();
        let prefectures = prefectures.map(|(index, kinds)| (Place::Prefecture(index as u8), *kinds));
        for (place, kinds) in prefectures.chain(std::iter::once((Place::Country, of_country))) {
            for kind in (0..KINDS_OF_TOTALS).filter(|kind| kinds >> kind & 1 == 1) {
                each(Key { month, place, kind, origin: None });
            }
        }
    }
}

impl Tie {
    fn random(rng: &mut StdRng, town: u16, present: std::ops::Range<usize>, lives_there: bool) -> Self {
        let mut presence = [Presence::default(); CALENDAR_MONTHS];
        let habit = rng.random_range(0..100);
        let (a_month, most_days) = match habit {
            _ if lives_there => (0.95, 8),
            0..60 => (0.0, 3),
            60..80 => (0.2, 2),
            _ => (0.7, 4),
        };
        if a_month == 0.0 {
            let days = [1, 1, 1, 1, 1, 1, 1, 2, 2, 3][rng.random_range(0..10)];
            presence[rng.random_range(present)] = Presence { days, visits: 1 };
        } else {
            for month in present.filter(|_| rng.random_bool(a_month)).collect::<Vec<_>>() {
                let days = rng.random_range(1..=most_days);
                presence[month] = Presence { days, visits: rng.random_range(1..=days.div_ceil(2)) };
            }
        }
        Self { town, presence, lives_there, works_there: habit % 4 == 1 }
    }
}

/// The finaliser of splitmix64 (Steele, Lea and Flood, 2014): every bit of the input reaches every bit.
pub(crate) fn mixed(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[test]
fn a_small_world_has_figures_below_and_above_the_thresholds_and_its_kinds_are_nested() {
    let world = World::of_seed(1);
    let (mut hidden, mut shown) = (0, 0);
    for key in world.keys().filter(|key| world.count(key) > 0) {
        *(if world.count(&key) < 25 { &mut hidden } else { &mut shown }) += 1;
        for (whole, _) in INSIDE.iter().filter(|(_, part)| *part == key.kind) {
            assert!(world.count(&key.of(*whole)) >= world.count(&key), "{key:?} in {whole}");
        }
    }
    assert!(hidden > 500 && shown > 500, "{hidden} below 25, {shown} above");
}
