//! Towns: how many panel residents each has, and how many people of each prefecture it draws.
//!
//! In: the register with census populations, a seed, the share of people in the panel. Out: a [`Town`] for
//! each municipality. Destinations follow a gravity model: what a town draws grows with its population and
//! its own attraction, and falls with distance; neighbours within 20 km are daily life and not visited.

use kayoi_geography::{Municipality, Register};
use kayoi_schemas::ids::{MunicipalityCode, PrefectureCode};
use kayoi_schemas::time::Month;
use kayoi_schemas::units::distance_km;

use super::draw::{Stream, Use};
use super::purposes;

/// Prefectures of residence.
pub(super) const PREFECTURES: usize = 47;

/// Municipalities that a device visits in twelve months.
const TIES_A_DEVICE: f64 = 7.37;
/// What a town draws, by its population.
const POPULATION_POWER: f64 = 0.6;
/// How fast visits fall with distance, from an offset.
const DISTANCE_POWER: f64 = -1.8;
const OFFSET_KM: f64 = 20.0;
/// Nearer towns belong to daily life.
const NEAREST_KM: f64 = 20.0;
/// How much towns of one size differ in what they draw: of the logarithm. No town is further out than some
/// sigma: chance would else send nearly all of Osaka to one neighbour.
const ATTRACTION_SIGMA: f64 = 0.7;
const MOST_SIGMA: f64 = 2.0;
/// A town whose people are away still draws as one of this size.
const LEAST_POPULATION: f64 = 200.0;
/// How much prefectures and towns differ in their share of panel residents: of the logarithm.
const PREFECTURE_PANEL_SIGMA: f64 = 0.08;
const TOWN_PANEL_SIGMA: f64 = 0.08;
/// How much towns differ in growth a year: of the logarithm.
const GROWTH_SIGMA: f64 = 0.03;
/// Visits by calendar month; what winter resorts add to it.
const SEASON: [f64; 12] = [0.95, 0.85, 1.05, 1.0, 1.12, 0.9, 1.0, 1.3, 1.0, 1.05, 0.98, 0.9];
const WINTER: [f64; 12] = [0.9, 0.9, 0.5, -0.1, -0.3, -0.3, -0.3, -0.5, -0.3, -0.3, -0.2, 0.1];
/// Snow lies for a season north of here, and there is a resort in one town out of some.
const SNOW_LATITUDE: f64 = 36.0;
const RESORTS: f64 = 0.12;
/// Towns with an office that an operator named.
const OFFICES: f64 = 0.085;

/// A municipality as the model sees it.
pub(super) struct Town {
    pub(super) code: MunicipalityCode,
    /// Position of its prefecture.
    pub(super) prefecture: usize,
    /// Mean panel residents.
    pub(super) panel: f64,
    /// Mean ties in a window of twelve months, by prefecture of residence.
    pub(super) ties: [f64; PREFECTURES],
    /// Visits on a day off for each on a working day.
    pub(super) leisure: f64,
    /// Of visitors with a night, the share that sleeps there.
    pub(super) lodging: f64,
    /// Whether an operator named an office there.
    pub(super) has_office: bool,
    /// Ties for each of the purposes, as a share of those that may have it.
    pub(super) purposes: [f64; 4],
    /// Growth of what it draws, a year, of the logarithm.
    growth: f64,
    /// Visits by calendar month, with mean 1.
    season: [f64; 12],
}

impl Town {
    /// How its new ties of a month compare with those of a mean month in the first year.
    pub(super) fn trend(&self, month: Month, first: Month) -> f64 {
        (self.growth * f64::from(month.0 - first.0) / 12.0).exp()
    }

    /// How its visits of a month compare with those of a mean month.
    pub(super) fn season(&self, month: Month) -> f64 {
        self.season[month.0.rem_euclid(12) as usize]
    }

    fn new(municipality: &Municipality, seed: u64) -> Self {
        let code = municipality.code;
        let mut stream = Stream::new(seed, Use::Town, 0, code.number());
        let resort = municipality.latitude > SNOW_LATITUDE && stream.unit() < RESORTS;
        let (swing, winter) = (stream.factor(0.4), if resort { 0.5 + stream.unit() } else { 0.0 });
        let visits: [f64; 12] = std::array::from_fn(|month| {
            (1.0 + swing * (SEASON[month] - 1.0) + winter * WINTER[month]).max(0.2)
        });
        let mean = visits.iter().sum::<f64>() / 12.0;
        let panel = f64::from(municipality.population_2020) * stream.factor(TOWN_PANEL_SIGMA);
        let leisure = 1.2 + 1.6 * stream.unit();
        let growth = GROWTH_SIGMA * stream.normal();
        let mut stream = Stream::new(seed, Use::Traits, 0, code.number());
        let has_office = stream.unit() < OFFICES;
        Self {
            code,
            prefecture: position(code.prefecture()),
            panel,
            ties: [0.0; PREFECTURES],
            leisure,
            lodging: (0.25 + 0.2 * leisure + 0.1 * stream.normal()).clamp(0.2, 0.9),
            has_office,
            purposes: purposes::shares(&mut stream, has_office),
            growth,
            season: visits.map(|visit| visit / mean),
        }
    }
}

/// The position of a prefecture, from 0.
pub(super) fn position(prefecture: PrefectureCode) -> usize {
    usize::from(prefecture.number()) - 1
}

/// The ties that residents of each town are expected to have with each other one: what is told by municipality of
/// residence is drawn from it.
pub(super) struct Homes {
    ties: Vec<f32>,
    towns: usize,
}

impl Homes {
    /// Ties with a town, by town of residence.
    pub(super) fn of(&self, town: usize) -> &[f32] {
        &self.ties[town * self.towns..(town + 1) * self.towns]
    }
}

/// The towns of Japan, by code, and where their visitors live. Without a share of people in the panel everybody is
/// counted, and a town has as many as the census says.
pub(super) fn towns(seed: u64, panel_share: Option<f64>) -> (Vec<Town>, Homes) {
    let all = Register::japan().all();
    let mut towns: Vec<_> = all.iter().map(|municipality| Town::new(municipality, seed)).collect();
    match panel_share {
        Some(share) => share_out(all, &mut towns, seed, share),
        None => towns
            .iter_mut()
            .zip(all)
            .for_each(|(town, municipality)| town.panel = f64::from(municipality.population_2020)),
    }
    let homes = draw_visitors(all, &mut towns, seed);
    (towns, homes)
}

/// Lets towns and prefectures differ in their share of panel residents.
fn share_out(all: &[Municipality], towns: &mut [Town], seed: u64, panel_share: f64) {
    let people: f64 = all.iter().map(|municipality| f64::from(municipality.population_2020)).sum();
    let of_prefectures: [f64; PREFECTURES] = std::array::from_fn(|prefecture| {
        Stream::new(seed, Use::Prefecture, 0, prefecture as u32).factor(PREFECTURE_PANEL_SIGMA)
    });
    for town in &mut *towns {
        town.panel *= of_prefectures[town.prefecture];
    }
    let drawn: f64 = towns.iter().map(|town| town.panel).sum();
    for town in towns {
        town.panel *= panel_share * people / drawn;
    }
}

/// Spreads the ties of each town's residents over all destinations.
fn draw_visitors(all: &[Municipality], towns: &mut [Town], seed: u64) -> Homes {
    let attractions: Vec<_> = all
        .iter()
        .map(|municipality| {
            // A month of its own keeps the stream apart from the one of the town's other traits.
            let mut stream = Stream::new(seed, Use::Town, 1, municipality.code.number());
            let own = (ATTRACTION_SIGMA * stream.normal().clamp(-MOST_SIGMA, MOST_SIGMA)).exp();
            own * f64::from(municipality.population_2020).max(LEAST_POPULATION).powf(POPULATION_POWER)
        })
        .collect();
    let mut homes = Homes { ties: vec![0.0; towns.len() * towns.len()], towns: towns.len() };
    for (from, home) in all.iter().enumerate() {
        let pulls: Vec<_> = all.iter().zip(&attractions).map(|(to, draw)| draw * decay(home, to)).collect();
        let (panel, prefecture) = (towns[from].panel, towns[from].prefecture);
        let of_home = homes.ties.iter_mut().skip(from).step_by(homes.towns);
        for ((town, ties), chance) in towns.iter_mut().zip(of_home).zip(chances(pulls)) {
            town.ties[prefecture] += panel * chance;
            *ties = (panel * chance) as f32;
        }
    }
    homes
}

/// The chance of a tie with each town; together they are the ties of a device. A device has one tie with a
/// town however often the town draws it, so what a great neighbour draws beyond that goes to all others.
fn chances(pulls: Vec<f64>) -> Vec<f64> {
    const ROUNDS: usize = 12;
    let mut scale = TIES_A_DEVICE / pulls.iter().sum::<f64>();
    let chance = |scale: f64, pull: &f64| 1.0 - (-scale * pull).exp();
    for _ in 0..ROUNDS {
        scale *= TIES_A_DEVICE / pulls.iter().map(|pull| chance(scale, pull)).sum::<f64>();
    }
    pulls.iter().map(|pull| chance(scale, pull)).collect()
}

/// How much distance leaves of what a town draws.
fn decay(home: &Municipality, to: &Municipality) -> f64 {
    let km = distance_km((home.latitude, home.longitude), (to.latitude, to.longitude));
    if km < NEAREST_KM { 0.0 } else { (km + OFFSET_KM).powf(DISTANCE_POWER) }
}

/// The most populous municipality of each prefecture: it stands for the prefecture as an origin.
pub(super) fn representatives() -> Vec<MunicipalityCode> {
    let all = Register::japan().all();
    let largest = |prefecture: usize| {
        all.iter()
            .filter(|municipality| position(municipality.code.prefecture()) == prefecture)
            .max_by_key(|municipality| municipality.population_2020)
    };
    (0..PREFECTURES).filter_map(largest).map(|municipality| municipality.code).collect()
}
