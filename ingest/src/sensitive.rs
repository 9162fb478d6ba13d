//! [`ValidPing`] → [`KeptPing`], or nothing when it lies in a place that the operator calls sensitive.
//!
//! In: a valid ping, still under the partner's identifier, and the operator's list of places. Out: the ping, for
//! `pseudonymize` and nobody else. A ping that lies in such a place ends here, before it has a pseudonym and a
//! row in any table: it leaves no [`Rejection`](crate::rejection::Rejection) with an offset, by which it could
//! be looked up, but one more of a count. A ping is in a place when it may be there for how exact it is: on the
//! border, and as far outside as its accuracy says.

use std::path::Path;

use kayoi_geography::{Fence, Offices, OfficesError};

use crate::validate::{CheckedFix, ValidPing};

/// The places whose pings are dropped.
#[derive(Debug, Default)]
pub struct SensitivePlaces(Fence);

/// A valid ping that lies in no sensitive place. Only [`SensitivePlaces::keep`] makes one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KeptPing<'p>(ValidPing<'p>);

impl SensitivePlaces {
    /// No places: every ping is kept.
    pub fn none() -> Self {
        Self::default()
    }

    /// Reads a file of places, CSV or GeoJSON, as [`Offices::read`] does.
    ///
    /// # Errors
    /// [`OfficesError`]; one bad place fails the file, because pings in a place that is left out would be stored.
    pub fn read(path: &Path) -> Result<Self, OfficesError> {
        Ok(Self(Fence::around(Offices::read(path)?)))
    }

    /// How many places there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The ping, unless it may lie in one of the places.
    pub fn keep<'p>(&self, ping: ValidPing<'p>) -> Option<KeptPing<'p>> {
        (!self.holds(&ping.fix())).then_some(KeptPing(ping))
    }

    fn holds(&self, fix: &CheckedFix) -> bool {
        self.0.holds(fix.point(), f64::from(fix.accuracy_m().unwrap_or_default()))
    }
}

impl KeptPing<'_> {
    /// The partner's identifier, for the one who hides it.
    pub(crate) fn device_id(&self) -> &str {
        self.0.device_id()
    }

    /// What remains when the identifier is gone.
    pub(crate) fn fix(&self) -> CheckedFix {
        self.0.fix()
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use kayoi_schemas::ping::Ping;
    use kayoi_schemas::time::UtcMillis;

    use super::*;
    use crate::validate::{Rules, validate};

    /// A clinic with a radius of 50 m.
    fn clinic() -> SensitivePlaces {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("places.csv");
        std::fs::write(&path, "name,latitude,longitude,radius_m\nClinic,36.0451234,138.1171234,50\n")
            .unwrap();
        SensitivePlaces::read(&path).unwrap()
    }

    fn is_kept(places: &SensitivePlaces, latitude: f64, accuracy_m: Option<f64>) -> bool {
        let ping = Ping {
            device_id: Some(Cow::Borrowed("6d92078a-8246-4ba4-ae5b-76104861e7dc")),
            timestamp_ms: Some(1_780_000_000_000),
            latitude: Some(latitude),
            longitude: Some(138.117_123_4),
            accuracy_m,
            ..Ping::default()
        };
        let valid = validate(&ping, &Rules::default(), UtcMillis(1_790_000_000_000)).unwrap();
        places.keep(valid).is_some()
    }

    #[test]
    fn a_ping_that_may_be_in_a_place_is_dropped() {
        let (centre, north) = (36.045_123_4, 36.045_843_4);
        assert_eq!(clinic().len(), 1);
        assert!(!is_kept(&clinic(), centre, None) && !is_kept(&clinic(), centre, Some(5.0)));
        // 80 m north of the centre, so 30 m outside.
        assert!(is_kept(&clinic(), north, None) && is_kept(&clinic(), north, Some(20.0)));
        assert!(!is_kept(&clinic(), north, Some(40.0)));
    }

    #[test]
    fn without_places_every_ping_is_kept() {
        let none = SensitivePlaces::none();
        assert!(none.is_empty() && is_kept(&none, 36.045_123_4, Some(200.0)));
    }
}
