//! Residents → commuters, their days at work and at home, and the way that telework saves.
//!
//! In: panel residents and the towns near by. Out: cells of work, and an [`Edge`] for each pair of towns with a
//! commuter. Draws stay the same from month to month, because people keep their workplace.

use kayoi_schemas::figure::{Cube, Dimension};

use super::super::draw::Use;
use super::super::near::COMMUTERS;
use super::context::Context;
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

/// What a town has on one side, residence or workplace.
#[derive(Clone, Copy, Default)]
struct Side {
    commuters: u64,
    teleworkers: u64,
    work_tenths: f64,
    telework_tenths: f64,
    saved_km: f64,
}

/// Draws and writes the work of all towns.
pub(super) fn write(context: &Context<'_>, sheet: &mut Sheet) -> Vec<Edge> {
    let length = context.days[0] / USUAL_DAYS;
    let (mut edges, mut sides) = (Vec::new(), vec![[Side::default(); 2]; context.nation.towns.len()]);
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
            let (others, at_home) = (f64::from(commuters - teleworkers), f64::from(teleworkers));
            let work_tenths = (others * WORK_TENTHS + at_home * OFFICE_TENTHS) * length;
            let telework_tenths = at_home * HOME_TENTHS * length;
            for (town, side) in [(home, 0), (near.town, 1)] {
                let side = &mut sides[town][side];
                side.commuters += u64::from(commuters);
                side.teleworkers += u64::from(teleworkers);
                side.work_tenths += work_tenths;
                side.telework_tenths += telework_tenths;
                side.saved_km += telework_tenths / 10.0 * saved_km;
            }
            let commuters = f64::from(commuters);
            edges.push(Edge { home, work: near.town, commuters, work_days: work_tenths / 10.0 });
        }
    }
    for (town, sides) in sides.iter().enumerate() {
        put(context, town, sides, sheet);
    }
    edges
}

fn put(context: &Context<'_>, town: usize, sides: &[Side; 2], sheet: &mut Sheet) {
    let parts = u64::from(Cube::TeleworkersMonthly.declaration().per_one);
    for (side, of_side) in sides.iter().enumerate() {
        let cells = [
            (Cube::CommutersMonthly, of_side.commuters),
            (Cube::TeleworkersMonthly, of_side.teleworkers * parts),
            (Cube::WorkDaysMonthly, of_side.work_tenths.round() as u64),
            (Cube::TeleworkDaysMonthly, of_side.telework_tenths.round() as u64),
            (Cube::SavedKmMonthly, of_side.saved_km.round() as u64),
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
