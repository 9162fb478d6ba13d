//! Fields of the contract → places in a ping, for decoders that know a record's layout beforehand.
//!
//! In: the contract's name of a field. Out: its [`Slot`]. A layout is looked at once, so the name is turned
//! into a slot once; per record there is no text to compare.

use kayoi_schemas::ping::CONTRACT;

/// Where a contract field goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    /// The partner's identifier.
    DeviceId,
    /// The instant of the fix.
    Timestamp,
    /// Degrees north of the equator.
    Latitude,
    /// Degrees east of Greenwich.
    Longitude,
    /// Horizontal accuracy, metres.
    Accuracy,
    /// How the fix was made.
    Source,
    /// Version of the consent that the person gave.
    Consent,
    /// Speed over ground, metres per second.
    Speed,
    /// Age of the person.
    Age,
    /// Sex of the person.
    Sex,
    /// In the contract, but not kept.
    Unstored,
}

impl Slot {
    /// The place of a field of the contract.
    #[inline]
    pub(super) fn of(field: &str) -> Self {
        match field {
            "device_id" => Self::DeviceId,
            "timestamp" => Self::Timestamp,
            "latitude" => Self::Latitude,
            "longitude" => Self::Longitude,
            "horizontal_accuracy" => Self::Accuracy,
            "source" => Self::Source,
            "consent" => Self::Consent,
            "speed" => Self::Speed,
            "age_band" => Self::Age,
            "sex" => Self::Sex,
            _ => Self::Unstored,
        }
    }

    /// The place of a name of the contract; `None` for another name.
    #[inline]
    pub(super) fn named(name: &str) -> Option<Self> {
        match Self::of(name) {
            Self::Unstored => CONTRACT.iter().any(|field| field.name == name).then_some(Self::Unstored),
            kept => Some(kept),
        }
    }

    /// Places whose value is left out when it cannot be read, or when there are two.
    pub(super) const LENIENT: [Self; 3] = [Self::Speed, Self::Age, Self::Sex];

    /// Whether the value is left out where another's would be a reason against its record. A fix is worth as much
    /// without a speed or a word of its person, and records were read whatever stood there before these were kept.
    #[inline]
    pub(super) fn is_lenient(self) -> bool {
        matches!(self, Self::Speed | Self::Age | Self::Sex)
    }

    /// Whether a value that cannot be read, or a second one, is a reason against its record.
    #[inline]
    pub(super) fn is_strict(self) -> bool {
        !self.is_lenient() && self != Self::Unstored
    }

    /// A bit of its own; none for what is not kept, which may stand as often as it likes.
    pub(super) fn bit(self) -> u16 {
        match self {
            Self::Unstored => 0,
            kept => 1 << kept as u8,
        }
    }

    /// The contract's name; none for what is not kept.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::DeviceId => "device_id",
            Self::Timestamp => "timestamp",
            Self::Latitude => "latitude",
            Self::Longitude => "longitude",
            Self::Accuracy => "horizontal_accuracy",
            Self::Source => "source",
            Self::Consent => "consent",
            Self::Speed => "speed",
            Self::Age => "age_band",
            Self::Sex => "sex",
            Self::Unstored => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_field_of_the_contract_is_read_and_not_kept() {
        let unstored =
            CONTRACT.iter().map(|field| field.name).filter(|name| Slot::of(name) == Slot::Unstored);
        assert_eq!(unstored.collect::<Vec<_>>(), ["os"]);
        assert_eq!((Slot::named("os"), Slot::named("velocity")), (Some(Slot::Unstored), None));
    }

    #[test]
    fn a_slot_has_the_name_of_its_field() {
        for field in CONTRACT.iter().filter(|field| Slot::of(field.name) != Slot::Unstored) {
            assert_eq!(Slot::of(field.name).name(), field.name);
            assert_eq!(Slot::named(field.name), Some(Slot::of(field.name)));
        }
    }

    #[test]
    fn no_field_that_is_required_is_lenient() {
        for field in CONTRACT {
            let slot = Slot::of(field.name);
            assert_eq!(slot.is_lenient(), Slot::LENIENT.contains(&slot), "{}", field.name);
            assert!(!(slot.is_lenient() && field.required), "{}", field.name);
        }
    }
}
