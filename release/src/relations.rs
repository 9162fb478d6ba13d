//! Which figures a release shows of an area and period, and what people can compute from them.
//!
//! In: atoms with their devices. Out: a [`Problem`] for [`suppress`](crate::suppress::suppress).

use kayoi_schemas::definition::Definition;
use kayoi_schemas::figure::CountedKind;
use kayoi_schemas::ids::PrefectureCode;

use crate::counts::{Atoms, TieAtom};
use crate::suppress::{Figure, Problem};

/// A figure of a municipality: a kind of tie, from everywhere or from one prefecture.
pub(crate) type TieFigure = (CountedKind, Option<PrefectureCode>);

/// Figures of a day: the total, then all 47 prefectures.
pub(crate) fn by_origin(atoms: &[(PrefectureCode, u64)]) -> Problem<Option<PrefectureCode>> {
    let total = Figure { key: None, atoms: (0..atoms.len()).collect(), rank: 0 };
    let part = |origin: PrefectureCode| {
        let of_origin = atoms.iter().enumerate().filter(|(_, (found, _))| *found == origin);
        Figure { key: Some(origin), atoms: of_origin.map(|(index, _)| index).collect(), rank: 1 }
    };
    let parts = (1..=47).filter_map(|number| PrefectureCode::new(number).ok()).map(part);
    let figures: Vec<_> = std::iter::once(total).chain(parts).collect();
    let partitions = vec![(0, (1..figures.len()).collect())];
    Problem {
        devices: atoms.iter().map(|(_, count)| *count).collect(),
        figures,
        nested: Vec::new(),
        partitions,
    }
}

/// Figures of a municipality or area in a month: kinds × (everywhere, 47 prefectures), with what people can
/// subtract from what.
pub(crate) fn tie_problem(
    atoms: &Atoms,
    definition: &Definition,
    is_municipality: bool,
) -> Problem<TieFigure> {
    let kinds = if is_municipality {
        CountedKind::of_municipalities(definition)
    } else {
        CountedKind::OF_AREAS.to_vec()
    };
    let mut origins: Vec<Option<PrefectureCode>> = vec![None];
    if is_municipality {
        origins.extend((1..=47).filter_map(|number| PrefectureCode::new(number).ok()).map(Some));
    }
    let mut figures = Vec::new();
    for (importance, kind) in kinds.iter().enumerate() {
        for origin in &origins {
            let belongs = |atom: &TieAtom| atom.is(*kind) && origin.is_none_or(|o| atom.origin == o);
            let members = atoms.keys().enumerate().filter(|(_, atom)| belongs(atom)).map(|(index, _)| index);
            let rank = importance as u32 + if origin.is_some() { kinds.len() as u32 } else { 0 };
            figures.push(Figure { key: (*kind, *origin), atoms: members.collect(), rank });
        }
    }
    let at = |kind: CountedKind, origin: usize| {
        kinds.iter().position(|k| *k == kind).map(|k| k * origins.len() + origin)
    };
    let mut nested = Vec::new();
    let mut partitions = Vec::new();
    for origin in 0..origins.len() {
        use CountedKind::{Connected, DualResident, Repeat, Visitor, Workation};
        for (whole, part) in [
            (Visitor, Repeat),
            (Repeat, Connected),
            (Visitor, Connected),
            (Visitor, DualResident),
            (Visitor, Workation),
        ] {
            nested.extend(at(whole, origin).zip(at(part, origin)));
        }
        let classes: Vec<usize> = kinds
            .iter()
            .filter(|kind| matches!(kind, CountedKind::Days(..)))
            .filter_map(|kind| at(*kind, origin))
            .collect();
        if let (Some(total), false) = (at(Visitor, origin), classes.is_empty()) {
            partitions.push((total, classes));
        }
    }
    if is_municipality {
        for kind in 0..kinds.len() {
            let first = kind * origins.len();
            partitions.push((first, (first + 1..first + origins.len()).collect()));
        }
    }
    Problem { devices: atoms.values().copied().collect(), figures, nested, partitions }
}
