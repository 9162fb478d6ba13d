use proptest::prelude::*;

use super::*;
use crate::tables::ReleaseTable;
use crate::time::Month;

/// Tables that are made of one cube with another name.
const ONE_CUBE: [ReleaseTable; 4] = [
    ReleaseTable::PanelCoverage,
    ReleaseTable::PanelMonthly,
    ReleaseTable::FlowsMonthly,
    ReleaseTable::GxMonthly,
];

#[test]
fn every_cube_is_declared_once_and_in_two_languages() {
    let mut names: Vec<_> = Cube::ALL.iter().map(|cube| cube.declaration().name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Cube::ALL.len());
    for cube in Cube::ALL {
        let declaration = cube.declaration();
        assert_eq!(Cube::parse(declaration.name), Some(cube));
        assert!(declaration.dimensions.len() <= MOST_DIMENSIONS);
        assert!(!declaration.title_ja.is_ascii() && declaration.title_en.is_ascii());
        // Whole or in parts, a device is one; of anything else it may add more.
        let is_one = declaration.most_of_a_device == declaration.per_one;
        assert_eq!(is_one, declaration.counts_devices(), "{cube:?}");
        assert_eq!(declaration.unit == Unit::Shares, declaration.counts_devices() && declaration.per_one > 1);
        if let Some(table) = declaration.released_in {
            let others = Cube::ALL.into_iter().filter(|other| other.declaration().released_in == Some(table));
            let is_called_so = |other: Cube| other.declaration().name == table.table().name;
            assert!(
                others.clone().count() > 1 || is_called_so(cube) || ONE_CUBE.contains(&table),
                "{cube:?}"
            );
        }
    }
    assert_eq!(Cube::parse("visitors"), None);
}

#[test]
fn combinations_of_words_stand_where_their_class_says() {
    for cube in Cube::CLASSED {
        let declared = cube.declaration().dimensions;
        let names = Class::combinations(declared);
        let mut distinct = names.clone();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(distinct.len(), names.len(), "{cube:?}");
        for (index, name) in names.iter().enumerate().filter(|_| !declared.is_empty()) {
            let words = name.split('/').zip(declared);
            let class = words.fold(Class::ALL, |class, (word, dimension)| {
                class.with(declared, *dimension, dimension.value_of(word).unwrap())
            });
            assert_eq!(class.index(declared), Some(index), "{name}");
        }
    }
    let declared = Cube::PresenceMonthly.declaration().dimensions;
    assert_eq!(Class::ALL.with(declared, Dimension::Hour, 24).index(declared), None);
}

#[test]
fn every_cube_is_drawn_in_one_way() {
    for cube in Cube::ALL {
        assert!(!(Cube::CLASSED.contains(&cube) && Cube::KEYED.contains(&cube)), "{cube:?}");
    }
    let year = |text: &str| Rhythm::Yearly.has(Month::parse(text).unwrap());
    assert_eq!(["2026-03", "2026-06", "2026-12"].map(year), [true, false, true]);
    let fiscal_year = |text: &str| Rhythm::FiscalYearly.has(Month::parse(text).unwrap());
    assert_eq!(["2026-03", "2026-06", "2026-12"].map(fiscal_year), [true, false, false]);
    let quarter = |text: &str| Rhythm::Quarterly.has(Month::parse(text).unwrap());
    assert_eq!(["2026-03", "2026-05", "2026-09"].map(quarter), [true, false, true]);
}

#[test]
fn a_class_of_another_cube_is_refused() {
    let declared = Cube::ConnectedMonthly.declaration().dimensions;
    assert_eq!(Class::parse("rung=1", declared), None);
    assert_eq!(
        Class::parse("visit_days=3/rung=1/dual_resident=0/workation=0/purposes=0/age=3", declared),
        None
    );
    assert_eq!(Class::parse("visit_days=3/rung=x/dual_resident=0/workation=0/purposes=0", declared), None);
    assert_eq!(Class::parse("all", &[]), Some(Class::ALL));
}

proptest! {
    #[test]
    fn the_text_of_an_atom_gives_it_back(values in prop::array::uniform5(0u16..400), period in 24_000i32..25_000) {
        for cube in Cube::ALL {
            let declared = cube.declaration().dimensions;
            let mut values = values;
            values[declared.len()..].fill(0);
            let class = Class::from_values(values);
            prop_assert_eq!(Class::parse(&class.text(declared), declared), Some(class));
            let area = Area::Country;
            let origin = crate::ids::MunicipalityCode::LOWEST;
            let atom = Atom { period, area, origin, class };
            prop_assert_eq!(Atom::parse_period(&atom.period_text(cube), cube), Some(period));
        }
    }
}
