//! Records for `cargo xtask kafka produce-file` and its function, which take any bytes for any partition.
//!
//! In: partition and value. Out: a line. The offset of a record is then known before it is sent: its number
//! in the partition.

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The line of a record without key; `None` is a record without value, as a deletion is.
pub fn line(partition: i32, value: Option<&[u8]>) -> String {
    let value = match value {
        None => String::new(),
        Some([]) => "-".to_owned(),
        Some(bytes) => base64(bytes),
    };
    format!("{partition}\t\t\t{value}\n")
}

/// Bytes as base64 with padding.
pub(crate) fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let mut packed = 0_u32;
        for (index, byte) in group.iter().enumerate() {
            packed |= u32::from(*byte) << (16 - 8 * index);
        }
        for digit in 0..4 {
            let value = (packed >> (18 - 6 * digit)) as usize & 63;
            text.push(if digit <= group.len() { char::from(DIGITS[value]) } else { '=' });
        }
    }
    text
}

#[test]
fn a_line_tells_no_value_from_an_empty_one() {
    assert_eq!(line(3, None), "3\t\t\t\n");
    assert_eq!(line(3, Some(b"")), "3\t\t\t-\n");
    assert_eq!(line(0, Some(b"f")), "0\t\t\tZg==\n");
    assert_eq!(line(0, Some(b"foob\xff")), "0\t\t\tZm9vYv8=\n");
}
