use proptest::prelude::*;

use super::*;
use crate::tables::ReleaseTable;

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
        let counts_devices = declaration.unit == Unit::Devices;
        assert_eq!(declaration.most_of_a_device == 1, counts_devices, "{cube:?}");
        if let Some(table) = declaration.released_in {
            let others = Cube::ALL.into_iter().filter(|other| other.declaration().released_in == Some(table));
            let is_called_so = |other: Cube| other.declaration().name == table.table().name;
            assert!(others.clone().count() > 1 || is_called_so(cube) || table == ReleaseTable::PanelCoverage);
        }
    }
    assert_eq!(Cube::parse("visitors"), None);
}

#[test]
fn a_class_of_another_cube_is_refused() {
    let declared = Cube::ConnectedMonthly.declaration().dimensions;
    assert_eq!(Class::parse("rung=1", declared), None);
    assert_eq!(Class::parse("visit_days=3/rung=1/dual_resident=0/workation=0/age=3", declared), None);
    assert_eq!(Class::parse("visit_days=3/rung=x/dual_resident=0/workation=0", declared), None);
    assert_eq!(Class::parse("all", &[]), Some(Class::ALL));
}

proptest! {
    #[test]
    fn the_text_of_an_atom_gives_it_back(values in prop::array::uniform4(0u16..400), period in 24_000i32..25_000) {
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
