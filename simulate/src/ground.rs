//! What the simulation needs to know of the ground: which municipalities there are and which one a point is
//! in.
//!
//! In: the geography. Out: two questions answered. The trait lets the tests stand on a chessboard of towns,
//! whose answers can be checked by eye.

use kayoi_geography::{Geography, Register};
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
}
