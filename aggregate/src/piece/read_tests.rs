use proptest::prelude::*;

use super::*;

fn fix(device: i64, instant: i64, point: i32, accuracy_m: f32) -> Fix {
    Fix {
        device: DeviceId::from_column(device),
        instant: UtcMillis(instant),
        point: GridPoint { latitude_e7: point, longitude_e7: 0 },
        accuracy_m,
        speed_m_s: None,
        municipality: None,
        attributes: Attributes::default(),
    }
}

/// What the module promises, the slow way: everything sorted by the whole key, each key once.
fn oracle(parts: &[Vec<Fix>]) -> Vec<(DeviceId, UtcMillis, GridPoint, u32)> {
    let mut all: Vec<_> = parts
        .iter()
        .flatten()
        .map(|fix| (fix.device, fix.instant, fix.point, fix.accuracy_m.to_bits()))
        .collect();
    all.sort_unstable();
    all.dedup_by_key(|(device, instant, point, _)| (*device, *instant, *point));
    all
}

proptest! {
    #[test]
    fn runs_of_files_give_what_sorting_everything_gives(
        parts in prop::collection::vec(prop::collection::vec((0i64..5, 0i64..20, 0i32..2, 1u8..3), 0..30), 0..5)
    ) {
        let parts: Vec<Vec<Fix>> = parts
            .into_iter()
            .map(|part| {
                let mut part: Vec<Fix> =
                    part.into_iter().map(|(d, t, p, a)| fix(d, t, p, f32::from(a))).collect();
                part.sort_by_key(|fix| (fix.device, fix.instant));
                part
            })
            .collect();
        let expected = oracle(&parts);
        let read: u64 = parts.iter().map(|part| part.len() as u64).sum();
        let piece = Piece::new(parts);
        let mut copies = 0;
        let mut found = Vec::new();
        for device in piece.devices() {
            let (dropped, fixes) = piece.with_fixes(device, <[Fix]>::to_vec);
            copies += dropped;
            found.extend(fixes.iter().map(|f| (f.device, f.instant, f.point, f.accuracy_m.to_bits())));
        }
        prop_assert_eq!(copies + found.len() as u64, read);
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn of_copies_that_are_as_accurate_the_least_stated_speed_is_kept() {
    for speeds in [[None, Some(1.4), Some(0.5)], [Some(0.5), None, Some(1.4)]] {
        let parts = speeds.map(|speed_m_s| vec![Fix { speed_m_s, ..fix(1, 1, 1, 8.0) }]);
        let piece = Piece::new(parts.to_vec());
        for device in piece.devices() {
            let (copies, kept) = piece.with_fixes(device, <[Fix]>::to_vec);
            assert_eq!((copies, kept.len(), kept[0].speed_m_s), (2, 1, Some(0.5)));
        }
    }
}
