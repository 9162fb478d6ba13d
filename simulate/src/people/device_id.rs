//! The ids under which a partner knows a phone.
//!
//! In: the seed, the person, and which of the person's ids is meant. Out: its text, which follows from them
//! alone, so that the feed and the truth agree without a table.

use crate::random::{Purpose, mix};

/// The text of a device id: looks like a UUID of version 4, follows from the seed, the person and the
/// generation.
pub(crate) fn device_id(seed: u64, person: u32, generation: u8) -> [u8; 36] {
    let half = |part: u64| {
        mix([seed, u64::from(person), u64::from(generation) << 8 | part, Purpose::DeviceId as u64])
    };
    let bits = u128::from(half(0)) << 64 | u128::from(half(1));
    let bits = (bits & !(0xF << 76) & !(0x3 << 62)) | 0x4 << 76 | 0x2 << 62;
    let mut text = [b'-'; 36];
    let mut shift = 128;
    for (position, byte) in text.iter_mut().enumerate() {
        if !matches!(position, 8 | 13 | 18 | 23) {
            shift -= 4;
            *byte = b"0123456789abcdef"[(bits >> shift & 0xF) as usize];
        }
    }
    text
}

/// The same as text.
pub(crate) fn device_text(seed: u64, person: u32, generation: u8) -> String {
    device_id(seed, person, generation).iter().map(|byte| char::from(*byte)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn device_ids_look_like_uuids_and_differ() {
        let text = device_text(1, 2, 0);
        assert_eq!(text.len(), 36);
        assert_eq!(text.as_bytes()[14], b'4');
        assert!(text.split('-').map(str::len).eq([8, 4, 4, 4, 12]), "{text}");
        let ids: HashSet<String> =
            (0..1_000).flat_map(|person| [device_text(1, person, 0), device_text(1, person, 1)]).collect();
        assert_eq!(ids.len(), 2_000);
        assert_ne!(device_text(2, 2, 0), text);
    }
}
