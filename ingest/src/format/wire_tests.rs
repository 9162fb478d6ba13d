use proptest::prelude::*;

use super::*;
use crate::format::spec_encoder;

#[test]
fn the_longest_integer_is_read_and_one_more_bit_is_not() {
    let mut bytes = [0xff; 10];
    bytes[9] = 1;
    assert_eq!(Cursor::new(&bytes).integer(), Ok(u64::MAX));
    bytes[9] = 2;
    assert_eq!(Cursor::new(&bytes).integer(), Err(Fault::Integer));
    assert_eq!(Cursor::new(&[0xff; 11]).integer(), Err(Fault::Integer));
    assert_eq!(Cursor::new(&[0x80; 9]).integer(), Err(Fault::Truncated));
}

#[test]
fn an_integer_with_needless_groups_is_read() {
    assert_eq!(Cursor::new(&[0x81, 0x80, 0x00, 9, 9, 9, 9, 9]).integer(), Ok(1));
    assert_eq!(Cursor::new(&[0x81, 0x80, 0x00]).integer(), Ok(1));
}

proptest! {
    #[test]
    fn an_integer_is_the_same_with_and_without_bytes_after_it(number: u64, shift in 0u32..64, after in 0usize..12) {
        let number = number >> shift;
        let mut bytes = Vec::new();
        spec_encoder::integer(&mut bytes, number);
        let length = bytes.len();
        bytes.extend(std::iter::repeat_n(0xa5, after));
        let mut cursor = Cursor::new(&bytes);
        prop_assert_eq!(cursor.integer(), Ok(number));
        prop_assert_eq!(cursor.rest().len(), after);
        for cut in 0..length {
            prop_assert_eq!(Cursor::new(&bytes[..cut]).integer(), Err(Fault::Truncated));
        }
    }
}
