use proptest::prelude::*;

use super::*;

fn cells() -> impl Strategy<Value = Vec<(Atom, u64)>> {
    let area = prop_oneof![
        Just("JP".to_owned()),
        (1u8..48).prop_map(|number| format!("{number:02}")),
        (1_000u32..47_999).prop_map(|number| format!("{number:05}")),
    ];
    let cell = (20_000i32..25_000, area, 1_000u32..47_999, prop::array::uniform5(0u16..30), 1u64..99);
    let atom = |(period, area, origin, values, value): (i32, String, u32, [u16; 5], u64)| {
        let origin = MunicipalityCode::from_number(origin).unwrap();
        let class = Class::from_values(values);
        (Atom { period, area: Area::parse(&area).unwrap(), origin, class }, value)
    };
    prop::collection::vec(cell.prop_map(atom), 0..6)
}

fn done(cubes: Vec<Vec<(Atom, u64)>>, numbers: [u64; 6]) -> Done {
    let mut done = Done { files: vec!["[]".to_owned(); 5], ..Done::default() };
    for (cube, cells) in Cube::ALL.into_iter().zip(cubes) {
        cells.into_iter().for_each(|(atom, value)| done.counts.put(cube, atom, value));
    }
    let [copies, devices, located_devices, stays, nights, known_nights] = numbers;
    done.summary = AggregateSummary {
        copies,
        devices,
        located_devices,
        stays,
        nights,
        known_nights,
        ..AggregateSummary::default()
    };
    done
}

proptest! {
    #[test]
    fn a_note_gives_back_what_was_written(
        cubes in prop::collection::vec(cells(), Cube::ALL.len()),
        numbers in prop::array::uniform6(0u64..1_000_000)
    ) {
        let done = done(cubes, numbers);
        let text = serde_json::to_string(&Note::of(&done)).unwrap();
        let back = serde_json::from_str::<Note>(&text).unwrap().done().unwrap();
        prop_assert_eq!(format!("{back:?}"), format!("{done:?}"));
    }
}

#[test]
fn a_note_of_cubes_that_were_declared_otherwise_is_no_longer_good() {
    let mut note = Note::of(&done(Vec::new(), [1; 6]));
    note.cubes_hash = "0".repeat(12);
    assert!(note.done().is_none(), "counts of two declarations would be added up");
}
