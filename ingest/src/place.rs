//! [`ValidPing`] → [`PlacedPing`]: in which H3 cell, in which municipality.
//!
//! In: pings on the canonical grid. Out: the same with their places, in the same order. The geography decides
//! from the grid point, not from the partner's digits, so that a replay places it the same way; it takes whole
//! columns, because its kernels do.

use kayoi_geography::Geography;
use kayoi_schemas::ping::{PlacedPing, ValidPing};

/// Places pings.
pub fn place(geography: &Geography, pings: Vec<ValidPing>) -> Vec<PlacedPing> {
    let latitudes: Vec<f64> = pings.iter().map(|ping| ping.point.latitude()).collect();
    let longitudes: Vec<f64> = pings.iter().map(|ping| ping.point.longitude()).collect();
    let mut places = Vec::with_capacity(pings.len());
    geography.append_places(&latitudes, &longitudes, &mut places);
    let placed = |(ping, place): (ValidPing, kayoi_geography::Place)| PlacedPing {
        ping,
        cell: place.cell,
        municipality: place.municipality,
        is_off_coast: place.is_off_coast,
    };
    pings.into_iter().zip(places).map(placed).collect()
}
