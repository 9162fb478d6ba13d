//! The counts of a month → cells of the cubes, sorted.
//!
//! In: a nation at a month. Out: [`Cells`]. A prefecture of residence stands in a cell as its most populous
//! municipality; only the panels' residents have each municipality for itself.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use kayoi_schemas::figure::{Area, Atom, Class, Cube};
use kayoi_schemas::ids::{MunicipalityCode, PrefectureCode};
use kayoi_schemas::time::Month;

use super::Nation;
use super::daily::{Days, TownDays};
use super::distinct::{Distinct, Parts};
use super::draw::{Stream, Use};
use super::monthly;
use super::purposes::CLASSES;
use super::town::PREFECTURES;

/// Whether cells tell where people live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// By prefecture of residence.
    Origins,
    /// Not: all people of an area stand in the cells of its own prefecture, those of the country in the
    /// capital's, so nothing but the sum over origins may be read. Cells are a tenth or less. What people do in the
    /// month is left out.
    Totals,
}

/// The cells of a month that hold anything, each cube in the order of its cells.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cells {
    /// Of [`Cube::ConnectedMonthly`].
    pub connected: Vec<(Atom, u64)>,
    /// Of [`Cube::ConnectedTotalsMonthly`].
    pub totals: Vec<(Atom, u64)>,
    /// Of [`Cube::VisitorsDaily`].
    pub daily: Vec<(Atom, u64)>,
    /// Of [`Cube::YearPanelMonthly`] and [`Cube::MonthPanelMonthly`], which are one here.
    pub residents: Vec<(Atom, u64)>,
    /// Of [`Cube::VisitorsMonthly`].
    pub monthly: Vec<(Atom, u64)>,
    /// Of [`Cube::VisitorDaysMonthly`].
    pub monthly_days: Vec<(Atom, u64)>,
    /// Of the cubes of what people do in the month, where there is [`Detail::Origins`].
    pub activity: BTreeMap<Cube, Vec<(Atom, u64)>>,
    /// Teleworkers as they are counted for each one there is, by prefecture of residence; what figures should be is
    /// not what is counted.
    pub counted_teleworkers: Vec<f64>,
}

impl Cells {
    /// The cells of a cube; none of one that is not drawn.
    pub fn of(&self, cube: Cube) -> &[(Atom, u64)] {
        match cube {
            Cube::ConnectedMonthly => &self.connected,
            Cube::ConnectedTotalsMonthly => &self.totals,
            Cube::VisitorsDaily => &self.daily,
            Cube::YearPanelMonthly | Cube::MonthPanelMonthly => &self.residents,
            Cube::VisitorsMonthly => &self.monthly,
            Cube::VisitorDaysMonthly => &self.monthly_days,
            of_activity => self.activity.get(&of_activity).map_or(&[], Vec::as_slice),
        }
    }
}

/// The prefecture whose cells hold the people of the country, without origins: Tokyo.
const CAPITAL: usize = 12;

/// All cells of a month, but for those of activity.
pub(super) fn of_month(nation: &Nation, month: Month, detail: Detail) -> Cells {
    let writer = Writer { origins: &nation.origins, detail };
    let (connected, parts) = connected(nation, &writer, month);
    let daily = daily(nation, &writer, month);
    let (monthly, monthly_days) = monthly::of_days(&daily);
    Cells {
        connected,
        totals: totals(nation, &writer, month, &parts),
        daily,
        residents: residents(nation, month),
        monthly,
        monthly_days,
        activity: BTreeMap::new(),
        counted_teleworkers: Vec::new(),
    }
}

/// Parts of a prefecture, by prefecture of residence.
type OfPrefecture = [Parts; PREFECTURES];

fn connected(nation: &Nation, writer: &Writer<'_>, month: Month) -> (Vec<(Atom, u64)>, Vec<OfPrefecture>) {
    let (mut cells, mut parts) = (Vec::new(), vec![[Parts::default(); PREFECTURES]; PREFECTURES]);
    let classes = CLASSES.map(Class::from_values);
    for (position, (town, ties)) in nation.towns.iter().zip(nation.ties.chunks_exact(PREFECTURES)).enumerate()
    {
        for (part, ties) in parts[town.prefecture].iter_mut().zip(ties) {
            part.add(&ties.counts());
        }
        let place = Place { period: month.0, area: Area::Municipality(town.code), own: town.prefecture };
        writer.write(&mut cells, place, &nation.rows(position), &classes);
    }
    (cells, parts)
}

fn totals(nation: &Nation, writer: &Writer<'_>, month: Month, parts: &[OfPrefecture]) -> Vec<(Atom, u64)> {
    let mut panel = [0.0; PREFECTURES];
    for town in &nation.towns {
        panel[town.prefecture] += town.panel;
    }
    let rounding = |area: usize, origin: usize| {
        Stream::new(nation.seed, Use::Overlap, area as i32, origin as u32).unit()
    };
    let classes =
        Distinct::CLASSES.map(|[rung, dual, workation, _]| Class::from_values([rung, dual, workation, 0, 0]));
    let (mut cells, mut known) = (Vec::new(), Vec::new());
    for (area, of_area) in parts.iter().enumerate() {
        let distinct: [Distinct; PREFECTURES] =
            std::array::from_fn(|origin| of_area[origin].distinct(panel[origin], rounding(area, origin)));
        if let Ok(code) = PrefectureCode::new(area as u8 + 1) {
            let place = Place { period: month.0, area: Area::Prefecture(code), own: area };
            writer.write(&mut cells, place, &distinct.each_ref().map(Distinct::counts), &classes);
        }
        known.push(distinct);
    }
    let of_country: [_; PREFECTURES] = std::array::from_fn(|origin| {
        let mut all = Parts::default();
        parts.iter().for_each(|of_area| all.join(&of_area[origin]));
        let prefectures: Vec<_> = known.iter().map(|of_area| of_area[origin]).collect();
        all.of_country(&prefectures, panel[origin], rounding(PREFECTURES, origin)).counts()
    });
    let place = Place { period: month.0, area: Area::Country, own: CAPITAL };
    writer.write(&mut cells, place, &of_country, &classes);
    cells
}

fn daily(nation: &Nation, writer: &Writer<'_>, month: Month) -> Vec<(Atom, u64)> {
    let days = Days::new(nation.seed, month);
    let all = nation.towns.iter().zip(nation.ties.chunks_exact(PREFECTURES));
    let devices: Vec<TownDays> = all.map(|(town, ties)| days.spread(town, ties)).collect();
    let mut cells = Vec::new();
    for (date, day) in days.all().iter().enumerate() {
        let seen = nation.towns.iter().zip(&devices);
        for (town, devices) in seen.filter(|(town, _)| !nation.lacks_data(*day, town.code.prefecture())) {
            let place = Place { period: day.0, area: Area::Municipality(town.code), own: town.prefecture };
            writer.write(&mut cells, place, &devices[date].map(|count| [u64::from(count)]), &[Class::ALL]);
        }
    }
    cells
}

fn residents(nation: &Nation, month: Month) -> Vec<(Atom, u64)> {
    let all = nation.towns.iter().zip(&nation.residents).filter(|(_, count)| **count > 0);
    let cells = all.map(|(town, count)| {
        let (area, class) = (Area::Municipality(town.code), Class::ALL);
        (Atom { period: month.0, area, origin: town.code, class }, u64::from(*count))
    });
    cells.collect()
}

/// What the cells of an area have in common.
#[derive(Clone, Copy)]
struct Place {
    period: i32,
    area: Area,
    /// The position of its prefecture.
    own: usize,
}

/// Makes cells of rows by prefecture of residence.
struct Writer<'a> {
    origins: &'a [MunicipalityCode],
    detail: Detail,
}

impl Writer<'_> {
    /// Adds what the rows hold; `classes` are those of a row, in its order.
    fn write<const N: usize>(
        &self,
        cells: &mut Vec<(Atom, u64)>,
        Place { period, area, own }: Place,
        rows: &[[u64; N]],
        classes: &[Class; N],
    ) {
        let mut add = |origin: MunicipalityCode, row: &[u64; N]| {
            let filled = classes.iter().zip(row).filter(|(_, count)| **count > 0);
            cells.extend(filled.map(|(class, count)| (Atom { period, area, origin, class: *class }, *count)));
        };
        match self.detail {
            Detail::Origins => self.origins.iter().zip(rows).for_each(|(origin, row)| add(*origin, row)),
            Detail::Totals => {
                let mut sum = [0; N];
                rows.iter()
                    .for_each(|row| sum.iter_mut().zip(row).for_each(|(sum, count)| sum.add_assign(count)));
                self.origins.get(own).into_iter().for_each(|origin| add(*origin, &sum));
            }
        }
    }
}
