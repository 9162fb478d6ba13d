//! [`PseudonymousPing`] → [`PlacedPing`]: in which H3 cell, in which municipality.
//!
//! In: pings on the canonical grid. Out: the same with their places, in the same order. The geography decides
//! from the grid point, not from the partner's digits, so that a replay places it the same way; it takes
//! whole columns, because its kernels do.

use std::ops::Deref;

use kayoi_geography::{Geography, Place};
use kayoi_schemas::ids::{Cell, MunicipalityCode};

use crate::pseudonymize::PseudonymousPing;

/// A ping that can be stored.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct PlacedPing {
    ping: PseudonymousPing,
    /// H3 cell at [`Cell::STORED_RESOLUTION`].
    pub(crate) cell: Cell,
    /// `None`: in no municipality (sea, abroad).
    pub(crate) municipality: Option<MunicipalityCode>,
    /// Whether no land covers it and the municipality is the nearest one. Counted, not stored.
    pub(crate) is_off_coast: bool,
}

impl PlacedPing {
    /// A ping at its place.
    pub(crate) fn new(ping: PseudonymousPing, place: Place) -> Self {
        let Place { cell, municipality, is_off_coast } = place;
        Self { ping, cell, municipality, is_off_coast }
    }
}

impl Deref for PlacedPing {
    type Target = PseudonymousPing;

    #[inline]
    fn deref(&self) -> &PseudonymousPing {
        &self.ping
    }
}

/// Finds the place of each ping.
pub(crate) fn place(geography: &Geography, pings: Vec<PseudonymousPing>) -> Vec<PlacedPing> {
    let latitudes: Vec<f64> = pings.iter().map(|ping| ping.point().latitude()).collect();
    let longitudes: Vec<f64> = pings.iter().map(|ping| ping.point().longitude()).collect();
    let mut places = Vec::with_capacity(pings.len());
    geography.append_places(&latitudes, &longitudes, &mut places);
    pings.into_iter().zip(places).map(|(ping, place)| PlacedPing::new(ping, place)).collect()
}
