//! Ties of the window → ties by the municipality where people live, and where they work.
//!
//! In: ties by prefecture of residence. Out: cells of [`Cube::OriginsYearly`]. Within a prefecture, people live where
//! the gravity model has them live; they work where commuters of their town do. Other municipalities in which few
//! ties are expected are left out.

use kayoi_schemas::figure::{Cube, Dimension};

use super::super::FRIENDSHIP;
use super::super::draw::Use;
use super::super::near::COMMUTERS;
use super::super::purposes::{CLASSES, Row};
use super::super::town::PREFECTURES;
use super::context::Context;
use super::sheet::Sheet;

/// Whether a class of ties belongs to a kind.
type Belongs = fn(&[u16; 5]) -> bool;

/// Kinds by their words, with what belongs to them and how many devices must be expected.
const KINDS: [(&str, Belongs, f64); 3] = [
    ("visitor", |_| true, 4.0),
    ("connected", |[_, rung, ..]| *rung == 2, 2.0),
    ("dual_resident", |[_, _, dual, ..]| *dual == 1, 0.5),
];
/// Fewer expected devices in a town are not asked where they work.
const LEAST_AT_WORK: f64 = 0.02;

/// Draws and writes the origins of all towns.
pub(super) fn write(context: &Context<'_>, rows: &[Vec<Row>], sheet: &mut Sheet) {
    for (town, rows) in rows.iter().enumerate() {
        for (word, belongs, least) in KINDS {
            let Some(kind) = Dimension::Kind.value_of(word) else { continue };
            let homes = homes(context, town, rows, belongs);
            let workplaces = workplaces(context, &homes);
            for (side, expected) in [homes, workplaces].into_iter().enumerate() {
                let least = context.nation.of_devices(least);
                put(context, town, (usize::from(kind), side), (&expected, least), sheet);
            }
        }
    }
}

/// Ties of a kind by town of residence.
fn homes(context: &Context<'_>, town: usize, rows: &[Row], belongs: Belongs) -> Vec<f64> {
    let of_town = &context.nation.towns[town];
    let shares: [f64; PREFECTURES] = std::array::from_fn(|origin| {
        let classes = CLASSES.iter().zip(&rows[origin]).filter(|(class, _)| belongs(class));
        let count: u64 = classes.map(|(_, count)| count).sum();
        let expected = of_town.ties[origin];
        if expected > 0.0 { count as f64 / expected } else { 0.0 }
    });
    let ties = context.nation.homes.of(town).iter().zip(&context.nation.towns);
    let mut homes: Vec<f64> = ties.map(|(ties, home)| f64::from(*ties) * shares[home.prefecture]).collect();
    befriend(context, town, &mut homes);
    homes
}

/// Lets the towns that are friends of a town bring more of its ties; those of each prefecture stay as many.
fn befriend(context: &Context<'_>, town: usize, homes: &mut [f64]) {
    let is_friend = |other: usize| context.nation.are_friends(town, other);
    if !context.towns().any(is_friend) {
        return;
    }
    let (mut before, mut after) = ([0.0; PREFECTURES], [0.0; PREFECTURES]);
    for (other, ties) in homes.iter_mut().enumerate() {
        let prefecture = context.prefecture(other);
        before[prefecture] += *ties;
        *ties *= if is_friend(other) { FRIENDSHIP } else { 1.0 };
        after[prefecture] += *ties;
    }
    for (other, ties) in homes.iter_mut().enumerate() {
        let prefecture = context.prefecture(other);
        *ties *= if after[prefecture] > 0.0 { before[prefecture] / after[prefecture] } else { 1.0 };
    }
}

/// The same people by town of work.
fn workplaces(context: &Context<'_>, homes: &[f64]) -> Vec<f64> {
    let mut at_work = vec![0.0; homes.len()];
    for (people, near) in
        homes.iter().zip(&context.nation.near).filter(|(people, _)| **people > LEAST_AT_WORK)
    {
        near.iter().for_each(|near| at_work[near.town] += people * COMMUTERS * near.commute);
    }
    at_work
}

fn put(
    context: &Context<'_>,
    town: usize,
    (kind, side): (usize, usize),
    (expected, least): (&[f64], f64),
    sheet: &mut Sheet,
) {
    let mut left = expected.iter().sum::<f64>() as u64;
    for (other, expected) in expected.iter().enumerate().filter(|(_, expected)| **expected >= least) {
        if other == town {
            continue;
        }
        let mut stream = context.lasting(Use::Origins, town, (kind * 2 + side) << 16 | other);
        let count = u64::from(stream.poisson(*expected)).min(left);
        left -= count;
        let key = (context.area(town), context.nation.towns[other].code);
        sheet.put_keyed(Cube::OriginsYearly, key, [(Dimension::Kind, kind), (Dimension::Side, side)], count);
    }
}
