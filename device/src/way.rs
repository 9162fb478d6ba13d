//! The way to work, by which a visit is told from passing by.
//!
//! In: two points of one device. Out: whether a third lies on the way between them or beside it. The points never leave
//! this crate.

use kayoi_schemas::units::distance_km;

/// A place lies on the way when the way over it is at most this many times as long as the straight line.
const ON_THE_WAY: f64 = 1.25;
/// Kilometres of detour that are on the way in any case: a station or a school need not lie on a short way.
const ON_THE_WAY_KM: f64 = 3.0;

/// A way between two points, degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Way {
    from: (f64, f64),
    to: (f64, f64),
}

impl Way {
    /// A way from a point to a point.
    pub(crate) fn new(from: (f64, f64), to: (f64, f64)) -> Self {
        Self { from, to }
    }

    /// Whether a point lies on or beside the way: it lengthens it by less than a quarter, or by 3 km.
    pub(crate) fn passes(&self, point: (f64, f64)) -> bool {
        let straight = distance_km(self.from, self.to);
        distance_km(self.from, point) + distance_km(point, self.to)
            <= (ON_THE_WAY * straight).max(straight + ON_THE_WAY_KM)
    }

    /// Whether the way itself leads by a point, which lengthens it by less than a quarter, however short it is.
    pub(crate) fn runs_by(&self, point: (f64, f64)) -> bool {
        distance_km(self.from, point) + distance_km(point, self.to)
            <= ON_THE_WAY * distance_km(self.from, self.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_passes_what_lies_between_and_beside_it_and_not_what_lies_beyond() {
        let way = Way::new((35.7, 139.7), (35.4, 139.7));
        assert!(way.passes((35.55, 139.7)) && way.passes((35.55, 139.8)));
        assert!(way.passes((35.7, 139.7)) && way.passes((35.4, 139.7)));
        assert!(!way.passes((35.1, 139.7)) && !way.passes((35.55, 140.2)));
        // A short way still passes the streets around it.
        let short = Way::new((35.7, 139.7), (35.71, 139.7));
        assert!(short.passes((35.70, 139.71)) && !short.passes((35.70, 139.75)));
        // It does not lead there; and no way leads from a house to itself.
        assert!(short.runs_by((35.705, 139.7)) && !short.runs_by((35.70, 139.71)));
        assert!(!Way::new((35.7, 139.7), (35.7, 139.7)).runs_by((35.7, 139.705)));
    }
}
