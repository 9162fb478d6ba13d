//! The land: towns, where visitors go, and points in towns that exist on the ground.
//!
//! In: the ground and the world's region. Out: draws of towns and points. People are drawn from the
//! destination backwards (first the town, then a home that suits it): so a small region gets its dozens of
//! visitors of each kind from the whole country, near places more than far ones.

use std::collections::HashMap;
use std::sync::OnceLock;

use kayoi_geography::Neighbours;
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::units::distance_km;
use kayoi_schemas::units::near::METRES_PER_DEGREE;
use rand::Rng;
use rand::rngs::SmallRng;

use crate::error::SimulateError;
use crate::ground::{Ground, Town};
use crate::random::{Purpose, between, chance, generator, normal_pair, running_sums, weighted};
use crate::world::{Ways, World};

/// Kilometres of a degree of latitude.
pub(crate) const KM_PER_DEGREE: f64 = METRES_PER_DEGREE / 1_000.0;
/// Places of a town that visitors share.
const SPOTS: usize = 24;
/// Which of them is the satellite office of a town in real lives.
const OFFICE: usize = 7;
/// Terminals with flights from abroad, degrees: New Chitose, Narita, Haneda, Chubu, Kansai, Fukuoka, Naha.
const AIRPORTS: [(f64, f64); 7] = [
    (42.787, 141.681),
    (35.771, 140.388),
    (35.549, 139.768),
    (34.859, 136.814),
    (34.434, 135.244),
    (33.584, 130.443),
    (26.206, 127.651),
];
/// An airport on fill that rough borders leave out belongs to the town whose middle is as near as this.
const AIRPORT_TOWN_KM: f64 = 25.0;

/// A point of the true world, with the town it lies in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spot {
    /// Degrees north, WGS 84.
    pub latitude: f64,
    /// Degrees east, WGS 84.
    pub longitude: f64,
    /// Its municipality, wards rolled up to their city.
    pub town: MunicipalityCode,
}

impl Spot {
    /// Great-circle distance, kilometres.
    pub(crate) fn distance_km(&self, other: &Spot) -> f64 {
        distance_km((self.latitude, self.longitude), (other.latitude, other.longitude))
    }
}

/// From how far people come: least and greatest distance between towns, and how fast numbers fall with it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reach {
    /// A trip: 25 to 900 km, half of the people within about 150 km.
    Visit,
    /// A second residence: 12 to 300 km, mostly within two hours (FRK: 40 % in the same prefecture).
    Second,
}

impl Reach {
    pub(crate) fn range_km(self) -> (f64, f64) {
        match self {
            Self::Visit => (25.0, 900.0),
            Self::Second => (12.0, 300.0),
        }
    }

    fn weight(self, distance_km: f64) -> f64 {
        let (least, greatest) = self.range_km();
        if !(least..=greatest).contains(&distance_km) {
            return 0.0;
        }
        match self {
            Self::Visit => 1.0 / (1.0 + (distance_km / 150.0).powf(1.5)),
            Self::Second => (-distance_km / 60.0).exp(),
        }
    }
}

/// The towns and their points.
pub(crate) struct Land<'g> {
    ground: &'g dyn Ground,
    seed: u64,
    ways: Ways,
    towns: Vec<Town>,
    index: HashMap<MunicipalityCode, usize>,
    population_sums: Vec<f64>,
    region: Vec<usize>,
    region_sums: Vec<f64>,
    region_population_sums: Vec<f64>,
    origins: [Vec<OnceLock<Vec<f64>>>; 2],
    spots: Vec<OnceLock<Vec<Spot>>>,
    airports: OnceLock<Vec<Spot>>,
    neighbours: OnceLock<Neighbours>,
}

impl<'g> Land<'g> {
    /// Lays out the towns and the region.
    ///
    /// # Errors
    /// [`SimulateError::Region`] for a destination that is neither prefecture nor municipality.
    pub(crate) fn new(world: &World, ground: &'g dyn Ground) -> Result<Self, SimulateError> {
        let towns = ground.towns();
        let index: HashMap<_, _> = towns.iter().enumerate().map(|(i, town)| (town.code, i)).collect();
        let mut region = Vec::new();
        for text in &world.region {
            let unknown = || SimulateError::Region { text: text.clone() };
            if text.len() <= 2 {
                let prefecture = kayoi_schemas::ids::PrefectureCode::parse(text).map_err(|_| unknown())?;
                region.extend((0..towns.len()).filter(|&i| towns[i].code.prefecture() == prefecture));
            } else {
                let code = MunicipalityCode::parse(text).map_err(|_| unknown())?;
                region.push(*index.get(&ground.town_of(code)).ok_or_else(unknown)?);
            }
        }
        let whole_country = region.is_empty();
        region.extend((0..towns.len()).filter(|_| whole_country));
        region.sort_unstable();
        region.dedup();
        let area: f64 = towns.iter().map(|town| town.area_km2).sum();
        let population: f64 = towns.iter().map(|town| town.population).sum();
        let pull = |town: &Town| (town.population / population + town.area_km2 / area) / 2.0;
        // In a chosen region the root keeps small towns visible beside cities.
        let flattened = |weight: f64| if whole_country { weight } else { weight.sqrt() };
        Ok(Self {
            ground,
            seed: world.seed,
            ways: world.ways,
            population_sums: running_sums(towns.iter().map(|town| town.population)),
            region_sums: running_sums(region.iter().map(|&i| flattened(pull(&towns[i])))),
            region_population_sums: running_sums(region.iter().map(|&i| flattened(towns[i].population))),
            origins: [(); 2].map(|()| towns.iter().map(|_| OnceLock::new()).collect()),
            spots: towns.iter().map(|_| OnceLock::new()).collect(),
            airports: OnceLock::new(),
            neighbours: OnceLock::new(),
            region,
            index,
            towns,
        })
    }

    /// The index of a town's code; a code without a town (所属未定地) gives `None`.
    pub(crate) fn town_index(&self, code: MunicipalityCode) -> Option<usize> {
        self.index.get(&code).copied()
    }

    /// The code of a town.
    pub(crate) fn code(&self, town: usize) -> MunicipalityCode {
        self.towns[town].code
    }

    /// The codes of all towns.
    pub(crate) fn codes(&self) -> impl Iterator<Item = MunicipalityCode> {
        self.towns.iter().map(|town| town.code)
    }

    /// The seed that the land was laid out with.
    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    /// How people travel in it.
    pub(crate) fn ways(&self) -> Ways {
        self.ways
    }

    /// The town of a point in degrees; `None` at sea and abroad.
    pub(crate) fn town_at(&self, latitude: f64, longitude: f64) -> Option<MunicipalityCode> {
        self.ground.town_at(latitude, longitude)
    }

    /// The representative point of the town with most people within a distance, where its station is.
    pub(crate) fn largest_near(&self, (latitude, longitude): (f64, f64), km: f64) -> Option<(f64, f64)> {
        let reach = km / KM_PER_DEGREE;
        let narrow = latitude.to_radians().cos();
        let is_near = |town: &&Town| {
            let (north, east) = (town.latitude - latitude, narrow * (town.longitude - longitude));
            north.abs() <= reach && north * north + east * east <= reach * reach
        };
        let near = self.towns.iter().filter(is_near);
        let largest = near.max_by(|a, b| a.population.total_cmp(&b.population))?;
        Some((largest.latitude, largest.longitude))
    }

    /// Whether two towns lie side by side.
    pub(crate) fn are_neighbours(&self, a: MunicipalityCode, b: MunicipalityCode) -> bool {
        self.neighbours.get_or_init(|| self.ground.neighbours()).are(a, b)
    }

    /// Distance between the representative points of two towns, kilometres; infinite for an unknown code.
    pub(crate) fn towns_apart_km(&self, a: MunicipalityCode, b: MunicipalityCode) -> f64 {
        match (self.town_index(a), self.town_index(b)) {
            (Some(a), Some(b)) => self.apart_km(a, b),
            _ => f64::INFINITY,
        }
    }

    fn apart_km(&self, a: usize, b: usize) -> f64 {
        let point = |i: usize| (self.towns[i].latitude, self.towns[i].longitude);
        distance_km(point(a), point(b))
    }

    /// A town by population.
    pub(crate) fn anywhere(&self, rng: &mut SmallRng) -> usize {
        weighted(rng, &self.population_sums).unwrap_or_default()
    }

    /// A town of the region by population, as where residents live.
    pub(crate) fn inhabited(&self, rng: &mut SmallRng) -> usize {
        self.region[weighted(rng, &self.region_population_sums).unwrap_or_default()]
    }

    /// A town of the region by a mix of population and area, as where visitors go.
    pub(crate) fn destination(&self, rng: &mut SmallRng) -> usize {
        self.region[weighted(rng, &self.region_sums).unwrap_or_default()]
    }

    /// A destination for somebody who lives in `home`; `None` when the region has none in reach.
    pub(crate) fn destination_from(&self, rng: &mut SmallRng, home: MunicipalityCode) -> Option<usize> {
        let home = self.town_index(home)?;
        let nearest = Reach::Visit.weight(Reach::Visit.range_km().0);
        let mut last = None;
        for _ in 0..40 {
            let town = self.destination(rng);
            let weight = Reach::Visit.weight(self.apart_km(home, town)) / nearest;
            if weight > 0.0 {
                last = Some(town);
                if chance(rng, weight) {
                    return last;
                }
            }
        }
        last
    }

    /// The town where somebody lives who comes to `destination`.
    pub(crate) fn origin(&self, rng: &mut SmallRng, destination: usize, reach: Reach) -> Option<usize> {
        let sums = self.origins[reach as usize][destination].get_or_init(|| {
            let weight = |i: usize| self.towns[i].population * reach.weight(self.apart_km(i, destination));
            running_sums((0..self.towns.len()).map(weight))
        });
        weighted(rng, sums)
    }

    /// Another town within a distance of a town, each with the same chance: where a campervan goes next.
    pub(crate) fn nearby(&self, rng: &mut SmallRng, town: usize, greatest_km: f64) -> usize {
        let near: Vec<usize> = (0..self.towns.len())
            .filter(|&other| other != town && self.apart_km(town, other) <= greatest_km)
            .collect();
        crate::random::one_of(rng, &near).unwrap_or(town)
    }

    /// Another town within a range of a town, by population; `None` when there is none.
    pub(crate) fn within(
        &self,
        rng: &mut SmallRng,
        town: MunicipalityCode,
        range_km: (f64, f64),
    ) -> Option<usize> {
        let town = self.town_index(town)?;
        let (least_km, greatest_km) = range_km;
        let suits = |other: usize| (least_km..=greatest_km).contains(&self.apart_km(town, other));
        let weight =
            |other: usize| if other != town && suits(other) { self.towns[other].population } else { 0.0 };
        weighted(rng, &running_sums((0..self.towns.len()).map(weight)))
    }

    /// Where people land from abroad. A ground without any of the airports has one in the middle of the town that
    /// is nearest to it.
    pub(crate) fn airports(&self) -> &[Spot] {
        self.airports
            .get_or_init(|| AIRPORTS.iter().filter_map(|airport| self.at_or_near(*airport)).collect())
    }

    fn at_or_near(&self, (latitude, longitude): (f64, f64)) -> Option<Spot> {
        if let Some(town) = self.ground.town_at(latitude, longitude) {
            return Some(Spot { latitude, longitude, town });
        }
        let km = |town: usize| {
            distance_km((latitude, longitude), (self.towns[town].latitude, self.towns[town].longitude))
        };
        let nearest = (0..self.towns.len()).min_by(|a, b| km(*a).total_cmp(&km(*b)))?;
        if km(nearest) <= AIRPORT_TOWN_KM {
            return Some(Spot { latitude, longitude, town: self.code(nearest) });
        }
        Some(self.centre(nearest))
    }

    /// The satellite office of a town, one of its places.
    pub(crate) fn office(&self, town: usize) -> Spot {
        self.spots(town)[OFFICE]
    }

    /// A point where somebody lives: near the town's representative point, in whatever municipality the
    /// ground says. `beside_border` moves it to within a few hundred metres of where the municipality
    /// changes.
    pub(crate) fn home(&self, rng: &mut SmallRng, town: usize, beside_border: bool) -> Spot {
        let home = (0..40).find_map(|_| self.scattered(rng, town, 0.4)).unwrap_or_else(|| self.centre(town));
        if beside_border { self.border_near(rng, home).unwrap_or(home) } else { home }
    }

    /// A point that surely lies in the town.
    pub(crate) fn point_in(&self, rng: &mut SmallRng, town: usize) -> Spot {
        let code = self.towns[town].code;
        let inside = |spot: &Spot| spot.town == code;
        (0..40)
            .find_map(|_| self.scattered(rng, town, 0.3).filter(inside))
            .unwrap_or_else(|| self.centre(town))
    }

    /// The places of a town that its visitors share.
    pub(crate) fn spots(&self, town: usize) -> &[Spot] {
        self.spots[town].get_or_init(|| {
            let code = u64::from(self.towns[town].code.number());
            let mut rng = generator(self.seed, code, 0, Purpose::Spots);
            (0..SPOTS).map(|_| self.point_in(&mut rng, town)).collect()
        })
    }

    /// A point at some distance of another, on land; short distances are commoner.
    pub(crate) fn around(
        &self,
        rng: &mut SmallRng,
        from: Spot,
        least_km: f64,
        greatest_km: f64,
    ) -> Option<Spot> {
        (0..20).find_map(|_| {
            let distance = least_km * (greatest_km / least_km).powf(rng.random());
            let (sine, cosine) = between(rng, 0.0, std::f64::consts::TAU).sin_cos();
            self.moved(from, distance * cosine, distance * sine)
        })
    }

    fn centre(&self, town: usize) -> Spot {
        let Town { code, latitude, longitude, .. } = self.towns[town];
        Spot { latitude, longitude, town: self.ground.town_at(latitude, longitude).unwrap_or(code) }
    }

    fn scattered(&self, rng: &mut SmallRng, town: usize, reach: f64) -> Option<Spot> {
        let Town { code, latitude, longitude, area_km2, .. } = self.towns[town];
        let radius = reach * area_km2.sqrt();
        let (north, east) = normal_pair(rng);
        let bounded = |normal: f64| (normal / 2.0).clamp(-1.0, 1.0) * radius;
        self.moved(Spot { latitude, longitude, town: code }, bounded(north), bounded(east))
    }

    fn moved(&self, from: Spot, north_km: f64, east_km: f64) -> Option<Spot> {
        let latitude = from.latitude + north_km / KM_PER_DEGREE;
        let longitude = from.longitude + east_km / (KM_PER_DEGREE * from.latitude.to_radians().cos());
        let town = self.ground.town_at(latitude, longitude)?;
        Some(Spot { latitude, longitude, town })
    }

    /// Walks in one direction until the municipality changes, halves the last step, and steps back a little.
    fn border_near(&self, rng: &mut SmallRng, home: Spot) -> Option<Spot> {
        let (sine, cosine) = between(rng, 0.0, std::f64::consts::TAU).sin_cos();
        let at = |km: f64| self.moved(home, km * cosine, km * sine).filter(|spot| spot.town == home.town);
        let (mut inside, mut outside) = (0..40).map(|step| f64::from(step) * 0.5).find_map(|km| {
            let leaves = at(km).is_some() && at(km + 0.5).is_none();
            leaves.then_some((km, km + 0.5))
        })?;
        while outside - inside > 0.02 {
            let middle = (inside + outside) / 2.0;
            if at(middle).is_some() { inside = middle } else { outside = middle }
        }
        at((inside - between(rng, 0.03, 0.3)).max(0.0))
    }
}
