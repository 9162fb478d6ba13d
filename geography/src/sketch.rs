//! The sketch: municipalities without boundaries.
//!
//! In: the register's representative points. Out: the nearest one's municipality, of those whose reach it is in. **This is no border**: it is
//! wrong near every border by construction, and often kilometres away from it where a large municipality meets
//! a small one. It exists so that a newcomer can run the whole walk without downloading anything; every edition
//! text says that it is a sketch. Figures for anyone else need [`crate::import`].
//!
//! The sea is cut off at the larger of 5 km and 2.5 times the radius of a circle of the municipality's area.

use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::units::distance_km;
use rstar::RTree;
use rstar::primitives::GeomWithData;

use crate::Register;

/// Nothing is farther than this from its representative point, however small it is.
const LEAST_REACH_KM: f64 = 5.0;
/// Municipalities are longish; with less, capes and ends of islands would fall into the sea.
const REACH_PER_RADIUS: f64 = 2.5;

/// How many points are asked before a place counts as sea.
const NEIGHBOURS: usize = 8;

/// The representative points, as vectors on the unit sphere: there the nearest by chord is the nearest by
/// great circle, at every latitude.
pub(crate) struct Sketch {
    points: RTree<GeomWithData<[f64; 3], Reach>>,
}

#[derive(Debug, Clone, Copy)]
struct Reach {
    code: MunicipalityCode,
    latitude: f64,
    longitude: f64,
    reach_km: f64,
}

impl Sketch {
    pub(crate) fn of(register: &Register) -> Self {
        let points = register.all().iter().map(|municipality| {
            let radius_km = (municipality.area_km2 / std::f64::consts::PI).sqrt();
            let reach = Reach {
                code: municipality.code,
                latitude: municipality.latitude,
                longitude: municipality.longitude,
                reach_km: LEAST_REACH_KM.max(REACH_PER_RADIUS * radius_km),
            };
            GeomWithData::new(unit_vector(reach.latitude, reach.longitude), reach)
        });
        Self { points: RTree::bulk_load(points.collect()) }
    }

    pub(crate) fn municipality_at(&self, latitude: f64, longitude: f64) -> Option<MunicipalityCode> {
        let point = unit_vector(latitude, longitude);
        let reaches = |reach: &Reach| {
            distance_km((latitude, longitude), (reach.latitude, reach.longitude)) <= reach.reach_km
        };
        let nearest = self.points.nearest_neighbor(point)?.data;
        if reaches(&nearest) {
            return Some(nearest.code);
        }
        // Inland, a small village can be the nearest to land of a large town behind it.
        let mut others = self.points.nearest_neighbor_iter(point).take(NEIGHBOURS).map(|other| other.data);
        others.find(|other| reaches(other)).map(|reach| reach.code)
    }
}

fn unit_vector(latitude: f64, longitude: f64) -> [f64; 3] {
    let (sin_latitude, cos_latitude) = latitude.to_radians().sin_cos();
    let (sin_longitude, cos_longitude) = longitude.to_radians().sin_cos();
    [cos_latitude * cos_longitude, cos_latitude * sin_longitude, sin_latitude]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_representative_point_is_in_its_own_municipality() {
        let sketch = Sketch::of(Register::japan());
        for one in Register::japan().all() {
            assert_eq!(sketch.municipality_at(one.latitude, one.longitude), Some(one.code), "{}", one.name);
        }
    }

    #[test]
    fn the_open_sea_and_other_countries_are_in_none() {
        let sketch = Sketch::of(Register::japan());
        for (latitude, longitude) in
            [(39.0, 135.0), (30.0, 140.0), (37.5665, 126.978), (-33.0, -70.0), (90.0, 0.0)]
        {
            assert_eq!(sketch.municipality_at(latitude, longitude), None);
        }
    }
}
