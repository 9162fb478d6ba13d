//! Cells of cubes → the exact counts of a month's figures.
//!
//! In: rows of the table `indicators`, in any order, in any number of pieces. Out: [`MonthCounts`], the count of
//! each figure of the lattice. It tells nobody a count.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::{Int16Type, Int64Type};
use kayoi_geography::Register;
use kayoi_schemas::definition::Definition;
use kayoi_schemas::figure::{
    Area, Atom, Class, CountedKind, Cube, Dimension, Rhythm, TieClass, declaration_hash,
};
use kayoi_schemas::ids::{MunicipalityCode, PrefectureCode};
use kayoi_schemas::standing::Standing;
use kayoi_schemas::time::{Covered, Day, Month};

use super::grid::{Drawn, Layout};
use super::keyed::KeyedCounts;
use crate::error::ReleaseError;

/// The exact counts of one draw. No function outside of this folder can read one.
pub(super) struct Exact {
    pub(super) layout: Arc<Layout>,
    pub(super) counts: Vec<u64>,
}

/// The exact counts of a month.
pub struct MonthCounts {
    month: Month,
    kinds: Vec<CountedKind>,
    made_with: [String; 3],
    grids: Vec<Exact>,
    keyed: KeyedCounts,
    counted: BTreeSet<Cube>,
    covered: Covered,
}

/// The columns that counts are read from.
pub const COLUMNS: [&str; 11] = [
    "cube",
    "period",
    "area_code",
    "origin_code",
    "class",
    "value",
    "definition",
    "definition_hash",
    "cubes_hash",
    "window_months",
    "is_whole_month",
];

impl MonthCounts {
    /// Nothing counted yet.
    pub fn new(month: Month, definition: &Definition, register: &Register) -> Self {
        let grid = |drawn| {
            let layout = Layout::new(drawn, month, definition, register);
            Exact { counts: vec![0; layout.len()], layout }
        };
        Self {
            month,
            kinds: CountedKind::of_municipalities(definition),
            made_with: [definition.id(), definition.hash(), declaration_hash()],
            grids: Drawn::all().filter(|drawn| drawn.is_of(month)).map(grid).collect(),
            keyed: KeyedCounts::default(),
            counted: BTreeSet::new(),
            covered: Covered::WHOLE,
        }
    }

    /// The month.
    pub fn month(&self) -> Month {
        self.month
    }

    /// Whether a draw was counted in the month at all: ties are not where the lake begins less than a year
    /// before. Each cube that is counted in a month has a cell there, of nobody if need be, so that this is a
    /// property of the lake's days and not of anybody.
    pub fn has(&self, drawn: Drawn) -> bool {
        let cube = match drawn {
            // Weights of ties are of no use without ties.
            Drawn::Connected | Drawn::Provisional | Drawn::Totals | Drawn::YearPanel => {
                Cube::ConnectedMonthly
            }
            Drawn::Daily | Drawn::Monthly | Drawn::MonthlyDays => Cube::VisitorsMonthly,
            Drawn::MonthPanel => Cube::MonthPanelMonthly,
            Drawn::Standings => Cube::StandingsMonthly,
            Drawn::Classed(cube) => return self.has_cube(cube),
        };
        self.counted.contains(&cube)
    }

    /// The same of a cube that is drawn as it is counted: what ties bring is where ties are.
    pub(super) fn has_cube(&self, cube: Cube) -> bool {
        let of_ties =
            matches!(cube, Cube::TieDaysMonthly | Cube::TieNightsMonthly) || cube.rhythm() != Rhythm::Monthly;
        let basis = if of_ties { Cube::ConnectedMonthly } else { Cube::VisitorsMonthly };
        cube.rhythm().has(self.month) && self.counted.contains(&basis)
    }

    /// How much of its time the data cover: a property of the lake's days, and of nobody.
    pub(crate) fn covered(&self) -> Covered {
        self.covered
    }

    /// Whether anything was counted.
    pub(crate) fn has_any(&self) -> bool {
        !self.counted.is_empty()
    }

    pub(super) fn grids(&self) -> &[Exact] {
        &self.grids
    }

    pub(super) fn keyed(&self) -> &KeyedCounts {
        &self.keyed
    }

    /// A digest of all counts: it changes with any of them.
    pub fn digest(&self) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        let mut bytes = Vec::new();
        for grid in &self.grids {
            hasher.update(grid.layout.drawn().name().as_bytes());
            bytes.clear();
            bytes.extend(grid.counts.iter().flat_map(|count| count.to_le_bytes()));
            hasher.update(&bytes);
        }
        self.keyed.hash(&mut hasher);
        *hasher.finalize().as_bytes()
    }

    /// Adds rows of `indicators`, with the columns of [`COLUMNS`].
    ///
    /// # Errors
    /// [`ReleaseError::OtherCounts`] when they are another definition's, or [`ReleaseError::Unreadable`].
    pub fn add_rows(&mut self, batch: &RecordBatch) -> Result<(), ReleaseError> {
        let text = |column: usize| batch.column(column).as_string::<i32>();
        let (cubes, periods, areas, origins, classes) = (text(0), text(1), text(2), text(3), text(4));
        let values = batch.column(5).as_primitive::<Int64Type>().values();
        let (window, whole) = (batch.column(9).as_primitive::<Int16Type>(), batch.column(10).as_boolean());
        let stamps = [("the definition", text(6)), ("the thresholds", text(7)), ("the cubes", text(8))];
        let mut known = Known::default();
        for row in 0..batch.num_rows() {
            // Each row carries its own stamps, so each is asked.
            for ((what, stamp), needed) in stamps.iter().zip(&self.made_with) {
                if stamp.value(row) != needed {
                    let found = stamp.value(row).to_owned();
                    return Err(ReleaseError::OtherCounts { what, found, needed: needed.clone() });
                }
            }
            self.covered =
                Covered { window_months: window.value(row).max(0) as u32, is_whole_month: whole.value(row) };
            let bad = |column| ReleaseError::Unreadable { row, column };
            let cube = Cube::parse(cubes.value(row)).ok_or_else(|| bad("cube"))?;
            let atom = Atom {
                period: known.period(cube, periods.value(row)).ok_or_else(|| bad("period"))?,
                area: known.area(areas.value(row)).ok_or_else(|| bad("area_code"))?,
                origin: MunicipalityCode::parse(origins.value(row)).map_err(|_| bad("origin_code"))?,
                class: known.class(cube, classes.value(row)).ok_or_else(|| bad("class"))?,
            };
            if atom.month(cube) != self.month {
                return Err(bad("period"));
            }
            let value = u64::try_from(values[row]).map_err(|_| bad("value"))?;
            self.add(cube, &atom, value).ok_or_else(|| bad("class"))?;
        }
        Ok(())
    }

    /// Adds a cell; `None` when its class or area is not one that its cube has.
    pub fn add(&mut self, cube: Cube, atom: &Atom, value: u64) -> Option<()> {
        let origin = usize::from(atom.origin.prefecture().number());
        self.counted.insert(cube);
        match cube {
            Cube::ConnectedMonthly => {
                let class = TieClass::of(cube, atom.class)?;
                for index in self.kinds_of(class) {
                    self.put(Drawn::Connected, atom.area, index, &[0, origin], value);
                    self.put(Drawn::Provisional, atom.area, index, &[0], value);
                }
            }
            Cube::ConnectedTotalsMonthly => {
                let class = TieClass::of(cube, atom.class)?;
                for (index, kind) in CountedKind::OF_AREAS.into_iter().enumerate() {
                    if class.is(kind) {
                        self.put(Drawn::Totals, atom.area, index, &[0], value);
                    }
                }
            }
            Cube::VisitorsDaily => {
                let Area::Municipality(place) = atom.area else { return None };
                let day = (Day(atom.period).0 - self.month.first_day().0) as usize;
                let is_inside = place.prefecture() == atom.origin.prefecture();
                let slots: &[usize] = if is_inside { &[0, 1] } else { &[0] };
                self.put(Drawn::Daily, atom.area, day, slots, value);
            }
            Cube::VisitorsMonthly | Cube::VisitorDaysMonthly => {
                let day_type = atom.class.get(cube.declaration().dimensions, Dimension::DayType);
                let drawn = if cube == Cube::VisitorsMonthly { Drawn::Monthly } else { Drawn::MonthlyDays };
                (day_type <= 1).then_some(())?;
                self.put(drawn, atom.area, usize::from(day_type), &[0, origin], value);
            }
            Cube::YearPanelMonthly | Cube::MonthPanelMonthly => {
                let Area::Municipality(place) = atom.area else { return None };
                let drawn = if cube == Cube::YearPanelMonthly { Drawn::YearPanel } else { Drawn::MonthPanel };
                self.put(drawn, Area::Prefecture(place.prefecture()), 0, &[0], value);
            }
            Cube::StandingsMonthly => {
                let standing = atom.class.get(cube.declaration().dimensions, Dimension::Standing);
                (usize::from(standing) < Standing::ALL.len()).then_some(())?;
                self.put(Drawn::Standings, Area::Country, usize::from(standing), &[0], value);
            }
            Cube::FlowsMonthly
            | Cube::CellsMonthly
            | Cube::MeshesMonthly
            | Cube::TripPairsMonthly
            | Cube::OriginsYearly => self.keyed.add(cube, atom, value),
            classed => {
                let index = atom.class.index(classed.declaration().dimensions)?;
                self.put(Drawn::Classed(classed), atom.area, index, &[0], value);
            }
        }
        Some(())
    }

    fn kinds_of(&self, class: TieClass) -> Vec<usize> {
        let kinds = self.kinds.iter().enumerate();
        kinds.filter(|(_, kind)| class.is(**kind)).map(|(index, _)| index).collect()
    }

    /// Adds to figures of an area; one that has no row in any table is passed over.
    fn put(&mut self, drawn: Drawn, area: Area, class: usize, origins: &[usize], value: u64) {
        let Some(grid) = self.grids.iter_mut().find(|grid| grid.layout.drawn() == drawn) else { return };
        let Some(place) = grid.layout.place(area) else { return };
        for origin in origins {
            let index = grid.layout.index(place, class, *origin);
            grid.counts[index] += value;
        }
    }
}

/// What is added to figures, by draw and place.
#[cfg(test)]
pub(crate) type GridSums = std::collections::BTreeMap<Drawn, std::collections::BTreeMap<usize, u64>>;

#[cfg(test)]
impl MonthCounts {
    /// So many devices in each figure of some areas alone, each with all that one may add.
    pub(crate) fn of_areas(
        month: Month,
        definition: &Definition,
        areas: impl Fn(Drawn) -> Vec<Area>,
        devices: u64,
    ) -> Self {
        let grid = |drawn: Drawn| {
            let whole = Layout::new(drawn, month, definition, Register::japan());
            let layout = Layout::small(drawn, areas(drawn), whole.classes().to_vec(), whole.origins());
            Exact { counts: vec![devices * u64::from(drawn.cap()); layout.len()], layout }
        };
        Self {
            grids: Drawn::all().filter(|drawn| drawn.is_of(month)).map(grid).collect(),
            counted: Cube::ALL.into(),
            ..Self::new(month, definition, Register::japan())
        }
    }

    /// The layouts of all grids.
    pub(crate) fn layouts(&self) -> Vec<Arc<Layout>> {
        self.grids.iter().map(|grid| Arc::clone(&grid.layout)).collect()
    }

    /// Adds to figures by their places.
    pub(crate) fn add_to_grids(&mut self, more: &GridSums) {
        for grid in &mut self.grids {
            for (index, value) in more.get(&grid.layout.drawn()).into_iter().flatten() {
                grid.counts[*index] += value;
            }
        }
    }

    /// Sets a keyed figure.
    pub(crate) fn put_keyed(
        &mut self,
        cube: Cube,
        (area, origin, class): (Area, MunicipalityCode, Class),
        value: u64,
    ) {
        self.keyed.add(cube, &Atom { period: self.month.0, area, origin, class }, value);
    }

    /// Counts of some municipalities and prefectures alone, figure by figure, as an attacker's world has them.
    pub(crate) fn of_figures(
        month: Month,
        (areas, totals): (Vec<Area>, Vec<Area>),
        kinds: &[String],
        count: impl Fn(Drawn, usize, usize, usize) -> u64,
    ) -> Self {
        let grid = |drawn, areas: Vec<Area>, classes: &[String], origins| {
            let layout = Layout::small(drawn, areas, classes.to_vec(), origins);
            let mut counts = vec![0; layout.len()];
            for area in 0..layout.areas().len() {
                for class in 0..layout.classes().len() {
                    for origin in 0..origins {
                        counts[layout.index(area, class, origin)] = count(drawn, area, class, origin);
                    }
                }
            }
            Exact { layout, counts }
        };
        let prefectures: Vec<Area> = totals.iter().filter(|area| **area != Area::Country).copied().collect();
        Self {
            month,
            kinds: Vec::new(),
            made_with: Default::default(),
            grids: vec![
                grid(Drawn::Connected, areas, kinds, super::grid::ORIGINS),
                grid(Drawn::Totals, totals, &kinds[..5], 1),
                grid(Drawn::YearPanel, prefectures, &["all".to_owned()], 1),
            ],
            keyed: KeyedCounts::default(),
            counted: Cube::ALL.into(),
            covered: Covered::WHOLE,
        }
    }
}

impl std::fmt::Debug for MonthCounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MonthCounts({})", self.month)
    }
}

/// Texts that were read already: a nation has a million cells and few classes and areas.
#[derive(Default)]
struct Known {
    areas: HashMap<String, Area>,
    classes: HashMap<Cube, HashMap<String, Class>>,
    /// Rows are in the order of periods.
    last: Option<(Cube, String, i32)>,
}

impl Known {
    fn period(&mut self, cube: Cube, text: &str) -> Option<i32> {
        match &self.last {
            Some((of, known, period)) if *of == cube && known == text => Some(*period),
            _ => {
                let period = Atom::parse_period(text, cube)?;
                self.last = Some((cube, text.to_owned(), period));
                Some(period)
            }
        }
    }

    fn area(&mut self, text: &str) -> Option<Area> {
        if let Some(area) = self.areas.get(text) {
            return Some(*area);
        }
        let area = Area::parse(text)?;
        self.areas.insert(text.to_owned(), area);
        Some(area)
    }

    fn class(&mut self, cube: Cube, text: &str) -> Option<Class> {
        let classes = self.classes.entry(cube).or_default();
        if let Some(class) = classes.get(text) {
            return Some(*class);
        }
        let class = Class::parse(text, cube.declaration().dimensions)?;
        classes.insert(text.to_owned(), class);
        Some(class)
    }
}

/// A prefecture by its number, and the country at 0.
pub(crate) fn area(number: usize) -> Option<Area> {
    if number == 0 { Some(Area::Country) } else { prefecture(number).map(Area::Prefecture) }
}

/// The prefecture of a slot of origins; `None` for everybody.
pub(crate) fn prefecture(slot: usize) -> Option<PrefectureCode> {
    PrefectureCode::new(u8::try_from(slot).ok()?).ok()
}
