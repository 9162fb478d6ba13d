//! Ties, visitors and stays → the days and nights that each kind of tie brought.
//!
//! In: ties by class and purpose, days and nights of a town. Out: cells of days and nights by kind. The days of all
//! visitors are shared out over the classes of ties, by how often each comes; a kind has those of its classes, so
//! that a kind never has more than one that contains it.

use kayoi_schemas::figure::{Class, CountedKind, Cube, Dimension, TieClass};

use super::super::draw::{Use, split};
use super::super::purposes::{BUSINESS, CLASSES, COUNT, OFFICE, ON_THE_ROAD, Row, SEASONAL};
use super::context::Context;
use super::sheet::Sheet;
use super::stays::Stay;
use super::visits::Visits;

/// Days of a tie in a year, by the lower end of its class of visit days.
const DAYS_A_YEAR: [(u16, f64); 5] = [(1, 1.0), (2, 2.0), (3, 4.3), (8, 12.5), (24, 34.0)];

/// Writes the days and nights of all towns.
pub(super) fn write(
    context: &Context<'_>,
    visits: &[Visits],
    stays: &[Stay],
    ties: &[Row],
    sheet: &mut Sheet,
) {
    let classes =
        CLASSES.map(|values| (values, TieClass::of(Cube::ConnectedMonthly, Class::from_values(values))));
    for (town, ties) in ties.iter().enumerate() {
        let mut stream = context.stream(Use::TieDays, town);
        let days: [f64; COUNT] =
            std::array::from_fn(|class| ties[class] as f64 * days_a_year(CLASSES[class]));
        let nights: [f64; COUNT] = std::array::from_fn(|class| days[class] * nights_a_day(CLASSES[class]));
        let all_days = visits[town].all_days();
        let drawn = [
            (Cube::TieDaysMonthly, split(&mut stream, all_days, all_days as f64, days)),
            (
                Cube::TieNightsMonthly,
                split(&mut stream, stays[town].nights, stays[town].nights as f64, nights),
            ),
        ];
        for (cube, of_class) in drawn {
            let most = u64::from(cube.declaration().most_of_a_device);
            for kind in CountedKind::OF_AREAS.into_iter().chain(CountedKind::PURPOSES) {
                let Some(value) = Dimension::Kind.value_of(&kind.to_string()) else { continue };
                let belongs =
                    |(_, class): &([u16; 5], Option<TieClass>)| class.is_some_and(|class| class.is(kind));
                let of_kind =
                    classes.iter().zip(of_class.iter().zip(ties)).filter(|(class, _)| belongs(class));
                let sum: u64 = of_kind.map(|(_, (value, ties))| (*value).min(ties * most)).sum();
                sheet.put(cube, context.area(town), [(Dimension::Kind, usize::from(value))], sum);
            }
        }
    }
}

fn days_a_year([days, ..]: [u16; 5]) -> f64 {
    DAYS_A_YEAR.iter().find(|(from, _)| *from == days).map_or(0.0, |(_, days)| *days)
}

/// Nights for each day there.
fn nights_a_day([_, rung, dual, workation, purposes]: [u16; 5]) -> f64 {
    match (dual, workation, purposes) {
        (1, _, SEASONAL) => 0.95,
        (1, ..) => 0.8,
        (_, 1, _) => 0.75,
        (.., ON_THE_ROAD) => 0.9,
        (.., BUSINESS) => 0.35,
        (.., OFFICE) => 0.3,
        _ if rung == 2 => 0.22,
        _ => 0.28,
    }
}
