//! Residents → commuters, their days at work and at home, and the way that telework saves.
//!
//! In: panel residents and the towns near by. Out: cells of work, and an [`Edge`] for each pair of towns with a
//! commuter. Draws stay the same from month to month, because people keep their workplace. Days at home are the mixture
//! of a prefecture's teleworkers and others, and teleworkers are counted as its fixed prior would: the release fits
//! the one to undo the other.

use kayoi_schemas::figure::{Area, Cube, Dimension};
use kayoi_schemas::ids::PrefectureCode;
use kayoi_schemas::telework::{CELLS, Prior, SEEN_CLASSES, SHARE_CLASSES, Shapes, TELEWORK_CONCENTRATION};

use super::super::draw::{Use, split};
use super::super::near::COMMUTERS;
use super::context::Context;
use super::rebound::Ways;
use super::sheet::Sheet;

/// Share of commuters who also work at home: 埼玉, 千葉, 東京, 神奈川; 京都, 大阪, 兵庫, 奈良; 岐阜, 愛知, 三重; elsewhere.
const TELEWORK: [f64; 4] = [0.27, 0.14, 0.12, 0.09];
/// Days of work of a commuter in a month of usual length, in tenths; of a teleworker at the workplace, and at home:
/// 2.1 days a week.
const WORK_TENTHS: f64 = 173.0;
const OFFICE_TENTHS: f64 = 92.0;
const HOME_TENTHS: f64 = 91.0;
/// Weekdays of a month of usual length.
const USUAL_DAYS: f64 = 20.3;
/// How much longer roads are than straight lines.
const DETOUR: f64 = 1.3;
/// What a count takes of people before their days are seen, as the definition has it; days off are as many.
const TAKEN: Prior = Prior { teleworkers: 0.156, off: 0.03, mean: 0.35 };
/// Shares of commuters by how many of their working days are seen.
const SEEN: [f64; SEEN_CLASSES] = [0.04, 0.12, 0.34, 0.5];
const PREFECTURES: usize = 47;
/// The mean straight way to work of a town, at least and at most.
const WAY_KM: (f64, f64) = (6.0, 20.0);

/// Commuters of one town who work in another one, or the same.
pub(super) struct Edge {
    pub(super) home: usize,
    pub(super) work: usize,
    pub(super) commuters: f64,
    /// Their days at the workplace in the month.
    pub(super) work_days: f64,
}

/// The commuters of an edge, and the way that a day of telework saves.
struct Drawn {
    home: usize,
    work: usize,
    commuters: u32,
    teleworkers: u32,
    saved_km: f64,
}

/// What a town has on one side, residence or workplace, as it is counted.
#[derive(Clone, Copy, Default)]
struct Side {
    commuters: u64,
    teleworkers: f64,
    work_tenths: f64,
    telework_tenths: f64,
    saved_km: f64,
}

/// Draws and writes the work of all towns. Beside the edges: by prefecture of residence, teleworkers as they are counted
/// for each one there is.
pub(super) fn write(context: &Context<'_>, sheet: &mut Sheet) -> (Vec<Edge>, Vec<f64>) {
    let length = context.days[0] / USUAL_DAYS;
    let (mut edges, mut drawn, mut ways) = (Vec::new(), Vec::new(), Ways::default());
    for home in context.towns() {
        let near = &context.nation.near[home];
        let way_km: f64 = near.iter().map(|near| near.commute * near.km).sum();
        let saved_km = 2.0 * DETOUR * way_km.clamp(WAY_KM.0, WAY_KM.1);
        let share = telework_share(context, home);
        let residents = context.nation.residents[home];
        let mut left = residents;
        for near in near {
            let mut stream = context.lasting(Use::Commuters, home, near.town);
            let commuters = stream.poisson(f64::from(residents) * COMMUTERS * near.commute).min(left);
            if commuters == 0 {
                continue;
            }
            left -= commuters;
            let teleworkers = context.lasting(Use::Telework, home, near.town).binomial(commuters, share);
            ways.add(context.prefecture(home), teleworkers, near.km);
            drawn.push(Drawn { home, work: near.town, commuters, teleworkers, saved_km });
            let work_days = work_tenths(commuters, teleworkers) * length / 10.0;
            edges.push(Edge { home, work: near.town, commuters: f64::from(commuters), work_days });
        }
    }
    ways.put(sheet);
    let counted = days_at_home(context, &drawn, sheet);
    let mut sides = vec![[Side::default(); 2]; context.nation.towns.len()];
    for Drawn { home, work, commuters, teleworkers, saved_km } in drawn {
        let counted = counted[context.prefecture(home)];
        let telework_tenths = f64::from(teleworkers) * HOME_TENTHS * length * counted.days;
        for (town, side) in [(home, 0), (work, 1)] {
            let side = &mut sides[town][side];
            side.commuters += u64::from(commuters);
            side.teleworkers += f64::from(teleworkers) * counted.people;
            side.work_tenths += work_tenths(commuters, teleworkers) * length;
            side.telework_tenths += telework_tenths;
            side.saved_km += telework_tenths / 10.0 * saved_km;
        }
    }
    for (town, sides) in sides.iter().enumerate() {
        put(context, town, sides, sheet);
    }
    (edges, counted.iter().map(|counted| counted.people).collect())
}

/// Days at the workplace in a month of usual length, in tenths.
fn work_tenths(commuters: u32, teleworkers: u32) -> f64 {
    f64::from(commuters - teleworkers) * WORK_TENTHS + f64::from(teleworkers) * OFFICE_TENTHS
}

/// What a fixed prior counts, as a part of what there is.
#[derive(Clone, Copy)]
struct Counted {
    people: f64,
    days: f64,
}

/// Writes commuters by days at home, and tells what the fixed prior makes of them in each prefecture.
fn days_at_home(context: &Context<'_>, drawn: &[Drawn], sheet: &mut Sheet) -> [Counted; PREFECTURES] {
    let shapes = Shapes::new(TAKEN.off, TELEWORK_CONCENTRATION, &TAKEN);
    let (mut commuters, mut teleworkers) = ([0; PREFECTURES], [0; PREFECTURES]);
    for edge in drawn {
        commuters[context.prefecture(edge.home)] += u64::from(edge.commuters);
        teleworkers[context.prefecture(edge.home)] += u64::from(edge.teleworkers);
    }
    let mut country = [0; CELLS];
    let put = |sheet: &mut Sheet, area: Area, cells: [u64; CELLS]| {
        for (cell, count) in cells.into_iter().enumerate() {
            let class =
                [(Dimension::DaysSeen, cell / SHARE_CLASSES), (Dimension::HomeShare, cell % SHARE_CLASSES)];
            sheet.put(Cube::HomeDaysMonthly, area, class, count);
        }
    };
    let counted = std::array::from_fn(|prefecture| {
        let (all, at_home) = (commuters[prefecture], teleworkers[prefecture]);
        let mut stream = context.of_prefecture(Use::DaysAtHome, prefecture);
        let of = |part: &dyn Fn(usize) -> f64| -> [f64; CELLS] {
            std::array::from_fn(|cell| SEEN[cell / SHARE_CLASSES] * part(cell))
        };
        let with = split(&mut stream, at_home, at_home as f64, of(&|cell| shapes.telework[cell].devices));
        let others = all - at_home;
        let without = split(&mut stream, others, others as f64, of(&|cell| shapes.neither[cell].devices));
        let cells: [u64; CELLS] = std::array::from_fn(|cell| with[cell] + without[cell]);
        country.iter_mut().zip(cells).for_each(|(sum, count)| *sum += count);
        if let Ok(code) = PrefectureCode::new(prefecture as u8 + 1) {
            put(sheet, Area::Prefecture(code), cells);
        }
        let share = (at_home as f64 / all.max(1) as f64).max(f64::MIN_POSITIVE);
        let sum = |part: &dyn Fn(usize) -> f64| of(part).iter().sum::<f64>();
        let days = sum(&|cell| shapes.mixed(cell, share).days);
        Counted {
            people: sum(&|cell| shapes.mixed(cell, share).taken) / share,
            days: sum(&|cell| shapes.mixed(cell, share).taken_days) / days,
        }
    });
    put(sheet, Area::Country, country);
    counted
}

fn put(context: &Context<'_>, town: usize, sides: &[Side; 2], sheet: &mut Sheet) {
    let parts = f64::from(Cube::TeleworkersMonthly.declaration().per_one);
    for (side, of_side) in sides.iter().enumerate() {
        let cells = [
            (Cube::CommutersMonthly, of_side.commuters),
            (Cube::TeleworkersMonthly, (of_side.teleworkers * parts).round() as u64),
            (Cube::WorkDaysMonthly, of_side.work_tenths.round() as u64),
            (Cube::TeleworkDaysMonthly, (of_side.telework_tenths).round() as u64),
            (Cube::SavedKmMonthly, (of_side.saved_km).round() as u64),
        ];
        for (cube, value) in cells {
            sheet.put(cube, context.area(town), [(Dimension::Side, side)], value);
        }
    }
}

/// The share of a town's commuters who also work at home.
fn telework_share(context: &Context<'_>, town: usize) -> f64 {
    let [capital, kinki, chubu, elsewhere] = TELEWORK;
    let of_prefecture = match context.prefecture(town) + 1 {
        11..=14 => capital,
        26..=29 => kinki,
        21 | 23 | 24 => chubu,
        _ => elsewhere,
    };
    let factor = context.lasting(Use::Telework, town, context.nation.towns.len()).factor(0.1);
    (of_prefecture * factor).min(0.5)
}
