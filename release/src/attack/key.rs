//! The names of figures: the lattice that every mechanism publishes and every attacker reads.
//!
//! Four prefectures with three towns each, ten kinds of tie for towns, the first five of them for totals. A kind
//! is an index, in the order of a release; which kinds lie inside which stands in [`INSIDE`].

/// Prefectures of a world.
pub(crate) const PREFECTURES: u8 = 4;
/// Towns of a world: town `t` lies in prefecture `t / 3`.
pub(crate) const TOWNS: u16 = 12;
/// Months that are published: each is a window of twelve calendar months.
pub(crate) const MONTHS: u16 = 13;
/// Kinds of tie of a town.
pub(crate) const KINDS: u8 = 10;
/// Kinds of tie of a total: the ones without classes of visit days.
pub(crate) const KINDS_OF_TOTALS: u8 = 5;

/// Came at all.
pub(crate) const VISITOR: u8 = 0;
/// Came on two separate visits.
pub(crate) const REPEAT: u8 = 1;
/// Came on three separate visits, in two quarters.
pub(crate) const CONNECTED: u8 = 2;
/// Lives there too.
pub(crate) const DUAL_RESIDENT: u8 = 3;
/// Works there, away from home.
pub(crate) const WORKATION: u8 = 4;
/// Came on one day; the four classes after it are 2, 3 to 7, 8 to 23, and 24 days and more.
pub(crate) const DAYS_1: u8 = 5;
/// Came on two days.
pub(crate) const DAYS_2: u8 = 6;

/// Pairs (whole, part) of kinds: everybody of the part is in the whole.
pub(crate) const INSIDE: [(u8, u8); 10] = [
    (REPEAT, CONNECTED),
    (VISITOR, REPEAT),
    (VISITOR, CONNECTED),
    (VISITOR, DUAL_RESIDENT),
    (VISITOR, WORKATION),
    (VISITOR, DAYS_1),
    (VISITOR, DAYS_2),
    (VISITOR, 7),
    (VISITOR, 8),
    (VISITOR, 9),
];

/// Where a figure is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Place {
    /// A town.
    Town(u16),
    /// Distinct people in all towns of a prefecture.
    Prefecture(u8),
    /// Distinct people in all towns.
    Country,
}

/// A figure of the lattice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    /// Month, from 0.
    pub month: u16,
    /// Town or total.
    pub place: Place,
    /// Index of the kind of tie.
    pub kind: u8,
    /// Prefecture of residence; `None` for all. Totals have no origin.
    pub origin: Option<u8>,
}

impl Key {
    /// The same figure in another month.
    pub(crate) fn at(self, month: u16) -> Self {
        Self { month, ..self }
    }

    /// The same figure of another kind.
    pub(crate) fn of(self, kind: u8) -> Self {
        Self { kind, ..self }
    }

    /// The same figure from another origin.
    pub(crate) fn from(self, origin: Option<u8>) -> Self {
        Self { origin, ..self }
    }

    /// Where the figure stands in a dense table of all figures.
    pub(crate) fn slot(&self) -> usize {
        let origin = self.origin.map_or(0, |origin| usize::from(origin) + 1);
        (usize::from(self.month) * PLACES + self.figure_place()) * FIGURES
            + usize::from(self.kind) * ORIGINS
            + origin
    }

    /// The figure without its month, as a number: what names a stream of noise.
    pub(crate) fn figure(&self) -> u64 {
        self.at(0).slot() as u64
    }

    fn figure_place(&self) -> usize {
        match self.place {
            Place::Town(town) => usize::from(town),
            Place::Prefecture(prefecture) => usize::from(TOWNS) + usize::from(prefecture),
            Place::Country => PLACES - 1,
        }
    }
}

const PLACES: usize = TOWNS as usize + PREFECTURES as usize + 1;
const ORIGINS: usize = PREFECTURES as usize + 1;
const FIGURES: usize = KINDS as usize * ORIGINS;
/// Length of a dense table of all figures.
pub(crate) const SLOTS: usize = MONTHS as usize * PLACES * FIGURES;

/// The prefecture in which a town lies.
pub(crate) fn prefecture_of(town: u16) -> u8 {
    (town / 3) as u8
}

/// All origins: everywhere, then each prefecture.
pub(crate) fn origins() -> impl Iterator<Item = Option<u8>> + Clone {
    std::iter::once(None).chain((0..PREFECTURES).map(Some))
}

/// Every figure of a town in a month.
pub(crate) fn figures_of(month: u16, town: u16) -> impl Iterator<Item = Key> {
    let place = Place::Town(town);
    (0..KINDS).flat_map(move |kind| origins().map(move |origin| Key { month, place, kind, origin }))
}

/// Every total in a month.
pub(crate) fn totals_of(month: u16) -> impl Iterator<Item = Key> {
    let places = (0..PREFECTURES).map(Place::Prefecture).chain(std::iter::once(Place::Country));
    places
        .flat_map(move |place| (0..KINDS_OF_TOTALS).map(move |kind| Key { month, place, kind, origin: None }))
}
