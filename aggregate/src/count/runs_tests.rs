use kayoi_schemas::disclosure::information;
use kayoi_schemas::figure::{Area, Class, CountedKind, Dimension, Rung};
use kayoi_schemas::ids::MunicipalityCode;
use proptest::prelude::*;

use super::*;

const CUBE: Cube = Cube::ConnectedMonthly;

fn atom(month: Month, days_from: u16, rung: Rung, origin: u32) -> Atom {
    let declared = CUBE.declaration().dimensions;
    let class = Class::ALL.with(declared, Dimension::VisitDays, days_from).with(
        declared,
        Dimension::Rung,
        rung.value(),
    );
    let code = |number| MunicipalityCode::from_number(number).unwrap();
    Atom { period: month.0, area: Area::Municipality(code(20321)), origin: code(origin), class }
}

fn series(classes: &[Option<(u16, Rung, u32)>]) -> BTreeMap<Month, Atom> {
    let first = Month::parse("2024-01").unwrap();
    let months = classes.iter().enumerate().filter_map(|(index, class)| {
        let (days, rung, origin) = (*class)?;
        let month = first.plus(index as i32);
        Some((month, atom(month, days, rung, origin)))
    });
    months.collect()
}

#[test]
fn a_tie_that_grows_and_fades_once_stays_as_it_was() {
    use Rung::{Connected, OneOff, Repeat};
    let path = [
        (1, OneOff),
        (2, Repeat),
        (3, Connected),
        (8, Connected),
        (24, Connected),
        (24, Connected),
        (8, Connected),
        (3, Connected),
        (2, Repeat),
        (1, OneOff),
    ];
    let classes: Vec<_> = path.iter().map(|(days, rung)| Some((*days, *rung, 13101))).collect();
    let series = series(&classes);
    let (kept, changed) = bounded(CUBE, &series);
    assert_eq!(changed, 0);
    assert_eq!(kept, series.values().copied().collect::<Vec<_>>());
}

#[test]
fn a_tie_that_goes_to_and_fro_is_held_back_and_counted() {
    let classes: Vec<_> = (0..40).map(|m| Some((1 + m % 2, Rung::OneOff, 13101))).collect();
    let (kept, changed) = bounded(CUBE, &series(&classes));
    assert_eq!(kept.len(), 40, "it keeps the class that it had");
    assert!(changed > 5, "{changed}");
    let (_, without_pause) = bounded(CUBE, &series(&classes[..11]));
    assert_eq!(without_pause, 0, "two figures to begin with, and ten changes");
}

proptest! {
    /// The attacker's count: runs of every figure in the windows that hold one year of visits.
    #[test]
    fn no_path_costs_more_than_the_ledger_says(
        classes in prop::collection::vec(
            prop::option::weighted(0.8, (prop::sample::select(vec![1u16, 2, 3, 8, 24]), 0u16..3, prop::sample::select(vec![13101u32, 27100]))),
            1..=TIE_WINDOWS as usize,
        )
    ) {
        let classes: Vec<_> = classes.iter()
            .map(|class| class.map(|(days, rung, origin)| (days, Rung::from_value(rung).unwrap(), origin)))
            .collect();
        let (kept, _) = bounded(CUBE, &series(&classes));
        let kinds: Vec<CountedKind> = CountedKind::OF_AREAS.into_iter()
            .chain([1, 2, 3, 8, 24].map(|from| CountedKind::Days(from, None)))
            .collect();
        let first = Month::parse("2024-01").unwrap();
        let spent: f64 = [13, 27].iter().flat_map(|origin| kinds.iter().map(move |kind| (origin, kind))).map(|(origin, kind)| {
            let seen: Vec<bool> = (0..TIE_WINDOWS as i32).map(|m| kept.iter().any(|atom| {
                atom.period == first.plus(m).0
                    && atom.origin.prefecture().number() == *origin
                    && TieClass::of(CUBE, atom.class).unwrap().is(*kind)
            })).collect();
            let windows = seen.iter().filter(|s| **s).count() as u32;
            let runs = u32::from(seen[0]) + seen.windows(2).filter(|w| !w[0] && w[1]).count() as u32;
            information(windows, runs)
        }).sum();
        let declared = information(6 * TIE_WINDOWS, MOST_RUN_STARTS);
        prop_assert!(spent <= declared + 1e-9, "{spent} of {declared}");
    }
}
