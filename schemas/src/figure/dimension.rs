//! What splits a cube beside period, area and origin.
//!
//! In: values of a device. Out: a [`Class`], the values of a cube's dimensions in its declared order, and its
//! text, as `visit_days=3/rung=connected`. Every dimension is a property that a device has exactly one value
//! of, so the counts of all classes add up to the devices.

use super::kind::Rung;

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
        }
    }
}

/// The most dimensions that a cube may have.
pub const MOST_DIMENSIONS: usize = 4;

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
