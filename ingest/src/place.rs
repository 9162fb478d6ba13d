//! [`ValidPing`] → [`PlacedPing`]: in which H3 cell, in which municipality.
//!
//! In: a ping on the canonical grid. Out: the same with its place. The geography decides from the grid point,
//! not from the partner's digits, so that a replay places it the same way.

use kayoi_geography::Geography;
use kayoi_schemas::ping::{PlacedPing, ValidPing};

/// Places a ping.
pub fn place(geography: &Geography, ping: ValidPing) -> PlacedPing {
    let place = geography.place(ping.point.latitude(), ping.point.longitude());
    PlacedPing { ping, cell: place.cell, municipality: place.municipality }
}
