//! The base cells: from a face's lattice to an H3 index.
//!
//! In: a face, a hexagon of its lattice and its resolution. Out: the index. The digits are those seen from
//! the face; an index has them as seen from its base cell, which is turned against most faces that it lies
//! on. A base cell that is a pentagon lacks one sixth, so there the turn depends on the first digit that is
//! not 0.

use super::digits::{digits, leading, turned};

/// A turn that no point of the face needs.
const UNKNOWN: u32 = 7;
/// A place without a base cell: every turn is unknown.
const NONE: u32 = u32::MAX;
const CELL_MODE: u64 = 1 << 59;
const RESOLUTION_SHIFT: u32 = 52;
const DIGITS: u64 = (1 << 45) - 1;

/// The index of a hexagon of a face's lattice; `None` where the table knows none.
#[inline(always)]
pub(super) fn index(resolution: u8, face: u8, a: i32, b: i32) -> Option<u64> {
    let (digits, a, b) = digits(a, b, resolution);
    let place = BASE_CELLS[usize::from(face)].get((5 * (a + 2) + b + 2) as usize)?;
    let sixths = place >> (7 + 3 * leading(digits)) & UNKNOWN;
    if sixths == UNKNOWN {
        return None;
    }
    let unused = 45 - 3 * u32::from(resolution);
    let below = DIGITS >> (45 - unused);
    let base_cell = u64::from(place & 0x7f);
    let head = CELL_MODE | u64::from(resolution) << RESOLUTION_SHIFT | base_cell << 45;
    Some(head | turned(digits, sixths) << unused | below)
}

/// The index with its finer digits put out of use.
#[inline]
pub(super) fn parent(resolution: u8, index: u64) -> Option<u64> {
    let own = index >> RESOLUTION_SHIFT & 0xf;
    let coarser = u64::from(resolution);
    let unused = DIGITS >> (3 * coarser);
    (coarser <= own).then_some((index & !(0xf << RESOLUTION_SHIFT)) | coarser << RESOLUTION_SHIFT | unused)
}

/// For every face and place `5 (a + 2) + b + 2` at resolution 0: the base cell in seven bits, and above them
/// in three bits for each first digit the turn in sixths. Asked of `h3o`, as the test does again.
#[rustfmt::skip]
static BASE_CELLS: [[u32; 25]; 20] = [
    // Face 0.
    [
        0x01c7fc18, 0x0fdffc20, NONE, NONE, NONE,
        0x0fffbc0a, 0x00000012, 0x0007e01e, 0x0fdffc30, NONE,
        NONE, 0x0bedbc05, 0x00000010, 0x00000021, 0x0e7fe431,
        NONE, 0x0fffbc00, 0x00000008, 0x0e380016, 0x0fffe429,
        NONE, NONE, 0x0ff81c04, 0x0fffe40f, NONE,
    ],
    // Face 1.
    [
        0x01c7fc0e, 0x0fdffc11, NONE, NONE, NONE,
        0x0fffbc09, 0x00000006, 0x0007e00b, 0x0fdffc17, NONE,
        NONE, 0x0bedbc01, 0x00000002, 0x0000000a, 0x0e7fe418,
        NONE, 0x0fffbc03, 0x00000000, 0x0e380005, 0x0fffe412,
        NONE, NONE, 0x0ffa3c04, 0x0fffe408, NONE,
    ],
    // Face 2.
    [
        0x01c7fc26, 0x0fdffc22, NONE, NONE, NONE,
        0x0fffbc1d, 0x00000015, 0x0007e013, 0x0fdffc14, NONE,
        NONE, 0x0bedbc0d, 0x00000007, 0x00000009, 0x0e7fe40e,
        NONE, 0x0fffbc0c, 0x00000003, 0x0e380001, 0x0fffe406,
        NONE, NONE, 0x0ffb7c04, 0x0fffe400, NONE,
    ],
    // Face 3.
    [
        0x01c7fc3a, 0x0fdffc3e, NONE, NONE, NONE,
        0x0fffbc2c, 0x0000002a, 0x0007e02b, 0x0fdffc2f, NONE,
        NONE, 0x0bedbc1c, 0x0000001a, 0x0000001d, 0x0e7fe426,
        NONE, 0x0fffbc0f, 0x0000000c, 0x0e38000d, 0x0fffe415,
        NONE, NONE, 0x0ffc9c04, 0x0fffe403, NONE,
    ],
    // Face 4.
    [
        0x01c7fc31, 0x0fdffc3d, NONE, NONE, NONE,
        0x0fffbc21, 0x00000029, 0x0007e035, 0x0fdffc41, NONE,
        NONE, 0x0bedbc16, 0x0000001f, 0x0000002c, 0x0e7fe43a,
        NONE, 0x0fffbc08, 0x0000000f, 0x0e38001c, 0x0fffe42a,
        NONE, NONE, 0x0ffdbc04, 0x0fffe40c, NONE,
    ],
    // Face 5.
    [
        0x09dffc31, 0x0fdffc21, NONE, NONE, NONE,
        0x0fff7c42, 0x00000030, 0x06dfec1e, 0x0fdffc12, NONE,
        NONE, 0x01c01c43, 0x00000032, 0x00000020, 0x0effec18,
        NONE, 0x0fff7c57, 0x00000046, 0x0efb6c34, 0x0fffec25,
        NONE, NONE, 0x0ff81c53, 0x0fffec4a, NONE,
    ],
    // Face 6.
    [
        0x09dffc18, 0x0fdffc0a, NONE, NONE, NONE,
        0x0fff7c25, 0x00000017, 0x06dfec0b, 0x0fdffc06, NONE,
        NONE, 0x01c01c27, 0x00000019, 0x00000011, 0x0effec0e,
        NONE, 0x0fff7c3b, 0x0000002d, 0x0efb6c23, 0x0fffec1b,
        NONE, NONE, 0x0ff81c3f, 0x0fffec38, NONE,
    ],
    // Face 7.
    [
        0x09dffc0e, 0x0fdffc09, NONE, NONE, NONE,
        0x0fff7c1b, 0x00000014, 0x06dfec13, 0x0fdffc15, NONE,
        NONE, 0x01c01c28, 0x00000024, 0x00000022, 0x0effec26,
        NONE, 0x0fff7c3c, 0x00000037, 0x0efb6c36, 0x0fffec33,
        NONE, NONE, 0x0ff81c48, 0x0fffec49, NONE,
    ],
    // Face 8.
    [
        0x09dffc26, 0x0fdffc1d, NONE, NONE, NONE,
        0x0fff7c33, 0x0000002f, 0x06dfec2b, 0x0fdffc2a, NONE,
        NONE, 0x01c01c45, 0x00000040, 0x0000003e, 0x0effec3a,
        NONE, 0x0fff7c59, 0x00000054, 0x0efb6c52, 0x0fffec4c,
        NONE, NONE, 0x0ff81c61, 0x0fffec62, NONE,
    ],
    // Face 9.
    [
        0x09dffc3a, 0x0fdffc2c, NONE, NONE, NONE,
        0x0fff7c4c, 0x00000041, 0x06dfec35, 0x0fdffc29, NONE,
        NONE, 0x01c01c56, 0x0000004b, 0x0000003d, 0x0effec31,
        NONE, 0x0fff7c68, 0x0000005e, 0x0efb6c51, 0x0fffec42,
        NONE, NONE, 0x0ff81c6b, 0x0fffec65, NONE,
    ],
    // Face 10.
    [
        0x09dffc3f, 0x0fdffc4f, NONE, NONE, NONE,
        0x0fff7c2d, 0x0000003b, 0x06dfec4e, 0x0fdffc5c, NONE,
        NONE, 0x07db7c27, 0x00000039, 0x0000004a, 0x0effec53,
        NONE, 0x0fff7c17, 0x00000025, 0x0e380034, 0x0fffec46,
        NONE, NONE, 0x0ff81c18, 0x0fffec20, NONE,
    ],
    // Face 11.
    [
        0x09dffc48, 0x0fdffc50, NONE, NONE, NONE,
        0x0fff7c37, 0x0000003c, 0x06dfec44, 0x0fdffc4d, NONE,
        NONE, 0x07db7c28, 0x0000002e, 0x00000038, 0x0effec3f,
        NONE, 0x0fff7c14, 0x0000001b, 0x0e380023, 0x0fffec2d,
        NONE, NONE, 0x0ff81c0e, 0x0fffec11, NONE,
    ],
    // Face 12.
    [
        0x09dffc61, 0x0fdffc67, NONE, NONE, NONE,
        0x0fff7c54, 0x00000059, 0x06dfec5b, 0x0fdffc58, NONE,
        NONE, 0x07db7c45, 0x00000047, 0x00000049, 0x0effec48,
        NONE, 0x0fff7c2f, 0x00000033, 0x0e380036, 0x0fffec37,
        NONE, NONE, 0x0ff81c26, 0x0fffec22, NONE,
    ],
    // Face 13.
    [
        0x09dffc6b, 0x0fdffc73, NONE, NONE, NONE,
        0x0fff7c5e, 0x00000068, 0x06dfec6e, 0x0fdffc6f, NONE,
        NONE, 0x07db7c56, 0x00000060, 0x00000062, 0x0effec61,
        NONE, 0x0fff7c41, 0x0000004c, 0x0e380052, 0x0fffec54,
        NONE, NONE, 0x0ff81c3a, 0x0fffec3e, NONE,
    ],
    // Face 14.
    [
        0x09dffc53, 0x0fdffc64, NONE, NONE, NONE,
        0x0fff7c46, 0x00000057, 0x06dfec66, 0x0fdffc70, NONE,
        NONE, 0x07db7c43, 0x00000055, 0x00000065, 0x0effec6b,
        NONE, 0x0fff7c30, 0x00000042, 0x0e380051, 0x0fffec5e,
        NONE, NONE, 0x0ff81c31, 0x0fffec3d, NONE,
    ],
    // Face 15.
    [
        0x01c7fc53, 0x0fdffc4a, NONE, NONE, NONE,
        0x0fffbc64, 0x0000005c, 0x0007e04e, 0x0fdffc3b, NONE,
        NONE, 0x01c01c6c, 0x0000005f, 0x0000004f, 0x0e7fe43f,
        NONE, 0x0fffbc76, 0x0000006d, 0x0e79245d, 0x0fffe44d,
        NONE, NONE, 0x0ffdbc75, 0x0fffe46a, NONE,
    ],
    // Face 16.
    [
        0x01c7fc3f, 0x0fdffc38, NONE, NONE, NONE,
        0x0fffbc4f, 0x0000004d, 0x0007e044, 0x0fdffc3c, NONE,
        NONE, 0x01c01c5d, 0x0000005a, 0x00000050, 0x0e7fe448,
        NONE, 0x0fffbc6d, 0x0000006a, 0x0e792463, 0x0fffe458,
        NONE, NONE, 0x0ffc9c75, 0x0fffe471, NONE,
    ],
    // Face 17.
    [
        0x01c7fc48, 0x0fdffc49, NONE, NONE, NONE,
        0x0fffbc50, 0x00000058, 0x0007e05b, 0x0fdffc59, NONE,
        NONE, 0x01c01c63, 0x00000069, 0x00000067, 0x0e7fe461,
        NONE, 0x0fffbc6a, 0x00000071, 0x0e792474, 0x0fffe46f,
        NONE, NONE, 0x0ffb7c75, 0x0fffe479, NONE,
    ],
    // Face 18.
    [
        0x01c7fc61, 0x0fdffc62, NONE, NONE, NONE,
        0x0fffbc67, 0x0000006f, 0x0007e06e, 0x0fdffc68, NONE,
        NONE, 0x01c01c74, 0x00000077, 0x00000073, 0x0e7fe46b,
        NONE, 0x0fffbc71, 0x00000079, 0x0e792478, 0x0fffe470,
        NONE, NONE, 0x0ffa3c75, 0x0fffe476, NONE,
    ],
    // Face 19.
    [
        0x01c7fc6b, 0x0fdffc65, NONE, NONE, NONE,
        0x0fffbc73, 0x00000070, 0x0007e066, 0x0fdffc57, NONE,
        NONE, 0x01c01c78, 0x00000072, 0x00000064, 0x0e7fe453,
        NONE, 0x0fffbc79, 0x00000076, 0x0e79246c, 0x0fffe45c,
        NONE, NONE, 0x0ff81c75, 0x0fffe46d, NONE,
    ],
];

#[cfg(test)]
#[path = "base_tests.rs"]
mod tests;
