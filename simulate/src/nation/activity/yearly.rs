//! Ties of the window → what is drawn once a year or quarter: rhythms of dual residents, municipalities per person,
//! people on the road.
//!
//! In: ties by class, purpose and prefecture of residence, and the distinct people of the country. Out: cells.

use kayoi_schemas::figure::{Area, Atom, Cube, Dimension};
use kayoi_schemas::ids::PrefectureCode;

use super::super::draw::{Use, split};
use super::super::purposes::{CLASSES, ON_THE_ROAD, Row};
use super::super::town::{PREFECTURES, position};
use super::context::Context;
use super::sheet::Sheet;

/// Dual residents by rhythm: weekly, weekend, alternate, monthly, seasonal, blocks.
const REGIMES: [f64; 6] = [0.13, 0.33, 0.14, 0.2, 0.12, 0.08];
/// People on the road in a prefecture in a quarter, of the ties in a year; prefectures of each; nights in each.
const PEOPLE_A_TIE: f64 = 0.2;
const PREFECTURES_EACH: f64 = 3.2;
const ROAD_NIGHTS: f64 = 9.0;

/// Writes what the month has.
pub(super) fn write(
    context: &Context<'_>,
    rows: &[Vec<Row>],
    sums: &[Row],
    totals: &[(Atom, u64)],
    sheet: &mut Sheet,
) {
    if sheet.has(Cube::DualRegimesYearly) {
        context.towns().for_each(|town| dual(context, town, &rows[town], sheet));
        for town in context.towns() {
            let residents = u64::from(context.nation.residents[town]);
            sheet.put(Cube::ResidentsYearly, context.area(town), [], residents);
        }
        per_person(context, rows, totals, sheet);
    }
    if sheet.has(Cube::ItinerantsQuarterly) {
        on_the_road(context, sums, sheet);
    }
}

fn prefectures() -> impl Iterator<Item = PrefectureCode> {
    (1..=PREFECTURES as u8).filter_map(|number| PrefectureCode::new(number).ok())
}

fn dual(context: &Context<'_>, town: usize, rows: &[Row], sheet: &mut Sheet) {
    let mut stream = context.stream(Use::Yearly, town);
    let ties = rows.iter().flat_map(|row| CLASSES.iter().zip(row));
    let count: u64 = ties.filter(|([_, _, dual, ..], _)| *dual == 1).map(|(_, count)| count).sum();
    let regimes = split(&mut stream, count, count as f64, REGIMES);
    for (regime, count) in regimes.into_iter().enumerate() {
        let class = [(Dimension::Regime, regime)];
        sheet.put(Cube::DualRegimesYearly, context.area(town), class, count);
    }
}

/// Connected people by how many municipalities they are connected to: the shares of one, two and so on fall by the
/// same factor, so that people and ties of a prefecture agree.
fn per_person(context: &Context<'_>, rows: &[Vec<Row>], totals: &[(Atom, u64)], sheet: &mut Sheet) {
    let declared = Cube::ConnectedTotalsMonthly.declaration().dimensions;
    let (mut people, mut ties) = ([0; PREFECTURES], [0; PREFECTURES]);
    for (atom, count) in totals.iter().filter(|(atom, _)| atom.area == Area::Country) {
        if atom.class.get(declared, Dimension::Rung) == 2 {
            people[position(atom.origin.prefecture())] += count;
        }
    }
    for (origin, row) in rows.iter().flat_map(|rows| rows.iter().enumerate()) {
        let connected = CLASSES.iter().zip(row).filter(|([_, rung, ..], _)| *rung == 2);
        ties[origin] += connected.map(|(_, count)| count).sum::<u64>();
    }
    let mut country = [0; 4];
    for prefecture in prefectures() {
        let origin = position(prefecture);
        let mean = ties[origin] as f64 / people[origin].max(1) as f64;
        let more = 1.0 - 1.0 / mean.max(1.0);
        let expected = [1.0 - more, more * (1.0 - more), more * more * (1.0 - more), more.powi(3)];
        let mut stream = context.of_prefecture(Use::PerPerson, origin);
        let counts = split(&mut stream, people[origin], people[origin] as f64, expected);
        for (class, count) in counts.into_iter().enumerate() {
            country[class] += count;
            let class = [(Dimension::Municipalities, class)];
            sheet.put(Cube::MunicipalitiesPerPersonYearly, Area::Prefecture(prefecture), class, count);
        }
    }
    for (class, count) in country.into_iter().enumerate() {
        let class = [(Dimension::Municipalities, class)];
        sheet.put(Cube::MunicipalitiesPerPersonYearly, Area::Country, class, count);
    }
}

fn on_the_road(context: &Context<'_>, sums: &[Row], sheet: &mut Sheet) {
    let mut ties = [0; PREFECTURES];
    for (town, row) in sums.iter().enumerate() {
        let of_road = CLASSES.iter().zip(row).filter(|([.., purposes], _)| *purposes == ON_THE_ROAD);
        ties[context.prefecture(town)] += of_road.map(|(_, count)| count).sum::<u64>();
    }
    let (mut all, mut most, mut all_nights) = (0, 0, 0);
    for prefecture in prefectures() {
        let origin = position(prefecture);
        let mut stream = context.of_prefecture(Use::Road, origin);
        let people = stream.poisson(ties[origin] as f64 * PEOPLE_A_TIE);
        let nights = u64::from(people + stream.poisson(f64::from(people) * (ROAD_NIGHTS - 1.0)));
        let people = u64::from(people);
        (all, most, all_nights) = (all + people, most.max(people), all_nights + nights);
        sheet.put(Cube::ItinerantsQuarterly, Area::Prefecture(prefecture), [], people);
        sheet.put(Cube::ItinerantNightsQuarterly, Area::Prefecture(prefecture), [], nights);
    }
    let people = ((all as f64 / PREFECTURES_EACH) as u64).max(most);
    sheet.put(Cube::ItinerantsQuarterly, Area::Country, [], people);
    sheet.put(Cube::ItinerantNightsQuarterly, Area::Country, [], all_nights);
}
