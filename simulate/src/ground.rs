//! What the simulation needs to know of the ground: which municipalities there are and which one a point is
//! in.
//!
//! In: the geography. Out: two questions answered. The trait lets the tests stand on a chessboard of towns,
//! whose answers can be checked by eye.

use kayoi_geography::{Geography, Neighbours, Register};
use kayoi_schemas::ids::MunicipalityCode;

/// A municipality as a place to live in and to visit. Wards of designated cities are one town.
#[derive(Debug, Clone)]
pub(crate) struct Town {
    pub code: MunicipalityCode,
    /// Degrees, a point well inside.
    pub latitude: f64,
    /// Degrees, a point well inside.
    pub longitude: f64,
    pub area_km2: f64,
    pub population: f64,
}

/// The ground under the world.
pub(crate) trait Ground: Sync {
    /// All towns, in a fixed order.
    fn towns(&self) -> Vec<Town>;
    /// The town of a point in degrees; `None` at sea and abroad.
    fn town_at(&self, latitude: f64, longitude: f64) -> Option<MunicipalityCode>;
    /// The town a code belongs to: the city of a ward, else the code itself.
    fn town_of(&self, code: MunicipalityCode) -> MunicipalityCode;
    /// The towns that lie side by side; none on ground that only tests know.
    fn neighbours(&self) -> Neighbours {
        Neighbours::default()
    }
}

impl Ground for Geography {
    fn towns(&self) -> Vec<Town> {
        let towns = Register::japan().all().iter();
        let towns = towns.filter(|m| Register::japan().basic(m.code) == m.code).map(|m| Town {
            code: m.code,
            latitude: m.latitude,
            longitude: m.longitude,
            area_km2: m.area_km2,
            population: f64::from(m.population_2020),
        });
        towns.collect()
    }

    fn town_at(&self, latitude: f64, longitude: f64) -> Option<MunicipalityCode> {
        self.municipality_at(latitude, longitude).map(|code| Register::japan().basic(code))
    }

    fn town_of(&self, code: MunicipalityCode) -> MunicipalityCode {
        Register::japan().basic(code)
    }

    fn neighbours(&self) -> Neighbours {
        Neighbours::of_borders(self)
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;
    use rand::rngs::SmallRng;

    use super::*;
    use crate::land::Land;
    use crate::world::World;

    #[test]
    fn people_and_places_stand_on_the_land_of_the_borders_that_ship() {
        let geography = Geography::simplified().unwrap();
        let land = Land::new(&World::default(), &geography).unwrap();
        let mut random = SmallRng::seed_from_u64(3);
        // 利島村 is an island of 4 km², 鹿児島市 lies around a bay, and 対馬市 has the most ragged coast.
        for code in [13_362, 46_201, 42_209, 13_101].map(MunicipalityCode::from_number) {
            let town = land.town_index(code.unwrap()).unwrap();
            let own = |spot: &crate::land::Spot| geography.town_at(spot.latitude, spot.longitude) == code;
            assert!(land.spots(town).iter().all(own), "{code:?}");
            for _ in 0..50 {
                let home = land.home(&mut random, town, true);
                assert_eq!(geography.town_at(home.latitude, home.longitude), Some(home.town));
            }
        }
    }
}
