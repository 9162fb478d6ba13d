use proptest::prelude::*;

use super::*;

fn atoms() -> impl Strategy<Value = Atoms> {
    let atom = (1u8..48, 0u16..30, 0usize..3, any::<bool>(), any::<bool>());
    prop::collection::btree_map(atom, 1u64..99, 0..4).prop_map(|atoms| {
        let rungs = [Rung::OneOff, Rung::Repeat, Rung::Connected];
        let atom = |((origin, days_from, rung, is_dual_resident, is_workation), count)| {
            let origin = PrefectureCode::new(origin).unwrap();
            (Atom { origin, days_from, rung: rungs[rung], is_dual_resident, is_workation }, count)
        };
        atoms.into_iter().map(atom).collect()
    })
}

proptest! {
    #[test]
    fn a_note_gives_back_what_was_written(
        monthly in prop::collection::btree_map((24_000i32..25_000, 1_000u32..47_999), atoms(), 0..5),
        totals in prop::collection::btree_map((24_000i32..25_000, 0u8..48), atoms(), 0..5),
        daily in prop::collection::btree_map((20_000i32..21_000, 1_000u32..47_999, 1u8..48), 1u64..9, 0..5),
        counts in prop::array::uniform6(0u64..1_000_000)
    ) {
        let mut done = Done { files: vec!["[]".to_owned(); 5], ..Done::default() };
        for ((month, place), atoms) in monthly {
            done.indicators.monthly.insert((Month(month), MunicipalityCode::from_number(place).unwrap()), atoms);
        }
        for ((month, number), atoms) in totals {
            let area = PrefectureCode::new(number).map_or(Area::Country, Area::Prefecture);
            done.indicators.totals.insert((Month(month), area), atoms);
        }
        for ((day, place, origin), count) in daily {
            let key = (Day(day), MunicipalityCode::from_number(place).unwrap());
            let origin = PrefectureCode::new(origin).unwrap();
            done.indicators.daily.entry(key).or_default().insert(origin, count);
            done.indicators.residents.insert((Month(day), origin), count);
        }
        let [copies, devices, located_devices, stays, nights, known_nights] = counts;
        done.summary = AggregateSummary {
            copies, devices, located_devices, stays, nights, known_nights, ..AggregateSummary::default()
        };
        let text = serde_json::to_string(&Note::of(&done)).unwrap();
        let back = serde_json::from_str::<Note>(&text).unwrap().done().unwrap();
        prop_assert_eq!(format!("{back:?}"), format!("{done:?}"));
    }
}
