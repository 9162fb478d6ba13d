//! What splits a cube beside period, area and origin.
//!
//! In: values of a device. Out: a [`Class`], the values of a cube's dimensions in its declared order, and its
//! text, as `visit_days=3/rung=connected`. Every dimension is a property that a device has exactly one value
//! of, so the counts of all classes add up to the devices.

#[cfg(doc)]
use super::kind::CountedKind;
use super::kind::Rung;
#[cfg(doc)]
use crate::person::{AgeClass, Sex};

/// A property that splits a cube.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimension {
    /// Class of visit days in the window, by its lower end.
    VisitDays,
    /// How often a device comes; the value is that of [`Rung`] as a number.
    Rung,
    /// Whether it lives there too: 0 or 1.
    DualResident,
    /// Whether it works there away from home: 0 or 1.
    Workation,
    /// 0 for weekdays, 1 for weekends and national holidays.
    DayType,
    /// What is known of where a device lives; the value is that of [`crate::standing::Standing`].
    Standing,
    /// What a tie is for beside dual residence and workation: the sum of the bits of [`CountedKind::PURPOSES`].
    Purposes,
    /// Where people live, seen from the area: there, in its prefecture, in its 地方ブロック, beyond.
    Group,
    /// Where the nights around a visit were slept.
    Pattern,
    /// Nights of a visit.
    StayNights,
    /// Hours of a day trip.
    StayHours,
    /// Clock hour.
    Hour,
    /// One of the hours that RESAS has for 滞在人口.
    ResasHour,
    /// What binds another municipality to a visit.
    Direction,
    /// Hours of the day, as MLIT has them.
    Band,
    /// How many municipalities a trip visited.
    TripSize,
    /// Whether the area is where people live or where they work.
    Side,
    /// Kind of tie, but for classes of days.
    Kind,
    /// Whether people come for the first time in a year or again.
    Comes,
    /// Users of an office by where they live and whether they came before.
    OfficeUser,
    /// Rhythm of the nights at a second residence.
    Regime,
    /// How many municipalities a person is connected to.
    Municipalities,
    /// Visitors, and of them who is connected, and who lives there too.
    MainKind,
    /// How far apart homes may lie that go to the same half: meshes of 125 m, or of 500 m.
    HomeMesh,
    /// One of two halves of all homes, by lot.
    Half,
    /// Age of a person; the first words are those of [`AgeClass`].
    AgeBand,
    /// Sex of a person; the first words are those of [`Sex`].
    Sex,
    /// Working days on which a commuter was seen, of three months; the value is that of [`crate::telework::HomeDays`].
    DaysSeen,
    /// Share of these days that was spent at home, likewise, percent.
    HomeShare,
    /// How far away people work, straight; the value is that of [`crate::rebound::Share`].
    DistanceBand,
}

impl Dimension {
    /// The word in `indicators.class`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::VisitDays => "visit_days",
            Self::Rung => "rung",
            Self::DualResident => "dual_resident",
            Self::Workation => "workation",
            Self::DayType => "day_type",
            Self::Standing => "standing",
            Self::Purposes => "purposes",
            Self::Group => "group",
            Self::Pattern => "pattern",
            Self::StayNights => "stay_nights",
            Self::StayHours => "stay_hours",
            Self::Hour => "hour",
            Self::ResasHour => "resas_hour",
            Self::Direction => "direction",
            Self::Band => "band",
            Self::TripSize => "trip_size",
            Self::Side => "side",
            Self::Kind => "kind",
            Self::Comes => "comes",
            Self::OfficeUser => "office_user",
            Self::Regime => "regime",
            Self::Municipalities => "municipalities",
            Self::MainKind => "main_kind",
            Self::HomeMesh => "home_mesh",
            Self::Half => "half",
            Self::AgeBand => "age_band",
            Self::Sex => "sex",
            Self::DaysSeen => "days_seen",
            Self::HomeShare => "home_share",
            Self::DistanceBand => "distance_band",
        }
    }

    /// The words of its values, from 0 on; none where a value is a number or has a type of its own.
    pub const fn words(self) -> &'static [&'static str] {
        match self {
            Self::VisitDays
            | Self::Rung
            | Self::DualResident
            | Self::Workation
            | Self::Standing
            | Self::Purposes => &[],
            Self::DayType => &["weekday", "holiday"],
            Self::Group => &["resident", "inside", "same_block", "other_block"],
            Self::Pattern => &["day_trip", "overnight_here", "overnight_elsewhere", "both", "not_known"],
            Self::StayNights => &["1", "2", "3", "4_6", "7_plus"],
            Self::StayHours => &["under_2", "2_4", "4_6", "6_plus"],
            Self::Hour => &[
                "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16",
                "17", "18", "19", "20", "21", "22", "23",
            ],
            Self::ResasHour => &["4", "10", "14", "20"],
            Self::Direction => &["before", "after", "lodging", "entry", "slept"],
            Self::Band => &["day", "night", "all"],
            Self::TripSize => &["1", "2", "3", "4_plus"],
            Self::Side => &["residence", "workplace"],
            Self::Kind => &[
                "visitor",
                "repeat",
                "connected",
                "dual_resident",
                "workation",
                "satellite_office",
                "itinerant",
                "business",
                "seasonal_worker",
            ],
            Self::Comes => &["first", "returning"],
            Self::OfficeUser => &["local", "outside_first", "outside_returning"],
            Self::Regime => &["weekly", "weekend", "alternate", "monthly", "seasonal", "blocks"],
            Self::Municipalities => &["1", "2", "3", "4_plus"],
            Self::MainKind => &["visitor", "connected", "dual_resident"],
            Self::HomeMesh => &["125m", "500m"],
            Self::Half => &["one", "other"],
            Self::AgeBand => &["15-29", "30-44", "45-54", "55-64", "65+", "unknown"],
            Self::Sex => &["male", "female", "unknown"],
            Self::DaysSeen => &["under_15", "15_29", "30_44", "45_plus"],
            Self::HomeShare => &["up_to_4", "4_10", "10_18", "18_30", "30_50", "50_plus"],
            Self::DistanceBand => &["under_5", "5_10", "10_20", "20_50", "50_100"],
        }
    }

    /// The value of a word; `None` when it has no such word.
    pub fn value_of(self, word: &str) -> Option<u16> {
        self.words().iter().position(|known| *known == word).and_then(|index| u16::try_from(index).ok())
    }
}

/// The value of [`Dimension::Direction`] for everybody whose lodging is known: under lodging itself the municipality
/// stands as one of the places where people slept.
pub const SLEPT: u16 = 4;

/// The most dimensions that a cube may have.
pub const MOST_DIMENSIONS: usize = 5;

/// Values of a cube's dimensions, in its declared order; 0 where it declares none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Class([u16; MOST_DIMENSIONS]);

impl Class {
    /// The only class of a cube without dimensions.
    pub const ALL: Self = Self([0; MOST_DIMENSIONS]);

    /// Sets one value. A dimension that the cube does not declare is left out: the cube does not tell its
    /// values apart.
    #[must_use]
    pub fn with(mut self, declared: &[Dimension], dimension: Dimension, value: u16) -> Self {
        if let Some(slot) = slot(declared, dimension) {
            self.0[slot] = value;
        }
        self
    }

    /// A value; 0 when the cube does not declare the dimension.
    pub fn get(self, declared: &[Dimension], dimension: Dimension) -> u16 {
        slot(declared, dimension).map_or(0, |slot| self.0[slot])
    }

    /// Where the class stands among all combinations of the words of its dimensions, the last one changing fastest;
    /// `None` when a value has no word.
    pub fn index(self, declared: &[Dimension]) -> Option<usize> {
        declared.iter().zip(self.0).try_fold(0, |index, (dimension, value)| {
            let count = dimension.words().len();
            (usize::from(value) < count).then_some(index * count + usize::from(value))
        })
    }

    /// The words of all combinations in that order, as `weekday/17/resident`; `all` without dimensions.
    pub fn combinations(declared: &[Dimension]) -> Vec<String> {
        let Some((first, rest)) = declared.split_first() else { return vec!["all".to_owned()] };
        let of_rest = if rest.is_empty() { vec![] } else { Self::combinations(rest) };
        let with = |word: &&str| match of_rest.as_slice() {
            [] => vec![(*word).to_owned()],
            rest => rest.iter().map(|other| format!("{word}/{other}")).collect(),
        };
        first.words().iter().flat_map(with).collect()
    }

    /// The values as numbers, for a note.
    pub fn values(self) -> [u16; MOST_DIMENSIONS] {
        self.0
    }

    /// A class from such numbers.
    pub fn from_values(values: [u16; MOST_DIMENSIONS]) -> Self {
        Self(values)
    }

    /// The text in `indicators.class`; `all` without dimensions.
    pub fn text(self, declared: &[Dimension]) -> String {
        if declared.is_empty() {
            return "all".to_owned();
        }
        let words =
            declared.iter().zip(self.0).map(|(dimension, value)| format!("{}={value}", dimension.name()));
        words.collect::<Vec<_>>().join("/")
    }

    /// Reads such a text; `None` when it does not have exactly the declared dimensions.
    pub fn parse(text: &str, declared: &[Dimension]) -> Option<Self> {
        if declared.is_empty() {
            return (text == "all").then_some(Self::ALL);
        }
        let mut class = Self::ALL;
        let mut words = text.split('/');
        for (slot, dimension) in declared.iter().enumerate() {
            let (name, value) = words.next()?.split_once('=')?;
            class.0[slot] = value.parse().ok().filter(|_| name == dimension.name())?;
        }
        words.next().is_none().then_some(class)
    }
}

/// Where a dimension stands among those that a cube declares.
fn slot(declared: &[Dimension], dimension: Dimension) -> Option<usize> {
    declared.iter().take(MOST_DIMENSIONS).position(|own| *own == dimension)
}

impl Rung {
    /// The value of [`Dimension::Rung`].
    pub fn value(self) -> u16 {
        match self {
            Self::OneOff => 0,
            Self::Repeat => 1,
            Self::Connected => 2,
        }
    }

    /// The rung that has this value; `None` when none has.
    pub fn from_value(value: u16) -> Option<Self> {
        [Self::OneOff, Self::Repeat, Self::Connected].into_iter().find(|rung| rung.value() == value)
    }
}
