//! Ties and residents by age and sex, once a year.
//!
//! In: ties by class and prefecture of residence, the distinct people of prefectures and the country, residents. Out:
//! cells. Of most phones a partner tells both; who comes back and who lives in two places is older than who visits.

use kayoi_schemas::figure::{Area, Atom, Cube, Dimension};
use kayoi_schemas::ids::PrefectureCode;

use super::super::draw::{Stream, Use, split};
use super::super::purposes::{CLASSES, Row};
use super::super::town::PREFECTURES;
use super::context::Context;
use super::sheet::Sheet;

const AGES: usize = Dimension::AgeBand.words().len();
const SEXES: usize = Dimension::Sex.words().len();
const SEGMENTS: usize = AGES * SEXES;
const KINDS: usize = Dimension::MainKind.words().len();

/// Phones of which a partner tells age and sex.
const KNOWN: f64 = 0.86;
/// Ages of a panel: of the people of 15 and older in the census of 2020, the old have its phones half as often.
const AGES_OF_PANEL: [f64; AGES - 1] = [0.20, 0.25, 0.20, 0.14, 0.21];
/// How much oftener each age is of a kind.
const OFTENER: [[f64; AGES - 1]; KINDS] =
    [[1.05, 1.1, 1.05, 0.95, 0.8], [0.8, 0.95, 1.1, 1.2, 1.05], [0.5, 0.8, 1.1, 1.4, 1.4]];
/// Men among the people of a kind.
const MEN: [f64; KINDS] = [0.51, 0.52, 0.54];

/// Writes what the month has.
pub(super) fn write(context: &Context<'_>, sums: &[Row], totals: &[(Atom, u64)], sheet: &mut Sheet) {
    if !sheet.has(Cube::AgesYearly) {
        return;
    }
    for town in context.towns() {
        let mut stream = context.stream(Use::People, town);
        for (kind, count) in kinds(&sums[town]).into_iter().enumerate() {
            let counts = segments(&mut stream, kind, count);
            put_sums(sheet, context.area(town), kind, &counts);
            for mesh in 0..if kind < 2 { 2 } else { 0 } {
                // Everybody lives in a home of their own here.
                for (half, count) in
                    split(&mut stream, count, count as f64, [0.5, 0.5]).into_iter().enumerate()
                {
                    let values =
                        [(Dimension::MainKind, kind), (Dimension::HomeMesh, mesh), (Dimension::Half, half)];
                    sheet.put(Cube::HomeHalvesYearly, context.area(town), values, count);
                }
            }
        }
    }
    of_areas(context, totals, sheet);
    residents(context, sheet);
}

/// Visitors, and of them who is connected and who lives there too.
fn kinds(row: &Row) -> [u64; KINDS] {
    let of = |is_meant: fn(&[u16; 5]) -> bool| {
        CLASSES.iter().zip(row).filter(|(class, _)| is_meant(class)).map(|(_, count)| count).sum()
    };
    [of(|_| true), of(|[_, rung, ..]| *rung == 2), of(|[_, _, dual, ..]| *dual == 1)]
}

/// So many people of a kind by age and sex, age by age.
fn segments(stream: &mut Stream, kind: usize, count: u64) -> [u64; SEGMENTS] {
    let mut expected = [0.0; SEGMENTS];
    let weights: f64 = AGES_OF_PANEL.iter().zip(OFTENER[kind]).map(|(share, by)| share * by).sum();
    for age in 0..AGES - 1 {
        let share = KNOWN * AGES_OF_PANEL[age] * OFTENER[kind][age] / weights;
        expected[age * SEXES] = share * MEN[kind];
        expected[age * SEXES + 1] = share * (1.0 - MEN[kind]);
    }
    expected[SEGMENTS - 1] = 1.0 - KNOWN;
    split(stream, count, count as f64, expected)
}

/// Cells of a municipality: by age, and by sex.
fn put_sums(sheet: &mut Sheet, area: Area, kind: usize, counts: &[u64; SEGMENTS]) {
    let kind = (Dimension::MainKind, kind);
    for age in 0..AGES {
        let count: u64 = counts[age * SEXES..(age + 1) * SEXES].iter().sum();
        put(sheet, Cube::AgesYearly, area, [kind, (Dimension::AgeBand, age)], count);
    }
    for sex in 0..SEXES {
        let count: u64 = counts.iter().skip(sex).step_by(SEXES).sum();
        put(sheet, Cube::SexesYearly, area, [kind, (Dimension::Sex, sex)], count);
    }
}

fn put<const N: usize>(
    sheet: &mut Sheet,
    cube: Cube,
    area: Area,
    values: [(Dimension, usize); N],
    count: u64,
) {
    sheet.put(cube, area, values, count * u64::from(cube.declaration().per_one));
}

/// Distinct people of prefectures and the country by age and sex.
fn of_areas(context: &Context<'_>, totals: &[(Atom, u64)], sheet: &mut Sheet) {
    let declared = Cube::ConnectedTotalsMonthly.declaration().dimensions;
    let mut sums = vec![[0; KINDS]; PREFECTURES + 1];
    for (atom, count) in totals {
        let place = match atom.area {
            Area::Prefecture(code) => usize::from(code.number()) - 1,
            _ => PREFECTURES,
        };
        sums[place][0] += count;
        sums[place][1] += if atom.class.get(declared, Dimension::Rung) == 2 { *count } else { 0 };
        sums[place][2] += if atom.class.get(declared, Dimension::DualResident) == 1 { *count } else { 0 };
    }
    for (place, counts) in sums.into_iter().enumerate() {
        let Some(area) = area(place) else { continue };
        let mut stream = context.of_prefecture(Use::People, place);
        for (kind, count) in counts.into_iter().enumerate() {
            for (segment, count) in segments(&mut stream, kind, count).into_iter().enumerate() {
                let values = [
                    (Dimension::MainKind, kind),
                    (Dimension::AgeBand, segment / SEXES),
                    (Dimension::Sex, segment % SEXES),
                ];
                put(sheet, Cube::SegmentsYearly, area, values, count);
            }
        }
    }
}

/// A prefecture by its place, and the country after them.
fn area(place: usize) -> Option<Area> {
    if place == PREFECTURES {
        return Some(Area::Country);
    }
    PrefectureCode::new(place as u8 + 1).ok().map(Area::Prefecture)
}

/// Residents of the panel by age and sex.
fn residents(context: &Context<'_>, sheet: &mut Sheet) {
    let mut sums = vec![0; PREFECTURES + 1];
    for town in context.towns() {
        let residents = u64::from(context.nation.residents[town]);
        sums[context.prefecture(town)] += residents;
        sums[PREFECTURES] += residents;
    }
    for (place, count) in sums.into_iter().enumerate() {
        let Some(area) = area(place) else { continue };
        let mut stream = context.of_prefecture(Use::People, PREFECTURES + 1 + place);
        let mut expected = [0.0; SEGMENTS];
        for age in 0..AGES - 1 {
            expected[age * SEXES] = KNOWN * AGES_OF_PANEL[age] * 0.51;
            expected[age * SEXES + 1] = KNOWN * AGES_OF_PANEL[age] * 0.49;
        }
        expected[SEGMENTS - 1] = 1.0 - KNOWN;
        for (segment, count) in split(&mut stream, count, count as f64, expected).into_iter().enumerate() {
            let values = [(Dimension::AgeBand, segment / SEXES), (Dimension::Sex, segment % SEXES)];
            put(sheet, Cube::ResidentAgesYearly, area, values, count);
        }
    }
}
