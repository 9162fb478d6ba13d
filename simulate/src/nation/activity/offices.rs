//! Ties → guests of workation stays and users of named offices in the month.
//!
//! In: ties by class and purpose. Out: cells of guests, users, their nights and days. Nobody is a guest or user in a
//! month who has no such tie in its window.

use kayoi_schemas::figure::{Cube, Dimension};

use super::super::draw::Use;
use super::super::purposes::{CLASSES, OFFICE, Row};
use super::context::Context;
use super::sheet::Sheet;

/// Share of workation ties with a stay in a month, and how much towns differ: of the logarithm.
const STAYS: f64 = 0.11;
const STAYS_SIGMA: f64 = 0.7;
/// Guests who come for the first time in a year; nights beyond the first two, in the mean.
const FIRST: f64 = 0.42;
const MORE_NIGHTS: f64 = 2.1;
/// Of the users from elsewhere in a year, who comes in a month for the first time, and again.
const NEW_USERS: f64 = 0.08;
const OLD_USERS: f64 = 0.4;
/// Residents who use an office in their town; days of a local user, of a new one and of one who returns.
const LOCAL: f64 = 0.003;
const LOCAL_SIGMA: f64 = 0.6;
const DAYS: [f64; 3] = [5.5, 1.8, 4.2];

/// Draws and writes guests and users of all towns.
pub(super) fn write(context: &Context<'_>, ties: &[Row], sheet: &mut Sheet) {
    for (town, ties) in ties.iter().enumerate() {
        workation(context, town, ties, sheet);
        if context.nation.towns[town].has_office {
            offices(context, town, ties, sheet);
        }
    }
}

/// Ties whose class has a property.
fn count(ties: &Row, has: impl Fn(&[u16; 5]) -> bool) -> u64 {
    CLASSES.iter().zip(ties).filter(|(class, _)| has(class)).map(|(_, count)| count).sum()
}

fn workation(context: &Context<'_>, town: usize, ties: &Row, sheet: &mut Sheet) {
    let all = count(ties, |[.., workation, _]| *workation == 1) as u32;
    let season = context.nation.towns[town].season(context.month);
    let factor = context.lasting(Use::Workation, town, 0).factor(STAYS_SIGMA);
    let mut stream = context.stream(Use::Workation, town);
    let guests = stream.poisson(f64::from(all) * STAYS * factor * season).min(all);
    let first = stream.binomial(guests, FIRST);
    let most = u64::from(Cube::WorkationNightsMonthly.declaration().most_of_a_device);
    for (comes, guests) in [first, guests - first].into_iter().enumerate() {
        let nights = 2 * guests + stream.poisson(f64::from(guests) * MORE_NIGHTS);
        let class = [(Dimension::Comes, comes)];
        let guests = u64::from(guests);
        sheet.put(Cube::WorkationGuestsMonthly, context.area(town), class, guests);
        sheet.put(
            Cube::WorkationNightsMonthly,
            context.area(town),
            class,
            u64::from(nights).min(guests * most),
        );
    }
}

fn offices(context: &Context<'_>, town: usize, ties: &Row, sheet: &mut Sheet) {
    let outside = count(ties, |[.., purposes]| purposes & OFFICE != 0) as u32;
    let residents = context.nation.residents[town];
    let local = f64::from(residents) * LOCAL * context.lasting(Use::Offices, town, 0).factor(LOCAL_SIGMA);
    let mut stream = context.stream(Use::Offices, town);
    let returning = stream.binomial(outside, OLD_USERS);
    let first = stream.binomial(outside - returning, NEW_USERS);
    let users = [stream.poisson(local).min(residents), first, returning];
    let most = u64::from(Cube::OfficeDaysMonthly.declaration().most_of_a_device);
    for (user, (count, days)) in users.into_iter().zip(DAYS).enumerate() {
        let days = count + stream.poisson(f64::from(count) * (days - 1.0));
        let (class, count) = ([(Dimension::OfficeUser, user)], u64::from(count));
        sheet.put(Cube::OfficeUsersMonthly, context.area(town), class, count);
        sheet.put(Cube::OfficeDaysMonthly, context.area(town), class, u64::from(days).min(count * most));
    }
}
