use proptest::prelude::*;

use super::*;

#[test]
fn a_number_that_is_cut_off_or_too_long_is_none() {
    let refused: [&[u8]; 6] = [
        &[],
        &[0x80],
        &[0xff; 9],
        // Eleven bytes, and ten whose last holds more than the one bit that is left.
        &[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
        &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02],
        &[0xff; 20],
    ];
    for bytes in refused {
        assert_eq!(Reader(bytes).number::<u64>(), None, "{bytes:?}");
        assert_eq!(Reader(bytes).number::<i64>(), None, "{bytes:?}");
        assert_eq!(Reader(bytes).count(), None, "{bytes:?}");
    }
}

#[test]
fn a_count_is_at_most_the_bytes_that_are_left() {
    assert_eq!(Reader(&[2, 0, 0]).count(), Some(2));
    assert_eq!(Reader(&[3, 0, 0]).count(), None);
}

proptest! {
    #[test]
    fn numbers_come_back_and_the_rest_stays(number: u64, signed: i64) {
        let bytes = [number.encode_var_vec(), signed.encode_var_vec(), vec![7]].concat();
        let mut reader = Reader(&bytes);
        prop_assert_eq!(reader.number(), Some(number));
        prop_assert_eq!(reader.number(), Some(signed));
        prop_assert_eq!(reader.take(1), Some([7].as_slice()));
        prop_assert!(reader.is_empty());
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..24)) {
        let mut reader = Reader(&bytes);
        while reader.number::<i64>().is_some() {}
        prop_assert!(reader.0.len() <= bytes.len());
    }
}

#[test]
fn the_bytes_are_those_of_files_that_are_there() {
    let written = |number: i64| number.encode_var_vec();
    assert_eq!((written(-1), written(1), written(-64)), (vec![1], vec![2], vec![0x7f]));
    assert_eq!(300u64.encode_var_vec(), [0xac, 0x02]);
}
