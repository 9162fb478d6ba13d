//! The figures of one draw in their fixed order: areas, classes, origins.
//!
//! In: what is drawn in a month, by a definition and a register. Out: a [`Layout`], the place of each figure, and
//! [`Noised`], the noised counts in these places. A figure has a place whether anybody was counted in it or not.

use std::collections::HashMap;
use std::sync::Arc;

use kayoi_geography::Register;
use kayoi_schemas::definition::Definition;
use kayoi_schemas::disclosure::Strength;
use kayoi_schemas::figure::{Area, Areas, Class, CountedKind, Cube, MOST_VISIT_DAYS, Rhythm};
use kayoi_schemas::ids::PrefectureCode;
use kayoi_schemas::standing::Standing;
use kayoi_schemas::time::{Day, Month};

/// Slots of origins: everybody, then the prefectures by their numbers.
pub const ORIGINS: usize = 48;

/// A draw: figures that are drawn alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Drawn {
    /// Ties of municipalities, all origins and by prefecture.
    Connected,
    /// Ties of municipalities, all origins, before the month is final.
    Provisional,
    /// Distinct people of prefectures and the country.
    Totals,
    /// Visitors of a day: all, and from the own prefecture.
    Daily,
    /// Visitors on weekdays and on holidays, all origins and by prefecture.
    Monthly,
    /// Their days.
    MonthlyDays,
    /// Residents of prefectures in the year's panel.
    YearPanel,
    /// Residents of prefectures in the month's panel.
    MonthPanel,
    /// Devices by what is known of where they live.
    Standings,
    /// The figures of one of [`Cube::CLASSED`].
    Classed(Cube),
}

impl Drawn {
    /// All draws.
    pub fn all() -> impl Iterator<Item = Self> {
        let own = [
            Self::Connected,
            Self::Provisional,
            Self::Totals,
            Self::Daily,
            Self::Monthly,
            Self::MonthlyDays,
            Self::YearPanel,
            Self::MonthPanel,
            Self::Standings,
        ];
        own.into_iter().chain(Cube::CLASSED.map(Self::Classed))
    }

    /// The word for it, in the streams of noise and in the table `noised`. It must never change.
    pub fn name(self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::Provisional => "provisional",
            Self::Totals => "totals",
            Self::Daily => "daily",
            Self::Monthly => "monthly",
            Self::MonthlyDays => "monthly_days",
            Self::YearPanel => "year_panel",
            Self::MonthPanel => "month_panel",
            Self::Standings => "standings",
            Self::Classed(cube) => cube.declaration().name,
        }
    }

    /// Whether it is drawn in a month.
    pub fn is_of(self, month: Month) -> bool {
        if let Self::Classed(cube) = self { cube.rhythm().has(month) } else { true }
    }

    /// How strong its noise is.
    pub fn strength(self) -> Strength {
        match self {
            Self::Connected => Strength::TieYear,
            Self::Provisional => Strength::Provisional,
            Self::Totals | Self::YearPanel | Self::MonthPanel | Self::Standings => Strength::Wide,
            Self::Daily | Self::Monthly | Self::MonthlyDays => Strength::TieMonth,
            Self::Classed(cube) => strength(cube),
        }
    }

    /// How the noise of its figures hangs together.
    pub fn shape(self) -> Shape {
        match self {
            Self::Daily => Shape::Days,
            Self::Classed(_) => Shape::Alone,
            _ => Shape::Months,
        }
    }

    /// C: the most that one device adds to a figure, in the parts of its numbers.
    pub fn cap(self) -> u32 {
        match self {
            Self::MonthlyDays => MOST_VISIT_DAYS,
            Self::Classed(cube) => cube.declaration().most_of_a_device,
            _ => 1,
        }
    }

    /// How many of its numbers are one.
    pub fn per_one(self) -> u32 {
        if let Self::Classed(cube) = self { cube.declaration().per_one } else { 1 }
    }

    /// Whether its numbers are devices, so that few of them can be told from many.
    pub fn counts_devices(self) -> bool {
        match self {
            Self::MonthlyDays => false,
            Self::Classed(cube) => cube.declaration().counts_devices(),
            _ => true,
        }
    }
}

/// How strong the noise of a cube's figures is.
pub(super) fn strength(cube: Cube) -> Strength {
    // Of homes one number is made for the nation: its noise may be large.
    if cube == Cube::HomeHalvesYearly {
        return Strength::Wide;
    }
    match (cube.declaration().areas, cube.rhythm()) {
        (Areas::PrefecturesAndCountry, _) => Strength::Wide,
        (_, Rhythm::Monthly) => Strength::TieMonth,
        _ => Strength::Yearly,
    }
}

/// How the noise of one figure hangs together in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// From month to month, less with each.
    Months,
    /// Between all days of a month alike, by a half.
    Days,
    /// Not at all: a unit of the ledger is in the figures of one month.
    Alone,
}

/// Where each figure of a draw stands.
#[derive(Debug)]
pub struct Layout {
    drawn: Drawn,
    areas: Vec<Area>,
    places: HashMap<Area, usize>,
    classes: Vec<String>,
    origins: usize,
}

impl Layout {
    /// The layout of a draw in a month.
    pub fn new(drawn: Drawn, month: Month, definition: &Definition, register: &Register) -> Arc<Self> {
        let prefectures =
            || (1..=47).filter_map(|number| PrefectureCode::new(number).ok()).map(Area::Prefecture);
        let areas: Vec<Area> = match drawn {
            Drawn::Totals => prefectures().chain([Area::Country]).collect(),
            Drawn::YearPanel | Drawn::MonthPanel => prefectures().collect(),
            Drawn::Standings => vec![Area::Country],
            Drawn::Classed(cube) if cube.declaration().areas == Areas::PrefecturesAndCountry => {
                prefectures().chain([Area::Country]).collect()
            }
            _ => register.all().iter().map(|municipality| Area::Municipality(municipality.code)).collect(),
        };
        let names = |kinds: Vec<CountedKind>| kinds.iter().map(CountedKind::to_string).collect();
        let classes = match drawn {
            Drawn::Connected | Drawn::Provisional => names(CountedKind::of_municipalities(definition)),
            Drawn::Totals => names(CountedKind::OF_AREAS.to_vec()),
            Drawn::Daily => days(month).map(|day| day.to_string()).collect(),
            Drawn::Monthly | Drawn::MonthlyDays => vec!["weekday".to_owned(), "holiday".to_owned()],
            Drawn::YearPanel | Drawn::MonthPanel => vec!["all".to_owned()],
            Drawn::Standings => Standing::ALL.iter().map(|standing| standing.as_str().to_owned()).collect(),
            Drawn::Classed(cube) => Class::combinations(cube.declaration().dimensions),
        };
        let origins = match drawn {
            Drawn::Connected | Drawn::Monthly | Drawn::MonthlyDays => ORIGINS,
            Drawn::Daily => 2,
            _ => 1,
        };
        let places = areas.iter().enumerate().map(|(index, area)| (*area, index)).collect();
        Arc::new(Self { drawn, areas, places, classes, origins })
    }

    #[cfg(test)]
    pub(crate) fn small(drawn: Drawn, areas: Vec<Area>, classes: Vec<String>, origins: usize) -> Arc<Self> {
        let places = areas.iter().enumerate().map(|(index, area)| (*area, index)).collect();
        Arc::new(Self { drawn, areas, places, classes, origins })
    }

    /// The draw.
    pub fn drawn(&self) -> Drawn {
        self.drawn
    }

    /// Its areas.
    pub fn areas(&self) -> &[Area] {
        &self.areas
    }

    /// The place of an area.
    pub fn place(&self, area: Area) -> Option<usize> {
        self.places.get(&area).copied()
    }

    /// Its classes, by name.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// How many origins a class of an area has; the first is everybody.
    pub fn origins(&self) -> usize {
        self.origins
    }

    /// How many figures an area has.
    pub fn width(&self) -> usize {
        self.classes.len() * self.origins
    }

    /// How many figures there are.
    pub fn len(&self) -> usize {
        self.areas.len() * self.width()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Where a figure of an area stands.
    pub fn index(&self, area: usize, class: usize, origin: usize) -> usize {
        (area * self.classes.len() + class) * self.origins + origin
    }
}

/// Noised counts, or capped sums with their noise. Only the draw makes them, or a table of what it made.
#[derive(Debug, Clone)]
pub struct Noised {
    pub(super) layout: Arc<Layout>,
    pub(super) values: Vec<i32>,
}

impl Noised {
    /// Values that were drawn before and kept; `None` when they are not as many as the layout has.
    pub(crate) fn kept(layout: Arc<Layout>, values: Vec<i32>) -> Option<Self> {
        (values.len() == layout.len()).then_some(Self { layout, values })
    }

    /// Where each stands.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The values of an area: classes, each with its origins.
    pub fn of_area(&self, place: usize) -> &[i32] {
        &self.values[place * self.layout.width()..(place + 1) * self.layout.width()]
    }

    /// All values, in the order of the layout.
    pub fn values(&self) -> &[i32] {
        &self.values
    }
}

/// The days of a month.
pub(crate) fn days(month: Month) -> impl Iterator<Item = Day> {
    (month.first_day().0..=month.last_day().0).map(Day)
}
